"""Is an error the same on both sides of the wire?"""

from __future__ import annotations

import asyncio
import math
from collections.abc import Iterator
from concurrent import futures
from typing import Any

import grpc
import pytest
from google.protobuf.message import DecodeError
from google.rpc import code_pb2, error_details_pb2, status_pb2
from hypothesis import given
from hypothesis import strategies as st

from storycluster import errors, wire
from storycluster.domain import IngestReport
from storycluster.errors import FieldViolation, StoryClusterError
from storycluster.v1 import story_service_pb2 as pb
from storycluster.v1 import story_service_pb2_grpc as rpc
from storycluster.wire.failures import MAX_STATUS_BYTES, MAX_VIOLATIONS, TABLE

EXAMPLES: tuple[StoryClusterError, ...] = (
    errors.InvalidInput("two", violations=[FieldViolation("a[1].b", "x"), FieldViolation("c", "")]),
    errors.NotFound(resource="story", name="s1"),
    errors.Conflict("taken", field="revision", name="a1"),
    errors.StoryChanged("it is at 4", field="expected_revision", name="s1"),
    errors.PreconditionFailed("not now"),
    errors.ArticleWithdrawn("withdrawn by somebody: libel"),
    errors.SchemeMismatch(name="encoder", stored="x", given="y"),
    errors.EncoderUnavailable("no weights"),
    errors.FeedExpired("7 has expired", oldest=2**40),
    errors.Overloaded("full", retry_after_s=2.25),
    errors.TooLarge("9 MiB"),
    errors.Unauthenticated("no token"),
    errors.PermissionDenied("scope ingest"),
    errors.Unavailable("draining"),
    errors.DeadlineExceeded("2 s"),
    errors.Cancelled("by you"),
    errors.StoreError(),
    errors.StoreFull(),
    errors.StoreCorrupt(),
    errors.InternalError(error_id="e1"),
    errors.IngestError(
        "3 refused", report=IngestReport(accepted=5, replayed=2, by_relation={}, failures=())
    ),
    errors.MissingExtra(extra="server", needs="faiss"),
)
CODES = {code.value[0] for code in grpc.StatusCode}
TEXTS = st.text(max_size=3000)


def every_error(kind: type[StoryClusterError]) -> set[type[StoryClusterError]]:
    return {kind}.union(*(every_error(child) for child in kind.__subclasses__()))


def test_every_class_is_in_the_table() -> None:
    """Each class of errors.py has its row and an example here; the base alone has none."""
    ours = {kind for kind in every_error(StoryClusterError) if kind.__module__ == errors.__name__}
    assert ours - {StoryClusterError} == set(TABLE) == {type(one) for one in EXAMPLES}


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda one: type(one).__name__)
def test_round_trip(error: StoryClusterError) -> None:
    """Class, message, reason and every attribute come back."""
    status = status_pb2.Status.FromString(wire.status_from_error(error).SerializeToString())
    back = wire.error_from_status(status)
    assert type(back) is type(error)
    assert (back.message, back.reason, vars(back)) == (error.message, error.reason, vars(error))


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda one: type(one).__name__)
def test_code_matches_the_tree(error: StoryClusterError) -> None:
    """The codes are those that errors.py promises; every status names our domain."""
    status = wire.status_from_error(error)
    info = error_details_pb2.ErrorInfo()
    assert status.details[0].Unpack(info)
    assert (info.domain, info.reason) == ("storycluster", error.reason)
    promised = {
        errors.InvalidInput: "INVALID_ARGUMENT",
        errors.NotFound: "NOT_FOUND",
        errors.StoryChanged: "ABORTED",
        errors.Conflict: "ALREADY_EXISTS",
        errors.PreconditionFailed: "FAILED_PRECONDITION",
        errors.FeedExpired: "OUT_OF_RANGE",
        errors.Overloaded: "RESOURCE_EXHAUSTED",
        errors.TooLarge: "RESOURCE_EXHAUSTED",
        errors.Unavailable: "UNAVAILABLE",
        errors.DeadlineExceeded: "DEADLINE_EXCEEDED",
        errors.Cancelled: "CANCELLED",
        errors.StoreFull: "RESOURCE_EXHAUSTED",
        errors.StoreCorrupt: "DATA_LOSS",
        errors.StoreError: "INTERNAL",
        errors.InternalError: "INTERNAL",
    }
    for kind in type(error).__mro__:
        if kind in promised:
            assert code_pb2.Code.Name(status.code) == promised[kind]
            return


