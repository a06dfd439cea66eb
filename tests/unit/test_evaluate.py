"""evaluate: partition scores against worked examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from storycluster.evaluate import adjusted_rand, bcubed, pairwise

partitions = st.lists(st.tuples(st.sampled_from("abcd"), st.sampled_from("xyz")), min_size=1)


def maps(rows: list[tuple[str, str]]) -> tuple[dict[str, str], dict[str, str]]:
    return (
        {str(i): predicted for i, (predicted, _) in enumerate(rows)},
        {str(i): gold for i, (_, gold) in enumerate(rows)},
    )


@given(partitions)
def test_adjusted_rand_equals_the_reference(rows: list[tuple[str, str]]) -> None:
    """The same number as scikit-learn's."""
    predicted, gold = maps(rows)
    expected = adjusted_rand_score(list(gold.values()), list(predicted.values()))
    assert adjusted_rand(predicted, gold) == pytest.approx(expected, abs=1e-9)


@given(partitions)
def test_bcubed_equals_its_definition(rows: list[tuple[str, str]]) -> None:
    """Averages, article by article, of the share of its cluster that is right."""
    predicted, gold = maps(rows)
    share = [
        sum(p == q and g == h for q, h in rows) / sum(p == q for q, _ in rows) for p, g in rows
    ]
    assert bcubed(predicted, gold).precision == pytest.approx(sum(share) / len(share))


def test_pairwise_counts_pairs() -> None:
    """Three together of which two belong: one right pair of three proposed."""
    score = pairwise({"1": "a", "2": "a", "3": "a"}, {"1": "x", "2": "x", "3": "y"})
    assert (score.precision, score.recall) == (pytest.approx(1 / 3), 1.0)


def test_equal_partitions_score_one() -> None:
    """Names of clusters do not matter."""
    predicted, gold = {"1": "a", "2": "a", "3": "b"}, {"1": "x", "2": "x", "3": "y"}
    assert bcubed(predicted, gold).f1 == pairwise(predicted, gold).f1 == 1.0
