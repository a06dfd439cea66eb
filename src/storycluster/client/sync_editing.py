"""What can an editor do through a client without asyncio?"""

from __future__ import annotations

from collections.abc import Iterable

from storycluster.client.editing import Edit
from storycluster.client.listing import Listing
from storycluster.client.sync_connection import Connection
from storycluster.domain import Act, ConstraintKind, Override, Story, Tombstone


class EditingCalls(Connection):
    """The calls that put stories right. The SDK repeats none that must not happen twice.

    `actor` and `reason` say who does it and why; both must be told.
    """

    def withdraw_article(
        self, article_id: str, *, actor: str, reason: str, timeout: float | None = None
    ) -> Tombstone:
        """Take an article, every revision of it, out of its story and out of every answer, until it
        is reinstated. Harmless where it is withdrawn already. NotFound."""
        return self._run(self._edits.withdraw(article_id, Act(actor, reason)), timeout)

    def reinstate_article(
        self, article_id: str, *, actor: str, reason: str, timeout: float | None = None
    ) -> Story:
        """Bring a withdrawn article back; the story it is in. NotFound, PreconditionFailed."""
        return self._run(self._edits.reinstate(article_id, Act(actor, reason)), timeout)

    def erase_article(
        self, article_id: str, *, actor: str, reason: str, timeout: float | None = None
    ) -> Tombstone:
        """Remove an article for good; answered when no file of the store holds its text any more.
        Harmless where it is erased already. NotFound."""
        return self._run(self._edits.erase(article_id, Act(actor, reason)), timeout)

    def move_article(
        self,
        article_id: str,
        story_id: str = "",
        *,
        actor: str,
        reason: str,
        expected_revision: int = 0,
        timeout: float | None = None,
    ) -> Edit:
        """Move an article with its copies to a story, or to a new one (""); that story.

        `expected_revision` is `Story.revision` of the story it leaves, as the editor saw it; where
        it is another one by now, StoryChanged; 0: any. NotFound, PreconditionFailed.
        """
        act = Act(actor, reason)
        call = self._edits.move(article_id, story_id, act=act, expected=expected_revision)
        return self._run(call, timeout)

    def merge_stories(
        self,
        story_id: str,
        other_story_id: str,
        *,
        actor: str,
        reason: str,
        expected_revision: int = 0,
        timeout: float | None = None,
    ) -> Edit:
        """Make two stories one: the older id stays, the other redirects to it; that story.

        `expected_revision` is that of `story_id`. NotFound, PreconditionFailed, StoryChanged.
        """
        act = Act(actor, reason)
        call = self._edits.merge(story_id, other_story_id, act=act, expected=expected_revision)
        return self._run(call, timeout)

    def split_story(
        self,
        story_id: str,
        article_ids: Iterable[str],
        *,
        actor: str,
        reason: str,
        expected_revision: int = 0,
        timeout: float | None = None,
    ) -> Edit:
        """Give some articles of a story, with their copies, a story of their own; the new one.
        NotFound, PreconditionFailed, StoryChanged."""
        act = Act(actor, reason)
        call = self._edits.split(story_id, article_ids, act=act, expected=expected_revision)
        return self._run(call, timeout)

    def pin_canonical(
        self,
        article_id: str,
        *,
        actor: str,
        reason: str,
        expected_revision: int = 0,
        timeout: float | None = None,
    ) -> Edit:
        """Make an article the canonical of its story, whatever the policy says. NotFound,
        PreconditionFailed, StoryChanged."""
        call = self._edits.pin(article_id, Act(actor, reason), expected=expected_revision)
        return self._run(call, timeout)

    def unpin_canonical(
        self,
        story_id: str,
        *,
        actor: str,
        reason: str,
        expected_revision: int = 0,
        timeout: float | None = None,
    ) -> Edit:
        """Let the policy choose the canonical again. NotFound, StoryChanged; PreconditionFailed
        where nothing is pinned."""
        call = self._edits.unpin(story_id, Act(actor, reason), expected=expected_revision)
        return self._run(call, timeout)

    def lock_story(
        self,
        story_id: str,
        *,
        actor: str,
        reason: str,
        expected_revision: int = 0,
        timeout: float | None = None,
    ) -> Edit:
        """Keep a story as it is, verified copies of its articles excepted. NotFound, StoryChanged;
        PreconditionFailed where it is locked."""
        call = self._edits.lock(story_id, Act(actor, reason), expected=expected_revision)
        return self._run(call, timeout)

    def unlock_story(
        self,
        story_id: str,
        *,
        actor: str,
        reason: str,
        expected_revision: int = 0,
        timeout: float | None = None,
    ) -> Edit:
        """Let a story change again. NotFound, StoryChanged; PreconditionFailed where it is not
        locked."""
        call = self._edits.unlock(story_id, Act(actor, reason), expected=expected_revision)
        return self._run(call, timeout)

    def add_constraint(
        self,
        kind: ConstraintKind,
        article_id: str,
        other_article_id: str,
        *,
        actor: str,
        reason: str,
        timeout: float | None = None,
    ) -> Edit:
        """Say that two articles are (MUST_LINK) or are not (CANNOT_LINK) about the same event.

        Holds at once: the second comes to the story of the first, or leaves it; the story that it
        is in then. Replaces what was said of the two before. NotFound, PreconditionFailed.
        """
        act = Act(actor, reason)
        call = self._edits.link(kind, article_id, other_article_id, act=act)
        return self._run(call, timeout)

    def remove_constraint(
        self,
        article_id: str,
        other_article_id: str,
        *,
        actor: str,
        reason: str,
        timeout: float | None = None,
    ) -> Override:
        """Take back what was said of two articles; they stay where they are. NotFound where nothing
        was."""
        act = Act(actor, reason)
        return self._run(self._edits.unlink(article_id, other_article_id, act=act), timeout)

    def undo_override(
        self, sequence: int, *, actor: str, reason: str, timeout: float | None = None
    ) -> Override:
        """Take an override back, as far as its articles are still there. NotFound;
        PreconditionFailed for one that cannot be undone, or is already."""
        return self._run(self._edits.undo(sequence, Act(actor, reason)), timeout)

    def list_overrides(
        self, *, page_size: int = 0, timeout: float | None = None
    ) -> Listing[Override]:
        """What editors did, newest first. `timeout` is for each page."""
        return Listing(
            lambda token: self._run(
                self._edits.list_overrides(page_size=page_size, page_token=token), timeout
            )
        )
