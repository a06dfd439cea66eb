"""Does this article belong to that story?

The one scoring function of the product: `measure` turns an article and a story into named numbers,
`Model.probability` turns those into a calibrated probability, `choose` picks the story or opens a
new one. Online ingest, batch, evaluation and explanations all call these.

The model is a logistic regression (`data/decision.json`, fitted by tools/train_decision.py):
readable, one weight for each measure, bound to the encoder it was fitted with.
"""

from __future__ import annotations

import json
import math
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from typing import Any

import numpy as np

from storycluster.errors import SchemeMismatch
from storycluster.features import Float32
from storycluster.weighting import BUCKETS, VIEWS, SparseVector

GAP_SIGMA_DAYS = 3.0
"""Width of the Gaussians of the time gaps: the best of 1, 2, 3, 5 and 7 days in published work."""

TOP = 3

MEASURES = (
    *VIEWS,
    "dense",
    "gap_newest",
    "gap_oldest",
    "undated",
    "brief",
    "untitled",
    *(f"brief_{view}" for view in ("title", "lead", "body", "chars")),
    *(f"undated_{view}" for view in ("body", "names")),
)
"""What is measured of an article against a story.

`title` .. `chars`: root of the mean cosine of that view to the three nearest members (the root
because the step from .1 to .3 says more than the one from .6 to .8: held-out log loss .179 against
.183).
`dense`: mean cosine of the embeddings of the three nearest. `gap_*`: Gaussian of the days to the
newest and oldest member. `undated`, `brief`, `untitled`: 1 or 0. `a_b`: the product of a and b,
since briefs and undated articles weigh their evidence otherwise.
"""

