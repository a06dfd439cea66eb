"""Which days does a text speak of?

Words are resolved against the day of publication where it is known. What cannot be resolved stays
None; the ISO-like `value` ("2017-01-18", "--01-23", "2015", "wednesday") tells what is known.
"""

from __future__ import annotations

import calendar
import re
from dataclasses import dataclass
from datetime import date, timedelta

_MONTHS = {name.lower(): i for i, name in enumerate(calendar.month_name) if name}
_MONTHS |= {name.lower(): i for i, name in enumerate(calendar.month_abbr) if name} | {"sept": 9}
WEEKDAYS = {name.lower(): i for i, name in enumerate(calendar.day_name)}
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec)\b\.?)"
)
_DAY = r"(?:3[01]|[12]\d|0?[1-9])"
_YEAR = r"(?:1[5-9]\d\d|20\d\d)"
_WEEKDAY = r"(?:Monday|Tuesday|Wednesday|Thursday|Friday|Saturday|Sunday)"
_TIMES = "|".join((
    rf"(?P<iso>\b{_YEAR}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])\b)",
    rf"(?P<mdy>\b{_MONTH}\s+{_DAY}(?:st|nd|rd|th)?\b(?!\s*(?:percent|million|billion|people))(?:,?\s+{_YEAR}\b)?)",
    rf"(?P<dmy>\b{_DAY}(?:st|nd|rd|th)?\s+(?:of\s+)?{_MONTH}(?:,?\s+{_YEAR}\b|\s+\d\d\b(?!\s*[\w%:]))?(?!\s+\d))",
    rf"(?P<my>\b{_MONTH},?\s+(?:of\s+)?{_YEAR}\b)",
    rf"(?P<month>\b(?:early|late|mid|in|since|until|by|last|from|this|next)[\s-]+{_MONTH}(?:\s+last\s+year)?(?![\w'’]|\s+\d))",
    rf"(?P<weekday>\b{_WEEKDAY}\b)",
    r"(?P<near>\b(?:yesterday|today|tomorrow)\b)",
    r"(?P<relative>\b(?:last|this|next)\s+(?:week|month|year)\b)",
    rf"(?P<year>(?<![\w$£€.,/-]){_YEAR}(?![\w/%]|,\d|\.\d|-\d| people))",
))  # fmt: skip
_DATE = re.compile(_TIMES, re.IGNORECASE)
_PARTS = re.compile(rf"(?P<m>{_MONTH})|(?P<y>\b{_YEAR}\b)|(?P<d>\b\d{{1,2}})", re.IGNORECASE)
_AHEAD = re.compile(
    r"\b(?:will|due|next|scheduled|expected|upcoming|plans?|to be)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class DateMention:
    """text[start:end] speaks of the days first..last, inclusive; both None where unresolved.

    `kind` is day (month and day stated), weekday, month, year or relative.
    """

    start: int
    end: int
    first: date | None
    last: date | None
    value: str = ""
    kind: str = "day"


def dates(text: str, *, anchor: date | None = None) -> list[DateMention]:
    """Mentions in order of place. `anchor` is the day the text was published, in its own zone."""
    found = []
    for match in _DATE.finditer(text):
        if match.lastgroup in ("mdy", "dmy", "my", "month", "weekday") and not _proper(
            match.group()
        ):
            continue
        mention = _mention(match, text, anchor)
        if mention is not None:
            found.append(mention)
    return found


def date_spans(text: str) -> list[tuple[int, int]]:
    """Spans whose figures belong to a calendar day, so that they are not counted as quantities."""
    return [
        match.span()
        for match in _DATE.finditer(text)
        if match.lastgroup in ("iso", "mdy", "dmy", "my") and _proper(match.group())
    ]


def may_agree(one: DateMention, two: DateMention) -> bool:
    """Whether both can mean the same day. Doubt counts as agreement.

    A weekday is taken to be any within a week of its best reading, so that "on Wednesday" in a text
    of another day does not disagree with the Wednesday a week off.
    """
    if one.first and one.last and two.first and two.last:
        if one.first <= two.last and two.first <= one.last:
            return True
        gap = (two.first - one.first).days
        loose = "weekday" in (one.kind, two.kind)
        relative = "relative" in (one.kind, two.kind)
        return (loose and abs(gap) <= 14 and gap % 7 == 0) or (relative and abs(gap) <= 14)
    if one.kind == two.kind == "day":
        return one.value[-5:] == two.value[-5:]
    if one.kind == two.kind == "weekday":
        return _weekday_of(one) == _weekday_of(two)
    if one.kind == two.kind == "year":
        return one.value == two.value
    return True


def _weekday_of(mention: DateMention) -> int:
    return mention.first.weekday() if mention.first else WEEKDAYS[mention.value]


def _proper(mention: str) -> bool:
    """Months and weekdays are capitalised: "may 5" and "march 3" are not dates."""
    words = re.findall(r"[A-Za-z]+", mention)
    return all(w[0].isupper() for w in words if w.lower() in _MONTHS or w.lower() in WEEKDAYS)


def _mention(match: re.Match[str], text: str, anchor: date | None) -> DateMention | None:  # noqa: PLR0911
    start, end = match.span()
    kind, said = str(match.lastgroup), match.group().lower()
    if kind == "iso":
        try:
            day = date.fromisoformat(said)
        except ValueError:
            return None
        return DateMention(start, end, day, day, said)
    if kind == "weekday":
        return _weekday(start, end, said, text, anchor)
    if kind == "near":
        shift = {"yesterday": -1, "today": 0, "tomorrow": 1}[said]
        near = anchor + timedelta(days=shift) if anchor else None
        return DateMention(start, end, near, near, str(near or said), "relative")
    if kind == "relative":
        return _relative(start, end, said, anchor)
    if kind == "year":
        year = int(said)
        return DateMention(start, end, date(year, 1, 1), date(year, 12, 31), said, "year")
    return _calendar(start, end, match.group(), kind, anchor)


def _weekday(start: int, end: int, said: str, text: str, anchor: date | None) -> DateMention:
    if anchor is None:
        return DateMention(start, end, None, None, said, "weekday")
    gap = (anchor.weekday() - WEEKDAYS[said]) % 7
    ahead = gap and _AHEAD.search(text[max(0, start - 60) : start])
    day = anchor - timedelta(days=gap) + timedelta(days=7 if ahead else 0)
    return DateMention(start, end, day, day, day.isoformat(), "weekday")


def _relative(start: int, end: int, said: str, anchor: date | None) -> DateMention:
    if anchor is None:
        return DateMention(start, end, None, None, said, "relative")
    which, unit = said.split()
    shift = {"last": -1, "this": 0, "next": 1}[which]
    if unit == "week":
        first = anchor + timedelta(days=7 * shift - anchor.weekday())
        last = first + timedelta(days=6)
    elif unit == "month":
        first, last = _month_days(*divmod(anchor.year * 12 + anchor.month - 1 + shift, 12))
    else:
        first, last = date(anchor.year + shift, 1, 1), date(anchor.year + shift, 12, 31)
    return DateMention(start, end, first, last, f"{first}/{last}", "relative")


def _month_days(year: int, month0: int) -> tuple[date, date]:
    days = calendar.monthrange(year, month0 + 1)[1]
    return date(year, month0 + 1, 1), date(year, month0 + 1, days)


def _calendar(
    start: int, end: int, said: str, kind: str, anchor: date | None
) -> DateMention | None:
    """Month, with or without day and year. Without a year: the one nearest to the anchor."""
    parts = {str(m.lastgroup): m.group() for m in reversed(list(_PARTS.finditer(said)))}
    month = _MONTHS[parts["m"].lower().rstrip(".")]
    year = int(parts["y"]) if "y" in parts else 0
    if "last year" in said.lower():
        year = anchor.year - 1 if anchor else 0
    day = int(parts["d"]) if "d" in parts and kind in ("mdy", "dmy") else 0
    if not year and anchor is None:
        value = f"--{month:02}-{day:02}" if day else f"--{month:02}"
        return DateMention(start, end, None, None, value, "day" if day else "month")
    year = year or _nearest_year(month, day or 15, anchor)
    try:
        first, last = (date(year, month, day),) * 2 if day else _month_days(year, month - 1)
    except ValueError:
        return None
    value = first.isoformat() if day else f"{year}-{month:02}"
    return DateMention(start, end, first, last, value, "day" if day else "month")


def _nearest_year(month: int, day: int, anchor: date | None) -> int:
    assert anchor is not None
    middle = min(day, 28)
    years = (anchor.year - 1, anchor.year, anchor.year + 1)
    return min(years, key=lambda year: abs((date(year, month, middle) - anchor).days))
