"""Which tokens write one number, and what is its value?"""

from __future__ import annotations

from dataclasses import dataclass

from storycluster.facts.lexicon import (
    CURRENCY_SIGNS,
    FUNCTION_WORDS,
    IRREGULAR,
    SCALES,
    SHORT_SCALES,
    SMALL,
    TENS,
)
from storycluster.facts.tokens import DASHES, Token

_DECIMAL_COMMA = frozenset(
    [
        "de",
        "es",
        "fr",
        "it",
        "pt",
        "nl",
        "pl",
        "ru",
        "uk",
        "tr",
        "cs",
        "sk",
        "sl",
        "hr",
        "sr",
        "da",
        "sv",
        "nb",
        "no",
        "fi",
        "el",
        "hu",
        "ro",
        "bg",
        "id",
        "vi",
    ]
)


@dataclass(frozen=True, slots=True)
class Figure:
    """A number as written: tokens [first, last) and its value."""

    first: int
    last: int
    value: float
    spelled: bool


def number(token: Token, language: str) -> float:
    """The value that a digit token writes, by the separators of its language."""
    plain = token.text
    if "/" in plain:
        whole, _, part = plain.partition("-")
        return int(whole) + int(part.split("/")[0]) / max(1, int(part.split("/")[1]))
    if language in _DECIMAL_COMMA:
        whole, dot, rest = plain.partition(".")
        if dot and len(rest) == 3 and len(whole) <= 3:
            return float(whole + rest)
    return float(plain.replace(",", ""))


def figure_at(row: list[Token], at: int, language: str) -> Figure | None:
    """The figure that begins at a token, in digits or in words; None where none does."""
    token = row[at]
    if token.kind == "number":
        return _scaled(row, Figure(at, at + 1, number(token, language), False))
    if token.kind != "word" or not language.startswith("en"):
        return None
    if token.low in ("a", "an", "half"):
        return _article_scale(row, at)
    if token.low not in SMALL and token.low not in TENS:
        return None
    if token.low == "one" and not _counts_one(row, at):
        return None
    return _spelled(row, at)


def _counts_one(row: list[Token], at: int) -> bool:
    """Whether "one" is a number here: not "no one", "one of", "the one", "one another"."""
    before = row[at - 1].low if at else ""
    after = row[at + 1].low if at + 1 < len(row) else ""
    if after in SCALES or after in DASHES:
        return True
    return (
        before not in FUNCTION_WORDS
        and row[at + 1 :] != []
        and after.isalpha()
        and (after not in FUNCTION_WORDS and not after.endswith(("ed", "ing")))
    )


def _article_scale(row: list[Token], at: int) -> Figure | None:
    """ "a dozen", "a hundred", "half a million"."""
    words = [token.low for token in row[at : at + 3]]
    if words[0] == "half":
        if len(words) == 3 and words[1] == "a" and words[2] in ("million", "billion", "dozen"):
            return Figure(at, at + 3, SCALES[words[2]] / 2, True)
        return None
    few = at + 1 < len(row) and words[1] in SCALES
    return Figure(at, at + 2, SCALES[words[1]], True) if few else None


def _spelled(row: list[Token], at: int) -> Figure:
    """The longest well-formed number in words from `at`."""
    total, current, size, i = 0.0, 0.0, 0, at
    while i < len(row):
        low = row[i].low
        if low in TENS and size in (0, 100):
            current, size = current + TENS[low], 10
        elif low in SMALL and (size in (0, 100) or (size == 10 and SMALL[low] < 10)):
            current, size = current + SMALL[low], 1
        elif low in SCALES and (current or total) and _may_scale(low, current):
            if SCALES[low] < 1000:
                current, size = (current or 1) * SCALES[low], 100
            else:
                total, current, size = total + current * SCALES[low], 0.0, 100
        elif (low in DASHES and size == 10 and word_at(row, i + 1) in SMALL) or (
            low == "and" and size == 100 and _is_small(word_at(row, i + 1))
        ):
            pass
        else:
            break
        i += 1
    return Figure(at, i, total + current, True)


def _may_scale(word: str, current: float) -> bool:
    """ "hundred" and "dozen" follow what is below 100 only."""
    return SCALES[word] >= 1000 or current < 100


def _is_small(word: str) -> bool:
    return word in SMALL or word in TENS


def word_at(row: list[Token], at: int) -> str:
    """The case-folded token at a place, "" outside the row."""
    return row[at].low if 0 <= at < len(row) else ""


def is_plural(word: str) -> bool:
    """Whether a word looks like a plural noun: "planes", "people", not "less" or "crisis"."""
    return word in IRREGULAR or (word.endswith("s") and not word.endswith(("ss", "us", "is")))


def _scaled(row: list[Token], figure: Figure) -> Figure:
    """Figures followed by a scale: "1.2 billion", "5m" after a currency sign or before "people"."""
    i, value = figure.last, figure.value
    if word_at(row, i) in DASHES and word_at(row, i + 1) in SCALES:
        i += 1
    word = word_at(row, i)
    if word in SCALES:
        return Figure(figure.first, i + 1, value * SCALES[word], figure.spelled)
    glued = i < len(row) and row[i].start == row[i - 1].end
    money = word_at(row, figure.first - 1) in CURRENCY_SIGNS
    short = word in ("bn", "mn", "k") or (word == "m" and is_plural(word_at(row, i + 1)))
    if word in SHORT_SCALES and (money or (glued and short)):
        return Figure(figure.first, i + 1, value * SHORT_SCALES[word], figure.spelled)
    return figure
