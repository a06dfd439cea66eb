"""What does a watch of the change feed do next?

Its whole course without I/O: which place to open the stream at, what came, and, after a break, how
long to wait before it is opened again. Nothing is handed out twice and nothing left out, because a
stream is always opened behind the last message received whole.
"""

from __future__ import annotations

import os
import random
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storycluster import wire
from storycluster.client.config import check_timeout
from storycluster.client.requests import required, sequence
from storycluster.client.retry import Failure, RetryPolicy, pause
from storycluster.domain import Event, EventKind
from storycluster.errors import InvalidInput, Unavailable
from storycluster.v1 import feed_service_pb2 as pb

IDLE_S = 60.0
"""Seconds without a message after which a stream is taken for dead: four heartbeats of a server."""


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to watch, checked on creation: events after a place, of some kinds, of one story."""

    collection: str
    after: int = 0
    kinds: tuple[EventKind, ...] = ()
    story_id: str = ""

    def __post_init__(self) -> None:
        sequence(self.after, "after")
        wire.event_kinds_to_numbers(self.kinds)
        if self.story_id:
            required(self.story_id, "story_id")

    def request(self, after: int) -> pb.WatchEventsRequest:
        """The request that goes on after that place."""
        return pb.WatchEventsRequest(
            collection=self.collection,
            after_sequence=after,
            kinds=wire.event_kinds_to_numbers(self.kinds),
            story_id=self.story_id,
        )


class WatchSession:
    """One watch; not safe between threads.

    `timeout` is how long, in seconds, a server that was reached may stay away; None: for ever.
    """

    def __init__(
        self,
        wanted: Wanted,
        *,
        retry: RetryPolicy | None,
        timeout: float | None = None,
        clock: Callable[[], float] = time.monotonic,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self.position = wanted.after
        """Everything up to here was handed out, or not asked for."""
        self._wanted = wanted
        self._retry = retry
        self._timeout = None if timeout is None else check_timeout(timeout)
        self._clock = clock
        self._draw = draw
        self._received = wanted.after
        self._waiting: deque[Event] = deque()
        self._failures = 0
        self._heard_at: float | None = None

    def request(self) -> pb.WatchEventsRequest:
        """What to open a stream with."""
        return self._wanted.request(self._received)

    def message(self, response: Any) -> None:
        """The server sent this; a heartbeat has no events."""
        self._waiting.extend(map(wire.event_from_message, response.events))
        self._received = response.last_sequence
        self._failures = 0
        self._heard_at = self._clock()
        if not self._waiting:
            self.position = self._received

    def take(self) -> Event | None:
        """The next event to hand out; None: none has come yet."""
        if not self._waiting:
            return None
        event = self._waiting.popleft()
        self.position = event.sequence if self._waiting else self._received
        return event

    def broke(self, failure: Failure | None) -> float:
        """The stream is over, None where the server just ended it: seconds until it is opened
        again. Raises the error where that cannot help, or was tried in vain for too long."""
        if failure is None:
            failure = Failure(Unavailable("the server ended the stream"))
        self._failures += 1
        policy = self._retry or RetryPolicy()
        delay = pause(policy, failure, failures=self._failures, draw=self._draw)
        if delay is None or self._retry is None or self._is_hopeless(delay, policy.max_attempts):
            failure.error.add_note(f"the watch had come to {self.position}")
            raise failure.error
        return delay

    def _is_hopeless(self, delay: float, attempts: int) -> bool:
        """A server that was never reached is given the attempts of a call."""
        if self._heard_at is None:
            return self._failures >= attempts
        return self._timeout is not None and self._clock() + delay >= self._heard_at + self._timeout


def silent(seconds: float) -> Failure:
    """The failure of a stream on which nothing came for so long."""
    return Failure(Unavailable(f"the server said nothing for {seconds:g} s"))


class Checkpoint:
    """A file with the place that a watch has come to; nothing is kept where `path` is None."""

    __slots__ = ("_kept", "_path")

    def __init__(self, path: Path | str | None) -> None:
        self._path = None if path is None else Path(path)
        self._kept = -1

    def read(self, otherwise: int) -> int:
        """The place in the file; `otherwise` where there is no file. InvalidInput for another."""
        if self._path is None or not self._path.exists():
            return otherwise
        told = self._path.read_text(encoding="utf-8", errors="replace").strip()
        if not told.isascii() or not told.isdigit():
            raise InvalidInput.of("checkpoint", f"{self._path} holds no sequence number")
        self._kept = int(told)
        return self._kept

    def write(self, position: int) -> None:
        """Replace the file in one step, where the place is another."""
        if self._path is None or position == self._kept:
            return
        beside = self._path.with_name(self._path.name + ".new")
        beside.write_text(f"{position}\n", encoding="utf-8")
        os.replace(beside, self._path)
        self._kept = position
