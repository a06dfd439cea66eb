"""How does an asyncio client reach its server?"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

import grpc

from storycluster.client.collections import CollectionRequests
from storycluster.client.config import ClientConfig, TLSConfig
from storycluster.client.editing import EditingRequests
from storycluster.client.reclustering import ReclusterRequests
from storycluster.client.requests import Call, Requests
from storycluster.client.retry import PATIENT, Attempts, Failure, RetryBucket, RetryPolicy
from storycluster.client.searching import SearchRequests
from storycluster.client.transport import STUBS, ProcessGuard, closed, failure_of
from storycluster.errors import Cancelled, DeadlineExceeded, PreconditionFailed, Unavailable

R = TypeVar("R")


class AsyncConnection:
    """One channel to one server, opened when it is first used, and the way of every call."""

    def __init__(
        self,
        target: str,
        *,
        collection: str = "default",
        timeout: float = 30.0,
        retry: RetryPolicy | None = RetryPolicy(),  # noqa: B008 - frozen
        token: str | None = None,
        tls: TLSConfig | None = None,
        allow_insecure_token: bool = False,
    ) -> None:
        self._config = ClientConfig(
            target=target,
            collection=collection,
            timeout=timeout,
            retry=retry,
            token=token,
            tls=tls,
            allow_insecure_token=allow_insecure_token,
        )
        self._requests = Requests(collection)
        self._edits = EditingRequests(collection)
        self._collections = CollectionRequests(collection)
        self._reclusters = ReclusterRequests(collection)
        self._searches = SearchRequests(collection)
        self._bucket = None if retry is None else RetryBucket(retry)
        self._guard: ProcessGuard | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._channel: Any = None
        self._stubs: dict[str, Any] = {}
        self._closed = False

    @classmethod
    def from_env(cls, environment: Mapping[str, str] | None = None, **options: Any) -> Self:
        """As `Client.from_env`."""
        return cls(**{**ClientConfig.arguments_from(environment), **options})

    # -- life -------------------------------------------------------------------------------------

    async def ready(self, timeout: float | None = None) -> None:
        """As `Client.ready`."""
        budget = self._config.budget(timeout)
        attempts = Attempts(PATIENT, None, timeout=budget)
        try:
            await self._attempt(self._requests.server_info(), attempts, wait_for_ready=True)
        except (DeadlineExceeded, Unavailable) as error:
            told = f"{self._config.target} was not ready within {budget:g} s"
            raise Unavailable(told) from error

    async def close(self) -> None:
        """As `Client.close`."""
        self._closed = True
        channel, self._channel, self._stubs = self._channel, None, {}
        if channel is not None:
            await channel.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._config.target!r}, {self._config.collection!r})"

    # -- the way there ----------------------------------------------------------------------------

    async def _run(self, call: Call[R], timeout: float | None) -> R:
        attempts = Attempts(
            self._config.retry,
            self._bucket,
            timeout=self._config.budget(timeout),
            repeatable=call.repeatable,
        )
        return await self._attempt(call, attempts, wait_for_ready=False)

    async def _attempt(self, call: Call[R], attempts: Attempts, *, wait_for_ready: bool) -> R:
        while True:
            method = getattr(self._stub(call.service), call.method)
            left = attempts.left()
            try:
                response = await method(
                    call.request,
                    timeout=left,
                    metadata=self._config.metadata(),
                    wait_for_ready=wait_for_ready,
                )
            except grpc.RpcError as error:
                failure = self._failure_of(error)
            except asyncio.CancelledError:
                self._check_who_cancelled()
                raise
            else:
                attempts.succeeded()
                return call.decode(response)
            await asyncio.sleep(attempts.failed(failure))

    def _check_who_cancelled(self) -> None:
        """A closed channel cancels its calls; nobody cancelled the caller's task then."""
        task = asyncio.current_task()
        if self._closed and task is not None and not task.cancelling():
            raise Cancelled("the client was closed") from None

    def _stub(self, service: str) -> Any:
        if self._closed:
            raise closed()
        if self._guard is not None:
            self._guard.check()
        loop = asyncio.get_running_loop()
        if self._channel is None:
            self._channel = self._open_channel()
            self._guard, self._loop = ProcessGuard(), loop
        if self._loop is not loop:
            raise PreconditionFailed("this client belongs to another event loop; make one for each")
        if service not in self._stubs:
            self._stubs[service] = STUBS[service](self._channel)
        return self._stubs[service]

    def _open_channel(self) -> Any:
        credentials = self._config.credentials()
        if credentials is None:
            return grpc.aio.insecure_channel(self._config.target, options=self._config.options())
        return grpc.aio.secure_channel(
            self._config.target, credentials, options=self._config.options()
        )

    def _failure_of(self, error: grpc.RpcError) -> Failure:
        return failure_of(error, self._config.target)

    def _budget(self, timeout: float | None) -> Callable[[], float]:
        """The seconds left of one budget for several calls; a spent one leaves a breath."""
        end = time.monotonic() + self._config.budget(timeout)
        return lambda: max(1e-3, end - time.monotonic())
