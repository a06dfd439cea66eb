"""Which numbers does an operator watch?

Names and labels follow the gRPC metrics proposal (A66) where it has one. Each server has its own
registry, so that several can live in one process.
"""

from __future__ import annotations

import logging
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from storycluster.domain import IngestResult
from storycluster_server.addresses import split_address

if TYPE_CHECKING:
    from collections.abc import Callable

    from storycluster.engine import Engine
    from storycluster_server.batching import Outcome

_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
_ARTICLES = (1, 2, 4, 8, 16, 32, 64, 128, 256)

_log = logging.getLogger(__name__)


class Metrics:
    """Every counter of one server."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        self.started = Counter(
            "grpc_server_call_started", "Calls begun.", ["method"], registry=self.registry
        )
        self.duration = Histogram(
            "grpc_server_call_duration_seconds",
            "Calls ended.",
            ["method", "code"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.batch_articles = Histogram(
            "storycluster_batch_articles",
            "Articles prepared together.",
            buckets=_ARTICLES,
            registry=self.registry,
        )
        self.stage = Histogram(
            "storycluster_stage_seconds",
            "Time of a batch in a stage.",
            ["stage"],
            buckets=_SECONDS,
            registry=self.registry,
        )
        self.answered = Counter(
            "storycluster_articles",
            "Articles answered, by relation.",
            ["relation"],
            registry=self.registry,
        )
        self.unprepared = Counter(
            "storycluster_articles_dropped",
            "Articles nobody waited for any more.",
            ["why"],
            registry=self.registry,
        )
        self.webhook_requests = Counter(
            "storycluster_webhook_requests",
            "Requests to receivers: delivered, failed attempts, dead (given up).",
            ["webhook", "outcome"],
            registry=self.registry,
        )

    # -- what the batcher tells -----------------------------------------------------------------

    def batch_prepared(self, articles: int, seconds: float) -> None:
        """One batch went through stage 1."""
        self.batch_articles.observe(articles)
        self.stage.labels("prepare").observe(seconds)

    def batch_committed(self, outcomes: Sequence[Outcome], seconds: float) -> None:
        """One caller's articles went through stage 2, the wait for the writer included."""
        self.stage.labels("commit").observe(seconds)
        for outcome in outcomes:
            if not isinstance(outcome, IngestResult):
                relation = "refused"
            elif outcome.held_until is not None:
                relation = "held"  # what it would be is not for everybody who reads metrics
            elif outcome.replayed:
                relation = "replayed"
            else:
                relation = outcome.assignment.relation.value
            self.answered.labels(relation).inc()

    def dropped(self, articles: int, why: str) -> None:
        """Articles left the queue unprepared."""
        self.unprepared.labels(why).inc(articles)

    # -- what webhooks tell -----------------------------------------------------------------------

    def webhook(self, name: str, outcome: str) -> None:
        """A request was `delivered`, an attempt `failed`, or a request was given up: `dead`."""
        self.webhook_requests.labels(name, outcome).inc()

    # -- what is looked up when somebody asks -----------------------------------------------------

    def watch(self, name: str, help_text: str, value: Callable[[], float]) -> None:
        """A gauge that is read when somebody asks."""
        Gauge(name, help_text, registry=self.registry).set_function(value)

    def watch_index(self, engine: Engine) -> None:
        """The counts of every collection, read from the store when somebody asks."""
        self.registry.register(_IndexSize(engine))

    def serve(self, address: str) -> tuple[str, Callable[[], None]]:
        """Serve over HTTP; (the bound HOST:PORT, what ends it). OSError where it cannot bind."""
        host, port = split_address(address)
        server, thread = start_http_server(port, addr=host, registry=self.registry)

        def stop() -> None:
            server.shutdown()
            server.server_close()
            thread.join()

        return f"{host}:{server.server_port}", stop


class _IndexSize(Collector):
    def __init__(self, engine: Engine) -> None:
        self._engine = engine

    def describe(self) -> list[GaugeMetricFamily]:
        """Registering must not read the store."""
        return []

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """One sample for each collection and kind of row."""
        family = GaugeMetricFamily(
            "storycluster_rows", "Rows of a collection.", labels=["collection", "kind"]
        )
        try:
            for collection in self._engine.collections():
                for kind, number in self._engine.stats(collection).items():
                    family.add_metric([collection, kind], number)
        except Exception:
            _log.exception("the store's counts cannot be read")
        yield family
