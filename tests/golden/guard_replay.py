"""In which stories do given reports end, in a real engine full of other news?"""

from __future__ import annotations

import itertools
import random
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from guard_texts import Report

from storycluster.backends import open_store
from storycluster.domain import Article, IngestResult, TimePrecision
from storycluster.engine import Engine, scheme_of
from storycluster.formats import Found, read_paths
from storycluster.ports import Encoder
from storycluster.settings import Settings

SEEDS = Path(__file__).parents[2] / "seeds"
SPRING = (datetime(2017, 3, 28, tzinfo=UTC), datetime(2017, 5, 30, tzinfo=UTC))
"""Seed articles published within these, and those without a date, are the background."""

ORDERS = ("as published", "newest first", "shuffled 1", "shuffled 2")


def background() -> list[Article]:
    """Some dozens of articles on other events."""
    paths = [str(SEEDS / name) for name in ("articles.jsonl", "distractors.jsonl")]
    found = [item.article for item in read_paths(paths) if isinstance(item, Found)]
    first, last = SPRING
    return [one for one in found if one.publish_time is None or first <= one.publish_time <= last]


class Arriving:
    """A clock that stands at the arrival of the present article."""

    def __init__(self) -> None:
        self.moment = SPRING[0]

    def now(self) -> datetime:
        return self.moment


@dataclass
class Guarded:
    """An engine with a clock of its own; every replay fills a collection of its own."""

    encoder: Encoder
    clock: Arriving = field(default_factory=Arriving)
    numbers: itertools.count[int] = field(default_factory=itertools.count)

    def __post_init__(self) -> None:
        store = open_store("memory:", scheme_of(self.encoder, Settings()))
        self.engine = Engine(store, self.encoder, clock=self.clock)
        self.others = background()
        self.prepared = dict(
            zip(map(_key, self.others), self.engine.prepare(self.others), strict=True)
        )

    def replay(self, reports: Sequence[Report], order: str, *, year: int = 2017) -> Outcome:
        """Send the reports in an order of ORDERS: as published, among the background, or behind
        it."""
        dated = [(one, year) for one in reports]
        return self.replay_dated(dated, order)

    def replay_dated(self, reports: Sequence[tuple[Report, int]], order: str) -> Outcome:
        """The same for reports of several years."""
        articles = [_article(one, year, place) for place, (one, year) in enumerate(reports)]
        gold = {
            article.article_id: one.story
            for article, (one, _) in zip(articles, reports, strict=True)
        }
        collection = f"replay-{next(self.numbers)}"
        ordered = _ordered(articles, self.others, order)
        self._send(collection, ordered, as_published=order == "as published")
        online = self._stories(collection, [one.article_id for one in ordered])
        self.clock.moment += timedelta(days=2)
        self.engine.repair(collection)
        later = self._stories(collection, [one.article_id for one in ordered])
        return Outcome(gold, online, later, self.engine, collection)

    def _send(self, collection: str, ordered: Sequence[Article], *, as_published: bool) -> None:
        fresh = [one for one in ordered if _key(one) not in self.prepared]
        self.prepared.update(zip(map(_key, fresh), self.engine.prepare(fresh), strict=True))
        known = [one.publish_time for one in ordered if one.publish_time is not None]
        self.clock.moment = min(known) if as_published else max(known)
        for one in ordered:
            if as_published and one.publish_time is not None:
                self.clock.moment = one.publish_time
            else:
                self.clock.moment += timedelta(minutes=1)
            (result,) = self.engine.submit(collection, [self.prepared[_key(one)]]).result()
            assert isinstance(result, IngestResult), result

    def _stories(self, collection: str, ids: Sequence[str]) -> dict[str, str]:
        return {
            one: self.engine.get_article(collection, one).assignment.story_id
            for one in dict.fromkeys(ids)
        }


@dataclass
class Outcome:
    """The story of every article as acknowledged (`online`) and after the second looks (`later`);
    `gold` is the event of each report."""

    gold: Mapping[str, str]
    online: Mapping[str, str]
    later: Mapping[str, str]
    engine: Engine
    collection: str

    @property
    def glued(self) -> list[str]:
        """Events, or an event and the background, that share a story at either time."""
        found = set()
        for stories in (self.online, self.later):
            for held in self._by_story(stories).values():
                events = {self.gold.get(one, "background") for one in held}
                if len(events) > 1:
                    found.add(" + ".join(sorted(events)))
        return sorted(found)

    @property
    def torn(self) -> list[str]:
        """Events whose reports are in several stories at the end."""
        where = defaultdict(set)
        for article_id, event in self.gold.items():
            where[event].add(self.later[article_id])
        return sorted(event for event, stories in where.items() if len(stories) > 1)

    @property
    def largest(self) -> int:
        """Reports in the story that holds most of them, at either time."""
        return max(
            sum(one in self.gold for one in held)
            for stories in (self.online, self.later)
            for held in self._by_story(stories).values()
        )

    def _by_story(self, stories: Mapping[str, str]) -> Mapping[str, list[str]]:
        held = defaultdict(list)
        for article_id, story_id in stories.items():
            held[story_id].append(article_id)
        return held


def _key(article: Article) -> tuple[object, ...]:
    return (article.article_id, article.digest(), article.source, article.publish_time)


def _article(report: Report, year: int, place: int) -> Article:
    day, _, time = report.at.partition(" ")
    hour, minute = map(int, time.split(":"))
    return Article(
        f"{report.story}/{place}",
        title=report.title,
        text="\n\n".join(report.paragraphs),
        source=report.source,
        language="en",
        publish_time=datetime(year, 4, int(day), hour, minute, tzinfo=UTC),
        publish_precision=TimePrecision.EXACT,
    )


def _published(articles: Sequence[Article]) -> list[Article]:
    return sorted(articles, key=lambda one: one.publish_time or SPRING[0])


def _ordered(articles: Sequence[Article], others: Sequence[Article], order: str) -> list[Article]:
    if order == "as published":
        return _published([*others, *articles])
    if order == "newest first":
        return [*_published(others), *_published(articles)[::-1]]
    seed = order.removeprefix("shuffled ")
    return [*_published(others), *random.Random(seed).sample(articles, len(articles))]
