"""Whose minute has come?

There is no timer in the engine: whatever is written first releases some of what is due, and the
server asks for the rest.
"""

from __future__ import annotations

import dataclasses
import logging
from collections.abc import Callable

from storycluster.domain import NO_END, HeldArticle
from storycluster.engine.futures import told
from storycluster.engine.index import CollectionIndex
from storycluster.engine.indexes import Indexes
from storycluster.engine.ingest import Ingest
from storycluster.errors import StoreError
from storycluster.ports import Clock, Store, Transaction

GROUP_RELEASES = 32
"""Articles released before a group of arrivals at most: about a third of a second."""

_log = logging.getLogger(__name__)


class Releases:
    """Releases what is due. On the writer's thread alone."""

    def __init__(
        self,
        store: Store,
        indexes: Indexes,
        *,
        clock: Clock,
        ingest: Callable[[str, Transaction, CollectionIndex], Ingest],
        committed: Callable[[str], None],
    ) -> None:
        self._store = store
        self._indexes = indexes
        self._clock = clock
        self._ingest = ingest
        self._committed = committed

    def some(self) -> None:
        """Release some of what is due, in every collection. Whatever fails is told in the log: it
        must hold up neither the other collections nor what is about to be written."""
        try:
            collections = self._with_something_due()
        except Exception as error:
            _log.error("nothing is released: %s", told(error).message)
            return
        for collection in collections:
            try:
                self.of(collection, limit=GROUP_RELEASES)
            except Exception as error:
                self._indexes.forget(collection)
                _log.error("nothing is released in %r: %s", collection, told(error).message)

    def _with_something_due(self) -> tuple[str, ...]:
        with self._store.read() as reader:
            if not reader.due(NO_END):  # seldom is anything held at all
                return ()
            return reader.due(self._clock.now())

    def of(self, collection: str, *, limit: int) -> int:
        """Release what is due in a collection, in order of time, at most `limit`; how many that
        were. What cannot be released is held with the reason."""
        now = self._clock.now()
        with self._store.read() as reader:
            due = reader.held_due(collection, now, limit=limit)
        for one in due:
            try:
                self._release(collection, one)
            except StoreError as error:  # it is still held, and asked for again
                self._indexes.forget(collection)
                _log.error("nothing is released in %r: %s", collection, error.message)
                return 0
            except Exception as error:  # whatever failed, it must not hold up the others
                self._indexes.forget(collection)
                self._stop(collection, one, told(error).message)
            self._committed(collection)
        return len(due)

    def _release(self, collection: str, one: HeldArticle) -> None:
        """In a transaction of its own."""
        index = self._indexes.of(collection)
        self._indexes.keep({collection: index})
        with self._store.write() as transaction:
            known = transaction.held(collection, one.article.article_id)
            for still in known:  # another one, released before it, may have overtaken it
                if still.number == one.number and still.waiting:
                    ingest = self._ingest(collection, transaction, index)
                    # a second look that fails must not stop it: the next arrival makes them
                    dataclasses.replace(ingest, looks=0).release(still)

    def _stop(self, collection: str, one: HeldArticle, reason: str) -> None:
        with self._store.write() as transaction:
            transaction.put_held(collection, dataclasses.replace(one, stopped=reason))
