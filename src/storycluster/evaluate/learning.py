"""Which weights decide best on labelled articles?

The model learns on its own decisions. A labelled stream is replayed through the engine's index and
scoring; a candidate story is right for an article when at least half of its labelled members share
the article's gold story. The first replay forces the gold stories, later ones follow the model of
the round before: with forced replays alone a model never sees its own mistakes, and runs away from
the first one (B-cubed F1 .01 on headlines). Stories of one thread count as different: left out,
they glue (pairwise F1 .82 for .87 on later headlines).
"""

from __future__ import annotations

import dataclasses
from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize
from scipy.special import expit

from storycluster.decision import ALWAYS, INTERCEPT, Model, Scored
from storycluster.engine.index import CollectionIndex
from storycluster.engine.placing import place
from storycluster.engine.prepare import Prepared
from storycluster.measures import CONDITIONS, MEASURES
from storycluster.ports import IndexRow
from storycluster.settings import Settings

ROUNDS = 5
THRESHOLD = 0.5
RIDGE = 10.0
"""Penalty on each squared standardised weight: 1 and 30 score within .003 B-cubed F1 of it."""
CONDITION_RIDGE = 30.0
"""The same for what a condition adds: fewer articles speak of it."""
INTERCEPT_RIDGE = 0.1
SHOWN = 3
"""Candidate stories learned from for each article, the likeliest first; right ones always are."""
LONGEST_GAP = 1.0e-3

Float32 = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Item:
    """One prepared article with its gold story and thread, "" where it has none."""

    prepared: Prepared
    story: str
    thread: str = ""


@dataclass(slots=True)
class Rows:
    """What was learned from: `values` of MEASURES (n, m), `held` (n, c) whether each of CONDITIONS
    did, `labels` (n,) 1 where the story was right."""

    values: list[npt.NDArray[np.float64]] = field(default_factory=list)
    held: list[tuple[bool, ...]] = field(default_factory=list)
    labels: list[int] = field(default_factory=list)

    def extend(self, other: Rows) -> None:
        """Append the rows of another replay."""
        self.values += other.values
        self.held += other.held
        self.labels += other.labels


class Replay:
    """Places the articles of one stream in order, without a store and without second looks."""

    def __init__(self, dimensions: int, settings: Settings, model: Model) -> None:
        self.rows = Rows()
        self.assigned: dict[str, str] = {}
        self.confidence: dict[str, float] = {}
        self._index = CollectionIndex(dimensions, settings)
        self._model = model
        self._settings = settings
        self._bands: dict[int, list[int]] = defaultdict(list)
        self._gold: dict[str, Counter[str]] = defaultdict(Counter)

    def run(self, items: Sequence[Item], *, forced: bool = False) -> dict[str, str]:
        """{article id: story id} in order of arrival; what was learned from is left in `rows`."""
        for sequence, item in enumerate(items, start=1):
            self._place(sequence, item, forced=forced)
        return self.assigned

    def _place(self, sequence: int, item: Item, *, forced: bool) -> None:
        prepared = item.prepared
        hits = Counter(one for key in prepared.band_keys for one in self._bands[key])
        placing = place(
            prepared, self._index, band_hits=hits, model=self._model, settings=self._settings
        )
        if item.story:
            self._learn(placing.scored, item)
        own = prepared.article.article_id
        story_id = f"gold {item.story}" if forced and item.story else placing.story_id or own
        for key in prepared.band_keys:
            self._bands[key].append(sequence)
        row = IndexRow(
            sequence=sequence,
            article_id=own,
            revision=1,
            digest=prepared.digest,
            story_id=story_id,
            reprint_group=placing.reprint_group,
            source=prepared.article.source,
            publish_time=prepared.article.publish_time,
            publish_precision=prepared.article.publish_precision,
            ingest_time=prepared.article.publish_time or _UNKNOWN,
            features=prepared.features,
        )
        self._index.add(row, known=placing.profile)
        if item.story:
            self._gold[story_id][item.story] += 1
        self.assigned[own] = story_id
        self.confidence[own] = placing.confidence

    def _learn(self, scored: Sequence[Scored], item: Item) -> None:
        ranked = sorted(scored, key=lambda one: (-one.probability, one.story_id))
        for place_of, one in enumerate(ranked):
            members = self._gold[one.story_id]
            right = bool(members) and members[item.story] * 2 >= members.total()
            if members and (right or place_of < SHOWN):
                self.rows.values.append(one.measured.values)
                held = one.measured.conditions
                self.rows.held.append(tuple(name in held for name in CONDITIONS))
                self.rows.labels.append(int(right))


_UNKNOWN = datetime(2000, 1, 1, tzinfo=UTC)


ReplayAll = Callable[[Model, bool], Sequence[Rows]]
"""(model, whether the gold stories are forced) -> the rows of every stream."""


