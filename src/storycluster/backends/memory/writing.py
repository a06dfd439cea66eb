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
    AuditEntry,
    CollectionSettings,
    Constraint,
    Event,
    EventKind,
    HeldArticle,
    Member,
    Override,
    Promotion,
    StoredArticle,
    Story,
    Tombstone,
)
from storycluster.errors import Conflict, NotFound
from storycluster.features import Features, pack

Noun = TypeVar(
    "Noun", Article, StoredArticle, Story, Event, Override, Promotion, Tombstone, HeldArticle
)


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
            first = self._leave(collection, home, name)
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

    def _leave(self, collection: str, story_id: str, article_id: str) -> int:
        """Take an article out of a story's members; the sequence of its first arrival."""
        left = dict(self._get("members", collection, story_id))
        first = int(left.pop(article_id))
        self._put(left, "members", collection, story_id)
        return first

    def withdraw_article(self, collection: str, tombstone: Tombstone) -> None:
        """See ports.Transaction."""
        name = tombstone.article_id
        home = self._get("home", collection, name)
        if not home:
            raise NotFound(resource="article", name=name)
        check_text(tombstone)
        first = self._leave(collection, home, name)
        withdrawn = dict(self._get("members", collection, "") or {})
        withdrawn[name] = first
        self._put(withdrawn, "members", collection, "")
        self._put("", "home", collection, name)
        self._put(_in_utc(tombstone), "tombstone", collection, name)
        self._count_articles(collection, -1)

    def reinstate_article(self, collection: str, assignment: Assignment) -> None:
        """See ports.Transaction."""
        self._refuse_unless_withdrawn(collection, assignment.article_id)
        self.add_assignment(collection, assignment)
        self._put(None, "tombstone", collection, assignment.article_id)
        self._count_articles(collection, 1)

    def erase_article(self, collection: str, tombstone: Tombstone) -> None:
        """See ports.Transaction."""
        name = tombstone.article_id
        self._refuse_unless_withdrawn(collection, name)
        check_text(tombstone)
        data, _ = self._touched(collection)
        if self._get("home", collection, name) is not None:  # not erased before
            self._leave(collection, "", name)
        for sequence in data.by_id.get(name, ()):
            self._blank(data.articles, sequence - 1)
        for place in data.assignments_of.get(name, ()):
            self._blank(data.assignments, place)
        self._put(None, "home", collection, name)
        self._put(None, "latest", collection, name)
        self._put(_in_utc(tombstone), "tombstone", collection, name)

    def _blank(self, target: list[Any], place: int) -> None:
        before = target[place]
        target[place] = None
        self._undo.append(lambda: target.__setitem__(place, before))

    def _count_articles(self, collection: str, change: int) -> None:
        _, counts = self._touched(collection)
        changed = replace(counts, articles=counts.articles + change)
        self._put(changed, "counts", collection)

    def _refuse_unless_withdrawn(self, collection: str, article_id: str) -> None:
        if self.tombstone(collection, article_id) is None:
            raise NotFound(resource="article", name=article_id)

    def add_constraint(self, collection: str, constraint: Constraint) -> None:
        """See ports.Transaction."""
        check_text(constraint)
        self._hold(collection, frozenset({*self.constraints(collection), constraint}))

    def drop_constraint(self, collection: str, constraint: Constraint) -> None:
        """See ports.Transaction."""
        self._hold(collection, frozenset(self.constraints(collection)) - {constraint})

    def _hold(self, collection: str, constraints: frozenset[Constraint]) -> None:
        self._touched(collection)
        self._put(constraints, "constraints", collection)

    def put_held(
        self, collection: str, held: HeldArticle, features: Features | None = None
    ) -> None:
        """See ports.Transaction."""
        check_text(held)
        self._touched(collection)
        known = self._held(collection)
        packed = known[held.number][1] if held.number in known else b""
        if features is not None:
            packed = pack(features)
        if held.withdrawn is not None:
            packed = b""
        kept = _in_utc(replace(held, article=_in_utc(held.article)))
        self._put({**known, held.number: (kept, packed)}, "held", collection)

    def drop_held(self, collection: str, number: int) -> None:
        """See ports.Transaction."""
        known = self._held(collection)
        if number in known:
            self._touched(collection)
            rest = {one: kept for one, kept in known.items() if one != number}
            self._put(rest, "held", collection)

    def put_settings(
        self, collection: str, settings: CollectionSettings, *, revision: int | None = None
    ) -> None:
        """See ports.Transaction."""
        check_text(settings)
        now = self.settings(collection)[0] + 1 if revision is None else revision
        self._touched(collection)
        self._put((now, settings), "settings", collection)

    def skip_sequences(self, collection: str, last: int) -> None:
        """See ports.Transaction."""
        data, counts = self._touched(collection)
        for _ in range(counts.revisions, last):
            self._append(data.articles, None)
        changed = replace(counts, revisions=max(counts.revisions, last))
        self._put(changed, "counts", collection)

    def put_tombstone(self, collection: str, tombstone: Tombstone) -> None:
        """See ports.Transaction."""
        check_text(tombstone)
        self._touched(collection)
        self._put(_in_utc(tombstone), "tombstone", collection, tombstone.article_id)

    def drop_collection(self, collection: str) -> None:
        """See ports.Transaction."""
        for key in self._shelf.cells.keys_of(collection):
            if self._get(*key) is not None:
                self._put(None, *key)

    def put_override(self, collection: str, override: Override) -> None:
        """See ports.Transaction."""
        check_text(override)
        self._touched(collection)
        last = int(self._get("last override", collection) or 0)
        self._put(_in_utc(override), "override", collection, override.sequence)
        self._put(max(last, override.sequence), "last override", collection)

    def add_promotion(self, collection: str, promotion: Promotion) -> None:
        """See ports.Transaction."""
        check_text(promotion)
        job_id = promotion.job_id
        if self.promotion(collection, job_id) is not None:
            raise Conflict(f"job {job_id!r} is promoted already", field="job_id", name=job_id)
        kept = _in_utc(promotion)
        self._touched(collection)
        known = self._get("promoted jobs", collection) or ()
        self._put(kept, "promotion", collection, job_id)
        self._put((*known, job_id), "promoted jobs", collection)

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
        opened = counts.open_stories + story.state.live
        if earlier is None:
            self._append(data.story_ids, story.story_id)
            counts = replace(counts, stories=counts.stories + 1)
        else:
            opened -= earlier.state.live
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
        actor: str = "",
        reason: str = "",
        before: Mapping[str, str] | None = None,
        after: Mapping[str, str] | None = None,
    ) -> Event:
        """See ports.Transaction."""
        told = dict(detail or {})
        sequence = self._seen(collection)[1].events + 1
        event = Event(sequence, kind, time, story_id=story_id, article_id=article_id, detail=told)
        entry = AuditEntry(
            _in_utc(event), actor, reason, before=dict(before or {}), after=dict(after or {})
        )
        check_text(entry)
        data, counts = self._touched(collection)
        self._append(data.audit, entry)
        self._put(replace(counts, events=sequence), "counts", collection)
        return entry.event

    def set_stream_position(self, collection: str, stream_id: str, position: int) -> None:
        """See ports.Transaction."""
        self._touched(collection)
        self._put(position, "stream", collection, stream_id)

    def set_mark(self, collection: str, name: str, sequence: int) -> None:
        """See ports.Transaction."""
        self._touched(collection)
        self._put(sequence, "mark", collection, name)
