"""Which services are there, and on which port?"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

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
from storycluster_server.services.admin import AdminService
from storycluster_server.services.article import ArticleService
from storycluster_server.services.core import Core
from storycluster_server.services.difference import DifferenceService
from storycluster_server.services.editorial import EditorialService
from storycluster_server.services.feed import FeedService
from storycluster_server.services.ingest import IngestService
from storycluster_server.services.recluster import ReclusterService
from storycluster_server.services.server_info import ServerInfoService
from storycluster_server.services.story import StoryService


@dataclass(frozen=True, slots=True)
class Service:
    """How one service is made and registered."""

    make: Callable[[Core], Any]
    register: Callable[[Any, Any], None]
    admin: bool = False
    """Served on the admin port only."""


SERVICES: Mapping[str, Service] = {
    "storycluster.v1.IngestService": Service(
        IngestService, ingest_service_pb2_grpc.add_IngestServiceServicer_to_server
    ),
    "storycluster.v1.ArticleService": Service(
        ArticleService, article_service_pb2_grpc.add_ArticleServiceServicer_to_server
    ),
    "storycluster.v1.StoryService": Service(
        StoryService, story_service_pb2_grpc.add_StoryServiceServicer_to_server
    ),
    "storycluster.v1.DifferenceService": Service(
        DifferenceService, difference_service_pb2_grpc.add_DifferenceServiceServicer_to_server
    ),
    "storycluster.v1.EditorialService": Service(
        EditorialService, editorial_service_pb2_grpc.add_EditorialServiceServicer_to_server
    ),
    "storycluster.v1.FeedService": Service(
        FeedService, feed_service_pb2_grpc.add_FeedServiceServicer_to_server
    ),
    "storycluster.v1.ReclusterService": Service(
        ReclusterService, recluster_service_pb2_grpc.add_ReclusterServiceServicer_to_server
    ),
    "storycluster.v1.ServerInfoService": Service(
        ServerInfoService, server_info_service_pb2_grpc.add_ServerInfoServiceServicer_to_server
    ),
    "storycluster.v1.AdminService": Service(
        AdminService, admin_service_pb2_grpc.add_AdminServiceServicer_to_server, admin=True
    ),
}


def add_services(server: Any, core: Core, *, admin: bool) -> tuple[str, ...]:
    """Register the public services, or those of the admin port; their full names."""
    names = tuple(name for name, service in SERVICES.items() if service.admin is admin)
    for name in names:
        SERVICES[name].register(SERVICES[name].make(core), server)
    return names
