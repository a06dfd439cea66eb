"""How does a call reach the stubs, and a failed one become our error?"""

from __future__ import annotations

import os
from collections.abc import Iterable
from typing import Any

import grpc

from storycluster import wire
from storycluster.client.retry import Failure
from storycluster.errors import InternalError, PreconditionFailed, Unavailable
from storycluster.v1 import (
    admin_service_pb2_grpc,
    article_service_pb2_grpc,
    difference_service_pb2_grpc,
    editorial_service_pb2_grpc,
    feed_service_pb2_grpc,
    ingest_service_pb2_grpc,
    recluster_service_pb2_grpc,
    server_info_service_pb2_grpc,
    story_service_pb2_grpc,
)

STUBS: dict[str, Any] = {
    "AdminService": admin_service_pb2_grpc.AdminServiceStub,
    "ArticleService": article_service_pb2_grpc.ArticleServiceStub,
    "DifferenceService": difference_service_pb2_grpc.DifferenceServiceStub,
    "EditorialService": editorial_service_pb2_grpc.EditorialServiceStub,
    "FeedService": feed_service_pb2_grpc.FeedServiceStub,
    "IngestService": ingest_service_pb2_grpc.IngestServiceStub,
    "ReclusterService": recluster_service_pb2_grpc.ReclusterServiceStub,
    "ServerInfoService": server_info_service_pb2_grpc.ServerInfoServiceStub,
    "StoryService": story_service_pb2_grpc.StoryServiceStub,
}

PUSHBACK_KEY = "grpc-retry-pushback-ms"
DETAILS_KEY = "grpc-status-details-bin"

BROKEN_WRITE = "Internal error from Core"
"""What grpc.aio says, with INTERNAL, where a stream ended while a message was being written: the
status that the server sent is lost then (seen with grpcio 1.85)."""


def failure_of(error: grpc.RpcError, target: str) -> Failure:
    """Why a call failed; never raises. `__cause__` of the error is gRPC's own."""
    told = wire.error_from_rpc(error)
    trailing = dict(_trailing(error))
    unclear = DETAILS_KEY not in trailing
    if type(told) is Unavailable and unclear:
        told = Unavailable(f"cannot reach {target}: {told.message}")
    elif isinstance(told, InternalError) and told.message == BROKEN_WRITE:
        told = Unavailable(f"the stream to {target} broke")
    told.__cause__ = error
    return Failure(told, _pushback_s(trailing.get(PUSHBACK_KEY)), unclear)


def _trailing(error: grpc.RpcError) -> Iterable[tuple[str, Any]]:
    if not hasattr(error, "trailing_metadata"):
        return ()
    found: Iterable[tuple[str, Any]] = error.trailing_metadata() or ()
    return found


def _pushback_s(value: Any) -> float:
    """gRPC's own words for "come back in so many milliseconds"; a negative one means never, which
    our servers say by their code instead."""
    if not isinstance(value, str) or not value.isascii() or not value.isdigit() or len(value) > 9:
        return 0.0
    return int(value) / 1000


class ProcessGuard:
    """Notices that a channel is used in a child of the process that opened it."""

    __slots__ = ("_pid",)

    def __init__(self) -> None:
        self._pid = os.getpid()

    def check(self) -> None:
        """PreconditionFailed in a child: gRPC's threads did not come along, calls would hang."""
        here = os.getpid()
        if here != self._pid:
            raise PreconditionFailed(
                f"this client was opened in process {self._pid} and cannot be used in {here}, made "
                "by fork: make a new client there (with multiprocessing, prefer 'spawn')"
            )


def closed() -> PreconditionFailed:
    """The error for a call on a closed client."""
    return PreconditionFailed("the client is closed")