def replays(streams: Mapping[str, Sequence[Item]], settings: Settings) -> ReplayAll:
    """Replays of `streams`, one after the other."""
    return lambda model, forced: [
        replayed(items, settings, model, forced=forced).rows for items in streams.values()
    ]


def replayed(
    items: Sequence[Item], settings: Settings, model: Model, *, forced: bool = False
) -> Replay:
    """One stream after its replay."""
    dimensions = len(items[0].prepared.features.embedding) if items else 0
    replay = Replay(dimensions, settings, model)
    replay.run(items, forced=forced)
    return replay


def learn(
    replay_all: ReplayAll,
    *,
    start: Model,
    rounds: int = ROUNDS,
    trained: bool = False,
    towards_start: bool = False,
) -> tuple[Model, list[Rows]]:
    """The model after `rounds` replays of every stream, and what it learned from.

    `start` decides the first replay, which forces the gold stories unless `start` is `trained`;
    with `towards_start` the weights are held to those of `start` instead of to zero.
    """
    model = start
    gathered: list[Rows] = []
    for turn in range(rounds):
        found = replay_all(model, turn == 0 and not trained)
        gathered = gathered or [Rows() for _ in found]
        for rows, more in zip(gathered, found, strict=True):
            rows.extend(more)
        model = fit(gathered, model, prior=start if towards_start else None)
    return model, gathered


def start_model(encoder_id: str) -> Model:
    """A hand-set model that only opens the first round."""
    weights = {
        ALWAYS: {
            "body_near": 6.0,
            "lead_near": 4.0,
            "title_near": 2.0,
            "names_near": 2.0,
            INTERCEPT: -6.0,
        },
        "distant": {INTERCEPT: -1.0},
    }
    return Model(weights, THRESHOLD, THRESHOLD, encoder_id, "start")


def fit(streams: Sequence[Rows], model: Model, *, prior: Model | None = None) -> Model:
    """`model` with the weights of a logistic regression on the rows of all streams.

    Each stream weighs as the square root of its size. Measures that `model` does not use ("dense"
    where it serves any encoder) stay out. The penalty pulls to the weights of `prior`, or to zero.
    Without any row the model stays as it is.
    """
    streams = [rows for rows in streams if rows.labels]
    if not streams:
        return model
    names = [name for name in MEASURES if not (model.encoder_id == "*" and "dense" in name)]
    used = [MEASURES.index(name) for name in names]
    values = np.concatenate([np.array(rows.values)[:, used] for rows in streams])
    held = np.concatenate([np.array(rows.held, dtype=np.float64) for rows in streams])
    labels = np.concatenate([np.array(rows.labels) for rows in streams])
    weight = np.concatenate(
        [np.full(len(rows.labels), len(rows.labels) ** -0.5) for rows in streams]
    )
    spread = np.append(values.std(axis=0) + LONGEST_GAP, 1.0)
    design = _design(np.column_stack([values, np.ones(len(values))]) / spread, held)
    blocks = (ALWAYS, *CONDITIONS)
    columns = (*names, INTERCEPT)
    before = np.zeros((len(blocks), len(columns)))
    if prior is not None:
        before = np.array([[prior.weights.get(b, {}).get(c, 0.0) for c in columns] for b in blocks])
    found = _minimised(design, labels, weight / weight.mean(), before * spread)
    weights = found.reshape(before.shape) / spread
    return dataclasses.replace(
        model,
        weights={
            block: {name: float(w) for name, w in zip(columns, row, strict=True) if w}
            for block, row in zip(blocks, weights, strict=True)
        },
    )


def _design(values: npt.NDArray[np.float64], held: npt.NDArray[np.float64]) -> Float32:
    """(n, (1 + c) * (m + 1)): the values, then for each condition the values where it held."""
    blocks = [values, *(values * column[:, None] for column in held.T)]
    return np.concatenate(blocks, axis=1).astype(np.float32)


def _minimised(
    design: Float32,
    labels: npt.NDArray[np.int64],
    weight: npt.NDArray[np.float64],
    before: npt.NDArray[np.float64],
) -> npt.NDArray[np.float64]:
    penalty = np.full(before.shape, CONDITION_RIDGE)
    penalty[0] = RIDGE
    penalty[:, -1] = INTERCEPT_RIDGE
    flat, centre = penalty.ravel(), before.ravel()
    signs = (2.0 * labels - 1.0).astype(np.float32)
    weighed = weight.astype(np.float32)

    def loss(w: npt.NDArray[np.float64]) -> tuple[float, npt.NDArray[np.float64]]:
        margin = signs * (design @ w.astype(np.float32))
        slope = design.T @ (-weighed * signs * expit(-margin))
        pull = flat * (w - centre)
        value = float((weighed * np.logaddexp(0.0, -margin)).sum(dtype=np.float64))
        return value + 0.5 * float(pull @ (w - centre)), slope.astype(np.float64) + pull

    found = minimize(loss, centre, jac=True, method="L-BFGS-B", options={"maxiter": 150})
    return np.asarray(found.x)
