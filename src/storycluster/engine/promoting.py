"""How is a plan published: which of its changes are still right, and how are they made?

All of it happens in one transaction, on the writer's thread. A plan was made from a snapshot; what
was decided since, and what editors said, wins over it. A change that may not be made any more is
skipped with a reason; the others are made by the same steps as a decision of the server.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from storycluster.domain import (
    Act,
    Change,
    ChangeKind,
    EventKind,
    Evidence,
    Promotion,
    RunnerUp,
    Skipped,
    SkipReason,
)
from storycluster.engine import reading
from storycluster.engine.entry import Entry
from storycluster.engine.explaining import Why
from storycluster.engine.settled import pair
from storycluster.engine.stories import Stories
from storycluster.errors import InvalidInput, NotFound, PreconditionFailed

RECLUSTER = "recluster"
"""The kind of evidence that names a job's change: its probability."""


@dataclass(frozen=True, slots=True)
class Order:
    """What is asked for: the changes of one job, in order, and how they are told.

    `quiet`: one event for all of them. `model` is the name of the model that decided them.
    """

    job_id: str
    snapshot_sequence: int
    changes: Sequence[Change]
    quiet: bool
    model: str


def promote(stories: Stories, order: Order) -> Promotion:
    """Make the changes that still hold, once: a job that was promoted gets its record back.

    Raises InvalidInput for a change that is none, NotFound for a collection without articles,
    PreconditionFailed for a snapshot of articles that are not there.
    """
    transaction, collection = stories.transaction, stories.collection
    known = transaction.promotion(collection, order.job_id)
    if known is not None:
        return known
    check(order.changes)
    if not stories.sequence:
        raise NotFound(resource="collection", name=collection)
    if order.snapshot_sequence > stories.sequence:
        raise PreconditionFailed(
            f"the plan was made of {order.snapshot_sequence} articles, "
            f"the collection has {stories.sequence}: it began anew since"
        )
    stories = dataclasses.replace(stories, act=Act("", f"recluster job {order.job_id}"))
    done = _Promoting(dataclasses.replace(stories, silent=order.quiet), order).run()
    transaction.add_promotion(collection, done)
    stories.index.settled.add(done)
    detail = {
        "job": done.job_id,
        "applied": str(done.applied),
        "skipped": str(len(done.skipped)),
        "quiet": str(done.quiet).lower(),
    }
    stories.tell(EventKind.RECLUSTER_PROMOTED, "", "", detail)
    return done


def check(changes: Sequence[Change]) -> None:
    """Raise InvalidInput that names the first change that cannot be one, and its field."""
    for place, change in enumerate(changes):
        at = f"changes[{place}]"
        if not change.article_ids:
            raise InvalidInput.of(f"{at}.article_ids", "must not be empty")
        if not change.from_story:
            raise InvalidInput.of(f"{at}.from_story", "must not be empty")
        if (change.kind is ChangeKind.SPLIT) is bool(change.to_story):
            told = "must be empty for a split" if change.to_story else "must not be empty"
            raise InvalidInput.of(f"{at}.to_story", told)
        if not 0.0 <= change.probability <= 1.0:
            raise InvalidInput.of(f"{at}.probability", "must be from 0 to 1")


class _Skip(Exception):
    """A change is not made. Raised before anything of it is."""

    def __init__(self, reason: SkipReason, subject: str = "") -> None:
        self.reason = reason
        self.subject = subject
        super().__init__(reason)


