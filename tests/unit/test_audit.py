"""audit: entries say who, why and what; replayed they are the state, or they are refused."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from storycluster import audit
from storycluster.backends import open_store
from storycluster.domain import (
    Act,
    Article,
    AuditEntry,
    AuditFilter,
    CollectionSettings,
    Constraint,
    ConstraintKind,
    EventKind,
)
from storycluster.engine import Engine, scheme_of
from storycluster.errors import InvalidInput, StoreCorrupt
from storycluster.ports import Encoder
from storycluster.settings import Settings

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DESK = Act("desk", "seen by hand")
FERRY = "A ferry sank off Port Vell on Monday. The coast guard said 12 people had died at sea."
MILL = "The old mill at Dunmore burned down on Friday, said the fire chief Una Kay at the scene."


class Clock:
    """An hour passes with each reading."""

    def __init__(self) -> None:
        self.moment = NOON

    def now(self) -> datetime:
        self.moment += timedelta(hours=1)
        return self.moment


@pytest.fixture
def engine(encoder: Encoder) -> Iterator[Engine]:
    """A ferry with a copy, and a mill."""
    store = open_store("memory:", scheme_of(encoder, Settings()))
    made = Engine(store, encoder, clock=Clock())
    made.ingest("", [Article("ferry", text=FERRY), Article("copy", text=FERRY)])
    made.ingest("", [Article("mill", text=MILL)])
    yield made
    made.close()


def entries(engine: Engine, **wanted: object) -> list[AuditEntry]:
    """What matches, ascending."""
    found = engine.list_audit_entries("", AuditFilter(**wanted), page_size=500)  # type: ignore[arg-type]
    return list(reversed(found.items))


def story_of(engine: Engine, article_id: str) -> str:
    return engine.get_article("", article_id).assignment.story_id


def test_everything_an_editor_causes_is_his(engine: Engine) -> None:
    """The article that moves, the canonical that changes and the word that holds: each says who,
    why, what was and what is."""
    there = story_of(engine, "mill")
    home = story_of(engine, "ferry")
    engine.merge("", home, there, DESK)
    done = entries(engine, actor="desk")
    assert {entry.reason for entry in done} == {DESK.reason}
    told = {entry.event.kind: entry for entry in done}
    assert told[EventKind.MEMBER_MOVED].before == {"article.story_id": there}
    assert told[EventKind.MEMBER_MOVED].after == {"article.story_id": home}
    merged = {"story.state": "merged", "story.canonical": "", "story.merged_into": home}
    assert told[EventKind.STORY_MERGED].after == merged
    assert "held" in told[EventKind.OVERRIDE_APPLIED].after.values()


def test_what_the_server_does_has_a_reason_and_no_actor(engine: Engine) -> None:
    """An arrival names the article."""
    [came] = entries(engine, kinds=(EventKind.ARTICLE_INGESTED,), article_id="copy")
    assert (came.actor, came.reason) == ("", "arrival of copy")
    assert came.after == {
        "article.state": "live",
        "article.revision": "1",
        "article.reprint_group": "ferry",
    }


def test_a_lock_is_told_with_the_state_before_and_after(engine: Engine) -> None:
    """By an event of the story, apart from that of the override."""
    engine.lock("", story_of(engine, "mill"), DESK)
    [locked] = entries(engine, kinds=(EventKind.STORY_UPDATED,))
    assert (locked.before, locked.after) == ({"story.state": "open"}, {"story.state": "locked"})


def test_a_setting_is_told_with_what_it_was(engine: Engine) -> None:
    """Both of them, by name."""
    engine.update_collection("", CollectionSettings("longest", ("B", "A")), DESK)
    engine.update_collection("", CollectionSettings("", ("B", "A")), DESK)
    first, last = entries(engine, kinds=(EventKind.OVERRIDE_APPLIED,))
    assert first.after == {
        "collection.canonical_policy": "longest",
        "collection.source_rank": '["B", "A"]',
    }
    assert last.before == {"collection.canonical_policy": "longest"}
    assert audit.replay(entries(engine)).settings == {"source_rank": '["B", "A"]'}


def test_an_erasure_is_told_without_what_was_erased(engine: Engine) -> None:
    """Its entries hold ids and states; the last one only that it happened."""
    engine.erase("", "mill", DESK)
    [erased] = entries(engine, kinds=(EventKind.ARTICLE_ERASED,))
    assert erased.after == {"article.state": "erased"}
    told = repr(entries(engine))
    assert not any(word in told for word in ("Dunmore", "Una Kay", "burned"))


def test_a_deleted_collection_leaves_who_and_why(engine: Engine) -> None:
    """In the audit of the store, with what it held; its own audit is gone, and no collection that
    a client can name is the store's."""
    engine.delete_collection("default", DESK)
    [entry] = engine.list_audit_entries("", of_the_store=True).items
    assert (entry.event.kind, entry.actor, entry.reason) == (
        EventKind.COLLECTION_DELETED,
        "desk",
        DESK.reason,
    )
    assert entry.event.detail["collection"] == "default"
    assert entry.event.detail["articles"] == "3"
    assert entries(engine) == []
    assert engine.collections() == ()
    engine.ingest("", [Article("ferry", text=FERRY)])
    engine.delete_collection("default", DESK)
    assert len(engine.list_audit_entries("", of_the_store=True).items) == 2


