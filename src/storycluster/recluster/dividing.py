"""Which articles make one story, seen with hindsight?

The edges of all windows become one graph of reprint groups. What editors said comes first: linked
groups are one node, the articles of a locked story are left out. What stands now counts a little.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow
from scipy.sparse import coo_matrix
from scipy.sparse.csgraph import connected_components

from storycluster.batch_settings import ReclusterSettings
from storycluster.clustering import Cutting, Float64, Int64, partition
from storycluster.domain import Constraint, ConstraintKind
from storycluster.recluster.windows import Node

_CERTAIN = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Graph:
    """n nodes; `pairs` (m, 2), a < b, ascending, `probability` (m,); `apart` (m,): by a veto."""

    count: int
    pairs: Int64
    probability: Float64
    apart: npt.NDArray[np.bool_]


def joined(count: int, windows: Iterable[tuple[int, int, pyarrow.Table]]) -> Graph:
    """One graph of all windows (first node, nodes, edges). A pair that two windows hold is told by
    the one that has it nearer to its middle, where more of its rivals are known; ties go to the
    earlier one."""
    pairs, values, apart, depth = [], [], [], []
    for first, size, table in windows:
        a, b = (table[name].to_numpy() for name in ("a", "b"))
        pairs.append(np.stack([a, b], axis=1) + first)
        values.append(table["probability"].to_numpy())
        apart.append(table["apart"].to_numpy())
        depth.append(np.minimum(np.minimum(a, b), size - 1 - np.maximum(a, b)))
    if not pairs:
        nothing = np.zeros(0)
        return Graph(count, np.zeros((0, 2), np.int64), nothing, nothing.astype(bool))
    every, deep = np.concatenate(pairs), np.concatenate(depth)
    order = np.lexsort((-deep, every[:, 1], every[:, 0]))
    every = every[order]
    kept = np.ones(len(every), dtype=bool)
    kept[1:] = (every[1:] != every[:-1]).any(axis=1)
    chosen = order[kept]
    return Graph(count, every[kept], np.concatenate(values)[chosen], np.concatenate(apart)[chosen])


def divided(
    nodes: Sequence[Node],
    graph: Graph,
    constraints: Sequence[Constraint],
    settings: ReclusterSettings,
) -> Int64:
    """(n,) the story of each node, numbered by its lowest node. A node of a locked story keeps the
    story it has."""
    locked = {one.subject for one in constraints if one.kind is ConstraintKind.LOCK}
    free = np.array([node.story_id not in locked for node in nodes], dtype=bool)
    merged = _linked(nodes, constraints)
    weights = weighed(nodes, graph, settings)
    kept = free[graph.pairs].all(axis=1)
    one, other = merged[graph.pairs[kept, 0]], merged[graph.pairs[kept, 1]]
    pairs, strongest = _strongest(one, other, weights[kept])
    count = int(merged.max()) + 1 if len(merged) else 0
    cutting = Cutting(settings.resolution, settings.bar, settings.community_groups)
    labels = partition(count, pairs, strongest, cutting)[merged]
    first_locked: dict[str, int] = {}
    for place in np.flatnonzero(~free).tolist():
        story = nodes[place].story_id
        labels[place] = first_locked.setdefault(story, count + len(first_locked))
    return labels


def weighed(nodes: Sequence[Node], graph: Graph, settings: ReclusterSettings) -> Float64:
    """(m,) the probability of each pair with what stands now taken into account; 0 under a veto."""
    _, story = np.unique([node.story_id for node in nodes], return_inverse=True)
    together = story[graph.pairs[:, 0]] == story[graph.pairs[:, 1]]
    inside = np.clip(graph.probability, _CERTAIN, 1.0 - _CERTAIN)
    odds = np.log(inside / (1.0 - inside))
    odds += np.where(together, settings.present, -settings.present)
    return np.where(graph.apart, 0.0, np.round(1.0 / (1.0 + np.exp(-odds)), 9))


def _linked(nodes: Sequence[Node], constraints: Sequence[Constraint]) -> Int64:
    """(n,) which nodes editors linked, each with each: a number for each set, by lowest node."""
    place = {one: at for at, node in enumerate(nodes) for one in node.article_ids}
    links = [
        (place[one.subject], place[one.other])
        for one in constraints
        if one.kind is ConstraintKind.MUST_LINK and one.subject in place and one.other in place
    ]
    rows, columns = zip(*links, strict=True) if links else ((), ())
    matrix = coo_matrix((np.ones(len(links)), (rows, columns)), shape=(len(nodes), len(nodes)))
    _, labels = connected_components(matrix, directed=False)
    return np.asarray(labels, dtype=np.int64)


def _strongest(one: Int64, other: Int64, weights: Float64) -> tuple[Int64, Float64]:
    """Each pair of different sets once, with the greatest weight between them."""
    pairs = np.stack([np.minimum(one, other), np.maximum(one, other)], axis=1)
    apart = pairs[:, 0] != pairs[:, 1]
    unique, inverse = np.unique(pairs[apart], axis=0, return_inverse=True)
    found = np.zeros(len(unique))
    np.maximum.at(found, inverse.ravel(), weights[apart])
    return unique, found
