"""Story quality on the labelled development sets, through the whole engine.

    python benchmarks/quality.py [--quick] [--write]

Each set is ingested in its own order into an engine on the memory store. "online": the story of
each article when it was acknowledged; "final": after later second looks and merges. The shipped
decision is fitted on these sets, so these are not held-out figures: those are in
results/decision.md.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from labelled import data_folder, read

from storycluster.backends import open_encoder, open_store
from storycluster.domain import IngestResult
from storycluster.engine import Engine, scheme_of
from storycluster.evaluate import adjusted_rand, bcubed, pairwise
from storycluster.ports import Encoder
from storycluster.settings import Settings

SETS = (
    "newscluster",
    "vietnamese_mds",
    "ecbplus",
    "fnc1",
    "allsides_stories",
    "allsides_headlines",
)
QUICK = ("newscluster", "vietnamese_mds")
RESULTS = Path(__file__).parent / "results/quality.md"


def replay(name: str, encoder: Encoder, settings: Settings) -> list[str]:
    """Two table rows of one set: as decided online, and final."""
    rows = list(read(f"{name}_dev"))
    engine = Engine(open_store("memory:", scheme_of(encoder, settings)), encoder, settings=settings)
    started = time.perf_counter()
    online = {}
    for start in range(0, len(rows), 32):
        results = engine.ingest("", [row.article for row in rows[start : start + 32]])
        for one in results:
            if isinstance(one, IngestResult):
                online[one.article_id] = one.assignment.story_id
    cost = (time.perf_counter() - started) / len(rows) * 1000
    final = {one: engine.get_article("", one).assignment.story_id for one in online}
    engine.close()
    gold = {row.article.article_id: row.story for row in rows if row.story}
    lines = []
    for label, predicted in (("online", online), ("final", final)):
        b3, pairs = bcubed(predicted, gold), pairwise(predicted, gold)
        scores = (b3.precision, b3.recall, b3.f1, pairs.f1, adjusted_rand(predicted, gold))
        shown = " | ".join(f"{score:.3f}" for score in scores)
        count = len(set(predicted.values()))
        lines.append(f"| {name} | {label} | {shown} | {count} | {cost:.0f} |")
    return lines


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="only the two smallest sets")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    options = parser.parse_args()
    if not data_folder().is_dir():
        raise SystemExit(f"no labelled data in {data_folder()}; set STORYCLUSTER_SHARED")
    encoder = open_encoder("default")
    lines = [
        "| set | when | B3 P | B3 R | B3 F1 | pairwise F1 | ARI | stories | ms an article |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    for name in QUICK if options.quick else SETS:
        lines += replay(name, encoder, Settings())
        print("\n".join(lines[-2:]), flush=True)
    if options.write:
        intro = f"# Story quality\n\n{(__doc__ or '').strip()}\n\n"
        RESULTS.write_text(intro + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
