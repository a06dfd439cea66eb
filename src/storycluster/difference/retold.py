"""Which sentences of two independent reports tell one thing otherwise?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from rapidfuzz.distance import Levenshtein

from storycluster.alignment import Alignment, Float32, is_telling
from storycluster.difference.opposites import may_oppose, opposed
from storycluster.difference.side import Side, Words, rarity, stem_counts
from storycluster.domain import Difference, DifferenceType

_RUN = 4  # words in a row that both have, from which they are one wording
_SAME = 0.6  # share of the shorter sentence in such runs from which it is a shared quote
_OWN = 2  # telling words that each sentence must have of its own
_NEAREST = 2  # of each sentence, that many of the other article may tell the same,
_OF_RARE = 3  # or that many where they share words that few others have
_SHARED = 3  # telling words that two sentences about one thing have in common
_RARE = 0.25  # a word that no third sentence has says as much as half of that in likeness


def retold(base: Side, other: Side, alignment: Alignment) -> list[Difference]:
    """Pairs of sentences that tell one thing and differ in what they say of it: they are near each
    other, or they oppose each other. None is claimed as a conflict: whether both can hold is for
    the reader to judge, and what sounds opposed is named first.
    """
    found = []
    counts = stem_counts(base, other)
    for i, j, near in _candidates(base, other, alignment):
        one, two = base.sentences[i], other.sentences[j]
        similarity = float(alignment.similarity[i, j])
        clash = opposed(one.words, two.words)
        shared = _shared(one, two)
        rare = similarity + _RARE * rarity(shared, counts) >= base.settings.retold_rare_bar
        tied = near == _NEAREST and similarity >= base.settings.retold_bar
        tied &= len(shared) >= _SHARED
        differs = near and (rare or tied) and _own(one, two) and _own(two, one)
        if not (clash or differs) or _one_wording(one.words, two.words):
            continue
        early = 1.0 / (1.0 + 0.1 * min(i, j))
        found.append(
            Difference(
                DifferenceType.SENTENCE_REWORDED,
                base.sentence_span(i),
                other.sentence_span(j),
                *(clash or ("", "")),
                importance=round((0.45 if clash else 0.2) + 0.1 * early, 4),
                confidence=round(min(1.0, similarity), 4),
            )
        )
    return found


def _candidates(base: Side, other: Side, alignment: Alignment) -> list[tuple[int, int, int]]:
    """Pairs of which one is the nearest of the other, with how many of the nearest of the other one
    it is among (`_NEAREST`, `_OF_RARE`), and pairs that both have a word with an opposite (0).

    With the nearest of each other alone 18 of the 36 contradictions of the gold were shown.
    """
    similarity = alignment.similarity
    if not similarity.size:
        return []
    best = (similarity >= alignment.base_best[:, None]) | (similarity >= alignment.other_best)
    best &= similarity >= base.settings.retold_least
    left, right = ([may_oppose(s.words) for s in side.sentences] for side in (base, other))
    near = np.outer(left, right) & (similarity >= base.settings.opposed_bar)
    among = np.where(near, 0, -1)
    for count in (_OF_RARE, _NEAREST):
        among[best & _within(similarity, count) & _within(similarity.T, count).T] = count
    return [(int(i), int(j), int(among[i, j])) for i, j in np.argwhere(among >= 0)]


def _within(similarity: Float32, count: int) -> npt.NDArray[np.bool_]:
    """Whether each is among so many highest of its row."""
    kept = min(count, similarity.shape[1])
    bar: Float32 = np.partition(similarity, -kept, axis=1)[:, -kept]
    return similarity >= bar[:, None]


def _shared(one: Words, two: Words) -> set[str]:
    """The telling stems of both. How rare they are tells best of all that was tried which pairs are
    about one thing."""
    return {stem for stem in set(one.stems) & set(two.stems) if is_telling(stem)}


def _own(sentence: Words, against: Words) -> bool:
    """Whether a sentence has telling words that the other one lacks."""
    known = set(against.stems)
    return len({s for s in sentence.stems if is_telling(s) and s not in known}) >= _OWN


def _one_wording(one: Sequence[str], two: Sequence[str]) -> bool:
    """Whether most of the shorter sentence stands in the longer one, word for word."""
    blocks = Levenshtein.opcodes(one, two)
    runs = [op.src_end - op.src_start for op in blocks if op.tag == "equal"]
    return sum(run for run in runs if run >= _RUN) >= _SAME * min(len(one), len(two))
