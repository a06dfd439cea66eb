"""How are articles taken in and matched?"""

from __future__ import annotations

from typing import Any

from storycluster import wire
from storycluster.errors import InvalidInput, StoryClusterError
from storycluster.v1 import ingest_service_pb2 as pb
from storycluster.v1.ingest_service_pb2_grpc import IngestServiceServicer
from storycluster_server import calls
from storycluster_server.batching import Lane, Outcome, text_bytes
from storycluster_server.services.core import Core
from storycluster_server.services.ingest_stream import IngestStreams
from storycluster_server.services.staging import Incoming, commit, stage, viewed

Context = Any


class IngestService(IngestServiceServicer):
    """IngestService over the batcher."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._streams = IngestStreams(core)

    async def IngestArticle(  # noqa: N802
        self, request: pb.IngestArticleRequest, _context: Context
    ) -> pb.IngestArticleResponse:
        """One article; a refused one fails the call."""
        if not request.HasField("article"):
            raise InvalidInput.of("article", "is required")
        calls.current.get().items = 1
        article = wire.article_from_message(request.article, path="article")
        incoming = Incoming((article,), ("article",))
        (outcome,) = await self._ingest(request.collection, incoming, lane=Lane.INTERACTIVE)
        if isinstance(outcome, StoryClusterError):
            raise outcome
        if request.include_view:
            (outcome,) = await viewed(self._core, request.collection, [outcome])
        return pb.IngestArticleResponse(result=wire.ingest_result_to_message(outcome))

    async def BatchIngestArticles(  # noqa: N802
        self, request: pb.BatchIngestArticlesRequest, _context: Context
    ) -> pb.BatchIngestArticlesResponse:
        """Some articles; each has its own result."""
        incoming = Incoming.read(
            request.articles, "articles", most=self._core.info.max_batch_articles
        )
        outcomes = await self._ingest(request.collection, incoming, lane=Lane.BULK)
        if request.include_view:
            outcomes = await viewed(self._core, request.collection, outcomes)
        results = [
            wire.ingest_result_to_message(outcome, article_id=message.article_id)
            for outcome, message in zip(outcomes, request.articles, strict=True)
        ]
        return pb.BatchIngestArticlesResponse(results=results)

    async def StreamIngestArticles(  # noqa: N802
        self, requests: Any, _context: Context
    ) -> Any:
        """Batches with flow control and resume."""
        async for answer in self._streams.serve(requests):
            yield answer

    async def MatchArticles(  # noqa: N802
        self, request: pb.MatchArticlesRequest, _context: Context
    ) -> pb.MatchArticlesResponse:
        """Which story each would join; stores nothing."""
        incoming = Incoming.read(
            request.articles, "articles", most=self._core.info.max_batch_articles
        )
        readable = incoming.readable()
        budget = self._core.batcher.budget
        with budget.held(request.collection, len(readable), text_bytes(readable)):
            found = await self._core.matches.run(
                self._core.engine.match, request.collection, readable
            )
        results = [
            wire.match_result_to_message(outcome, article_id=message.article_id)
            for outcome, message in zip(incoming.merge(found), request.articles, strict=True)
        ]
        return pb.MatchArticlesResponse(results=results)

    async def _ingest(self, collection: str, incoming: Incoming, *, lane: Lane) -> list[Outcome]:
        """Both stages. Raises Overloaded where there is no room."""
        call = calls.current.get()
        batcher = self._core.batcher
        readable = incoming.readable()
        room = (collection, len(readable), text_bytes(readable))
        batcher.budget.take(*room)
        try:
            staged = await stage(
                batcher, collection, incoming, lane=lane, expires_at=call.expires_at
            )
            call.check_deadline()
        except BaseException:
            batcher.budget.give_back(*room)
            raise
        return await commit(
            batcher, collection, staged, incoming, settled=lambda: batcher.budget.give_back(*room)
        )
