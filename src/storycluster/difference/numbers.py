"""Can two stated numbers both be true, and are they about the same thing?"""

from __future__ import annotations

import math
from dataclasses import replace

from storycluster.alignment import Link
from storycluster.difference.matching import one_to_one
from storycluster.difference.side import Side, all_else_equal
from storycluster.domain import Difference, DifferenceType
from storycluster.facts import Quantity
from storycluster.facts.lexicon import EXTENTS, UNITS

ALIKE = 0.5
"""Lesser figure by the greater from which both may be stages or estimates of one thing."""

_BARE = {"about": "about"}
_ABOUT = 0.10  # "about 100" may be 90 to 110
_LARGE = 100  # a round number from here on may be rounded, by no more than "about" allows
_INSIDE = 0.999  # 1.4 and 1.5 million cannot both be 1.45 million rounded
_CONVERTED = 0.05  # 25 miles and 40 kilometres are one distance
_EXTENTS = frozenset(EXTENTS.values())
_FACTORS = {unit: factor for unit, _, factor in UNITS.values()}


def agree(one: Quantity, two: Quantity) -> bool:
    """Whether both can hold: after unit conversion, "about", "at least" and rounding. Of two
    estimates in one unit each means itself: "some 1.4 million" is not "about 1.5 million"."""
    if one.kind == "score" or two.kind == "score":
        return {one.low, one.high} == {two.low, two.high}
    if one.kind == two.kind == "percent" and abs(one.low + two.low - 100) <= 1:
        return True  # "5 percent restored" and "95 percent without" are one statement.
    slack = 0.0 if one.unit == two.unit else _CONVERTED
    if one.unit == two.unit and one.approximate == two.approximate == "about":
        one, two = (replace(q, approximate="rounded") for q in (one, two))
    low1, high1 = _interval(one, slack)
    low2, high2 = _interval(two, slack)
    return low1 <= high2 and low2 <= high1


def differ(one: Quantity, two: Quantity) -> bool:
    """Whether the figures differ beyond rounding, "about" and unit, whatever bound they state."""
    return not agree(
        *(replace(q, approximate=_BARE.get(q.approximate, "exact")) for q in (one, two))
    )


def contradict(one: Quantity, two: Quantity) -> bool:
    """Whether two figures for one thing conflict: they cannot both hold, or they are two tolls or
    two lower bounds, of which one is out of date."""
    if not differ(one, two):
        return False
    toll = bool(one.state) and one.state == two.state
    return not agree(one, two) or toll or one.approximate == two.approximate


def nearness(one: Quantity, two: Quantity) -> float:
    """The lesser of two figures in one unit, by the greater: 0..1."""
    low, high = sorted(q.low * _FACTORS.get(q.unit, 1.0) for q in (one, two))
    return low / high if low > 0 else 0.0


def in_words(quantity: Quantity) -> str:
    """Normalised value: "36 target", "40 kilometre", "at_least 12 person dead"."""
    value = _plain(quantity.low)
    if quantity.high != quantity.low:
        value += "-" + _plain(quantity.high)
    parts = ("" if quantity.approximate == "exact" else quantity.approximate, value)
    noun = quantity.noun if quantity.kind in ("cardinal", "ordinal") else ""
    return " ".join(p for p in (*parts, quantity.unit, noun, quantity.state) if p)


def _plain(value: float) -> str:
    return str(int(value)) if value == int(value) else repr(value)


def _interval(quantity: Quantity, slack: float) -> tuple[float, float]:
    """Lowest and highest true value that the statement allows, in the base unit."""
    low, high = quantity.low, quantity.high
    half = _INSIDE * _rounding(low, quantity.kind) / 2
    if abs(low) >= _LARGE:
        half = min(half, abs(low) * _ABOUT)
    if quantity.approximate == "rounded" and low < _LARGE and low % 10 == 0:
        half = 5.0
    if quantity.approximate == "about":
        half = max(half, abs(low) * _ABOUT)
    low, high = low - half, high + half
    factor = _FACTORS.get(quantity.unit, 1.0)
    low, high = low * factor, high * factor
    low, high = low - abs(low) * slack, high + abs(high) * slack
    if quantity.approximate in ("at_least", "more_than"):
        high = math.inf
    elif quantity.approximate in ("at_most", "under"):
        low = -math.inf
    return low, high


def _rounding(value: float, kind: str) -> float:
    """Size of the last place written: 0 for small counts, which news does not round."""
    if value != int(value):
        return 0.1 if round(value, 1) == value else 0.01
    if abs(value) < 100:
        return 1.0 if kind == "percent" else 0.0
    place = 1.0
    while value % (place * 10) == 0:
        place *= 10
    return place if place > 1 else 0.0


