"""How are two articles compared?

Gives the pure comparison what it needs from outside: sentence embeddings, and the note on languages
that are not compared.
"""

from __future__ import annotations

import dataclasses
from datetime import datetime

from storycluster.difference import comparable, compare
from storycluster.document import Document
from storycluster.domain import Article, Comparison, Span
from storycluster.engine.prepare import Prepared, prepare
from storycluster.errors import InvalidInput
from storycluster.ports import Encoder
from storycluster.settings import DifferenceSettings, Settings


def compare_articles(
    base: Article, other: Article, *, encoder: Encoder, settings: Settings
) -> Comparison:
    """What `other` says differently from `base`, neither being stored anywhere. InvalidInput names
    the article and the field that would be refused."""
    sides = []
    for article in (base, other):
        [one] = prepare([article], encoder, settings)
        if not isinstance(one, Prepared):
            raise InvalidInput.of(article.article_id, one.message)
        sides.append(one)
    found = compare_documents(
        *(one.document for one in sides),
        encoder=encoder,
        settings=settings.difference,
        base_time=sides[0].article.publish_time,
        other_time=sides[1].article.publish_time,
    )
    return dataclasses.replace(
        found,
        base_article_id=base.article_id,
        other_article_id=other.article_id,
        base_revision=base.revision,
        other_revision=other.revision,
    )


def compare_documents(
    base: Document,
    other: Document,
    *,
    encoder: Encoder,
    settings: DifferenceSettings,
    base_time: datetime | None = None,
    other_time: datetime | None = None,
) -> Comparison:
    """What `other` says differently from `base`. Article ids and revisions are left empty."""
    reason = comparable(base, other)
    furniture = (_furniture(base), _furniture(other))
    if reason:
        return Comparison("", "", (), (), *furniture, not_compared=reason)
    sentences = [base.sentence_text(i) for i in range(len(base.sentences))]
    sentences += [other.sentence_text(i) for i in range(len(other.sentences))]
    vectors = encoder.encode(sentences) if sentences else None
    split = len(base.sentences)
    differences, aligned = compare(
        base,
        other,
        settings,
        base_vectors=None if vectors is None else vectors[:split],
        other_vectors=None if vectors is None else vectors[split:],
        base_time=base_time,
        other_time=other_time,
    )
    return Comparison("", "", tuple(differences), tuple(aligned), *furniture)


def _furniture(document: Document) -> tuple[Span, ...]:
    return tuple(
        Span("text", start, end, document.text[start:end]) for start, end, _ in document.furniture
    )
