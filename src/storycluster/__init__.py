"""Near-duplicate news story clustering: the client, the nouns and the errors.

    from storycluster import Article, Client

    with Client("127.0.0.1:7443") as client:
        result = client.ingest_article(Article("a-1", title="Mill burns", text="A mill ..."))

Every name is loaded when it is first used, so that a part of the package that needs only another
part does not load gRPC with it.
"""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from storycluster.client import (
        AsyncClient,
        AsyncListing,
        AsyncWatch,
        Client,
        Edit,
        Listing,
        RetryPolicy,
        TLSConfig,
        Watch,
    )
    from storycluster.domain import (
        Act,
        Aligned,
        Article,
        Assignment,
        Canonical,
        Change,
        ChangeKind,
        CollectionInfo,
        CollectionSettings,
        Comparison,
        Constraint,
        ConstraintKind,
        Difference,
        DifferenceType,
        Event,
        EventKind,
        Evidence,
        FurnitureLine,
        IngestFailure,
        IngestReport,
        IngestResult,
        Match,
        Member,
        Override,
        OverrideKind,
        Page,
        Provenance,
        Relation,
        RunnerUp,
        ServerInfo,
        SimilarArticle,
        Span,
        StoredArticle,
        Story,
        StoryFilter,
        StoryHit,
        StoryState,
        StoryView,
        TimePrecision,
        Tombstone,
        WordEdit,
    )
    from storycluster.errors import (
        ArticleWithdrawn,
        Cancelled,
        Conflict,
        DeadlineExceeded,
        EncoderUnavailable,
        FieldViolation,
        IngestError,
        InternalError,
        InvalidInput,
        MissingExtra,
        NotFound,
        Overloaded,
        PermissionDenied,
        PreconditionFailed,
        SchemeMismatch,
        StoreCorrupt,
        StoreError,
        StoreFull,
        StoryChanged,
        StoryClusterError,
        TooLarge,
        Unauthenticated,
        Unavailable,
    )
    from storycluster.grid import (
        Advisory,
        CopyChanges,
        Fact,
        FactCell,
        FactKind,
        FirstStated,
        ReprintGroup,
        StoryFacts,
    )

    __version__: str

__all__ = [
    "Act",
    "Advisory",
    "Aligned",
    "Article",
    "ArticleWithdrawn",
    "Assignment",
    "AsyncClient",
    "AsyncListing",
    "AsyncWatch",
    "Cancelled",
    "Canonical",
    "Change",
    "ChangeKind",
    "Client",
    "CollectionInfo",
    "CollectionSettings",
    "Comparison",
    "Conflict",
    "Constraint",
    "ConstraintKind",
    "CopyChanges",
    "DeadlineExceeded",
    "Difference",
    "DifferenceType",
    "Edit",
    "EncoderUnavailable",
    "Event",
    "EventKind",
    "Evidence",
    "Fact",
    "FactCell",
    "FactKind",
    "FieldViolation",
    "FirstStated",
    "FurnitureLine",
    "IngestError",
    "IngestFailure",
    "IngestReport",
    "IngestResult",
    "InternalError",
    "InvalidInput",
    "Listing",
    "Match",
    "Member",
    "MissingExtra",
    "NotFound",
    "Overloaded",
    "Override",
    "OverrideKind",
    "Page",
    "PermissionDenied",
    "PreconditionFailed",
    "Provenance",
    "Relation",
    "ReprintGroup",
    "RetryPolicy",
    "RunnerUp",
    "SchemeMismatch",
    "ServerInfo",
    "SimilarArticle",
    "Span",
    "StoreCorrupt",
    "StoreError",
    "StoreFull",
    "StoredArticle",
    "Story",
    "StoryChanged",
    "StoryClusterError",
    "StoryFacts",
    "StoryFilter",
    "StoryHit",
    "StoryState",
    "StoryView",
    "TLSConfig",
    "TimePrecision",
    "Tombstone",
    "TooLarge",
    "Unauthenticated",
    "Unavailable",
    "Watch",
    "WordEdit",
    "__version__",
]


def __getattr__(name: str) -> Any:
    """The public name, loaded now and kept."""
    if name == "__version__":
        value: Any = _version()
    elif name in __all__:
        value = _find(name)
    else:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _find(name: str) -> Any:
    for room in ("domain", "grid", "errors", "client"):  # the client last: it loads gRPC
        module = importlib.import_module(f"{__name__}.{room}")
        if hasattr(module, name):
            return getattr(module, name)
    raise AttributeError(f"{__name__}.{name} is announced and nowhere defined")


def _version() -> str:
    from importlib import metadata  # 20 ms, for whoever asks

    try:
        return metadata.version("storycluster")
    except metadata.PackageNotFoundError:  # a source tree that was not installed
        return "0+unknown"
