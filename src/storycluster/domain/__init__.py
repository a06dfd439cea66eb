"""What are the nouns of storycluster?

Plain frozen data, without numpy, gRPC or a store, so that the SDK can hand them to anybody.
Times are timezone-aware UTC. Spans are half-open code point offsets into a text as it was received.
"""

from __future__ import annotations

from storycluster.domain.answers import (
    CollectionInfo,
    CollectionSettings,
    Event,
    EventKind,
    IngestFailure,
    IngestReport,
    IngestResult,
    Page,
    ServerInfo,
)
from storycluster.domain.articles import (
    Article,
    Assignment,
    Evidence,
    FurnitureLine,
    Match,
    Provenance,
    Relation,
    RunnerUp,
    SimilarArticle,
    StoredArticle,
    TimePrecision,
)
from storycluster.domain.auditing import AuditEntry, AuditFilter
from storycluster.domain.differences import (
    Aligned,
    Comparison,
    Difference,
    DifferenceType,
    Span,
    WordEdit,
)
from storycluster.domain.editing import (
    Act,
    Constraint,
    ConstraintKind,
    Override,
    OverrideKind,
    Tombstone,
)
from storycluster.domain.embargo import NO_END, PUBLIC, HeldArticle, Rights
from storycluster.domain.promoting import Promotion, Skipped, SkipReason
from storycluster.domain.reclustering import (
    Change,
    ChangeFilter,
    ChangeKind,
    Plan,
    PlannedChange,
    Progress,
    ReclusterJob,
    ReclusterState,
    Window,
)
from storycluster.domain.stories import (
    Canonical,
    Member,
    Story,
    StoryFilter,
    StoryHit,
    StoryState,
    StoryView,
)

DEFAULT_COLLECTION = "default"

__all__ = [
    "DEFAULT_COLLECTION",
    "NO_END",
    "PUBLIC",
    "Act",
    "Aligned",
    "Article",
    "Assignment",
    "AuditEntry",
    "AuditFilter",
    "Canonical",
    "Change",
    "ChangeFilter",
    "ChangeKind",
    "CollectionInfo",
    "CollectionSettings",
    "Comparison",
    "Constraint",
    "ConstraintKind",
    "Difference",
    "DifferenceType",
    "Event",
    "EventKind",
    "Evidence",
    "FurnitureLine",
    "HeldArticle",
    "IngestFailure",
    "IngestReport",
    "IngestResult",
    "Match",
    "Member",
    "Override",
    "OverrideKind",
    "Page",
    "Plan",
    "PlannedChange",
    "Progress",
    "Promotion",
    "Provenance",
    "ReclusterJob",
    "ReclusterState",
    "Relation",
    "Rights",
    "RunnerUp",
    "ServerInfo",
    "SimilarArticle",
    "SkipReason",
    "Skipped",
    "Span",
    "StoredArticle",
    "Story",
    "StoryFilter",
    "StoryHit",
    "StoryState",
    "StoryView",
    "TimePrecision",
    "Tombstone",
    "Window",
    "WordEdit",
]
