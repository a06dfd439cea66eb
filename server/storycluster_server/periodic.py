"""How does the server do something again and again beside its calls?"""

from __future__ import annotations

import asyncio
import contextlib


class Periodic:
    """A task that takes its turn every so often, between `start` and `close`.

    `at_once`: the first turn is at the start, else after `every_s`.
    """

    def __init__(self, *, every_s: float, at_once: bool = False) -> None:
        self._every_s = every_s
        self._at_once = at_once
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin."""
        self._task = asyncio.get_running_loop().create_task(self._run())

    async def close(self) -> None:
        """End; what a turn asked of the engine is finished by the engine's close. A second call
        does nothing."""
        if self._task is not None:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
            self._task = None

    async def _run(self) -> None:
        if not self._at_once:
            await asyncio.sleep(self._every_s)
        while True:
            await self._turn()
            await asyncio.sleep(self._every_s)

    async def _turn(self) -> None:
        raise NotImplementedError
