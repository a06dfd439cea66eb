"""What did publishing a plan change, and what not, and why not?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class SkipReason(StrEnum):
    """Why a change is not made: what was decided since, or what an editor said, wins."""

    GONE = "gone"
    MOVED = "moved"
    DECIDED_SINCE = "decided_since"
    EARLIER_CHANGE = "earlier_change"
    NO_STORY = "no_story"
    SAME_STORY = "same_story"
    NOBODY_STAYS = "nobody_stays"
    LOCKED = "locked"
    PINNED = "pinned"
    LINKED = "linked"
    SEPARATED = "separated"


@dataclass(frozen=True, slots=True)
class Skipped:
    """A change that was not made: its `place` in the plan, 0-based, and what stood against it."""

    place: int
    reason: SkipReason
    subject: str = ""


@dataclass(frozen=True, slots=True)
class Promotion:
    """What the promote of a job did, recorded in the transaction that did it.

    `applied` changes were made, the others `skipped`, in the order of the plan. No second look goes
    against it: `settled` are the sequences of the revisions whose place it decided, ascending, and
    `parted` the pairs of stories, the older first, that it keeps apart.
    """

    job_id: str
    time: datetime
    snapshot_sequence: int
    quiet: bool
    applied: int
    skipped: tuple[Skipped, ...] = ()
    settled: tuple[int, ...] = ()
    parted: tuple[tuple[str, str], ...] = ()

    @property
    def skipped_by_reason(self) -> Mapping[str, int]:
        """{reason: number of changes}, ascending reason."""
        return dict(sorted(Counter(one.reason.value for one in self.skipped).items()))
