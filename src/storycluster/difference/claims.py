"""Which dates, quotes, names and sources do two articles give differently?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz.distance import Indel, Levenshtein

from storycluster.alignment import Alignment, Link
from storycluster.difference.side import Side, all_else_equal
from storycluster.domain import Difference, DifferenceType
from storycluster.facts import DateMention, may_agree
from storycluster.text import words

_ONE_NAME = 0.72  # spellings of one name ("Judeo", "Judaeo") are above
_OFFICE = re.compile(
    r"\b(?:the\s+)?((?:[A-Z][\w’'.-]+\s+|[a-z]+\s+)?)((?i:foreign|defen[cs]e|interior|health|"
    r"justice|finance|treasury|state|energy|labou?r|education|agriculture|commerce|transport|economy|"
    r"culture|environment|trade|oil|information))\s+((?i:ministry|minister|department|secretary))\b"
)
_SAYS = re.compile(
    r"\b(?:said|says|say|confirmed|confirms|announced|announces|stated|told|reported|reports|"
    r"according\s+to|spokes\w+|official|statement)\b",
    re.IGNORECASE,
)


def changed_dates(base: Side, other: Side, link: Link, *, copied: bool) -> list[Difference]:
    """Days in two aligned sentences that are about the same thing and cannot be the same day."""
    left = [d for d in base.dates[link.base] if d.kind in ("day", "weekday", "year", "month")]
    right = [d for d in other.dates[link.other] if d.kind in ("day", "weekday", "year", "month")]
    left, right = (
        [d for d in left if not any(may_agree(d, r) for r in other.dates[link.other])],
        [r for r in right if not any(may_agree(r, d) for d in base.dates[link.base])],
    )
    if not copied:
        left = [d for d in left if not _dated(d, other)]
        right = [r for r in right if not _dated(r, base)]
    if len(left) != 1 or len(right) != 1 or not _comparable(left[0], right[0], copied=copied):
        return []
    one, two = left[0], right[0]
    if _signs(base, one) or _signs(other, two):
        return []
    if not copied and base.span(one.start, one.end).text == other.span(two.start, two.end).text:
        return []  # "Tuesday" in both: the articles, not the days, are a week apart
    before, after = base.context(link.base, one.start, one.end)
    before2, after2 = other.context(link.other, two.start, two.end)
    shared = len({*before, *after} & {*before2, *after2})
    firm = shared >= base.settings.context_shared
    if not firm and not all_else_equal(base, other, link, one, two):
        return []
    return [
        Difference(
            DifferenceType.DATE_CHANGED,
            base.span(one.start, one.end),
            other.span(two.start, two.end),
            one.value,
            two.value,
            importance=round(0.6 + 0.3 * _early(link), 4),
            confidence=round(min(0.95, 0.4 + 0.5 * link.similarity), 4),
            conflict=True,
        )
    ]


def _signs(side: Side, mention: DateMention) -> bool:
    """Whether it is the date of a quoted post: "(@name) March 23, 2018"."""
    return side.document.text[max(0, mention.start - 3) : mention.start].rstrip().endswith(")")


def _comparable(one: DateMention, two: DateMention, *, copied: bool) -> bool:
    if one.kind == two.kind:
        return copied or one.kind in ("day", "year", "month") or one.first is not None
    return {one.kind, two.kind} == {"day", "weekday"} and None not in (one.first, two.first)


def _dated(mention: DateMention, side: Side) -> bool:
    return any(
        may_agree(mention, other) and other.kind in (mention.kind, "day", "weekday")
        for sentence in side.dates
        for other in sentence
        if other.kind != "relative"
    )


def changed_sources(base: Side, other: Side, alignment: Alignment) -> list[Difference]:
    """The same statement ascribed to two different ministries or departments of one country.

    Looks at every pair of sentences, aligned or not: who confirms is often said elsewhere.
    """
    left, right = _all_offices(base), _all_offices(other)
    found = []
    for i, one in left:
        for j, two in right:
            similarity = float(alignment.similarity[i, j])
            other_country = one.country and two.country and one.country != two.country
            if other_country or one.body != two.body or one.field == two.field:
                continue
            if similarity < base.settings.source_bar:
                continue
            if _names(right, one) and _names(left, two):
                continue  # Both articles know both offices: each has its own say.
            found.append((similarity, i, j, one, two))
    found.sort(key=lambda f: (-f[0], f[1], f[2]))
    return [_source(base, other, best) for best in found[:1]]


def _names(offices: list[tuple[int, _Office]], office: _Office) -> bool:
    return any(o.field == office.field and o.body == office.body for _, o in offices)


def _source(base: Side, other: Side, found: tuple[float, int, int, _Office, _Office]) -> Difference:
    similarity, i, j, one, two = found
    return Difference(
        DifferenceType.ATTRIBUTION_CHANGED,
        base.span(one.start, one.end),
        other.span(two.start, two.end),
        f"{one.country} {one.field} {one.body}".strip(),
        f"{two.country} {two.field} {two.body}".strip(),
        importance=round(0.6 + 0.3 * _early(Link(i, j, similarity)), 4),
        confidence=round(min(0.9, 0.3 + 0.6 * similarity), 4),
        conflict=True,
    )


@dataclass(frozen=True, slots=True)
class _Office:
    """A ministry or department that is named as a source: country word, field, body."""

    start: int
    end: int
    country: str
    field: str
    body: str


def _all_offices(side: Side) -> list[tuple[int, _Office]]:
    if not side.english:
        return []
    return [(i, office) for i in range(len(side.sentences)) for office in _offices(side, i)]


def _offices(side: Side, i: int) -> list[_Office]:
    """The offices named in sentence i, where anybody says anything in it."""
    sentence = side.sentences[i]
    said = side.document.text[sentence.start : sentence.end]
    found = []
    for match in _OFFICE.finditer(said) if _SAYS.search(said) else ():
        if not match.group(1)[:1].isupper():
            country = ""
        else:
            country = match.group(1).strip().lower().removesuffix("'s").removesuffix("’s")
        field, kind = match.group(2).lower(), match.group(3).lower()
        country = "" if country == "the" else country
        first = match.start(1) if country else match.start(2)
        start, end = sentence.start + first, sentence.start + match.end()
        found.append(_Office(start, end, country, field.replace("defence", "defense"), _body(kind)))
    return found


def _body(kind: str) -> str:
    return "ministry" if kind.startswith("minist") else "department"


def changed_names(base: Side, other: Side, link: Link) -> list[Difference]:
    """In versions: the one place where two otherwise equal sentences differ is a name."""
    one, two = base.sentences[link.base], other.sentences[link.other]
    ops = [op for op in Levenshtein.opcodes(one.words, two.words) if op.tag != "equal"]
    if not ops or len(one.words) < 6 or len(ops) > 2:
        return []
    keys = [{n.key for n in names} for names in (base.names[link.base], other.names[link.other])]
    left = [n for n in base.names[link.base] if n.key not in keys[1]]
    right = [n for n in other.names[link.other] if n.key not in keys[0]]
    if len(left) != 1 or len(right) != 1 or set(left[0].key.split()) == set(right[0].key.split()):
        return []
    a, b = (side.document.text[n.start : n.end] for side, n in ((base, left[0]), (other, right[0])))
    if Indel.normalized_similarity(left[0].key, right[0].key) > _ONE_NAME:
        return []
    inside = set(words(a)), set(words(b))
    for op in ops:
        gone = set(one.words[op.src_start : op.src_end])
        come = set(two.words[op.dest_start : op.dest_end])
        if op.tag != "replace" or not gone <= inside[0] or not come <= inside[1]:
            return []
    return [
        Difference(
            DifferenceType.NAME_CHANGED,
            base.span(left[0].start, left[0].end),
            other.span(right[0].start, right[0].end),
            a,
            b,
            importance=round(0.6 + 0.2 * _early(link), 4),
            confidence=round(min(0.9, 0.3 + 0.6 * link.similarity), 4),
            conflict=True,
        )
    ]


def _early(link: Link) -> float:
    return 1.0 / (1.0 + 0.1 * min(link.base, link.other))
