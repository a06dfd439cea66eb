"""What can an editor say and do?"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class ConstraintKind(StrEnum):
    """An editor's word that no later decision goes against."""

    MUST_LINK = "must_link"
    CANNOT_LINK = "cannot_link"
    PIN = "pin"
    LOCK = "lock"


class OverrideKind(StrEnum):
    """What an editor did."""

    MOVE = "move"
    MERGE = "merge"
    SPLIT = "split"
    PIN = "pin"
    UNPIN = "unpin"
    LOCK = "lock"
    UNLOCK = "unlock"
    MUST_LINK = "must_link"
    CANNOT_LINK = "cannot_link"
    UNLINK = "unlink"
    WITHDRAW = "withdraw"
    REINSTATE = "reinstate"
    ERASE = "erase"
    UNDO = "undo"
    CONFIGURE = "configure"


@dataclass(frozen=True, slots=True)
class Constraint:
    """What holds of `subject`: two articles (`subject` < `other`) are linked or are not, an article
    is pinned, a story is locked (`other` is "")."""

    kind: ConstraintKind
    subject: str
    other: str = ""


@dataclass(frozen=True, slots=True)
class Act:
    """Who does something, and why; both are required."""

    actor: str
    reason: str


@dataclass(frozen=True, slots=True)
class Override:
    """Something an editor did; `sequence`, gap-free from 1 in its collection, names it.

    `undoes` is the override it took back, `undone_by` the one that took it back, 0 for none.
    `made` and `dropped` are the constraints that began and ended with it.
    """

    sequence: int
    kind: OverrideKind
    time: datetime
    actor: str
    reason: str
    story_id: str = ""
    other_story_id: str = ""
    article_ids: tuple[str, ...] = ()
    undoes: int = 0
    undone_by: int = 0
    made: tuple[Constraint, ...] = ()
    dropped: tuple[Constraint, ...] = ()


@dataclass(frozen=True, slots=True)
class Tombstone:
    """What is left of a withdrawn article, or of an erased one; `story_id` is where it was."""

    article_id: str
    erased: bool
    time: datetime
    actor: str
    reason: str
    story_id: str
