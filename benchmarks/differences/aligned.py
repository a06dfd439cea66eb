"""How many of the sentences that belong together are linked, and how many links are right?

Measured on the hand-aligned revisions, beside two plain uses of difflib on the same texts.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from difflib import SequenceMatcher

from benchmarks.differences.gold import compared, references, revisions
from storycluster.ports import Encoder
from storycluster.settings import Settings

Spot = tuple[int, int]
Link = tuple[int, int, int, int]

LEAST_WORDS = 5
_PAIRED = 0.6  # the cut-off of difflib.get_close_matches
_LINE = re.compile(r"\S[^\n]*")
_SENTENCE_END = re.compile(r"(?<=[.!?])[”’\"')\]]*\s+")


def shares_half(one: Spot, two: Spot) -> bool:
    """Whether two spans share half of the shorter."""
    shared = min(one[1], two[1]) - max(one[0], two[0])
    return shared > 0 and 2 * shared >= min(one[1] - one[0], two[1] - two[0])


def lines(text: str) -> list[Spot]:
    """The lines that are not blank."""
    return [match.span() for match in _LINE.finditer(text)]


def sentences(text: str) -> list[Spot]:
    """The lines, cut after each full stop, exclamation or question mark."""
    found = []
    for start, end in lines(text):
        at = start
        for match in _SENTENCE_END.finditer(text, start, end):
            found.append((at, match.end() - len(match.group()) + len(match.group().rstrip())))
            at = match.end()
        if at < end:
            found.append((at, end))
    return found


def by_difflib(a: str, b: str, units: Callable[[str], list[Spot]]) -> list[Link]:
    """Equal units in difflib's order; in a replaced block the most alike, best first."""
    left, right = units(a), units(b)
    said = [a[start:end] for start, end in left], [b[start:end] for start, end in right]
    pairs: list[tuple[int, int]] = []
    for tag, i, i_end, j, j_end in SequenceMatcher(None, *said, autojunk=False).get_opcodes():
        if tag == "equal":
            pairs += zip(range(i, i_end), range(j, j_end), strict=True)
        elif tag == "replace":
            pairs += _alike(said, range(i, i_end), range(j, j_end))
    return [(*left[i], *right[j]) for i, j in sorted(pairs)]


def _alike(
    said: tuple[Sequence[str], Sequence[str]], rows: range, columns: range
) -> Iterator[tuple[int, int]]:
    scored = [
        (SequenceMatcher(None, said[0][i], said[1][j], autojunk=False).ratio(), i, j)
        for i in rows
        for j in columns
    ]
    used: set[tuple[str, int]] = set()
    for ratio, i, j in sorted(scored, key=lambda one: (-one[0], one[1], one[2])):
        if ratio >= _PAIRED and not {("a", i), ("b", j)} & used:
            used |= {("a", i), ("b", j)}
            yield i, j


def scores(encoder: Encoder, *, beside: bool = True) -> dict[str, Counter[str]]:
    """{way of aligning: links, right, gold, found} over all hand-aligned revisions; `beside`:
    difflib as well."""
    settings, known = Settings(), revisions()
    counts: dict[str, Counter[str]] = {}
    for row in references("alignment"):
        a, b = known[row["pair"]]
        texts = a["text"], b["text"]
        found = compared(a, b, encoder, settings).aligned
        ways = {
            "storycluster": [
                (one.base.start, one.base.end, one.other.start, one.other.end) for one in found
            ]
        }
        if beside:
            ways["difflib by lines"] = by_difflib(*texts, lines)
            ways["difflib by sentences"] = by_difflib(*texts, sentences)
        gold = [(*link,) for link in row["links"]]
        for way, links in ways.items():
            counts.setdefault(way, Counter()).update(_count(texts, links, gold))
    return counts


def f1(count: Counter[str]) -> tuple[float, float, float]:
    """(precision, recall, F1)."""
    precision, recall = count["right"] / count["links"], count["found"] / count["gold"]
    return precision, recall, 2 * precision * recall / (precision + recall)


def _count(texts: tuple[str, str], links: Sequence[Link], gold: Sequence[Link]) -> Counter[str]:
    """Links of short sentences are neither asked for nor held against anybody."""
    asked = [link for link in gold if _long(texts, link)]
    made = [link for link in links if _long(texts, link)]
    return Counter(
        links=len(made),
        right=sum(any(_same(one, two) for two in gold) for one in made),
        gold=len(asked),
        found=sum(any(_same(one, two) for two in links) for one in asked),
    )


def _long(texts: tuple[str, str], link: Link) -> bool:
    sides = texts[0][link[0] : link[1]], texts[1][link[2] : link[3]]
    return all(len(side.split()) >= LEAST_WORDS for side in sides)


def _same(one: Link, two: Link) -> bool:
    return shares_half(one[:2], two[:2]) and shares_half(one[2:], two[2:])
