"""What do the gold pairs of seeds/differences.jsonl score?

A reported span matches a gold span when they share half of the shorter. Claimed counts every
conflict, in every kind of pair.
"""

from __future__ import annotations

import json
import time
from collections import Counter
from datetime import datetime
from pathlib import Path
from typing import Any

from storycluster.difference import compare
from storycluster.document import parse
from storycluster.domain import Article, Difference, Span
from storycluster.ports import Encoder
from storycluster.settings import Settings

SEEDS = Path(__file__).resolve().parents[2] / "seeds"
SETTINGS = Settings()


def rows(name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (SEEDS / name).read_text("utf-8").splitlines() if line]


def articles() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for row in rows("articles.jsonl"):
        found[row["id"]] = row
        found[f"{row['id']}@{row.get('revision') or 1}"] = row
    return found


def report(
    base: dict[str, Any], other: dict[str, Any], encoder: Encoder
) -> tuple[tuple[Difference, ...], float]:
    """The differences of two rows, and the seconds `compare` took."""
    parsed, times = [], []
    for row in (base, other):
        stated = row.get("language") or ""
        article = Article(row["id"], row["title"] or "", row["text"], language=stated)
        parsed.append(parse(article, SETTINGS.text))
        when = row.get("published_at")
        times.append(datetime.fromisoformat(when) if when else None)
    vectors = [
        encoder.encode([d.sentence_text(i) for i in range(len(d.sentences))]) for d in parsed
    ]
    start = time.process_time()
    found, _ = compare(
        parsed[0],
        parsed[1],
        SETTINGS.difference,
        base_vectors=vectors[0],
        other_vectors=vectors[1],
        base_time=times[0],
        other_time=times[1],
    )
    return found, time.process_time() - start


def hits(span: Span | None, row: dict[str, Any], wanted: str) -> bool:
    """Whether span and an occurrence of `wanted` share half of the shorter."""
    if span is None:
        return False
    text = row[span.field] or ""
    at = text.find(wanted)
    while at >= 0:
        shared = min(span.end, at + len(wanted)) - max(span.start, at)
        if 2 * shared >= min(span.end - span.start, len(wanted)):
            return True
        at = text.find(wanted, at + 1)
    return False


def score(gold: dict[str, Any], known: dict[str, dict[str, Any]], encoder: Encoder) -> Counter[str]:
    base, other = known[gold["a"]], known[gold["b"]]
    found, seconds = report(base, other, encoder)
    count: Counter[str] = Counter(pairs=1, reported=len(found))
    count["seconds_us"] = int(seconds * 1e6)
    for change in gold["changed"]:
        both = [
            d
            for d in found
            if hits(d.base, base, change["a"]) and hits(d.other, other, change["b"])
        ]
        kind = "conflict" if change["conflict"] else "same"
        count[kind] += 1
        count[f"{kind}_found"] += bool(both)
        count[f"{kind}_flagged"] += any(d.conflict for d in both)
    for side, row in (("a", base), ("b", other)):
        for span in gold[f"only_{side}"]:
            count["only"] += 1
            count["only_found"] += any(
                hits(d.base if side == "a" else d.other, row, span) for d in found
            )
    for d in found:
        right = [
            c
            for c in gold["changed"]
            if hits(d.base, base, c["a"]) and hits(d.other, other, c["b"])
        ]
        alone = [s for s in gold["only_a"] if hits(d.base, base, s)]
        alone += [s for s in gold["only_b"] if hits(d.other, other, s)]
        if d.conflict:
            count["claimed"] += 1
            count["claimed_right"] += any(c["conflict"] for c in right)
        if gold["kind"] != "related":
            count["judged"] += 1
            count["judged_right"] += bool(right or alone)
    return count


def scores(encoder: Encoder) -> tuple[dict[str, Counter[str]], list[float]]:
    """{kind, and "all": the counts}, and the milliseconds of each pair."""
    known = articles()
    kinds: dict[str, Counter[str]] = {}
    spent = []
    for gold in rows("differences.jsonl"):
        count = score(gold, known, encoder)
        spent.append(count.pop("seconds_us") / 1000)
        kinds.setdefault(gold["kind"], Counter()).update(count)
    return kinds | {"all": sum(kinds.values(), Counter())}, spent
