"""decision: probabilities from measures, and the choice of a story."""

from __future__ import annotations

import json
import math
from importlib import resources
from typing import Any

import numpy as np
import pytest

from storycluster.decision import (
    Choice,
    Model,
    Scored,
    belonging,
    choose,
    default_model,
    read_model,
    score,
)
from storycluster.errors import SchemeMismatch
from storycluster.measures import FEW_RIVALS_FLOOR, MEASURES, Measured, Profile, StoryProfile
from storycluster.weighting import VIEWS, SparseVector

PLAIN: dict[str, Any] = {
    "name": "small",
    "encoder_id": "encoder@1",
    "threshold": 0.5,
    "merge_threshold": 0.6,
    "weights": {
        "always": {"intercept": -2.0, "body_near": 4.0},
        "brief": {"intercept": 1.0, "body_near": -1.0},
    },
}
MODEL = read_model(PLAIN, encoder_id="encoder@1")


def test_a_strange_story_is_never_likely() -> None:
    """Whatever else speaks for it, in a model that does not weigh it itself."""
    assert MODEL.probability(measured("brief", body_near=1.0, strange=1.0)) < 0.001


def measured(*held: str, **values: float) -> Measured:
    found = np.zeros(len(MEASURES))
    for name, value in values.items():
        found[MEASURES.index(name)] = value
    return Measured(found, held)


def alike(bucket: int) -> Profile:
    one = SparseVector(np.array([bucket], np.int32), np.ones(1, np.float32))
    none = SparseVector(np.zeros(0, np.int32), np.zeros(0, np.float32))
    views = {view: one if view == "body" else none for view in VIEWS}
    return Profile(views, np.zeros(2, np.float32), frozenset(), 1.0, False, True)


def test_the_probability_is_the_sigmoid_of_the_weighed_sum() -> None:
    """-2 + 4 x .75 = 1."""
    assert MODEL.probability(measured(body_near=0.75)) == pytest.approx(1 / (1 + math.exp(-1.0)))


def test_a_condition_adds_its_weights_where_it_holds() -> None:
    """-2 + 1 + (4 - 1) x .75 = 1.25; a condition that the model does not know adds nothing."""
    assert MODEL.logit(measured("brief", body_near=0.75)) == pytest.approx(1.25)
    assert MODEL.logit(measured("undated", body_near=0.75)) == pytest.approx(1.0)


def test_contributions_are_under_the_conditions_that_hold() -> None:
    """Weight and value of what adds something; they add up to the log odds."""
    found = MODEL.contributions(measured("brief", body_near=0.75, title_near=1.0))
    assert found == {"intercept": (-1.0, 1.0), "body_near": (3.0, 0.75)}


@pytest.mark.parametrize("encoder_id", ["encoder@2", ""])
def test_a_model_of_another_encoder_is_refused(encoder_id: str) -> None:
    """The error names both."""
    with pytest.raises(SchemeMismatch, match="encoder@1"):
        read_model(PLAIN, encoder_id=encoder_id)


@pytest.mark.parametrize(
    "weights", [{"always": {"moonlight": 1.0}}, {"on_sundays": {"body_near": 1.0}}]
)
def test_a_model_of_unknown_measures_is_refused(weights: dict[str, Any]) -> None:
    """By the name of the measure or condition."""
    with pytest.raises(SchemeMismatch, match=r"moonlight|on_sundays"):
        read_model({**PLAIN, "weights": weights}, encoder_id="encoder@1")


def test_the_shipped_model_of_an_encoder_is_its_own() -> None:
    """Any other encoder gets the one without dense measures."""
    path = resources.files("storycluster") / "data" / "decision.json"
    shipped = json.loads(path.read_text(encoding="utf-8"))["models"]
    own, any_encoder = shipped
    assert default_model(own["encoder_id"]).name == own["name"]
    assert default_model("another@1").name == any_encoder["name"]
    assert any_encoder["encoder_id"] == "*"
    assert not any("dense" in name for row in any_encoder["weights"].values() for name in row)


def scored(story_id: str, probability: float) -> Scored:
    return Scored(story_id, probability, measured())


def chosen(choice: Choice) -> tuple[str, float, list[str]]:
    return choice.story_id, choice.confidence, [one.story_id for one in choice.others]


def test_the_likeliest_story_at_the_threshold_is_joined() -> None:
    """The others follow in order of probability."""
    found = choose([scored("b", 0.3), scored("a", 0.5), scored("c", 0.4)], MODEL)
    assert chosen(found) == ("a", 0.5, ["c", "b"])


def test_below_the_threshold_a_story_is_opened() -> None:
    """The confidence is that of the outcome: that the best story is not the right one."""
    assert chosen(choose([scored("a", 0.25)], MODEL)) == ("", 0.75, ["a"])
    assert chosen(choose([], MODEL)) == ("", 1.0, [])


def test_a_tie_goes_to_the_older_story() -> None:
    """Story ids ascend with their age."""
    assert choose([scored("s2", 0.9), scored("s1", 0.9)], MODEL).story_id == "s1"


def test_stories_are_scored_in_the_order_given() -> None:
    """One score for each story, of what was measured of it."""
    stories = [StoryProfile("far", [alike(2)]), StoryProfile("near", [alike(1)])]
    found = score(alike(1), stories, MODEL)
    assert [one.story_id for one in found] == ["far", "near"]
    assert [one.probability for one in found] == [MODEL.probability(one.measured) for one in found]
    assert found[1].probability > found[0].probability


def test_belonging_is_the_mean_over_the_smaller_story() -> None:
    """Whichever is given first; a rival that is as near takes the lead away."""
    leading = Model(
        {"always": {"body_ahead": 2.0}}, threshold=0.5, merge_threshold=0.5, encoder_id="*", name=""
    )
    small, large = StoryProfile("a", [alike(1)]), StoryProfile("b", [alike(1), alike(1)])
    alone = belonging(small, large, leading)
    ahead = 1.0 - FEW_RIVALS_FLOOR["body"]
    assert alone == belonging(large, small, leading)
    assert alone == pytest.approx(1 / (1 + math.exp(-2.0 * ahead)))
    rival = StoryProfile("c", [alike(1)])
    assert belonging(small, large, leading, rivals=[rival]) == pytest.approx(0.5)
