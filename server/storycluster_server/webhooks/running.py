"""When do deliveries to the receivers begin and end?

One task for each receiver, so that none waits for another. At the end an attempt under way has a
short grace; what was not answered by then is sent again after the next start.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Mapping
from pathlib import Path

from storycluster_server.changes import Changes
from storycluster_server.logs import Logger
from storycluster_server.reads import ReadPool
from storycluster_server.webhooks.config import WebhooksConfig
from storycluster_server.webhooks.dead_letters import DeadLetters
from storycluster_server.webhooks.delivering import Deliveries, Feed, Means
from storycluster_server.webhooks.retrying import Patience

_THREADS = 2
"""For the store; requests have threads of their own."""


class Webhooks:
    """Every receiver of one server, between `start` and `close`."""

    def __init__(
        self, config: WebhooksConfig, secrets: Mapping[str, bytes], *, log: Logger
    ) -> None:
        self._config = config
        self._secrets = secrets
        self._log = log
        self._pool = ReadPool(_THREADS)
        self._stopping = asyncio.Event()
        self._wake: Callable[[], None] = lambda: None
        self._tasks: list[asyncio.Task[None]] = []

    def start(
        self,
        feed: Feed,
        changes: Changes,
        *,
        data: Path | None,
        count: Callable[[str, str], None],
    ) -> None:
        """Begin. `data` is the data folder, where there is one; `count` is told (webhook, outcome)
        of each request."""
        config = self._config
        self._wake = changes.wake_all
        means = Means(
            feed=feed,
            pool=self._pool,
            changes=changes,
            dead_letters=DeadLetters(data),
            patience=Patience(
                max_attempts=config.max_attempts,
                max_age_s=config.max_age_s,
                initial_backoff_s=config.initial_backoff_s,
                max_backoff_s=config.max_backoff_s,
            ),
            timeout_s=config.timeout_s,
            max_events=config.max_events,
            count=count,
            log=self._log,
            stopping=self._stopping,
        )
        for receiver in config.receivers:
            deliveries = Deliveries(receiver, self._secrets[receiver.name], means=means)
            self._tasks.append(asyncio.create_task(deliveries.run()))

    async def close(self) -> None:
        """End, within the grace. A second call does nothing."""
        self._stopping.set()
        self._wake()
        if self._tasks:
            _, late = await asyncio.wait(self._tasks, timeout=self._config.stop_grace_s)
            for task in late:
                task.cancel()
            await asyncio.gather(*self._tasks, return_exceptions=True)
            self._tasks.clear()
        self._pool.close()
