"""How does a noun become a row, and a row the same noun again?

Bodies and features carry an xxh64 seeded with their row id, checked on every read: SQLite's own
integrity check does not see a flipped bit inside a payload, nor a payload under another id.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

import xxhash
import zstandard

from storycluster.backends.checks import microseconds, moment
from storycluster.backends.embedded.session import Row
from storycluster.backends.embedded.statements import ORDINAL_BITS
from storycluster.domain import (
    Article,
    Assignment,
    AuditEntry,
    Canonical,
    Event,
    EventKind,
    Evidence,
    Member,
    Provenance,
    Relation,
    RunnerUp,
    StoredArticle,
    Story,
    StoryState,
    TimePrecision,
)
from storycluster.errors import StoreCorrupt
from storycluster.features import Features, unpack
from storycluster.ports import IndexRow

ORDINAL_MASK = (1 << ORDINAL_BITS) - 1
# zstd level 3: 4,096 -> 2,069 bytes at 30 microseconds; higher levels gain under 5 %.
_ZSTD_LEVEL = 3
_JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"))


def row_id(collection: int, ordinal: int) -> int:
    """The row id of the ordinal-th article, story or event of a collection."""
    return (collection << ORDINAL_BITS) + ordinal


def ordinal_of(row: int) -> int:
    """The inverse: article sequence, story number or event sequence."""
    return row & ORDINAL_MASK


def optional_microseconds(time: datetime | None) -> int | None:
    """As `microseconds`, None for None."""
    return None if time is None else microseconds(time)


def optional_moment(value: int | None) -> datetime | None:
    """As `moment`, None for None."""
    return None if value is None else moment(value)


def signed(key: int) -> int:
    """The int64 with the bits of a uint64."""
    return int(key) - (1 << 64) if key >= 1 << 63 else int(key)


def pack_bands(keys: Iterable[int]) -> bytes:
    """Signed keys as little-endian int64."""
    listed = list(keys)
    return struct.pack(f"<{len(listed)}q", *listed)


def unpack_bands(data: bytes) -> tuple[int, ...]:
    """The inverse of `pack_bands`."""
    return struct.unpack(f"<{len(data) // 8}q", data)


def checksum(data: bytes, row: int) -> int:
    """xxh64 of `data` seeded with its row id, as int64."""
    return signed(xxhash.xxh64_intdigest(data, seed=row))


def checked(data: bytes, row: int, *, stated: int, what: str) -> bytes:
    """`data` itself. Raises StoreCorrupt where it is not what was written."""
    if checksum(data, row) != stated:
        raise StoreCorrupt(f"{what} of article sequence {ordinal_of(row)} fails its checksum")
    return data


def text_of(value: Any) -> str:
    """JSON, characters kept as they are."""
    return _JSON.encode(value)


def pack_article(article: Article) -> bytes:
    """The whole article: zstd over one JSON object in UTF-8. UnicodeEncodeError: lone surrogate."""
    return compressed(plain_article(article))


def compressed(plain: Mapping[str, Any]) -> bytes:
    """zstd over one JSON object in UTF-8. UnicodeEncodeError: lone surrogate."""
    return zstandard.ZstdCompressor(level=_ZSTD_LEVEL).compress(text_of(plain).encode())


def decompressed(data: bytes) -> dict[str, Any]:
    """The inverse."""
    plain: dict[str, Any] = json.loads(zstandard.ZstdDecompressor().decompress(data))
    return plain


def plain_article(article: Article) -> dict[str, Any]:
    """An article as JSON holds it."""
    return {
        "article_id": article.article_id,
        "title": article.title,
        "text": article.text,
        "revision": article.revision,
        "source": article.source,
        "url": article.url,
        "language": article.language,
        "authors": list(article.authors),
        "credit": article.credit,
        "publish_time": optional_microseconds(article.publish_time),
        "publish_precision": article.publish_precision.value,
        "extras": dict(article.extras),
        "embargo_time": optional_microseconds(article.embargo_time),
    }


def unpack_article(data: bytes) -> Article:
    """The inverse of `pack_article`."""
    return article_of(decompressed(data))


def article_of(plain: dict[str, Any]) -> Article:
    """The inverse of `plain_article`; articles of schema 3 and earlier have no embargo."""
    plain["authors"] = tuple(plain["authors"])
    plain["embargo_time"] = optional_moment(plain.get("embargo_time"))
    plain["publish_time"] = optional_moment(plain["publish_time"])
    plain["publish_precision"] = TimePrecision(plain["publish_precision"])
    return Article(**plain)


def assignment_values(row: int, assignment: Assignment) -> Sequence[Any]:
    """Values of ADD_ASSIGNMENT for the revision with that row id."""
    runners_up = [
        [one.story_id, float(one.score), one.reason, _plain_evidence(one.evidence)]
        for one in assignment.runners_up
    ]
    return (
        row,
        assignment.story_id,
        assignment.relation.value,
        float(assignment.confidence),
        assignment.sequence,
        assignment.copy_of,
        assignment.reprint_group,
        assignment.previous_story_id,
        text_of(_plain_evidence(assignment.evidence)),
        text_of(runners_up),
        assignment.settings_digest,
        assignment.encoder_id,
        assignment.model,
    )


def _plain_evidence(evidence: Iterable[Evidence]) -> list[list[Any]]:
    """One list each, in the order of its fields; fields of a later release follow at the end."""
    return [
        [
            one.kind,
            float(one.value),
            float(one.threshold),
            bool(one.passed),
            one.article_id,
            float(one.weight),
        ]
        for one in evidence
    ]


def _evidence_of(plain: Iterable[Sequence[Any]]) -> tuple[Evidence, ...]:
    """The inverse; rows of schema 1 end before the weight."""
    return tuple(Evidence(*one) for one in plain)


def _runners_up_of(plain: Iterable[Sequence[Any]]) -> tuple[RunnerUp, ...]:
    """As they were stored; rows of schema 1 have no evidence."""
    return tuple(RunnerUp(*one[:3], *map(_evidence_of, one[3:])) for one in plain)


def assignment_of(row: Row) -> Assignment:
    """From article_id, revision and then the columns of the table from story_id on."""
    return Assignment(
        article_id=row[0],
        revision=row[1],
        story_id=row[2],
        relation=Relation(row[3]),
        confidence=row[4],
        sequence=row[5],
        copy_of=row[6],
        reprint_group=row[7],
        previous_story_id=row[8],
        evidence=_evidence_of(json.loads(row[9])),
        runners_up=_runners_up_of(json.loads(row[10])),
        settings_digest=row[11],
        encoder_id=row[12],
        model=row[13],
    )


def stored_article_of(row: Row) -> StoredArticle:
    """From the columns of REVISIONS."""
    identity, digest, ingest_time, provenance, latest, stated, data = row[:7]
    return StoredArticle(
        article=unpack_article(checked(data, identity, stated=stated, what="the text")),
        digest=digest,
        sequence=ordinal_of(identity),
        ingest_time=moment(ingest_time),
        assignment=assignment_of(row[7:]),
        publish_provenance=Provenance(provenance),
        latest=latest == ordinal_of(identity),
    )


def added_of(row: Row) -> tuple[StoredArticle, Features]:
    """From the columns of ADDED."""
    data = checked(row[-1], row[0], stated=row[-2], what="the features")
    return stored_article_of(row[:-2]), unpack(data)


def index_row_of(row: Row) -> IndexRow:
    """From the columns of INDEX_ROWS."""
    data = checked(row[10], row[0], stated=row[9], what="the features")
    return IndexRow(
        sequence=ordinal_of(row[0]),
        article_id=row[1],
        revision=row[2],
        digest=row[3],
        story_id=row[4],
        reprint_group=row[5],
        source=row[6],
        publish_time=optional_moment(row[7]),
        publish_precision=TimePrecision(row[11]),
        ingest_time=moment(row[8]),
        features=unpack(data),
    )


def member_of(row: Row) -> Member:
    """From the columns of MEMBERS; `sequence` is that of the article's first arrival."""
    return Member(
        article_id=row[0],
        revision=row[1],
        relation=Relation(row[2]),
        reprint_group=row[3],
        source=row[4],
        title=row[5],
        sequence=row[6],
        publish_time=optional_moment(row[7]),
        publish_precision=TimePrecision(row[8]),
    )


