"""Which message asks for what of a whole collection, and what does its answer say?"""

from __future__ import annotations

from storycluster import wire
from storycluster.client.requests import Call, required, sequence, whole
from storycluster.domain import (
    Act,
    AuditEntry,
    AuditFilter,
    CollectionInfo,
    CollectionSettings,
    Page,
)
from storycluster.v1 import admin_service_pb2 as pb

_SERVICE = "AdminService"


class CollectionRequests:
    """Builds the calls upon one collection, and that of all. Served where the operator asks."""

    __slots__ = ("collection",)

    def __init__(self, collection: str) -> None:
        self.collection = collection

    def list(self) -> Call[tuple[CollectionInfo, ...]]:
        """ListCollections."""
        return Call(
            _SERVICE,
            "ListCollections",
            pb.ListCollectionsRequest(),
            lambda response: tuple(map(wire.collection_from_message, response.collections)),
        )

    def get(self) -> Call[CollectionInfo]:
        """GetCollection."""
        return Call(
            _SERVICE,
            "GetCollection",
            pb.GetCollectionRequest(collection=self.collection),
            lambda response: wire.collection_from_message(response.collection),
        )

    def audit(
        self, wanted: AuditFilter, *, of_the_store: bool, page_size: int, page_token: str
    ) -> Call[Page[AuditEntry]]:
        """ListAuditEntries."""
        request = wire.audit_filter_to_request(wanted)
        request.collection = self.collection
        request.of_the_store = of_the_store
        request.page_size = whole(page_size, "page_size")
        request.page_token = page_token
        return Call(
            _SERVICE,
            "ListAuditEntries",
            request,
            lambda response: Page(
                tuple(map(wire.audit_entry_from_message, response.entries)),
                response.next_page_token,
            ),
        )

    def update(
        self, settings: CollectionSettings, act: Act, *, expected: int
    ) -> Call[CollectionInfo]:
        """UpdateCollection."""
        request = pb.UpdateCollectionRequest(
            collection=self.collection,
            settings=wire.collection_settings_to_message(settings),
            actor=required(act.actor, "actor"),
            reason=required(act.reason, "reason"),
            expected_revision=sequence(expected, "expected_revision"),
        )
        return Call(
            _SERVICE,
            "UpdateCollection",
            request,
            lambda response: wire.collection_from_message(response.collection),
            repeatable=False,
        )

    def delete(self, act: Act) -> Call[dict[str, int]]:
        """DeleteCollection."""
        request = pb.DeleteCollectionRequest(
            collection=self.collection,
            actor=required(act.actor, "actor"),
            reason=required(act.reason, "reason"),
        )
        return Call(
            _SERVICE,
            "DeleteCollection",
            request,
            lambda response: dict(response.counts),
            repeatable=False,
        )
