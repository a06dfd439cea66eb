"""How does a program without asyncio talk to the server?"""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from storycluster.client.listing import Listing
from storycluster.client.report import Errors, OnResult, Tally
from storycluster.client.session import IngestSession
from storycluster.client.sync_collections import CollectionCalls
from storycluster.client.sync_editing import EditingCalls
from storycluster.client.sync_reclustering import ReclusterCalls
from storycluster.client.sync_searching import SearchingCalls
from storycluster.client.sync_stream import SyncIngest
from storycluster.client.sync_watch import Watch
from storycluster.client.transport import closed
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


class Client(CollectionCalls, EditingCalls, ReclusterCalls, SearchingCalls):
    """A client of one server and one collection. Safe between threads; opens nothing until used.

    `timeout` is seconds for a whole call, attempts and pauses included; each method takes its own.
    `retry=None` makes one attempt. A call raises the classes of `storycluster.errors`: the
    server's own, `Unavailable` where it cannot be reached, `DeadlineExceeded` where the time is
    spent. Use it as a context manager or `close()` it. It does not survive `fork`.
    """

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

    def list_held_articles(
        self, *, page_size: int = 0, timeout: float | None = None
    ) -> Listing[HeldArticle]:
        """What is held until its minute, in order of arrival. PermissionDenied without the right.
        `timeout` is for each page."""
        return Listing(
            lambda token: self._run(
                self._requests.list_held_articles(page_size=page_size, page_token=token), timeout
            )
        )

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

    def stale_members(
        self, article_id: str, *, timeout: float | None = None
    ) -> tuple[Comparison, ...]:
        """The members of its story that still say what an article's last revision corrected: each
        against the article, with the old values as its differences."""
        return self._run(self._requests.stale_members(article_id), timeout)

    def list_events(
        self, after: int = 0, *, page_size: int = 0, timeout: float | None = None
    ) -> Listing[Event]:
        """What happened after that sequence, ascending, up to now; after 0: from the oldest that is
        kept. FeedExpired where what follows is no longer kept. `timeout` is for each page."""
        return Listing(
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
    ) -> Watch:
        """What happened after that sequence and what happens from now on, as it is committed.

        Only events of `kinds` and of `story_id`, where given. Breaks of the connection are bridged
        for as long as `timeout` seconds (None: for ever), unless the server was never reached.
        `checkpoint` is a file that keeps the place: where it exists the watch goes on there, and it
        is written when the next event is asked for, so that an event whose handling failed comes
        again. PreconditionFailed where the feed ends before the place, FeedExpired where what
        follows it is no longer kept: `oldest` is what can be read.
        """
        kept = Checkpoint(checkpoint)
        wanted = Wanted(self._config.collection, kept.read(after), tuple(kinds), story_id)
        session = WatchSession(wanted, retry=self._config.retry, timeout=timeout)
        return Watch(
            session,
            self._open_watch,
            failure_of=self._failure_of,
            checkpoint=kept,
        )

    def server_info(self, *, timeout: float | None = None) -> ServerInfo:
        """What the server is and what it accepts."""
        return self._run(self._requests.server_info(), timeout)

    def stats(self, *, timeout: float | None = None) -> dict[str, int]:
        """Counts of the collection by name. Served where the server's admin services are."""
        return self._run(self._requests.stats(), timeout)

    # -- streams -----------------------------------------------------------------------------------

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

    def _open_watch(self, request: Any) -> Any:
        stub = self._stub("FeedService")
        try:
            return stub.WatchEvents(request, metadata=self._config.metadata())
        except ValueError:
            if self._closed.is_set():  # between the stub and the call
                raise closed() from None
            raise
