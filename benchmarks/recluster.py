"""How good are stories after a batch re-clustering?

    python -m benchmarks.recluster [--quick] [--write]

Each labelled set arrives in order at an engine with the shipped encoder and model; after the second
looks a plan is made and all of its changes are applied to the partition. `bar` and `present` of the
settings were chosen on the first seven sets. uci_headlines showed splits of large stories that no
pair spoke for, after which these were held back; og2021_headlines was not looked at.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from labelled import Labelled, data_folder, read

from storycluster.backends import open_encoder, open_store
from storycluster.decision import default_model
from storycluster.domain import IngestResult
from storycluster.engine import Engine, scheme_of
from storycluster.evaluate import adjusted_rand, arrivals, bcubed, pairwise
from storycluster.ports import Encoder, Store
from storycluster.recluster import Plan, make_plan
from storycluster.recluster.changes import after
from storycluster.recluster.snapshot import read_snapshot
from storycluster.recluster.windows import nodes_of
from storycluster.settings import Settings

RESULTS = Path(__file__).parent / "results/recluster.md"
CHOSEN_ON = (
    "newscluster",
    "vietnamese_mds",
    "ecbplus",
    "fnc1",
    "ntrex_parallel",
    "allsides_stories",
    "allsides_headlines",
)
LEFT_ASIDE = ("uci_headlines", "og2021_headlines")
QUICK = CHOSEN_ON[:2]


class Arriving:
    """A clock that stands at the arrival of the present article."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def now(self) -> datetime:
        return self.moment


def lived_through(rows: Sequence[Labelled], encoder: Encoder, store: Store) -> dict[str, str]:
    """{article: story} as acknowledged; the store is left as it is after the second looks."""
    stream, settings = arrivals(rows), Settings()
    clock = Arriving(stream[0].time)
    engine = Engine(store, encoder, settings=settings, clock=clock)
    online = {}
    for arrival in stream:
        clock.moment = arrival.time
        [outcome] = engine.ingest("", [arrival.labelled.article])
        if isinstance(outcome, IngestResult):
            online[outcome.article_id] = outcome.assignment.story_id
    clock.moment += timedelta(hours=settings.repair.delay_hours)
    engine.repair("")
    engine.close()
    return online


def planned(store: Store, encoder: Encoder, out: Path) -> Plan:
    return make_plan(
        store,
        "default",
        out,
        encoder_id=encoder.encoder_id,
        model=default_model(encoder.encoder_id),
        settings=Settings(),
    )


def quality_row(name: str, encoder: Encoder, folder: Path) -> str:
    rows = list(read(f"{name}_dev"))
    gold = {row.article.article_id: row.story for row in rows if row.story}
    threads = {row.article.article_id: row.thread for row in rows if row.thread}
    data, scheme = str(folder / "data"), scheme_of(encoder, Settings())
    online = lived_through(rows, encoder, open_store(data, scheme))
    store = open_store(data, scheme)
    began = time.perf_counter()
    plan = planned(store, encoder, folder / "job")
    spent = time.perf_counter() - began
    store.close()
    nodes = nodes_of(read_snapshot(folder / "job/snapshot.parquet"))
    told = []
    for found in (online, after(nodes, ()), after(nodes, plan.changes)):
        b3, pairs = bcubed(found, gold, threads).f1, pairwise(found, gold, threads).f1
        told.append(f"{b3:.3f} / {pairs:.3f} / {adjusted_rand(found, gold):.3f}")
    counts = ", ".join(f"{count} {kind}" for kind, count in plan.counts.items())
    return f"| {name} | {len(rows)} | {' | '.join(told)} | {counts} | {spent:.0f} |"


def quality(names: Sequence[str], encoder: Encoder) -> list[str]:
    lines = [
        "B-cubed F1 / pairwise F1 / ARI.",
        "",
        "| set | articles | online | after second looks | batch | changes | seconds |",
        "|---|---|---|---|---|---|---|",
    ]
    print("\n".join(lines), flush=True)
    for name in names:
        with tempfile.TemporaryDirectory() as folder:
            lines.append(quality_row(name, encoder, Path(folder)))
        print(lines[-1], flush=True)
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="only the two smallest sets")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    options = parser.parse_args()
    if not data_folder().is_dir():
        raise SystemExit(f"no labelled data in {data_folder()}; set STORYCLUSTER_SHARED")
    names = QUICK if options.quick else CHOSEN_ON + LEFT_ASIDE
    lines = quality(names, open_encoder("default"))
    if options.write:
        intro = f"# Batch re-clustering\n\n{(__doc__ or '').strip()}\n\n"
        RESULTS.write_text(intro + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
