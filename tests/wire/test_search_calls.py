"""Are stories and articles found through a real server, by both clients and the command line?"""

from __future__ import annotations

import asyncio
import dataclasses
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from newsroom import ALL, FERRY, FERRY_COPY, MILL, story_of
from typer.testing import CliRunner

from storycluster import testing
from storycluster.cli.app import app
from storycluster.client import AsyncClient, Client
from storycluster.domain import Article, TimePrecision
from storycluster.errors import InvalidInput
from storycluster.ports import Encoder

DAY = timedelta(days=1)
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
FRIDAY = MONDAY + 4 * DAY
ASKED = dataclasses.replace(FERRY, article_id="asked")


def dated(article: Article) -> Article:
    time, source = (FRIDAY, "North Post") if article is MILL else (MONDAY, "Harbour Herald")
    return dataclasses.replace(
        article, publish_time=time, publish_precision=TimePrecision.EXACT, source=source
    )


@pytest.fixture(scope="module")
def address(encoder: Encoder) -> Iterator[str]:
    """A real server for the tests of this module, which only read."""
    with testing.serve(encoder=encoder) as given:
        with Client(given) as client:
            for article in ALL:
                client.ingest_article(dated(article), view=False)
        yield given


@pytest.fixture
def client(address: str) -> Iterator[Client]:
    """A client of the collection that holds two stories."""
    with Client(address) as made:
        yield made


@pytest.fixture
def run(address: str) -> Callable[..., Any]:
    """Runs a command on that server."""
    return lambda *words: CliRunner().invoke(app, words, env={"STORYCLUSTER_SERVER": address})


def lines(result: Any) -> list[Any]:
    """The JSON objects a command printed."""
    assert result.exit_code == 0, result.output
    return [json.loads(line) for line in result.stdout.splitlines()]


def test_a_search_finds_the_story_first(client: Client) -> None:
    """With the member that is most like the words; most similar first."""
    first, *others = client.search_stories("a fire in the old mill of Dunmore")
    assert (first.story.story_id, first.article_id) == (story_of(client, "mill"), "mill")
    assert first.story == client.get_story(first.story.story_id).story
    assert all(0.0 <= one.similarity <= first.similarity for one in others)
    assert client.search_stories("a fire in the old mill of Dunmore", limit=1) == (first,)


def test_a_list_and_a_search_are_filtered_alike(client: Client) -> None:
    """By time, half open, by source, capitals aside, and by size."""
    ferry, mill = story_of(client, "ferry"), story_of(client, "mill")
    cases: list[tuple[dict[str, Any], set[str]]] = [
        ({}, {ferry, mill}),
        ({"published_after": FRIDAY}, {mill}),
        ({"published_after": FRIDAY + DAY}, set()),
        ({"published_before": FRIDAY}, {ferry}),
        ({"published_after": MONDAY, "published_before": FRIDAY + DAY}, {ferry, mill}),
        ({"source": "north post"}, {mill}),
        ({"source": "nobody"}, set()),
        ({"min_article_count": 2}, {ferry}),
    ]
    for wanted, ids in cases:
        assert {one.story_id for one in client.list_stories(**wanted, page_size=1)} == ids
        hits = client.search_stories("people at the harbour and the mill", **wanted)
        assert {one.story.story_id for one in hits} == ids


def test_the_copy_of_a_text_is_most_like_it(client: Client) -> None:
    """The stored article itself is left out, and a text is found that is not stored."""
    before = client.stats()
    first, *_ = client.find_similar_articles(ASKED)
    assert (first.article_id, first.jaccard, first.similarity) == ("ferry", 1.0, 1.0)
    assert (first.story_id, first.source) == (story_of(client, "ferry"), "Harbour Herald")
    known = client.find_similar_articles(FERRY)
    assert known[0].article_id == FERRY_COPY.article_id
    assert FERRY.article_id not in {one.article_id for one in known}
    assert len(client.find_similar_articles(ASKED, limit=2)) == 2
    assert client.stats() == before


