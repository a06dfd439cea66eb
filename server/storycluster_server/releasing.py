"""Who lets embargoed articles out at their minute where nothing else is written?"""

from __future__ import annotations

import asyncio
import contextlib

from storycluster.engine import Engine
from storycluster.errors import StoryClusterError
from storycluster_server.logs import Logger


class Embargoes:
    """A task that calls `Engine.release` every so often, between `start` and `close`."""

    def __init__(self, engine: Engine, log: Logger, *, every_s: float) -> None:
        self._engine = engine
        self._log = log
        self._every_s = every_s
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin, at once with what came due while nothing ran."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def close(self) -> None:
        """End; a release under way is finished by the engine's close. A second call does
        nothing."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _run(self) -> None:
        while True:
            await self._turn()
            await asyncio.sleep(self._every_s)

    async def _turn(self) -> None:
        try:
            released = await asyncio.to_thread(self._engine.release)
        except StoryClusterError as error:  # told again at the next turn, until it is mended
            self._log.error("release failed", error=error.message)
            return
        if released:
            self._log.debug("released", articles=released)
