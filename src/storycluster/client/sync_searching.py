"""How does a client without asyncio find stories and articles?"""

from __future__ import annotations

from datetime import datetime

from storycluster.client.listing import Listing
from storycluster.client.sync_connection import Connection
from storycluster.domain import Article, SimilarArticle, Story, StoryFilter, StoryHit


class SearchingCalls(Connection):
    """The calls that choose stories and articles by what they are like.

    Stories are those with at least `min_article_count` members, with one published at
    `published_after` or later, one before `published_before`, and one of `source`, capitals aside.
    Times need a time zone; where one is given, stories of unknown time are left out.
    """

    def list_stories(
        self,
        *,
        min_article_count: int = 1,
        published_after: datetime | None = None,
        published_before: datetime | None = None,
        source: str = "",
        page_size: int = 0,
        timeout: float | None = None,
    ) -> Listing[Story]:
        """The stories that have articles, newest created first. `timeout` is for each page."""
        wanted = StoryFilter(
            min_article_count=min_article_count,
            published_after=published_after,
            published_before=published_before,
            source=source,
        )
        return Listing(
            lambda token: self._run(
                self._searches.list_stories(wanted, page_size=page_size, page_token=token), timeout
            )
        )

    def search_stories(
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
        """The stories with an article most like some words, by wording and by meaning, most similar
        first; at most `limit` (0: the server's default). Stores nothing."""
        wanted = StoryFilter(
            min_article_count=min_article_count,
            published_after=published_after,
            published_before=published_before,
            source=source,
        )
        return self._run(self._searches.search_stories(query, wanted, limit=limit), timeout)

    def find_similar_articles(
        self, article: Article, *, limit: int = 0, timeout: float | None = None
    ) -> tuple[SimilarArticle, ...]:
        """The stored articles most like an article, stored or not, by wording and by meaning, of
        any time, most similar first; at most `limit` (0: the server's default). Stores nothing."""
        return self._run(self._searches.find_similar_articles(article, limit=limit), timeout)
