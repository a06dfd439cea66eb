"""Which records does a written collection have, and what does each hold?

In this order: header, collection, the stories as they began, the articles with every decision in
the order made, tombstones, constraints, overrides, the audit, promotions, what is held, streams,
marks, end.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from storycluster.domain import (
    Article,
    Assignment,
    AuditEntry,
    CollectionSettings,
    Constraint,
    HeldArticle,
    Override,
    Promotion,
    Provenance,
    Story,
    Tombstone,
)

FORMAT = "storycluster.collection"
VERSION = 1


@dataclass(frozen=True, slots=True)
class Header:
    """Where the collection comes from. The scheme is that of the features: an engine with another
    one would decide otherwise, and refuses it. `with_withdrawn`: withdrawn articles are whole."""

    format: str
    version: int
    collection: str
    export_time: datetime
    encoder_id: str
    dimensions: int
    fingerprint: str
    features: str
    with_withdrawn: bool


@dataclass(frozen=True, slots=True)
class CollectionRecord:
    """What is true of the whole. Sequences up to the last one that no article has were erased."""

    last_sequence: int
    settings_revision: int
    settings: CollectionSettings


@dataclass(frozen=True, slots=True)
class ArticleRecord:
    """One revision as it was added, with its first decision. `latest`: it was its article's latest
    when it arrived. `features` is base64 of `storycluster.features.pack`."""

    sequence: int
    digest: str
    ingest_time: datetime
    publish_provenance: Provenance
    latest: bool
    article: Article
    assignment: Assignment
    features: str


@dataclass(frozen=True, slots=True)
class HeldRecord:
    """What is held until its minute; `features` as of an ArticleRecord, "" where it has none. Such
    records are in a file that a caller with the right had written."""

    held: HeldArticle
    features: str


@dataclass(frozen=True, slots=True)
class StreamPosition:
    """How far an ingest stream has come."""

    stream_id: str
    position: int


@dataclass(frozen=True, slots=True)
class Mark:
    """How far a work has come that goes through the articles, or the feed, in order."""

    name: str
    sequence: int


@dataclass(frozen=True, slots=True)
class End:
    """Nothing follows: how many records there were between the header and this one, and the
    BLAKE2b digest (32 hex characters) of their lines."""

    records: int
    digest: str


Record = (
    Header
    | CollectionRecord
    | Story
    | ArticleRecord
    | Assignment
    | Tombstone
    | Constraint
    | Override
    | AuditEntry
    | Promotion
    | HeldRecord
    | StreamPosition
    | Mark
    | End
)

KINDS: Mapping[str, type[Record]] = {
    "header": Header,
    "collection": CollectionRecord,
    "story": Story,
    "article": ArticleRecord,
    "assignment": Assignment,
    "tombstone": Tombstone,
    "constraint": Constraint,
    "override": Override,
    "event": AuditEntry,
    "promotion": Promotion,
    "held": HeldRecord,
    "stream": StreamPosition,
    "mark": Mark,
    "end": End,
}
NAMES: Mapping[type[Record], str] = {kind: name for name, kind in KINDS.items()}

# Stages of the file; articles and the decisions that follow them are one.
STAGES: Mapping[type[Record], int] = {
    kind: place - (kind is Assignment) for place, kind in enumerate(KINDS.values())
}
