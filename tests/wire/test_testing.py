"""Does a client of the real server, as `storycluster.testing.serve` gives it, get real answers?"""

from __future__ import annotations

import asyncio
import dataclasses
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from storycluster import testing
from storycluster.client import AsyncClient, Client
from storycluster.domain import Article, EventKind, Relation, TimePrecision
from storycluster.errors import InvalidInput, MissingExtra, NotFound, Unavailable
from storycluster.ports import Encoder

MORNING = datetime(2026, 3, 2, 7, tzinfo=UTC)
HOUR = timedelta(hours=1)

FIRST = Article(
    "first",
    title="Fire closes paper mill in Arnhem",
    text="A fire closed the paper mill in Arnhem on Monday. Two workers were taken to hospital, "
    "the fire brigade said. Forty firefighters worked all night to keep the flames from the "
    "warehouse next door. The owner expects to open again in six weeks.",
    source="north",
    publish_time=MORNING,
    publish_precision=TimePrecision.EXACT,
)
COPY = dataclasses.replace(FIRST, article_id="copy", source="south", publish_time=MORNING + HOUR)
CHANGED = dataclasses.replace(
    FIRST,
    article_id="changed",
    text=FIRST.text.replace("Two workers", "Three workers"),
    source="east",
    publish_time=MORNING + 2 * HOUR,
)
OTHER = Article(
    "other",
    title="Parliament votes for a longer school year",
    text="Parliament voted on Thursday for a school year that is five days longer. The minister "
    "of education said that it begins after next summer. Unions of teachers are against it.",
    source="north",
)


@pytest.fixture(scope="module")
def address(encoder: Encoder) -> Iterator[str]:
    """A real server for the tests of this module, which use a collection each."""
    with testing.serve(encoder=encoder) as given:
        yield given


@pytest.fixture
def client(address: str, request: pytest.FixtureRequest) -> Iterator[Client]:
    """A client of a collection of its own."""
    with Client(address, collection=request.node.name[:60]) as made:
        made.ready(10.0)
        yield made


def test_one_story_from_arrival_to_comparison(client: Client) -> None:
    """Ingest, read, explain and compare agree about the same two articles."""
    new = client.ingest_article(FIRST)
    copy = client.ingest_article(COPY)
    changed = client.ingest_article(CHANGED)
    assert new.assignment.relation is Relation.NEW_STORY
    assert (copy.assignment.relation, copy.assignment.copy_of) == (Relation.EXACT_COPY, "first")
    assert changed.assignment.relation is Relation.NEAR_COPY
    assert changed.story is not None
    assert changed.comparison is not None
    story_id = new.assignment.story_id
    view = client.get_story(story_id)
    assert [one.article_id for one in view.members] == ["first", "copy", "changed"]
    assert client.get_article("copy").article.text == FIRST.text
    assert client.explain("copy")[-1] == copy.assignment
    assert [one.story_id for one in client.list_stories(min_article_count=3)] == [story_id]
    facts = client.get_story_facts(story_id)
    assert (facts.story_id, facts.canonical_article_id) == (story_id, "first")
    assert [one.article_id for one in facts.advisories] == ["copy", "changed"]
    texts = client.list_story_articles(story_id, page_size=2)
    assert [one.article.article_id for one in texts] == ["first", "copy", "changed"]
    found = client.compare("first", "changed")
    assert (found.base_article_id, found.other_article_id) == ("first", "changed")
    words = {one.other.text for one in found.differences if one.other is not None}
    assert any("Three" in text for text in words)
    assert client.compare_to_canonical("changed").differences == found.differences


FOOTER = "The North Post is printed by the guild of lightermen."
BRIEFS = (
    ("Ferry aground", "A ferry ran aground near the lighthouse at dawn; two tugs pulled it off."),
    ("Budget passed", "Parliament passed its budget after a long night; tobacco will cost more."),
    ("Volcano wakes", "The volcano threw ash and both airports of the island had to be closed."),
    ("Drivers strike", "Railway drivers walked out over pensions, and commuters shared cars."),
    ("Coins stolen", "Thieves took bronze coins from the museum of antiquities on Saturday."),
)


