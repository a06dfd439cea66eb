"""In which order, and when, do labelled articles arrive?

By publish time. An article without a date follows the one before it in its file; a file without any
dates arrives at an assumed rate. Background articles are mixed in by their own time.
"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from storycluster.evaluate.labelled import Labelled

ASSUMED_START = datetime(2000, 1, 1, tzinfo=UTC)
ASSUMED_GAP = timedelta(days=1) / 500
"""Between arrivals of a file in which nothing is dated: 500 articles a day."""

SHUFFLE = timedelta(days=1)
"""How far an order seed moves the arrival of a dated article, either way."""

BACKGROUND = "background"


@dataclass(frozen=True, slots=True)
class Arrival:
    """One article and when it arrives; `scored` is false for background."""

    time: datetime
    labelled: Labelled
    scored: bool = True


def arrivals(
    articles: Sequence[Labelled],
    background: Sequence[Sequence[Labelled]] = (),
    *,
    order_seed: int | None = None,
) -> list[Arrival]:
    """All articles in order of arrival; equal times keep the order of the files.

    With an `order_seed` each dated article arrives up to a day earlier or later (uniformly), and
    undated ones at any time. Background ids are prefixed, so that they cannot meet labelled ones.
    """
    times = _times(articles)
    moved = times if order_seed is None else _shuffled(articles, times, random.Random(order_seed))
    found = [Arrival(time, one) for time, one in zip(moved, articles, strict=True)]
    for number, others in enumerate(background, start=1):
        chance = random.Random(number)
        first, last = min(times, default=ASSUMED_START), max(times, default=ASSUMED_START)
        for one in others:
            given = one.article.publish_time
            time = given or first + (last - first) * chance.random()
            found.append(Arrival(time, _as_background(one, number), scored=False))
    return sorted(found, key=lambda arrival: arrival.time)


def _times(articles: Sequence[Labelled]) -> list[datetime]:
    known = [one.article.publish_time for one in articles]
    dated = [time for time in known if time is not None]
    last = min(dated, default=ASSUMED_START)
    times = []
    for time in known:
        last = time if time is not None else last + ASSUMED_GAP * (not dated)
        times.append(last)
    return times


def _shuffled(
    articles: Sequence[Labelled], times: Sequence[datetime], chance: random.Random
) -> list[datetime]:
    first, last = min(times, default=ASSUMED_START), max(times, default=ASSUMED_START)
    return [
        time + SHUFFLE * chance.uniform(-1.0, 1.0)
        if one.article.publish_time is not None
        else first + (last - first) * chance.random()
        for one, time in zip(articles, times, strict=True)
    ]


def _as_background(one: Labelled, number: int) -> Labelled:
    named = f"{BACKGROUND}-{number}/{one.article.article_id}"
    return Labelled(dataclasses.replace(one.article, article_id=named))
