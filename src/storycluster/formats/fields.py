"""How does a JSON object become an Article?

The names of the wire (`article_id`, `publish_time`, `source_id`, `language_code`) and the short
ones people write (`id`, `published_at`, `source`, `language`) mean the same. Unknown fields are
kept in
`extras`, each as JSON.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime, time
from typing import Any

from storycluster.domain import NO_END, Article, TimePrecision
from storycluster.errors import InvalidInput

_NAMES = {
    "article_id": ("article_id", "id"),
    "title": ("title", "headline"),
    "text": ("text", "body"),
    "source": ("source", "source_id"),
    "url": ("url",),
    "language": ("language", "language_code"),
    "credit": ("credit",),
}
_TIMES = ("publish_time", "published_at")
_EMBARGO = "embargo_time"
_OTHERS = ("authors", "revision", _EMBARGO)
_KNOWN = {name for names in _NAMES.values() for name in names} | {*_TIMES, *_OTHERS}


def article_of(fields: Mapping[str, Any], *, default_id: str = "") -> Article:
    """The article that a JSON object describes. InvalidInput names the first wrong field."""
    texts: dict[str, Any] = {name: _text(fields, names) for name, names in _NAMES.items()}
    texts["article_id"] = texts["article_id"] or default_id
    if not texts["article_id"]:
        raise InvalidInput.of("id", "is missing")
    moment, precision = _time(fields)
    return Article(
        **texts,
        revision=_revision(fields),
        authors=_authors(fields),
        publish_time=moment,
        publish_precision=precision,
        embargo_time=_embargo(fields),
        extras={
            name: json_of(name, value)
            for name, value in fields.items()
            if name not in _KNOWN and value is not None
        },
    )


def json_of(name: str, value: Any) -> str:
    """A value as `extras` hold it. InvalidInput names the field where it is no JSON."""
    try:
        return json.dumps(value, ensure_ascii=False, allow_nan=False)
    except ValueError:
        raise InvalidInput.of(name, "holds a number that is not finite") from None
    except RecursionError:
        raise InvalidInput.of(name, "is nested too deeply") from None


def _text(fields: Mapping[str, Any], names: tuple[str, ...]) -> str:
    for name in names:
        value = fields.get(name)
        if value is None:
            continue
        if isinstance(value, str):
            return value
        if names[0] == "article_id" and isinstance(value, int) and not isinstance(value, bool):
            return str(value)
        raise InvalidInput.of(name, f"must be a string, not {kind_of(value)}")
    return ""


def _revision(fields: Mapping[str, Any]) -> int:
    value = fields.get("revision")
    if value is None:
        return 0
    if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value < 2**31:
        raise InvalidInput.of("revision", "must be a whole number from 0 to 2147483647")
    return value


def _authors(fields: Mapping[str, Any]) -> tuple[str, ...]:
    value = fields.get("authors")
    if value is None:
        return ()
    if isinstance(value, str):
        return (value,)
    if not isinstance(value, list) or not all(isinstance(one, str) for one in value):
        raise InvalidInput.of("authors", "must be a list of strings")
    return tuple(value)


def _time(fields: Mapping[str, Any]) -> tuple[datetime | None, TimePrecision]:
    for name in _TIMES:
        value = fields.get(name)
        if value is None or value == "":
            continue
        if not isinstance(value, str):
            raise InvalidInput.of(name, f"must be a string, not {kind_of(value)}")
        return parse_time(value, field=name)
    return None, TimePrecision.UNKNOWN


def _embargo(fields: Mapping[str, Any]) -> datetime | None:
    """A time with a zone; "" for an embargo without an end."""
    value = fields.get(_EMBARGO)
    if value is None:
        return None
    if not isinstance(value, str):
        raise InvalidInput.of(_EMBARGO, f"must be a string, not {kind_of(value)}")
    return embargo_end(value, field=_EMBARGO)


def embargo_end(value: str, *, field: str) -> datetime:
    """When an embargo ends; NO_END for "". InvalidInput as `zoned_time`."""
    return zoned_time(value, field=field) if value else NO_END


def zoned_time(value: str, *, field: str) -> datetime:
    """A time as aware UTC. InvalidInput for one without a zone: nobody could tell when it is."""
    try:
        moment = datetime.fromisoformat(value.strip())
        if moment.tzinfo is not None:
            return moment.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise InvalidInput.of(field, f"{value[:40]!r} is not an ISO 8601 time with a zone")


def parse_time(value: str, *, field: str) -> tuple[datetime, TimePrecision]:
    """An ISO 8601 date or time as aware UTC, and how much of it is known.

    A date alone, a time without a zone and an exact midnight UTC count as the day. InvalidInput
    where it is none of these or does not exist (year 0, 30 February).
    """
    try:
        moment = datetime.fromisoformat(value.strip())
        if moment.tzinfo is None:
            day = datetime.combine(moment.date(), time(), tzinfo=UTC)
            return day, TimePrecision.DAY
        moment = moment.astimezone(UTC)
    except (ValueError, OverflowError) as error:
        raise InvalidInput.of(field, f"{value[:40]!r} is not an ISO 8601 time ({error})") from None
    midnight = moment.time() == time()
    return moment, TimePrecision.DAY if midnight else TimePrecision.EXACT


def kind_of(value: object) -> str:
    """What a JSON value is, for a person."""
    names = {
        dict: "an object",
        list: "a list",
        bool: "a boolean",
        int: "a number",
        float: "a number",
    }
    return names.get(type(value), type(value).__name__)
