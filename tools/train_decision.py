"""Fit the join decision: `data/decision.json`, one readable weight for each measure.

    python tools/train_decision.py [--cache .build/prepared] [--report
    benchmarks/results/decision.md]

Each labelled set is split in time: a model fitted on the stories that begin in its first 60 % is
scored on the rest, and what ships is fitted on all of it. Every set is learned from on its own
decisions (`storycluster.evaluate.learning`). Articles without date, without headline and without
text are trained on by taking these away from a copy of some sets.

og2021 and reuters21578 are for evaluation only and are never read here.
"""

from __future__ import annotations

import argparse
import dataclasses
import json
import multiprocessing
import os
import pickle
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from labelled import Labelled, read

from storycluster.backends import open_encoder
from storycluster.decision import Model, plain_model
from storycluster.domain import Article, TimePrecision
from storycluster.engine.prepare import Prepared, prepare
from storycluster.evaluate import adjusted_rand, bcubed, pairwise
from storycluster.evaluate.learning import (
    ROUNDS,
    Item,
    ReplayAll,
    Rows,
    fit,
    learn,
    replayed,
    start_model,
)
from storycluster.ports import Encoder
from storycluster.settings import Settings

TRAIN_SHARE = 0.6
WHOLE_ROUNDS = 2
"""Replays of the whole sets, which begin from the model of the earlier part."""
OTHER_THRESHOLDS = (0.4, 0.6)
ROOT = Path(__file__).resolve().parents[1]
CACHE = ROOT / ".build/prepared"
SHIPPED = ROOT / "src/storycluster/data/decision.json"


def undated(article: Article) -> Article:
    return dataclasses.replace(article, publish_time=None, publish_precision=TimePrecision.UNKNOWN)


def untitled(article: Article) -> Article:
    """Neither headline nor date, as a scraped text has it."""
    return dataclasses.replace(undated(article), title="")


def headline(article: Article) -> Article:
    return dataclasses.replace(article, text="") if article.title else article


VARIANTS: Mapping[str, Callable[[Article], Article]] = {
    "": lambda article: article,
    "undated": undated,
    "untitled": untitled,
    "headline": headline,
}
STREAMS = (
    "allsides_stories",
    "newscluster",
    "ecbplus",
    "fnc1",
    "vietnamese_mds",
    "allsides_headlines",
    "uci_headlines",
    "allsides_stories undated",
    "newscluster untitled",
    "allsides_headlines undated",
    "newscluster headline",
    "vietnamese_mds headline",
    "ntrex_parallel",
    "ntrex_parallel headline",
)


def load(name: str, encoder: Encoder, settings: Settings, cache: Path) -> list[Item]:
    """A stream, prepared; kept in `cache` for the next run."""
    kept = cache / f"{name}.pickle"
    if kept.exists():
        with kept.open("rb") as file:
            return pickle.load(file)
    plain, _, variant = name.partition(" ")
    rows = list(read(f"{plain}_dev"))
    changed = [VARIANTS[variant](row.article) for row in rows]
    items = [
        _item(one, row)
        for one, row in zip(prepare(changed, encoder, settings), rows, strict=True)
        if isinstance(one, Prepared)
    ]
    kept.parent.mkdir(parents=True, exist_ok=True)
    with kept.open("wb") as file:
        pickle.dump(items, file)
    return items


def _item(prepared: Prepared, row: Labelled) -> Item:
    light = dataclasses.replace(prepared, received=_without_text(prepared.received))
    light = dataclasses.replace(light, article=_without_text(prepared.article))
    return Item(light, row.story, row.thread)


def _without_text(article: Article) -> Article:
    return dataclasses.replace(article, text="", extras={})


Streams = Mapping[str, Sequence[Item]]


class Workers:
    """Replays streams in processes that have inherited them."""

    def __init__(self, streams: Streams, settings: Settings) -> None:
        self._names = sorted(streams, key=lambda name: -len(streams[name]))
        self._streams, self._settings = streams, settings

    def run(self, model: Model, *, forced: bool) -> dict[str, tuple[Rows, dict[str, str]]]:
        """{stream: (what can be learned from, story by article)}."""
        _job[:] = [(self._streams, self._settings, model, forced)]
        with multiprocessing.get_context("fork").Pool(os.cpu_count()) as pool:
            found = dict(zip(self._names, pool.map(_replay, self._names, 1), strict=True))
        return {name: found[name] for name in self._streams}

    @property
    def all(self) -> ReplayAll:
        return lambda model, forced: [rows for rows, _ in self.run(model, forced=forced).values()]


_job: list[tuple[Streams, Settings, Model, bool]] = []  # what a fork inherits


def _replay(name: str) -> tuple[Rows, dict[str, str]]:
    [(streams, settings, model, forced)] = _job
    done = replayed(streams[name], settings, model, forced=forced)
    return done.rows, done.assigned


Scores = dict[str, tuple[float, ...]]


