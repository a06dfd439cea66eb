"""IngestService over a real channel: unary ingest, batches and matching."""

from __future__ import annotations

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from wire_calls import Stubs, article, refused

from storycluster.errors import Conflict, InvalidInput, NotFound, TooLarge
from storycluster.v1 import article_service_pb2, ingest_service_pb2, resources_pb2

YEAR_0 = Timestamp(seconds=-62_135_596_800 - 86_400)


def ingest_one(stubs: Stubs, **fields: object) -> ingest_service_pb2.IngestResult:
    request = ingest_service_pb2.IngestArticleRequest(**fields)
    return stubs.ingest.IngestArticle(request, timeout=30).result


def test_one_article_begins_a_story(stubs: Stubs) -> None:
    """The first article of a collection is answered with a new story, whose canonical it is."""
    result = ingest_one(stubs, article=article(1))
    assert result.assignment.WhichOneof("outcome") == "new_story"
    assert (result.assignment.article_id, result.assignment.sequence) == ("a1", 1)
    assert result.canonical.article_id == "a1"
    assert not result.replayed


def test_the_same_article_again_is_replayed(stubs: Stubs) -> None:
    """Sending an article again gives the stored decision, marked as replayed."""
    first = ingest_one(stubs, article=article(1))
    again = ingest_one(stubs, article=article(1))
    assert again.replayed
    assert again.assignment == first.assignment


def test_a_view_shows_story_and_comparisons(stubs: Stubs) -> None:
    """With include_view the result carries the story and what changed since the last revision."""
    original = article(1)
    ingest_one(stubs, article=original)
    revised = article(1, text=original.text + ". A spokesman said 12 people were hurt")
    result = ingest_one(stubs, article=revised, include_view=True)
    assert result.story.story_id == result.assignment.story_id
    assert result.story.article_count == 1
    assert result.revision_comparison.base_revision == 1
    assert result.revision_comparison.other_revision == 2
    assert len(result.revision_comparison.differences) >= 1


def test_a_batch_keeps_order_and_refuses_one_by_one(stubs: Stubs) -> None:
    """A wrong article of a batch is refused in its place, with its path; the others are stored."""
    late = article(5, publish_time=YEAR_0)
    results = stubs.ingest_all(
        article(1), article(2, text="a\x00b"), article(3), resources_pb2.Article(text="x"), late
    )
    assert [r.WhichOneof("outcome") for r in results] == [
        "assignment",
        "error",
        "assignment",
        "error",
        "error",
    ]
    assert [r.article_id for r in results] == ["a1", "a2", "a3", "", "a5"]
    assert results[1].error.code == grpc.StatusCode.INVALID_ARGUMENT.value[0]
    assert "articles[1].text" in str(results[1].error)
    assert "articles[3].article_id" in str(results[3].error)
    assert "articles[4].publish_time" in str(results[4].error)


@pytest.mark.parametrize(
    ("sent", "field"),
    [
        (article(1, text="a\x00b"), "article.text"),
        (article(1, publish_time=YEAR_0), "article.publish_time"),
        (resources_pb2.Article(text="some words"), "article.article_id"),
        (resources_pb2.Article(article_id="a"), "article.text"),
        (article(1, revision=-1), "article.revision"),
        (article(1, title="t" * 5000), "article.title"),
        (None, "article"),
    ],
)
def test_a_wrong_article_fails_the_unary_call(
    stubs: Stubs, sent: resources_pb2.Article | None, field: str
) -> None:
    """IngestArticle refuses with INVALID_ARGUMENT, FIELD_INVALID and the path of the field."""
    request = ingest_service_pb2.IngestArticleRequest(article=sent)
    refusal = refused(stubs.ingest.IngestArticle, request)
    assert refusal.code is grpc.StatusCode.INVALID_ARGUMENT
    assert refusal.reason == "FIELD_INVALID"
    assert refusal.fields == (field,)
    assert isinstance(refusal.error, InvalidInput)


def test_nothing_of_a_refused_article_is_stored(stubs: Stubs) -> None:
    """A refused article is unknown afterwards."""
    refused(
        stubs.ingest.IngestArticle,
        ingest_service_pb2.IngestArticleRequest(article=article(1, publish_time=YEAR_0)),
    )
    request = article_service_pb2.GetArticleRequest(article_id="a1")
    assert isinstance(refused(stubs.article.GetArticle, request).error, NotFound)


@pytest.mark.parametrize("count", [0, 129])
def test_a_batch_of_none_or_too_many_is_refused(stubs: Stubs, count: int) -> None:
    """A batch holds 1 to max_batch_articles articles; else the call fails and names the field."""
    request = ingest_service_pb2.BatchIngestArticlesRequest(
        articles=[article(n) for n in range(count)]
    )
    refusal = refused(stubs.ingest.BatchIngestArticles, request)
    assert (refusal.code, refusal.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ("articles",))


def test_another_text_under_a_taken_revision_is_a_conflict(stubs: Stubs) -> None:
    """A revision number that holds another text is ALREADY_EXISTS."""
    ingest_one(stubs, article=article(1, revision=3))
    request = ingest_service_pb2.IngestArticleRequest(
        article=article(2, article_id="a1", revision=3)
    )
    refusal = refused(stubs.ingest.IngestArticle, request)
    assert (refusal.code, refusal.reason) == (
        grpc.StatusCode.ALREADY_EXISTS,
        "ARTICLE_CONFLICT",
    )
    assert isinstance(refusal.error, Conflict)


def test_a_message_over_the_limit_is_told_as_too_large(stubs: Stubs) -> None:
    """A message over max_message_bytes arrives as TooLarge, which nobody should retry."""
    sent = [article(n, text="word " * 380_000) for n in range(5)]
    request = ingest_service_pb2.BatchIngestArticlesRequest(articles=sent)
    refusal = refused(stubs.ingest.BatchIngestArticles, request)
    assert refusal.code is grpc.StatusCode.RESOURCE_EXHAUSTED
    assert isinstance(refusal.error, TooLarge)


def test_bytes_that_are_no_message_are_the_callers_fault(stubs: Stubs) -> None:
    """Bytes that cannot be decoded are INVALID_ARGUMENT, not an internal error."""
    method = "/storycluster.v1.IngestService/IngestArticle"
    call = stubs.channel.unary_unary(method)
    refusal = refused(call, b"\xff\xff\xff\xff")
    assert (refusal.code, refusal.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ("request",))


def test_collections_do_not_see_each_other(stubs: Stubs) -> None:
    """The same article in two collections is new in both."""
    for collection in ("one", "two"):
        (result,) = stubs.ingest_all(article(1), collection=collection)
        assert not result.replayed
        assert result.assignment.sequence == 1


def test_matching_stores_nothing(stubs: Stubs) -> None:
    """MatchArticles names the story an article would join, refuses one by one, stores nothing."""
    (stored,) = stubs.ingest_all(article(1))
    request = ingest_service_pb2.MatchArticlesRequest(
        articles=[
            article(1, article_id="copy"),
            article(2, text="\x00"),
            article(3, article_id="new"),
        ]
    )
    copy, wrong, new = stubs.ingest.MatchArticles(request, timeout=30).results
    assert copy.match.story_id == stored.assignment.story_id
    assert copy.match.exact_copy.copy_of_article_id == "a1"
    assert "articles[1].text" in str(wrong.error)
    assert new.match.WhichOneof("outcome") == "new_story"
    for unknown in ("copy", "new"):
        asked = article_service_pb2.GetArticleRequest(article_id=unknown)
        assert refused(stubs.article.GetArticle, asked).code is grpc.StatusCode.NOT_FOUND
