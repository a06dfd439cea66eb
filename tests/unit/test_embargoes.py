"""releasing: the server asks its engine for what is due, again and again."""

from __future__ import annotations

import asyncio
import io

from storycluster_server.logs import open_log
from storycluster_server.releasing import Embargoes

from storycluster.errors import StoreFull


class Engine:
    """Counts how often it is asked; the first time it cannot."""

    def __init__(self) -> None:
        self.asked = 0

    def release(self) -> int:
        self.asked += 1
        if self.asked == 1:
            raise StoreFull
        return 1


def test_a_failed_turn_is_told_and_followed_by_others() -> None:
    """Until it is closed; once more closes nothing."""
    engine, told = Engine(), io.StringIO()

    async def scenario() -> int:
        log = open_log(form="json", stream=told)
        embargoes = Embargoes(engine, log, every_s=0.005)  # type: ignore[arg-type]  # no real engine
        embargoes.start()
        while engine.asked < 3:
            await asyncio.sleep(0.005)
        await embargoes.close()
        await embargoes.close()
        asked = engine.asked
        await asyncio.sleep(0.05)
        return engine.asked - asked

    assert asyncio.run(scenario()) == 0
    assert told.getvalue().count("release failed") == 1
