"""The reading services over a real channel."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
import pytest
from google.protobuf.timestamp_pb2 import Timestamp
from storycluster_server.testing import RunningServer
from wire_calls import Stubs, article, refused

from storycluster.errors import InvalidInput, NotFound
from storycluster.v1 import (
    admin_service_pb2,
    article_service_pb2,
    difference_service_pb2,
    feed_service_pb2,
    server_info_service_pb2,
    story_service_pb2,
)


@pytest.fixture
def filled(stubs: Stubs) -> Stubs:
    """Three articles, two of them copies; the first has two revisions."""
    first = article(1)
    stubs.ingest_all(first, article(1, article_id="copy"), article(2))
    stubs.ingest_all(article(1, text=first.text + ". One more sentence was added today"))
    return stubs


def test_an_article_is_read_as_it_was_sent(filled: Stubs) -> None:
    """GetArticle gives the latest revision, or the one asked for."""
    get = filled.article.GetArticle
    latest = get(article_service_pb2.GetArticleRequest(article_id="a1"), timeout=30).article
    assert (latest.article.revision, latest.latest) == (2, True)
    first = get(article_service_pb2.GetArticleRequest(article_id="a1", revision=1), timeout=30)
    assert first.article.article.text == article(1).text
    assert not first.article.latest


def test_revisions_are_listed_in_pages(filled: Stubs) -> None:
    """ListRevisions gives ascending revisions; following the tokens gives each once."""
    seen, token = [], ""
    for _ in range(2):
        request = article_service_pb2.ListRevisionsRequest(
            article_id="a1", page_size=1, page_token=token
        )
        page = filled.article.ListRevisions(request, timeout=30)
        seen += [stored.article.revision for stored in page.articles]
        token = page.next_page_token
    assert (seen, token) == ([1, 2], "")


def test_an_assignment_is_explained(filled: Stubs) -> None:
    """ExplainAssignment gives every decision, oldest first."""
    request = article_service_pb2.ExplainAssignmentRequest(article_id="a1")
    made = filled.article.ExplainAssignment(request, timeout=30).assignments
    assert made[0].WhichOneof("outcome") == "new_story"
    assert [one.revision for one in made] == sorted(one.revision for one in made)
    assert len(made) >= 2


def story_of(stubs: Stubs, article_id: str) -> str:
    request = article_service_pb2.GetArticleRequest(article_id=article_id)
    return str(stubs.article.GetArticle(request, timeout=30).article.assignment.story_id)


def test_a_story_has_its_members(filled: Stubs) -> None:
    """GetStory gives the members in order of arrival."""
    request = story_service_pb2.GetStoryRequest(story_id=story_of(filled, "a1"))
    view = filled.story.GetStory(request, timeout=30).view
    assert [member.article_id for member in view.members] == ["a1", "copy"]
    assert view.story.article_count == 2


def test_several_stories_are_read_at_once(filled: Stubs) -> None:
    """BatchGetStories keeps the order asked for and tells which ids name no story."""
    ids = [story_of(filled, "a2"), "nothing", story_of(filled, "a1")]
    request = story_service_pb2.BatchGetStoriesRequest(story_ids=ids)
    answer = filled.story.BatchGetStories(request, timeout=30)
    assert [view.story.story_id for view in answer.views] == [ids[0], ids[2]]
    assert list(answer.missing_story_ids) == ["nothing"]


def test_stories_are_listed_in_pages(filled: Stubs) -> None:
    """ListStories gives newest first; following the tokens gives each once."""
    seen, token = [], ""
    while True:
        request = story_service_pb2.ListStoriesRequest(page_size=1, page_token=token)
        page = filled.story.ListStories(request, timeout=30)
        seen += [story.story_id for story in page.stories]
        token = page.next_page_token
        if not token:
            break
    assert seen == [story_of(filled, "a2"), story_of(filled, "a1")]


def test_stories_are_chosen_by_size_time_and_source(filled: Stubs) -> None:
    """ListStories and SearchStories take the same filters; merged stories are listed if asked."""
    filled.ingest_all(
        article(3, publish_time=Timestamp(seconds=1_000), source="South"),
        article(4, publish_time=Timestamp(seconds=2_000), source="north"),
    )
    homes = {name: story_of(filled, name) for name in ("a1", "a3", "a4")}
    cases: list[tuple[dict[str, Any], set[str]]] = [
        ({"min_article_count": 2}, {"a1"}),
        ({"published_after": Timestamp(seconds=2_000)}, {"a4"}),
        ({"published_before": Timestamp(seconds=2_000)}, {"a3"}),
        ({"source": "SOUTH"}, {"a3"}),
        ({"source": "south", "published_after": Timestamp(seconds=2_000)}, set()),
    ]
    for wanted, names in cases:
        asked = story_service_pb2.ListStoriesRequest(include_merged=True, **wanted)
        listed = filled.story.ListStories(asked, timeout=30).stories
        assert {story.story_id for story in listed} == {homes[name] for name in names}
        words = " ".join(article(number).title for number in (1, 3, 4))
        search = story_service_pb2.SearchStoriesRequest(query=words, **wanted)
        hits = filled.story.SearchStories(search, timeout=30).hits
        assert {hit.story.story_id for hit in hits} == {homes[name] for name in names}


def test_what_is_asked_gives_its_room_back(filled: Stubs, server: RunningServer) -> None:
    """Neither an answer nor a refusal leaves the budget of accepted work smaller."""
    search, similar = filled.story.SearchStories, filled.article.FindSimilarArticles
    search(story_service_pb2.SearchStoriesRequest(query="a mill"), timeout=30)
    similar(article_service_pb2.FindSimilarArticlesRequest(article=article(1)), timeout=30)
    refused(search, story_service_pb2.SearchStoriesRequest(query="…"))
    budget = server.server.core.batcher.budget
    assert (budget.articles, budget.bytes) == (0, 0)


def test_a_storys_articles_are_listed_in_pages(filled: Stubs) -> None:
    """ListStoryArticles gives latest revisions with their texts, in order of arrival."""
    story_id, seen, token = story_of(filled, "a1"), [], ""
    for _ in range(2):
        request = story_service_pb2.ListStoryArticlesRequest(
            story_id=story_id, page_size=1, page_token=token
        )
        page = filled.story.ListStoryArticles(request, timeout=30)
        assert page.story_id == story_id
        seen += [(one.article.article_id, one.article.revision) for one in page.articles]
        token = page.next_page_token
    assert (seen, token) == ([("a1", 2), ("copy", 1)], "")


def test_a_page_ends_before_it_is_too_large(
    serve: Callable[..., RunningServer], connect: Callable[[str], Stubs]
) -> None:
    """ListStoryArticles never answers over max_message_bytes; the token leads on."""
    server = serve({"server.max_message_bytes": 65_536})
    stubs = connect(server.address)
    text = article(1).text * 30
    for copy in range(4):
        stubs.ingest_all(article(1, article_id=f"c{copy}", text=text))
    story_id, seen, token, pages = story_of(stubs, "c0"), [], "", 0
    while pages == 0 or token:
        request = story_service_pb2.ListStoryArticlesRequest(story_id=story_id, page_token=token)
        page = stubs.story.ListStoryArticles(request, timeout=30)
        assert page.ByteSize() <= 65_536
        seen += [one.article.article_id for one in page.articles]
        token, pages = page.next_page_token, pages + 1
    assert seen == ["c0", "c1", "c2", "c3"]
    assert pages > 1


def test_the_facts_of_a_story_are_told(filled: Stubs) -> None:
    """GetStoryFacts has a cell for each group that states a fact, and the copy is told by its
    original; spans are exact."""
    text = "A mill near Lund burned on Monday. Police said 12 people died in the yard of the mill."
    filled.ingest_all(
        article(3, article_id="f1", title="Mill burns near Lund", text=text),
        article(3, article_id="f2", title="Mill burns near Lund", text=text),
    )
    request = story_service_pb2.GetStoryFactsRequest(story_id=story_of(filled, "f1"))
    found = filled.story.GetStoryFacts(request, timeout=30).facts
    assert (found.story_id, found.canonical_article_id) == (request.story_id, "f1")
    (fact,) = found.facts
    assert (fact.kind, fact.value) == (story_service_pb2.FACT_KIND_NUMBER, "12 person dead")
    (cell,) = fact.cells
    assert (cell.article_id, cell.span.text) == ("f1", "12 people")
    assert text[cell.span.start : cell.span.end] == cell.span.text
    assert [(one.fact, one.article_id) for one in found.timeline] == [(0, "f1")]
    assert [(one.article_id, one.text) for one in found.advisories] == [("f2", "Copy of f1")]
    ((copy,),) = [group.copies for group in found.reprint_groups]
    assert copy.article_id == "f2"


def test_two_articles_are_compared(filled: Stubs) -> None:
    """CompareArticles compares two revisions; CompareToCanonical takes the story's canonical."""
    request = difference_service_pb2.CompareArticlesRequest(
        base_article_id="a1", other_article_id="a1", base_revision=1, other_revision=2
    )
    found = filled.difference.CompareArticles(request, timeout=30).comparison
    assert (found.base_revision, found.other_revision) == (1, 2)
    asked = difference_service_pb2.CompareToCanonicalRequest(article_id="copy")
    against = filled.difference.CompareToCanonical(asked, timeout=30).comparison
    assert against.other_article_id == "copy"


