"""questions, searching: what is like a text, of any time, and which stories a filter passes."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storycluster.backends import open_store
from storycluster.domain import Act, Article, StoryFilter
from storycluster.engine import Engine, scheme_of
from storycluster.errors import InvalidInput
from storycluster.formats import Found, read_paths
from storycluster.ports import Encoder
from storycluster.settings import Settings

SEEDS = Path(__file__).parents[2] / "seeds/articles.jsonl"
ARTICLES = {
    item.article.article_id: item.article
    for item in read_paths([str(SEEDS)])
    if isinstance(item, Found)
}
STRIKE, COPY = "gulflantern-5521", "orientmirror-000731"
QUAKE = "kestrel-170412-09"


@pytest.fixture(scope="module")
def engine(encoder: Encoder) -> Iterator[Engine]:
    made = Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder)
    made.ingest("", list(ARTICLES.values()))
    yield made
    made.close()


def home(engine: Engine, article_id: str) -> str:
    return engine.get_article("", article_id).assignment.story_id


def test_the_copy_of_a_text_is_most_like_it(engine: Engine) -> None:
    """Then the other reports of its story; the stored article itself is left out."""
    found = engine.similar("", ARTICLES[STRIKE], limit=4)
    assert found[0].article_id == COPY
    assert len(found) == 4
    assert STRIKE not in {one.article_id for one in found}
    assert {one.story_id for one in found} == {home(engine, STRIKE)}
    assert [one.similarity for one in found] == sorted(
        (one.similarity for one in found), reverse=True
    )
    assert all(0.0 <= one.similarity <= 1.0 for one in found)


def test_a_text_of_another_time_finds_it_too(engine: Engine) -> None:
    """The lookback is for joining, not for searching."""
    years = timedelta(days=3000)
    asked = dataclasses.replace(
        ARTICLES[QUAKE], article_id="asked", publish_time=datetime(2017, 4, 12, tzinfo=UTC) + years
    )
    assert engine.similar("", asked)[0].article_id == QUAKE


def test_asking_leaves_no_trace(engine: Engine) -> None:
    """No article, no story, no event."""
    before = engine.stats("")
    engine.similar("", Article("asked", text="A ferry sank off Tarrow."))
    engine.search("", "a ferry that sank")
    assert engine.stats("") == before


@pytest.mark.parametrize(
    ("query", "article_id"),
    [
        ("earthquake in Sarrano", QUAKE),
        ("Turkish and Russian planes strike near al-Bab", STRIKE),
        ("central bank raises rates", "hwn-20170223-0201"),
    ],
)
def test_a_search_finds_the_story(engine: Engine, query: str, article_id: str) -> None:
    """The best hit is it, and names the member that is most like the query."""
    best, *_ = engine.search("", query, limit=3)
    assert best.story.story_id == home(engine, article_id)
    assert home(engine, best.article_id) == best.story.story_id


def test_an_article_called_query_is_found(encoder: Encoder) -> None:
    """What is asked has no id of its own."""
    engine = Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder)
    engine.ingest("", [Article("query", text="A ferry sank off the island of Tarrow.")])
    [hit] = engine.search("", "a ferry that sank off Tarrow")
    assert hit.article_id == "query"
    engine.close()


def test_a_search_is_filtered(engine: Engine) -> None:
    """By size, time and source."""
    query = "earthquake in Sarrano"
    whole = {one.story.story_id for one in engine.search("", query, limit=50)}
    april = datetime(2017, 4, 1, tzinfo=UTC)
    for wanted in (
        StoryFilter(min_article_count=3),
        StoryFilter(published_after=april),
        StoryFilter(published_before=april),
        StoryFilter(source=ARTICLES[QUAKE].source.upper()),
    ):
        hits = {one.story.story_id: one.story for one in engine.search("", query, wanted, limit=50)}
        listed = {one.story_id for one in engine.list_stories("", wanted, page_size=500).items}
        assert hits.keys() == whole & listed
        assert 0 < len(hits) < len(whole)


def test_a_filtered_list_is_complete_in_pages(engine: Engine) -> None:
    """Newest first, whatever the page size; a token of another filter is refused."""
    wanted = StoryFilter(min_article_count=3, source=ARTICLES[QUAKE].source)
    whole = engine.list_stories("", wanted, page_size=500).items
    assert len(whole) > 3
    paged, token = [], ""
    while True:
        page = engine.list_stories("", wanted, page_size=2, page_token=token)
        paged += page.items
        token = page.next_page_token
        if not token:
            break
        with pytest.raises(InvalidInput, match="page_token"):
            engine.list_stories("", page_token=token)
    assert tuple(paged) == whole


@pytest.mark.parametrize("query", ["", " ", "…", "a\x00b", "x" * 2_000_000])
def test_a_query_without_words_is_refused_by_name(engine: Engine, query: str) -> None:
    """The field is `query`."""
    with pytest.raises(InvalidInput, match="query"):
        engine.search("", query)


def test_a_withdrawn_article_is_not_found(engine: Engine) -> None:
    """Neither as similar nor as the story's best member."""
    engine.withdraw("", COPY, Act("desk", "test"))
    found = engine.similar("", dataclasses.replace(ARTICLES[COPY], article_id="asked"))
    assert COPY not in {one.article_id for one in found}
    assert found[0].article_id == STRIKE
