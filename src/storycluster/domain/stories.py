"""What is a story?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from storycluster.domain.articles import Relation, TimePrecision


class StoryState(StrEnum):
    """`open` takes articles, `locked` only verified copies of its own; a `merged` story only
    redirects, a `closed` one has no article left."""

    OPEN = "open"
    LOCKED = "locked"
    MERGED = "merged"
    CLOSED = "closed"

    @property
    def live(self) -> bool:
        """Whether the story has articles."""
        return self in (StoryState.OPEN, StoryState.LOCKED)


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

    Only a live one has a title, its canonical's, and a canonical.

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
class StoryFilter:
    """Which stories are asked for: those with a member published from `published_after` on, one
    before `published_before`, one of `source`, and at least so many members. Stories of unknown
    time are left out where a time is asked for."""

    min_article_count: int = 1
    include_merged: bool = False
    published_after: datetime | None = None
    published_before: datetime | None = None
    source: str = ""


@dataclass(frozen=True, slots=True)
class StoryHit:
    """A story that a search found; `similarity` (0..1) is that of `article_id`, its member that is
    most like what was asked."""

    story: Story
    similarity: float
    article_id: str
