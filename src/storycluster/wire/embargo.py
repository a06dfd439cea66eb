"""How does what is held become a message, and back?"""

from __future__ import annotations

from storycluster.domain import HeldArticle, StoredArticle
from storycluster.v1 import resources_pb2 as pb
from storycluster.wire.articles import stored_article_from_message, stored_article_to_message
from storycluster.wire.editing import tombstone_from_message, tombstone_to_message
from storycluster.wire.scalars import required_time, sendable, time_to_message


@sendable("held_article")
def held_article_to_message(held: HeldArticle) -> pb.HeldArticle:
    """The revision as a stored one that is held."""
    stored = StoredArticle(
        article=held.article,
        digest=held.digest,
        sequence=0,
        ingest_time=held.ingest_time,
        assignment=held.assignment,
        publish_provenance=held.publish_provenance,
        latest=False,
        held_until=held.release_time,
    )
    message = pb.HeldArticle(
        number=held.number,
        article=stored_article_to_message(stored),
        release_time=time_to_message(held.release_time),
        stopped=held.stopped,
    )
    if held.withdrawn is not None:
        message.withdrawn.CopyFrom(tombstone_to_message(held.withdrawn))
    return message


def held_article_from_message(
    message: pb.HeldArticle, *, path: str = "held_article"
) -> HeldArticle:
    """InvalidInput for a time outside the years 1 to 9999."""
    stored = stored_article_from_message(message.article, path=f"{path}.article")
    gone = message.HasField("withdrawn")
    return HeldArticle(
        number=message.number,
        article=stored.article,
        digest=stored.digest,
        release_time=required_time(message, "release_time", path=path),
        ingest_time=stored.ingest_time,
        assignment=stored.assignment,
        publish_provenance=stored.publish_provenance,
        stopped=message.stopped,
        withdrawn=tombstone_from_message(message.withdrawn) if gone else None,
    )
