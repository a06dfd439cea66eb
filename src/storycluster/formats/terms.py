"""What do wires say of an article beside its text, and under which names is it kept?

Every format keeps these in `extras`, as JSON, where it states them:

    pub_status        "usable", "withheld" or "canceled"
    signals           list of strings: "update", "correction"; codes of other schemes with scheme
    editorial_note    string, a line for each note
    version           string, where it is no whole number and so not the `revision`
    version_created, first_created, content_created
                      RFC 3339 in UTC where the time has a zone, else as sent
    item_title, slugline, usage_terms, copyright_holder, copyright_notice, summary   strings
    urgency           number, 1 is the most urgent
    type              "picture", "composite", ..., where it is not "text"
    left_out          list of the names of fields that were too long to be kept

Fields of other names are kept as the format names them.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from storycluster.domain import Article
from storycluster.errors import InvalidInput
from storycluster.formats.fields import article_of, json_of, parse_time, zoned_time
from storycluster.settings import LAST_REVISION, Limits

_STATES = {state: state for state in ("usable", "withheld", "canceled")} | {"cancelled": "canceled"}
_SIGNAL_SCHEMES = re.compile(r"\A(?:sig:|https?://cv\.iptc\.org/newscodes/signal/)")
_UNSAID: tuple[Any, ...] = (None, "", [], {})


class NotText(InvalidInput):
    """An item that is no text: a picture, a package. Passed over among others."""


def wire_article(
    fields: Mapping[str, Any],
    *,
    kept: Mapping[str, Any],
    unknown: Mapping[str, Any],
    default_id: str = "",
) -> Article:
    """The article of `fields` (named as in JSON Lines), with the rest as extras.

    `kept` has the names above and wins over `unknown`. None is left out, of `unknown` also what is
    empty. InvalidInput names the first wrong field.
    """
    said = {name: value for name, value in unknown.items() if value not in _UNSAID}
    said |= {name: value for name, value in kept.items() if value is not None}
    extras = {name: json_of(name, value) for name, value in said.items()}
    long = [name for name, value in extras.items() if len(value.encode()) > Limits().field_bytes]
    for name in long:
        del extras[name]
    if long:
        extras["left_out"] = json.dumps(long)
    return replace(article_of(fields, default_id=default_id), extras=extras)


def pub_status(value: str, *, field: str) -> str | None:
    """The status of a code with or without scheme ("stat:canceled"); None for "".

    InvalidInput where it is none of the three.
    """
    state = re.split(r"[:/]", value.strip())[-1].lower()
    if not state:
        return None
    if state not in _STATES:
        raise InvalidInput.of(field, f"{value[:40]!r} is none of usable, withheld, canceled")
    return _STATES[state]


def signal(value: str) -> str:
    """The code of a signal, without the scheme of the IPTC."""
    return _SIGNAL_SCHEMES.sub("", value.strip())


def embargo_time(value: str, *, field: str) -> str:
    """RFC 3339 in UTC. InvalidInput for a time without a zone: nobody could tell when it ends."""
    return _rfc3339(zoned_time(value, field=field))


def moment_told(value: str) -> str | None:
    """RFC 3339 in UTC where the time has a zone, else as sent; None for ""."""
    try:
        return embargo_time(value, field="")
    except InvalidInput:
        return value.strip() or None


def publish_time(times: Mapping[str, str]) -> str | None:
    """The first time that is stated, {its field: as sent}. InvalidInput names a field that holds
    no time."""
    for field, value in times.items():
        if value.strip():
            parse_time(value, field=field)
            return value
    return None


def revision_of(version: str) -> int | None:
    """A version as the number of a revision, None where it cannot be one."""
    if re.fullmatch(r"[0-9]{1,10}", version) and 0 < int(version) <= LAST_REVISION:
        return int(version)
    return None


def urgency(value: Any) -> Any:
    """1 to 9 as a number; anything else as sent, None for ""."""
    return int(value) if re.fullmatch("[1-9]", str(value)) else value or None


def _rfc3339(moment: datetime) -> str:
    return moment.astimezone(UTC).isoformat().replace("+00:00", "Z")
