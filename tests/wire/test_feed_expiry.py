"""Is whoever comes too late for the feed told so, by every way of reading it?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import grpc
import pytest
from newsroom import FERRY, MILL
from receiver import Receiver
from storycluster_server.testing import RunningServer
from wire_calls import Stubs, refused, taken_apart, wait_until

from storycluster.client import AsyncClient, Client, RetryPolicy
from storycluster.errors import FeedExpired
from storycluster.v1 import feed_service_pb2 as pb

Serve = Callable[..., RunningServer]
KEEP = {"feed.retention_days": 1}


class Later:
    """The present, shifted."""

    def now(self) -> datetime:
        return datetime.now(UTC) + timedelta(days=2)


def two_days_pass(server: RunningServer) -> None:
    engine = server.server.engine
    engine._clock = engine._writer._clock = Later()


def aged(server: RunningServer) -> int:
    """An article, two days, another one; the first event of today."""
    with Client(server.address) as client:
        client.ingest_article(FERRY)
        two_days_pass(server)
        client.ingest_article(MILL)
        [oldest, *_] = client.list_events()
        return oldest.sequence


def test_a_list_and_a_watch_end_with_out_of_range(
    serve: Serve, connect: Callable[[str], Stubs]
) -> None:
    """The status tells the oldest event that can be read."""
    server = serve(KEEP)
    oldest = aged(server)
    stubs = connect(server.address)
    listed = refused(stubs.feed.ListEvents, pb.ListEventsRequest(after_sequence=1))
    watch = stubs.feed.WatchEvents(pb.WatchEventsRequest(after_sequence=1), timeout=20)
    with pytest.raises(grpc.RpcError) as failure:
        next(watch)
    for refusal in (listed, taken_apart(failure.value)):
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.OUT_OF_RANGE, "FEED_EXPIRED")
        assert isinstance(refusal.error, FeedExpired)
        assert refusal.error.oldest == oldest


def test_both_watches_raise_a_typed_error(serve: Serve, tmp_path: Path) -> None:
    """Once, without trying again; the checkpoint stays where it was, and a watch that begins where
    the error says goes on."""
    server = serve(KEEP)
    oldest = aged(server)
    place = tmp_path / "place"
    place.write_text("1\n")
    patient = RetryPolicy(max_attempts=1000)
    with Client(server.address, retry=patient) as client:
        with pytest.raises(FeedExpired) as told:
            next(client.watch(checkpoint=place))
        assert told.value.oldest == oldest
        assert place.read_text() == "1\n"
        with client.watch(told.value.oldest - 1) as watch:
            assert next(watch).sequence == oldest
        with client.watch() as watch:
            assert next(watch).sequence == oldest

    async def watched() -> None:
        async with AsyncClient(server.address, retry=patient) as client, client.watch(1) as watch:
            await anext(watch)

    with pytest.raises(FeedExpired):
        asyncio.run(watched())


def test_a_watcher_at_the_end_of_a_feed_that_has_expired_goes_on(serve: Serve) -> None:
    """He missed nothing."""
    server = serve(KEEP)
    with Client(server.address) as client:
        client.ingest_article(FERRY)
        last = list(client.list_events())[-1].sequence
        two_days_pass(server)
        with client.watch(last) as watch:
            client.ingest_article(MILL)
            assert next(watch).sequence == last + 1


def test_a_webhook_passes_over_what_expired_and_says_so(
    serve: Serve, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """What was read before is still sent; what left the feed is a dead letter by its sequences."""
    monkeypatch.setenv("HOOK_SECRET", "0123456789abcdef-secret")
    receiver = Receiver(lambda number: 500)
    hook: dict[str, Any] = {"name": "desk", "url": receiver.url, "secret_env": "HOOK_SECRET"}
    quick = {"webhooks.initial_backoff_s": 0.02, "webhooks.max_backoff_s": 0.05}
    more = {"webhooks.max_attempts": 10_000, "webhooks.max_events": 1}
    data = tmp_path / "data"
    server = serve({**KEEP, **quick, **more, "webhooks.receivers": [hook], "store.url": str(data)})
    with Client(server.address) as client:
        client.ingest_article(FERRY)
        last = list(client.list_events())[-1].sequence
        receiver.wait_requests(2)
        two_days_pass(server)
        client.ingest_article(MILL)
        today = [event.sequence for event in client.list_events()]
    receiver.answers = lambda number: 200
    receiver.wait_for(today[-1])
    wait_until(lambda: server.server.engine.place_in_feed("default", "webhook:desk") == today[-1])
    assert receiver.sequences() == [1, *today]
    [letter] = map(json.loads, (data / "dead-letters" / "desk.jsonl").read_text().splitlines())
    assert letter["problem"] == "expired"
    assert (letter["first_sequence"], letter["last_sequence"]) == (2, last)
    counted = server.server.metrics.registry.get_sample_value(
        "storycluster_webhook_requests_total", {"webhook": "desk", "outcome": "expired"}
    )
    assert counted == 1
    receiver.close()
