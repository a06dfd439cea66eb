"""What is particular about one article, in one line of wire style?

Made of the typed differences alone: figures, dates, names and quotes stand as in the texts, and
only what joins them is added. Cut at a whole item.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from storycluster.alignment import stems
from storycluster.domain import Comparison, Difference, DifferenceType, Span
from storycluster.facts import DateMention, Quantity
from storycluster.grid import Advisory, CopyChanges, FactKind
from storycluster.story_facts.mentions import Mention, Told, plain, text_of, with_noun
from storycluster.story_facts.rows import is_stated
from storycluster.story_facts.ties import same_value
from storycluster.text import words

LONGEST = 120  # characters
_ADDED, _OMITTED = 5, 3  # items; a line is read at a glance
_NAME = 40  # characters; a longer run of capitals is no name
_ADDS = (DifferenceType.SENTENCE_ADDED, DifferenceType.DETAIL_ADDED)
_OMITS = (DifferenceType.SENTENCE_REMOVED, DifferenceType.DETAIL_REMOVED)
_GIVES = (
    DifferenceType.NUMBER_CHANGED,
    DifferenceType.DATE_CHANGED,
    DifferenceType.NAME_CHANGED,
    DifferenceType.ATTRIBUTION_CHANGED,
)
_BOUND = re.compile(
    r"(?:at least|at most|no (?:fewer|less|more) than|as (?:many|much) as|up to|close to|over|above"
    r"|(?:more|greater|less|fewer) than|under|below|(?:an )?estimated|nearly|almost|about|around"
    r"|roughly|some|approximately)\s+$",
    re.IGNORECASE,
)
_ROOM = 16  # characters before a figure that may hold its bound


def advisory(canonical: Told, one: Told) -> Advisory:
    """What a report says otherwise than the canonical: values that cannot both hold, then what it
    adds and omits, then other values and wordings."""
    comparison = one.report.comparison
    differences = comparison.differences if comparison else ()
    article_id = one.report.member.article_id
    added = [d.other for d in differences if d.type in _ADDS]
    omitted = [d.base for d in differences if d.type in _OMITS]
    told = {span for d in differences if d.type in _GIVES for span in (d.base, d.other)}
    clauses = [
        ("gives", _given(canonical, one, differences, conflict=True)),
        ("adds", _lacking(added, one, canonical, told)[:_ADDED]),
        ("omits", _lacking(omitted, canonical, one, told)[:_OMITTED]),
        ("gives", _given(canonical, one, differences, conflict=False)),
    ]
    if not any(items for _, items in clauses):
        clauses = _counted(changes(article_id, comparison))
    if not any(items for _, items in clauses):
        clauses = [("states nothing else", [""])]
    return Advisory(article_id, _line(clauses))


def uncompared(article_id: str, reason: str) -> Advisory:
    """Why nothing is told of a report."""
    return Advisory(article_id, _line([("not compared:", [reason])]), reason)


def copy_advisory(original: Told, one: Told, changed: CopyChanges) -> Advisory:
    """What a copy does to the article it is held against."""
    member, against = one.report.member, original.report.member
    start = ("copy of", [against.article_id])
    if member.article_id == member.reprint_group:
        start = ("original of", [against.article_id])
    if len(_joined([start])) > LONGEST:
        start = (start[0].removesuffix(" of"), [""])
    if changed.not_compared:
        clauses = [start, ("not compared:", [changed.not_compared])]
        return Advisory(member.article_id, _line(clauses), changed.not_compared)
    comparison = one.report.comparison
    differences = comparison.differences if comparison else ()
    clauses = [start, ("gives", _given(original, one, differences, conflict=True))]
    clauses += _counted(changed)
    if any(d.type is DifferenceType.HEADLINE_CHANGED for d in differences):
        clauses.append(("another headline", [""]))
    elif not differences and one.report.article.text != original.report.article.text:
        clauses.append(("only the frame differs", [""]))
    return Advisory(member.article_id, _line(clauses))


def changes(article_id: str, comparison: Comparison | None) -> CopyChanges:
    """The differences of a comparison, counted."""
    if comparison is None:
        return CopyChanges(article_id)
    types = [one.type for one in comparison.differences]
    return CopyChanges(
        article_id,
        removed=sum(one in _OMITS for one in types),
        added=sum(one in _ADDS for one in types),
        reworded=types.count(DifferenceType.SENTENCE_REWORDED),
        conflicts=sum(one.conflict for one in comparison.differences),
        not_compared=comparison.not_compared,
    )


def _counted(changed: CopyChanges) -> list[tuple[str, list[str]]]:
    """ "cuts 3 sentences, adds 1"."""
    counts = (("cuts", changed.removed), ("adds", changed.added), ("rewords", changed.reworded))
    said = [f"{verb} {count}" for verb, count in counts if count]
    if said:
        said[0] += " sentence" if said[0].endswith(" 1") else " sentences"
    return [("", said)]


def _given(
    base: Told, other: Told, differences: Sequence[Difference], *, conflict: bool
) -> list[str]:
    """ "59 dead for 58", "Tuesday for Wednesday", in order of importance."""
    found = []
    for one in differences:
        if one.conflict is not conflict or one.base is None or one.other is None:
            continue
        if one.type in _GIVES:
            found.append(f"{_said(one.other, other)} for {_said(one.base, base, bare=True)}")
        elif one.type is DifferenceType.QUOTE_CHANGED:
            found.append("a quote in other words")
    if conflict and not found:
        clash = (d.conflict and d.type is DifferenceType.HEADLINE_CHANGED for d in differences)
        found += ["another figure in the headline"] * any(clash)
    return list(dict.fromkeys(found))


def _said(span: Span, told: Told, *, bare: bool = False) -> str:
    """The figure at a span with its bound and, unless `bare`, what it counts; any other span as it
    stands."""
    for one in told.mentions:
        if one.span == span and isinstance(one.stated, Quantity):
            return _figure(one, told, bare=bare)
    return plain(span.text)


def _figure(mention: Mention, told: Told, *, bare: bool) -> str:
    quantity = mention.stated
    if not isinstance(quantity, Quantity):
        return plain(mention.span.text)
    span, start = mention.span, mention.span.start
    text = text_of(told.report, span)
    end = with_noun(mention, told.report).end if not (bare or quantity.state) else span.end
    bound = _BOUND.search(text, max(0, start - _ROOM), start)
    if bound and quantity.approximate != "exact":
        start = bound.start()
    said = text[start:end] + (f" {quantity.state}" if quantity.state and not bare else "")
    lower = said[:1].isalpha() and said[1:2].islower()
    return plain(said[0].lower() + said[1:] if lower else said)


def _lacking(
    spans: Sequence[Span | None], told: Told, against: Told, known: Set[Span | None]
) -> list[str]:
    """What stands in these spans of one article and nowhere in the other: numbers, then dates,
    names and quotes; each in the order of the spans. What stands at a `known` span is left out."""
    inside = [span for span in spans if span is not None]
    found: list[str] = []
    for kind in (FactKind.NUMBER, FactKind.DATE, FactKind.NAME, FactKind.QUOTE):
        for span in inside:
            if kind is FactKind.NAME:
                found += _names(span, told, against)
            else:
                found += _facts(span, kind, told, against, known)
    return list(dict.fromkeys(found))


def _facts(
    span: Span, kind: FactKind, told: Told, against: Told, known: Set[Span | None]
) -> Iterator[str]:
    shown: list[Mention] = []
    for one in told.mentions:
        if one.kind is not kind or one.span.field != span.field or one.span in known:
            continue
        if not span.start <= one.span.start < span.end or is_stated(one, against):
            continue
        if any(same_value(one, other) for other in shown) or _has_toll(one, against):
            continue  # 25 miles (40 kilometres); another toll is neither added nor omitted
        shown.append(one)
        if isinstance(one.stated, DateMention):
            if one.stated.kind == "day":
                yield one.span.text
        elif isinstance(one.stated, Quantity):
            said = _figure(one, told, bare=False)
            if said.lower() != one.span.text.lower() or one.stated.unit:
                yield said  # no bare figure: it would not say of what
        else:
            yield _quote(one, told)


def _has_toll(mention: Mention, against: Told) -> bool:
    """Whether the other article counts people in the same state: dead, injured, missing."""
    state = mention.stated.state if isinstance(mention.stated, Quantity) else ""
    return bool(state) and any(
        isinstance(one.stated, Quantity) and one.stated.state == state for one in against.mentions
    )


def _quote(mention: Mention, told: Told) -> str:
    for _, quote in told.side.quotes:
        if quote.start == mention.span.start and quote.speaker:
            speaker = quote.speaker.split("\n")[-1].strip()
            return f"a quote by {speaker}" if speaker[:1].isupper() else "a quote"
    return "a quote"


def _names(span: Span, told: Told, against: Told) -> Iterator[str]:
    """Names of which the other article has no word, in the fullest form that the article has."""
    text = told.side.document.text
    every = [name for sentence in told.side.names for name in sentence]
    for name in every:
        said = text[name.start : name.end]
        if not span.start <= name.start < span.end or len(said) > _NAME:
            continue
        parts = set(name.key.split())
        if parts & against.side.name_keys or set(stems(words(said))) & against.side.stems:
            continue
        forms = (text[one.start : one.end] for one in every if parts <= set(one.key.split()))
        yield plain(max((form for form in forms if len(form) <= _NAME), key=len))


def _line(clauses: Sequence[tuple[str, Sequence[str]]]) -> str:
    """The clauses joined, as many whole items of each as fit."""
    kept: list[tuple[str, list[str]]] = []
    for verb, items in clauses:
        fitting: list[str] = []
        for item in items:
            if len(_joined([*kept, (verb, [*fitting, item])])) > LONGEST:
                break
            fitting.append(item)
        if fitting:
            kept.append((verb, fitting))
    return _joined(kept)


def _joined(clauses: Sequence[tuple[str, Sequence[str]]]) -> str:
    said = "; ".join(f"{verb} {', '.join(items)}".strip() for verb, items in clauses if items)
    return said[:1].upper() + said[1:]
