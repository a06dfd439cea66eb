"""Whose turn is it, where several collections have work that waits?

Deficit round robin (Shreedhar and Varghese, 1995): each collection has a line of its own; in its
turn it may spend a quantum, and what it could not spend on a large item it keeps for its next turn.
Nothing waits while there is work, one collection alone is served in its order of arrival, and an
item that costs no more than a quantum waits for at most one turn of each other collection.
"""

from __future__ import annotations

import collections
from typing import Generic, TypeVar

T = TypeVar("T")


class Turns(Generic[T]):
    """Lines of items, one for each collection, taken in turns. For one thread."""

    def __init__(self, quantum: int) -> None:
        if quantum < 1:
            raise ValueError("a quantum is 1 or more")
        self._quantum = quantum
        self._lines: dict[str, collections.deque[tuple[T, int]]] = {}
        self._order: collections.deque[str] = collections.deque()
        self._left: dict[str, int] = {}
        self._items = 0
        self.cost = 0
        """Of everything that waits."""

    def __len__(self) -> int:
        return self._items

    def add(self, collection: str, item: T, *, cost: int) -> None:
        """At the end of the line of its collection. `cost` is 0 or more, in units of the
        quantum."""
        if collection not in self._lines:
            self._lines[collection] = collections.deque()
            self._order.append(collection)
            self._left[collection] = 0
            if len(self._order) == 1:
                self._begin()
        self._lines[collection].append((item, cost))
        self._items += 1
        self.cost += cost

    def head(self) -> T | None:
        """The next item; None where none waits. It stays the next one until it is taken."""
        if not self._order:
            return None
        while self._left[self._order[0]] < self._first()[1]:
            self._order.rotate(-1)
            self._begin()
        return self._first()[0]

    def take(self) -> T:
        """The next item, spent from its collection's turn. IndexError where none waits."""
        return self._remove(charged=True)

    def drop(self) -> T:
        """The next item, at no cost: nobody works on it. IndexError where none waits."""
        return self._remove(charged=False)

    def _begin(self) -> None:
        """The turn of the collection that is now in front."""
        self._left[self._order[0]] += self._quantum

    def _first(self) -> tuple[T, int]:
        return self._lines[self._order[0]][0]

    def _remove(self, *, charged: bool) -> T:
        if self.head() is None:
            raise IndexError("nothing waits")
        collection = self._order[0]
        item, cost = self._lines[collection].popleft()
        self._items -= 1
        self.cost -= cost
        if charged:
            self._left[collection] -= cost
        if not self._lines[collection]:  # who has nothing to do saves nothing up
            del self._lines[collection], self._left[collection]
            self._order.popleft()
            if self._order:
                self._begin()
        return item
