"""What does one snapshot of the memory store answer?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice
from typing import Any

from storycluster.backends.memory.cells import Collection, Counts, Shelf
from storycluster.domain import Assignment, Event, Member, StoredArticle, Story, StoryState
from storycluster.errors import StoreError
from storycluster.features import unpack
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
        return tuple(sorted(name for name in names if self.last_sequence(name)))

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
        found = [
            replace(
                data.articles[sequence - 1].stored,
                assignment=newest[data.articles[sequence - 1].stored.article.revision],
                latest=member is not None and member.sequence == sequence,
            )
            for sequence in tuple(data.by_id.get(article_id, ()))
            if sequence <= counts.revisions
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
        return tuple(data.assignments[place] for place in places if place < counts.assignments)

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
            opened = story.state == StoryState.OPEN
            if story.article_count >= min_article_count if opened else include_merged:
                found.append((number, story))
            number -= 1
        return tuple(found)

    def events(self, collection: str, *, after: int, limit: int) -> tuple[Event, ...]:
        """See ports.Reader."""
        data, counts = self._seen(collection)
        start = max(after, 0)
        return tuple(data.events[start : min(start + max(limit, 0), counts.events)])

    def index_rows(self, collection: str, *, after: int = 0) -> Iterator[IndexRow]:
        """See ports.Reader."""
        data, counts = self._seen(collection)
        for sequence in range(max(after, 0) + 1, counts.revisions + 1):
            row = data.articles[sequence - 1]
            stored, article = row.stored, row.stored.article
            if not stored.latest:
                continue
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
                and self._is_latest(collection, data.articles[sequence - 1].stored)
            )
            shared.update(islice(latest, NEWEST_OF_BAND))
        return dict(sorted(shared.items()))

    def _is_latest(self, collection: str, stored: StoredArticle) -> bool:
        member: Member | None = self._get("latest", collection, stored.article.article_id)
        return member is not None and member.sequence == stored.sequence

    def counts(self, collection: str) -> Mapping[str, int]:
        """See ports.Reader."""
        counts = self._seen(collection)[1]
        return {
            "articles": counts.articles,
            "revisions": counts.revisions,
            "stories": counts.open_stories,
            "events": counts.events,
        }