@pytest.mark.parametrize(
    "error", [ValueError("secret"), KeyError("secret"), StoryClusterError("secret")]
)
def test_unexpected_error_keeps_its_text(error: Exception) -> None:
    """What is no error of the table leaves as INTERNAL with an id and nothing of its text."""
    status = wire.status_from_error(error)
    back = wire.error_from_status(status)
    assert isinstance(back, errors.InternalError)
    assert len(back.error_id) == 32
    assert b"secret" not in status.SerializeToString()


@pytest.mark.parametrize("kind", [errors.StoreError, errors.StoreFull, errors.StoreCorrupt])
def test_store_keeps_its_paths(kind: type[StoryClusterError]) -> None:
    """What a store says of its files stays on the server."""
    status = wire.status_from_error(kind("/var/secret.db: disk I/O error"))
    assert type(wire.error_from_status(status)) is kind
    assert b"secret" not in status.SerializeToString()


def test_subclass_of_ours_is_its_nearest_class() -> None:
    """An error class from outside is sent as the nearest class of the table."""

    class Special(errors.NotFound):
        """Special."""

    back = wire.error_from_status(wire.status_from_error(Special(resource="x", name="y")))
    assert type(back) is errors.NotFound


def test_many_violations_are_cut() -> None:
    """At most 20 violations are sent, and how many were left out is told."""
    error = errors.InvalidInput(violations=[FieldViolation(f"a[{i}]", "bad") for i in range(50)])
    status = wire.status_from_error(error)
    info = error_details_pb2.ErrorInfo()
    status.details[0].Unpack(info)
    back = wire.error_from_status(status)
    assert isinstance(back, errors.InvalidInput)
    assert back.violations == error.violations[:MAX_VIOLATIONS]
    assert info.metadata["violations_omitted"] == "30"


@given(TEXTS, TEXTS, TEXTS, st.integers(0, 40))
def test_status_stays_small(one: str, two: str, three: str, count: int) -> None:
    """Whatever texts an error holds, surrogates included, its status is under 6 KiB and reads."""
    for error in (
        errors.InvalidInput(one, violations=[FieldViolation(two, three)] * count),
        errors.NotFound(one, resource=two, name=three),
        errors.Conflict(one, field=two, name=three),
        errors.SchemeMismatch(one, name=two, stored=three, given=two),
        errors.InternalError(one, error_id=two),
        errors.MissingExtra(one, extra=two),
        errors.Unavailable(one),
    ):
        status = wire.status_from_error(error)
        assert len(status.SerializeToString()) <= MAX_STATUS_BYTES
        assert type(wire.error_from_status(status)) is type(error)


@pytest.mark.parametrize(
    ("given_s", "sent_s"), [(-1.0, 0.0), (math.nan, 0.0), (math.inf, 86_400.0), (0.5, 0.5)]
)
def test_retry_delay_is_sane(given_s: float, sent_s: float) -> None:
    """The delay that is sent lies within 0 and a day."""
    back = wire.error_from_status(wire.status_from_error(errors.Overloaded(retry_after_s=given_s)))
    assert isinstance(back, errors.Overloaded)
    assert back.retry_after_s == sent_s


