"""How do the entries of an RSS or Atom feed become Articles?

feedparser reads the feed, of any version. The text is the full content where the feed has it, else
the summary.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from datetime import datetime
from email.utils import parsedate_to_datetime
from typing import Any

from storycluster.domain import Article
from storycluster.errors import InvalidInput, MissingExtra
from storycluster.formats.fields import parse_time
from storycluster.formats.markup import one_line, shown_line, shown_text
from storycluster.formats.safe_xml import refuse_entities
from storycluster.formats.terms import moment_told, wire_article

_READ = {
    "id", "guidislink", "link", "title", "content", "summary", "published", "created", "updated",
    "author", "authors", "language", "source", "publisher", "rights",
}  # fmt: skip
_DERIVED = ("_detail", "_parsed")  # what feedparser makes of other fields


def entries_of(data: bytes) -> tuple[Mapping[str, Any], list[Mapping[str, Any]]]:
    """(what the feed says of itself, its entries), as feedparser names things.

    InvalidInput where it is no feed; MissingExtra without feedparser.
    """
    try:
        import feedparser
    except ModuleNotFoundError:
        raise MissingExtra(extra="formats", needs="feedparser") from None
    refuse_entities(data)
    try:
        feed = feedparser.parse(io.BytesIO(data))  # bytes alone would be taken for a file's name
    except (ValueError, LookupError, TypeError, AttributeError, AssertionError) as error:
        # mostly it reports what is wrong; some broken declarations it trips over
        raise InvalidInput.of("xml", f"is neither RSS nor Atom: {error}") from None
    if not feed.entries and (feed.bozo or not feed.get("version")):
        reason = f": {feed.bozo_exception}" if feed.bozo else ""
        raise InvalidInput.of("xml", f"is neither RSS nor Atom{reason}")
    return dict(feed.feed), [dict(entry) for entry in feed.entries]


def feed_article(
    entry: Mapping[str, Any], *, feed: Mapping[str, Any], default_id: str = ""
) -> Article:
    """The article of an entry; `feed` gives the source and the language that it lacks.

    InvalidInput names the first wrong field.
    """
    text, summary = _texts(entry)
    times = {name: _iso(str(entry.get(name) or ""), field=name) for name in _TIMES}
    fields = {
        "id": entry.get("id") or entry.get("link"),
        "title": _title(entry),
        "text": text,
        "source": _source(entry, feed),
        "url": entry.get("link"),
        "language": entry.get("language") or _content_language(entry) or feed.get("language"),
        "authors": _authors(entry),
        "published_at": next((time for time in times.values() if time), None),
    }
    kept = {
        "version_created": moment_told(times["updated"]),
        "copyright_notice": one_line(str(entry.get("rights") or "")) or None,
        "summary": summary or None,
    }
    unknown = {
        name: value
        for name, value in entry.items()
        if name not in _READ and not name.endswith(_DERIVED)
    }
    return wire_article(fields, kept=kept, unknown=unknown, default_id=default_id)


_TIMES = ("published", "created", "updated")


def _texts(entry: Mapping[str, Any]) -> tuple[str, str]:
    """(text, the summary where it is not the text)."""
    contents = [_shown(one) for one in entry.get("content") or []]
    content = next((text for text in contents if text), "")
    detail = entry.get("summary_detail") or {"value": entry.get("summary") or ""}
    summary = _shown(detail)
    if not content:
        return summary, ""
    return content, "" if summary == content else summary


def _shown(detail: Mapping[str, Any]) -> str:
    value = str(detail.get("value") or "")
    return value.strip() if detail.get("type") == "text/plain" else shown_text(value)


def _title(entry: Mapping[str, Any]) -> str:
    return shown_line(str(entry.get("title") or ""))


def _source(entry: Mapping[str, Any], feed: Mapping[str, Any]) -> str:
    """The feed an entry was taken from, its publisher, or this feed."""
    origin = (entry.get("source") or {}).get("title")
    return one_line(str(origin or entry.get("publisher") or feed.get("title") or ""))


def _content_language(entry: Mapping[str, Any]) -> str | None:
    details = [*(entry.get("content") or []), entry.get("title_detail") or {}]
    return next((one["language"] for one in details if one.get("language")), None)


def _authors(entry: Mapping[str, Any]) -> list[str]:
    named = [str(one.get("name") or "") for one in entry.get("authors") or []]
    return [one_line(name) for name in named if name.strip()]


def _iso(value: str, *, field: str) -> str:
    """A time of RSS (RFC 822) or Atom (ISO 8601) in ISO 8601, without a zone where it has none."""
    if not value.strip():
        return ""
    try:
        return _rfc822(value).isoformat()
    except ValueError:
        parse_time(value, field=field)
        return value.strip()


def _rfc822(value: str) -> datetime:
    try:
        return parsedate_to_datetime(value)
    except (TypeError, IndexError) as error:  # what it raises for some that are no dates
        raise ValueError(str(error)) from None
