"""How much of a bounded thing may one collection hold?

A dynamic threshold, as switches share a buffer between ports (Choudhury and Hahne, 1998): what a
collection holds may not be more than a multiple of what is left free. One collection alone comes to
`share` of the whole and no further; with every other one that takes as much as it may, all of them
come to less, and some is always left for who comes next. So nobody has to be thrown out, and a
collection that holds nothing finds room wherever there is any.
"""

from __future__ import annotations


class Shares:
    """What each collection holds of one bounded thing."""

    def __init__(self, most: int, *, share: float = 1.0) -> None:
        self.most = most
        self.total = 0
        self._share = share
        self._held: dict[str, int] = {}

    def held(self, collection: str) -> int:
        """What that collection holds."""
        return self._held.get(collection, 0)

    def has_room(self, more: int) -> bool:
        """Whether that much is left free, for whomever."""
        return self.total + more <= self.most

    def may_hold(self, collection: str, more: int) -> bool:
        """Whether the collection may hold that much more. The first thing it holds needs no more
        than free room; with a share of 1 nothing else does."""
        if not self.has_room(more):
            return False
        held, free = self.held(collection), self.most - self.total - more
        return not held or (held + more) * (1.0 - self._share) <= free * self._share

    def add(self, collection: str, more: int) -> None:
        """It holds that much more, whether it may or not."""
        self.total += more
        self._held[collection] = self.held(collection) + more

    def remove(self, collection: str, less: int) -> None:
        """It holds that much less."""
        self.total -= less
        self._held[collection] = self.held(collection) - less
        if not self._held[collection]:
            del self._held[collection]
