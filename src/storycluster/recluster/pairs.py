"""What is measured of many pairs of articles?

The same numbers as `measures.compare` of an article and a story that is another article alone, for
all pairs of a window at once.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

from storycluster.clustering import Float64, Int64
from storycluster.measures import (
    CHANNELS,
    CONDITIONS,
    DISTANT_DAYS,
    Compared,
    Profile,
    is_strange,
    times_of_one,
)
from storycluster.weighting import VIEWS, sparse_rows

_BLOCK = 8_192
_HELD = [
    tuple(name for bit, name in enumerate(CONDITIONS) if code >> bit & 1)
    for code in range(1 << len(CONDITIONS))
]
"""Conditions that hold, by a number with one bit for each."""


class Measuring:
    """The articles of one window; `cosines` are known of the pairs that were asked for."""

    def __init__(self, profiles: Sequence[Profile]) -> None:
        self._count = len(profiles)
        self._views = {
            view: sparse_rows([one.views[view] for one in profiles], np.float32) for view in VIEWS
        }
        self._embeddings = np.stack([one.embedding for one in profiles])
        lengths = [np.sqrt(_squares(rows)) for rows in self._views.values()]
        lengths.append(np.linalg.norm(self._embeddings, axis=1).astype(np.float64))
        self._lengths = np.stack(lengths, axis=1)  # (n, channels)
        days = [np.nan if one.day is None else one.day for one in profiles]
        self._days = np.array(days, dtype=np.float64)
        self._brief = np.array([one.brief for one in profiles], dtype=bool)
        self._titled = np.array([one.titled for one in profiles], dtype=bool)
        languages = [one.language for one in profiles]
        named, self._language = np.unique(languages, return_inverse=True)
        self._spoken = (named != "")[self._language]
        self._pairs: Int64 = np.zeros(0, dtype=np.int64)
        self._cosines: Float64 = np.zeros((0, len(CHANNELS)))

    def learn(self, candidates: Sequence[Int64]) -> None:
        """Measure each article and its candidates, where that is not done."""
        owner = np.repeat(np.arange(self._count), [len(one) for one in candidates])
        wanted = np.unique(self._numbered(owner, np.concatenate(candidates)))
        new = np.setdiff1d(wanted, self._pairs, assume_unique=True)
        blocks = [new[at : at + _BLOCK] for at in range(0, len(new), _BLOCK)]
        found = [self._measured(*np.divmod(block, self._count)) for block in blocks]
        pairs = np.concatenate([self._pairs, new])
        order = np.argsort(pairs, kind="stable")
        self._pairs = pairs[order]
        self._cosines = np.concatenate([self._cosines, *found])[order]

    def compared(self, number: int, others: Int64) -> Compared:
        """One article against at least one other, of pairs that were learned."""
        places = np.searchsorted(self._pairs, self._numbered(number, others))
        cosines = self._cosines[places]
        near, lengths = np.sqrt(cosines), self._lengths[others]
        center = np.minimum(cosines / np.where(lengths > 0.0, lengths, np.inf), 1.0)
        gaps = self._days[number] - self._days[others]
        return Compared(
            conditions=[_HELD[code] for code in self._conditions(number, others, gaps).tolist()],
            found=np.stack([near, near, center], axis=2),
            times=times_of_one(gaps),
            strange=is_strange(near),
        )

    def _numbered(self, one: Int64 | int, others: Int64) -> Int64:
        """A number for each pair, the same in both directions."""
        low, high = np.minimum(one, others), np.maximum(one, others)
        return np.asarray(low * self._count + high, dtype=np.int64)

    def _measured(self, one: Int64, other: Int64) -> Float64:
        """(m, channels) cosines, the negative ones 0."""
        found = np.empty((len(one), len(CHANNELS)))
        for channel, view in enumerate(VIEWS):
            rows = self._views[view]
            shared = rows[one].multiply(rows[other]).tocsr().astype(np.float64)
            found[:, channel] = np.asarray(shared.sum(axis=1)).ravel()
        found[:, -1] = (self._embeddings[one] * self._embeddings[other]).sum(axis=1)
        return np.maximum(found, 0.0)

    def _conditions(self, number: int, others: Int64, gaps: Float64) -> Int64:
        """(k,) which CONDITIONS hold, one bit for each."""
        spoken = self._spoken[number] & self._spoken[others]
        held = {
            "brief": self._brief[number] | self._brief[others],
            "undated": np.isnan(gaps),
            "untitled": np.full(len(others), not self._titled[number]),
            "distant": np.abs(gaps) > DISTANT_DAYS,  # never where a day is unknown
            "foreign": spoken & (self._language[number] != self._language[others]),
        }
        codes = [held[name].astype(np.int64) << bit for bit, name in enumerate(CONDITIONS)]
        return np.asarray(np.sum(codes, axis=0), dtype=np.int64)


def _squares(rows: csr_matrix) -> Float64:
    return np.asarray(rows.multiply(rows).sum(axis=1), dtype=np.float64).ravel()
