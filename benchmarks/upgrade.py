"""What does another encoder change in a store, and is the store the same after the way back?

    python -m benchmarks.upgrade [--quick] [--write] [--vectors FILE]

2,000 labelled articles (allsides_stories, then newscluster) arrive in order at an engine with the
shipped static encoder; after the second looks the folder is upgraded to all-MiniLM-L6-v2, and that
folder back to the static encoder. No change is published on the way. Each plan is scored as if all
of its changes were made. The decision model of MiniLM is the one that weighs no vectors: none was
fitted for it.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from itertools import chain, islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from labelled import Labelled, data_folder, read

from benchmarks.encoder import teacher
from benchmarks.recluster import lived_through
from storycluster.backends import open_encoder, open_store, stored_scheme
from storycluster.decision import default_model
from storycluster.domain import Act
from storycluster.engine import scheme_of
from storycluster.engine.exporting import export_lines
from storycluster.evaluate import adjusted_rand, bcubed, pairwise
from storycluster.ports import Encoder
from storycluster.recluster import Pace
from storycluster.settings import Settings
from storycluster.upgrade import Order, Shadow, Upgrade, sections, upgrade

RESULTS = Path(__file__).parent / "results/upgrade.md"
SETS = ("allsides_stories_dev", "newscluster_dev")
COUNT, QUICK = 2_000, 120
SHOWN = 12
NOW = datetime(2026, 1, 1, tzinfo=UTC)


def taken(count: int) -> list[Labelled]:
    """The first articles of the sets, as many as wanted, or all there are."""
    return list(islice(chain.from_iterable(map(read, SETS)), count))


def leg(data: Path, out: Path, encoder: Encoder, vectors: Path) -> tuple[Upgrade, float]:
    """One upgrade, and its seconds."""
    began = time.perf_counter()
    stored = stored_scheme(str(data))
    models = (default_model(stored.encoder_id), default_model(encoder.encoder_id))
    act = Act("benchmark", "another encoder")
    done = upgrade(Order(data, out, encoder, models, act, NOW, vectors=vectors), Pace())
    return done, time.perf_counter() - began


def standing(data: Path) -> dict[str, str]:
    """{article: story} as they stand in a folder."""
    with_its_own = open_store(str(data), stored_scheme(str(data)))
    try:
        with with_its_own.read() as reader:
            rows = reader.index_rows("default")
            return {row.article_id: row.story_id for row in rows if row.story_id}
    finally:
        with_its_own.close()


def planned(now: Mapping[str, str], shadow: Shadow) -> dict[str, str]:
    """The same once every change of a shadow is made."""
    found = dict(now)
    for one in shadow.changes:
        target = one.change.to_story or f"new {one.change.article_ids[0]}"
        found.update(dict.fromkeys(one.change.article_ids, target))
    return found


def lines_in(data: Path) -> list[bytes]:
    """All that is stored of the collection, vectors included, but for the header."""
    scheme = stored_scheme(str(data))
    store = open_store(str(data), scheme)
    try:
        with store.read() as reader:
            kept = {"with_withdrawn": True, "with_held": True}
            return list(export_lines(reader, "default", scheme=scheme, now=NOW, **kept))[1:]
    finally:
        store.close()


def scored(name: str, found: Mapping[str, str], rows: Sequence[Labelled]) -> str:
    gold = {row.article.article_id: row.story for row in rows if row.story}
    threads = {row.article.article_id: row.thread for row in rows if row.thread}
    b3, pairs = bcubed(found, gold, threads).f1, pairwise(found, gold, threads).f1
    return f"| {name} | {b3:.3f} | {pairs:.3f} | {adjusted_rand(found, gold):.3f} |"


def measured(
    rows: Sequence[Labelled], other: Encoder, folder: Path, vectors: Path
) -> Iterator[str]:
    """The lines of the report."""
    static = open_encoder("default")
    old, there, back = folder / "static", folder / "minilm", folder / "back"
    began = time.perf_counter()
    lived_through(rows, static, open_store(str(old), scheme_of(static, Settings())))
    ingested = time.perf_counter() - began
    print(f"ingested in {ingested:.0f} s", file=sys.stderr, flush=True)
    going, going_s = leg(old, there, other, vectors)
    print(f"upgraded in {going_s:.0f} s", file=sys.stderr, flush=True)
    coming, coming_s = leg(there, back, static, Path())
    now, after_all = standing(old), standing(back)
    yield f"{len(rows)} articles, {len(set(now.values()))} stories."
    yield from ("", "| stories | B-cubed F1 | pairwise F1 | ARI |", "|---|---|---|---|")
    yield scored("static, as they stand", now, rows)
    yield scored("MiniLM folder, as they stand", standing(there), rows)
    hindsight = planned(now, coming.shadows[0]), planned(now, going.shadows[0])
    yield scored("what static would make of them, with hindsight", hindsight[0], rows)
    yield scored("what MiniLM would make of them, with hindsight", hindsight[1], rows)
    yield scored("static again, after the way back", after_all, rows)
    same = lines_in(old) == lines_in(back)
    yield ""
    yield (
        "After the way back every line of the export (ids, stories, redirects, decisions, audit, "
        f"vectors) is {'the same, byte for byte' if same else 'NOT THE SAME'}."
    )
    yield ""
    yield from ("| leg | of the ingest's time | texts encoded |", "|---|---|---|")
    yield f"| ingest and second looks, static | 1 ({ingested:.0f} s) | {len(rows)} |"
    for name, done, spent in (
        ("static to MiniLM", going, going_s),
        ("MiniLM to static", coming, coming_s),
    ):
        ratio = f"{spent / ingested:.2f}"
        yield f"| {name}, both plans and the report | {ratio} | {done.encoded} |"
    yield ""
    yield "The report of the first leg:"
    yield ""
    yield from told(going)


def told(done: Upgrade) -> Iterator[str]:
    """The report as it is printed, without what quotes ids of articles."""
    for one in sections(done, most=SHOWN):
        yield from (f"### {one.heading}", "", *one.said)
        if one.rows:
            yield from ("", _line(one.columns), "|---" * len(one.columns) + "|")
            yield from map(_line, one.rows)
        yield ""


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help=f"{QUICK} articles")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    parser.add_argument("--vectors", type=Path, default=Path(), help="keeps those of MiniLM")
    options = parser.parse_args()
    folder = teacher()
    if not data_folder().is_dir():
        raise SystemExit(f"no labelled data in {data_folder()}; set STORYCLUSTER_SHARED")
    if folder is None:
        print("left out: all-MiniLM-L6-v2 comes with the extra `distil`")
        return
    rows = taken(QUICK if options.quick else COUNT)
    with tempfile.TemporaryDirectory() as work:
        lines = []
        other = open_encoder(str(folder))
        for line in measured(rows, other, Path(work), options.vectors):
            lines.append(line)
            print(line, flush=True)
    if options.write:
        load = ", ".join(f"{one:.1f}" for one in os.getloadavg())
        intro = f"# From an encoder to another\n\n{(__doc__ or '').strip()}\n\n"
        machine = f"{os.cpu_count()} cores, load {load} at the end: compare ratios, not seconds.\n"
        RESULTS.write_text(intro + "\n".join(lines).rstrip() + f"\n\n{machine}", encoding="utf-8")


if __name__ == "__main__":
    main()
