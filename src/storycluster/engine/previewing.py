"""What does a caller with the right see of what is held?

Without it, each of these answers as the plain reading does: nothing is held for him.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence

from storycluster.domain import (
    PUBLIC,
    Article,
    Assignment,
    Canonical,
    HeldArticle,
    Member,
    Page,
    Rights,
    StoredArticle,
    Story,
    StoryState,
    StoryView,
)
from storycluster.engine import reading
from storycluster.errors import NotFound, PermissionDenied
from storycluster.ports import Reader

HELD = "the first that is held"
"""Why an article stands for a story that is not public yet."""


def revisions(
    reader: Reader, collection: str, article_id: str, rights: Rights = PUBLIC
) -> tuple[StoredArticle, ...]:
    """All revisions, ascending, those that are held with the number they would get. NotFound for an
    unknown id, ArticleWithdrawn."""
    if not rights.embargo or reader.tombstone(collection, article_id) is not None:
        return reading.revisions(reader, collection, article_id)
    rows = reader.held(collection, article_id)
    if not rows:
        return reading.revisions(reader, collection, article_id)
    public = reader.revisions(collection, article_id)
    if not public and rows[-1].withdrawn is not None:
        raise reading.gone(rows[-1].withdrawn)
    waiting = [_stored(one) for one in rows if one.withdrawn is None]
    both = sorted([*public, *waiting], key=lambda one: one.article.revision)
    return tuple(
        dataclasses.replace(one, latest=place == len(both)) for place, one in enumerate(both, 1)
    )


def article(
    reader: Reader,
    collection: str,
    article_id: str,
    *,
    revision: int = 0,
    rights: Rights = PUBLIC,
) -> StoredArticle:
    """That revision (0: the latest, be it held). NotFound, ArticleWithdrawn."""
    if not rights.embargo or not reader.held(collection, article_id):
        return reading.article(reader, collection, article_id, revision=revision)
    for one in reversed(revisions(reader, collection, article_id, rights)):
        if revision in (0, one.article.revision):
            return one
    raise NotFound(resource="article", name=f"{article_id}@{revision}")


def assignments(
    reader: Reader, collection: str, article_id: str, rights: Rights = PUBLIC
) -> tuple[Assignment, ...]:
    """Every assignment, oldest first, then the proposals for what is held. As `revisions`."""
    rows = reader.held(collection, article_id) if rights.embargo else ()
    if not rows or reader.tombstone(collection, article_id) is not None:
        return reading.assignments(reader, collection, article_id)
    public = reader.assignments(collection, article_id)
    if not public and rows[-1].withdrawn is not None:
        raise reading.gone(rows[-1].withdrawn)
    return (*public, *(one.assignment for one in rows if one.withdrawn is None))


def story(reader: Reader, collection: str, story_id: str, rights: Rights | None = None) -> Story:
    """The story that an id stands for: a public one, else the one that held articles would be.

    `rights` None: those of the caller were checked already. NotFound.
    """
    public = reader.story(collection, story_id) is not None
    if public or (rights is not None and not rights.embargo):
        return reading.resolve(reader, collection, story_id)
    return _proposed(story_id, _of_story(reader, collection, story_id))


def canonical(
    reader: Reader, collection: str, of: Story, other: StoredArticle, *, rights: Rights = PUBLIC
) -> StoredArticle:
    """The article that stands for a story, which everybody sees where the story is public; `other`
    where none does."""
    if of.canonical is None or of.canonical.article_id == other.article.article_id:
        return other
    public = reader.story(collection, of.story_id) is not None
    allowed = PUBLIC if public else rights
    return article(reader, collection, of.canonical.article_id, rights=allowed)


def story_view(
    reader: Reader, collection: str, story_id: str, rights: Rights = PUBLIC
) -> StoryView:
    """A story with its members. What is held is a member only of a story that is not public."""
    if not rights.embargo or reader.story(collection, story_id) is not None:
        return reading.story_view(reader, collection, story_id)
    rows = _of_story(reader, collection, story_id)
    return StoryView(_proposed(story_id, rows), tuple(map(_member, rows)))


def page(
    reader: Reader,
    collection: str,
    rights: Rights,
    *,
    page_size: int,
    page_token: str,
    largest_page: int,
) -> Page[HeldArticle]:
    """One page of what is held, in order of arrival, the withdrawn without their texts.
    PermissionDenied without the right, whatever is held."""
    if not rights.embargo:
        raise PermissionDenied("what is held is shown to callers with the right alone")
    limit = reading.page_limit(page_size, largest_page)
    asked = f"held\x00{collection}"
    after = reading.read_token(page_token, asked) or 0
    rest = [one for one in reader.held(collection) if one.number > after]
    shown = tuple(map(_shown, rest[:limit]))
    more = len(rest) > limit
    return Page(shown, reading.write_token(shown[-1].number, asked) if more else "")


def _shown(one: HeldArticle) -> HeldArticle:
    if one.withdrawn is None:
        return one
    return dataclasses.replace(one, article=Article(one.article.article_id))


def _of_story(reader: Reader, collection: str, story_id: str) -> list[HeldArticle]:
    """The latest held revision of each article that would be in a story. NotFound for none."""
    latest: dict[str, HeldArticle] = {}
    for one in reader.held(collection):
        if one.assignment.story_id == story_id and one.withdrawn is None:
            latest[one.article.article_id] = one
    if not latest:
        raise NotFound(resource="story", name=story_id)
    return list(latest.values())


def _proposed(story_id: str, rows: Sequence[HeldArticle]) -> Story:
    first = rows[0]
    groups = {one.assignment.reprint_group for one in rows}
    times = [one.article.publish_time for one in rows if one.article.publish_time is not None]
    return Story(
        story_id=story_id,
        state=StoryState.OPEN,
        title=first.article.title,
        article_count=len(rows),
        unique_count=len(groups),
        reprint_count=len(rows) - len(groups),
        source_count=len({one.article.source for one in rows}),
        revision=0,
        create_time=first.ingest_time,
        update_time=rows[-1].ingest_time,
        canonical=Canonical(first.article.article_id, "", HELD),
        first_publish_time=min(times, default=None),
        last_publish_time=max(times, default=None),
    )


def _member(one: HeldArticle) -> Member:
    article = one.article
    return Member(
        article_id=article.article_id,
        revision=one.assignment.revision,
        relation=one.assignment.relation,
        reprint_group=one.assignment.reprint_group,
        source=article.source,
        title=article.title,
        sequence=0,
        publish_time=article.publish_time,
        publish_precision=article.publish_precision,
    )


def _stored(one: HeldArticle) -> StoredArticle:
    return StoredArticle(
        article=dataclasses.replace(one.article, revision=one.assignment.revision),
        digest=one.digest,
        sequence=0,
        ingest_time=one.ingest_time,
        assignment=one.assignment,
        publish_provenance=one.publish_provenance,
        held_until=one.release_time,
    )
