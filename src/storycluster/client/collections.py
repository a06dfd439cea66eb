"""Which message asks for what of a whole collection, and what does its answer say?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

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
from storycluster.exchange import in_pieces
from storycluster.v1 import admin_service_pb2 as pb

ADMIN = "AdminService"


class Pieces(Iterator[pb.ImportCollectionRequest]):
    """The messages of an import; `error` is what the lines raised, which gRPC would not tell."""

    def __init__(self, first: pb.ImportCollectionRequest, lines: Iterable[bytes]) -> None:
        self.error: Exception | None = None
        self._messages = self._each(first, lines)

    def __next__(self) -> pb.ImportCollectionRequest:
        try:
            return next(self._messages)
        except StopIteration:
            raise
        except Exception as error:
            self.error = error
            raise

    @staticmethod
    def _each(
        first: pb.ImportCollectionRequest, lines: Iterable[bytes]
    ) -> Iterator[pb.ImportCollectionRequest]:
        yield first
        for piece in in_pieces(lines):
            yield pb.ImportCollectionRequest(data=piece)


class CollectionRequests:
    """Builds the calls upon one collection, and that of all. Served where the operator asks."""

    __slots__ = ("collection",)

    def __init__(self, collection: str) -> None:
        self.collection = collection

    def list(self) -> Call[tuple[CollectionInfo, ...]]:
        """ListCollections."""
        return Call(
            ADMIN,
            "ListCollections",
            pb.ListCollectionsRequest(),
            lambda response: tuple(map(wire.collection_from_message, response.collections)),
        )

    def get(self) -> Call[CollectionInfo]:
        """GetCollection."""
        return Call(
            ADMIN,
            "GetCollection",
            pb.GetCollectionRequest(collection=self.collection),
            lambda response: wire.collection_from_message(response.collection),
        )

    def export(self, *, with_withdrawn: bool) -> pb.ExportCollectionRequest:
        """The request of ExportCollection."""
        return pb.ExportCollectionRequest(collection=self.collection, with_withdrawn=with_withdrawn)

    def imports(self, lines: Iterable[bytes], act: Act) -> Pieces:
        """The requests of ImportCollection."""
        first = pb.ImportCollectionRequest(
            collection=self.collection,
            actor=required(act.actor, "actor"),
            reason=required(act.reason, "reason"),
        )
        return Pieces(first, lines)

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
            ADMIN,
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
            ADMIN,
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
            ADMIN,
            "DeleteCollection",
            request,
            lambda response: dict(response.counts),
            repeatable=False,
        )
