"""How do the answers for single articles become messages, and back?"""

from __future__ import annotations

from storycluster.domain import IngestResult, Match
from storycluster.errors import StoryClusterError
from storycluster.v1 import ingest_service_pb2 as pb
from storycluster.wire.articles import (
    assignment_from_message,
    assignment_to_message,
    match_from_message,
    match_to_message,
)
from storycluster.wire.differences import comparison_from_message, comparison_to_message
from storycluster.wire.failures import error_from_status, status_from_error
from storycluster.wire.scalars import optional_time, sendable, time_to_message
from storycluster.wire.stories import (
    canonical_from_message,
    canonical_to_message,
    story_from_message,
    story_to_message,
)


@sendable("result")
def ingest_result_to_message(
    result: IngestResult | StoryClusterError, *, article_id: str = ""
) -> pb.IngestResult:
    """`article_id` names the article of a refusal; a result brings its own."""
    if isinstance(result, StoryClusterError):
        return pb.IngestResult(article_id=article_id, error=status_from_error(result))
    message = pb.IngestResult(
        article_id=result.article_id,
        assignment=assignment_to_message(result.assignment),
        canonical=canonical_to_message(result.canonical),
        replayed=result.replayed,
    )
    if result.story is not None:
        message.story.CopyFrom(story_to_message(result.story))
    if result.comparison is not None:
        message.comparison.CopyFrom(comparison_to_message(result.comparison))
    if result.revision_comparison is not None:
        message.revision_comparison.CopyFrom(comparison_to_message(result.revision_comparison))
    if result.held_until is not None:
        message.held_until.CopyFrom(time_to_message(result.held_until))
    return message


def ingest_result_from_message(
    message: pb.IngestResult, *, path: str = "result"
) -> IngestResult | StoryClusterError:
    """The refusal where there is one. The article it belongs to is told by the order of results."""
    if message.WhichOneof("outcome") == "error":
        return error_from_status(message.error)
    return IngestResult(
        article_id=message.article_id,
        assignment=assignment_from_message(message.assignment),
        canonical=canonical_from_message(message.canonical),
        replayed=message.replayed,
        story=(
            story_from_message(message.story, path=f"{path}.story")
            if message.HasField("story")
            else None
        ),
        comparison=(
            comparison_from_message(message.comparison) if message.HasField("comparison") else None
        ),
        revision_comparison=(
            comparison_from_message(message.revision_comparison)
            if message.HasField("revision_comparison")
            else None
        ),
        held_until=optional_time(message, "held_until", path=path),
    )


@sendable("result")
def match_result_to_message(
    result: Match | StoryClusterError, *, article_id: str = ""
) -> pb.MatchResult:
    """`article_id` names the article of a refusal; a match brings its own."""
    if isinstance(result, StoryClusterError):
        return pb.MatchResult(article_id=article_id, error=status_from_error(result))
    return pb.MatchResult(article_id=result.article_id, match=match_to_message(result))


def match_result_from_message(message: pb.MatchResult) -> Match | StoryClusterError:
    """The refusal where there is one. The article it belongs to is told by the order of results."""
    if message.WhichOneof("outcome") == "error":
        return error_from_status(message.error)
    return match_from_message(message.match)
