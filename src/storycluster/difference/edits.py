"""Which words differ between two wordings of one thing?"""

from __future__ import annotations

import re
from dataclasses import replace

from rapidfuzz.distance import Levenshtein

from storycluster.domain import Difference, DifferenceType, Span, WordEdit

_WORD = re.compile(r"\w+(?:[’'.,]\w+)*|[^\w\s]+")
_WORDINGS = (
    DifferenceType.HEADLINE_CHANGED,
    DifferenceType.QUOTE_CHANGED,
    DifferenceType.SENTENCE_REWORDED,
)


def with_edits(difference: Difference) -> Difference:
    """The difference, with its word edits where it tells of two wordings."""
    if difference.type not in _WORDINGS or difference.base is None or difference.other is None:
        return difference
    return replace(difference, edits=word_edits(difference.base, difference.other))


def word_edits(base: Span, other: Span) -> tuple[WordEdit, ...]:
    """The fewest runs of words and marks that turn one text into the other, in order."""
    left, right = _marks(base), _marks(other)
    found = Levenshtein.opcodes(
        [base.text[a:b].casefold() for a, b in left], [other.text[a:b].casefold() for a, b in right]
    )
    return tuple(
        WordEdit(
            *_place(base, left, op.src_start, op.src_end),
            *_place(other, right, op.dest_start, op.dest_end),
        )
        for op in found
        if op.tag != "equal"
    )


def _marks(span: Span) -> list[tuple[int, int]]:
    return [match.span() for match in _WORD.finditer(span.text)]


def _place(span: Span, marks: list[tuple[int, int]], first: int, last: int) -> tuple[int, int]:
    """Offsets of marks [first, last) in the span's field; where there are none, of the place
    between."""
    if first < last:
        return span.start + marks[first][0], span.start + marks[last - 1][1]
    at = span.start + marks[first - 1][1] if first else span.start
    return at, at
