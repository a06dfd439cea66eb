"""Plans a re-clustering of a data folder, and dies by SIGKILL where it is told to.

Run as a script: `recluster_planner.py DATA OUT [PHASE TIME]`: at that time (1, 2, ...) that
progress is told in that phase.
"""

from __future__ import annotations

import dataclasses
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from promote_writer import Axes

from storycluster.backends import open_store
from storycluster.decision import default_model
from storycluster.domain import Article
from storycluster.engine import Engine, scheme_of
from storycluster.ports import Transaction
from storycluster.recluster import Pace, Plan, Progress, make_plan
from storycluster.settings import ReclusterSettings, Settings

SETTINGS = Settings(recluster=ReclusterSettings(window_groups=20))
"""So few articles are compared at once that there are several windows."""

_EVENTS, _REPORTS = 6, 5
_START = datetime(2024, 5, 1, tzinfo=UTC)


def fill(data: Path) -> None:
    """Reports of a few events, of which one stands in the story of another."""
    engine = Engine(open_store(str(data), scheme_of(Axes(), SETTINGS)), Axes(), settings=SETTINGS)
    engine.ingest("", [_report(e, n) for n in range(_REPORTS) for e in range(_EVENTS)])
    there = engine.get_article("", "event1-0").assignment.story_id

    def misplace(transaction: Transaction) -> None:
        stored = transaction.article("default", "event0-4")
        assert stored is not None
        wrong = dataclasses.replace(stored.assignment, story_id=there)
        transaction.add_assignment("default", wrong)

    engine._writer.note(misplace).result()
    engine.close()


def _report(event: int, number: int) -> Article:
    words = [f"{'abcdefgh'[event]}word{n}" for n in range(70)]
    kept = [word for word in words if random.Random(f"{word}{number}").random() > 0.2]
    return Article(
        f"event{event}-{number}",
        title=" ".join(kept[:6]),
        text=" ".join(kept),
        publish_time=_START + timedelta(hours=7 * number + event),
    )


def plan(data: Path, out: Path, tell: Callable[[Progress], None] = lambda _: None) -> Plan:
    """The plan of a data folder."""
    store = open_store(str(data), scheme_of(Axes(), SETTINGS))
    try:
        return make_plan(
            store,
            "default",
            out,
            encoder_id=Axes.encoder_id,
            model=default_model(Axes.encoder_id),
            settings=SETTINGS,
            pace=Pace(tell),
        )
    finally:
        store.close()


def main() -> None:
    """Plan, until the time has come."""
    told: Counter[str] = Counter()

    def tell(now: Progress) -> None:
        told[now.phase] += 1
        if len(sys.argv) > 3 and now.phase == sys.argv[3] and told[now.phase] == int(sys.argv[4]):
            os.kill(os.getpid(), signal.SIGKILL)

    plan(Path(sys.argv[1]), Path(sys.argv[2]), tell)


if __name__ == "__main__":
    main()
