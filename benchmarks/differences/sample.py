"""How many of the differences reported between independent reports are right, read one by one?

    PYTHONPATH=.:tools python -m benchmarks.differences.sample --seed 11 --count 100 > to_read.txt
    PYTHONPATH=.:tools python -m benchmarks.differences.sample --verdicts

The first draws differences and prints them for reading; `--list FILE` writes them without any text,
as JSON Lines: set, ids, type, spans as [field, start, end], and whether a conflict is claimed. The
second prints the table over the same lines with `verdict` and `reason` added, by default those of
benchmarks/gold/hand_checked.jsonl. The same seed draws the same pairs; what is reported of them is
what the program reports today, so verdicts are of the day they name.
"""

from __future__ import annotations

import argparse
import json
import math
import random
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import combinations, zip_longest
from pathlib import Path

from labelled import Labelled, read

from benchmarks.differences.gold import GOLD, Row, labelled_rows, references
from storycluster.backends import open_encoder
from storycluster.document import parse
from storycluster.domain import Article, Difference, Span
from storycluster.engine import compare_articles
from storycluster.ports import Encoder
from storycluster.settings import Settings

SETS = ("allsides_stories_dev", "newscluster_dev")
VERDICTS = GOLD / "hand_checked.jsonl"
SAMPLE, CONFLICTS = "sample", "conflicts"
POOLED_PAIRS = 100
PAIRS_OF_A_STORY = 3  # or a story of twenty reports tells one conflict again and again
LEAST_OF_A_TYPE = 3
WANTED_CONFLICTS = 40
_AROUND = 250  # characters shown on either side of a span
_NEAREST = 5  # sentences shown of a side that is said to lack it
_Z = 1.96  # 95 %


@dataclass(frozen=True, slots=True)
class Pair:
    """Two independent reports of one labelled set."""

    name: str
    base: Article
    other: Article


@dataclass(frozen=True, slots=True)
class Found:
    """One reported difference, and why it is read: for the sample or as a claimed conflict."""

    part: str
    pair: Pair
    difference: Difference

    def row(self) -> Row:
        """It without text."""
        told = self.difference
        return {
            "part": self.part,
            "set": self.pair.name,
            "base_id": self.pair.base.article_id,
            "other_id": self.pair.other.article_id,
            "type": told.type.value,
            "base": _reference(told.base),
            "other": _reference(told.other),
            "conflict": told.conflict,
        }


def _reference(span: Span | None) -> tuple[str, int, int] | None:
    return (span.field, span.start, span.end) if span else None


def drawn_pairs(draw: random.Random) -> Iterator[Pair]:
    """Pairs of the sets in turn, and of each set one of every story before a second of any."""
    known = _read_before() | _near_copies()
    for turn in zip_longest(*(_pairs(name, known, draw) for name in SETS)):
        yield from (pair for pair in turn if pair is not None)


def _read_before() -> set[frozenset[str]]:
    """Pairs of the gold, which the comparison was developed on."""
    rows = references("differences")
    return {frozenset(str(row[side].get("id", "")) for side in "ab") for row in rows}


def _near_copies() -> set[frozenset[str]]:
    """Pairs that are listed for what they share, word for word."""
    rows = labelled_rows("near_dup_pairs_dev")
    return {frozenset((row["a"]["id"], row["b"]["id"])) for row in rows}


def _pairs(name: str, known: set[frozenset[str]], draw: random.Random) -> list[Pair]:
    stories: dict[str, list[Labelled]] = defaultdict(list)
    sources = {row["id"]: row["source"] for row in labelled_rows(name)}
    for row in read(name):
        if row.story and row.article.text:
            stories[row.story].append(row)
    ranked = []
    for story in sorted(stories):
        members = sorted((row.article for row in stories[story]), key=lambda one: one.article_id)
        fit = [
            draw.sample(pair, 2)
            for pair in combinations(members, 2)
            if frozenset(one.article_id for one in pair) not in known
            and len({sources[one.article_id] for one in pair}) > 1
        ]
        draw.shuffle(fit)
        ranked += [(turn, draw.random(), Pair(name, *pair)) for turn, pair in enumerate(fit)]
    ranked.sort(key=lambda one: one[:2])
    return [pair for turn, _, pair in ranked if turn < PAIRS_OF_A_STORY]


def reported(pair: Pair, encoder: Encoder) -> tuple[Difference, ...]:
    """What `compare` reports of the pair."""
    found = compare_articles(pair.base, pair.other, encoder=encoder, settings=Settings())
    return found.differences


def drawn(seed: int, count: int, encoder: Encoder) -> tuple[list[Found], Counter[str]]:
    """A sample stratified over the types, then every conflict claimed until there are enough; and
    how many pairs were compared and differences pooled for it."""
    draw = random.Random(seed)
    pairs = drawn_pairs(draw)
    pooled, conflicts = [], []
    counts: Counter[str] = Counter()
    for pair in pairs:
        found = reported(pair, encoder)
        counts["pairs"] += 1
        conflicts += [Found(CONFLICTS, pair, one) for one in found if one.conflict]
        if counts["pairs"] <= POOLED_PAIRS:
            pooled += [Found(SAMPLE, pair, one) for one in found]
        elif len(conflicts) >= WANTED_CONFLICTS:
            break
    counts.update(one.difference.type.value for one in pooled)
    return stratified(pooled, count, draw) + conflicts[:WANTED_CONFLICTS], counts


