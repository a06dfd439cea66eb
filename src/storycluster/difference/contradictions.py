"""Which figures of two independent reports are for one thing and cannot both hold?"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from storycluster.alignment import Alignment, Link, stems
from storycluster.difference.matching import one_to_one
from storycluster.difference.numbers import (
    ALIKE,
    contradict,
    differ,
    nearness,
    number_difference,
    same_kind,
)
from storycluster.difference.side import Side, rarity, stem_counts
from storycluster.domain import Difference
from storycluster.facts import Name, Quantity
from storycluster.facts.lexicon import PLAYED, STATES
from storycluster.text import words

_PEOPLE = frozenset(
    ["person", "worker", "passenger", "civilian", "soldier", "resident", "migrant", "miner"]
)
_OF_TOLLS = frozenset(stems(["people", "person", *STATES]))
_TOLL_SENTENCES = 6  # a toll further down may be that of another event
_NEAREST = 2  # telling words on either side that stand next to a figure
_SHARED_OF_AGE = 2  # telling words around two ages: a name of two words, "boy" and "fell"
_CLOSE = 0.8  # lesser value by the greater from which one is likely a misreported other
_ONE_TOLL, _TWO_DIGITS = 0.9, 10  # 58 and 59 dead in two reports are hardly two events
_APART, _FAR = 0.3, 1.2  # what else has to speak for it beyond these
_OF_ONE_ORDER = 0.1
_START = 4  # letters by which words of two names are one
_BESIDE = 4  # words between a name and the figure that is of it: "in Oakland, where 30 people"
# Measured anew at each place and hour: of 40 claims read (hand_checked.md) 9 were such, none right.
_MEASURED = frozenset(["score", "distance", "speed"])
_EXTREMES = frozenset(["low", "high", "record", "best", "worst"])
_MARKET = frozenset(stems(["stock", "nasdaq", "dow", "futures", "trading"]))
_KIN = frozenset(["child", "son", "daughter", "kid", "sibling", "brother", "sister", "grandchild"])
_IMAGINED = re.compile(r"\b(?:would|could|might|should)(?:n['’]t| not)? have\b[^.;:]{0,80}\Z")
_COMMON = 30  # sentences; a word in more of them ties nothing


def contradictions(base: Side, other: Side, alignment: Alignment) -> list[Difference]:
    """In independent reports: figures for one thing that cannot both hold, wherever they stand.

    Two figures are about one thing by what stands around them: the rarer the telling words they
    share, the nearer these stand to the figure, the more alike the sentences and the values, the
    surer. Neither may be stated in the other article as well: then the two speak of different parts
    of one picture.
    """
    counts = stem_counts(base, other)
    left, right = _placed(base), _placed(other)
    scored = []
    for one, two in _candidates(left, right, counts):
        if _clash(one.quantity, two.quantity) and not _of_others(one, two):
            similarity = float(alignment.similarity[one.sentence, two.sentence])
            score = _one_thing(one, two, similarity, counts)
            if score >= base.settings.claim_bar:
                scored.append((score, one, two, similarity))
    scored.sort(key=lambda s: (-s[0], s[1].quantity.start, s[2].quantity.start))
    apart = [
        (one, two, similarity)
        for _, one, two, similarity in scored
        if not _stated(one.quantity, other) and not _stated(two.quantity, base)
        if not _part(one.quantity, two.quantity, other)
        and not _part(two.quantity, one.quantity, base)
    ]
    return [
        number_difference(
            base,
            other,
            Link(one.sentence, two.sentence, similarity),
            (one.quantity, two.quantity),
        )
        for one, two, similarity in one_to_one(
            apart, lambda pair: (pair[0].quantity.start, pair[1].quantity.start)
        )
    ]


def _candidates(
    left: Sequence[_Placed], right: Sequence[_Placed], counts: Counter[str]
) -> Iterator[tuple[_Placed, _Placed]]:
    """Pairs that share a telling word, are two tolls, two parts of one
    whole, or each the only count of one noun."""
    beside: dict[str, list[int]] = {}
    for place, two in enumerate(right):
        for key in (*two.around, *_keys(two)):
            beside.setdefault(key, []).append(place)
    for one in left:
        keys = [*(stem for stem in one.around if counts[stem] <= _COMMON), *_keys(one)]
        for place in sorted({place for key in keys for place in beside.get(key, ())}):
            yield one, right[place]


def _keys(one: _Placed) -> list[str]:
    """Of a figure that needs no word around it to be compared: a toll, a part of a stated whole,
    the only one of its noun."""
    said = one.quantity
    keys = [f"only {said.noun}"] if one.alone and said.noun else []
    keys += [f"state {said.state}"] if said.state else []
    return keys + ([f"whole {said.whole}"] if said.whole else [])


def _clash(one: Quantity, two: Quantity) -> bool:
    """Whether two figures conflict, if they are for one thing. A score, a length and a speed are of
    a moment or a place, what players collect of each of them; a 31-year low is a 30-year low
    as well; percentages far apart are rather of a part and of the rest: "80 percent without
    power", "25 percent have power"; and no two figures of other orders of magnitude are for
    one thing."""
    if not same_kind(one, two) or not contradict(one, two):
        return False
    if one.kind in _MEASURED or one.noun in PLAYED or one.along != two.along:
        return False
    if one.kind == "duration" and one.noun in _EXTREMES:
        return False
    return nearness(one, two) > (ALIKE if one.kind == "percent" else _OF_ONE_ORDER)


@dataclass(frozen=True, slots=True)
class _Placed:
    """A quantity with the telling stems before and after it, the nearest of each, and all; `alone`
    where its article gives no other figure for such a thing. `named` are the words of the name that
    stands shortly before it and of one shortly after, `names` those of all of its sentence."""

    quantity: Quantity
    sentence: int
    before: frozenset[str]
    after: frozenset[str]
    around: frozenset[str]
    alone: bool
    named: frozenset[str]
    names: frozenset[str]


def _placed(side: Side) -> list[_Placed]:
    found = []
    for i, sentence in enumerate(side.quantities):
        for quantity in sentence:
            if not _asserted(side, i, quantity) or _of_the_hour(side, i, quantity):
                continue
            before, after = side.context(i, quantity.start, quantity.end)
            if quantity.noun in _PEOPLE:  # "people", "killed" tell which kind of count, not which
                before, after = (
                    [s for s in near if s not in _OF_TOLLS] for near in (before, after)
                )
            found.append(
                _Placed(
                    quantity,
                    i,
                    frozenset(before[-_NEAREST:]),
                    frozenset(after[:_NEAREST]),
                    frozenset((*before, *after)),
                    _alone(quantity, side),
                    _starts(_named(quantity, i, side), side),
                    _starts(side.names[i], side),
                )
            )
    return found


def _asserted(side: Side, i: int, quantity: Quantity) -> bool:
    """Whether a figure is stated to hold: it does not in a question or after "would have"."""
    sentence, text = side.sentences[i], side.document.text
    asked = "?" in text[quantity.end : sentence.end]
    return not asked and not _IMAGINED.search(text, sentence.start, quantity.start)


def _of_the_hour(side: Side, i: int, quantity: Quantity) -> bool:
    """Whether it says how far something has moved on a market, which every hour changes."""
    return quantity.kind == "percent" and bool(_MARKET & set(side.sentences[i].stems))


def _named(quantity: Quantity, sentence: int, side: Side) -> list[Name]:
    """The name shortly before a figure and the one shortly after it; none where none is before."""
    text, names = side.document.text, side.names[sentence]
    before = [n for n in names if n.end <= quantity.start][-1:]
    after = [n for n in names if n.start >= quantity.end][:1]
    if not before or len(words(text[before[0].end : quantity.start])) > _BESIDE:
        return []
    return before + [n for n in after if len(words(text[quantity.end : n.start])) <= _BESIDE]


def _starts(names: Sequence[Name], side: Side) -> frozenset[str]:
    """Of the words of names, as written and by key: "Turkey" and "Turkish" are of one country."""
    said = [word for n in names for word in words(side.document.text[n.start : n.end])]
    return frozenset(word[:_START] for word in (*said, *(w for n in names for w in n.key.split())))


def _of_others(one: _Placed, two: _Placed) -> bool:
    """Whether each of two figures is of somebody, one of them of somebody whom the sentence of the
    other does not name: arrests in Los Angeles and in Oakland. Beside a death toll stands who
    caused it, whom each report names its own way. The children of people without a name in common
    are of two families."""
    if one.quantity.noun in _KIN and not one.names & two.names:
        return True
    if not one.named or not two.named or one.quantity.state == "dead":
        return False
    return not (one.named & two.names and two.named & one.names)


def _alone(quantity: Quantity, side: Side) -> bool:
    return not any(
        same_kind(quantity, r) and differ(quantity, r) for said in side.quantities for r in said
    )


def _one_thing(one: _Placed, two: _Placed, similarity: float, counts: Counter[str]) -> float:
    q, r = one.quantity, two.quantity
    shared = one.around & two.around
    if q.kind == "age" and len(shared) < _SHARED_OF_AGE:
        return 0.0
    rare = rarity(shared, counts)
    parts = bool(q.whole and r.whole)
    edges = len(one.before & two.before) + len(one.after & two.after) + parts
    same_noun = parts or (bool(q.noun) and q.noun == r.noun)
    ratio = nearness(q, r)
    lone = ratio >= _CLOSE and same_noun and one.alone and two.alone
    tolls = bool(q.state) and ratio >= _ONE_TOLL and min(q.low, r.low) >= _TWO_DIGITS
    far = _FAR if ratio <= ALIKE else 0.0 if ratio >= _CLOSE else _APART
    around = min(rare, 2.0) + 0.5 * edges
    return 2.0 * similarity + around + 0.3 * same_noun + 0.7 * lone + 0.6 * tolls - far


def _stated(quantity: Quantity, side: Side) -> bool:
    """Whether the article states an agreeing number of that kind anywhere: then the two sentences
    speak of different parts of one picture."""
    return any(
        (
            r.kind == quantity.kind
            and not differ(quantity, r)
            and (r.kind != "cardinal" or _near(quantity, r))
            and (r.kind != "distance" or same_kind(quantity, r))
        )
        for sentence in side.quantities
        for r in sentence
    )


def _part(whole: Quantity, part: Quantity, side: Side) -> bool:
    """Whether the article of `part` gives the rest of the `whole` as well: 23 there, 6 and 17
    here."""
    return part.low < whole.low and any(
        r.kind == part.kind and r.noun == part.noun and r.low + part.low == whole.low
        for sentence in side.quantities
        for r in sentence
        if r.start != part.start
    )


def _near(one: Quantity, two: Quantity) -> bool:
    return one.low == two.low or not one.noun or not two.noun or one.noun == two.noun


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
            number_difference(base, other, Link(i, j, float(alignment.similarity[i, j])), (q, r))
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
