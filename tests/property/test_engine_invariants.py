"""Whatever arrives, in whatever order: nothing is lost, counted twice or left without a
canonical."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from storycluster.backends import open_store
from storycluster.domain import Article, Event, IngestResult, StoryFilter, StoryState
from storycluster.engine import Engine, scheme_of
from storycluster.formats import Found, read_paths
from storycluster.ports import Encoder
from storycluster.settings import Settings

SEEDS = Path(__file__).parents[2] / "seeds/articles.jsonl"
POOL = [item.article for item in read_paths([str(SEEDS)]) if isinstance(item, Found)]

few = settings(
    max_examples=25,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
arrivals = st.lists(
    st.tuples(st.sampled_from(POOL), st.sampled_from(["as is", "again", "undated", "edited"])),
    min_size=1,
    max_size=30,
)
pauses = st.lists(st.sampled_from([0, 0, 1, 9, 30]), min_size=30, max_size=30)


class Watch:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment

    def wait(self, hours: int) -> None:
        self.moment += timedelta(hours=hours)


def changed(article: Article, how: str) -> Article:
    if how == "undated":
        return dataclasses.replace(article, publish_time=None, revision=0)
    if how == "edited":
        text = article.text + " The report was updated."
        return dataclasses.replace(article, text=text, revision=0)
    return dataclasses.replace(article, revision=0)


def check_collection(engine: Engine, collection: str, seen: set[str]) -> None:
    """Every invariant of a collection whose articles are `seen`."""
    stories = engine.list_stories(
        collection, wanted=StoryFilter(include_merged=True), page_size=500
    ).items
    placed: list[str] = []
    for story in stories:
        view = engine.get_story(collection, story.story_id)
        assert view.story.state is StoryState.OPEN
        if story.state is StoryState.MERGED:
            assert story.article_count == 0
            assert view.redirected_from == story.story_id
            continue
        members = [member.article_id for member in view.members]
        placed += members
        assert story.article_count == len(members) == story.unique_count + story.reprint_count
        assert story.canonical is not None
        assert story.canonical.article_id in members
        for member in view.members:
            stored = engine.get_article(collection, member.article_id)
            assert stored.assignment.story_id == story.story_id
    assert sorted(placed) == sorted(seen)
    assert engine.stats(collection)["articles"] == len(seen)
    events = engine.list_events(collection, page_size=500)
    for story_id in {event.story_id for event in events} - {""}:
        assert engine.get_story(collection, story_id).story.state is StoryState.OPEN
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))


@few
@given(arrivals)
def test_members_are_articles_and_every_story_has_one_canonical(
    encoder: Encoder, arrived: list[tuple[Article, str]]
) -> None:
    """The members of all stories are the articles, each once; every id resolves."""
    engine = Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder)
    try:
        sequences: list[int] = []
        for article, how in arrived:
            [result] = engine.ingest("", [changed(article, how)])
            assert isinstance(result, IngestResult)
            told = engine.get_story("", result.assignment.story_id)
            assert told.redirected_from == ""
            assert result.article_id in {member.article_id for member in told.members}
            assert result.canonical == told.story.canonical
            if not result.replayed:
                sequences.append(result.assignment.sequence)
        assert sequences == list(range(1, len(sequences) + 1))
        check_collection(engine, "", {article.article_id for article, _ in arrived})
    finally:
        engine.close()


@few
@given(arrivals, pauses)
def test_repair_keeps_every_invariant(
    encoder: Encoder, arrived: list[tuple[Article, str]], hours: list[int]
) -> None:
    """With time between arrivals and second looks in between and at the end, every id that was
    ever told resolves, and nothing is lost or counted twice."""
    clock = Watch()
    engine = Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder, clock=clock)
    try:
        told: set[str] = set()
        for (article, how), pause in zip(arrived, hours, strict=False):
            clock.wait(pause)
            [result] = engine.ingest("", [changed(article, how)])
            assert isinstance(result, IngestResult)
            view = engine.get_story("", result.assignment.story_id)
            assert view.redirected_from == ""
            assert result.canonical == view.story.canonical
            told.add(result.assignment.story_id)
        clock.wait(24)
        engine.repair("")
        assert engine.repair("") == 0
        for story_id in told:
            assert engine.get_story("", story_id).story.state is StoryState.OPEN
        check_collection(engine, "", {article.article_id for article, _ in arrived})
    finally:
        engine.close()


waves = st.lists(
    st.tuples(
        st.sampled_from([0, 1, 9, 30]),
        st.lists(st.sampled_from(range(len(POOL))), min_size=1, max_size=8, unique=True),
    ),
    min_size=1,
    max_size=6,
)


def lived(
    encoder: Encoder, arrived: list[tuple[int, list[int]]], *, url: str, batch: int, reopen: int
) -> list[Event]:
    """All events, where each wave (places in POOL) comes some hours after the one before, in
    batches, and the engine is closed and opened again before wave `reopen`."""
    clock, scheme = Watch(), scheme_of(encoder, Settings())
    engine = Engine(open_store(url, scheme), encoder, clock=clock)
    try:
        for number, (hours, wave) in enumerate(arrived):
            if number == reopen:
                engine.close()
                engine = Engine(open_store(url, scheme), encoder, clock=clock)
            clock.wait(hours)
            for start in range(0, len(wave), batch):
                engine.ingest("", [POOL[place] for place in wave[start : start + batch]])
        clock.wait(24)
        engine.repair("")
        return list(engine.list_events("", page_size=500))
    finally:
        engine.close()


@settings(few, max_examples=10)
@given(waves, st.integers(2, 8), st.integers(0, 6))
def test_repair_does_not_depend_on_batches_and_restarts(
    encoder: Encoder,
    tmp_path_factory: pytest.TempPathFactory,
    arrived: list[tuple[int, list[int]]],
    batch: int,
    reopen: int,
) -> None:
    """The same waves give the same events, one by one in one life or by batches in two."""
    folder = str(tmp_path_factory.mktemp("lived"))
    one_life = lived(encoder, arrived, url="memory:", batch=1, reopen=-1)
    assert one_life == lived(encoder, arrived, url=folder, batch=batch, reopen=reopen)


TEXT = (
    "The mill at Dorrance burned down in the night, the fire service said. Forty people were at "
    "work when the alarm went at two in the morning; all of them reached the yard. A wall fell "
    "an hour later and closed the road to the station. The owner said nothing could be saved."
)
COPIES = [
    Article("whole", text=TEXT),
    Article("framed", text="Advertisement\n\n" + TEXT + "\n\nAll rights reserved."),
    Article("cut", text=TEXT.rsplit(".", 2)[0] + "."),
    Article("edited", text=TEXT.replace("Forty", "Forty-two")),
]


@few
@given(st.permutations(COPIES))
def test_copies_find_each_other_in_any_order(encoder: Encoder, order: list[Article]) -> None:
    """Four copies of one text end in one reprint group, whoever comes first."""
    engine = Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder)
    try:
        engine.ingest("", order)
        [story] = engine.list_stories("").items
        assert (story.article_count, story.unique_count) == (4, 1)
        check_collection(engine, "", {article.article_id for article in order})
    finally:
        engine.close()
