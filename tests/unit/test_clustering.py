"""Do dense parts stay together while bridges do not chain?"""

from __future__ import annotations

import itertools

import numpy as np

from storycluster.clustering import Cutting, partition

CUTTING = Cutting(resolution=0.23, bar=0.35, largest=100)


def edges(*given: tuple[int, int, float]) -> tuple[np.ndarray, np.ndarray]:
    pairs = np.array([(a, b) for a, b, _ in given], dtype=np.int64).reshape(-1, 2)
    return pairs, np.array([weight for *_, weight in given], dtype=np.float64)


def clique(nodes: range, weight: float = 0.9) -> list[tuple[int, int, float]]:
    return [(a, b, weight) for a, b in itertools.combinations(nodes, 2)]


def test_a_bridge_between_two_dense_communities_does_not_merge_them() -> None:
    """One sure edge is outweighed by the 24 pairs that have none."""
    pairs, weights = edges(*clique(range(5)), *clique(range(5, 10)), (4, 5, 0.99))
    assert partition(10, pairs, weights, CUTTING).tolist() == [0] * 5 + [1] * 5


def test_a_chain_of_sure_edges_is_not_one_story() -> None:
    """As raw connected components would make it."""
    pairs, weights = edges(*((n, n + 1, 0.95) for n in range(11)))
    assert len(set(partition(12, pairs, weights, CUTTING).tolist())) > 2


def test_what_no_edge_touches_is_alone() -> None:
    """Its label is its own place."""
    pairs, weights = edges((0, 2, 0.9))
    assert partition(4, pairs, weights, CUTTING).tolist() == [0, 1, 0, 2]


def test_two_articles_are_one_story_from_the_bar_on() -> None:
    """The bar itself is enough."""
    for weight, labels in ((0.34, [0, 1]), (0.35, [0, 0])):
        assert partition(2, *edges((0, 1, weight)), CUTTING).tolist() == labels


def test_the_order_of_the_edges_changes_nothing() -> None:
    """Neither their order nor which end is named first."""
    chance = np.random.default_rng(7)
    given = [
        (a, b, float(chance.random()))
        for a, b in itertools.combinations(range(40), 2)
        if chance.random() < 0.2
    ]
    expected = partition(40, *edges(*given), CUTTING).tolist()
    for _ in range(5):
        mixed = [given[at] for at in chance.permutation(len(given))]
        turned = [(b, a, w) if chance.random() < 0.5 else (a, b, w) for a, b, w in mixed]
        assert partition(40, *edges(*turned), CUTTING).tolist() == expected


def test_a_part_is_cut_alike_whatever_else_is_in_the_graph() -> None:
    """Each connected part is cut by itself."""
    chance = np.random.default_rng(3)
    own = [
        (a, b, float(chance.random()))
        for a, b in itertools.combinations(range(20), 2)
        if chance.random() < 0.4
    ]
    alone = partition(20, *edges(*own), CUTTING).tolist()
    beside = partition(60, *edges(*own, *clique(range(20, 60), 0.5)), CUTTING)
    assert beside[:20].tolist() == alone


def test_a_community_too_large_to_link_is_cut_finer() -> None:
    """No part is larger than can be linked."""
    pairs, weights = edges(*clique(range(30), 0.9))
    labels = partition(30, pairs, weights, Cutting(0.23, 0.35, largest=12))
    assert max(np.bincount(labels)) <= 12


def test_nothing_is_divided_into_nothing() -> None:
    """An empty graph has no labels."""
    assert partition(0, *edges(), CUTTING).tolist() == []
