"""engine.explaining: the evidence of a decision, and why the other stories lost."""

from __future__ import annotations

import dataclasses
import math
from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np
import pytest

from storycluster.backends import open_store
from storycluster.decision import Model, Scored, choose, default_model
from storycluster.domain import Article, Assignment, Evidence, Relation, RunnerUp
from storycluster.engine import Engine, explaining, scheme_of
from storycluster.fingerprint import Overlap
from storycluster.measures import MEASURES, Measured
from storycluster.ports import Encoder
from storycluster.settings import FingerprintSettings, Settings

MODEL = Model(
    weights={
        "always": {"intercept": -5.0, "lead_near": 6.0, "body_near": 4.0, "names_near": 2.0},
        "untitled": {"intercept": -1.0},
    },
    threshold=0.65,
    merge_threshold=0.7,
    encoder_id="*",
    name="by hand",
)


def scored(story_id: str, *, untitled: bool = False, **near: float) -> Scored:
    values = np.zeros(len(MEASURES))
    for channel, value in near.items():
        values[MEASURES.index(f"{channel}_near")] = value
    measured = Measured(values, ("untitled",) if untitled else ())
    return Scored(story_id, MODEL.probability(measured), measured)


NEAR = scored("near", lead=0.9, body=0.8, names=0.5, untitled=True)
NEXT = scored("next", lead=0.9, body=0.2, names=0.0, untitled=True)
FAR = scored("far", lead=0.1, body=0.1, names=0.0, untitled=True)


def likelihood(evidence: Sequence[Evidence]) -> float:
    """The sigmoid of what the measures and the intercept add up to."""
    total = sum(one.weight * one.value for one in evidence)
    return 1.0 / (1.0 + math.exp(-total))


def test_contributions_add_up_to_the_probability() -> None:
    """The sigmoid of the sum of weight x value over the stored evidence is the stored score."""
    judged = explaining.judged(NEAR, MODEL)
    assert judged[0] == Evidence("probability", NEAR.probability, 0.65, True)
    assert likelihood(judged) == pytest.approx(judged[0].value, abs=1e-9)
    lost = explaining.runner_up(FAR, MODEL, "because")
    assert likelihood(lost.evidence) == pytest.approx(lost.score, abs=1e-9)


def test_the_strongest_measures_come_first() -> None:
    """After the intercept by size of what they add or take, then by name; what adds nothing is left
    out."""
    one = scored("s", lead=0.25, body=0.375, names=0.0, untitled=True)
    assert [(found.kind, found.value, found.weight, found.passed) for found in
            explaining.measured(one, MODEL)] == [
        ("intercept", 1.0, -6.0, False),
        ("measure:body_near", 0.375, 4.0, True),
        ("measure:lead_near", 0.25, 6.0, True),
    ]  # fmt: skip


def test_where_nothing_came_near_there_is_no_evidence() -> None:
    """A first article was measured against no story."""
    assert explaining.judged(None, MODEL) == ()
    assert explaining.not_chosen(choose([], MODEL), MODEL) == ()


def reasons(runners_up: Sequence[RunnerUp]) -> list[tuple[str, str]]:
    return [(one.story_id, one.reason) for one in runners_up]


def test_a_story_loses_to_a_likelier_one_by_its_weakest_measures() -> None:
    """Both probabilities are told, and the two measures that cost most against the winner."""
    lost = explaining.not_chosen(choose([FAR, NEXT, NEAR], MODEL), MODEL)
    assert reasons(lost) == [
        ("next", "another story is likelier (0.97 > 0.55); weaker in: words of the text, names"),
        ("far", "another story is likelier (0.97 > 0.01); weaker in: opening, words of the text"),
    ]


def test_a_new_story_is_opened_because_all_others_are_below_the_threshold() -> None:
    """Each refused story is told with its own probability, also the best, at most three."""
    others = [scored(f"far-{number}", lead=0.1 * number) for number in range(5)]
    lost = explaining.not_chosen(choose(others, MODEL), MODEL)
    assert reasons(lost) == [
        ("far-4", "below the threshold (0.07 < 0.65)"),
        ("far-3", "below the threshold (0.04 < 0.65)"),
        ("far-2", "below the threshold (0.02 < 0.65)"),
    ]


