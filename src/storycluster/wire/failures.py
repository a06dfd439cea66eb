"""How does an error become a google.rpc.Status, and the same class again on the other side?

Code and reason come from one table. What the reader needs to rebuild the error travels in the
standard details: BadRequest, ResourceInfo, RetryInfo, RequestInfo, and ErrorInfo.metadata for the
rest. A status is kept small: with more than about 8 KiB of it a call arrives as RESOURCE_EXHAUSTED
instead, its true code lost.
"""

from __future__ import annotations

import math
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass

import grpc
from google.protobuf.duration_pb2 import Duration
from google.protobuf.message import DecodeError, Message
from google.rpc import error_details_pb2 as details_pb
from google.rpc import status_pb2

from storycluster import errors
from storycluster.domain import IngestReport
from storycluster.errors import FieldViolation, StoryClusterError

DOMAIN = "storycluster"
MAX_VIOLATIONS = 20
MAX_STATUS_BYTES = 6_000
MAX_MESSAGE_BYTES = 512  # also sent percent-encoded, up to three times as long
MAX_FIELD_BYTES = 256
MAX_RETRY_S = 86_400.0


@dataclass(slots=True)
class Details:
    """The details of one status, unpacked; empty messages where there are none."""

    info: details_pb.ErrorInfo
    bad_request: details_pb.BadRequest
    resource: details_pb.ResourceInfo
    retry: details_pb.RetryInfo
    request: details_pb.RequestInfo

    @classmethod
    def empty(cls) -> Details:
        """No detail."""
        return cls(
            info=details_pb.ErrorInfo(),
            bad_request=details_pb.BadRequest(),
            resource=details_pb.ResourceInfo(),
            retry=details_pb.RetryInfo(),
            request=details_pb.RequestInfo(),
        )

    def all(self) -> tuple[Message, ...]:
        """In the order they are sent."""
        return (self.info, self.bad_request, self.resource, self.retry, self.request)


def _cut(text: str, limit: int) -> str:
    """`text` within `limit` UTF-8 bytes; what UTF-8 cannot carry becomes "?"."""
    return text.encode(errors="replace")[:limit].decode(errors="ignore")


# --- what each class puts into the details, and how it is rebuilt from them


def _no_details(_error: StoryClusterError, _details: Details) -> None:
    return


def _write_violations(error: StoryClusterError, details: Details) -> None:
    assert isinstance(error, errors.InvalidInput)
    room = MAX_STATUS_BYTES - MAX_MESSAGE_BYTES - 512  # 512: ErrorInfo and the type names
    for violation in error.violations[:MAX_VIOLATIONS]:
        told = details_pb.BadRequest.FieldViolation(
            field=_cut(violation.field, MAX_FIELD_BYTES),
            description=_cut(violation.description, MAX_MESSAGE_BYTES),
        )
        room -= told.ByteSize() + 4
        if room < 0:
            break
        details.bad_request.field_violations.append(told)
    omitted = len(error.violations) - len(details.bad_request.field_violations)
    if omitted:
        details.info.metadata["violations_omitted"] = str(omitted)


def _read_violations(message: str, details: Details) -> StoryClusterError:
    told = details.bad_request.field_violations
    violations = [FieldViolation(one.field, one.description) for one in told]
    return errors.InvalidInput(message, violations=violations)


def _write_not_found(error: StoryClusterError, details: Details) -> None:
    assert isinstance(error, errors.NotFound)
    details.resource.resource_type = _cut(error.resource, MAX_FIELD_BYTES)
    details.resource.resource_name = _cut(error.name, MAX_MESSAGE_BYTES)


def _read_not_found(message: str, details: Details) -> StoryClusterError:
    resource = details.resource
    return errors.NotFound(message, resource=resource.resource_type, name=resource.resource_name)


def _write_conflict(error: StoryClusterError, details: Details) -> None:
    assert isinstance(error, errors.Conflict)
    details.info.metadata["field"] = _cut(error.field, MAX_FIELD_BYTES)
    details.resource.resource_name = _cut(error.name, MAX_MESSAGE_BYTES)


def _conflict_reader(
    kind: type[errors.Conflict],
) -> Callable[[str, Details], StoryClusterError]:
    def read(message: str, details: Details) -> StoryClusterError:
        field = details.info.metadata.get("field", "")
        return kind(message, field=field, name=details.resource.resource_name)

    return read


def _write_mismatch(error: StoryClusterError, details: Details) -> None:
    assert isinstance(error, errors.SchemeMismatch)
    for key in ("name", "stored", "given"):
        details.info.metadata[key] = _cut(getattr(error, key), MAX_FIELD_BYTES)


