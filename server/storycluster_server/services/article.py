"""How are articles read?"""

from __future__ import annotations

from typing import Any

from storycluster import wire
from storycluster.errors import InvalidInput
from storycluster.v1 import article_service_pb2 as pb
from storycluster.v1.article_service_pb2_grpc import ArticleServiceServicer
from storycluster_server import calls, paging
from storycluster_server.services.core import Core, not_negative, required

Context = Any


class ArticleService(ArticleServiceServicer):
    """ArticleService over the engine's reads."""

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
            self._core.engine.list_revisions, request.collection, article_id
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
        )
        return pb.ExplainAssignmentResponse(
            assignments=[wire.assignment_to_message(one) for one in made]
        )

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
