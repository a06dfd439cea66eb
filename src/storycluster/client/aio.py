"""How does an asyncio program talk to the server?

The methods, their arguments and their answers are those of `Client` (a test compares them); here
they are awaited, lists are read with `async for`, and inputs may be asynchronous iterables.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterable, AsyncIterator, Callable, Iterable, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

import grpc

from storycluster.client.aio_stream import AsyncIngest
from storycluster.client.config import ClientConfig, TLSConfig
from storycluster.client.listing import AsyncListing
from storycluster.client.report import Errors, OnResult, Tally
from storycluster.client.requests import Call, Requests
from storycluster.client.retry import PATIENT, Attempts, Failure, RetryBucket, RetryPolicy
from storycluster.client.session import IngestSession
from storycluster.client.transport import STUBS, ProcessGuard, closed, failure_of
from storycluster.domain import (
    Article,
    Assignment,
    Comparison,
    Event,
    FurnitureLine,
    IngestFailure,
    IngestReport,
    IngestResult,
    Match,
    ServerInfo,
    StoredArticle,
    Story,
    StoryView,
)
from storycluster.errors import Cancelled, DeadlineExceeded, PreconditionFailed, Unavailable
from storycluster.grid import StoryFacts

R = TypeVar("R")


class AsyncClient:
    """`Client` for one event loop: the one of its first call. Opens nothing until used."""

    def __init__(
        self,
        target: str,
        *,
        collection: str = "default",
        timeout: float = 30.0,
        retry: RetryPolicy | None = RetryPolicy(),  # noqa: B008 - frozen
        token: str | None = None,
        tls: TLSConfig | None = None,
        allow_insecure_token: bool = False,
    ) -> None:
        self._config = ClientConfig(
            target=target,
            collection=collection,
            timeout=timeout,
            retry=retry,
            token=token,
            tls=tls,
            allow_insecure_token=allow_insecure_token,
        )
        self._requests = Requests(collection)
        self._bucket = None if retry is None else RetryBucket(retry)
        self._guard: ProcessGuard | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._channel: Any = None
        self._stubs: dict[str, Any] = {}
        self._closed = False

    @classmethod
    def from_env(cls, environment: Mapping[str, str] | None = None, **options: Any) -> Self:
        """As `Client.from_env`."""
        return cls(**{**ClientConfig.arguments_from(environment), **options})

    # -- life -------------------------------------------------------------------------------------

    async def ready(self, timeout: float | None = None) -> None:
        """As `Client.ready`."""
        budget = self._config.budget(timeout)
        attempts = Attempts(PATIENT, None, timeout=budget)
        try:
            await self._attempt(self._requests.server_info(), attempts, wait_for_ready=True)
        except (DeadlineExceeded, Unavailable) as error:
            told = f"{self._config.target} was not ready within {budget:g} s"
            raise Unavailable(told) from error

    async def close(self) -> None:
        """As `Client.close`."""
        self._closed = True
        channel, self._channel, self._stubs = self._channel, None, {}
        if channel is not None:
            await channel.close()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._config.target!r}, {self._config.collection!r})"

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

    def list_stories(
        self, min_article_count: int = 1, *, page_size: int = 0, timeout: float | None = None
    ) -> AsyncListing[Story]:
        """As `Client.list_stories`."""
        return AsyncListing(
            lambda token: self._run(
                self._requests.list_stories(
                    min_article_count=min_article_count, page_size=page_size, page_token=token
                ),
                timeout,
            )
        )

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

    async def server_info(self, *, timeout: float | None = None) -> ServerInfo:
        """As `Client.server_info`."""
        return await self._run(self._requests.server_info(), timeout)

    async def stats(self, *, timeout: float | None = None) -> dict[str, int]:
        """As `Client.stats`."""
        return await self._run(self._requests.stats(), timeout)

    # -- the way there ----------------------------------------------------------------------------

    async def _run(self, call: Call[R], timeout: float | None) -> R:
        attempts = Attempts(self._config.retry, self._bucket, timeout=self._config.budget(timeout))
        return await self._attempt(call, attempts, wait_for_ready=False)

    async def _attempt(self, call: Call[R], attempts: Attempts, *, wait_for_ready: bool) -> R:
        while True:
            method = getattr(self._stub(call.service), call.method)
            left = attempts.left()
            try:
                response = await method(
                    call.request,
                    timeout=left,
                    metadata=self._config.metadata(),
                    wait_for_ready=wait_for_ready,
                )
            except grpc.RpcError as error:
                failure = self._failure_of(error)
            except asyncio.CancelledError:
                self._check_who_cancelled()
                raise
            else:
                attempts.succeeded()
                return call.decode(response)
            await asyncio.sleep(attempts.failed(failure))

    def _check_who_cancelled(self) -> None:
        """A closed channel cancels its calls; nobody cancelled the caller's task then."""
        task = asyncio.current_task()
        if self._closed and task is not None and not task.cancelling():
            raise Cancelled("the client was closed") from None

    def _open_stream(self, requests: AsyncIterator[Any]) -> Any:
        stub = self._stub("IngestService")
        return stub.StreamIngestArticles(requests, metadata=self._config.metadata())

    def _budget(self, timeout: float | None) -> Callable[[], float]:
        """The seconds left of one budget for several calls; a spent one leaves a breath."""
        end = time.monotonic() + self._config.budget(timeout)
        return lambda: max(1e-3, end - time.monotonic())

    def _stub(self, service: str) -> Any:
        if self._closed:
            raise closed()
        if self._guard is not None:
            self._guard.check()
        loop = asyncio.get_running_loop()
        if self._channel is None:
            self._channel = self._open_channel()
            self._guard, self._loop = ProcessGuard(), loop
        if self._loop is not loop:
            raise PreconditionFailed("this client belongs to another event loop; make one for each")
        if service not in self._stubs:
            self._stubs[service] = STUBS[service](self._channel)
        return self._stubs[service]

    def _open_channel(self) -> Any:
        credentials = self._config.credentials()
        if credentials is None:
            return grpc.aio.insecure_channel(self._config.target, options=self._config.options())
        return grpc.aio.secure_channel(
            self._config.target, credentials, options=self._config.options()
        )

    def _failure_of(self, error: grpc.RpcError) -> Failure:
        return failure_of(error, self._config.target)
