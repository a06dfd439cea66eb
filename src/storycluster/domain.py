"""What are the nouns of storycluster?

Plain frozen data, without numpy, gRPC or a store, so that the SDK can hand them to anybody.
Times are timezone-aware UTC. Spans are half-open code point offsets into a text as it was received.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Generic, TypeVar

T = TypeVar("T")

DEFAULT_COLLECTION = "default"


class TimePrecision(StrEnum):
    """How much of `publish_time` is known."""

    EXACT = "exact"
    DAY = "day"
    UNKNOWN = "unknown"


class Provenance(StrEnum):
    """Whether the client gave a value or it was read from the text."""

    GIVEN = "given"
    EXTRACTED = "extracted"


class Relation(StrEnum):
    """How an article came to its story."""

    NEW_STORY = "new_story"
    SAME_STORY = "same_story"
    NEAR_COPY = "near_copy"
    EXACT_COPY = "exact_copy"
    REVISION = "revision"


class StoryState(StrEnum):
    """`open` takes articles; a `merged` story only redirects."""

    OPEN = "open"
    MERGED = "merged"


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


class DifferenceType(StrEnum):
    """What kind of thing one article says otherwise than another."""

    HEADLINE_CHANGED = "headline_changed"
    SENTENCE_ADDED = "sentence_added"
    SENTENCE_REMOVED = "sentence_removed"
    SENTENCE_REWORDED = "sentence_reworded"
    SENTENCE_MOVED = "sentence_moved"
    NUMBER_CHANGED = "number_changed"
    DATE_CHANGED = "date_changed"
    QUOTE_CHANGED = "quote_changed"
    NAME_CHANGED = "name_changed"
    ATTRIBUTION_CHANGED = "attribution_changed"
    DETAIL_ADDED = "detail_added"
    DETAIL_REMOVED = "detail_removed"


@dataclass(frozen=True, slots=True)
class Article:
    """One published text as received. `article_id` is the client's own, unique in a collection.

    `revision` 0 means "the next one". `title` or `text` may be empty, not both. `credit` is the
    text credit if known apart ("Reuters"). `extras` keeps unknown input fields, values as JSON.
    """

    article_id: str
    title: str = ""
    text: str = ""
    revision: int = 0
    source: str = ""
    url: str = ""
    language: str = ""
    authors: tuple[str, ...] = ()
    credit: str = ""
    publish_time: datetime | None = None
    publish_precision: TimePrecision = TimePrecision.UNKNOWN
    extras: Mapping[str, str] = field(default_factory=dict)

    def digest(self) -> str:
        """Content digest (32 hex characters) of title and text; equal content gives an equal
        digest."""
        hashed = hashlib.blake2b(digest_size=16)
        for part in (self.title, self.text):
            encoded = part.encode()
            hashed.update(len(encoded).to_bytes(8, "little"))
            hashed.update(encoded)
        return hashed.hexdigest()


@dataclass(frozen=True, slots=True)
class Evidence:
    """One measured reason of a decision: `value` against `threshold`.

    `weight` is what the decision model gives to one unit of it: weight * value is what it adds to
    the log odds of belonging. 0 for evidence that is no measure of the model.
    """

    kind: str
    value: float
    threshold: float
    passed: bool
    article_id: str = ""
    weight: float = 0.0


@dataclass(frozen=True, slots=True)
class RunnerUp:
    """A story that was considered and not taken, why, and what was measured of it."""

    story_id: str
    score: float
    reason: str
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class Assignment:
    """The stored decision for one article revision. Append-only: a later `sequence` supersedes.

    `confidence` is the calibrated probability (0..1) that the outcome is right. `copy_of` names the
    article this is a copy of (relations near_copy, exact_copy), else "". `reprint_group` is the id
    of the original of its reprint group, itself where it is the original. `model` is the name of
    the decision model whose weights the evidence has, "" where none was asked (a revision stays).
    """

    article_id: str
    revision: int
    story_id: str
    relation: Relation
    confidence: float
    sequence: int
    copy_of: str = ""
    reprint_group: str = ""
    previous_story_id: str = ""
    evidence: tuple[Evidence, ...] = ()
    runners_up: tuple[RunnerUp, ...] = ()
    settings_digest: str = ""
    encoder_id: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class StoredArticle:
    """An article as the store holds it, with where it stands now."""

    article: Article
    digest: str
    sequence: int
    ingest_time: datetime
    assignment: Assignment
    publish_provenance: Provenance = Provenance.GIVEN
    latest: bool = True


@dataclass(frozen=True, slots=True)
class Canonical:
    """The article that stands for the story, the policy that chose it and the rule that decided."""

    article_id: str
    policy: str
    reason: str


@dataclass(frozen=True, slots=True)
class Member:
    """One article of a story, without its text."""

    article_id: str
    revision: int
    relation: Relation
    reprint_group: str
    source: str
    title: str
    sequence: int
    publish_time: datetime | None = None
    publish_precision: TimePrecision = TimePrecision.UNKNOWN


@dataclass(frozen=True, slots=True)
class Story:
    """The set of articles about one event. A merged story keeps its id and names its successor.

    `unique_count` counts reprint groups, `reprint_count` the other members:
    article_count == unique_count + reprint_count.
    """

    story_id: str
    state: StoryState
    title: str
    article_count: int
    unique_count: int
    reprint_count: int
    source_count: int
    revision: int
    create_time: datetime
    update_time: datetime
    canonical: Canonical | None = None
    first_publish_time: datetime | None = None
    last_publish_time: datetime | None = None
    merged_into_story_id: str = ""


@dataclass(frozen=True, slots=True)
class StoryView:
    """A story with its members, in order of arrival. `redirected_from` is the id asked for,
    if another."""

    story: Story
    members: tuple[Member, ...]
    redirected_from: str = ""


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of an article: `text` == that article's `field` [start:end]; field is title or
    text."""

    field: str
    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class WordEdit:
    """A run of words that was replaced, half-open in the field of each span; empty on the side
    where it has no counterpart."""

    base_start: int
    base_end: int
    other_start: int
    other_end: int


