"""Does this article belong to that story?

The one scoring function of the product: `measure` turns an article and a story into named numbers,
`Model.probability` turns those into a calibrated probability, `choose` picks the story or opens a
new one. Online ingest, batch, evaluation and explanations all call these.

The model is a logistic regression (`data/decision.json`, fitted by tools/train_decision.py): readable,
one weight for each measure, bound to the encoder it was fitted with.
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
from storycluster.weighting import BUCKETS, SparseVector

GAP_SIGMA_DAYS = 3.0
"""Width of the Gaussians of the time gaps: the best of 1, 2, 3, 5 and 7 days in published work."""

TOP = 3

VIEW_MEASURES = ("title", "lead", "body", "names", "bigrams", "chars")
MEASURES = (
    *(f"{view}_{how}" for view in VIEW_MEASURES for how in ("max", "top3", "centroid")),
    "dense_max",
    "dense_top3",
    "dense_centroid",
    "number_share",
    "gap_newest",
    "gap_oldest",
    "gap_mean",
    "undated",
    "brief",
    "untitled",
    "brief_body_max",
    "undated_body_max",
    "undated_names_top3",
    "body_names",
)


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
    """What the decision sees of a story: its members, oldest first, and its centroids by view."""

    story_id: str
    members: Sequence[Profile]
    centroids: Mapping[str, SparseVector]
    dense_centroid: Float32


def centroid(vectors: Sequence[SparseVector]) -> SparseVector:
    """The unit vector along the sum of `vectors`."""
    if len(vectors) == 1:
        return vectors[0]
    buckets = np.concatenate([vector.buckets for vector in vectors])
    weights = np.concatenate([vector.weights for vector in vectors])
    kept, places = np.unique(buckets, return_inverse=True)
    summed = np.bincount(places, weights=weights).astype(np.float32)
    length = float(np.sqrt(summed @ summed))
    return SparseVector(kept, summed / np.float32(length or 1.0))


def profile_story(story_id: str, members: Sequence[Profile]) -> StoryProfile:
    """The profile of a story from the profiles of its members (at least one)."""
    summed = np.sum([member.embedding for member in members], axis=0)
    length = float(np.linalg.norm(summed)) or 1.0
    return StoryProfile(
        story_id=story_id,
        members=members,
        centroids={
            view: centroid([member.views[view] for member in members]) for view in VIEW_MEASURES
        },
        dense_centroid=(summed / length).astype(np.float32),
    )


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
        "gap_mean": _gap(article.day, sum(days) / len(days)),
    }


def measure(article: Profile, story: StoryProfile) -> dict[str, float]:
    """Named measures of an article against a story, each 0..1; absent names are 0."""
    scratch = _scratch()
    found: dict[str, float] = {}
    for view in VIEW_MEASURES:
        vectors = [member.views[view] for member in story.members]
        *single, whole = scratch.cosines(article.views[view], [*vectors, story.centroids[view]])
        found[f"{view}_max"] = max(single)
        found[f"{view}_top3"] = _top(single)
        found[f"{view}_centroid"] = whole
    dense = [float(article.embedding @ member.embedding) for member in story.members]
    found["dense_max"] = max(dense)
    found["dense_top3"] = _top(dense)
    found["dense_centroid"] = float(article.embedding @ story.dense_centroid)
    numbers = frozenset[int]().union(*(member.numbers for member in story.members))
    if article.numbers and numbers:
        found["number_share"] = len(article.numbers & numbers) / len(article.numbers)
    found.update(_time_measures(article, story))
    found["brief"] = float(article.brief or all(member.brief for member in story.members))
    found["untitled"] = float(not article.titled)
    found["brief_body_max"] = found["brief"] * found["body_max"]
    undated = found.get("undated", 0.0)
    found["undated_body_max"] = undated * found["body_max"]
    found["undated_names_top3"] = undated * found["names_top3"]
    found["body_names"] = found["body_max"] * found["names_max"]
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


def choose(scored: Sequence[Scored], model: Model) -> Choice:
    """The best story at or above the threshold, or a new one; ties go to the lower story id."""
    ranked = sorted(scored, key=lambda one: (-one.probability, one.story_id))
    best = ranked[0] if ranked else None
    if best is not None and best.probability >= model.threshold:
        return Choice(best.story_id, best.probability, best, tuple(ranked[1:]))
    refused = best.probability if best else 0.0
    return Choice("", 1.0 - refused, best, tuple(ranked))

