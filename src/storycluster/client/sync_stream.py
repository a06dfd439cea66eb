"""How does an ingest session run on threads?

One queue carries everything that happens to the caller's thread, which alone touches the session:
what the server sent (a reader thread for each stream) and, for `ingest_results`, the input's
articles (one thread that reads ahead, so that a slow input does not hold back results).
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterable, Iterator
from typing import Any

import grpc

from storycluster.client.events import Broke, Event, Given, InputEnd, Message
from storycluster.client.retry import Failure
from storycluster.client.session import Connect, Deliver, Finish, IngestSession, Send, Step, Wait
from storycluster.client.window import Outcome
from storycluster.domain import Article

OpenStream = Callable[[Iterator[Any]], Any]
"""Starts the RPC over a request iterator; returns its call."""

_LEAVE_S = 2.0


class _Stream:
    """One RPC: a queue of requests in, a thread that reads its answers."""

    def __init__(
        self,
        start: OpenStream,
        happened: queue.SimpleQueue[Event],
        *,
        failure_of: Callable[[grpc.RpcError], Failure],
    ) -> None:
        self._requests: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._happened = happened
        self._failure_of = failure_of
        self._call = start(iter(self._requests.get, None))
        self._reader = threading.Thread(
            target=self._read, name="storycluster-ingest-reader", daemon=True
        )
        self._reader.start()

    def send(self, request: Any) -> None:
        """Hand over one message."""
        self._requests.put(request)

    def leave(self, *, gently: bool) -> None:
        """End it; gently lets the server end it first, for a moment."""
        self._requests.put(None)
        if gently:
            self._reader.join(_LEAVE_S)
        self._call.cancel()
        self._reader.join(_LEAVE_S)

    def _read(self) -> None:
        failure: Failure | None = None
        try:
            for message in self._call:
                self._happened.put(Message(self, message))
        except grpc.RpcError as error:
            failure = self._failure_of(error)
        self._requests.put(None)  # lets gRPC's own thread go
        self._happened.put(Broke(self, failure))


class _ReadAhead:
    """Reads the input in a thread of its own, as far as credit was given."""

    def __init__(
        self, articles: Iterable[Article], happened: queue.SimpleQueue[Event], *, ahead: int
    ) -> None:
        self._credit = threading.Semaphore(0)
        self._ahead = ahead
        self._outstanding = 0
        self._stopped = False
        self._thread = threading.Thread(
            target=self._run,
            args=(articles, happened),
            name="storycluster-ingest-input",
            daemon=True,
        )
        self._thread.start()

    def want(self) -> None:
        """Let it read on."""
        missing = self._ahead - self._outstanding
        if missing > 0:
            self._outstanding += missing
            self._credit.release(missing)

    def received(self) -> None:
        """One article came out of the queue."""
        self._outstanding -= 1

    def stop(self) -> None:
        """Read nothing more. An input that is waiting for its next article is left to it."""
        self._stopped = True
        self._credit.release()

    def _run(self, articles: Iterable[Article], happened: queue.SimpleQueue[Event]) -> None:
        try:
            source = iter(articles)
            while True:
                self._credit.acquire()
                if self._stopped:
                    return
                happened.put(Given(next(source)))
        except StopIteration:
            happened.put(InputEnd())
        except BaseException as error:
            happened.put(InputEnd(error))


class SyncIngest:
    """Runs one session to its end; iterate over it for the outcomes, then `close` it."""

    def __init__(
        self,
        session: IngestSession,
        start: OpenStream,
        *,
        failure_of: Callable[[grpc.RpcError], Failure],
        sleep: Callable[[float], None],
    ) -> None:
        self._session = session
        self._start = start
        self._failure_of = failure_of
        self._sleep = sleep
        self._happened: queue.SimpleQueue[Event] = queue.SimpleQueue()
        self._stream: _Stream | None = None
        self._ahead: _ReadAhead | None = None
        self._finished = False

    def run(self, articles: Iterable[Article], *, read_ahead: int = 0) -> Iterator[Outcome]:
        """The outcomes in the order of the input; `read_ahead` > 0 reads it in a thread."""
        source: Iterator[Article] | None = None
        try:
            if read_ahead:
                self._ahead = _ReadAhead(articles, self._happened, ahead=read_ahead)
            else:
                source = iter(articles)
            while True:
                step = self._session.step()
                if isinstance(step, Finish):
                    self._finished = True
                    return
                if isinstance(step, Deliver):
                    yield from step.outcomes
                else:
                    self._do(step, source)
        finally:
            self._close()

    def _do(self, step: Step, source: Iterator[Article] | None) -> None:
        if isinstance(step, Connect):
            self._connect(step)
        elif isinstance(step, Send):
            assert self._stream is not None
            self._stream.send(step.request)
            self._take(block=False)
        elif isinstance(step, Wait):
            if step.wants_articles and source is not None:
                self._pull(source)
                self._take(block=False)
                return
            if step.wants_articles and self._ahead is not None:
                self._ahead.want()
            self._take(block=True, timeout=step.at_most_s)

    def _connect(self, step: Connect) -> None:
        if self._stream is not None:
            self._stream.leave(gently=False)
        if step.delay_s:
            self._sleep(step.delay_s)
        self._stream = _Stream(self._start, self._happened, failure_of=self._failure_of)
        self._stream.send(step.opening)

    def _pull(self, source: Iterator[Article]) -> None:
        try:
            article = next(source)
        except StopIteration:
            self._session.end()
            return
        self._session.article(article)

    def _take(self, *, block: bool, timeout: float | None = None) -> None:
        """Tell the session what happened: what is there, or, with `block`, what comes first."""
        while True:
            try:
                event = self._happened.get(block, timeout)
            except queue.Empty:
                return
            self._tell(event)
            block, timeout = False, None

    def _tell(self, event: Event) -> None:
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
            return  # a word from a stream that was left already
        elif isinstance(event, Message):
            self._session.message(event.message)
        else:
            self._session.broke(event.failure)

    def _close(self) -> None:
        if self._ahead is not None:
            self._ahead.stop()
        if self._stream is not None:
            self._stream.leave(gently=self._finished)
