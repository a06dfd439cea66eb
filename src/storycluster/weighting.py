"""How much does each term of an article count?

TF-IDF with document frequencies that are counted while articles arrive. The shipped prior (counts
from older news, `data/prior_frequencies.npz`, made by tools/derive_frequencies.py) stands in for
the first few hundred articles of a new collection. N is counted for each language, since a term's
frequency means something only among texts that could have used it.

Terms are kept as buckets, the upper 20 bits of their hash: a dense array of 2**20 weights then
gives a dot product in one gather.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from importlib import resources

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix

from storycluster.features import Features, Float32, Terms, term_id

BUCKETS = 1 << 20
_SHIFT = 32 - 20
_PRIOR_ARTICLES = 500.0  # the prior weighs as much as this many articles of a language
VIEWS = ("title", "lead", "body", "names", "chars", "numbers")
_SHARED = {"title": "body", "lead": "body"}  # words share one table; other views have their own
TABLES = tuple(view for view in VIEWS if view not in _SHARED)

Buckets = npt.NDArray[np.int32]


@dataclass(frozen=True, slots=True, eq=False)
class SparseVector:
    """`buckets` (t,) int32 ascending, `weights` (t,) float32 of unit length (or empty)."""

    buckets: Buckets
    weights: Float32

    def __len__(self) -> int:
        return len(self.buckets)


def heaviest(vector: SparseVector, limit: int) -> npt.NDArray[np.int64]:
    """(at most `limit`,) places of the heaviest terms, by weight; ties go to the lower bucket."""
    return np.lexsort((vector.buckets, -vector.weights))[:limit]


def sparse_rows(vectors: Sequence[SparseVector], dtype: npt.DTypeLike = np.float64) -> csr_matrix:
    """(n, buckets that occur) one row for each of at least one vector."""
    used, columns = np.unique(np.concatenate([one.buckets for one in vectors]), return_inverse=True)
    weights = np.concatenate([one.weights for one in vectors]).astype(dtype)
    ends = np.cumsum([0, *(len(one) for one in vectors)])
    return csr_matrix((weights, columns, ends), shape=(len(vectors), len(used)))


def merge_buckets(terms: Terms) -> tuple[Buckets, Float32]:
    """Ascending buckets of `terms` with the summed counts of those that share one."""
    buckets = (terms.ids >> np.uint32(_SHIFT)).astype(np.int32)
    if len(buckets) < 2 or (np.diff(buckets) > 0).all():
        return buckets, terms.counts
    kept, places = np.unique(buckets, return_inverse=True)
    return kept, np.bincount(places, weights=terms.counts).astype(np.float32)


def prior_share(term: str) -> float:
    """The share of older articles, 0..1, that hold a word; 0 for one they did not know."""
    return float(_prior()["body"][term_id(term) >> _SHIFT])


@cache
def _prior() -> Mapping[str, npt.NDArray[np.float32]]:
    """{table: (2**20,) share of the articles of its language that hold the bucket}, 0..1."""
    path = resources.files("storycluster") / "data" / "prior_frequencies.npz"
    tables: dict[str, npt.NDArray[np.float32]] = {}
    with resources.as_file(path) as file, np.load(file) as stored:
        for name in TABLES:
            table = np.zeros(BUCKETS, dtype=np.float32)
            if f"{name}_buckets" in stored:
                table[stored[f"{name}_buckets"]] = stored[f"{name}_shares"].astype(np.float32)
            tables[name] = table
    return tables


@dataclass(slots=True)
class DocumentFrequencies:
    """Counts of one collection: articles by language, and by table how many hold a bucket.

    `version` is the day (since 1970) of the newest article counted. On each new day all counts are
    multiplied by exp(-days / `decay_days`), so that the words of this month's news count as common
    and last year's become rare again.
    """

    decay_days: float
    version: int = 0
    articles: dict[str, float] = field(default_factory=dict)
    tables: dict[str, Float32] = field(
        default_factory=lambda: {name: np.zeros(BUCKETS, dtype=np.float32) for name in TABLES}
    )

    def count(self, features: Features, language: str, day: int) -> None:
        """Count one more article, which arrived on that day."""
        if day > self.version:
            self._age(day - self.version)
            self.version = day
        self.articles[language] = self.articles.get(language, 0.0) + 1.0
        for name, table in self.tables.items():
            table[merge_buckets(features.views[name])[0]] += 1

    def _age(self, days: int) -> None:
        kept = math.exp(-days / self.decay_days)
        self.articles = {language: kept * count for language, count in self.articles.items()}
        for table in self.tables.values():
            np.multiply(table, np.float32(kept), out=table)

    def weigh(self, features: Features, language: str) -> Mapping[str, SparseVector]:
        """TF-IDF vectors by view: (1 + ln tf) * ln((N + 1) / (df + 0.5)), unit length."""
        total = _PRIOR_ARTICLES + self.articles.get(language, 0.0) + 1.0
        prior = _prior()
        weighed: dict[str, SparseVector] = {}
        for view in VIEWS:
            name = _SHARED.get(view, view)
            buckets, counts = merge_buckets(features.views[view])
            frequency = self.tables[name][buckets] + prior[name][buckets] * _PRIOR_ARTICLES
            idf = np.log(np.maximum(total / (frequency + 0.5), 1.0))
            weights = ((1.0 + np.log(counts)) * idf).astype(np.float32)
            length = float(np.sqrt(weights @ weights))
            weighed[view] = SparseVector(buckets, weights / np.float32(length or 1.0))
        return weighed