def test_a_tie_goes_to_the_older_story() -> None:
    """Where the probabilities are equal the reason says so."""
    lost = explaining.not_chosen(
        choose([NEAR, dataclasses.replace(NEAR, story_id="older")][::-1], MODEL), MODEL
    )
    assert reasons(lost) == [("older", "as likely as another story, which is older (0.97 = 0.97)")]


def test_close_probabilities_are_told_apart() -> None:
    """As many decimals as it takes: a reason never says that 0.97 is more than 0.97."""
    close = dataclasses.replace(NEAR, story_id="z", probability=NEAR.probability - 1e-5)
    (lost,) = explaining.not_chosen(choose([close, NEAR], MODEL), MODEL)
    assert lost.reason == "another story is likelier (0.97340 > 0.97339)"


def test_a_copy_comes_first_whatever_the_model_says() -> None:
    """The reason names the original; a story that was likelier is not called weaker."""
    lost = explaining.not_copied([NEAR, FAR], NEXT, "tribune-1", MODEL)
    assert reasons(lost) == [
        ("near", "copies come first, and it copies tribune-1"),
        (
            "far",
            "copies come first, and it copies tribune-1; weaker in: opening, words of the text",
        ),
    ]


def test_a_veto_is_the_reason_of_the_story_it_forbids() -> None:
    """Only forbidden stories, the likeliest first, at most three, with their measures."""
    vetoes = dict.fromkeys(("far", "near"), "the next issue of a template is another story")
    lost = explaining.ruled_out([FAR, NEXT, NEAR], vetoes, MODEL)
    assert reasons(lost) == [("near", vetoes["near"]), ("far", vetoes["far"])]
    assert lost[0].evidence == explaining.measured(NEAR, MODEL)
    many = {f"far-{number}": "no" for number in range(5)}
    assert len(explaining.ruled_out([scored(name) for name in many], many, MODEL)) == 3


def test_a_copy_tells_both_overlaps_against_their_thresholds() -> None:
    """Either is enough, and both name the article that is copied."""
    limits = FingerprintSettings()
    found = explaining.overlapping(Overlap(40, 0.125, 1.0), "tribune-1", limits)
    assert found == (
        Evidence("jaccard", 0.125, limits.near_copy_jaccard, False, "tribune-1"),
        Evidence("containment", 1.0, limits.near_copy_containment, True, "tribune-1"),
    )


def test_a_second_look_tells_both_stories() -> None:
    """Coming over: both probabilities, the margin, and the story that lost the article."""
    why = explaining.coming_over(NEAR, NEXT, MODEL, margin=0.25)
    assert why.confidence == NEAR.probability
    assert [(one.kind, one.value, one.passed) for one in why.evidence[:2]] == [
        ("second_look", NEAR.probability, True),
        ("second_look_before", NEXT.probability, False),
    ]
    assert why.evidence[1].threshold == NEAR.probability - 0.25
    assert likelihood(why.evidence) == pytest.approx(NEAR.probability, abs=1e-9)
    assert reasons(why.runners_up) == [("next", explaining.less_likely(NEXT, NEAR, MODEL))]


def test_who_leaves_is_below_the_threshold_by_a_margin() -> None:
    """Leaving: the probability for the rest of the story against what it would have taken."""
    why = explaining.leaving(FAR, MODEL, margin=0.1)
    assert why.evidence[0] == Evidence(
        "second_look_before", FAR.probability, pytest.approx(0.55), False
    )
    assert reasons(why.runners_up) == [("far", "below the threshold (0.01 < 0.55)")]
    assert why.confidence == 1.0 - FAR.probability


# -- as the engine stores it ----------------------------------------------------------------------

