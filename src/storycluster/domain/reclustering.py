"""What does looking again at a whole collection propose, and what became of it?"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from storycluster.domain.articles import Evidence


class ChangeKind(StrEnum):
    """What happens to the articles of a change."""

    MERGE = "merge"
    SPLIT = "split"
    MOVE = "move"


@dataclass(frozen=True, slots=True)
class Change:
    """Articles, whole reprint groups, that go from one story to another."""

    kind: ChangeKind  # MERGE: all of from_story; SPLIT: into a new story; MOVE: into another one
    from_story: str
    to_story: str  # "" for a new story
    article_ids: tuple[str, ...]
    probability: float  # calibrated, that the change is right, 0..1
    gain: float  # estimated number of article pairs put right
    reason: str  # one readable sentence
    evidence: tuple[Evidence, ...]
