"""In which format is a file written?

The ending of its name says so; where several formats share an ending (`.xml`) or the name says
nothing, its first bytes do.
"""

from __future__ import annotations

import re
from enum import StrEnum


class Format(StrEnum):
    """A format that is read. `auto` leaves it to the name and the first bytes of each file."""

    AUTO = "auto"
    JSONL = "jsonl"
    NINJS = "ninjs"
    NEWSML = "newsml"
    RSS = "rss"
    HTML = "html"
    TEXT = "text"


LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_JSON = (*LINES, ".json")
_XML = ".xml"
ENDINGS = {
    Format.JSONL: _JSON,
    Format.NINJS: _JSON,
    Format.NEWSML: (".newsml", _XML),
    Format.RSS: (".rss", ".atom", _XML),
    Format.HTML: (".html", ".htm", ".xhtml"),
    Format.TEXT: (".txt",),
}
HEAD_BYTES = 4_096  # enough for a declaration, comments and the first element
_ROOTS = {
    "newsitem": Format.NEWSML,
    "newsmessage": Format.NEWSML,
    "packageitem": Format.NEWSML,
    "rss": Format.RSS,
    "feed": Format.RSS,
    "rdf": Format.RSS,
    "html": Format.HTML,
}
# What may stand before the first element; the group does not backtrack.
_BEFORE = r"\A\ufeff?\s*(?>(?:<\?.*?\?>\s*|<!--.*?-->\s*)*)"
_DOCTYPE = re.compile(_BEFORE + "<!doctype", re.DOTALL | re.IGNORECASE)
_ROOT = re.compile(
    _BEFORE + r"(?:<!doctype[^>]*>\s*)?<(?:[\w-]+:)?([\w-]+)", re.DOTALL | re.IGNORECASE
)
_MARKS = (
    (b"\xef\xbb\xbf", "utf-8-sig"),
    (b"\xff\xfe", "utf-16"),
    (b"\xfe\xff", "utf-16"),
    (b"<\x00", "utf-16-le"),
    (b"\x00<", "utf-16-be"),
)


def endings(format: Format = Format.AUTO) -> tuple[str, ...]:
    """The endings of a format's files, lower case; of all formats for `auto`, each once."""
    if format is Format.AUTO:
        return tuple(dict.fromkeys(ending for group in ENDINGS.values() for ending in group))
    return ENDINGS[format]


def format_of(name: str, head: bytes) -> Format | None:
    """The format of a file by its name and first bytes; None where they do not tell.

    JSON of either dialect is `jsonl`: each object tells which it is.
    """
    lower = name.lower()
    for format in (Format.JSONL, Format.NEWSML, Format.RSS, Format.HTML, Format.TEXT):
        if lower.endswith(tuple(one for one in ENDINGS[format] if one != _XML)):
            return format
    return _by_content(head)


def as_text(data: bytes) -> str:
    """UTF-8 or UTF-16 by mark as text; what is no text of it is replaced."""
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace")
    return data.decode("utf-8", errors="replace")


def has_doctype(text: str) -> bool:
    """Whether a document of XML or HTML begins with a document type."""
    return _DOCTYPE.match(text) is not None


def _by_content(head: bytes) -> Format | None:
    text = as_text(head).lstrip()
    if text.startswith(("{", "[")):
        return Format.JSONL
    root = _ROOT.match(text)
    return _ROOTS.get(root[1].lower()) if root else None
