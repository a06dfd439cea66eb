"""storycluster_server.repairing: second looks while nothing arrives."""

from __future__ import annotations

import asyncio
import io

from storycluster_server.logs import open_log
from storycluster_server.repairing import LOOKS, Repairs

from storycluster.errors import StoreFull


class Asked:
    """Stands for an engine with two collections in use, of which one fails."""

    def __init__(self, enough: int) -> None:
        self.enough = enough
        self.calls: list[tuple[str, int]] = []
        self.done = asyncio.Event()
        self.loop = asyncio.get_running_loop()

    def collections_in_use(self) -> tuple[str, ...]:
        return ("one", "two")

    def repair(self, collection: str, *, limit: int) -> int:
        self.calls.append((collection, limit))
        if len(self.calls) == self.enough:
            self.loop.call_soon_threadsafe(self.done.set)
        if collection == "one":
            raise StoreFull("no space left to write")
        return 3


def test_each_collection_in_use_has_its_turn_again_and_again() -> None:
    """A bounded number of looks each; one that fails is told of and does not stop the others."""
    told = io.StringIO()

    async def watch() -> list[tuple[str, int]]:
        engine = Asked(enough=4)
        repairs = Repairs(engine, open_log(form="json", stream=told), every_s=0.01)  # type: ignore[arg-type]  # no real engine
        repairs.start()
        await asyncio.wait_for(engine.done.wait(), timeout=20)
        await repairs.close()
        await repairs.close()
        return engine.calls

    calls = asyncio.run(watch())
    assert calls[:4] == [("one", LOOKS), ("two", LOOKS)] * 2
    assert "no space left to write" in told.getvalue()
