"""How much accepted work may wait, and when may a refused caller come back?

Counts every article from its acceptance to its answer, so that no queue behind it (stage 1, the
writer) can grow without bound. Used from the event loop's thread only.
"""

from __future__ import annotations

import asyncio
import collections
import random
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from storycluster.errors import Overloaded

_RATE_WINDOW_S = 10.0
_LEAST_RETRY_S, _MOST_RETRY_S = 0.05, 30.0
_JITTER = 0.25


class Budget:
    """Bounds articles and bytes that are accepted and not answered yet."""

    def __init__(
        self, *, max_articles: int, max_bytes: int, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.max_articles = max_articles
        self.max_bytes = max_bytes
        self.articles = 0
        self.bytes = 0
        self._clock = clock
        self._answered: collections.deque[tuple[float, int]] = collections.deque()
        self._waiting = 0
        self._turn = asyncio.Lock()
        self._freed = asyncio.Event()

    def take(self, articles: int, size_bytes: int) -> None:
        """Take room, or raise Overloaded. Streams that wait for room come first."""
        if self._waiting or not self._fits(articles, size_bytes):
            raise Overloaded(
                f"{self.articles} articles ({self.bytes} bytes) wait for an answer",
                retry_after_s=self.retry_after_s(),
            )
        self._add(articles, size_bytes)

    @contextmanager
    def held(self, articles: int, size_bytes: int) -> Iterator[None]:
        """Hold room for the length of a block; Overloaded as `take`."""
        self.take(articles, size_bytes)
        try:
            yield
        finally:
            self.give_back(articles, size_bytes)

    async def wait(self, articles: int, size_bytes: int) -> None:
        """Take room as soon as there is some, in order of asking."""
        self._waiting += 1
        try:
            async with self._turn:
                while not self._fits(articles, size_bytes):
                    self._freed.clear()
                    await self._freed.wait()
                self._add(articles, size_bytes)
        finally:
            self._waiting -= 1

    def give_back(self, articles: int, size_bytes: int) -> None:
        """The articles were answered or dropped."""
        self.articles -= articles
        self.bytes -= size_bytes
        now = self._clock()
        self._answered.append((now, articles))
        while self._answered and self._answered[0][0] < now - _RATE_WINDOW_S:
            self._answered.popleft()
        self._freed.set()

    def is_full(self, articles: int, size_bytes: int) -> bool:
        """Whether that much more would have to wait."""
        return self._waiting > 0 or not self._fits(articles, size_bytes)

    def retry_after_s(self) -> float:
        """Seconds until what waits now is answered at the present rate, with jitter."""
        now = self._clock()
        recent = [(at, n) for at, n in self._answered if at >= now - _RATE_WINDOW_S]
        rate = sum(n for _, n in recent) / max(now - recent[0][0], 0.1) if recent else 0.0
        wait = self.articles / rate if rate else 1.0
        jitter = 1.0 + random.uniform(-_JITTER, _JITTER)
        return min(max(wait * jitter, _LEAST_RETRY_S), _MOST_RETRY_S)

    def _fits(self, articles: int, size_bytes: int) -> bool:
        """One request that is over the bound alone is taken when nothing else waits."""
        if not self.articles:
            return True
        return (
            self.articles + articles <= self.max_articles
            and self.bytes + size_bytes <= self.max_bytes
        )

    def _add(self, articles: int, size_bytes: int) -> None:
        self.articles += articles
        self.bytes += size_bytes
