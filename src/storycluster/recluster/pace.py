"""How fast does the job go, how far is it, and is it still wanted?"""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from storycluster.errors import Cancelled, InvalidInput


@dataclass(frozen=True, slots=True)
class Progress:
    """`done` of `total` in a phase; `rate` a second, `eta_seconds` until the phase ends, both 0
    while nothing is done."""

    phase: str
    done: int
    total: int
    rate: float
    eta_seconds: float


@dataclass(slots=True)
class Pace:
    """Asked between two chunks of work. `rest` is the share of time, 0..0.95, that is slept, so
    that a server on the same machine stays responsive."""

    tell: Callable[[Progress], None] = lambda _: None
    cancelled: Callable[[], bool] = lambda: False
    rest: float = 0.0
    _phase: str = field(default="", init=False)
    _total: int = field(default=0, init=False)
    _began: float = field(default=0.0, init=False)
    _last: float = field(default=0.0, init=False)

    def __post_init__(self) -> None:
        if not 0.0 <= self.rest <= 0.95:
            raise InvalidInput.of("rest", "must lie between 0 and 0.95")

    def begin(self, phase: str, total: int) -> None:
        """A phase begins. Raises Cancelled where the job is not wanted any more."""
        self._phase, self._total = phase, total
        self._began = self._last = time.monotonic()
        self.advance(0)

    def advance(self, done: int) -> None:
        """So many are done in all. Raises Cancelled where the job is not wanted any more."""
        if self.cancelled():
            raise Cancelled(f"the job was cancelled in phase {self._phase}")
        if self.rest and done:
            worked = time.monotonic() - self._last
            time.sleep(worked * self.rest / (1.0 - self.rest))
        now = time.monotonic()
        self._last = now
        spent = now - self._began
        rate = done / spent if done and spent > 0 else 0.0
        left = (self._total - done) / rate if rate else 0.0
        self.tell(Progress(self._phase, done, self._total, rate, left))