def _read_mismatch(message: str, details: Details) -> StoryClusterError:
    told = details.info.metadata
    return errors.SchemeMismatch(
        message,
        name=told.get("name", ""),
        stored=told.get("stored", ""),
        given=told.get("given", ""),
    )


def _write_overloaded(error: StoryClusterError, details: Details) -> None:
    assert isinstance(error, errors.Overloaded)
    details.retry.retry_delay.CopyFrom(_duration(error.retry_after_s))


def _read_overloaded(message: str, details: Details) -> StoryClusterError:
    if not details.retry.HasField("retry_delay"):
        return errors.Overloaded(message)
    delay = details.retry.retry_delay
    seconds = delay.seconds + delay.nanos / 1e9
    return errors.Overloaded(message, retry_after_s=min(max(seconds, 0.0), MAX_RETRY_S))


def _duration(seconds: float) -> Duration:
    """Within 0 and a day; NaN is 0."""
    wanted = 0.0 if math.isnan(seconds) else min(max(seconds, 0.0), MAX_RETRY_S)
    nanos = round(wanted * 1e9)
    return Duration(seconds=nanos // 1_000_000_000, nanos=nanos % 1_000_000_000)


def _write_internal(error: StoryClusterError, details: Details) -> None:
    assert isinstance(error, errors.InternalError)
    details.request.request_id = _cut(error.error_id, MAX_FIELD_BYTES)


def _read_internal(message: str, details: Details) -> StoryClusterError:
    return errors.InternalError(message, error_id=details.request.request_id)


def _write_report(error: StoryClusterError, details: Details) -> None:
    assert isinstance(error, errors.IngestError)
    details.info.metadata["accepted"] = str(error.report.accepted)
    details.info.metadata["replayed"] = str(error.report.replayed)


def _read_report(message: str, details: Details) -> StoryClusterError:
    told = details.info.metadata
    report = IngestReport(
        accepted=_count(told.get("accepted", "")),
        replayed=_count(told.get("replayed", "")),
        by_relation={},
        failures=(),
    )
    return errors.IngestError(message, report=report)


def _count(text: str) -> int:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 19 else 0


def _write_extra(error: StoryClusterError, details: Details) -> None:
    assert isinstance(error, errors.MissingExtra)
    details.info.metadata["extra"] = _cut(error.extra, MAX_FIELD_BYTES)


def _read_extra(message: str, details: Details) -> StoryClusterError:
    return errors.MissingExtra(message, extra=details.info.metadata.get("extra", ""))


def _write_expired(error: StoryClusterError, details: Details) -> None:
    assert isinstance(error, errors.FeedExpired)
    details.info.metadata["oldest"] = str(error.oldest)


def _read_expired(message: str, details: Details) -> StoryClusterError:
    return errors.FeedExpired(message, oldest=_count(details.info.metadata.get("oldest", "")))


# --- the table


@dataclass(frozen=True, slots=True)
class Row:
    """How one class of error crosses. `told` is False where its text stays on the server."""

    code: grpc.StatusCode
    write: Callable[[StoryClusterError, Details], None] = _no_details
    read: Callable[[str, Details], StoryClusterError] | None = None
    told: bool = True


C = grpc.StatusCode
TABLE: Mapping[type[StoryClusterError], Row] = {
    errors.InvalidInput: Row(C.INVALID_ARGUMENT, _write_violations, _read_violations),
    errors.NotFound: Row(C.NOT_FOUND, _write_not_found, _read_not_found),
    errors.Conflict: Row(C.ALREADY_EXISTS, _write_conflict, _conflict_reader(errors.Conflict)),
    errors.StoryChanged: Row(C.ABORTED, _write_conflict, _conflict_reader(errors.StoryChanged)),
    errors.PreconditionFailed: Row(C.FAILED_PRECONDITION),
    errors.ArticleWithdrawn: Row(C.FAILED_PRECONDITION),
    errors.SchemeMismatch: Row(C.FAILED_PRECONDITION, _write_mismatch, _read_mismatch),
    errors.EncoderUnavailable: Row(C.FAILED_PRECONDITION),
    errors.FeedExpired: Row(C.OUT_OF_RANGE, _write_expired, _read_expired),
    errors.Overloaded: Row(C.RESOURCE_EXHAUSTED, _write_overloaded, _read_overloaded),
    errors.TooLarge: Row(C.RESOURCE_EXHAUSTED),
    errors.Unauthenticated: Row(C.UNAUTHENTICATED),
    errors.PermissionDenied: Row(C.PERMISSION_DENIED),
    errors.Unavailable: Row(C.UNAVAILABLE),
    errors.DeadlineExceeded: Row(C.DEADLINE_EXCEEDED),
    errors.Cancelled: Row(C.CANCELLED),
    # a store's own words may hold paths of the server
    errors.StoreError: Row(C.INTERNAL, told=False),
    errors.StoreFull: Row(C.RESOURCE_EXHAUSTED, told=False),
    errors.StoreCorrupt: Row(C.DATA_LOSS, told=False),
    errors.InternalError: Row(C.INTERNAL, _write_internal, _read_internal, told=False),
    errors.IngestError: Row(C.ABORTED, _write_report, _read_report),
    errors.MissingExtra: Row(C.FAILED_PRECONDITION, _write_extra, _read_extra),
}
BY_REASON = {kind.reason: kind for kind in TABLE}

# Without our ErrorInfo the status comes from the transport, a proxy or a newer server's new reason.
BY_CODE: Mapping[int, type[StoryClusterError]] = {
    C.INVALID_ARGUMENT.value[0]: errors.InvalidInput,
    C.OUT_OF_RANGE.value[0]: errors.InvalidInput,
    C.NOT_FOUND.value[0]: errors.NotFound,
    C.ALREADY_EXISTS.value[0]: errors.Conflict,
    C.ABORTED.value[0]: errors.Conflict,
    C.FAILED_PRECONDITION.value[0]: errors.PreconditionFailed,
    C.UNIMPLEMENTED.value[0]: errors.PreconditionFailed,
    C.RESOURCE_EXHAUSTED.value[0]: errors.TooLarge,  # a retry of the same message cannot help
    C.UNAUTHENTICATED.value[0]: errors.Unauthenticated,
    C.PERMISSION_DENIED.value[0]: errors.PermissionDenied,
    C.UNAVAILABLE.value[0]: errors.Unavailable,
    C.DEADLINE_EXCEEDED.value[0]: errors.DeadlineExceeded,
    C.CANCELLED.value[0]: errors.Cancelled,
    C.DATA_LOSS.value[0]: errors.StoreCorrupt,
}


def status_from_error(error: BaseException) -> status_pb2.Status:
    """The status of any error; never raises, never over 6 KiB.

    An error that is not ours, or no class of the table, becomes INTERNAL with a new error id and
    nothing of its text.
    """
    kind = next((known for known in type(error).__mro__ if known in TABLE), None)
    if kind is None or not isinstance(error, StoryClusterError):
        error = errors.InternalError(error_id=uuid.uuid4().hex)
        kind = errors.InternalError
    row = TABLE[kind]
    details = Details.empty()
    details.info.reason = error.reason
    details.info.domain = DOMAIN
    row.write(error, details)
    status = status_pb2.Status(code=row.code.value[0], message=_message_of(error, row=row))
    for detail in details.all():
        if detail.ByteSize():
            status.details.add().Pack(detail)
    return status


def _message_of(error: StoryClusterError, *, row: Row) -> str:
    if row.told:
        return _cut(error.message, MAX_MESSAGE_BYTES)
    if isinstance(error, errors.InternalError):
        return _cut(f"internal error {error.error_id}", MAX_MESSAGE_BYTES)
    return (type(error).__doc__ or "").strip().split("\n")[0]


def _details_of(status: status_pb2.Status) -> Details:
    """What of the details can be read; damaged and unknown ones are passed over."""
    found = Details.empty()
    for packed in status.details:
        for detail in found.all():
            if packed.Is(detail.DESCRIPTOR):
                try:
                    packed.Unpack(detail)
                except DecodeError:
                    detail.Clear()
    return found


def error_from_status(status: status_pb2.Status) -> StoryClusterError:
    """The error a status tells; never raises.

    Without our ErrorInfo, or with a reason this version does not know, the code decides: then
    RESOURCE_EXHAUSTED is Overloaded where it says when to retry and TooLarge where it does not.
    An unknown reason is kept as the error's `reason`.
    """
    details = _details_of(status)
    ours = details.info.domain == DOMAIN
    kind = BY_REASON.get(details.info.reason) if ours else None
    if kind is None:
        kind = BY_CODE.get(status.code, errors.InternalError)
        if kind is errors.TooLarge and details.retry.HasField("retry_delay"):
            kind = errors.Overloaded
    read = TABLE[kind].read
    error = read(status.message, details) if read else kind(status.message)
    if ours and details.info.reason and details.info.reason != kind.reason:
        error.__dict__["reason"] = details.info.reason  # a newer server's; hides the class's own
    return error
