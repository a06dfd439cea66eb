"""Does every store keep what editors do, and lose what they take away?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from store_nouns import START, add, assignment_of, story_of

from storycluster.domain import (
    CollectionSettings,
    Constraint,
    ConstraintKind,
    EventKind,
    Override,
    OverrideKind,
    StoryState,
    Tombstone,
)
from storycluster.errors import InvalidInput, NotFound
from storycluster.ports import Store

NAME = "default"
GONE = Tombstone("a1", False, START, "desk", "it was wrong", "s1")
ERASED = replace(GONE, erased=True, time=START + timedelta(hours=1), reason="asked for")
PIN = Constraint(ConstraintKind.PIN, "a1")
LINK = Constraint(ConstraintKind.CANNOT_LINK, "a1", "a2")


def fill(store: Store) -> None:
    """Two articles in one story, the first with two revisions."""
    with store.write() as transaction:
        transaction.put_story(NAME, story_of("s1", article_count=2))
        add(transaction, "a1", story_id="s1", bands=[1, 2])
        add(transaction, "a2", story_id="s1", bands=[2, 3])
        add(transaction, "a1", story_id="s1", revision=2, bands=[4])


def withdraw(store: Store) -> None:
    fill(store)
    with store.write() as transaction:
        transaction.withdraw_article(NAME, GONE)


def test_a_withdrawn_article_is_no_member(store: Store) -> None:
    """Nor counted, nor found by its bands; its revisions stay, and the index knows it is gone."""
    withdraw(store)
    with store.read() as reader:
        assert [member.article_id for member in reader.members(NAME, "s1")] == ["a2"]
        assert reader.counts(NAME)["articles"] == 1
        assert reader.band_hits(NAME, [1, 2, 3, 4]) == {2: 2}
        assert [one.article.revision for one in reader.revisions(NAME, "a1")] == [1, 2]
        assert reader.tombstone(NAME, "a1") == GONE
        assert reader.tombstone(NAME, "a2") is None
        assert [(row.article_id, row.story_id) for row in reader.index_rows(NAME)] == [
            ("a1", ""), ("a2", "s1"), ("a1", ""),
        ]  # fmt: skip


def test_a_reinstated_article_is_a_member_in_its_old_place(store: Store) -> None:
    """Of the story of its assignment, found by the bands of its latest revision."""
    withdraw(store)
    back = assignment_of("a1", "s1", sequence=3, revision=2)
    with store.write() as transaction:
        transaction.reinstate_article(NAME, back)
    with store.read() as reader:
        assert [member.article_id for member in reader.members(NAME, "s1")] == ["a1", "a2"]
        assert reader.counts(NAME)["articles"] == 2
        assert reader.band_hits(NAME, [1, 2, 3, 4]) == {2: 2, 3: 1}
        assert reader.tombstone(NAME, "a1") is None
        assert reader.assignments(NAME, "a1")[-1] == back


def test_an_erased_article_leaves_its_tombstone(store: Store) -> None:
    """No revision, digest, assignment or index row; the sequences go on."""
    withdraw(store)
    with store.write() as transaction:
        transaction.erase_article(NAME, ERASED)
    with store.read() as reader:
        assert reader.article(NAME, "a1") is None
        assert reader.revisions(NAME, "a1") == ()
        assert reader.digests(NAME, "a1") == {}
        assert reader.assignments(NAME, "a1") == ()
        assert [row.article_id for row in reader.index_rows(NAME)] == ["a2"]
        assert reader.tombstone(NAME, "a1") == ERASED
        assert reader.last_sequence(NAME) == 3
    with store.write() as transaction:
        assert add(transaction, "a3", bands=[1]).sequence == 4
    assert store.scrub()


def test_only_what_is_there_is_taken_away(store: Store) -> None:
    """A live article is not reinstated or erased, a withdrawn one not withdrawn again."""
    fill(store)
    with store.write() as transaction:
        with pytest.raises(NotFound):
            transaction.reinstate_article(NAME, assignment_of("a1", "s1", sequence=3))
        with pytest.raises(NotFound):
            transaction.erase_article(NAME, ERASED)
        with pytest.raises(NotFound):
            transaction.withdraw_article(NAME, replace(GONE, article_id="nobody"))
        transaction.withdraw_article(NAME, GONE)
        with pytest.raises(NotFound):
            transaction.withdraw_article(NAME, GONE)
    with store.read() as reader:
        assert reader.counts(NAME)["articles"] == 1


def _change_and_fail(store: Store, how: str) -> None:
    with store.write() as transaction:
        if how == "withdraw":
            transaction.withdraw_article(NAME, GONE)
        elif how == "erase":
            transaction.erase_article(NAME, ERASED)
        else:
            transaction.reinstate_article(NAME, assignment_of("a1", "s1", sequence=3, revision=2))
        raise KeyError


@pytest.mark.parametrize("how", ["withdraw", "erase", "reinstate"])
def test_an_undone_transaction_took_nothing_away(store: Store, how: str) -> None:
    """The article is as it was."""
    withdraw(store) if how != "withdraw" else fill(store)

    def seen() -> object:
        with store.read() as reader:
            return (
                reader.revisions(NAME, "a1"),
                reader.members(NAME, "s1"),
                reader.tombstone(NAME, "a1"),
                reader.counts(NAME),
                reader.band_hits(NAME, [1, 2, 3, 4]),
            )

    before = seen()
    with pytest.raises(KeyError):
        _change_and_fail(store, how)
    assert seen() == before


def test_constraints_are_a_set_in_order(store: Store) -> None:
    """Twice is once, and what is not there can be dropped."""
    with store.write() as transaction:
        for one in (PIN, LINK, PIN):
            transaction.add_constraint(NAME, one)
        transaction.drop_constraint(NAME, Constraint(ConstraintKind.LOCK, "s1"))
        transaction.add_constraint("other", PIN)
    with store.read() as reader:
        assert reader.constraints(NAME) == (LINK, PIN)
    with store.write() as transaction:
        transaction.drop_constraint(NAME, LINK)
    with store.read() as reader:
        assert reader.constraints(NAME) == (PIN,)
        assert reader.constraints("other") == (PIN,)
        assert reader.constraints("nowhere") == ()


def override(sequence: int, **given: object) -> Override:
    made = Override(
        sequence,
        OverrideKind.MOVE,
        START,
        "desk",
        "“wrong” piece",
        story_id="s1",
        other_story_id="s2",
        article_ids=("a1", "a2"),
        made=(LINK,),
        dropped=(PIN,),
    )
    return replace(made, **given)  # type: ignore[arg-type]


def test_overrides_come_newest_first(store: Store) -> None:
    """As they were put, a later version in place of an earlier one; pages go on below a number."""
    with store.write() as transaction:
        for sequence in (1, 2, 3):
            transaction.put_override(NAME, override(sequence))
        transaction.put_override(NAME, override(2, undone_by=3))
    listed = (override(3), override(2, undone_by=3), override(1))
    with store.read() as reader:
        assert reader.overrides(NAME, limit=10) == listed
        assert reader.overrides(NAME, limit=1) == listed[:1]
        assert reader.overrides(NAME, limit=1, before=3) == listed[1:2]
        assert reader.overrides(NAME, limit=10, before=1) == ()
        assert reader.override(NAME, 2) == listed[1]
        assert reader.override(NAME, 4) is None
        assert reader.override("other", 1) is None


def test_locked_and_closed_stories_are_counted_and_listed(store: Store) -> None:
    """A locked one is live; a closed one has no article, so it is not listed with those."""
    with store.write() as transaction:
        transaction.put_story(NAME, replace(story_of("s1"), state=StoryState.LOCKED))
        closed = replace(story_of("s2", article_count=0), state=StoryState.CLOSED)
        transaction.put_story(NAME, closed)
        transaction.put_story(NAME, story_of("s3", merged_into="s1", article_count=0))
    with store.read() as reader:
        assert reader.counts(NAME)["stories"] == 1
        assert [one.story_id for _, one in reader.stories(NAME, limit=9)] == ["s1"]
        every = reader.stories(NAME, limit=9, min_article_count=0, include_merged=True)
        assert [one.story_id for _, one in every] == ["s3", "s2", "s1"]


def test_what_is_no_text_is_refused(store: Store) -> None:
    """A lone surrogate in a reason."""
    fill(store)
    with pytest.raises(InvalidInput), store.write() as transaction:
        transaction.withdraw_article(NAME, replace(GONE, reason="\ud800"))


def test_settings_are_replaced_and_counted(store: Store) -> None:
    """A collection that has none is at revision 0; an undone change counts for nothing."""
    first, second = CollectionSettings("longest", ("A", "B")), CollectionSettings()
    with store.read() as reader:
        assert reader.settings(NAME) == (0, CollectionSettings())
    for settings in (first, second):
        with store.write() as transaction:
            transaction.put_settings(NAME, settings)
            assert transaction.settings(NAME)[1] == settings
    with store.read() as reader:
        assert reader.settings(NAME) == (2, second)
        assert reader.settings("other") == (0, CollectionSettings())


def _drop_and_fail(store: Store) -> None:
    with store.write() as transaction:
        transaction.drop_collection(NAME)
        assert transaction.counts(NAME)["articles"] == 0
        raise KeyError


def test_a_dropped_collection_is_empty_and_the_others_are_not(store: Store) -> None:
    """Undone, it is as it was; dropped, nothing is left and its name begins anew."""

    def seen(name: str) -> object:
        with store.read() as reader:
            return (
                reader.counts(name),
                reader.revisions(name, "a1"),
                reader.assignments(name, "a1"),
                reader.members(name, "s1"),
                reader.stories(name, limit=9, include_merged=True),
                reader.events(name, after=0, limit=9),
                reader.constraints(name),
                reader.overrides(name, limit=9),
                reader.settings(name),
                reader.tombstone(name, "gone"),
                reader.stream_position(name, "stream"),
                reader.mark(name, "work"),
                reader.band_hits(name, [1, 2, 3, 4]),
                [row.article_id for row in reader.index_rows(name)],
            )

    nothing = seen("never")
    for name in ("other", NAME):
        with store.write() as transaction:
            transaction.put_story(name, story_of("s1", article_count=2))
            add(transaction, "a1", collection=name, story_id="s1", bands=[1, 2])
            add(transaction, "gone", collection=name, story_id="s1", bands=[2, 3])
            transaction.withdraw_article(name, replace(GONE, article_id="gone"))
            transaction.add_event(name, EventKind.STORY_CREATED, time=START, story_id="s1")
            transaction.add_constraint(name, LINK)
            transaction.put_override(name, override(1))
            transaction.put_settings(name, CollectionSettings("longest"))
            transaction.set_stream_position(name, "stream", 3)
            transaction.set_mark(name, "work", 2)
    before = seen(NAME)
    assert seen("other") == before
    with pytest.raises(KeyError):
        _drop_and_fail(store)
    assert seen(NAME) == before
    with store.write() as transaction:
        transaction.drop_collection(NAME)
        transaction.drop_collection("never")
    assert seen(NAME) == nothing
    assert seen("other") == before
    with store.read() as reader:
        assert reader.collections() == ("other",)
    with store.write() as transaction:
        assert add(transaction, "a1", bands=[1]).sequence == 1
    with store.read() as reader:
        assert reader.collections() == (NAME, "other")
        assert reader.counts(NAME)["articles"] == 1
