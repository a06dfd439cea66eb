"""Words for what is sent to a real server and what comes back."""

from __future__ import annotations

import contextlib
import queue
import random
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import grpc
import pytest
from google.rpc import error_details_pb2, status_pb2
from storycluster_server.testing import RunningServer

from storycluster import wire
from storycluster.errors import StoryClusterError
from storycluster.features import Float32
from storycluster.ports import Encoder
from storycluster.v1 import (
    admin_service_pb2_grpc,
    article_service_pb2_grpc,
    difference_service_pb2_grpc,
    editorial_service_pb2_grpc,
    feed_service_pb2_grpc,
    ingest_service_pb2,
    ingest_service_pb2_grpc,
    recluster_service_pb2_grpc,
    resources_pb2,
    server_info_service_pb2_grpc,
    story_service_pb2_grpc,
)

_WORDS = (
    *("harbour", "ministry", "orchard", "parliament", "bridge", "engineer", "festival", "glacier"),
    *("railway", "drought", "merger", "vaccine", "referendum", "volcano", "smuggler", "museum"),
    *("lighthouse", "strike", "budget", "cyclone", "reactor", "orchestra", "embassy", "quarry"),
)


def article(number: int, *, article_id: str = "", **fields: Any) -> resources_pb2.Article:
    """An invented article; each number has its own words."""
    chance = random.Random(number)
    words = [f"{chance.choice(_WORDS)}{chance.randrange(10_000)}" for _ in range(60)]
    given = {
        "article_id": article_id or f"a{number}",
        "title": " ".join(words[:6]).capitalize(),
        "text": ". ".join(" ".join(words[i : i + 12]).capitalize() for i in range(0, 60, 12)),
        "source": f"source-{number % 5}",
    }
    return resources_pb2.Article(**{**given, **fields})


class Stubs:
    """Every service over one channel."""

    def __init__(self, address: str) -> None:
        options = [("grpc.max_send_message_length", -1), ("grpc.use_local_subchannel_pool", 1)]
        self.channel = grpc.insecure_channel(address, options=options)
        self.ingest = ingest_service_pb2_grpc.IngestServiceStub(self.channel)
        self.article = article_service_pb2_grpc.ArticleServiceStub(self.channel)
        self.story = story_service_pb2_grpc.StoryServiceStub(self.channel)
        self.difference = difference_service_pb2_grpc.DifferenceServiceStub(self.channel)
        self.editorial = editorial_service_pb2_grpc.EditorialServiceStub(self.channel)
        self.feed = feed_service_pb2_grpc.FeedServiceStub(self.channel)
        self.info = server_info_service_pb2_grpc.ServerInfoServiceStub(self.channel)
        self.admin = admin_service_pb2_grpc.AdminServiceStub(self.channel)
        self.recluster = recluster_service_pb2_grpc.ReclusterServiceStub(self.channel)

    def ingest_all(self, *articles: resources_pb2.Article, collection: str = "") -> list[Any]:
        """The results of one batch."""
        request = ingest_service_pb2.BatchIngestArticlesRequest(
            articles=articles, collection=collection
        )
        return list(self.ingest.BatchIngestArticles(request, timeout=30).results)


@dataclass(frozen=True)
class Refusal:
    """A failed call, taken apart."""

    code: grpc.StatusCode
    message: str
    reason: str
    fields: tuple[str, ...]
    retry_s: float | None
    error: StoryClusterError
    trailing: dict[str, Any]


def taken_apart(failure: Any) -> Refusal:
    """What a failed call tells."""
    trailing = dict(failure.trailing_metadata() or ())
    status = status_pb2.Status.FromString(trailing.get("grpc-status-details-bin", b""))
    info, bad = error_details_pb2.ErrorInfo(), error_details_pb2.BadRequest()
    retry = error_details_pb2.RetryInfo()
    found = {d.TypeName() for d in status.details for m in (info, bad, retry) if d.Unpack(m)}
    told = "google.rpc.RetryInfo" in found
    return Refusal(
        code=failure.code(),
        message=failure.details(),
        reason=info.reason,
        fields=tuple(one.field for one in bad.field_violations),
        retry_s=retry.retry_delay.ToTimedelta().total_seconds() if told else None,
        error=wire.error_from_rpc(failure),
        trailing=trailing,
    )


