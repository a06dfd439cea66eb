"""Which sentences of two independent reports tell one thing otherwise?"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rapidfuzz.distance import Levenshtein

from storycluster.alignment import Alignment, Float32, is_telling
from storycluster.difference.opposites import may_oppose, opposed
from storycluster.difference.side import Side, Words
from storycluster.domain import Difference, DifferenceType

_RUN = 4  # words in a row that both have, from which they are one wording
_SAME = 0.6  # share of the shorter sentence in such runs from which it is a shared quote
_OWN = 2  # telling words that each sentence must have of its own
_NEAREST = 2  # of each sentence, that many of the other article may tell the same
_SHARED = 3  # telling words that two sentences about one thing have in common


def retold(base: Side, other: Side, alignment: Alignment) -> list[Difference]:
    """Pairs of sentences that tell one thing and differ in what they say of it: they are near each
    other, or they oppose each other. None is claimed as a conflict: whether both can hold is for
    the reader to judge, and what sounds opposed is named first.
    """
    found = []
    for i, j, near in _candidates(base, other, alignment):
        one, two = base.sentences[i], other.sentences[j]
        similarity = float(alignment.similarity[i, j])
        clash = opposed(one.words, two.words)
        differs = near and _shared(one, two) and _own(one, two) and _own(two, one)
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


def _candidates(base: Side, other: Side, alignment: Alignment) -> list[tuple[int, int, bool]]:
    """Pairs of which one is the nearest of the other, itself among its nearest (True), and pairs
    that both have a word with an opposite.

    With the nearest of each other alone 18 of the 36 contradictions of the gold were shown, with
    the second nearest 24 (benchmarks/results/difference.md).
    """
    similarity = alignment.similarity
    if not similarity.size:
        return []
    best = (similarity >= alignment.base_best[:, None]) | (similarity >= alignment.other_best)
    among = (similarity >= _bar(similarity)[:, None]) & (similarity >= _bar(similarity.T))
    near = best & among & (similarity >= base.settings.retold_bar)
    left, right = ([may_oppose(s.words) for s in side.sentences] for side in (base, other))
    opposing = np.outer(left, right) & (similarity >= base.settings.opposed_bar)
    return [(int(i), int(j), bool(near[i, j])) for i, j in np.argwhere(near | opposing)]


def _bar(similarity: Float32) -> Float32:
    """For each row the similarity of its last nearest."""
    kept = min(_NEAREST, similarity.shape[1])
    return np.partition(similarity, -kept, axis=1)[:, -kept]


def _shared(one: Words, two: Words) -> bool:
    """Whether two sentences have the telling words in common that make them about one thing."""
    return sum(map(is_telling, set(one.stems) & set(two.stems))) >= _SHARED


def _own(sentence: Words, against: Words) -> bool:
    """Whether a sentence has telling words that the other one lacks."""
    known = set(against.stems)
    return len({s for s in sentence.stems if is_telling(s) and s not in known}) >= _OWN


def _one_wording(one: Sequence[str], two: Sequence[str]) -> bool:
    """Whether most of the shorter sentence stands in the longer one, word for word."""
    blocks = Levenshtein.opcodes(one, two)
    runs = [op.src_end - op.src_start for op in blocks if op.tag == "equal"]
    return sum(run for run in runs if run >= _RUN) >= _SAME * min(len(one), len(two))
