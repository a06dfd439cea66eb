"""What does one snapshot of the memory store answer?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from itertools import islice
from typing import Any

from storycluster.backends.memory.cells import Collection, Counts, Revision, Shelf
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
    StoryState,
    Tombstone,
)
from storycluster.errors import StoreError
from storycluster.features import Features, unpack
from storycluster.ports import NEWEST_OF_BAND, IndexRow


class MemoryReader:
    """Implements ports.Reader as of one version."""

    def __init__(self, shelf: Shelf, version: int) -> None:
        self._shelf = shelf
        self._version = version
        self._ended = False

    def end(self) -> None:
        """Refuse every later call."""
        self._ended = True

    def _get(self, *key: Hashable) -> Any:
        if self._ended:
            raise StoreError("this snapshot or transaction has ended")
        return self._shelf.cells.get(key, self._version)

    def _seen(self, collection: str) -> tuple[Collection, Counts]:
        counts = self._get("counts", collection)
        if counts is None:
            return Collection(), Counts()
        return self._shelf.data[collection], counts

    def collections(self) -> tuple[str, ...]:
        """See ports.Reader."""
        names = self._get("collections") or ()
        return tuple(sorted({name for name in names if self.last_sequence(name)}))

    def names(self) -> tuple[str, ...]:
        """See ports.Reader."""
        names = set(self._get("collections") or ())
        return tuple(sorted(name for name in names if self._get("counts", name) is not None))

    def last_sequence(self, collection: str) -> int:
        """See ports.Reader."""
        return self._seen(collection)[1].revisions

    def article(
        self, collection: str, article_id: str, *, revision: int = 0
    ) -> StoredArticle | None:
        """See ports.Reader."""
        for stored in reversed(self.revisions(collection, article_id)):
            if revision in (0, stored.article.revision):
                return stored
        return None

    def revisions(self, collection: str, article_id: str) -> tuple[StoredArticle, ...]:
        """See ports.Reader."""
        data, counts = self._seen(collection)
        member: Member | None = self._get("latest", collection, article_id)
        newest = {one.revision: one for one in self.assignments(collection, article_id)}
        known = [
            (sequence, data.articles[sequence - 1])
            for sequence in tuple(data.by_id.get(article_id, ()))
            if sequence <= counts.revisions
        ]
        found = [
            replace(
                row.stored,
                assignment=newest[row.stored.article.revision],
                latest=member is not None and member.sequence == sequence,
            )
            for sequence, row in known
            if row is not None
        ]
        return tuple(sorted(found, key=lambda stored: stored.article.revision))

    def digests(self, collection: str, article_id: str) -> Mapping[int, str]:
        """See ports.Reader."""
        known = self.revisions(collection, article_id)
        return {stored.article.revision: stored.digest for stored in known}

    def assignments(self, collection: str, article_id: str) -> tuple[Assignment, ...]:
        """See ports.Reader."""
        data, counts = self._seen(collection)
        places = tuple(data.assignments_of.get(article_id, ()))
        known = [data.assignments[place] for place in places if place < counts.assignments]
        return tuple(one for one in known if one is not None)

    def history(
        self, collection: str, *, after: int, limit: int
    ) -> tuple[tuple[int, int, Assignment], ...]:
        """See ports.Reader."""
        data, counts = self._seen(collection)
        found: list[tuple[int, int, Assignment]] = []
        for number in range(max(after, 0), counts.assignments):
            made = data.assignments[number]
            if len(found) >= limit:
                break
            if made is not None:
                sequence = self._sequence_of(data, made)
                found.append((number + 1, sequence, made))
        return tuple(found)

    @staticmethod
    def _sequence_of(data: Collection, made: Assignment) -> int:
        """The sequence of the revision that an assignment is of."""
        for sequence in data.by_id[made.article_id]:
            row = data.articles[sequence - 1]
            if row is not None and row.stored.article.revision == made.revision:
                return sequence
        raise StoreError(f"an assignment of {made.article_id!r} has no revision")

    def added(self, collection: str, sequence: int) -> tuple[StoredArticle, Features] | None:
        """See ports.Reader."""
        data, counts = self._seen(collection)
        if not 0 < sequence <= counts.revisions:
            return None
        row = data.articles[sequence - 1]
        return None if row is None else (row.stored, unpack(row.features))

    def tombstones(self, collection: str) -> tuple[Tombstone, ...]:
        """See ports.Reader."""
        return tuple(self._named("tombstone", collection).values())

    def stream_positions(self, collection: str) -> Mapping[str, int]:
        """See ports.Reader."""
        return self._named("stream", collection)

    def marks(self, collection: str) -> Mapping[str, int]:
        """See ports.Reader."""
        return self._named("mark", collection)

    def _named(self, kind: str, collection: str) -> dict[str, Any]:
        """{name: value} of the cells of a kind, by name."""
        keys = [key for key in self._shelf.cells.keys_of(collection) if key[0] == kind]
        found = {str(key[2]): self._get(*key) for key in keys}
        return {name: found[name] for name in sorted(found) if found[name] is not None}

    def settings(self, collection: str) -> tuple[int, CollectionSettings]:
        """See ports.Reader."""
        found: tuple[int, CollectionSettings] | None = self._get("settings", collection)
        return found or (0, CollectionSettings())

    def tombstone(self, collection: str, article_id: str) -> Tombstone | None:
        """See ports.Reader."""
        found: Tombstone | None = self._get("tombstone", collection, article_id)
        return found

    def constraints(self, collection: str) -> tuple[Constraint, ...]:
        """See ports.Reader."""
        held: frozenset[Constraint] = self._get("constraints", collection) or frozenset()
        return tuple(sorted(held, key=lambda one: (one.kind, one.subject, one.other)))

    def override(self, collection: str, sequence: int) -> Override | None:
        """See ports.Reader."""
        found: Override | None = self._get("override", collection, sequence)
        return found

    def overrides(
        self, collection: str, *, limit: int, before: int | None = None
    ) -> tuple[Override, ...]:
        """See ports.Reader."""
        last = int(self._get("last override", collection) or 0)
        below = last + 1 if before is None else min(max(before, 1), last + 1)
        wanted = range(below - 1, max(below - 1 - max(limit, 0), 0), -1)
        return tuple(self._get("override", collection, sequence) for sequence in wanted)

    def promotion(self, collection: str, job_id: str) -> Promotion | None:
        """See ports.Reader."""
        found: Promotion | None = self._get("promotion", collection, job_id)
        return found

    def promotions(self, collection: str) -> tuple[Promotion, ...]:
        """See ports.Reader."""
        known: tuple[str, ...] = self._get("promoted jobs", collection) or ()
        return tuple(self._get("promotion", collection, job_id) for job_id in sorted(known))

    def story(self, collection: str, story_id: str) -> Story | None:
        """See ports.Reader."""
        found: Story | None = self._get("story", collection, story_id)
        return found

    def members(self, collection: str, story_id: str) -> tuple[Member, ...]:
        """See ports.Reader; `Member.sequence` is that of the first arrival."""
        first: Mapping[str, int] = self._get("members", collection, story_id) or {}
        listed = sorted(first.items(), key=lambda pair: pair[1])
        return tuple(
            replace(self._get("latest", collection, article_id), sequence=sequence)
            for article_id, sequence in listed
        )

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
        data, counts = self._seen(collection)
        number = counts.stories if before is None else min(before - 1, counts.stories)
        found: list[tuple[int, Story]] = []
        while number > 0 and len(found) < limit:
            story = self._get("story", collection, data.story_ids[number - 1])
            merged = story.state is StoryState.MERGED
            if include_merged if merged else story.article_count >= min_article_count:
                found.append((number, story))
            number -= 1
        return tuple(found)

    def events(self, collection: str, *, after: int, limit: int) -> tuple[Event, ...]:
        """See ports.Reader."""
        return tuple(one.event for one in self.audit(collection, after=after, limit=limit))

    def audit(self, collection: str, *, after: int, limit: int) -> tuple[AuditEntry, ...]:
        """See ports.Reader."""
        data, counts = self._seen(collection)
        start = max(after, 0)
        return tuple(data.audit[start : min(start + max(limit, 0), counts.events)])

    def index_rows(self, collection: str, *, after: int = 0) -> Iterator[IndexRow]:
        """See ports.Reader."""
        data, counts = self._seen(collection)
        for sequence in range(max(after, 0) + 1, counts.revisions + 1):
            row = data.articles[sequence - 1]
            if row is None or not row.stored.latest:
                continue
            stored, article = row.stored, row.stored.article
            member: Member = self._get("latest", collection, article.article_id)
            yield IndexRow(
                sequence=sequence,
                article_id=article.article_id,
                revision=article.revision,
                digest=stored.digest,
                story_id=self._get("home", collection, article.article_id),
                reprint_group=member.reprint_group,
                source=article.source,
                publish_time=article.publish_time,
                publish_precision=article.publish_precision,
                ingest_time=stored.ingest_time,
                features=unpack(row.features),
            )

    def _held(self, collection: str) -> Mapping[int, tuple[HeldArticle, bytes]]:
        return self._get("held", collection) or {}

    def held(self, collection: str, article_id: str = "") -> tuple[HeldArticle, ...]:
        """See ports.Reader."""
        listed = sorted(self._held(collection).items())
        return tuple(one for _, (one, _) in listed if article_id in ("", one.article.article_id))

    def held_features(self, collection: str, number: int) -> Features | None:
        """See ports.Reader."""
        known = self._held(collection).get(number)
        return unpack(known[1]) if known and known[1] else None

    def held_due(self, collection: str, moment: datetime, *, limit: int) -> tuple[HeldArticle, ...]:
        """See ports.Reader."""
        known = [one for one, _ in self._held(collection).values()]
        found = [one for one in known if one.waiting and one.release_time <= moment]
        found.sort(key=lambda one: (one.release_time, one.number))
        return tuple(found[:limit])

    def due(self, moment: datetime) -> tuple[str, ...]:
        """See ports.Reader."""
        names = self._get("collections") or ()
        return tuple(
            sorted(
                name
                for name in set(names)
                if any(one.waiting and one.release_time <= moment for one in self.held(name))
            )
        )

    def stream_position(self, collection: str, stream_id: str) -> int:
        """See ports.Reader."""
        return int(self._get("stream", collection, stream_id) or 0)

    def mark(self, collection: str, name: str) -> int:
        """See ports.Reader."""
        return int(self._get("mark", collection, name) or 0)

    def band_hits(self, collection: str, keys: Sequence[int]) -> Mapping[int, int]:
        """See ports.Reader."""
        data, counts = self._seen(collection)
        shared: Counter[int] = Counter()
        for key in {int(key) for key in keys}:
            # A band keeps the sequences of replaced revisions; here they are left out.
            latest = (
                sequence
                for sequence in reversed(tuple(data.bands.get(key, ())))
                if sequence <= counts.revisions
                and self._is_found(collection, data.articles[sequence - 1])
            )
            shared.update(islice(latest, NEWEST_OF_BAND))
        return dict(sorted(shared.items()))

    def _is_found(self, collection: str, row: Revision | None) -> bool:
        """Whether it is the latest revision of a live article."""
        if row is None or not self._get("home", collection, row.stored.article.article_id):
            return False
        member: Member = self._get("latest", collection, row.stored.article.article_id)
        return member.sequence == row.stored.sequence

    def counts(self, collection: str) -> Mapping[str, int]:
        """See ports.Reader."""
        counts = self._seen(collection)[1]
        return {
            "articles": counts.articles,
            "revisions": counts.revisions,
            "stories": counts.open_stories,
            "events": counts.events,
        }
