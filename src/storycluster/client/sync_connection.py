"""How does a client without asyncio reach its server?"""

from __future__ import annotations

import threading
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
from storycluster.errors import DeadlineExceeded, Unavailable

R = TypeVar("R")


class Connection:
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
        self._lock = threading.Lock()
        self._guard: ProcessGuard | None = None
        self._channel: Any = None
        self._stubs: dict[str, Any] = {}
        self._closed = threading.Event()

    @classmethod
    def from_env(cls, environment: Mapping[str, str] | None = None, **options: Any) -> Self:
        """The client that STORYCLUSTER_SERVER and STORYCLUSTER_COLLECTION name, with the key of
        STORYCLUSTER_TOKEN.

        `options` are arguments of the class and hold before the environment.
        """
        return cls(**{**ClientConfig.arguments_from(environment), **options})

    # -- life -------------------------------------------------------------------------------------

    def ready(self, timeout: float | None = None) -> None:
        """Wait until the server answers. Unavailable after `timeout` seconds."""
        budget = self._config.budget(timeout)
        attempts = Attempts(PATIENT, None, timeout=budget)
        try:
            self._attempt(self._requests.server_info(), attempts, wait_for_ready=True)
        except (DeadlineExceeded, Unavailable) as error:
            told = f"{self._config.target} was not ready within {budget:g} s"
            raise Unavailable(told) from error

    def close(self) -> None:
        """Close the connection; calls under way end with Cancelled. A second call does nothing."""
        self._closed.set()
        with self._lock:
            channel, self._channel, self._stubs = self._channel, None, {}
        if channel is not None:
            channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._config.target!r}, {self._config.collection!r})"

    # -- the way there ----------------------------------------------------------------------------

    def _run(self, call: Call[R], timeout: float | None) -> R:
        attempts = Attempts(
            self._config.retry,
            self._bucket,
            timeout=self._config.budget(timeout),
            repeatable=call.repeatable,
        )
        return self._attempt(call, attempts, wait_for_ready=False)

    def _attempt(self, call: Call[R], attempts: Attempts, *, wait_for_ready: bool) -> R:
        while True:
            method = getattr(self._stub(call.service), call.method)
            left = attempts.left()
            try:
                response = method(
                    call.request,
                    timeout=left,
                    metadata=self._config.metadata(),
                    wait_for_ready=wait_for_ready,
                )
            except grpc.RpcError as error:
                failure = self._failure_of(error)
            except ValueError:
                if self._closed.is_set():  # between the stub and the call
                    raise closed() from None
                raise
            else:
                attempts.succeeded()
                return call.decode(response)
            self._sleep(attempts.failed(failure))

    def _stub(self, service: str) -> Any:
        if self._closed.is_set():
            raise closed()
        if self._guard is not None:
            self._guard.check()  # before the lock, which another thread may have held at the fork
        with self._lock:
            if self._channel is None:
                self._channel = self._open_channel()
                self._guard = ProcessGuard()
            if service not in self._stubs:
                self._stubs[service] = STUBS[service](self._channel)
            return self._stubs[service]

    def _open_channel(self) -> Any:
        credentials = self._config.credentials()
        if credentials is None:
            return grpc.insecure_channel(self._config.target, options=self._config.options())
        return grpc.secure_channel(self._config.target, credentials, options=self._config.options())

    def _failure_of(self, error: grpc.RpcError) -> Failure:
        return failure_of(error, self._config.target)

    def _sleep(self, seconds: float) -> None:
        """Wait; a `close` meanwhile ends it."""
        if self._closed.wait(seconds):
            raise closed()

    def _budget(self, timeout: float | None) -> Callable[[], float]:
        """The seconds left of one budget for several calls; a spent one leaves a breath."""
        end = time.monotonic() + self._config.budget(timeout)
        return lambda: max(1e-3, end - time.monotonic())
