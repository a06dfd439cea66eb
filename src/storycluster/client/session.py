"""What does a bulk ingest do next?

The whole course of one ingest without I/O: it connects when there is something to send, keeps the
window, reconnects after a break and sends what is unanswered again. A shell (threads or asyncio)
asks `step()` what to do and reports what happened.

Time: an ingest may be endless, so its budget is for progress. While something is unanswered, an
answer must come within `timeout` seconds of the one before, breaks and reconnects included.
"""

from __future__ import annotations

import random
import time
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from storycluster import wire
from storycluster.client.requests import checked_article, named_from_article
from storycluster.client.retry import Failure, RetryPolicy, pause
from storycluster.client.window import Batch, IngestWindow, Outcome, ServerBounds, disordered
from storycluster.domain import Article, IngestResult
from storycluster.errors import (
    DeadlineExceeded,
    InvalidInput,
    StoryClusterError,
    TooLarge,
    Unavailable,
)
from storycluster.v1 import ingest_service_pb2 as pb

Request = pb.StreamIngestArticlesRequest
Response = pb.StreamIngestArticlesResponse


@dataclass(frozen=True, slots=True)
class Connect:
    """Leave the stream there is, wait `delay_s`, open another and send `opening` on it."""

    opening: Request
    delay_s: float


@dataclass(frozen=True, slots=True)
class Send:
    """Send this on the stream."""

    request: Request


@dataclass(frozen=True, slots=True)
class Deliver:
    """Hand these to the caller."""

    outcomes: list[Outcome]


@dataclass(frozen=True, slots=True)
class Wait:
    """Wait until something happens, at most `at_most_s` (None: for ever).

    `wants_articles`: the next article of the input is welcome meanwhile.
    """

    at_most_s: float | None
    wants_articles: bool


@dataclass(frozen=True, slots=True)
class Finish:
    """Everything was delivered."""


Step = Connect | Send | Deliver | Wait | Finish


