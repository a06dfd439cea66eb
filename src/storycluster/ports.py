"""What must a store, an encoder, a clock and a planner promise?

The engine knows only these Protocols; `backends` implements them. Every method of a store that
takes a collection sees that collection alone. Only errors from `storycluster.errors` leave a
backend.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Protocol

from storycluster.decision import Model
from storycluster.domain import (
    Assignment,
    AuditEntry,
    CollectionSettings,
    Constraint,
    Event,
    EventKind,
    HeldArticle,
    Member,
    Override,
    Plan,
    Progress,
    Promotion,
    StoredArticle,
    Story,
    TimePrecision,
    Tombstone,
    Window,
)
from storycluster.features import Features, Float32
from storycluster.settings import Settings

NEWEST_OF_BAND = 100
"""Articles looked at under one band key."""

OF_THE_STORE = ""
"""The collection under which a store keeps the audit of what was done to whole collections: no
client's has that name, so that it outlives them."""


class Encoder(Protocol):
    """Text to vector."""

    @property
    def encoder_id(self) -> str:
        """Name and digest of the weights; vectors of two ids are never compared."""

    @property
    def dimensions(self) -> int:
        """d."""

    def encode(self, texts: Sequence[str]) -> Float32:
        """(n, d) float32, unit rows (zero where no token is known), in the order of `texts`.

        The row of a text does not depend on the others. Safe to call from several threads.
        """


class Clock(Protocol):
    """The time of day."""

    def now(self) -> datetime:
        """Aware, UTC."""


@dataclass(frozen=True, slots=True)
class Scheme:
    """What a store was written with. Opening with any other value raises SchemeMismatch by name."""

    encoder_id: str
    dimensions: int
    fingerprint: str
    features: str


@dataclass(frozen=True, slots=True, eq=False)
class IndexRow:
    """One article revision as the in-memory index needs it; `story_id` "": withdrawn."""

    sequence: int
    article_id: str
    revision: int
    digest: str
    story_id: str
    reprint_group: str
    source: str
    publish_time: datetime | None
    publish_precision: TimePrecision
    ingest_time: datetime
    features: Features


