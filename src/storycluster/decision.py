"""Does this article belong to that story?

The one scoring function of the product: `score` turns what `measures` finds of an article and its
candidate stories into calibrated probabilities, `choose` picks the story or opens a new one. Online
ingest, second looks, evaluation and explanations all call these.

The model is a logistic regression (`data/decision.json`, fitted by tools/train_decision.py): one
weight for each measure, and what is added to it under each condition. Readable, and bound to the
encoder it was fitted with.
"""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from importlib import resources
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np

from storycluster.errors import InvalidInput, SchemeMismatch
from storycluster.measures import (
    CONDITIONS,
    MEASURES,
    STRANGE,
    Float64,
    Measured,
    Profile,
    StoryProfile,
    measure,
)

ALWAYS = "always"
INTERCEPT = "intercept"
STRANGE_WEIGHT = -10.0
"""Added to what a model gives `strange`: time alone never makes a story, whatever was learned from
streams in which every brief has its story."""
WEIGHT_DIGITS = 4
ANY_ENCODER = "*"
"""The encoder of a model without dense measures."""


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """One story with what was measured and the probability that the article belongs to it."""

    story_id: str
    probability: float
    measured: Measured


@dataclass(frozen=True, slots=True)
class Choice:
    """The outcome: `story_id` "" opens a new story. `confidence` is that of the outcome, 0..1."""

    story_id: str
    confidence: float
    best: Scored | None
    others: tuple[Scored, ...]


@dataclass(frozen=True, eq=False)
class Model:
    """Logistic regression over MEASURES; joins at `probability >= threshold`.

    `weights`: {"always": {measure or "intercept": weight}, condition: {...}}; those of a condition
    are added where it holds.
    """

    weights: Mapping[str, Mapping[str, float]]
    threshold: float
    merge_threshold: float
    encoder_id: str
    name: str

    def logit(self, measured: Measured) -> float:
        """Log odds, rounded to 1e-9 so that summation order cannot decide."""
        intercept, weights = self._effective[measured.conditions]
        return round(intercept + float(weights @ measured.values), 9)

    def probability(self, measured: Measured) -> float:
        """Calibrated probability, 0..1, rounded to 1e-9."""
        total = max(-60.0, min(60.0, self.logit(measured)))
        return round(1.0 / (1.0 + math.exp(-total)), 9)

    def probabilities(self, values: Float64, conditions: Sequence[tuple[str, ...]]) -> Float64:
        """(k,) the `probability` of each row of `values` (k, m), under its conditions."""
        found = np.empty(len(values))
        held = np.array([self._numbers[one] for one in conditions], dtype=np.int64)
        for number in np.unique(held).tolist():
            intercept, weights = self._effective[self._named[number]]
            rows = held == number
            found[rows] = np.round(intercept + values[rows] @ weights, 9)
        return np.round(1.0 / (1.0 + np.exp(-np.clip(found, -60.0, 60.0))), 9)

    def contributions(self, measured: Measured) -> dict[str, tuple[float, float]]:
        """{measure: (weight under these conditions, value)} of all that add something, and of
        "intercept" with the value 1; the products add up to the log odds."""
        intercept, weights = self._effective[measured.conditions]
        found = {INTERCEPT: (intercept, 1.0)}
        for name, weight, value in zip(
            MEASURES, weights.tolist(), measured.values.tolist(), strict=True
        ):
            if weight * value:
                found[name] = (weight, value)
        return found

    @cached_property
    def _named(self) -> Sequence[tuple[str, ...]]:
        return tuple(self._effective)

    @cached_property
    def _numbers(self) -> Mapping[tuple[str, ...], int]:
        return {held: number for number, held in enumerate(self._named)}

    @cached_property
    def _effective(self) -> Mapping[tuple[str, ...], tuple[float, Float64]]:
        """{conditions that hold: (intercept, weights (m,))}."""
        found = {}
        for count in range(len(CONDITIONS) + 1):
            for held in combinations(CONDITIONS, count):
                rows = [self.weights.get(name, {}) for name in (ALWAYS, *held)]
                intercept = sum(row.get(INTERCEPT, 0.0) for row in rows)
                total = [sum(row.get(name, 0.0) for row in rows) for name in MEASURES]
                total[MEASURES.index(STRANGE)] += STRANGE_WEIGHT
                found[held] = (intercept, np.array(total))
        return found


def read_model(plain: Mapping[str, Any], *, encoder_id: str) -> Model:
    """The model of a parsed file; what it holds beside is not looked at.

    InvalidInput names the field that is missing or wrong. SchemeMismatch where the model was fitted
    for another encoder, or names a measure or condition that is not measured here. A model fitted
    without dense measures names the encoder "*" and fits every one.
    """
    fitted_for = _text(plain, "encoder_id")
    if fitted_for not in (ANY_ENCODER, encoder_id):
        raise SchemeMismatch(
            f"the decision model was fitted for encoder {fitted_for!r}, not for {encoder_id!r}",
            name="decision model",
            stored=fitted_for,
            given=encoder_id,
        )
    model = Model(
        weights=_weights(plain),
        threshold=_share(plain, "threshold"),
        merge_threshold=_share(plain, "merge_threshold"),
        encoder_id=fitted_for,
        name=_text(plain, "name"),
    )
    used = {name for row in model.weights.values() for name in row}
    unknown = sorted(used - {INTERCEPT, *MEASURES} | model.weights.keys() - {ALWAYS, *CONDITIONS})
    if unknown:
        named = ", ".join(unknown)
        raise SchemeMismatch(
            f"the decision model weighs what is not measured here: {named}",
            name="measures of the decision model",
            stored=named,
            given="unknown",
        )
    if ALWAYS not in model.weights:
        raise InvalidInput.of(f"weights.{ALWAYS}", "is missing")
    return model


