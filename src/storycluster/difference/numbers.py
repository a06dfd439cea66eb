"""Can two stated numbers both be true, and are they about the same thing?"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from storycluster.alignment import Alignment, Link
from storycluster.difference.side import Side
from storycluster.domain import Difference, DifferenceType
from storycluster.facts import Quantity
from storycluster.facts.lexicon import UNITS

_PEOPLE = frozenset(
    ["person", "worker", "passenger", "civilian", "soldier", "resident", "migrant", "miner"]
)
_TOLL_SENTENCES = 6  # a toll further down may be that of another event
_BARE = {"about": "about"}
_ABOUT = 0.10  # "about 100" may be 90 to 110
_CONVERTED = 0.05  # 25 miles and 40 kilometres are one distance
_FACTORS = {unit: factor for unit, _, factor in UNITS.values()}


def agree(one: Quantity, two: Quantity) -> bool:
    """Whether both can hold: after unit conversion, "about", "at least" and rounding."""
    if one.kind == "score" or two.kind == "score":
        return {one.low, one.high} == {two.low, two.high}
    if one.kind == two.kind == "percent" and abs(one.low + two.low - 100) <= 1:
        return True  # "5 percent restored" and "95 percent without" are one statement.
    slack = 0.0 if one.unit == two.unit else _CONVERTED
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
    half = _rounding(low, quantity.kind) / 2
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
        return 1.0 if kind in ("percent", "money") and abs(value) < 1000 else 0.1
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
    if one.kind == "money":
        return one.unit == two.unit
    if one.kind == "percent":
        return one.unit == two.unit
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


def changed_numbers(base: Side, other: Side, link: Link, *, copied: bool) -> list[Difference]:
    """Numbers of two aligned sentences that speak of the same thing and differ."""
    left = base.quantities[link.base]
    right = other.quantities[link.other]
    if not left or not right:
        return []
    loose_left = [q for q in left if not any(_settles(q, r) for r in right)]
    loose_right = [r for r in right if not any(_settles(q, r) for q in left)]
    if not copied:
        loose_left = [q for q in loose_left if not _stated(q, other)]
        loose_right = [r for r in loose_right if not _stated(r, base)]
    found = []
    for q, r in _pairs(base, other, link, (loose_left, loose_right), copied=copied):
        if contradict(q, r) or (copied and in_words(q) != in_words(r)):
            found.append(_difference(base, other, link, (q, r)))
    return found


def _settles(one: Quantity, two: Quantity) -> bool:
    """Whether two figures are one and the same statement."""
    if one.kind != two.kind and {one.kind, two.kind} & {"money", "percent", "score"}:
        return False
    return one.low == two.low and one.high == two.high and one.unit == two.unit


def _stated(quantity: Quantity, side: Side) -> bool:
    """Whether the article states an agreeing number of that kind anywhere: then the two sentences
    speak of different parts of one picture."""
    return any(
        (
            r.kind == quantity.kind
            and not differ(quantity, r)
            and (r.kind != "cardinal" or _near(quantity, r))
        )
        for sentence in side.quantities
        for r in sentence
    )


def _near(one: Quantity, two: Quantity) -> bool:
    return one.low == two.low or not one.noun or not two.noun or one.noun == two.noun


def _pairs(
    base: Side,
    other: Side,
    link: Link,
    loose: tuple[Sequence[Quantity], Sequence[Quantity]],
    *,
    copied: bool,
) -> list[tuple[Quantity, Quantity]]:
    """One to one, by most shared context. In independent reports only the best, without a tie."""
    scored = []
    for q in loose[0]:
        before, after = base.context(link.base, q.start, q.end)
        for r in loose[1]:
            if not (same_kind(q, r) or (copied and _replaced(q, r))):
                continue
            before2, after2 = other.context(link.other, r.start, r.end)
            shared = len(set(before) & set(before2)) + len(set(after) & set(after2))
            wide = len({*before, *after} & {*before2, *after2})
            if wide >= base.settings.context_shared + (not same_kind(q, r)):
                edges = (before[-1:] == before2[-1:]) + (after[:1] == after2[:1])
                scored.append((shared + edges, -abs(q.start - r.start), q, r))
    scored.sort(key=lambda s: (-s[0], -s[1], s[2].start, s[3].start))
    if not copied and len(scored) > 1 and scored[0][0] == scored[1][0]:
        return []
    used: set[tuple[str, int]] = set()
    found = []
    for _, _, q, r in scored:
        if ("q", q.start) in used or ("r", r.start) in used:
            continue
        used |= {("q", q.start), ("r", r.start)}
        found.append((q, r))
    return found if copied else found[:1]


def _replaced(one: Quantity, two: Quantity) -> bool:
    """In versions the surroundings tell enough, so that the noun may be unknown on one side."""
    return (
        one.kind == two.kind == "cardinal"
        and one.state == two.state
        and not (one.noun and two.noun)
    )


def changed_tolls(
    base: Side, other: Side, alignment: Alignment, told: Sequence[Difference]
) -> list[Difference]:
    """The number of dead, injured or missing, where each side gives exactly one, in any sentence.

    The toll is what a developing story is read for, and it moves between sentences as it rises.
    """
    found = []
    for state in ("dead", "injured", "missing"):
        left, right = _tolls(base, state), _tolls(other, state)
        if len({q.low for _, q in left}) != 1 or len({q.low for _, q in right}) != 1:
            continue
        (i, q), (j, r) = left[0], right[0]
        if max(i, j) >= _TOLL_SENTENCES or not differ(q, r) or _told(told, q, r):
            continue
        found.append(
            _difference(base, other, Link(i, j, float(alignment.similarity[i, j])), (q, r))
        )
    return found


def _tolls(side: Side, state: str) -> list[tuple[int, Quantity]]:
    """(sentence, count of people in that state), those "other" than somebody left out."""
    return [
        (i, q)
        for i, sentence in enumerate(side.quantities)
        for q in sentence
        if q.kind == "cardinal" and q.state == state and q.noun in _PEOPLE
        if "other" not in q.qualifiers and q.low > 1
    ]


def _told(told: Sequence[Difference], one: Quantity, two: Quantity) -> bool:
    places = {(d.base.start, "b") for d in told if d.base} | {
        (d.other.start, "o") for d in told if d.other
    }
    return (one.start, "b") in places or (two.start, "o") in places


def _difference(base: Side, other: Side, link: Link, pair: tuple[Quantity, Quantity]) -> Difference:
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
