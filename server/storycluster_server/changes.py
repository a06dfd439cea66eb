"""Who waits for something to happen in a collection, and how is he told?

The engine calls its listener on the writer's thread after each commit. Here that becomes a wake-up
on the event loop for those who watch the collection: nothing is polled, and nothing is read twice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from contextlib import contextmanager

Listen = Callable[[Callable[[str], None]], Callable[[], None]]
"""`Engine.listen`: given what is to be called with the collection's name; returns what ends it."""


class Changes:
    """One listener of the engine for all watchers. Made and used on the event loop's thread."""

    def __init__(self, listen: Listen) -> None:
        self._loop = asyncio.get_running_loop()
        self._watchers: dict[str, set[asyncio.Event]] = {}
        self._stop = listen(self._committed)

    @contextmanager
    def watching(self, collection: str) -> Iterator[asyncio.Event]:
        """An event that is set after each commit in the collection, and by `wake_all`.

        Clear it, read, then wait for it: what is committed after the reading sets it again.
        """
        woken = asyncio.Event()
        self._watchers.setdefault(collection, set()).add(woken)
        try:
            yield woken
        finally:
            self._watchers[collection].discard(woken)
            if not self._watchers[collection]:
                del self._watchers[collection]

    def wake_all(self) -> None:
        """Let every watcher look up, because the server is going down."""
        for collection in self._watchers:
            self._wake(collection)

    def close(self) -> None:
        """Hear nothing more of the engine."""
        self._stop()

    def _committed(self, collection: str) -> None:
        """On the writer's thread."""
        self._loop.call_soon_threadsafe(self._wake, collection)

    def _wake(self, collection: str) -> None:
        for woken in self._watchers.get(collection, ()):
            woken.set()


class Listeners:
    """Hears of what belongs to no collection, and tells those who listen, under the name ""."""

    def __init__(self) -> None:
        self._listeners: tuple[Callable[[str], None], ...] = ()

    def listen(self, listener: Callable[[str], None]) -> Callable[[], None]:
        """As `Engine.listen`."""
        self._listeners = (*self._listeners, listener)

        def end() -> None:
            self._listeners = tuple(one for one in self._listeners if one is not listener)

        return end

    def tell(self) -> None:
        """Something happened. From any thread."""
        for listener in self._listeners:
            listener("")
