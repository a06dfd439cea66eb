"""Would a model refitted on a newsroom's own labels decide better there?

`calibrate` learns on the stories that begin early, the weights held to those of the present model
so that few labels change little; chooses the threshold on the same part; scores both models on the
rest; and refits on everything. What is scored is decided online, without second looks.
"""

from __future__ import annotations

import dataclasses
import hashlib
import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from storycluster.decision import ANY_ENCODER, Model, rounded
from storycluster.errors import SchemeMismatch
from storycluster.evaluate.changes import Moved, WeightChange, changed_weights, examples, moved
from storycluster.evaluate.items import Streams, need_enough, split
from storycluster.evaluate.learning import ROUNDS, Item, Replay, ReplayAll, Rows, learn, replayed
from storycluster.evaluate.metrics import (
    Partition,
    Score,
    adjusted_rand,
    bcubed,
    brier,
    calibration_error,
    pairwise,
)
from storycluster.measures import CONDITIONS, Measured
from storycluster.settings import Settings

STEPS = (0.0, -0.05, 0.05, -0.1, 0.1, -0.15, 0.15)
"""Thresholds tried: the present one, and so far from it."""

LEAST, MOST = 0.05, 0.95

MARGIN = 0.005
"""Mean of B-cubed F1 and pairwise F1 by which another threshold, or the refitted model, must be
ahead of the present one to count as better."""

_DIGITS = 4


@dataclass(frozen=True, slots=True)
class Scores:
    """How well one model decides labelled streams.

    `stories` counts those that hold a labelled article, `stories_gold` the labels; `brier` and
    `calibration_error` are those of the probabilities of the candidate stories, 0 the best.
    """

    bcubed: Score
    pairwise: Score
    ari: float
    stories: int
    stories_gold: int
    brier: float
    calibration_error: float

    @property
    def quality(self) -> float:
        """The mean of B-cubed F1 and pairwise F1."""
        return (self.bcubed.f1 + self.pairwise.f1) / 2


@dataclass(frozen=True, slots=True)
class Calibration:
    """What refitting would change. `before` and `after` are scores of the later part, on which
    neither model was fitted; `model` is refitted on everything.

    `held_out` has the scores after, by file; `late` counts the articles of the later part, `moved`
    those of them that would stand with others.
    """

    model: Model
    present: Model
    before: Scores
    after: Scores
    held_out: Mapping[str, Scores]
    weights: tuple[WeightChange, ...]
    late: int
    moved: int
    examples: tuple[Moved, ...]

    @property
    def better(self) -> bool:
        """Whether the refitted model is ahead by the margin on the later part."""
        return self.after.quality - self.before.quality >= MARGIN


def calibrate(
    streams: Streams,
    present: Model,
    *,
    encoder_id: str,
    settings: Settings,
    rounds: int = ROUNDS,
    progress: Callable[[int, int], None] = lambda _done, _total: None,
) -> Calibration:
    """Refit `present` on labelled streams that were prepared with the encoder `encoder_id`.

    `progress` is told how many placings are done, and of how many. InvalidInput where the labels
    are too few, SchemeMismatch where the model is for another encoder. The refitted model is bound
    to the encoder, and learns the dense measures where the present one fits any encoder.
    """
    need_enough(streams)
    start = _bound(present, encoder_id)
    parts = {name: split(items) for name, items in streams.items()}
    early = {name: part[0] for name, part in parts.items()}
    late = {name: part[1] for name, part in parts.items()}
    sizes = [sum(map(len, some.values())) for some in (early, late, streams)]
    steps = sizes[0] * (rounds + len(STEPS)) + sizes[1] * 2 + sizes[2] * rounds
    run = _Run(settings, lambda done: progress(done, steps))
    progress(0, steps)
    before = run.decide(late, present)
    fitted, _ = learn(run.rows_of(early), start=start, rounds=rounds, towards_start=True)
    tried = run.best_threshold(early, fitted)
    after = run.decide(late, tried)
    joined = _joining_at(start, tried.threshold)
    model, rows = learn(run.rows_of(streams), start=joined, rounds=rounds, towards_start=True)
    model = named(model)
    moves = _moves(late, before, after)
    return Calibration(
        model=model,
        present=present,
        before=scores_of(late, before, present),
        after=scores_of(late, after, tried),
        held_out={
            name: scores_of({name: items}, after, tried)
            for name, items in late.items()
            if any(item.story for item in items)
        },
        weights=changed_weights(present, model, rows),
        late=sizes[1],
        moved=len(moves),
        examples=examples(moves),
    )


