"""Who may come in?

Every method belongs to one class; a class bounds its calls, so that a flood of one kind leaves
room for the others, a flood of one collection leaves some for others, and health checks are never
refused (the transport's own limit would refuse them too). A method without a class is refused: a
new one must be given its place here.
"""

from __future__ import annotations

import asyncio
import enum
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from storycluster.errors import Overloaded, PermissionDenied, Unavailable
from storycluster_server.sharing import Shares

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


SHARED = frozenset({MethodClass.INGEST, MethodClass.STREAM})
"""Classes of which one collection may not have every place: whoever writes much has many calls
under way. The others are reads and the acts of people."""


class Place:
    """The place of one call under way."""

    def __init__(self, inside: Shares, kind: MethodClass, collection: str) -> None:
        self._inside = inside
        self._kind = kind
        self._collection = collection
        self._claim(collection)

    def belongs_to(self, collection: str) -> None:
        """The call turned out to be for that collection. Raises Overloaded."""
        self.leave()
        try:
            self._claim(collection)
        except Overloaded:
            self._inside.add(self._collection, 1)
            raise
        self._collection = collection

    def leave(self) -> None:
        """The call is over."""
        self._inside.remove(self._collection, 1)

    def _claim(self, collection: str) -> None:
        inside = self._inside
        if not (inside.may_hold(collection, 1) if collection else inside.has_room(1)):
            mine = f"{self._inside.held(collection)} of {collection!r} and " if collection else ""
            raise Overloaded(
                f"{mine}{self._inside.total} {self._kind.value} calls in all are under way",
                retry_after_s=1.0,
            )
        self._inside.add(collection, 1)


class Admission:
    """Counts calls by class and refuses what is too much, or everything new while draining.

    Of the classes in SHARED one collection has at most `share` of the places, and less where
    others have many (`sharing`).
    """

    def __init__(self, limits: Mapping[MethodClass, int], *, share: float = 1.0) -> None:
        self._inside = {
            kind: Shares(limits.get(kind, sys.maxsize), share=share if kind in SHARED else 1.0)
            for kind in MethodClass
        }
        self._idle = asyncio.Event()
        self._idle.set()
        self.draining = asyncio.Event()

    def inside(self, kind: MethodClass) -> int:
        """Calls of that class under way."""
        return self._inside[kind].total

    @contextmanager
    def enter(self, method: str, collection: str = "") -> Iterator[Place]:
        """Hold a place for one call; "" where its collection is not known yet. Raises Unavailable,
        Overloaded, PermissionDenied."""
        # A check of the caller's token belongs here, before anything is counted.
        kind = METHOD_CLASSES.get(method)
        if kind is None:
            raise PermissionDenied(f"{method} is not open to anybody")
        if self.draining.is_set() and kind in _WORK:
            raise Draining("the server is going down")
        place = Place(self._inside[kind], kind, collection)
        self._note_idle()
        try:
            yield place
        finally:
            place.leave()
            self._note_idle()

    def _note_idle(self) -> None:
        """Watches do not count: they wait, and nothing of them has to be finished."""
        if any(one.total for kind, one in self._inside.items() if kind is not MethodClass.WATCH):
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
