"""Where is kept what could not be delivered?

In `dead-letters/NAME.jsonl` of the data folder, a line for each request, on disk before the feed
goes on. A store without a folder has no such file: there the log and the feed itself have to do.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from storycluster.backends.snapshot_files import sync_folder
from storycluster.domain.shapes import time_of
from storycluster_server.webhooks.message import Delivery
from storycluster_server.webhooks.retrying import Answer

FOLDER = "dead-letters"


@dataclass(frozen=True, slots=True)
class DeadLetters:
    """The files of one data folder; none where there is no folder."""

    data: Path | None

    def bury(self, webhook: str, delivery: Delivery, *, attempts: int, last: Answer) -> None:
        """Keep a request for good. OSError where that is not possible."""
        letter = {
            "time": time_of(datetime.now(UTC)),
            "webhook": webhook,
            "delivery": delivery.delivery_id,
            "attempts": attempts,
            "status": last.status or None,
            "problem": last.problem or None,
            "request": json.loads(delivery.body),
        }
        self._keep(webhook, letter)

    def skip(self, webhook: str, collection: str, *, first: int, last: int) -> None:
        """Note that these events of the feed expired before they were sent. OSError."""
        letter = {
            "time": time_of(datetime.now(UTC)),
            "webhook": webhook,
            "problem": "expired",
            "collection": collection,
            "first_sequence": first,
            "last_sequence": last,
        }
        self._keep(webhook, letter)

    def _keep(self, webhook: str, letter: Mapping[str, Any]) -> None:
        if self.data is None:
            return
        line = json.dumps(letter, ensure_ascii=False).encode() + b"\n"
        folder = self.data / FOLDER
        if not folder.is_dir():
            folder.mkdir(mode=0o700)
            sync_folder(self.data)
        _append(folder / f"{webhook}.jsonl", line)


def _append(path: Path, line: bytes) -> None:
    """Add a line durably; one that was cut off by a crash is ended first."""
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
    with os.fdopen(descriptor, "r+b") as file:
        size = file.seek(0, os.SEEK_END)
        if size:
            file.seek(size - 1)
            line = line if file.read(1) == b"\n" else b"\n" + line
        file.write(line)
        file.flush()
        os.fsync(file.fileno())
    if not size:
        sync_folder(path.parent)
