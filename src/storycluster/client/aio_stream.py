"""How does an ingest session run on asyncio?

One list carries everything that happens to the caller's task, which alone touches the session: what
the server sent (a reader task for each stream) and the articles of an asynchronous input (one task
that reads ahead). A plain iterable is read by the caller's task itself.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import deque
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Iterator
from typing import Any

import grpc

from storycluster.client.events import Broke, Event, Given, InputEnd, Message
from storycluster.client.retry import Failure
from storycluster.client.session import Connect, Deliver, Finish, IngestSession, Send, Step, Wait
from storycluster.client.window import Outcome
from storycluster.domain import Article

OpenStream = Callable[[AsyncIterator[Any]], Any]
"""Starts the RPC over a request iterator; returns its call."""

_LEAVE_S = 2.0


class _Happened:
    """Events in order, and a way to wait for one."""

    def __init__(self) -> None:
        self._events: deque[Event] = deque()
        self._any = asyncio.Event()

    def put(self, event: Event) -> None:
        self._events.append(event)
        self._any.set()

    def take(self) -> Iterator[Event]:
        """Everything there is."""
        while self._events:
            yield self._events.popleft()
        self._any.clear()

    async def wait(self, timeout: float | None) -> None:
        """Until there is one, or the time passed. Nothing is lost between: events stay in place."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._any.wait(), timeout)


class _Stream:
    """One RPC: a queue of requests in, a task that reads its answers."""

    def __init__(
        self,
        start: OpenStream,
        happened: _Happened,
        *,
        failure_of: Callable[[grpc.RpcError], Failure],
    ) -> None:
        self._requests: asyncio.Queue[Any] = asyncio.Queue()
        self._happened = happened
        self._failure_of = failure_of
        self._call = start(self._outgoing())
        self._reader = asyncio.create_task(self._read())

    def send(self, request: Any) -> None:
        """Hand over one message."""
        self._requests.put_nowait(request)

    async def leave(self, *, gently: bool) -> None:
        """End it; gently lets the server end it first, for a moment."""
        self._requests.put_nowait(None)
        if gently:
            await asyncio.wait({self._reader}, timeout=_LEAVE_S)
        self._call.cancel()
        await asyncio.wait({self._reader}, timeout=_LEAVE_S)

    async def _outgoing(self) -> AsyncIterator[Any]:
        while (request := await self._requests.get()) is not None:
            yield request

    async def _read(self) -> None:
        failure: Failure | None = None
        try:
            async for message in self._call:
                self._happened.put(Message(self, message))
        except grpc.RpcError as error:
            failure = self._failure_of(error)
        except asyncio.CancelledError:
            pass  # the call was left
        self._requests.put_nowait(None)
        self._happened.put(Broke(self, failure))


class _ReadAhead:
    """Reads an asynchronous input in a task of its own, as far as credit was given."""

    def __init__(
        self, articles: AsyncIterable[Article], happened: _Happened, *, ahead: int
    ) -> None:
        self._credit = asyncio.Semaphore(0)
        self._ahead = ahead
        self._outstanding = 0
        self._task = asyncio.create_task(self._run(articles, happened))

    def want(self) -> None:
        """Let it read on."""
        while self._outstanding < self._ahead:
            self._outstanding += 1
            self._credit.release()

    def received(self) -> None:
        """One article was taken."""
        self._outstanding -= 1

    async def stop(self) -> None:
        """Read nothing more."""
        self._task.cancel()
        await asyncio.wait({self._task})

    async def _run(self, articles: AsyncIterable[Article], happened: _Happened) -> None:
        error: BaseException | None = None
        try:
            source = aiter(articles)
            while True:
                await self._credit.acquire()
                happened.put(Given(await anext(source)))
        except StopAsyncIteration:
            pass
        except asyncio.CancelledError:
            raise
        except BaseException as raised:
            error = raised
        happened.put(InputEnd(error))


class AsyncIngest:
    """Runs one session to its end; iterate over `run` for the outcomes."""

    def __init__(
        self,
        session: IngestSession,
        start: OpenStream,
        *,
        failure_of: Callable[[grpc.RpcError], Failure],
    ) -> None:
        self._session = session
        self._start = start
        self._failure_of = failure_of
        self._happened = _Happened()
        self._stream: _Stream | None = None
        self._ahead: _ReadAhead | None = None
        self._finished = False

    async def run(
        self, articles: Iterable[Article] | AsyncIterable[Article], *, read_ahead: int
    ) -> AsyncIterator[Outcome]:
        """The outcomes in the order of the input."""
        source: Iterator[Article] | None = None
        try:
            if isinstance(articles, AsyncIterable):
                self._ahead = _ReadAhead(articles, self._happened, ahead=read_ahead)
            else:
                source = iter(articles)
            while True:
                step = self._session.step()
                if isinstance(step, Finish):
                    self._finished = True
                    return
                if isinstance(step, Deliver):
                    for outcome in step.outcomes:
                        yield outcome
                else:
                    await self._do(step, source)
        finally:
            await self._close()

    async def _do(self, step: Step, source: Iterator[Article] | None) -> None:
        if isinstance(step, Connect):
            await self._connect(step)
        elif isinstance(step, Send):
            assert self._stream is not None
            self._stream.send(step.request)
            await asyncio.sleep(0)
            self._take()
        elif isinstance(step, Wait):
            if step.wants_articles and source is not None:
                self._pull(source)
                self._take()
                return
            if step.wants_articles and self._ahead is not None:
                self._ahead.want()
            await self._happened.wait(step.at_most_s)
            self._take()

    async def _connect(self, step: Connect) -> None:
        if self._stream is not None:
            await self._stream.leave(gently=False)
        if step.delay_s:
            await asyncio.sleep(step.delay_s)
        self._stream = _Stream(self._start, self._happened, failure_of=self._failure_of)
        self._stream.send(step.opening)

    def _pull(self, source: Iterator[Article]) -> None:
        try:
            article = next(source)
        except StopIteration:
            self._session.end()
            return
        self._session.article(article)

    def _take(self) -> None:
        """Tell the session what happened."""
        for event in self._happened.take():
            if isinstance(event, Given):
                assert self._ahead is not None
                self._ahead.received()
                self._session.article(event.article)
            elif isinstance(event, InputEnd):
                if event.error is None:
                    self._session.end()
                else:
                    self._session.input_failed(event.error)
            elif event.stream is not self._stream:
                continue  # a word from a stream that was left already
            elif isinstance(event, Message):
                self._session.message(event.message)
            else:
                self._session.broke(event.failure)

    async def _close(self) -> None:
        if self._ahead is not None:
            await self._ahead.stop()
        if self._stream is not None:
            await self._stream.leave(gently=self._finished)
