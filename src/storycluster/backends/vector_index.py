"""Which stored articles lie nearest to a vector?

Exact inner products over FAISS flat indexes, one shard a day of publication and one for articles
without a date, so that a day is dropped whole and a search touches only the days that matter. The
index is a cache: whatever is wrong with a saved one, `load` says None and the owner rebuilds it
from the store.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import faiss
import numpy as np
import numpy.typing as npt

from storycluster.backends.snapshot_files import SnapshotFolder
from storycluster.errors import InvalidInput, NotFound, SchemeMismatch, StoreError
from storycluster.features import Float32

FORMAT = "vectors/1"

# FAISS sums in another order for the last rows of a shard than for the others; what differs by less
# than this counts as a tie to be settled by the exact sum.
_SLACK = 1e-5

Day = date | None

# Searches are short and many; threads of their own would only fight over the cores.
faiss.omp_set_num_threads(1)


class VectorIndex:
    """Unit vectors (d,) float32 under the sequence of their article. Safe from several threads."""

    def __init__(self, dimensions: int, *, encoder_id: str = "") -> None:
        self.dimensions = dimensions
        self.encoder_id = encoder_id
        self._shards: dict[Day, Any] = {}
        self._day_of: dict[int, Day] = {}
        self._files = SnapshotFolder()
        self._lock = threading.RLock()

    def __len__(self) -> int:
        return len(self._day_of)

    def __contains__(self, sequence: int) -> bool:
        return sequence in self._day_of

    def add(self, sequence: int, day: Day, vector: Float32) -> None:
        """Add one vector (d,) to its day's shard; a zero vector has no neighbours and is left out.

        Raises SchemeMismatch for another length, InvalidInput for a value that is not finite and
        StoreError for a sequence that is there already.
        """
        row = self._row(vector)
        if not row.any():
            return
        with self._lock:
            if sequence in self._day_of:
                raise StoreError(f"sequence {sequence} is in the vector index already")
            if day not in self._shards:
                self._shards[day] = faiss.IndexIDMap2(faiss.IndexFlatIP(self.dimensions))
            self._shards[day].add_with_ids(row, np.array([sequence], np.int64))
            self._day_of[sequence] = day
            self._files.forget(_name(day))

    def remove(self, sequence: int) -> bool:
        """Take one vector out; False where there is none."""
        with self._lock:
            if sequence not in self._day_of:
                return False
            day = self._day_of.pop(sequence)
            self._shards[day].remove_ids(np.array([sequence], np.int64))
            if not self._shards[day].ntotal:
                del self._shards[day]
            self._files.forget(_name(day))
            return True

    def drop_day(self, day: Day) -> int:
        """Forget a whole shard; returns how many vectors it held."""
        with self._lock:
            shard = self._shards.pop(day, None)
            if shard is None:
                return 0
            for sequence in _sequences(shard):
                del self._day_of[sequence]
            self._files.forget(_name(day))
            return int(shard.ntotal)

    def vector(self, sequence: int) -> Float32:
        """(d,) as it was added. Raises NotFound."""
        with self._lock:
            if sequence not in self._day_of:
                raise NotFound(resource="vector", name=str(sequence))
            found: Float32 = self._shards[self._day_of[sequence]].reconstruct(sequence)
            return found

    def search(
        self,
        vector: Float32,
        k: int,
        *,
        first_day: date | None = None,
        last_day: date | None = None,
    ) -> list[tuple[int, float]]:
        """The k nearest of the days first..last (both included; None: no bound) and the undated.

        (sequence, similarity), descending similarity (-1..1), equal ones ascending sequence. The
        answer does not depend on the order in which vectors came. Empty for a zero vector.
        """
        row = self._row(vector)
        if k <= 0 or not row.any():
            return []
        with self._lock:
            found = [
                pair
                for day, shard in self._shards.items()
                if _between(day, first_day, last_day)
                for pair in self._nearest(shard, row, k)
            ]
        return sorted(found, key=lambda pair: (-pair[1], pair[0]))[:k]

    def search_all(self, vector: Float32, k: int) -> list[tuple[int, float]]:
        """As `search`, over every day."""
        return self.search(vector, k)

    def save(self, folder: Path, *, stamp: int) -> None:
        """Write a snapshot that holds everything up to sequence `stamp`, whole or not at all.

        Only shards that changed since the last save or load are written. Raises StoreError.
        """
        with self._lock:
            shards = {_name(day): shard for day, shard in self._shards.items()}
            head = {**self._head(), "stamp": stamp}
            try:
                self._files.save(
                    folder, head, {name: _serialised(shard) for name, shard in shards.items()}
                )
            except OSError as error:
                raise StoreError(f"cannot save the vector index: {error}") from error

    @classmethod
    def load(
        cls, folder: Path, *, encoder_id: str, dimensions: int
    ) -> tuple[VectorIndex, int] | None:
        """The saved index and its stamp.

        None where nothing is saved, a byte of it is not what was written, a shard is missing, or it
        was written by another encoder, dimension, format or FAISS version.
        """
        index = cls(dimensions, encoder_id=encoder_id)
        try:
            head, shards = index._files.load(folder, index._head())
            for name, data in shards.items():
                index._take(_day(name), data)
            return index, int(head["stamp"])
        except (OSError, ValueError, LookupError, TypeError, RuntimeError):
            return None

    def _take(self, day: Day, data: bytes) -> None:
        shard = faiss.deserialize_index(np.frombuffer(data, np.uint8))
        if shard.d != self.dimensions:
            raise ValueError(f"a shard holds {shard.d} dimensions")
        self._shards[day] = shard
        self._day_of.update((sequence, day) for sequence in _sequences(shard))

    def _head(self) -> dict[str, Any]:
        """What a snapshot must state to be this index's."""
        return {
            "format": FORMAT,
            "encoder_id": self.encoder_id,
            "dimensions": self.dimensions,
            "faiss": faiss.__version__,
        }

    def _row(self, vector: Float32) -> Float32:
        """(1, d) contiguous float32."""
        row = np.ascontiguousarray(vector, np.float32).reshape(1, -1)
        if row.shape[1] != self.dimensions:
            raise SchemeMismatch(
                name="dimensions", stored=str(self.dimensions), given=str(row.shape[1])
            )
        if not np.isfinite(row).all():
            raise InvalidInput.of("embedding", "holds a value that is not finite")
        return row

    @staticmethod
    def _nearest(shard: Any, row: Float32, k: int) -> list[tuple[int, float]]:
        """At least the k nearest of one shard with exact similarities, ties at the end included."""
        wanted = min(k, shard.ntotal)
        while True:
            rough, ids = shard.search(row, wanted)
            # Whoever ties with the k-th within the slack must be seen before ties are settled.
            if wanted == shard.ntotal or rough[0, -1] < rough[0, min(k, wanted) - 1] - _SLACK:
                break
            wanted = min(2 * wanted, shard.ntotal)
        vectors = shard.reconstruct_batch(ids[0]).astype(np.float64)
        exact = (vectors * row[0].astype(np.float64)).sum(axis=1)
        return list(zip(ids[0].tolist(), exact.tolist(), strict=True))


def _between(day: Day, first: Day, last: Day) -> bool:
    """Whether a shard is to be searched; the undated one always is."""
    return day is None or ((first is None or first <= day) and (last is None or day <= last))


def _sequences(shard: Any) -> Iterator[int]:
    ids: npt.NDArray[np.int64] = faiss.vector_to_array(shard.id_map)
    return iter(ids.tolist())


def _serialised(shard: Any) -> Callable[[], bytes]:
    return lambda: bytes(faiss.serialize_index(shard))


def _name(day: Day) -> str:
    return day.isoformat() if day else "undated"


def _day(name: str) -> Day:
    return None if name == "undated" else date.fromisoformat(name)
