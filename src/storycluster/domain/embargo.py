"""What is held back until its minute, and who may see it before?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime

from storycluster.domain.articles import Article, Assignment, Provenance
from storycluster.domain.editing import Tombstone


@dataclass(frozen=True, slots=True)
class Rights:
    """What a caller may beside what everybody may. `embargo`: see what is held and speak for it."""

    embargo: bool = False


NO_END = datetime(9000, 1, 1, tzinfo=UTC)
"""The embargo time of an article that is held until another revision lifts its embargo."""

PUBLIC = Rights()
"""Everybody's rights."""


@dataclass(frozen=True, slots=True)
class HeldArticle:
    """A revision that nobody but callers with the right sees before `release_time`.

    `number` ascends in order of arrival. `article.revision` is as it was sent, 0 for the next one;
    `assignment` has the number it would get, and the story it would join. It is not released where
    it was withdrawn, or where `stopped` says why not.
    """

    number: int
    article: Article
    digest: str
    release_time: datetime
    ingest_time: datetime
    assignment: Assignment
    publish_provenance: Provenance = Provenance.GIVEN
    stopped: str = ""
    withdrawn: Tombstone | None = None

    @property
    def waiting(self) -> bool:
        """Whether it is released at its time."""
        return not self.stopped and self.withdrawn is None