def test_learned_furniture_is_listed_by_both_clients(client: Client, address: str) -> None:
    """A footer that recurs in a source is listed as received, and masked in comparisons."""
    report = client.ingest(
        Article(f"brief-{n}", title=title, text=f"{told} {FOOTER}", source="north")
        for n, (title, told) in enumerate(BRIEFS)
    )
    assert report.accepted == 5
    (line,) = client.list_furniture("north", page_size=1)
    assert (line.source, line.text, line.article_count) == ("north", FOOTER, 5)
    assert FOOTER in client.get_article(line.article_id).article.text
    assert list(client.list_furniture("south")) == []
    masked = client.compare("brief-0", "brief-4").other_furniture
    assert [one.text for one in masked] == [FOOTER]

    async def listed() -> list[object]:
        collection = client._requests.collection
        async with AsyncClient(address, collection=collection) as other:
            return [one async for one in other.list_furniture()]

    assert asyncio.run(listed()) == [line]


def test_sending_again_is_harmless_and_a_new_text_is_a_revision(client: Client) -> None:
    """The stored answer comes back; other words under the id are revision two."""
    first = client.ingest_article(FIRST)
    again = client.ingest_article(FIRST)
    assert again.replayed
    assert again.assignment == first.assignment
    client.ingest_article(Article("first", title=FIRST.title, text=CHANGED.text))
    assert [one.article.revision for one in client.list_revisions("first", page_size=1)] == [1, 2]
    assert client.get_article("first", 1).article.text == FIRST.text


def test_bulk_ingest_counts_feed_and_stats_agree(client: Client) -> None:
    """Every article of the report is in the statistics and in the feed, in order."""
    report = client.ingest([FIRST, COPY, OTHER, Article("empty", text=" ")], errors="collect")
    assert report.accepted == 3
    assert report.by_relation == {"exact_copy": 1, "new_story": 2}
    (failure,) = report.failures
    assert (failure.index, failure.article_id) == (3, "empty")
    assert isinstance(failure.error, InvalidInput)
    assert client.stats()["articles"] == 3
    events = list(client.list_events(page_size=2))
    assert [one.sequence for one in events] == list(range(1, len(events) + 1))
    arrived = [one.article_id for one in events if one.kind is EventKind.ARTICLE_INGESTED]
    assert arrived == ["first", "copy", "other"]
    assert list(client.list_events(after=events[-1].sequence)) == []


def test_match_stores_nothing(client: Client) -> None:
    """It answers what ingest would, and the article is still unknown."""
    stored = client.ingest_article(FIRST)
    (match,) = client.match([COPY])
    assert match.story_id == stored.assignment.story_id  # type: ignore[union-attr]
    with pytest.raises(NotFound) as raised:
        client.get_article("copy")
    assert raised.value.name == "copy"


def test_a_text_over_the_servers_limit_is_refused_by_field(client: Client) -> None:
    """Alone by the server, in bulk before it is sent; both name `text`."""
    limit = client.server_info().max_text_bytes
    long = Article("long", text="word " * (limit // 5 + 1))
    with pytest.raises(InvalidInput) as raised:
        client.ingest_article(long)
    assert [one.field for one in raised.value.violations] == ["article.text"]
    report = client.ingest([FIRST, long, OTHER], errors="collect")
    assert report.accepted == 2
    assert "text" in str(report.failures[0].error)


def test_the_async_client_gets_the_same_answers(client: Client, address: str) -> None:
    """Both read one story, equal to the last field."""
    results = list(client.ingest_results([FIRST, COPY, OTHER]))

    async def run() -> list[object]:
        collection = repr(client).rpartition(", '")[2].removesuffix("')")
        async with AsyncClient(address, collection=collection) as other:
            again = [one async for one in other.ingest_results([FIRST, COPY, OTHER])]
            assert [one.article_id for one in again] == [one.article_id for one in results]
            return [one async for one in other.list_stories()]

    assert asyncio.run(run()) == list(client.list_stories())


@pytest.mark.slow
def test_the_server_is_gone_after_the_block(encoder: Encoder) -> None:
    """What was stored went with it."""
    with testing.serve(encoder=encoder) as address, Client(address) as client:
        client.ingest_article(FIRST)
    with Client(address) as client, pytest.raises(Unavailable):
        client.server_info(timeout=5.0)


def test_without_the_server_the_error_names_the_extra(monkeypatch: pytest.MonkeyPatch) -> None:
    """A plain client installation is told what to install."""
    monkeypatch.setitem(sys.modules, "storycluster_server.testing", None)
    with pytest.raises(MissingExtra, match=r"storycluster\[server\]"), testing.serve():
        pass
