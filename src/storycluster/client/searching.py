"""Which message asks for stories and articles by what they are like, and what is answered?"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from storycluster import wire
from storycluster.client.requests import Call, checked_article, required, whole
from storycluster.domain import Article, Page, SimilarArticle, Story, StoryFilter, StoryHit
from storycluster.errors import InvalidInput
from storycluster.v1 import article_service_pb2 as article_pb
from storycluster.v1 import story_service_pb2 as story_pb


class SearchRequests:
    """Builds the calls of one collection."""

    __slots__ = ("collection",)

    def __init__(self, collection: str) -> None:
        self.collection = collection

    def list_stories(
        self, wanted: StoryFilter, *, page_size: int, page_token: str
    ) -> Call[Page[Story]]:
        """ListStories."""
        request = story_pb.ListStoriesRequest(
            collection=self.collection,
            page_size=whole(page_size, "page_size"),
            page_token=page_token,
            **_fields(wanted),
        )
        return Call(
            "StoryService",
            "ListStories",
            request,
            lambda response: Page(
                tuple(map(wire.story_from_message, response.stories)), response.next_page_token
            ),
        )

    def search_stories(
        self, query: str, wanted: StoryFilter, *, limit: int
    ) -> Call[tuple[StoryHit, ...]]:
        """SearchStories."""
        request = story_pb.SearchStoriesRequest(
            collection=self.collection,
            query=required(query, "query"),
            page_size=whole(limit, "limit"),
            **_fields(wanted),
        )
        return Call(
            "StoryService",
            "SearchStories",
            request,
            lambda response: tuple(map(wire.story_hit_from_message, response.hits)),
        )

    def find_similar_articles(
        self, article: Article, *, limit: int
    ) -> Call[tuple[SimilarArticle, ...]]:
        """FindSimilarArticles."""
        request = article_pb.FindSimilarArticlesRequest(
            collection=self.collection,
            article=wire.article_to_message(checked_article(article), path="article"),
            page_size=whole(limit, "limit"),
        )
        return Call(
            "ArticleService",
            "FindSimilarArticles",
            request,
            lambda response: tuple(map(wire.similar_article_from_message, response.articles)),
        )


def _fields(wanted: StoryFilter) -> dict[str, Any]:
    """The fields that a request for some of the stories has."""
    return {
        "min_article_count": whole(wanted.min_article_count, "min_article_count"),
        "published_after": _time(wanted.published_after, "published_after"),
        "published_before": _time(wanted.published_before, "published_before"),
        "source": required(wanted.source, "source") if wanted.source else "",
    }


def _time(value: datetime | None, field: str) -> Any:
    if value is None:
        return None
    if not isinstance(value, datetime):
        raise InvalidInput.of(field, f"must be a datetime, not {value!r}")
    return wire.time_to_message(value, path=field)
