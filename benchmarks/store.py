"""How many articles does the embedded store commit in a second, beside bare SQLite?

Run: python benchmarks/store.py [FOLDER]. Writes benchmarks/results/store.md. Each figure is the
median of the rounds, with the lowest and the highest. The bare run inserts the same bytes (a body
and a feature blob) into one table through the same driver with the same durability, so that their
ratio says what the tables, bands, checksums and compression cost on the machine of the day.
"""

from __future__ import annotations

import os
import platform
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import apsw
import numpy as np

from storycluster.backends import open_store
from storycluster.domain import (
    Article,
    Assignment,
    EventKind,
    Evidence,
    Relation,
    StoredArticle,
    Story,
    StoryState,
)
from storycluster.features import VIEWS, Features, Terms, pack
from storycluster.ports import Scheme, Store

NAME = "default"
DIMENSIONS = 256
BANDS = 42
GROUPS = (1, 16, 128)
ROUNDS = 5
GROWN, GROWTH_STEP = 38_400, 6_400
TIME = datetime(2024, 5, 1, tzinfo=UTC)
SCHEME = Scheme("benchmark", DIMENSIONS, "minhash", "features")
RESULTS = Path(__file__).parent / "results" / "store.md"

Commit = Callable[[list[tuple[StoredArticle, Features, list[int]]]], None]


def articles(first: int, count: int) -> list[tuple[StoredArticle, Features, list[int]]]:
    """Made-up articles of about 500 words with all their features."""
    made = []
    for sequence in range(first, first + count):
        random = np.random.default_rng(sequence)
        words = [f"word{n}" for n in random.zipf(1.3, 500) % 20_000]
        article = Article(f"a{sequence}", "A title of six words", " ".join(words), revision=1)
        vector = random.standard_normal(DIMENSIONS).astype(np.float32)
        features = Features(
            signature=random.integers(0, 2**32, 126, dtype=np.uint32),
            shingles=np.unique(random.integers(0, 2**32, 480, dtype=np.uint32)),
            embedding=vector / np.linalg.norm(vector),
            views={view: Terms.of(words[: 40 * (1 + n)]) for n, view in enumerate(VIEWS)},
        )
        evidence = tuple(Evidence("jaccard", 0.3, 0.5, passed=False) for _ in range(4))
        assignment = Assignment(
            article.article_id,
            1,
            f"s{sequence}",
            Relation.NEW_STORY,
            0.9,
            sequence,
            evidence=evidence,
        )
        stored = StoredArticle(article, article.digest(), sequence, TIME, assignment)
        keys = [int(key) for key in random.integers(0, 2**63, BANDS)]
        made.append((stored, features, keys))
    return made


def store_commit(store: Store) -> Commit:
    """One group through the port: article, features, bands, assignment, story, event."""

    def commit(group: list[tuple[StoredArticle, Features, list[int]]]) -> None:
        with store.write() as transaction:
            for stored, features, keys in group:
                transaction.add_article(NAME, stored, features, band_keys=keys)
                story_id = stored.assignment.story_id
                title = stored.article.title
                story = Story(story_id, StoryState.OPEN, title, 1, 1, 0, 1, 1, TIME, TIME)
                transaction.put_story(NAME, story)
                transaction.add_event(NAME, EventKind.STORY_CREATED, time=TIME, story_id=story_id)

    return commit


def bare_commit(connection: apsw.Connection) -> Commit:
    """The same bytes, uncompressed and unindexed, into one table."""

    def commit(group: list[tuple[StoredArticle, Features, list[int]]]) -> None:
        with connection:
            for stored, features, _keys in group:
                values = (stored.article.text.encode(), pack(features))
                connection.execute("INSERT INTO bare VALUES (NULL, ?, ?)", values)

    return commit