@pytest.mark.parametrize(
    ("code", "kind"),
    [
        (code_pb2.OK, errors.InternalError),
        (code_pb2.CANCELLED, errors.Cancelled),
        (code_pb2.UNKNOWN, errors.InternalError),
        (code_pb2.INVALID_ARGUMENT, errors.InvalidInput),
        (code_pb2.DEADLINE_EXCEEDED, errors.DeadlineExceeded),
        (code_pb2.NOT_FOUND, errors.NotFound),
        (code_pb2.ALREADY_EXISTS, errors.Conflict),
        (code_pb2.PERMISSION_DENIED, errors.PermissionDenied),
        (code_pb2.RESOURCE_EXHAUSTED, errors.TooLarge),
        (code_pb2.FAILED_PRECONDITION, errors.PreconditionFailed),
        (code_pb2.ABORTED, errors.Conflict),
        (code_pb2.OUT_OF_RANGE, errors.InvalidInput),
        (code_pb2.UNIMPLEMENTED, errors.PreconditionFailed),
        (code_pb2.INTERNAL, errors.InternalError),
        (code_pb2.UNAVAILABLE, errors.Unavailable),
        (code_pb2.DATA_LOSS, errors.StoreCorrupt),
        (code_pb2.UNAUTHENTICATED, errors.Unauthenticated),
        (99, errors.InternalError),
    ],
)
def test_status_of_the_transport(code: int, kind: type[StoryClusterError]) -> None:
    """Without our details the code decides, and the transport's words are kept."""
    back = wire.error_from_status(status_pb2.Status(code=code, message="said"))
    assert (type(back), back.message) == (kind, "said")


def test_reason_of_a_newer_server() -> None:
    """An unknown reason falls back on the code and is kept; with a retry delay it is Overloaded."""
    status = status_pb2.Status(code=code_pb2.RESOURCE_EXHAUSTED, message="slow down")
    status.details.add().Pack(
        error_details_pb2.ErrorInfo(reason="RATE_LIMITED", domain="storycluster")
    )
    retry = error_details_pb2.RetryInfo()
    retry.retry_delay.FromMilliseconds(1500)
    status.details.add().Pack(retry)
    back = wire.error_from_status(status)
    assert isinstance(back, errors.Overloaded)
    assert (back.reason, back.retry_after_s) == ("RATE_LIMITED", 1.5)
    assert errors.Overloaded.reason == "QUEUE_FULL"


def test_reason_of_another_domain_is_not_ours() -> None:
    """A proxy's ErrorInfo with a reason of the same name decides nothing."""
    status = status_pb2.Status(code=code_pb2.UNAVAILABLE)
    status.details.add().Pack(error_details_pb2.ErrorInfo(reason="NOT_FOUND", domain="proxy"))
    assert type(wire.error_from_status(status)) is errors.Unavailable


def test_damaged_details_are_passed_over() -> None:
    """Details that cannot be unpacked do not hide the code."""
    status = status_pb2.Status(code=code_pb2.NOT_FOUND, message="m")
    status.details.add(type_url="type.googleapis.com/google.rpc.ErrorInfo", value=b"\xff\xff")
    status.details.add(type_url="type.googleapis.com/other.Thing", value=b"\x01")
    assert type(wire.error_from_status(status)) is errors.NotFound


@given(st.binary(max_size=80))
def test_no_status_breaks_the_reader(data: bytes) -> None:
    """Whatever parses as a status is read as an error of ours."""
    try:
        status = status_pb2.Status.FromString(data)
    except DecodeError:
        return
    assert isinstance(wire.error_from_status(status), StoryClusterError)


# as much of everything as a status can hold, in letters that the transport writes as nine bytes
HUGE = errors.InvalidInput("€" * 2000, violations=[FieldViolation("€" * 500, "€" * 500)] * 50)


def example(story_id: str) -> Exception:
    if story_id == "huge":
        return HUGE
    return next(one for one in EXAMPLES if type(one).__name__ == story_id)


def arguments_of(story_id: str) -> tuple[grpc.StatusCode, str, Any]:
    if story_id == "garbage":
        return grpc.StatusCode.NOT_FOUND, "garbled", (("grpc-status-details-bin", b"\xff\xff"),)
    if story_id == "other code":
        _, _, trailing = wire.abort_arguments(errors.NotFound("hidden"))
        return grpc.StatusCode.RESOURCE_EXHAUSTED, "metadata too large", trailing
    return wire.abort_arguments(example(story_id))


