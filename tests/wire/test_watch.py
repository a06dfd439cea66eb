"""Does a watcher of a real server hear of everything, once, in order and at once?"""

from __future__ import annotations

import asyncio
import threading
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import pytest
from newsroom import FERRY, FERRY_COPY, MILL, fill, story_of
from storycluster_server.admission import MethodClass
from storycluster_server.testing import RunningServer
from wire_calls import Stubs, refused, taken_apart, wait_until

from storycluster import wire
from storycluster.client import AsyncClient, Client, RetryPolicy
from storycluster.domain import Event, EventKind
from storycluster.errors import Cancelled, PreconditionFailed
from storycluster.v1 import feed_service_pb2 as pb
from storycluster.v1 import story_service_pb2

Serve = Callable[..., RunningServer]
Connect = Callable[[str], Stubs]

BY: Any = {"actor": "ada", "reason": "the desk said so"}
NOW = datetime(2026, 3, 1, tzinfo=UTC)
QUICK = RetryPolicy(initial_backoff_s=0.02, max_backoff_s=0.1)


@pytest.fixture
def client(server: RunningServer) -> Iterator[Client]:
    """A client of the server."""
    with Client(server.address, retry=QUICK) as made:
        yield made


class Collector:
    """A watch on a thread of its own."""

    def __init__(self, client: Client, **wanted: Any) -> None:
        self.events: list[Event] = []
        self.error: BaseException | None = None
        self.watch = client.watch(**wanted)
        self.thread = threading.Thread(target=self._run, daemon=True)
        self.thread.start()

    def _run(self) -> None:
        try:
            for event in self.watch:
                self.events.append(event)
        except BaseException as error:
            self.error = error

    def wait_for(self, sequence: int) -> None:
        """Until the event of that sequence was handed out."""
        wait_until(lambda: bool(self.events) and self.events[-1].sequence >= sequence)


def test_a_watch_from_the_beginning_tells_all_and_then_what_comes(client: Client) -> None:
    """The stored events first, then each as it is committed: the same as the list, gap-free."""
    fill(client)
    stored = list(client.list_events())
    collector = Collector(client)
    collector.wait_for(stored[-1].sequence)
    began = time.monotonic()
    client.lock_story(story_of(client, "mill"), **BY)
    listed = list(client.list_events())
    assert len(listed) > len(stored)
    collector.wait_for(listed[-1].sequence)
    assert time.monotonic() - began < 5
    assert collector.events == listed
    assert [event.sequence for event in listed] == list(range(1, len(listed) + 1))
    assert collector.watch.position == len(listed)
    collector.watch.close()
    collector.thread.join(10)
    assert (collector.thread.is_alive(), collector.error) == (False, None)


def test_a_watch_tells_what_was_asked_for(client: Client, stubs: Stubs) -> None:
    """Of some kinds, of one story; the place advances over what was left out."""
    fill(client)
    last = len(list(client.list_events()))
    mill = story_of(client, "mill")
    request = pb.WatchEventsRequest(story_id=mill)
    watch = stubs.feed.WatchEvents(request, timeout=30)
    first = next(watch)
    assert {event.story_id for event in first.events} == {mill}
    assert first.last_sequence == last
    watch.cancel()
    wanted = [EventKind.MEMBER_ADDED, EventKind.OVERRIDE_APPLIED]
    collector = Collector(client, kinds=wanted)
    client.lock_story(mill, **BY)
    listed = [event for event in client.list_events() if event.kind in wanted]
    collector.wait_for(listed[-1].sequence)
    assert collector.events == listed
    assert {event.kind for event in listed} == set(wanted)


def test_the_feed_of_another_collection_wakes_nobody(server: RunningServer, client: Client) -> None:
    """A watcher hears of its own collection alone."""
    collector = Collector(client)
    with Client(server.address, collection="elsewhere") as other:
        other.ingest_article(MILL)
    client.ingest_article(FERRY)
    collector.wait_for(1)
    wait_until(lambda: len(collector.events) == len(list(client.list_events())))
    assert {event.article_id for event in collector.events} <= {"", "ferry"}


def test_silence_is_filled_with_heartbeats(serve: Serve, connect: Connect) -> None:
    """The first message comes at once; then an empty one tells the place again and again, also
    where what happens was not asked for."""
    server = serve({"server.watch_heartbeat_s": 0.2})
    stubs = connect(server.address)
    kinds = wire.event_kinds_to_numbers([EventKind.STORY_MERGED])
    watch = stubs.feed.WatchEvents(pb.WatchEventsRequest(kinds=kinds), timeout=30)
    began = time.monotonic()
    assert (len(next(watch).events), time.monotonic() - began < 2) == (0, True)
    began = time.monotonic()
    assert (len(next(watch).events), time.monotonic() - began > 0.1) == (0, True)
    with Client(server.address) as client:
        client.ingest_article(MILL)
        last = len(list(client.list_events()))
    told = [next(watch) for _ in range(3)]
    assert [list(message.events) for message in told] == [[], [], []]
    assert told[-1].last_sequence == last
    watch.cancel()


def test_a_feed_that_ends_before_the_place_is_another_one(client: Client) -> None:
    """A place that was never reached is refused: events would be passed over in silence."""
    client.ingest_article(MILL)
    last = len(list(client.list_events()))
    with client.watch(last) as watch, pytest.raises(PreconditionFailed, match="ends before"):
        next(client.watch(last + 1))
    assert watch.position == last


