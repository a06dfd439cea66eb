"""Which articles belong together, given the probability of each pair?

Pure: scored edges in, a partition out. Leiden with the constant Potts model proposes communities,
average linkage inside each decides, so that a bridge between two dense stories does not make them
one. Each connected part is cut by itself: what happens elsewhere in the graph cannot change it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage
from scipy.sparse import coo_matrix, csr_matrix
from scipy.sparse.csgraph import connected_components

Int64 = npt.NDArray[np.int64]
Float64 = npt.NDArray[np.float64]

_TOLERANCE = 1e-7
_SMALL = 3


@dataclass(frozen=True, slots=True)
class Cutting:
    """How a graph is cut: see settings.ReclusterSettings."""

    resolution: float
    bar: float
    largest: int


def partition(count: int, pairs: Int64, weights: Float64, cutting: Cutting) -> Int64:
    """(count,) a label for each node, numbered from 0 by the lowest node of each part.

    `pairs` (m, 2) of different nodes, each pair at most once, `weights` (m,) probabilities 0..1; a
    pair that is not there has probability 0. The answer does not depend on the order of the pairs.
    """
    labels = np.arange(count, dtype=np.int64)
    graph = _graph(count, pairs, weights)
    _, component = connected_components(graph, directed=False)
    used = count  # whoever has no pair is a part by itself
    for nodes in _by_label(component):
        if len(nodes) == 1:
            continue
        inside = _cut(_inside(graph, nodes), cutting)
        labels[nodes] = inside + used
        used += int(inside.max()) + 1
    return _numbered(labels)


def _graph(count: int, pairs: Int64, weights: Float64) -> csr_matrix:
    rounded = np.round(weights, 9)
    both = np.concatenate([rounded, rounded])
    rows = np.concatenate([pairs[:, 0], pairs[:, 1]])
    columns = np.concatenate([pairs[:, 1], pairs[:, 0]])
    graph = coo_matrix((both, (rows, columns)), shape=(count, count)).tocsr()
    graph.sort_indices()
    return graph


def _inside(graph: csr_matrix, nodes: Int64) -> csr_matrix:
    """The graph of some nodes, ascending, by themselves; the work is that of their edges."""
    rows = graph[nodes]
    places = np.minimum(np.searchsorted(nodes, rows.indices), len(nodes) - 1)
    kept = nodes[places] == rows.indices
    ends = np.concatenate([[0], np.cumsum(kept)])[rows.indptr]
    shape = (len(nodes), len(nodes))
    return csr_matrix((rows.data[kept], places[kept], ends), shape=shape)


def _by_label(labels: Int64) -> list[Int64]:
    """The nodes of each label, ascending."""
    order = np.argsort(labels, kind="stable")
    return np.split(order, np.flatnonzero(np.diff(labels[order])) + 1) if len(order) else []


def _cut(graph: csr_matrix, cutting: Cutting) -> Int64:
    """Labels of the nodes of one connected part."""
    count = graph.shape[0]
    if count < _SMALL:
        apart = count == _SMALL - 1 and graph[0, 1] < cutting.bar
        return np.arange(count) if apart else np.zeros(count, dtype=np.int64)
    labels = np.zeros(count, dtype=np.int64)
    used = 0
    for nodes in _communities(graph, cutting.resolution, cutting.largest):
        inside = _linked(_inside(graph, nodes), cutting.bar)
        labels[nodes] = inside + used
        used += int(inside.max()) + 1
    return labels


def _communities(graph: csr_matrix, resolution: float, largest: int) -> list[Int64]:
    """The nodes of each community; one that is larger than `largest` is cut again, finer."""
    from sknetwork.clustering import Leiden

    count = graph.shape[0]
    total = float(graph.data.sum())
    if not total:
        return [np.array([node]) for node in range(count)]
    # The library's Potts model weighs pairs by 1 / n^2 and edges by 1 / total.
    leiden = Leiden(
        resolution=resolution * count**2 / total,
        modularity="potts",
        tol_optimization=_TOLERANCE,
        tol_aggregation=_TOLERANCE,
        random_state=0,
    )
    found: list[Int64] = []
    for nodes in _by_label(np.asarray(leiden.fit_predict(graph), dtype=np.int64)):
        if len(nodes) <= largest:
            found.append(nodes)
        elif resolution < 1.0:
            inside = _communities(_inside(graph, nodes), min(1.0, 2 * resolution), largest)
            found += [nodes[part] for part in inside]
        else:  # denser than any probability: as one clique as a story can be
            found += np.array_split(nodes, len(nodes) // largest + 1)
    return found


def _linked(graph: csr_matrix, bar: float) -> Int64:
    """Labels of the nodes of one community, by average linkage: parts stay together while the mean
    probability of their pairs is at least `bar`."""
    count = graph.shape[0]
    if count == 1:
        return np.zeros(1, dtype=np.int64)
    distances = 1.0 - graph.toarray()[np.triu_indices(count, 1)]
    tree = linkage(distances, "average")
    return np.asarray(fcluster(tree, 1.0 - bar + 1e-9, "distance"), dtype=np.int64) - 1


def _numbered(labels: Int64) -> Int64:
    """The same parts, numbered by their lowest node."""
    _, first, inverse = np.unique(labels, return_index=True, return_inverse=True)
    rank = np.empty(len(first), dtype=np.int64)
    rank[np.argsort(first)] = np.arange(len(first))
    return rank[inverse]
