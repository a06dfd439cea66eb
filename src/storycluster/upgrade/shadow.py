"""What do two encoders make of the same articles?

Each looks at them with hindsight (`recluster`) in its own store. Their stories, the scores of pairs
and who is nearest to whom are compared by article, never a vector of one with one of the other.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import numpy.typing as npt

from storycluster.clustering import Float64, Int64
from storycluster.decision import Model
from storycluster.domain import Change
from storycluster.evaluate import adjusted_rand, bcubed, pairwise
from storycluster.features import Float32
from storycluster.recluster import Plan
from storycluster.recluster.changes import after
from storycluster.recluster.dividing import Graph
from storycluster.recluster.job import read_graph
from storycluster.recluster.snapshot import read_snapshot
from storycluster.recluster.windows import Node, nodes_of
from storycluster.settings import Settings
from storycluster.upgrade.report import Agreement, Moved, Shadow, ShadowChange, Side

NEAREST = 5
"""Neighbours of an article that are compared."""

ASKED = 2_000
"""Articles whose neighbours are compared at most, evenly over time."""

_CHUNK = 200
_LIKELY = 0.5
_DIGITS = 4


@dataclass(frozen=True, slots=True, eq=False)
class Seen:
    """What one encoder saw: n reprint groups in order of time, their vectors (n, d), days (n,), the
    scored pairs, and its plan."""

    plan: Plan
    model: Model
    nodes: Sequence[Node]
    vectors: Float32
    days: Float64
    graph: Graph


def seen(folder: Path, plan: Plan, model: Model, settings: Settings) -> Seen:
    """What a finished job left in its folder."""
    snapshot = read_snapshot(folder / "snapshot.parquet")
    nodes = nodes_of(snapshot)
    firsts = [node.rows[0] for node in nodes]
    days = np.array([snapshot.placed[row].time.timestamp() / 86_400 for row in firsts])
    graph = read_graph(folder, nodes, settings)
    return Seen(plan, model, nodes, snapshot.embeddings()[firsts], days, graph)


def compared(old: Seen, new: Seen, settings: Settings) -> Shadow:
    """The two sides of one collection, of the same articles as they stand in the same stories."""
    assert [node.article_ids for node in old.nodes] == [node.article_ids for node in new.nodes]
    now = after(old.nodes, ())
    by_old, by_new = after(old.nodes, old.plan.changes), after(new.nodes, new.plan.changes)
    reach = settings.candidates.lookback_days
    asked = _asked(old, new)
    nearest = [nearest_of(one.vectors, one.days, asked, reach=reach) for one in (old, new)]
    known = {_key(change) for change in old.plan.changes}
    stories, singles, largest = _sizes(now)
    return Shadow(
        collection=new.plan.collection,
        articles=new.plan.articles,
        stories=stories,
        singles=singles,
        largest=largest,
        old=_side(old, by_old, asked, nearest[0]),
        new=_side(new, by_new, asked, nearest[1]),
        now_old=agreement(by_old, now),
        now_new=agreement(by_new, now),
        old_new=agreement(by_new, by_old),
        moved=_moved(old.graph, new.graph, nearest),
        changes=tuple(ShadowChange(one, _key(one) in known) for one in new.plan.changes),
    )


def agreement(one: Mapping[str, str], other: Mapping[str, str]) -> Agreement:
    """Of two partitions {article: story}."""
    values = (pairwise(one, other).f1, bcubed(one, other).f1, adjusted_rand(one, other))
    return Agreement(*(round(value, _DIGITS) for value in values))


def nearest_of(vectors: Float32, days: Float64, asked: Int64, *, reach: float) -> Int64:
    """(len(asked), NEAREST + 1) the nearest of each asked row within `reach` days, nearest first,
    ties by row; -1 where there are fewer."""
    found = np.full((len(asked), NEAREST + 1), -1, dtype=np.int64)
    for start in range(0, len(asked), _CHUNK):
        rows = asked[start : start + _CHUNK]
        cosines = np.round(vectors[rows] @ vectors.T, 6)  # summation order cannot decide
        cosines[np.abs(days[rows][:, None] - days[None, :]) > reach] = -np.inf
        cosines[np.arange(len(rows)), rows] = -np.inf
        order = np.argsort(-cosines, axis=1, kind="stable")[:, : NEAREST + 1]
        far = np.isneginf(np.take_along_axis(cosines, order, axis=1))
        found[start : start + _CHUNK, : order.shape[1]] = np.where(far, -1, order)
    return found


def _asked(old: Seen, new: Seen) -> Int64:
    """Rows that both have a vector for."""
    both = np.flatnonzero(old.vectors.any(axis=1) & new.vectors.any(axis=1))
    if len(both) <= ASKED:
        return both.astype(np.int64)
    return both[np.linspace(0, len(both) - 1, ASKED).astype(np.int64)].astype(np.int64)


def _side(one: Seen, stories: Mapping[str, str], asked: Int64, nearest: Int64) -> Side:
    count, singles, largest = _sizes(stories)
    return Side(
        encoder=one.plan.encoder,
        dimensions=one.vectors.shape[1],
        model=one.model.name,
        model_fitted=one.model.encoder_id == one.plan.encoder,
        changes=one.plan.counts,
        stories=count,
        singles=singles,
        largest=largest,
        own_story=_own_story(one.nodes, asked, nearest),
        likely=int((one.graph.probability >= _LIKELY).sum()),
    )


def _own_story(nodes: Sequence[Node], asked: Int64, nearest: Int64) -> float:
    """The share of those with company whose nearest neighbour is of their story."""
    homes = [node.story_id for node in nodes]
    sizes = Counter(homes)
    right = [
        first >= 0 and homes[first] == homes[row]
        for row, first in zip(asked.tolist(), nearest[:, 0].tolist(), strict=True)
        if sizes[homes[row]] > 1
    ]
    return round(sum(right) / len(right), _DIGITS) if right else 1.0


def _moved(old: Graph, new: Graph, nearest: Sequence[Int64]) -> Moved:
    one, other = nearest
    choice, more = one[:, 1] >= 0, one[:, NEAREST] >= 0
    shares = [
        len(set(a) & set(b)) / NEAREST
        for a, b in zip(one[more, :NEAREST].tolist(), other[more, :NEAREST].tolist(), strict=True)
    ]
    left, right = _aligned(old, new)
    likely = (left >= _LIKELY) & (right >= _LIKELY)
    return Moved(
        asked=int(choice.sum()),
        same_first=_mean(one[choice, 0] == other[choice, 0]),
        asked_more=len(shares),
        nearest=NEAREST,
        shared=_mean(shares),
        pairs=len(left),
        by=_mean(np.abs(left - right)),
        likely_in_both=int(likely.sum()),
    )


def _aligned(old: Graph, new: Graph) -> tuple[Float64, Float64]:
    """The probabilities of every pair that either scored; 0 where one did not."""
    codes = [one.pairs[:, 0] * one.count + one.pairs[:, 1] for one in (old, new)]
    every = np.union1d(*codes)
    sides = np.zeros((2, len(every)))
    for side, code, graph in zip(sides, codes, (old, new), strict=True):
        side[np.searchsorted(every, code)] = graph.probability
    return sides[0], sides[1]


def _mean(values: npt.ArrayLike) -> float:
    """0 of nothing."""
    found = np.asarray(values, dtype=np.float64)
    return round(float(found.mean()), _DIGITS) if found.size else 0.0


def _sizes(stories: Mapping[str, str]) -> tuple[int, int, int]:
    """(stories, those of one article, articles of the largest)."""
    sizes = Counter(stories.values())
    return len(sizes), sum(size == 1 for size in sizes.values()), max(sizes.values(), default=0)


def _key(change: Change) -> tuple[str, str, str, frozenset[str]]:
    articles = frozenset(change.article_ids)
    return change.kind.value, change.from_story, change.to_story, articles
