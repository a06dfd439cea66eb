"""engine.vetoes: when a likely story is not believed."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass

import numpy as np
import pytest

from storycluster.engine import vetoes
from storycluster.features import UInt32
from storycluster.fingerprint import Overlap
from storycluster.measures import Profile, StoryProfile
from storycluster.settings import GuardSettings, Settings
from storycluster.weighting import VIEWS, SparseVector

SETTINGS = Settings()
GUARDS = SETTINGS.guards
ALIKE = Overlap(60, 0.55, 0.7)


def vector(*buckets: int) -> SparseVector:
    weights = np.full(len(buckets), max(1, len(buckets)) ** -0.5, dtype=np.float32)
    return SparseVector(np.array(buckets, dtype=np.int32), weights)


def profile(
    *,
    title: SparseVector | None = None,
    names: SparseVector | None = None,
    numbers: range = range(0),
    day: float | None = 10.0,
    stub: bool = False,
    roundup: bool = False,
) -> Profile:
    views = {view: vector() for view in VIEWS} | {
        "title": title or vector(1, 2),
        "names": names or vector(5, 6),
    }
    return Profile(
        views=views,
        embedding=np.zeros(4, dtype=np.float32),
        numbers=frozenset(numbers),
        day=day,
        brief=False,
        titled=True,
        stub=stub,
        roundup=roundup,
    )


@dataclass(frozen=True)
class Told:
    """An article as the vetoes ask of it."""

    profile: Profile
    source: str = "Desk"
    article_id: str = "a"
    shingles: UInt32 = dataclasses.field(default_factory=lambda: np.arange(40, dtype=np.uint32))


TODAY = profile(numbers=range(12))
TOMORROW = profile(numbers=range(10, 22), day=11.0)


def issue(other: Profile, measured: Overlap = ALIKE) -> str:
    """The veto between the text of today and another one of its source."""
    return vetoes.issue_of_template(TODAY, other, measured, GUARDS, same_source=True)


def test_other_numbers_a_day_later_are_the_next_issue() -> None:
    """Most of at least ten numbers changed, in much the same words."""
    assert (
        vetoes.issue_of_template(TODAY, TOMORROW, ALIKE, GUARDS, same_source=True)
        == vetoes.NEXT_ISSUE
    )


@pytest.mark.parametrize(
    ("other", "measured"),
    [
        (TOMORROW, Overlap(9, 0.1, 0.2)),
        (TOMORROW, Overlap(40, 1.0, 1.0)),
        (profile(numbers=range(3, 15), day=11.0), ALIKE),
        (profile(numbers=range(10, 22)), ALIKE),
        (profile(numbers=range(10, 22), day=None), ALIKE),
        (profile(numbers=range(12, 22), day=10.5), ALIKE),
    ],
    ids=["other words", "a copy", "its numbers", "the same day", "no day", "hours later"],
)
def test_what_is_no_template_is_let_through(other: Profile, measured: Overlap) -> None:
    """Each condition alone keeps the veto from it, as long as the names agree."""
    assert issue(other, measured) == ""


def test_a_toll_that_rose_is_no_template() -> None:
    """A report with few numbers may change all of them."""
    before, after = profile(numbers=range(4)), profile(numbers=range(10, 14), day=11.0)
    assert vetoes.issue_of_template(before, after, ALIKE, GUARDS, same_source=True) == ""


def test_other_names_on_the_same_day_are_another_subject() -> None:
    """The forecasts of two towns."""
    other = profile(numbers=range(12, 24), names=vector(7, 8))
    assert (
        vetoes.issue_of_template(TODAY, other, ALIKE, GUARDS, same_source=True)
        == vetoes.OTHER_SUBJECT
    )


def test_templates_of_two_sources_hold_more_numbers() -> None:
    """Another source, or an unknown one, may report on what happened since."""
    told, fewer = Told(TODAY), profile(numbers=range(10, 15), day=11.0)
    assert vetoes.apart(told, Told(fewer), ALIKE, SETTINGS) == vetoes.NEXT_ISSUE
    for source in ("Other", ""):
        assert vetoes.apart(told, Told(fewer, source=source), ALIKE, SETTINGS) == ""
        other = Told(TOMORROW, source=source)
        assert vetoes.apart(told, other, ALIKE, SETTINGS) == vetoes.NEXT_ISSUE
    unknown = Told(TODAY, source=""), Told(fewer, source="")
    assert vetoes.apart(*unknown, ALIKE, SETTINGS) == ""


def test_stubs_go_by_their_headlines() -> None:
    """Copies of one stub under two headlines are apart, whatever their sources."""
    one = Told(profile(stub=True), source="")
    other = Told(profile(stub=True, title=vector(8, 9)), source="Other")
    assert vetoes.apart(one, other, ALIKE, SETTINGS) == vetoes.STUB
    alike = Told(profile(stub=True, title=vector(2, 3)))
    assert vetoes.apart(one, alike, ALIKE, SETTINGS) == ""
    whole = Told(profile(title=vector(8, 9)))
    assert vetoes.apart(one, whole, ALIKE, SETTINGS) == ""


def test_one_pair_is_enough_to_keep_two_stories_apart() -> None:
    """Any article of one with any of the other."""
    shifted = np.arange(8, 48, dtype=np.uint32)
    issue, update = Told(TOMORROW, shingles=shifted), Told(TODAY, shingles=shifted)
    assert vetoes.any_apart([Told(TODAY)], [update, issue], SETTINGS) == vetoes.NEXT_ISSUE
    assert vetoes.any_apart([Told(TODAY)], [update], SETTINGS) == ""
    assert vetoes.any_apart([], [update, issue], SETTINGS) == ""


def test_an_article_about_many_things_is_alone() -> None:
    """Neither does it join a story, nor anything its own."""
    story, roundups = StoryProfile("s", [TODAY]), StoryProfile("r", [profile(roundup=True)])
    assert vetoes.about_many(profile(roundup=True), story) == vetoes.ROUNDUP
    assert vetoes.about_many(TODAY, roundups) == vetoes.ROUNDUP
    assert vetoes.about_many(TOMORROW, story) == ""


def test_a_look_back_after_a_year_is_another_story() -> None:
    """By the nearest dated member, before or after; without dates nothing is known."""
    story = StoryProfile("s", [profile(day=10.0), profile(day=40.0), profile(day=None)])
    assert vetoes.of_its_own(profile(day=340.0), story, GUARDS) == vetoes.ANNIVERSARY
    assert vetoes.of_its_own(profile(day=-290.0), story, GUARDS) == vetoes.ANNIVERSARY
    assert vetoes.of_its_own(profile(day=339.0), story, GUARDS) == ""
    assert vetoes.of_its_own(profile(day=None), story, GUARDS) == ""
    undated = StoryProfile("u", [profile(day=None)])
    assert vetoes.of_its_own(profile(day=340.0), undated, GUARDS) == ""
    assert vetoes.of_its_own(profile(roundup=True), story, GUARDS) == vetoes.ROUNDUP


def test_a_large_story_asks_for_more_or_for_its_core() -> None:
    """One of the two is enough; the reason tells both against what was needed."""
    guards = GuardSettings(large_story_probability=0.9)
    assert vetoes.far_from_core(0.9, 0.2, 0.5, guards) == ""
    assert vetoes.far_from_core(0.6, 0.5, 0.5, guards) == ""
    refused = vetoes.far_from_core(0.6, 0.25, 0.5, guards)
    assert refused == f"{vetoes.LARGE} (0.60 < 0.90, core 0.25 < 0.50)"
