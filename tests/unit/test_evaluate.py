"""evaluate: partition scores against worked examples."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sklearn.metrics import adjusted_rand_score

from storycluster.domain import Article
from storycluster.engine.entry import Entry
from storycluster.engine.repair import Repair
from storycluster.evaluate import Labelled, adjusted_rand, arrivals, bcubed, pairwise, replay
from storycluster.evaluate.metrics import (
    brier,
    calibration_error,
    ceaf_e,
    false_merges,
    pure_share,
)
from storycluster.ports import Encoder

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


def test_two_articles_of_one_thread_are_neither_right_nor_wrong_together() -> None:
    """A pair of one thread and two stories counts in no precision; without the thread it does."""
    predicted, gold = dict.fromkeys("123", "a"), {"1": "x", "2": "x", "3": "y"}
    wider = dict.fromkeys("123", "t")
    assert bcubed(predicted, gold, wider).precision == 1.0
    assert pairwise(predicted, gold, wider).precision == 1.0
    assert bcubed(predicted, gold).precision == pytest.approx(5 / 9)


@given(partitions)
def test_ceaf_e_of_equal_partitions_is_one(rows: list[tuple[str, str]]) -> None:
    """Each story is matched with itself."""
    _, gold = maps(rows)
    assert ceaf_e(gold, gold).f1 == pytest.approx(1.0)


def test_ceaf_e_matches_each_story_once() -> None:
    """One gold story of two, told as two: the better half alone counts, 2 * 1 / (1 + 2)."""
    score = ceaf_e({"1": "a", "2": "b"}, {"1": "x", "2": "x"})
    assert (score.precision, score.recall) == (pytest.approx(1 / 3), pytest.approx(2 / 3))


def test_a_replay_ends_after_every_second_look(
    encoder: Encoder, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Behind the last arrival each article that is no copy is looked at, once."""
    looked: list[str] = []
    look = Repair.look

    def watch(repair: Repair, entry: Entry) -> None:
        looked.append(entry.article_id)
        look(repair, entry)

    monkeypatch.setattr(Repair, "look", watch)
    texts = ["A ferry sank off Port Vell.", "A mill burned down in Dorrance.", "Whales were seen."]
    articles = [Labelled(Article(f"a{n}", text=text)) for n, text in enumerate(texts)]
    done = replay(arrivals(articles), encoder)
    assert [one.article_id for one in done.decided] == looked == ["a0", "a1", "a2"]


def test_a_misplaced_article_is_a_false_merge() -> None:
    """One of four stands among articles of another story: 250 in 1,000; no story is pure."""
    predicted, gold = dict.fromkeys("1234", "a"), {"1": "x", "2": "x", "3": "x", "4": "y"}
    assert false_merges(predicted, gold) == 250.0
    assert pure_share(predicted, gold) == 0.0
    assert pure_share(gold, gold) == 1.0


def test_probabilities_are_scored_against_what_held() -> None:
    """Brier: the mean squared miss. Calibration error: by tenths, told .9 where half held is .4
    off; certain and right is 0; nothing told is 0."""
    assert brier([0.9, 0.4], [1, 0]) == pytest.approx((0.01 + 0.16) / 2)
    assert calibration_error([0.9, 0.9, 0.0, 0.0], [1, 0, 0, 0]) == pytest.approx(0.2)
    assert calibration_error([1.0, 0.0], [1, 0]) == brier([1.0, 0.0], [1, 0]) == 0.0
    assert calibration_error([], []) == brier([], []) == 0.0
