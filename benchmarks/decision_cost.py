"""What does a decision cost beside the encoder, and how does it grow with the window?

    python benchmarks/decision_cost.py [--quick] [--write]

Real headlines, all within the lookback, are ingested into an engine on the memory store; for each
stretch of the stream the milliseconds an article spent in preparing (parse, fingerprint, terms), in
the encoder alone and in placing (candidates, measures, decision, second looks, record). The last
column is the exponent by which placing grows with the window since the row before.
"""

from __future__ import annotations

import argparse
import dataclasses
import math
import sys
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
from labelled import data_folder, read

from storycluster.backends import open_encoder, open_store
from storycluster.domain import Article
from storycluster.embedding import embedding_text
from storycluster.engine import Engine, scheme_of
from storycluster.ports import Encoder
from storycluster.settings import Settings

WINDOWS = (1_000, 3_000, 10_000)
QUICK = (500, 1_000, 2_000)
TIMED = 500
RESULTS = Path(__file__).parent / "results/decision_cost.md"
START = datetime(2026, 1, 1, tzinfo=UTC)


def headlines(count: int) -> list[Article]:
    """Headlines in their own order, spread over ten days, so that all are in reach."""
    rows = read("headlines_2026_scale", limit=count)
    return [
        dataclasses.replace(row.article, publish_time=START + timedelta(days=10) * (number / count))
        for number, row in enumerate(rows)
    ]


def timed(engine: Engine, encoder: Encoder, articles: list[Article]) -> tuple[float, float, float]:
    """Milliseconds an article for preparing without the encoder, encoding, placing."""
    texts = [embedding_text(article.title, article.text, lead_words=256) for article in articles]
    began = time.perf_counter()
    encoder.encode(texts)
    encoded = time.perf_counter()
    prepared = engine.prepare(articles)
    ready = time.perf_counter()
    for one in prepared:
        engine.submit("", [one]).result()
    placed = time.perf_counter()
    encoding = encoded - began
    spent = (ready - encoded - encoding, encoding, placed - ready)
    return tuple(1000.0 * seconds / len(articles) for seconds in spent)  # type: ignore[return-value]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="small windows only")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    options = parser.parse_args()
    if not data_folder().is_dir():
        raise SystemExit(f"no labelled data in {data_folder()}; set STORYCLUSTER_SHARED")
    windows = QUICK if options.quick else WINDOWS
    articles = headlines(windows[-1] + TIMED)
    encoder = open_encoder("default")
    settings = Settings()
    engine = Engine(open_store("memory:", scheme_of(encoder, settings)), encoder, settings=settings)
    lines = [
        "| articles in the window | prepare, ms | encode, ms | place, ms | growth of placing |",
        "|---|---|---|---|---|",
    ]
    held, before = 0, (0, 0.0)
    for window in windows:
        while held < window:
            size = min(128, window - held)
            engine.ingest("", articles[held : held + size])
            held += size
        prepare, encode, place = timed(engine, encoder, articles[held : held + TIMED])
        held += TIMED
        growth = ""
        if before[0]:
            growth = f"n^{math.log(place / before[1]) / math.log(window / before[0]):.2f}"
        before = (window, place)
        lines.append(f"| {window} | {prepare:.2f} | {encode:.2f} | {place:.2f} | {growth} |")
        print(lines[-1], flush=True)
    engine.close()
    if options.write:
        intro = f"# The cost of a decision\n\n{(__doc__ or '').strip()}\n\n"
        RESULTS.write_text(intro + "\n".join(lines) + "\n")


if __name__ == "__main__":
    main()