class IngestSession:
    """One ingest; not safe between threads. `step` raises what ends it early."""

    def __init__(
        self,
        *,
        collection: str,
        batch_articles: int,
        timeout: float,
        retry: RetryPolicy | None,
        stream_id: str | None = None,
        view: bool = False,
        clock: Callable[[], float] = time.monotonic,
        draw: Callable[[], float] = random.random,
    ) -> None:
        self._window = IngestWindow(batch_articles=batch_articles)
        self._opening = Request(
            open=Request.Open(
                collection=collection, stream_id=stream_id or uuid.uuid4().hex, include_view=view
            )
        )
        self._timeout = timeout
        self._retry = retry
        self._clock = clock
        self._draw = draw
        self._connected = False
        self._was_open = False
        self._allowed = 0
        self._careful = False  # after a break, one batch at a time until an answer came
        self._failures = 0
        self._delay_s = 0.0
        self._hold_until = 0.0
        self._progress = clock()
        self._fatal: BaseException | None = None
        self._last: StoryClusterError | None = None
        self._answered = 0

    # -- what happened --------------------------------------------------------------------------

    def article(self, article: Article) -> None:
        """The input gave one more."""
        if not self._window.has_work:
            self._progress = self._clock()  # nobody was waiting for an answer until now
        try:
            message = wire.article_to_message(checked_article(article), path="")
        except InvalidInput as error:
            self._window.add_refused(str(getattr(article, "article_id", "")), error)
            return
        text_bytes = len(message.text.encode())
        self._window.add(
            article.article_id, message, size=message.ByteSize(), text_bytes=text_bytes
        )

    def end(self) -> None:
        """The input is over."""
        self._window.end()

    def input_failed(self, error: BaseException) -> None:
        """The input raised: deliver what is settled, then raise that."""
        self._fatal = error

    def message(self, response: Response) -> None:
        """The server sent this on the present stream."""
        kind = response.WhichOneof("message")
        if kind == "opened":
            self._opened(response.opened)
        elif kind == "batch_result":
            self._answer(response.batch_result)
        elif kind == "window":
            self._resize(response.window)
        elif kind == "draining":
            self._window.drain()

    def broke(self, failure: Failure | None) -> None:
        """The present stream is over: with an error, or None where the server just ended it."""
        was_draining = self._window.is_draining
        self._connected = False
        self._careful = True
        too_large = failure is not None and isinstance(failure.error, TooLarge)
        if too_large and failure and self._window.proved_too_large(failure.error):
            return
        self._window.broken()
        if failure is None:
            failure = Failure(Unavailable("the server ended the stream"))
        self._last = failure.error
        self._failures += 1
        delay = pause(
            self._retry or RetryPolicy(), failure, failures=self._failures, draw=self._draw
        )
        if delay is not None and (was_draining or not self._window.has_work):
            self._delay_s = delay  # nothing was lost, so nothing is being tried again
        elif delay is None or self._retry is None or self._is_hopeless(delay):
            self._fatal = self._told(failure.error)
        else:
            self._delay_s = delay

    # -- what to do -----------------------------------------------------------------------------

    def step(self) -> Step:
        """The next thing to do. Raises what ends the ingest, once all that is settled is out."""
        outcomes = self._window.take()
        if outcomes:
            return Deliver(outcomes)
        if self._fatal is not None:
            raise self._fatal
        if self._window.done:
            return Finish()
        if self._must_connect():
            delay, self._delay_s = self._delay_s, 0.0
            self._connected = True
            return Connect(self._opening, delay)
        batch = self._next_batch()
        if batch is not None:
            return Send(_batch_request(batch))
        outcomes = self._window.take()  # what packing refused
        return Deliver(outcomes) if outcomes else self._wait()

    @property
    def answered(self) -> int:
        """Articles the server answered so far."""
        return self._answered

    def _must_connect(self) -> bool:
        if self._window.is_draining and not self._window.under_way:
            self._connected = False
            self._window.broken()
        return not self._connected and self._window.has_work

    def _next_batch(self) -> Batch | None:
        if self._clock() < self._hold_until:
            return None
        return self._window.next_batch()

    def _wait(self) -> Wait:
        wants = self._window.wants_articles()
        if not self._window.has_work:
            return Wait(None, wants)
        now = self._clock()
        left = self._progress + self._timeout - now
        if left <= 0:
            told = f"no answer for {now - self._progress:.2f} s of {self._timeout:g} s"
            raise self._told(DeadlineExceeded(told)) from self._last
        if now < self._hold_until:
            left = min(left, self._hold_until - now)
        return Wait(left, wants)

    # -- the stream's messages ------------------------------------------------------------------

    def _opened(self, opened: Response.Opened) -> None:
        limits = opened.limits
        self._was_open = True
        self._allowed = opened.window.max_in_flight_batches
        self._window.opened(
            opened.last_committed_sequence,
            allowed=self._careful_window(),
            bounds=ServerBounds(
                batch_articles=limits.max_batch_articles,
                message_bytes=limits.max_message_bytes,
                text_bytes=limits.max_text_bytes,
            ),
        )
        self._hold(opened.window)

    def _answer(self, result: Response.BatchResult) -> None:
        outcomes = [_outcome(one) for one in result.results]
        if not self._window.answered(result.sequence, outcomes):
            self._fatal = self._told(disordered(result.sequence))
            return
        self._answered += len(outcomes)
        self._failures = 0
        self._careful = False
        self._window.resized(self._careful_window())
        self._progress = self._clock()

    def _resize(self, window: Response.Window) -> None:
        self._allowed = window.max_in_flight_batches
        self._window.resized(self._careful_window())
        self._hold(window)

    def _careful_window(self) -> int:
        """With one batch under way, a failure belongs to that batch, and nothing is being written
        when its status arrives (see transport.BROKEN_WRITE)."""
        return min(1, self._allowed) if self._careful else self._allowed

    def _hold(self, window: Response.Window) -> None:
        delay = window.retry_delay
        self._hold_until = self._clock() + max(0.0, delay.seconds + delay.nanos / 1e9)

    # -- giving up ------------------------------------------------------------------------------

    def _is_hopeless(self, delay: float) -> bool:
        """A server that was never reached is given the attempts of a call; one that was, may
        restart for as long as the time budget lasts."""
        if not self._was_open and self._failures >= (self._retry or RetryPolicy()).max_attempts:
            return True
        return self._clock() + delay >= self._progress + self._timeout

    def _told(self, error: StoryClusterError) -> StoryClusterError:
        error.add_note(
            f"ingest stopped: {self._answered} articles were answered"
            + (f", {self._failures} attempts since" if self._failures else "")
        )
        return error


def _batch_request(batch: Batch) -> Request:
    articles = [entry.payload for entry in batch.entries]
    return Request(batch=Request.Batch(sequence=batch.sequence, articles=articles))


def _outcome(message: Any) -> IngestResult | StoryClusterError:
    outcome = wire.ingest_result_from_message(message)
    return outcome if isinstance(outcome, IngestResult) else named_from_article(outcome)
