"""How good are the stories, on later articles than those the decision was fitted on?

    python benchmarks/quality.py [--quick] [--write]

The decision is fitted by tools/train_decision.py on the stories that begin in the first 60 % of
each labelled set and frozen; the rest arrives in order of time at an engine on the memory store.
"online": the story of each article as acknowledged; "repaired": after the second looks. og2021 is
read here only, never trained on; its whole stream is scored. What ships is then fitted on all of
the sets, so that these are estimates for other articles of the same kinds.
"""

from __future__ import annotations

import argparse
import dataclasses
import random
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))
import train_decision
from labelled import Labelled, data_folder, read

from storycluster.backends import open_encoder
from storycluster.decision import Model
from storycluster.evaluate import Decided, adjusted_rand, arrivals, bcubed, pairwise, replay, report
from storycluster.ports import Encoder
from storycluster.settings import Settings

RESULTS = Path(__file__).parent / "results/quality.md"
DISTRACTORS = 4
SEEDS = (1, 2)


@dataclasses.dataclass(frozen=True)
class Kind:
    """One row: a stream and what its B-cubed F1 and pairwise F1 must and should be."""

    label: str
    stream: str
    must: str
    aim: str
    distractors: bool = False


KINDS = (
    Kind("newscluster", "newscluster", ".91 / .84", ".95 / .92"),
    Kind("vietnamese_mds", "vietnamese_mds", ".945 / .88", ".97 / .94"),
    Kind("ecbplus", "ecbplus", ".89 / .86", ".93 / .91"),
    Kind("fnc1 (no title, no date)", "fnc1", ".925 / .92", ".95 / .95"),
    Kind("allsides_stories", "allsides_stories", ".91 / .78", ".93 / .83"),
    Kind("... among 4 x distractors", "allsides_stories", ".90 / .77", ".925 / .84", True),
    Kind("allsides_headlines, dated", "allsides_headlines", ".88 / .72", ".92 / .83"),
    Kind("allsides_headlines, undated", "allsides_headlines undated", ".75 / -", ".85 / -"),
)
QUICK = ("newscluster", "vietnamese_mds")
SHUFFLED = ("newscluster", "vietnamese_mds", "allsides_stories")


def late(stream: str) -> list[Labelled]:
    """The articles of the stories that the decision was not fitted on, in the file's order."""
    name, _, variant = stream.partition(" ")
    rows = list(read(f"{name}_dev"))
    chosen = train_decision.later_stories(rows)
    return [
        dataclasses.replace(row, article=train_decision.VARIANTS[variant](row.article))
        for row in rows
        if row.story in chosen
    ]


def distractors(rows: Sequence[Labelled]) -> list[Labelled]:
    """Unlabelled articles of the same months, DISTRACTORS for each row."""
    days = [row.article.publish_time for row in rows if row.article.publish_time]
    others = [
        one
        for one in read("news_background_2016_2018")
        if one.article.publish_time and min(days) <= one.article.publish_time <= max(days)
    ]
    count = min(len(others), DISTRACTORS * len(rows))
    return sorted(random.Random(0).sample(others, count), key=lambda one: one.article.article_id)


def decided(
    rows: Sequence[Labelled],
    encoder: Encoder,
    model: Model,
    *,
    background: Sequence[Sequence[Labelled]] = (),
    order_seed: int | None = None,
) -> Sequence[Decided]:
    stream = arrivals(rows, background, order_seed=order_seed)
    return replay(stream, encoder, model=model).decided


