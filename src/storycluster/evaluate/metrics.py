"""How good is a partition against a labelled one?

A partition maps article id -> story id; only ids in both maps are scored. `threads` maps article id
-> wider story: two articles of one thread but of different gold stories are neither right nor wrong
together ("don't care"). Such a pair is left out of the pairwise counts and of the B-cubed cluster
of either article.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import linear_sum_assignment
from sklearn.metrics import adjusted_mutual_info_score

Partition = Mapping[str, str]

BINS = 10
"""Of `calibration_error`."""


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
    """Contingency counts: pairs of (predicted, gold), and each side alone.

    `unsure` holds for each (predicted, gold, thread) how many articles of the predicted story are
    of that thread but of other gold stories.
    """

    both: Counter[tuple[str, str]]
    predicted: Counter[str]
    gold: Counter[str]
    total: int
    unsure: Mapping[tuple[str, str, str], int]


def _table(predicted: Partition, gold: Partition, threads: Partition | None = None) -> _Table:
    rows = _rows(predicted, gold, threads)
    each = Counter(rows)
    of_thread = Counter((p, t) for p, _, t in rows if t)
    return _Table(
        both=Counter((p, g) for p, g, _ in rows),
        predicted=Counter(p for p, _, _ in rows),
        gold=Counter(g for _, g, _ in rows),
        total=len(rows),
        unsure={
            (p, g, t): of_thread[p, t] - count
            for (p, g, t), count in each.items()
            if t and of_thread[p, t] > count
        },
    )


def _rows(
    predicted: Partition, gold: Partition, threads: Partition | None
) -> list[tuple[str, str, str]]:
    wider = threads or {}
    return [(predicted[one], gold[one], wider.get(one, "")) for one in gold if one in predicted]


def _pairs(count: int) -> int:
    return count * (count - 1) // 2


def bcubed(predicted: Partition, gold: Partition, threads: Partition | None = None) -> Score:
    """B-cubed precision and recall (Bagga and Baldwin 1998), averaged over articles."""
    table = _table(predicted, gold, threads)
    if not table.total:
        return Score(0.0, 0.0)
    precision = recall = 0.0
    for p, g, t in _rows(predicted, gold, threads):
        right = table.both[p, g]
        precision += right / (table.predicted[p] - table.unsure.get((p, g, t), 0))
        recall += right / table.gold[g]
    return Score(precision / table.total, recall / table.total)


def pairwise(predicted: Partition, gold: Partition, threads: Partition | None = None) -> Score:
    """Precision and recall over pairs of articles that are together."""
    table = _table(predicted, gold, threads)
    together = sum(map(_pairs, table.both.values()))
    unsure = sum(table.unsure.get(row, 0) for row in _rows(predicted, gold, threads)) / 2
    proposed = sum(map(_pairs, table.predicted.values())) - unsure
    wanted = sum(map(_pairs, table.gold.values()))
    return Score(together / proposed if proposed else 0.0, together / wanted if wanted else 0.0)


def adjusted_rand(predicted: Partition, gold: Partition) -> float:
    """Adjusted Rand index (Hubert and Arabie 1985): 1 for equal partitions, about 0 for chance."""
    table = _table(predicted, gold)
    together = sum(map(_pairs, table.both.values()))
    proposed = sum(map(_pairs, table.predicted.values()))
    wanted = sum(map(_pairs, table.gold.values()))
    every = _pairs(table.total)
    expected = proposed * wanted / every if every else 0.0
    largest = (proposed + wanted) / 2
    return (together - expected) / (largest - expected) if largest != expected else 1.0


def adjusted_mutual_information(predicted: Partition, gold: Partition) -> float:
    """Adjusted mutual information (Vinh et al. 2010), arithmetic mean; 1 for equal partitions."""
    both = [one for one in gold if one in predicted]
    if not both:
        return 0.0
    given, found = [gold[one] for one in both], [predicted[one] for one in both]
    return float(adjusted_mutual_info_score(given, found))


def ceaf_e(predicted: Partition, gold: Partition) -> Score:
    """CEAF with the entity measure phi4 (Luo 2005): stories matched one to one.

    phi4 = 2 * |both| / (|predicted| + |gold|). Stories that share articles with others only within
    one connected part are matched within it, so that the assignment stays small.
    """
    table = _table(predicted, gold)
    if not table.total:
        return Score(0.0, 0.0)
    total = 0.0
    for found, given in _connected(table.both):
        gains = np.array(
            [
                [2.0 * table.both[p, g] / (table.predicted[p] + table.gold[g]) for g in given]
                for p in found
            ]
        )
        rows, columns = linear_sum_assignment(gains, maximize=True)
        total += float(gains[rows, columns].sum())
    return Score(total / len(table.predicted), total / len(table.gold))


def _connected(both: Mapping[tuple[str, str], int]) -> list[tuple[list[str], list[str]]]:
    """Predicted and gold stories that hang together through shared articles."""
    by_predicted, by_gold = defaultdict(list), defaultdict(list)
    for p, g in both:
        by_predicted[p].append(g)
        by_gold[g].append(p)
    parts, seen = [], set()
    for first in by_predicted:
        if first in seen:
            continue
        found, given, waiting = {first}, set(), [first]
        while waiting:
            for g in by_predicted[waiting.pop()]:
                given.add(g)
                fresh = [p for p in by_gold[g] if p not in found]
                found.update(fresh)
                waiting += fresh
        seen |= found
        parts.append((sorted(found), sorted(given)))
    return parts


def false_merges(predicted: Partition, gold: Partition, threads: Partition | None = None) -> float:
    """Misplaced articles for each 1,000 scored ones.

    An article is misplaced where it stands in a predicted story most of whose scored articles, or
    as many but of a lower gold id, are of another gold story (and not of its own thread).
    """
    wider = threads or {}
    members: dict[str, Counter[str]] = defaultdict(Counter)
    in_thread: dict[str, set[str]] = defaultdict(set)
    for one in gold:
        if one in predicted:
            members[predicted[one]][gold[one]] += 1
            in_thread[gold[one]].add(wider.get(one, ""))
    main = {p: min(counts, key=lambda g: (-counts[g], g)) for p, counts in members.items()}
    wrong = sum(
        gold[one] != main[predicted[one]]
        and not (wider.get(one) and wider[one] in in_thread[main[predicted[one]]])
        for one in gold
        if one in predicted
    )
    scored = sum(one in predicted for one in gold)
    return 1000.0 * wrong / scored if scored else 0.0


def pure_share(predicted: Partition, gold: Partition) -> float:
    """Of the predicted stories with two or more scored articles, those of one gold story; 1 where
    there is none."""
    members: dict[str, list[str]] = defaultdict(list)
    for one in gold:
        if one in predicted:
            members[predicted[one]].append(gold[one])
    several = [given for given in members.values() if len(given) > 1]
    return sum(len(set(given)) == 1 for given in several) / len(several) if several else 1.0


def brier(probabilities: Sequence[float], right: Sequence[int]) -> float:
    """Mean squared distance of each probability from what held, 0 or 1 (Brier 1950); 0 is best."""
    if not right:
        return 0.0
    return float(np.square(np.subtract(probabilities, right)).mean())


def calibration_error(probabilities: Sequence[float], right: Sequence[int]) -> float:
    """Expected calibration error: in ten bins of equal width, how far the mean probability is from
    the share that held, weighed by the size of the bin; 0 is best."""
    if not right:
        return 0.0
    told = np.asarray(probabilities, dtype=np.float64)
    bins = np.minimum((told * BINS).astype(int), BINS - 1)
    surplus = np.bincount(bins, weights=told - np.asarray(right), minlength=BINS)
    return float(np.abs(surplus).sum()) / len(told)
