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
from storycluster.domain.reclustering import Change, ChangeKind
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
    "Act",
    "Aligned",
    "Article",
    "Assignment",
    "Canonical",
    "Change",
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
    "IngestFailure",
    "IngestReport",
    "IngestResult",
    "Match",
    "Member",
    "Override",
    "OverrideKind",
    "Page",
    "Provenance",
    "Relation",
    "RunnerUp",
    "ServerInfo",
    "SimilarArticle",
    "Span",
    "StoredArticle",
    "Story",
    "StoryFilter",
    "StoryHit",
    "StoryState",
    "StoryView",
    "TimePrecision",
    "Tombstone",
    "WordEdit",
]
