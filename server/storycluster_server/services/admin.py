"""What may an operator ask?"""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from typing import Any

from storycluster import wire
from storycluster.domain import DEFAULT_COLLECTION
from storycluster.errors import NotFound
from storycluster.v1 import admin_service_pb2 as pb
from storycluster.v1.admin_service_pb2_grpc import AdminServiceServicer
from storycluster_server import calls
from storycluster_server.services.core import Core, act_of, not_negative, required
from storycluster_server.services.moving import exported, imported

Context = Any


class AdminService(AdminServiceServicer):
    """AdminService; on the admin port only."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def GetStats(  # noqa: N802
        self, request: pb.GetStatsRequest, _context: Context
    ) -> pb.GetStatsResponse:
        """What a collection holds."""
        counts = await self._core.reads.run(self._core.engine.stats, request.collection)
        name = request.collection or DEFAULT_COLLECTION
        return pb.GetStatsResponse(collection=name, counts=dict(counts))

    async def ListCollections(  # noqa: N802
        self, _request: pb.ListCollectionsRequest, _context: Context
    ) -> pb.ListCollectionsResponse:
        """Every collection."""
        found = await self._core.reads.run(self._core.engine.list_collections)
        calls.current.get().items = len(found)
        return pb.ListCollectionsResponse(collections=map(wire.collection_to_message, found))

    async def GetCollection(  # noqa: N802
        self, request: pb.GetCollectionRequest, _context: Context
    ) -> pb.GetCollectionResponse:
        """One collection."""
        found = await self._core.reads.run(self._core.engine.get_collection, request.collection)
        return pb.GetCollectionResponse(collection=wire.collection_to_message(found))

    async def UpdateCollection(  # noqa: N802
        self, request: pb.UpdateCollectionRequest, _context: Context
    ) -> pb.UpdateCollectionResponse:
        """Its canonicals are chosen otherwise from now on."""
        override, info = await self._core.edits.run(
            self._core.engine.update_collection,
            request.collection,
            wire.collection_settings_from_message(request.settings),
            act_of(request),
            expected_revision=not_negative(request.expected_revision, "expected_revision"),
        )
        return pb.UpdateCollectionResponse(
            override=wire.override_to_message(override),
            collection=wire.collection_to_message(info),
        )

    async def DeleteCollection(  # noqa: N802
        self, request: pb.DeleteCollectionRequest, _context: Context
    ) -> pb.DeleteCollectionResponse:
        """A collection goes with everything in it."""
        edits, name = self._core.edits, required(request.collection, "collection")
        act = act_of(request)
        rights = calls.current.get().rights
        try:
            counts = await edits.run(self._core.engine.delete_collection, name, act, rights=rights)
        except NotFound:  # asked again, perhaps
            await edits.run(self._core.jobs.forget_collection, name)
            raise
        await edits.run(self._core.jobs.forget_collection, name)
        return pb.DeleteCollectionResponse(counts=dict(counts))

    async def ListAuditEntries(  # noqa: N802
        self, request: pb.ListAuditEntriesRequest, _context: Context
    ) -> pb.ListAuditEntriesResponse:
        """What changed, newest first; as many entries as one answer holds."""
        core, size = self._core, request.page_size
        while True:
            page = await core.reads.run(
                core.engine.list_audit_entries,
                request.collection,
                wire.audit_filter_from_request(request),
                of_the_store=request.of_the_store,
                page_size=size,
                page_token=request.page_token,
            )
            answer = pb.ListAuditEntriesResponse(
                entries=map(wire.audit_entry_to_message, page.items),
                next_page_token=page.next_page_token,
            )
            if len(page.items) <= 1 or answer.ByteSize() <= core.info.max_message_bytes:
                calls.current.get().items = len(page.items)
                return answer
            size = max(1, len(page.items) // 4)

    async def ExportCollection(  # noqa: N802
        self, request: pb.ExportCollectionRequest, _context: Context
    ) -> AsyncIterator[pb.ExportCollectionResponse]:
        """A collection, whole."""
        async with contextlib.aclosing(exported(self._core, request)) as messages:
            async for message in messages:
                yield message

    async def ImportCollection(  # noqa: N802
        self, requests: AsyncIterator[pb.ImportCollectionRequest], _context: Context
    ) -> pb.ImportCollectionResponse:
        """An exported collection becomes one of this server."""
        return await imported(self._core, requests)
