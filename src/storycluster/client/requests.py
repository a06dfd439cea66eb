"""Which message asks for what, and what does its answer say?

Every unary method as a `Call`: request, method, decoder. Built through `wire` alone, without I/O,
so that both clients send and understand the same.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from storycluster import wire
from storycluster.domain import (
    Article,
    Assignment,
    Comparison,
    Event,
    FurnitureLine,
    HeldArticle,
    IngestFailure,
    IngestResult,
    Match,
    Page,
    ServerInfo,
    StoredArticle,
    StoryView,
)
from storycluster.errors import FieldViolation, InvalidInput, StoryClusterError
from storycluster.grid import StoryFacts
from storycluster.v1 import admin_service_pb2 as admin_pb
from storycluster.v1 import article_service_pb2 as article_pb
from storycluster.v1 import difference_service_pb2 as difference_pb
from storycluster.v1 import feed_service_pb2 as feed_pb
from storycluster.v1 import ingest_service_pb2 as ingest_pb
from storycluster.v1 import server_info_service_pb2 as info_pb
from storycluster.v1 import story_service_pb2 as story_pb

R = TypeVar("R")
Matches = tuple[Match | IngestFailure, ...]

MATCH_ARTICLES = 32
MATCH_BYTES = 2 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Call(Generic[R]):
    """One unary call: `method` of `service`, what to send and how to read the answer."""

    service: str
    method: str
    request: Any
    decode: Callable[[Any], R]
    repeatable: bool = True
    """Whether doing it twice is as good as doing it once."""


def checked_article(article: Article) -> Article:
    """`article`, or InvalidInput where it is none or lacks an id."""
    if not isinstance(article, Article):
        raise InvalidInput.of("article", f"must be an Article, not {type(article).__name__}")
    if not article.article_id:
        raise InvalidInput.of("article_id", "must not be empty")
    authors: object = article.authors
    if isinstance(authors, str):  # it would be sent letter by letter
        raise InvalidInput.of("authors", "must be names, one text each, not a single text")
    return article


def required(value: str, field: str) -> str:
    """`value`, or InvalidInput where it is no text or empty."""
    if not isinstance(value, str) or not value:
        raise InvalidInput.of(field, f"must be a text that is not empty, not {value!r}")
    if not value.isprintable() and any("\ud800" <= letter <= "\udfff" for letter in value):
        raise InvalidInput.of(field, "holds a lone surrogate, which UTF-8 cannot carry")
    return value


def whole(value: int, field: str) -> int:
    """`value`, or InvalidInput where it is no whole number from 0 below 2**31."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise InvalidInput.of(field, f"must be a whole number from 0, not {value!r}")
    return value


