"""The use cases of storycluster, in one object.

Ingest has two stages: `prepare` (CPU, any thread, no lock) and `submit` (the writer's thread, group
commit). Reads take snapshots of the store. Everything here is safe to call from any thread.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime

from storycluster import fingerprint
from storycluster.decision import Model, default_model
from storycluster.domain import (
    DEFAULT_COLLECTION,
    PUBLIC,
    Article,
    Comparison,
    Event,
    FurnitureLine,
    Override,
    Page,
    Rights,
    StoredArticle,
    Story,
    StoryFilter,
    StoryView,
)
from storycluster.engine import facts, feed, previewing, reading
from storycluster.engine.administering import Administration
from storycluster.engine.articles import Articles
from storycluster.engine.comparing import as_chosen, compare_parsed
from storycluster.engine.editorial import Editorial
from storycluster.engine.ingest import Outcome
from storycluster.engine.prepare import Prepared, parsed, prepare
from storycluster.engine.questions import Questions
from storycluster.engine.reclustering import Reclustering
from storycluster.engine.releasing import GROUP_RELEASES
from storycluster.engine.writer import GROUP_LOOKS, Writer
from storycluster.errors import InvalidInput, StoryClusterError
from storycluster.features import FEATURES_SCHEME
from storycluster.grid import StoryFacts
from storycluster.learned_furniture import Learned, LineCounts, outlet_of
from storycluster.ports import Clock, Encoder, Scheme, Store
from storycluster.settings import Settings


class SystemClock:
    """The machine's clock."""

    def now(self) -> datetime:
        """Now, UTC."""
        return datetime.now(UTC)


def scheme_of(encoder: Encoder, settings: Settings) -> Scheme:
    """What a store must have been written with to be used with this encoder and these settings."""
    return Scheme(
        encoder_id=encoder.encoder_id,
        dimensions=encoder.dimensions,
        fingerprint=fingerprint.scheme(settings.fingerprint),
        features=FEATURES_SCHEME,
    )


