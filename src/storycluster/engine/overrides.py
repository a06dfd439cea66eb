"""How is what an editor does written down, and what does it ask for before it begins?

Every check comes before the first change: a refused act leaves no trace.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from storycluster.audit import Change, constraint_change
from storycluster.domain import (
    Act,
    Constraint,
    EventKind,
    Evidence,
    Override,
    OverrideKind,
    Story,
    Tombstone,
)
from storycluster.engine import reading
from storycluster.engine.constraints import Constraints, lock, pin
from storycluster.engine.entry import Entry
from storycluster.engine.explaining import Why
from storycluster.engine.stories import Stories
from storycluster.errors import NotFound, PreconditionFailed, StoryChanged

EDITOR = Why((Evidence("editor", 1.0, 1.0, passed=True),), (), 1.0, "")
"""Why an article is where an editor put it."""


@dataclass(frozen=True, slots=True, eq=False)
class Overrides:
    """The record of one act in one collection, within one transaction."""

    stories: Stories
    act: Act
    changed: list[Change] = field(default_factory=list)
    """Constraints that began or ended and were not told yet."""

    def __post_init__(self) -> None:
        """Whatever changes the stories from now on is told as this act."""
        object.__setattr__(self, "stories", replace(self.stories, act=self.act))

    @property
    def held(self) -> Constraints:
        """What editors said and that holds."""
        return self.stories.index.constraints

    # -- checks -----------------------------------------------------------------------------------

    def story(self, story_id: str, *, expected_revision: int = 0) -> Story:
        """The live story that an id stands for. Raises NotFound, PreconditionFailed for a closed
        one, StoryChanged for another revision than the expected one (0: any)."""
        found = reading.resolve(self.stories.transaction, self.stories.collection, story_id)
        if not found.state.live:
            raise PreconditionFailed(f"story {found.story_id} is closed: it has no article")
        if expected_revision not in (0, found.revision):
            raise StoryChanged(
                f"story {found.story_id} is at revision {found.revision}, "
                f"not {expected_revision}: read it again",
                field="expected_revision",
                name=found.story_id,
            )
        return found

    def unlocked(self, story: Story) -> Story:
        """`story`. Raises PreconditionFailed where it is locked."""
        if story.story_id in self.held.locked:
            raise PreconditionFailed(f"story {story.story_id} is locked: unlock it first")
        return story

    def entry(self, article_id: str) -> Entry:
        """A live article. Raises ArticleWithdrawn, NotFound."""
        reading.refuse_withdrawn(self.stories.transaction, self.stories.collection, article_id)
        if article_id not in self.stories.index.sequences:
            raise NotFound(resource="article", name=article_id)
        return self.stories.index.entry(article_id)

    def tombstone(self, article_id: str) -> Tombstone | None:
        """What is left of an article, None for a live one. Raises NotFound for an unknown one."""
        transaction, collection = self.stories.transaction, self.stories.collection
        found = transaction.tombstone(collection, article_id)
        if found is None:
            self.entry(article_id)
        return found

    # -- the record -------------------------------------------------------------------------------

    def record(
        self,
        kind: OverrideKind,
        *,
        story_id: str = "",
        other_story_id: str = "",
        article_ids: Sequence[str] = (),
        undoes: int = 0,
        made: Sequence[Constraint] = (),
        dropped: Sequence[Constraint] = (),
        changes: Sequence[Change] = (),
    ) -> Override:
        """Write down and tell what was done: the constraints it stated and those it ended, and the
        `changes` that no other event tells."""
        transaction, collection = self.stories.transaction, self.stories.collection
        newest = transaction.overrides(collection, limit=1)
        override = Override(
            sequence=newest[0].sequence + 1 if newest else 1,
            kind=kind,
            time=self.stories.now,
            actor=self.act.actor,
            reason=self.act.reason,
            story_id=story_id,
            other_story_id=other_story_id,
            article_ids=tuple(article_ids),
            undoes=undoes,
            made=tuple(made),
            dropped=tuple(dropped),
        )
        transaction.put_override(collection, override)
        detail = {
            "override": str(override.sequence),
            "kind": kind.value,
            "actor": self.act.actor,
            "reason": self.act.reason,
        }
        first = article_ids[0] if article_ids else ""
        told = [*self.changed, *changes]
        self.changed.clear()
        self.stories.tell(EventKind.OVERRIDE_APPLIED, story_id, first, detail, changes=told)
        return override

    def hold(self, constraint: Constraint) -> None:
        """A constraint begins; harmless for one that holds."""
        if not self.held.has(constraint):
            self.changed.append(constraint_change(constraint, held=True))
        self.stories.transaction.add_constraint(self.stories.collection, constraint)
        self.held.add(constraint)

    def release(self, constraint: Constraint) -> None:
        """A constraint ends; harmless for one that does not hold."""
        if self.held.has(constraint):
            self.changed.append(constraint_change(constraint, held=False))
        self._drop(constraint)

    def _drop(self, constraint: Constraint) -> None:
        self.stories.transaction.drop_constraint(self.stories.collection, constraint)
        self.held.drop(constraint)

    def unpin(self, story_id: str, *, besides: str = "") -> list[Constraint]:
        """End the pins of a story's articles, but of one; those that ended."""
        members = [entry.article_id for entry in self.stories.index.members(story_id)]
        ended = [pin(one) for one in members if one in self.held.pinned and one != besides]
        for one in ended:
            self.release(one)
        return ended

    def broken(self, constraint: Constraint, *, reason: str, story_id: str = "") -> None:
        """A constraint ends that nobody took back: an event says so."""
        told = tuple(self.changed)
        self.changed.clear()
        self.stories.broken(constraint, reason=reason, story_id=story_id, changes=told)

    def broken_by_loss(self, entry: Entry, *, reason: str) -> list[Constraint]:
        """End and return what no longer holds once an article is gone: its pin, and the lock of its
        story where that is empty now."""
        ended = []
        if entry.article_id in self.held.pinned:
            ended.append(pin(entry.article_id))
        if entry.story_id in self.held.locked and not self.stories.index.members(entry.story_id):
            ended.append(lock(entry.story_id))
        for one in ended:
            self.broken(one, reason=reason, story_id=entry.story_id)
        return ended