@dataclass(slots=True, eq=False)
class _Promoting:
    """One promote under way."""

    stories: Stories
    order: Order
    touched: set[str] = field(default_factory=set)
    groups: set[str] = field(default_factory=set)
    settled: set[int] = field(default_factory=set)
    parted: set[tuple[str, str]] = field(default_factory=set)

    def run(self) -> Promotion:
        """What came of it."""
        skipped = []
        stale = [self._stale(change) for change in self.order.changes]  # before the first is made
        for place, change in enumerate(self.order.changes):
            try:
                self._make(change, stale[place])
            except _Skip as skip:
                skipped.append(Skipped(place, skip.reason, skip.subject))
        for story_id in sorted(self.touched):
            if self.stories.index.members(story_id):
                self.stories.refresh(story_id)
        return Promotion(
            job_id=self.order.job_id,
            time=self.stories.now,
            snapshot_sequence=self.order.snapshot_sequence,
            quiet=self.order.quiet,
            applied=len(self.order.changes) - len(skipped),
            skipped=tuple(skipped),
            settled=tuple(sorted(self.settled)),
            parted=tuple(sorted(self.parted)),
        )

    # -- is it still as it was planned? -----------------------------------------------------------

    def _stale(self, change: Change) -> _Skip | None:
        """What was decided since the snapshot about an article of the change."""
        for article_id in change.article_ids:
            if article_id not in self.stories.index.sequences:
                return _Skip(SkipReason.GONE, article_id)
            if self.stories.index.entry(article_id).story_id != change.from_story:
                return _Skip(SkipReason.MOVED, article_id)
            decided = self.stories.stored(article_id).assignment.sequence
            if decided > self.order.snapshot_sequence:
                return _Skip(SkipReason.DECIDED_SINCE, article_id)
        return None

    def _make(self, change: Change, stale: _Skip | None) -> None:
        """Make one change, or raise _Skip."""
        if stale is not None:
            raise stale
        leaving, staying = self._parts(change)
        home = leaving[0].story_id
        if change.kind is ChangeKind.SPLIT:
            self._split(change, leaving, staying)
        else:
            self._bring(change, leaving, staying, target=self._target(change, home))
        self.groups.update(entry.reprint_group for entry in leaving)

    def _parts(self, change: Change) -> tuple[list[Entry], list[Entry]]:
        """Who leaves the story, with all copies, and who stays, both in order of arrival."""
        index = self.stories.index
        asked = [index.entry(article_id) for article_id in change.article_ids]
        for entry in asked:  # an earlier change may have taken the whole story elsewhere
            if entry.reprint_group in self.groups or entry.story_id != asked[0].story_id:
                raise _Skip(SkipReason.EARLIER_CHANGE, entry.article_id)
        groups = {entry.reprint_group for entry in asked}
        members = index.members(asked[0].story_id)
        leaving = [one for one in members if one.reprint_group in groups]
        return leaving, [one for one in members if one.reprint_group not in groups]

    def _target(self, change: Change, home: str) -> str:
        """The live story that the articles are to go to."""
        transaction, collection = self.stories.transaction, self.stories.collection
        try:
            found = reading.resolve(transaction, collection, change.to_story)
        except NotFound:
            raise _Skip(SkipReason.NO_STORY, change.to_story) from None
        if not found.state.live:
            raise _Skip(SkipReason.NO_STORY, change.to_story)
        if found.story_id == home:
            raise _Skip(SkipReason.SAME_STORY, change.to_story)
        return found.story_id

    # -- does an editor's word stand against it? --------------------------------------------------

    def _check_unlocked(self, *story_ids: str) -> None:
        for story_id in story_ids:
            if story_id in self.stories.index.constraints.locked:
                raise _Skip(SkipReason.LOCKED, story_id)

    def _check_leaving(self, leaving: Sequence[Entry], staying: Sequence[Entry]) -> None:
        """Raise _Skip where an editor's word keeps the articles in their story."""
        if self.stories.may_leave(leaving):
            return
        pinned = self.stories.index.constraints.pinned
        for entry in leaving:
            if entry.article_id in pinned:
                raise _Skip(SkipReason.PINNED, entry.article_id)
        raise _Skip(SkipReason.LINKED, _first_linked(self.stories, leaving, staying))

    # -- the changes ------------------------------------------------------------------------------

    def _split(self, change: Change, leaving: list[Entry], staying: list[Entry]) -> None:
        """Give the articles a new story."""
        home, cause = leaving[0].story_id, leaving[0].article_id
        if not staying:
            raise _Skip(SkipReason.NOBODY_STAYS, home)
        self._check_unlocked(home)
        self._check_leaving(leaving, staying)
        opened = self.stories.part(leaving, self._why(change, home))
        self.stories.tell(EventKind.STORY_SPLIT, home, cause, {"split_into": opened})
        self.touched |= {home, opened}
        self._settle(leaving)
        self.parted.add(pair(home, opened))

    def _bring(
        self, change: Change, leaving: list[Entry], staying: list[Entry], *, target: str
    ) -> None:
        """Put the articles into another story; where nobody stays behind the two become one, so
        that the id that is left goes on resolving."""
        home, cause = leaving[0].story_id, leaving[0].article_id
        self._check_unlocked(home, target)
        if not self.stories.may_join(leaving, target):
            raise _Skip(SkipReason.SEPARATED, target)
        if not staying:
            coming = [*leaving, *self.stories.index.members(target)]
            gone = max(home, target)
            self.stories.merge(home, target, self._why(change, gone), cause=cause)
            moved = [one for one in coming if one.story_id == gone]
            self._settle([*leaving, *moved])
            self.touched.add(min(home, target))
            return
        self._check_leaving(leaving, staying)
        self.stories.transfer(leaving, target, self._why(change, home))
        self.touched |= {home, target}
        self._settle(leaving)
        if change.kind is ChangeKind.MOVE:  # what stays of a merged story came after the snapshot
            self.parted.add(pair(home, target))

    def _settle(self, entries: Iterable[Entry]) -> None:
        self.settled.update(entry.sequence for entry in entries)

    def _why(self, change: Change, lost: str) -> Why:
        """The job's own evidence first; the story that is left is why not, in its words."""
        named = Evidence(RECLUSTER, change.probability, 0.5, change.probability >= 0.5)
        weighed = any(one.weight for one in change.evidence)
        return Why(
            evidence=(named, *change.evidence),
            runners_up=(RunnerUp(lost, 1.0 - change.probability, change.reason),),
            confidence=change.probability,
            model=self.order.model if weighed else "",
        )


def _first_linked(stories: Stories, leaving: Sequence[Entry], staying: Sequence[Entry]) -> str:
    """The first article that an editor linked to one that stays."""
    ids = [entry.article_id for entry in staying]
    for entry in leaving:
        if stories.index.constraints.together([entry.article_id], ids):
            return entry.article_id
    return ""
