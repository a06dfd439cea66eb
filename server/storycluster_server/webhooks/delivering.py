"""How does one receiver get every event of a collection, in order and at least once?

His place in the feed is stored after each request that was answered, or buried as a dead letter.
One request is under way at a time, so a later event never overtakes an earlier one.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

from storycluster.domain import Event
from storycluster.errors import FeedExpired
from storycluster_server.changes import Changes
from storycluster_server.logs import Logger
from storycluster_server.reads import ReadPool
from storycluster_server.webhooks.config import Receiver
from storycluster_server.webhooks.dead_letters import DeadLetters
from storycluster_server.webhooks.message import Delivery, headers_of, make_delivery
from storycluster_server.webhooks.posting import Request, post
from storycluster_server.webhooks.retrying import Answer, Patience, Verdict

_SKIPPED = 1000
"""Events nobody asked for after which the place is stored all the same: read again, they cost
little; a commit for each of them would be one more for every arrival."""


class Feed(Protocol):
    """What is asked of the engine; each call blocks."""

    def list_events(
        self, collection: str, *, after: int = 0, page_size: int = 0
    ) -> Sequence[Event]:
        """See `Engine`."""
        ...

    def last_event(self, collection: str) -> int:
        """See `Engine`."""
        ...

    def place_in_feed(self, collection: str, reader: str) -> int:
        """See `Engine`."""
        ...

    def keep_place_in_feed(self, collection: str, reader: str, sequence: int) -> None:
        """See `Engine`."""
        ...


@dataclass(frozen=True, slots=True)
class Means:
    """What every receiver's deliveries work with."""

    feed: Feed
    pool: ReadPool
    changes: Changes
    dead_letters: DeadLetters
    patience: Patience
    timeout_s: float
    max_events: int
    count: Callable[[str, str], None]
    """Told (webhook, outcome)."""
    log: Logger
    stopping: asyncio.Event


class _Gone(Exception):
    """The receiver wants no more."""


class Deliveries:
    """What goes to one receiver."""

    def __init__(self, receiver: Receiver, secret: bytes, *, means: Means) -> None:
        self._to = receiver
        self._secret = secret
        self._means = means
        self._reader = f"webhook:{receiver.name}"
        self._log = means.log.bind(webhook=receiver.name)

    async def run(self) -> None:
        """Deliver until the server stops or the receiver is gone. A store that fails is asked again
        later, from the stored place on."""
        means = self._means
        with means.changes.watching(self._to.collection) as woken:
            while not means.stopping.is_set():
                try:
                    await self._follow(woken)
                except _Gone:
                    self._log.error("webhook ends: the receiver answered 410 Gone")
                    return
                except Exception as error:
                    self._log.error("webhook interrupted", error=str(error), exc_info=True)
                    await self._stops_within(means.patience.max_backoff_s)

    async def _follow(self, woken: asyncio.Event) -> None:
        means, collection = self._means, self._to.collection
        feed, run = means.feed, means.pool.run
        kept = place = await run(feed.place_in_feed, collection, self._reader)
        while not means.stopping.is_set():
            woken.clear()
            page, oldest = await self._after(place)
            stored = await run(feed.place_in_feed, collection, self._reader)
            if stored != kept:  # the collection was deleted, or imported, meanwhile
                kept = place = stored
                continue
            if oldest:
                kept = place = await self._skip(place, oldest)
                await run(feed.keep_place_in_feed, collection, self._reader, place)
                continue
            if not page:
                if place and await run(feed.last_event, collection) < place:
                    kept = place = 0  # it was deleted before a place was stored
                    continue
                await woken.wait()
                continue
            last = page[-1].sequence
            asked_for = [event for event in page if self._wants(event)]
            if asked_for and not await self._deliver(asked_for, last):
                return
            place = last
            if asked_for or place - kept >= _SKIPPED:
                await run(feed.keep_place_in_feed, collection, self._reader, place)
                kept = place
        if place > kept:
            await run(feed.keep_place_in_feed, collection, self._reader, place)

    async def _after(self, place: int) -> tuple[Sequence[Event], int]:
        """(What follows a place, 0), or (nothing, the oldest event) where what follows has left the
        feed."""
        means = self._means
        try:
            page = await means.pool.run(
                means.feed.list_events, self._to.collection, after=place, page_size=means.max_events
            )
        except FeedExpired as error:
            return (), error.oldest
        return page, 0

    async def _skip(self, place: int, oldest: int) -> int:
        """Pass over what left the feed before it could be sent; the place to go on from."""
        means, last = self._means, oldest - 1
        skip = means.dead_letters.skip
        await means.pool.run(skip, self._to.name, self._to.collection, first=place + 1, last=last)
        means.count(self._to.name, "expired")
        self._log.error(
            "webhook events expired unsent", first_sequence=place + 1, last_sequence=last
        )
        return last

    def _wants(self, event: Event) -> bool:
        return not self._to.kinds or event.kind in self._to.kinds

    async def _deliver(self, events: Sequence[Event], last_sequence: int) -> bool:
        """Send until it is taken or buried; False where the server stops before."""
        means, clock = self._means, asyncio.get_running_loop().time
        delivery = make_delivery(
            self._to.name, self._to.collection, events=events, last_sequence=last_sequence
        )
        began, failures = clock(), 0
        while not means.stopping.is_set():
            answer = await self._attempt(delivery)
            if answer.verdict is Verdict.DELIVERED:
                means.count(self._to.name, "delivered")
                return True
            failures += 1
            self._tell_failure(delivery, answer, attempt=failures)
            if answer.verdict is Verdict.GONE:
                raise _Gone
            if means.patience.is_spent(failures, age_s=clock() - began):
                await self._bury(delivery, answer, attempts=failures)
                return True
            await self._stops_within(means.patience.pause_s(failures, chance=random.random()))
        return False

    async def _attempt(self, delivery: Delivery) -> Answer:
        headers = headers_of(delivery, self._secret, at=int(time.time()))
        request = Request(self._to.url, headers, delivery.body)
        return await post(request, timeout_s=self._means.timeout_s)

    def _tell_failure(self, delivery: Delivery, answer: Answer, *, attempt: int) -> None:
        self._means.count(self._to.name, "failed")
        self._log.warning(
            "webhook attempt failed",
            delivery=delivery.delivery_id,
            attempt=attempt,
            status=answer.status,
            problem=answer.problem,
        )

    async def _bury(self, delivery: Delivery, answer: Answer, *, attempts: int) -> None:
        means = self._means
        bury = means.dead_letters.bury
        await means.pool.run(bury, self._to.name, delivery, attempts=attempts, last=answer)
        means.count(self._to.name, "dead")
        self._log.error(
            "webhook request given up",
            delivery=delivery.delivery_id,
            attempts=attempts,
            events=delivery.events,
            last_sequence=delivery.last_sequence,
        )

    async def _stops_within(self, seconds: float) -> None:
        """Wait so long, or until the server stops."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._means.stopping.wait(), seconds)
