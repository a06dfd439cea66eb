"""What can an operator do with collections, with asyncio?"""

from __future__ import annotations

from storycluster.client.aio_connection import AsyncConnection
from storycluster.client.listing import AsyncListing
from storycluster.domain import Act, AuditEntry, AuditFilter, CollectionInfo, CollectionSettings


class AsyncCollectionCalls(AsyncConnection):
    """`CollectionCalls`, awaited."""

    async def collections(self, *, timeout: float | None = None) -> tuple[CollectionInfo, ...]:
        """As `Client.collections`."""
        return await self._run(self._collections.list(), timeout)

    async def get_collection(self, *, timeout: float | None = None) -> CollectionInfo:
        """As `Client.get_collection`."""
        return await self._run(self._collections.get(), timeout)

    def list_audit_entries(
        self,
        wanted: AuditFilter = AuditFilter(),  # noqa: B008 - frozen
        *,
        of_the_store: bool = False,
        page_size: int = 0,
        timeout: float | None = None,
    ) -> AsyncListing[AuditEntry]:
        """As `Client.list_audit_entries`."""
        return AsyncListing(
            lambda token: self._run(
                self._collections.audit(
                    wanted, of_the_store=of_the_store, page_size=page_size, page_token=token
                ),
                timeout,
            )
        )

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
