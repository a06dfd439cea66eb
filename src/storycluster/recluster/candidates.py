"""Which articles of a window are worth comparing with each other?

Those that online placing would find, by the same limits: what shares most term weight, within the
lookback and a few beyond, and what lies nearest by embedding. For a whole window at once, by
products of matrices.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from storycluster.clustering import Int64
from storycluster.measures import Profile
from storycluster.settings import CandidateSettings
from storycluster.weighting import SparseVector, heaviest, sparse_rows

_BLOCK = 256
_DIGITS = 6
"""What differs by less is a tie, which the earlier arrival wins: summation order cannot decide."""


class Nearest:
    """n articles of a window; `order` (n,) is that of their arrival, the places in the window are
    those of postings: the last of a term are its newest."""

    def __init__(
        self, profiles: Sequence[Profile], order: Int64, settings: CandidateSettings
    ) -> None:
        self._order = order
        self._settings = settings
        days = [np.nan if one.day is None else one.day for one in profiles]
        self._days = np.array(days, dtype=np.float64)
        self._strong = sparse_rows([_strongest(one, settings.index_terms) for one in profiles])
        self._posted = _newest(self._strong, settings.max_postings)
        self._vectors = np.stack([one.embedding for one in profiles])
        self._embedded = np.asarray(self._vectors.any(axis=1), dtype=bool)
        self._whole_days = np.floor(self._days)

    def __iter__(self) -> Iterator[Int64]:
        """Of each article the places of those that are near, itself left out, ascending."""
        for first in range(0, len(self._days), _BLOCK):
            block = np.arange(first, min(first + _BLOCK, len(self._days)))
            by_terms, by_meaning = self._by_terms(block), self._by_meaning(block)
            for number, one, other in zip(block.tolist(), by_terms, by_meaning, strict=True):
                found = np.unique(np.concatenate([one, other]))
                yield found[found != number]

    def _by_terms(self, block: Int64) -> Iterator[Int64]:
        """Those in reach that share most weight, then a few that are not in reach."""
        shared = (self._strong[block] @ self._posted).tocsr()
        limits = self._settings
        for row, number in enumerate(block.tolist()):
            inside = slice(*shared.indptr[row : row + 2])
            places = shared.indices[inside].astype(np.int64)
            values = np.round(shared.data[inside], _DIGITS)
            beyond = np.abs(self._days[places] - self._days[number]) > limits.lookback_days
            near = self._most(places[~beyond], values[~beyond], limits.sparse)
            far = self._most(places[beyond], values[beyond], limits.distant)
            yield np.concatenate([near, far])

    def _by_meaning(self, block: Int64) -> Iterator[Int64]:
        """Those of the days in reach, and the undated, whose embeddings are nearest."""
        alike = np.round(self._vectors[block] @ self._vectors.T, _DIGITS)
        known, days = self._embedded, self._whole_days
        reach = int(self._settings.lookback_days) + 1
        for row, number in zip(alike, block.tolist(), strict=True):
            if not known[number]:
                yield np.zeros(0, dtype=np.int64)
                continue
            places = np.flatnonzero(known & ~(np.abs(days - days[number]) > reach))
            yield self._most(places, row[places], self._settings.dense)

    def _most(self, places: Int64, values: npt.NDArray[np.floating], count: int) -> Int64:
        """The `count` places of the greatest values."""
        if len(places) <= count:
            return places
        least = np.partition(values, -count)[-count]
        places, values = places[values >= least], values[values >= least]
        return places[np.lexsort((self._order[places], -values))[:count]]


def _strongest(one: Profile, limit: int) -> SparseVector:
    """The heaviest terms of a text; ties go to the lower bucket."""
    body = one.views["body"]
    if len(body) <= limit:
        return body
    kept = np.sort(heaviest(body, limit))
    return SparseVector(body.buckets[kept], body.weights[kept])


def _newest(rows: csr_matrix, most: int) -> csr_matrix:
    """(terms, n) the last `most` rows of each term."""
    posted = rows.T.tocsr()
    posted.sort_indices()
    length = np.diff(posted.indptr)
    from_end = np.repeat(posted.indptr[1:], length) - np.arange(posted.nnz)  # 1 for the newest
    kept = from_end <= most
    ends = np.concatenate([[0], np.cumsum(np.minimum(length, most))])
    return csr_matrix((posted.data[kept], posted.indices[kept], ends), shape=posted.shape)
