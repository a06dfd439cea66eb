"""Does every store keep what the promotes of jobs did?"""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from datetime import timedelta, timezone

import pytest
from store_nouns import START, add

from storycluster.domain import Promotion, Skipped, SkipReason
from storycluster.errors import Conflict
from storycluster.ports import Store

NAME = "default"
WHOLE = Promotion(
    "job-2",
    START,
    7,
    quiet=True,
    applied=3,
    skipped=(Skipped(1, SkipReason.LOCKED, "s1"), Skipped(4, SkipReason.GONE, "ä")),
    settled=(2, 5),
    parted=(("s1", "s2"),),
)
EMPTY = Promotion("job-1", START + timedelta(hours=1), 0, quiet=False, applied=0)


def put(store: Store, *promotions: Promotion, collection: str = NAME) -> None:
    with store.write() as transaction:
        for one in promotions:
            transaction.add_promotion(collection, one)


def test_a_promotion_is_read_back_whole(store: Store) -> None:
    """By its job, and with all others in order of their ids."""
    put(store, WHOLE, EMPTY)
    with store.read() as reader:
        assert reader.promotion(NAME, "job-2") == WHOLE
        assert reader.promotions(NAME) == (EMPTY, WHOLE)


def test_an_unknown_job_was_not_promoted(store: Store) -> None:
    """Nor one of another collection, nor in a collection that is not there."""
    put(store, WHOLE)
    with store.read() as reader:
        assert reader.promotion(NAME, "job-1") is None
        assert reader.promotion("other", "job-2") is None
        assert reader.promotions("other") == ()


def test_a_transaction_reads_its_own_promotion(store: Store) -> None:
    """A snapshot taken before it does not."""
    put(store, EMPTY)
    with store.read() as before, store.write() as transaction:
        transaction.add_promotion(NAME, WHOLE)
        assert transaction.promotion(NAME, "job-2") == WHOLE
        assert transaction.promotions(NAME) == (EMPTY, WHOLE)
        assert before.promotions(NAME) == (EMPTY,)


def test_an_undone_promotion_is_not_there(store: Store) -> None:
    """A block that raises leaves nothing."""
    with suppress(KeyError), store.write() as transaction:
        transaction.add_promotion(NAME, WHOLE)
        raise KeyError
    with store.read() as reader:
        assert reader.promotions(NAME) == ()


def test_a_job_is_recorded_once(store: Store) -> None:
    """The second record is refused, the first stays."""
    put(store, WHOLE)
    with pytest.raises(Conflict), store.write() as transaction:
        transaction.add_promotion(NAME, replace(WHOLE, applied=9))
    with store.read() as reader:
        assert reader.promotion(NAME, "job-2") == WHOLE


def test_the_time_of_a_promotion_is_read_back_in_utc(store: Store) -> None:
    """Whatever zone it was told in."""
    told = START.astimezone(timezone(timedelta(hours=5)))
    put(store, replace(EMPTY, time=told))
    with store.read() as reader:
        [found] = reader.promotions(NAME)
    assert found.time == START
    assert found.time.utcoffset() == timedelta(0)


def test_promotions_go_with_their_collection(store: Store) -> None:
    """Those of another collection stay."""
    put(store, WHOLE)
    put(store, EMPTY, collection="other")
    with store.write() as transaction:
        add(transaction, "a1")
        transaction.drop_collection(NAME)
    with store.read() as reader:
        assert reader.promotions(NAME) == ()
        assert reader.promotions("other") == (EMPTY,)
