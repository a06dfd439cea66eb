"""How does a noun become plain JSON values, and those the same noun again, or are refused?

By the types of its fields, so that a field which a noun gets later travels with it. One that is
missing has its default: the file is older than the field. One that is unknown is refused.
"""

from __future__ import annotations

import dataclasses
import functools
import types
import typing
from collections.abc import Mapping
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, TypeVar

from storycluster.errors import InvalidInput

T = TypeVar("T")

_INT64 = range(-(2**63), 2**63)
_PLAIN: Mapping[type, str] = {
    str: "a text",
    int: "a whole number",
    float: "a number",
    bool: "true or false",
}


def plain(value: Any) -> Any:
    """JSON's values: enums by value, times as ISO 8601 in UTC, tuples as lists."""
    if dataclasses.is_dataclass(value):
        return {one.name: plain(getattr(value, one.name)) for one in dataclasses.fields(value)}
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (tuple, list)):
        return [plain(one) for one in value]
    return _plain_value(value)


def _plain_value(value: Any) -> Any:
    if isinstance(value, StrEnum):
        return value.value
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")
    if isinstance(value, float):
        return float(value)  # numpy's is one, and prints otherwise
    return value


def noun(kind: type[T], value: Any, *, path: str) -> T:
    """The dataclass `kind` of what `plain` made of it. InvalidInput, with the path of what is
    wrong."""
    if not isinstance(value, dict):
        raise InvalidInput.of(path, "must be an object")
    types_of = fields_of(kind)  # type: ignore[arg-type]  # classes are hashable
    for name in value:
        if name not in types_of:
            raise InvalidInput.of(f"{path}.{name}", "is no field of this version")
    given = {
        name: _read(hint, value[name], f"{path}.{name}")
        for name, hint in types_of.items()
        if name in value
    }
    for one in dataclasses.fields(kind):  # type: ignore[arg-type]  # every kind is a dataclass
        no_default = (
            one.default is dataclasses.MISSING and one.default_factory is dataclasses.MISSING
        )
        if one.name not in given and no_default:
            raise InvalidInput.of(f"{path}.{one.name}", "is missing")
    return kind(**given)


@functools.cache
def fields_of(kind: type) -> dict[str, Any]:
    """{field: its type} of a dataclass, in order."""
    hints = typing.get_type_hints(kind)
    return {one.name: hints[one.name] for one in dataclasses.fields(kind)}


def _read(hint: Any, value: Any, path: str) -> Any:
    origin, arguments = typing.get_origin(hint), typing.get_args(hint)
    if origin in (types.UnionType, typing.Union):
        [inner] = [one for one in arguments if one is not type(None)]
        return None if value is None else _read(inner, value, path)
    if origin is tuple:
        if not isinstance(value, list):
            raise InvalidInput.of(path, "must be a list")
        return tuple(_read(arguments[0], one, f"{path}[{i}]") for i, one in enumerate(value))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _texts(value, path)
    return _read_one(hint, value, path)


def _read_one(hint: Any, value: Any, path: str) -> Any:
    if dataclasses.is_dataclass(hint):
        return noun(hint, value, path=path)  # type: ignore[arg-type]  # a class, by its hint
    if hint is datetime:
        return _time(value, path)
    if issubclass(hint, StrEnum):
        return _member(hint, value, path)
    return _value(hint, value, path)


def _texts(value: Any, path: str) -> dict[str, str]:
    if not isinstance(value, dict):
        raise InvalidInput.of(path, "must be an object")
    return {_value(str, key, path): _value(str, one, f"{path}.{key}") for key, one in value.items()}


def _time(value: Any, path: str) -> datetime:
    try:
        moment = datetime.fromisoformat(_value(str, value, path))
        if moment.tzinfo is None:
            raise InvalidInput.of(path, "has no time zone")
        return moment.astimezone(UTC)
    except (ValueError, OverflowError):  # the second at the edges of the calendar
        raise InvalidInput.of(path, "must be an ISO 8601 time") from None


def _member(kind: type[StrEnum], value: Any, path: str) -> StrEnum:
    try:
        return kind(_value(str, value, path))
    except ValueError:
        raise InvalidInput.of(path, f"must be one of {', '.join(kind)}") from None


def _value(hint: type, value: Any, path: str) -> Any:
    fits = isinstance(value, hint) or (hint is float and isinstance(value, int))
    if not fits or (isinstance(value, bool) and hint is not bool):
        raise InvalidInput.of(path, f"must be {_PLAIN[hint]}")
    if hint is int and value not in _INT64:
        raise InvalidInput.of(path, "has more than 64 bits")
    if isinstance(value, str) and ("\x00" in value or not _is_unicode(value)):
        raise InvalidInput.of(path, "holds a NUL character or a lone surrogate")
    return float(value) if hint is float else value


def _is_unicode(value: str) -> bool:
    try:
        value.encode()
    except UnicodeEncodeError:
        return False
    return True
