"""Where does the memory store keep what changes, so that a snapshot still sees it as it was?

Articles, assignments and events are append-only lists; a snapshot remembers how long they were.
What changes in place (members, stories) keeps, under each key, the values that a live snapshot can
still see. So readers take no lock and never wait for the writer.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable
from dataclasses import dataclass, field
from typing import Any

from storycluster.domain import Assignment, AuditEntry, StoredArticle
from storycluster.ports import Scheme


@dataclass(frozen=True, slots=True)
class Counts:
    """How much of one collection a snapshot sees."""

    revisions: int = 0
    articles: int = 0
    assignments: int = 0
    stories: int = 0
    open_stories: int = 0
    events: int = 0


@dataclass(frozen=True, slots=True)
class Revision:
    """One stored revision with its packed features."""

    stored: StoredArticle
    features: bytes


@dataclass(slots=True)
class Collection:
    """The append-only part of one collection; what was erased leaves None behind."""

    articles: list[Revision | None] = field(default_factory=list)
    by_id: dict[str, list[int]] = field(default_factory=dict)
    assignments: list[Assignment | None] = field(default_factory=list)
    assignments_of: dict[str, list[int]] = field(default_factory=dict)
    story_ids: list[str] = field(default_factory=list)
    audit: list[AuditEntry] = field(default_factory=list)
    bands: dict[int, list[int]] = field(default_factory=dict)


class Cells:
    """Values under keys, each with the versions that a live snapshot may still ask for."""

    def __init__(self) -> None:
        self._histories: dict[Hashable, tuple[tuple[int, Any], ...]] = {}

    def get(self, key: Hashable, version: int) -> Any:
        """The value as of `version`, None where there was none."""
        for written, value in reversed(self._histories.get(key, ())):
            if written <= version:
                return value
        return None

    def keys_of(self, collection: str) -> list[tuple[Hashable, ...]]:
        """Every key of a collection, whose name is the second part of each."""
        return [
            key
            for key in tuple(self._histories)
            if isinstance(key, tuple) and len(key) > 1 and key[1] == collection
        ]

    def put(self, key: Hashable, value: Any, *, version: int, oldest: int) -> Callable[[], None]:
        """Set the value as of `version`; returns what undoes it.

        Forgets what no snapshot from `oldest` on can see.
        """
        before = self._histories.get(key, ())
        kept = [pair for pair in before if pair[0] != version]
        while len(kept) > 1 and kept[1][0] <= oldest:
            del kept[0]
        self._histories[key] = (*kept, (version, value))

        def undo() -> None:
            if before:
                self._histories[key] = before
            else:
                self._histories.pop(key, None)

        return undo


@dataclass(slots=True)
class Shelf:
    """Everything a memory store holds."""

    scheme: Scheme
    data: dict[str, Collection] = field(default_factory=dict)
    cells: Cells = field(default_factory=Cells)
