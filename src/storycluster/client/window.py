"""Which articles go into which batch, and which still wait for their answer?

The ingest window without any I/O: `add` what is to be sent, `opened` when a stream stands,
`next_batch` while it gives one, `answered` for each answer, `take` the results. Every entry gets
exactly one outcome, and outcomes leave in the order of the input, whatever breaks in between.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from storycluster.domain import IngestFailure, IngestResult
from storycluster.errors import InternalError, InvalidInput, StoryClusterError, TooLarge

Outcome = IngestResult | IngestFailure

FRAME_BYTES = 16
"""Room in a message for what is neither article nor its frame: the batch's own frame and number."""


@dataclass(slots=True, eq=False)
class Entry:
    """One article on its way; its message `payload` has `size` bytes, `text_bytes` of text."""

    index: int
    article_id: str
    payload: Any = None
    size: int = 0
    text_bytes: int = 0
    outcome: Outcome | None = None

    def refuse(self, error: StoryClusterError) -> None:
        """Settle it as refused, and let go of the text."""
        self.outcome = IngestFailure(self.index, self.article_id, error)
        self.payload = None

    def framed(self) -> int:
        """Bytes in a batch: a tag and at most five bytes of length come before the message."""
        return self.size + 6


@dataclass(frozen=True, slots=True)
class ServerBounds:
    """What the server takes; 0: it did not say."""

    batch_articles: int = 0
    message_bytes: int = 0
    text_bytes: int = 0


@dataclass(slots=True, eq=False)
class Batch:
    """Some entries under one number, from 1."""

    sequence: int
    entries: list[Entry] = field(default_factory=list)

    def size(self) -> int:
        """Bytes of the message that carries it."""
        return FRAME_BYTES + sum(entry.framed() for entry in self.entries)


