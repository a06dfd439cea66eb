"""Does every store answer what a reader may ask?"""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from store_nouns import SCHEME, START, add, features_of, stored_article, story_of

from storycluster.backends import open_store
from storycluster.domain import Article, EventKind, Provenance, StoryState, TimePrecision
from storycluster.features import pack
from storycluster.ports import NEWEST_OF_BAND, Store

NAME = "default"


def test_an_empty_store_knows_nothing(store: Store) -> None:
    """Every question about an unknown collection has an empty answer."""
    with store.read() as reader:
        assert reader.collections() == ()
        assert reader.last_sequence(NAME) == 0
        assert reader.article(NAME, "a1") is None
        assert reader.revisions(NAME, "a1") == ()
        assert reader.assignments(NAME, "a1") == ()
        assert reader.story(NAME, "s1") is None
        assert reader.members(NAME, "s1") == ()
        assert reader.stories(NAME, limit=10) == ()
        assert reader.events(NAME, after=0, limit=10) == ()
        assert list(reader.index_rows(NAME)) == []
        assert reader.stream_position(NAME, "stream") == 0
        assert reader.mark(NAME, "work") == 0
        assert reader.band_hits(NAME, [1, 2]) == {}
        assert reader.counts(NAME) == {"articles": 0, "revisions": 0, "stories": 0, "events": 0}


def test_an_article_comes_back_as_it_was_stored(store: Store) -> None:
    """Every field of a stored article, its assignment and evidence included, is read back equal."""
    with store.write() as transaction:
        stored = replace(stored_article("a1", sequence=1), publish_provenance=Provenance.EXTRACTED)
        transaction.add_article(NAME, stored, features_of(), band_keys=[])
    with store.read() as reader:
        assert reader.article(NAME, "a1") == stored
        assert reader.article(NAME, "a1", revision=1) == stored
        assert reader.article(NAME, "a1", revision=2) is None
        assert reader.assignments(NAME, "a1") == (stored.assignment,)


