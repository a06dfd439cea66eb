"""How do stories, the feed and the server's card become messages, and back?"""

from __future__ import annotations

from storycluster.domain import (
    Canonical,
    Event,
    EventKind,
    FurnitureLine,
    Member,
    ServerInfo,
    SimilarArticle,
    Story,
    StoryHit,
    StoryState,
    StoryView,
)
from storycluster.v1 import article_service_pb2 as article_pb
from storycluster.v1 import resources_pb2 as pb
from storycluster.v1 import server_info_service_pb2 as info_pb
from storycluster.v1 import story_service_pb2 as story_pb
from storycluster.wire.articles import PRECISIONS, RELATIONS, mapping_of, precision_of
from storycluster.wire.scalars import (
    EnumTable,
    optional_time,
    required_time,
    sendable,
    time_to_message,
)

STATES = EnumTable(StoryState, pb.StoryState.Value, prefix="STORY_STATE_")
EVENTS = EnumTable(EventKind, pb.EventKind.Value, prefix="EVENT_KIND_")


@sendable("canonical")
def canonical_to_message(canonical: Canonical) -> pb.Canonical:
    """Field by field."""
    return pb.Canonical(
        article_id=canonical.article_id, policy=canonical.policy, reason=canonical.reason
    )


def canonical_from_message(message: pb.Canonical) -> Canonical:
    """Field by field."""
    return Canonical(article_id=message.article_id, policy=message.policy, reason=message.reason)


@sendable("member")
def member_to_message(member: Member) -> pb.Member:
    """Field by field."""
    message = pb.Member(
        article_id=member.article_id,
        revision=member.revision,
        relation=RELATIONS.number(member.relation),
        reprint_group=member.reprint_group,
        source=member.source,
        title=member.title,
        sequence=member.sequence,
        publish_precision=PRECISIONS.number(member.publish_precision),
    )
    if member.publish_time is not None:
        message.publish_time.CopyFrom(time_to_message(member.publish_time))
    return message


def member_from_message(message: pb.Member, *, path: str = "member") -> Member:
    """InvalidInput for a time outside the years 1 to 9999."""
    return Member(
        article_id=message.article_id,
        revision=message.revision,
        relation=RELATIONS.member(message.relation),
        reprint_group=message.reprint_group,
        source=message.source,
        title=message.title,
        sequence=message.sequence,
        publish_time=optional_time(message, "publish_time", path=path),
        publish_precision=precision_of(message),
    )


@sendable("story")
def story_to_message(story: Story) -> pb.Story:
    """Field by field; what is None is absent."""
    message = pb.Story(
        story_id=story.story_id,
        state=STATES.number(story.state),
        title=story.title,
        article_count=story.article_count,
        unique_count=story.unique_count,
        reprint_count=story.reprint_count,
        source_count=story.source_count,
        revision=story.revision,
        create_time=time_to_message(story.create_time),
        update_time=time_to_message(story.update_time),
        merged_into_story_id=story.merged_into_story_id,
    )
    if story.canonical is not None:
        message.canonical.CopyFrom(canonical_to_message(story.canonical))
    if story.first_publish_time is not None:
        message.first_publish_time.CopyFrom(time_to_message(story.first_publish_time))
    if story.last_publish_time is not None:
        message.last_publish_time.CopyFrom(time_to_message(story.last_publish_time))
    return message


def story_from_message(message: pb.Story, *, path: str = "story") -> Story:
    """InvalidInput for a time outside the years 1 to 9999."""
    return Story(
        story_id=message.story_id,
        state=STATES.member(message.state),
        title=message.title,
        article_count=message.article_count,
        unique_count=message.unique_count,
        reprint_count=message.reprint_count,
        source_count=message.source_count,
        revision=message.revision,
        create_time=required_time(message, "create_time", path=path),
        update_time=required_time(message, "update_time", path=path),
        canonical=(
            canonical_from_message(message.canonical) if message.HasField("canonical") else None
        ),
        first_publish_time=optional_time(message, "first_publish_time", path=path),
        last_publish_time=optional_time(message, "last_publish_time", path=path),
        merged_into_story_id=message.merged_into_story_id,
    )


@sendable("story_view")
def story_view_to_message(view: StoryView) -> pb.StoryView:
    """Members keep their order."""
    return pb.StoryView(
        story=story_to_message(view.story),
        members=[member_to_message(member) for member in view.members],
        redirected_from=view.redirected_from,
    )


