"""How is the change feed read and watched?"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from storycluster import wire
from storycluster.v1 import feed_service_pb2 as pb
from storycluster.v1.feed_service_pb2_grpc import FeedServiceServicer
from storycluster_server import calls
from storycluster_server.services.core import Core, not_negative
from storycluster_server.services.watching import Asked, watch

Context = Any


class FeedService(FeedServiceServicer):
    """FeedService over the engine's reads."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def ListEvents(  # noqa: N802
        self, request: pb.ListEventsRequest, _context: Context
    ) -> pb.ListEventsResponse:
        """Events after a place in the feed."""
        events = await self._core.reads.run(
            self._core.engine.list_events,
            request.collection,
            after=not_negative(request.after_sequence, "after_sequence"),
            page_size=request.page_size,
        )
        calls.current.get().items = len(events)
        return pb.ListEventsResponse(events=[wire.event_to_message(one) for one in events])

    async def WatchEvents(  # noqa: N802
        self, request: pb.WatchEventsRequest, _context: Context
    ) -> AsyncIterator[pb.WatchEventsResponse]:
        """Events after a place in the feed, and those to come."""
        async with contextlib.aclosing(watch(self._core, Asked.read(request))) as messages:
            async for message in messages:
                yield message
