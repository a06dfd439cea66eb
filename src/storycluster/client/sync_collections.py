"""What can an operator do with collections, without asyncio?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

import grpc

from storycluster import wire
from storycluster.client.collections import ADMIN
from storycluster.client.listing import Listing
from storycluster.client.sync_connection import Connection
from storycluster.domain import Act, AuditEntry, AuditFilter, CollectionInfo, CollectionSettings


class CollectionCalls(Connection):
    """The calls upon the client's whole collection; served on the server's admin address."""

    def collections(self, *, timeout: float | None = None) -> tuple[CollectionInfo, ...]:
        """Every collection that holds an article, ascending name."""
        return self._run(self._collections.list(), timeout)

    def get_collection(self, *, timeout: float | None = None) -> CollectionInfo:
        """What the collection holds, and its settings. NotFound where it was never written."""
        return self._run(self._collections.get(), timeout)

    def list_audit_entries(
        self,
        wanted: AuditFilter = AuditFilter(),  # noqa: B008 - frozen
        *,
        of_the_store: bool = False,
        page_size: int = 0,
        timeout: float | None = None,
    ) -> Listing[AuditEntry]:
        """What changed in the collection, who did it and why, newest first; see `AuditFilter`.

        `of_the_store`: what was done to whole collections instead, deleted ones too. `timeout` is
        for each page.
        """
        return Listing(
            lambda token: self._run(
                self._collections.audit(
                    wanted, of_the_store=of_the_store, page_size=page_size, page_token=token
                ),
                timeout,
            )
        )

    def export_collection(
        self, *, with_withdrawn: bool = False, timeout: float | None = None
    ) -> Iterator[bytes]:
        """The collection as JSON Lines, in pieces that are to be written one after the other.

        Withdrawn articles are in it `with_withdrawn` alone; without, whoever imports it cannot
        bring them back. NotFound. `timeout` is for all of it, None: as long as it takes.
        """
        request = self._collections.export(with_withdrawn=with_withdrawn)
        call = self._stub(ADMIN).ExportCollection(
            request, timeout=timeout, metadata=self._config.metadata()
        )
        try:
            for response in call:
                yield response.data
        except grpc.RpcError as error:
            raise self._failure_of(error).error from error
        finally:
            call.cancel()

    def import_collection(
        self, lines: Iterable[bytes], *, actor: str, reason: str, timeout: float | None = None
    ) -> CollectionInfo:
        """Store what `export_collection` gave as the client's collection, in one commit; what it
        holds.

        Conflict for a collection that is not empty, SchemeMismatch for another encoder,
        InvalidInput that names line and field; then nothing is stored. `timeout` is for all of it,
        None: as long as it takes. Not tried again.
        """
        requests = self._collections.imports(lines, Act(actor, reason))
        stub = self._stub(ADMIN)
        try:
            response = stub.ImportCollection(
                requests, timeout=timeout, metadata=self._config.metadata()
            )
        except grpc.RpcError as error:
            raise requests.error or self._failure_of(error).error from error
        return wire.collection_from_message(response.collection)

    def update_collection(
        self,
        settings: CollectionSettings,
        *,
        actor: str,
        reason: str,
        expected_revision: int = 0,
        timeout: float | None = None,
    ) -> CollectionInfo:
        """Set how the collection's canonicals are chosen, and choose them anew.

        `expected_revision` is `CollectionInfo.settings_revision` as the operator saw it; where it
        is another one by now, StoryChanged; 0: any.
        """
        act = Act(actor, reason)
        call = self._collections.update(settings, act, expected=expected_revision)
        return self._run(call, timeout)

    def delete_collection(
        self, *, actor: str, reason: str, timeout: float | None = None
    ) -> dict[str, int]:
        """Remove the collection with everything in it, for good; what it held. NotFound."""
        return self._run(self._collections.delete(Act(actor, reason)), timeout)
