"""What are the nouns of a story's facts?

Plain frozen data like `domain`, for the same callers.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storycluster.domain import Span, TimePrecision


class FactKind(StrEnum):
    """What kind of thing a row of the fact grid is: a number with what it counts, a date, a quote,
    a name or a source that is given otherwise, or a whole statement."""

    NUMBER = "number"
    DATE = "date"
    QUOTE = "quote"
    NAME = "name"
    SOURCE = "source"
    STATEMENT = "statement"


@dataclass(frozen=True, slots=True)
class FactCell:
    """How one article states a fact: where, and the normalised value in words. `conflict`: it
    cannot hold beside what the canonical states."""

    article_id: str
    source: str
    span: Span
    value: str
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class Fact:
    """One row of the fact grid: at most one cell for each reprint group, the canonical's first,
    then by arrival. `value` is that of the first cell; `conflict` where a cell has it."""

    kind: FactKind
    value: str
    cells: tuple[FactCell, ...]
    conflict: bool = False


@dataclass(frozen=True, slots=True)
class FirstStated:
    """When a fact became known, and from which article first. `fact` is its place in
    `StoryFacts.facts`, from 0; `value` is as stated in that article."""

    fact: int
    article_id: str
    source: str
    value: str
    publish_time: datetime | None = None
    publish_precision: TimePrecision = TimePrecision.UNKNOWN


@dataclass(frozen=True, slots=True)
class Advisory:
    """What is particular about one article, in one line of at most 120 characters.

    `not_compared` is the reason why nothing is told of it, "" where it was compared.
    """

    article_id: str
    text: str
    not_compared: str = ""


@dataclass(frozen=True, slots=True)
class CopyChanges:
    """What a copy does to the article it is held against, in sentences; `conflicts` counts values
    that cannot both hold. `not_compared` as in `Advisory`."""

    article_id: str
    removed: int = 0
    added: int = 0
    reworded: int = 0
    conflicts: int = 0
    not_compared: str = ""


@dataclass(frozen=True, slots=True)
class ReprintGroup:
    """The article that stands for a reprint group in the fact grid, and its copies by arrival."""

    article_id: str
    copies: tuple[CopyChanges, ...] = ()


@dataclass(frozen=True, slots=True)
class StoryFacts:
    """The facts of a story, who states them, and what is particular about each article.

    `facts`: those in conflict first, then by number of cells, then by place in the canonical.
    `timeline`: one entry for each fact, the earliest first. `advisories`: of every member that was
    looked at but the canonical, by arrival. The three counts tell what the bounds left out.
    `redirected_from` as in `StoryView`.
    """

    story_id: str
    canonical_article_id: str
    facts: tuple[Fact, ...]
    timeline: tuple[FirstStated, ...] = ()
    advisories: tuple[Advisory, ...] = ()
    reprint_groups: tuple[ReprintGroup, ...] = ()
    groups_left_out: int = 0
    copies_left_out: int = 0
    facts_left_out: int = 0
    redirected_from: str = ""
