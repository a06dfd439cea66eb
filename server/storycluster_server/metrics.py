"""Which numbers does an operator watch?

Names and labels follow the gRPC metrics proposal (A66) where it has one. Each server has its own
registry, so that several can live in one process.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily, Metric

from storycluster.domain import IngestResult, StoryClusterError if False else IngestResult
