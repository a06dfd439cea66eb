"""Do two sentences say the opposite of one thing?"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from storycluster.alignment import is_telling, stems
from storycluster.difference.quoted import CONTRACTED, NEGATIONS

_NOT = NEGATIONS | {word for word, parts in CONTRACTED.items() if "not" in parts}
_NEAR = 5  # words on either side of a word that tell what it is said of
_SHARED = 2  # of these, telling ones, that both sentences must have
_NEGATES = 3  # words before a word in which a negation turns it round


# {word: words of which only one can hold of the same thing}
_OPPOSITES: dict[str, tuple[str, ...]] = {}
for _one, _two in (
    ("alive living survived survives", "dead died deceased"),
    ("ended finished completed halted suspended ceased stopped", "ongoing continuing"),
    ("ended halted suspended ceased stopped", "continues continued resumed underway"),
    ("confirmed confirms acknowledged admitted admits", "denied denies rejected dismissed"),
    ("guilty convicted", "acquitted innocent cleared"),
    ("arrested captured caught detained", "fled escaped fugitive"),
    ("approved passed accepted backed endorsed adopted", "rejected blocked refused vetoed"),
    ("rose increased gained climbed grew rising", "fell dropped declined decreased falling"),
    ("opened reopened open", "closed shut"),
    ("victory", "defeat"),
    ("minor stable", "critical serious grave"),
    ("legal lawful", "illegal unlawful"),
    ("possible", "impossible"),
    ("likely", "unlikely"),
    ("true", "false"),
    ("released freed", "held jailed imprisoned"),
    ("supports supported favors favours", "opposes opposed"),
    ("peaceful calm", "violent"),
    ("accidental accident", "deliberate intentional"),
):
    for _word in _one.split():
        _OPPOSITES[_word] = (*_OPPOSITES.get(_word, ()), *_two.split())
    for _word in _two.split():
        _OPPOSITES[_word] = (*_OPPOSITES.get(_word, ()), *_one.split())


def may_oppose(words: Iterable[str]) -> bool:
    """Whether any of the words has an opposite."""
    return any(word in _OPPOSITES for word in words)


def opposed(one: Sequence[str], two: Sequence[str]) -> tuple[str, str] | None:
    """Two words that oppose each other and are said of the same ("the search had ended", "the
    search is ongoing"), or None. A negation alone opposes nothing: of 50 pairs of near sentences of
    which one had a "not", 2 were a contradiction."""
    said = set(two)
    for word in dict.fromkeys(one):
        for against in _OPPOSITES.get(word, ()):
            if against not in said or against in one or word in said:
                continue
            place, at = one.index(word), two.index(against)
            turned = _negated(one, place) or _negated(two, at)
            if not turned and len(_around(one, place) & _around(two, at)) >= _SHARED:
                return word, against
    return None


def _around(words: Sequence[str], place: int) -> set[str]:
    near = [*words[max(0, place - _NEAR) : place], *words[place + 1 : place + 1 + _NEAR]]
    return {stem for stem in stems(near) if is_telling(stem)}


def _negated(words: Sequence[str], place: int) -> bool:
    return any(word in _NOT for word in words[max(0, place - _NEGATES) : place])
