"""What follows from a receiver's answer, and how long is it tried again?

Pure. Pauses are drawn evenly from 0 to a limit that doubles, so that servers which failed together
do not come back together.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

_GONE = 410
_MOST_DOUBLINGS = 64  # beyond every cap, and no float overflows


class Verdict(Enum):
    """What an answer means for the request."""

    DELIVERED = "delivered"
    FAILED = "failed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class Answer:
    """The status of an answer, or 0 and the problem where there was none."""

    status: int = 0
    problem: str = ""

    @property
    def verdict(self) -> Verdict:
        """2xx is taken; 410 asks for no more; anything else, a redirect too, is tried again."""
        if 200 <= self.status < 300:
            return Verdict.DELIVERED
        return Verdict.GONE if self.status == _GONE else Verdict.FAILED


@dataclass(frozen=True, slots=True)
class Patience:
    """How often and for how long one request is tried."""

    max_attempts: int
    max_age_s: float
    initial_backoff_s: float
    max_backoff_s: float

    def is_spent(self, failures: int, *, age_s: float) -> bool:
        """Whether that many failed attempts, the first of them so long ago, are enough."""
        return failures >= self.max_attempts or age_s >= self.max_age_s

    def pause_s(self, failures: int, *, chance: float) -> float:
        """Seconds until the next attempt; `chance` is drawn evenly from 0 to 1."""
        longest: float = self.initial_backoff_s * 2 ** min(failures - 1, _MOST_DOUBLINGS)
        return chance * min(self.max_backoff_s, longest)