_PRODUCTS = tuple(name for name in MEASURES if name.startswith(("brief_", "undated_")))


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What the decision sees of one article.

    `views` are unit TF-IDF vectors, `embedding` (d,) unit or zero, `numbers` hashes (t,) of the
    numbers in title and lead, `day` the publish time in days since 1970 or None if unknown.
    """

    views: Mapping[str, SparseVector]
    embedding: Float32
    numbers: frozenset[int]
    day: float | None
    brief: bool
    titled: bool
    stub: bool = False


@dataclass(frozen=True, slots=True)
class Scored:
    """One story with its measures and the probability that the article belongs to it."""

    story_id: str
    probability: float
    measures: Mapping[str, float]


@dataclass(frozen=True, slots=True)
class Choice:
    """The outcome: `story_id` "" opens a new story. `confidence` is that of the outcome, 0..1."""

    story_id: str
    confidence: float
    best: Scored | None
    others: tuple[Scored, ...]


@dataclass(frozen=True, slots=True)
class Model:
    """Logistic regression over MEASURES; joins at `probability >= threshold`."""

    weights: Mapping[str, float]
    intercept: float
    threshold: float
    merge_threshold: float
    encoder_id: str
    name: str

    def probability(self, measures: Mapping[str, float]) -> float:
        """Calibrated probability, 0..1, rounded to 1e-9 so that summation order cannot decide."""
        total = self.intercept + sum(
            weight * measures.get(name, 0.0) for name, weight in self.weights.items()
        )
        return round(1.0 / (1.0 + math.exp(-max(-60.0, min(60.0, total)))), 9)


def read_model(plain: Mapping[str, Any], *, encoder_id: str) -> Model:
    """The model of a parsed file. SchemeMismatch where it was fitted for another encoder.

    A model fitted without dense measures names the encoder "*" and fits every one.
    """
    if plain["encoder_id"] not in ("*", encoder_id):
        raise SchemeMismatch(name="decision model", stored=plain["encoder_id"], given=encoder_id)
    return Model(
        weights={name: float(weight) for name, weight in plain["weights"].items()},
        intercept=float(plain["intercept"]),
        threshold=float(plain["threshold"]),
        merge_threshold=float(plain["merge_threshold"]),
        encoder_id=plain["encoder_id"],
        name=plain["name"],
    )


def default_model(encoder_id: str) -> Model:
    """The shipped model of this encoder; for any other encoder the one without dense measures."""
    path = resources.files("storycluster") / "data" / "decision.json"
    shipped = json.loads(path.read_text(encoding="utf-8"))["models"]
    fitting = {plain["encoder_id"]: plain for plain in shipped}
    return read_model(fitting.get(encoder_id, fitting["*"]), encoder_id=encoder_id)


class _Scratch:
    """A dense copy of one sparse vector, so that a dot product is one gather."""

    def __init__(self) -> None:
        self._dense = np.zeros(BUCKETS, dtype=np.float32)

    def cosines(self, vector: SparseVector, others: Sequence[SparseVector]) -> list[float]:
        """Dot products of unit vectors, one for each of `others`."""
        self._dense[vector.buckets] = vector.weights
        found = [float(self._dense[other.buckets] @ other.weights) for other in others]
        self._dense[vector.buckets] = 0.0
        return found


@dataclass(frozen=True, slots=True, eq=False)
class StoryProfile:
    """What the decision sees of a story: the members that stand for it, at least one."""

    story_id: str
    members: Sequence[Profile]


def cosine(one: SparseVector, other: SparseVector) -> float:
    """The dot product of two unit vectors."""
    return _scratch().cosines(one, [other])[0]


def _top(values: Sequence[float]) -> float:
    return sum(sorted(values, reverse=True)[:TOP]) / min(TOP, len(values))


def _gap(a: float, b: float) -> float:
    return math.exp(-((a - b) ** 2) / (2.0 * GAP_SIGMA_DAYS**2))


def _time_measures(article: Profile, story: StoryProfile) -> dict[str, float]:
    days = [member.day for member in story.members if member.day is not None]
    if article.day is None or not days:
        return {"undated": 1.0}
    return {
        "gap_newest": _gap(article.day, max(days)),
        "gap_oldest": _gap(article.day, min(days)),
    }


def measure(article: Profile, story: StoryProfile) -> dict[str, float]:
    """The MEASURES of an article against a story, each 0..1; absent names are 0."""
    scratch = _scratch()
    found: dict[str, float] = {}
    for view in VIEWS:
        cosines = scratch.cosines(
            article.views[view], [member.views[view] for member in story.members]
        )
        found[view] = math.sqrt(max(0.0, _top(cosines)))
    dense = [float(article.embedding @ member.embedding) for member in story.members]
    found["dense"] = max(0.0, _top(dense))
    found.update(_time_measures(article, story))
    found["brief"] = float(article.brief or all(member.brief for member in story.members))
    found["untitled"] = float(not article.titled)
    for name in _PRODUCTS:
        condition, _, view = name.partition("_")
        found[name] = found.get(condition, 0.0) * found[view]
    return found


class _Local(threading.local):
    """One scratch array for each thread that decides."""

    scratch: _Scratch | None = None


_local = _Local()


def _scratch() -> _Scratch:
    if _local.scratch is None:
        _local.scratch = _Scratch()
    return _local.scratch


def score(article: Profile, story: StoryProfile, model: Model) -> Scored:
    """The probability that `article` belongs to `story`, with what it was measured from."""
    measures = measure(article, story)
    return Scored(story.story_id, model.probability(measures), measures)


def belonging(one: StoryProfile, other: StoryProfile, model: Model) -> float:
    """The mean probability with which the members of the smaller story belong to the larger."""
    small, large = (one, other) if len(one.members) <= len(other.members) else (other, one)
    found = [score(member, large, model).probability for member in small.members]
    return sum(found) / len(found)


def same_story(one: StoryProfile, other: StoryProfile, model: Model) -> bool:
    """Whether the members of the smaller story, on average, belong to the larger."""
    return belonging(one, other, model) >= model.merge_threshold


def choose(scored: Sequence[Scored], model: Model) -> Choice:
    """The best story at or above the threshold, or a new one; ties go to the lower story id."""
    ranked = sorted(scored, key=lambda one: (-one.probability, one.story_id))
    best = ranked[0] if ranked else None
    if best is not None and best.probability >= model.threshold:
        return Choice(best.story_id, best.probability, best, tuple(ranked[1:]))
    refused = best.probability if best else 0.0
    return Choice("", 1.0 - refused, best, tuple(ranked))
