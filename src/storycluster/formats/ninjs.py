"""How does an object of ninjs 1.x, 2.x or 3.x become an Article?

The versions differ in how names are written (`versioncreated`, `versionCreated`) and in whether
headlines and bodies are properties or lists, so all are read by one table, in lower case. What
Superdesk adds (`guid`, `firstpublished`, `source`, `signal`) is read as well.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from storycluster.domain import Article
from storycluster.errors import InvalidInput
from storycluster.formats.fields import kind_of
from storycluster.formats.markup import looks_like_markup, one_line, shown_line, shown_text
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

_OURS = {"id", "article_id", "text"}
_TIMES = ("firstpublished", "versioncreated", "firstcreated", "contentcreated")
_SOURCES = ("source", "provider", "infosources", "infosource")
_PLAIN_BODIES = ("body_text", "body_plain", "body_main")
_MARKED_UP = ("html", "xml", "nitf", "richtext")
_NAME_FIRST = ("name", "literal", "qcode", "code", "uri")
_CODE_FIRST = ("qcode", "code", "uri", "literal", "name")
_KEPT = {
    "item_title": "title",
    "slugline": "slugline",
    "editorial_note": "ednote",
    "usage_terms": "usageterms",
    "copyright_holder": "copyrightholder",
    "copyright_notice": "copyrightnotice",
}


def is_ninjs(row: Mapping[str, Any]) -> bool:
    """Whether an object is ninjs and not an article of JSON Lines: it says so, or has ninjs's id
    and none of ours."""
    standard = row.get("standard")
    if isinstance(standard, Mapping) and "ninjs" in str(standard.get("name")).lower():
        return True
    return bool({"uri", "guid"} & row.keys()) and not _OURS & row.keys()


def ninjs_article(row: Mapping[str, Any], *, default_id: str = "") -> Article:
    """The article that a ninjs object describes.

    InvalidInput names the first wrong field; NotText for a picture or the like without a body.
    """
    item = _Item(row)
    kind = item.text("type")
    title, text = _headline(item), _body(item)
    if kind not in ("", "text") and not text:
        raise NotText.of("type", f"is {kind}, not text")
    times = {item.written(name): item.text(name) for name in _TIMES}
    number = revision_of(str(item.said("version") or ""))
    embargo, embargoed = item.text("embargoed"), item.written("embargoed")
    fields = {
        "id": item.text("uri", "guid"),
        "title": title,
        "text": text,
        "revision": number,
        "source": item.named(*_SOURCES),
        "url": item.text("url"),
        "language": item.text("language"),
        "authors": _authors(item),
        "credit": item.text("creditline", "credit"),
        "published_at": publish_time(times),
        "embargo_time": embargo_time(embargo, field=embargoed) if embargo else None,
    }
    version = item.take("version")
    kept = _kept(item, [*times.values()]) | {
        "version": None if number else version,
        "type": kind if kind not in ("", "text") else None,
    }
    return wire_article(fields, kept=kept, unknown=item.rest(), default_id=default_id)


def _kept(item: _Item, times: list[str]) -> dict[str, Any]:
    signals = [_told(one, _CODE_FIRST) for one in item.each("signals", "signal")]
    told = [moment_told(value) for value in times]
    kept: dict[str, Any] = {name: item.text(field) or None for name, field in _KEPT.items()}
    return kept | {
        "pub_status": pub_status(item.text("pubstatus"), field=item.written("pubstatus")),
        "signals": [signal(one) for one in signals if one] or None,
        "version_created": told[1],
        "first_created": told[2],
        "content_created": told[3],
        "urgency": urgency(item.take("urgency")),
    }


def _headline(item: _Item) -> str:
    several = item.objects("headlines")
    if several:
        main = next((one for one in several if _role(one).endswith("main")), several[0])
        rest = [one for one in several if one is not main]
        item.put("headlines", rest)
        return _line(_value(main, "headlines"), _content_type(main))
    return _line(item.text("headline", "headline_main", "headline_text"), "")


def _line(text: str, content_type: str) -> str:
    marked_up = "html" in content_type or looks_like_markup(text)
    return shown_line(text) if marked_up else one_line(text)


def _body(item: _Item) -> str:
    """The body in plain text where there is one, else what its markup shows."""
    several = item.objects("bodies")
    if several:
        plain = (one for one in several if not _is_markup(one))
        best = next(plain, several[0])
        item.put("bodies", [one for one in several if one is not best])
        value = _value(best, "bodies")
        return shown_text(value) if _is_markup(best) else value
    plain_text = item.text(*_PLAIN_BODIES)
    if plain_text:
        return shown_text(plain_text) if looks_like_markup(plain_text) else plain_text
    others = sorted(name for name in item.names_left() if name.startswith("body_"))
    return shown_text(item.text("body_html", "body_xhtml", *others))


def _is_markup(body: Mapping[str, Any]) -> bool:
    told = _content_type(body) or _role(body)
    if any(word in told for word in _MARKED_UP):
        return True
    return told != "text/plain" and looks_like_markup(str(body.get("value")))


def _authors(item: _Item) -> list[str]:
    """The byline as it would be printed, else the names of the authors."""
    byline = item.text("byline", "by")
    if byline:
        return [one_line(byline)]
    return [name for one in item.each("authors") if (name := _told(one, _NAME_FIRST))]


def _role(one: Mapping[str, Any]) -> str:
    return str(one.get("role") or "").lower()


def _content_type(one: Mapping[str, Any]) -> str:
    return str(one.get("contenttype") or one.get("contentType") or "").lower()


def _value(one: Mapping[str, Any], field: str) -> str:
    value = one.get("value")
    if not isinstance(value, str):
        raise InvalidInput.of(field, f"value must be a string, not {kind_of(value)}")
    return value


def _told(value: Any, keys: tuple[str, ...]) -> str:
    """A party or code: a string, or the first of the keys that an object has."""
    if isinstance(value, Mapping):
        return next((str(value[key]) for key in keys if value.get(key)), "")
    return value if isinstance(value, str) else ""


class _Item:
    """The fields of an object by lower-case name; what is taken is gone from the rest."""

    def __init__(self, row: Mapping[str, Any]) -> None:
        self._left = {name.lower(): (name, value) for name, value in row.items()}
        self._written = {name.lower(): name for name in row}

    def take(self, name: str) -> Any:
        """The value of a field, None where it is missing."""
        return self._left.pop(name, (name, None))[1]

    def said(self, name: str) -> Any:
        """The value of a field, which stays."""
        return self._left.get(name, (name, None))[1]

    def written(self, name: str) -> str:
        """How the object writes the name of a field, also of one that was taken."""
        return self._written.get(name, name)

    def put(self, name: str, value: Any) -> None:
        """Gives back what was not used of a field."""
        self._left[name] = (self.written(name), value)

    def text(self, *names: str) -> str:
        """The first of the fields that says something; the others stay."""
        for name in names:
            value = self.said(name)
            if value is None or value == "":
                continue
            if not isinstance(value, str):
                raise InvalidInput.of(self.written(name), f"must be a string, not {kind_of(value)}")
            self.take(name)
            return value
        return ""

    def objects(self, name: str) -> list[Mapping[str, Any]]:
        """A list of objects, empty where the field is missing."""
        value = self.said(name)
        if not value:
            return []
        if not isinstance(value, list) or not all(isinstance(one, Mapping) for one in value):
            raise InvalidInput.of(self.written(name), "must be a list of objects")
        return value

    def named(self, *names: str) -> str:
        """The name of the first party that has one."""
        for name in names:
            told = [_told(one, _NAME_FIRST) for one in self._several(name)]
            if told and told[0]:
                self.take(name)
                return told[0]
        return ""

    def each(self, *names: str) -> list[Any]:
        """The values of the first field that has some: a list, or one alone."""
        for name in names:
            found = self._several(name)
            if found:
                self.take(name)
                return found
        return []

    def _several(self, name: str) -> list[Any]:
        value = self.said(name)
        return value if isinstance(value, list) else [value] if value else []

    def names_left(self) -> list[str]:
        """The names of the fields that were not taken, lower case."""
        return list(self._left)

    def rest(self) -> dict[str, Any]:
        """The fields that were not taken, named as written."""
        return dict(self._left.values())
