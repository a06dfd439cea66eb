"""What does a text put in quotation marks, and who says it?"""

from __future__ import annotations

import re
from dataclasses import dataclass

_PAIRS = re.compile(r"“([^“”]{2,1500}?)(?:”|(?=\n)|$)|«([^«»\n]{2,1500})»|„([^„“”\n]{2,1500})[“”]")
_STRAIGHT = re.compile(r'(?<![\w"])"(?=\S)([^"\n]{2,1500}?)(?:(?<=\S)"(?!\w)|(?=\n)|$)')
_VERBS = (
    r"(?:said|says|say|told|added|adds|wrote|writes|tweeted|explained|insisted|warned|declared|"
    r"stated|argued|claimed|noted|announced|continued|asked|replied|recalled|concluded|testified)"
)
_NAME = r"(?:[A-Z][\w’'.-]*(?:\s+(?:[A-Z][\w’'.-]*|de|al|bin|van|von|der|of|the)){0,5})"
_AFTER = re.compile(
    rf"\s*,?\s*(?:({_NAME}|he|she|they)\s+{_VERBS}\b|{_VERBS}\s+({_NAME}|he|she|they))"
)
_BEFORE = re.compile(
    rf"({_NAME}|he|she|they|He|She|They)(?:,[^,\"“”]{{0,60}},)?\s+{_VERBS}\b[^.\"“”]{{0,60}}$"
)


@dataclass(frozen=True, slots=True)
class Quote:
    """text[start:end] is what stands between the marks; `speaker` as the text has it, or None."""

    start: int
    end: int
    speaker: str | None


def quotes(text: str) -> list[Quote]:
    """Quotes in order of place. A quote left open ends with its line."""
    inner = []
    for match in _PAIRS.finditer(text):
        inner.append(match.span(match.lastindex or 1))
    inner.extend(match.span(1) for match in _STRAIGHT.finditer(text))
    found, taken = [], 0
    for start, end in sorted(inner):
        if start < taken or not any(map(str.isalnum, text[start:end])):
            continue
        taken = end
        found.append(Quote(start, end, _speaker(text, start, end)))
    return found


def _speaker(text: str, start: int, end: int) -> str | None:
    after = _AFTER.match(text[end + 1 : end + 160])
    if after:
        return after.group(1) or after.group(2)
    before = _BEFORE.search(text[max(0, start - 200) : start - 1])
    return before.group(1) if before else None
