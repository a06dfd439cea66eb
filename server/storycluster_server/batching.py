"""How do many callers share one encoder?

Stage 1 of ingest (parse, fingerprint, embed) costs less an article when articles come together.
The batcher takes whatever waits as soon as a worker is free, without any delay: a lone caller is
not held up, and under load the batches fill by themselves. Two lanes: single articles go ahead of
batches and streams, which keep a share; within a lane collections take turns. Stage 2 is the
engine's own writer; nothing that reached it is undone by a caller who gave up. All but `prepare`
itself runs on the event loop's thread.
"""

from __future__ import annotations

import asyncio
import enum
import itertools
import logging
import time
import uuid
from collections.abc import Callable, Sequence
from concurrent.futures import Future as WriterFuture
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Protocol

from storycluster.domain import DEFAULT_COLLECTION, PUBLIC, Article, IngestResult, Rights
from storycluster.engine import Prepared
from storycluster.engine.turns import Turns
from storycluster.errors import DeadlineExceeded, InternalError, StoryClusterError, Unavailable
from storycluster_server.budget import Budget

Staged = Prepared | StoryClusterError
Outcome = IngestResult | StoryClusterError

_log = logging.getLogger(__name__)


class Lane(enum.Enum):
    """Who goes first."""

    INTERACTIVE = "interactive"
    BULK = "bulk"


class IngestEngine(Protocol):
    """The two stages of ingest."""

    def prepare(self, articles: Sequence[Article], *, collection: str = "") -> list[Staged]:
        """Stage 1, any thread."""

    def submit(
        self,
        collection: str,
        prepared: Sequence[Staged],
        *,
        stream: tuple[str, int] | None = None,
        rights: Rights = PUBLIC,
    ) -> WriterFuture[list[Outcome]]:
        """Stage 2; resolved after the durable commit."""


class Observer(Protocol):
    """Who is told what the batcher does."""

    def batch_prepared(self, articles: int, seconds: float) -> None:
        """One batch went through stage 1."""

    def batch_committed(self, outcomes: Sequence[Outcome], seconds: float) -> None:
        """One caller's articles went through stage 2."""

    def dropped(self, articles: int, why: str) -> None:
        """Articles left the queue unprepared: `cancelled` or `expired`."""


@dataclass(slots=True, eq=False)
class _Ticket:
    """Some articles of one caller that wait for stage 1."""

    articles: Sequence[Article]
    collection: str
    expires_at: float | None
    done: asyncio.Future[list[Staged]]


