"""What does one snapshot of the store answer?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

import zstandard

from storycluster.backends.checks import microseconds
from storycluster.backends.embedded import editing_rows, held_rows, rows, statements
from storycluster.backends.embedded.promotion_rows import promotion_of
from storycluster.backends.embedded.session import Row, Session
from storycluster.domain import (
    Assignment,
    AuditEntry,
    CollectionSettings,
    Constraint,
    Event,
    HeldArticle,
    Member,
    Override,
    Promotion,
    StoredArticle,
    Story,
    Tombstone,
)
from storycluster.errors import StoreCorrupt, StoreError
from storycluster.features import Features
from storycluster.ports import NEWEST_OF_BAND, IndexRow

T = TypeVar("T")

# Rows fetched at once by `index_rows`: about 4 MB of features, and no cursor left open between.
_INDEX_CHUNK = 256


@dataclass(slots=True)
class Counters:
    """One row of the table `collection`."""

    id: int
    last_sequence: int
    articles: int
    last_story: int
    open_stories: int
    last_event: int


def converted(convert: Callable[[Row], T], row: Row) -> T:
    """The noun of a row. Raises StoreCorrupt where the row is none."""
    try:
        return convert(row)
    except (ValueError, TypeError, KeyError, IndexError, zstandard.ZstdError) as error:
        raise StoreCorrupt(f"a row cannot be read back: {error!r}") from error


class EmbeddedReader:
    """Implements ports.Reader on one connection inside a transaction."""

    def __init__(self, session: Session) -> None:
        self._open: Session | None = session
        self._counters: dict[str, Counters] = {}

    @property
    def _session(self) -> Session:
        if self._open is None:
            raise StoreError("this snapshot or transaction has ended")
        return self._open

    def end(self) -> None:
        """Refuse every later call."""
        self._open = None

    def _collection(self, name: str) -> Counters | None:
        """The collection's counters, read once; None for an unknown name."""
        session = self._session
        if name not in self._counters:
            found = session.row(statements.COLLECTION, (name,))
            if found is None:
                return None
            self._counters[name] = Counters(*found)
        return self._counters[name]

    def collections(self) -> tuple[str, ...]:
        """See ports.Reader."""
        names = {row[0] for row in self._session.rows(statements.COLLECTIONS)}
        # In a transaction the counters run ahead of the table.
        names.update(name for name, known in self._counters.items() if known.last_sequence)
        return tuple(sorted(names))

    def names(self) -> tuple[str, ...]:
        """See ports.Reader."""
        kept = {row[0] for row in self._session.rows(statements.NAMES)}
        return tuple(sorted(kept.union(self._counters)))

    def last_sequence(self, collection: str) -> int:
        """See ports.Reader."""
        known = self._collection(collection)
        return known.last_sequence if known else 0

    def article(
        self, collection: str, article_id: str, *, revision: int = 0
    ) -> StoredArticle | None:
        """See ports.Reader."""
        known = self._collection(collection)
        if known is None:
            return None
        if revision:
            values = (known.id, article_id, revision)
            found = self._session.row(statements.ONE_REVISION, values)
        else:
            found = self._session.row(statements.LATEST_REVISION, (known.id, article_id))
        return converted(rows.stored_article_of, found) if found else None

    def revisions(self, collection: str, article_id: str) -> tuple[StoredArticle, ...]:
        """See ports.Reader."""
        known = self._collection(collection)
        if known is None:
            return ()
        found = self._session.rows(statements.REVISIONS, (known.id, article_id))
        return tuple(converted(rows.stored_article_of, row) for row in found)

    def digests(self, collection: str, article_id: str) -> Mapping[int, str]:
        """See ports.Reader."""
        known = self._collection(collection)
        if known is None:
            return {}
        return dict(self._session.rows(statements.DIGESTS, (known.id, article_id)))

    def assignments(self, collection: str, article_id: str) -> tuple[Assignment, ...]:
        """See ports.Reader."""
        known = self._collection(collection)
        if known is None:
            return ()
        found = self._session.rows(statements.ASSIGNMENTS, (known.id, article_id))
        return tuple(converted(rows.assignment_of, row) for row in found)

    def history(
        self, collection: str, *, after: int, limit: int
    ) -> tuple[tuple[int, int, Assignment], ...]:
        """See ports.Reader."""
        known = self._collection(collection)
        if known is None:
            return ()
        ends = (rows.row_id(known.id, 0), rows.row_id(known.id + 1, 0))
        found = self._session.rows(statements.HISTORY, (max(after, 0), *ends, max(limit, 0)))
        return tuple(
            (row[-2], rows.ordinal_of(row[-1]), converted(rows.assignment_of, row)) for row in found
        )

    def added(self, collection: str, sequence: int) -> tuple[StoredArticle, Features] | None:
        """See ports.Reader."""
        known = self._collection(collection)
        found = known and self._session.row(
            statements.ADDED, (rows.row_id(known.id, min(max(sequence, 0), rows.ORDINAL_MASK)),)
        )
        return converted(rows.added_of, found) if found else None

    def tombstones(self, collection: str) -> tuple[Tombstone, ...]:
        """See ports.Reader."""
        found = self._of_collection(statements.TOMBSTONES, collection)
        return tuple(converted(editing_rows.tombstone_of, row) for row in found)

    def stream_positions(self, collection: str) -> Mapping[str, int]:
        """See ports.Reader."""
        return dict(self._of_collection(statements.STREAM_POSITIONS, collection))

    def marks(self, collection: str) -> Mapping[str, int]:
        """See ports.Reader."""
        return dict(self._of_collection(statements.MARKS, collection))

    def _of_collection(self, statement: str, collection: str) -> Sequence[Row]:
        known = self._collection(collection)
        return () if known is None else self._session.rows(statement, (known.id,))

    def settings(self, collection: str) -> tuple[int, CollectionSettings]:
        """See ports.Reader."""
        known = self._collection(collection)
        found = known and self._session.row(statements.SETTINGS, (known.id,))
        return converted(editing_rows.settings_of, found) if found else (0, CollectionSettings())

    def tombstone(self, collection: str, article_id: str) -> Tombstone | None:
        """See ports.Reader."""
        known = self._collection(collection)
        found = known and self._session.row(statements.TOMBSTONE, (known.id, article_id))
        return converted(editing_rows.tombstone_of, found) if found else None

    def constraints(self, collection: str) -> tuple[Constraint, ...]:
        """See ports.Reader."""
        known = self._collection(collection)
        if known is None:
            return ()
        found = self._session.rows(statements.CONSTRAINTS, (known.id,))
        return tuple(converted(editing_rows.constraint_of, row) for row in found)

    def override(self, collection: str, sequence: int) -> Override | None:
        """See ports.Reader."""
        for one in self.overrides(collection, limit=1, before=sequence + 1):
            if one.sequence == sequence:
                return one
        return None

    def overrides(
        self, collection: str, *, limit: int, before: int | None = None
    ) -> tuple[Override, ...]:
        """See ports.Reader."""
        known = self._collection(collection)
        if known is None:
            return ()
        last = rows.ORDINAL_MASK
        below = rows.row_id(known.id, last if before is None else min(max(before, 0), last))
        values = (rows.row_id(known.id, 0), below, max(limit, 0))
        found = self._session.rows(statements.OVERRIDES, values)
        return tuple(converted(editing_rows.override_of, row) for row in found)

    def promotion(self, collection: str, job_id: str) -> Promotion | None:
        """See ports.Reader."""
        known = self._collection(collection)
        found = known and self._session.row(statements.PROMOTION, (known.id, job_id))
        return converted(promotion_of, found) if found else None

    def promotions(self, collection: str) -> tuple[Promotion, ...]:
        """See ports.Reader."""
        known = self._collection(collection)
        if known is None:
            return ()
        found = self._session.rows(statements.PROMOTIONS, (known.id,))
        return tuple(converted(promotion_of, row) for row in found)

    def story(self, collection: str, story_id: str) -> Story | None:
        """See ports.Reader."""
        known = self._collection(collection)
        found = known and self._session.row(statements.STORY, (known.id, story_id))
        return converted(rows.story_of, found) if found else None

    def members(self, collection: str, story_id: str) -> tuple[Member, ...]:
        """See ports.Reader; `Member.sequence` is that of the first arrival."""
        known = self._collection(collection)
        if known is None:
            return ()
        found = self._session.rows(statements.MEMBERS, (known.id, story_id))
        return tuple(converted(rows.member_of, row) for row in found)

    def stories(
        self,
        collection: str,
        *,
        limit: int,
        before: int | None = None,
        min_article_count: int = 1,
        include_merged: bool = False,
    ) -> tuple[tuple[int, Story], ...]:
        """See ports.Reader."""
        known = self._collection(collection)
        if known is None:
            return ()
        first = known.last_story + 1
        below = rows.row_id(known.id, first if before is None else min(max(before, 0), first))
        values = (rows.row_id(known.id, 0), below, include_merged, min_article_count, max(limit, 0))
        found = self._session.rows(statements.STORIES, values)
        return tuple((rows.ordinal_of(row[0]), converted(rows.story_of, row)) for row in found)

    def events(self, collection: str, *, after: int, limit: int) -> tuple[Event, ...]:
        """See ports.Reader."""
        found = self._events(statements.EVENTS, collection, after, limit)
        return tuple(converted(rows.event_of, row) for row in found)

    def audit(self, collection: str, *, after: int, limit: int) -> tuple[AuditEntry, ...]:
        """See ports.Reader."""
        found = self._events(statements.AUDIT, collection, after, limit)
        return tuple(converted(rows.audit_entry_of, row) for row in found)

    def _events(self, statement: str, collection: str, after: int, limit: int) -> Sequence[Row]:
        known = self._collection(collection)
        if known is None:
            return ()
        start = rows.row_id(known.id, min(max(after, 0), known.last_event))
        values = (start, rows.row_id(known.id, known.last_event), max(limit, 0))
        return self._session.rows(statement, values)

    def index_rows(self, collection: str, *, after: int = 0) -> Iterator[IndexRow]:
        """See ports.Reader."""
        known = self._collection(collection)
        if known is None:
            return
        base = rows.row_id(known.id, 0)
        end = base + known.last_sequence
        start = base + min(max(after, 0), known.last_sequence)
        while True:
            values = (start, end, _INDEX_CHUNK)
            found = self._session.rows(statements.INDEX_ROWS, values)
            for row in found:
                yield converted(rows.index_row_of, row)
            if len(found) < _INDEX_CHUNK:
                return
            start = found[-1][0]

    def held(self, collection: str, article_id: str = "") -> tuple[HeldArticle, ...]:
        """See ports.Reader."""
        known = self._collection(collection)
        if known is None:
            return ()
        ends = (rows.row_id(known.id, 0), rows.row_id(known.id + 1, 0))
        if article_id:
            found = self._session.rows(statements.HELD_OF_ARTICLE, (article_id, *ends))
        else:
            found = self._session.rows(statements.HELD, ends)
        return tuple(converted(held_rows.held_of, row) for row in found)

    def held_features(self, collection: str, number: int) -> Features | None:
        """See ports.Reader."""
        known = self._collection(collection)
        row = rows.row_id(known.id if known else 0, number)
        found = self._session.row(statements.HELD_FEATURES, (row,))
        return converted(held_rows.features_of, found) if found else None

    def held_due(self, collection: str, moment: datetime, *, limit: int) -> tuple[HeldArticle, ...]:
        """See ports.Reader."""
        known = self._collection(collection)
        if known is None:
            return ()
        ends = (rows.row_id(known.id, 0), rows.row_id(known.id + 1, 0))
        asked = (microseconds(moment), *ends, limit)
        found = self._session.rows(statements.HELD_DUE, asked)
        return tuple(converted(held_rows.held_of, row) for row in found)

    def due(self, moment: datetime) -> tuple[str, ...]:
        """See ports.Reader."""
        found = self._session.rows(statements.DUE, (microseconds(moment),))
        return tuple(sorted(row[0] for row in found))

    def stream_position(self, collection: str, stream_id: str) -> int:
        """See ports.Reader."""
        known = self._collection(collection)
        if known is None:
            return 0
        found = self._session.row(statements.STREAM_POSITION, (known.id, stream_id))
        return int(found[0]) if found else 0

    def mark(self, collection: str, name: str) -> int:
        """See ports.Reader."""
        known = self._collection(collection)
        found = known and self._session.row(statements.MARK, (known.id, name))
        return int(found[0]) if found else 0

    def band_hits(self, collection: str, keys: Sequence[int]) -> Mapping[int, int]:
        """See ports.Reader."""
        known = self._collection(collection)
        wanted = sorted({rows.signed(key) for key in keys})
        if known is None or not wanted:
            return {}
        shared = Counter(
            row[0]
            for key in wanted
            for row in self._session.rows(statements.BAND, (known.id, key, NEWEST_OF_BAND))
        )
        return dict(sorted(shared.items()))

    def counts(self, collection: str) -> Mapping[str, int]:
        """See ports.Reader."""
        known = self._collection(collection) or Counters(0, 0, 0, 0, 0, 0)
        return {
            "articles": known.articles,
            "revisions": known.last_sequence,
            "stories": known.open_stories,
            "events": known.last_event,
        }
