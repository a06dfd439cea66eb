"""What can an operator do with collections, with asyncio?"""

from __future__ import annotations

from storycluster.client.aio_connection import AsyncConnection
from storycluster.domain import Act, CollectionInfo, CollectionSettings


class AsyncCollectionCalls(AsyncConnection):
    """`CollectionCalls`, awaited."""

    async def collections(self, *, timeout: float | None = None) -> tuple[CollectionInfo, ...]:
        """As `Client.collections`."""
        return await self._run(self._collections.list(), timeout)

    async def get_collection(self, *, timeout: float | None = None) -> CollectionInfo:
        """As `Client.get_collection`."""
        return await self._run(self._collections.get(), timeout)

    async def update_collection(
        self,
        settings: CollectionSettings,
        *,
        actor: str,
        reason: str,
        expected_revision: int = 0,
        timeout: float | None = None,
    ) -> CollectionInfo:
        """As `Client.update_collection`."""
        act = Act(actor, reason)
        call = self._collections.update(settings, act, expected=expected_revision)
        return await self._run(call, timeout)

    async def delete_collection(
        self, *, actor: str, reason: str, timeout: float | None = None
    ) -> dict[str, int]:
        """As `Client.delete_collection`."""
        return await self._run(self._collections.delete(Act(actor, reason)), timeout)
