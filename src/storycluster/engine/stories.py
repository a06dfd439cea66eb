"""How are the rows of a story changed?

A story is opened, counted anew, given its canonical, merged into another, or loses members to
another. Who moves is decided elsewhere (`surroundings`, `repair`). All within the writer's
transaction; each change leaves its event.
"""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from storycluster.audit import Change, constraint_change, sides
from storycluster.canonical import choose_canonical
from storycluster.domain import (
    Act,
    Assignment,
    Canonical,
    Constraint,
    ConstraintKind,
    EventKind,
    Relation,
    StoredArticle,
    Story,
    StoryState,
)
from storycluster.engine.constraints import pin
from storycluster.engine.entry import Entry
from storycluster.engine.explaining import Why
from storycluster.engine.feed import AUDIT_ONLY
from storycluster.engine.index import CollectionIndex
from storycluster.engine.prepare import headline
from storycluster.engine.standing import canonical_candidates
from storycluster.engine.story_rows import clipped, emptied, ended, new_story_id, recounted
from storycluster.errors import StoreCorrupt
from storycluster.ports import Transaction
from storycluster.settings import Settings

ITSELF = Act("", "")
"""The server, for no reason that is told."""

_COPIES = (Relation.NEAR_COPY, Relation.EXACT_COPY)


