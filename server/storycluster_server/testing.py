"""How does a test, an example or a notebook get a real server in its own process?

    with running_server() as server:
        client = Client(server.address)

The services, the engine and the wire are the real ones, on a free loopback port; only the store is
in memory unless another is named. Nothing is written to stdout.
"""

from __future__ import annotations

import asyncio
import io
import threading
from collections.abc import Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TextIO, TypeVar

from storycluster.ports import Encoder, Planner, Store
from storycluster_server.config import load_config
from storycluster_server.logs import open_log
from storycluster_server.server import StoryServer

T = TypeVar("T")

_START_S = 120.0
_CALL_S = 60.0


class RunningServer:
    """A server on a thread of its own."""

    def __init__(
        self,
        flags: Mapping[str, Any],
        *,
        encoder: Encoder | None = None,
        store: Store | None = None,
        planner: Planner | None = None,
        log: TextIO | None = None,
    ) -> None:
        chosen = {"store.url": "memory:", "server.listen": "127.0.0.1:0", **flags}
        config = load_config(flags=chosen, environment={})
        self.log = log if log is not None else io.StringIO()
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="storycluster-server", daemon=True
        )
        self._thread.start()

        async def begin() -> StoryServer:
            server = StoryServer(config, open_log(form=config.log.format, stream=self.log))
            await server.start(encoder=encoder, store=store, planner=planner)
            return server

        try:
            self.server = self.call(begin(), timeout_s=_START_S)
        except BaseException:
            self._end_loop()
            raise

    @property
    def address(self) -> str:
        """HOST:PORT."""
        return self.server.addresses["listen"]

    def call(self, work: Coroutine[Any, Any, T], *, timeout_s: float = _CALL_S) -> T:
        """The result of a coroutine that runs on the server's event loop."""
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(timeout_s)

    def stop(self) -> bool:
        """Drain and stop; whether everything accepted was answered. A second call does nothing."""
        if not self._thread.is_alive():
            return True
        try:
            return self.call(self.server.stop())
        finally:
            self._end_loop()

    def _end_loop(self) -> None:
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()


@contextmanager
def running_server(
    flags: Mapping[str, Any] | None = None,
    *,
    encoder: Encoder | None = None,
    store: Store | None = None,
    log: TextIO | None = None,
) -> Iterator[RunningServer]:
    """A server that runs within the block. `flags` as for `load_config`."""
    server = RunningServer(flags or {}, encoder=encoder, store=store, log=log)
    try:
        yield server
    finally:
        server.stop()
