"""What is known of the call under way?

One `Call` per RPC, held in a context variable, so that a handler can say what it worked on without
every function between carrying it.
"""

from __future__ import annotations

import asyncio
import time
from contextvars import ContextVar
from dataclasses import dataclass, field

from storycluster.domain import PUBLIC, Rights
from storycluster.errors import DeadlineExceeded
from storycluster_server.admission import Place


@dataclass(slots=True)
class Call:
    """Facts of one RPC, for its log line and its metrics. Never texts, never tokens."""

    method: str
    peer: str
    request_id: str
    expires_at: float | None
    """When the caller's time is up, on the event loop's clock; None: never."""
    collection: str = ""
    place: Place | None = None
    rights: Rights = PUBLIC
    items: int = 0
    code: str = "OK"
    reason: str = ""
    error_id: str = ""
    started: float = field(default_factory=time.perf_counter)

    def belongs_to(self, collection: str) -> None:
        """Note the collection of a call whose first message named it. Raises Overloaded where that
        collection has its share of places already."""
        if self.place is not None:
            self.place.belongs_to(collection)
        self.collection = collection

    def check_deadline(self) -> None:
        """Raise DeadlineExceeded where nobody waits for the answer any more."""
        if self.expires_at is not None and self.expires_at <= asyncio.get_running_loop().time():
            raise DeadlineExceeded("the time budget of the call is spent")


current: ContextVar[Call] = ContextVar("storycluster_call")