FERRY = (
    "A ferry carrying 140 people sank off Port Vell on Monday morning, the coast guard said. "
    "Rescuers pulled 128 survivors from the water within two hours. Twelve people died, among them "
    "two members of the crew. Divers were still searching the lower car deck in the afternoon."
)
LATER = (
    "Twelve people died when a ferry with 140 on board sank off Port Vell, and divers searched the "
    "lower car deck on Monday afternoon. The coast guard said 128 survivors were pulled from the "
    "water. Two of the dead were members of the crew, said the operator of the ferry, Baylines."
)
MILL = (
    "The old mill at Dunmore burned down on Friday. The fire chief, Una Kay, said that nobody was "
    "in the building when the fire broke out in the loft. The coast guard was not needed."
)


@pytest.fixture
def engine(encoder: Encoder) -> Iterator[Engine]:
    made = Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder)
    yield made
    made.close()


def decided(engine: Engine, article_id: str, title: str, text: str) -> Assignment:
    """The stored decision for a new article."""
    engine.ingest("", [Article(article_id, title=title, text=text)])
    return engine.explain("", article_id)[-1]


def test_every_stored_score_can_be_checked(engine: Engine) -> None:
    """For the story taken and for each refused one the stored evidence gives the stored
    probability, and the model is named."""
    decided(engine, "mill", "Old mill at Dunmore burns down", MILL)
    decided(engine, "ferry-1", "Ferry sinks off Port Vell, 12 dead", FERRY)
    made = decided(engine, "ferry-2", "Twelve die as ferry sinks off Port Vell", LATER)
    assert made.relation is Relation.SAME_STORY
    assert made.model == "default"
    assert made.evidence[0].kind == "probability"
    assert made.evidence[0].value == made.confidence
    assert likelihood(made.evidence) == pytest.approx(made.confidence, abs=1e-9)
    assert made.runners_up
    for one in made.runners_up:
        assert likelihood(one.evidence) == pytest.approx(one.score, abs=1e-9)
        assert one.reason.startswith("another story is likelier (")


def test_a_copy_is_explained_by_overlap_then_by_the_model(engine: Engine) -> None:
    """The overlaps decided and stand first; what the model says of the same story follows."""
    decided(engine, "ferry-1", "Ferry sinks off Port Vell, 12 dead", FERRY)
    made = decided(engine, "copy", "Ferry sinks off Port Vell", FERRY.replace("Twelve", "Ten"))
    assert made.relation is Relation.NEAR_COPY
    assert [one.kind for one in made.evidence[:3]] == ["jaccard", "containment", "probability"]
    assert likelihood(made.evidence) == pytest.approx(made.evidence[2].value, abs=1e-9)


def test_a_revision_asks_no_model(engine: Engine) -> None:
    """It stays where its article is: nothing is measured, and no model is named."""
    decided(engine, "ferry-1", "Ferry sinks off Port Vell, 12 dead", FERRY)
    made = decided(engine, "ferry-1", "Ferry sinks off Port Vell, 14 dead", FERRY)
    assert (made.relation, made.model, made.evidence) == (Relation.REVISION, "", ())


def test_a_merge_is_explained_by_what_merged(encoder: Encoder, tmp_path: Path) -> None:
    """Its members' newest decision tells the merge and not how they arrived; that stays before
    it. (The first model joins nothing, the second joins everything.)"""
    model, scheme = default_model(encoder.encoder_id), scheme_of(encoder, Settings())
    apart = dataclasses.replace(model, threshold=1.1)
    engine = Engine(open_store(str(tmp_path), scheme), encoder, model=apart)
    decided(engine, "ferry-1", "Ferry sinks off Port Vell, 12 dead", FERRY)
    before = decided(engine, "ferry-2", "Twelve die as ferry sinks off Port Vell", LATER)
    assert before.relation is Relation.NEW_STORY
    engine.close()
    together = dataclasses.replace(model, threshold=0.0, merge_threshold=0.0, name="together")
    engine = Engine(open_store(str(tmp_path), scheme), encoder, model=together)
    decided(engine, "mill", "Old mill at Dunmore burns down", MILL)
    arrived, merged = engine.explain("", "ferry-2")
    assert (arrived, merged.previous_story_id) == (before, before.story_id)
    assert merged.evidence == (Evidence("merge", merged.confidence, 0.0, True),)
    assert (merged.runners_up, merged.model) == ((), "together")
    engine.close()
