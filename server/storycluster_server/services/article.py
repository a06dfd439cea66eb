"""How are articles read, found, withdrawn and erased?"""

from __future__ import annotations

from typing import Any

from storycluster import wire
from storycluster.domain import Article, SimilarArticle
from storycluster.engine.prepare import validate
from storycluster.errors import InvalidInput
from storycluster.v1 import article_service_pb2 as pb
from storycluster.v1.article_service_pb2_grpc import ArticleServiceServicer
from storycluster_server import calls, paging
from storycluster_server.batching import text_bytes
from storycluster_server.services.core import Core, act_of, located, not_negative, required

Context = Any


class ArticleService(ArticleServiceServicer):
    """ArticleService over the engine."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def GetArticle(  # noqa: N802
        self, request: pb.GetArticleRequest, _context: Context
    ) -> pb.GetArticleResponse:
        """One revision of an article."""
        stored = await self._core.reads.run(
            self._core.engine.get_article,
            request.collection,
            required(request.article_id, "article_id"),
            revision=not_negative(request.revision, "revision"),
            rights=calls.current.get().rights,
        )
        return pb.GetArticleResponse(article=wire.stored_article_to_message(stored))

    async def ListRevisions(  # noqa: N802
        self, request: pb.ListRevisionsRequest, _context: Context
    ) -> pb.ListRevisionsResponse:
        """Every revision of an article, ascending."""
        article_id = required(request.article_id, "article_id")
        asked = ("revisions", request.collection, article_id)
        largest = self._core.engine.settings.limits.page_size
        limit = paging.page_limit(request.page_size, largest=largest)
        last = paging.read_token(request.page_token, asked=asked)
        if last and not last.isdecimal():
            raise InvalidInput.of("page_token", "is not a token of this list")
        known = await self._core.reads.run(
            self._core.engine.list_revisions,
            request.collection,
            article_id,
            rights=calls.current.get().rights,
        )
        rest = [stored for stored in known if stored.article.revision > int(last or 0)]
        page = paging.fill(
            map(wire.stored_article_to_message, rest[:limit]),
            max_bytes=self._core.info.max_message_bytes,
        )
        calls.current.get().items = len(page)
        token = ""
        if len(page) < len(rest):
            token = paging.write_token(str(page[-1].article.revision), asked=asked)
        return pb.ListRevisionsResponse(articles=page, next_page_token=token)

    async def ExplainAssignment(  # noqa: N802
        self, request: pb.ExplainAssignmentRequest, _context: Context
    ) -> pb.ExplainAssignmentResponse:
        """Every decision for an article, oldest first."""
        made = await self._core.reads.run(
            self._core.engine.explain,
            request.collection,
            required(request.article_id, "article_id"),
            rights=calls.current.get().rights,
        )
        return pb.ExplainAssignmentResponse(
            assignments=[wire.assignment_to_message(one) for one in made]
        )

    async def ListHeldArticles(  # noqa: N802
        self, request: pb.ListHeldArticlesRequest, _context: Context
    ) -> pb.ListHeldArticlesResponse:
        """One page of what is held until its minute."""
        size = paging.page_limit(
            request.page_size, largest=self._core.engine.settings.limits.page_size
        )
        while True:  # each with its text: fewer, where they do not fit
            page = await self._core.reads.run(
                self._core.engine.list_held,
                request.collection,
                page_size=size,
                page_token=request.page_token,
                rights=calls.current.get().rights,
            )
            answer = pb.ListHeldArticlesResponse(
                articles=[wire.held_article_to_message(one) for one in page.items],
                next_page_token=page.next_page_token,
            )
            if size == 1 or answer.ByteSize() <= self._core.info.max_message_bytes:
                calls.current.get().items = len(page.items)
                return answer
            size = max(1, size // 4)

    async def ListFurniture(  # noqa: N802
        self, request: pb.ListFurnitureRequest, _context: Context
    ) -> pb.ListFurnitureResponse:
        """One page of the lines learned to be furniture."""
        page = await self._core.reads.run(
            self._core.engine.list_furniture,
            request.collection,
            request.source,
            page_size=request.page_size,
            page_token=request.page_token,
        )
        calls.current.get().items = len(page.items)
        return pb.ListFurnitureResponse(
            lines=[wire.furniture_line_to_message(line) for line in page.items],
            next_page_token=page.next_page_token,
        )

    async def FindSimilarArticles(  # noqa: N802
        self, request: pb.FindSimilarArticlesRequest, _context: Context
    ) -> pb.FindSimilarArticlesResponse:
        """The stored articles most like a text; stores nothing."""
        if not request.HasField("article"):
            raise InvalidInput.of("article", "is required")
        article = wire.article_from_message(request.article, path="article")
        with self._core.batcher.budget.held(request.collection, 1, text_bytes([article])):
            found = await self._core.matches.run(
                self._similar, request.collection, article, limit=request.page_size
            )
        calls.current.get().items = len(found)
        return pb.FindSimilarArticlesResponse(
            articles=[wire.similar_article_to_message(one) for one in found]
        )

    def _similar(self, collection: str, article: Article, *, limit: int) -> list[SimilarArticle]:
        """The engine's answer; what is wrong with the article is named from the request on."""
        engine = self._core.engine
        problem = validate(article, engine.settings.limits)
        if problem is not None:
            raise located(problem, "article")
        return engine.similar(collection, article, limit=limit)

    async def WithdrawArticle(  # noqa: N802
        self, request: pb.WithdrawArticleRequest, _context: Context
    ) -> pb.WithdrawArticleResponse:
        """Take an article out of everything, for now."""
        left = await self._core.edits.run(
            self._core.engine.withdraw,
            request.collection,
            required(request.article_id, "article_id"),
            act_of(request),
            rights=calls.current.get().rights,
        )
        return pb.WithdrawArticleResponse(tombstone=wire.tombstone_to_message(left))

    async def ReinstateArticle(  # noqa: N802
        self, request: pb.ReinstateArticleRequest, _context: Context
    ) -> pb.ReinstateArticleResponse:
        """Bring a withdrawn article back."""
        story = await self._core.edits.run(
            self._core.engine.reinstate,
            request.collection,
            required(request.article_id, "article_id"),
            act_of(request),
            rights=calls.current.get().rights,
        )
        return pb.ReinstateArticleResponse(story=wire.story_to_message(story))

    async def EraseArticle(  # noqa: N802
        self, request: pb.EraseArticleRequest, _context: Context
    ) -> pb.EraseArticleResponse:
        """Remove an article for good."""
        left = await self._core.edits.run(
            self._core.engine.erase,
            request.collection,
            required(request.article_id, "article_id"),
            act_of(request),
            rights=calls.current.get().rights,
        )
        await self._core.edits.run(self._core.jobs.forget, request.collection)
        return pb.EraseArticleResponse(tombstone=wire.tombstone_to_message(left))