class Reader(Protocol):
    """A consistent snapshot of the store. Not shared between threads."""

    def collections(self) -> tuple[str, ...]:
        """Names of the collections that hold an article, ascending."""

    def names(self) -> tuple[str, ...]:
        """Every name under which something is kept, ascending: of a collection that holds settings
        or held articles alone too, and OF_THE_STORE."""

    def last_sequence(self, collection: str) -> int:
        """The sequence of the newest article revision; 0 where there is none."""

    def article(
        self, collection: str, article_id: str, *, revision: int = 0
    ) -> StoredArticle | None:
        """That revision (0: the highest revision number), with its newest assignment; also of a
        withdrawn article, for whoever may see it."""

    def revisions(self, collection: str, article_id: str) -> tuple[StoredArticle, ...]:
        """All revisions, ascending revision number; empty for an unknown id."""

    def digests(self, collection: str, article_id: str) -> Mapping[int, str]:
        """{revision number: content digest}, ascending; empty for an unknown id. Reads no text."""

    def assignments(self, collection: str, article_id: str) -> tuple[Assignment, ...]:
        """Every assignment ever made for any revision, in the order they were made."""

    def history(
        self, collection: str, *, after: int, limit: int
    ) -> tuple[tuple[int, int, Assignment], ...]:
        """(number, sequence of its revision, assignment) of every assignment of the collection, in
        the order they were made; numbers ascend, `after` continues above that one."""

    def added(self, collection: str, sequence: int) -> tuple[StoredArticle, Features] | None:
        """What `add_article` was given under that sequence, with the first assignment; None where
        the article was erased."""

    def tombstones(self, collection: str) -> tuple[Tombstone, ...]:
        """Of every withdrawn and erased article, by id."""

    def stream_positions(self, collection: str) -> Mapping[str, int]:
        """{stream id: last committed batch number}, by id."""

    def marks(self, collection: str) -> Mapping[str, int]:
        """{name: sequence} of every work that goes through the articles, by name."""

    def settings(self, collection: str) -> tuple[int, CollectionSettings]:
        """How often a collection's settings were set, and what they are; 0 and the empty ones for
        a collection that has none."""

    def tombstone(self, collection: str, article_id: str) -> Tombstone | None:
        """What is left of a withdrawn or erased article; None for any other id."""

    def constraints(self, collection: str) -> tuple[Constraint, ...]:
        """All that editors said and that holds, ordered by kind, subject, other."""

    def override(self, collection: str, sequence: int) -> Override | None:
        """What an editor did under that number."""

    def overrides(
        self, collection: str, *, limit: int, before: int | None = None
    ) -> tuple[Override, ...]:
        """What editors did, newest first; `before` continues below that sequence."""

    def promotion(self, collection: str, job_id: str) -> Promotion | None:
        """What the promote of a job did; None where it was not promoted."""

    def promotions(self, collection: str) -> tuple[Promotion, ...]:
        """All of them, ascending job id."""

    def story(self, collection: str, story_id: str) -> Story | None:
        """The story under exactly this id, merged or not."""

    def members(self, collection: str, story_id: str) -> tuple[Member, ...]:
        """Present members, latest revision each, ascending sequence of first arrival.

        `Member.sequence` is that of the first arrival too.
        """

    def stories(
        self,
        collection: str,
        *,
        limit: int,
        before: int | None = None,
        min_article_count: int = 1,
        include_merged: bool = False,
    ) -> tuple[tuple[int, Story], ...]:
        """(number, story), newest created first; `before` continues below that number.

        Story numbers ascend from 1 in each collection in order of creation, so that a page stays
        valid while stories are added.
        """

    def events(self, collection: str, *, after: int, limit: int) -> tuple[Event, ...]:
        """Events with sequence > after, ascending."""

    def audit(self, collection: str, *, after: int, limit: int) -> tuple[AuditEntry, ...]:
        """The same rows, with who made them happen, why, and what they changed."""

    def index_rows(self, collection: str, *, after: int = 0) -> Iterator[IndexRow]:
        """Every revision that was the latest when it arrived, with sequence > after, ascending.

        Replaying them in this order, each in place of the article's earlier one, gives the same
        index as living through them. `story_id` is where the article stands now, "" for a withdrawn
        one, which still counts for the weights of terms.
        """

    def held(self, collection: str, article_id: str = "") -> tuple[HeldArticle, ...]:
        """What is held of a collection, of one article where it is named, ascending number. No
        other method tells anything of it."""

    def held_features(self, collection: str, number: int) -> Features | None:
        """The features of what is held under a number; None where it was withdrawn, or is not."""

    def held_due(self, collection: str, moment: datetime, *, limit: int) -> tuple[HeldArticle, ...]:
        """The first `limit` of what is held of a collection and to be released by then, by time,
        then by number. It reads no others."""

    def due(self, moment: datetime) -> tuple[str, ...]:
        """The collections with something held that is to be released by then, ascending name."""

    def stream_position(self, collection: str, stream_id: str) -> int:
        """The last committed batch number of an ingest stream; 0 for an unknown stream."""

    def mark(self, collection: str, name: str) -> int:
        """How far a work that goes through the articles in order has come: the last sequence it
        has done; 0 for one that never began."""

    def band_hits(self, collection: str, keys: Sequence[int]) -> Mapping[int, int]:
        """{sequence: number of shared bands} of latest revisions that share a band key (uint64).

        Of each key the NEWEST_OF_BAND newest: a text with thousands of copies is found by some.
        """

    def counts(self, collection: str) -> Mapping[str, int]:
        """{"articles", "revisions", "stories" (live), "events"}."""