def stratified(pooled: Sequence[Found], count: int, draw: random.Random) -> list[Found]:
    """So many, of each type in proportion but no fewer than `LEAST_OF_A_TYPE`."""
    types: dict[str, list[Found]] = defaultdict(list)
    for one in pooled:
        types[one.difference.type.value].append(one)
    chosen = []
    for name, quota in sorted(quotas({k: len(v) for k, v in types.items()}, count).items()):
        chosen += draw.sample(types[name], quota)
    return chosen


def quotas(sizes: dict[str, int], count: int) -> dict[str, int]:
    """The least that each type has, the rest one by one to the type that is furthest behind."""
    taken = {name: min(LEAST_OF_A_TYPE, size) for name, size in sizes.items()}
    while sum(taken.values()) < min(count, sum(sizes.values())):
        open_ = [name for name in sorted(sizes) if taken[name] < sizes[name]]
        taken[max(open_, key=lambda name: sizes[name] / (taken[name] + 0.5))] += 1
    return taken


def shown(number: int, found: Found, encoder: Encoder) -> list[str]:
    """What a reader needs to judge it: each span between brackets in its surroundings, and of a
    side that is said to lack it the nearest sentences."""
    told = found.difference
    claim = " CONFLICT" if told.conflict else ""
    lines = [f"## {number} {found.part} {told.type.value}{claim} ({found.pair.name})"]
    spans = (told.base, told.other)
    for side, article, span in zip("BO", (found.pair.base, found.pair.other), spans, strict=True):
        when = f"{article.publish_time:%a %Y-%m-%d}" if article.publish_time else "undated"
        lines.append(f"{side} {article.article_id} {when} | {article.title}")
        if span is not None:
            lines.append(f"  {_in_place(article, span)}")
            continue
        known = told.base or told.other
        assert known is not None
        lines += (f"  ~ {said}" for said in _nearest(article, known.text, encoder))
    return lines


def _in_place(article: Article, span: Span) -> str:
    whole = article.title if span.field == "title" else article.text
    before = whole[max(0, span.start - _AROUND) : span.start]
    after = whole[span.end : span.end + _AROUND]
    return f"{before}[[{whole[span.start : span.end]}]]{after}".replace("\n", " / ")


def _nearest(article: Article, said: str, encoder: Encoder) -> list[str]:
    document = parse(article, Settings().text)
    texts = [document.sentence_text(i) for i in range(len(document.sentences))]
    vectors = encoder.encode([said, *texts])
    order = (vectors[1:] @ vectors[0]).argsort()[::-1][:_NEAREST]
    return [texts[i].replace("\n", " / ") for i in order]


def wilson(right: int, of: int) -> tuple[float, float]:
    """The 95 % interval of a share."""
    share, square = right / of, _Z * _Z
    middle = share + square / (2 * of)
    half = _Z * math.sqrt(share * (1 - share) / of + square / (4 * of * of))
    return (middle - half) / (1 + square / of), (middle + half) / (1 + square / of)


def table(rows: Iterable[Row]) -> list[str]:
    """Precision by type, of the whole sample, and of the claimed conflicts."""
    reasons: dict[str, dict[str, Counter[str]]] = defaultdict(
        lambda: {"right": Counter(), "wrong": Counter()}
    )
    last = ("all", "conflicts claimed")
    for row in rows:
        for kind in ("all", row["type"]) if row["part"] == SAMPLE else last[1:]:
            reasons[kind][row["verdict"]][row["reason"]] += 1
    lines = ["| read | right | precision | 95 % | right as | wrong as |", "|" + "---|" * 6]
    for kind in [*sorted(set(reasons) - set(last)), *(kind for kind in last if kind in reasons)]:
        right, wrong = (reasons[kind][verdict] for verdict in ("right", "wrong"))
        of = right.total() + wrong.total()
        low, high = wilson(right.total(), of)
        share = f"{right.total()}/{of} | {right.total() / of:.3f} | {low:.2f} to {high:.2f}"
        lines.append(f"| {kind} | {share} | {_counts(right)} | {_counts(wrong)} |")
    return lines


def _counts(reasons: Counter[str]) -> str:
    return ", ".join(f"{reason} {count}" for reason, count in reasons.most_common())


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").split("\n", maxsplit=1)[0])
    parser.add_argument("--seed", type=int, default=11)
    parser.add_argument("--count", type=int, default=100, help="differences in the sample")
    parser.add_argument("--list", type=Path, help="where the drawn differences are written")
    parser.add_argument("--verdicts", type=Path, nargs="?", const=VERDICTS, help="score these")
    options = parser.parse_args()
    if options.verdicts:
        lines = options.verdicts.read_text("utf-8").splitlines()
        print("\n".join(table(map(json.loads, lines))))
        return
    encoder = open_encoder("default")
    found, counts = drawn(options.seed, options.count, encoder)
    print("# " + ", ".join(f"{name} {count}" for name, count in counts.most_common()))
    for number, one in enumerate(found, 1):
        print("\n".join(["", *shown(number, one, encoder)]))
    if options.list:
        kept = (json.dumps(one.row(), ensure_ascii=False) + "\n" for one in found)
        options.list.write_text("".join(kept), "utf-8")


if __name__ == "__main__":
    main()
