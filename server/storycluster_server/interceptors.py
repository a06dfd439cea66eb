"""What happens around every call?

Outermost and for every method alike: the call is admitted, its request decoded, its answer held to
the message limit; an error leaves as a status with details, an unexpected one as INTERNAL with an
error id and nothing of its text; the call is counted and has one line in the log.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
import uuid
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import grpc
from google.protobuf.duration_pb2 import Duration
from google.rpc import error_details_pb2, status_pb2

from storycluster import wire
from storycluster.domain import DEFAULT_COLLECTION
from storycluster.errors import InternalError, InvalidInput, StoreError, StoryClusterError, TooLarge
from storycluster_server import calls
from storycluster_server.access import Keys
from storycluster_server.admission import METHOD_CLASSES, PACKAGE, Admission, Draining
from storycluster_server.calls import Call
from storycluster_server.logs import Logger
from storycluster_server.metrics import Metrics

REQUEST_ID = "x-request-id"
_DETAILS = "grpc-status-details-bin"
_PUSHBACK = "grpc-retry-pushback-ms"
_LONGEST_REQUEST_ID = 64

Context = Any  # grpc.aio.ServicerContext; grpcio ships no types


class _Undecodable:
    """Stands for a request that is no message of its method."""


class CallInterceptor(grpc.aio.ServerInterceptor):  # type: ignore[misc]  # grpc is untyped
    """Wraps the handlers of this package; health and reflection pass untouched."""

    def __init__(
        self,
        *,
        admission: Admission,
        metrics: Metrics,
        log: Logger,
        max_message_bytes: int,
        keys: Keys,
        access_log: bool = True,
    ) -> None:
        self._admission = admission
        self._metrics = metrics
        self._log = log
        self._max_message_bytes = max_message_bytes
        self._keys = keys
        self._access_log = access_log

    async def intercept_service(
        self, continuation: Callable[[Any], Awaitable[Any]], details: Any
    ) -> Any:
        """The handler of the method, wrapped."""
        handler = await continuation(details)
        if handler is None or not details.method.startswith(PACKAGE):
            return handler
        request_id = _request_id(details.invocation_metadata)
        decode = _tolerant(handler.request_deserializer)
        if handler.unary_unary is not None:
            return grpc.unary_unary_rpc_method_handler(
                self._unary(handler.unary_unary, details.method, request_id, read=_read_one),
                request_deserializer=decode,
                response_serializer=handler.response_serializer,
            )
        if handler.unary_stream is not None:
            return grpc.unary_stream_rpc_method_handler(
                self._stream(handler.unary_stream, details.method, request_id, read=_read_one),
                request_deserializer=decode,
                response_serializer=handler.response_serializer,
            )
        if handler.stream_unary is not None:
            return grpc.stream_unary_rpc_method_handler(
                self._unary(handler.stream_unary, details.method, request_id, read=_read_all),
                request_deserializer=decode,
                response_serializer=handler.response_serializer,
            )
        if handler.stream_stream is not None:
            return grpc.stream_stream_rpc_method_handler(
                self._stream(handler.stream_stream, details.method, request_id, read=_read_all),
                request_deserializer=decode,
                response_serializer=handler.response_serializer,
            )
        raise NotImplementedError(f"{details.method}: no wrapper for its kind of call")

    def _unary(
        self, inner: Any, method: str, request_id: str, *, read: Callable[[Any, Call], Any]
    ) -> Any:
        async def wrapped(raw: Any, context: Context) -> Any:
            call = self._begin(method, context, request_id)
            try:
                call.rights = self._keys.rights(context.invocation_metadata())
                request = read(raw, call)
                with self._admission.enter(method, call.collection) as call.place:
                    answer = await inner(request, context)
                    self._check_size(answer)
                    return answer
            except BaseException as error:
                await self._fail(call, context, error)
                raise
            finally:
                self._end(call)

        return wrapped

    def _stream(
        self, inner: Any, method: str, request_id: str, *, read: Callable[[Any, Call], Any]
    ) -> Any:
        async def wrapped(raw: Any, context: Context) -> AsyncIterator[Any]:
            call = self._begin(method, context, request_id)
            try:
                call.rights = self._keys.rights(context.invocation_metadata())
                request = read(raw, call)
                with self._admission.enter(method, call.collection) as call.place:
                    async with contextlib.aclosing(inner(request, context)) as answers:
                        async for answer in answers:
                            self._check_size(answer)
                            yield answer
            except BaseException as error:
                await self._fail(call, context, error)
                raise
            finally:
                self._end(call)

        return wrapped

    # -- the parts --------------------------------------------------------------------------------

    def _begin(self, method: str, context: Context, request_id: str) -> Call:
        remaining = context.time_remaining()
        expires_at = None
        if remaining is not None:
            expires_at = asyncio.get_running_loop().time() + remaining
        call = Call(
            method=method, peer=context.peer(), request_id=request_id, expires_at=expires_at
        )
        calls.current.set(call)
        context.set_trailing_metadata(((REQUEST_ID, request_id),))
        self._metrics.started.labels(_label(method)).inc()
        return call

    def _check_size(self, answer: Any) -> None:
        size = answer.ByteSize()
        if size > self._max_message_bytes:
            raise TooLarge(
                f"the answer has {size} bytes, the limit is {self._max_message_bytes}: "
                "ask for fewer at once, or without views"
            )

    async def _fail(self, call: Call, context: Context, error: BaseException) -> None:
        """Note the error, and tell it to the caller where anybody still listens."""
        if isinstance(error, (asyncio.CancelledError, GeneratorExit)):
            now = asyncio.get_running_loop().time()
            late = call.expires_at is not None and call.expires_at <= now
            call.code = "DEADLINE_EXCEEDED" if late else "CANCELLED"
            return
        if not isinstance(error, StoryClusterError):
            if not isinstance(error, Exception):
                return
            call.error_id = uuid.uuid4().hex[:12]
            self._log.error(
                "unexpected error",
                error_id=call.error_id,
                method=_short(call.method),
                request_id=call.request_id,
                exc_info=error,
            )
            error = InternalError(error_id=call.error_id)
        elif isinstance(error, InternalError):
            call.error_id = error.error_id
        elif isinstance(error, StoreError):  # its words stay here: they may hold paths
            self._log.error(
                "the store failed",
                method=_short(call.method),
                request_id=call.request_id,
                exc_info=error,
            )
        code, message, trailing = abort_arguments(error)
        call.code, call.reason = code.name, error.reason
        await context.abort(code, message, (*trailing, (REQUEST_ID, call.request_id)))

    def _end(self, call: Call) -> None:
        seconds = time.perf_counter() - call.started
        self._metrics.duration.labels(_label(call.method), call.code).observe(seconds)
        if not self._access_log:
            return
        more = {"reason": call.reason, "error_id": call.error_id}
        self._log.info(
            "call",
            method=_short(call.method),
            code=call.code,
            ms=round(seconds * 1000, 2),
            peer=call.peer,
            collection=call.collection,
            items=call.items,
            request_id=call.request_id,
            **{key: value for key, value in more.items() if value},
        )


def abort_arguments(error: StoryClusterError) -> tuple[grpc.StatusCode, str, Any]:
    """What `context.abort` is given; a draining server also tells when to come back."""
    code, message, trailing = wire.abort_arguments(error)
    if not isinstance(error, Draining):
        return code, message, trailing
    status = status_pb2.Status()
    for key, value in trailing:
        if key == _DETAILS and isinstance(value, bytes):
            status.ParseFromString(value)
    millis = round(error.retry_after_s * 1000)
    delay = Duration(seconds=millis // 1000, nanos=millis % 1000 * 1_000_000)
    status.details.add().Pack(error_details_pb2.RetryInfo(retry_delay=delay))
    return code, message, ((_DETAILS, status.SerializeToString()), (_PUSHBACK, str(millis)))


def _request_id(metadata: Any) -> str:
    """The caller's id where it is short and printable, else a new one."""
    for key, value in metadata or ():
        if key == REQUEST_ID and _is_plain(value):
            return str(value)
    return uuid.uuid4().hex[:16]


