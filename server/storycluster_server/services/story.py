"""How are stories read and found?"""

from __future__ import annotations

import contextlib
import dataclasses
from typing import Any

from storycluster import wire
from storycluster.domain import Rights, StoredArticle, StoryFilter, StoryView
from storycluster.errors import ArticleWithdrawn, InvalidInput, NotFound
from storycluster.v1 import story_service_pb2 as pb
from storycluster.v1.story_service_pb2_grpc import StoryServiceServicer
from storycluster_server import calls, paging
from storycluster_server.services.core import Core, not_negative, required

Context = Any


class StoryService(StoryServiceServicer):
    """StoryService over the engine's reads."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def GetStory(  # noqa: N802
        self, request: pb.GetStoryRequest, _context: Context
    ) -> pb.GetStoryResponse:
        """One story with its members; the successor of a merged one."""
        view = await self._core.reads.run(
            self._core.engine.get_story,
            request.collection,
            required(request.story_id, "story_id"),
            rights=calls.current.get().rights,
        )
        return pb.GetStoryResponse(view=wire.story_view_to_message(view))

    async def BatchGetStories(  # noqa: N802
        self, request: pb.BatchGetStoriesRequest, _context: Context
    ) -> pb.BatchGetStoriesResponse:
        """Several stories, and the ids that name none."""
        most = self._core.engine.settings.limits.page_size
        if not 0 < len(request.story_ids) <= most:
            raise InvalidInput.of("story_ids", f"must hold 1 to {most} ids")
        calls.current.get().items = len(request.story_ids)
        found = await self._core.reads.run(
            self._look_up,
            request.collection,
            list(request.story_ids),
            rights=calls.current.get().rights,
        )
        return pb.BatchGetStoriesResponse(
            views=[wire.story_view_to_message(view) for view in found if not isinstance(view, str)],
            missing_story_ids=[missing for missing in found if isinstance(missing, str)],
        )

    def _look_up(
        self, collection: str, story_ids: list[str], *, rights: Rights
    ) -> list[StoryView | str]:
        found: list[StoryView | str] = []
        for story_id in story_ids:
            try:
                found.append(self._core.engine.get_story(collection, story_id, rights=rights))
            except NotFound:
                found.append(story_id)
        return found

    async def ListStories(  # noqa: N802
        self, request: pb.ListStoriesRequest, _context: Context
    ) -> pb.ListStoriesResponse:
        """One page of stories, newest created first."""
        page = await self._core.reads.run(
            self._core.engine.list_stories,
            request.collection,
            dataclasses.replace(_wanted(request), include_merged=request.include_merged),
            page_size=request.page_size,
            page_token=request.page_token,
        )
        calls.current.get().items = len(page.items)
        return pb.ListStoriesResponse(
            stories=[wire.story_to_message(story) for story in page.items],
            next_page_token=page.next_page_token,
        )

    async def SearchStories(  # noqa: N802
        self, request: pb.SearchStoriesRequest, _context: Context
    ) -> pb.SearchStoriesResponse:
        """The stories most like some words; stores nothing."""
        query = required(request.query, "query")
        wanted = _wanted(request)
        budget = self._core.batcher.budget
        with budget.held(request.collection, 1, len(query.encode())):
            found = await self._core.matches.run(
                self._core.engine.search,
                request.collection,
                query,
                wanted,
                limit=request.page_size,
            )
        calls.current.get().items = len(found)
        return pb.SearchStoriesResponse(hits=[wire.story_hit_to_message(one) for one in found])

    async def ListStoryArticles(  # noqa: N802
        self, request: pb.ListStoryArticlesRequest, _context: Context
    ) -> pb.ListStoryArticlesResponse:
        """One page of a story's articles with their texts, in order of arrival."""
        story_id = required(request.story_id, "story_id")
        asked = ("story articles", request.collection, story_id)
        largest = self._core.engine.settings.limits.page_size
        limit = paging.page_limit(request.page_size, largest=largest)
        last = paging.read_token(request.page_token, asked=asked)
        answer, shown = await self._core.reads.run(
            self._page_of_articles, request.collection, story_id, last=last, limit=limit
        )
        calls.current.get().items = len(answer.articles)
        if shown:
            answer.next_page_token = paging.write_token(shown, asked=asked)
        return answer

    async def GetStoryFacts(  # noqa: N802
        self, request: pb.GetStoryFactsRequest, _context: Context
    ) -> pb.GetStoryFactsResponse:
        """The facts of a story; of the successor of a merged one."""
        story_id = required(request.story_id, "story_id")
        found = await self._core.reads.run(
            self._core.engine.story_facts, request.collection, story_id
        )
        calls.current.get().items = len(found.facts)
        return pb.GetStoryFactsResponse(facts=wire.story_facts_to_message(found))

    def _page_of_articles(
        self, collection: str, story_id: str, *, last: str, limit: int
    ) -> tuple[pb.ListStoryArticlesResponse, str]:
        """The page, and where the next one begins: INDEX/ARTICLE_ID of the last shown, or "".

        An article that is withdrawn while the page is read is on no page: it is read again.
        """
        while True:
            with contextlib.suppress(ArticleWithdrawn):
                return self._read_page(collection, story_id, last=last, limit=limit)

    def _read_page(
        self, collection: str, story_id: str, *, last: str, limit: int
    ) -> tuple[pb.ListStoryArticlesResponse, str]:
        view = self._core.engine.get_story(collection, story_id)
        ids = [member.article_id for member in view.members]
        begin = _place_after(ids, last)

        def articles() -> Any:
            for article_id in ids[begin : begin + limit]:
                stored: StoredArticle = self._core.engine.get_article(collection, article_id)
                yield wire.stored_article_to_message(stored)

        page = paging.fill(articles(), max_bytes=self._core.info.max_message_bytes)
        end = begin + len(page)
        answer = pb.ListStoryArticlesResponse(articles=page, story_id=view.story.story_id)
        return answer, f"{end}/{ids[end - 1]}" if page and end < len(ids) else ""


def _wanted(request: pb.ListStoriesRequest | pb.SearchStoriesRequest) -> StoryFilter:
    """Which stories are asked for; InvalidInput names the field that cannot be."""
    after = wire.optional_time(request, "published_after")
    before = wire.optional_time(request, "published_before")
    if after is not None and before is not None and after >= before:
        raise InvalidInput.of("published_before", "must be later than published_after")
    return StoryFilter(
        min_article_count=not_negative(request.min_article_count, "min_article_count") or 1,
        published_after=after,
        published_before=before,
        source=request.source,
    )


def _place_after(ids: list[str], last: str) -> int:
    """Where to go on after `last`; where that article left the story, from its old place."""
    if not last:
        return 0
    index, _, article_id = last.partition("/")
    if article_id in ids:
        return ids.index(article_id) + 1
    return max(0, int(index) - 1) if index.isdecimal() else 0
