"""Where does each sentence of a block of prose begin and end?"""

from __future__ import annotations

import re
from dataclasses import dataclass

import sentencex

from storycluster.text import without_surrogates


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence: half-open code point offsets into the text as received, trimmed."""

    start: int
    end: int


_TITLES = (
    "Mr Mrs Ms Mx Dr Prof Lt Gen Col Sgt Capt Cpl Maj Cmdr Adm Brig Pvt Sen Rep Gov Rev Hon Pres "
    "Supt Insp Det St Mt Ft Jr Sr vs v No Nos Jan Feb Mar Apr Jun Jul Aug Sept Sep Oct Nov Dec "
    "Sra Sr Dra Mme Mlle Hr Fr"
)
_OPEN_END = re.compile(rf"(?:^|[\s(\"'“‘])(?:{'|'.join(sorted(set(_TITLES.split())))}|[A-Z])\.$")
# Behind these a sentence does end, where the next word is one that no name begins with, or where
# somebody begins to speak: "in May. “We will see,” he said".
_SHORT = r"(?:[A-Z]|Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sept|Sep|Oct|Nov|Dec|Jr|Sr|No)"
_BEGINS = "The|He|She|It|They|We|But|This|That|These|Those|His|Her|Their|Its|After|When|While|If"
_SPEAKS = r"[“\"][A-Z][^“”\"]{1,400}[,.?!][”\"]"
_MISSED = re.compile(
    rf"(?<=[\s(])(?:(?:[A-Z]\.)*{_SHORT}\.|[ap]\.m\.)(?P<gap>\s+)(?:(?={_SPEAKS})|(?=(?:{_BEGINS})\s))"
)
_ENUMERATOR = re.compile(r"\(?\d{1,2}[.)]")
_CHUNK = 20_000


def sentence_spans(block: str, language: str = "") -> list[tuple[int, int]]:
    """Spans of the sentences of one block of prose, trimmed, in order, disjoint; together they hold
    every character that is not a space. A newline inside does not end a sentence."""
    safe = without_surrogates(block).replace("\n", " ").replace("\r", " ").replace("\0", " ")
    spans: list[tuple[int, int]] = []
    known = language if language.isascii() and language.isalpha() else "en"
    start = 0
    while start < len(safe):
        piece = _chunk(safe, start)
        for found in sentencex.get_sentence_boundaries(known, piece):
            spans.append((start + found["start_index"], start + found["end_index"]))
        start += len(piece)
    return _parted(block, _joined(block, spans))


def _chunk(text: str, start: int) -> str:
    """At most _CHUNK characters from `start`, cut after a sentence's end or a space:
    the splitter's time grows faster than its input."""
    piece = text[start : start + _CHUNK]
    if len(piece) < _CHUNK:
        return piece
    cut = max(piece.rfind(". "), piece.rfind("。")) + 1 or piece.rfind(" ") + 1
    return piece[:cut] if cut > 0 else piece


def _joined(block: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Trim, and put together again what the splitter cut after an abbreviation or before a
    lower-case word, a closing quote or a mark alone."""
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        piece = block[start:end]
        inner = piece.strip()
        if not inner:
            continue
        first = start + len(piece) - len(piece.lstrip())
        if joined and _belongs(block[joined[-1][0] : joined[-1][1]], inner):
            joined[-1] = (joined[-1][0], first + len(inner))
        else:
            joined.append((first, first + len(inner)))
    return joined


def _parted(block: str, spans: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Cut where the splitter took the end of a sentence for an abbreviation."""
    parted: list[tuple[int, int]] = []
    for start, end in spans:
        gaps = [missed.span("gap") for missed in _MISSED.finditer(block, start, end)]
        starts, ends = [start, *(b for _, b in gaps)], [*(a for a, _ in gaps), end]
        parted += zip(starts, ends, strict=True)
    return parted


def _belongs(before: str, after: str) -> bool:
    if not any(map(str.isalnum, after[:40])) and len(after) <= 40:
        return True
    if _ENUMERATOR.fullmatch(before):
        return True
    if before.endswith(".") and _OPEN_END.search(before[-12:]):
        return True
    return after[0].islower() and before[-1] not in "!?。！？"
