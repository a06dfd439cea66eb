"""How does one transaction change the memory store, and how is it undone?"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import fields, replace
from datetime import datetime
from typing import Any, TypeVar

from storycluster.backends.checks import check_addition, check_text, microseconds, moment
from storycluster.backends.memory.cells import Collection, Counts, Revision, Shelf
from storycluster.backends.memory.reading import MemoryReader
from storycluster.domain import (
    Article,
    Assignment,
    Event,
    EventKind,
    Member,
    StoredArticle,
    Story,
    StoryState,
)
from storycluster.errors import Conflict, NotFound
from storycluster.features import Features, pack

Noun = TypeVar("Noun", Article, StoredArticle, Story, Event)


def _in_utc(noun: Noun) -> Noun:
    """The same noun with its times in UTC. Raises InvalidInput for a time without a zone."""
    changed: dict[str, Any] = {}
    for one in fields(noun):
        value = getattr(noun, one.name)
        if isinstance(value, datetime):
            changed[one.name] = moment(microseconds(value))
    return replace(noun, **changed)


class MemoryTransaction(MemoryReader):
    """Implements ports.Transaction; every change leaves behind what undoes it."""

    def __init__(self, shelf: Shelf, version: int, *, oldest: int) -> None:
        super().__init__(shelf, version)
        self._oldest = oldest
        self._undo: list[Callable[[], object]] = []

    def undo(self) -> None:
        """Take everything back, newest first."""
        while self._undo:
            self._undo.pop()()

    def _put(self, value: Any, *key: Hashable) -> None:
        undo = self._shelf.cells.put(key, value, version=self._version, oldest=self._oldest)
        self._undo.append(undo)

    def _append(self, target: list[Any], value: Any) -> None:
        target.append(value)
        self._undo.append(target.pop)

    def _touched(self, collection: str) -> tuple[Collection, Counts]:
        data, counts = self._seen(collection)
        if self._get("counts", collection) is None:
            check_text(collection)
            # Left behind by an undo it is empty, and no snapshot can see it.
            self._shelf.data[collection] = data
            self._put((*(self._get("collections") or ()), collection), "collections")
            self._put(counts, "counts", collection)
        return data, counts

    def add_article(
        self,
        collection: str,
        stored: StoredArticle,
        features: Features,
        *,
        band_keys: Sequence[int],
    ) -> None:
        """See ports.Transaction. Also raises Conflict for a revision that is there already."""
        article = stored.article
        if self.article(collection, article.article_id, revision=article.revision or -1):
            told = f"revision {article.revision} of {article.article_id!r} is stored already"
            raise Conflict(told, field="revision", name=article.article_id)
        member: Member | None = self._get("latest", collection, article.article_id)
        check_addition(
            stored,
            features,
            last=self.last_sequence(collection),
            known=member is not None,
            scheme=self._shelf.scheme,
        )
        check_text(stored)
        kept = _in_utc(replace(stored, article=_in_utc(article)))
        bands = tuple(sorted({int(key) for key in band_keys}))
        row = Revision(kept, pack(features))
        data, counts = self._touched(collection)
        self._append(data.articles, row)
        self._append(data.by_id.setdefault(article.article_id, []), stored.sequence)
        self._put(
            replace(
                counts,
                revisions=counts.revisions + 1,
                articles=counts.articles + (member is None),
            ),
            "counts",
            collection,
        )
        for key in bands if stored.latest else ():
            self._append(data.bands.setdefault(key, []), stored.sequence)
        self._record(collection, stored.assignment)
        if stored.latest:
            self._place(collection, stored.assignment, stored=kept)

    def _record(self, collection: str, assignment: Assignment) -> None:
        """Append to the history."""
        data, counts = self._touched(collection)
        self._append(data.assignments, assignment)
        self._append(data.assignments_of.setdefault(assignment.article_id, []), counts.assignments)
        self._put(replace(counts, assignments=counts.assignments + 1), "counts", collection)

    def _place(self, collection: str, assignment: Assignment, *, stored: StoredArticle) -> None:
        """Put the article into the story of its newest assignment, out of the one before."""
        article = stored.article
        name = article.article_id
        first = stored.sequence
        home = self._get("home", collection, name)
        if home is not None:
            left = dict(self._get("members", collection, home))
            first = left.pop(name)
            self._put(left, "members", collection, home)
        joined = dict(self._get("members", collection, assignment.story_id) or {})
        joined[name] = first
        self._put(joined, "members", collection, assignment.story_id)
        self._put(assignment.story_id, "home", collection, name)
        member = Member(
            article_id=name,
            revision=article.revision,
            relation=assignment.relation,
            reprint_group=assignment.reprint_group,
            source=article.source,
            title=article.title,
            sequence=stored.sequence,
            publish_time=article.publish_time,
            publish_precision=article.publish_precision,
        )
        self._put(member, "latest", collection, name)

    def add_assignment(self, collection: str, assignment: Assignment) -> None:
        """See ports.Transaction. Raises NotFound for an unknown revision."""
        stored = None
        if assignment.revision > 0:
            name = assignment.article_id
            stored = self.article(collection, name, revision=assignment.revision)
        if stored is None:
            told = f"{assignment.article_id} revision {assignment.revision}"
            raise NotFound(resource="article", name=told)
        check_text(assignment)
        self._record(collection, assignment)
        if stored.latest:
            self._place(collection, assignment, stored=stored)

    def put_story(self, collection: str, story: Story) -> None:
        """See ports.Transaction."""
        check_text(story)
        kept = _in_utc(story)
        data, counts = self._touched(collection)
        earlier = self.story(collection, story.story_id)
        opened = counts.open_stories + (story.state == StoryState.OPEN)
        if earlier is None:
            self._append(data.story_ids, story.story_id)
            counts = replace(counts, stories=counts.stories + 1)
        else:
            opened -= earlier.state == StoryState.OPEN
        self._put(replace(counts, open_stories=opened), "counts", collection)
        self._put(kept, "story", collection, story.story_id)

    def add_event(
        self,
        collection: str,
        kind: EventKind,
        *,
        time: datetime,
        story_id: str = "",
        article_id: str = "",
        detail: Mapping[str, str] | None = None,
    ) -> Event:
        """See ports.Transaction."""
        told = dict(detail or {})
        sequence = self._seen(collection)[1].events + 1
        event = Event(sequence, kind, time, story_id=story_id, article_id=article_id, detail=told)
        check_text(event)
        event = _in_utc(event)
        data, counts = self._touched(collection)
        self._append(data.events, event)
        self._put(replace(counts, events=sequence), "counts", collection)
        return event

    def set_stream_position(self, collection: str, stream_id: str, position: int) -> None:
        """See ports.Transaction."""
        self._touched(collection)
        self._put(position, "stream", collection, stream_id)

    def set_mark(self, collection: str, name: str, sequence: int) -> None:
        """See ports.Transaction."""
        self._touched(collection)
        self._put(sequence, "mark", collection, name)
