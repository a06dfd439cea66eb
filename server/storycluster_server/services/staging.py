"""How does a request's list of articles go through both stages and come back in order?

Some of the list may be unreadable: those are refused one by one and keep their place.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

from storycluster import wire
from storycluster.domain import Article, IngestResult
from storycluster.engine import Prepared
from storycluster.errors import InvalidInput, StoryClusterError
from storycluster_server import calls
from storycluster_server.batching import Batcher, Lane, Outcome, Staged
from storycluster_server.services.core import Core, located

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Incoming:
    """The articles of one request in order, or why they cannot be read, and their field paths."""

    entries: Sequence[Article | InvalidInput]
    paths: Sequence[str]

    @classmethod
    def read(cls, messages: Sequence[Any], path: str, *, most: int) -> Incoming:
        """From messages. Raises InvalidInput for none or too many."""
        if not messages:
            raise InvalidInput.of(path, "must not be empty")
        if len(messages) > most:
            raise InvalidInput.of(path, f"holds {len(messages)} articles, the limit is {most}")
        call = calls.current.get(None)
        if call is not None:
            call.items += len(messages)
        return cls(
            wire.articles_from_messages(messages, path=path),
            [f"{path}[{place}]" for place in range(len(messages))],
        )

    def readable(self) -> list[Article]:
        """The articles that can be worked on."""
        return [one for one in self.entries if isinstance(one, Article)]

    def merge(self, found: Iterable[T | StoryClusterError]) -> list[T | StoryClusterError]:
        """`found`, one for each readable article, with the refusals in their places."""
        rest = iter(found)
        return [
            one if isinstance(one, StoryClusterError) else _named(next(rest), path)
            for one, path in zip(self.entries, self.paths, strict=True)
        ]


async def stage(
    batcher: Batcher,
    collection: str,
    incoming: Incoming,
    *,
    lane: Lane,
    expires_at: float | None = None,
) -> list[Staged]:
    """Stage 1 for a list; the caller holds room in the budget."""
    readable = incoming.readable()
    found: list[Staged] = []
    if readable:
        found = await batcher.prepare(
            readable, lane=lane, collection=collection, expires_at=expires_at
        )
    return incoming.merge(found)


async def commit(
    batcher: Batcher,
    collection: str,
    staged: Sequence[Staged],
    incoming: Incoming,
    *,
    stream: tuple[str, int] | None = None,
    settled: Callable[[], None] = lambda: None,
) -> list[Outcome]:
    """Stage 2 for a list. Once begun it is finished, whether or not the caller waits."""
    rights = calls.current.get().rights
    written = batcher.commit(collection, staged, stream=stream, rights=rights, settled=settled)
    outcomes = await asyncio.shield(written)
    return [
        _named(outcome, path) if isinstance(one, Prepared) else outcome
        for outcome, one, path in zip(outcomes, staged, incoming.paths, strict=True)
    ]


async def viewed(core: Core, collection: str, outcomes: Sequence[Outcome]) -> list[Outcome]:
    """The outcomes with story and comparisons."""
    rights = calls.current.get().rights

    def look() -> list[Outcome]:
        return [
            core.engine.view(collection, one, rights=rights)
            if isinstance(one, IngestResult)
            else one
            for one in outcomes
        ]

    return await core.reads.run(look)


def _named(outcome: T, path: str) -> T:
    """An error with its fields named from the request on; anything else as it is."""
    if isinstance(outcome, StoryClusterError):
        return located(outcome, path)  # type: ignore[return-value]  # an error in, an error out
    return outcome
