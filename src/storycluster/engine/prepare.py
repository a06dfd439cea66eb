"""What must be known of an article before it can be placed?

Stage 1 of ingest: validate, parse, fingerprint, embed. Pure CPU work without a lock, for many
articles at once, so that a server can run it beside the writer.
"""

from __future__ import annotations

import dataclasses
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

import numpy as np

from storycluster import fingerprint
from storycluster.document import Document, parse
from storycluster.domain import Article, Provenance, TimePrecision
from storycluster.embedding import embedding_text
from storycluster.engine.roundups import is_roundup
from storycluster.errors import FieldViolation, InvalidInput, StoryClusterError
from storycluster.features import Features, Float32, Terms
from storycluster.furniture import bare_title
from storycluster.learned_furniture import LineCounts, outlet_of
from storycluster.ports import Encoder
from storycluster.settings import LAST_REVISION, Limits, Settings
from storycluster.signals import canceled
from storycluster.text import name_spans, normalise, shingle_units, words

_NUMBER = re.compile(r"\d[\d.,]*\d|\d")
_EARLIEST_YEAR, _LATEST_YEAR = 1600, 9000
_CHAR_GRAM = 4
_CHAR_WORDS = 40
_SUBSTANCE = 5


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """One article, ready for the writer: everything but its place.

    `received` is the article as the client gave it, to prepare it again from.
    """

    received: Article
    article: Article
    digest: str
    publish_provenance: Provenance
    document: Document
    features: Features
    band_keys: tuple[int, ...]

    @property
    def headline(self) -> str:
        """The title, or the first sentence where there is none."""
        return _headline(self.document)


def headline(article: Article, settings: Settings) -> str:
    """The title of an article, or its first sentence where there is none."""
    return article.title if words(article.title) else _headline(parsed(article, settings))


def _headline(document: Document) -> str:
    if document.title or not document.sentences:
        return document.title
    return document.sentence_text(0)


def _nothing_learned(_outlet: int) -> frozenset[int]:
    return frozenset()


def prepare(
    articles: Sequence[Article],
    encoder: Encoder,
    settings: Settings,
    *,
    learned: Callable[[int], frozenset[int]] = _nothing_learned,
) -> list[Prepared | StoryClusterError]:
    """One entry for each article, in order: prepared, or the reason it is refused.

    `learned` gives the lines known as furniture of an outlet. `document.learned` says which of
    them the article holds; the answer depends on those alone.
    """
    checked = [validate(article, settings.limits) for article in articles]
    accepted = [
        (place, article, parsed(article, settings, learned=learned))
        for place, (article, problem) in enumerate(zip(articles, checked, strict=True))
        if problem is None
    ]
    texts = [embedded_text(document, article.source, settings) for _, article, document in accepted]
    vectors = encoder.encode(texts)
    outcome: list[Prepared | StoryClusterError | None] = list(checked)
    for (place, article, document), vector in zip(accepted, vectors, strict=True):
        outcome[place] = _assemble(article, document, vector, settings)
    return [one for one in outcome if one is not None]


def embedded_text(document: Document, source: str, settings: Settings) -> str:
    """What of a parsed article of a source its vector is made of."""
    title, words_of_lead = bare_title(document.title, source), settings.text.embedded_words
    return embedding_text(title, document.prose(), lead_words=words_of_lead)


def parsed(
    article: Article,
    settings: Settings,
    *,
    learned: Callable[[int], frozenset[int]] = _nothing_learned,
) -> Document:
    """The article parsed, with what is `learned` of its outlet masked as furniture."""
    return parse(
        article,
        settings.text,
        known_furniture=learned(outlet_of(article.source, article.url)),
        counted=settings.furniture,
    )


PrepareAgain = Callable[[Article, frozenset[int]], Prepared]
"""(article as received, lines known as furniture of its source) -> prepared."""


def settled(prepared: Prepared, furniture: LineCounts, prepare_again: PrepareAgain) -> Prepared:
    """The article with exactly those lines masked that are furniture of its source by now.

    It may have been prepared before an article ahead of it taught something; preparing it again
    makes the answer the same however many articles were prepared at once.
    """
    known = furniture.learned(prepared.features.outlet)
    if not known and not prepared.document.learned:
        return prepared
    wanted = known.intersection(prepared.features.lines.tolist())
    if wanted == prepared.document.learned:
        return prepared
    return prepare_again(prepared.received, wanted)


def validate(article: Article, limits: Limits) -> InvalidInput | None:
    """Everything wrong with an article, each by field; None where nothing is."""
    found = [
        *_text_violations(article, limits),
        *_list_violations(article, limits),
        *_value_violations(article),
    ]
    return InvalidInput(violations=found) if found else None


def _text_violations(article: Article, limits: Limits) -> list[FieldViolation]:
    bounds = {
        "article_id": limits.id_bytes,
        "title": limits.title_bytes,
        "text": limits.text_bytes,
        "source": limits.field_bytes,
        "url": limits.field_bytes,
        "language": 16,
        "credit": limits.field_bytes,
    }
    found = []
    for name, bound in bounds.items():
        problem = text_problem(getattr(article, name), bound)
        if problem:
            found.append(FieldViolation(name, problem))
    if not article.article_id.strip():
        found.append(FieldViolation("article_id", "must not be empty"))
    silent = not words(article.title) and not words(article.text)
    if not found and silent and not canceled(article):
        found.append(FieldViolation("text", "title and text hold no word"))
    return found


