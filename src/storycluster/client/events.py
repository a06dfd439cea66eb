"""What can happen to an ingest while it waits?"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from storycluster.client.retry import Failure
from storycluster.domain import Article


@dataclass(frozen=True, slots=True)
class Given:
    """The input gave an article."""

    article: Article


@dataclass(frozen=True, slots=True)
class InputEnd:
    """The input is over, or raised `error`."""

    error: BaseException | None = None


@dataclass(frozen=True, slots=True)
class Message:
    """The server sent `message` on `stream`."""

    stream: object
    message: Any


@dataclass(frozen=True, slots=True)
class Broke:
    """`stream` is over; `failure` None: the server ended it without an error."""

    stream: object
    failure: Failure | None


Event = Given | InputEnd | Message | Broke
