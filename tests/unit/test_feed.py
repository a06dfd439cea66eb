"""feed: an event can be read for as long as it is kept, and who comes too late is told so."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storycluster.backends import open_store
from storycluster.domain import Article
from storycluster.engine import Engine, scheme_of
from storycluster.errors import FeedExpired
from storycluster.ports import Encoder
from storycluster.settings import FeedSettings, Settings

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
KEPT = dataclasses.replace(Settings(), feed=FeedSettings(retention_days=2.5))


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.moment = NOON

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture(params=["memory:", "folder"])
def engine(
    encoder: Encoder, clock: Clock, tmp_path: Path, request: pytest.FixtureRequest
) -> Iterator[Engine]:
    """An article a day for five days, noon of the last one."""
    url = request.param if request.param == "memory:" else str(tmp_path / "data")
    made = Engine(open_store(url, scheme_of(encoder, KEPT)), encoder, settings=KEPT, clock=clock)
    for day in range(5):
        clock.moment = NOON + day * DAY
        made.ingest("", [Article(f"a{day}", text=f"Bulletin {day}: all quiet on day {day}.")])
    yield made
    made.close()


def oldest_kept(engine: Engine, clock: Clock) -> int:
    """What the rows themselves say: the first event of the last two and a half days."""
    with engine._store.read() as reader:
        rows = reader.events("default", after=0, limit=500)
    return min(one.sequence for one in rows if one.time >= clock.moment - 2.5 * DAY)


def test_from_the_beginning_is_from_the_oldest_event_that_is_kept(
    engine: Engine, clock: Clock
) -> None:
    """And the last one is where it was."""
    sequences = [event.sequence for event in engine.list_events("", page_size=500)]
    oldest = oldest_kept(engine, clock)
    assert 1 < oldest < engine.last_event("")
    assert sequences == list(range(oldest, engine.last_event("") + 1))


def test_a_place_whose_next_event_has_left_is_refused(engine: Engine, clock: Clock) -> None:
    """At every place before the window; the error names the first event of the window."""
    oldest = oldest_kept(engine, clock)
    for place in range(1, oldest - 1):
        with pytest.raises(FeedExpired) as refused:
            engine.list_events("", after=place)
        assert refused.value.oldest == oldest
    assert engine.list_events("", after=oldest - 1)[0].sequence == oldest


def test_an_event_leaves_the_feed_when_it_is_older_than_it_may_be(
    engine: Engine, clock: Clock
) -> None:
    """Not a microsecond sooner."""
    oldest = oldest_kept(engine, clock)
    first = engine.list_events("", after=oldest - 1)[0]
    clock.moment = first.time + 2.5 * DAY
    assert engine.list_events("", after=oldest - 1)[0] == first
    clock.moment += timedelta(microseconds=1)
    with pytest.raises(FeedExpired):
        engine.list_events("", after=oldest - 1)


def test_who_has_read_everything_is_never_too_late(engine: Engine, clock: Clock) -> None:
    """Where all events have left, the last place still is one; every earlier one is not, and the
    feed begins behind the last event."""
    last = engine.last_event("")
    clock.moment += 1000 * DAY
    assert engine.list_events("", after=last) == ()
    assert engine.list_events("") == ()
    with pytest.raises(FeedExpired) as refused:
        engine.list_events("", after=last - 1)
    assert refused.value.oldest == last + 1


def test_nothing_leaves_the_feed_unless_that_is_set(engine: Engine, clock: Clock) -> None:
    """0 days are for ever."""
    engine.settings = Settings()
    clock.moment += 100_000 * DAY
    sequences = [event.sequence for event in engine.list_events("", page_size=500)]
    assert sequences == list(range(1, engine.last_event("") + 1))
