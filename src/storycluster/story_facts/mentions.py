"""What does one article state: which numbers, dates and quotes, where, and beside which words?"""

from __future__ import annotations

import calendar
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from storycluster.alignment import is_telling, stems
from storycluster.difference.numbers import in_words
from storycluster.difference.quoted import BRACKETS
from storycluster.difference.side import Side
from storycluster.document import Document
from storycluster.domain import Article, Comparison, Member, Span
from storycluster.facts import DateMention, Quantity, quantities
from storycluster.grid import FactKind
from storycluster.settings import DifferenceSettings
from storycluster.text import is_spaceless, words

HEADLINE = -1  # the place of what the headline states
_PAIR = 2  # "the two countries" points to the parties, it does not count them
_POINTS = re.compile(r"\b(?:the|these|those|both|its|their)\s+$", re.IGNORECASE)
_LABEL = re.compile(r"(?:[A-Z]+[ -])+\d+-")  # UPDATE 2-, WRAPUP 1-
_SAMPLE = 2_000  # characters that tell whether a text writes spaces
_QUOTED_WORDS = 3  # shorter ones are scare quotes
_WORD = re.compile(r"\w[\w'’-]*")
_NOUN_WORDS, _NOUN_ROOM = 5, 80  # words, characters
_ENDS = re.compile(r"[,;:.()\n]|\b(?:and|or)\b")
_CALENDAR = frozenset(
    stems([name.lower() for name in (*calendar.day_name, *calendar.month_name) if name])
)

Stated = Quantity | DateMention | tuple[str, ...] | None


@dataclass(frozen=True, slots=True)
class Report:
    """An article that stands for its reprint group. `comparison` says what it says otherwise than
    the canonical; None for the canonical itself."""

    member: Member
    article: Article
    document: Document
    comparison: Comparison | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Mention:
    """One stated fact of report number `report`.

    `span` is the figure, the date or the quote alone. `places` are the sentences of the canonical
    that its sentence says the same as, HEADLINE for the headline; `around` the telling stems beside
    it. `stated` is the quantity or date as read, the stems of a quote, None for anything else.
    `telling`: few stories state such a value of two different things: a figure of two significant
    digits (36, 41,200), a calendar day that is not about the day of publication.
    """

    report: int
    kind: FactKind
    span: Span
    value: str
    stated: Stated = None
    places: frozenset[int] = frozenset()
    around: frozenset[str] = frozenset()
    telling: bool = False

    @property
    def start(self) -> int:
        """Where it stands, the headline before the text."""
        return HEADLINE if HEADLINE in self.places else self.span.start


@dataclass(frozen=True, slots=True, eq=False)
class Told:
    """A report with what it states: numbers, dates and quotes, each in order of place."""

    report: Report
    side: Side
    mentions: tuple[Mention, ...]


def read(reports: Sequence[Report], settings: DifferenceSettings) -> list[Told]:
    """What each report states. The first is the canonical."""
    sides = [Side(one.document, settings, one.article.publish_time) for one in reports]
    at = {sentence.start: i for i, sentence in enumerate(sides[0].sentences)} if sides else {}
    told = []
    for number, (report, side) in enumerate(zip(reports, sides, strict=True)):
        places = _places(report.comparison, side, at)
        mentions = [
            *_numbers(number, side, places),
            *_headline(number, report, side),
            *_dates(number, side, places),
            *_quotes(number, side, places),
        ]
        told.append(Told(report, side, tuple(mentions)))
    return told


def _places(
    comparison: Comparison | None, side: Side, canonical: Mapping[int, int]
) -> dict[int, frozenset[int]]:
    """{sentence: those of the canonical that it says the same as}."""
    if comparison is None:
        return {i: frozenset([i]) for i in range(len(side.sentences))}
    at = {sentence.start: i for i, sentence in enumerate(side.sentences)}
    found: dict[int, frozenset[int]] = {}
    for pair in comparison.aligned:
        here, there = at.get(pair.other.start), canonical.get(pair.base.start)
        if here is not None and there is not None:
            found[here] = found.get(here, frozenset()) | {there}
    return found


def _numbers(report: int, side: Side, places: Mapping[int, frozenset[int]]) -> list[Mention]:
    found = []
    if is_spaceless(side.document.text[:_SAMPLE]):
        return []  # what a figure counts is not known there
    for i, sentence in enumerate(side.quantities):
        for quantity in sentence:
            if not _counts(quantity, side.document.text):
                continue
            before, after = side.context(i, quantity.start, quantity.end)
            found.append(
                Mention(
                    report,
                    FactKind.NUMBER,
                    side.span(quantity.start, quantity.end),
                    in_words(quantity),
                    quantity,
                    places.get(i, frozenset()),
                    _around([*before, *after], quantity),
                    _is_telling_figure(quantity),
                )
            )
    return found


