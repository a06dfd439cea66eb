"""How is the change feed watched on threads?"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from types import TracebackType
from typing import Any, Self

import grpc

from storycluster.client.retry import Failure
from storycluster.client.watching import IDLE_S, Checkpoint, WatchSession, silent
from storycluster.domain import Event

OpenWatch = Callable[[Any], Any]
"""Starts the RPC with a request; returns its call."""


class Watch(Iterator[Event]):
    """An endless iterator over the events of a collection, as they are committed.

    It bridges breaks of the connection without a gap or a repetition. `close()`, from any thread,
    ends it: the iteration stops. Only one thread iterates.
    """

    def __init__(
        self,
        session: WatchSession,
        start: OpenWatch,
        *,
        failure_of: Callable[[grpc.RpcError], Failure],
        checkpoint: Checkpoint,
        idle_s: float = IDLE_S,
    ) -> None:
        self._session = session
        self._start = start
        self._failure_of = failure_of
        self._checkpoint = checkpoint
        self._idle_s = idle_s
        self._call: Any = None
        self._closed = threading.Event()

    @property
    def position(self) -> int:
        """Everything up to this sequence was handed out: `after` of a watch that goes on here."""
        return self._session.position

    def __next__(self) -> Event:
        while not self._closed.is_set():
            self._checkpoint.write(self._session.position)
            event = self._session.take()
            if event is not None:
                return event
            self._receive()
        raise StopIteration

    def close(self) -> None:
        """End the watch. A second call does nothing."""
        self._closed.set()
        call = self._call
        if call is not None:
            call.cancel()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def _receive(self) -> None:
        """Wait for one message, or open the stream again after a pause."""
        if self._call is None:
            self._call = self._start(self._session.request())
            if self._closed.is_set():  # by another thread, which saw no call to cancel
                self._call.cancel()
        idle = threading.Event()
        watchdog = threading.Timer(self._idle_s, self._give_up, (self._call, idle))
        watchdog.daemon = True
        watchdog.start()
        failure: Failure | None = None
        try:
            self._session.message(next(self._call))
            return
        except StopIteration:
            pass
        except grpc.RpcError as error:
            failure = silent(self._idle_s) if idle.is_set() else self._failure_of(error)
        finally:
            watchdog.cancel()
        self._call = None
        if not self._closed.is_set():
            self._closed.wait(self._session.broke(failure))

    @staticmethod
    def _give_up(call: Any, idle: threading.Event) -> None:
        idle.set()
        call.cancel()
