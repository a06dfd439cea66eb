"""Does a watch of the SDK lose and repeat nothing when the server or the way to it breaks?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import grpc
import pytest
from scripted_server import Script, ScriptedServer, abort_bare, abort_with

from storycluster import wire
from storycluster.client import AsyncClient, Client, RetryPolicy
from storycluster.domain import Event, EventKind
from storycluster.errors import (
    InvalidInput,
    Overloaded,
    PreconditionFailed,
    StoryClusterError,
    Unavailable,
)
from storycluster.v1 import feed_service_pb2 as pb

QUICK = RetryPolicy(initial_backoff_s=0.01, max_backoff_s=0.05)
NOW = datetime(2026, 3, 1, tzinfo=UTC)

Say = Callable[[Any, Any], Iterator[Any]]
Watched = Callable[..., list[int]]


def message(*sequences: int, last: int = 0) -> Any:
    """One message with those events; none: a heartbeat."""
    events = [Event(number, EventKind.MEMBER_ADDED, NOW) for number in sequences]
    return pb.WatchEventsResponse(
        events=map(wire.event_to_message, events), last_sequence=last or sequences[-1]
    )


def says(*messages: Any, then: Callable[[Any], None] | None = None) -> Say:
    """Says those; then breaks, or ends the stream."""

    def say(_request: Any, context: Any) -> Iterator[Any]:
        yield from messages
        if then is not None:
            time.sleep(0.05)  # what was said has left
            then(context)

    return say


def hangs(*messages: Any) -> Say:
    """Says those, and then nothing more."""

    def say(_request: Any, context: Any) -> Iterator[Any]:
        yield from messages
        while context.is_active():
            time.sleep(0.01)

    return say


@pytest.fixture
def script() -> Script:
    """What the server does."""
    return Script()


@pytest.fixture
def server(script: Script) -> Iterator[ScriptedServer]:
    """A server that does it."""
    running = ScriptedServer(script)
    yield running
    running.stop()


@pytest.fixture(params=["sync", "aio"])
def watched(request: pytest.FixtureRequest, server: ScriptedServer) -> Watched:
    """The sequences of the first `count` events that either client is handed."""

    def sync(count: int, *, idle_s: float = 5.0, retry: Any = QUICK, **wanted: Any) -> list[int]:
        with Client(server.address, retry=retry) as client, client.watch(**wanted) as watch:
            watch._idle_s = idle_s
            return [next(watch).sequence for _ in range(count)]

    def aio(count: int, *, idle_s: float = 5.0, retry: Any = QUICK, **wanted: Any) -> list[int]:
        async def run() -> list[int]:
            client = AsyncClient(server.address, retry=retry)
            async with client, client.watch(**wanted) as watch:
                watch._idle_s = idle_s
                return [(await anext(watch)).sequence for _ in range(count)]

        return asyncio.run(run())

    return {"sync": sync, "aio": aio}[request.param]


def test_a_broken_stream_goes_on_behind_what_was_received(script: Script, watched: Watched) -> None:
    """Each break is followed by a stream that begins behind the last message, heartbeats too."""
    script.watches += [
        says(message(3, 4), then=abort_bare(grpc.StatusCode.UNAVAILABLE)),
        says(message(last=9), message(10), then=abort_with(Unavailable("draining"))),
        says(message(11)),
        hangs(message(12)),
    ]
    assert watched(5, after=2) == [3, 4, 10, 11, 12]
    assert script.calls == [f"WatchEvents after {place}" for place in (2, 4, 10, 11)]


def test_a_silent_stream_is_opened_again(script: Script, watched: Watched) -> None:
    """Where not even a heartbeat comes, the stream is taken for dead."""
    script.watches += [hangs(message(1)), hangs(message(2))]
    assert watched(2, idle_s=0.2) == [1, 2]
    assert script.calls == ["WatchEvents after 0", "WatchEvents after 1"]


def test_a_full_server_is_asked_again(script: Script, watched: Watched) -> None:
    """A refusal with a time to come back is waited out."""
    script.watches += [
        says(then=abort_with(Overloaded("64 watch calls", retry_after_s=0.05))),
        hangs(message(1)),
    ]
    assert watched(1) == [1]


@pytest.mark.parametrize("error", [PreconditionFailed("another feed"), InvalidInput.of("x", "y")])
def test_what_no_retry_can_help_is_raised(
    script: Script, watched: Watched, error: StoryClusterError
) -> None:
    """An error of another kind ends the watch at once."""
    script.watches += [says(message(1), then=abort_with(error))]
    with pytest.raises(type(error)):
        watched(2)
    assert len(script.calls) == 1


def test_a_client_without_retries_makes_one_attempt(script: Script, watched: Watched) -> None:
    """retry=None: the first break is told, with the place the watch had come to."""
    script.watches += [says(message(7), then=abort_bare(grpc.StatusCode.UNAVAILABLE))]
    with pytest.raises(Unavailable) as caught:
        watched(2, retry=None)
    assert caught.value.__notes__ == ["the watch had come to 7"]


def test_a_server_that_stays_away_is_given_up(script: Script, watched: Watched) -> None:
    """With a timeout, breaks in a row are bridged for that long only."""
    break_off = says(then=abort_bare(grpc.StatusCode.UNAVAILABLE))
    script.watches += [says(message(1)), *[break_off] * 1000]
    began = time.monotonic()
    with pytest.raises(Unavailable):
        watched(2, timeout=0.4)
    assert 0.3 < time.monotonic() - began < 5


def test_a_server_that_was_never_reached_is_told(script: Script, watched: Watched) -> None:
    """As many attempts as a call has, then Unavailable."""
    script.watches += [says(then=abort_bare(grpc.StatusCode.UNAVAILABLE))] * 5
    with pytest.raises(Unavailable):
        watched(1)
    assert len(script.calls) == 5


def test_a_checkpoint_is_kept_when_the_next_event_is_asked_for(
    script: Script, watched: Watched, tmp_path: Path
) -> None:
    """An event whose handling did not end comes again; what was handled does not."""
    place = tmp_path / "place"
    script.watches += [hangs(message(1, 2)), hangs(message(2), message(3, last=8))]
    assert watched(2, checkpoint=place) == [1, 2]
    assert place.read_text() == "1\n"
    assert watched(2, checkpoint=place, after=77) == [2, 3]
    assert script.calls[-1] == "WatchEvents after 1"
    assert [file.name for file in tmp_path.iterdir()] == ["place"]
    place.write_text("not a number")
    with pytest.raises(InvalidInput, match="checkpoint"):
        watched(1, checkpoint=place)


@pytest.mark.parametrize(
    ("wanted", "field"),
    [({"after": -1}, "after"), ({"kinds": ["nothing"]}, "kinds"), ({"story_id": 5}, "story_id")],
)
def test_what_is_wrong_is_named_before_anything_is_sent(
    script: Script, watched: Watched, wanted: dict[str, Any], field: str
) -> None:
    """A place, a kind or a story that cannot be is InvalidInput."""
    with pytest.raises(InvalidInput, match=field):
        watched(1, **wanted)
    assert script.calls == []
