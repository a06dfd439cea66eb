"""What does a watcher of the change feed get, and when?

Pages of events as long as there are some, then whatever is committed, and a heartbeat when nothing
that was asked for happened for a while. The first message comes at once, so that the watcher knows
that he is connected.
"""

from __future__ import annotations

import asyncio
import contextlib
import math
from collections.abc import AsyncGenerator, Iterator, Sequence
from dataclasses import dataclass

from storycluster import wire
from storycluster.domain import DEFAULT_COLLECTION, Event, EventKind
from storycluster.errors import InvalidInput, PreconditionFailed
from storycluster.v1 import feed_service_pb2 as pb
from storycluster_server import calls, paging
from storycluster_server.admission import Draining
from storycluster_server.services.core import Core, not_negative

Response = pb.WatchEventsResponse


@dataclass(frozen=True, slots=True)
class Asked:
    """What a watcher asked for; no kinds: all of them."""

    collection: str
    after: int
    kinds: frozenset[EventKind]
    story_id: str

    @classmethod
    def read(cls, request: pb.WatchEventsRequest) -> Asked:
        """From a message. Raises InvalidInput."""
        if 0 in request.kinds:
            raise InvalidInput.of("kinds", "must not hold EVENT_KIND_UNSPECIFIED")
        return cls(
            collection=request.collection or DEFAULT_COLLECTION,
            after=not_negative(request.after_sequence, "after_sequence"),
            kinds=wire.event_kinds_from_numbers(request.kinds),
            story_id=request.story_id,
        )

    def holds(self, event: Event) -> bool:
        """Whether the event was asked for."""
        return (not self.kinds or event.kind in self.kinds) and (
            not self.story_id or event.story_id == self.story_id
        )


async def watch(core: Core, asked: Asked) -> AsyncGenerator[Response, None]:
    """The messages for one watcher, until the server goes down (Draining).

    PreconditionFailed where the feed ends before the place to go on from: it is another feed.
    FeedExpired where events after that place have left it.
    """
    loop = asyncio.get_running_loop()
    most = core.info.max_message_bytes
    position = asked.after
    silent_from = -math.inf
    await _check_place(core, asked.collection, position)
    with core.changes.watching(asked.collection) as woken:
        while not core.draining.is_set():
            woken.clear()
            page = await _page(core, asked.collection, after=position)
            if not page:  # a collection may be deleted while it is watched
                await _check_place(core, asked.collection, position)
            position = page[-1].sequence if page else position
            found = [event for event in page if asked.holds(event)]
            silence = loop.time() - silent_from
            if found or silence >= core.watch_heartbeat_s:
                for message in in_messages(found, position, max_bytes=most):
                    calls.current.get().items += len(message.events)
                    yield message
                silent_from = loop.time()
            if not page:
                left = silent_from + core.watch_heartbeat_s - loop.time()
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), max(0.0, left))
    raise Draining("the server is going down")


async def _check_place(core: Core, collection: str, place: int) -> None:
    if place and await core.watches.run(core.engine.last_event, collection) < place:
        raise PreconditionFailed(
            f"the feed of {collection!r} ends before {place}: it is not the one that was read up "
            "to there"
        )


async def _page(core: Core, collection: str, *, after: int) -> Sequence[Event]:
    events: Sequence[Event] = await core.watches.run(
        core.engine.list_events, collection, after=after
    )
    return events


def in_messages(found: Sequence[Event], position: int, *, max_bytes: int) -> Iterator[Response]:
    """The events in messages that fit, the last one up to `position`; a heartbeat for none."""
    rest = [wire.event_to_message(event) for event in found]
    while True:
        fitting = paging.fill(rest, max_bytes=max_bytes)
        rest = rest[len(fitting) :]
        last = fitting[-1].sequence if rest else position
        yield Response(events=fitting, last_sequence=last)
        if not rest:
            return
