"""Who looks again at the articles of a collection in which nothing arrives any more?

Each arriving article does a few second looks itself. Every minute those that are left over and due
are done here, for the collections in use.
"""

from __future__ import annotations

import asyncio
import contextlib

from storycluster.engine import Engine
from storycluster.errors import StoryClusterError
from storycluster_server.logs import Logger

EVERY_S = 60.0
LOOKS = 256
"""Looks in one turn at most, about 3 seconds of the writer: a backlog leaves room for arrivals."""


class Repairs:
    """A task that calls `Engine.repair` now and then, between `start` and `close`."""

    def __init__(self, engine: Engine, log: Logger, *, every_s: float = EVERY_S) -> None:
        self._engine = engine
        self._log = log
        self._every_s = every_s
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin; the first turn comes after `every_s`."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def close(self) -> None:
        """End; a turn under way is finished by the engine's close. A second call does nothing."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _run(self) -> None:
        while True:
            await asyncio.sleep(self._every_s)
            for collection in self._engine.collections_in_use():
                await self._turn(collection)

    async def _turn(self, collection: str) -> None:
        try:
            looked = await asyncio.to_thread(self._engine.repair, collection, limit=LOOKS)
        except StoryClusterError as error:  # told again in a minute, until it is mended
            self._log.error("repair failed", collection=collection, error=error.message)
            return
        if looked:
            self._log.debug("repaired", collection=collection, looks=looked)