@dataclass(frozen=True, slots=True)
class Difference:
    """What `other` says otherwise than `base`. A side is None where it has no counterpart.

    `base_value` and `other_value` are normalised values in words ("36 target", "40 kilometre").
    `importance` and `confidence` are 0..1; `conflict` only where both cannot hold. `edits`, in
    order, tell of two wordings of one sentence, quote or headline which words differ.
    """

    type: DifferenceType
    base: Span | None
    other: Span | None
    base_value: str = ""
    other_value: str = ""
    importance: float = 0.5
    confidence: float = 1.0
    conflict: bool = False
    edits: tuple[WordEdit, ...] = ()


@dataclass(frozen=True, slots=True)
class Aligned:
    """A pair of spans that say the same thing; `similarity` 0..1."""

    base: Span
    other: Span
    similarity: float


@dataclass(frozen=True, slots=True)
class Comparison:
    """Everything found between two articles; differences in order of importance, then place."""

    base_article_id: str
    other_article_id: str
    differences: tuple[Difference, ...]
    aligned: tuple[Aligned, ...] = ()
    base_furniture: tuple[Span, ...] = ()
    other_furniture: tuple[Span, ...] = ()
    base_revision: int = 0
    other_revision: int = 0
    not_compared: str = ""


@dataclass(frozen=True, slots=True)
class IngestResult:
    """The answer for one article. `replayed`: it was known already, nothing was added."""

    article_id: str
    assignment: Assignment
    canonical: Canonical
    replayed: bool = False
    story: Story | None = None
    comparison: Comparison | None = None
    revision_comparison: Comparison | None = None


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


@dataclass(frozen=True, slots=True)
class Match:
    """Which story an article would join: nothing is stored. `story_id` is "" for a new story."""

    article_id: str
    story_id: str
    relation: Relation
    confidence: float
    copy_of: str = ""
    evidence: tuple[Evidence, ...] = ()
    runners_up: tuple[RunnerUp, ...] = ()


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
class FurnitureLine:
    """A line or sentence that recurs in the articles of a source and is therefore masked.

    `text` is as it stands in `article_id`; `article_count` of the source's latest articles hold it.
    """

    source: str
    text: str
    article_count: int
    article_id: str


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
