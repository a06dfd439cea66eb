"""What can be asked about a text that is not stored?

Questions go to the writer's thread, which owns the index, between two groups of articles. Nothing
of them is left in store, index or feed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

from storycluster.decision import Model
from storycluster.domain import (
    Article,
    Match,
    SimilarArticle,
    StoryFilter,
    StoryHit,
)
from storycluster.engine import reading, searching
from storycluster.engine.index import CollectionIndex
from storycluster.engine.placing import place
from storycluster.engine.prepare import Prepared, settled
from storycluster.engine.writer import Writer
from storycluster.errors import FieldViolation, InvalidInput, StoryClusterError
from storycluster.ports import Store
from storycluster.settings import Settings

_QUERY = "query"


class Questions:
    """Questions over one writer and its store."""

    settings: Settings
    _writer: Writer
    _store: Store
    _model: Model
    prepare: Callable[..., list[Prepared | StoryClusterError]]
    _prepare_again: Callable[[Article, frozenset[int]], Prepared]
    _named: Callable[[str], str]

    def match(
        self, collection: str, articles: Sequence[Article]
    ) -> list[Match | StoryClusterError]:
        """Which story each article would join."""
        name = self._named(collection)
        prepared = self.prepare(articles, collection=collection)
        found: list[Match | StoryClusterError] = self._writer.call(
            lambda: [self._match(name, one) for one in prepared],
            collection=name,
            articles=len(prepared),
        ).result()
        return found

    def similar(self, collection: str, article: Article, *, limit: int = 0) -> list[SimilarArticle]:
        """The stored articles most like a text, best first, of any time; at most `limit` (0: the
        default). The article itself, by its id, is left out. Raises InvalidInput."""
        return self._like(collection, article, limit=limit, without=article.article_id)

    def search(
        self,
        collection: str,
        query: str,
        wanted: StoryFilter = StoryFilter(),  # noqa: B008 - frozen
        *,
        limit: int = 0,
    ) -> tuple[StoryHit, ...]:
        """The stories with an article most like the words of a query, best first, that pass the
        filter; at most `limit` (0: the default). Raises InvalidInput that names the query."""
        name = self._named(collection)
        largest = self.settings.limits.page_size
        most = reading.page_limit(limit, largest)
        asked = Article(_QUERY, text=query)
        try:
            articles = self._like(collection, asked, limit=largest, without="")
        except InvalidInput as error:
            told = [FieldViolation(_QUERY, one.description) for one in error.violations]
            raise InvalidInput(violations=told) from error
        with self._store.read() as reader:
            return searching.stories_of(articles, reader, name, wanted, limit=most)

    def _like(
        self, collection: str, article: Article, *, limit: int, without: str
    ) -> list[SimilarArticle]:
        name = self._named(collection)
        most = reading.page_limit(limit, self.settings.limits.page_size)
        [prepared] = self.prepare([article], collection=collection)
        if isinstance(prepared, StoryClusterError):
            raise prepared
        ready = prepared
        found: list[SimilarArticle] = self._writer.call(
            lambda: self._similar(name, ready, limit=most, without=without), collection=name
        ).result()
        return found

    def _match(
        self, collection: str, prepared: Prepared | StoryClusterError
    ) -> Match | StoryClusterError:
        if isinstance(prepared, StoryClusterError):
            return prepared
        index = self._writer.index(collection)
        prepared = settled(prepared, index.furniture, self._prepare_again)
        placing = place(
            prepared,
            index,
            band_hits=self._band_hits(collection, prepared),
            model=self._model,
            settings=self.settings,
        )
        return Match(
            article_id=prepared.article.article_id,
            story_id=placing.story_id,
            relation=placing.relation,
            confidence=placing.confidence,
            copy_of=placing.copy_of,
            evidence=placing.evidence,
            runners_up=placing.runners_up,
        )

    def _similar(
        self, collection: str, prepared: Prepared, *, limit: int, without: str
    ) -> list[SimilarArticle]:
        index: CollectionIndex = self._writer.index(collection)
        prepared = settled(prepared, index.furniture, self._prepare_again)
        hits = self._band_hits(collection, prepared)
        return searching.similar(
            prepared,
            index,
            band_hits=hits,
            limit=limit,
            without=without,
            settings=self.settings,
        )

    def _band_hits(self, collection: str, prepared: Prepared) -> Mapping[int, int]:
        with self._store.read() as reader:
            return reader.band_hits(collection, prepared.band_keys)