def refused(call: Callable[..., Any], *args: Any, **kwargs: Any) -> Refusal:
    """Run a call that must fail."""
    kwargs.setdefault("timeout", 30)
    with pytest.raises(grpc.RpcError) as failure:
        call(*args, **kwargs)
    return taken_apart(failure.value)


class Dialogue:
    """An ingest stream, one message at a time."""

    Request = ingest_service_pb2.StreamIngestArticlesRequest

    def __init__(self, stubs: Stubs, *, timeout: float = 30) -> None:
        self._out: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self.call = stubs.ingest.StreamIngestArticles(iter(self._out.get, None), timeout=timeout)

    def open(self, stream_id: str = "", **fields: Any) -> Any:
        """Open and take the answer."""
        self._out.put(self.Request(open=self.Request.Open(stream_id=stream_id, **fields)))
        return self.receive().opened

    def send(self, sequence: int, *articles: resources_pb2.Article) -> None:
        """Send one batch."""
        batch = self.Request.Batch(sequence=sequence, articles=articles)
        self._out.put(self.Request(batch=batch))

    def send_message(self, message: Any) -> None:
        """Send anything."""
        self._out.put(message)

    def receive(self) -> Any:
        """The next message of the server."""
        return next(self.call)

    def results(self) -> Any:
        """The next message, which must be the result of a batch."""
        message = self.receive()
        assert message.WhichOneof("message") == "batch_result", message
        return message.batch_result

    def close(self) -> None:
        """Send nothing more."""
        self._out.put(None)

    def cut(self) -> None:
        """Break the stream."""
        self.call.cancel()
        self._out.put(None)

    def failure(self) -> Refusal:
        """Read on until the stream fails."""
        with pytest.raises(grpc.RpcError) as failure:
            self.rest()
        self.close()
        return taken_apart(failure.value)

    def rest(self) -> list[Any]:
        """Everything until the server ends the stream well."""
        return list(self.call)


class GatedEncoder:
    """The real encoder behind a gate, and with a word it cannot bear."""

    POISON = "unbearableword"

    def __init__(self, inner: Encoder) -> None:
        self._inner = inner
        self.gate = threading.Event()
        self.gate.set()
        self.entered = threading.Semaphore(0)
        self.calls: list[int] = []
        self.encoder_id, self.dimensions = inner.encoder_id, inner.dimensions

    def encode(self, texts: Sequence[str]) -> Float32:
        """As the real one, once the gate is open."""
        self.calls.append(len(texts))
        self.entered.release()
        assert self.gate.wait(30)
        if any(self.POISON in text.casefold() for text in texts):
            raise ValueError(f"secret: cannot encode {texts}")
        return self._inner.encode(texts)

    @contextlib.contextmanager
    def closed(self) -> Iterator[None]:
        """Nothing is encoded within the block."""
        self.gate.clear()
        try:
            yield
        finally:
            self.gate.set()


@contextlib.contextmanager
def held_writer(server: RunningServer) -> Iterator[None]:
    """Nothing is committed within the block."""
    release, held = threading.Event(), threading.Event()

    def hold() -> None:
        held.set()
        release.wait(30)

    engine: Any = server.server.engine
    engine._writer.call(hold)
    assert held.wait(30)
    try:
        yield
    finally:
        release.set()


def wait_until(holds: Callable[[], bool], *, timeout_s: float = 10.0) -> None:
    """Wait for a state that must come to be."""
    ends = time.monotonic() + timeout_s
    while not holds():
        assert time.monotonic() < ends, "it did not come to be"
        time.sleep(0.005)
