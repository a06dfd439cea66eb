"""How does an asyncio client find stories and articles?"""

from __future__ import annotations

from datetime import datetime

from storycluster.client.aio_connection import AsyncConnection
from storycluster.client.listing import AsyncListing
from storycluster.domain import Article, SimilarArticle, Story, StoryFilter, StoryHit


class AsyncSearchingCalls(AsyncConnection):
    """`SearchingCalls`, awaited."""

    def list_stories(
        self,
        *,
        min_article_count: int = 1,
        published_after: datetime | None = None,
        published_before: datetime | None = None,
        source: str = "",
        page_size: int = 0,
        timeout: float | None = None,
    ) -> AsyncListing[Story]:
        """As `Client.list_stories`."""
        wanted = StoryFilter(
            min_article_count=min_article_count,
            published_after=published_after,
            published_before=published_before,
            source=source,
        )
        return AsyncListing(
            lambda token: self._run(
                self._searches.list_stories(wanted, page_size=page_size, page_token=token), timeout
            )
        )

    async def search_stories(
        self,
        query: str,
        *,
        limit: int = 0,
        min_article_count: int = 1,
        published_after: datetime | None = None,
        published_before: datetime | None = None,
        source: str = "",
        timeout: float | None = None,
    ) -> tuple[StoryHit, ...]:
        """As `Client.search_stories`."""
        wanted = StoryFilter(
            min_article_count=min_article_count,
            published_after=published_after,
            published_before=published_before,
            source=source,
        )
        return await self._run(self._searches.search_stories(query, wanted, limit=limit), timeout)

    async def find_similar_articles(
        self, article: Article, *, limit: int = 0, timeout: float | None = None
    ) -> tuple[SimilarArticle, ...]:
        """As `Client.find_similar_articles`."""
        return await self._run(self._searches.find_similar_articles(article, limit=limit), timeout)