def rate(commit: Commit, group: int, *, first: int) -> float:
    """Articles in a second, over at least half a second's worth of groups."""
    batches = [articles(first + n * group, group) for n in range(max(3, 384 // group))]
    started = time.perf_counter()
    for batch in batches:
        commit(batch)
    return sum(map(len, batches)) / (time.perf_counter() - started)


def measure(folder: Path) -> dict[int, dict[str, list[float]]]:
    """{group: {kind: rates}}, the kinds alternating."""
    rates: dict[int, dict[str, list[float]]] = {}
    for group in GROUPS:
        rates[group] = {"store": [], "memory": [], "bare": []}
        for turn in range(ROUNDS):
            store = open_store(str(folder / f"store-{group}-{turn}"), SCHEME)
            rates[group]["store"].append(rate(store_commit(store), group, first=1))
            store.close()
            memory = open_store("memory:", SCHEME)
            rates[group]["memory"].append(rate(store_commit(memory), group, first=1))
            memory.close()
            connection = apsw.Connection(str(folder / f"bare-{group}-{turn}.db"))
            connection.pragma("journal_mode", "wal")
            connection.pragma("synchronous", 2)
            connection.execute("CREATE TABLE bare(id INTEGER PRIMARY KEY, body BLOB, data BLOB)")
            rates[group]["bare"].append(rate(bare_commit(connection), group, first=1))
            connection.close()
    return rates


def growth(folder: Path, *, until: int, step: int) -> list[float]:
    """Articles in a second over each `step` of one growing store, 64 a commit."""
    store = open_store(str(folder / "growing"), SCHEME)
    commit = store_commit(store)
    ((pattern, features, _keys),) = articles(1, 1)
    random = np.random.default_rng(0)
    rates = []
    for first in range(1, until, step):
        spent = 0.0
        for start in range(first, first + step, 64):
            group = []
            for number in range(start, start + 64):
                name, story_id = f"a{number}", f"s{number}"
                assignment = replace(pattern.assignment, article_id=name, story_id=story_id)
                article = replace(pattern.article, article_id=name)
                stored = replace(pattern, article=article, sequence=number, assignment=assignment)
                group.append((stored, features, random.integers(0, 2**63, BANDS).tolist()))
            started = time.perf_counter()
            commit(group)
            spent += time.perf_counter() - started
        rates.append(step / spent)
    store.close()
    return rates


def told(values: list[float]) -> str:
    """Median (lowest..highest)."""
    return f"{statistics.median(values):,.0f} ({min(values):,.0f}..{max(values):,.0f})"


def main() -> None:
    """Measure and write the table."""
    with tempfile.TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as name:
        rates = measure(Path(name))
        grown = growth(Path(name), until=GROWN, step=GROWTH_STEP)
    _stored, features, _keys = articles(1, 1)[0]
    lines = [
        "# Embedded store: articles committed in a second",
        "",
        f"SQLite {apsw.sqlite_lib_version()} through APSW, WAL, synchronous=FULL; "
        f"Python {platform.python_version()}, {os.cpu_count()} cores, load average "
        f"{os.getloadavg()[0]:.1f} at the end; one writer.",
        f"An article: 500 words, {len(pack(features)):,} bytes of features, {BANDS} bands, one "
        "assignment, story and event.",
        f"Median of {ROUNDS} rounds (lowest..highest). `bare` inserts the same text and features "
        "into one table; read the ratio, the rates move with the machine's load.",
        "",
        "| articles per commit | embedded | bare SQLite | embedded : bare | memory |",
        "| --- | --- | --- | --- | --- |",
    ]
    for group, kinds in rates.items():
        ratio = statistics.median(kinds["store"]) / statistics.median(kinds["bare"])
        cells = (told(kinds["store"]), told(kinds["bare"]), f"{ratio:.2f}", told(kinds["memory"]))
        lines.append(f"| {group} | " + " | ".join(cells) + " |")
    lines += [
        "",
        f"One store growing to {GROWN:,} articles, 64 a commit, articles a second over each "
        f"{GROWTH_STEP:,}: {', '.join(f'{one:,.0f}' for one in grown)}. It slows down because band "
        "keys land on random pages: once the band table is large, an article dirties about as many "
        "4 KiB pages as it has bands.",
    ]
    RESULTS.parent.mkdir(exist_ok=True)
    RESULTS.write_text("\n".join(lines) + "\n")
    print(RESULTS.read_text())


if __name__ == "__main__":
    main()
