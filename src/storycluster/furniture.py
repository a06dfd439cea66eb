"""Which lines of a text are page furniture and not the article?

Rules know phrases (phrases.py), forms (a caption with its credit, a byline, headline and date glued
together) and places (above the headline, between paragraphs, below the last one). A true sentence
masked is worse than an advertisement kept, so what is written as a sentence goes only for a phrase
that no reporter writes.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from storycluster import metadata
from storycluster.phrases import CONTAINS, LABEL_ENDS, LABELS, SENTENCES, STARTS, WHOLE
from storycluster.text import is_spaceless

_FOLD = str.maketrans("‘’“”–—\u00a0", "''\"\"-- ")
_ENDS = re.compile(
    r"[.!?…。！？।॥؟](?:[\"'”’»」』)\]]|\s)*$|[\"”»」』]$|[.,!?:;][\"'”’]?$"
    r"|[.!?][\"'”’]?\s*\([^()]{2,30}\)$"
)
_EDGE = " \t:.|>»-*#•·…\"'“”‹›▶►[]()"
_STARTS = tuple(STARTS)
_GLUED_DATE = re.compile(
    r"(?:[^\W\d_]|^)(?:GMT )\d{1,2}:\d\d \d{4} \w+ ,?\d{1,2} \w+$"
    r"|[a-z’'\"](?:\d{1,2} [A-Z][a-z]{2,8} \d{4}|[A-Z][a-z]{2,8} \d{1,2}, \d{4})$"
)
# Every form needs capitals or brackets: "he told AFP." and "a Reuters/Ipsos poll" are prose.
_CREDITED = re.compile(
    r"(?:(?<![.!?\"”] )\((?:[^()]{0,60}(?:/AFP|/Getty|AP Photo|/Reuters|/AP|Getty Images|REUTERS)"
    r"[^()]{0,40}|AP|AFP|Reuters|EPA)\)"
    r"|(?:REUTERS|AP Photo|AFP|EPA)/[A-Z][\w.'-]+(?: [A-Z][\w.'-]+){1,4}(?:/File Photo)?"
    r"|via (?:REUTERS|AP|AFP)\.?$"
    r"|(?:^|[.!?\"”)|] ?)\(?(?:Photo|Photograph|Image|Picture)s?(?: credit)?(?: by|:| courtesy of)"
    r" [^.]{2,60})\.?$|(?:Getty Images|AP Photo)(?:/[\w .]+)?$"
)
_FOLLOW = re.compile(r"follow .{2,80} on (?:twitter|facebook|instagram|x|linkedin)\b")
_NOTE = re.compile(
    r"this (?:is a (?:developing|breaking) (?:news )?story|story (?:is developing|will be updated)"
    r"|(?:breaking news )?(?:story|article|report|post)(?: and (?:its )?headline)?"
    r" (?:has|have|was) been updated)"
    r"(?: and (?:it )?will be updated| throughout"
    r"| with (?:additional|more|new|further) \w+(?: and \w+)?)?"
    r"(?:[.;,] (?:please )?(?:check|come) back .{0,60})?\.?"
)  # a note that tells what was corrected is no furniture
_OF_AUTHOR = re.compile(
    r"(?:He|She|[A-Z][\w.'’-]+(?: [A-Z][\w.'’-]+){1,3}),? is (?:an?|the) [^\"“”]{0,60}"
    r"\b(?:reporter|editor|columnist|writer|correspondent|fellow|professor|author|contributor)\b"
    r"[^\"“”]*"
)
_VIDEO = re.compile(r"CLOSE [A-Z]|Play Video \d")
_BREADCRUMB = re.compile(r"\w\s*[>»›]\s*\w")
# Where somebody speaks or is spoken of, a phrase of CONTAINS is likely a quotation.
_SPEECH = re.compile(r"\b(?:said|says|told|added|asked|wrote)\b|[\"“”«»]")
_EVEN_QUOTED = frozenset({"copyright", "caption", "disclaimer"})
_DONATION_OPENS = (
    "your support helps us",
    "support our journalism",
    "support independent journalism",
)
_DONATION_CLOSES = ("your support makes all the difference", "donate today", "support us")
_WORDS = re.compile(r"[^\W_]+")
_ASKS = re.compile(
    r"^[^\"“”«»]*\b(?:what|which|who|how)\b[^,;\"“”«»]{0,40}\b(?:do|did|are|will|would) you\b"
    r"[^\"“”«»]*\?$",
    re.IGNORECASE,
)
_ABOVE = 4  # lines from the top among which a dateline may be looked for
_CAPTION_WORDS = 30
_AUTHOR_LINES = 2  # at the end, in which the author is introduced
_AUTHOR_WORDS = 50
MEDIA = re.compile(
    r"\b(?:TV|News|Times|Post|Press|Agency|Radio|Herald|Tribune|Journal|Guardian|Gazette|Reuters|AFP|AP"
    r"|UPI|BBC|CNN|NBC|CBS|ABC|Fox|Telegraph|Today|Daily|Observer|Chronicle|Independent|Mail|Mirror)\b"
)


@dataclass(frozen=True, slots=True)
class Line:
    """One line (or hard-wrapped paragraph) of the text, trimmed: `plain` is its lower-case form."""

    start: int
    end: int
    text: str
    plain: str
    words: int
    ended: bool

    @classmethod
    def of(cls, text: str, start: int, end: int) -> Line:
        """The line text[start:end], which must not be blank, without the space around it."""
        raw = text[start:end]
        piece = raw.strip()
        start += len(raw) - len(raw.lstrip())
        words = len(piece) // 3 if is_spaceless(piece) else len(piece.split())
        plain = " ".join(piece.translate(_FOLD).lower().split())
        return cls(start, start + len(piece), piece, plain, words, bool(_ENDS.search(piece[-40:])))

    @property
    def paragraph(self) -> bool:
        """Whether it reads as prose: 12 words and an end mark, or 30 words."""
        return (self.words >= 12 and self.ended) or self.words >= 30


class Phrases:
    """The phrases that occur in one text, so that its lines are asked only for those."""

    def __init__(self, lowered: str) -> None:
        self._contains = [(phrase, rule) for phrase, rule in CONTAINS.items() if phrase in lowered]

    def inside(self, plain: str) -> str:
        """The rule of a phrase that stands anywhere in it, or "". A line of speech is spared."""
        rule = next((rule for phrase, rule in self._contains if phrase in plain), "")
        spared = rule and rule not in _EVEN_QUOTED and len(plain) > 60 and _SPEECH.search(plain)
        return "" if spared else rule


def line_rule(line: Line, phrases: Phrases) -> str:
    """The rule by which one line, seen alone, is furniture; "" where none."""
    plain = line.plain
    whole = plain if len(plain) <= 3 else plain.strip(_EDGE)
    rule = ""
    if len(plain) <= 80:
        rule = WHOLE.get(plain) or WHOLE.get(whole, "")
    if not rule and line.words <= 40 and plain.startswith(_STARTS):
        rule = _start_rule(line)
    if not rule and line.words <= 60:
        rule = phrases.inside(plain)
    return rule or _metadata_rule(line) or _form_rule(line)


def sentence_rule(sentence: str) -> str:
    """The rule by which one sentence, wherever it stands, is furniture; "" where none."""
    return next((rule for rule, form in SENTENCES if form.fullmatch(sentence)), "")


def _metadata_rule(line: Line) -> str:
    if metadata.is_time_line(line.text):
        return "time"
    return metadata.credit_rule(line.text) or ("byline" if metadata.read_byline(line.text) else "")


def _start_rule(line: Line) -> str:
    """The rule of the phrase a line begins with; one without ":" must stand in a short line."""
    phrase = max((p for p in _STARTS if line.plain.startswith(p)), key=len)
    rule = STARTS[phrase]
    if rule in ("citation", "disclaimer", "updated", "cookie", "copyright") or phrase[-1] in ":-":
        return rule
    after = line.plain[len(phrase) : len(phrase) + 1]
    if phrase[-1].isalnum() and after.isalnum():
        return ""
    if line.ended and (line.words > 14 or rule in ("related", "navigation", "advertisement")):
        return ""
    return rule if line.words <= 25 else ""


def _form_rule(line: Line) -> str:
    if len(line.text) > 1500:
        return ""
    tail = line.text[-120:]
    half = len(line.text) // 2
    twice = half >= 20 and not len(line.text) % 2 and line.text[:half] == line.text[half:]
    credited = line.words <= 80 and _CREDITED.search(tail) and not metadata.read_dateline(line.text)
    breadcrumb = line.words <= 8 and not line.ended and _BREADCRUMB.search(line.text)
    bare_link = line.plain.startswith(("http://", "https://")) and " " not in line.plain
    forms = (
        ("caption", twice),
        ("share", line.words <= 16 and _FOLLOW.match(line.plain)),
        ("updated", line.words <= 30 and _NOTE.fullmatch(line.plain)),
        ("link_list", _GLUED_DATE.search(tail)),
        ("caption", credited or (line.words <= 60 and _VIDEO.match(line.text))),
        ("related", _is_link(line)),
        ("navigation", breadcrumb or bare_link or not any(map(str.isalnum, line.text))),
    )
    return next((rule for rule, found in forms if found), "")


def _is_link(line: Line) -> bool:
    """Whether it is the headline of another article: in capitals, or before "Read more"."""
    if line.ended or not 5 <= line.words <= 25:
        return False
    return line.text.isupper() or line.plain.endswith(" read more")


def repeated(lines: Sequence[Line], rules: list[str]) -> None:
    """Mark captions given twice in a row or made of a sentence of the text, every copy of a short
    repeated line, and the later copies of a long one."""
    for index in range(len(lines) - 1):
        one, two = lines[index], lines[index + 1]
        if one.words < 6 or rules[index]:
            continue
        if one.plain == two.plain:
            rules[index] = rules[index + 1] = "caption"
        elif rules[index + 1] == "caption" and two.plain.startswith(one.plain.rstrip(". ")):
            rules[index] = "caption"
    sentences = {line.plain.rstrip(" .") for line in lines if line.ended and line.words >= 6}
    for index, line in enumerate(lines):
        if not rules[index] and not line.ended and line.plain in sentences:
            rules[index] = "caption"
    counted = Counter(line.plain for line in lines)
    seen: set[str] = set()
    for index, line in enumerate(lines):
        if counted[line.plain] > 1 and not rules[index]:
            short = line.words <= 12 and not line.ended
            if short or (line.words >= 6 and line.plain in seen):
                rules[index] = "repeated"
            seen.add(line.plain)


def _above_dateline(lines: Sequence[Line], rules: list[str], headline: int | None) -> None:
    """Mark the few unpunctuated lines above "GAZA CITY (AP) - ": there the article begins, and what
    stands above is a caption, an age or a kicker. A correction is a sentence, and kept."""
    for first, line in enumerate(lines[:_ABOVE]):
        dateline = metadata.read_dateline(line.text)
        if dateline and dateline.agency:
            for index in range(first):
                if not rules[index] and index != headline and not lines[index].ended:
                    rules[index] = "caption"
            return
        if line.words > _CAPTION_WORDS:
            return


def donation_block(lines: Sequence[Line], rules: list[str]) -> None:
    """Mark what stands between the opening and the closing line of an appeal for money (at most 8
    lines), and one line between two that are marked."""
    for index, line in enumerate(lines):
        if line.words <= 15 and line.plain.startswith(_DONATION_OPENS):
            for last in range(index + 1, min(index + 9, len(lines))):
                if lines[last].words <= 15 and lines[last].plain.startswith(_DONATION_CLOSES):
                    rules[index : last + 1] = ["donation"] * (last + 1 - index)
                    break


def between(
    lines: Sequence[Line], rules: list[str], *, first: int, last: int, longest: int
) -> None:
    """Mark unpunctuated lines of at most `longest` words alone between paragraphs of [first..last]
    as subheads (or, from 8 words, links), where the paragraphs of this text do end in marks."""
    prose = [line for line in lines if line.words >= 12]
    if len(prose) < 3 or sum(line.ended for line in prose) < 0.7 * len(prose):
        return
    for index in range(first + 1, last):
        line = lines[index]
        if rules[index] or line.ended or line.words > longest or line.text[0] in "-–—•*·\"“'‘«(":
            continue
        if line.text[0].islower() or not line.text[0].isalnum():
            continue
        if _prose_beside(lines, rules, index, -1) and _prose_beside(lines, rules, index, 1):
            rules[index] = "related" if line.words >= 8 else "subhead"


def _prose_beside(lines: Sequence[Line], rules: Sequence[str], index: int, step: int) -> bool:
    """Whether the nearest unmarked line in that direction is a sentence."""
    index += step
    while 0 <= index < len(lines):
        if not rules[index]:
            return lines[index].paragraph or (lines[index].ended and lines[index].words >= 4)
        index += step
    return False


def footer(lines: Sequence[Line], rules: list[str], *, last: int, longest: int) -> None:
    """Mark unpunctuated lines of at most `longest` words below the last sentence, `last`, a
    question to the reader that ends the text, and who its author is."""
    end = next((i for i in range(len(lines) - 1, last - 1, -1) if not rules[i]), None)
    if end is not None and lines[end].words <= _CAPTION_WORDS and _ASKS.search(lines[end].text):
        rules[end] = "comment"
    for index in range(last + 1, len(lines)):
        line = lines[index]
        if not rules[index] and not line.ended and line.words <= longest:
            rules[index] = "footer"
    left = [index for index in range(len(lines)) if not rules[index]]
    for index in left[-_AUTHOR_LINES:]:
        if lines[index].words <= _AUTHOR_WORDS and _OF_AUTHOR.fullmatch(lines[index].text):
            rules[index] = "byline"


def header(lines: Sequence[Line], rules: list[str], first: int, headline: int | None) -> str:
    """Mark what stands above the headline or the dateline, and outlet lines; `first` is the first
    paragraph. Returns the outlet: a short line that stands above and below the headline, or "".
    """
    _above_dateline(lines, rules, headline)
    if headline is None:
        return ""
    outlet = ""
    above = {lines[i].plain for i in range(headline)}
    below = {line.plain for line in lines[headline + 1 : first] if line.words <= 6}
    for index in range(first):
        line = lines[index]
        if index == headline or rules[index] not in ("", "repeated"):
            continue
        named_twice = line.plain in (below if index < headline else above)
        if named_twice and line.words <= 6:
            outlet = line.text
            rules[index] = "outlet"
        elif index < headline:
            rules[index] = "navigation"
        elif line.words <= 4 and not line.ended and MEDIA.search(line.text):
            rules[index] = "outlet"
    return outlet


def find_headline(lines: Sequence[Line], rules: Sequence[str], first: int) -> int | None:
    """Index of the line above the first paragraph that reads as a headline, or None.

    A headline is short, has no full stop and shares words with the text below. The first line that
    shares a third of its long words is taken, else the first of four words or more.
    """
    if first >= len(lines) or first == 0:
        return None
    body = {w for line in lines[first : first + 30] for w in _WORDS.findall(line.plain)}
    fallback: int | None = None
    for index in range(min(first, 15)):
        line = lines[index]
        if rules[index] or line.text.endswith((".", ",", ";", ":", "。")):
            continue
        if not 3 <= line.words <= 30 or len(line.text) > 200:
            continue
        long = {w for w in _WORDS.findall(line.plain) if len(w) > 3}
        if long and sum(w in body for w in long) >= len(long) / 3:
            return index
        if fallback is None and line.words >= 4 and not line.text.endswith(")"):
            fallback = index
    return fallback


_BEHIND = re.compile(r"^(?P<head>.*\S)\s*(?P<sign>\||\s[-–—]\s)\s*(?P<tail>[^|]+)$", re.S)
_BEFORE = re.compile(r"^\s*(?P<label>[^\W\d_][^:|–—]{2,29}?)\s*(?::|\||\s[-–—])\s+(?=\S)")
_DESK = re.compile(r"^\s*(?:UPDATE \d+|WRAPUP \d+|CORRECTED|REFILE|RPT)\s?[-:]\s*")


def bare_title(title: str, source: str) -> str:
    """A headline without what its outlet puts before and behind many: "Breaking: ", " | The Daily
    Courier". The whole where next to nothing would be left."""
    bare = title
    while (found := _BEHIND.match(bare)) and _is_outlet(**found.groupdict(), source=source):
        bare = found["head"]
    bare = _DESK.sub("", bare)
    while (found := _BEFORE.match(bare)) and _is_label(found["label"].lower()):
        bare = bare[found.end() :]
    return bare if len(bare.split()) >= 3 or is_spaceless(bare) else title


def _is_label(before: str) -> bool:
    """Whether what stands before a headline is a label, of a kind of text or a running topic."""
    return before in LABELS or (before.endswith(LABEL_ENDS) and len(before.split()) <= 4)


def _is_outlet(head: str, sign: str, tail: str, source: str) -> bool:
    """Whether what stands behind a bar or a dash is the name of an outlet."""
    words = len(tail.split())
    if words > 8:
        return False
    name = tail.strip()
    barred = sign == "|" and words < len(head.split())
    return barred or metadata.is_same_outlet(name, source) or bool(MEDIA.search(name))
