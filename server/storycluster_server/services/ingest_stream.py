"""How does a stream of batches stay ordered, bounded and resumable?

Three tasks for each stream, joined by queues in the order of the batches: the reader checks each
batch and starts its stage 1; the committer takes them one after the other through stage 2, so that
a position is recorded only when everything before it is durable; the handler adds views and
answers. The window bounds what lies between them.
"""

from __future__ import annotations

import asyncio
import contextlib
import itertools
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Coroutine
from dataclasses import dataclass
from typing import Any, TypeVar

from google.protobuf.duration_pb2 import Duration

from storycluster import wire
from storycluster.domain import DEFAULT_COLLECTION
from storycluster.engine.prepare import text_problem
from storycluster.errors import Conflict, InvalidInput, Unavailable
from storycluster.v1 import ingest_service_pb2 as pb
from storycluster_server import calls
from storycluster_server.batching import Lane, Outcome, Staged, text_bytes
from storycluster_server.services.core import Core, not_negative
from storycluster_server.services.staging import Incoming, commit, stage, viewed

Request = pb.StreamIngestArticlesRequest
Response = pb.StreamIngestArticlesResponse

_TAKEOVER_S = 30.0
_KEYS = itertools.count(1)

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Batch:
    """One batch on its way: stage 1 runs in `staged`."""

    key: int
    sequence: int
    article_ids: tuple[str, ...]
    incoming: Incoming
    staged: asyncio.Task[list[Staged]]


@dataclass(frozen=True, slots=True)
class _Done:
    """One batch that is durable."""

    batch: _Batch
    outcomes: list[Outcome]


@dataclass(frozen=True, slots=True)
class _End:
    """Nothing follows; `error` where the stream breaks."""

    error: BaseException | None = None


