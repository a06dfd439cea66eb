"""Which collections have their index in memory, and where are its vectors kept between runs?"""

from __future__ import annotations

import hashlib
import logging
import shutil
from collections.abc import Mapping
from pathlib import Path

from storycluster.engine.index import CollectionIndex
from storycluster.engine.settled import Settled
from storycluster.errors import StoreError
from storycluster.ports import Store
from storycluster.settings import Settings

_log = logging.getLogger(__name__)


class Indexes:
    """The indexes of a store's collections. The writer's thread alone calls all but `loaded`
    and `names`."""

    def __init__(
        self, store: Store, settings: Settings, *, encoder_id: str, dimensions: int
    ) -> None:
        self._store = store
        self._settings = settings
        self._encoder_id = encoder_id
        self._dimensions = dimensions
        self._loaded: dict[str, CollectionIndex] = {}

    def of(self, collection: str) -> CollectionIndex:
        """The index of a collection, rebuilt from the store at first use."""
        known = self._loaded.get(collection)
        if known is None:
            known = CollectionIndex(self._dimensions, self._settings, encoder_id=self._encoder_id)
            with self._store.read() as reader:
                _, known.chosen = reader.settings(collection)
                known.settled = Settled(reader.promotions(collection))
                known.rebuild(
                    reader.index_rows(collection),
                    reader.constraints(collection),
                    last_sequence=reader.last_sequence(collection),
                    snapshot=self._snapshot(collection),
                )
            if known.entries:  # a question about a collection that is not there leaves no trace
                self._loaded[collection] = known
        return known

    def loaded(self, collection: str) -> CollectionIndex | None:
        """The index of a collection where it is loaded. Any thread may ask."""
        return self._loaded.get(collection)

    def names(self) -> tuple[str, ...]:
        """The collections that are loaded. Any thread may ask."""
        return tuple(sorted(self._loaded.copy()))

    def keep(self, indexes: Mapping[str, CollectionIndex]) -> None:
        """Keep these by collection, also while they are empty: they are about to be written."""
        self._loaded.update(indexes)

    def forget(self, collection: str) -> None:
        """Drop an index that may be ahead of the store; the next use rebuilds it."""
        self._loaded.pop(collection, None)

    def drop_snapshot(self, collection: str) -> None:
        """Delete the vectors kept between runs. Raises StoreError where that fails."""
        folder = self._snapshot(collection)
        if folder is None or not folder.exists():
            return
        try:
            shutil.rmtree(folder)
        except OSError as error:
            raise StoreError(f"the cache {folder} cannot be deleted: {error}") from error

    def save(self) -> None:
        """Write the vectors of all indexes to the store's cache, where it has one."""
        for collection, index in self._loaded.items():
            folder = self._snapshot(collection)
            try:
                if folder is not None and index.entries:
                    index.save(folder)
            except StoreError as error:  # a cache: the next start rebuilds it
                _log.warning("no snapshot of collection %r: %s", collection, error)

    def _snapshot(self, collection: str) -> Path | None:
        """Where the vectors of a collection are kept between runs."""
        folder = self._store.cache_folder
        name = hashlib.blake2b(collection.encode(), digest_size=8).hexdigest()
        return None if folder is None else folder / name
