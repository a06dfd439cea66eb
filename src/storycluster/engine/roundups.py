"""Is an article about many things at once?

A briefing, a live blog or a review of the week tells several events one after the other, so that
distant parts of it have no telling word in common; a report comes back to its subject. The headline
only says how little is enough.
"""

from __future__ import annotations

from collections.abc import Sequence

from storycluster.document import Document
from storycluster.phrases import ROUNDUPS
from storycluster.settings import GuardSettings
from storycluster.text import words
from storycluster.weighting import prior_share

_SHORTEST = 4
_COMMON = 0.05
_LEAST_TELLING = 0.13
"""Share of words that tell: .27 in English news, .08 in Vietnamese, whose words are written
syllable by syllable. Below it nothing can be said."""


def is_roundup(document: Document, guards: GuardSettings) -> bool:
    """Whether the text falls apart as briefings do.

    On labelled news of one event 1 in 10 texts is linked less than a headline that names itself a
    briefing asks for, and 1 in 300 less than any other.
    """
    blocks = _blocks(document, guards.roundup_block_words)
    telling = [frozenset(filter(_tells, block)) for block in blocks]
    if len(blocks) < guards.roundup_blocks or _share(telling, blocks) < _LEAST_TELLING:
        return False
    titled = any(phrase in document.title.lower() for phrase in ROUNDUPS)
    return links(telling) < (guards.roundup_links_titled if titled else guards.roundup_links)


def links(blocks: Sequence[frozenset[str]]) -> float:
    """The share of pairs of blocks, not next to each other, with a word in common, 0..1."""
    count = len(blocks)
    apart = [(i, j) for i in range(count) for j in range(i + 2, count)]
    shared = sum(not blocks[i].isdisjoint(blocks[j]) for i, j in apart)
    return shared / len(apart) if apart else 1.0


def _blocks(document: Document, size: int) -> list[list[str]]:
    """The words of successive runs of whole sentences, of at least `size` words each."""
    found: list[list[str]] = [[]]
    for place in range(len(document.sentences)):
        if len(found[-1]) >= size:
            found.append([])
        found[-1] += words(document.sentence_text(place))
    if len(found) > 1 and len(found[-1]) < size:
        last = found.pop()
        found[-1] += last
    return found


def _share(telling: Sequence[frozenset[str]], blocks: Sequence[Sequence[str]]) -> float:
    return sum(map(len, telling)) / sum(map(len, blocks))


def _tells(word: str) -> bool:
    """Whether a word is neither short nor common."""
    return len(word) >= _SHORTEST and prior_share(word) < _COMMON
