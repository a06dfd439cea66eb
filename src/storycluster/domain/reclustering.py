"""What does looking again at a whole collection propose, and what became of it?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from storycluster.domain.articles import Evidence
from storycluster.domain.promoting import Skipped


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


class ReclusterState(StrEnum):
    """How far a job has come. A `ready` one has a plan, of which nothing is done yet."""

    QUEUED = "queued"
    RUNNING = "running"
    READY = "ready"
    PROMOTED = "promoted"
    CANCELLED = "cancelled"
    FAILED = "failed"

    @property
    def under_way(self) -> bool:
        """Whether its plan is still to be made."""
        return self in (ReclusterState.QUEUED, ReclusterState.RUNNING)


@dataclass(frozen=True, slots=True)
class Window:
    """Articles published from `start` on and before `end`; None: of any time."""

    start: datetime | None = None
    end: datetime | None = None


@dataclass(frozen=True, slots=True)
class Progress:
    """What a job is doing: `done` of `total` steps of its phase, which is 0 where not known."""

    phase: str
    done: int = 0
    total: int = 0


@dataclass(frozen=True, slots=True)
class Plan:
    """What a job proposes: changes, what an editor would want to check first, made of the articles
    up to a sequence. `stability` (0..1): how far overlapping windows agree; None: not measured."""

    snapshot_sequence: int
    changes: Sequence[Change]
    stability: float | None = None
    counts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class ReclusterJob:
    """A job that looks again at a collection, and what came of it.

    `etag` is another one whenever the state is. `rate` is steps a second of the phase, `eta_s` the
    seconds it takes yet; None where not known. `applied` and `skipped` ({reason: number}) count the
    changes of the plan that the promote made and did not make.
    """

    job_id: str
    collection: str
    state: ReclusterState
    etag: str
    create_time: datetime
    window: Window = Window()
    start_time: datetime | None = None
    end_time: datetime | None = None
    promote_time: datetime | None = None
    progress: Progress = Progress("")
    rate: float = 0.0
    eta_s: float | None = None
    snapshot_sequence: int = 0
    counts: Mapping[str, int] = field(default_factory=dict)
    stability: float | None = None
    error: str = ""
    applied: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    quiet: bool = False


@dataclass(frozen=True, slots=True)
class ChangeFilter:
    """Which changes of a plan are asked for: of that kind, of at least that gain, from or to that
    story."""

    kind: ChangeKind | None = None
    min_gain: float = 0.0
    story_id: str = ""


@dataclass(frozen=True, slots=True)
class PlannedChange:
    """A change at its 0-based place in a plan; `skipped` where the promote did not make it."""

    place: int
    change: Change
    skipped: Skipped | None = None