def _is_plain(value: str | bytes) -> bool:
    short = isinstance(value, str) and 0 < len(value) <= _LONGEST_REQUEST_ID
    return short and value.isascii() and str(value).isprintable()


def _short(method: str) -> str:
    return method.removeprefix(PACKAGE)


def _label(method: str) -> str:
    """The method as a label; unknown ones share one, so that nobody can make labels grow."""
    return _short(method) if method in METHOD_CLASSES else "other"


def _tolerant(deserializer: Callable[[bytes], Any]) -> Callable[[bytes], Any]:
    """Never raises: what the transport makes of an exception here is no error of ours."""

    def decode(data: bytes) -> Any:
        try:
            return deserializer(data)
        except Exception:
            return _Undecodable()

    return decode


def _decoded(request: Any) -> Any:
    if isinstance(request, _Undecodable):
        raise InvalidInput.of("request", "is not a message of this method")
    return request


def _read_one(raw: Any, call: Call) -> Any:
    """The request of a call that has one; notes its collection."""
    request = _decoded(raw)
    call.collection = getattr(request, "collection", "") or DEFAULT_COLLECTION
    call.check_deadline()
    return request


async def _read_all(requests: AsyncIterator[Any], _call: Call) -> AsyncIterator[Any]:
    async for request in requests:
        yield _decoded(request)
