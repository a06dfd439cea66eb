"""How does a prepared article become part of a collection?

Stage 2 of ingest, on the writer's thread inside one transaction: a known digest returns the stored
answer; another text under a known id is a revision; everything else is placed, recorded with its
evidence, and its story's canonical chosen anew.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from storycluster.canonical import CanonicalCandidate, choose_canonical
from storycluster.decision import Model, score
from storycluster.domain import (
    Article,
    Assignment,
    Canonical,
    EventKind,
    IngestResult,
    Member,
    Relation,
    StoredArticle,
    Story,
    StoryState,
)
from storycluster.engine.index import CollectionIndex
from storycluster.engine.placing import Placing, place
from storycluster.engine.prepare import Prepared
from storycluster.errors import Conflict, StoreCorrupt
from storycluster.ports import Clock, IndexRow, Transaction
from storycluster.settings import Settings

_TITLE_CHARACTERS = 200


@dataclass(frozen=True, slots=True, eq=False)
class Ingest:
    """Places articles of one collection within one transaction."""

    collection: str
    transaction: Transaction
    index: CollectionIndex
    model: Model
    settings: Settings
    clock: Clock
    encoder_id: str

    def add(self, prepared: Prepared) -> IngestResult:
        """Place one article. Raises Conflict for a revision number that holds another text."""
        known = self.transaction.revisions(self.collection, prepared.article.article_id)
        for stored in known:
            if stored.digest == prepared.digest:
                return self._replayed(stored)
        revision = _next_revision(prepared.article, known)
        if known and revision < known[-1].article.revision:
            return self._add_late_revision(prepared, revision, known[-1])
        if known:
            return self._add_revision(prepared, revision, known[-1])
        return self._add_new(prepared, revision)

    def _replayed(self, stored: StoredArticle) -> IngestResult:
        story = self._story(stored.assignment.story_id)
        return IngestResult(
            article_id=stored.article.article_id,
            assignment=stored.assignment,
            canonical=_canonical_of(story),
            replayed=True,
        )

    # -- a new article ------------------------------------------------------------------------

    def _add_new(self, prepared: Prepared, revision: int) -> IngestResult:
        hits = self.transaction.band_hits(self.collection, prepared.band_keys)
        placing = place(
            prepared, self.index, band_hits=hits, model=self.model, settings=self.settings
        )
        sequence = self.transaction.last_sequence(self.collection) + 1
        now = self.clock.now()
        article_id = prepared.article.article_id
        story_id = placing.story_id or new_story_id(self.collection, article_id, sequence)
        assignment = self._assignment(placing, article_id, revision, story_id, sequence)
        if not placing.story_id:
            self._put_new_story(story_id, prepared, now)
        self._record(prepared, assignment, now, placing=placing)
        self._event(EventKind.ARTICLE_INGESTED, now, story_id, article_id)
        if placing.story_id:
            self._event(EventKind.MEMBER_ADDED, now, story_id, article_id)
        assignment = self._merge_near_stories(placing, assignment, now)
        canonical = self._refresh_story(assignment.story_id, now)
        return IngestResult(article_id, assignment, canonical)

    def _assignment(
        self, placing: Placing, article_id: str, revision: int, story_id: str, sequence: int
    ) -> Assignment:
        return Assignment(
            article_id=article_id,
            revision=revision,
            story_id=story_id,
            relation=placing.relation,
            confidence=placing.confidence,
            sequence=sequence,
            copy_of=placing.copy_of,
            reprint_group=placing.reprint_group,
            evidence=placing.evidence,
            runners_up=placing.runners_up,
            settings_digest=self.settings.digest(),
            encoder_id=self.encoder_id,
        )

    def _put_new_story(self, story_id: str, prepared: Prepared, now: datetime) -> None:
        story = Story(
            story_id=story_id,
            state=StoryState.OPEN,
            title=_clipped(prepared.headline),
            article_count=0,
            unique_count=0,
            reprint_count=0,
            source_count=0,
            revision=0,
            create_time=now,
            update_time=now,
        )
        self.transaction.put_story(self.collection, story)
        self._event(EventKind.STORY_CREATED, now, story_id, prepared.article.article_id)

    def _record(
        self,
        prepared: Prepared,
        assignment: Assignment,
        now: datetime,
        *,
        placing: Placing | None = None,
        latest: bool = True,
    ) -> None:
        article = dataclasses.replace(prepared.article, revision=assignment.revision)
        stored = StoredArticle(
            article=article,
            digest=prepared.digest,
            sequence=assignment.sequence,
            ingest_time=now,
            assignment=assignment,
            publish_provenance=prepared.publish_provenance,
            latest=latest,
        )
        self.transaction.add_article(
            self.collection, stored, prepared.features, band_keys=prepared.band_keys
        )
        if latest:
            row = IndexRow(
                sequence=assignment.sequence,
                article_id=article.article_id,
                revision=article.revision,
                digest=prepared.digest,
                story_id=assignment.story_id,
                reprint_group=assignment.reprint_group,
                source=article.source,
                publish_time=article.publish_time,
                publish_precision=article.publish_precision,
                ingest_time=now,
                features=prepared.features,
            )
            self.index.add(row, known=placing.profile if placing else None)

    # -- another revision of a known article ----------------------------------------------------

    def _add_revision(self, prepared: Prepared, revision: int, last: StoredArticle) -> IngestResult:
        sequence = self.transaction.last_sequence(self.collection) + 1
        now = self.clock.now()
        assignment = self._revised(last.assignment, revision, sequence)
        self._record(prepared, assignment, now)
        self._event(EventKind.ARTICLE_REVISED, now, assignment.story_id, assignment.article_id)
        canonical = self._refresh_story(assignment.story_id, now)
        return IngestResult(assignment.article_id, assignment, canonical)

    def _add_late_revision(
        self, prepared: Prepared, revision: int, last: StoredArticle
    ) -> IngestResult:
        """Store an older revision that arrives after a newer one; nothing else changes."""
        sequence = self.transaction.last_sequence(self.collection) + 1
        now = self.clock.now()
        assignment = self._revised(last.assignment, revision, sequence)
        self._record(prepared, assignment, now, latest=False)
        story = self._story(assignment.story_id)
        return IngestResult(assignment.article_id, assignment, _canonical_of(story))

    def _revised(self, last: Assignment, revision: int, sequence: int) -> Assignment:
        return dataclasses.replace(
            last,
            revision=revision,
            relation=Relation.REVISION,
            sequence=sequence,
            previous_story_id="",
            evidence=(),
            runners_up=(),
            settings_digest=self.settings.digest(),
            encoder_id=self.encoder_id,
        )

    # -- stories --------------------------------------------------------------------------------

    def _merge_near_stories(
        self, placing: Placing, assignment: Assignment, now: datetime
    ) -> Assignment:
        """Merge the stories that the new article shows to be one; the older id stays."""
        home = assignment.story_id
        for other in placing.scored:
            if other.story_id == placing.story_id or other.probability < self.model.threshold:
                continue
            if self._same_story(home, other.story_id):
                winner, loser = sorted((home, other.story_id))
                self._merge(loser, winner, assignment, now)
                home = winner
        if home == assignment.story_id:
            return assignment
        moved = self.transaction.article(self.collection, assignment.article_id)
        if moved is None:
            raise StoreCorrupt(f"article {assignment.article_id!r} vanished while stories merged")
        return moved.assignment

    def _same_story(self, one: str, other: str) -> bool:
        """Whether the members of the smaller story, on average, belong to the larger."""
        a, b = self.index.story(one), self.index.story(other)
        small, large = (a, b) if len(a.members) <= len(b.members) else (b, a)
        mean = sum(score(member, large, self.model).probability for member in small.members) / len(
            small.members
        )
        return mean >= self.model.merge_threshold

    def _merge(self, loser: str, winner: str, cause: Assignment, now: datetime) -> None:
        for entry in self.index.move(loser, winner):
            stored = self.transaction.article(self.collection, entry.article_id)
            if stored is None:
                raise StoreCorrupt(f"article {entry.article_id!r} is indexed but not stored")
            was = stored.assignment
            founder = was.relation is Relation.NEW_STORY
            moved = dataclasses.replace(
                was,
                story_id=winner,
                relation=Relation.SAME_STORY if founder else was.relation,
                previous_story_id=loser,
                sequence=cause.sequence,
            )
            self.transaction.add_assignment(self.collection, moved)
            self._event(
                EventKind.MEMBER_MOVED, now, winner, entry.article_id, {"from_story_id": loser}
            )
        gone = dataclasses.replace(
            self._story(loser),
            state=StoryState.MERGED,
            merged_into_story_id=winner,
            canonical=None,
            article_count=0,
            unique_count=0,
            reprint_count=0,
            source_count=0,
            update_time=now,
        )
        self.transaction.put_story(self.collection, gone)
        self._event(EventKind.STORY_MERGED, now, loser, cause.article_id, {"merged_into": winner})

    def _refresh_story(self, story_id: str, now: datetime) -> Canonical:
        """Count the members again and choose the canonical; an event where it changed."""
        story = self._story(story_id)
        members = self.transaction.members(self.collection, story_id)
        canonical = choose_canonical(
            [self._canonical_candidate(member) for member in members],
            self.settings.canonical_policy,
        )
        self.transaction.put_story(self.collection, _recounted(story, members, canonical, now))
        before = story.canonical.article_id if story.canonical else ""
        if canonical.article_id != before:
            detail = {"from_article_id": before, "reason": canonical.reason}
            self._event(EventKind.CANONICAL_CHANGED, now, story_id, canonical.article_id, detail)
        return canonical

    def _canonical_candidate(self, member: Member) -> CanonicalCandidate:
        entry = self.index.entry(member.article_id)
        return CanonicalCandidate(
            article_id=member.article_id,
            sequence=member.sequence,
            hosted=entry.hosted,
            titled=entry.titled,
            publish_time=entry.first_publish_time,
            publish_precision=entry.first_publish_precision,
            prose_words=entry.prose_words,
        )

    def _story(self, story_id: str) -> Story:
        story = self.transaction.story(self.collection, story_id)
        if story is None:
            raise StoreCorrupt(f"story {story_id!r} has members but no row")
        return story

    def _event(
        self,
        kind: EventKind,
        now: datetime,
        story_id: str,
        article_id: str,
        detail: dict[str, str] | None = None,
    ) -> None:
        self.transaction.add_event(
            self.collection,
            kind,
            time=now,
            story_id=story_id,
            article_id=article_id,
            detail=detail,
        )


def _next_revision(article: Article, known: Sequence[StoredArticle]) -> int:
    """The revision number to store under; Conflict where the given one holds another text."""
    if not article.revision:
        return known[-1].article.revision + 1 if known else 1
    if any(stored.article.revision == article.revision for stored in known):
        raise Conflict(
            f"revision {article.revision} of article {article.article_id!r} is stored with "
            "another text",
            field="revision",
            name=article.article_id,
        )
    return article.revision


def new_story_id(collection: str, article_id: str, sequence: int) -> str:
    """An opaque id whose order is that of creation; the same for the same history."""
    named = f"{collection}\x00{article_id}\x00{sequence}".encode()
    return f"s{sequence:010x}{hashlib.blake2b(named, digest_size=4).hexdigest()}"


def _canonical_of(story: Story) -> Canonical:
    if story.canonical is None:
        raise StoreCorrupt(f"story {story.story_id!r} has no canonical")
    return story.canonical


def _clipped(title: str) -> str:
    plain = " ".join(title.split())
    return plain if len(plain) <= _TITLE_CHARACTERS else plain[: _TITLE_CHARACTERS - 1] + "…"


def _recounted(
    story: Story, members: Sequence[Member], canonical: Canonical, now: datetime
) -> Story:
    groups = {member.reprint_group for member in members}
    times = [member.publish_time for member in members if member.publish_time is not None]
    titles = {member.article_id: member.title for member in members}
    return dataclasses.replace(
        story,
        title=_clipped(titles[canonical.article_id]) or story.title,
        canonical=canonical,
        article_count=len(members),
        unique_count=len(groups),
        reprint_count=len(members) - len(groups),
        source_count=len({member.source for member in members}),
        revision=story.revision + 1,
        update_time=now,
        first_publish_time=min(times, default=None),
        last_publish_time=max(times, default=None),
    )
