"""cli.why: a decision as a person reads it."""

from __future__ import annotations

import dataclasses

import pytest

from storycluster.cli.why import print_decision
from storycluster.domain import Assignment, Evidence, Relation, RunnerUp

LOST = RunnerUp(
    "s2",
    0.25,
    "another story is likelier (0.88 > 0.25)",
    (Evidence("intercept", 1.0, 0.0, False, weight=-1.0),),
)
JOINED = Assignment(
    article_id="tribune-1",
    revision=1,
    story_id="s1",
    relation=Relation.SAME_STORY,
    confidence=0.880797078,
    sequence=2,
    evidence=(
        Evidence("probability", 0.880797078, 0.65, True),
        Evidence("intercept", 1.0, 0.0, False, weight=-4.0),
        Evidence("measure:body_near", 0.5, 0.0, True, weight=8.0),
        Evidence("measure:of_tomorrow", 1.0, 0.0, True, weight=2.0),
    ),
    runners_up=(LOST,),
    model="default",
)
TITLES = {"s1": "Ferry sinks", "s2": "Mill burns"}


def told(made: Assignment, capsys: pytest.CaptureFixture[str]) -> list[str]:
    """The lines that a pipe gets."""
    print_decision(made, titles=TITLES)
    return capsys.readouterr().out.splitlines()


def test_a_decision_is_read_from_top_to_bottom(capsys: pytest.CaptureFixture[str]) -> None:
    """What came of it; sure how far; each measure in words, with a bar as long as its share of the
    strongest; their sum; each story that lost, and why. A measure without words keeps its name."""
    assert told(JOINED, capsys) == [
        'tribune-1 joined story s1: "Ferry sinks"',
        "confidence 0.88 (model default)",
        "  + 0.88 likely to belong, by the model (0.65 needed)",
        "what was measured            value   adds",
        "words of the text             0.50  +4.00  ++++++++++++++++++++++++",
        "of_tomorrow                         +2.00  ++++++++++++",
        "before anything is measured         -4.00  ------------------------",
        "together                            +2.00  log odds: 0.88 likely",
        'not s2: "Mill burns"',
        "    0.25 likely: another story is likelier (0.88 > 0.25)",
    ]


def test_measures_of_one_kind_share_a_line(capsys: pytest.CaptureFixture[str]) -> None:
    """The line has what they add together and the value of the nearest members, as its name says
    "headline"; nothing is lost from the sum."""
    parts = (("title_near", 0.75, 2.0), ("title_best", 1.0, 1.0), ("title_ahead", 0.5, -1.0))
    many = tuple(
        Evidence(f"measure:{name}", value, 0.0, True, weight=w) for name, value, w in parts
    )
    lines = told(dataclasses.replace(JOINED, evidence=many, runners_up=()), capsys)
    assert lines[3].split()[:3] == ["headline", "0.75", "+2.00"]
    assert lines[-1].split()[:2] == ["together", "+2.00"]


def test_a_new_story_is_measured_against_one_that_lost(capsys: pytest.CaptureFixture[str]) -> None:
    """The measures are those of the best refused story, and stand under its id."""
    refused = Evidence("probability", 0.25, 0.65, False)
    measures = JOINED.evidence[1:]
    made = dataclasses.replace(
        JOINED,
        relation=Relation.NEW_STORY,
        evidence=(refused, *measures),
        runners_up=(dataclasses.replace(LOST, evidence=measures),),
    )
    lines = told(made, capsys)
    assert lines[0] == 'tribune-1 opened a new story s1: "Ferry sinks"'
    assert lines[2] == "  - 0.25 likely to belong, by the model (0.65 needed)"
    assert lines[3].split()[:2] == ["against", "s2"]


def test_measures_without_weights_are_left_out(capsys: pytest.CaptureFixture[str]) -> None:
    """Decisions of a time before weights were stored tell their probability and no table."""
    old = (JOINED.evidence[0], Evidence("measure:body", 0.5, 0.0, True))
    made = dataclasses.replace(JOINED, evidence=old, runners_up=())
    assert told(made, capsys)[2:] == ["  + 0.88 likely to belong, by the model (0.65 needed)"]


def test_a_first_article_was_measured_against_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    """Without evidence one line says why there is none."""
    made = dataclasses.replace(
        JOINED, relation=Relation.NEW_STORY, confidence=1.0, evidence=(), runners_up=()
    )
    assert told(made, capsys)[1:] == [
        "confidence 1.00 (model default)",
        "  no story came near enough to be measured",
    ]


def test_a_copy_is_told_by_its_overlap(capsys: pytest.CaptureFixture[str]) -> None:
    """Both overlaps, passed or not; the measures of the model did not decide and are left out."""
    overlaps = (
        Evidence("jaccard", 0.75, 0.5, True, "courier-1"),
        Evidence("containment", 0.7, 0.8, False, "courier-1"),
    )
    made = dataclasses.replace(
        JOINED,
        relation=Relation.NEAR_COPY,
        copy_of="courier-1",
        evidence=overlaps + JOINED.evidence,
        runners_up=(),
    )
    assert told(made, capsys) == [
        'tribune-1 is a near copy of courier-1, in story s1: "Ferry sinks"',
        "confidence 0.88 (model default)",
        "  + 0.75 wording in common (0.50 needed)",
        "  - 0.70 wording of the shorter text within the longer (0.80 needed)",
        "  + 0.88 likely to belong, by the model (0.65 needed)",
    ]


def test_a_move_tells_where_the_article_came_from(capsys: pytest.CaptureFixture[str]) -> None:
    """After a merge the former story is named beside the one it is in now."""
    made = dataclasses.replace(
        JOINED,
        previous_story_id="s7",
        evidence=(Evidence("merge", 0.75, 0.65, True),),
        runners_up=(),
    )
    lines = told(made, capsys)
    assert lines[0] == 'tribune-1 joined story s1, coming from s7: "Ferry sinks"'
    assert (
        lines[2]
        == "  + 0.75 members of the smaller story likely to belong to the larger (0.65 needed)"
    )


def test_nothing_that_is_stored_can_steer_the_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    """Ids, reasons, kinds and titles are text, never markup."""
    hostile = "[bold]\x1b[31m"
    made = dataclasses.replace(
        JOINED,
        article_id=hostile,
        model=hostile,
        evidence=(Evidence(hostile, 1.0, 0.5, True),),
        runners_up=(dataclasses.replace(LOST, reason=hostile),),
    )
    print_decision(made, titles={"s1": hostile})
    lines = capsys.readouterr().out
    assert "\x1b" not in lines
    assert lines.count("[bold]␛[31m") == 5
