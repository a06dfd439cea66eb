"""promoting: what was decided since the snapshot, and what editors said, wins over a plan."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest
from plans import (
    DESK,
    QUAKE,
    STRIKE,
    article,
    articles,
    change,
    home,
    members,
    merge,
    move,
    promote,
    skipped,
    split,
)

from storycluster.backends import open_store
from storycluster.domain import (
    Article,
    Change,
    ChangeKind,
    ConstraintKind,
    SkipReason,
)
from storycluster.engine import Engine, scheme_of
from storycluster.ports import Encoder
from storycluster.settings import Settings

MUST, CANNOT = ConstraintKind.MUST_LINK, ConstraintKind.CANNOT_LINK


@pytest.fixture
def engine(encoder: Encoder) -> Iterator[Engine]:
    """Two stories: five independent reports of one event, three of another."""
    made = Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder)
    made.ingest("", [article(one) for one in (*STRIKE, *QUAKE)])
    yield made
    made.close()


def refused(engine: Engine, planned: Change, *, at: int = 0) -> tuple[SkipReason, str]:
    """Why the only change of a plan is skipped; nothing else is changed."""
    before = {one: home(engine, one) for one in (*STRIKE, *QUAKE) if one != "gone"}
    done = promote(engine, planned, at=at)
    assert {one: home(engine, one) for one in before} == before
    [(place, reason, subject)] = skipped(done)
    assert (done.applied, place) == (0, 0)
    return reason, subject


def test_an_article_that_is_gone_is_not_moved(engine: Engine) -> None:
    """Withdrawn since, or never there."""
    planned = split(engine, STRIKE[1], STRIKE[2])
    engine.withdraw("", STRIKE[2], DESK)
    assert skipped(promote(engine, planned)) == [(0, SkipReason.GONE, STRIKE[2])]
    never = dataclasses.replace(planned, article_ids=("never",))
    assert skipped(promote(engine, never, job="b")) == [(0, SkipReason.GONE, "never")]


def test_an_article_that_was_moved_since_stays_there(engine: Engine) -> None:
    """Also where no article arrived in between."""
    planned = split(engine, STRIKE[1], STRIKE[2])
    engine.move("", STRIKE[2], home(engine, QUAKE[0]), DESK)
    assert refused(engine, planned) == (SkipReason.MOVED, STRIKE[2])


def test_an_article_that_was_decided_since_stays_there(engine: Engine) -> None:
    """Here a revision: the plan knew another text."""
    planned, at = split(engine, STRIKE[1]), articles(engine)
    engine.ingest("", [article(STRIKE[1], " The talks were resumed on Friday.")])
    assert refused(engine, planned, at=at) == (SkipReason.DECIDED_SINCE, STRIKE[1])


def test_an_article_that_arrived_since_is_no_part_of_a_plan(engine: Engine) -> None:
    """Though a change names it."""
    engine.ingest("", [Article("late", title="Strike goes on", text=article(STRIKE[0]).text)])
    planned = change(ChangeKind.SPLIT, home(engine, "late"), "", "late")
    reason = refused(engine, planned, at=articles(engine) - 1)
    assert reason == (SkipReason.DECIDED_SINCE, "late")


def test_a_story_that_is_not_there_takes_nobody(engine: Engine) -> None:
    """An unknown one, and one that was closed since."""
    seed = home(engine, STRIKE[0])
    unknown = change(ChangeKind.MOVE, seed, "s0", STRIKE[1])
    assert refused(engine, unknown) == (SkipReason.NO_STORY, "s0")
    planned = move(engine, QUAKE[0], STRIKE[1])
    for one in QUAKE:
        engine.withdraw("", one, DESK)
    done = promote(engine, planned, job="later")
    assert skipped(done) == [(0, SkipReason.NO_STORY, planned.to_story)]
    assert home(engine, STRIKE[1]) == seed


def test_a_story_that_was_merged_since_is_found(engine: Engine) -> None:
    """Through its redirect; where that leads home there is nothing to do."""
    engine.move("", STRIKE[4], "", DESK)
    planned = move(engine, STRIKE[4], QUAKE[2])
    engine.merge("", home(engine, STRIKE[4]), home(engine, STRIKE[0]), DESK)
    assert promote(engine, planned).applied == 1
    assert home(engine, QUAKE[2]) == home(engine, STRIKE[0])
    again = move(engine, STRIKE[0], QUAKE[0])
    engine.merge("", again.from_story, again.to_story, DESK)
    there = dataclasses.replace(again, from_story=home(engine, QUAKE[0]), to_story=again.from_story)
    assert refused_later(engine, there) == (SkipReason.SAME_STORY, again.from_story)


def refused_later(engine: Engine, planned: Change) -> tuple[SkipReason, str]:
    [(_, reason, subject)] = skipped(promote(engine, planned, job="later"))
    return reason, subject


def test_a_split_leaves_somebody(engine: Engine) -> None:
    """All articles of a story are not split off."""
    planned = split(engine, *QUAKE)
    assert refused(engine, planned) == (SkipReason.NOBODY_STAYS, home(engine, QUAKE[0]))


@pytest.mark.parametrize("locked", [STRIKE[0], QUAKE[0]])
def test_a_locked_story_is_kept_as_it_is(engine: Engine, locked: str) -> None:
    """Whether articles would leave it or come to it."""
    story_id = home(engine, locked)
    engine.lock("", story_id, DESK)
    planned = move(engine, QUAKE[0], STRIKE[1])
    assert refused(engine, planned) == (SkipReason.LOCKED, story_id)


def test_a_locked_story_is_not_split(engine: Engine) -> None:
    """Nor merged."""
    story_id = home(engine, QUAKE[0])
    engine.lock("", story_id, DESK)
    assert refused(engine, split(engine, QUAKE[1])) == (SkipReason.LOCKED, story_id)
    assert refused_later(engine, merge(engine, QUAKE[0], STRIKE[0])) == (
        SkipReason.LOCKED,
        story_id,
    )


def test_a_pinned_article_stays(engine: Engine) -> None:
    """In the story that it stands for."""
    engine.pin("", STRIKE[1], DESK)
    assert refused(engine, split(engine, *STRIKE[1:3])) == (SkipReason.PINNED, STRIKE[1])


def test_linked_articles_stay_together(engine: Engine) -> None:
    """One of them does not leave alone; both together may."""
    engine.link("", MUST, STRIKE[1], STRIKE[2], DESK)
    assert refused(engine, split(engine, STRIKE[2])) == (SkipReason.LINKED, STRIKE[2])
    assert promote(engine, split(engine, *STRIKE[1:3]), job="both").applied == 1


def test_separated_articles_stay_apart(engine: Engine) -> None:
    """Neither a move nor a merge brings them together."""
    engine.link("", CANNOT, STRIKE[1], QUAKE[0], DESK)
    target = home(engine, QUAKE[0])
    assert refused(engine, move(engine, QUAKE[0], STRIKE[1])) == (SkipReason.SEPARATED, target)
    assert refused_later(engine, merge(engine, STRIKE[0], QUAKE[0])) == (
        SkipReason.SEPARATED, target,
    )  # fmt: skip


def test_an_article_goes_to_one_place(engine: Engine) -> None:
    """Of two changes that name it, or copies of it, the first is made."""
    engine.ingest("", [dataclasses.replace(article(STRIKE[1]), article_id="copy")])
    first, second = split(engine, STRIKE[1]), move(engine, QUAKE[0], "copy")
    done = promote(engine, first, second)
    assert skipped(done) == [(1, SkipReason.EARLIER_CHANGE, "copy")]
    assert members(engine, home(engine, "copy")) == [STRIKE[1], "copy"]


def test_what_arrived_after_the_snapshot_stays(engine: Engine) -> None:
    """In the story it came to, which then goes on with it alone."""
    gone, target = home(engine, QUAKE[0]), home(engine, STRIKE[0])
    planned = change(ChangeKind.MERGE, gone, target, *QUAKE[:2])
    assert promote(engine, planned, at=articles(engine) - 1).applied == 1
    assert members(engine, gone) == QUAKE[2:]
    assert members(engine, target) == [*STRIKE, *QUAKE[:2]]


def test_a_link_to_what_arrived_since_holds(engine: Engine) -> None:
    """A merge that would tear the two apart is not made."""
    planned, at = merge(engine, QUAKE[0], STRIKE[0]), articles(engine)
    engine.ingest("", [Article("late", title="Quake", text="Nothing is known of the dam yet.")])
    engine.link("", MUST, QUAKE[1], "late", DESK)
    assert refused(engine, planned, at=at) == (SkipReason.LINKED, QUAKE[1])