def sequence(value: int, field: str) -> int:
    """`value`, or InvalidInput where it is no whole number from 0 below 2**63."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**63:
        raise InvalidInput.of(field, f"must be a whole number from 0, not {value!r}")
    return value


def named_from_article(error: StoryClusterError) -> StoryClusterError:
    """The refusal of one article of many, its fields named from the article on.

    What the server calls `articles[3].text` is `text`: the place in a batch means nothing here.
    """
    if not isinstance(error, InvalidInput) or not error.violations:
        return error
    return InvalidInput(
        violations=[
            FieldViolation(one.field.rpartition("].")[2], one.description)
            for one in error.violations
        ]
    )


class Requests:
    """Builds the calls of one collection."""

    __slots__ = ("collection",)

    def __init__(self, collection: str) -> None:
        self.collection = collection

    def ingest_article(self, article: Article, *, view: bool) -> Call[IngestResult]:
        """IngestArticle."""
        request = ingest_pb.IngestArticleRequest(
            collection=self.collection,
            article=wire.article_to_message(checked_article(article), path="article"),
            include_view=view,
        )

        def decode(response: ingest_pb.IngestArticleResponse) -> IngestResult:
            outcome = wire.ingest_result_from_message(response.result)
            if isinstance(outcome, StoryClusterError):
                raise outcome
            return outcome

        return Call("IngestService", "IngestArticle", request, decode)

    def match(self, articles: Iterable[Article]) -> Iterator[Call[Matches]]:
        """MatchArticles, as many calls as the bounds of one message ask for."""
        index, size = 0, 0
        batch: list[Any] = []
        for place, article in enumerate(articles):
            message = wire.article_to_message(checked_article(article), path=f"articles[{place}]")
            grown = size + message.ByteSize()
            if batch and (len(batch) == MATCH_ARTICLES or grown > MATCH_BYTES):
                yield self._match(batch, index)
                index, batch, size = place, [], 0
            batch.append(message)
            size += message.ByteSize()
        if batch:
            yield self._match(batch, index)

    def _match(self, articles: Sequence[Any], first: int) -> Call[Matches]:
        request = ingest_pb.MatchArticlesRequest(collection=self.collection, articles=articles)

        def decode(response: ingest_pb.MatchArticlesResponse) -> Matches:
            read: list[Match | IngestFailure] = []
            for place, result in enumerate(response.results):
                outcome = wire.match_result_from_message(result)
                if isinstance(outcome, StoryClusterError):
                    error = named_from_article(outcome)
                    read.append(IngestFailure(first + place, result.article_id, error))
                else:
                    read.append(outcome)
            return tuple(read)

        return Call("IngestService", "MatchArticles", request, decode)

    def get_article(self, article_id: str, revision: int) -> Call[StoredArticle]:
        """GetArticle."""
        request = article_pb.GetArticleRequest(
            collection=self.collection,
            article_id=required(article_id, "article_id"),
            revision=whole(revision, "revision"),
        )
        return Call(
            "ArticleService",
            "GetArticle",
            request,
            lambda response: wire.stored_article_from_message(response.article),
        )

    def list_revisions(
        self, article_id: str, *, page_size: int, page_token: str
    ) -> Call[Page[StoredArticle]]:
        """ListRevisions."""
        request = article_pb.ListRevisionsRequest(
            collection=self.collection,
            article_id=required(article_id, "article_id"),
            page_size=whole(page_size, "page_size"),
            page_token=page_token,
        )
        return Call("ArticleService", "ListRevisions", request, _stored_page)

    def explain(self, article_id: str) -> Call[tuple[Assignment, ...]]:
        """ExplainAssignment."""
        request = article_pb.ExplainAssignmentRequest(
            collection=self.collection, article_id=required(article_id, "article_id")
        )
        return Call(
            "ArticleService",
            "ExplainAssignment",
            request,
            lambda response: tuple(map(wire.assignment_from_message, response.assignments)),
        )

    def list_held_articles(self, *, page_size: int, page_token: str) -> Call[Page[HeldArticle]]:
        """ListHeldArticles."""
        request = article_pb.ListHeldArticlesRequest(
            collection=self.collection,
            page_size=whole(page_size, "page_size"),
            page_token=page_token,
        )
        return Call(
            "ArticleService",
            "ListHeldArticles",
            request,
            lambda response: Page(
                tuple(map(wire.held_article_from_message, response.articles)),
                response.next_page_token,
            ),
        )

    def list_furniture(
        self, source: str, *, page_size: int, page_token: str
    ) -> Call[Page[FurnitureLine]]:
        """ListFurniture."""
        request = article_pb.ListFurnitureRequest(
            collection=self.collection,
            source=source,
            page_size=whole(page_size, "page_size"),
            page_token=page_token,
        )
        return Call(
            "ArticleService",
            "ListFurniture",
            request,
            lambda response: Page(
                tuple(map(wire.furniture_line_from_message, response.lines)),
                response.next_page_token,
            ),
        )

    def get_story(self, story_id: str) -> Call[StoryView]:
        """GetStory."""
        request = story_pb.GetStoryRequest(
            collection=self.collection, story_id=required(story_id, "story_id")
        )
        return Call(
            "StoryService",
            "GetStory",
            request,
            lambda response: wire.story_view_from_message(response.view),
        )

    def get_story_facts(self, story_id: str) -> Call[StoryFacts]:
        """GetStoryFacts."""
        request = story_pb.GetStoryFactsRequest(
            collection=self.collection, story_id=required(story_id, "story_id")
        )
        return Call(
            "StoryService",
            "GetStoryFacts",
            request,
            lambda response: wire.story_facts_from_message(response.facts),
        )

    def list_story_articles(
        self, story_id: str, *, page_size: int, page_token: str
    ) -> Call[Page[StoredArticle]]:
        """ListStoryArticles."""
        request = story_pb.ListStoryArticlesRequest(
            collection=self.collection,
            story_id=required(story_id, "story_id"),
            page_size=whole(page_size, "page_size"),
            page_token=page_token,
        )
        return Call("StoryService", "ListStoryArticles", request, _stored_page)

    def compare(
        self, base: str, other: str, *, base_revision: int, other_revision: int
    ) -> Call[Comparison]:
        """CompareArticles."""
        request = difference_pb.CompareArticlesRequest(
            collection=self.collection,
            base_article_id=required(base, "base"),
            other_article_id=required(other, "other"),
            base_revision=whole(base_revision, "base_revision"),
            other_revision=whole(other_revision, "other_revision"),
        )
        return Call("DifferenceService", "CompareArticles", request, _comparison)

    def compare_to_canonical(self, article_id: str) -> Call[Comparison]:
        """CompareToCanonical."""
        request = difference_pb.CompareToCanonicalRequest(
            collection=self.collection, article_id=required(article_id, "article_id")
        )
        return Call("DifferenceService", "CompareToCanonical", request, _comparison)

    def stale_members(self, article_id: str) -> Call[tuple[Comparison, ...]]:
        """ListStaleMembers."""
        request = difference_pb.ListStaleMembersRequest(
            collection=self.collection, article_id=required(article_id, "article_id")
        )
        return Call(
            "DifferenceService",
            "ListStaleMembers",
            request,
            lambda response: tuple(map(wire.comparison_from_message, response.comparisons)),
        )

    def list_events(self, *, after: int, page_size: int) -> Call[Page[Event]]:
        """ListEvents; the page token is the last sequence, "" where nothing more happened."""
        request = feed_pb.ListEventsRequest(
            collection=self.collection,
            after_sequence=sequence(after, "after"),
            page_size=whole(page_size, "page_size"),
        )

        def decode(response: feed_pb.ListEventsResponse) -> Page[Event]:
            events = tuple(map(wire.event_from_message, response.events))
            return Page(events, str(events[-1].sequence) if events else "")

        return Call("FeedService", "ListEvents", request, decode)

    def server_info(self) -> Call[ServerInfo]:
        """GetServerInfo."""
        request = info_pb.GetServerInfoRequest(collection=self.collection)
        return Call(
            "ServerInfoService",
            "GetServerInfo",
            request,
            lambda response: wire.server_info_from_message(response.server_info),
        )

    def stats(self) -> Call[dict[str, int]]:
        """GetStats."""
        request = admin_pb.GetStatsRequest(collection=self.collection)
        return Call("AdminService", "GetStats", request, lambda response: dict(response.counts))


def _stored_page(response: Any) -> Page[StoredArticle]:
    stored = tuple(map(wire.stored_article_from_message, response.articles))
    return Page(stored, response.next_page_token)


def _comparison(response: Any) -> Comparison:
    return wire.comparison_from_message(response.comparison)
