"""What can an editor do through an asyncio client?"""

from __future__ import annotations

from collections.abc import Iterable

from storycluster.client.aio_connection import AsyncConnection
from storycluster.client.editing import Edit
from storycluster.client.listing import AsyncListing
from storycluster.domain import Act, ConstraintKind, Override, Story, Tombstone


class AsyncEditingCalls(AsyncConnection):
    """`EditingCalls`, awaited.

    `actor` and `reason` say who does it and why; both must be told.
    """

    async def withdraw_article(
        self, article_id: str, *, actor: str, reason: str, timeout: float | None = None
    ) -> Tombstone:
        """As `Client.withdraw_article`."""
        return await self._run(self._edits.withdraw(article_id, Act(actor, reason)), timeout)

    async def reinstate_article(
        self, article_id: str, *, actor: str, reason: str, timeout: float | None = None
    ) -> Story:
        """As `Client.reinstate_article`."""
        return await self._run(self._edits.reinstate(article_id, Act(actor, reason)), timeout)

    async def erase_article(
        self, article_id: str, *, actor: str, reason: str, timeout: float | None = None
    ) -> Tombstone:
        """As `Client.erase_article`."""
        return await self._run(self._edits.erase(article_id, Act(actor, reason)), timeout)

    async def move_article(
        self,
        article_id: str,
        story_id: str = "",
        *,
        actor: str,
        reason: str,
        expected_revision: int = 0,
        timeout: float | None = None,
    ) -> Edit:
        """As `Client.move_article`."""
        act = Act(actor, reason)
        call = self._edits.move(article_id, story_id, act=act, expected=expected_revision)
        return await self._run(call, timeout)

    async def merge_stories(
        self,
        story_id: str,
        other_story_id: str,
        *,
        actor: str,
        reason: str,
        expected_revision: int = 0,
        timeout: float | None = None,
    ) -> Edit:
        """As `Client.merge_stories`."""
        act = Act(actor, reason)
        call = self._edits.merge(story_id, other_story_id, act=act, expected=expected_revision)
        return await self._run(call, timeout)

    async def split_story(
        self,
        story_id: str,
        article_ids: Iterable[str],
        *,
        actor: str,
        reason: str,
        expected_revision: int = 0,
        timeout: float | None = None,
    ) -> Edit:
        """As `Client.split_story`."""
        act = Act(actor, reason)
        call = self._edits.split(story_id, article_ids, act=act, expected=expected_revision)
        return await self._run(call, timeout)

    async def pin_canonical(
        self,
        article_id: str,
        *,
        actor: str,
        reason: str,
        expected_revision: int = 0,
        timeout: float | None = None,
    ) -> Edit:
        """As `Client.pin_canonical`."""
        call = self._edits.pin(article_id, Act(actor, reason), expected=expected_revision)
        return await self._run(call, timeout)

    async def unpin_canonical(
        self,
        story_id: str,
        *,
        actor: str,
        reason: str,
        expected_revision: int = 0,
        timeout: float | None = None,
    ) -> Edit:
        """As `Client.unpin_canonical`."""
        call = self._edits.unpin(story_id, Act(actor, reason), expected=expected_revision)
        return await self._run(call, timeout)

    async def lock_story(
        self,
        story_id: str,
        *,
        actor: str,
        reason: str,
        expected_revision: int = 0,
        timeout: float | None = None,
    ) -> Edit:
        """As `Client.lock_story`."""
        call = self._edits.lock(story_id, Act(actor, reason), expected=expected_revision)
        return await self._run(call, timeout)

    async def unlock_story(
        self,
        story_id: str,
        *,
        actor: str,
        reason: str,
        expected_revision: int = 0,
        timeout: float | None = None,
    ) -> Edit:
        """As `Client.unlock_story`."""
        call = self._edits.unlock(story_id, Act(actor, reason), expected=expected_revision)
        return await self._run(call, timeout)

    async def add_constraint(
        self,
        kind: ConstraintKind,
        article_id: str,
        other_article_id: str,
        *,
        actor: str,
        reason: str,
        timeout: float | None = None,
    ) -> Edit:
        """As `Client.add_constraint`."""
        act = Act(actor, reason)
        call = self._edits.link(kind, article_id, other_article_id, act=act)
        return await self._run(call, timeout)

    async def remove_constraint(
        self,
        article_id: str,
        other_article_id: str,
        *,
        actor: str,
        reason: str,
        timeout: float | None = None,
    ) -> Override:
        """As `Client.remove_constraint`."""
        act = Act(actor, reason)
        return await self._run(self._edits.unlink(article_id, other_article_id, act=act), timeout)

    async def undo_override(
        self, sequence: int, *, actor: str, reason: str, timeout: float | None = None
    ) -> Override:
        """As `Client.undo_override`."""
        return await self._run(self._edits.undo(sequence, Act(actor, reason)), timeout)

    def list_overrides(
        self, *, page_size: int = 0, timeout: float | None = None
    ) -> AsyncListing[Override]:
        """As `Client.list_overrides`."""
        return AsyncListing(
            lambda token: self._run(
                self._edits.list_overrides(page_size=page_size, page_token=token), timeout
            )
        )
