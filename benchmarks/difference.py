"""How much of what two articles say differently is found, how much of it is right, how fast?

    python benchmarks/difference.py [--quick] [--write]

Six parts: the toy pairs of seeds/, pairs of real articles with a gold made by hand, hand-aligned
revisions, real articles with one known edit, the time beside difflib, and what must hold for any
article. All but the first need the labelled files, the second also the scoring script beside them;
a part is left out where they are missing. Everywhere, a reported span matches a gold span when they
share half of the shorter.
"""

from __future__ import annotations

import argparse
import os
import platform
import random
import statistics
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))
sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tools"))
import labelled

from benchmarks.differences import aligned, cost, edits, gold, mirrored, toys
from storycluster.backends import open_encoder
from storycluster.domain import Article
from storycluster.ports import Encoder

RESULTS = Path(__file__).parent / "results/difference.md"
SEED = 7
BACKGROUND = "news_background_2016_2018"


@dataclass(frozen=True, slots=True)
class Size:
    """How many articles and pairs are taken, and of how many words the long pairs are."""

    articles: int = 200
    pairs: int = 200
    rounds: int = 2
    long_words: int = 50_000


QUICK = Size(articles=20, pairs=20, rounds=1, long_words=5_000)


def seed_rows(encoder: Encoder) -> list[str]:
    """The table over the gold pairs of seeds/."""
    kinds, spent = toys.scores(encoder)
    lines = [
        "## Toy pairs",
        "",
        "Gold pairs of seeds/differences.jsonl; found / gold, right / reported.",
        "",
        "| pairs | reported | conflicts found | flagged | same fact flagged (wrong) "
        "| conflicts claimed, right | only one side, found | all reported, right |",
        "|---|---|---|---|---|---|---|---|",
    ]
    lines += [
        f"| {kind} {c['pairs']} | {c['reported']} | {c['conflict_found']}/{c['conflict']} "
        f"| {c['conflict_flagged']}/{c['conflict']} | {c['same_flagged']}/{c['same']} "
        f"| {c['claimed_right']}/{c['claimed']} | {c['only_found']}/{c['only']} "
        f"| {c['judged_right']}/{c['judged']} |"
        for kind, c in kinds.items()
    ]
    told = f"median {statistics.median(spent):.1f} ms, longest {max(spent):.1f} ms"
    return [*lines, "", f"`compare` alone: {told} of processor time."]


def gold_rows(encoder: Encoder) -> list[str]:
    """The table over the gold made by hand."""
    title = ["## Pairs of real articles, gold made by hand", ""]
    scoring = gold.scorer()
    if scoring is None:
        return [*title, "Left out: there is no score_differences.py in the shared folder of tools."]
    lines = [
        *title,
        "References and offsets: benchmarks/gold/differences.jsonl. Scored by the shared "
        "score_differences.py",
        "on what `storycluster compare --pairs --json` prints. No held-out scores: 30 of the "
        "related pairs (ids",
        "r2...) and all of the others were read while the comparison was developed. Precision is "
        "of spans in",
        "revisions and near copies; leaks are spans in furniture, aligned lost are sentences that "
        "both have and",
        "that were reported as added or removed.",
        "",
        "| pairs | reported | conflicts found | of the right type | other changes found "
        "| false alarms | only in a, found | only in b, found | precision | leaks | aligned lost |",
        "|" + "---|" * 11,
    ]
    asked = (
        ("conflict_found", "conflict"),
        ("conflict_typed", "conflict"),
        ("soft_found", "soft"),
        ("false_alarm", "must_not"),
        ("only_a_found", "only_a"),
        ("only_b_found", "only_b"),
        ("right", "judged"),
        ("leaks", "spans"),
        ("aligned_lost", "aligned"),
    )
    for kind, c in gold.scores(scoring, encoder).items():
        cells = " | ".join(share(c[part], c[whole]) for part, whole in asked)
        lines.append(f"| {kind} {c['pairs']} | {c['differences']} | {cells} |")
    return lines


def share(part: int, whole: int) -> str:
    """The two numbers and their ratio."""
    return f"{part}/{whole} = {part / whole:.3f}" if whole else "-"


def alignment_rows(encoder: Encoder) -> list[str]:
    """The table over the hand-aligned revisions."""
    count = len(gold.references("alignment"))
    lines = [
        "## Sentences aligned",
        "",
        f"{count} hand-aligned revisions, benchmarks/gold/alignment.jsonl. Two links match where "
        "their spans share",
        f"half of the shorter on both sides; links of sentences under {aligned.LEAST_WORDS} words "
        "do not count. difflib links equal",
        "lines or sentences, and in replaced blocks the most alike from a ratio of .6.",
        "",
        "| | links | precision | recall | F1 |",
        "|---|---|---|---|---|",
    ]
    for way, c in aligned.scores(encoder).items():
        precision, recall, f1 = aligned.f1(c)
        lines.append(f"| {way} | {c['links']} | {precision:.3f} | {recall:.3f} | {f1:.3f} |")
    return lines


def background(size: Size) -> list[Article]:
    """Real articles of 200 to 900 words, drawn once and for all."""
    fit = [
        row.article
        for row in labelled.read(BACKGROUND)
        if 200 <= len(row.article.text.split()) <= 900
    ]
    return random.Random(SEED).sample(sorted(fit, key=lambda one: one.article_id), size.articles)


