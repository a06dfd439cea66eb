"""What is told: of an ingest, by the feed, in pages, of the server?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

from storycluster.domain.articles import Assignment
from storycluster.domain.differences import Comparison
from storycluster.domain.stories import Canonical, Story

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class IngestResult:
    """The answer for one article. `replayed`: it was known already, nothing was added. An embargoed
    one is `held_until` its minute: without the right nothing else is told of it, with it the
    assignment says which story it would join."""

    article_id: str
    assignment: Assignment
    canonical: Canonical
    replayed: bool = False
    story: Story | None = None
    comparison: Comparison | None = None
    revision_comparison: Comparison | None = None
    held_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class IngestFailure:
    """One article that was refused; `index` is its place in the input, 0-based."""

    index: int
    article_id: str
    error: Exception


@dataclass(frozen=True, slots=True)
class IngestReport:
    """What a bulk ingest did: `accepted` articles acknowledged, of which `replayed` were known."""

    accepted: int
    replayed: int
    by_relation: Mapping[str, int]
    failures: tuple[IngestFailure, ...]


class EventKind(StrEnum):
    """One row of the change feed says one of these."""

    ARTICLE_INGESTED = "article.ingested"
    ARTICLE_REVISED = "article.revised"
    STORY_CREATED = "story.created"
    STORY_MERGED = "story.merged"
    STORY_SPLIT = "story.split"
    MEMBER_ADDED = "member.added"
    MEMBER_MOVED = "member.moved"
    CANONICAL_CHANGED = "canonical.changed"
    ARTICLE_WITHDRAWN = "article.withdrawn"
    ARTICLE_REINSTATED = "article.reinstated"
    ARTICLE_ERASED = "article.erased"
    MEMBER_REMOVED = "member.removed"
    STORY_CLOSED = "story.closed"
    STORY_REOPENED = "story.reopened"
    OVERRIDE_APPLIED = "override.applied"
    OVERRIDE_BROKEN = "override.broken"
    RECLUSTER_PROMOTED = "recluster.promoted"
    EMBARGO_RELEASED = "embargo.released"
    STORY_UPDATED = "story.updated"
    MEMBER_REGROUPED = "member.regrouped"
    COLLECTION_DELETED = "collection.deleted"
    COLLECTION_IMPORTED = "collection.imported"


@dataclass(frozen=True, slots=True)
class Event:
    """One row of a collection's change feed; `sequence` is gap-free from 1."""

    sequence: int
    kind: EventKind
    time: datetime
    story_id: str = ""
    article_id: str = ""
    detail: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Page(Generic[T]):
    """One page of a list; `next_page_token` is "" on the last."""

    items: tuple[T, ...]
    next_page_token: str = ""


@dataclass(frozen=True, slots=True)
class ServerInfo:
    """What a server is and what it accepts."""

    version: str
    encoder_id: str
    dimensions: int
    fingerprint_scheme: str
    settings_digest: str
    max_batch_articles: int
    max_message_bytes: int
    max_text_bytes: int


@dataclass(frozen=True, slots=True)
class CollectionSettings:
    """How a collection is decided where it is not as the server is configured; "" and () mean the
    server's own. `aliases` are groups of names of one person, place or organisation each, beside
    those that ship and the server's."""

    canonical_policy: str = ""
    source_rank: tuple[str, ...] = ()
    aliases: tuple[tuple[str, ...], ...] = ()


@dataclass(frozen=True, slots=True)
class CollectionInfo:
    """A collection: what it holds, by name, and its settings, with how often they were set."""

    collection: str
    counts: Mapping[str, int]
    settings: CollectionSettings
    settings_revision: int = 0
