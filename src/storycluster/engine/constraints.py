"""What did editors say of a collection, and what does it forbid?

The rows of the store, by article and by story. A cache like the rest of the index: filled when it
is, changed with the store, thrown away when a commit fails.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

from storycluster.domain import Constraint, ConstraintKind

_LINKS = (ConstraintKind.MUST_LINK, ConstraintKind.CANNOT_LINK)


class Constraints:
    """All that holds in one collection."""

    def __init__(self, held: Iterable[Constraint] = ()) -> None:
        self._links: defaultdict[str, set[Constraint]] = defaultdict(set)
        self.pinned: set[str] = set()
        """Articles that are to stand for their story."""
        self.locked: set[str] = set()
        """Stories that are kept as they are."""
        for one in held:
            self.add(one)

    def add(self, constraint: Constraint) -> None:
        """Hold it from now on."""
        if constraint.kind is ConstraintKind.PIN:
            self.pinned.add(constraint.subject)
        elif constraint.kind is ConstraintKind.LOCK:
            self.locked.add(constraint.subject)
        else:
            self._links[constraint.subject].add(constraint)
            self._links[constraint.other].add(constraint)

    def drop(self, constraint: Constraint) -> None:
        """Hold it no longer."""
        if constraint.kind is ConstraintKind.PIN:
            self.pinned.discard(constraint.subject)
        elif constraint.kind is ConstraintKind.LOCK:
            self.locked.discard(constraint.subject)
        else:
            self._links[constraint.subject].discard(constraint)
            self._links[constraint.other].discard(constraint)

    def has(self, constraint: Constraint) -> bool:
        """Whether it holds."""
        if constraint.kind is ConstraintKind.PIN:
            return constraint.subject in self.pinned
        if constraint.kind is ConstraintKind.LOCK:
            return constraint.subject in self.locked
        return constraint in self._links.get(constraint.subject, ())

    def of(self, article_id: str) -> list[Constraint]:
        """What was said of an article and another one, or of its pin, in a fixed order."""
        found = sorted(self._links.get(article_id, ()), key=_order)
        return [pin(article_id), *found] if article_id in self.pinned else found

    def between(
        self, kind: ConstraintKind, some: Iterable[str], others: Iterable[str]
    ) -> list[Constraint]:
        """The links of that kind between one of `some` articles and one of the `others`."""
        if not self._links:
            return []
        there = set(others)
        found = {
            link
            for article_id in some
            for link in self._links.get(article_id, ())
            if link.kind is kind and partner(link, article_id) in there
        }
        return sorted(found, key=_order)

    def apart(self, some: Iterable[str], others: Iterable[str]) -> bool:
        """Whether one of `some` must not be in a story with one of the `others`."""
        return bool(self.between(ConstraintKind.CANNOT_LINK, some, others))

    def together(self, some: Iterable[str], others: Iterable[str]) -> bool:
        """Whether one of `some` must be in a story with one of the `others`."""
        return bool(self.between(ConstraintKind.MUST_LINK, some, others))


def link(kind: ConstraintKind, one: str, other: str) -> Constraint:
    """What is said of two articles, in whichever order they are named."""
    return Constraint(kind, *sorted((one, other)))


def pin(article_id: str) -> Constraint:
    """That an article stands for its story."""
    return Constraint(ConstraintKind.PIN, article_id)


def lock(story_id: str) -> Constraint:
    """That a story is kept as it is."""
    return Constraint(ConstraintKind.LOCK, story_id)


def is_link(constraint: Constraint) -> bool:
    """Whether it is of two articles."""
    return constraint.kind in _LINKS


def partner(constraint: Constraint, article_id: str) -> str:
    """The other article of a link."""
    return constraint.other if constraint.subject == article_id else constraint.subject


def _order(one: Constraint) -> tuple[str, str, str]:
    return (one.kind, one.subject, one.other)
