"""What may an editor do?

Each method waits for the writer and returns when what it did is durable. What is refused, with
NotFound, PreconditionFailed, StoryChanged, ArticleWithdrawn or InvalidInput, changed nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TypeVar

from storycluster.domain import (
    DEFAULT_COLLECTION,
    PUBLIC,
    Act,
    ConstraintKind,
    Override,
    Rights,
    Story,
    Tombstone,
)
from storycluster.engine import editing, feed, undoing, withdrawing
from storycluster.engine.editing import Edited
from storycluster.engine.overrides import Overrides
from storycluster.engine.prepare import text_problem
from storycluster.engine.writer import Listener, Writer
from storycluster.errors import FieldViolation, InvalidInput
from storycluster.ports import Store
from storycluster.settings import Settings

T = TypeVar("T")


class Editorial:
    """The acts of editors over one writer. `expected_revision` is that of the story which an act
    changes, as the editor saw it; 0: any. What is held is not there for an act, but that callers
    with the right withdraw, reinstate and erase it."""

    settings: Settings
    _writer: Writer
    _store: Store

    def withdraw(
        self, collection: str, article_id: str, act: Act, *, rights: Rights = PUBLIC
    ) -> Tombstone:
        """Take an article out of everything; harmless for one that is gone already."""
        return self._act(collection, act, lambda on: withdrawing.withdraw(on, article_id, rights))

    def reinstate(
        self, collection: str, article_id: str, act: Act, *, rights: Rights = PUBLIC
    ) -> Story:
        """Bring a withdrawn article back; the story it is in."""
        return self._act(collection, act, lambda on: withdrawing.reinstate(on, article_id, rights))

    def erase(
        self, collection: str, article_id: str, act: Act, *, rights: Rights = PUBLIC
    ) -> Tombstone:
        """Remove an article for good. Returns when no file of the store holds its bytes; raises
        Unavailable where a reader kept them from being overwritten: then ask again."""
        name = self._named(collection)
        with self._store.read() as snapshot:
            left = snapshot.tombstone(name, article_id)
            if left is None and rights.embargo:
                rows = snapshot.held(name, article_id)
                left = rows[-1].withdrawn if rows else None
        if left is not None and left.erased:
            self._writer.scrub().result()
            return left
        return self._act(
            collection, act, lambda on: withdrawing.erase(on, article_id, rights), erases=True
        )

    def move(
        self,
        collection: str,
        article_id: str,
        story_id: str,
        act: Act,
        *,
        expected_revision: int = 0,
    ) -> Edited:
        """Move an article with its copies to a story, or to a new one where `story_id` is ""."""
        return self._act(
            collection,
            act,
            lambda on: editing.move(on, article_id, story_id, expected_revision=expected_revision),
        )

    def merge(
        self, collection: str, story_id: str, other: str, act: Act, *, expected_revision: int = 0
    ) -> Edited:
        """Make two stories one; the older id stays. `expected_revision` is that of `story_id`."""
        return self._act(
            collection,
            act,
            lambda on: editing.merge(on, story_id, other, expected_revision=expected_revision),
        )

    def split(
        self,
        collection: str,
        story_id: str,
        article_ids: Sequence[str],
        act: Act,
        *,
        expected_revision: int = 0,
    ) -> Edited:
        """Give some articles of a story, with their copies, a new story, which is returned."""
        return self._act(
            collection,
            act,
            lambda on: editing.split(
                on, story_id, article_ids, expected_revision=expected_revision
            ),
        )

    def pin(
        self, collection: str, article_id: str, act: Act, *, expected_revision: int = 0
    ) -> Edited:
        """Let an article stand for its story."""
        return self._act(
            collection,
            act,
            lambda on: editing.pin_canonical(on, article_id, expected_revision=expected_revision),
        )

    def unpin(
        self, collection: str, story_id: str, act: Act, *, expected_revision: int = 0
    ) -> Edited:
        """Let the policy choose the canonical again."""
        return self._act(
            collection,
            act,
            lambda on: editing.unpin_canonical(on, story_id, expected_revision=expected_revision),
        )

    def lock(
        self, collection: str, story_id: str, act: Act, *, expected_revision: int = 0
    ) -> Edited:
        """Keep a story as it is; verified copies of its articles still join it."""
        return self._act(
            collection,
            act,
            lambda on: editing.lock_story(on, story_id, expected_revision=expected_revision),
        )

    def unlock(
        self, collection: str, story_id: str, act: Act, *, expected_revision: int = 0
    ) -> Edited:
        """Let a story change again."""
        return self._act(
            collection,
            act,
            lambda on: editing.unlock_story(on, story_id, expected_revision=expected_revision),
        )

    def link(
        self, collection: str, kind: ConstraintKind, article_id: str, other: str, act: Act
    ) -> Edited:
        """Say that two articles are (MUST_LINK) or are not (CANNOT_LINK) about one event: the
        second comes to the first, or leaves it."""
        return self._act(
            collection, act, lambda on: editing.link_articles(on, kind, article_id, other)
        )

    def unlink(self, collection: str, article_id: str, other: str, act: Act) -> Override:
        """Take back what was said of two articles; they stay where they are."""
        return self._act(collection, act, lambda on: editing.unlink_articles(on, article_id, other))

    def undo(self, collection: str, sequence: int, act: Act) -> Override:
        """Take an override back, as far as its articles are still where it put them."""
        return self._act(collection, act, lambda on: undoing.undo(on, sequence))

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` with the name of a collection after each commit that changed it, on the
        writer's thread; returns what ends that."""
        return self._writer.listen(listener)

    def place_in_feed(self, collection: str, reader: str) -> int:
        """The last event that a named reader of the feed has done with; for a new one the last that
        was imported, 0 where none was."""
        with self._store.read() as snapshot:
            return feed.place(snapshot, self._named(collection), reader)

    def keep_place_in_feed(self, collection: str, reader: str, sequence: int) -> None:
        """Remember that a named reader has done with every event up to `sequence`; durable when it
        returns. It tells no listener. Nothing is kept for a collection without such an event."""
        name = self._named(collection)
        self._writer.note(lambda on: feed.keep_place(on, name, reader, sequence=sequence)).result()

    def _act(
        self,
        collection: str,
        act: Act,
        run: Callable[[Overrides], T],
        *,
        erases: bool = False,
        renews: bool = False,
    ) -> T:
        """Run one act on the writer's thread."""
        name = self._named(collection)
        self._check_act(act)
        done: T = self._writer.edit(
            name, lambda stories: run(Overrides(stories, act)), erases=erases, renews=renews
        ).result()
        return done

    def _check_act(self, act: Act) -> None:
        """Raise InvalidInput that names what is empty, too long or no text."""
        found = []
        for name, value, limit in (
            ("actor", act.actor, self.settings.limits.id_bytes),
            ("reason", act.reason, self.settings.limits.field_bytes),
        ):
            problem = text_problem(value, limit) if value.strip() else "must not be empty"
            if problem:
                found.append(FieldViolation(name, problem))
        if found:
            raise InvalidInput(violations=found)

    def _named(self, collection: str) -> str:
        """The collection's name, "" for the default. InvalidInput for one that cannot be."""
        name = collection or DEFAULT_COLLECTION
        if problem := self._id_problem(name):
            raise InvalidInput.of("collection", problem)
        return name

    def _id_problem(self, value: str) -> str:
        return text_problem(value, self.settings.limits.id_bytes)
