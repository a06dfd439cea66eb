"""How do times, enums and strings cross between Python and protobuf?"""

from __future__ import annotations

import dataclasses
import functools
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any, Generic, ParamSpec, TypeVar

from google.protobuf.message import Message
from google.protobuf.timestamp_pb2 import Timestamp

from storycluster.errors import FieldViolation, InvalidInput

E = TypeVar("E", bound=StrEnum)
M = TypeVar("M")
P = ParamSpec("P")

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST_SECOND = -62_135_596_800  # 0001-01-01T00:00:00Z
LAST_SECOND = 253_402_300_799  # 9999-12-31T23:59:59Z
MICROSECOND = timedelta(microseconds=1)
INT64 = range(-(2**63), 2**63)
UNRECOGNIZED = "unrecognized_"


def time_to_message(time: datetime, *, path: str = "time") -> Timestamp:
    """The same instant, exact to the microsecond. InvalidInput at `path` for a naive time."""
    reason = _time_fault(time)
    if reason:
        raise InvalidInput.of(path, reason)
    micros = (time - EPOCH) // MICROSECOND
    return Timestamp(seconds=micros // 1_000_000, nanos=micros % 1_000_000 * 1000)


def time_from_message(message: Timestamp, *, path: str = "time") -> datetime:
    """The same instant in UTC, cut to the microsecond; InvalidInput outside the years 1 to 9999."""
    if not FIRST_SECOND <= message.seconds <= LAST_SECOND:
        raise InvalidInput.of(path, "is outside the years 1 to 9999")
    if not 0 <= message.nanos < 1_000_000_000:
        raise InvalidInput.of(path, "has nanos outside 0 to 999999999")
    return EPOCH + timedelta(seconds=message.seconds, microseconds=message.nanos // 1000)


def optional_time(message: Message, field: str, *, path: str = "") -> datetime | None:
    """The time in `field` of `message`, None where absent."""
    if not message.HasField(field):
        return None
    return time_from_message(getattr(message, field), path=f"{path}.{field}" if path else field)


def required_time(message: Message, field: str, *, path: str) -> datetime:
    """The time in `field` of `message`. An absent one reads as 1970: its sender is older than the
    field, and a reader must live with that."""
    return optional_time(message, field, path=path) or EPOCH


def _time_fault(time: datetime) -> str:
    """Why `time` cannot be sent; "" where it can."""
    if time.utcoffset() is None:
        return "has no time zone"
    seconds = (time - EPOCH) // timedelta(seconds=1)
    # 0001-01-01T00:00+01:00 is an instant of the year 0
    return "" if FIRST_SECOND <= seconds <= LAST_SECOND else "is outside the years 1 to 9999"


@functools.lru_cache(maxsize=1024)
def unrecognized(kind: type[E], number: int) -> E:
    """A stand-in of type `kind` for a number of a newer peer; its value is "unrecognized_<number>".

    It is no member: `kind(value)` refuses it, and a match over the members falls through.
    """
    value = f"{UNRECOGNIZED}{number}"
    made = str.__new__(kind, value)
    made._name_ = value.upper()
    made._value_ = value
    return made


class EnumTable(Generic[E]):
    """One domain enum and its protobuf twin, whose names are the members' behind a prefix.

    `value_of` is the twin's number by name; ValueError at import where a member has none. `aliases`
    are further numbers that read as a member; any other reads as `unknown`, else `unrecognized`.
    `only` names the members that the twin has, where it has not all.
    """

    def __init__(
        self,
        kind: type[E],
        value_of: Callable[[str], int],
        *,
        prefix: str,
        aliases: Mapping[int, E] | None = None,
        unknown: E | None = None,
        only: Iterable[E] | None = None,
    ) -> None:
        self._kind = kind
        self._unknown = unknown
        self._numbers = {
            member: value_of(prefix + member.name) for member in (kind if only is None else only)
        }
        self._members = {number: member for member, number in self._numbers.items()}
        self._members.update(aliases or {})

    def number(self, member: E) -> Any:
        """The protobuf number (typed Any because every generated enum has its own type)."""
        found = self._numbers.get(member)
        return int(member.removeprefix(UNRECOGNIZED)) if found is None else found

    def member(self, number: int) -> E:
        """The member; never raises."""
        found = self._members.get(number)
        if found is not None:
            return found
        return self._unknown or unrecognized(self._kind, number)


def sendable(noun: str) -> Callable[[Callable[P, M]], Callable[P, M]]:
    """Decorates a builder of messages: what protobuf cannot carry is InvalidInput with its path.

    The path starts at the keyword argument `path`, else at `noun`. The search for the culprit runs
    only after a failure, so a good noun pays nothing for it.
    """

    def decorate(build: Callable[P, M]) -> Callable[P, M]:
        @functools.wraps(build)
        def checked(*args: P.args, **kwargs: P.kwargs) -> M:
            try:
                return build(*args, **kwargs)
            except (InvalidInput, ValueError, TypeError, OverflowError) as fault:
                path = str(kwargs.get("path", noun))
                violations = list(_faults(args[0], path))
                if not violations and isinstance(fault, InvalidInput):
                    raise
                told = violations or [FieldViolation(path, str(fault))]
                raise InvalidInput(violations=told) from None

        return checked

    return decorate


def _faults(value: object, path: str) -> Iterator[FieldViolation]:
    """Every part of `value` that protobuf cannot carry."""
    if isinstance(value, str):
        if any("\ud800" <= character <= "\udfff" for character in value):
            yield FieldViolation(path, "holds a lone surrogate, which UTF-8 cannot carry")
    elif isinstance(value, datetime):
        reason = _time_fault(value)
        if reason:
            yield FieldViolation(path, reason)
    elif isinstance(value, int):
        if value not in INT64:
            yield FieldViolation(path, "is outside the range of a 64-bit integer")
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            yield from _faults(key, f"{path} key")
            yield from _faults(entry, f"{path}[{key!a}]")
    elif isinstance(value, tuple | list):
        for place, entry in enumerate(value):
            yield from _faults(entry, f"{path}[{place}]")
    elif dataclasses.is_dataclass(value):
        for field in dataclasses.fields(value):
            yield from _faults(
                getattr(value, field.name), f"{path}.{field.name}" if path else field.name
            )