def test_both_clients_find_the_same(client: Client, address: str) -> None:
    """Equal to the last field."""

    async def found() -> list[Any]:
        async with AsyncClient(address) as other:
            return [
                await other.search_stories("the harbour", published_before=FRIDAY),
                await other.find_similar_articles(ASKED),
                tuple([one async for one in other.list_stories(source="north post")]),
            ]

    assert asyncio.run(found()) == [
        client.search_stories("the harbour", published_before=FRIDAY),
        client.find_similar_articles(ASKED),
        tuple(client.list_stories(source="north post")),
    ]


def test_what_cannot_be_asked_is_refused_by_name(client: Client) -> None:
    """The field as the request has it."""
    for ask, name in (
        (lambda: client.search_stories("…"), "query"),
        (lambda: list(client.list_stories(published_after=datetime.now())), "published_after"),
        (
            lambda: client.search_stories("x", published_after=FRIDAY, published_before=FRIDAY),
            "published_before",
        ),
        (lambda: client.find_similar_articles(Article("a", text="…")), "article.text"),
        (lambda: client.find_similar_articles(Article(" ", text="A mill")), "article.article_id"),
    ):
        with pytest.raises(InvalidInput) as refused:
            ask()
        assert [one.field for one in refused.value.violations] == [name]


def test_in_an_unknown_collection_nothing_is_found(address: str) -> None:
    """And nothing is refused."""
    with Client(address, collection="unknown") as client:
        assert client.search_stories("the harbour") == ()
        assert client.find_similar_articles(FERRY) == ()
        assert list(client.list_stories(source="north post")) == []


def test_a_search_from_the_command_line(run: Callable[..., Any], client: Client) -> None:
    """Words need no quotes; a table for people, JSON for scripts, the filters of a list."""
    mill, ferry = story_of(client, "mill"), story_of(client, "ferry")
    first, *_ = lines(run("search", "mill", "fire", "Dunmore", "--json"))
    assert (first["story"]["story_id"], first["article_id"]) == (mill, "mill")
    told = run("search", "mill", "fire", "--limit", "1").stdout.splitlines()
    assert [line.split()[1] for line in told] == ["story", mill]
    for wanted, story_id in (
        (("--since", "2026-03-06"), mill),
        (("--until", "2026-03-06T09:00Z"), ferry),
        (("--source", "NORTH POST"), mill),
        (("--min-articles", "2"), ferry),
    ):
        assert [one["story_id"] for one in lines(run("story", "list", "--json", *wanted))] == [
            story_id
        ]
        hits = lines(run("search", "harbour", "mill", "--json", *wanted))
        assert [one["story"]["story_id"] for one in hits] == [story_id]


def test_a_file_is_compared_to_what_is_stored(run: Callable[..., Any], tmp_path: Path) -> None:
    """It is not stored; a file of several articles, or of none, is wrong usage."""
    file = tmp_path / "asked.txt"
    file.write_text(FERRY.text, encoding="utf-8")
    (first,) = lines(run("similar", str(file), "--json", "--limit", "1"))
    assert (first["article_id"], first["jaccard"]) == ("ferry", 1.0)
    told = run("similar", str(file)).stdout.splitlines()
    assert told[1].split()[:2] == ["1.00", "1.00"]
    assert run("article", "show", "asked").exit_code == 1
    several = tmp_path / "several.jsonl"
    several.write_text('{"id": "a", "text": "A mill"}\n{"id": "b", "text": "A ferry"}\n')
    for wrong in (several, tmp_path / "missing.txt"):
        assert run("similar", str(wrong)).exit_code == 2


def test_wrong_usage_of_a_filter_is_2(run: Callable[..., Any]) -> None:
    """A time that is none, or without a zone; what only the server can know is 1."""
    assert run("search", "mill", "--since", "yesterday").exit_code == 2
    assert run("story", "list", "--until", "2026-03-06T09:00").exit_code == 2
    assert run("search", "mill", "--limit", "0").exit_code == 2
    assert run("search", "…").exit_code == 1
    span = ("--since", "2026-03-06", "--until", "2026-03-06")
    refused = run("story", "list", *span)
    assert (refused.exit_code, "published_before" in refused.stderr) == (1, True)
