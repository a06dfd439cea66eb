"""What does a collection hold?

Every read takes one snapshot of the store and never waits for the writer.
"""

from __future__ import annotations

import base64
import binascii
from collections.abc import Sequence

from storycluster.document import parse
from storycluster.domain import (
    Assignment,
    AuditEntry,
    AuditFilter,
    FurnitureLine,
    Override,
    Page,
    StoredArticle,
    Story,
    StoryFilter,
    StoryState,
    StoryView,
    Tombstone,
)
from storycluster.engine.searching import passes
from storycluster.errors import ArticleWithdrawn, InvalidInput, NotFound, StoreCorrupt
from storycluster.learned_furniture import Learned, outlet_name
from storycluster.ports import Reader
from storycluster.settings import Settings

_PAGE = 100
_SCANNED, _SCANNED_AT_ONCE = 5_000, 250
_LONGEST_CHAIN = 64  # merges always point to an older story, so a chain cannot turn in a circle


def article(
    reader: Reader, collection: str, article_id: str, *, revision: int = 0
) -> StoredArticle:
    """That revision (0: the latest). NotFound for an unknown id or revision, ArticleWithdrawn."""
    refuse_withdrawn(reader, collection, article_id)
    found = reader.article(collection, article_id, revision=revision)
    if found is None:
        name = f"{article_id}@{revision}" if revision else article_id
        raise NotFound(resource="article", name=name)
    return found


def revisions(reader: Reader, collection: str, article_id: str) -> tuple[StoredArticle, ...]:
    """All revisions, ascending. NotFound for an unknown id, ArticleWithdrawn."""
    refuse_withdrawn(reader, collection, article_id)
    found = reader.revisions(collection, article_id)
    if not found:
        raise NotFound(resource="article", name=article_id)
    return found


def assignments(reader: Reader, collection: str, article_id: str) -> tuple[Assignment, ...]:
    """Every assignment of an article, oldest first. NotFound, ArticleWithdrawn."""
    refuse_withdrawn(reader, collection, article_id)
    found = reader.assignments(collection, article_id)
    if not found:
        raise NotFound(resource="article", name=article_id)
    return found


def refuse_withdrawn(reader: Reader, collection: str, article_id: str) -> None:
    """Raise ArticleWithdrawn where only a tombstone is left."""
    left = reader.tombstone(collection, article_id)
    if left is not None:
        raise gone(left)


def gone(left: Tombstone) -> ArticleWithdrawn:
    """The error that tells of a tombstone."""
    how = "erased" if left.erased else "withdrawn"
    return ArticleWithdrawn(
        f"article {left.article_id!r} was {how} on {left.time:%Y-%m-%d %H:%M} UTC "
        f"by {left.actor}: {left.reason}"
    )


def resolve(reader: Reader, collection: str, story_id: str) -> Story:
    """The story that an id stands for now, after all merges. NotFound for an unknown id."""
    wanted = story_id
    for _ in range(_LONGEST_CHAIN):
        story = reader.story(collection, wanted)
        if story is None:
            raise NotFound(resource="story", name=story_id)
        if not story.merged_into_story_id:
            return story
        wanted = story.merged_into_story_id
    raise StoreCorrupt(f"story {story_id!r} redirects more than {_LONGEST_CHAIN} times")


def story_view(reader: Reader, collection: str, story_id: str) -> StoryView:
    """A story with its members; a merged id answers with its successor."""
    story = resolve(reader, collection, story_id)
    return StoryView(
        story=story,
        members=reader.members(collection, story.story_id),
        redirected_from="" if story.story_id == story_id else story_id,
    )


def stories(
    reader: Reader,
    collection: str,
    wanted: StoryFilter,
    *,
    page_size: int,
    page_token: str,
    largest_page: int,
) -> Page[Story]:
    """One page of stories, newest created first; stories created meanwhile do not disturb it.

    At most _SCANNED stories are looked at for one page, so it may hold fewer than asked for, or
    none, and yet have a next one.
    """
    limit = page_limit(page_size, largest_page)
    asked = f"{collection}\x00{wanted}"
    place = read_token(page_token, asked)
    shown: list[Story] = []
    for _ in range(0, _SCANNED, _SCANNED_AT_ONCE):
        rows = reader.stories(
            collection,
            limit=_SCANNED_AT_ONCE,
            before=place,
            min_article_count=wanted.min_article_count,
            include_merged=wanted.include_merged,
        )
        for number, story in rows:
            if len(shown) == limit:
                return Page(tuple(shown), write_token(number + 1, asked))
            place = number
            if story.state is StoryState.MERGED or passes(story, reader, collection, wanted):
                shown.append(story)
        if len(rows) < _SCANNED_AT_ONCE:
            return Page(tuple(shown))
    return Page(tuple(shown), write_token(place or 0, asked))


