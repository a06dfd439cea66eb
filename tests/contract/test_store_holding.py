"""What do stores promise of articles that are held until their minute?"""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import numpy as np
import pytest
from store_nouns import START, add, features_of, held_article

from storycluster.domain import Article, Tombstone
from storycluster.errors import StoreError
from storycluster.ports import Reader, Store

NAME = "default"
FIRST, SECOND = held_article("h1", number=1, hours=2), held_article("h2", number=2)
GONE = Tombstone("h1", False, START, "desk", "a reason", "would-be-1")


def fill(store: Store) -> None:
    """One public article, two held ones."""
    with store.write() as transaction:
        add(transaction, "a1", bands=[1])
        transaction.put_held(NAME, SECOND, features_of(2))
        transaction.put_held(NAME, FIRST, features_of(1))


def everything_public(reader: Reader) -> object:
    """All that a store says of a collection, but of what is held."""
    return (
        reader.collections(),
        reader.last_sequence(NAME),
        reader.counts(NAME),
        reader.stories(NAME, limit=10, include_merged=True),
        reader.events(NAME, after=0, limit=10),
        [row.article_id for row in reader.index_rows(NAME)],
        reader.article(NAME, "h1"),
        reader.revisions(NAME, "h1"),
        reader.digests(NAME, "h1"),
        reader.assignments(NAME, "h1"),
        reader.tombstone(NAME, "h1"),
        reader.members(NAME, "would-be-1"),
        reader.overrides(NAME, limit=10),
    )


def test_what_is_held_comes_back_as_it_was(store: Store) -> None:
    """In order of arrival, all of it or that of one article, with its features."""
    fill(store)
    with store.read() as reader:
        assert reader.held(NAME) == (FIRST, SECOND)
        assert reader.held(NAME, "h2") == (SECOND,)
        assert (reader.held(NAME, "a1"), reader.held("elsewhere")) == ((), ())
        features = reader.held_features(NAME, 2)
        assert features is not None
        assert np.array_equal(features.shingles, features_of(2).shingles)
        assert (reader.held_features("elsewhere", 1), reader.held_features(NAME, 3)) == (None, None)


def test_no_other_read_tells_of_it(store: Store) -> None:
    """A collection with something held answers as it did before."""
    with store.write() as transaction:
        add(transaction, "a1", bands=[1])
    with store.read() as reader:
        before = everything_public(reader)
    with store.write() as transaction:
        transaction.put_held(NAME, FIRST, features_of(1))
        transaction.put_held("of its own", SECOND, features_of(2))
    with store.read() as reader:
        assert everything_public(reader) == before


def test_what_is_due_is_found_by_its_time(store: Store) -> None:
    """From its microsecond on; not what was stopped or withdrawn."""
    fill(store)
    with store.write() as transaction:
        transaction.put_held("other", FIRST, features_of(1))
    with store.read() as reader:
        hour = START + timedelta(hours=1)
        assert reader.due(hour - timedelta(microseconds=1)) == ()
        assert reader.due(hour) == (NAME,)
        assert reader.due(START + timedelta(hours=2)) == (NAME, "other")
    with store.write() as transaction:
        transaction.put_held(NAME, replace(FIRST, withdrawn=GONE))
        transaction.put_held(NAME, replace(SECOND, stopped="it was overtaken"))
        assert transaction.due(START + timedelta(hours=2)) == ("other",)


def test_a_changed_one_keeps_its_features_until_it_is_withdrawn(store: Store) -> None:
    """Those are not needed then, and must not be found."""
    fill(store)
    later = replace(FIRST, release_time=START + timedelta(days=1))
    with store.write() as transaction:
        transaction.put_held(NAME, later)
        assert transaction.held_features(NAME, 1) is not None
        transaction.put_held(NAME, replace(later, article=Article("h1"), withdrawn=GONE))
    with store.read() as reader:
        assert reader.held_features(NAME, 1) is None
        assert reader.held_features(NAME, 2) is not None
        [kept] = reader.held(NAME, "h1")
        assert (kept.withdrawn, kept.article.text) == (GONE, "")


def test_what_is_dropped_is_not_there(store: Store) -> None:
    """Once more changes nothing."""
    fill(store)
    with store.write() as transaction:
        transaction.drop_held(NAME, 1)
        transaction.drop_held(NAME, 1)
        transaction.drop_held("elsewhere", 1)
    with store.read() as reader:
        assert reader.held(NAME) == (SECOND,)


def test_a_failed_transaction_holds_nothing(store: Store) -> None:
    """Nor does it drop anything."""
    fill(store)
    with pytest.raises(StoreError, match="half-way"):
        _change_and_fail(store)
    with store.read() as reader:
        assert reader.held(NAME) == (FIRST, SECOND)


def _change_and_fail(store: Store) -> None:
    with store.write() as transaction:
        transaction.drop_held(NAME, 1)
        transaction.put_held(NAME, held_article("h3", number=3), features_of(3))
        raise StoreError("half-way")


def test_a_dropped_collection_holds_nothing(store: Store) -> None:
    """What is held in another one stays."""
    fill(store)
    with store.write() as transaction:
        transaction.put_held("other", FIRST, features_of(1))
        transaction.drop_collection(NAME)
    with store.read() as reader:
        assert (reader.held(NAME), reader.held("other")) == ((), (FIRST,))


def test_what_is_due_is_read_by_time_and_no_more_of_it(store: Store) -> None:
    """The first ones, then by number; nothing of another collection, of later, stopped or
    withdrawn."""
    rows = [
        held_article("late", number=1, hours=5),
        held_article("third", number=2, hours=3),
        held_article("fourth", number=3, hours=3),
        held_article("first", number=4, hours=1),
        replace(held_article("stopped", number=5, hours=1), stopped="not now"),
        replace(held_article("gone", number=6, hours=1), withdrawn=GONE),
        held_article("second", number=7, hours=2),
    ]
    with store.write() as transaction:
        for one in rows:
            transaction.put_held(NAME, one, features_of(1))
        transaction.put_held("other", held_article("there", number=1, hours=1), features_of(1))

    def due(hours: int, limit: int, collection: str = NAME) -> list[str]:
        with store.read() as reader:
            moment = START + timedelta(hours=hours)
            found = reader.held_due(collection, moment, limit=limit)
        return [one.article.article_id for one in found]

    assert due(4, 9) == ["first", "second", "third", "fourth"]
    assert due(4, 3) == ["first", "second", "third"]
    assert due(1, 9) == ["first"]
    assert (due(0, 9), due(9, 0), due(9, 9, "elsewhere")) == ([], [], [])
    assert due(9, 9, "other") == ["there"]
    with store.read() as reader:
        [whole] = reader.held_due(NAME, START + timedelta(hours=1), limit=1)
    assert whole == rows[3]