class Transaction(Reader, Protocol):
    """A write in progress. It reads its own writes; others see nothing of it before it commits."""

    def add_article(
        self,
        collection: str,
        stored: StoredArticle,
        features: Features,
        *,
        band_keys: Sequence[int],
    ) -> None:
        """Add one revision under `stored.sequence`, which must be last_sequence + 1.

        Also records `stored.assignment`. Where `stored.latest`, it becomes the member of its story
        in place of the article's earlier revision, whose bands are then no longer found.
        """

    def add_assignment(self, collection: str, assignment: Assignment) -> None:
        """Supersede the assignment of a known revision and move the member; keeps the old row."""

    def withdraw_article(self, collection: str, tombstone: Tombstone) -> None:
        """Take a live article out of its story: it is no member, none of its bands is found, and it
        is not counted. Its revisions stay. Raises NotFound for an id that is not live."""

    def reinstate_article(self, collection: str, assignment: Assignment) -> None:
        """Drop the tombstone of a withdrawn article and make its latest revision, which
        `assignment` is of, a member again. Raises NotFound for an id that is not withdrawn."""

    def erase_article(self, collection: str, tombstone: Tombstone) -> None:
        """Remove a withdrawn article's revisions, texts, features and assignments; what is left is
        the tombstone, and the sequences, which are not used again. Raises NotFound for an id that
        is not withdrawn."""

    def put_held(
        self, collection: str, held: HeldArticle, features: Features | None = None
    ) -> None:
        """Hold an article under its number, or replace what is held there. Features are kept where
        none are given, and dropped for a withdrawn one."""

    def drop_held(self, collection: str, number: int) -> None:
        """Hold it no longer; what is not there changes nothing."""

    def put_settings(
        self, collection: str, settings: CollectionSettings, *, revision: int | None = None
    ) -> None:
        """Replace a collection's settings; their revision grows by one, or is the one given."""

    def skip_sequences(self, collection: str, last: int) -> None:
        """Let the next article follow that sequence: those between belonged to erased articles."""

    def put_tombstone(self, collection: str, tombstone: Tombstone) -> None:
        """Add what is left of an erased article that this store never held."""

    def drop_collection(self, collection: str) -> None:
        """Remove a collection with everything in it; its name may be used again, from sequence 1.
        One that is not there changes nothing."""

    def add_constraint(self, collection: str, constraint: Constraint) -> None:
        """Remember what an editor said; once more changes nothing."""

    def drop_constraint(self, collection: str, constraint: Constraint) -> None:
        """Forget it; what is not there changes nothing."""

    def put_override(self, collection: str, override: Override) -> None:
        """Add what an editor did, under the next sequence, or replace a known one."""

    def add_promotion(self, collection: str, promotion: Promotion) -> None:
        """Record what the promote of a job does. Raises Conflict for a job that has a record."""

    def put_story(self, collection: str, story: Story) -> None:
        """Insert or replace the story's row. A new id takes the next story number."""

    def add_event(
        self,
        collection: str,
        kind: EventKind,
        *,
        time: datetime,
        story_id: str = "",
        article_id: str = "",
        detail: Mapping[str, str] | None = None,
        actor: str = "",
        reason: str = "",
        before: Mapping[str, str] | None = None,
        after: Mapping[str, str] | None = None,
    ) -> Event:
        """Append to the audit, of which the feed shows the event, under the next event sequence.
        Nothing changes or removes a row but `drop_collection`."""

    def set_stream_position(self, collection: str, stream_id: str, position: int) -> None:
        """Remember that batches up to `position` of this stream are committed."""

    def set_mark(self, collection: str, name: str, sequence: int) -> None:
        """Remember that the work of this name has done every article up to `sequence`."""


class Store(Protocol):
    """The only truth. One writer at a time, any number of readers, which never wait for it."""

    @property
    def cache_folder(self) -> Path | None:
        """Where indexes may keep snapshots; deletable at any time. None: nowhere."""

    def write(self) -> AbstractContextManager[Transaction]:
        """One transaction: durable when the block ends, undone where the block raises.

        Must always be called from the same thread. Raises StoreFull, StoreError; after either,
        nothing of the block is stored.
        """

    def read(self) -> AbstractContextManager[Reader]:
        """A snapshot as of now; callable from any thread."""

    def scrub(self) -> bool:
        """Overwrite what was erased before, in every file that this store writes itself; the caches
        are not among them. On the writer's thread, outside a transaction. False: a reader still
        holds a snapshot of before, or the disk refused; once more helps when it is gone."""

    def close(self) -> None:
        """Give back files and threads. A second call does nothing."""


class Planner(Protocol):
    """Looks again at a collection and proposes changes; it changes nothing."""

    def plan(
        self,
        store: Store,
        collection: str,
        folder: Path,
        *,
        window: Window,
        settings: Settings,
        model: Model,
        encoder_id: str,
        progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
    ) -> Plan:
        """The plan, with what is kept of it in `folder`; called again with the same folder after a
        crash, it goes on. Raises Cancelled soon after `cancelled` is true."""
