"""How do time and memory of a batch re-clustering grow with the number of articles?

    python -m benchmarks.recluster_scale [--write] COUNT ...

Real headlines, from the second round on each with a word dropped and some months later. Each is
prepared as at ingest (parsed, fingerprinted, embedded), but placed by copies alone, since online
placing of all would take longer than what is measured: a verified copy is in the story of its
original, every other article in one of its own. So nearly every story is to be merged, more work
for a plan than after an online run. One store grows from count to count; each plan is made by the
shipped job in a process of its own, from its snapshot to its files. The power is that of CPU time
over articles, from the line before: other work runs on the machine.
"""

from __future__ import annotations

import argparse
import dataclasses
import itertools
import json
import math
import random
import resource
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from labelled import data_folder, read

from storycluster.backends import open_encoder, open_store
from storycluster.decision import default_model
from storycluster.domain import Article, Assignment, Relation, StoredArticle
from storycluster.engine import scheme_of
from storycluster.engine.prepare import Prepared, prepare
from storycluster.engine.stories import new_story_id
from storycluster.features import UInt32
from storycluster.fingerprint import is_near_copy, overlap
from storycluster.ports import Encoder, Store, Transaction
from storycluster.recluster import JobFolder, Pace, Progress, make_plan
from storycluster.settings import Settings

RESULTS = Path(__file__).parent / "results/recluster_scale.md"
BATCH = 512
ROUND_DAYS = 240
"""Days from a headline to its planted repetition: beyond the lookback, as a year's news is."""
HEAD = (
    "| articles | windows | CPU minutes | minutes | CPU ms an article | power | peak MB "
    "| MB before the plan | changes | stability | CPU minutes by phase |",
    "|---|---|---|---|---|---|---|---|---|---|---|",
)


def planted(count: int, *, first: int = 0) -> Iterator[Article]:
    """The articles `first` to `count` of the stream, in order of time."""
    yield from itertools.islice(_stream(), first, count)


def _stream() -> Iterator[Article]:
    chance = random.Random(0)
    for turn in itertools.count():
        for row in read("headlines_2026_scale"):
            words, when = row.article.title.split(), row.article.publish_time
            if turn and len(words) > 4:
                words.pop(chance.randrange(len(words)))
            yield dataclasses.replace(
                row.article,
                article_id=f"{turn}/{row.article.article_id}",
                title=" ".join(words),
                publish_time=when and when + timedelta(days=ROUND_DAYS * turn),
            )


@dataclass(slots=True)
class Filling:
    """Stores prepared articles, those that are no copies each in a story of its own."""

    encoder: Encoder
    settings: Settings
    newest: dict[int, tuple[UInt32, str, str]] = field(default_factory=dict)
    """{band key: shingles, story and original of the newest text under it}."""
    sequence: int = 0

    def add(self, store: Store, articles: Sequence[Article]) -> None:
        """All of them in one commit."""
        with store.write() as transaction:
            for one in prepare(articles, self.encoder, self.settings):
                if isinstance(one, Prepared):
                    self._put(transaction, one)

    def _put(self, transaction: Transaction, one: Prepared) -> None:
        self.sequence += 1
        article_id = one.article.article_id
        story_id, original = self._original(one) or (
            new_story_id("default", article_id, self.sequence),
            article_id,
        )
        copied = original != article_id
        assignment = Assignment(
            article_id=article_id,
            revision=1,
            story_id=story_id,
            relation=Relation.NEAR_COPY if copied else Relation.NEW_STORY,
            confidence=1.0,
            sequence=self.sequence,
            copy_of=original if copied else "",
            reprint_group=original,
        )
        arrived = one.article.publish_time or datetime(2026, 1, 1, tzinfo=UTC)
        stored = StoredArticle(
            article=dataclasses.replace(one.article, revision=1),
            digest=one.digest,
            sequence=self.sequence,
            ingest_time=arrived,
            assignment=assignment,
        )
        transaction.add_article("default", stored, one.features, band_keys=one.band_keys)
        for key in one.band_keys:
            self.newest[key] = (one.features.shingles, story_id, original)

    def _original(self, one: Prepared) -> tuple[str, str] | None:
        """Story and original of a text that this one is a verified copy of."""
        for key in one.band_keys:
            known = self.newest.get(key)
            if known is not None:
                measured = overlap(known[0], one.features.shingles)
                if is_near_copy(measured, self.settings.fingerprint):
                    return known[1], known[2]
        return None


