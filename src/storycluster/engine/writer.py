"""Who writes, and when is an article acknowledged?

One thread owns the index and the store's write side. It takes whatever waits (`backlog`), places
the articles one after the other, and commits them together (group commit): a caller's future is
resolved only after the commit is durable. Two copies that arrive at the same instant are therefore
decided one after the other, and the second sees the first.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from typing import Any, TypeVar

from storycluster.decision import Model
from storycluster.domain import PUBLIC, IngestResult, Rights
from storycluster.engine.backlog import Backlog, Batch, Call
from storycluster.engine.futures import resolve, running, told
from storycluster.engine.index import CollectionIndex
from storycluster.engine.indexes import Indexes
from storycluster.engine.ingest import Ingest, Outcome
from storycluster.engine.prepare import PrepareAgain, Prepared
from storycluster.engine.releasing import Releases
from storycluster.engine.stories import Stories
from storycluster.errors import (
    ArticleWithdrawn,
    Conflict,
    InvalidInput,
    NotFound,
    PreconditionFailed,
    StoreCorrupt,
    StoreError,
    StoryClusterError,
    Unavailable,
)
from storycluster.learned_furniture import LineCounts
from storycluster.ports import Clock, Store, Transaction
from storycluster.settings import Settings

T = TypeVar("T")

GROUP_LOOKS = 32
"""Second looks committed together at most, when no article arrives: about a third of a second."""

Listener = Callable[[str], None]
"""Is told the name of a collection that a commit changed."""

_REFUSALS = (Conflict, ArticleWithdrawn, NotFound)
_REFUSED_ACTS = (InvalidInput, NotFound, Conflict, PreconditionFailed)

_log = logging.getLogger(__name__)


class Writer:
    """The one thread that places articles and commits them."""

    def __init__(
        self,
        store: Store,
        *,
        model: Model,
        settings: Settings,
        clock: Clock,
        encoder_id: str,
        dimensions: int,
        prepare_again: PrepareAgain,
    ) -> None:
        self._store = store
        self._model = model
        self._settings = settings
        self._settings_digest = settings.digest()
        self._clock = clock
        self._encoder_id = encoder_id
        self._prepare_again = prepare_again
        self._without_looks: set[str] = set()
        self._listeners: tuple[Listener, ...] = ()
        self._indexes = Indexes(store, settings, encoder_id=encoder_id, dimensions=dimensions)
        self._releases = Releases(
            store, self._indexes, clock=clock, ingest=self._ingest, committed=self._committed
        )
        self._queue = Backlog()
        self._gate = threading.Lock()
        self._thread = threading.Thread(target=self._run, name="storycluster-writer", daemon=True)
        self._thread.start()

    def submit(
        self,
        collection: str,
        prepared: Sequence[Prepared | StoryClusterError],
        stream: tuple[str, int] | None,
        *,
        rights: Rights = PUBLIC,
    ) -> Future[list[Outcome]]:
        """Queue articles; the future holds one outcome each, in order, after the durable commit."""
        batch = Batch(collection, prepared, stream, rights, running())
        self._queue.put(batch)
        return batch.future

    def call(
        self, run: Callable[[], Any], *, collection: str = "", articles: int = 1
    ) -> Future[Any]:
        """Queue something that reads an index; it runs between two commits, in the turn of its
        collection, and costs as much of it as that many articles."""
        call = Call(collection, run, running(), articles)
        self._queue.put(call)
        return call.future

    def close(self) -> None:
        """Finish what is queued, then stop. A second call does nothing."""
        self._queue.end()
        if threading.current_thread() is not self._thread:
            self._thread.join()

    def index(self, collection: str) -> CollectionIndex:
        """The index of a collection, rebuilt from the store at first use. Writer's thread only."""
        return self._indexes.of(collection)

    def furniture(self, collection: str) -> LineCounts | None:
        """What is learned of a collection; None where its index is not loaded. Any thread may ask
        it for `learned`, and gets what it was a moment ago."""
        known = self._indexes.loaded(collection)
        return None if known is None else known.furniture

    def collections(self) -> tuple[str, ...]:
        """Names of the collections whose index is loaded. Any thread may ask."""
        return self._indexes.names()

    def listen(self, listener: Listener) -> Callable[[], None]:
        """Call `listener` on the writer's thread after each commit; returns what ends that."""
        with self._gate:
            self._listeners = (*self._listeners, listener)

        def end() -> None:
            with self._gate:
                self._listeners = tuple(one for one in self._listeners if one is not listener)

        return end

    def _committed(self, collection: str) -> None:
        for listener in self._listeners:
            try:
                listener(collection)
            except Exception:
                _log.exception("a listener failed")

    def note(self, write: Callable[[Transaction], None]) -> Future[None]:
        """Write something that no index holds, in a transaction of its own."""

        def run() -> None:
            with self._store.write() as transaction:
                write(transaction)

        return self.call(run)

    def edit(
        self,
        collection: str,
        act: Callable[[Stories], T],
        *,
        erases: bool = False,
        renews: bool = False,
    ) -> Future[T]:
        """Do something an editor asks for in one transaction, between two groups of articles.

        `act` refuses before its first change. With one that `erases` or `renews` the index is made
        anew; with one that erases the answer comes when no file holds the bytes.
        """
        return self.call(
            lambda: self._edit(collection, act, erases=erases, renews=renews), collection=collection
        )

    def _edit(
        self, collection: str, act: Callable[[Stories], T], *, erases: bool, renews: bool
    ) -> T:
        self._releases.some()
        index = self._indexes.of(collection)
        if erases:  # before the commit: a crash must not leave the vectors behind
            self._indexes.drop_snapshot(collection)
        try:
            with self._store.write() as transaction:
                done = act(self._ingest(collection, transaction, index).stories())
        except _REFUSED_ACTS:
            raise
        except Exception:  # whatever failed, the index may be ahead of the store
            self._indexes.forget(collection)
            raise
        self._committed(collection)
        if erases or renews:
            self._indexes.forget(collection)
        if erases:
            self._scrub()
        return done

    def scrub(self) -> Future[None]:
        """See to it that no file holds what was erased before; Unavailable where a reader does."""
        return self.call(self._scrub)

    def _scrub(self) -> None:
        if not self._store.scrub():
            raise Unavailable("it is gone, but a reader still holds the old pages: ask again")

    def repair(self, collection: str, *, limit: int) -> Future[int]:
        """Do the second looks that are due, at most `limit`, in one commit; how many it did."""
        return self.call(
            lambda: self._repair(collection, limit), collection=collection, articles=limit
        )

    def _repair(self, collection: str, limit: int) -> int:
        index = self._indexes.of(collection)
        if not index.entries:
            return 0
        try:
            with self._store.write() as transaction:
                looked = self._ingest(collection, transaction, index).repair(limit=limit)
        except Exception:  # whatever failed, the index may be ahead of the store
            self._indexes.forget(collection)
            raise
        if looked:
            self._committed(collection)
        return looked

    # -- the thread -----------------------------------------------------------------------------

    def _run(self) -> None:
        while (work := self._queue.take()) is not None:
            if isinstance(work, Call):
                resolve(work.future, work.run)
            else:
                self._releases.some()
                self._commit(work)
        self._indexes.save()

    def release(self, collection: str, *, limit: int) -> Future[int]:
        """Release what is due, at most `limit`; how many articles that were."""
        return self.call(
            lambda: self._releases.of(collection, limit=limit),
            collection=collection,
            articles=limit,
        )

    def _commit(self, group: list[Batch]) -> None:
        """One transaction for the group; where it fails, each caller gets the error and the indexes
        are forgotten, to be rebuilt from what the store really holds."""
        outcomes: list[list[Outcome]] = []
        try:
            indexes = {one.collection: self._indexes.of(one.collection) for one in group}
            self._indexes.keep(indexes)
            with self._store.write() as transaction:
                for batch in group:
                    outcomes.append(
                        self._place_batch(batch, transaction, indexes[batch.collection])
                    )
        except Exception as error:  # whatever failed, the group is undone
            for batch in group:
                self._indexes.forget(batch.collection)
            self._recover(group, error)
            return
        changed: dict[str, None] = {}
        for batch, outcome in zip(group, outcomes, strict=True):
            batch.future.set_result(outcome)
            if not all(map(_is_held, outcome)):  # nobody hears that something was held
                changed[batch.collection] = None
        for collection in changed:
            self._committed(collection)

    def _recover(self, group: list[Batch], error: Exception) -> None:
        """Tell the callers of an undone group; one article's fault must not fail the others."""
        if isinstance(error, StoreError) and not isinstance(error, StoreCorrupt):
            for batch in group:  # the store takes no writes: each alone would fail as well
                batch.future.set_exception(error)
        elif len(group) > 1:
            for batch in group:
                self._commit([batch])
        elif len(group[0].prepared) > 1:
            self._commit_singly(group[0])
        elif group[0].collection not in self._without_looks:
            self._commit_without_looks(group[0], error)
        else:
            group[0].future.set_result([told(error)])

    def _commit_without_looks(self, batch: Batch, error: Exception) -> None:
        """A second look at another article must not keep out this one: try without. Where that was
        it, none is made in the collection until the next start, or it would fail each arrival."""
        self._without_looks.add(batch.collection)
        self._commit([batch])
        if batch.future.exception() or isinstance(batch.future.result()[0], StoryClusterError):
            self._without_looks.discard(batch.collection)
        else:
            why = told(error).message
            _log.error("no more second looks in collection %r: %s", batch.collection, why)

    def _commit_singly(self, batch: Batch) -> None:
        """Each article of the batch in a transaction of its own; the stream's position with the
        last."""
        outcomes: list[Outcome] = []
        for place, one in enumerate(batch.prepared, start=1):
            last = place == len(batch.prepared)
            stream = batch.stream if last else None
            single = Batch(batch.collection, [one], stream, batch.rights, running())
            self._commit([single])
            try:
                outcomes += single.future.result()
            except StoryClusterError as error:
                batch.future.set_exception(error)
                return
        batch.future.set_result(outcomes)

    def _place_batch(
        self, batch: Batch, transaction: Transaction, index: CollectionIndex
    ) -> list[Outcome]:
        ingest = self._ingest(batch.collection, transaction, index)
        outcomes: list[Outcome] = []
        for one in batch.prepared:
            if isinstance(one, StoryClusterError):
                outcomes.append(one)
                continue
            try:
                outcomes.append(ingest.add(one, batch.rights))
            except _REFUSALS as refusal:  # raised before anything is written
                outcomes.append(refusal)
        if batch.stream is not None:
            transaction.set_stream_position(batch.collection, *batch.stream)
        return outcomes

    def _ingest(self, collection: str, transaction: Transaction, index: CollectionIndex) -> Ingest:
        looks = 0 if collection in self._without_looks else self._settings.repair.per_article
        return Ingest(
            collection=collection,
            transaction=transaction,
            index=index,
            model=self._model,
            settings=self._settings,
            clock=self._clock,
            encoder_id=self._encoder_id,
            settings_digest=self._settings_digest,
            prepare_again=self._prepare_again,
            looks=looks,
        )


def _is_held(outcome: Outcome) -> bool:
    return isinstance(outcome, IngestResult) and outcome.held_until is not None
