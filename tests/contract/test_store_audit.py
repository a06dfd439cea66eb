"""Does every store keep who changed what, and show of it the feed?"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from store_nouns import START, add

from storycluster.domain import AuditEntry, Event, EventKind, Tombstone
from storycluster.errors import InvalidInput, NotFound
from storycluster.ports import OF_THE_STORE, Store, Transaction

NAME = "default"
GONE = Tombstone("a1", False, START, "desk", "it was wrong", "s1")
CHANGED: dict[str, Any] = {
    "actor": "désk",
    "reason": "asked for",
    "before": {"story.state": "open", "story.canonical": ""},
    "after": {"story.state": "locked", "story.canonical": "a1"},
}


def tell(transaction: Transaction, collection: str = NAME, **more: Any) -> Event:
    """An event with all that it can have."""
    return transaction.add_event(
        collection,
        EventKind.STORY_UPDATED,
        time=START,
        story_id="s1",
        article_id="a1",
        detail={"what": "ever"},
        **more,
    )


def test_an_entry_is_an_event_with_who_why_and_what(store: Store) -> None:
    """Every part comes back, also within the transaction that wrote it; the feed shows it."""
    with store.write() as transaction:
        event = tell(transaction, **CHANGED)
        assert transaction.audit(NAME, after=0, limit=9) == (AuditEntry(event, **CHANGED),)
    with store.read() as reader:
        assert reader.audit(NAME, after=0, limit=9) == (AuditEntry(event, **CHANGED),)
        assert reader.events(NAME, after=0, limit=9) == (event,)


def test_an_event_need_not_say_who(store: Store) -> None:
    """Then nobody did it, and nothing changed."""
    with store.write() as transaction:
        event = tell(transaction)
    with store.read() as reader:
        assert reader.audit(NAME, after=0, limit=9) == (AuditEntry(event),)


def test_the_audit_is_read_in_order_from_any_place(store: Store) -> None:
    """As the feed is: after a sequence, at most so many; a snapshot sees what was."""
    with store.write() as transaction:
        for number in range(5):
            transaction.add_event(
                NAME,
                EventKind.MEMBER_ADDED,
                time=START + timedelta(hours=number),
                actor=str(number),
            )
    with store.read() as reader:
        with store.write() as transaction:
            tell(transaction)
        assert [one.actor for one in reader.audit(NAME, after=1, limit=2)] == ["1", "2"]
        assert [one.event.sequence for one in reader.audit(NAME, after=3, limit=9)] == [4, 5]
        assert reader.audit(NAME, after=5, limit=9) == ()
        assert reader.audit(NAME, after=-1, limit=1)[0].event.sequence == 1
        assert reader.audit("elsewhere", after=0, limit=9) == ()
        assert [one.event for one in reader.audit(NAME, after=0, limit=9)] == list(
            reader.events(NAME, after=0, limit=9)
        )


def test_an_entry_of_a_failed_transaction_is_none(store: Store) -> None:
    """What was not done was not told."""

    def fail() -> None:
        with store.write() as transaction:
            tell(transaction, **CHANGED)
            transaction.withdraw_article(NAME, GONE)

    with pytest.raises(NotFound):
        fail()
    with store.read() as reader:
        assert reader.audit(NAME, after=0, limit=9) == ()


def test_the_audit_of_the_store_outlives_a_collection(store: Store) -> None:
    """It is in no list of collections, and nothing that is dropped takes it along."""
    with store.write() as transaction:
        add(transaction, "a1")
        tell(transaction)
        kept = tell(transaction, OF_THE_STORE, **CHANGED)
        transaction.drop_collection(NAME)
    with store.read() as reader:
        assert reader.collections() == ()
        assert reader.audit(NAME, after=0, limit=9) == ()
        assert reader.audit(OF_THE_STORE, after=0, limit=9) == (AuditEntry(kept, **CHANGED),)


@pytest.mark.parametrize("field", ["actor", "reason"])
def test_what_is_no_text_is_refused(store: Store, field: str) -> None:
    """As everywhere."""
    with pytest.raises(InvalidInput), store.write() as transaction:
        tell(transaction, **{field: "\udfff"})