def story_values(row: int, collection: int, story: Story) -> Sequence[Any]:
    """Values of PUT_STORY."""
    chosen = story.canonical
    return (
        row,
        collection,
        story.story_id,
        story.state.value,
        story.title,
        story.article_count,
        story.unique_count,
        story.reprint_count,
        story.source_count,
        story.revision,
        microseconds(story.create_time),
        microseconds(story.update_time),
        text_of([chosen.article_id, chosen.policy, chosen.reason]) if chosen else None,
        optional_microseconds(story.first_publish_time),
        optional_microseconds(story.last_publish_time),
        story.merged_into_story_id,
    )


def story_of(row: Row) -> Story:
    """From the columns of the table."""
    return Story(
        story_id=row[2],
        state=StoryState(row[3]),
        title=row[4],
        article_count=row[5],
        unique_count=row[6],
        reprint_count=row[7],
        source_count=row[8],
        revision=row[9],
        create_time=moment(row[10]),
        update_time=moment(row[11]),
        canonical=Canonical(*json.loads(row[12])) if row[12] is not None else None,
        first_publish_time=optional_moment(row[13]),
        last_publish_time=optional_moment(row[14]),
        merged_into_story_id=row[15],
    )


def event_of(row: Row) -> Event:
    """From the columns of EVENTS."""
    detail: Mapping[str, str] = json.loads(row[5])
    return Event(
        sequence=ordinal_of(row[0]),
        kind=EventKind(row[1]),
        time=moment(row[2]),
        story_id=row[3],
        article_id=row[4],
        detail=detail,
    )


def audit_entry_of(row: Row) -> AuditEntry:
    """From the columns of AUDIT."""
    return AuditEntry(
        event=event_of(row[:6]),
        actor=row[6],
        reason=row[7],
        before=json.loads(row[8]),
        after=json.loads(row[9]),
    )
