"""What would another model change, in words for a person?

Which weights moved and what that does, and which articles would stand with others.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from storycluster.decision import ALWAYS, INTERCEPT, Model
from storycluster.evaluate.learning import Item, Rows
from storycluster.evaluate.metrics import Partition
from storycluster.glossary import CONDITIONS as CONDITION_WORDS
from storycluster.glossary import words
from storycluster.measures import CONDITIONS, MEASURES

EXAMPLES = 10
WEIGHTS = 8


@dataclass(frozen=True, slots=True)
class Moved:
    """An article that would stand with other articles than before: their ids, in order."""

    file: str
    article_id: str
    title: str
    companions_before: tuple[str, ...]
    companions_after: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class WeightChange:
    """One weight before and after; `condition` is "always" or what must hold for it to count.

    `effect` is the change in log odds between two stories a standard deviation apart in the
    measure, among the rows learned from; of the intercept, the change itself.
    """

    measure: str
    condition: str
    before: float
    after: float
    effect: float

    @property
    def words(self) -> str:
        """The measure in plain words, with the condition."""
        told = words(self.measure)
        return told if self.condition == ALWAYS else f"{told}, {CONDITION_WORDS[self.condition]}"


def changed_weights(
    before: Model, after: Model, rows: Sequence[Rows], *, limit: int = WEIGHTS
) -> tuple[WeightChange, ...]:
    """The weights whose change does most, the most telling first."""
    values = np.array([row for some in rows for row in some.values]).reshape(-1, len(MEASURES))
    held = np.array([row for some in rows for row in some.held], dtype=bool)
    held = held.reshape(-1, len(CONDITIONS))
    found = []
    for block in (ALWAYS, *CONDITIONS):
        chosen = values if block == ALWAYS else values[held[:, CONDITIONS.index(block)]]
        if len(chosen):
            spread = dict(zip(MEASURES, chosen.std(axis=0).tolist(), strict=True)) | {
                INTERCEPT: 1.0
            }
            found += _block(block, before, after, spread)
    found.sort(key=lambda one: (-abs(one.effect), one.condition, one.measure))
    return tuple(one for one in found[:limit] if one.effect)


def _block(
    block: str, before: Model, after: Model, spread: Mapping[str, float]
) -> list[WeightChange]:
    was, now = before.weights.get(block, {}), after.weights.get(block, {})
    return [
        WeightChange(
            measure=name,
            condition=block,
            before=was.get(name, 0.0),
            after=now.get(name, 0.0),
            effect=(now.get(name, 0.0) - was.get(name, 0.0)) * width,
        )
        for name, width in spread.items()
    ]


def moved(
    file: str, items: Sequence[Item], before: Partition, after: Partition
) -> tuple[Moved, ...]:
    """The articles whose set of companions differs between two partitions, in order of arrival."""
    first, second = _members(items, before), _members(items, after)
    found = []
    for item in items:
        own = item.prepared.article.article_id
        was = tuple(one for one in first[before[own]] if one != own)
        now = tuple(one for one in second[after[own]] if one != own)
        if was != now:
            found.append(Moved(file, own, item.prepared.headline, was, now))
    return tuple(found)


def examples(of: Sequence[Moved], *, limit: int = EXAMPLES) -> tuple[Moved, ...]:
    """Those whose companions change most, each change told once: no article that is an example
    or a companion of one is another."""
    chosen: list[Moved] = []
    told: set[tuple[str, str]] = set()
    for one in sorted(of, key=_kept):
        if len(chosen) < limit and (one.file, one.article_id) not in told:
            chosen.append(one)
            named = {one.article_id, *one.companions_before, *one.companions_after}
            told |= {(one.file, name) for name in named}
    return tuple(chosen)


def _members(items: Sequence[Item], partition: Partition) -> Mapping[str, list[str]]:
    found = defaultdict(list)
    for item in items:
        own = item.prepared.article.article_id
        found[partition[own]].append(own)
    return found


def _kept(one: Moved) -> float:
    """The share of all companions that stay, 0..1."""
    was, now = set(one.companions_before), set(one.companions_after)
    return len(was & now) / len(was | now)