_text = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
_times = st.datetimes(
    min_value=datetime(1, 1, 2), max_value=datetime(9999, 12, 30), timezones=st.just(UTC)
)
_articles = st.builds(
    Article,
    article_id=_text.filter(bool),
    title=_text,
    text=st.one_of(_text, st.just("\0"), st.just("a\0b \U0001f600 \u202e"), st.just("\ufeff\r\n")),
    revision=st.integers(1, 2**31),
    source=_text,
    url=_text,
    language=_text,
    authors=st.lists(_text, max_size=3).map(tuple),
    credit=_text,
    publish_time=st.none() | _times,
    publish_precision=st.sampled_from(TimePrecision),
    extras=st.dictionaries(_text, _text, max_size=3),
)


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(articles=st.lists(_articles, min_size=1, max_size=4, unique_by=lambda one: one.article_id))
@pytest.mark.parametrize("backend", ["memory", "embedded"])
def test_any_text_survives_exactly(
    articles: list[Article], backend: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    """NUL, emoji, controls and all other code points come back, also as id, collection and key."""
    folder = tmp_path_factory.mktemp("any") / "data"
    store = open_store("memory:" if backend == "memory" else str(folder), SCHEME)
    try:
        for article in articles:
            base = stored_article(article.article_id, sequence=1, revision=article.revision)
            stored = replace(base, article=article, digest=article.digest())
            with store.write() as transaction:
                collection = article.article_id
                transaction.add_article(collection, stored, features_of(), band_keys=[])
                transaction.put_story(collection, story_of(article.title))
                transaction.set_stream_position(collection, article.url, 5)
                transaction.add_event(
                    collection, EventKind.ARTICLE_INGESTED, time=START, detail=article.extras
                )
            with store.read() as reader:
                assert reader.article(collection, article.article_id) == stored
                assert (
                    reader.members(collection, base.assignment.story_id)[0].title == article.title
                )
                assert reader.story(collection, article.title) == story_of(article.title)
                assert reader.stream_position(collection, article.url) == 5
                assert reader.events(collection, after=0, limit=1)[0].detail == article.extras
        with store.read() as reader:
            assert reader.collections() == tuple(sorted(one.article_id for one in articles))
    finally:
        store.close()


def test_times_come_back_as_utc(store: Store) -> None:
    """A moment in another zone is the same moment, told in UTC."""
    zone = timezone(timedelta(hours=5, minutes=30))
    local = START.astimezone(zone)
    with store.write() as transaction:
        transaction.put_story(NAME, replace(story_of("s1"), create_time=local))
    with store.read() as reader:
        found = reader.story(NAME, "s1")
    assert found is not None
    assert found.create_time.isoformat() == START.isoformat()


def test_a_revision_replaces_the_member_and_its_bands(store: Store) -> None:
    """The new revision stands in the story at the article's old place; only its bands are found."""
    with store.write() as transaction:
        add(transaction, "a1", story_id="s1", bands=[1, 2, 3])
        add(transaction, "a2", story_id="s1", bands=[3])
    with store.write() as transaction:
        add(transaction, "a1", story_id="s1", revision=2, bands=[3, 4])
    with store.read() as reader:
        assert reader.band_hits(NAME, [1, 2, 3, 4]) == {2: 1, 3: 2}
        members = reader.members(NAME, "s1")
        assert [(one.article_id, one.revision, one.sequence) for one in members] == [
            ("a1", 2, 1),
            ("a2", 1, 2),
        ]
        revisions = reader.revisions(NAME, "a1")
        assert [(one.article.revision, one.latest) for one in revisions] == [(1, False), (2, True)]
        assert reader.counts(NAME)["articles"] == 2
        assert reader.counts(NAME)["revisions"] == 3


def test_a_revision_can_move_to_another_story(store: Store) -> None:
    """Where the new revision is assigned elsewhere the article leaves its old story."""
    with store.write() as transaction:
        add(transaction, "a1", story_id="s1")
        add(transaction, "a1", story_id="s2", revision=2)
    with store.read() as reader:
        assert reader.members(NAME, "s1") == ()
        assert [one.revision for one in reader.members(NAME, "s2")] == [2]


def test_an_older_revision_that_arrives_late_replaces_nothing(store: Store) -> None:
    """Stored with latest=False it is kept and readable, but neither member, found, nor indexed."""
    with store.write() as transaction:
        newer = add(transaction, "a1", story_id="s1", revision=5, bands=[1])
        older = add(transaction, "a1", story_id="s2", revision=3, latest=False, bands=[1, 2])
    with store.read() as reader:
        assert reader.article(NAME, "a1") == newer
        assert reader.article(NAME, "a1", revision=3) == older
        assert reader.revisions(NAME, "a1") == (older, newer)
        assert reader.band_hits(NAME, [1, 2]) == {1: 1}
        assert reader.members(NAME, "s2") == ()
        assert [row.sequence for row in reader.index_rows(NAME)] == [1]
        assert reader.counts(NAME)["revisions"] == 2


def test_band_hits_count_shared_bands_over_the_whole_key_range(store: Store) -> None:
    """Keys are uint64, a key asked for twice counts once, and a key nobody has counts nothing."""
    top = 2**64 - 1
    with store.write() as transaction:
        add(transaction, "a1", bands=[0, 2**63 - 1, 2**63, top])
        add(transaction, "a2", bands=[top, 5])
        assert transaction.band_hits(NAME, [top, 2**63]) == {1: 2, 2: 1}
    with store.read() as reader:
        assert reader.band_hits(NAME, [top, top, 2**63, 0, 9]) == {1: 3, 2: 1}
        assert reader.band_hits(NAME, []) == {}
        assert reader.band_hits("other", [top]) == {}


def test_index_rows_hold_what_the_index_needs(store: Store) -> None:
    """Every revision that was the latest on arrival, ascending, with features equal to the bit."""
    with store.write() as transaction:
        stored = add(transaction, "a1", story_id="s1")
        add(transaction, "a2", story_id="s1")
        add(transaction, "a1", story_id="s2", revision=2)
    with store.read() as reader:
        rows = list(reader.index_rows(NAME))
        assert [(row.sequence, row.article_id, row.revision) for row in rows] == [
            (1, "a1", 1),
            (2, "a2", 1),
            (3, "a1", 2),
        ]
        assert [row.story_id for row in rows] == ["s2", "s1", "s2"]
        assert [pack(row.features) for row in rows] == [pack(features_of(n)) for n in (1, 2, 3)]
        first = rows[0]
        assert first.digest == stored.digest
        assert first.reprint_group == stored.assignment.reprint_group
        assert first.source == stored.article.source
        assert first.publish_time == stored.article.publish_time
        assert first.ingest_time == stored.ingest_time
        assert [row.sequence for row in reader.index_rows(NAME, after=1)] == [2, 3]
        assert list(reader.index_rows(NAME, after=99)) == []


def test_many_index_rows_come_without_gap_or_repeat(store: Store) -> None:
    """The rows are complete over the chunks in which they are fetched."""
    with store.write() as transaction:
        for number in range(600):
            add(transaction, f"a{number}")
    with store.read() as reader:
        assert [row.sequence for row in reader.index_rows(NAME)] == list(range(1, 601))
        rows = reader.index_rows(NAME, after=300)
        assert next(rows).sequence == 301


def test_a_merged_story_still_answers(store: Store) -> None:
    """A merged story is found under its id for ever and names its successor; lists leave it out."""
    with store.write() as transaction:
        transaction.put_story(NAME, story_of("s1"))
        transaction.put_story(NAME, story_of("s2"))
    with store.write() as transaction:
        transaction.put_story(NAME, story_of("s1", merged_into="s2", article_count=0))
    with store.read() as reader:
        found = reader.story(NAME, "s1")
        assert found == story_of("s1", merged_into="s2", article_count=0)
        assert found is not None
        assert (found.state, found.merged_into_story_id) == (StoryState.MERGED, "s2")
        assert [story.story_id for _, story in reader.stories(NAME, limit=9)] == ["s2"]
        listed = reader.stories(NAME, limit=9, include_merged=True)
        assert [(number, story.story_id) for number, story in listed] == [(2, "s2"), (1, "s1")]
        assert reader.counts(NAME)["stories"] == 1


def test_pages_of_stories_stay_valid_while_stories_are_added(store: Store) -> None:
    """Continuing below a number neither repeats nor leaves out a story, whatever came since."""
    with store.write() as transaction:
        for number in range(1, 8):
            transaction.put_story(NAME, story_of(f"s{number}", article_count=number))
    seen: list[int] = []
    before = None
    while True:
        with store.read() as reader:
            page = reader.stories(NAME, limit=3, before=before)
        if not page:
            break
        seen += [number for number, _ in page]
        before = page[-1][0]
        with store.write() as transaction:
            transaction.put_story(NAME, story_of(f"later{before}"))
            transaction.put_story(NAME, story_of("s7", article_count=7))
    assert seen == [7, 6, 5, 4, 3, 2, 1]
    with store.read() as reader:
        large = reader.stories(NAME, limit=9, min_article_count=6)
        assert [number for number, _ in large] == [7, 6]
        assert reader.stories(NAME, limit=0) == ()
        assert reader.stories(NAME, limit=9, before=1) == ()


def test_events_continue_after_any_number(store: Store) -> None:
    """The feed resumes after the last event seen and carries every field."""
    with store.write() as transaction:
        made = [
            transaction.add_event(
                NAME,
                EventKind.MEMBER_ADDED,
                time=START,
                story_id=f"s{number}",
                article_id=f"a{number}",
                detail={"number": str(number)},
            )
            for number in range(5)
        ]
    with store.read() as reader:
        assert list(reader.events(NAME, after=0, limit=99)) == made
        assert list(reader.events(NAME, after=2, limit=2)) == made[2:4]
        assert reader.events(NAME, after=5, limit=2) == ()
        assert reader.events(NAME, after=99, limit=2) == ()
        assert reader.events(NAME, after=0, limit=0) == ()


def test_stream_positions_are_kept_apart(store: Store) -> None:
    """Each stream has its own last committed position."""
    with store.write() as transaction:
        transaction.set_stream_position(NAME, "one", 3)
        transaction.set_stream_position(NAME, "two", 1)
        transaction.set_stream_position(NAME, "one", 4)
    with store.read() as reader:
        assert reader.stream_position(NAME, "one") == 4
        assert reader.stream_position(NAME, "two") == 1
        assert reader.stream_position(NAME, "three") == 0
        assert reader.collections() == ()


def test_marks_are_kept_apart(store: Store) -> None:
    """Each work has its own mark in each collection, and no stream's position is one."""
    with store.write() as transaction:
        transaction.set_stream_position(NAME, "one", 9)
        transaction.set_mark(NAME, "one", 3)
        transaction.set_mark(NAME, "two", 1)
        transaction.set_mark(NAME, "one", 4)
        transaction.set_mark("other", "one", 7)
    with store.read() as reader:
        marks = [reader.mark(NAME, name) for name in ("one", "two", "three")]
        assert marks == [4, 1, 0]
        assert reader.mark("other", "one") == 7
        assert reader.mark("nowhere", "one") == 0
        assert reader.collections() == ()


def test_collections_are_isolated(store: Store) -> None:
    """The same ids in two collections are different things with sequences of their own."""
    with store.write() as transaction:
        for collection, bands in (("one", [1]), ("two", [1, 2])):
            add(transaction, "a1", collection=collection, story_id="s1", bands=bands)
            transaction.put_story(collection, story_of("s1", article_count=len(bands)))
            transaction.add_event(collection, EventKind.STORY_CREATED, time=START)
            transaction.set_stream_position(collection, "stream", len(bands))
        add(transaction, "a2", collection="two", story_id="s1", bands=[1])
    with store.read() as reader:
        assert reader.collections() == ("one", "two")
        assert reader.last_sequence("one") == 1
        assert reader.last_sequence("two") == 2
        assert reader.band_hits("one", [1, 2]) == {1: 1}
        assert reader.band_hits("two", [1, 2]) == {1: 2, 2: 1}
        assert len(reader.members("one", "s1")) == 1
        assert len(reader.members("two", "s1")) == 2
        assert [story.article_count for _, story in reader.stories("one", limit=9)] == [1]
        assert [story.article_count for _, story in reader.stories("two", limit=9)] == [2]
        assert len(list(reader.index_rows("one"))) == 1
        assert [event.sequence for event in reader.events("two", after=0, limit=9)] == [1]
        assert reader.stream_position("one", "stream") == 1
        assert reader.article("one", "a2") is None


def test_a_band_shows_its_newest_articles(store: Store) -> None:
    """A text with very many copies is found by the newest of them, so that looking is bounded."""
    with store.write() as transaction:
        for number in range(NEWEST_OF_BAND + 20):
            add(transaction, f"a{number}", story_id="s1", bands=[5])
        hits = transaction.band_hits(NAME, [5])
    assert list(hits) == list(range(21, NEWEST_OF_BAND + 21))


def test_digests_are_told_by_revision(store: Store) -> None:
    """Every revision's content digest, ascending; nothing for an unknown id."""
    with store.write() as transaction:
        add(transaction, "a", revision=1)
        add(transaction, "a", revision=2)
        found = transaction.digests(NAME, "a")
        stored = transaction.revisions(NAME, "a")
        assert transaction.digests(NAME, "nobody") == {}
    assert found == {one.article.revision: one.digest for one in stored}
    assert list(found) == [1, 2]
