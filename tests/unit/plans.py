"""Which plans do the tests publish, and upon which stories?"""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from pathlib import Path

from storycluster.domain import (
    Act,
    Article,
    Change,
    ChangeKind,
    Event,
    Evidence,
    Promotion,
    SkipReason,
)
from storycluster.engine import Engine
from storycluster.formats import Found, read_paths

SEEDS = Path(__file__).parents[2] / "seeds/articles.jsonl"
STRIKE = [
    "persview-502233",
    "hwn-20170118-0412",
    "ngp-17018841",
    "freesignal-28241",
    "kestrel-170119-07",
]
QUAKE = ["kestrel-170412-09", "hwn-20170412-0311", "castellan-76411"]
DESK = Act("desk", "checked by hand")
REASON = "They tell of one event."


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


def article(article_id: str, text: str = "") -> Article:
    """A seed article, with more text at its end."""
    found = [item.article for item in read_paths([str(SEEDS)]) if isinstance(item, Found)]
    [one] = [one for one in found if one.article_id == article_id]
    return dataclasses.replace(one, revision=0, text=one.text + text)


def home(engine: Engine, article_id: str) -> str:
    return engine.get_article("", article_id).assignment.story_id


def members(engine: Engine, story_id: str) -> list[str]:
    return [member.article_id for member in engine.get_story("", story_id).members]


def articles(engine: Engine) -> int:
    return engine.stats("")["revisions"]


def change(kind: ChangeKind, from_story: str, to_story: str, *article_ids: str) -> Change:
    evidence = Evidence("probability", 0.9, 0.5, True)
    return Change(kind, from_story, to_story, article_ids, 0.9, 3.0, REASON, (evidence,))


def split(engine: Engine, *article_ids: str) -> Change:
    return change(ChangeKind.SPLIT, home(engine, article_ids[0]), "", *article_ids)


def move(engine: Engine, target: str, *article_ids: str) -> Change:
    return change(ChangeKind.MOVE, home(engine, article_ids[0]), home(engine, target), *article_ids)


def merge(engine: Engine, one: str, other: str) -> Change:
    """All of the story of one article go to that of the other."""
    gone = home(engine, one)
    return change(ChangeKind.MERGE, gone, home(engine, other), *members(engine, gone))


def promote(
    engine: Engine, *changes: Change, job: str = "job", at: int = 0, quiet: bool = False
) -> Promotion:
    """Publish a plan made of the first `at` articles (0: all)."""
    return engine.promote(
        "", job, snapshot_sequence=at or articles(engine), changes=changes, quiet=quiet
    )


def skipped(promotion: Promotion) -> list[tuple[int, SkipReason, str]]:
    return [(one.place, one.reason, one.subject) for one in promotion.skipped]


def events_since(engine: Engine, after: int) -> list[Event]:
    return list(engine.list_events("", after=after, page_size=500))


def last_event(engine: Engine) -> int:
    return engine.stats("")["events"]
