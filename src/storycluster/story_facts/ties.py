"""Do two articles state one and the same fact?

Conservative: two rows for one fact are better than one row for two. What stands around decides,
and the aligned sentences of the canonical; an equal value alone never does.
"""

from __future__ import annotations

from collections.abc import Sequence

from rapidfuzz.distance import Levenshtein

from storycluster.alignment import is_telling
from storycluster.difference.numbers import agree, differ, same_kind
from storycluster.difference.quoted import NEGATIONS
from storycluster.facts import DateMention, Quantity
from storycluster.grid import FactKind
from storycluster.story_facts.mentions import Mention

_SHARED = 2  # telling words that two surroundings must share
_FIRM = 3  # words in a row that two wordings of a quote must share
_COVERED = 0.6  # of the shorter wording


def tie(one: Mention, two: Mention, *, exact: bool) -> int:
    """0 where it is not clear that both state one fact; else the more, the surer.

    `exact` asks for one value, whatever bound or unit states it; without it numbers that can both
    hold ("at least 12" and 14) are tied too, where the same words of the canonical tie them.
    """
    if one.kind is not two.kind:
        return 0
    if isinstance(one.stated, Quantity) and isinstance(two.stated, Quantity):
        return _same_number(one, two) if exact else _both_hold(one, two)
    if not exact:
        return 0
    if isinstance(one.stated, DateMention) and isinstance(two.stated, DateMention):
        return _same_date(one, two)
    if isinstance(one.stated, tuple) and isinstance(two.stated, tuple):
        return _SHARED if same_words(one.stated, two.stated) else 0
    return 0


def may_share_row(one: Mention, two: Mention) -> bool:
    """Whether two values can stand in one row: those of one article only if they are equal."""
    if isinstance(one.stated, Quantity) and isinstance(two.stated, Quantity):
        if not same_kind(one.stated, two.stated):
            return False
        if one.report == two.report:
            return same_value(one, two)
        return agree(one.stated, two.stated)
    return same_value(one, two)


def same_value(one: Mention, two: Mention) -> bool:
    """Whether both state one value, be it of one fact or not."""
    a, b = one.stated, two.stated
    if isinstance(a, Quantity) and isinstance(b, Quantity):
        complement = a.kind == "percent" and abs(a.low - b.low) > 1
        return a.kind == b.kind and not complement and not differ(a, b)
    if isinstance(a, DateMention) and isinstance(b, DateMention):
        return _one_day(a, b)
    if isinstance(a, tuple) and isinstance(b, tuple):
        return same_words(a, b)
    return one.kind is two.kind and one.value == two.value


def _same_number(one: Mention, two: Mention) -> int:
    q, r = one.stated, two.stated
    if not isinstance(q, Quantity) or not isinstance(r, Quantity):
        return 0
    if not same_kind(q, r) or not same_value(one, two):
        return 0
    shared = len(one.around & two.around)
    if one.places & two.places:
        return 2 * _SHARED + shared
    state = bool(q.state) and q.state == r.state
    needed = max(0, _SHARED - one.telling - state)
    return 1 + shared if shared >= needed else 0


def _both_hold(one: Mention, two: Mention) -> int:
    q, r = one.stated, two.stated
    if not isinstance(q, Quantity) or not isinstance(r, Quantity) or one.report == two.report:
        return 0
    shared = len(one.around & two.around)
    together = one.places & two.places and shared >= _SHARED
    return shared if together and same_kind(q, r) and agree(q, r) else 0


def _same_date(one: Mention, two: Mention) -> int:
    if not same_value(one, two):
        return 0
    shared = len(one.around & two.around)
    if one.places & two.places:
        return 2 * _SHARED + shared
    return 1 + shared if shared >= _SHARED - (one.telling and two.telling) else 0


def _one_day(one: DateMention, two: DateMention) -> bool:
    """Whether both name one day, month or year; an unknown year may be any."""
    if one.first and two.first:
        return (one.first, one.last) == (two.first, two.last)
    left, right = date_key(one), date_key(two)
    return left == right and (one.first is None or two.first is None)


def date_key(date: DateMention) -> str:
    """What is equal for all mentions of one day, month or year, its year known or not."""
    if date.first and date.first == date.last:
        return f"{date.first:%m-%d}"
    if date.kind == "month":
        return f"{date.value[-2:]}-"
    return date.value[-5:] if date.kind == "day" else date.value


def bucket(mention: Mention) -> tuple[str, str]:
    """Mentions in different buckets are never tied."""
    stated = mention.stated
    if isinstance(stated, Quantity):
        what = stated.noun if stated.kind == "cardinal" else stated.kind
        return mention.kind, what
    if isinstance(stated, DateMention):
        return mention.kind, date_key(stated)
    return mention.kind, "" if mention.kind is FactKind.QUOTE else mention.value


def same_words(one: Sequence[str], two: Sequence[str]) -> bool:
    """Whether two quotes, as stems, are one within what both quote: words may be left out on either
    side, but none is replaced by another and no "not" comes or goes."""
    if not set(one) & set(two):
        return False
    operations = list(Levenshtein.opcodes(one, two))
    equal = [op for op in operations if op.tag == "equal"]
    runs = [op.src_end - op.src_start for op in equal]
    if max(runs, default=0) < _FIRM or sum(runs) < _COVERED * min(len(one), len(two)):
        return False
    first, last = operations.index(equal[0]), operations.index(equal[-1])
    for op in operations[first : last + 1]:
        gone, come = one[op.src_start : op.src_end], two[op.dest_start : op.dest_end]
        if op.tag == "replace" and any(map(is_telling, gone)) and any(map(is_telling, come)):
            return False
        if op.tag != "equal" and NEGATIONS.intersection(gone) ^ NEGATIONS.intersection(come):
            return False
    return True