class Batcher:
    """Takes articles through both stages within a budget."""

    def __init__(
        self,
        engine: IngestEngine,
        *,
        budget: Budget,
        max_batch: int = 32,
        workers: int = 1,
        bulk_share: float = 0.25,
        observer: Observer | None = None,
    ) -> None:
        self.budget = budget
        self._engine = engine
        self._max_batch = max_batch
        self._bulk_share = bulk_share
        self._bulk_owed = 0.0
        self._observer = observer
        self._lanes: dict[Lane, Turns[_Ticket]] = {lane: Turns(max_batch) for lane in Lane}
        self._work = asyncio.Event()
        self._writing: set[asyncio.Task[list[Outcome]]] = set()
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="storycluster-prepare")
        self._workers = [asyncio.create_task(self._serve()) for _ in range(workers)]
        self._closed = False

    def queued(self, lane: Lane) -> int:
        """Articles of a lane that wait for stage 1."""
        return self._lanes[lane].cost

    async def prepare(
        self,
        articles: Sequence[Article],
        *,
        lane: Lane,
        collection: str = "",
        expires_at: float | None = None,
    ) -> list[Staged]:
        """Stage 1: one entry for each article, in order. The caller holds room in the budget.

        `expires_at` is on the event loop's clock. Raises DeadlineExceeded where it passed before a
        worker came to it, Unavailable once closed.
        """
        if self._closed:
            raise Unavailable("the server is going down")
        loop = asyncio.get_running_loop()
        name = collection or DEFAULT_COLLECTION
        tickets = [
            _Ticket(articles[at : at + self._max_batch], name, expires_at, loop.create_future())
            for at in range(0, len(articles), self._max_batch)
        ]
        for ticket in tickets:
            self._lanes[lane].add(name, ticket, cost=len(ticket.articles))
        self._work.set()
        parts = await asyncio.gather(*(ticket.done for ticket in tickets))
        return [one for part in parts for one in part]

    def commit(
        self,
        collection: str,
        staged: Sequence[Staged],
        *,
        stream: tuple[str, int] | None = None,
        rights: Rights = PUBLIC,
        settled: Callable[[], None] = lambda: None,
    ) -> asyncio.Future[list[Outcome]]:
        """Stage 2: a future of one outcome each, in order, resolved once they are durable.

        Cancelling the future does not reach the writer: from here on the work is done whether
        anybody waits or not. `settled` is called when the writer is done with it.
        """
        started = time.perf_counter()
        answered: asyncio.Future[list[Outcome]] = asyncio.get_running_loop().create_future()
        writing = asyncio.create_task(self._write(collection, staged, stream, rights))
        self._writing.add(writing)

        def settle(finished: asyncio.Task[list[Outcome]]) -> None:
            self._writing.discard(finished)
            settled()
            if finished.cancelled():  # the loop ends
                answered.cancel()
                return
            error = finished.exception()
            if error is None and self._observer is not None:
                self._observer.batch_committed(finished.result(), time.perf_counter() - started)
            if answered.done():
                return
            if error is None:
                answered.set_result(finished.result())
            else:
                answered.set_exception(error)

        writing.add_done_callback(settle)
        answered.add_done_callback(_mark_seen)
        return answered

    async def close(self) -> None:
        """Fail what still waits with Unavailable and end the threads; once."""
        if self._closed:
            return
        self._closed = True
        for worker in self._workers:
            worker.cancel()
        await asyncio.gather(*self._workers, return_exceptions=True)
        for lane in self._lanes.values():
            while lane:
                ticket = lane.drop()
                if not ticket.done.done():
                    ticket.done.set_exception(Unavailable("the server is going down"))
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def _write(
        self,
        collection: str,
        staged: Sequence[Staged],
        stream: tuple[str, int] | None,
        rights: Rights,
    ) -> list[Outcome]:
        """Piece after piece, so that a single article need not wait for a whole batch; a stream's
        position goes with the last piece."""
        outcomes: list[Outcome] = []
        for at in range(0, max(len(staged), 1), self._max_batch):
            piece = staged[at : at + self._max_batch]
            last = at + self._max_batch >= len(staged)
            try:
                written = self._engine.submit(
                    collection, piece, stream=stream if last else None, rights=rights
                )
                answers: list[Outcome] = await asyncio.shield(asyncio.wrap_future(written))
            except StoryClusterError as error:
                if stream is not None or not outcomes:
                    raise
                return outcomes + [error] * (len(staged) - at)  # what is durable is told so
            outcomes += answers
        return outcomes

    # -- the workers ----------------------------------------------------------------------------

    async def _serve(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            tickets = self._next_batch(loop.time())
            if not tickets:
                self._work.clear()
                await self._work.wait()
                continue
            waiting = [(ticket.articles, ticket.collection) for ticket in tickets]
            started = time.perf_counter()
            try:
                staged = await loop.run_in_executor(self._threads, self._prepare_each, waiting)
            except BaseException as error:
                for ticket in tickets:
                    if not ticket.done.done():
                        ticket.done.set_exception(Unavailable("the server is going down"))
                if isinstance(error, Exception):
                    _log.exception("stage 1 failed")
                    continue
                raise
            if self._observer is not None:
                self._observer.batch_prepared(len(staged), time.perf_counter() - started)
            at = 0
            for ticket in tickets:
                if not ticket.done.done():
                    ticket.done.set_result(staged[at : at + len(ticket.articles)])
                at += len(ticket.articles)

    def _next_batch(self, now: float) -> list[_Ticket]:
        """Tickets for one batch: at least one where any waits, then as many as fit."""
        chosen: list[_Ticket] = []
        size = 0
        while True:
            lane = self._next_lane(now)
            ticket = None if lane is None else self._lanes[lane].head()
            if lane is None or ticket is None:
                return chosen
            if chosen and size + len(ticket.articles) > self._max_batch:
                return chosen
            self._lanes[lane].take()
            self._account(lane, len(ticket.articles))
            chosen.append(ticket)
            size += len(ticket.articles)

    def _next_lane(self, now: float) -> Lane | None:
        """The lane whose head is next; heads that nobody waits for any more are dropped."""
        for lane in Lane:
            self._drop_dead(self._lanes[lane], now)
        interactive, bulk = self._lanes[Lane.INTERACTIVE], self._lanes[Lane.BULK].head()
        if bulk is None:
            return Lane.INTERACTIVE if interactive else None
        if interactive and self._bulk_owed < len(bulk.articles):
            return Lane.INTERACTIVE
        return Lane.BULK

    def _account(self, lane: Lane, articles: int) -> None:
        """Each interactive article that goes ahead of waiting bulk owes bulk its share."""
        if not self._lanes[Lane.BULK] and lane is Lane.INTERACTIVE:
            self._bulk_owed = 0.0
        elif lane is Lane.INTERACTIVE:
            self._bulk_owed += articles * self._bulk_share / (1.0 - self._bulk_share)
        else:
            self._bulk_owed = max(0.0, self._bulk_owed - articles)

    def _drop_dead(self, lane: Turns[_Ticket], now: float) -> None:
        while (ticket := lane.head()) is not None:
            expired = ticket.expires_at is not None and ticket.expires_at <= now
            if not ticket.done.done() and not expired:
                return
            lane.drop()
            if self._observer is not None:
                why = "cancelled" if ticket.done.done() else "expired"
                self._observer.dropped(len(ticket.articles), why)
            if not ticket.done.done():
                ticket.done.set_exception(DeadlineExceeded("it passed before work began"))

    def _prepare_each(self, waiting: Sequence[tuple[Sequence[Article], str]]) -> list[Staged]:
        """Articles of one collection in a row go together: the furniture known of their sources
        differs from collection to collection."""
        staged: list[Staged] = []
        for collection, group in itertools.groupby(waiting, key=lambda one: one[1]):
            articles = [article for part, _ in group for article in part]
            staged += self._prepare_all(articles, collection)
        return staged

    def _prepare_all(self, articles: Sequence[Article], collection: str) -> list[Staged]:
        """Stage 1 on a worker's thread; an unexpected failure is narrowed down to its article."""
        try:
            staged = self._engine.prepare(articles, collection=collection)
            if len(staged) != len(articles):
                raise RuntimeError(f"{len(staged)} answers for {len(articles)} articles")
            return staged
        except StoryClusterError as error:
            if len(articles) == 1:
                return [error]
        except Exception as error:
            if len(articles) == 1:
                error_id = uuid.uuid4().hex[:12]
                _log.error("unexpected error %s in stage 1", error_id, exc_info=error)
                return [InternalError(error_id=error_id)]
        middle = len(articles) // 2
        first, second = articles[:middle], articles[middle:]
        return self._prepare_all(first, collection) + self._prepare_all(second, collection)


def _mark_seen(future: asyncio.Future[list[Outcome]]) -> None:
    """A caller who gave up leaves an error that nobody reads; the log need not say so."""
    if not future.cancelled():
        future.exception()


def text_bytes(articles: Sequence[Article]) -> int:
    """UTF-8 bytes of titles and texts."""
    return sum(
        len(one.title.encode("utf-8", "surrogatepass"))
        + len(one.text.encode("utf-8", "surrogatepass"))
        for one in articles
    )
