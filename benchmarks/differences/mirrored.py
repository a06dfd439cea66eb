"""Does an article differ from itself, and what changes when the two sides change places?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from storycluster.domain import Article, Comparison, Difference, DifferenceType
from storycluster.engine import compare_articles
from storycluster.ports import Encoder
from storycluster.settings import Settings

T = DifferenceType
MIRROR = {
    T.SENTENCE_ADDED: T.SENTENCE_REMOVED,
    T.SENTENCE_REMOVED: T.SENTENCE_ADDED,
    T.DETAIL_ADDED: T.DETAIL_REMOVED,
    T.DETAIL_REMOVED: T.DETAIL_ADDED,
}


def mirrored(one: Difference) -> Difference:
    """What must be told of it when the sides change places."""
    return Difference(MIRROR.get(one.type, one.type), one.other, one.base)


def same_to_themselves(articles: Sequence[Article], encoder: Encoder) -> int:
    """How many articles differ in nothing from themselves."""
    compared = _comparing(encoder)
    return sum(not compared(one, one).differences for one in articles)


def symmetric(pairs: Sequence[tuple[Article, Article]], encoder: Encoder) -> tuple[int, int]:
    """In how many pairs swapping swaps what is added and removed, and in how many everything."""
    compared, added, everything = _comparing(encoder), 0, 0
    for a, b in pairs:
        there = {_key(mirrored(one)) for one in compared(a, b).differences}
        back = {_key(one) for one in compared(b, a).differences}
        added += {one for one in there if one[0] in MIRROR} == {
            one for one in back if one[0] in MIRROR
        }
        everything += there == back
    return added, everything


def _comparing(encoder: Encoder) -> Callable[[Article, Article], Comparison]:
    return partial(compare_articles, encoder=encoder, settings=Settings())


def _key(one: Difference) -> tuple[object, ...]:
    return one.type, one.base, one.other
