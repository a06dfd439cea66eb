"""shadow: who is nearest to whom, and how far two partitions agree."""

from __future__ import annotations

import numpy as np
import pytest

from storycluster.embedding import unit
from storycluster.upgrade import Agreement
from storycluster.upgrade.shadow import NEAREST, agreement, nearest_of

# Angles in degrees: 0 and 10 are near, 20 follows, 90 and 95 are a pair.
ANGLES = np.radians([0.0, 10.0, 90.0, 20.0, 95.0])
VECTORS = unit(np.stack([np.cos(ANGLES), np.sin(ANGLES)], axis=1))
DAYS = np.array([0.0, 1.0, 2.0, 3.0, 40.0])
EVERY = np.arange(5)


def test_the_nearest_come_first_and_nobody_is_his_own() -> None:
    """By cosine, among all where all are in reach; what is not there is -1."""
    found = nearest_of(VECTORS, DAYS, EVERY, reach=100.0)
    assert found.shape == (5, NEAREST + 1)
    assert found[0].tolist() == [1, 3, 2, 4, -1, -1]
    assert found[4].tolist()[:2] == [2, 3]


def test_what_is_out_of_reach_is_no_neighbour() -> None:
    """The fifth article came forty days later."""
    found = nearest_of(VECTORS, DAYS, EVERY, reach=14.0)
    assert found[2].tolist()[:3] == [3, 1, 0]
    assert set(found[4].tolist()) == {-1}


def test_only_what_is_asked_is_answered() -> None:
    """A row for each that is asked, ties by row."""
    twice = np.concatenate([VECTORS, VECTORS[:1]])
    found = nearest_of(twice, np.zeros(6), np.array([1]), reach=1.0)
    assert found.shape[0] == 1
    assert found[0].tolist()[:3] == [0, 3, 5]


@pytest.mark.parametrize(
    ("other", "wanted"),
    [
        ({"a": "x", "b": "x", "c": "y"}, Agreement(1.0, 1.0, 1.0)),
        ({"a": "p", "b": "q", "c": "r"}, Agreement(0.0, 0.8, 0.0)),
    ],
)
def test_agreement_does_not_depend_on_names(other: dict[str, str], wanted: Agreement) -> None:
    """Equal partitions agree wholly; where nothing is together, no pair agrees."""
    assert agreement(other, {"a": "1", "b": "1", "c": "2"}) == wanted
