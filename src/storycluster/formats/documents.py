"""Which articles does one document hold?

A document of several items labels each: ", item 3" of a list, a feed or a message, ":3" of lines.
Items that are no text (pictures, packages) are passed over; a document of such alone is refused.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from storycluster.domain import Article
from storycluster.errors import InvalidInput, StoryClusterError
from storycluster.formats.feeds import entries_of, feed_article
from storycluster.formats.fields import article_of
from storycluster.formats.kinds import Format
from storycluster.formats.newsml import items_of, newsml_article
from storycluster.formats.ninjs import is_ninjs, ninjs_article
from storycluster.formats.objects import object_of, value_of
from storycluster.formats.pages import page_article
from storycluster.formats.terms import NotText

Part = tuple[str, Article | StoryClusterError]


def articles_in(data: bytes, format: Format, *, default_id: str) -> Iterator[Part]:
    """(label, article or why it is none) of each item, in order. `default_id` is for a document of
    one item that has no id. Raises StoryClusterError where the document cannot be read."""
    if format is Format.HTML:
        yield "", page_article(data, default_id=default_id)
    elif format is Format.NEWSML:
        yield from _labelled(items_of(data), newsml_article, default_id=default_id)
    elif format is Format.RSS:
        feed, entries = entries_of(data)

        def read_entry(entry: Any, default_id: str) -> Article:
            return feed_article(entry, feed=feed, default_id=default_id)

        yield from _labelled(entries, read_entry, default_id="")
    elif format is Format.TEXT:
        yield "", article_of({"text": decoded(data)}, default_id=default_id)
    else:
        yield from _json_articles(decoded(data), format, default_id=default_id)


def json_article(row: Any, format: Format, *, default_id: str = "") -> Article:
    """The article of a JSON value in the dialect named, or in the one it is written in."""
    if not isinstance(row, dict):
        raise InvalidInput.of("json", "must be an object")
    ninjs = is_ninjs(row) if format is Format.AUTO else format is Format.NINJS
    return (ninjs_article if ninjs else article_of)(row, default_id=default_id)


def line_article(line: bytes, format: Format) -> Article:
    """The article of one line of JSON."""
    try:
        return json_article(object_of(decoded(line)), format)
    except InvalidInput as error:
        if error.violations:
            raise
        raise InvalidInput.of("json", error.message) from None


def decoded(data: bytes) -> str:
    """UTF-8, with or without mark, as text. InvalidInput names the first byte that is none."""
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput.of("text", f"is not valid UTF-8 at byte {error.start}") from None


def _json_articles(text: str, format: Format, *, default_id: str) -> Iterator[Part]:
    """One object, a list of objects, or an object on each line."""
    try:
        value = value_of(text)
    except InvalidInput as error:
        lines = [line for line in text.splitlines() if line.strip()]
        if len(lines) < 2 or not all(line.lstrip().startswith("{") for line in lines):
            raise InvalidInput.of("json", error.message) from None
        yield from _lines(text, format)
        return

    def read(row: Any, default_id: str) -> Article:
        return json_article(row, format, default_id=default_id)

    yield from _labelled(value if isinstance(value, list) else [value], read, default_id=default_id)


def _lines(text: str, format: Format) -> Iterator[Part]:
    for number, line in enumerate(text.splitlines(), start=1):
        if line.strip():
            part = _part(line_article, line.encode(), format)
            if not isinstance(part, NotText):
                yield f":{number}", part


def _labelled(
    items: Iterable[Any], read: Callable[..., Article], *, default_id: str
) -> Iterator[Part]:
    several = list(items)
    if len(several) == 1:
        yield "", _part(read, several[0], default_id=default_id)
        return
    parts = [_part(read, item, default_id="") for item in several]
    if parts and all(isinstance(part, NotText) for part in parts):
        yield "", parts[0]
        return
    for number, part in enumerate(parts, start=1):
        if not isinstance(part, NotText):
            yield f", item {number}", part


def _part(read: Callable[..., Article], *given: Any, **named: Any) -> Article | StoryClusterError:
    try:
        return read(*given, **named)
    except StoryClusterError as error:
        return error