def test_the_feed_is_read_from_any_place(filled: Stubs) -> None:
    """ListEvents gives gap-free sequences after the place asked for."""
    request = feed_service_pb2.ListEventsRequest(after_sequence=1, page_size=2)
    events = filled.feed.ListEvents(request, timeout=30).events
    assert [event.sequence for event in events] == [2, 3]


def test_the_server_tells_what_it_is(stubs: Stubs, server: RunningServer) -> None:
    """GetServerInfo names encoder, scheme and limits."""
    request = server_info_service_pb2.GetServerInfoRequest()
    info = stubs.info.GetServerInfo(request, timeout=30).server_info
    engine = server.server.engine
    assert (info.encoder_id, info.dimensions) == (engine.encoder_id, engine.dimensions)
    assert info.settings_digest == engine.settings.digest()
    assert info.limits.max_batch_articles == 128


def test_the_operator_reads_the_counts(filled: Stubs) -> None:
    """GetStats counts the collection."""
    answer = filled.admin.GetStats(admin_service_pb2.GetStatsRequest(), timeout=30)
    assert answer.collection == "default"
    assert (answer.counts["articles"], answer.counts["stories"]) == (3, 2)


UNKNOWN = [
    ("article", "GetArticle", article_service_pb2.GetArticleRequest(article_id="x")),
    ("article", "ListRevisions", article_service_pb2.ListRevisionsRequest(article_id="x")),
    (
        "article",
        "ExplainAssignment",
        article_service_pb2.ExplainAssignmentRequest(article_id="x"),
    ),
    ("story", "GetStory", story_service_pb2.GetStoryRequest(story_id="x")),
    ("story", "ListStoryArticles", story_service_pb2.ListStoryArticlesRequest(story_id="x")),
    ("story", "GetStoryFacts", story_service_pb2.GetStoryFactsRequest(story_id="x")),
    (
        "difference",
        "CompareToCanonical",
        difference_service_pb2.CompareToCanonicalRequest(article_id="x"),
    ),
    (
        "difference",
        "CompareArticles",
        difference_service_pb2.CompareArticlesRequest(base_article_id="x", other_article_id="x"),
    ),
]