def edit_rows(chosen: Sequence[Article], encoder: Encoder) -> list[str]:
    """The table over the known edits."""
    kinds, total = edits.scores(chosen, encoder, SEED)
    lines = [
        "## One known edit",
        "",
        f"{len(chosen)} articles of {BACKGROUND} with 200 to 900 words, one edit of each kind",
        f"where an article has a place for it, seed {SEED}. Recall: the edit is reported as its",
        "type with both places, or in any way. Precision: of all differences of the type in all",
        f"{total['pairs']} pairs, those that are such an edit. Typography: quotes, dashes and",
        "spaces of a paragraph, where nothing may be reported.",
        "",
        "| edit | reported as | edits | recall | in any way | precision | conflict claimed |",
        "|---|---|---|---|---|---|---|",
    ]
    for kind, (_, wanted) in edits.KINDS.items():
        c = kinds[kind]
        if wanted is None:
            told = share(c["silent"], c["edits"])
            lines.append(f"| {kind} | nothing | {c['edits']} | {told} | | | |")
            continue
        conflict = share(c["conflict"], c["edits"]) if c["conflict"] else ""
        lines.append(
            f"| {kind} | {wanted.value} | {c['edits']} | {share(c['typed'], c['edits'])} "
            f"| {share(c['found'], c['edits'])} | {share(c['right'], c['reported'])} "
            f"| {conflict} |"
        )
    return [
        *lines,
        "",
        f"Of {total['reported']} differences reported in all, {total['off']} touch no edit.",
    ]


def timed_pairs(size: Size) -> list[tuple[str, list[cost.Pair]]]:
    """Independent reports and versions, half and half, cut or joined to 800 words."""
    kinds = ("related", cost.related_pairs()), ("revision", cost.revision_pairs())
    return [(kind, list(islice(cost.sized(pairs, 800), size.pairs // 2))) for kind, pairs in kinds]


def cost_rows(short: list[tuple[str, list[cost.Pair]]], size: Size, encoder: Encoder) -> list[str]:
    """The table of times."""
    lines = [
        "## Time",
        "",
        f"Milliseconds of processor time, the least of {size.rounds}; articles of 800 words are "
        "cut, or joined from several.",
        "Articles compared: parsed, fingerprinted, encoded and compared, as the command line does "
        "it. Ratios are of the medians.",
        "",
        "| pairs | what | p50 | p99 | ÷ difflib, lines | ÷ difflib, words |",
        "|---|---|---|---|---|---|",
    ]
    cost.timed(short[0][1][:1], encoder, rounds=1)  # the first reads tables from the disk
    for kind, pairs in short:
        times = cost.timed(pairs, encoder, rounds=size.rounds)
        lines += time_rows(f"{len(pairs)} {kind}, 800 words", times)
    for kind, pairs in (("related", cost.related_pairs()), ("revision", cost.revision_pairs())):
        long = list(islice(cost.sized(pairs, size.long_words), 1))
        times = cost.timed(long, encoder, rounds=1)
        lines += time_rows(f"1 {kind}, {size.long_words:,} words", times)
    load = f"load average {os.getloadavg()[0]:.1f} at the end"
    machine = f"Python {platform.python_version()}, {os.cpu_count()} cores, {load}."
    return [*lines, "", machine]


def time_rows(pairs: str, times: cost.Times) -> list[str]:
    """A row for each thing timed."""
    middle = {way: times.quantile(way, 0.5) for way in cost.WAYS}
    rows = []
    for way, spent in times.spent.items():
        last = f"{times.quantile(way, 0.99):,.1f}" if len(spent) > 1 else ""
        ratios = (middle[way] / middle[beside] for beside in cost.WAYS[2:])
        cells = " | ".join(f"{ratio:,.2f}" for ratio in ratios)
        rows.append(f"| {pairs} | {way} | {middle[way]:,.1f} | {last} | {cells} |")
    return rows


def mirror_rows(
    chosen: Sequence[Article], short: list[tuple[str, list[cost.Pair]]], encoder: Encoder
) -> list[str]:
    """What must hold for any article."""
    same = mirrored.same_to_themselves(chosen, encoder)
    lines = [
        "## Identity and symmetry",
        "",
        f"{same} of {len(chosen)} articles differ in nothing from themselves.",
        "",
        "| sides swapped | pairs | added and removed swap | everything else is the same too |",
        "|---|---|---|---|",
    ]
    for kind, pairs in short:
        added, everything = mirrored.symmetric(pairs, encoder)
        lines.append(f"| {kind}, 800 words | {len(pairs)} | {added} | {everything} |")
    return lines


def parts(encoder: Encoder, size: Size) -> list[Callable[[], list[str]]]:
    """What makes each part of the results, in order."""
    if not labelled.data_folder().is_dir():
        left = "Left out: pairs of real articles, alignment, edits, time, identity and symmetry. "
        left += "There are no labelled files; STORYCLUSTER_SHARED names the folder of their `data`."
        return [lambda: seed_rows(encoder), lambda: [left]]
    chosen, short = background(size), timed_pairs(size)
    return [
        lambda: seed_rows(encoder),
        lambda: gold_rows(encoder),
        lambda: alignment_rows(encoder),
        lambda: edit_rows(chosen, encoder),
        lambda: cost_rows(short, size, encoder),
        lambda: mirror_rows(chosen, short, encoder),
    ]


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n")[0])
    parser.add_argument("--quick", action="store_true", help="fewer articles and pairs")
    parser.add_argument("--write", action="store_true", help=f"write {RESULTS.name}")
    options = parser.parse_args()
    blocks = [["# Differences between two articles", "", "    python benchmarks/run.py difference"]]
    print("\n".join(blocks[0]))
    for part in parts(open_encoder("default"), QUICK if options.quick else Size()):
        blocks.append(part())
        print("\n" + "\n".join(blocks[-1]), flush=True)
    if options.write:
        RESULTS.write_text("\n\n".join("\n".join(lines) for lines in blocks) + "\n", "utf-8")


if __name__ == "__main__":
    main()
