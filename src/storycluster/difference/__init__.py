"""What does one article say differently from another?

Versions and reprints of one text are compared sentence by sentence, wording included. Independent
reports never agree in wording: there what one side lacks, facts that cannot both hold, and the few
sentences nearest to each other that tell one thing in other words are differences. A conflict is
claimed only where both sides clearly speak of the same thing.
"""

from __future__ import annotations

from datetime import datetime

import numpy as np

from storycluster.alignment import Alignment, Float32, Link, align
from storycluster.difference.ages import changed_ages
from storycluster.difference.claims import (
    changed_dates,
    changed_names,
    changed_sources,
)
from storycluster.difference.contradictions import changed_tolls, contradictions
from storycluster.difference.edits import with_edits
from storycluster.difference.numbers import changed_numbers
from storycluster.difference.quoted import changed_quotes
from storycluster.difference.retold import retold
from storycluster.difference.side import Side
from storycluster.difference.wording import headline, moved, reworded, unmatched
from storycluster.document import Document
from storycluster.domain import Aligned, Difference, Span
from storycluster.settings import DifferenceSettings

__all__ = ["comparable", "compare"]


def comparable(base: Document, other: Document) -> str:
    """ "" where the two can be compared, else the reason why not."""
    if base.language and other.language and base.language != other.language:
        return f"languages differ: {base.language} and {other.language}"
    return ""


def compare(
    base: Document,
    other: Document,
    settings: DifferenceSettings,
    *,
    base_vectors: Float32 | None = None,
    other_vectors: Float32 | None = None,
    base_time: datetime | None = None,
    other_time: datetime | None = None,
) -> tuple[tuple[Difference, ...], tuple[Aligned, ...]]:
    """Differences in order of importance, then place, and the pairs of sentences that say the same.

    The vectors are (n, d) unit rows of `document.sentences`, both or neither; they matter for
    independent reports only. The times resolve weekdays and dates without a year. Swapping the
    sides swaps added and removed. At most `settings.max_sentences` sentences a side are compared.
    """
    left, right = Side(base, settings, base_time), Side(other, settings, other_time)
    alignment = align(
        [s.stems for s in left.sentences],
        [s.stems for s in right.sentences],
        settings,
        base_vectors=_rows(left, base_vectors),
        other_vectors=_rows(right, other_vectors),
    )
    found = headline(left, right, copied=alignment.copied)
    found += unmatched(left, right, alignment)
    found += _claims(left, right, alignment)
    if alignment.copied:
        found += moved(left, right, alignment)
        found += reworded(left, right, alignment, found)
    else:
        found += retold(left, right, alignment)
    links = tuple(
        Aligned(left.sentence_span(k.base), right.sentence_span(k.other), min(1.0, k.similarity))
        for k in alignment.links
    )
    return tuple(map(with_edits, sorted(_distinct(found), key=_order))), links


def _rows(side: Side, vectors: Float32 | None) -> Float32 | None:
    if vectors is None:
        return None
    return np.asarray(vectors[[s.index for s in side.sentences]], np.float32)


def _claims(left: Side, right: Side, alignment: Alignment) -> list[Difference]:
    found: list[Difference] = []
    for link in alignment.links:
        if not _may_claim(left, right, link, copied=alignment.copied):
            continue
        found += changed_dates(left, right, link, copied=alignment.copied)
        if alignment.copied:
            found += changed_numbers(left, right, link)
        if alignment.copied and not link.part:
            found += changed_names(left, right, link)
    if not alignment.copied:
        found += contradictions(left, right, alignment)
        found += changed_ages(left, right)
    found += changed_tolls(left, right, alignment, found) if left.english and right.english else []
    found += changed_sources(left, right, alignment)
    return found + changed_quotes(left, right, alignment)


def _may_claim(left: Side, right: Side, link: Link, *, copied: bool) -> bool:
    if left.sentences[link.base].words == right.sentences[link.other].words:
        return False
    return copied or link.similarity >= left.settings.fact_bar


def _distinct(found: list[Difference]) -> list[Difference]:
    """One of each type and pair of spans."""
    seen: dict[tuple[str, Span | None, Span | None], Difference] = {}
    for difference in found:
        seen.setdefault((difference.type, difference.base, difference.other), difference)
    return list(seen.values())


def _order(difference: Difference) -> tuple[float, tuple[int, int], tuple[int, int], str]:
    return (
        -difference.importance,
        _place(difference.base),
        _place(difference.other),
        difference.type,
    )


def _place(span: Span | None) -> tuple[int, int]:
    """The headline first; where a side has no span, after all that have one."""
    if span is None:
        return (1 << 60, 0)
    return (-1 if span.field == "title" else span.start, span.end)
