"""Derive `data/prior_frequencies.npz`: how usual is each term in news of its language?

    python tools/derive_frequencies.py [--out src/storycluster/data/prior_frequencies.npz]

Counts, over older unlabelled news, the share of articles of a language that hold a term (by bucket
of its hash; no term can be read back). A bucket keeps its largest share over the languages. Read by
storycluster.weighting as the prior of a new collection.
"""

from __future__ import annotations

import argparse
from collections import Counter, defaultdict
from pathlib import Path

import numpy as np
from labelled import read

from storycluster.document import parse
from storycluster.engine.prepare import measure_document
from storycluster.settings import Settings
from storycluster.weighting import TABLES, merge_buckets

SOURCES = {
    "news_background_2012_2015": 6_000,
    "bbc_2004_2005": None,
    "ml_crisis_background": None,
    "ntrex_parallel_dev": None,
}
LEAST_ARTICLES = 3
LEAST_SHARE = 0.001


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    default = Path(__file__).parents[1] / "src/storycluster/data/prior_frequencies.npz"
    parser.add_argument("--out", type=Path, default=default)
    out = parser.parse_args().out
    out.parent.mkdir(parents=True, exist_ok=True)
    np.savez_compressed(out, **tabulate(*count()))
    print(f"{out}: {out.stat().st_size / 1e6:.2f} MB")


def count() -> tuple[Counter[str], dict[str, dict[str, Counter[int]]]]:
    """(articles by language, {table: {language: {bucket: articles that hold it}}})."""
    settings = Settings()
    articles: Counter[str] = Counter()
    holding: dict[str, dict[str, Counter[int]]] = {table: defaultdict(Counter) for table in TABLES}
    nothing = np.zeros(1, dtype=np.float32)
    for source, limit in SOURCES.items():
        for one in read(source, limit=limit):
            features = measure_document(parse(one.article, settings.text), nothing, settings)
            articles[features.language] += 1
            for table in TABLES:
                buckets = merge_buckets(features.views[table])
                holding[table][features.language].update(buckets[0].tolist())
        print(source, dict(articles))
    return articles, holding


def tabulate(
    articles: Counter[str], holding: dict[str, dict[str, Counter[int]]]
) -> dict[str, np.ndarray]:
    """Arrays to store: for each table ascending buckets (uint32) and shares (float16)."""
    arrays: dict[str, np.ndarray] = {}
    for table, languages in holding.items():
        shares: dict[int, float] = {}
        for language, counts in languages.items():
            for bucket, count_ in counts.items():
                share = count_ / articles[language]
                if count_ >= LEAST_ARTICLES and share >= LEAST_SHARE:
                    shares[bucket] = max(share, shares.get(bucket, 0.0))
        buckets = np.array(sorted(shares), dtype=np.uint32)
        arrays[f"{table}_buckets"] = buckets
        arrays[f"{table}_shares"] = np.array(
            [shares[int(bucket)] for bucket in buckets], dtype=np.float16
        )
    return arrays


if __name__ == "__main__":
    main()