def _counts(quantity: Quantity, text: str) -> bool:
    """Whether it says how many of what: no rank, no bare number, no "the two sides"."""
    if quantity.kind in ("ordinal", "year"):
        return False
    if quantity.kind == "cardinal" and not (quantity.noun or quantity.state):
        return False
    before = text[max(0, quantity.start - 8) : quantity.start]
    return not (quantity.kind == "cardinal" and quantity.low <= _PAIR and _POINTS.search(before))


def _is_telling_figure(quantity: Quantity) -> bool:
    return len(f"{quantity.low:.12g}".replace(".", "").strip("0")) > 1


def _around(near: Sequence[str], quantity: Quantity) -> frozenset[str]:
    """The telling stems beside a figure, but what it counts, which is asked for apart."""
    return frozenset(near) - _CALENDAR - frozenset(stems(quantity.noun.split()))


def _headline(report: int, one: Report, side: Side) -> list[Mention]:
    """The numbers of the headline."""
    title = side.title_span()
    if title is None or is_spaceless(title.text):
        return []
    label = _LABEL.match(title.text)
    given = one.article.title if title.field == "title" else one.article.text
    start = title.start
    if title.field == "title":  # the document's own has no spaces at its ends
        start += len(given) - len(given.lstrip())
    said = quantities(title.text, language=one.document.language or "en")
    found = []
    for quantity in said:
        if not _counts(quantity, title.text) or (label and quantity.start < label.end()):
            continue
        at = replace(quantity, start=quantity.start + start, end=quantity.end + start)
        span = Span(title.field, at.start, at.end, given[at.start : at.end])
        near = [s for s in stems(words(title.text)) if is_telling(s) and not s[0].isdigit()]
        found.append(
            Mention(
                report,
                FactKind.NUMBER,
                span,
                in_words(at),
                at,
                frozenset([HEADLINE]),
                _around(near, at),
                _is_telling_figure(at),
            )
        )
    return found


def _dates(report: int, side: Side, places: Mapping[int, frozenset[int]]) -> list[Mention]:
    found = []
    for i, sentence in enumerate(side.dates):
        for one in sentence:
            if one.kind == "relative" and (one.first is None or one.first != one.last):
                continue
            before, after = side.context(i, one.start, one.end)
            found.append(
                Mention(
                    report,
                    FactKind.DATE,
                    side.span(one.start, one.end),
                    one.value,
                    one,
                    places.get(i, frozenset()),
                    frozenset([*before, *after]) - _CALENDAR,
                    _is_telling_day(one, side),
                )
            )
    return found


def _is_telling_day(one: DateMention, side: Side) -> bool:
    if one.kind != "day" or one.first is None or side.day is None:
        return one.kind == "day"
    return abs((one.first - side.day).days) > 1


def _quotes(report: int, side: Side, places: Mapping[int, frozenset[int]]) -> list[Mention]:
    found = []
    for i, quote in side.quotes:
        span = side.span(quote.start, quote.end)
        said = stems(words(BRACKETS.sub(" ", span.text)))
        if len(said) < _QUOTED_WORDS:
            continue
        at = places.get(i, frozenset())
        found.append(Mention(report, FactKind.QUOTE, span, plain(span.text), tuple(said), at))
    return found


def plain(text: str, longest: int = 160) -> str:
    """A text on one line, clipped at a word."""
    flat = " ".join(text.split())
    return flat if len(flat) <= longest else flat[:longest].rpartition(" ")[0] + " …"


def with_noun(mention: Mention, report: Report) -> Span:
    """The span of a count together with what it counts, as far as that follows at once: "36
    targets", "nine Russian" and eight Turkish jets; of anything else its own."""
    quantity, span = mention.stated, mention.span
    if not isinstance(quantity, Quantity) or not quantity.noun:
        return span
    if quantity.kind != "cardinal" and "-" not in span.text:
        return span
    text = text_of(report, span)
    language = report.document.language or "en"
    end = last = span.end
    for step, word in enumerate(_WORD.finditer(text, end, end + _NOUN_ROOM)):
        if step == _NOUN_WORDS or _ENDS.search(text, last, word.end()):
            break
        said = quantities(text[span.start : word.end()], language=language)
        if word.group() in ("one", "ones") or (said and said[0].noun == quantity.noun):
            end = word.end()
            break
        if end == last and word.group().lower() in quantity.qualifiers:
            end = word.end()
        last = word.end()
    return Span(span.field, span.start, end, text[span.start : end])


def text_of(report: Report, span: Span) -> str:
    """The text that a span lies in."""
    return report.article.title if span.field == "title" else report.article.text