def same_kind(one: Quantity, two: Quantity) -> bool:
    """Whether two quantities measure in comparable units and, for counts, count the same noun."""
    if one.kind != two.kind or one.kind == "ordinal":
        return False
    if one.kind in ("money", "percent"):
        return one.unit == two.unit
    if one.kind == "distance":
        return len({one.noun, two.noun} & _EXTENTS) < 2
    if one.kind == "cardinal" and one.whole and two.whole:
        return one.whole == two.whole  # "31 of the 55 seats", "32 of 55 places"
    if one.kind == "cardinal":
        return bool(one.noun) and one.noun == two.noun and _compatible(one, two)
    return True


def _compatible(one: Quantity, two: Quantity) -> bool:
    """Not 12 dead against 30 injured, nor nine Russian against eight Turkish planes."""
    if one.state != two.state:
        return False
    left, right = set(one.qualifiers), set(two.qualifiers)
    if ("other" in left) != ("other" in right):
        return False
    return not (left and right) or bool(left & right)


def changed_numbers(base: Side, other: Side, link: Link) -> list[Difference]:
    """In versions: numbers of two aligned sentences that speak of the same thing and differ."""
    left, right = base.quantities[link.base], other.quantities[link.other]
    if not left or not right:
        return []
    return [
        number_difference(base, other, link, (q, r))
        for q, r in _pairs(base, other, link)
        if not _settles(q, r) and (contradict(q, r) or in_words(q) != in_words(r))
    ]


def _settles(one: Quantity, two: Quantity) -> bool:
    """Whether two figures are one and the same statement."""
    if one.kind != two.kind and {one.kind, two.kind} & {"money", "percent", "score"}:
        return False
    return one.low == two.low and one.high == two.high and one.unit == two.unit


def _pairs(base: Side, other: Side, link: Link) -> list[tuple[Quantity, Quantity]]:
    """One to one: equal figures first, unless others stand in their places between the same words
    ("from 21 to 18", "from 18 to 15"); then by most shared context."""
    scored = []
    for q in base.quantities[link.base]:
        before, after = base.context(link.base, q.start, q.end)
        beside = base.neighbours(link.base, q.start, q.end)
        for r in other.quantities[link.other]:
            settled = _settles(q, r)
            if not (settled or same_kind(q, r) or _replaced(q, r)):
                continue
            before2, after2 = other.context(link.other, r.start, r.end)
            shared = len(set(before) & set(before2)) + len(set(after) & set(after2))
            wide = len({*before, *after} & {*before2, *after2})
            needed = base.settings.context_shared + (not same_kind(q, r))
            if settled or wide >= needed or all_else_equal(base, other, link, q, r):
                beside2 = other.neighbours(link.other, r.start, r.end)
                same = sum(one == two for one, two in zip(beside, beside2, strict=True))
                edges = (before[-1:] == before2[-1:]) + (after[:1] == after2[:1])
                rank = _rank(same, settled=settled)
                scored.append((rank, shared + edges, -abs(q.start - r.start), q, r))
    scored.sort(key=lambda s: (-s[0], -s[1], -s[2], s[3].start, s[4].start))
    ranked = [(q, r) for *_, q, r in scored]
    return one_to_one(ranked, lambda pair: (pair[0].start, pair[1].start))


def _rank(same: int, *, settled: bool) -> int:
    """How firmly two figures are one statement, by their values and the words beside them that are
    the same."""
    if settled:
        return 3 if same else 1
    return 2 if same == 2 else 0


def _replaced(one: Quantity, two: Quantity) -> bool:
    """In versions the surroundings tell enough, so that the noun may be unknown on one side."""
    return (
        one.kind == two.kind == "cardinal"
        and one.state == two.state
        and not (one.noun and two.noun)
    )


def number_difference(
    base: Side, other: Side, link: Link, pair: tuple[Quantity, Quantity]
) -> Difference:
    """What two figures for one thing differ in, a conflict where both cannot hold."""
    q, r = pair
    conflict = contradict(q, r)
    early = 1.0 / (1.0 + 0.1 * min(link.base, link.other))
    return Difference(
        DifferenceType.NUMBER_CHANGED,
        base.span(q.start, q.end),
        other.span(r.start, r.end),
        in_words(q),
        in_words(r),
        importance=round(0.7 + 0.3 * early if conflict else 0.5 + 0.2 * early, 4),
        confidence=round(min(0.95, 0.5 + 0.5 * link.similarity), 4),
        conflict=conflict,
    )
