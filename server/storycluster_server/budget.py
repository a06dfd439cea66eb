"""How much accepted work may wait, and when may a refused caller come back?

Counts every article from its acceptance to its answer, so that no queue behind it (stage 1, the
writer) can grow without bound, and none of it can be one collection's alone (`sharing`). Used from
the event loop's thread only.
"""

from __future__ import annotations

import asyncio
import collections
import itertools
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from storycluster.domain import DEFAULT_COLLECTION
from storycluster.errors import Overloaded
from storycluster_server.sharing import Shares

_RATE_WINDOW_S = 10.0
_LEAST_RETRY_S, _MOST_RETRY_S = 0.05, 30.0
_JITTER = 0.25


@dataclass(frozen=True, slots=True, eq=False)
class _Waiter:
    """A batch of a stream that waits for room."""

    number: int
    collection: str
    articles: int
    size_bytes: int
    granted: asyncio.Future[None]


class Budget:
    """Bounds articles and bytes that are accepted and not answered yet, of all collections and of
    each. The empty name is that of the default collection."""

    def __init__(
        self,
        *,
        max_articles: int,
        max_bytes: int,
        share: float = 1.0,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self._articles = Shares(max_articles, share=share)
        self._bytes = Shares(max_bytes, share=share)
        self._clock = clock
        self._answered: collections.deque[tuple[float, str, int]] = collections.deque()
        self._lines: dict[str, collections.deque[_Waiter]] = {}
        self._numbers = itertools.count()

    @property
    def articles(self) -> int:
        """Accepted and not answered."""
        return self._articles.total

    @property
    def bytes(self) -> int:
        """Of their texts."""
        return self._bytes.total

    def take(self, collection: str, articles: int, size_bytes: int) -> None:
        """Take room, or raise Overloaded. Streams that wait for room come first."""
        name = collection or DEFAULT_COLLECTION
        if self.is_full(name, articles, size_bytes):
            raise Overloaded(self._why(name), retry_after_s=self.retry_after_s(name))
        self._add(name, articles, size_bytes)

    @contextmanager
    def held(self, collection: str, articles: int, size_bytes: int) -> Iterator[None]:
        """Hold room for the length of a block; Overloaded as `take`."""
        self.take(collection, articles, size_bytes)
        try:
            yield
        finally:
            self.give_back(collection, articles, size_bytes)

    async def wait(self, collection: str, articles: int, size_bytes: int) -> None:
        """Take room as soon as there is some, in order of asking within the collection.

        Of several collections the one that holds nothing is first, and nobody takes room before it;
        else the one that holds least. So each is served in the end: what it holds is answered, and
        then it is first.
        """
        name = collection or DEFAULT_COLLECTION
        if not self.is_full(name, articles, size_bytes):
            self._add(name, articles, size_bytes)
            return
        granted: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        waiter = _Waiter(next(self._numbers), name, articles, size_bytes, granted)
        self._lines.setdefault(name, collections.deque()).append(waiter)
        try:
            await granted
        except asyncio.CancelledError:
            if granted.done() and not granted.cancelled():
                self._remove(name, articles, size_bytes)
            else:
                self._leave(waiter)
            self._grant()
            raise

    def give_back(self, collection: str, articles: int, size_bytes: int) -> None:
        """The articles were answered or dropped."""
        name = collection or DEFAULT_COLLECTION
        self._remove(name, articles, size_bytes)
        now = self._clock()
        self._answered.append((now, name, articles))
        while self._answered and self._answered[0][0] < now - _RATE_WINDOW_S:
            self._answered.popleft()
        self._grant()

    def is_full(self, collection: str, articles: int, size_bytes: int) -> bool:
        """Whether that much more of the collection would have to wait."""
        name = collection or DEFAULT_COLLECTION
        waits = name in self._lines or any(not self._articles.held(one) for one in self._lines)
        return waits or not self._fits(name, articles, size_bytes)

    def retry_after_s(self, collection: str) -> float:
        """Seconds until what the collection has waiting is answered at its present rate, with
        jitter; where it has nothing, what all have at the rate of all."""
        name = collection or DEFAULT_COLLECTION
        mine = self._articles.held(name)
        now = self._clock()
        recent = [
            (at, n)
            for at, whose, n in self._answered
            if at >= now - _RATE_WINDOW_S and (not mine or whose == name)
        ]
        rate = sum(n for _, n in recent) / max(now - recent[0][0], 0.1) if recent else 0.0
        wait = (mine or self.articles) / rate if rate else 1.0
        jitter = 1.0 + random.uniform(-_JITTER, _JITTER)
        return min(max(wait * jitter, _LEAST_RETRY_S), _MOST_RETRY_S)

    def _why(self, name: str) -> str:
        mine = f"{self._articles.held(name)} articles ({self._bytes.held(name)} bytes)"
        return f"{mine} of {name!r} and {self.articles} ({self.bytes}) in all wait for an answer"

    def _fits(self, name: str, articles: int, size_bytes: int) -> bool:
        """One request that is over the bound alone is taken when nothing else waits."""
        if not self.articles:
            return True
        return self._articles.may_hold(name, articles) and self._bytes.may_hold(name, size_bytes)

    def _add(self, name: str, articles: int, size_bytes: int) -> None:
        self._articles.add(name, articles)
        self._bytes.add(name, size_bytes)

    def _remove(self, name: str, articles: int, size_bytes: int) -> None:
        self._articles.remove(name, articles)
        self._bytes.remove(name, size_bytes)

    # -- who waits --------------------------------------------------------------------------------

    def _grant(self) -> None:
        """Give room to whoever may have it now."""
        while (waiter := self._next()) is not None:
            self._leave(waiter)
            self._add(waiter.collection, waiter.articles, waiter.size_bytes)
            waiter.granted.set_result(None)

    def _next(self) -> _Waiter | None:
        """The one that is given room next; None where nobody may be given any."""
        heads = sorted(
            (line[0] for line in self._lines.values()),
            key=lambda one: (self._articles.held(one.collection), one.number),
        )
        for one in heads:
            if self._fits(one.collection, one.articles, one.size_bytes):
                return one
            if not self._articles.held(one.collection):
                return None  # kept for it alone
        return None

    def _leave(self, waiter: _Waiter) -> None:
        line = self._lines[waiter.collection]
        line.remove(waiter)
        if not line:
            del self._lines[waiter.collection]