def story_view_from_message(message: pb.StoryView, *, path: str = "story_view") -> StoryView:
    """InvalidInput for a time outside the years 1 to 9999."""
    return StoryView(
        story=story_from_message(message.story, path=f"{path}.story"),
        members=tuple(
            member_from_message(member, path=f"{path}.members[{place}]")
            for place, member in enumerate(message.members)
        ),
        redirected_from=message.redirected_from,
    )


@sendable("story_hit")
def story_hit_to_message(hit: StoryHit) -> story_pb.SearchStoriesResponse.Hit:
    """Field by field."""
    return story_pb.SearchStoriesResponse.Hit(
        story=story_to_message(hit.story), similarity=hit.similarity, article_id=hit.article_id
    )


def story_hit_from_message(
    message: story_pb.SearchStoriesResponse.Hit, *, path: str = "story_hit"
) -> StoryHit:
    """InvalidInput for a time outside the years 1 to 9999."""
    return StoryHit(
        story=story_from_message(message.story, path=f"{path}.story"),
        similarity=message.similarity,
        article_id=message.article_id,
    )


@sendable("similar_article")
def similar_article_to_message(similar: SimilarArticle) -> article_pb.SimilarArticle:
    """Field by field."""
    return article_pb.SimilarArticle(
        article_id=similar.article_id,
        story_id=similar.story_id,
        similarity=similar.similarity,
        jaccard=similar.jaccard,
        containment=similar.containment,
        source=similar.source,
    )


def similar_article_from_message(message: article_pb.SimilarArticle) -> SimilarArticle:
    """Field by field."""
    return SimilarArticle(
        article_id=message.article_id,
        story_id=message.story_id,
        similarity=message.similarity,
        jaccard=message.jaccard,
        containment=message.containment,
        source=message.source,
    )


@sendable("event")
def event_to_message(event: Event) -> pb.Event:
    """Field by field."""
    return pb.Event(
        sequence=event.sequence,
        kind=EVENTS.number(event.kind),
        event_time=time_to_message(event.time),
        story_id=event.story_id,
        article_id=event.article_id,
        detail=event.detail,
    )


def event_from_message(message: pb.Event, *, path: str = "event") -> Event:
    """A kind this version does not know reads as `unrecognized_<number>`."""
    return Event(
        sequence=message.sequence,
        kind=EVENTS.member(message.kind),
        time=required_time(message, "event_time", path=path),
        story_id=message.story_id,
        article_id=message.article_id,
        detail=mapping_of(message.detail),
    )


def server_limits_to_message(
    *, max_batch_articles: int, max_message_bytes: int, max_text_bytes: int
) -> pb.ServerLimits:
    """What a server accepts, as `opened` and the server's card tell it."""
    return pb.ServerLimits(
        max_batch_articles=max_batch_articles,
        max_message_bytes=max_message_bytes,
        max_text_bytes=max_text_bytes,
    )


@sendable("server_info")
def server_info_to_message(info: ServerInfo) -> info_pb.ServerInfo:
    """Field by field; the three limits travel together."""
    return info_pb.ServerInfo(
        version=info.version,
        encoder_id=info.encoder_id,
        dimensions=info.dimensions,
        fingerprint_scheme=info.fingerprint_scheme,
        settings_digest=info.settings_digest,
        limits=server_limits_to_message(
            max_batch_articles=info.max_batch_articles,
            max_message_bytes=info.max_message_bytes,
            max_text_bytes=info.max_text_bytes,
        ),
    )


def server_info_from_message(message: info_pb.ServerInfo) -> ServerInfo:
    """Field by field."""
    return ServerInfo(
        version=message.version,
        encoder_id=message.encoder_id,
        dimensions=message.dimensions,
        fingerprint_scheme=message.fingerprint_scheme,
        settings_digest=message.settings_digest,
        max_batch_articles=message.limits.max_batch_articles,
        max_message_bytes=message.limits.max_message_bytes,
        max_text_bytes=message.limits.max_text_bytes,
    )


@sendable("furniture_line")
def furniture_line_to_message(line: FurnitureLine) -> article_pb.FurnitureLine:
    """Field by field."""
    return article_pb.FurnitureLine(
        source=line.source,
        text=line.text,
        article_count=line.article_count,
        article_id=line.article_id,
    )


def furniture_line_from_message(message: article_pb.FurnitureLine) -> FurnitureLine:
    """Field by field."""
    return FurnitureLine(
        source=message.source,
        text=message.text,
        article_count=message.article_count,
        article_id=message.article_id,
    )
