"""How is an article kept from everybody until its minute?

It is held in a room of its own in the store: no sequence, member, band, index entry, count or event
tells of it, so whatever the server says is what it would say had the article never come. At its
minute it arrives, as if it had been sent then.
"""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import Any

from storycluster.domain import Act, Article, Assignment, HeldArticle, Rights, Tombstone
from storycluster.engine import reading
from storycluster.engine.stories import Stories

OVERTAKEN = "a later revision of the article is public"
"""Why something held is not released: it would stand over what came after it."""


@dataclass(frozen=True, slots=True, eq=False)
class Holding:
    """What is held in one collection at one moment (`stories.now`), within one transaction."""

    stories: Stories

    def of(self, article_id: str) -> tuple[HeldArticle, ...]:
        """All that is held of an article, in order of arrival."""
        return self.stories.transaction.held(self.stories.collection, article_id)

    def put(self, one: HeldArticle, **changed: Any) -> None:
        """Hold it with some fields changed."""
        now = dataclasses.replace(one, **changed)
        self.stories.transaction.put_held(self.stories.collection, now)

    def drop(self, one: HeldArticle) -> None:
        """Hold it no longer."""
        self.stories.transaction.drop_held(self.stories.collection, one.number)

    def refuse_gone(self, article_id: str, rights: Rights) -> None:
        """Raise ArticleWithdrawn where it was withdrawn while it was held. Before its minute that
        is known to callers with the right alone."""
        for one in self.of(article_id):
            known = rights.embargo or one.release_time <= self.stories.now
            if one.withdrawn is not None and known:
                raise reading.gone(one.withdrawn)

    def made_public(self, article: Article, digest: str) -> None:
        """Somebody without the right published a revision. The same text is held no longer, and an
        earlier one that has no number of its own must not stand over it."""
        for one in self.of(article.article_id):
            if one.digest == digest:
                self.drop(one)
            elif one.waiting and not one.article.revision:
                self.put(one, stopped=OVERTAKEN)

    def overtake(self, released: HeldArticle) -> None:
        """The same for what arrived before one that is released."""
        for one in self.of(released.article.article_id):
            earlier = one.number < released.number and not one.article.revision
            if one.waiting and earlier:
                self.put(one, stopped=OVERTAKEN)

    def kill(self, article_id: str, act: Act) -> Tombstone | None:
        """Withdraw what is held of an article; what is left of it, None where nothing is held."""
        return self._withdraw(article_id, act, erased=False)

    def erase(self, article_id: str, act: Act) -> Tombstone | None:
        """Remove what is held of an article but that it was; None where nothing is held."""
        return self._withdraw(article_id, act, erased=True)

    def _withdraw(self, article_id: str, act: Act, *, erased: bool) -> Tombstone | None:
        rows = self.of(article_id)
        if not rows:
            return None
        gone = rows[-1].withdrawn
        if gone is not None and gone.erased >= erased:
            return gone
        story_id = rows[-1].assignment.story_id
        gone = Tombstone(article_id, erased, self.stories.now, act.actor, act.reason, story_id)
        if not erased:
            for one in rows:
                self.put(one, withdrawn=gone)
            return gone
        for one in rows:
            self.drop(one)
        bare = Article(article_id)
        self.put(rows[-1], article=bare, digest="", withdrawn=gone, assignment=_bared(rows[-1]))
        return gone

    def resume(self, article_id: str) -> str:
        """Release all that is held of an article at its time after all; the story it would join."""
        for one in (rows := self.of(article_id)):
            self.put(one, stopped="", withdrawn=None)
        return rows[-1].assignment.story_id


def _bared(one: HeldArticle) -> Assignment:
    """An assignment without what was measured of the text."""
    return dataclasses.replace(one.assignment, evidence=(), runners_up=(), copy_of="")
