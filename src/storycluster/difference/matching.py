"""Which of many possible pairs stand, each side of a pair taken once?"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

Pair = TypeVar("Pair")


def one_to_one(ranked: Iterable[Pair], places: Callable[[Pair], tuple[int, int]]) -> list[Pair]:
    """Of pairs in order of preference those of which neither place, (base, other), was taken."""
    used: tuple[set[int], set[int]] = set(), set()
    found = []
    for pair in ranked:
        base, other = places(pair)
        if base not in used[0] and other not in used[1]:
            used[0].add(base)
            used[1].add(other)
            found.append(pair)
    return found
