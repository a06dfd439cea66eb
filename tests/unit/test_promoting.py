"""promoting: a plan is published once, and holds afterwards."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from plans import (
    DESK,
    QUAKE,
    REASON,
    STRIKE,
    Clock,
    article,
    articles,
    change,
    events_since,
    home,
    last_event,
    members,
    merge,
    move,
    promote,
    split,
)

from storycluster.backends import open_store
from storycluster.domain import (
    ChangeKind,
    EventKind,
    Relation,
    StoryState,
)
from storycluster.engine import Engine, scheme_of
from storycluster.engine.promoting import RECLUSTER
from storycluster.errors import InvalidInput, NotFound, PreconditionFailed
from storycluster.ports import Encoder
from storycluster.settings import Settings


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(encoder: Encoder, clock: Clock) -> Iterator[Engine]:
    """Two stories: five independent reports of one event, three of another."""
    made = Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder, clock=clock)
    made.ingest("", [article(one) for one in (*STRIKE, *QUAKE)])
    yield made
    made.close()


# -- what is made ---------------------------------------------------------------------------------


def test_a_split_opens_a_story(engine: Engine) -> None:
    """The others keep the id; both are counted and have a canonical of their own."""
    seed = home(engine, STRIKE[0])
    done = promote(engine, split(engine, *STRIKE[3:]))
    opened = home(engine, STRIKE[3])
    assert (done.applied, done.skipped) == (1, ())
    assert members(engine, seed) == STRIKE[:3]
    assert members(engine, opened) == STRIKE[3:]
    for story_id, count in ((seed, 3), (opened, 2)):
        story = engine.get_story("", story_id).story
        assert story.article_count == count
        assert story.canonical is not None
        assert story.canonical.article_id in members(engine, story_id)


def test_a_move_puts_an_article_into_the_other_story(engine: Engine) -> None:
    """Both are counted anew."""
    done = promote(engine, move(engine, QUAKE[0], STRIKE[1]))
    assert done.applied == 1
    assert members(engine, home(engine, QUAKE[0])) == [STRIKE[1], *QUAKE]
    assert members(engine, home(engine, STRIKE[0])) == [STRIKE[0], *STRIKE[2:]]
    assert engine.get_story("", home(engine, QUAKE[0])).story.article_count == 4


def test_a_merge_makes_two_stories_one(engine: Engine) -> None:
    """The older id stays, whichever of the two the plan names first; the other redirects."""
    older, newer = home(engine, STRIKE[0]), home(engine, QUAKE[0])
    assert promote(engine, merge(engine, STRIKE[0], QUAKE[0])).applied == 1
    view = engine.get_story("", newer)
    assert (view.story.story_id, view.redirected_from) == (older, newer)
    assert [member.article_id for member in view.members] == [*STRIKE, *QUAKE]


def test_a_move_of_everybody_is_a_merge(engine: Engine) -> None:
    """The story that nobody stays in redirects."""
    older, newer = home(engine, STRIKE[0]), home(engine, QUAKE[0])
    assert promote(engine, move(engine, STRIKE[0], *QUAKE)).applied == 1
    assert engine.get_story("", newer).story.story_id == older


def test_copies_go_with_their_article(engine: Engine) -> None:
    """Also one that arrived after the snapshot: copies of one text are never in two stories."""
    planned, at = split(engine, STRIKE[1]), articles(engine)
    engine.ingest("", [dataclasses.replace(article(STRIKE[1]), article_id="copy")])
    assert promote(engine, planned, at=at).applied == 1
    assert members(engine, home(engine, STRIKE[1])) == [STRIKE[1], "copy"]
    assert engine.explain("", "copy")[-1].copy_of == STRIKE[1]


def test_a_move_says_why(engine: Engine) -> None:
    """The job's probability and evidence, the story that was left, and why, in its words."""
    seed = home(engine, STRIKE[1])
    promote(engine, move(engine, QUAKE[0], STRIKE[1]))
    made = engine.explain("", STRIKE[1])[-1]
    assert [one.kind for one in made.evidence] == [RECLUSTER, "probability"]
    assert made.confidence == made.evidence[0].value == 0.9
    assert (made.relation, made.previous_story_id) == (Relation.SAME_STORY, seed)
    [lost] = made.runners_up
    assert (lost.story_id, lost.reason) == (seed, REASON)
    assert lost.score == pytest.approx(0.1)


def test_changes_follow_one_another(engine: Engine) -> None:
    """What a merge took to another id is found there by the next change."""
    engine.move("", STRIKE[4], "", DESK)
    alone = home(engine, STRIKE[4])
    changes = [
        merge(engine, STRIKE[0], QUAKE[0]),
        move(engine, STRIKE[4], QUAKE[1]),
    ]
    assert promote(engine, *changes).applied == 2
    assert members(engine, alone) == [STRIKE[4], QUAKE[1]]
    assert members(engine, home(engine, STRIKE[0])) == [*STRIKE[:4], QUAKE[0], QUAKE[2]]


# -- once, and only as asked ----------------------------------------------------------------------


def test_a_second_promote_changes_nothing(engine: Engine) -> None:
    """It answers with the record of the first, whatever it is asked."""
    first = promote(engine, split(engine, STRIKE[1]))
    before = last_event(engine)
    again = promote(engine, move(engine, QUAKE[0], STRIKE[2]), quiet=True)
    assert again == first == engine.promotion("", "job")
    assert last_event(engine) == before
    assert home(engine, STRIKE[2]) == home(engine, STRIKE[0])


