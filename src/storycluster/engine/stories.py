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
from storycluster.decision import Model, Scored, belonging, score
from storycluster.domain import (
    Assignment,
    Canonical,
    EventKind,
    Relation,
    StoredArticle,
    Story,
    StoryState,
)
from storycluster.engine.explaining import Why, coming_over, leaving, merging
from storycluster.engine.index import CollectionIndex, Entry
from storycluster.errors import StoreCorrupt
from storycluster.ports import Transaction
from storycluster.settings import GuardSettings

_TITLE_CHARACTERS = 200
_COPIES = (Relation.NEAR_COPY, Relation.EXACT_COPY)


@dataclass(frozen=True, slots=True, eq=False)
class Stories:
    """The stories of one collection at one moment (`now`), within one transaction."""

    collection: str
    transaction: Transaction
    index: CollectionIndex
    model: Model
    guards: GuardSettings
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

        `home` is the story of the new article `cause` (at `sequence`), `scored` what it was
        measured against. Returns the id under which its story goes on.
        """
        for other in scored:
            if other.story_id == home or other.probability < self.model.threshold:
                continue
            there = self.index.story(other.story_id)
            likely = belonging(self.index.story(home), there, self.model)
            if likely >= self.model.merge_threshold:
                winner, loser = sorted((home, other.story_id))
                self._merge(loser, winner, likely=likely, cause=cause, sequence=sequence)
                home = winner
        return home

    def _merge(self, loser: str, winner: str, *, likely: float, cause: str, sequence: int) -> None:
        why = merging(likely, self.model)
        members = self.index.members(loser)
        self.index.move(members, winner)
        for entry in members:
            was = self._stored(entry.article_id).assignment
            founder = was.relation is Relation.NEW_STORY
            relation = Relation.SAME_STORY if founder else was.relation
            self._reassign(was, entry, winner, sequence=sequence, relation=relation, why=why)
        self._redirect(loser, winner, cause=cause)

    # -- a second look --------------------------------------------------------------------------

    def look_again(self, home: str, near: Sequence[int], *, cause: str, sequence: int) -> None:
        """Decide again for the articles whose surroundings a new one has changed.

        Reprint groups `near` the new article that belong to its story `home` more than to their own
        come over; groups of `home` that no longer belong to the rest of it leave. One pass; a story
        of more than `second_look_groups` groups is settled and keeps its members.
        """
        for one in near:
            entry = self.index.entries[one]
            if entry.story_id != home:
                self._pull(entry, home, sequence=sequence)
        groups: dict[str, Entry] = {}
        for entry in self.index.members(home):
            groups.setdefault(entry.reprint_group, entry)
        if 2 < len(groups) <= self.guards.second_look_groups:
            for entry in groups.values():
                if entry.article_id != cause:
                    self._push(entry, home, sequence=sequence)

    def _pull(self, entry: Entry, home: str, *, sequence: int) -> None:
        group, there = self._group(entry), entry.story_id
        rest = self.index.rest_of_story(there, group)
        if rest is None:  # alone in its story: whether the two stories are one is asked elsewhere
            return
        here, stays = score(entry.profile, [self.index.story(home), rest], self.model)
        margin = self.guards.second_look_margin
        if here.probability < max(self.model.threshold, stays.probability + margin):
            return
        why = coming_over(here, stays, self.model, margin=margin)
        self._transfer(group, home, sequence=sequence, why=why)
        self.refresh(there)

    def _push(self, entry: Entry, home: str, *, sequence: int) -> None:
        group = self._group(entry)
        rest = self.index.rest_of_story(home, group)
        if rest is None:
            return
        [stays] = score(entry.profile, [rest], self.model)
        margin = self.guards.second_look_margin
        if stays.probability >= self.model.threshold - margin:
            return
        founder = group[0].article_id
        opened = new_story_id(self.collection, founder, sequence)
        self.open(opened, headline=self._stored(founder).article.title, founder=founder)
        why = leaving(stays, self.model, margin=margin)
        self._transfer(group, opened, sequence=sequence, why=why)
        self.refresh(opened)

    def _group(self, entry: Entry) -> list[Entry]:
        """The reprint group of an article within its story: copies stay together."""
        members = self.index.members(entry.story_id)
        return [one for one in members if one.reprint_group == entry.reprint_group]

    def _transfer(self, group: Sequence[Entry], story_id: str, *, sequence: int, why: Why) -> None:
        opening = not self.index.members(story_id)
        self.index.move(group, story_id)
        for place, entry in enumerate(group):
            was = self._stored(entry.article_id).assignment
            relation = was.relation
            if relation in (Relation.NEW_STORY, Relation.SAME_STORY):
                relation = Relation.NEW_STORY if opening and not place else Relation.SAME_STORY
            self._reassign(was, entry, story_id, sequence=sequence, relation=relation, why=why)

    # -- rows -----------------------------------------------------------------------------------

    def _stored(self, article_id: str) -> StoredArticle:
        stored = self.transaction.article(self.collection, article_id)
        if stored is None:
            raise StoreCorrupt(f"article {article_id!r} is indexed but not stored")
        return stored

    def _reassign(
        self,
        was: Assignment,
        entry: Entry,
        story_id: str,
        *,
        sequence: int,
        relation: Relation,
        why: Why,
    ) -> None:
        """Supersede an article's assignment by one to another story; `entry` is as it was. A copy
        keeps its confidence: it goes where its original goes."""
        moved = dataclasses.replace(
            was,
            story_id=story_id,
            relation=relation,
            confidence=was.confidence if relation in _COPIES else why.confidence,
            previous_story_id=entry.story_id,
            sequence=sequence,
            evidence=why.evidence,
            runners_up=why.runners_up,
            model=self.model.name,
        )
        self.transaction.add_assignment(self.collection, moved)
        detail = {"from_story_id": entry.story_id}
        self.tell(EventKind.MEMBER_MOVED, story_id, entry.article_id, detail)

    def _redirect(self, loser: str, winner: str, *, cause: str) -> None:
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

    def refresh(self, story_id: str, *, cause: str = "") -> Canonical:
        """Count the members again and choose the canonical; an event where it changed.

        The story is titled after its canonical, read again where that changed or is the `cause`.
        """
        story, members = self.get(story_id), self.index.members(story_id)
        canonical = choose_canonical(
            [_canonical_candidate(member) for member in members], self.canonical_policy
        )
        before = story.canonical.article_id if story.canonical else ""
        title = story.title
        if canonical.article_id != before or canonical.article_id == cause:
            title = _clipped(self._stored(canonical.article_id).article.title) or title
        self.transaction.put_story(
            self.collection, _recounted(story, members, canonical, title, self.now)
        )
        if canonical.article_id != before:
            detail = {"from_article_id": before, "reason": canonical.reason}
            self.tell(EventKind.CANONICAL_CHANGED, story_id, canonical.article_id, detail)
        return canonical

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


def _canonical_candidate(entry: Entry) -> CanonicalCandidate:
    return CanonicalCandidate(
        article_id=entry.article_id,
        sequence=entry.first_sequence,
        hosted=entry.hosted,
        titled=entry.titled,
        publish_time=entry.first_publish_time,
        publish_precision=entry.first_publish_precision,
        prose_words=entry.prose_words,
    )


def _recounted(
    story: Story, members: Sequence[Entry], canonical: Canonical, title: str, now: datetime
) -> Story:
    groups = {member.reprint_group for member in members}
    times = [member.publish_time for member in members if member.publish_time is not None]
    return dataclasses.replace(
        story,
        title=title,
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