class IngestWindow:
    """What is waiting, what is under way and what is settled, for one ingest.

    A batch that was sent stays here until its answer; after a break, the next `opened` puts all of
    them back in front, in order, under the same numbers where the server still counts that way.
    """

    def __init__(self, *, batch_articles: int = 32) -> None:
        if batch_articles < 1:
            raise InvalidInput.of("batch_articles", "must be at least 1")
        self._wanted = batch_articles
        self._bounds = ServerBounds()
        self._batch_bytes = 0  # our own bound, after something proved too large; 0: none
        self._order: deque[Entry] = deque()
        self._waiting: deque[Entry] = deque()
        self._unanswered: deque[Batch] = deque()
        self._next = 1
        self._allowed = 0
        self._added = 0
        self._ended = False
        self._is_open = False
        self._draining = False

    # -- input ----------------------------------------------------------------------------------

    def add(self, article_id: str, payload: Any, *, size: int, text_bytes: int = 0) -> None:
        """Take the next article."""
        entry = Entry(self._added, article_id, payload, size, text_bytes)
        self._added += 1
        self._order.append(entry)
        self._waiting.append(entry)

    def add_refused(self, article_id: str, error: StoryClusterError) -> None:
        """Take the next article, which cannot be sent at all."""
        entry = Entry(self._added, article_id)
        entry.refuse(error)
        self._added += 1
        self._order.append(entry)

    def end(self) -> None:
        """No article follows."""
        self._ended = True

    def wants_articles(self) -> bool:
        """Whether another article is welcome; at most the window and two batches lie here."""
        room = (max(self._allowed, 1) + 2) * self._wanted
        return not self._ended and len(self._waiting) < self._wanted and len(self._order) < room

    # -- the stream -----------------------------------------------------------------------------

    def opened(self, last_committed: int, *, allowed: int, bounds: ServerBounds) -> None:
        """A stream stands: put what is unanswered back in front and number it anew."""
        again = [entry for batch in self._unanswered for entry in batch.entries]
        first = self._unanswered[0].sequence if self._unanswered else self._next
        self._waiting.extendleft(reversed(again))
        self._unanswered.clear()
        # The old numbers tell the server what it answered before. It forgot some: count as it does.
        self._next = first if again and first <= last_committed + 1 else last_committed + 1
        self._bounds = bounds
        self._allowed = max(0, allowed)
        self._is_open = True
        self._draining = False

    def resized(self, allowed: int) -> None:
        """The server changed the window; 0 stops sending."""
        self._allowed = max(0, allowed)

    def drain(self) -> None:
        """The server goes down: send nothing more on this stream."""
        self._draining = True

    def broken(self) -> None:
        """The stream is gone; whatever has no answer is sent again on the next one."""
        self._is_open = False

    def proved_too_large(self, error: StoryClusterError) -> bool:
        """A message did not pass, and only the largest one can be it: send less at once, or, where
        it is a single article, refuse that one. False where nothing was under way."""
        self.broken()
        if not self._unanswered:
            return False
        largest = max(self._unanswered, key=Batch.size)
        if len(largest.entries) > 1:
            self._batch_bytes = max(FRAME_BYTES, largest.size() // 2)
            return True
        (entry,) = largest.entries
        entry.refuse(self._too_large(entry, str(error)))
        self._unanswered.remove(largest)
        return True

    def next_batch(self) -> Batch | None:
        """The next batch to send, now counted as under way; None where nothing may or can be sent.

        A batch is sent full, or as it is when nothing is under way or nothing follows: so a slow
        source does not wait for company, and a fast one fills batches while the server works.
        """
        if not self._is_open or self._draining or len(self._unanswered) >= self._allowed:
            return None
        self._refuse_impossible()
        full = len(self._waiting) >= self._batch_articles()
        if not self._waiting or not (full or self._ended or not self._unanswered):
            return None
        batch = Batch(self._next)
        room = self._batch_bound() or float("inf")
        while self._waiting and len(batch.entries) < self._batch_articles():
            room -= self._waiting[0].framed()
            if batch.entries and room < FRAME_BYTES:
                break
            batch.entries.append(self._waiting.popleft())
            self._refuse_impossible()
        self._next += 1
        self._unanswered.append(batch)
        return batch

    def answered(self, sequence: int, outcomes: Sequence[IngestResult | StoryClusterError]) -> bool:
        """Settle the oldest batch under way. False where it is another one's answer: then the
        stream cannot be trusted any more."""
        if not self._unanswered or self._unanswered[0].sequence != sequence:
            return False
        if len(outcomes) != len(self._unanswered[0].entries):
            return False
        batch = self._unanswered.popleft()
        for entry, outcome in zip(batch.entries, outcomes, strict=True):
            if isinstance(outcome, IngestResult):
                entry.outcome = outcome
                entry.payload = None
            else:
                entry.refuse(outcome)
        return True

    # -- output ---------------------------------------------------------------------------------

    def take(self) -> list[Outcome]:
        """The outcomes that are next in the order of the input; each leaves once."""
        settled: list[Outcome] = []
        while self._order and self._order[0].outcome is not None:
            outcome = self._order.popleft().outcome
            assert outcome is not None
            settled.append(outcome)
        return settled

    @property
    def under_way(self) -> int:
        """Batches sent and not answered."""
        return len(self._unanswered)

    @property
    def has_work(self) -> bool:
        """Whether something waits to be sent or answered."""
        return bool(self._waiting or self._unanswered)

    @property
    def is_open(self) -> bool:
        """Whether a stream stands."""
        return self._is_open

    @property
    def is_draining(self) -> bool:
        """Whether the stream is to be left once its answers are in."""
        return self._is_open and self._draining

    @property
    def done(self) -> bool:
        """Whether the input ended and every outcome was taken."""
        return self._ended and not self._order

    # -- bounds ---------------------------------------------------------------------------------

    def _batch_articles(self) -> int:
        return min(self._wanted, self._bounds.batch_articles or self._wanted)

    def _batch_bound(self) -> int:
        """Bytes of one batch's message; 0: unbounded."""
        known = [bound for bound in (self._bounds.message_bytes, self._batch_bytes) if bound]
        return min(known, default=0)

    def _refuse_impossible(self) -> None:
        """Settle what the server would not take, before it is sent."""
        while self._waiting:
            entry = self._waiting[0]
            text_bytes, message_bytes = self._bounds.text_bytes, self._bounds.message_bytes
            if text_bytes and entry.text_bytes > text_bytes:
                told = f"has {entry.text_bytes} bytes, the server takes {text_bytes}"
                entry.refuse(InvalidInput.of("text", told))
            elif message_bytes and entry.framed() + FRAME_BYTES > message_bytes:
                entry.refuse(self._too_large(entry, f"the server takes {message_bytes} bytes"))
            else:
                return
            self._waiting.popleft()

    @staticmethod
    def _too_large(entry: Entry, told: str) -> TooLarge:
        return TooLarge(
            f"text: article {entry.article_id!r} has {entry.size} bytes as a message "
            f"({entry.text_bytes} of them text): {told}"
        )


def disordered(sequence: int) -> InternalError:
    """The error for an answer that belongs to no batch under way."""
    return InternalError(f"the server answered batch {sequence}, which is not the next one")
