"""Which changes follow from a partition made by hand?"""

from __future__ import annotations

import itertools
from collections.abc import Sequence

import numpy as np
import pytest

from storycluster.batch_settings import ReclusterSettings
from storycluster.domain import Change, ChangeKind, Constraint, ConstraintKind
from storycluster.recluster.changes import Changes, after, same_story
from storycluster.recluster.dividing import Graph, divided
from storycluster.recluster.windows import Node

SETTINGS = ReclusterSettings()


def nodes(*stories: str, copies: int = 1) -> list[Node]:
    """A group for each story named: a0, a1, ...; with copies a0, a0-1, ..."""
    found = []
    for at, story in enumerate(stories):
        ids = (f"a{at}", *(f"a{at}-{copy}" for copy in range(1, copies)))
        rows = tuple(range(at * copies, (at + 1) * copies))
        found.append(Node(ids[0], story, rows, ids))
    return found


def graph(truth: Sequence[int], *, apart: Sequence[tuple[int, int]] = ()) -> Graph:
    """Sure edges inside each true story, none between."""
    pairs = [
        (a, b)
        for a, b in itertools.combinations(range(len(truth)), 2)
        if truth[a] == truth[b] or (a, b) in apart
    ]
    no = np.array([pair in apart for pair in pairs], dtype=bool)
    found = np.array(pairs, dtype=np.int64).reshape(-1, 2)
    return Graph(len(truth), found, np.where(no, 0.0, 0.9), no)


def changes(
    present: Sequence[Node], truth: Sequence[int], *held: Constraint, **more: Sequence[tuple]
) -> list[Change]:
    made = graph(truth, **more)
    labels = divided(present, made, held, SETTINGS)
    return Changes(present, labels, made, held, SETTINGS).found()


def test_two_stories_of_one_event_merge_into_the_larger() -> None:
    """With probability, gain, evidence and the id that stays."""
    [one] = changes(nodes("s1", "s2", "s2"), [0, 0, 0])
    assert (one.kind, one.from_story, one.to_story) == (ChangeKind.MERGE, "s1", "s2")
    assert one.article_ids == ("a0",)
    assert one.probability > 0.9
    assert 1.5 < one.gain <= 2.0
    assert one.evidence[0].passed
    assert "s2" in one.reason


def test_of_two_equal_stories_the_older_id_stays() -> None:
    """A lower id is an older story."""
    [one] = changes(nodes("s2", "s1"), [0, 0])
    assert (one.from_story, one.to_story) == ("s2", "s1")


def test_a_part_that_tells_of_something_else_becomes_a_story() -> None:
    """The larger part keeps the id."""
    [one] = changes(nodes("s1", "s1", "s1", "s1", "s1"), [0, 0, 0, 1, 1])
    assert (one.kind, one.to_story, one.article_ids) == (ChangeKind.SPLIT, "", ("a3", "a4"))


def test_an_article_moves_where_it_belongs() -> None:
    """Both stories keep their ids."""
    [one] = changes(nodes("s1", "s1", "s1", "s2", "s2"), [0, 0, 1, 1, 1])
    assert (one.kind, one.from_story, one.to_story) == (ChangeKind.MOVE, "s1", "s2")
    assert one.article_ids == ("a2",)


def test_what_is_right_already_is_left_alone() -> None:
    """No change is proposed."""
    assert changes(nodes("s1", "s1", "s2", "s2"), [0, 0, 1, 1]) == []


def test_copies_go_with_their_original() -> None:
    """A change holds whole reprint groups."""
    [one] = changes(nodes("s1", "s2", "s2", copies=3), [0, 0, 0])
    assert one.article_ids == ("a0", "a0-1", "a0-2")


def test_after_all_changes_the_stories_are_those_of_the_partition() -> None:
    """Where every change is likely enough."""
    present = nodes("s1", "s1", "s1", "s2", "s2", "s3", "s4", "s4")
    truth = [0, 0, 1, 1, 1, 1, 2, 3]
    found = after(present, changes(present, truth))
    by_story = {found[f"a{at}"]: set() for at in range(8)}
    for at in range(8):
        by_story[found[f"a{at}"]].add(truth[at])
    assert sorted(map(sorted, by_story.values())) == [[0], [1], [2], [3]]


@pytest.mark.parametrize(
    ("present", "truth", "held"),
    [
        (("s1", "s2", "s2"), [0, 0, 0], Constraint(ConstraintKind.CANNOT_LINK, "a0", "a1")),
        (("s1", "s2", "s2"), [0, 0, 0], Constraint(ConstraintKind.LOCK, "s1")),
        (("s1", "s2", "s2"), [0, 0, 0], Constraint(ConstraintKind.LOCK, "s2")),
        (("s1", "s1", "s1"), [0, 0, 1], Constraint(ConstraintKind.MUST_LINK, "a0", "a2")),
        (("s1", "s1", "s1"), [0, 0, 1], Constraint(ConstraintKind.PIN, "a2")),
    ],
)
def test_nothing_is_proposed_against_an_editor(
    present: tuple[str, ...], truth: list[int], held: Constraint
) -> None:
    """The same change is proposed where nothing was said."""
    assert changes(nodes(*present), truth)
    assert changes(nodes(*present), truth, held) == []


def test_a_story_with_a_pinned_article_takes_others_in() -> None:
    """A pin holds an article in its story, and keeps none out."""
    pinned = Constraint(ConstraintKind.PIN, "a1")
    assert len(changes(nodes("s1", "s2", "s2"), [0, 0, 0], pinned)) == 1


def test_a_veto_between_two_articles_forbids_the_merge() -> None:
    """As it does online, however alike the others are."""
    present = nodes("s1", "s1", "s1", "s2", "s2", "s2")
    assert changes(present, [0] * 6)
    assert changes(present, [0] * 6, apart=[(0, 3)]) == []


def test_at_the_bar_a_change_is_as_likely_right_as_wrong() -> None:
    """Above it likelier right, far below it hardly ever."""
    assert same_story(0.35, 0.35) == pytest.approx(0.5)
    assert same_story(0.9, 0.35) > 0.9
    assert same_story(0.0, 0.35) < 0.01
