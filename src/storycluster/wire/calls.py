"""How does a status travel with a gRPC call: out of a handler, and out of a failed call?"""

from __future__ import annotations

import math

import grpc
from google.protobuf.message import DecodeError
from google.rpc import error_details_pb2, status_pb2

from storycluster.errors import Overloaded, StoryClusterError
from storycluster.wire.failures import error_from_status, status_from_error

DETAILS_KEY = "grpc-status-details-bin"
PUSHBACK_KEY = "grpc-retry-pushback-ms"
CODES = {code.value[0]: code for code in grpc.StatusCode}

Metadata = tuple[tuple[str, str | bytes], ...]


def abort_arguments(error: BaseException) -> tuple[grpc.StatusCode, str, Metadata]:
    """(code, message, trailing metadata) for `await context.abort(*...)`.

    A sync context takes the metadata apart, by `set_trailing_metadata`.
    """
    status = status_from_error(error)
    trailing: Metadata = ((DETAILS_KEY, status.SerializeToString()),)
    if isinstance(error, Overloaded):
        retry = error_details_pb2.RetryInfo()
        for detail in status.details:
            detail.Unpack(retry)
        wait = retry.retry_delay.seconds * 1000 + math.ceil(retry.retry_delay.nanos / 1e6)
        trailing += ((PUSHBACK_KEY, str(wait)),)
    return CODES[status.code], status.message, trailing


def error_from_rpc(failure: grpc.RpcError) -> StoryClusterError:
    """The error a failed call tells, from its details where they agree with its code. Never raises.

    Details that are missing, damaged or of another code than the call's are passed over: the
    transport replaces the code where the details were too large for it.
    """
    code, message, trailing = _parts_of(failure)
    plain = status_pb2.Status(code=code.value[0], message=message)
    for key, value in trailing:
        if key == DETAILS_KEY and isinstance(value, bytes):
            try:
                told = status_pb2.Status.FromString(value)
            except DecodeError:
                continue
            if told.code == plain.code:
                return error_from_status(told)
    return error_from_status(plain)


def _parts_of(failure: grpc.RpcError) -> tuple[grpc.StatusCode, str, Metadata]:
    """Code, message and trailing metadata; a bare RpcError has none of them."""
    if not hasattr(failure, "code"):
        return grpc.StatusCode.UNKNOWN, str(failure), ()
    code = failure.code()
    known = code if isinstance(code, grpc.StatusCode) else grpc.StatusCode.UNKNOWN
    trailing = failure.trailing_metadata() if hasattr(failure, "trailing_metadata") else None
    return known, failure.details() or "", tuple(trailing or ())
