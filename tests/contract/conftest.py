"""Which stores must keep the contract? Every test here runs on each of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from store_nouns import SCHEME

from storycluster.backends import open_store
from storycluster.ports import Store

BACKENDS = ("memory", "embedded")


@pytest.fixture(params=BACKENDS)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Store]:
    """An empty store of each kind."""
    url = {"memory": "memory:", "embedded": f"sqlite:{tmp_path / 'data'}"}[request.param]
    opened = open_store(url, SCHEME)
    yield opened
    opened.close()
