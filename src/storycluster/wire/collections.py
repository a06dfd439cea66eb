"""How do collections and their settings become messages, and back?"""

from __future__ import annotations

from storycluster.domain import CollectionInfo, CollectionSettings
from storycluster.v1 import admin_service_pb2 as pb
from storycluster.wire.scalars import sendable


@sendable("settings")
def collection_settings_to_message(settings: CollectionSettings) -> pb.CollectionSettings:
    """Field by field."""
    return pb.CollectionSettings(
        canonical_policy=settings.canonical_policy,
        source_rank=settings.source_rank,
        aliases=[pb.AliasGroup(names=group) for group in settings.aliases],
    )


def collection_settings_from_message(message: pb.CollectionSettings) -> CollectionSettings:
    """Field by field."""
    return CollectionSettings(
        message.canonical_policy,
        tuple(message.source_rank),
        tuple(tuple(group.names) for group in message.aliases),
    )


@sendable("collection")
def collection_to_message(info: CollectionInfo) -> pb.Collection:
    """Field by field."""
    return pb.Collection(
        collection=info.collection,
        counts=dict(info.counts),
        settings=collection_settings_to_message(info.settings),
        settings_revision=info.settings_revision,
    )


def collection_from_message(message: pb.Collection) -> CollectionInfo:
    """Field by field."""
    return CollectionInfo(
        message.collection,
        dict(message.counts),
        collection_settings_from_message(message.settings),
        message.settings_revision,
    )
