"""How does a list that the engine gives whole become pages?

A token names the last entry shown and the question it belongs to, so that a token of another list
is refused, and of a list that grew in between nothing is repeated or skipped.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import json
from collections.abc import Iterable
from typing import TypeVar

from google.protobuf.message import Message

from storycluster.errors import InvalidInput

_DEFAULT_PAGE = 100
_FRAME_BYTES = 4096  # room for the token and the other fields
_ENTRY_BYTES = 8  # tag and length of one entry

M = TypeVar("M", bound=Message)


def page_limit(page_size: int, *, largest: int) -> int:
    """Entries on a page: 0 means the default, more than the largest page is coerced down."""
    if page_size < 0:
        raise InvalidInput.of("page_size", "must not be negative")
    return min(page_size or _DEFAULT_PAGE, largest)


def write_token(last: str, *, asked: tuple[str, ...]) -> str:
    """The token that continues after the entry `last` of the question `asked`."""
    return base64.urlsafe_b64encode(json.dumps([last, _digest(asked)]).encode()).decode()


def read_token(token: str, *, asked: tuple[str, ...]) -> str:
    """The entry to continue after; "" for the first page. InvalidInput for a foreign token."""
    if not token:
        return ""
    try:
        last, digest = json.loads(base64.b64decode(token, altchars=b"-_", validate=True))
    except (binascii.Error, ValueError, TypeError):
        last = digest = None
    if not isinstance(last, str) or not last or digest != _digest(asked):
        raise InvalidInput.of("page_token", "is not a token of this list")
    return last


def _digest(asked: tuple[str, ...]) -> str:
    return hashlib.sha256(json.dumps(asked).encode()).hexdigest()[:16]


def fill(messages: Iterable[M], *, max_bytes: int) -> list[M]:
    """As many messages as one answer holds; one at least where there is any."""
    page: list[M] = []
    size = _FRAME_BYTES
    for message in messages:
        size += message.ByteSize() + _ENTRY_BYTES
        if page and size > max_bytes:
            break
        page.append(message)
    return page
