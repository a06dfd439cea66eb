"""How is the change feed watched on asyncio?"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from types import TracebackType
from typing import Any, Self

import grpc

from storycluster.client.retry import Failure
from storycluster.client.watching import IDLE_S, Checkpoint, WatchSession, silent
from storycluster.domain import Event

OpenWatch = Callable[[Any], Any]
"""Starts the RPC with a request; returns its call."""


class AsyncWatch(AsyncIterator[Event]):
    """`Watch` for `async for`. `close()`, from another task, ends it."""

    def __init__(
        self,
        session: WatchSession,
        start: OpenWatch,
        *,
        failure_of: Callable[[grpc.RpcError], Failure],
        check_who_cancelled: Callable[[], None],
        checkpoint: Checkpoint,
        idle_s: float = IDLE_S,
    ) -> None:
        self._session = session
        self._start = start
        self._failure_of = failure_of
        self._check_who_cancelled = check_who_cancelled
        self._checkpoint = checkpoint
        self._idle_s = idle_s
        self._call: Any = None
        self._closed = asyncio.Event()

    @property
    def position(self) -> int:
        """As `Watch.position`."""
        return self._session.position

    async def __anext__(self) -> Event:
        while not self._closed.is_set():
            self._checkpoint.write(self._session.position)
            event = self._session.take()
            if event is not None:
                return event
            await self._receive()
        raise StopAsyncIteration

    async def close(self) -> None:
        """End the watch. A second call does nothing."""
        self._closed.set()
        if self._call is not None:
            self._call.cancel()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    async def _receive(self) -> None:
        """Wait for one message, or open the stream again after a pause."""
        if self._call is None:
            self._call = self._start(self._session.request())
        failure: Failure | None = None
        try:
            message = await asyncio.wait_for(self._call.read(), self._idle_s)
        except TimeoutError:
            failure = silent(self._idle_s)
        except grpc.RpcError as error:
            failure = self._failure_of(error)
        except asyncio.CancelledError:
            self._call = None  # the RPC is over with the reading: the next one opens another
            task = asyncio.current_task()
            if not self._closed.is_set() or (task is not None and task.cancelling()):
                self._check_who_cancelled()
                raise
        else:
            if message is not grpc.aio.EOF:
                self._session.message(message)
                return
        self._call = None
        if not self._closed.is_set():
            await self._pause(self._session.broke(failure))

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._closed.wait(), seconds)
