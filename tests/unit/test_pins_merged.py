"""Two pinned stories become one: exactly one pin holds, whoever merged them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from plans import DESK, QUAKE, STRIKE, article, home, merge, promote

from storycluster import audit
from storycluster.backends import open_store
from storycluster.domain import ConstraintKind, Event, EventKind
from storycluster.engine import Engine, scheme_of
from storycluster.engine.explaining import Why
from storycluster.ports import Encoder
from storycluster.settings import Settings

Merge = Callable[[Engine], None]


@pytest.fixture(params=["memory:", "folder"])
def engine(encoder: Encoder, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """Two stories, each with a pin; the first is the older one."""
    url = "memory:" if request.param == "memory:" else str(tmp_path)
    made = Engine(open_store(url, scheme_of(encoder, Settings())), encoder)
    made.ingest("", [article(one) for one in (*STRIKE, *QUAKE)])
    made.pin("", STRIKE[2], DESK)
    made.pin("", QUAKE[1], DESK)
    yield made
    made.close()


def pins(engine: Engine) -> list[str]:
    """The articles that are pinned, in the store and by the audit."""
    with engine._store.read() as reader:
        constraints = reader.constraints("default")
    entries = reversed(engine.list_audit_entries("", page_size=500).items)
    assert audit.replay(entries).constraints == audit.names(constraints)
    return sorted(one.subject for one in constraints if one.kind is ConstraintKind.PIN)


def broken(engine: Engine) -> list[Event]:
    events = engine.list_events("", page_size=500)
    return [event for event in events if event.kind is EventKind.OVERRIDE_BROKEN]


def by_an_editor(engine: Engine) -> None:
    engine.merge("", home(engine, QUAKE[0]), home(engine, STRIKE[0]), DESK)


def by_a_job(engine: Engine) -> None:
    assert promote(engine, merge(engine, QUAKE[0], STRIKE[0])).applied == 1


def by_the_server(engine: Engine) -> None:
    """With what a second look does once it has decided."""
    one, other = home(engine, STRIKE[0]), home(engine, QUAKE[0])
    why = Why((), (), 0.9, "")

    def act(stories: object) -> None:
        stories.merge(one, other, why, cause=QUAKE[0])  # type: ignore[attr-defined]
        stories.refresh(one)  # type: ignore[attr-defined]

    engine._writer.edit("default", act).result()


@pytest.mark.parametrize("merged", [by_an_editor, by_a_job, by_the_server])
def test_the_pin_of_the_story_that_stays_holds_and_the_other_is_told_broken(
    engine: Engine, merged: Merge
) -> None:
    """Its article stands for both; the event names the other article, and why."""
    merged(engine)
    assert home(engine, QUAKE[0]) == home(engine, STRIKE[0])
    assert pins(engine) == [STRIKE[2]]
    canonical = engine.get_story("", home(engine, STRIKE[0])).story.canonical
    assert canonical is not None
    assert (canonical.article_id, canonical.policy) == (STRIKE[2], "pinned")
    [event] = broken(engine)
    assert (event.article_id, event.story_id) == (QUAKE[1], home(engine, STRIKE[0]))
    assert event.detail["kind"] == "pin"
    assert "merged" in event.detail["reason"]


@pytest.mark.parametrize("merged", [by_an_editor, by_a_job, by_the_server])
def test_the_only_pin_of_two_stories_holds_for_both(engine: Engine, merged: Merge) -> None:
    """Also that of the story that goes: nothing is broken."""
    engine.unpin("", home(engine, STRIKE[0]), DESK)
    merged(engine)
    assert pins(engine) == [QUAKE[1]]
    assert broken(engine) == []
    canonical = engine.get_story("", home(engine, STRIKE[0])).story.canonical
    assert canonical is not None
    assert canonical.article_id == QUAKE[1]


def test_an_editors_merge_that_is_undone_pins_again(engine: Engine) -> None:
    """Each story has the pin that it had."""
    by_an_editor(engine)
    [override, *_] = engine.list_overrides("").items
    engine.undo("", override.sequence, DESK)
    assert home(engine, QUAKE[0]) != home(engine, STRIKE[0])
    assert pins(engine) == sorted([STRIKE[2], QUAKE[1]])
    canonical = engine.get_story("", home(engine, QUAKE[0])).story.canonical
    assert canonical is not None
    assert canonical.article_id == QUAKE[1]