def named(model: Model) -> Model:
    """The model as it is written, called for what decides: equal models have equal names, and
    others other names."""
    written = rounded(model)
    told = [written.encoder_id, written.threshold, written.merge_threshold, written.weights]
    digest = hashlib.sha256(json.dumps(told, sort_keys=True).encode()).hexdigest()[:8]
    return dataclasses.replace(written, name=f"calibrated-{digest}")


def scores_of(streams: Streams, decided: Mapping[str, Replay], model: Model) -> Scores:
    """The scores of what was decided of all articles together; no story goes across streams."""
    predicted: dict[str, str] = {}
    gold: dict[str, str] = {}
    threads: dict[str, str] = {}
    for name, items in streams.items():
        assigned = decided[name].assigned
        predicted |= {f"{name}/{one}": f"{name}/{story}" for one, story in assigned.items()}
        gold |= _labels(name, items, [item.story for item in items])
        threads |= _labels(name, items, [item.thread for item in items])
    told, right = _probabilities([decided[name].rows for name in streams], model)
    return Scores(
        bcubed=bcubed(predicted, gold, threads),
        pairwise=pairwise(predicted, gold, threads),
        ari=adjusted_rand(predicted, gold),
        stories=len({predicted[one] for one in gold}),
        stories_gold=len(set(gold.values())),
        brier=brier(told, right),
        calibration_error=calibration_error(told, right),
    )


def _labels(name: str, items: Sequence[Item], labels: Sequence[str]) -> Partition:
    return {
        f"{name}/{item.prepared.article.article_id}": f"{name}/{label}"
        for item, label in zip(items, labels, strict=True)
        if label
    }


def _probabilities(rows: Sequence[Rows], model: Model) -> tuple[list[float], list[int]]:
    told = [
        model.probability(Measured(values, _held(held)))
        for some in rows
        for values, held in zip(some.values, some.held, strict=True)
    ]
    return told, [label for some in rows for label in some.labels]


def _held(held: Sequence[bool]) -> tuple[str, ...]:
    return tuple(name for name, holds in zip(CONDITIONS, held, strict=True) if holds)


def _bound(present: Model, encoder_id: str) -> Model:
    if present.encoder_id not in (ANY_ENCODER, encoder_id):
        raise SchemeMismatch(
            f"the decision model was fitted for encoder {present.encoder_id!r}, not for "
            f"{encoder_id!r}",
            name="decision model",
            stored=present.encoder_id,
            given=encoder_id,
        )
    return dataclasses.replace(present, encoder_id=encoder_id)


def _joining_at(model: Model, threshold: float) -> Model:
    """The model with another threshold, the one of merges as far from it as before."""
    merge = model.merge_threshold + threshold - model.threshold
    merge = round(min(MOST, max(LEAST, merge)), _DIGITS)
    return dataclasses.replace(model, threshold=threshold, merge_threshold=merge)


def _moves(late: Streams, before: Mapping[str, Replay], after: Mapping[str, Replay]) -> list[Moved]:
    return [
        one
        for name, items in late.items()
        for one in moved(name, items, before[name].assigned, after[name].assigned)
    ]


class _Run:
    """Replays whole sets of streams and counts the placings."""

    def __init__(self, settings: Settings, progress: Callable[[int], None]) -> None:
        self._settings = settings
        self._progress = progress
        self._done = 0

    def decide(self, streams: Streams, model: Model, *, forced: bool = False) -> dict[str, Replay]:
        """The replay of each stream."""
        found = {}
        for name, items in streams.items():
            found[name] = replayed(items, self._settings, model, forced=forced)
            self._done += len(items)
            self._progress(self._done)
        return found

    def rows_of(self, streams: Streams) -> ReplayAll:
        """What `learn` replays."""
        return lambda model, forced: [
            done.rows for done in self.decide(streams, model, forced=forced).values()
        ]

    def best_threshold(self, streams: Streams, model: Model) -> Model:
        """The model with the threshold of the grid that decides the streams best; its own unless
        another is better by the margin, and of equals the nearest to it."""
        wanted = [round(model.threshold + step, _DIGITS) for step in STEPS]
        tried = [_joining_at(model, min(MOST, max(LEAST, one))) for one in wanted]
        found = [scores_of(streams, self.decide(streams, one), one).quality for one in tried]
        best = max(range(len(tried)), key=lambda place: found[place])
        return tried[best] if found[best] - found[0] >= MARGIN else model
