"""Which numbers does a text state, of what, and how exactly?

Figures are read in every language, number words in English. A part of a name or a date, a clock
time and a label ("Su-34", "January 23", "2:49", "Flight 370") is not a quantity; a lone year is
returned as kind `year`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from storycluster.facts.counted import (
    counted_along,
    counted_noun,
    extent,
    gathered_noun,
    state_near,
)
from storycluster.facts.dates import WEEKDAYS, date_spans
from storycluster.facts.figures import Figure, figure_at, is_plural, number, word_at
from storycluster.facts.lexicon import (
    CURRENCY_PREFIXES,
    CURRENCY_SIGNS,
    CURRENCY_WORDS,
    FUNCTION_WORDS,
    ORDINALS,
    SCALES,
    SHORT_SCALES,
    UNITS,
)
from storycluster.facts.tokens import DASHES, Token, tokens

_LABELS = frozenset(
    [
        "flight",
        "article",
        "section",
        "resolution",
        "title",
        "route",
        "highway",
        "interstate",
        "chapter",
        "room",
        "channel",
        "phase",
        "level",
        "stage",
        "no",
        "number",
        "page",
        "type",
        "category",
        "apollo",
        "boeing",
        "airbus",
        "proposition",
        "amendment",
        "district",
        "gate",
        "terminal",
        "version",
        "model",
        "unit",
    ]
)
_BEFORE: tuple[tuple[tuple[str, ...], str], ...] = (
    (("at", "least"), "at_least"), (("no", "fewer", "than"), "at_least"),
    (("no", "less", "than"), "at_least"), (("no", "more", "than"), "at_most"),
    (("as", "many", "as"), "at_most"), (("as", "much", "as"), "at_most"),
    (("at", "most"), "at_most"), (("up", "to"), "at_most"),
    (("more", "than"), "more_than"), (("greater", "than"), "more_than"), (("over",), "more_than"),
    (("above",), "more_than"), (("exceeding",), "more_than"), (("less", "than"), "under"),
    (("fewer", "than"), "under"), (("under",), "under"), (("below",), "under"),
    (("close", "to"), "about"), (("an", "estimated"), "about"), (("estimated",), "about"),
    (("nearly",), "about"), (("almost",), "about"), (("about",), "about"), (("around",), "about"),
    (("roughly",), "about"), (("some",), "about"), (("approximately",), "about"), (("~",), "about"),
)  # fmt: skip


_TAKEN = frozenset(["lost", "claimed", "claims", "claiming", "taken", "taking", "took"])


@dataclass(frozen=True, slots=True)
class Quantity:
    """One stated number: text[start:end] is the figure with its sign and unit.

    `low` and `high` are equal but for a range. `unit` is normalised ("percent", "usd", "kilometre",
    "" for a count); `noun` is the lemma of what is counted ("" unknown); `qualifiers` are the words
    between figure and noun; `state` is what befell it (dead, injured, ...). `approximate` is one of
    exact, about, at_least, more_than, at_most, under; `kind` one of cardinal, ordinal, age, money,
    percent, year, score, or a dimension (distance, mass, area, duration, speed, ...). The noun of a
    distance is the way it is measured (depth, height, ...). `whole` is 55 in "31 of the 55 seats".
    `along` is the lemma of what is counted with it: agency in "24 persons and agencies".
    """

    start: int
    end: int
    low: float
    high: float
    unit: str
    noun: str
    approximate: str
    kind: str
    qualifiers: tuple[str, ...] = ()
    state: str = ""
    whole: float = 0.0
    along: str = ""

    @property
    def value(self) -> float:
        """The number, for a range its lower end."""
        return self.low


def quantities(text: str, *, language: str = "en") -> list[Quantity]:
    """Quantities in order of place. `language` (ISO 639-1) says whether a comma is decimal."""
    row = tokens(text)
    dated = date_spans(text)
    found: list[Quantity] = []
    at = 0
    while at < len(row):
        if any(start <= row[at].start < end for start, end in dated):
            at += 1
            continue
        figure = figure_at(row, at, language)
        if figure is None:
            ordinal = _ordinal(row, at)
            found.extend([ordinal] if ordinal else [])
            at += 1
            continue
        quantity, at = _quantity(text, row, figure, language)
        found.extend([quantity] if quantity else [])
    return _shared_nouns(row, found)


def _quantity(
    text: str, row: list[Token], figure: Figure, language: str
) -> tuple[Quantity | None, int]:
    """The quantity that starts with `figure`, or None for a label or a time; and the next token."""
    if _is_label(text, row, figure) or _by_another(row, figure):
        return None, figure.last
    low, high, last = _range(row, figure, language)
    single = last == figure.last
    first, unit, kind = _sign_before(row, figure.first)
    if single and _is_score(row, figure):
        other = number(row[figure.last + 1], language)
        span = (row[first].start, row[figure.last + 1].end)
        return Quantity(*span, figure.value, other, "", "", "exact", "score"), figure.last + 2
    if not unit:
        unit, kind, last = _unit_after(row, last)
    if kind == "cardinal" and single and _is_year(row, figure):
        kind = "year"
    noun, qualifiers = ("", ()) if kind == "year" else counted_noun(row, last)
    if word_at(row, first - 1) == "another":
        qualifiers = ("other", *qualifiers)
    approximate = _approximate(row, first, last)
    state = state_near(row, first, last)
    if noun == "life" and any(token.low in _TAKEN for token in row[max(0, first - 4) : last + 6]):
        noun, state = "person", "dead"
    if kind == "cardinal":
        noun = gathered_noun(row, first, bare=not noun) or noun or ("person" if state else "")
    if kind == "distance":
        noun = extent(row, first, last) or noun
    end = row[last - 1].end
    stated = Quantity(
        row[first].start,
        end,
        low,
        high,
        unit,
        noun,
        approximate,
        kind,
        qualifiers,
        state,
        along=counted_along(row, last),
    )
    return stated, last


def _is_label(text: str, row: list[Token], figure: Figure) -> bool:  # noqa: PLR0911
    """Part of a name, an identifier or a clock time."""
    start, end = row[figure.first].start, row[figure.last - 1].end
    if figure.spelled:
        return False
    before, after = text[max(0, start - 2) : start], text[end : end + 3]
    if before[-1:].isalpha() and before[-1:].isascii():
        return True
    if before[-1:] in ("#", "/", "_", ".", ":") or after[:1] in ("/", "_"):
        return True
    if before[-1:] in DASHES and before[:1].isalpha() and len(before) == 2:
        return True
    if after[:1] == ":" and after[1:2].isdigit():
        return True
    glued = after[:1].isascii() and after[:1].isalpha()
    word = word_at(row, figure.last)
    if (
        glued
        and word not in UNITS
        and word not in SHORT_SCALES
        and word not in ("st", "nd", "rd", "th")
    ):
        return True
    if word == "block":  # "the 12000 block of East Street"
        return True
    if word in ("am", "pm", "gmt", "utc") or (
        word in ("a", "p") and word_at(row, figure.last + 2) == "m"
    ):
        return True
    previous = row[figure.first - 1] if figure.first else None
    if previous is None or previous.kind != "word":
        return False
    named = previous.text[:1].isupper() and previous.low not in FUNCTION_WORDS and figure.first > 1
    return previous.low in _LABELS or (
        named
        and previous.low not in WEEKDAYS
        and not any(is_plural(word_at(row, figure.last + step)) for step in range(3))
        and word not in UNITS
        and word not in ("%", "percent", "-")
    )


def _by_another(row: list[Token], figure: Figure) -> bool:
    """One side of a "four-by-four" or a "10-by-12-foot" room, which is no count."""
    after = (word_at(row, figure.last), word_at(row, figure.last + 1))
    before = (word_at(row, figure.first - 2), word_at(row, figure.first - 1))
    return (after[0] in DASHES and after[1] == "by") or (before[0] == "by" and before[1] in DASHES)


def _range(row: list[Token], figure: Figure, language: str) -> tuple[float, float, int]:
    """Both ends of "10-15", "10 to 15", "between 10 and 15", and the token after them; of a single
    figure twice its value."""
    single = figure.value, figure.value, figure.last
    joint = word_at(row, figure.last)
    money = word_at(row, figure.first - 1) in CURRENCY_SIGNS
    before = word_at(row, figure.first - 1 - money)
    spoken = (joint == "to" and before != "from") or (joint == "and" and before == "between")
    if not spoken and joint not in DASHES:
        return single
    at = figure.last + 1 + (word_at(row, figure.last + 1) in CURRENCY_SIGNS)
    upper = figure_at(row, at, language) if at < len(row) else None
    if upper is None:
        return single
    low, high = figure.value, upper.value
    scale = row[upper.last - 1].low
    measured = money or scale in SCALES or bool(counted_noun(row, upper.last)[0])
    if low < 1000 <= high and scale in SCALES and figure.last == figure.first + 1:
        low *= SCALES[scale]
    if high <= low or (joint in DASHES and not measured):
        return single
    return low, high, upper.last


def _is_score(row: list[Token], figure: Figure) -> bool:
    at = figure.last
    return (
        not figure.spelled
        and at + 1 < len(row)
        and row[at].low in DASHES
        and row[at + 1].kind == "number"
        and row[at].start == row[at - 1].end
        and row[at + 1].start == row[at].end
    )


def _sign_before(row: list[Token], first: int) -> tuple[int, str, str]:
    """First token with a currency sign, unit and kind."""
    sign = word_at(row, first - 1)
    if sign not in CURRENCY_SIGNS:
        return first, "", "cardinal"
    prefix = word_at(row, first - 2)
    if prefix in CURRENCY_PREFIXES and row[first - 2].end == row[first - 1].start:
        return first - 2, CURRENCY_PREFIXES[prefix], "money"
    return first - 1, CURRENCY_SIGNS[sign], "money"


def _unit_after(row: list[Token], last: int) -> tuple[str, str, int]:  # noqa: PLR0911
    """Unit, kind and next token of what follows a figure."""
    hyphen = word_at(row, last) in DASHES
    at = last + 1 if hyphen else last
    word, second = word_at(row, at), word_at(row, at + 1)
    if word in ("%", "percent", "pct") or (word == "per" and second == "cent"):
        return "percent", "percent", at + (2 if word == "per" else 1)
    if word == "percentage" and second in ("point", "points"):
        return "percentage point", "percent", at + 2
    if word in ("st", "nd", "rd", "th"):
        return "", "ordinal", at + 1
    if word in ("year", "years", "month", "months"):
        old = at + 2 if second in DASHES else at + 1
        if word_at(row, old) == "old":
            return UNITS[word][0], "age", old + 1
    if word == "square" and second in UNITS:
        return f"square {UNITS[second][0]}", "square " + UNITS[second][1], at + 2
    if word in UNITS:
        return UNITS[word][0], UNITS[word][1], at + 1
    if word == "m" and last and row[at].start == row[last - 1].end:
        return UNITS["metre"][0], UNITS["metre"][1], at + 1
    if word in CURRENCY_WORDS:
        return CURRENCY_WORDS[word], "money", at + 1
    return "", "cardinal", last


def _is_year(row: list[Token], figure: Figure) -> bool:
    token = row[figure.first]
    return (
        figure.last == figure.first + 1
        and len(token.text) == 4
        and token.text.isdecimal()
        and 1500 <= figure.value < 2100
        and word_at(row, figure.last) not in ("people", "men", "women", "troops")
    )


def _approximate(row: list[Token], first: int, last: int) -> str:
    before = tuple(token.low for token in row[max(0, first - 3) : first])
    for cue, meaning in _BEFORE:
        if before[-len(cue) :] == cue:
            return meaning
    after = (word_at(row, last), word_at(row, last + 1))
    if after == ("or", "more") or after[0] == "+" or after == ("and", "counting"):
        return "at_least"
    return "about" if after == ("or", "so") else "exact"


def _ordinal(row: list[Token], at: int) -> Quantity | None:
    token = row[at]
    if token.low not in ORDINALS or (
        token.low == "second" and word_at(row, at - 1) in ("a", "per")
    ):
        return None
    noun, qualifiers = counted_noun(row, at + 1)
    value = float(ORDINALS[token.low])
    return Quantity(token.start, token.end, value, value, "", noun, "exact", "ordinal", qualifiers)


def _shared_nouns(row: list[Token], found: list[Quantity]) -> list[Quantity]:
    """ "nine Russian and eight Turkish jets", "9 aircraft and 8 Turkish ones" and "31 of the 55
    seats" share one noun."""
    joint = {token.start for token in row if token.low in ("and", "or", ",")}
    result = list(found)
    for i in range(len(found) - 1):
        left, right = result[i], result[i + 1]
        if left.kind == right.kind == "cardinal" and not left.noun and _part_of(row, left, right):
            result[i] = replace(left, noun=right.noun, qualifiers=right.qualifiers, whole=right.low)
            continue
        near = right.start - left.end < 40 and any(left.end <= s < right.start for s in joint)
        if not near or left.kind != "cardinal" or right.kind != "cardinal":
            continue
        if right.noun in ("one", "ones") and left.noun:
            result[i + 1] = replace(right, noun=left.noun)
        elif left.noun and not left.qualifiers and right.qualifiers and _adjective(left.noun):
            result[i] = replace(left, noun=right.noun, qualifiers=(left.noun,))
    return result


def _part_of(row: list[Token], left: Quantity, right: Quantity) -> bool:
    """Whether nothing but "of the" stands between two figures."""
    between = [token.low for token in row if left.end <= token.start < right.start]
    return between[:1] == ["of"] and between[1:] in ([], ["the"], ["its"], ["their"], ["all"])


def _adjective(word: str) -> bool:
    return word.endswith(("an", "ish", "ese", "ic", "al", "ian", "ench", "utch", "raqi", "aeli"))
