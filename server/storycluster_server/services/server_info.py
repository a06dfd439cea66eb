"""What is this server?"""

from __future__ import annotations

from typing import Any

from storycluster import wire
from storycluster.v1 import server_info_service_pb2 as pb
from storycluster.v1.server_info_service_pb2_grpc import ServerInfoServiceServicer
from storycluster_server.services.core import Core

Context = Any


class ServerInfoService(ServerInfoServiceServicer):
    """ServerInfoService; answers even while the server drains."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def GetServerInfo(  # noqa: N802
        self, _request: pb.GetServerInfoRequest, _context: Context
    ) -> pb.GetServerInfoResponse:
        """Version, scheme names and limits."""
        return pb.GetServerInfoResponse(server_info=wire.server_info_to_message(self._core.info))