def test_a_story_is_found_with_who_left_it(engine: Engine) -> None:
    """And who came, and what was merged into it."""
    mill, ferry = story_of(engine, "mill"), story_of(engine, "ferry")
    engine.merge("", ferry, mill, DESK)
    kinds = {entry.event.kind for entry in entries(engine, story_id=mill)}
    assert {EventKind.MEMBER_MOVED, EventKind.STORY_MERGED, EventKind.STORY_CREATED} <= kinds
    assert EventKind.STORY_MERGED in {e.event.kind for e in entries(engine, story_id=ferry)}


def test_entries_are_listed_by_page_newest_first(engine: Engine) -> None:
    """Nothing twice, nothing left out, also where more happens in between; a token of another
    question is refused."""
    everything = [entry.event.sequence for entry in reversed(entries(engine))]
    listed, token = [], ""
    while True:
        page = engine.list_audit_entries("", page_size=2, page_token=token)
        listed += [entry.event.sequence for entry in page.items]
        token = page.next_page_token
        if not token:
            break
        engine.lock("", story_of(engine, "mill"), DESK)
        engine.unlock("", story_of(engine, "mill"), DESK)
    assert listed == everything == sorted(everything, reverse=True)
    token = engine.list_audit_entries("", page_size=2).next_page_token
    with pytest.raises(InvalidInput, match="page_token"):
        engine.list_audit_entries("", AuditFilter(actor="desk"), page_token=token)


def test_entries_are_chosen_by_time(engine: Engine) -> None:
    """From a moment on, before another."""
    times = [entry.event.time for entry in entries(engine)]
    since, until = times[0] + timedelta(minutes=1), times[-1]
    chosen = entries(engine, since=since, until=until)
    assert [one.event.time for one in chosen] == [t for t in times if since <= t < until]


def test_a_replay_that_misses_an_entry_is_refused(engine: Engine) -> None:
    """By its number."""
    whole = entries(engine)
    for gone in range(len(whole) - 1):
        with pytest.raises(StoreCorrupt, match=f"entry {gone + 1} of the audit is missing"):
            audit.replay(whole[:gone] + whole[gone + 1 :])


def test_a_replay_that_is_contradicted_is_refused(engine: Engine) -> None:
    """An entry that says something was what it was not."""
    engine.lock("", story_of(engine, "mill"), DESK)
    whole = entries(engine)
    place = next(i for i, e in enumerate(whole) if e.event.kind is EventKind.STORY_UPDATED)
    whole[place] = dataclasses.replace(whole[place], before={"story.state": "closed"})
    with pytest.raises(StoreCorrupt, match=r"story\.state was 'open', not 'closed'"):
        audit.replay(whole)


def test_changes_of_one_name_are_told_as_one() -> None:
    """The first tells what was, the last what is; what is as it was is not told."""
    pin = Constraint(ConstraintKind.PIN, "a")
    there, gone = (audit.constraint_change(pin, held=held) for held in (True, False))
    assert audit.sides([there, gone]) == ({}, {})
    assert audit.sides([("x.y", "1", "2"), ("x.y", "2", "3")]) == ({"x.y": "1"}, {"x.y": "3"})
    assert audit.names([pin]) == {"pin a"}
