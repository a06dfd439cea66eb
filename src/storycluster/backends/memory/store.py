"""How does one process serve one writer and any number of readers without a disk?"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager

from storycluster.backends.memory.cells import Shelf
from storycluster.backends.memory.reading import MemoryReader
from storycluster.backends.memory.writing import MemoryTransaction
from storycluster.errors import StoreError
from storycluster.ports import Scheme


class MemoryStore:
    """Implements ports.Store in this process; everything is gone when it is closed."""

    def __init__(self, scheme: Scheme) -> None:
        self._shelf = Shelf(scheme)
        self._version = 0
        self._live: Counter[int] = Counter()
        self._lock = threading.Lock()
        self._writing = threading.Lock()
        self._closed = False

    @property
    def cache_folder(self) -> None:
        """See ports.Store."""
        return None

    @contextmanager
    def write(self) -> Iterator[MemoryTransaction]:
        """See ports.Store. A second write at the same time raises StoreError."""
        if not self._writing.acquire(blocking=False):
            raise StoreError("another write is in progress")
        try:
            with self._lock:
                self._check_usable()
                oldest = min([*self._live, self._version])
            transaction = MemoryTransaction(self._shelf, self._version + 1, oldest=oldest)
            try:
                yield transaction
            except BaseException:
                transaction.undo()
                raise
            finally:
                transaction.end()
            with self._lock:
                self._version += 1
        finally:
            self._writing.release()

    @contextmanager
    def read(self) -> Iterator[MemoryReader]:
        """See ports.Store."""
        with self._lock:
            self._check_usable()
            version = self._version
            self._live[version] += 1
        reader = MemoryReader(self._shelf, version)
        try:
            yield reader
        finally:
            reader.end()
            with self._lock:
                self._live[version] -= 1
                if not self._live[version]:
                    del self._live[version]

    def scrub(self) -> bool:
        """See ports.Store. Nothing is on a disk."""
        return True

    def close(self) -> None:
        """See ports.Store. Waits for a write in progress, not for readers."""
        with self._writing, self._lock:
            self._closed = True

    def _check_usable(self) -> None:
        if self._closed:
            raise StoreError("the store is closed")
