"""How well does the decision tell pairs of one story from others?

Each pair is scored as online: `b` arrives when the story has the one member `a`; a verified copy
has at least the confidence of copies. Term weights come from the articles of the file itself.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sklearn.metrics import average_precision_score, roc_auc_score

from storycluster.decision import Model, default_model, score
from storycluster.domain import Article
from storycluster.engine.entry import profile
from storycluster.engine.prepare import Prepared, prepare
from storycluster.errors import InvalidInput
from storycluster.evaluate.labelled import LabelledPair
from storycluster.fingerprint import is_near_copy, overlap
from storycluster.measures import StoryProfile
from storycluster.ports import Encoder
from storycluster.settings import Settings
from storycluster.weighting import DocumentFrequencies


def score_pairs(
    pairs: Sequence[LabelledPair],
    encoder: Encoder,
    *,
    settings: Settings | None = None,
    model: Model | None = None,
) -> dict[str, Any]:
    """{"pairs", "same", "auc", "average_precision"}; InvalidInput where all have one label."""
    labels = [pair.same for pair in pairs]
    if len(set(labels)) < 2:
        raise InvalidInput.of("label", "needs pairs that are the same and pairs that are different")
    chosen, used = settings or Settings(), model or default_model(encoder.encoder_id)
    firsts = _prepared([pair.a for pair in pairs], encoder, chosen)
    seconds = _prepared([pair.b for pair in pairs], encoder, chosen)
    frequencies = DocumentFrequencies(chosen.candidates.decay_days)
    for one in (*firsts, *seconds):
        frequencies.count(one.features, one.features.language, 0)
    found = [
        _probability(a, b, frequencies, model=used, settings=chosen)
        for a, b in zip(firsts, seconds, strict=True)
    ]
    return {
        "pairs": len(pairs),
        "same": sum(labels),
        "auc": round(float(roc_auc_score(labels, found)), 5),
        "average_precision": round(float(average_precision_score(labels, found)), 5),
    }


def _prepared(articles: Sequence[Article], encoder: Encoder, settings: Settings) -> list[Prepared]:
    ready = []
    for article, one in zip(articles, prepare(articles, encoder, settings), strict=True):
        if not isinstance(one, Prepared):
            raise InvalidInput.of(article.article_id, one.message)
        ready.append(one)
    return ready


def _probability(
    a: Prepared, b: Prepared, frequencies: DocumentFrequencies, *, model: Model, settings: Settings
) -> float:
    brief = settings.guards.brief_words
    member, article = (
        profile(one.features, one.article.publish_time, frequencies, brief_words=brief)
        for one in (a, b)
    )
    found = score(article, [StoryProfile("a", [member])], model)[0].probability
    shared = overlap(a.features.shingles, b.features.shingles)
    if is_near_copy(shared, settings.fingerprint):
        return max(found, settings.fingerprint.copy_precision)
    return found
