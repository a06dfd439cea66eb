"""Fixtures that many tests share."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from storycluster_server.testing import RunningServer

from storycluster.backends import open_encoder
from storycluster.ports import Encoder


@pytest.fixture(scope="session")
def encoder() -> Encoder:
    """The default encoder; it takes seconds to load, so it is loaded once."""
    return open_encoder("default")


@pytest.fixture(scope="session")
def shared() -> Path:
    """The folder of shared data; tests that need it are skipped where it is absent."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    folder = Path(os.environ.get("STORYCLUSTER_SHARED", beside))
    if not (folder / "data").is_dir():
        pytest.skip(f"no shared data in {folder}; set STORYCLUSTER_SHARED")
    return folder


@pytest.fixture
def serve(encoder: Encoder) -> Iterator[Callable[..., RunningServer]]:
    """Starts real servers on loopback, with settings by "section.key"; stops them at the end."""
    started: list[RunningServer] = []

    def start(
        flags: dict[str, Any] | None = None, *, encoder: Encoder = encoder, **more: Any
    ) -> RunningServer:
        started.append(RunningServer(flags or {}, encoder=encoder, **more))
        return started[-1]

    yield start
    for server in started:
        server.stop()
