"""How does an asyncio program talk to the server?

The methods, their arguments and their answers are those of `Client` (a test compares them); here
they are awaited, lists are read with `async for`, and inputs may be asynchronous iterables.
"""

from __future__ import annotations

from collections.abc import AsyncIterable, AsyncIterator, Iterable
from pathlib import Path
from typing import Any

from storycluster.client.aio_collections import AsyncCollectionCalls
from storycluster.client.aio_editing import AsyncEditingCalls
from storycluster.client.aio_reclustering import AsyncReclusterCalls
from storycluster.client.aio_searching import AsyncSearchingCalls
from storycluster.client.aio_stream import AsyncIngest
from storycluster.client.aio_watch import AsyncWatch
from storycluster.client.listing import AsyncListing
from storycluster.client.report import Errors, OnResult, Tally
from storycluster.client.session import IngestSession
from storycluster.client.watching import Checkpoint, Wanted, WatchSession
from storycluster.domain import (
    Article,
    Assignment,
    Comparison,
    Event,
    EventKind,
    FurnitureLine,
    HeldArticle,
    IngestFailure,
    IngestReport,
    IngestResult,
    Match,
    ServerInfo,
    StoredArticle,
    StoryView,
)
from storycluster.grid import StoryFacts


class AsyncClient(
    AsyncCollectionCalls, AsyncEditingCalls, AsyncReclusterCalls, AsyncSearchingCalls
):
    """`Client` for one event loop: the one of its first call. Opens nothing until used."""

    # -- ingest -----------------------------------------------------------------------------------

    async def ingest_article(
        self, article: Article, *, view: bool = True, timeout: float | None = None
    ) -> IngestResult:
        """As `Client.ingest_article`."""
        return await self._run(self._requests.ingest_article(article, view=view), timeout)

    async def ingest(
        self,
        articles: Iterable[Article] | AsyncIterable[Article],
        *,
        batch_articles: int = 32,
        stream_id: str | None = None,
        errors: Errors = "raise",
        on_result: OnResult | None = None,
        timeout: float | None = None,
    ) -> IngestReport:
        """As `Client.ingest`. A plain iterable is read on the event loop and must not block."""
        tally = Tally(errors=errors, on_result=on_result)
        outcomes = self.ingest_results(
            articles, batch_articles=batch_articles, stream_id=stream_id, timeout=timeout
        )
        async for outcome in outcomes:
            tally.add(outcome)
        return tally.report()

    def ingest_results(
        self,
        articles: Iterable[Article] | AsyncIterable[Article],
        *,
        batch_articles: int = 32,
        stream_id: str | None = None,
        view: bool = False,
        timeout: float | None = None,
    ) -> AsyncIterator[IngestResult | IngestFailure]:
        """As `Client.ingest_results`; an asynchronous input is read ahead by a task."""
        session = IngestSession(
            collection=self._config.collection,
            batch_articles=batch_articles,
            timeout=self._config.budget(timeout),
            retry=self._config.retry,
            stream_id=stream_id,
            view=view,
        )
        ingest = AsyncIngest(session, self._open_stream, failure_of=self._failure_of)
        return ingest.run(articles, read_ahead=batch_articles)

    async def match(
        self, articles: Iterable[Article], *, timeout: float | None = None
    ) -> tuple[Match | IngestFailure, ...]:
        """As `Client.match`."""
        budget = self._budget(timeout)
        found: list[Match | IngestFailure] = []
        for call in self._requests.match(articles):
            matches = await self._run(call, budget())
            found.extend(matches)
        return tuple(found)

    # -- reading ----------------------------------------------------------------------------------

    async def get_article(
        self, article_id: str, revision: int = 0, *, timeout: float | None = None
    ) -> StoredArticle:
        """As `Client.get_article`."""
        return await self._run(self._requests.get_article(article_id, revision), timeout)

    def list_revisions(
        self, article_id: str, *, page_size: int = 0, timeout: float | None = None
    ) -> AsyncListing[StoredArticle]:
        """As `Client.list_revisions`."""
        return AsyncListing(
            lambda token: self._run(
                self._requests.list_revisions(article_id, page_size=page_size, page_token=token),
                timeout,
            )
        )

    async def explain(
        self, article_id: str, *, timeout: float | None = None
    ) -> tuple[Assignment, ...]:
        """As `Client.explain`."""
        return await self._run(self._requests.explain(article_id), timeout)

    def list_held_articles(
        self, *, page_size: int = 0, timeout: float | None = None
    ) -> AsyncListing[HeldArticle]:
        """As `Client.list_held_articles`."""
        return AsyncListing(
            lambda token: self._run(
                self._requests.list_held_articles(page_size=page_size, page_token=token), timeout
            )
        )

    def list_furniture(
        self, source: str = "", *, page_size: int = 0, timeout: float | None = None
    ) -> AsyncListing[FurnitureLine]:
        """As `Client.list_furniture`."""
        return AsyncListing(
            lambda token: self._run(
                self._requests.list_furniture(source, page_size=page_size, page_token=token),
                timeout,
            )
        )

    async def get_story(self, story_id: str, *, timeout: float | None = None) -> StoryView:
        """As `Client.get_story`."""
        return await self._run(self._requests.get_story(story_id), timeout)

    async def get_story_facts(self, story_id: str, *, timeout: float | None = None) -> StoryFacts:
        """As `Client.get_story_facts`."""
        return await self._run(self._requests.get_story_facts(story_id), timeout)

    def list_story_articles(
        self, story_id: str, *, page_size: int = 0, timeout: float | None = None
    ) -> AsyncListing[StoredArticle]:
        """As `Client.list_story_articles`."""
        return AsyncListing(
            lambda token: self._run(
                self._requests.list_story_articles(story_id, page_size=page_size, page_token=token),
                timeout,
            )
        )

    async def compare(
        self,
        a: str,
        b: str,
        *,
        base_revision: int = 0,
        other_revision: int = 0,
        timeout: float | None = None,
    ) -> Comparison:
        """As `Client.compare`."""
        call = self._requests.compare(
            a, b, base_revision=base_revision, other_revision=other_revision
        )
        return await self._run(call, timeout)

    async def compare_to_canonical(
        self, article_id: str, *, timeout: float | None = None
    ) -> Comparison:
        """As `Client.compare_to_canonical`."""
        return await self._run(self._requests.compare_to_canonical(article_id), timeout)

    async def stale_members(
        self, article_id: str, *, timeout: float | None = None
    ) -> tuple[Comparison, ...]:
        """As `Client.stale_members`."""
        return await self._run(self._requests.stale_members(article_id), timeout)

    def list_events(
        self, after: int = 0, *, page_size: int = 0, timeout: float | None = None
    ) -> AsyncListing[Event]:
        """As `Client.list_events`."""
        return AsyncListing(
            lambda token: self._run(
                self._requests.list_events(
                    after=int(token) if token else after, page_size=page_size
                ),
                timeout,
            )
        )

    def watch(
        self,
        after: int = 0,
        *,
        kinds: Iterable[EventKind] = (),
        story_id: str = "",
        checkpoint: Path | None = None,
        timeout: float | None = None,
    ) -> AsyncWatch:
        """As `Client.watch`."""
        kept = Checkpoint(checkpoint)
        wanted = Wanted(self._config.collection, kept.read(after), tuple(kinds), story_id)
        session = WatchSession(wanted, retry=self._config.retry, timeout=timeout)
        return AsyncWatch(
            session,
            self._open_watch,
            failure_of=self._failure_of,
            check_who_cancelled=self._check_who_cancelled,
            checkpoint=kept,
        )

    async def server_info(self, *, timeout: float | None = None) -> ServerInfo:
        """As `Client.server_info`."""
        return await self._run(self._requests.server_info(), timeout)

    async def stats(self, *, timeout: float | None = None) -> dict[str, int]:
        """As `Client.stats`."""
        return await self._run(self._requests.stats(), timeout)

    # -- streams -----------------------------------------------------------------------------------

    def _open_stream(self, requests: AsyncIterator[Any]) -> Any:
        stub = self._stub("IngestService")
        return stub.StreamIngestArticles(requests, metadata=self._config.metadata())

    def _open_watch(self, request: Any) -> Any:
        stub = self._stub("FeedService")
        return stub.WatchEvents(request, metadata=self._config.metadata())
