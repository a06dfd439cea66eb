"""How likely are two articles of a window of one story?

Candidates are those of online placing, and each pair is measured by the same `measures` and the
same model. What hindsight adds: it is known which candidates belong together. Two reports of one
event are no rivals of each other, so a pair is asked three times: alone; among the candidates that
are not taken to be of the same story by the first answer; and again by the second.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import pyarrow

from storycluster.clustering import Float64, Int64
from storycluster.decision import Model
from storycluster.engine.vetoes import any_apart, of_its_own
from storycluster.features import UInt32
from storycluster.measures import Compared, Profile, StoryProfile
from storycluster.recluster.candidates import Nearest
from storycluster.recluster.pace import Pace
from storycluster.recluster.pairs import Measuring
from storycluster.recluster.snapshot import Known
from storycluster.settings import Settings

SCHEMA = pyarrow.schema(
    [
        ("a", pyarrow.int64()),
        ("b", pyarrow.int64()),
        ("probability", pyarrow.float64()),
        ("apart", pyarrow.bool_()),
    ]
)

_CHUNK = 100
Neighbours = list[Int64]
"""Of each node those with an edge of some strength, ascending."""


@dataclass(slots=True)
class Neighbourhood:
    """n nodes that are compared with each other; `copies` are pairs that share a band."""

    known: Sequence[Known]
    copies: Sequence[tuple[int, int, bool]]
    model: Model
    settings: Settings
    pace: Pace
    stories: list[StoryProfile] = field(init=False)
    candidates: list[Int64] = field(init=False)
    compared: list[Compared | None] = field(init=False)

    def edges(self) -> pyarrow.Table:
        """(a, b) places in `known`, a < b, ascending, with the mean probability of both directions,
        of at least `least`. `apart`: a veto forbids the pair, whose probability is then 0."""
        self.stories = [StoryProfile(one.row.article_id, [one.profile]) for one in self.known]
        self.compared = [None] * len(self.known)
        self._gather()
        measuring = Measuring([one.profile for one in self.known])
        self._compare(measuring)
        limits = self.settings.recluster
        self._expand(self._near(self._answers(None), limits.ally_first))
        self._compare(measuring)
        found = self._answers(None)
        for least in (limits.ally_first, limits.ally):
            found = self._answers(self._near(found, least))
        return self._table(found)

    def _gather(self) -> None:
        """The candidates of each node: those it shares bands, heavy terms or meaning with."""
        sharing: list[list[int]] = [[] for _ in self.known]
        for a, b, _ in self.copies:
            sharing[a].append(b)
            sharing[b].append(a)
        self.candidates = []
        self.pace.begin("candidates", len(self.known))
        profiles = [one.profile for one in self.known]
        order = np.array([one.row.sequence for one in self.known], dtype=np.int64)
        for number, near in enumerate(Nearest(profiles, order, self.settings.candidates)):
            most = sharing[number][: self.settings.fingerprint.max_verified]
            self.candidates.append(np.union1d(near, np.array(most, dtype=np.int64)))
            self._tick(number)

    def _compare(self, measuring: Measuring) -> None:
        """Measure each node against its candidates, where that is not done."""
        self.pace.begin("compare", len(self.known))
        measuring.learn(self.candidates)
        for number, candidates in enumerate(self.candidates):
            if self.compared[number] is None and len(candidates):
                self.compared[number] = measuring.compared(number, candidates)
            self._tick(number)

    def _expand(self, near: Neighbours) -> None:
        """Compare each node with the nearest neighbours of its neighbours too."""
        most = self.settings.recluster.expanded
        for number, own in enumerate(near):
            known = {number, *self.candidates[number].tolist()}
            counted = Counter(two for one in own.tolist() for two in near[one].tolist())
            ranked = sorted(((-count, two) for two, count in counted.items() if two not in known))[
                :most
            ]
            if ranked:
                more = np.array([two for _, two in ranked], dtype=np.int64)
                self.candidates[number] = np.concatenate([self.candidates[number], more])
                self.compared[number] = None

    def _answers(self, near: Neighbours | None) -> tuple[Int64, Float64]:
        """((m, 2) pairs, a < b, ascending; (m,) mean probability of both directions), each node
        asked among rivals that are not `near` each other, or alone where None."""
        self.pace.begin("score", len(self.known))
        lows, highs, values = [], [], []
        where = np.full(len(self.known), -1, dtype=np.int64)
        for number, candidates in enumerate(self.candidates):
            compared = self.compared[number]
            if compared is not None:
                if near is None:
                    measured = compared.values_alone()
                else:
                    allies = _allies(candidates, near, where)
                    measured = compared.values_among_rivals(allies)
                lows.append(np.minimum(candidates, number))
                highs.append(np.maximum(candidates, number))
                values.append(self.model.probabilities(measured, compared.conditions))
            self._tick(number)
        if not values:
            return np.zeros((0, 2), dtype=np.int64), np.zeros(0)
        numbers = np.concatenate(lows) * len(self.known) + np.concatenate(highs)
        unique, inverse = np.unique(numbers, return_inverse=True)
        pairs = np.stack(np.divmod(unique, len(self.known)), axis=1)
        total = np.bincount(inverse, weights=np.concatenate(values))
        return pairs, np.round(total / np.bincount(inverse), 9)

    def _near(self, found: tuple[Int64, Float64], least: float) -> Neighbours:
        pairs, probability = found
        kept = pairs[probability >= least]
        both = np.concatenate([kept, kept[:, ::-1]])
        both = both[np.lexsort((both[:, 1], both[:, 0]))]
        ends = np.searchsorted(both[:, 0], np.arange(len(self.known) + 1))
        return [both[ends[i] : ends[i + 1], 1] for i in range(len(self.known))]

    def _table(self, found: tuple[Int64, Float64]) -> pyarrow.Table:
        pairs, probability = found
        kept = probability >= self.settings.recluster.least
        edges = {
            (a, b): value
            for (a, b), value in zip(pairs[kept].tolist(), probability[kept].tolist(), strict=True)
        }
        copies = {(a, b) for a, b, copy in self.copies if copy}
        for pair in copies:
            edges[pair] = max(edges.get(pair, 0.0), self.settings.fingerprint.copy_precision)
        rows = [(*pair, edges[pair], pair in copies) for pair in sorted(edges)]
        apart = [self._apart(a, b, copy=copy) for a, b, _, copy in rows]
        return pyarrow.table(
            [
                [a for a, *_ in rows],
                [b for _, b, *_ in rows],
                [0.0 if no else row[2] for row, no in zip(rows, apart, strict=True)],
                apart,
            ],
            schema=SCHEMA,
        )

    def _apart(self, a: int, b: int, *, copy: bool) -> bool:
        one, other = _Asking(self.known[a]), _Asking(self.known[b])
        if any_apart([one], [other], self.settings):
            return True
        guards = self.settings.guards
        return not copy and bool(of_its_own(one.profile, self.stories[b], guards))

    def _tick(self, number: int) -> None:
        if number % _CHUNK == _CHUNK - 1:
            self.pace.advance(number + 1)


@dataclass(frozen=True, slots=True)
class _Asking:
    """What a veto needs of an article."""

    known: Known

    @property
    def article_id(self) -> str:
        return self.known.row.article_id

    @property
    def source(self) -> str:
        return self.known.row.source

    @property
    def shingles(self) -> UInt32:
        return self.known.row.features.shingles

    @property
    def profile(self) -> Profile:
        return self.known.profile


def _allies(candidates: Int64, near: Neighbours, where: Int64) -> npt.NDArray[np.bool_]:
    """(k, k) which candidates are near each other. `where` (n,) is -1, before and after."""
    where[candidates] = np.arange(len(candidates))
    found = np.zeros((len(candidates), len(candidates)), dtype=bool)
    rows = [near[one] for one in candidates.tolist()]
    columns = where[np.concatenate(rows)]
    owners = np.repeat(np.arange(len(rows)), [len(one) for one in rows])
    found[owners[columns >= 0], columns[columns >= 0]] = True
    where[candidates] = -1
    return found
