"""Does the server cut the feed into messages that fit, and wake whom it should?"""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable
from datetime import UTC, datetime

from storycluster_server.changes import Changes
from storycluster_server.services.watching import Asked, in_messages

from storycluster.domain import Event, EventKind

NOW = datetime(2026, 3, 1, tzinfo=UTC)


def events(*sequences: int, size: int = 1) -> list[Event]:
    return [
        Event(number, EventKind.MEMBER_ADDED, NOW, detail={"reason": "x" * size})
        for number in sequences
    ]


def test_events_are_cut_intoin_messages_that_fit() -> None:
    """Each message is under the limit and tells how far it goes; the last one goes to the end of
    what was read, and no event makes one message."""
    cut = list(in_messages(events(*range(1, 9), size=3_000), 20, max_bytes=12_000))
    assert [[one.sequence for one in message.events] for message in cut] == [
        [1, 2],
        [3, 4],
        [5, 6],
        [7, 8],
    ]
    assert [message.last_sequence for message in cut] == [2, 4, 6, 20]
    assert all(message.ByteSize() <= 12_000 for message in cut)
    (heartbeat,) = in_messages([], 7, max_bytes=12_000)
    assert (list(heartbeat.events), heartbeat.last_sequence) == ([], 7)


def test_an_event_is_chosen_by_kind_and_story() -> None:
    """Both must hold where both are given."""
    event = Event(1, EventKind.STORY_CLOSED, NOW, story_id="s")
    kinds = frozenset([EventKind.STORY_CLOSED])
    for wanted, holds in (
        (Asked("c", 0, frozenset(), ""), True),
        (Asked("c", 0, kinds, "s"), True),
        (Asked("c", 0, kinds, "t"), False),
        (Asked("c", 0, frozenset([EventKind.STORY_MERGED]), "s"), False),
    ):
        assert wanted.holds(event) is holds


def test_a_commit_wakes_the_watchers_of_its_collection() -> None:
    """From another thread, those of that collection alone; closed, the engine is left."""
    heard: list[Callable[[str], None]] = []

    def listen(callback: Callable[[str], None]) -> Callable[[], None]:
        heard.append(callback)
        return lambda: heard.remove(callback)

    async def run() -> None:
        changes = Changes(listen)
        with changes.watching("a") as a, changes.watching("a") as also, changes.watching("b") as b:
            thread = threading.Thread(target=heard[0], args=("a",))
            thread.start()
            await asyncio.wait_for(asyncio.gather(a.wait(), also.wait()), 5)
            thread.join()
            assert not b.is_set()
            changes.wake_all()
            assert b.is_set()
        heard[0]("a")  # nobody is there any more
        changes.close()
        assert heard == []

    asyncio.run(run())
