"""What can be asked of stored articles: their texts, their places, how they differ?

With the right of the caller it is answered for those that are held, too.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable

from storycluster.domain import (
    PUBLIC,
    Assignment,
    Comparison,
    HeldArticle,
    IngestResult,
    Page,
    Rights,
    StoredArticle,
)
from storycluster.engine import previewing, reading
from storycluster.engine.corrections import corrected, stale
from storycluster.errors import ArticleWithdrawn
from storycluster.ports import Store
from storycluster.settings import Settings


class Articles:
    """Reads of the articles of one store."""

    settings: Settings
    _store: Store
    _named: Callable[[str], str]
    _compare: Callable[[str, StoredArticle, StoredArticle], Comparison]

    def view(
        self, collection: str, result: IngestResult, *, rights: Rights = PUBLIC
    ) -> IngestResult:
        """`result` with its story and what the article says differently: from the canonical, and
        from its own previous revision. Unchanged where the article was withdrawn since, and where
        it is held from a caller without the right."""
        name = self._named(collection)
        made = result.assignment
        allowed = rights if result.held_until is not None else PUBLIC
        if result.held_until is not None and not rights.embargo:
            return result
        with self._store.read() as reader:
            try:
                known = previewing.revisions(reader, name, made.article_id, allowed)
                story = previewing.story(reader, name, made.story_id, allowed)
                this = next(one for one in known if one.article.revision == made.revision)
                base = previewing.canonical(reader, name, story, this, rights=allowed)
            except ArticleWithdrawn:
                return result
        earlier = [one for one in known if one.article.revision < made.revision]
        itself = base.article.article_id == made.article_id
        return dataclasses.replace(
            result,
            story=story,
            comparison=None if itself else self._compare(name, base, this),
            revision_comparison=self._compare(name, earlier[-1], this) if earlier else None,
        )

    def get_article(
        self, collection: str, article_id: str, *, revision: int = 0, rights: Rights = PUBLIC
    ) -> StoredArticle:
        """That revision (0: the latest). NotFound for an unknown id."""
        name = self._named(collection)
        with self._store.read() as reader:
            return previewing.article(reader, name, article_id, revision=revision, rights=rights)

    def list_revisions(
        self, collection: str, article_id: str, *, rights: Rights = PUBLIC
    ) -> tuple[StoredArticle, ...]:
        """All revisions, ascending. NotFound for an unknown id."""
        with self._store.read() as reader:
            return previewing.revisions(reader, self._named(collection), article_id, rights)

    def explain(
        self, collection: str, article_id: str, *, rights: Rights = PUBLIC
    ) -> tuple[Assignment, ...]:
        """Every assignment of an article with its evidence, oldest first."""
        with self._store.read() as reader:
            return previewing.assignments(reader, self._named(collection), article_id, rights)

    def list_held(
        self,
        collection: str,
        *,
        page_size: int = 0,
        page_token: str = "",
        rights: Rights = PUBLIC,
    ) -> Page[HeldArticle]:
        """One page of what is held, in order of arrival. PermissionDenied without the right."""
        with self._store.read() as reader:
            return previewing.page(
                reader,
                self._named(collection),
                rights,
                page_size=page_size,
                page_token=page_token,
                largest_page=self.settings.limits.page_size,
            )

    def compare(
        self,
        collection: str,
        base_id: str,
        other_id: str,
        *,
        base_revision: int = 0,
        other_revision: int = 0,
        rights: Rights = PUBLIC,
    ) -> Comparison:
        """What `other` says differently from `base`; any two articles or revisions."""
        name = self._named(collection)
        with self._store.read() as reader:
            base = previewing.article(reader, name, base_id, revision=base_revision, rights=rights)
            other = previewing.article(
                reader, name, other_id, revision=other_revision, rights=rights
            )
        return self._compare(name, base, other)

    def compare_to_canonical(
        self, collection: str, article_id: str, *, rights: Rights = PUBLIC
    ) -> Comparison:
        """What an article says differently from the canonical of its story."""
        name = self._named(collection)
        with self._store.read() as reader:
            other = previewing.article(reader, name, article_id, rights=rights)
            story = previewing.story(reader, name, other.assignment.story_id, rights)
            base = previewing.canonical(reader, name, story, other, rights=rights)
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