def test_a_job_that_was_not_promoted_has_no_record(engine: Engine) -> None:
    """Nor one whose promote was refused."""
    with pytest.raises(PreconditionFailed, match="began anew"):
        promote(engine, split(engine, STRIKE[1]), at=99)
    assert engine.promotion("", "job") is None


def test_a_plan_of_an_unknown_collection_is_refused(engine: Engine) -> None:
    """Nothing is left of the name."""
    with pytest.raises(NotFound):
        engine.promote("none", "job", snapshot_sequence=0, changes=())
    assert engine.promotion("none", "job") is None
    assert engine.collections() == ("default",)


@pytest.mark.parametrize(
    ("wrong", "field"),
    [
        ({"article_ids": ()}, "changes[1].article_ids"),
        ({"from_story": ""}, "changes[1].from_story"),
        ({"to_story": "s1"}, "changes[1].to_story"),
        ({"kind": ChangeKind.MOVE}, "changes[1].to_story"),
        ({"probability": 1.5}, "changes[1].probability"),
        ({"probability": float("nan")}, "changes[1].probability"),
    ],
)
def test_a_wrong_change_is_named(engine: Engine, wrong: dict[str, object], field: str) -> None:
    """And nothing of its plan is made."""
    good = split(engine, STRIKE[1])
    with pytest.raises(InvalidInput) as caught:
        promote(engine, good, dataclasses.replace(split(engine, STRIKE[2]), **wrong))  # type: ignore[arg-type]
    assert [one.field for one in caught.value.violations] == [field]
    assert home(engine, STRIKE[1]) == home(engine, STRIKE[0])


def test_each_change_is_told_once(engine: Engine) -> None:
    """The summary comes last."""
    before, seed = last_event(engine), home(engine, STRIKE[0])
    promote(engine, split(engine, *STRIKE[1:3]), change(ChangeKind.SPLIT, seed, "", "never"))
    opened = home(engine, STRIKE[1])
    told = [(one.kind, one.story_id, one.article_id) for one in events_since(engine, before)]
    assert told == [
        (EventKind.STORY_CREATED, opened, STRIKE[1]),
        (EventKind.MEMBER_MOVED, opened, STRIKE[1]),
        (EventKind.MEMBER_MOVED, opened, STRIKE[2]),
        (EventKind.CANONICAL_CHANGED, opened, STRIKE[1]),
        (EventKind.STORY_SPLIT, seed, STRIKE[1]),
        (EventKind.RECLUSTER_PROMOTED, "", ""),
    ]


def test_a_quiet_promote_is_told_once(engine: Engine) -> None:
    """What it changed is the same."""
    before = last_event(engine)
    promote(engine, split(engine, *STRIKE[1:3]), quiet=True)
    [event] = events_since(engine, before)
    assert event.kind is EventKind.RECLUSTER_PROMOTED
    assert event.detail == {"job": "job", "applied": "1", "skipped": "0", "quiet": "true"}
    assert members(engine, home(engine, STRIKE[1])) == STRIKE[1:3]


# -- what comes after -----------------------------------------------------------------------------


def look_again(engine: Engine, clock: Clock) -> None:
    """A day later, every second look."""
    clock.moment += timedelta(days=2)
    engine.repair("")


def test_second_looks_leave_a_split_alone(engine: Engine, clock: Clock) -> None:
    """Though the model would bring the parts together: without the promote it does."""
    promote(engine, split(engine, *STRIKE[3:]))
    opened = home(engine, STRIKE[3])
    look_again(engine, clock)
    assert members(engine, opened) == STRIKE[3:]
    assert members(engine, home(engine, STRIKE[0])) == STRIKE[:3]


def test_second_looks_leave_a_merge_alone(engine: Engine, clock: Clock) -> None:
    """Though the model would part the stories again."""
    promote(engine, merge(engine, QUAKE[0], STRIKE[0]))
    look_again(engine, clock)
    assert members(engine, home(engine, STRIKE[0])) == [*STRIKE, *QUAKE]


def test_what_was_promoted_outlives_a_restart(
    encoder: Encoder, tmp_path: Path, clock: Clock
) -> None:
    """So does that second looks leave it alone."""
    scheme = scheme_of(encoder, Settings())
    engine = Engine(open_store(str(tmp_path), scheme), encoder, clock=clock)
    engine.ingest("", [article(one) for one in STRIKE])
    first = promote(engine, split(engine, *STRIKE[3:]))
    engine.close()
    engine = Engine(open_store(str(tmp_path), scheme), encoder, clock=clock)
    assert promote(engine) == first
    look_again(engine, clock)
    assert members(engine, home(engine, STRIKE[3])) == STRIKE[3:]
    engine.close()


def test_every_id_ever_told_resolves(engine: Engine) -> None:
    """To a live story, after a chain of plans."""
    told = {home(engine, one) for one in (*STRIKE, *QUAKE)}
    promote(engine, split(engine, *STRIKE[2:]), job="1")
    told |= {home(engine, one) for one in STRIKE}
    promote(engine, move(engine, QUAKE[0], STRIKE[0]), job="2")
    promote(engine, merge(engine, STRIKE[1], STRIKE[2]), job="3")
    promote(engine, merge(engine, STRIKE[2], QUAKE[0]), job="4")
    assert {engine.get_story("", one).story.state for one in told} == {StoryState.OPEN}
    assert sorted(members(engine, home(engine, STRIKE[0]))) == sorted([*STRIKE, *QUAKE])
