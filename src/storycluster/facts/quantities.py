"""Which numbers does a text state, of what, and how exactly?

Figures are read in every language, number words in English. A part of a name or a date, a clock
time and a label ("Su-34", "January 23", "2:49", "Flight 370") is not a quantity; a lone year is
returned as kind `year`.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from storycluster.facts.dates import WEEKDAYS, date_spans
from storycluster.facts.figures import Figure, figure_at, is_plural, number, word_at
from storycluster.facts.lexicon import (
    CURRENCY_PREFIXES,
    CURRENCY_SIGNS,
    CURRENCY_WORDS,
    FUNCTION_WORDS,
    IRREGULAR,
    NOT_COUNTED,
    ORDINALS,
    SAME_NOUN,
    SCALES,
    SHORT_SCALES,
    STATES,
    UNITS,
)
from storycluster.facts.tokens import DASHES, Token, lemma, tokens

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
    percent, year, score, or a dimension (distance, mass, area, duration, speed, ...).
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
    if _is_label(text, row, figure):
        return None, figure.last
    upper, last = _range(row, figure, language)
    high = upper if upper is not None else figure.value
    first, unit, kind = _sign_before(row, figure.first)
    if upper is None and _is_score(row, figure):
        other = number(row[figure.last + 1], language)
        span = (row[first].start, row[figure.last + 1].end)
        return Quantity(*span, figure.value, other, "", "", "exact", "score"), figure.last + 2
    if not unit:
        unit, kind, last = _unit_after(row, last)
    if kind == "cardinal" and upper is None and _is_year(row, figure):
        kind = "year"
    noun, qualifiers = ("", ()) if kind == "year" else _noun(row, last)
    approximate = _approximate(row, first, last)
    state = _state(row, first, last)
    if noun == "life" and any(token.low in _TAKEN for token in row[max(0, first - 4) : last + 6]):
        noun, state = "person", "dead"
    if kind == "cardinal" and not noun and state:
        noun = "person"
    end = row[last - 1].end
    stated = Quantity(
        row[first].start, end, figure.value, high, unit, noun, approximate, kind, qualifiers, state
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
    if word in ("am", "pm") or (word in ("a", "p") and word_at(row, figure.last + 2) == "m"):
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


def _range(row: list[Token], figure: Figure, language: str) -> tuple[float | None, int]:
    """The upper end of "10-15", "10 to 15", "between 10 and 15", and the token after it."""
    joint = word_at(row, figure.last)
    before = word_at(row, figure.first - 1)
    if figure.last + 1 >= len(row):
        return None, figure.last
    spoken = (joint == "to" and before != "from") or (joint == "and" and before == "between")
    if not spoken and joint not in DASHES:
        return None, figure.last
    at = figure.last + 1 + (word_at(row, figure.last + 1) in CURRENCY_SIGNS)
    upper = figure_at(row, at, language) if at < len(row) else None
    if upper is None:
        return None, figure.last
    value, low = upper.value, figure.value
    if (
        low < 1000 <= value
        and row[upper.last - 1].low in SCALES
        and figure.last == figure.first + 1
    ):
        low *= SCALES[row[upper.last - 1].low]
    if value <= figure.value or (joint in DASHES and not _noun(row, upper.last)[0]):
        return None, figure.last
    return value, upper.last


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


def _noun(row: list[Token], at: int) -> tuple[str, tuple[str, ...]]:
    """Lemma of the noun a figure before token `at` counts, and the words between."""
    i = at + 1 if word_at(row, at) in DASHES else at
    if word_at(row, i) == "of" and word_at(row, i + 1) in (
        "the",
        "its",
        "their",
        "his",
        "her",
        "those",
        "these",
        "our",
    ):
        i += 2
    further = word_at(row, i) in ("other", "more", "additional", "further", "others")
    i += further
    run: list[Token] = []
    while i < len(row) and len(run) < 5:
        token = row[i]
        if token.low in DASHES and run and row[i - 1].end == token.start:
            i += 1
            continue
        if token.kind != "word" or token.low in NOT_COUNTED:
            break
        if run and token.low.endswith(("ed", "ing")) and is_plural(run[-1].low):
            break
        run.append(token)
        if is_plural(token.low) and not token.text[0].isupper():
            break
        i += 1
    while run and run[-1].low.endswith("ly"):
        run.pop()
    if not run:
        return "", (("other",) if further else ())
    between = tuple(token.low for token in run[:-1])
    return _counted(run[-1].low), ("other", *between) if further else between


def _counted(word: str) -> str:
    single = IRREGULAR.get(word) or lemma(word)
    return SAME_NOUN.get(single, single)


def _approximate(row: list[Token], first: int, last: int) -> str:
    before = tuple(token.low for token in row[max(0, first - 3) : first])
    for cue, meaning in _BEFORE:
        if before[-len(cue) :] == cue:
            return meaning
    after = (word_at(row, last), word_at(row, last + 1))
    if after == ("or", "more") or after[0] == "+" or after == ("and", "counting"):
        return "at_least"
    return "about" if after == ("or", "so") else "exact"


def _state(row: list[Token], first: int, last: int) -> str:
    """The state nearest to the figure in its clause, up to 4 tokens before and 5 after."""
    best, state = 99, ""
    for step, walk in ((1, row[last : last + 5]), (-1, row[max(0, first - 4) : first][::-1])):
        for distance, token in enumerate(walk, start=1):
            if token.low in ",;.:()" or token.low == "and":
                break
            if token.low in STATES and distance < best + (step < 0):
                best, state = distance, STATES[token.low]
    return state


def _ordinal(row: list[Token], at: int) -> Quantity | None:
    token = row[at]
    if token.low not in ORDINALS or (
        token.low == "second" and word_at(row, at - 1) in ("a", "per")
    ):
        return None
    noun, qualifiers = _noun(row, at + 1)
    value = float(ORDINALS[token.low])
    return Quantity(token.start, token.end, value, value, "", noun, "exact", "ordinal", qualifiers)


def _shared_nouns(row: list[Token], found: list[Quantity]) -> list[Quantity]:
    """ "nine Russian and eight Turkish jets" and "9 aircraft and 8 Turkish ones" share one noun."""
    joint = {token.start for token in row if token.low in ("and", "or", ",")}
    result = list(found)
    for i in range(len(found) - 1):
        left, right = result[i], result[i + 1]
        near = right.start - left.end < 40 and any(left.end <= s < right.start for s in joint)
        if not near or left.kind != "cardinal" or right.kind != "cardinal":
            continue
        if right.noun in ("one", "ones") and left.noun:
            result[i + 1] = replace(right, noun=left.noun)
        elif left.noun and not left.qualifiers and right.qualifiers and _adjective(left.noun):
            result[i] = replace(left, noun=right.noun, qualifiers=(left.noun,))
    return result


def _adjective(word: str) -> bool:
    return word.endswith(("an", "ish", "ese", "ic", "al", "ian", "ench", "utch", "raqi", "aeli"))
