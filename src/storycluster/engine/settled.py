"""What did promoted jobs decide, that a second look does not go against?

A job looks at everything with hindsight, a second look at one article with what was known a day
later. A cache like the rest of the index, filled from the records of the promotes.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from storycluster.domain import Promotion
from storycluster.engine.entry import Entry


class Settled:
    """What was settled in one collection. A later revision of an article has another sequence, and
    so is looked at again."""

    def __init__(self, promotions: Iterable[Promotion] = ()) -> None:
        self._sequences: set[int] = set()
        self._parted: set[tuple[str, str]] = set()
        for one in promotions:
            self.add(one)

    def add(self, promotion: Promotion) -> None:
        """Hold what the promote of a job did from now on."""
        self._sequences.update(promotion.settled)
        self._parted.update(promotion.parted)

    def placed(self, entries: Sequence[Entry]) -> bool:
        """Whether a job decided where one of them is."""
        return any(entry.sequence in self._sequences for entry in entries)

    def parted(self, one: str, other: str) -> bool:
        """Whether a job kept two stories apart."""
        return pair(one, other) in self._parted


def pair(one: str, other: str) -> tuple[str, str]:
    """Two stories in whichever order they are named: the older first."""
    return (one, other) if one <= other else (other, one)