def overrides(
    reader: Reader, collection: str, *, page_size: int, page_token: str, largest_page: int
) -> Page[Override]:
    """One page of what editors did, newest first; what is done meanwhile does not disturb it."""
    limit = page_limit(page_size, largest_page)
    asked = f"overrides\x00{collection}"
    before = read_token(page_token, asked)
    found = reader.overrides(collection, limit=limit + 1, before=before)
    more = len(found) > limit
    return Page(found[:limit], write_token(found[limit - 1].sequence, asked) if more else "")


def audit(
    reader: Reader,
    collection: str,
    wanted: AuditFilter,
    *,
    page_size: int,
    page_token: str,
    largest_page: int,
) -> Page[AuditEntry]:
    """One page of the audit, newest first; what happens meanwhile does not disturb it.

    At most _SCANNED entries are looked at for one page, so it may hold fewer than asked for, or
    none, and yet have a next one.
    """
    limit = page_limit(page_size, largest_page)
    asked = f"audit\x00{collection}\x00{wanted}"
    end = reader.counts(collection)["events"] + 1
    before = min(read_token(page_token, asked) or end, end)
    found: list[AuditEntry] = []
    for _ in range(0, _SCANNED, _SCANNED_AT_ONCE):
        after = max(before - 1 - _SCANNED_AT_ONCE, 0)
        for entry in reversed(reader.audit(collection, after=after, limit=before - 1 - after)):
            if len(found) == limit:
                return Page(tuple(found), write_token(before, asked))
            before = entry.event.sequence
            if wanted.holds(entry):
                found.append(entry)
        if before <= 1:
            return Page(tuple(found))
    return Page(tuple(found), write_token(before, asked))


def furniture_page(
    learned: Sequence[Learned], asked: str, *, page_size: int, page_token: str, largest_page: int
) -> tuple[Sequence[Learned], str]:
    """The page of a list of learned lines, and the token of the next one."""
    begin = read_token(page_token, asked) or 0
    end = begin + page_limit(page_size, largest_page)
    return learned[begin:end], write_token(end, asked) if end < len(learned) else ""


def furniture(
    reader: Reader,
    collection: str,
    found: Sequence[tuple[Learned, Sequence[str]]],
    settings: Settings,
) -> tuple[FurnitureLine, ...]:
    """Learned lines as they stand in one of the articles that hold them, given each with the ids of
    those; a line that is found in none is left out."""
    seen: dict[str, dict[int, tuple[str, str]]] = {}
    lines = []
    for one, article_ids in found:
        for article_id in article_ids:
            if article_id not in seen:
                seen[article_id] = _hashed_lines(reader, collection, article_id, settings)
            if one.line in seen[article_id]:
                source, text = seen[article_id][one.line]
                lines.append(FurnitureLine(source, text, one.articles, article_id))
                break
    return tuple(lines)


def _hashed_lines(
    reader: Reader, collection: str, article_id: str, settings: Settings
) -> dict[int, tuple[str, str]]:
    """{hash: (source, line)} of all revisions of a live article; the oldest is what was counted."""
    found: dict[int, tuple[str, str]] = {}
    if reader.tombstone(collection, article_id) is not None:
        return found
    for stored in reader.revisions(collection, article_id):
        one = stored.article
        document = parse(one, settings.text, counted=settings.furniture)
        source = outlet_name(one.source, one.url)
        for start, end, hashed in document.lines:
            found.setdefault(hashed, (source, one.text[start:end]))
    return found


def page_limit(page_size: int, largest: int) -> int:
    """The page size to use: 0 means the default, larger ones are coerced down."""
    if page_size < 0:
        raise InvalidInput.of("page_size", "must not be negative")
    return min(page_size or _PAGE, largest)


def write_token(number: int, asked: str) -> str:
    """The token of a page that goes on at `number`, for the question that was asked."""
    return base64.urlsafe_b64encode(f"{number}\x00{asked}".encode()).decode()


def read_token(token: str, asked: str) -> int | None:
    """The story number a token continues below. InvalidInput for one from another question."""
    if not token:
        return None
    try:
        number, _, rest = base64.urlsafe_b64decode(token).decode().partition("\x00")
        if rest == asked and number.isdecimal():
            return int(number)
    except (binascii.Error, ValueError):
        pass
    raise InvalidInput.of("page_token", "is not a token of this list")