def plan_once(data: str, out: Path) -> dict[str, Any]:
    """Make the plan of a store; seconds, memory and what was found."""
    encoder, settings = open_encoder("default"), Settings()
    encoder_id = encoder.encoder_id
    store = open_store(data, scheme_of(encoder, settings))
    spent, clock = Counter[str](), _Clock()

    def tell(now: Progress) -> None:
        spent[clock.phase or now.phase] += clock.turn(now.phase)

    before, began, worked = _peak_mb(), time.perf_counter(), time.process_time()
    plan = make_plan(
        store,
        "default",
        out,
        encoder_id=encoder_id,
        model=default_model(encoder_id),
        settings=settings,
        pace=Pace(tell),
    )
    seconds, cpu = time.perf_counter() - began, time.process_time() - worked
    spent[clock.phase] += clock.turn("")
    store.close()
    windows = sum(one.name.startswith("edges-") for one in JobFolder(out).stages())
    return {
        "articles": plan.articles,
        "windows": windows,
        "seconds": seconds,
        "cpu": cpu,
        "before_mb": before,
        "peak_mb": _peak_mb(),
        "changes": len(plan.changes),
        "stability": plan.stability,
        "phases": dict(spent),
    }


class _Clock:
    """CPU time by phase."""

    def __init__(self) -> None:
        self.phase, self._last = "", time.process_time()

    def turn(self, phase: str) -> float:
        """Seconds since the last turn; from now on it is that phase."""
        before, self._last, self.phase = self._last, time.process_time(), phase
        return self._last - before


def _peak_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def row(found: dict[str, Any], earlier: dict[str, Any] | None) -> str:
    """One line of the table."""
    grown = "-"
    if earlier:
        ratio = found["cpu"] / earlier["cpu"]
        grown = f"{math.log(ratio) / math.log(found['articles'] / earlier['articles']):.2f}"
    stages = ", ".join(f"{name} {value / 60:.1f}" for name, value in found["phases"].items())
    return (
        f"| {found['articles']} | {found['windows']} | {found['cpu'] / 60:.1f} "
        f"| {found['seconds'] / 60:.1f} | {1000 * found['cpu'] / found['articles']:.1f} | {grown} "
        f"| {found['peak_mb']:.0f} "
        f"| {found['before_mb']:.0f} | {found['changes']} | {found['stability']:.3f} | {stages} |"
    )


def scale(counts: Sequence[int], folder: Path) -> list[str]:
    """The lines of the table, told as they come."""
    lines, earlier = list(HEAD), None
    print("\n".join(lines), flush=True)
    filling = Filling(open_encoder("default"), Settings())
    data = str(folder / "data")
    scheme = scheme_of(filling.encoder, filling.settings)
    for before, count in itertools.pairwise([0, *counts]):
        store = open_store(data, scheme)
        articles = planted(count, first=before)
        while batch := list(itertools.islice(articles, BATCH)):
            filling.add(store, batch)
        store.close()
        command = [sys.executable, "-m", "benchmarks.recluster_scale", "--plan", data]
        done = subprocess.run(
            [*command, "--out", str(folder / f"job-{count}")],
            check=True,
            stdout=subprocess.PIPE,
            text=True,
        )
        found = json.loads(done.stdout.splitlines()[-1])
        lines.append(row(found, earlier))
        earlier = found
        print(lines[-1], flush=True)
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("counts", type=int, nargs="*", metavar="COUNT", help="ascending")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    parser.add_argument("--plan", help=argparse.SUPPRESS)
    parser.add_argument("--out", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--keep", type=Path, help="folder for store and jobs, to look at them")
    options = parser.parse_args()
    if options.plan:
        print(json.dumps(plan_once(options.plan, options.out)))
        return
    if not data_folder().is_dir():
        raise SystemExit(f"no headlines in {data_folder()}; set STORYCLUSTER_SHARED")
    counts = sorted(options.counts) or [5_000, 10_000]
    if options.keep:
        lines = scale(counts, options.keep)
    else:
        with tempfile.TemporaryDirectory() as folder:
            lines = scale(counts, Path(folder))
    if options.write:
        intro = f"# Batch re-clustering at size\n\n{(__doc__ or '').strip()}\n\n"
        RESULTS.write_text(intro + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
