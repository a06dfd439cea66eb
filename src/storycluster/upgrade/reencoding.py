"""How does a written collection become the same one with the vectors of another encoder?

Line by line: the header names the new encoder, each revision gets a new vector, and everything else
is what it was. The text behind a vector is the prose without furniture. Which lines of a source
were known as furniture when an article came is learned again from the records before it; the other
features, made from the same prose, tell whether that is what was known.
"""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import TypeAlias

import numpy as np

from storycluster.document import Document
from storycluster.domain import Article
from storycluster.engine.prepare import embedded_text, measure_document, parsed
from storycluster.exchange import (
    ArticleRecord,
    Header,
    HeldRecord,
    Line,
    Record,
    end_of,
    line_of,
    read_lines,
)
from storycluster.features import Features, pack, unpack
from storycluster.learned_furniture import LineCounts
from storycluster.ports import Encoder
from storycluster.settings import Settings

BATCH = 32
"""Texts encoded at once."""

_Waiting: TypeAlias = "tuple[Record, Features | None, str]"
"""A record, its features, and the text that its vector is made of."""


@dataclass(slots=True, eq=False)
class Reencoder:
    """One collection under way; `tell` hears how many revisions have their vector."""

    encoder: Encoder
    settings: Settings
    tell: Callable[[int], None] = lambda _: None
    done: int = field(default=0, init=False)
    unlike: int = field(default=0, init=False)
    """Revisions whose text could not be masked as it was when they came."""

    def lines(self, lines: Iterable[Line]) -> Iterator[Line]:
        """The lines of the whole collection with this encoder. Raises InvalidInput as `read_lines`
        does."""
        numbered = read_lines(lines)
        _, header = next(numbered)
        assert isinstance(header, Header)  # as read_lines gives it
        encoder, dimensions = self.encoder.encoder_id, self.encoder.dimensions
        yield line_of(dataclasses.replace(header, encoder_id=encoder, dimensions=dimensions))
        yield from end_of(map(line_of, self._records(record for _, record in numbered)))

    def _records(self, records: Iterable[Record]) -> Iterator[Record]:
        furniture = LineCounts(self.settings.furniture)
        waiting: list[_Waiting] = []
        texts = 0
        for record in records:
            waiting.append(self._read(record, furniture))
            texts += waiting[-1][1] is not None
            if texts == BATCH:
                yield from self._made(waiting)
                waiting, texts = [], 0
        yield from self._made(waiting)

    def _read(self, record: Record, furniture: LineCounts) -> _Waiting:
        if isinstance(record, ArticleRecord):
            article = record.article
        elif isinstance(record, HeldRecord) and record.features:
            article = record.held.article
        else:
            return record, None, ""
        features = unpack(base64.b64decode(record.features))
        learned = furniture.learned(features.outlet)
        text, alike = text_behind(article, features, learned, settings=self.settings)
        self.unlike += not alike
        if isinstance(record, ArticleRecord) and record.latest:
            furniture.count(article.article_id, features)
        return record, features, text

    def _made(self, waiting: list[_Waiting]) -> Iterator[Record]:
        """The records, each with its vector."""
        vectors = iter(self.encoder.encode([text for _, has, text in waiting if has is not None]))
        for record, features, _ in waiting:
            if isinstance(record, ArticleRecord | HeldRecord) and features is not None:
                changed = dataclasses.replace(features, embedding=next(vectors))
                written = base64.b64encode(pack(changed)).decode()
                yield dataclasses.replace(record, features=written)
                self.done += 1
            else:
                yield record
        self.tell(self.done)


def text_behind(
    article: Article, features: Features, learned: frozenset[int], *, settings: Settings
) -> tuple[str, bool]:
    """The text whose vector is in the features of an article, and whether its prose is theirs.

    Masked with what is `learned` of its source by then, or else with nothing, whichever gives the
    stored features; where neither does (an article that taught it was erased), the former.
    """
    plain = parsed(article, settings)
    known = learned.intersection(one for _, _, one in plain.lines)
    masked = parsed(article, settings, learned=lambda _: known) if known else plain
    for document in (masked, plain) if known else (plain,):
        if _is_of(document, features, article.source, settings):
            return embedded_text(document, article.source, settings), True
    return embedded_text(masked, article.source, settings), False


def _is_of(document: Document, features: Features, source: str, settings: Settings) -> bool:
    """Whether shingles and words are those that this prose has."""
    made = measure_document(document, features.embedding, settings, source=source)
    same_words = all(
        np.array_equal(made.views[name].ids, features.views[name].ids)
        and np.array_equal(made.views[name].counts, features.views[name].counts)
        for name in ("body", "lead")
    )
    return same_words and np.array_equal(made.shingles, features.shingles)
