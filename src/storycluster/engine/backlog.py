"""What waits for the writer, and what does it take next?

Articles that are committed together, and calls that run alone between two commits. Collections
take turns (`turns`); where several wait, a group holds one turn of each at most, so that nobody's
answer waits for all that another collection has.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import Future
from dataclasses import dataclass
from typing import Any

from storycluster.domain import Rights
from storycluster.engine.ingest import Outcome
from storycluster.engine.prepare import Prepared
from storycluster.engine.turns import Turns
from storycluster.errors import StoryClusterError, Unavailable

GROUP_ARTICLES = 64
"""Articles committed together at most. What a commit costs is a tenth of what it costs to place 64,
and whoever comes while they are placed, a quarter of a second, waits for all of them."""

TURN_ARTICLES = 32
"""Articles of one collection in its turn, where others wait: what the server prepares together; a
tenth of a second."""


@dataclass(slots=True)
class Batch:
    """Articles of one caller, committed together."""

    collection: str
    prepared: Sequence[Prepared | StoryClusterError]
    stream: tuple[str, int] | None
    rights: Rights
    future: Future[list[Outcome]]


@dataclass(slots=True)
class Call:
    """Something to run on the writer's thread, between two commits. `collection` is the one whose
    turn it takes, "" where it is for none."""

    collection: str
    run: Callable[[], Any]
    future: Future[Any]
    cost: int


class Backlog:
    """What waits for the writer. Any thread may put, one takes."""

    def __init__(self) -> None:
        self._turns: Turns[Batch | Call] = Turns(TURN_ARTICLES)
        self._changed = threading.Condition()
        self._ended = False

    def qsize(self) -> int:
        """Batches and calls that wait."""
        with self._changed:
            return len(self._turns)

    def put(self, item: Batch | Call) -> None:
        """Queue it. Raises Unavailable after the end."""
        cost = item.cost if isinstance(item, Call) else len(item.prepared)
        with self._changed:
            if self._ended:
                raise Unavailable("the engine is closed")
            self._turns.add(item.collection, item, cost=max(cost, 1))
            self._changed.notify()

    def end(self) -> None:
        """Take nothing more; what waits is still given out. A second call does nothing."""
        with self._changed:
            self._ended = True
            self._changed.notify()

    def take(self) -> Call | list[Batch] | None:
        """Wait for what is next: a call, or the batches of one commit; None once all is done."""
        with self._changed:
            while not self._turns:
                if self._ended:
                    return None
                self._changed.wait()
            first = self._turns.take()
            return first if isinstance(first, Call) else self._group(first)

    def _group(self, first: Batch) -> list[Batch]:
        """The batches that wait now, GROUP_ARTICLES articles at most, and no second turn of a
        collection where another one has had its own meanwhile."""
        group, size, had = [first], len(first.prepared), {first.collection}
        while size < GROUP_ARTICLES:
            item = self._turns.head()
            if not isinstance(item, Batch) or size + len(item.prepared) > GROUP_ARTICLES:
                break
            if item.collection in had and item.collection != group[-1].collection:
                break
            group.append(item)
            size += len(item.prepared)
            had.add(item.collection)
            self._turns.take()
        return group
