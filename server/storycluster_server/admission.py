"""Who may come in?

Every method belongs to one class; a class bounds its calls, so that a flood of one kind leaves
room for the others, and health checks are never refused (the transport's own limit would refuse
them too). A method without a class is refused: a new one must be given its place here.
"""

from __future__ import annotations

import asyncio
import enum
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from storycluster.errors import Overloaded, PermissionDenied, Unavailable

PACKAGE = "/storycluster.v1."


class MethodClass(enum.Enum):
    """What a call costs and whether it is work."""

    INGEST = "ingest"
    STREAM = "stream"
    READ = "read"
    EDIT = "edit"
    WATCH = "watch"
    ADMIN = "admin"
    INFO = "info"


_WORK = (
    MethodClass.INGEST,
    MethodClass.STREAM,
    MethodClass.READ,
    MethodClass.EDIT,
    MethodClass.WATCH,
)

METHOD_CLASSES: Mapping[str, MethodClass] = {
    f"{PACKAGE}{service}/{method}": kind
    for service, method, kind in (
        ("IngestService", "IngestArticle", MethodClass.INGEST),
        ("IngestService", "BatchIngestArticles", MethodClass.INGEST),
        ("IngestService", "MatchArticles", MethodClass.INGEST),
        ("IngestService", "StreamIngestArticles", MethodClass.STREAM),
        ("ArticleService", "GetArticle", MethodClass.READ),
        ("ArticleService", "ListRevisions", MethodClass.READ),
        ("ArticleService", "ExplainAssignment", MethodClass.READ),
        ("ArticleService", "ListHeldArticles", MethodClass.READ),
        ("ArticleService", "ListFurniture", MethodClass.READ),
        ("ArticleService", "FindSimilarArticles", MethodClass.INGEST),
        ("ArticleService", "WithdrawArticle", MethodClass.EDIT),
        ("ArticleService", "ReinstateArticle", MethodClass.EDIT),
        ("ArticleService", "EraseArticle", MethodClass.EDIT),
        ("EditorialService", "MoveArticle", MethodClass.EDIT),
        ("EditorialService", "MergeStories", MethodClass.EDIT),
        ("EditorialService", "SplitStory", MethodClass.EDIT),
        ("EditorialService", "PinCanonical", MethodClass.EDIT),
        ("EditorialService", "UnpinCanonical", MethodClass.EDIT),
        ("EditorialService", "LockStory", MethodClass.EDIT),
        ("EditorialService", "UnlockStory", MethodClass.EDIT),
        ("EditorialService", "AddConstraint", MethodClass.EDIT),
        ("EditorialService", "RemoveConstraint", MethodClass.EDIT),
        ("EditorialService", "UndoOverride", MethodClass.EDIT),
        ("EditorialService", "ListOverrides", MethodClass.READ),
        ("StoryService", "GetStory", MethodClass.READ),
        ("StoryService", "BatchGetStories", MethodClass.READ),
        ("StoryService", "ListStories", MethodClass.READ),
        ("StoryService", "SearchStories", MethodClass.INGEST),
        ("StoryService", "ListStoryArticles", MethodClass.READ),
        ("StoryService", "GetStoryFacts", MethodClass.READ),
        ("DifferenceService", "CompareArticles", MethodClass.READ),
        ("DifferenceService", "CompareToCanonical", MethodClass.READ),
        ("DifferenceService", "ListStaleMembers", MethodClass.READ),
        ("FeedService", "ListEvents", MethodClass.READ),
        ("FeedService", "WatchEvents", MethodClass.WATCH),
        ("ReclusterService", "CreateReclusterJob", MethodClass.EDIT),
        ("ReclusterService", "GetReclusterJob", MethodClass.READ),
        ("ReclusterService", "ListReclusterJobs", MethodClass.READ),
        ("ReclusterService", "WaitReclusterJob", MethodClass.WATCH),
        ("ReclusterService", "CancelReclusterJob", MethodClass.EDIT),
        ("ReclusterService", "PromoteReclusterJob", MethodClass.EDIT),
        ("ReclusterService", "ListReclusterChanges", MethodClass.READ),
        ("AdminService", "GetStats", MethodClass.ADMIN),
        ("AdminService", "ListCollections", MethodClass.ADMIN),
        ("AdminService", "GetCollection", MethodClass.ADMIN),
        ("AdminService", "UpdateCollection", MethodClass.ADMIN),
        ("AdminService", "DeleteCollection", MethodClass.ADMIN),
        ("AdminService", "ListAuditEntries", MethodClass.ADMIN),
        ("AdminService", "ExportCollection", MethodClass.ADMIN),
        ("AdminService", "ImportCollection", MethodClass.ADMIN),
        ("ServerInfoService", "GetServerInfo", MethodClass.INFO),
    )
}


class Admission:
    """Counts calls by class and refuses what is too much, or everything new while draining."""

    def __init__(self, limits: Mapping[MethodClass, int]) -> None:
        self._limits = limits
        self._inside: dict[MethodClass, int] = dict.fromkeys(MethodClass, 0)
        self._idle = asyncio.Event()
        self._idle.set()
        self.draining = asyncio.Event()

    def inside(self, kind: MethodClass) -> int:
        """Calls of that class under way."""
        return self._inside[kind]

    @contextmanager
    def enter(self, method: str) -> Iterator[None]:
        """Hold a place for one call. Raises Unavailable, Overloaded, PermissionDenied."""
        # A check of the caller's token belongs here, before anything is counted.
        kind = METHOD_CLASSES.get(method)
        if kind is None:
            raise PermissionDenied(f"{method} is not open to anybody")
        if self.draining.is_set() and kind in _WORK:
            raise Draining("the server is going down")
        limit = self._limits.get(kind)
        if limit is not None and self._inside[kind] >= limit:
            raise Overloaded(f"{limit} {kind.value} calls are under way", retry_after_s=1.0)
        self._inside[kind] += 1
        self._note_idle()
        try:
            yield
        finally:
            self._inside[kind] -= 1
            self._note_idle()

    def _note_idle(self) -> None:
        """Watches do not count: they wait, and nothing of them has to be finished."""
        if any(number for kind, number in self._inside.items() if kind is not MethodClass.WATCH):
            self._idle.clear()
        else:
            self._idle.set()

    def drain(self) -> None:
        """Refuse new work from now on."""
        self.draining.set()

    async def wait_idle(self, timeout_s: float) -> bool:
        """Wait until no call but watches is under way; whether that came to be in time."""
        try:
            await asyncio.wait_for(self._idle.wait(), timeout_s)
        except TimeoutError:
            return False
        return True


class Draining(Unavailable):
    """The server is going down; another one may be up already."""

    reason = "DRAINING"
    retry_after_s = 1.0