def test_a_wrong_request_is_named(stubs: Stubs) -> None:
    """A negative place and a kind that is not told are FIELD_INVALID."""
    for fields, name in (({"after_sequence": -1}, "after_sequence"), ({"kinds": [0]}, "kinds")):
        watch = stubs.feed.WatchEvents(pb.WatchEventsRequest(**fields), timeout=30)
        with pytest.raises(grpc.RpcError) as failure:
            next(watch)
        refusal = taken_apart(failure.value)
        assert (refusal.reason, refusal.fields) == ("FIELD_INVALID", (name,))


def test_a_closed_client_ends_its_watch(client: Client) -> None:
    """The watch under way ends with Cancelled, as every call does."""
    collector = Collector(client)
    client.ingest_article(MILL)
    collector.wait_for(1)
    client.close()
    collector.thread.join(10)
    assert isinstance(collector.error, Cancelled)


def test_watchers_have_a_bound_of_their_own(serve: Serve, connect: Connect) -> None:
    """One watcher too many is QUEUE_FULL with a time to come back; reads are still answered."""
    stubs = connect(serve({"admission.watch": 1, "admission.read": 1}).address)
    watch = stubs.feed.WatchEvents(pb.WatchEventsRequest(), timeout=30)
    next(watch)
    with pytest.raises(grpc.RpcError) as failure:
        next(stubs.feed.WatchEvents(pb.WatchEventsRequest(), timeout=30))
    refusal = taken_apart(failure.value)
    assert refusal.reason == "QUEUE_FULL"
    assert refusal.retry_s
    asked = story_service_pb2.GetStoryRequest(story_id="x")
    assert refused(stubs.story.GetStory, asked).reason == "NOT_FOUND"
    watch.cancel()


def test_a_watcher_is_told_that_the_server_goes_down(serve: Serve, connect: Connect) -> None:
    """His stream ends with DRAINING, and nothing waits for him."""
    server = serve({"server.drain_grace_s": 20})
    watch = connect(server.address).feed.WatchEvents(pb.WatchEventsRequest(), timeout=30)
    next(watch)
    began = time.monotonic()
    assert server.stop()
    assert time.monotonic() - began < 10
    with pytest.raises(grpc.RpcError) as failure:
        list(watch)
    refusal = taken_apart(failure.value)
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.UNAVAILABLE, "DRAINING")


def test_a_watcher_who_does_not_read_holds_up_nobody(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With more to send than the transport takes, the server still ends within its grace."""
    server = serve({"server.drain_grace_s": 20})

    def endless(_collection: str, *, after: int, page_size: int = 0) -> list[Event]:
        del page_size
        detail = {"reason": "x" * 100_000}
        return [Event(after + n, EventKind.MEMBER_ADDED, NOW, detail=detail) for n in range(1, 20)]

    monkeypatch.setattr(server.server.engine, "list_events", endless)
    watch = connect(server.address).feed.WatchEvents(pb.WatchEventsRequest(), timeout=60)
    time.sleep(1.0)
    assert server.server.admission.inside(MethodClass.WATCH) == 1
    began = time.monotonic()
    assert server.stop()
    assert time.monotonic() - began < 10
    watch.cancel()


def restarted(serve: Serve, server: RunningServer, folder: Path) -> RunningServer:
    """Another server at the same address, over the same data."""
    address = server.address
    assert server.stop()
    return serve({"store.url": str(folder), "server.listen": address})


def test_a_watch_outlives_the_server(serve: Serve, tmp_path: Path) -> None:
    """Across a restart over the same data every event is handed out once, in order."""
    server = serve({"store.url": str(tmp_path)})
    with Client(server.address, retry=QUICK) as client:
        collector = Collector(client)
        client.ingest_article(FERRY)
        collector.wait_for(1)
        server = restarted(serve, server, tmp_path)
        client.ready(20)
        client.ingest_article(FERRY_COPY)
        client.ingest_article(MILL)
        listed = list(client.list_events())
        collector.wait_for(listed[-1].sequence)
        assert collector.events == listed
        assert collector.error is None


def test_an_asyncio_watch_outlives_the_server(serve: Serve, tmp_path: Path) -> None:
    """As on threads; closed by another task it just ends."""
    first = serve({"store.url": str(tmp_path)})

    async def run() -> tuple[list[Event], list[Event]]:
        async with AsyncClient(first.address, retry=QUICK) as client:
            seen: list[Event] = []
            watch = client.watch()

            async def follow() -> None:
                seen.extend([event async for event in watch])

            async def until(count: int) -> None:
                while watch.position < count:
                    await asyncio.sleep(0.01)

            task = asyncio.create_task(follow())
            await client.ingest_article(FERRY)
            await asyncio.wait_for(until(1), 10)
            await asyncio.to_thread(restarted, serve, first, tmp_path)
            await client.ready(20)
            await client.ingest_article(MILL)
            listed = [event async for event in client.list_events()]
            await asyncio.wait_for(until(len(listed)), 10)
            await watch.close()
            await asyncio.wait_for(task, 10)
            return seen, listed

    seen, listed = asyncio.run(run())
    assert seen == listed


def test_an_asyncio_watch_may_be_asked_with_a_timeout(server: RunningServer) -> None:
    """A wait that is given up loses nothing: the next one goes on at the same place."""

    async def run() -> list[int]:
        async with AsyncClient(server.address) as client, client.watch() as watch:
            for _ in range(2):
                with pytest.raises(TimeoutError):
                    await asyncio.wait_for(anext(watch), 0.2)
            await client.ingest_article(MILL)
            return [(await asyncio.wait_for(anext(watch), 10)).sequence for _ in range(2)]

    assert asyncio.run(run()) == [1, 2]
