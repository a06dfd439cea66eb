"""How is the change feed read?"""

from __future__ import annotations

from typing import Any

from storycluster import wire
from storycluster.v1 import feed_service_pb2 as pb
from storycluster.v1.feed_service_pb2_grpc import FeedServiceServicer
from storycluster_server import calls
from storycluster_server.services.core import Core, not_negative

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
