"""Who still says what an article has corrected?

Pure: what the last revision changed in figures, dates, names and quotes against the one before it,
and which members of the story differ from the correction by exactly the old value.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence

from storycluster.domain import Comparison, Difference, DifferenceType, StoredArticle

_FACTS = frozenset(
    {
        DifferenceType.NUMBER_CHANGED,
        DifferenceType.DATE_CHANGED,
        DifferenceType.NAME_CHANGED,
        DifferenceType.QUOTE_CHANGED,
        DifferenceType.ATTRIBUTION_CHANGED,
    }
)

Compare = Callable[[StoredArticle, StoredArticle], Comparison]
"""(base, other) -> what other says differently."""


def corrected(comparison: Comparison) -> tuple[Difference, ...]:
    """The facts that a revision changed: base is the old value, other the new one."""
    return tuple(
        one
        for one in comparison.differences
        if one.type in _FACTS and one.base is not None and one.other is not None
    )


def stale(
    changes: Sequence[Difference],
    latest: StoredArticle,
    members: Sequence[StoredArticle],
    compare: Compare,
) -> tuple[Comparison, ...]:
    """For each member that still has an old value where `latest` has the new one: the two compared,
    with those differences alone. Only members whose text holds an old value are compared."""
    old = {one.base.text.casefold() for one in changes if one.base is not None}
    wanted = {(one.type, *_values(one)) for one in changes}
    found = []
    for member in members:
        words = f"{member.article.title}\n{member.article.text}".casefold()
        if not any(value in words for value in old):
            continue
        compared = compare(latest, member)
        kept = tuple(
            one for one in compared.differences if (one.type, *reversed(_values(one))) in wanted
        )
        if kept:
            found.append(dataclasses.replace(compared, differences=kept, aligned=()))
    return tuple(found)


def _values(difference: Difference) -> tuple[str, str]:
    """What base and other say: the normalised values, or the words where there is none."""
    base, other = difference.base, difference.other
    return (
        difference.base_value or (base.text if base else ""),
        difference.other_value or (other.text if other else ""),
    )