def read_model_file(path: Path, *, encoder_id: str) -> Model:
    """The one model of a JSON file, as `storycluster calibrate` writes it. InvalidInput that names
    the file, and the field that is wrong; SchemeMismatch as from `read_model`."""
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        if not isinstance(plain, dict):
            raise InvalidInput("it must be an object")
        return read_model(plain, encoder_id=encoder_id)
    except OSError as error:
        told = f"cannot be read: {error.strerror}"
    except InvalidInput as error:
        told = f"is no decision model: {error.message}"
    except (ValueError, RecursionError) as error:
        told = f"is no decision model: not valid JSON ({error})"
    raise InvalidInput.of(str(path), told)


def rounded(model: Model) -> Model:
    """The model as it is written, its weights rounded to four digits."""
    weights = {
        condition: {name: round(weight, WEIGHT_DIGITS) for name, weight in row.items()}
        for condition, row in model.weights.items()
    }
    return replace(model, weights=weights)


def plain_model(
    model: Model,
    *,
    trained_on: Sequence[Any],
    held_out_scores: Mapping[str, Mapping[str, float]],
    created: str = "",
) -> dict[str, Any]:
    """What `read_model` reads, ready for JSON: the model, `rounded`.

    `trained_on` names the labelled data, `held_out_scores` {data: {score: value}} what a model that
    had not seen the later part came to on it, `created` the date (ISO 8601), "" to leave it out.
    """
    return {
        "name": model.name,
        "encoder_id": model.encoder_id,
        **({"created": created} if created else {}),
        "trained_on": list(trained_on),
        "held_out_scores": {name: dict(scores) for name, scores in held_out_scores.items()},
        "threshold": model.threshold,
        "merge_threshold": model.merge_threshold,
        "weights": rounded(model).weights,
    }


def write_model(path: Path, plain: Mapping[str, Any]) -> None:
    """Write what `plain_model` gave as one file. OSError where that is not possible."""
    path.write_text(json.dumps(plain, indent=1, ensure_ascii=False) + "\n", encoding="utf-8")


def default_model(encoder_id: str) -> Model:
    """The shipped model of this encoder; for any other encoder the one without dense measures."""
    path = resources.files("storycluster") / "data" / "decision.json"
    shipped = json.loads(path.read_text(encoding="utf-8"))["models"]
    fitting = {plain["encoder_id"]: plain for plain in shipped}
    return read_model(fitting.get(encoder_id, fitting[ANY_ENCODER]), encoder_id=encoder_id)


def score(article: Profile, stories: Sequence[StoryProfile], model: Model) -> list[Scored]:
    """For each story the probability that the article belongs to it rather than to its rivals, the
    others given; in the order given."""
    found = measure(article, stories)
    return [
        Scored(story.story_id, model.probability(one), one)
        for story, one in zip(stories, found, strict=True)
    ]


def belonging(
    one: StoryProfile, other: StoryProfile, model: Model, *, rivals: Sequence[StoryProfile] = ()
) -> float:
    """The mean probability with which the members of the smaller story belong to the larger, rather
    than to the `rivals`, which are other stories than these two."""
    small, large = (one, other) if len(one.members) <= len(other.members) else (other, one)
    found = [score(member, [large, *rivals], model)[0].probability for member in small.members]
    return sum(found) / len(found)


def choose(scored: Sequence[Scored], model: Model) -> Choice:
    """The best story at or above the threshold, or a new one; ties go to the lower story id."""
    ranked = sorted(scored, key=lambda one: (-one.probability, one.story_id))
    best = ranked[0] if ranked else None
    if best is not None and best.probability >= model.threshold:
        return Choice(best.story_id, best.probability, best, tuple(ranked[1:]))
    refused = best.probability if best else 0.0
    return Choice("", 1.0 - refused, best, tuple(ranked))


# -- the fields of a file -----------------------------------------------------------------------


def _field(plain: Mapping[str, Any], name: str) -> Any:
    if name not in plain:
        raise InvalidInput.of(name, "is missing")
    return plain[name]


def _text(plain: Mapping[str, Any], name: str) -> str:
    value = _field(plain, name)
    if not isinstance(value, str) or not value:
        raise InvalidInput.of(name, "must be a text")
    return value


def _number(value: Any, name: str) -> float:
    wrong = isinstance(value, bool) or not isinstance(value, int | float)
    if wrong or not abs(value) <= sys.float_info.max:  # NaN, or more than a float holds
        raise InvalidInput.of(name, "must be a finite number")
    return float(value)


def _share(plain: Mapping[str, Any], name: str) -> float:
    value = _number(_field(plain, name), name)
    if not 0.0 < value < 1.0:
        raise InvalidInput.of(name, "must lie between 0 and 1")
    return value


def _weights(plain: Mapping[str, Any]) -> dict[str, dict[str, float]]:
    rows = _field(plain, "weights")
    if not isinstance(rows, dict):
        raise InvalidInput.of("weights", "must be an object")
    for condition, row in rows.items():
        if not isinstance(row, dict):
            raise InvalidInput.of(f"weights.{condition}", "must be an object")
    return {
        condition: {
            name: _number(weight, f"weights.{condition}.{name}") for name, weight in row.items()
        }
        for condition, row in rows.items()
    }
