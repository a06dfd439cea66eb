"""How are two articles compared?

Gives the pure comparison what it needs from outside: sentence embeddings, and the note on languages
that are not compared.
"""

from __future__ import annotations

from dataclasses import replace

from storycluster.alignment import Float32
from storycluster.difference import comparable, compare
from storycluster.document import Document
from storycluster.domain import (
    Aligned,
    Article,
    CollectionSettings,
    Comparison,
    Difference,
    Span,
)
from storycluster.engine.prepare import parsed, validate, with_stated_time
from storycluster.errors import InvalidInput
from storycluster.ports import Encoder
from storycluster.settings import Settings

Parsed = tuple[Article, Document]
"""An article, with the time its text states where none was given, and the article parsed."""


def compare_articles(
    base: Article, other: Article, *, encoder: Encoder, settings: Settings
) -> Comparison:
    """What `other` says differently from `base`, neither being stored anywhere. InvalidInput names
    the article and the field that would be refused."""
    sides = [_read(article, settings) for article in (base, other)]
    return compare_parsed(*sides, encoder=encoder, settings=settings)


def _read(article: Article, settings: Settings) -> Parsed:
    problem = validate(article, settings.limits)
    if problem is not None:
        raise InvalidInput.of(article.article_id, problem.message)
    document = parsed(article, settings)
    dated, _ = with_stated_time(article, document)
    return dated, document


def compare_parsed(
    base: Parsed, other: Parsed, *, encoder: Encoder, settings: Settings
) -> Comparison:
    """What `other` says differently from `base`."""
    (one, left), (two, right) = base, other
    differences: tuple[Difference, ...] = ()
    aligned: tuple[Aligned, ...] = ()
    reason = comparable(left, right)
    if not reason:
        differences, aligned = compare(
            left,
            right,
            settings.difference,
            **_vectors(left, right, encoder),
            base_time=one.publish_time,
            other_time=two.publish_time,
        )
    return Comparison(
        one.article_id,
        two.article_id,
        differences,
        aligned,
        _furniture(left),
        _furniture(right),
        one.revision,
        two.revision,
        reason,
    )


def as_chosen(settings: Settings, chosen: CollectionSettings) -> Settings:
    """The settings as a collection that chose some of its own compares by."""
    aliases = (*settings.difference.aliases, *chosen.aliases)
    return replace(settings, difference=replace(settings.difference, aliases=aliases))


def _vectors(base: Document, other: Document, encoder: Encoder) -> dict[str, Float32]:
    """The sentences of both, embedded in one call; empty where there is none."""
    sentences = [one.sentence_text(i) for one in (base, other) for i in range(len(one.sentences))]
    if not sentences:
        return {}
    vectors, split = encoder.encode(sentences), len(base.sentences)
    return {"base_vectors": vectors[:split], "other_vectors": vectors[split:]}


def _furniture(document: Document) -> tuple[Span, ...]:
    return tuple(
        Span("text", start, end, document.text[start:end]) for start, end, _ in document.furniture
    )