@pytest.mark.parametrize(("service", "method", "request_"), UNKNOWN)
def test_an_unknown_id_is_not_found(
    stubs: Stubs, service: str, method: str, request_: object
) -> None:
    """An unknown id is NOT_FOUND and the error names it."""
    refusal = refused(getattr(getattr(stubs, service), method), request_)
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.NOT_FOUND, "NOT_FOUND")
    assert isinstance(refusal.error, NotFound)
    assert refusal.error.name == "x"


WRONG = [
    ("article", "GetArticle", article_service_pb2.GetArticleRequest(), "article_id"),
    (
        "article",
        "GetArticle",
        article_service_pb2.GetArticleRequest(article_id="a", revision=-1),
        "revision",
    ),
    (
        "article",
        "ListRevisions",
        article_service_pb2.ListRevisionsRequest(article_id="a", page_size=-1),
        "page_size",
    ),
    (
        "article",
        "ListRevisions",
        article_service_pb2.ListRevisionsRequest(article_id="a", page_token="ü!"),
        "page_token",
    ),
    ("article", "ExplainAssignment", article_service_pb2.ExplainAssignmentRequest(), "article_id"),
    (
        "article",
        "ListFurniture",
        article_service_pb2.ListFurnitureRequest(page_size=-1),
        "page_size",
    ),
    (
        "article",
        "ListFurniture",
        article_service_pb2.ListFurnitureRequest(page_token="zz"),
        "page_token",
    ),
    (
        "article",
        "FindSimilarArticles",
        article_service_pb2.FindSimilarArticlesRequest(),
        "article",
    ),
    (
        "article",
        "FindSimilarArticles",
        article_service_pb2.FindSimilarArticlesRequest(article=article(1), page_size=-1),
        "page_size",
    ),
    (
        "article",
        "FindSimilarArticles",
        article_service_pb2.FindSimilarArticlesRequest(article=article(1), collection="\0"),
        "collection",
    ),
    (
        "article",
        "FindSimilarArticles",
        article_service_pb2.FindSimilarArticlesRequest(article=article(1, text="\0")),
        "article.text",
    ),
    (
        "article",
        "FindSimilarArticles",
        article_service_pb2.FindSimilarArticlesRequest(
            article=article(1, publish_time=Timestamp(seconds=2**62))
        ),
        "article.publish_time",
    ),
    ("story", "GetStory", story_service_pb2.GetStoryRequest(), "story_id"),
    (
        "story",
        "GetStory",
        story_service_pb2.GetStoryRequest(collection="\0", story_id="s"),
        "collection",
    ),
    ("story", "GetStoryFacts", story_service_pb2.GetStoryFactsRequest(), "story_id"),
    ("story", "BatchGetStories", story_service_pb2.BatchGetStoriesRequest(), "story_ids"),
    ("story", "ListStories", story_service_pb2.ListStoriesRequest(page_size=-1), "page_size"),
    ("story", "ListStories", story_service_pb2.ListStoriesRequest(page_token="zz"), "page_token"),
    (
        "story",
        "ListStories",
        story_service_pb2.ListStoriesRequest(min_article_count=-1),
        "min_article_count",
    ),
    (
        "story",
        "ListStories",
        story_service_pb2.ListStoriesRequest(published_after=Timestamp(seconds=2**62)),
        "published_after",
    ),
    (
        "story",
        "ListStories",
        story_service_pb2.ListStoriesRequest(
            published_after=Timestamp(seconds=5), published_before=Timestamp(seconds=5)
        ),
        "published_before",
    ),
    ("story", "SearchStories", story_service_pb2.SearchStoriesRequest(), "query"),
    ("story", "SearchStories", story_service_pb2.SearchStoriesRequest(query="…"), "query"),
    (
        "story",
        "SearchStories",
        story_service_pb2.SearchStoriesRequest(query="a mill", page_size=-1),
        "page_size",
    ),
    (
        "story",
        "SearchStories",
        story_service_pb2.SearchStoriesRequest(query="a mill", collection="\0"),
        "collection",
    ),
    (
        "story",
        "SearchStories",
        story_service_pb2.SearchStoriesRequest(query="a mill", min_article_count=-1),
        "min_article_count",
    ),
    (
        "story",
        "SearchStories",
        story_service_pb2.SearchStoriesRequest(
            query="a mill",
            published_after=Timestamp(seconds=6),
            published_before=Timestamp(seconds=5),
        ),
        "published_before",
    ),
    (
        "story",
        "ListStoryArticles",
        story_service_pb2.ListStoryArticlesRequest(story_id="s", page_token="zz"),
        "page_token",
    ),
    (
        "difference",
        "CompareArticles",
        difference_service_pb2.CompareArticlesRequest(),
        "base_article_id",
    ),
    (
        "difference",
        "CompareToCanonical",
        difference_service_pb2.CompareToCanonicalRequest(),
        "article_id",
    ),
    ("feed", "ListEvents", feed_service_pb2.ListEventsRequest(after_sequence=-1), "after_sequence"),
    ("feed", "ListEvents", feed_service_pb2.ListEventsRequest(page_size=-1), "page_size"),
]


@pytest.mark.parametrize(("service", "method", "request_", "field"), WRONG)
def test_a_wrong_field_is_named(
    stubs: Stubs, service: str, method: str, request_: object, field: str
) -> None:
    """A wrong field is INVALID_ARGUMENT with its path."""
    refusal = refused(getattr(getattr(stubs, service), method), request_)
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.INVALID_ARGUMENT, "FIELD_INVALID")
    assert refusal.fields == (field,)
    assert isinstance(refusal.error, InvalidInput)


def test_a_token_of_another_list_is_refused(filled: Stubs) -> None:
    """A token belongs to its question: another article's or another method's is refused."""
    request = article_service_pb2.ListRevisionsRequest(article_id="a1", page_size=1)
    token = filled.article.ListRevisions(request, timeout=30).next_page_token
    other = article_service_pb2.ListRevisionsRequest(article_id="copy", page_token=token)
    assert refused(filled.article.ListRevisions, other).fields == ("page_token",)
    story = story_service_pb2.ListStoryArticlesRequest(
        story_id=story_of(filled, "a1"), page_token=token
    )
    assert refused(filled.story.ListStoryArticles, story).fields == ("page_token",)
