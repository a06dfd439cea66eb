"""What can an operator do with collections, with asyncio?"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterable

import grpc

from storycluster import wire
from storycluster.client.aio_connection import AsyncConnection
from storycluster.client.collections import ADMIN
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

    async def export_collection(
        self, *, with_withdrawn: bool = False, timeout: float | None = None
    ) -> AsyncIterator[bytes]:
        """As `Client.export_collection`."""
        request = self._collections.export(with_withdrawn=with_withdrawn)
        call = self._stub(ADMIN).ExportCollection(
            request, timeout=timeout, metadata=self._config.metadata()
        )
        try:
            async for response in call:
                yield response.data
        except grpc.RpcError as error:
            raise self._failure_of(error).error from error
        finally:
            call.cancel()

    async def import_collection(
        self, lines: Iterable[bytes], *, actor: str, reason: str, timeout: float | None = None
    ) -> CollectionInfo:
        """As `Client.import_collection`."""
        requests = self._collections.imports(lines, Act(actor, reason))
        stub = self._stub(ADMIN)
        try:
            response = await stub.ImportCollection(
                requests, timeout=timeout, metadata=self._config.metadata()
            )
        except (grpc.RpcError, asyncio.CancelledError) as error:
            if requests.error is not None:
                raise requests.error from error
            if not isinstance(error, grpc.RpcError):
                self._check_who_cancelled()
                raise
            raise self._failure_of(error).error from error
        return wire.collection_from_message(response.collection)

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
