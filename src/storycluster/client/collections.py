"""Which message asks for what of a whole collection, and what does its answer say?"""

from __future__ import annotations

from storycluster import wire
from storycluster.client.requests import Call, required, sequence
from storycluster.domain import Act, CollectionInfo, CollectionSettings
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
