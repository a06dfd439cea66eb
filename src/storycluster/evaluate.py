"""How good is a partition against a labelled one?

B-cubed, pairwise and adjusted Rand scores. A partition maps article id -> story id; only ids in
both maps are scored.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Score:
    """Precision, recall and their harmonic mean, each 0..1."""

    precision: float
    recall: float

    @property
    def f1(self) -> float:
        """2PR / (P + R); 0 where both are 0."""
        total = self.precision + self.recall
        return 2 * self.precision * self.recall / total if total else 0.0


@dataclass(frozen=True, slots=True)
class _Table:
    """Contingency counts: pairs of (predicted, gold), and each side alone."""

    both: Counter[tuple[str, str]]
    predicted: Counter[str]
    gold: Counter[str]
    total: int


def _table(predicted: Mapping[str, str], gold: Mapping[str, str]) -> _Table:
    pairs = [(predicted[one], gold[one]) for one in gold if one in predicted]
    return _Table(
        both=Counter(pairs),
        predicted=Counter(p for p, _ in pairs),
        gold=Counter(g for _, g in pairs),
        total=len(pairs),
    )


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def bcubed(predicted: Mapping[str, str], gold: Mapping[str, str]) -> Score:
    """B-cubed precision and recall (Bagga and Baldwin 1998), averaged over articles."""
    table = _table(predicted, gold)
    if not table.total:
        return Score(0.0, 0.0)
    precision = sum(n * n / table.predicted[p] for (p, _), n in table.both.items())
    recall = sum(n * n / table.gold[g] for (_, g), n in table.both.items())
    return Score(precision / table.total, recall / table.total)


def pairwise(predicted: Mapping[str, str], gold: Mapping[str, str]) -> Score:
    """Precision and recall over pairs of articles that are together."""
    table = _table(predicted, gold)
    together = sum(map(_pairs, table.both.values()))
    proposed = sum(map(_pairs, table.predicted.values()))
    wanted = sum(map(_pairs, table.gold.values()))
    return Score(together / proposed if proposed else 0.0, together / wanted if wanted else 0.0)


def adjusted_rand(predicted: Mapping[str, str], gold: Mapping[str, str]) -> float:
    """Adjusted Rand index (Hubert and Arabie 1985): 1 for equal partitions, about 0 for chance."""
    table = _table(predicted, gold)
    together = sum(map(_pairs, table.both.values()))
    proposed = sum(map(_pairs, table.predicted.values()))
    wanted = sum(map(_pairs, table.gold.values()))
    every = _pairs(table.total)
    expected = proposed * wanted / every if every else 0.0
    largest = (proposed + wanted) / 2
    return (together - expected) / (largest - expected) if largest != expected else 1.0
