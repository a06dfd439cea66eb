"""What happens to a story when an article comes into it?

A story is opened, counted anew, given its canonical, or found to be another one and merged into it.
All within the writer's transaction; each change leaves its event.
"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from storycluster.canonical import CanonicalCandidate, choose_canonical
from storycluster.decision import Model, Scored, score
from storycluster.domain import Canonical, EventKind, Member, Relation, Story, StoryState
from storycluster.engine.index import CollectionIndex
from storycluster.errors import StoreCorrupt
from storycluster.ports import Transaction

_TITLE_CHARACTERS = 200


@dataclass(frozen=True, slots=True, eq=False)
class Stories:
    """The stories of one collection at one moment (`now`), within one transaction."""

    collection: str
    transaction: Transaction
    index: CollectionIndex
    model: Model
    canonical_policy: str
    now: datetime

    def get(self, story_id: str) -> Story:
        """The row of a story that must be there."""
        story = self.transaction.story(self.collection, story_id)
        if story is None:
            raise StoreCorrupt(f"story {story_id!r} has members but no row")
        return story

    def canonical(self, story_id: str) -> Canonical:
        """The canonical that a story has now."""
        canonical = self.get(story_id).canonical
        if canonical is None:
            raise StoreCorrupt(f"story {story_id!r} has no canonical")
        return canonical

    def open(self, story_id: str, *, headline: str, founder: str) -> None:
        """Put the row of a new story, still without members."""
        story = Story(
            story_id=story_id,
            state=StoryState.OPEN,
            title=_clipped(headline),
            article_count=0,
            unique_count=0,
            reprint_count=0,
            source_count=0,
            revision=0,
            create_time=self.now,
            update_time=self.now,
        )
        self.transaction.put_story(self.collection, story)
        self.tell(EventKind.STORY_CREATED, story_id, founder)

    def merge_near(self, home: str, scored: Sequence[Scored], *, cause: str, sequence: int) -> str:
        """Merge into one the stories that a new article shows to be one; the older id stays.

        `home` is the story of the new article `cause` (at `sequence`), `scored` what it was measured
        against. Returns the id under which its story goes on.
        """
        for other in scored:
            if other.story_id == home or other.probability < self.model.threshold:
                continue
            if self._same_story(home, other.story_id):
                winner, loser = sorted((home, other.story_id))
                self._merge(loser, winner, cause=cause, sequence=sequence)
                home = winner
        return home

    def _same_story(self, one: str, other: str) -> bool:
        """Whether the members of the smaller story, on average, belong to the larger."""
        a, b = self.index.story(one), self.index.story(other)
        small, large = (a, b) if len(a.members) <= len(b.members) else (b, a)
        belonging = [score(member, large, self.model).probability for member in small.members]
        return sum(belonging) / len(belonging) >= self.model.merge_threshold

    def _merge(self, loser: str, winner: str, *, cause: str, sequence: int) -> None:
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
                sequence=sequence,
            )
            self.transaction.add_assignment(self.collection, moved)
            self.tell(EventKind.MEMBER_MOVED, winner, entry.article_id, {"from_story_id": loser})
        gone = dataclasses.replace(
            self.get(loser),
            state=StoryState.MERGED,
            merged_into_story_id=winner,
            canonical=None,
            article_count=0,
            unique_count=0,
            reprint_count=0,
            source_count=0,
            update_time=self.now,
        )
        self.transaction.put_story(self.collection, gone)
        self.tell(EventKind.STORY_MERGED, loser, cause, {"merged_into": winner})

    def refresh(self, story_id: str) -> Canonical:
        """Count the members again and choose the canonical; an event where it changed."""
        story = self.get(story_id)
        members = self.transaction.members(self.collection, story_id)
        canonical = choose_canonical(
            [self._canonical_candidate(member) for member in members], self.canonical_policy
        )
        self.transaction.put_story(self.collection, _recounted(story, members, canonical, self.now))
        before = story.canonical.article_id if story.canonical else ""
        if canonical.article_id != before:
            detail = {"from_article_id": before, "reason": canonical.reason}
            self.tell(EventKind.CANONICAL_CHANGED, story_id, canonical.article_id, detail)
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

    def tell(
        self,
        kind: EventKind,
        story_id: str,
        article_id: str,
        detail: Mapping[str, str] | None = None,
    ) -> None:
        """Append an event to the feed."""
        self.transaction.add_event(
            self.collection,
            kind,
            time=self.now,
            story_id=story_id,
            article_id=article_id,
            detail=detail,
        )


def new_story_id(collection: str, article_id: str, sequence: int) -> str:
    """An opaque id whose order is that of creation; the same for the same history."""
    named = f"{collection}\x00{article_id}\x00{sequence}".encode()
    return f"s{sequence:010x}{hashlib.blake2b(named, digest_size=4).hexdigest()}"


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