class Failing(rpc.StoryServiceServicer):
    """Fails GetStory with the example whose class is asked for."""

    def GetStory(self, request: Any, context: Any) -> Any:  # noqa: N802
        code, message, trailing = arguments_of(request.story_id)
        context.set_trailing_metadata(trailing)
        context.abort(code, message)


class FailingAio(rpc.StoryServiceServicer):
    """The same under asyncio."""

    async def GetStory(self, request: Any, context: Any) -> Any:  # noqa: N802
        await context.abort(*arguments_of(request.story_id))


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    """A real server on a loopback port."""
    server = grpc.server(futures.ThreadPoolExecutor(2))
    rpc.add_StoryServiceServicer_to_server(Failing(), server)
    port = server.add_insecure_port("127.0.0.1:0")
    server.start()
    yield f"127.0.0.1:{port}"
    server.stop(0).wait()


def failure_of(address: str, story_id: str) -> grpc.RpcError:
    with grpc.insecure_channel(address) as channel, pytest.raises(grpc.RpcError) as caught:
        rpc.StoryServiceStub(channel).GetStory(pb.GetStoryRequest(story_id=story_id), timeout=20)
    return caught.value


@pytest.mark.parametrize("error", EXAMPLES, ids=lambda one: type(one).__name__)
def test_failed_call_raises_the_same(address: str, error: StoryClusterError) -> None:
    """Through a real server and channel every error arrives as itself."""
    back = wire.error_from_rpc(failure_of(address, type(error).__name__))
    assert type(back) is type(error)
    assert (back.message, vars(back)) == (error.message, vars(error))


def test_largest_status_arrives(address: str) -> None:
    """The largest status there can be arrives with its own code, every time."""
    for _ in range(20):
        back = wire.error_from_rpc(failure_of(address, "huge"))
        assert isinstance(back, errors.InvalidInput)
        assert len(back.violations) > 5


def test_failed_aio_call_raises_the_same() -> None:
    """Through an asyncio server and channel every error arrives as itself too."""

    async def calls() -> list[StoryClusterError]:
        server = grpc.aio.server()
        rpc.add_StoryServiceServicer_to_server(FailingAio(), server)
        port = server.add_insecure_port("127.0.0.1:0")
        await server.start()
        back = []
        async with grpc.aio.insecure_channel(f"127.0.0.1:{port}") as channel:
            stub = rpc.StoryServiceStub(channel)
            for error in EXAMPLES:
                request = pb.GetStoryRequest(story_id=type(error).__name__)
                with pytest.raises(grpc.RpcError) as caught:
                    await stub.GetStory(request, timeout=20)
                back.append(wire.error_from_rpc(caught.value))
        await server.stop(None)
        return back

    back = asyncio.run(calls())
    assert [type(one) for one in back] == [type(one) for one in EXAMPLES]
    assert [vars(one) for one in back] == [vars(one) for one in EXAMPLES]


@pytest.mark.parametrize(
    ("story_id", "kind"), [("garbage", errors.NotFound), ("other code", errors.TooLarge)]
)
def test_details_that_disagree_are_passed_over(
    address: str, story_id: str, kind: type[StoryClusterError]
) -> None:
    """Damaged details, and those of another code than the call's, leave the code to decide."""
    assert type(wire.error_from_rpc(failure_of(address, story_id))) is kind


def test_unreachable_server_is_unavailable() -> None:
    """A refused connection is Unavailable."""
    failure = failure_of("127.0.0.1:1", "any")
    assert type(wire.error_from_rpc(failure)) is errors.Unavailable


def test_bare_rpc_error_is_internal() -> None:
    """An RpcError without a code is an InternalError."""
    assert type(wire.error_from_rpc(grpc.RpcError("odd"))) is errors.InternalError


def test_overload_pushes_back() -> None:
    """An overloaded call tells the channel's own retry how many milliseconds to wait."""
    _, _, trailing = wire.abort_arguments(errors.Overloaded(retry_after_s=0.7))
    assert dict(trailing)["grpc-retry-pushback-ms"] == "700"
