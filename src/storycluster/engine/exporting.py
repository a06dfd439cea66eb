"""What is written down of a collection, so that another store can take it whole?

Rows as they are stored, with their features: recomputed ones would depend on the furniture that was
known when each article came. So the imported collection has the same index, and decides equally.
"""

from __future__ import annotations

import base64
import dataclasses
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from typing import TypeVar

from storycluster.domain import Constraint, ConstraintKind, HeldArticle, Tombstone
from storycluster.engine.feed import IMPORTED
from storycluster.exchange import (
    FORMAT,
    VERSION,
    ArticleRecord,
    CollectionRecord,
    Header,
    HeldRecord,
    Line,
    Mark,
    Record,
    StreamPosition,
    end_of,
    line_of,
)
from storycluster.features import Features, pack
from storycluster.ports import Reader, Scheme

T = TypeVar("T")

_CHUNK = 250


def export_lines(
    reader: Reader,
    collection: str,
    *,
    scheme: Scheme,
    now: datetime,
    with_withdrawn: bool,
    with_held: bool,
) -> Iterator[Line]:
    """The lines of a whole collection, from one snapshot; of equal collections they differ in the
    header alone.

    A withdrawn article is left out but for its tombstone, which then says that it is erased: it
    cannot come back where its text is not. `with_withdrawn`: it is whole. `with_held`: with what is
    held until its minute.
    """
    header = Header(
        format=FORMAT,
        version=VERSION,
        collection=collection,
        export_time=now,
        encoder_id=scheme.encoder_id,
        dimensions=scheme.dimensions,
        fingerprint=scheme.fingerprint,
        features=scheme.features,
        with_withdrawn=with_withdrawn,
    )
    yield line_of(header)
    records = _records(reader, collection, with_withdrawn=with_withdrawn, with_held=with_held)
    yield from end_of(map(line_of, records))


def _records(
    reader: Reader, collection: str, *, with_withdrawn: bool, with_held: bool
) -> Iterator[Record]:
    revision, settings = reader.settings(collection)
    yield CollectionRecord(reader.last_sequence(collection), revision, settings)
    yield from stories_ascending(reader, collection)
    left = reader.tombstones(collection)
    hidden = frozenset() if with_withdrawn else frozenset(one.article_id for one in left)
    yield from _articles(reader, collection, hidden)
    yield from (_left_of(one, with_withdrawn) for one in left)
    for constraint in reader.constraints(collection):
        if not hidden.intersection(_articles_of(constraint)):
            yield constraint
    yield from _overrides(reader, collection)
    yield from _audit(reader, collection)
    yield from reader.promotions(collection)
    for held in reader.held(collection) if with_held else ():
        if with_withdrawn or held.withdrawn is None:
            yield _held(reader, collection, held)
    for stream_id, position in reader.stream_positions(collection).items():
        yield StreamPosition(stream_id, position)
    for name, sequence in reader.marks(collection).items():
        if name != IMPORTED:
            yield Mark(name, sequence)


def _left_of(tombstone: Tombstone, with_withdrawn: bool) -> Tombstone:
    return tombstone if with_withdrawn else dataclasses.replace(tombstone, erased=True)


def _articles_of(constraint: Constraint) -> set[str]:
    """The articles that something is said of."""
    if constraint.kind is ConstraintKind.LOCK:
        return set()
    return {constraint.subject, constraint.other}


def stories_ascending(reader: Reader, collection: str) -> Iterator[Record]:
    """Every story, merged and closed ones too, as they began."""

    def page(limit: int, before: int | None) -> Sequence[tuple[int, Record]]:
        return reader.stories(
            collection, limit=limit, before=before, min_article_count=0, include_merged=True
        )

    return _ascending(page)


def _overrides(reader: Reader, collection: str) -> Iterator[Record]:
    def page(limit: int, before: int | None) -> Sequence[tuple[int, Record]]:
        found = reader.overrides(collection, limit=limit, before=before)
        return [(one.sequence, one) for one in found]

    return _ascending(page)


def _ascending(
    page: Callable[[int, int | None], Sequence[tuple[int, Record]]],
) -> Iterator[Record]:
    """What is numbered without a gap from 1 and listed newest first, in the other order."""
    newest = page(1, None)
    last = newest[0][0] if newest else 0
    for first in range(1, last + 1, _CHUNK):
        before = min(first + _CHUNK, last + 1)
        for _, one in reversed(page(before - first, before)):
            yield one


def _articles(reader: Reader, collection: str, hidden: frozenset[str]) -> Iterator[Record]:
    """Every decision in the order made; each revision stands where its first one was made."""
    after = seen = 0
    while page := reader.history(collection, after=after, limit=_CHUNK):
        for number, sequence, assignment in page:
            after = number
            if sequence <= seen:
                if assignment.article_id not in hidden:
                    yield assignment
                continue
            seen = sequence
            if assignment.article_id not in hidden:
                yield _added(reader, collection, sequence)


def _added(reader: Reader, collection: str, sequence: int) -> ArticleRecord:
    found = reader.added(collection, sequence)
    assert found is not None  # its assignment is there, in the same snapshot
    stored, features = found
    return ArticleRecord(
        sequence=sequence,
        digest=stored.digest,
        ingest_time=stored.ingest_time,
        publish_provenance=stored.publish_provenance,
        latest=stored.latest,
        article=stored.article,
        assignment=stored.assignment,
        features=_written(features),
    )


def _held(reader: Reader, collection: str, held: HeldArticle) -> HeldRecord:
    features = reader.held_features(collection, held.number)
    return HeldRecord(held, "" if features is None else _written(features))


def _written(features: Features) -> str:
    return base64.b64encode(pack(features)).decode()


def _audit(reader: Reader, collection: str) -> Iterator[Record]:
    after = 0
    while page := reader.audit(collection, after=after, limit=_CHUNK):
        yield from page
        after = page[-1].event.sequence
