"""What does one article say otherwise than another?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


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
