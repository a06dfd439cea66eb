"""The use cases of storycluster, in one object.

Ingest has two stages: `prepare` (CPU, any thread, no lock) and `submit` (the writer's thread, group
commit). Reads take snapshots of the store. Everything here is safe to call from any thread.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from concurrent.futures import Future
from datetime import UTC, datetime

from storycluster import fingerprint
from storycluster.decision import Model, default_model
from storycluster.domain import (
    DEFAULT_COLLECTION,
    Article,
    Assignment,
    Comparison,
    Event,
    FurnitureLine,
    IngestResult,
    Override,
    Page,
    StoredArticle,
    Story,
    StoryFilter,
    StoryView,
)
from storycluster.engine import facts, feed, reading
from storycluster.engine.administering import Administration
from storycluster.engine.comparing import compare_parsed
from storycluster.engine.corrections import corrected, stale
from storycluster.engine.editorial import Editorial
from storycluster.engine.ingest import Outcome
from storycluster.engine.prepare import Prepared, parsed, prepare
from storycluster.engine.questions import Questions
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


class Engine(Editorial, Administration, Questions):
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
    ) -> Future[list[Outcome]]:
        """Stage 2: one outcome each, in order, once they are durable.

        `stream` = (stream id, position) is recorded in the same commit.
        """
        if stream is not None and (problem := self._id_problem(stream[0])):
            raise InvalidInput.of("stream_id", problem)
        return self._writer.submit(self._named(collection), prepared, stream)

    def ingest(self, collection: str, articles: Sequence[Article]) -> list[Outcome]:
        """Both stages; waits for the commit."""
        return self.submit(collection, self.prepare(articles, collection=collection)).result()

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

    def view(self, collection: str, result: IngestResult) -> IngestResult:
        """`result` with its story and what the article says differently: from the canonical, and
        from its own previous revision. Unchanged where the article was withdrawn since."""
        name = self._named(collection)
        made = result.assignment
        with self._store.read() as reader:
            if reader.tombstone(name, made.article_id) is not None:
                return result
            story = reading.resolve(reader, name, made.story_id)
            this = reading.article(reader, name, made.article_id, revision=made.revision)
            canonical_id = made.article_id
            if story.canonical is not None:
                canonical_id = story.canonical.article_id
            base = reading.article(reader, name, canonical_id)
            earlier = [
                stored
                for stored in reader.revisions(name, made.article_id)
                if stored.article.revision < made.revision
            ]
        itself = canonical_id == made.article_id
        return dataclasses.replace(
            result,
            story=story,
            comparison=None if itself else self._compare(name, base, this),
            revision_comparison=self._compare(name, earlier[-1], this) if earlier else None,
        )

    def get_article(self, collection: str, article_id: str, *, revision: int = 0) -> StoredArticle:
        """That revision (0: the latest). NotFound for an unknown id."""
        with self._store.read() as reader:
            return reading.article(reader, self._named(collection), article_id, revision=revision)

    def list_revisions(self, collection: str, article_id: str) -> tuple[StoredArticle, ...]:
        """All revisions, ascending. NotFound for an unknown id."""
        with self._store.read() as reader:
            return reading.revisions(reader, self._named(collection), article_id)

    def explain(self, collection: str, article_id: str) -> tuple[Assignment, ...]:
        """Every assignment of an article with its evidence, oldest first."""
        with self._store.read() as reader:
            return reading.assignments(reader, self._named(collection), article_id)

    def get_story(self, collection: str, story_id: str) -> StoryView:
        """A story with its members; a merged id answers with its successor."""
        with self._store.read() as reader:
            return reading.story_view(reader, self._named(collection), story_id)

    def story_facts(self, collection: str, story_id: str) -> StoryFacts:
        """Who states which fact, when it became known and what is particular about each article; a
        merged id answers with its successor. NotFound for an unknown id."""
        name = self._named(collection)
        with self._store.read() as reader:
            chosen = facts.chosen(reader, name, story_id, self.settings)
        known = self._furniture(name)
        return facts.gather(chosen, known, encoder=self._encoder, settings=self.settings)

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

    def compare(
        self,
        collection: str,
        base_id: str,
        other_id: str,
        *,
        base_revision: int = 0,
        other_revision: int = 0,
    ) -> Comparison:
        """What `other` says differently from `base`; any two articles or revisions."""
        name = self._named(collection)
        with self._store.read() as reader:
            base = reading.article(reader, name, base_id, revision=base_revision)
            other = reading.article(reader, name, other_id, revision=other_revision)
        return self._compare(name, base, other)

    def compare_to_canonical(self, collection: str, article_id: str) -> Comparison:
        """What an article says differently from the canonical of its story."""
        name = self._named(collection)
        with self._store.read() as reader:
            other = reading.article(reader, name, article_id)
            story = reading.resolve(reader, name, other.assignment.story_id)
            canonical_id = story.canonical.article_id if story.canonical else article_id
            base = reading.article(reader, name, canonical_id)
        return self._compare(name, base, other)

    def stale_members(self, collection: str, article_id: str) -> tuple[Comparison, ...]:
        """The members of an article's story that still say what its last revision corrected: each
        compared with it, with those differences alone. Empty where there is no earlier revision."""
        name = self._named(collection)
        with self._store.read() as reader:
            revisions = reading.revisions(reader, name, article_id)
            latest = revisions[-1]
            view = reading.story_view(reader, name, latest.assignment.story_id)
            others = [one.article_id for one in view.members if one.article_id != article_id]
            members = [reading.article(reader, name, other) for other in others]
        if len(revisions) == 1:
            return ()
        changes = corrected(self._compare(name, revisions[-2], latest))
        return stale(changes, latest, members, lambda base, other: self._compare(name, base, other))

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

        found, token = self._writer.call(look).result()
        with self._store.read() as reader:
            return Page(reading.furniture(reader, name, found, self.settings), token)

    def _furniture(self, collection: str) -> LineCounts:
        """What is learned of a collection; its index is loaded where nobody has touched it yet."""
        known = self._writer.furniture(collection)
        if known is None:
            known = self._writer.call(lambda: self._writer.index(collection).furniture).result()
        return known

    def _compare(self, collection: str, base: StoredArticle, other: StoredArticle) -> Comparison:
        learned = self._furniture(collection).learned
        sides = [
            (one.article, parsed(one.article, self.settings, learned=learned))
            for one in (base, other)
        ]
        return compare_parsed(*sides, encoder=self._encoder, settings=self.settings)
