"""Are verified copies copies, and does a shared band find them?

    python benchmarks/run.py near_copies [--quick]

Precision: of all pairs of a labelled set that share a band and pass the verification, the share
whose articles have one gold story. Pairs of one wider `thread` but two stories are left out.
Recall: of listed pairs of known overlap (5-word shingles of the whole page; near_dup: Jaccard .5
or containment .8), the share that shares a band and the share that also passes. `--quick` leaves
recall out. Articles are fingerprinted as the engine does it, furniture masked.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import combinations

from labelled import Labelled, data_folder, read

from storycluster import fingerprint
from storycluster.document import parse
from storycluster.domain import Article
from storycluster.features import UInt32
from storycluster.settings import Settings
from storycluster.text import shingle_units

SETS = ("allsides_stories", "newscluster", "ecbplus", "fnc1", "vietnamese_mds")
SETTINGS = Settings()


@dataclass(frozen=True, slots=True, eq=False)
class Print:
    """The shingle set of one article and the keys under which it is found."""

    shingles: UInt32
    keys: frozenset[int]

    @classmethod
    def of(cls, article: Article) -> Print:
        """As `engine.prepare` makes it."""
        limits = SETTINGS.fingerprint
        document = parse(article, SETTINGS.text)
        units, spaceless = shingle_units(document.prose() or document.title)
        found = fingerprint.shingles(units, spaceless=spaceless, settings=limits)
        signed = fingerprint.signature(found, limits)
        return cls(found, frozenset(fingerprint.band_keys(found, signed, limits)))

    def verifies(self, other: Print) -> bool:
        """Whether the two are near-copies by exact overlap."""
        measured = fingerprint.overlap(self.shingles, other.shingles)
        return fingerprint.is_near_copy(measured, SETTINGS.fingerprint)


def meeting(prints: list[Print]) -> Iterator[tuple[int, int]]:
    """The pairs, lower index first, that share a band; each once."""
    held: dict[int, list[int]] = defaultdict(list)
    for index, one in enumerate(prints):
        for key in one.keys:
            held[key].append(index)
    yield from {pair for indices in held.values() for pair in combinations(indices, 2)}


def precision(items: list[Labelled]) -> Counter[str]:
    """Counts of verified pairs: right, wrong."""
    items = [item for item in items if item.story]
    prints = [Print.of(item.article) for item in items]
    found: Counter[str] = Counter()
    for left, right in meeting(prints):
        a, b = items[left], items[right]
        if a.story != b.story and a.thread and a.thread == b.thread:
            continue
        if prints[left].verifies(prints[right]):
            found["right" if a.story == b.story else "wrong"] += 1
    return found


def listed_pairs() -> list[dict[str, object]]:
    """The pairs of known overlap, as they stand in the file."""
    with gzip.open(data_folder() / "near_dup_pairs_dev.jsonl.gz", "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]


def recall() -> dict[str, Counter[str]]:
    """{label: counts of all, met (share a band), verified (and pass)}."""
    pairs = listed_pairs()
    wanted: dict[str, set[str]] = defaultdict(set)
    for pair in pairs:
        for side in (pair["a"], pair["b"]):
            assert isinstance(side, dict)
            wanted[side["set"]].add(side["id"])
    prints = {
        (name, item.article.article_id): Print.of(item.article)
        for name, ids in sorted(wanted.items())
        for item in read(name)
        if item.article.article_id in ids
    }
    found: dict[str, Counter[str]] = defaultdict(Counter)
    for pair in pairs:
        a, b = (prints[side["set"], side["id"]] for side in (pair["a"], pair["b"]))  # type: ignore[index]  # read from JSON
        counts = found[str(pair["label"])]
        counts["all"] += 1
        counts["met"] += not a.keys.isdisjoint(b.keys)
        counts["verified"] += not a.keys.isdisjoint(b.keys) and a.verifies(b)
        counts["pass"] += a.verifies(b)
    return found


def share(part: int, whole: int) -> str:
    """As ".981", or "-" of nothing."""
    return f"{part / whole:.3f}" if whole else "-"


def main(arguments: list[str] | None = None) -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(description="Precision and recall of verified copies.")
    parser.add_argument("--quick", action="store_true", help="leave recall out")
    options = parser.parse_args(arguments)
    limits = SETTINGS.fingerprint
    print("# Near-copies\n")
    print(f"Scheme `{fingerprint.scheme(limits)}`; Jaccard at least {limits.near_copy_jaccard} or")
    print(f"containment at least {limits.near_copy_containment}.\n")
    print("| set | verified pairs | of one story | precision |\n|---|---|---|---|")
    total: Counter[str] = Counter()
    for name in SETS:
        found = precision(list(read(f"{name}_dev")))
        total += found
        print(f"| {name} | {found.total()} | {found['right']} | {_rate(found)} |", flush=True)
    print(f"| all | {total.total()} | {total['right']} | {_rate(total)} |")
    if not options.quick:
        print("\n| listed pairs | all | share a band | pass | found: both | bands of what passes |")
        print("|---|---|---|---|---|---|")
        for label, counts in sorted(recall().items()):
            whole = counts["all"]
            cells = [share(counts[name], whole) for name in ("met", "pass", "verified")]
            bands = share(counts["verified"], counts["pass"])
            print(f"| {label} | {whole} | {' | '.join(cells)} | {bands} |")
    return 0


def _rate(found: Counter[str]) -> str:
    return share(found["right"], found.total())


if __name__ == "__main__":
    sys.exit(main())