class Engine(Editorial, Administration, Questions, Reclustering, Articles):
    """Stories over one store. The engine owns the store and closes it."""

    def __init__(
        self,
        store: Store,
        encoder: Encoder,
        *,
        settings: Settings | None = None,
        clock: Clock | None = None,
        model: Model | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self.encoder_id = encoder.encoder_id
        self.dimensions = encoder.dimensions
        self.fingerprint_scheme = fingerprint.scheme(self.settings.fingerprint)
        self._store = store
        self._clock = clock or SystemClock()
        self._scheme = scheme_of(encoder, self.settings)
        self._encoder = encoder
        self._model = model or default_model(encoder.encoder_id)
        self._writer = Writer(
            store,
            model=self._model,
            settings=self.settings,
            clock=self._clock,
            encoder_id=encoder.encoder_id,
            dimensions=encoder.dimensions,
            prepare_again=self._prepare_again,
        )

    def close(self) -> None:
        """Finish what is queued and close the store. A second call does nothing."""
        self._writer.close()
        self._store.close()

    # -- ingest ---------------------------------------------------------------------------------

    def prepare(
        self, articles: Sequence[Article], *, collection: str = ""
    ) -> list[Prepared | StoryClusterError]:
        """Stage 1: one entry each, in order: ready to submit, or why it is refused.

        `collection` saves work later where its sources have learned furniture; the answer of
        stage 2 does not depend on it.
        """
        known = self._writer.furniture(collection or DEFAULT_COLLECTION)
        if known is None:
            return prepare(articles, self._encoder, self.settings)
        return prepare(articles, self._encoder, self.settings, learned=known.learned)

    def _prepare_again(self, article: Article, known: frozenset[int]) -> Prepared:
        """An accepted article anew, with those lines known as furniture of its source."""
        [made] = prepare([article], self._encoder, self.settings, learned=lambda _: known)
        if isinstance(made, StoryClusterError):
            raise made
        return made

    def submit(
        self,
        collection: str,
        prepared: Sequence[Prepared | StoryClusterError],
        *,
        stream: tuple[str, int] | None = None,
        rights: Rights = PUBLIC,
    ) -> Future[list[Outcome]]:
        """Stage 2: one outcome each, in order, once they are durable.

        `stream` = (stream id, position) is recorded in the same commit. `rights` are those of the
        caller: without them nothing is told of an article that is held.
        """
        if stream is not None and (problem := self._id_problem(stream[0])):
            raise InvalidInput.of("stream_id", problem)
        return self._writer.submit(self._named(collection), prepared, stream, rights=rights)

    def ingest(
        self, collection: str, articles: Sequence[Article], *, rights: Rights = PUBLIC
    ) -> list[Outcome]:
        """Both stages; waits for the commit."""
        prepared = self.prepare(articles, collection=collection)
        return self.submit(collection, prepared, rights=rights).result()

    def release(self) -> int:
        """Make public what was held until now; returns how many articles' time had come.

        Whatever is written releases some of them before; this is for when nothing is.
        """
        with self._store.read() as reader:
            due = reader.due(self._clock.now())
        released = 0
        for collection in due:
            while done := self._writer.release(collection, limit=GROUP_RELEASES).result():
                released += done
        return released

    def repair(self, collection: str, *, limit: int | None = None) -> int:
        """Do the second looks that are due by now, at most `limit`; returns how many were done.

        Each article that arrives does a few of them itself; this is for what is left when fewer
        arrive. In commits of GROUP_LOOKS: an article that arrives meanwhile waits for one of them
        at most.
        """
        name = self._named(collection)
        done = 0
        while limit is None or done < limit:
            asked = GROUP_LOOKS if limit is None else min(GROUP_LOOKS, limit - done)
            looked = self._writer.repair(name, limit=asked).result()
            done += looked
            if looked < asked:
                break
        return done

    def stream_position(self, collection: str, stream_id: str) -> int:
        """The last committed batch number of an ingest stream; 0 for an unknown one."""
        with self._store.read() as reader:
            return reader.stream_position(self._named(collection), stream_id)

    # -- reading --------------------------------------------------------------------------------

    def get_story(self, collection: str, story_id: str, *, rights: Rights = PUBLIC) -> StoryView:
        """A story with its members; a merged id answers with its successor. One that articles would
        begin that are held is there for callers with the right alone."""
        with self._store.read() as reader:
            return previewing.story_view(reader, self._named(collection), story_id, rights)

    def story_facts(self, collection: str, story_id: str) -> StoryFacts:
        """Who states which fact, when it became known and what is particular about each article; a
        merged id answers with its successor. NotFound for an unknown id."""
        name = self._named(collection)
        with self._store.read() as reader:
            found = facts.chosen(reader, name, story_id, self.settings)
            settings = as_chosen(self.settings, reader.settings(name)[1])
        known = self._furniture(name)
        return facts.gather(found, known, encoder=self._encoder, settings=settings)

    def list_stories(
        self,
        collection: str,
        wanted: StoryFilter = StoryFilter(),  # noqa: B008 - frozen
        *,
        page_size: int = 0,
        page_token: str = "",
    ) -> Page[Story]:
        """One page of stories, newest created first; a filter may leave it short of its size."""
        with self._store.read() as reader:
            return reading.stories(
                reader,
                self._named(collection),
                wanted,
                page_size=page_size,
                page_token=page_token,
                largest_page=self.settings.limits.page_size,
            )

    def list_overrides(
        self, collection: str, *, page_size: int = 0, page_token: str = ""
    ) -> Page[Override]:
        """One page of what editors did, newest first."""
        with self._store.read() as reader:
            return reading.overrides(
                reader,
                self._named(collection),
                page_size=page_size,
                page_token=page_token,
                largest_page=self.settings.limits.page_size,
            )

    def list_events(
        self, collection: str, *, after: int = 0, page_size: int = 0
    ) -> tuple[Event, ...]:
        """Events that follow sequence `after`, ascending; 0: from the oldest that is kept.

        Raises FeedExpired where the one that follows is no longer in the feed.
        """
        limit = reading.page_limit(page_size, self.settings.limits.page_size)
        with self._store.read() as reader:
            return feed.events(
                reader,
                self._named(collection),
                after=after,
                limit=limit,
                clock=self._clock,
                settings=self.settings.feed,
            )

    def last_event(self, collection: str) -> int:
        """The sequence of the newest event, in the feed or not; 0 where there is none."""
        return self.stats(collection)["events"]

    def collections(self) -> tuple[str, ...]:
        """Names of the collections that hold an article."""
        with self._store.read() as reader:
            return reader.collections()

    def collections_in_use(self) -> tuple[str, ...]:
        """Names of the collections whose index is in memory: written or matched since the start."""
        return self._writer.collections()

    def stats(self, collection: str) -> Mapping[str, int]:
        """Counts of a collection: articles, revisions, stories, events."""
        with self._store.read() as reader:
            return reader.counts(self._named(collection))

    def list_furniture(
        self, collection: str, source: str = "", *, page_size: int = 0, page_token: str = ""
    ) -> Page[FurnitureLine]:
        """One page of the lines learned to be furniture of a source (of all where it is ""), those
        of most articles first. A page holds fewer where an example article is gone."""
        name = self._named(collection)
        counts = self._furniture(name)

        def look() -> tuple[list[tuple[Learned, list[str]]], str]:
            page, token = reading.furniture_page(
                counts.listed(outlet_of(source)),
                f"furniture\x00{name}\x00{source}",
                page_size=page_size,
                page_token=page_token,
                largest_page=self.settings.limits.page_size,
            )
            return [(one, counts.holders(one)) for one in page], token

        found, token = self._writer.call(look, collection=name).result()
        with self._store.read() as reader:
            return Page(reading.furniture(reader, name, found, self.settings), token)

    def _furniture(self, collection: str) -> LineCounts:
        """What is learned of a collection; its index is loaded where nobody has touched it yet."""
        known = self._writer.furniture(collection)
        if known is None:
            known = self._writer.call(
                lambda: self._writer.index(collection).furniture, collection=collection
            ).result()
        return known

    def _compare(self, collection: str, base: StoredArticle, other: StoredArticle) -> Comparison:
        learned = self._furniture(collection).learned
        sides = [
            (one.article, parsed(one.article, self.settings, learned=learned))
            for one in (base, other)
        ]
        with self._store.read() as reader:
            settings = as_chosen(self.settings, reader.settings(collection)[1])
        return compare_parsed(*sides, encoder=self._encoder, settings=settings)
