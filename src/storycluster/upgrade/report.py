"""What would change with another encoder, for a person and for a program?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from storycluster.domain import Change


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far two partitions of the same articles agree, each 0..1: F1 over pairs and over
    articles (B-cubed), and the adjusted Rand index."""

    pairwise_f1: float
    bcubed_f1: float
    adjusted_rand: float


@dataclass(frozen=True, slots=True)
class Side:
    """What one encoder makes of a collection, looking at it with hindsight.

    `model_fitted`: the decision model was fitted with vectors of this encoder; else it weighs none,
    and vectors only propose whom to ask. `stories`, `singles`, `largest`: once all changes are
    made. `own_story`: of the articles that share a story with others, how many have their nearest
    neighbour in it. `likely`: pairs of articles with a probability of .5 or more.
    """

    encoder: str
    dimensions: int
    model: str
    model_fitted: bool
    changes: Mapping[str, int]
    stories: int
    singles: int
    largest: int
    own_story: float
    likely: int


@dataclass(frozen=True, slots=True)
class Moved:
    """How neighbours and scores differ between the two.

    Neighbours by vector among those in reach by date, of one article of each reprint group: of
    `asked` that have two or more, `same_first` is the share whose first is the same; of
    `asked_more` that have more than `nearest`, `shared` is the mean share of these that are the
    same. Pairs that either scored at all: `pairs`; `by` is the mean distance of the two
    probabilities, and `likely_in_both` have .5 or more with both.
    """

    asked: int
    same_first: float
    asked_more: int
    nearest: int
    shared: float
    pairs: int
    by: float
    likely_in_both: int


@dataclass(frozen=True, slots=True)
class ShadowChange:
    """A change that the new encoder proposes. `also_old`: the old one proposes the same."""

    change: Change
    also_old: bool


@dataclass(frozen=True, slots=True)
class Shadow:
    """One collection seen by both. `stories`, `singles`, `largest` are as it stands. `old_new`:
    the agreement of what each would make of it. `applied` and `skipped` changes were published in
    the new folder; both None where none were asked for."""

    collection: str
    articles: int
    stories: int
    singles: int
    largest: int
    old: Side
    new: Side
    now_old: Agreement
    now_new: Agreement
    old_new: Agreement
    moved: Moved
    changes: tuple[ShadowChange, ...]
    applied: int | None = None
    skipped: int | None = None


@dataclass(frozen=True, slots=True)
class Upgrade:
    """What was done. `revisions` got a vector, `encoded` texts were encoded for that (others are
    equal, or were made before an interruption), and of `unlike` the prose could not be told as it
    was at arrival, because an article that taught furniture is gone."""

    time: datetime
    old_encoder: str
    new_encoder: str
    collections: tuple[str, ...]
    revisions: int
    encoded: int
    unlike: int
    shadows: tuple[Shadow, ...] = field(default=())
