"""Who looks again at the articles of a collection in which nothing arrives any more?

Each arriving article does a few second looks itself. Every minute those that are left over and due
are done here, for the collections in use.
"""

from __future__ import annotations

import asyncio

from storycluster.engine import Engine
from storycluster.errors import StoryClusterError
from storycluster_server.logs import Logger
from storycluster_server.periodic import Periodic

EVERY_S = 60.0
LOOKS = 256
"""Looks in one turn at most, about 3 seconds of the writer: a backlog leaves room for arrivals."""


class Repairs(Periodic):
    """A task that calls `Engine.repair` now and then."""

    def __init__(self, engine: Engine, log: Logger, *, every_s: float = EVERY_S) -> None:
        super().__init__(every_s=every_s)
        self._engine = engine
        self._log = log

    async def _turn(self) -> None:
        for collection in self._engine.collections_in_use():
            await self._look(collection)

    async def _look(self, collection: str) -> None:
        try:
            looked = await asyncio.to_thread(self._engine.repair, collection, limit=LOOKS)
        except StoryClusterError as error:  # told again in a minute, until it is mended
            self._log.error("repair failed", collection=collection, error=error.message)
            return
        if looked:
            self._log.debug("repaired", collection=collection, looks=looked)
