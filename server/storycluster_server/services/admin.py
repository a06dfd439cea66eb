"""What may an operator ask?"""

from __future__ import annotations

from typing import Any

from storycluster.domain import DEFAULT_COLLECTION
from storycluster.v1 import admin_service_pb2 as pb
from storycluster.v1.admin_service_pb2_grpc import AdminServiceServicer
from storycluster_server.services.core import Core

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