def text_problem(value: str, limit_bytes: int) -> str:
    """Why a string is refused: too long, NUL, or not valid Unicode; "" where it is fine."""
    if len(value) > limit_bytes:
        return f"is longer than {limit_bytes} bytes"
    if "\x00" in value:
        return f"holds a NUL character at {value.index(chr(0))}"
    try:
        size = len(value.encode())
    except UnicodeEncodeError as error:
        return f"is not valid Unicode at {error.start} (a lone surrogate)"
    return f"is {size} bytes, the limit is {limit_bytes}" if size > limit_bytes else ""


def _list_violations(article: Article, limits: Limits) -> list[FieldViolation]:
    found = []
    if len(article.authors) > limits.authors:
        found.append(FieldViolation("authors", f"holds more than {limits.authors} entries"))
    if len(article.extras) > limits.extras:
        found.append(FieldViolation("extras", f"holds more than {limits.extras} entries"))
    named = [(f"authors[{i}]", author) for i, author in enumerate(article.authors)]
    for key, value in article.extras.items():
        named += [(f"extras[{key[:40]!r}]", key), (f"extras[{key[:40]!r}]", value)]
    for name, value in named:
        problem = text_problem(value, limits.field_bytes)
        if problem:
            found.append(FieldViolation(name, problem))
    return found


def _value_violations(article: Article) -> list[FieldViolation]:
    found = []
    if not 0 <= article.revision <= LAST_REVISION:
        found.append(FieldViolation("revision", f"must be from 0 to {LAST_REVISION}"))
    times = {"publish_time": article.publish_time, "embargo_time": article.embargo_time}
    for name, moment in times.items():
        if moment is not None and moment.tzinfo is None:
            found.append(FieldViolation(name, "must carry a time zone"))
        elif moment is not None and not _EARLIEST_YEAR <= moment.year <= _LATEST_YEAR:
            told = f"year {moment.year} is not in {_EARLIEST_YEAR}..{_LATEST_YEAR}"
            found.append(FieldViolation(name, told))
    return found


def _assemble(
    received: Article, document: Document, vector: Float32, settings: Settings
) -> Prepared:
    features = dataclasses.replace(
        measure_document(document, vector, settings, source=received.source),
        lines=np.unique(np.array([line for _, _, line in document.lines], dtype=np.uint32)),
        outlet=outlet_of(received.source, received.url),
    )
    article, provenance = with_stated_time(received, document)
    keys = fingerprint.band_keys(features.shingles, features.signature, settings.fingerprint)
    return Prepared(
        received=received,
        article=article,
        digest=article.digest(),
        publish_provenance=provenance,
        document=document,
        features=features,
        band_keys=tuple(keys),
    )


def with_stated_time(article: Article, document: Document) -> tuple[Article, Provenance]:
    """The article with the publish time that its text states, where the client gave none."""
    if article.publish_time is not None:
        unknown = article.publish_precision is TimePrecision.UNKNOWN
        given = dataclasses.replace(
            article,
            publish_time=article.publish_time.astimezone(UTC),
            publish_precision=TimePrecision.EXACT if unknown else article.publish_precision,
        )
        return given, Provenance.GIVEN
    stated: datetime | None = document.stated.publish_time
    if stated is None or not _EARLIEST_YEAR <= stated.year <= _LATEST_YEAR:
        return article, Provenance.GIVEN
    dated = dataclasses.replace(
        article, publish_time=stated, publish_precision=document.stated.publish_precision
    )
    return dated, Provenance.EXTRACTED


def measure_document(
    document: Document, vector: Float32, settings: Settings, *, source: str = ""
) -> Features:
    """The features of a parsed article of a source; `vector` (d,) is its embedding."""
    prose, title = document.prose(), bare_title(document.title, source)
    headline = title or (document.sentence_text(0) if document.sentences else "")
    title_words, prose_words = words(headline), words(prose)
    body = prose_words if not title else title_words + prose_words
    lead = body[: len(title_words) + settings.text.lead_words]
    units, spaceless = shingle_units(prose)
    if len(units) < settings.fingerprint.min_units:  # "More to follow." under two headlines
        units, spaceless = shingle_units(f"{title}\n{prose}")
    shingle_set = fingerprint.shingles(units, spaceless=spaceless, settings=settings.fingerprint)
    opening = " ".join(lead[:_CHAR_WORDS])
    views = {
        "title": title_words,
        "lead": lead,
        "body": body,
        "names": _names(title, prose),
        "chars": [opening[i : i + _CHAR_GRAM] for i in range(len(opening) - _CHAR_GRAM + 1)],
        "numbers": [match.group() for match in _NUMBER.finditer(" ".join(lead))],
    }
    return Features(
        signature=fingerprint.signature(shingle_set, settings.fingerprint),
        shingles=shingle_set,
        embedding=vector,
        views={name: Terms.of(terms) for name, terms in views.items()},
        topic=Terms.of({word for word in title_words if len(word) >= _SUBSTANCE}).ids,
        language=document.language,
        prose_words=len(prose_words),
        titled=bool(title),
        hosted=document.stated.is_hosted_copy,
        roundup=is_roundup(document, settings.guards),
        stub=len(prose_words) < settings.guards.brief_words and is_stub(words(title), prose_words),
    )


def is_stub(title: Sequence[str], prose: Sequence[str]) -> bool:
    """Whether no word of substance (five letters or more) of a headline occurs in the text."""
    named = {word for word in title if len(word) >= _SUBSTANCE}
    return bool(named) and named.isdisjoint(prose)


def _names(title: str, prose: str) -> list[str]:
    """Capitalised runs and the words in them, normalised, as often as they occur."""
    found: list[str] = []
    for part in (title, prose):
        for start, end in name_spans(part):
            name = normalise(part[start:end])
            parts = words(name)
            found.append(name)
            if len(parts) > 1:
                found += parts
    return found
