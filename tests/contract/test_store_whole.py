"""Does every store give a collection whole, and take one as it was?"""

from __future__ import annotations

from dataclasses import replace

import pytest
from store_nouns import START, add, assignment_of, features_of, story_of

from storycluster.domain import CollectionSettings, Tombstone
from storycluster.features import pack
from storycluster.ports import Store

NAME = "default"
GONE = Tombstone("a2", False, START, "desk", "it was wrong", "s1")


def fill(store: Store) -> None:
    """Two articles, one of three revisions, the last of which came late; one moved."""
    with store.write() as transaction:
        transaction.put_story(NAME, story_of("s1"))
        add(transaction, "other", collection="other", story_id="s1")
        add(transaction, "a1", story_id="s1", bands=[1])
        add(transaction, "a2", story_id="s1", bands=[2])
        transaction.add_assignment(NAME, assignment_of("a1", "s2", sequence=2))
        add(transaction, "a1", story_id="s2", revision=3, bands=[3])
        add(transaction, "a1", story_id="s2", revision=2, latest=False)
        add(transaction, "other2", collection="other", story_id="s1")


def test_history_is_every_decision_in_the_order_made(store: Store) -> None:
    """Of one collection, with the sequence of the revision; continued after any of them."""
    fill(store)
    with store.read() as reader:
        whole = reader.history(NAME, after=0, limit=99)
        told = [
            (sequence, one.article_id, one.revision, one.story_id) for _, sequence, one in whole
        ]
        assert told == [
            (1, "a1", 1, "s1"), (2, "a2", 1, "s1"), (1, "a1", 1, "s2"),
            (3, "a1", 3, "s2"), (4, "a1", 2, "s2"),
        ]  # fmt: skip
        numbers = [number for number, _, _ in whole]
        assert numbers == sorted(set(numbers))
        for place, number in enumerate(numbers):
            assert reader.history(NAME, after=number, limit=2) == whole[place + 1 : place + 3]
        assert [one for _, _, one in whole if one.article_id == "a2"] == list(
            reader.assignments(NAME, "a2")
        )
        assert reader.history("nowhere", after=0, limit=9) == ()


def test_what_was_added_is_given_back(store: Store) -> None:
    """With its first decision and whether it was the latest then, wherever it stands now."""
    with store.write() as transaction:
        first = add(transaction, "a1", story_id="s1")
        second = add(transaction, "a1", story_id="s1", revision=3)
        late = add(transaction, "a1", story_id="s1", revision=2, latest=False)
        transaction.add_assignment(NAME, assignment_of("a1", "s9", sequence=3, revision=3))
    with store.read() as reader:
        for one in (first, second, late):
            found = reader.added(NAME, one.sequence)
            assert found is not None
            assert found[0] == one
            assert pack(found[1]) == pack(features_of(one.sequence))
        assert reader.added(NAME, 0) is None
        assert reader.added(NAME, 4) is None
        assert reader.added(NAME, 2**50) is None
        assert reader.added("nowhere", 1) is None


def test_an_erased_article_leaves_no_history(store: Store) -> None:
    """Nor what was added; its sequence stays empty."""
    fill(store)
    with store.write() as transaction:
        transaction.withdraw_article(NAME, GONE)
        assert transaction.added(NAME, 2) is not None
        transaction.erase_article(NAME, replace(GONE, erased=True))
    with store.read() as reader:
        assert reader.added(NAME, 2) is None
        assert {one.article_id for _, _, one in reader.history(NAME, after=0, limit=99)} == {"a1"}


def test_tombstones_streams_and_marks_are_listed_by_name(store: Store) -> None:
    """Of one collection; a reinstated article has none."""
    fill(store)
    with store.write() as transaction:
        transaction.withdraw_article(NAME, GONE)
        transaction.withdraw_article(NAME, replace(GONE, article_id="a1"))
        transaction.reinstate_article(NAME, assignment_of("a1", "s1", sequence=4, revision=3))
        for name in ("b", "a"):
            transaction.set_stream_position(NAME, name, 4)
            transaction.set_mark(NAME, name, 5)
        transaction.set_mark("other", "c", 6)
    with store.read() as reader:
        assert reader.tombstones(NAME) == (GONE,)
        assert list(reader.stream_positions(NAME).items()) == [("a", 4), ("b", 4)]
        assert list(reader.marks(NAME).items()) == [("a", 5), ("b", 5)]
        assert reader.tombstones("nowhere") == ()
        assert (reader.stream_positions("nowhere"), reader.marks("nowhere")) == ({}, {})


def test_sequences_can_be_skipped(store: Store) -> None:
    """The next article follows; nothing is where they were, also before any article."""
    with store.write() as transaction:
        transaction.skip_sequences(NAME, 3)
        assert add(transaction, "a1", story_id="s1", bands=[1]).sequence == 4
        transaction.skip_sequences(NAME, 2)
        assert add(transaction, "a2", story_id="s1", bands=[1]).sequence == 5
        transaction.skip_sequences(NAME, 9)
    with store.read() as reader:
        assert reader.last_sequence(NAME) == 9
        assert reader.counts(NAME)["articles"] == 2
        assert [row.sequence for row in reader.index_rows(NAME)] == [4, 5]
        assert reader.band_hits(NAME, [1]) == {4: 1, 5: 1}
        assert reader.added(NAME, 3) is None


def test_skipped_sequences_are_taken_back_with_their_transaction(store: Store) -> None:
    """As everything else."""

    def fail() -> None:
        with store.write() as transaction:
            transaction.skip_sequences(NAME, 3)
            raise LookupError

    with pytest.raises(LookupError):
        fail()
    with store.write() as transaction:
        assert add(transaction, "a1").sequence == 1


def test_a_tombstone_of_an_article_that_was_never_there(store: Store) -> None:
    """Is like that of one that was erased."""
    left = replace(GONE, erased=True)
    with store.write() as transaction:
        transaction.put_tombstone(NAME, left)
    with store.read() as reader:
        assert reader.tombstone(NAME, "a2") == left
        assert reader.tombstones(NAME) == (left,)
        assert reader.counts(NAME)["articles"] == 0


def test_settings_can_be_put_at_a_revision(store: Store) -> None:
    """From there on it grows by one."""
    with store.write() as transaction:
        transaction.put_settings(NAME, CollectionSettings("longest"), revision=7)
        assert transaction.settings(NAME) == (7, CollectionSettings("longest"))
        transaction.put_settings(NAME, CollectionSettings())
    with store.read() as reader:
        assert reader.settings(NAME) == (8, CollectionSettings())
