"""How old is a person whom two independent reports name?"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from storycluster.difference.side import Side
from storycluster.domain import Difference, DifferenceType

_AFTER = re.compile(r"(?:,\s+(?:aged\s+)?(\d{1,3})(?=[,.;])|\s+\((\d{1,3})\))")
_BEFORE = re.compile(r"\b(\d{1,3})\s?-\s?year\s?-\s?old\s+(?:[a-z]+\s+){0,2}$")
_OLDEST = 115
_BACK = 50  # characters before a name in which its age may end


@dataclass(frozen=True, slots=True)
class _Aged:
    """An age as text[start:end] gives it, of the person of a name key."""

    start: int
    end: int
    sentence: int
    key: tuple[str, ...]
    age: int


def changed_ages(base: Side, other: Side) -> list[Difference]:
    """One person of whom no age that one report gives is given by the other."""
    left, right = _aged(base), _aged(other)
    found: list[Difference] = []
    seen: set[tuple[str, str]] = set()
    for one in left:
        same = [two for two in right if _one_person(one.key, two.key)]
        known = {other.age for other in left if _one_person(one.key, other.key)}
        if not same or (one.key[0], one.key[-1]) in seen or known & {two.age for two in same}:
            continue
        seen.add((one.key[0], one.key[-1]))
        found.append(_difference(base, other, one, same[0]))
    return found


def _aged(side: Side) -> list[_Aged]:
    if not side.english:
        return []
    found = []
    text = side.document.text
    for i, names in enumerate(side.names):
        for name in names:
            key = tuple(name.key.split())
            after = _AFTER.match(text, name.end)
            before = _BEFORE.search(text, max(0, name.start - _BACK), name.start)
            for match in (after, before):
                age = int(match.group(match.lastindex or 1)) if match else 0
                if match and len(key) > 1 and 0 < age < _OLDEST:
                    place = match.span(match.lastindex or 1)
                    found.append(_Aged(*place, i, key, age))
    return found


def _one_person(one: Sequence[str], two: Sequence[str]) -> bool:
    """Whether two names are one person's, middle names aside: a last name alone is a family's."""
    return one[-1] == two[-1] and one[0] == two[0]


def _difference(base: Side, other: Side, one: _Aged, two: _Aged) -> Difference:
    early = 1.0 / (1.0 + 0.1 * min(one.sentence, two.sentence))
    return Difference(
        DifferenceType.NUMBER_CHANGED,
        base.span(one.start, one.end),
        other.span(two.start, two.end),
        f"{one.age} year",
        f"{two.age} year",
        importance=round(0.6 + 0.2 * early, 4),
        confidence=0.9,
        conflict=True,
    )
