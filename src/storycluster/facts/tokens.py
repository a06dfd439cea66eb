"""What are the tokens of a piece of text, with their places?"""

from __future__ import annotations

import re
from dataclasses import dataclass

# A mixed fraction ("5-1/8"), figures with thousands, plain figures.
_TOKEN = re.compile(
    r"(?P<number>\d+-\d/\d{1,2}(?!\d)|\d{1,3}(?:,\d{3})+(?:\.\d+)?(?!\d)|\d+(?:\.\d+)?)"
    r"|(?P<word>[^\W\d_]+(?:['’][^\W\d_]+)*)"
    r"|(?P<mark>[^\s])"
)
DASHES = frozenset("-‐‑–—")


@dataclass(frozen=True, slots=True)
class Token:
    """A number, a word or one other character; half-open code point offsets."""

    start: int
    end: int
    text: str
    low: str
    kind: str


def tokens(text: str) -> list[Token]:
    """All tokens in order: `kind` is number, word or mark; no visible character is left out."""
    found = []
    for match in _TOKEN.finditer(text):
        raw = match.group()
        low = raw.lower().replace("’", "'").removesuffix("'s") if match.lastgroup == "word" else raw
        found.append(Token(match.start(), match.end(), raw, low, str(match.lastgroup)))
    return found


def lemma(word: str) -> str:
    """The singular of a lower-case English noun, by rule."""
    if len(word) < 4 or word.endswith(("ss", "us", "is")) or not word.endswith("s"):
        return word
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("ses", "xes", "ches", "shes", "zes")) and not word.endswith(("uses", "ases")):
        return word[:-2]
    return word[:-1]
