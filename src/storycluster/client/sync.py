"""How does a program without asyncio talk to the server?"""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from types import TracebackType
from typing import Any, Self, TypeVar

import grpc

from storycluster.client.config import ClientConfig, TLSConfig
from storycluster.client.listing import Listing
from storycluster.client.report import Errors, OnResult, Tally
from storycluster.client.requests import Call, Requests
from storycluster.client.retry import PATIENT, Attempts, Failure, RetryBucket, RetryPolicy
from storycluster.client.session import IngestSession
from storycluster.client.sync_stream import SyncIngest
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
from storycluster.errors import DeadlineExceeded, Unavailable
from storycluster.grid import StoryFacts

R = TypeVar("R")


class Client:
    """A client of one server and one collection. Safe between threads; opens nothing until used.

    `timeout` is seconds for a whole call, attempts and pauses included; each method takes its own.
    `retry=None` makes one attempt. A call raises the classes of `storycluster.errors`: the
    server's own, `Unavailable` where it cannot be reached, `DeadlineExceeded` where the time is
    spent. Use it as a context manager or `close()` it. It does not survive `fork`.
    """

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
        self._lock = threading.Lock()
        self._guard: ProcessGuard | None = None
        self._channel: Any = None
        self._stubs: dict[str, Any] = {}
        self._closed = threading.Event()

    @classmethod
    def from_env(cls, environment: Mapping[str, str] | None = None, **options: Any) -> Self:
        """The client that STORYCLUSTER_SERVER and STORYCLUSTER_COLLECTION name.

        `options` are arguments of the class and hold before the environment.
        """
        return cls(**{**ClientConfig.arguments_from(environment), **options})

    # -- life -------------------------------------------------------------------------------------

    def ready(self, timeout: float | None = None) -> None:
        """Wait until the server answers. Unavailable after `timeout` seconds."""
        budget = self._config.budget(timeout)
        attempts = Attempts(PATIENT, None, timeout=budget)
        try:
            self._attempt(self._requests.server_info(), attempts, wait_for_ready=True)
        except (DeadlineExceeded, Unavailable) as error:
            told = f"{self._config.target} was not ready within {budget:g} s"
            raise Unavailable(told) from error

    def close(self) -> None:
        """Close the connection; calls under way end with Cancelled. A second call does nothing."""
        self._closed.set()
        with self._lock:
            channel, self._channel, self._stubs = self._channel, None, {}
        if channel is not None:
            channel.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self._config.target!r}, {self._config.collection!r})"

    # -- ingest -----------------------------------------------------------------------------------

    def ingest_article(
        self, article: Article, *, view: bool = True, timeout: float | None = None
    ) -> IngestResult:
        """Store one article and tell its story; a refused one raises.

        With `view` the result carries the story and the comparisons against its canonical article
        and against the article's previous revision.
        """
        return self._run(self._requests.ingest_article(article, view=view), timeout)

    def ingest(
        self,
        articles: Iterable[Article],
        *,
        batch_articles: int = 32,
        stream_id: str | None = None,
        errors: Errors = "raise",
        on_result: OnResult | None = None,
        timeout: float | None = None,
    ) -> IngestReport:
        """Store many articles and count what became of them.

        `articles` may be endless and is read in the calling thread. `on_result` sees each
        IngestResult and IngestFailure in order. Where some were refused, IngestError is raised with
        the report once all are answered; errors="collect" returns the report instead. A break of
        the connection is bridged: what has no answer is sent again, which is harmless, though an
        article whose first answer was lost then counts as replayed. `timeout` is the longest time
        without an answer. `stream_id` names the stream's position on the server, unique at a time.
        """
        tally = Tally(errors=errors, on_result=on_result)
        ingest = self._ingest(batch_articles, stream_id=stream_id, timeout=timeout)
        for outcome in ingest.run(articles):
            tally.add(outcome)
        return tally.report()

    def ingest_results(
        self,
        articles: Iterable[Article],
        *,
        batch_articles: int = 32,
        stream_id: str | None = None,
        view: bool = False,
        timeout: float | None = None,
    ) -> Iterator[IngestResult | IngestFailure]:
        """Store many articles; each answer in the order of the input, as soon as it is there.

        `articles` may be endless; it is read ahead by at most two batches, in a thread of its own.
        Otherwise like `ingest`.
        """
        ingest = self._ingest(batch_articles, stream_id=stream_id, timeout=timeout, view=view)
        return ingest.run(articles, read_ahead=batch_articles)

    def match(
        self, articles: Iterable[Article], *, timeout: float | None = None
    ) -> tuple[Match | IngestFailure, ...]:
        """Which story each article would join, in order. Stores nothing."""
        calls = self._requests.match(articles)
        budget = self._budget(timeout)
        found = (self._run(call, budget()) for call in calls)
        return tuple(itertools.chain.from_iterable(found))

    # -- reading ----------------------------------------------------------------------------------

    def get_article(
        self, article_id: str, revision: int = 0, *, timeout: float | None = None
    ) -> StoredArticle:
        """An article as stored, and where it stands; revision 0 is the latest. NotFound."""
        return self._run(self._requests.get_article(article_id, revision), timeout)

    def list_revisions(
        self, article_id: str, *, page_size: int = 0, timeout: float | None = None
    ) -> Listing[StoredArticle]:
        """The revisions of an article, ascending. NotFound. `timeout` is for each page."""
        return Listing(
            lambda token: self._run(
                self._requests.list_revisions(article_id, page_size=page_size, page_token=token),
                timeout,
            )
        )

    def explain(self, article_id: str, *, timeout: float | None = None) -> tuple[Assignment, ...]:
        """Every decision for an article, in the order made; the last one holds. NotFound."""
        return self._run(self._requests.explain(article_id), timeout)

    def list_furniture(
        self, source: str = "", *, page_size: int = 0, timeout: float | None = None
    ) -> Listing[FurnitureLine]:
        """The lines masked as furniture of a source ("": of all) because they recur in it, those of
        most articles first. `timeout` is for each page."""
        return Listing(
            lambda token: self._run(
                self._requests.list_furniture(source, page_size=page_size, page_token=token),
                timeout,
            )
        )

    def get_story(self, story_id: str, *, timeout: float | None = None) -> StoryView:
        """A story with its members; a merged one's successor, `redirected_from` set. NotFound."""
        return self._run(self._requests.get_story(story_id), timeout)

    def get_story_facts(self, story_id: str, *, timeout: float | None = None) -> StoryFacts:
        """Which article of a story states which fact, who had it first, and what is particular
        about each; of a merged story's successor, `redirected_from` set. NotFound."""
        return self._run(self._requests.get_story_facts(story_id), timeout)

    def list_stories(
        self, min_article_count: int = 1, *, page_size: int = 0, timeout: float | None = None
    ) -> Listing[Story]:
        """The open stories, newest created first. `timeout` is for each page."""
        return Listing(
            lambda token: self._run(
                self._requests.list_stories(
                    min_article_count=min_article_count, page_size=page_size, page_token=token
                ),
                timeout,
            )
        )

    def list_story_articles(
        self, story_id: str, *, page_size: int = 0, timeout: float | None = None
    ) -> Listing[StoredArticle]:
        """The articles of a story with their texts, in order of arrival. NotFound."""
        return Listing(
            lambda token: self._run(
                self._requests.list_story_articles(story_id, page_size=page_size, page_token=token),
                timeout,
            )
        )

    def compare(
        self,
        a: str,
        b: str,
        *,
        base_revision: int = 0,
        other_revision: int = 0,
        timeout: float | None = None,
    ) -> Comparison:
        """What article `b` (the other) says otherwise than `a` (the base). NotFound."""
        call = self._requests.compare(
            a, b, base_revision=base_revision, other_revision=other_revision
        )
        return self._run(call, timeout)

    def compare_to_canonical(self, article_id: str, *, timeout: float | None = None) -> Comparison:
        """What an article says otherwise than the canonical one of its story. NotFound."""
        return self._run(self._requests.compare_to_canonical(article_id), timeout)

    def list_events(
        self, after: int = 0, *, page_size: int = 0, timeout: float | None = None
    ) -> Listing[Event]:
        """What happened after that sequence, ascending, up to now. `timeout` is for each page."""
        return Listing(
            lambda token: self._run(
                self._requests.list_events(
                    after=int(token) if token else after, page_size=page_size
                ),
                timeout,
            )
        )

    def server_info(self, *, timeout: float | None = None) -> ServerInfo:
        """What the server is and what it accepts."""
        return self._run(self._requests.server_info(), timeout)

    def stats(self, *, timeout: float | None = None) -> dict[str, int]:
        """Counts of the collection by name. Served where the server's admin services are."""
        return self._run(self._requests.stats(), timeout)

    # -- the way there ----------------------------------------------------------------------------

    def _run(self, call: Call[R], timeout: float | None) -> R:
        attempts = Attempts(self._config.retry, self._bucket, timeout=self._config.budget(timeout))
        return self._attempt(call, attempts, wait_for_ready=False)

    def _attempt(self, call: Call[R], attempts: Attempts, *, wait_for_ready: bool) -> R:
        while True:
            method = getattr(self._stub(call.service), call.method)
            left = attempts.left()
            try:
                response = method(
                    call.request,
                    timeout=left,
                    metadata=self._config.metadata(),
                    wait_for_ready=wait_for_ready,
                )
            except grpc.RpcError as error:
                failure = self._failure_of(error)
            except ValueError:
                if self._closed.is_set():  # between the stub and the call
                    raise closed() from None
                raise
            else:
                attempts.succeeded()
                return call.decode(response)
            self._sleep(attempts.failed(failure))

    def _ingest(
        self,
        batch_articles: int,
        *,
        stream_id: str | None,
        timeout: float | None,
        view: bool = False,
    ) -> SyncIngest:
        session = IngestSession(
            collection=self._config.collection,
            batch_articles=batch_articles,
            timeout=self._config.budget(timeout),
            retry=self._config.retry,
            stream_id=stream_id,
            view=view,
        )
        return SyncIngest(
            session, self._open_stream, failure_of=self._failure_of, sleep=self._sleep
        )

    def _open_stream(self, requests: Iterator[Any]) -> Any:
        stub = self._stub("IngestService")
        return stub.StreamIngestArticles(requests, metadata=self._config.metadata())

    def _budget(self, timeout: float | None) -> Callable[[], float]:
        """The seconds left of one budget for several calls; a spent one leaves a breath."""
        end = time.monotonic() + self._config.budget(timeout)
        return lambda: max(1e-3, end - time.monotonic())

    def _stub(self, service: str) -> Any:
        if self._closed.is_set():
            raise closed()
        if self._guard is not None:
            self._guard.check()  # before the lock, which another thread may have held at the fork
        with self._lock:
            if self._channel is None:
                self._channel = self._open_channel()
                self._guard = ProcessGuard()
            if service not in self._stubs:
                self._stubs[service] = STUBS[service](self._channel)
            return self._stubs[service]

    def _open_channel(self) -> Any:
        credentials = self._config.credentials()
        if credentials is None:
            return grpc.insecure_channel(self._config.target, options=self._config.options())
        return grpc.secure_channel(self._config.target, credentials, options=self._config.options())

    def _failure_of(self, error: grpc.RpcError) -> Failure:
        return failure_of(error, self._config.target)

    def _sleep(self, seconds: float) -> None:
        """Wait; a `close` meanwhile ends it."""
        if self._closed.wait(seconds):
            raise closed()
