"""How are stored articles compared?"""

from __future__ import annotations

from typing import Any

from storycluster import wire
from storycluster.v1 import difference_service_pb2 as pb
from storycluster.v1.difference_service_pb2_grpc import DifferenceServiceServicer
from storycluster_server import calls
from storycluster_server.services.core import Core, not_negative, required

Context = Any


class DifferenceService(DifferenceServiceServicer):
    """DifferenceService over the engine's comparisons."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def CompareArticles(  # noqa: N802
        self, request: pb.CompareArticlesRequest, _context: Context
    ) -> pb.CompareArticlesResponse:
        """Any two articles or revisions."""
        found = await self._core.reads.run(
            self._core.engine.compare,
            request.collection,
            required(request.base_article_id, "base_article_id"),
            required(request.other_article_id, "other_article_id"),
            base_revision=not_negative(request.base_revision, "base_revision"),
            other_revision=not_negative(request.other_revision, "other_revision"),
            rights=calls.current.get().rights,
        )
        return pb.CompareArticlesResponse(comparison=wire.comparison_to_message(found))

    async def CompareToCanonical(  # noqa: N802
        self, request: pb.CompareToCanonicalRequest, _context: Context
    ) -> pb.CompareToCanonicalResponse:
        """An article against the canonical one of its story."""
        found = await self._core.reads.run(
            self._core.engine.compare_to_canonical,
            request.collection,
            required(request.article_id, "article_id"),
            rights=calls.current.get().rights,
        )
        return pb.CompareToCanonicalResponse(comparison=wire.comparison_to_message(found))

    async def ListStaleMembers(  # noqa: N802
        self, request: pb.ListStaleMembersRequest, _context: Context
    ) -> pb.ListStaleMembersResponse:
        """Who still says what an article has corrected."""
        found = await self._core.reads.run(
            self._core.engine.stale_members,
            request.collection,
            required(request.article_id, "article_id"),
        )
        calls.current.get().items = len(found)
        return pb.ListStaleMembersResponse(
            comparisons=[wire.comparison_to_message(one) for one in found]
        )
