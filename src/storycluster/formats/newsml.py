"""How does a newsItem of NewsML-G2 become an Article?

A document is one item, or a newsMessage with several. The text is the first inline content that
shows some: NITF, XHTML or plain. Elements are read by their local names.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storycluster.domain import Article
from storycluster.errors import InvalidInput
from storycluster.formats.markup import Paragraphs, one_line, shown_text
from storycluster.formats.safe_xml import parse_xml
from storycluster.formats.terms import (
    NotText,
    embargo_time,
    moment_told,
    pub_status,
    publish_time,
    revision_of,
    signal,
    urgency,
    wire_article,
)

_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_ITEMS = ("newsItem", "packageItem", "conceptItem", "knowledgeItem", "planningItem", "catalogItem")
_TIMES = ("versionCreated", "firstCreated", "contentCreated")
_CODES = ("qcode", "uri", "literal", "tag")
_READ = {
    *_TIMES, "itemClass", "provider", "embargoed", "pubStatus", "edNote", "signal", "urgency",
    "copyrightHolder", "copyrightNotice", "usageTerms", "language", "by", "creditline", "slugline",
}  # fmt: skip
_PARTS = ("itemMeta", "contentMeta", "rightsInfo")


def items_of(data: bytes) -> list[Any]:
    """The items (lxml elements) of a document. InvalidInput where it is not NewsML-G2."""
    root = parse_xml(data)
    if _name(root) in _ITEMS:
        return [root]
    if _name(root) != "newsMessage":
        raise InvalidInput.of(
            "xml", f"<{_name(root)[:40]}> is neither a newsItem nor a newsMessage"
        )
    return list(root.iterfind("{*}itemSet/*"))


def newsml_article(item: Any, *, default_id: str = "") -> Article:
    """The article of an item. InvalidInput names the first wrong element; NotText for a package, a
    picture or the like without a text."""
    if _name(item) != "newsItem":
        raise NotText.of("xml", f"is a {_name(item)}, not a newsItem")
    text, headline = _content(item)
    kind = _code(item.find("{*}itemMeta/{*}itemClass")).rpartition(":")[2]
    if kind not in ("", "text") and not text:
        raise NotText.of("itemClass", f"is {kind}, not text")
    times = {name: _text(_first(item, name)) for name in _TIMES}
    headlines = [one for one in item.iterfind("{*}contentMeta/{*}headline") if _text(one)]
    main = _main(headlines)
    version, embargo = item.get("version", "").strip(), _first(item, "embargoed")
    fields = {
        "id": item.get("guid", "").strip(),
        "title": _text(main) or headline or _text(item.find("{*}itemMeta/{*}title")),
        "text": text,
        "revision": revision_of(version),
        "source": _party(_first(item, "provider")) or _party(_first(item, "infoSource")),
        "language": _code(_first(item, "language")) or item.get(_LANGUAGE, ""),
        "authors": _authors(item),
        "credit": _text(_first(item, "creditline")),
        "published_at": publish_time(times),
        "embargo_time": None if embargo is None else _embargo(_text(embargo)),
    }
    kept = _kept(item, times) | {
        "version": None if revision_of(version) else version or None,
        "type": kind if kind not in ("", "text") else None,
    }
    return wire_article(fields, kept=kept, unknown=_unknown(item, main), default_id=default_id)


def _kept(item: Any, times: Mapping[str, str]) -> dict[str, Any]:
    signals = [signal(_code(one)) for one in item.iterfind("{*}itemMeta/{*}signal")]
    notes = [_text(one) for one in item.iterfind("{*}itemMeta/{*}edNote")]
    return {
        "pub_status": pub_status(_code(_first(item, "pubStatus")), field="pubStatus"),
        "signals": [one for one in signals if one] or None,
        "editorial_note": "\n".join(note for note in notes if note) or None,
        "version_created": moment_told(times["versionCreated"]),
        "first_created": moment_told(times["firstCreated"]),
        "content_created": moment_told(times["contentCreated"]),
        "item_title": _text(item.find("{*}itemMeta/{*}title")) or None,
        "slugline": _text(_first(item, "slugline")) or None,
        "usage_terms": _text(_first(item, "usageTerms")) or None,
        "copyright_holder": _party(_first(item, "copyrightHolder")) or None,
        "copyright_notice": _text(_first(item, "copyrightNotice")) or None,
        "urgency": urgency(_text(_first(item, "urgency"))),
    }


def _embargo(value: str) -> str:
    """An element without a time is an embargo until another version lifts it."""
    return embargo_time(value, field="embargoed") if value else ""


def _authors(item: Any) -> list[str]:
    """The byline as it would be printed, else the names of the creators."""
    byline = _text(_first(item, "by"))
    if byline:
        return [byline]
    creators = item.iterfind("{*}contentMeta/{*}creator")
    return [name for one in creators if (name := _text(one.find("{*}name")))]


def _main(headlines: list[Any]) -> Any:
    """The main headline where one is so called, else the first; None without any."""
    called = (one for one in headlines if one.get("role", "").endswith(":main"))
    return next(called, headlines[0] if headlines else None)


def _content(item: Any) -> tuple[str, str]:
    """(text, headline within it) of the first inline content that shows a text."""
    for content in item.iterfind("{*}contentSet/*"):
        name, kind = _name(content), content.get("contenttype", "")
        if name == "inlineXML":
            text = _shown(content)
        elif name == "inlineData" and not content.get("encoding"):
            raw = "".join(content.itertext()).strip()
            text = shown_text(raw) if "html" in kind or "xml" in kind else raw
        else:
            continue
        if text:
            return text, _text(content.find(".//{*}hl1"))
    return "", ""


def _shown(element: Any) -> str:
    """The paragraphs that an element shows."""
    found = Paragraphs()
    waiting: list[tuple[str, Any]] = [("in", element)]
    while waiting:
        way, one = waiting.pop()
        if way == "out":
            found.end(_name(one).lower())
            found.text(one.tail or "" if one is not element else "")
            continue
        found.start(_name(one).lower())
        found.text(one.text or "")
        waiting.append(("out", one))
        waiting += [("in", child) for child in reversed(one)]
    return found.shown()


def _unknown(item: Any, headline: Any) -> dict[str, Any]:
    """{local name: what its elements hold} of the metadata that no other function reads."""
    found: dict[str, list[Any]] = {}
    for child in (one for part in item if _name(part) in _PARTS for one in part):
        read = _name(child) in _READ or child is headline
        title = _name(child) == "title" and _name(child.getparent()) == "itemMeta"
        if not read and not title:
            found.setdefault(_name(child), []).append(_told(child))
    for part in item:
        if _name(part) not in (*_PARTS, "contentSet", "catalog", "catalogRef"):
            found.setdefault(_name(part), []).append(_told(part))
    return found


def _told(element: Any) -> Any:
    """An element as JSON: its text where it has nothing else, else attributes and children."""
    told: dict[str, Any] = {_local(name): value for name, value in element.attrib.items()}
    for child in element:
        told.setdefault(_name(child), []).append(_told(child))
    text = one_line(element.text or "")
    if not told:
        return text
    return told | {"text": text} if text else told


def _first(item: Any, name: str) -> Any:
    """The first element of that name in the metadata, None without one."""
    found = (item.find(f"{{*}}{part}/{{*}}{name}") for part in _PARTS)
    return next((one for one in found if one is not None), None)


def _text(element: Any) -> str:
    return "" if element is None else one_line("".join(element.itertext()))


def _code(element: Any) -> str:
    """What identifies a concept."""
    if element is None:
        return ""
    return next((element.get(name) for name in _CODES if element.get(name)), "")


def _party(element: Any) -> str:
    """The name of a party, else its code without scheme, else its address."""
    if element is None:
        return ""
    code = element.get("literal") or element.get("qcode", "").partition(":")[2]
    return _text(element.find("{*}name")) or _text(element) or code or element.get("uri", "")


def _name(element: Any) -> str:
    return _local(str(element.tag))


def _local(name: str) -> str:
    return name.rpartition("}")[2]
