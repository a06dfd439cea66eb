"""What does the client do when the server or the way to it misbehaves?

A real gRPC server over the generated servicers that follows a script instead of an engine. Articles
are "stored" by id and digest, so a test can count how often each was taken.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent import futures
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

import grpc

from storycluster import wire
from storycluster.domain import (
    Article,
    Assignment,
    Canonical,
    IngestResult,
    Override,
    OverrideKind,
    Relation,
    ServerInfo,
    Story,
    StoryState,
    Tombstone,
)
from storycluster.errors import InvalidInput, StoryClusterError
from storycluster.v1 import article_service_pb2 as article_pb
from storycluster.v1 import article_service_pb2_grpc as article_grpc
from storycluster.v1 import editorial_service_pb2 as editorial_pb
from storycluster.v1 import editorial_service_pb2_grpc as editorial_grpc
from storycluster.v1 import feed_service_pb2_grpc as feed_grpc
from storycluster.v1 import ingest_service_pb2 as pb
from storycluster.v1 import ingest_service_pb2_grpc as ingest_grpc
from storycluster.v1 import server_info_service_pb2 as info_pb
from storycluster.v1 import server_info_service_pb2_grpc as info_grpc
from storycluster.v1 import story_service_pb2 as story_pb
from storycluster.v1 import story_service_pb2_grpc as story_grpc

Response = pb.StreamIngestArticlesResponse
NOW = datetime(2026, 3, 1, tzinfo=UTC)

Fault = Callable[[Any], None]
"""Given the context of a call: raises, aborts, waits or lets it pass."""


def abort_with(error: StoryClusterError) -> Fault:
    """Ends the call with that error."""

    def fault(context: Any) -> None:
        code, message, trailing = wire.abort_arguments(error)
        context.set_trailing_metadata(trailing)
        context.abort(code, message)

    return fault


def abort_bare(code: grpc.StatusCode, message: str = "bare") -> Fault:
    """Ends the call with a code and no details, as the transport does."""
    return lambda context: context.abort(code, message)


def wait(seconds: float) -> Fault:
    """Lets the call take that long."""
    return lambda context: time.sleep(seconds)


def result_of(article: Article, *, sequence: int = 1, replayed: bool = False) -> IngestResult:
    """A plausible answer."""
    return IngestResult(
        article_id=article.article_id,
        assignment=Assignment(
            article_id=article.article_id,
            revision=1,
            story_id=f"story-of-{article.article_id}",
            relation=Relation.NEW_STORY,
            confidence=0.5,
            sequence=sequence,
        ),
        canonical=Canonical(article.article_id, "earliest_original", "only member"),
        replayed=replayed,
    )


@dataclass
class Script:
    """What goes wrong, and what was seen. Faults are used up one for each call."""

    unary: deque[Fault] = field(default_factory=deque)
    opens: deque[Fault] = field(default_factory=deque)
    cut_after_batches: deque[int] = field(default_factory=deque)
    """For each stream: cut it when so many batches were taken, the last stored but unanswered."""
    drain_after_batches: deque[int] = field(default_factory=deque)
    window: int = 4
    max_batch_articles: int = 64
    max_message_bytes: int = 8 << 20
    told_message_bytes: int = 0
    """What `opened` says instead, if it lies."""
    max_text_bytes: int = 2_000_000
    keeps_positions: bool = True
    watches: deque[Callable[[Any, Any], Iterator[Any]]] = field(default_factory=deque)
    """For each WatchEvents: given request and context, what is said; then the stream ends."""
    pause_s: float = 0.0
    refused_ids: frozenset[str] = frozenset()

    calls: list[str] = field(default_factory=list)
    left_s: list[float] = field(default_factory=list)
    """Seconds each unary call had left."""
    metadata: list[dict[str, str]] = field(default_factory=list)
    batches: list[tuple[int, list[str]]] = field(default_factory=list)
    stored: dict[tuple[str, str], int] = field(default_factory=dict)
    order: list[str] = field(default_factory=list)
    positions: dict[str, int] = field(default_factory=dict)

    def take(self, article: Article) -> IngestResult | StoryClusterError:
        """Store one article as an engine would."""
        if article.article_id in self.refused_ids:
            return InvalidInput.of("batch.articles[0].text", "title and text hold no word")
        key = (article.article_id, article.digest())
        replayed = key in self.stored
        self.stored[key] = self.stored.get(key, 0) + 1
        if not replayed:
            self.order.append(article.article_id)
        return result_of(article, sequence=len(self.order), replayed=replayed)


class _Ingest(ingest_grpc.IngestServiceServicer):
    def __init__(self, script: Script) -> None:
        self.script = script

    def IngestArticle(self, request: Any, context: Any) -> Any:  # noqa: N802
        _unary(self.script, "IngestArticle", context)
        outcome = self.script.take(wire.article_from_message(request.article))
        if isinstance(outcome, StoryClusterError):
            abort_with(outcome)(context)
        return pb.IngestArticleResponse(result=wire.ingest_result_to_message(outcome))

    def StreamIngestArticles(self, requests: Iterator[Any], context: Any) -> Iterator[Any]:  # noqa: N802
        script = self.script
        opening = next(requests).open
        script.calls.append("StreamIngestArticles")
        if script.opens:
            script.opens.popleft()(context)
        cut = script.cut_after_batches.popleft() if script.cut_after_batches else None
        drain = script.drain_after_batches.popleft() if script.drain_after_batches else None
        position = script.positions.get(opening.stream_id, 0) if script.keeps_positions else 0
        yield Response(
            opened=Response.Opened(
                last_committed_sequence=position,
                window=Response.Window(max_in_flight_batches=script.window),
                limits=wire.server_limits_to_message(
                    max_batch_articles=script.max_batch_articles,
                    max_message_bytes=script.told_message_bytes or script.max_message_bytes,
                    max_text_bytes=script.max_text_bytes,
                ),
            )
        )
        for taken, request in enumerate(requests, start=1):
            batch = request.batch
            self._check(context, request, position)
            position = max(position, batch.sequence)
            results = [
                wire.ingest_result_to_message(
                    script.take(wire.article_from_message(one)), article_id=one.article_id
                )
                for one in batch.articles
            ]
            script.positions[opening.stream_id] = position
            time.sleep(script.pause_s)
            if cut is not None and taken >= cut:
                context.abort(grpc.StatusCode.UNAVAILABLE, "cut")
            yield Response(
                batch_result=Response.BatchResult(sequence=batch.sequence, results=results)
            )
            if drain is not None and taken >= drain:
                draining = Response.Draining(last_accepted_sequence=batch.sequence)
                yield Response(draining=draining)
                return

    def _check(self, context: Any, request: Any, position: int) -> None:
        script, batch = self.script, request.batch
        if request.ByteSize() > script.max_message_bytes:
            context.abort(grpc.StatusCode.RESOURCE_EXHAUSTED, "Received message larger than max")
        if not 1 <= batch.sequence <= position + 1 or not batch.articles:
            abort_with(InvalidInput.of("batch.sequence", f"{batch.sequence} is a gap"))(context)
        if len(batch.articles) > script.max_batch_articles:
            abort_with(InvalidInput.of("batch.articles", "too many"))(context)
        script.batches.append((batch.sequence, [one.article_id for one in batch.articles]))


class _Stories(story_grpc.StoryServiceServicer):
    def __init__(self, script: Script) -> None:
        self.script = script

    def ListStories(self, request: Any, context: Any) -> Any:  # noqa: N802
        _unary(self.script, "ListStories", context)
        first = int(request.page_token or 0)
        size = request.page_size or 2
        stories = [_story(number) for number in range(first, min(5, first + size))]
        token = str(first + size) if first + size < 5 else ""
        return story_pb.ListStoriesResponse(stories=stories, next_page_token=token)


class _Editorial(editorial_grpc.EditorialServiceServicer):
    def __init__(self, script: Script) -> None:
        self.script = script

    def LockStory(self, request: Any, context: Any) -> Any:  # noqa: N802
        _unary(self.script, "LockStory", context)
        override = Override(1, OverrideKind.LOCK, NOW, request.actor, request.reason)
        return editorial_pb.LockStoryResponse(
            override=wire.override_to_message(override), story=_story(1)
        )


class _Articles(article_grpc.ArticleServiceServicer):
    def __init__(self, script: Script) -> None:
        self.script = script

    def WithdrawArticle(self, request: Any, context: Any) -> Any:  # noqa: N802
        _unary(self.script, "WithdrawArticle", context)
        left = Tombstone(request.article_id, False, NOW, request.actor, request.reason, "s1")
        return article_pb.WithdrawArticleResponse(tombstone=wire.tombstone_to_message(left))


class _Feed(feed_grpc.FeedServiceServicer):
    def __init__(self, script: Script) -> None:
        self.script = script

    def WatchEvents(self, request: Any, context: Any) -> Iterator[Any]:  # noqa: N802
        self.script.calls.append(f"WatchEvents after {request.after_sequence}")
        yield from self.script.watches.popleft()(request, context)


class _Info(info_grpc.ServerInfoServiceServicer):
    def __init__(self, script: Script) -> None:
        self.script = script

    def GetServerInfo(self, request: Any, context: Any) -> Any:  # noqa: N802
        _unary(self.script, "GetServerInfo", context)
        info = ServerInfo("1", "encoder", 3, "scheme", "digest", 64, 8 << 20, 2_000_000)
        return info_pb.GetServerInfoResponse(server_info=wire.server_info_to_message(info))


def _story(number: int) -> Any:
    return wire.story_to_message(
        Story(f"s{number}", StoryState.OPEN, "t", 1, 1, 0, 1, 1, create_time=NOW, update_time=NOW)
    )


def _unary(script: Script, method: str, context: Any) -> None:
    script.calls.append(method)
    script.left_s.append(context.time_remaining() or 0.0)
    script.metadata.append(dict(context.invocation_metadata()))
    if script.unary:
        script.unary.popleft()(context)


class ScriptedServer:
    """A server on a loopback port; `stop` cuts everything."""

    def __init__(self, script: Script, *, address: str = "127.0.0.1:0") -> None:
        self.script = script
        self._server = grpc.server(
            futures.ThreadPoolExecutor(8),
            options=[("grpc.so_reuseport", 0), ("grpc.max_receive_message_length", -1)],
        )
        ingest_grpc.add_IngestServiceServicer_to_server(_Ingest(script), self._server)
        story_grpc.add_StoryServiceServicer_to_server(_Stories(script), self._server)
        editorial_grpc.add_EditorialServiceServicer_to_server(_Editorial(script), self._server)
        article_grpc.add_ArticleServiceServicer_to_server(_Articles(script), self._server)
        feed_grpc.add_FeedServiceServicer_to_server(_Feed(script), self._server)
        info_grpc.add_ServerInfoServiceServicer_to_server(_Info(script), self._server)
        port = self._server.add_insecure_port(address)
        self.address = f"127.0.0.1:{port}"
        self._server.start()

    def stop(self) -> None:
        """End every call and wait for it."""
        self._server.stop(None).wait()
