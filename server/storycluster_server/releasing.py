"""Who lets embargoed articles out at their minute where nothing else is written?"""

from __future__ import annotations

import asyncio

from storycluster.engine import Engine
from storycluster.errors import StoryClusterError
from storycluster_server.logs import Logger
from storycluster_server.periodic import Periodic


class Embargoes(Periodic):
    """A task that calls `Engine.release` every so often, at once for what came due while nothing
    ran."""

    def __init__(self, engine: Engine, log: Logger, *, every_s: float) -> None:
        super().__init__(every_s=every_s, at_once=True)
        self._engine = engine
        self._log = log

    async def _turn(self) -> None:
        try:
            released = await asyncio.to_thread(self._engine.release)
        except StoryClusterError as error:  # told again at the next turn, until it is mended
            self._log.error("release failed", error=error.message)
            return
        if released:
            self._log.debug("released", articles=released)