@dataclass(frozen=True, slots=True, eq=False)
class Stories:
    """The stories of one collection at one moment (`now`), within one transaction."""

    collection: str
    transaction: Transaction
    index: CollectionIndex
    settings_digest: str
    now: datetime
    settings: Settings
    silent: bool = False
    """Whether what changes is told to the audit alone: the feed hears of it from somebody else."""
    act: Act = ITSELF
    """Who changes them, and why; an actor of "" is the server itself."""

    @property
    def canonical_policy(self) -> str:
        """The collection's own, or the server's."""
        return self.index.chosen.canonical_policy or self.settings.canonical_policy

    @property
    def source_rank(self) -> Sequence[str]:
        """The collection's own, or the server's."""
        return self.index.chosen.source_rank or self.settings.source_rank

    @property
    def sequence(self) -> int:
        """Of the newest article: where in the collection's history this happens."""
        return self.transaction.last_sequence(self.collection)

    # -- what editors said ------------------------------------------------------------------------

    def may_merge(self, one: str, other: str) -> bool:
        """Whether no editor's word is against making two stories one."""
        held = self.index.constraints
        return not held.locked & {one, other} and not held.apart(self._ids(one), self._ids(other))

    def may_join(self, group: Sequence[Entry], story_id: str) -> bool:
        """Whether no editor's word is against articles of elsewhere in a story."""
        held = self.index.constraints
        return story_id not in held.locked and not held.apart(_named(group), self._ids(story_id))

    def may_leave(self, group: Sequence[Entry]) -> bool:
        """Whether no editor's word is against articles leaving the story they are in."""
        held, leaving = self.index.constraints, _named(group)
        story_id = group[0].story_id
        staying = [one for one in self._ids(story_id) if one not in leaving]
        fixed = story_id in held.locked or bool(held.pinned & leaving)
        return not fixed and not held.together(leaving, staying)

    def broken(
        self, said: Constraint, *, reason: str, story_id: str = "", changes: Iterable[Change] = ()
    ) -> None:
        """A constraint ends that nobody took back: an event says so, after other `changes`."""
        self.transaction.drop_constraint(self.collection, said)
        self.index.constraints.drop(said)
        about = "" if said.kind is ConstraintKind.LOCK else said.subject
        detail = {"kind": said.kind.value, "reason": reason}
        told = [*changes, constraint_change(said, held=False)]
        self.tell(EventKind.OVERRIDE_BROKEN, story_id, about, detail, changes=told)

    def _ids(self, story_id: str) -> list[str]:
        return [entry.article_id for entry in self.index.members(story_id)]

    # -- rows -------------------------------------------------------------------------------------

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

    def open(self, story_id: str, *, title: str, founder: str) -> None:
        """Put the row of a new story, still without members."""
        story = Story(
            story_id=story_id,
            state=StoryState.OPEN,
            title=clipped(title),
            article_count=0,
            unique_count=0,
            reprint_count=0,
            source_count=0,
            revision=0,
            create_time=self.now,
            update_time=self.now,
        )
        self.transaction.put_story(self.collection, story)
        began = [("story.state", "", story.state.value)]
        self.tell(EventKind.STORY_CREATED, story_id, founder, changes=began)

    def set_state(self, story: Story, state: StoryState) -> Story:
        """Put a story with another state, and tell it; the story as it is now."""
        changed = dataclasses.replace(
            story, state=state, revision=story.revision + 1, update_time=self.now
        )
        self.transaction.put_story(self.collection, changed)
        changes = [("story.state", story.state.value, state.value)]
        self.tell(EventKind.STORY_UPDATED, story.story_id, "", changes=changes)
        return changed

    def merge(self, one: str, other: str, why: Why, *, cause: str) -> str:
        """Make two stories one; the older id stays, is returned, and the other redirects to it.

        `cause` is the article that showed it. The row of the one that stays is not counted anew.
        """
        winner, loser = sorted((one, other))
        members = self.index.members(loser)
        self.index.move(members, winner)
        for entry in members:
            was = self.stored(entry.article_id).assignment
            founder = was.relation is Relation.NEW_STORY
            relation = Relation.SAME_STORY if founder else was.relation
            self._reassign(was, entry, winner, relation=relation, why=why)
        self._redirect(loser, winner, cause=cause)
        pinned = self.index.constraints.pinned
        pins = [one for one in self.index.members(winner) if one.article_id in pinned]
        for entry in sorted(pins, key=lambda one: one in members)[1:]:  # the winner's stands
            told = "its story was merged into one with a pin"
            self.broken(pin(entry.article_id), reason=told, story_id=winner)
        return winner

    def group(self, entry: Entry) -> list[Entry]:
        """The reprint group of an article within its story: copies stay together."""
        members = self.index.members(entry.story_id)
        return [one for one in members if one.reprint_group == entry.reprint_group]

    def transfer(self, moved: Sequence[Entry], story_id: str, why: Why) -> None:
        """Move members of one story, in order of arrival, to another, which may be new.

        Verified copies keep their relation. Neither story is counted anew.
        """
        opening = not self.index.members(story_id)
        self.index.move(moved, story_id)
        for place, entry in enumerate(moved):
            was = self.stored(entry.article_id).assignment
            relation = was.relation
            if relation in (Relation.NEW_STORY, Relation.SAME_STORY):
                relation = Relation.NEW_STORY if opening and not place else Relation.SAME_STORY
            self._reassign(was, entry, story_id, relation=relation, why=why)

    def part(self, leaving: Sequence[Entry], why: Why) -> str:
        """Give some members of a story, in order of arrival, a story of their own; returns its id.

        The new story is counted, the one they left is not yet.
        """
        founder = leaving[0].article_id
        opened = self.unused_id(founder, self.sequence)
        self.open(opened, title=self.stored(founder).article.title, founder=founder)
        self.transfer(leaving, opened, why)
        self.refresh(opened)
        return opened

    def unused_id(self, founder: str, sequence: int) -> str:
        """A new story id; an article may found a second story at one sequence, after a merge."""
        for attempt in itertools.count():
            story_id = new_story_id(self.collection, founder, sequence, attempt=attempt)
            if self.transaction.story(self.collection, story_id) is None:
                break
        return story_id

    def stored(self, article_id: str) -> StoredArticle:
        """The latest revision of an article that must be there."""
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
            sequence=self.sequence,
            evidence=why.evidence,
            runners_up=why.runners_up,
            model=why.model,
            settings_digest=self.settings_digest,
        )
        self.transaction.add_assignment(self.collection, moved)
        detail = {"from_story_id": entry.story_id}
        changes = [("article.story_id", entry.story_id, story_id)]
        self.tell(EventKind.MEMBER_MOVED, story_id, entry.article_id, detail, changes=changes)

    def _redirect(self, loser: str, winner: str, *, cause: str) -> None:
        was = self.get(loser)
        gone = emptied(was, StoryState.MERGED, self.now)
        gone = dataclasses.replace(gone, merged_into_story_id=winner)
        self.transaction.put_story(self.collection, gone)
        changes = [*ended(was, gone.state), ("story.merged_into", "", winner)]
        self.tell(EventKind.STORY_MERGED, loser, cause, {"merged_into": winner}, changes=changes)

    def redirect_promised(self, promised: str, home: str, *, cause: str) -> None:
        """Let a story id that was promised, and under which no story began, resolve for good."""
        row = Story(
            story_id=promised,
            state=StoryState.MERGED,
            title="",
            article_count=0,
            unique_count=0,
            reprint_count=0,
            source_count=0,
            revision=0,
            create_time=self.now,
            update_time=self.now,
            merged_into_story_id=home,
        )
        self.transaction.put_story(self.collection, row)
        changes = [("story.state", "", row.state.value), ("story.merged_into", "", home)]
        untold = dataclasses.replace(self, silent=True)
        untold.tell(EventKind.STORY_MERGED, promised, cause, {"merged_into": home}, changes=changes)

    def lose(self, entry: Entry, copies: Sequence[Entry]) -> None:
        """A withdrawn article, found no longer, is gone from its story; a story without articles
        closes. The first of its `copies`, in order of arrival, becomes the original of the rest."""
        if copies and entry.reprint_group == entry.article_id:
            self._succeed(copies)
        left = [("article.story_id", entry.story_id, "")]
        self.tell(EventKind.MEMBER_REMOVED, entry.story_id, entry.article_id, changes=left)
        if self.index.members(entry.story_id):
            self.refresh(entry.story_id)
            return
        was = self.get(entry.story_id)
        closed = emptied(was, StoryState.CLOSED, self.now)
        self.transaction.put_story(self.collection, closed)
        lost = ended(was, closed.state)
        self.tell(EventKind.STORY_CLOSED, entry.story_id, entry.article_id, changes=lost)

    def _succeed(self, copies: Sequence[Entry]) -> None:
        first = copies[0].article_id
        self.index.regroup(copies, first)
        for entry in copies:
            was = self.stored(entry.article_id).assignment
            original = entry.article_id == first
            regrouped = dataclasses.replace(
                was,
                relation=Relation.SAME_STORY if original else Relation.NEAR_COPY,
                copy_of="" if original else first,
                reprint_group=first,
                sequence=self.sequence,
            )
            self.transaction.add_assignment(self.collection, regrouped)
            changes = [("article.reprint_group", was.reprint_group, first)]
            where = entry.story_id
            self.tell(EventKind.MEMBER_REGROUPED, where, entry.article_id, changes=changes)

    def regain(self, assignment: Assignment) -> None:
        """A withdrawn article is found again, as a member of the story of its assignment, which
        may be closed."""
        was = self.stored(assignment.article_id).assignment
        self.transaction.reinstate_article(self.collection, assignment)
        self.index.reinstate(assignment.article_id, assignment.story_id, assignment.reprint_group)
        story = self.get(assignment.story_id)
        if not story.state.live:
            opened = dataclasses.replace(story, state=StoryState.OPEN)
            self.transaction.put_story(self.collection, opened)
            again = [("story.state", story.state.value, opened.state.value)]
            self.tell(
                EventKind.STORY_REOPENED, story.story_id, assignment.article_id, changes=again
            )
        came = [
            ("article.story_id", "", story.story_id),
            ("article.reprint_group", was.reprint_group, assignment.reprint_group),
        ]
        self.tell(EventKind.MEMBER_ADDED, story.story_id, assignment.article_id, changes=came)
        self.refresh(story.story_id)

    def refresh(self, story_id: str, *, cause: str = "") -> Canonical:
        """Count the members again and choose the canonical; an event where it changed.

        The story is titled after its canonical, read again where that changed or is the `cause`.
        """
        story, members = self.get(story_id), self.index.members(story_id)
        canonical = choose_canonical(
            canonical_candidates(
                members,
                self.canonical_policy,
                self.source_rank,
                pinned=self.index.constraints.pinned,
            ),
            self.canonical_policy,
            present=self._holder(story),
            margin=self.settings.canonical_margin,
        )
        before = story.canonical.article_id if story.canonical else ""
        title = story.title
        if canonical.article_id != before or canonical.article_id == cause:
            title = clipped(headline(self.stored(canonical.article_id).article, self.settings))
        self.transaction.put_story(
            self.collection, recounted(story, members, canonical, title, self.now)
        )
        if canonical.article_id != before:
            detail = {"from_article_id": before, "reason": canonical.reason}
            changes = [("story.canonical", before, canonical.article_id)]
            self.tell(
                EventKind.CANONICAL_CHANGED, story_id, canonical.article_id, detail, changes=changes
            )
        return canonical

    def _holder(self, story: Story) -> str:
        """The id of the canonical that may hold: one that this policy chose, else ""."""
        if story.canonical is None or story.canonical.policy != self.canonical_policy:
            return ""
        return story.canonical.article_id

    def tell(
        self,
        kind: EventKind,
        story_id: str,
        article_id: str,
        detail: Mapping[str, str] | None = None,
        *,
        changes: Iterable[Change] = (),
    ) -> None:
        """Append an event to the feed, and to the audit who made it happen and what it changed."""
        before, after = sides(changes)
        if self.silent:
            detail = {**(detail or {}), AUDIT_ONLY: "true"}
        self.transaction.add_event(
            self.collection,
            kind,
            time=self.now,
            story_id=story_id,
            article_id=article_id,
            detail=detail,
            actor=self.act.actor,
            reason=self.act.reason,
            before=before,
            after=after,
        )


def _named(entries: Sequence[Entry]) -> set[str]:
    return {entry.article_id for entry in entries}
