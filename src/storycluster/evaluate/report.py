"""What is told of a replayed stream?

Plain dictionaries, ready for JSON: the scores of the stories as decided online, and again
`after_repair`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from storycluster.evaluate import metrics
from storycluster.evaluate.labelled import Labelled
from storycluster.evaluate.metrics import Partition, Score
from storycluster.evaluate.replay import Decided

_DIGITS = 5


def report(decided: Sequence[Decided], articles: Sequence[Labelled]) -> dict[str, Any]:
    """Scores of the decisions on the labelled ones among `articles`."""
    gold = {one.article.article_id: one.story for one in articles if one.story}
    threads = {one.article.article_id: one.thread for one in articles if one.thread}
    online = {one.article_id: one.story for one in decided}
    repaired = {one.article_id: one.story_after_repair for one in decided}
    return {
        **scores(online, gold, threads),
        "after_repair": scores(repaired, gold, threads),
        "stories_gold": len({gold[one] for one in gold if one in online}),
        "floors": floors(gold, threads),
        "articles": len(articles),
        "labelled": len(gold),
    }


def scores(predicted: Partition, gold: Partition, threads: Partition) -> dict[str, Any]:
    """Every score of one partition."""
    return {
        "bcubed": _plain(metrics.bcubed(predicted, gold, threads)),
        "pairwise": _plain(metrics.pairwise(predicted, gold, threads)),
        "ari": round(metrics.adjusted_rand(predicted, gold), _DIGITS),
        "ami": round(metrics.adjusted_mutual_information(predicted, gold), _DIGITS),
        "ceaf_e": round(metrics.ceaf_e(predicted, gold).f1, _DIGITS),
        "stories_predicted": len({predicted[one] for one in gold if one in predicted}),
        "false_merges_per_1000": round(metrics.false_merges(predicted, gold, threads), _DIGITS),
        "pure_share": round(metrics.pure_share(predicted, gold), _DIGITS),
    }


def floors(gold: Partition, threads: Partition) -> dict[str, Any]:
    """What two trivial partitions score: every article alone, and all in one story."""
    trivial: Mapping[str, Partition] = {
        "all_singletons": {one: one for one in gold},
        "all_one": dict.fromkeys(gold, "one"),
    }
    return {
        name: {
            "bcubed": _plain(metrics.bcubed(partition, gold, threads)),
            "pairwise": _plain(metrics.pairwise(partition, gold, threads)),
        }
        for name, partition in trivial.items()
    }


def _plain(score: Score) -> dict[str, float]:
    return {
        "precision": round(score.precision, _DIGITS),
        "recall": round(score.recall, _DIGITS),
        "f1": round(score.f1, _DIGITS),
    }
