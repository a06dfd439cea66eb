"""What does a batch re-clustering propose?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storycluster.domain.articles import Evidence


class ChangeKind(StrEnum):
    """All of a story goes into another, a part into a new one, or a part into another."""

    MERGE = "merge"
    SPLIT = "split"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Change:
    """Articles, whole reprint groups, that go from one story to another.

    `to_story` is "" for a new story. `probability` is calibrated: that the change is right, 0..1.
    `gain` estimates how many pairs of articles it puts right, `reason` is one readable sentence.
    """

    kind: ChangeKind
    from_story: str
    to_story: str
    article_ids: tuple[str, ...]
    probability: float
    gain: float
    reason: str
    evidence: tuple[Evidence, ...]
