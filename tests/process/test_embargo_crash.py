"""Is what is held still held, and released, where the server is killed?"""

from __future__ import annotations

import dataclasses
import hashlib
import json
import signal
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from server_process import ServerProcess

from storycluster.client import Client
from storycluster.domain import Article, EventKind
from storycluster.errors import NotFound

pytestmark = pytest.mark.slow

KEY = "a key that nobody guesses: 7f1c"
MILL = Article(
    "mill",
    title="Mill burns",
    text="A paper mill in Karsten burned down on Monday night. The fire began in the drying hall, "
    "the owner said, and forty workers left the building unhurt.",
)


@pytest.fixture
def servers(monkeypatch: pytest.MonkeyPatch) -> Iterator[list[ServerProcess]]:
    """The servers of a test, which know one key; none outlives it."""
    digest = hashlib.sha256(KEY.encode()).hexdigest()
    known = [{"name": "desk", "sha256": digest, "rights": ["embargo"]}]
    monkeypatch.setenv("STORYCLUSTER__ACCESS__KEYS", json.dumps(known))
    monkeypatch.setenv("STORYCLUSTER__SERVER__RELEASE_EVERY_S", "0.1")
    started: list[ServerProcess] = []
    yield started
    for server in started:
        server.kill()


def test_a_killed_server_loses_nothing_and_tells_nothing(
    servers: list[ServerProcess], tmp_path: Path
) -> None:
    """What was acknowledged as held is held after a start; what became due meanwhile is public
    then, in the story that was promised."""
    servers.append(ServerProcess(tmp_path / "data"))
    address = servers[0].wait_ready()
    now = datetime.now(UTC)
    soon = dataclasses.replace(MILL, embargo_time=now + timedelta(seconds=5))
    later = dataclasses.replace(
        MILL, article_id="copy", source="Post", embargo_time=now + timedelta(hours=1)
    )
    with Client(address, token=KEY) as desk, Client(address) as anybody:
        promised = desk.ingest_article(soon).assignment.story_id
        assert desk.ingest_article(later).assignment.story_id == promised
        with pytest.raises(NotFound):  # not due, or the rest would prove little
            anybody.get_article("mill")
    servers[0].end(signal.SIGKILL)
    time.sleep(max(0.0, (soon.embargo_time or now).timestamp() - time.time()))
    servers.append(ServerProcess(tmp_path / "data"))
    address = servers[1].wait_ready()
    with Client(address) as anybody, Client(address, token=KEY) as desk:
        until = time.monotonic() + 20
        while not list(anybody.list_stories()):
            assert time.monotonic() < until
            time.sleep(0.05)
        assert anybody.get_article("mill").assignment.story_id == promised
        with pytest.raises(NotFound):
            anybody.get_article("copy")
        assert desk.get_article("copy").held_until == later.embargo_time
        kinds = [event.kind for event in anybody.list_events()]
        assert kinds.count(EventKind.EMBARGO_RELEASED) == 1
