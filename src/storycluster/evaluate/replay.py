"""Which story does each article of a stream come to?

The articles go through the same engine as in the server, on a store in memory, under a clock that
shows each one's time of arrival. Behind the last the clock goes on until every article is due for
its second look.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storycluster.backends import open_store
from storycluster.decision import Model
from storycluster.domain import IngestResult, Relation
from storycluster.engine import Engine, scheme_of
from storycluster.errors import StoryClusterError
from storycluster.evaluate.stream import Arrival
from storycluster.ports import Encoder
from storycluster.settings import Settings

_BATCH = 32


@dataclass(frozen=True, slots=True)
class Decided:
    """What was decided of one article: as acknowledged, and the story it stands in at the end."""

    article_id: str
    story: str
    relation: Relation
    confidence: float
    story_after_repair: str


@dataclass(frozen=True, slots=True)
class Replayed:
    """The decisions in order of arrival, background left out; `refused` (article id, why).

    Seconds are spent in preparing (parse, fingerprint, embed) and in placing (candidates, decision,
    record, second looks), background included; `arrived` counts all articles.
    """

    decided: tuple[Decided, ...]
    refused: tuple[tuple[str, str], ...]
    arrived: int
    prepare_seconds: float
    place_seconds: float


class _Arriving:
    """A clock that stands at the arrival of the present article."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


def replay(
    stream: Sequence[Arrival],
    encoder: Encoder,
    *,
    settings: Settings | None = None,
    model: Model | None = None,
    progress: Callable[[int], None] = lambda _: None,
) -> Replayed:
    """Send a stream through an engine of its own; `progress` is told how many have arrived."""
    chosen = settings or Settings()
    clock = _Arriving(stream[0].time) if stream else None
    store = open_store("memory:", scheme_of(encoder, chosen))
    engine = Engine(store, encoder, settings=chosen, clock=clock, model=model)
    online: list[IngestResult] = []
    refused: list[tuple[str, str]] = []
    spent = [0.0, 0.0]
    for start in range(0, len(stream), _BATCH):
        batch = stream[start : start + _BATCH]
        began = time.perf_counter()
        prepared = engine.prepare([one.labelled.article for one in batch])
        ready = time.perf_counter()
        for arrival, one in zip(batch, prepared, strict=True):
            assert clock is not None
            clock.moment = arrival.time
            outcome = engine.submit("", [one]).result()[0]
            if isinstance(outcome, StoryClusterError):
                refused.append((arrival.labelled.article.article_id, outcome.message))
            elif arrival.scored:
                online.append(outcome)
        spent[0] += ready - began
        spent[1] += time.perf_counter() - ready
        progress(start + len(batch))
    if clock is not None:
        began = time.perf_counter()
        clock.moment += timedelta(hours=chosen.repair.delay_hours)
        engine.repair("")
        spent[1] += time.perf_counter() - began
    decided = tuple(_decided(one, engine) for one in online)
    engine.close()
    return Replayed(decided, tuple(refused), len(stream), spent[0], spent[1])


def _decided(result: IngestResult, engine: Engine) -> Decided:
    made = result.assignment
    now = engine.get_article("", made.article_id).assignment.story_id
    return Decided(made.article_id, made.story_id, made.relation, made.confidence, now)
