"""Can two stated numbers both be true, and are they about the same thing?"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace

from storycluster.alignment import Alignment, Link
from storycluster.difference.matching import one_to_one
from storycluster.difference.side import Side, all_else_equal
from storycluster.domain import Difference, DifferenceType
from storycluster.facts import Quantity
from storycluster.facts.lexicon import UNITS

_PEOPLE = frozenset(
    ["person", "worker", "passenger", "civilian", "soldier", "resident", "migrant", "miner"]
)
_TOLL_SENTENCES = 6  # a toll further down may be that of another event
_NEAREST = 2  # telling words on either side that stand next to a figure
_COMMON = 30  # sentences; a word in more of them ties nothing
_BARE = {"about": "about"}
_ABOUT = 0.10  # "about 100" may be 90 to 110
_INSIDE = 0.999  # 1.4 and 1.5 million cannot both be 1.45 million rounded
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
    half = _INSIDE * _rounding(low, quantity.kind) / 2
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


def changed_numbers(base: Side, other: Side, link: Link) -> list[Difference]:
    """In versions: numbers of two aligned sentences that speak of the same thing and differ."""
    left = base.quantities[link.base]
    right = other.quantities[link.other]
    if not left or not right:
        return []
    loose_left = [q for q in left if not any(_settles(q, r) for r in right)]
    loose_right = [r for r in right if not any(_settles(q, r) for q in left)]
    return [
        _difference(base, other, link, (q, r))
        for q, r in _pairs(base, other, link, (loose_left, loose_right))
        if contradict(q, r) or in_words(q) != in_words(r)
    ]


def contradictions(base: Side, other: Side, alignment: Alignment) -> list[Difference]:
    """In independent reports: figures for one thing that cannot both hold, wherever they stand.

    Two figures are about one thing by what stands around them: the rarer the telling words they
    share, the nearer these stand to the figure, the more alike the sentences and the values, the
    surer. Neither may be stated in the other article as well: then the two speak of different parts
    of one picture.
    """
    counts = Counter(
        stem for side in (base, other) for s in side.sentences for stem in set(s.stems)
    )
    left, right = _placed(base), _placed(other)
    beside: dict[str, list[int]] = {}
    for place, one in enumerate(right):
        for stem in one.around:
            beside.setdefault(stem, []).append(place)
    scored = []
    for one in left:
        near = {
            place
            for stem in one.around
            if counts[stem] <= _COMMON
            for place in beside.get(stem, ())
        }
        for two in (right[place] for place in sorted(near)):
            if same_kind(one.quantity, two.quantity) and contradict(one.quantity, two.quantity):
                similarity = float(alignment.similarity[one.sentence, two.sentence])
                score = _one_thing(one, two, similarity, counts)
                if score >= base.settings.claim_bar:
                    scored.append((score, one, two, similarity))
    scored.sort(key=lambda s: (-s[0], s[1].quantity.start, s[2].quantity.start))
    apart = [
        (one, two, similarity)
        for _, one, two, similarity in scored
        if not _stated(one.quantity, other) and not _stated(two.quantity, base)
    ]
    return [
        _difference(
            base,
            other,
            Link(one.sentence, two.sentence, similarity),
            (one.quantity, two.quantity),
        )
        for one, two, similarity in one_to_one(
            apart, lambda pair: (pair[0].quantity.start, pair[1].quantity.start)
        )
    ]


@dataclass(frozen=True, slots=True)
class _Placed:
    """A quantity with the telling stems before and after it, the nearest of each, and all."""

    quantity: Quantity
    sentence: int
    before: frozenset[str]
    after: frozenset[str]
    around: frozenset[str]


def _placed(side: Side) -> list[_Placed]:
    found = []
    for i, sentence in enumerate(side.quantities):
        for quantity in sentence:
            before, after = side.context(i, quantity.start, quantity.end)
            found.append(
                _Placed(
                    quantity,
                    i,
                    frozenset(before[-_NEAREST:]),
                    frozenset(after[:_NEAREST]),
                    frozenset((*before, *after)),
                )
            )
    return found


def _one_thing(one: _Placed, two: _Placed, similarity: float, counts: Counter[str]) -> float:
    rare = sum(1.0 / counts[stem] for stem in one.around & two.around)
    edges = len(one.before & two.before) + len(one.after & two.after)
    same_noun = bool(one.quantity.noun) and one.quantity.noun == two.quantity.noun
    low, high = sorted((one.quantity.low, two.quantity.low))
    alike = low > 0 and high < 2 * low
    return 2.0 * similarity + min(rare, 2.0) + 0.5 * edges + 0.3 * same_noun + 0.5 * alike


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
    base: Side, other: Side, link: Link, loose: tuple[Sequence[Quantity], Sequence[Quantity]]
) -> list[tuple[Quantity, Quantity]]:
    """One to one, by most shared context."""
    scored = []
    for q in loose[0]:
        before, after = base.context(link.base, q.start, q.end)
        for r in loose[1]:
            if not (same_kind(q, r) or _replaced(q, r)):
                continue
            before2, after2 = other.context(link.other, r.start, r.end)
            shared = len(set(before) & set(before2)) + len(set(after) & set(after2))
            wide = len({*before, *after} & {*before2, *after2})
            needed = base.settings.context_shared + (not same_kind(q, r))
            if wide >= needed or all_else_equal(base, other, link, q, r):
                edges = (before[-1:] == before2[-1:]) + (after[:1] == after2[:1])
                scored.append((shared + edges, -abs(q.start - r.start), q, r))
    scored.sort(key=lambda s: (-s[0], -s[1], s[2].start, s[3].start))
    ranked = [(q, r) for _, _, q, r in scored]
    return one_to_one(ranked, lambda pair: (pair[0].start, pair[1].start))


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
