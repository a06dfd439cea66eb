"""What is an article, and what was decided for it?"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


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
    """How an article came to its story. `held`: told of an embargoed one before its minute, and
    nothing else is."""

    NEW_STORY = "new_story"
    SAME_STORY = "same_story"
    NEAR_COPY = "near_copy"
    EXACT_COPY = "exact_copy"
    REVISION = "revision"
    HELD = "held"


@dataclass(frozen=True, slots=True)
class Article:
    """One published text as received. `article_id` is the client's own, unique in a collection.

    `revision` 0 means "the next one". `title` or `text` may be empty, not both. `credit` is the
    text credit if known apart ("Reuters"). Before `embargo_time` only callers with the right see
    it. `extras` keeps unknown input fields, values as JSON.
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
    embargo_time: datetime | None = None

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
    """An article as the store holds it, with where it stands now. `held_until`: its embargo, for
    one that is not public yet, and whose story is the one that it would join."""

    article: Article
    digest: str
    sequence: int
    ingest_time: datetime
    assignment: Assignment
    publish_provenance: Provenance = Provenance.GIVEN
    latest: bool = True
    held_until: datetime | None = None


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
class FurnitureLine:
    """A line or sentence that recurs in the articles of a source and is therefore masked.

    `text` is as it stands in `article_id`; `article_count` of the source's latest articles hold it.
    """

    source: str
    text: str
    article_count: int
    article_id: str


@dataclass(frozen=True, slots=True)
class SimilarArticle:
    """A stored article that is like a text. `similarity` (0..1) is the mean cosine of words and
    meaning, or the overlap of the wording where that is more; `jaccard` and `containment` are of
    the wording alone."""

    article_id: str
    story_id: str
    similarity: float
    jaccard: float
    containment: float
    source: str = ""
