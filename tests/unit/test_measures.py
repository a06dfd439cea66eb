"""measures: what is measured of an article against its candidate stories."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np
import pytest

from storycluster.measures import (
    CHANNELS,
    CONDITIONS,
    FEW_RIVALS_FLOOR,
    MEASURES,
    Measured,
    Profile,
    StoryProfile,
    cosine,
    measure,
)
from storycluster.weighting import VIEWS, SparseVector


def vector(weights: Mapping[int, float]) -> SparseVector:
    """A unit vector with those proportions."""
    found = np.array([weights[bucket] for bucket in sorted(weights)], dtype=np.float32)
    length = np.float32(np.sqrt(found @ found) or 1.0)
    return SparseVector(np.array(sorted(weights), dtype=np.int32), found / length)


def profile(
    body: Mapping[int, float],
    *,
    embedding: tuple[float, float] = (1.0, 0.0),
    day: float | None = 100.0,
    brief: bool = False,
    titled: bool = True,
    language: str = "",
) -> Profile:
    views = {view: vector(body if view == "body" else {}) for view in VIEWS}
    dense = np.array(embedding, dtype=np.float32)
    return Profile(views, dense, frozenset(), day, brief, titled, language=language)


def named(found: Measured) -> dict[str, float]:
    return dict(zip(MEASURES, found.values.tolist(), strict=True))


ARTICLE = profile({1: 1.0})
SAME = profile({1: 1.0})
HALF = profile({1: 1.0, 2: 1.0})
OTHER = profile({9: 1.0})


def test_near_is_the_root_of_the_mean_of_the_three_nearest() -> None:
    """Of four members the farthest does not count; with one member near is best."""
    story = StoryProfile("s", [SAME, HALF, OTHER, OTHER])
    [found] = measure(ARTICLE, [story])
    assert named(found)["body_near"] == pytest.approx(math.sqrt((1 + math.sqrt(0.5)) / 3))
    [found] = measure(ARTICLE, [StoryProfile("s", [HALF])])
    assert named(found)["body_near"] == named(found)["body_best"]


def test_best_is_the_root_of_the_nearest() -> None:
    """Whatever the others are."""
    [found] = measure(ARTICLE, [StoryProfile("s", [OTHER, HALF, OTHER])])
    assert named(found)["body_best"] == pytest.approx(math.sqrt(math.sqrt(0.5)))


def test_center_is_the_cosine_to_the_sum_of_the_members() -> None:
    """As one would compute it from the vectors themselves, sparse and dense."""
    story = StoryProfile("s", [SAME, profile({9: 1.0}, embedding=(0.0, 1.0))])
    [found] = measure(ARTICLE, [story])
    assert named(found)["body_center"] == pytest.approx(1 / math.sqrt(2))
    assert named(found)["dense_center"] == pytest.approx(1 / math.sqrt(2))


def test_ahead_is_near_less_that_of_the_nearest_rival() -> None:
    """The first story leads, the second lags by as much; a story without rivals leads the floor."""
    near, far = StoryProfile("a", [SAME]), StoryProfile("b", [HALF])
    first, second = measure(ARTICLE, [near, far])
    lead = 1.0 - math.sqrt(math.sqrt(0.5))
    assert named(first)["body_ahead"] == pytest.approx(lead)
    assert named(second)["body_ahead"] == pytest.approx(-lead)
    [alone] = measure(ARTICLE, [near])
    assert named(alone)["body_ahead"] == pytest.approx(1.0 - FEW_RIVALS_FLOOR["body"])


def test_a_distant_story_is_a_rival_of_distant_stories_only() -> None:
    """Last year's report does not weaken today's story; today's story weakens last year's."""
    last_year = StoryProfile("a", [profile({1: 1.0}, day=-265.0)])
    today = StoryProfile("b", [HALF])
    old, new = measure(ARTICLE, [last_year, today])
    assert named(new)["body_ahead"] == pytest.approx(
        named(new)["body_near"] - FEW_RIVALS_FLOOR["body"]
    )
    assert named(old)["body_ahead"] == pytest.approx(1.0 - named(new)["body_near"])


def test_what_is_missing_measures_nothing() -> None:
    """No title, no names, a zero embedding: zeros but for the floor, never an error or NaN."""
    bare = profile({}, embedding=(0.0, 0.0), day=None)
    [found] = measure(bare, [StoryProfile("s", [bare, bare])])
    ahead = {f"{channel}_ahead": -floor for channel, floor in FEW_RIVALS_FLOOR.items()}
    assert named(found) == {**dict.fromkeys(MEASURES, 0.0), **ahead, "strange": 1.0}


def test_a_story_measures_the_same_among_others_but_for_ahead() -> None:
    """Near, best and center do not depend on which other stories are measured."""
    stories = [
        StoryProfile("a", [SAME, HALF]),
        StoryProfile("b", [OTHER]),
        StoryProfile("c", [HALF]),
    ]
    together = measure(ARTICLE, stories)
    for story, among in zip(stories, together, strict=True):
        [alone] = measure(ARTICLE, [story])
        kept = [name for name in MEASURES if not name.endswith("_ahead")]
        assert {name: named(among)[name] for name in kept} == pytest.approx(
            {name: named(alone)[name] for name in kept}
        )


def test_time_gaps_are_gaussians_of_days() -> None:
    """Members of three and of no days ago: sigma 3 for newest, oldest and mean, 1 for the nearest,
    10 for the wide one."""
    story = StoryProfile("s", [profile({1: 1.0}, day=97.0), profile({1: 1.0}, day=100.0)])
    [found] = measure(ARTICLE, [story])
    got = named(found)
    assert got["gap_newest"] == got["gap_nearest"] == got["gap_newest_wide"] == 1.0
    assert got["gap_oldest"] == pytest.approx(math.exp(-0.5))
    assert got["gap_mean"] == pytest.approx(math.exp(-(1.5**2) / 18))
    assert got["age"] == pytest.approx(1 - math.exp(-0.5))
    assert got["gap_far"] == 0.0


@pytest.mark.parametrize(
    ("article", "member", "held"),
    [
        (SAME, SAME, ()),
        (profile({}, brief=True), SAME, ("brief",)),
        (SAME, profile({}, brief=True), ("brief",)),
        (profile({}, day=None), SAME, ("undated",)),
        (SAME, profile({}, day=None), ("undated",)),
        (profile({}, titled=False), SAME, ("untitled",)),
        (SAME, profile({}, titled=False), ()),
        (SAME, profile({}, day=85.9), ("distant",)),
        (SAME, profile({}, day=86.1), ()),
        (profile({}, language="de"), profile({}, language="fr"), ("foreign",)),
        (profile({}, language="de"), profile({}, language="de"), ()),
        (profile({}, language="de"), SAME, ()),
        (SAME, profile({}, language="fr"), ()),
    ],
)
def test_conditions_hold(article: Profile, member: Profile, held: tuple[str, ...]) -> None:
    """Each where it is said to, and not else."""
    [found] = measure(article, [StoryProfile("s", [member])])
    assert found.conditions == held


def test_conditions_are_named_in_order() -> None:
    """All that hold, in the order of CONDITIONS."""
    article = profile({}, brief=True, titled=False, day=None)
    [found] = measure(article, [StoryProfile("s", [SAME])])
    assert found.conditions == tuple(name for name in CONDITIONS if name in found.conditions)
    assert len(found.conditions) == 3


def test_a_story_without_anything_in_common_is_strange() -> None:
    """However near in time and meaning; one common word in short texts is something."""
    found = measure(ARTICLE, [StoryProfile("a", [OTHER]), StoryProfile("b", [OTHER, HALF])])
    assert [named(one)["strange"] for one in found] == [1.0, 0.0]


def test_no_story_measures_nothing() -> None:
    """The first article of a collection has no candidates."""
    assert measure(ARTICLE, []) == []


def test_the_scratch_array_is_wiped() -> None:
    """One measurement leaves nothing for the next."""
    before = cosine(OTHER.views["body"], SAME.views["body"])
    measure(ARTICLE, [StoryProfile("s", [SAME, HALF])])
    assert cosine(OTHER.views["body"], SAME.views["body"]) == before == 0.0


def test_every_channel_has_its_measures() -> None:
    """Four of each channel, then those of time and what is strange, no name twice."""
    assert len(MEASURES) == len(set(MEASURES)) == 4 * len(CHANNELS) + 8
