"""May a failed call be tried again, and when?

Most methods of the service may be repeated: reads change nothing, and an ingest of the same id and
content is answered with the stored decision. So only the error decides: `Unavailable`, and errors
for which the server named a time to come back, are tried again; nothing else, and never
`DeadlineExceeded`, whose budget is spent. An editor's act that must not happen twice is tried again
only where the server itself said that it did nothing.
"""

from __future__ import annotations

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass

from storycluster.errors import (
    DeadlineExceeded,
    InvalidInput,
    Overloaded,
    StoryClusterError,
    Unavailable,
)


@dataclass(frozen=True, slots=True)
class RetryPolicy:
    """How often and how patiently a call is repeated inside its time budget."""

    max_attempts: int = 5
    """Attempts of one call, the first included."""

    initial_backoff_s: float = 0.1
    """Longest pause before the second attempt; the pause is drawn evenly from 0 to it."""

    max_backoff_s: float = 5.0
    """Longest pause, however many attempts."""

    multiplier: float = 2.0
    """Growth of the longest pause with each attempt."""

    tokens: float = 10.0
    """Size of the client's retry bucket: a failure that could be retried takes 1 out, and while
    half or less is left nothing is retried. Keeps a crowd of clients from holding a sick server
    down."""

    token_ratio: float = 0.1
    """What a success puts back: in the long run at most one retry for ten successes."""

    def __post_init__(self) -> None:
        positive = {
            "max_attempts": self.max_attempts >= 1,
            "initial_backoff_s": self.initial_backoff_s >= 0,
            "max_backoff_s": self.max_backoff_s >= self.initial_backoff_s,
            "multiplier": self.multiplier >= 1,
            "tokens": self.tokens > 0,
            "token_ratio": self.token_ratio > 0,
        }
        for field, fine in positive.items():
            if not fine:
                raise InvalidInput.of(f"retry.{field}", f"{getattr(self, field)} is out of range")

    def longest_backoff(self, failures: int) -> float:
        """Longest pause in seconds after that many failures, from 1."""
        # 64 doublings overflow nothing and are beyond every cap
        grown = self.initial_backoff_s * self.multiplier ** min(failures - 1, 64)
        return min(self.max_backoff_s, grown)


PATIENT = RetryPolicy(max_attempts=1_000_000, max_backoff_s=1.0)
"""Tries for as long as the time budget lasts: for waiting until a server is up."""


@dataclass(frozen=True, slots=True)
class Failure:
    """Why an attempt failed; `pushback_s` is how long the server asked us to stay away.

    `unclear`: nobody answered, so the call may have been carried out.
    """

    error: StoryClusterError
    pushback_s: float = 0.0
    unclear: bool = False

    def asked_pause(self) -> float | None:
        """Seconds to wait at least; None: another attempt cannot help."""
        if isinstance(self.error, Overloaded):
            return max(0.0, self.error.retry_after_s, self.pushback_s)
        if isinstance(self.error, Unavailable):
            return max(0.0, self.pushback_s)
        return None


def pause(
    policy: RetryPolicy,
    failure: Failure,
    *,
    failures: int,
    draw: Callable[[], float] = random.random,
) -> float | None:
    """Seconds before the next attempt: what the server asked for + full jitter; None: make none."""
    asked = failure.asked_pause()
    if asked is None:
        return None
    return asked + draw() * policy.longest_backoff(failures)


class RetryBucket:
    """The retries a client may still afford; shared by all its calls, safe between threads."""

    __slots__ = ("_full", "_left", "_lock", "_ratio")

    def __init__(self, policy: RetryPolicy) -> None:
        self._full = policy.tokens
        self._left = policy.tokens
        self._ratio = policy.token_ratio
        self._lock = threading.Lock()

    def spend(self) -> bool:
        """Take one out for a failure. Whether a retry is affordable."""
        with self._lock:
            self._left = max(0.0, self._left - 1.0)
            return self._left > self._full / 2

    def earn(self) -> None:
        """Put the share of one success back."""
        with self._lock:
            self._left = min(self._full, self._left + self._ratio)


class Attempts:
    """The attempts of one call inside one time budget of `timeout` seconds.

    Ask `left()` for the deadline of each attempt, tell `succeeded()` or `failed(failure)`; the
    latter returns the pause before the next attempt or raises what the caller is to see. A call
    that is not `repeatable` has no other attempt after an unclear failure.
    """

    __slots__ = (
        "_bucket",
        "_clock",
        "_draw",
        "_made",
        "_policy",
        "_repeatable",
        "_start",
        "_timeout",
    )

    def __init__(
        self,
        policy: RetryPolicy | None,
        bucket: RetryBucket | None,
        *,
        timeout: float,
        repeatable: bool = True,
        clock: Callable[[], float] = time.monotonic,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._policy = policy
        self._repeatable = repeatable
        self._bucket = bucket
        self._timeout = timeout
        self._clock = clock
        self._draw = draw
        self._start = clock()
        self._made = 0

    def left(self) -> float:
        """Seconds that the next attempt may take. DeadlineExceeded where the budget is spent."""
        left = self._timeout - self._elapsed()
        if left <= 0:
            raise DeadlineExceeded(self._told("no answer"))
        self._made += 1
        return left

    def succeeded(self) -> None:
        """An answer came."""
        if self._bucket is not None:
            self._bucket.earn()

    def failed(self, failure: Failure) -> float:
        """Seconds to wait before the next attempt; raises the error where there will be none."""
        error = failure.error
        if isinstance(error, DeadlineExceeded):
            raise DeadlineExceeded(self._told(error.message)) from error
        if failure.unclear and not self._repeatable:
            error.add_note("it may have been done: look before you ask again")
            raise error
        if self._policy is None:
            raise error
        wait = pause(self._policy, failure, failures=self._made, draw=self._draw)
        if wait is None:
            raise error
        # spent even where this call has no attempts left: the bucket measures the server's health
        affordable = self._bucket is None or self._bucket.spend()
        hopeless = wait >= self._timeout - self._elapsed()
        if self._made >= self._policy.max_attempts or hopeless or not affordable:
            error.add_note(self._told("given up"))
            raise error
        return wait

    def _elapsed(self) -> float:
        return self._clock() - self._start

    def _told(self, what: str) -> str:
        attempts = "1 attempt" if self._made == 1 else f"{self._made} attempts"
        return f"{what} ({attempts}, {self._elapsed():.2f} s of {self._timeout:g} s)"