def quality_rows(kinds: Sequence[Kind], encoder: Encoder, model: Model) -> list[str]:
    lines = [
        "| kind | articles | must | aim | B3 P | B3 R | online | repaired | ARI online |",
        "|---|---|---|---|---|---|---|---|---|",
    ]
    print("\n".join(lines))
    for kind in kinds:
        rows = late(kind.stream)
        mixed = [distractors(rows)] if kind.distractors else []
        told = report(decided(rows, encoder, model, background=mixed), rows)
        b3, repaired = told["bcubed"], told["after_repair"]
        lines.append(
            f"| {kind.label} | {len(rows)} | {kind.must} | {kind.aim} | {b3['precision']:.3f} "
            f"| {b3['recall']:.3f} | {b3['f1']:.3f} / {told['pairwise']['f1']:.3f} "
            f"| {repaired['bcubed']['f1']:.3f} / {repaired['pairwise']['f1']:.3f} "
            f"| {told['ari']:.3f} |"
        )
        print(lines[-1], flush=True)
    return lines


def language_rows(encoder: Encoder, model: Model) -> list[str]:
    """og2021: across languages, and the same stories cut at the borders of language."""
    rows = list(read("og2021_headlines_dev"))
    found = decided(rows, encoder, model)
    lines = ["| og2021 | must | aim | online | repaired |", "|---|---|---|---|---|"]
    for label, must, aim, cut in (
        ("all languages", ".63 / .40", ".70 / -", False),
        ("within language", ".71 / .52", ".76 / -", True),
    ):
        gold = _cut({row.article.article_id: row.story for row in rows if row.story}, rows, cut)
        shown = []
        for story in (lambda one: one.story, lambda one: one.story_after_repair):
            predicted = _cut({one.article_id: story(one) for one in found}, rows, cut)
            shown.append(f"{bcubed(predicted, gold).f1:.3f} / {pairwise(predicted, gold).f1:.3f}")
        lines.append(f"| {label} | {must} | {aim} | {shown[0]} | {shown[1]} |")
    print("\n".join(lines), flush=True)
    return lines


def _cut(partition: dict[str, str], rows: Sequence[Labelled], within: bool) -> dict[str, str]:
    if not within:
        return partition
    language = {row.article.article_id: row.article.language for row in rows}
    return {one: f"{language[one]} {story}" for one, story in partition.items()}


def order_rows(names: Sequence[str], encoder: Encoder, model: Model) -> list[str]:
    """How alike the stories of two orders of arrival are, shuffled within a day."""
    lines = [
        "| arrivals shuffled within a day | must | aim | ARI online | ARI repaired |",
        "|---|---|---|---|---|",
    ]
    for name in names:
        rows = late(name)
        one, other = (decided(rows, encoder, model, order_seed=seed) for seed in SEEDS)
        alike = [_alike(one, other, story) for story in (_online, _repaired)]
        lines.append(f"| {name} | .90 | .95 | {alike[0]:.3f} | {alike[1]:.3f} |")
    print("\n".join(lines), flush=True)
    return lines


def _online(one: Decided) -> str:
    return one.story


def _repaired(one: Decided) -> str:
    return one.story_after_repair


def _alike(
    one: Sequence[Decided], other: Sequence[Decided], story: Callable[[Decided], str]
) -> float:
    first, second = ({made.article_id: story(made) for made in side} for side in (one, other))
    return adjusted_rand(first, second)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="only the two smallest sets")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    options = parser.parse_args()
    if not data_folder().is_dir():
        raise SystemExit(f"no labelled data in {data_folder()}; set STORYCLUSTER_SHARED")
    encoder = open_encoder("default")
    model = train_decision.early_model(encoder, Settings())
    kinds = [kind for kind in KINDS if not options.quick or kind.stream in QUICK]
    blocks = [quality_rows(kinds, encoder, model)]
    blocks.append(order_rows(QUICK if options.quick else SHUFFLED, encoder, model))
    if not options.quick:
        blocks.append(language_rows(encoder, model))
    if options.write:
        intro = f"# Story quality\n\n{(__doc__ or '').strip()}\n\nB-cubed F1 / pairwise F1.\n\n"
        RESULTS.write_text(intro + "\n\n".join("\n".join(lines) for lines in blocks) + "\n")


if __name__ == "__main__":
    main()