class IngestStreams:
    """The open streams. A stream opened again takes over from its earlier self."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self._names: dict[tuple[str, str], _Name] = {}

    async def serve(self, requests: AsyncIterator[Request]) -> AsyncGenerator[Response, None]:
        """The answers to one stream of requests."""
        stream = await self._opened(requests)
        try:
            if stream.stream_id:
                await self._take_over(stream)
            yield await stream.greet()
            async with contextlib.aclosing(stream.run(requests)) as answers:
                async for answer in answers:
                    yield answer
        finally:
            stream.stop()

    async def _opened(self, requests: AsyncIterator[Request]) -> _Stream:
        first = await anext(aiter(requests), None)
        if first is None or first.WhichOneof("message") != "open":
            raise InvalidInput.of("open", "must be the first message of a stream")
        opening = first.open
        not_negative(opening.max_in_flight_batches, "open.max_in_flight_batches")
        most_bytes = self._core.engine.settings.limits.id_bytes
        for field in ("stream_id", "collection"):
            if problem := text_problem(getattr(opening, field), most_bytes):
                raise InvalidInput.of(f"open.{field}", problem)
        stream = _Stream(self._core, opening)
        calls.current.get().belongs_to(stream.collection)
        return stream

    async def _take_over(self, stream: _Stream) -> None:
        """Become the only stream of that name, once nothing of the earlier one is being written."""
        key = (stream.collection, stream.stream_id)
        name = self._names.setdefault(key, _Name())
        name.users += 1
        earlier, name.newest = name.newest, stream
        if earlier is not None:
            earlier.displace()
        try:
            await asyncio.wait_for(name.free.acquire(), _TAKEOVER_S)
        except TimeoutError:
            self._leave(key)
            raise Unavailable(f"stream {stream.stream_id!r} is still being written") from None
        except BaseException:
            self._leave(key)
            raise

        def give_up() -> None:
            name.free.release()
            self._leave(key)

        stream.when_settled(give_up)

    def _leave(self, key: tuple[str, str]) -> None:
        name = self._names[key]
        name.users -= 1
        if not name.users:
            del self._names[key]


class _Name:
    """One stream id in use: `free` is held until nothing of its stream can be written any more."""

    def __init__(self) -> None:
        self.free = asyncio.Lock()
        self.newest: _Stream | None = None
        self.users = 0


class _Stream:
    """One open stream."""

    def __init__(self, core: Core, opening: Request.Open) -> None:
        self.collection = opening.collection or DEFAULT_COLLECTION
        self.stream_id = opening.stream_id
        self._core = core
        self._view = opening.include_view
        self._window = min(opening.max_in_flight_batches or core.stream_window, core.stream_window)
        self._committed = self._accepted = 0
        self._unanswered = self._held_up = 0
        self._batches: asyncio.Queue[_Batch | _End] = asyncio.Queue()
        self._answers: asyncio.Queue[_Done | Response | _End] = asyncio.Queue()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._rooms: dict[int, tuple[int, int]] = {}
        self._written: int | None = None
        self._stopped = False
        self._settled: list[Callable[[], None]] = []

    async def greet(self) -> Response:
        """The answer to `open`."""
        if self.stream_id:
            self._committed = self._accepted = await self._core.reads.run(
                self._core.engine.stream_position, self.collection, self.stream_id
            )
        info = self._core.info
        limits = wire.server_limits_to_message(
            max_batch_articles=info.max_batch_articles,
            max_message_bytes=info.max_message_bytes,
            max_text_bytes=info.max_text_bytes,
        )
        return Response(
            opened=Response.Opened(
                last_committed_sequence=self._committed,
                window=Response.Window(max_in_flight_batches=self._window),
                limits=limits,
            )
        )

    async def run(self, requests: AsyncIterator[Request]) -> AsyncGenerator[Response, None]:
        """The answers to batches, in their order, until the client ends or the server drains."""
        if not self._stopped:
            reader = self._spawn(self._read(requests))
            self._spawn(self._commit_all())
            self._spawn(self._watch_drain(reader))
        while True:
            item = await self._answers.get()
            if isinstance(item, _End):
                if item.error is not None:
                    raise item.error
                return
            if isinstance(item, _Done):
                answer = await self._result(item)
                self._unanswered -= 1
                yield answer
            else:
                yield item

    def displace(self) -> None:
        """End this stream: its name was opened again."""
        self.stop()
        told = Conflict("the stream was opened again", field="open.stream_id", name=self.stream_id)
        self._answers.put_nowait(_End(told))

    def stop(self) -> None:
        """Begin nothing more; what the writer has already is finished."""
        self._stopped = True
        for task in self._tasks:
            task.cancel()
        for key in [key for key in self._rooms if key != self._written]:
            self._give_back(key)
        self._settle()

    def when_settled(self, then: Callable[[], None]) -> None:
        """Call `then` once the stream is stopped and nothing of it can be committed any more."""
        self._settled.append(then)
        self._settle()

    # -- reading ----------------------------------------------------------------------------------

    async def _read(self, requests: AsyncIterator[Request]) -> None:
        end = _End()
        try:
            async for request in requests:
                self._accept(request)
        except Exception as error:
            end = _End(error)
        self._batches.put_nowait(end)

    def _accept(self, request: Request) -> None:
        """Check one batch and begin its stage 1. No await: it is accepted whole or not."""
        if request.WhichOneof("message") != "batch":
            raise InvalidInput.of("batch", "must be what follows `open`")
        sequence = request.batch.sequence
        self._check_sequence(sequence)
        if self._unanswered >= self._window:
            raise InvalidInput.of(
                "batch.sequence", f"is over the window: {self._window} batches are unanswered"
            )
        incoming = Incoming.read(
            request.batch.articles, "batch.articles", most=self._core.info.max_batch_articles
        )
        readable = incoming.readable()
        room = (len(readable), text_bytes(readable))
        self._unanswered += 1
        self._accepted = max(self._accepted, sequence)
        ids = tuple(article.article_id for article in request.batch.articles)
        key = next(_KEYS)
        staged = self._spawn(self._stage(key, incoming, room))
        self._batches.put_nowait(_Batch(key, sequence, ids, incoming, staged))

    def _check_sequence(self, sequence: int) -> None:
        if sequence < 1:
            raise InvalidInput.of("batch.sequence", "must be 1 or more")
        if self._committed < sequence <= self._accepted:
            raise InvalidInput.of(
                "batch.sequence", f"{sequence} was sent already and is not answered yet"
            )
        if sequence > self._accepted + 1:
            raise InvalidInput.of(
                "batch.sequence", f"is {sequence}, the next batch is {self._accepted + 1}"
            )

    async def _stage(self, key: int, incoming: Incoming, room: tuple[int, int]) -> list[Staged]:
        """Stage 1 of one batch; the client is told to pause while there is no room."""
        budget = self._core.batcher.budget
        if budget.is_full(self.collection, *room):
            self._held_up += 1
            if self._held_up == 1:
                self._tell_window(0, retry_after_s=budget.retry_after_s(self.collection))
            await budget.wait(self.collection, *room)
            self._rooms[key] = room
            self._held_up -= 1
            if not self._held_up:
                self._tell_window(self._window)
        else:
            budget.take(self.collection, *room)
            self._rooms[key] = room
        expires_at = calls.current.get().expires_at
        return await stage(
            self._core.batcher,
            self.collection,
            incoming,
            lane=Lane.BULK,
            expires_at=expires_at,
        )

    def _tell_window(self, batches: int, *, retry_after_s: float = 0.0) -> None:
        window = Response.Window(max_in_flight_batches=batches)
        if retry_after_s:
            window.retry_delay.CopyFrom(_duration(retry_after_s))
        self._answers.put_nowait(Response(window=window))

    async def _watch_drain(self, reader: asyncio.Task[None]) -> None:
        """Read nothing more once the server goes down; what was accepted is still answered."""
        await self._core.draining.wait()
        reader.cancel()
        draining = Response.Draining(
            last_accepted_sequence=self._accepted, grace_period=_duration(self._core.drain_grace_s)
        )
        self._answers.put_nowait(Response(draining=draining))
        self._batches.put_nowait(_End())

    # -- committing -------------------------------------------------------------------------------

    async def _commit_all(self) -> None:
        while True:
            batch = await self._batches.get()
            if isinstance(batch, _End):
                self._answers.put_nowait(batch)
                return
            try:
                outcomes = await self._commit(batch, await batch.staged)
            except Exception as error:
                self._answers.put_nowait(_End(error))
                return
            self._committed = max(self._committed, batch.sequence)
            self._answers.put_nowait(_Done(batch, outcomes))

    async def _commit(self, batch: _Batch, staged: list[Staged]) -> list[Outcome]:
        position = None
        if self.stream_id and batch.sequence > self._committed:
            position = (self.stream_id, batch.sequence)
        self._written = batch.key

        def written() -> None:
            self._written = None
            self._give_back(batch.key)
            self._settle()

        return await commit(
            self._core.batcher,
            self.collection,
            staged,
            batch.incoming,
            stream=position,
            settled=written,
        )

    async def _result(self, done: _Done) -> Response:
        outcomes = done.outcomes
        if self._view:
            outcomes = await viewed(self._core, self.collection, outcomes)
        results = [
            wire.ingest_result_to_message(outcome, article_id=article_id)
            for outcome, article_id in zip(outcomes, done.batch.article_ids, strict=True)
        ]
        return Response(
            batch_result=Response.BatchResult(sequence=done.batch.sequence, results=results)
        )

    # -- the parts --------------------------------------------------------------------------------

    def _spawn(self, work: Coroutine[Any, Any, T]) -> asyncio.Task[T]:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled():
            task.exception()  # told by whoever waits for it; a stopped stream has nobody

    def _give_back(self, key: int) -> None:
        room = self._rooms.pop(key, None)
        if room is not None:
            self._core.batcher.budget.give_back(self.collection, *room)

    def _settle(self) -> None:
        if self._stopped and self._written is None:
            waiting, self._settled = self._settled, []
            for then in waiting:
                then()


def _duration(seconds: float) -> Duration:
    millis = max(0, round(seconds * 1000))
    return Duration(seconds=millis // 1000, nanos=millis % 1000 * 1_000_000)
