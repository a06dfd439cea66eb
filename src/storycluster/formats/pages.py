"""How does an HTML page become an Article?

trafilatura finds the text among menus and boxes, and headline, authors and site. The time is only
what the page declares for machines: a date printed somewhere on it may be any other.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from storycluster.domain import Article
from storycluster.errors import InvalidInput, MissingExtra
from storycluster.formats.fields import parse_time
from storycluster.formats.markup import one_line
from storycluster.formats.terms import moment_told, wire_article

_CHARSET = re.compile(rb"""<(?:meta\b[^>]*?charset|\?xml\b[^>]*?encoding)\s*=\s*["']?([\w.:-]+)""",
                      re.IGNORECASE)  # fmt: skip
_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
_HEAD_BYTES = 4_096
_LATIN = {"iso-8859-1", "latin1", "latin-1", "us-ascii", "ascii"}  # browsers read windows-1252
_PUBLISHED = ("article:published_time", "og:published_time", "datePublished", "pubdate",
              "dc.date.issued", "dcterms.issued")  # fmt: skip
_MODIFIED = ("article:modified_time", "og:updated_time", "dateModified", "dcterms.modified")


def page_article(data: bytes, *, default_id: str = "") -> Article:
    """The article of a page. InvalidInput where none is found; MissingExtra without trafilatura."""
    try:
        import trafilatura
    except ModuleNotFoundError:
        raise MissingExtra(extra="html", needs="trafilatura") from None
    page = decoded_page(data)
    found: Any = trafilatura.bare_extraction(page, with_metadata=True, include_comments=False)
    paragraphs = [line for line in (found.text if found else "").split("\n") if line.strip()]
    if not paragraphs:
        raise InvalidInput.of("html", "no article text was found")
    title = one_line(found.title or "")
    if len(paragraphs) > 1 and paragraphs[0].strip() == title:
        del paragraphs[0]  # the headline above the text
    declared = _declared(page)
    fields = {
        "id": default_id,
        "title": title,
        "text": "\n\n".join(paragraphs),
        "source": found.sitename,
        "url": found.url,
        "language": declared.language,
        "authors": [name.strip() for name in (found.author or "").split(";") if name.strip()],
        "published_at": declared.first(_PUBLISHED),
    }
    kept = {
        "version_created": moment_told(declared.first(_MODIFIED) or ""),
        "summary": found.description or None,
    }
    unknown = {"categories": found.categories, "tags": found.tags, "license": found.license}
    return wire_article(fields, kept=kept, unknown=unknown)


def decoded_page(data: bytes) -> str:
    """The text of a page by its mark, the encoding it declares, or UTF-8. InvalidInput else."""
    marked = next((encoding for mark, encoding in _MARKS if data.startswith(mark)), None)
    declared = _CHARSET.search(data[:_HEAD_BYTES])
    encoding = marked or (declared[1].decode("ascii", "replace").lower() if declared else "utf-8")
    if not marked and encoding in _LATIN:
        encoding = "windows-1252"
    elif not marked and encoding.startswith("utf-16"):
        encoding = "utf-8"  # it was read as ASCII, so it cannot be that
    try:
        return data.decode(encoding)
    except LookupError:
        raise InvalidInput.of("html", f"declares an unknown encoding, {encoding[:40]!r}") from None
    except UnicodeDecodeError as error:
        raise InvalidInput.of("html", f"is not valid {encoding} at byte {error.start}") from None


class _Declared:
    """What a page declares for machines."""

    def __init__(self, language: str, values: dict[str, list[str]]) -> None:
        self.language = language
        self._values = values

    def first(self, names: tuple[str, ...]) -> str | None:
        """The first value that is a time, in order of names."""
        told = (value for name in names for value in self._values.get(name.lower(), []))
        return next((value for value in told if _is_time(value)), None)


def _declared(page: str) -> _Declared:
    from lxml import html

    parser = html.HTMLParser(encoding="utf-8", no_network=True)
    root = html.document_fromstring(page.encode("utf-8", "replace"), parser=parser)
    values: dict[str, list[str]] = {}
    for element in root.iter("meta", "time"):
        for key in ("property", "name", "itemprop"):
            value = element.get("content") or element.get("datetime")
            if element.get(key) and value:
                values.setdefault(element.get(key).strip().lower(), []).append(value.strip())
    for script in root.iter("script"):
        if script.get("type", "").lower() == "application/ld+json":
            for name, value in _linked_data(script.text or ""):
                values.setdefault(name.lower(), []).append(value)
    return _Declared(root.get("lang") or "", values)


def _linked_data(text: str) -> Iterator[tuple[str, str]]:
    """The dates of the article in a block of linked data."""
    try:
        waiting = [json.loads(text)]
    except (ValueError, RecursionError):
        return
    while waiting:
        one = waiting.pop(0)
        if isinstance(one, list):
            waiting += one
        elif isinstance(one, dict):
            waiting += [one["@graph"]] if "@graph" in one else []
            for name in ("datePublished", "dateModified"):
                if isinstance(one.get(name), str):
                    yield name, one[name].strip()


def _is_time(value: str) -> bool:
    try:
        parse_time(value, field="")
    except InvalidInput:
        return False
    return True
