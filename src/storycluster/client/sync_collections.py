"""What can an operator do with collections, without asyncio?"""

from __future__ import annotations

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