def scored(streams: Streams, model: Model, settings: Settings) -> tuple[Scores, list[Rows]]:
    """{stream: (B-cubed P, R, F1, pairwise F1, ARI)} of placing each with the model, and rows."""
    found: Scores = {}
    done = Workers(streams, settings).run(model, forced=False)
    for name, (_, predicted) in done.items():
        items = streams[name]
        gold = {one.prepared.article.article_id: one.story for one in items if one.story}
        threads = {one.prepared.article.article_id: one.thread for one in items if one.thread}
        b3, pairs = bcubed(predicted, gold, threads), pairwise(predicted, gold, threads)
        ari = adjusted_rand(predicted, gold)
        found[name] = (b3.precision, b3.recall, b3.f1, pairs.f1, ari)
    return found, [rows for rows, _ in done.values()]


def table(scores: Scores) -> str:
    lines = ["| set | B3 P | B3 R | B3 F1 | pairwise F1 | ARI |", "|---|---|---|---|---|---|"]
    lines += [
        f"| {name} | " + " | ".join(f"{value:.3f}" for value in row) + " |"
        for name, row in scores.items()
    ]
    mean = [sum(row[i] for row in scores.values()) / len(scores) for i in range(5)]
    lines += ["| mean | " + " | ".join(f"{value:.3f}" for value in mean) + " |"]
    return "\n".join(lines)


def later_stories(rows: Sequence[Labelled]) -> set[str]:
    """The stories that begin after the first TRAIN_SHARE of a set's articles; where it has no
    dates, or nearly all stories begin early, the rest of a share of the stories."""
    cut = int(len(rows) * TRAIN_SHARE)
    stories = {row.story for row in rows if row.story}
    early = {row.story for row in rows[:cut]} & stories
    dateless = sum(row.article.publish_time is None for row in rows)
    if dateless * 2 > len(rows) or len(early) > 0.9 * len(stories):
        early = set(sorted(stories)[: int(len(stories) * TRAIN_SHARE)])
    return stories - early


def split(name: str, items: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """The articles of the earlier stories of a stream, and of the later ones."""
    plain, _, _ = name.partition(" ")
    later = later_stories(list(read(f"{plain}_dev")))
    return (
        [item for item in items if item.story and item.story not in later],
        [item for item in items if item.story in later],
    )


def early_model(encoder: Encoder, settings: Settings, cache: Path = CACHE) -> Model:
    """The model fitted on the earlier stories alone; kept in `cache` for as long as neither the
    settings nor what is learned from changes."""
    kept = _kept_early(settings, cache)
    if kept.exists():
        with kept.open("rb") as file:
            return pickle.load(file)
    streams = {name: load(name, encoder, settings, cache) for name in STREAMS}
    early = {name: split(name, items)[0] for name, items in streams.items()}
    model, _ = learn(Workers(early, settings).all, start=start_model(encoder.encoder_id))
    keep(model, settings, cache)
    return model


def keep(model: Model, settings: Settings, cache: Path) -> None:
    with _kept_early(settings, cache).open("wb") as file:
        pickle.dump(model, file)


def _kept_early(settings: Settings, cache: Path) -> Path:
    return cache / f"early-{settings.digest()}.pickle"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--cache", type=Path, default=CACHE)
    parser.add_argument("--encoder", default="default")
    parser.add_argument("--out", type=Path, default=SHIPPED)
    parser.add_argument("--report", type=Path)
    parser.add_argument("--streams", nargs="+", choices=STREAMS, default=STREAMS)
    parser.add_argument("--rounds", type=int, default=ROUNDS)
    options = parser.parse_args()
    settings, encoder = Settings(), open_encoder(options.encoder)
    streams = {name: load(name, encoder, settings, options.cache) for name in options.streams}
    early = {name: split(name, items)[0] for name, items in streams.items()}
    late = {name: split(name, items)[1] for name, items in streams.items()}
    start = dataclasses.replace(start_model(encoder.encoder_id), name="default")
    tried, seen = learn(Workers(early, settings).all, start=start, rounds=options.rounds)
    keep(tried, settings, options.cache)
    model, rows = learn(
        Workers(streams, settings).all, start=tried, rounds=WHOLE_ROUNDS, trained=True
    )
    sparse = dataclasses.replace(start, name="sparse", encoder_id="*")
    report, shipped = [], []
    for fitted, final in ((tried, model), (fit(seen, sparse), fit(rows, sparse))):
        held_out, _ = scored(late, fitted, settings)
        report += [f"## {final.name}, joining at {final.threshold} (shipped)", table(held_out)]
        print("\n".join(report[-2:]), flush=True)
        shipped.append((final, held_out))
        write(options.out, shipped, options.streams)
    for threshold in OTHER_THRESHOLDS:
        other = dataclasses.replace(tried, threshold=threshold)
        report += [f"## default, joining at {threshold}", table(scored(late, other, settings)[0])]
        print("\n".join(report[-2:]), flush=True)
    if options.report:
        options.report.write_text(INTRO + "\n\n".join(report) + "\n")


INTRO = """# Decision

`python tools/train_decision.py --report benchmarks/results/decision.md`

Fitted on the stories that begin in the first 60 % of each set, scored on the rest, as decided
online and without second looks.

"""


def write(out: Path, shipped: Sequence[tuple[Model, Scores]], names: Sequence[str]) -> None:
    models = [
        plain_model(
            model,
            trained_on=names,
            held_out_scores={
                name: {"bcubed_f1": round(row[2], 3), "pairwise_f1": round(row[3], 3)}
                for name, row in scores.items()
            },
        )
        for model, scores in shipped
    ]
    out.write_text(json.dumps({"models": models}, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
