"""What is the article in this text: its headline, its prose by sentences, and what is not?"""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, replace
from statistics import median

from storycluster import furniture, metadata
from storycluster.domain import Article
from storycluster.furniture import Line, Phrases
from storycluster.learned_furniture import line_hash, recurs_maybe
from storycluster.metadata import Dateline, Stated
from storycluster.sentences import Sentence, sentence_spans
from storycluster.settings import FurnitureSettings, TextSettings
from storycluster.text import is_spaceless, normalise

__all__ = ["Document", "Sentence", "Stated", "detect_language", "parse"]

_COUNTED = FurnitureSettings()
_LINE = re.compile(r"[^\r\n\v\f\x85\u2028\u2029]+")
_SCRIPTS = (
    ("ja", re.compile("[\u3041-\u30ff]")),
    ("ko", re.compile("[\uac00-\ud7a3\u1100-\u11ff]")),
    ("zh", re.compile("[\u4e00-\u9fff]")),
    ("th", re.compile("[\u0e01-\u0e5b]")),
    ("lo", re.compile("[\u0e81-\u0edf]")),
    ("km", re.compile("[\u1780-\u17ff]")),
    ("my", re.compile("[\u1000-\u109f]")),
    ("el", re.compile("[\u0370-\u03ff]")),
    ("he", re.compile("[\u05d0-\u05ea]")),
    ("ka", re.compile("[\u10a0-\u10ff]")),
    ("hy", re.compile("[\u0531-\u0587]")),
)


@dataclass(frozen=True, slots=True)
class Document:
    """A text taken apart. All spans are half-open code point offsets into `text`, as received.

    `sentences`: the prose in reading order, standfirst included, headline and furniture not.
    `furniture`: (start, end, rule), sorted, disjoint from each other and from the sentences.
    `title_span` is None where the client gave the title or there is none.
    `lines`: (start, end, hash) of what is counted to learn furniture, in reading order: lines that
    no rule knows by themselves, and sentences. They do not depend on what is learned.
    `learned`: the hashes of those that were known as furniture, and so masked.
    """

    title: str
    title_span: tuple[int, int] | None
    text: str
    sentences: tuple[Sentence, ...]
    furniture: tuple[tuple[int, int, str], ...]
    language: str
    stated: Stated
    lines: tuple[tuple[int, int, int], ...] = ()
    learned: frozenset[int] = frozenset()

    def sentence_text(self, index: int) -> str:
        """The sentence as it stands in the text."""
        return self.text[self.sentences[index].start : self.sentences[index].end]

    def prose(self) -> str:
        """All sentences, joined by newlines."""
        return "\n".join(self.text[one.start : one.end] for one in self.sentences)


def parse(
    article: Article,
    settings: TextSettings,
    *,
    known_furniture: Collection[int] = frozenset(),
    counted: FurnitureSettings = _COUNTED,
) -> Document:
    """Take an article's text apart; any text has an answer. `known_furniture` holds hashes of lines
    (`learned_furniture.line_hash`) known as furniture of this source. Where all would be furniture,
    nothing is."""
    lines = _lines(article.text)
    phrases = Phrases("\n".join(line.plain for line in lines))
    language = article.language or detect_language(article.text or article.title, settings)
    article = replace(article, language=language)
    alone = [furniture.line_rule(line, phrases) for line in lines]
    found = _taken_apart(article, lines, alone, phrases=phrases, settings=settings)
    hashed = _hashed(found, lines, alone, counted)
    known = frozenset(one for _, _, one in hashed).intersection(known_furniture)
    if known:
        spans = {(start, end) for start, end, one in hashed if one in known}
        alone = [
            rule or ("learned" if (line.start, line.end) in spans else "")
            for line, rule in zip(lines, alone, strict=True)
        ]
        again = _taken_apart(article, lines, alone, phrases=phrases, settings=settings, known=spans)
        if not set(found.sentences).isdisjoint(again.sentences):  # else nothing would be left
            found = again
    return replace(found, lines=hashed, learned=known)


def _hashed(
    found: Document, lines: Sequence[Line], alone: Sequence[str], counted: FurnitureSettings
) -> tuple[tuple[int, int, int], ...]:
    """What is counted to learn furniture of a text parsed by the rules alone."""
    longest = counted.longest_words
    spans: dict[tuple[int, int], int] = {}
    for line, rule in zip(lines, alone, strict=True):
        if not rule and recurs_maybe(line, least=counted.line_words, longest=longest):
            spans[line.start, line.end] = line_hash(line)
    for one in found.sentences:
        if (one.start, one.end) not in spans:
            sentence = Line.of(found.text, one.start, one.end)
            if recurs_maybe(sentence, least=counted.sentence_words, longest=longest):
                spans[one.start, one.end] = line_hash(sentence)
    return tuple(sorted((start, end, hashed) for (start, end), hashed in spans.items()))


def _taken_apart(
    article: Article,
    lines: Sequence[Line],
    alone: Sequence[str],
    *,
    phrases: Phrases,
    settings: TextSettings,
    known: Collection[tuple[int, int]] = (),
) -> Document:
    """The document, given the rule of each line by itself; `known`: spans known as furniture."""
    text, language = article.text, article.language
    rules, headline, first, outlet = _rules(article.title, lines, alone, settings=settings)
    ruled = list(zip(lines, rules, strict=True))
    taken = _sentences(text, ruled, headline, language=language, phrases=phrases, known=known)
    if lines and not taken[0]:
        headline = None
        ruled = [(line, "") for line in lines]
        taken = _sentences(text, ruled, headline, language=language, phrases=Phrases(""))
    sentences, masked, dateline = taken
    title = article.title.strip() or (lines[headline].text if headline is not None else "")
    stated = metadata.read_stated(
        [line.text for line in lines[: max(first, 1)]],
        [line.text for line in lines],
        headline=lines[headline].text if headline is not None else "",
        outlet=outlet,
        dateline=dateline,
        source=f"{article.source} {article.url}".strip(),
    )
    span = None
    if headline is not None and not article.title.strip():
        span = (lines[headline].start, lines[headline].end)
    return Document(title, span, text, sentences, masked, language, stated)


def _rules(
    title: str,
    lines: Sequence[Line],
    alone: Sequence[str],
    *,
    settings: TextSettings,
) -> tuple[list[str], int | None, int, str]:
    """(rule of each line or "", headline's index, first paragraph's index, outlet)."""
    rules = list(alone)
    furniture.donation_block(lines, rules)
    furniture.repeated(lines, rules)
    prose = [i for i, line in enumerate(lines) if line.paragraph and not rules[i]]
    if not prose:
        return _briefly(title, lines, rules)
    first, last = prose[0], prose[-1]
    headline = _given_title(title, lines, rules)
    if headline is None and not title.strip():
        headline = furniture.find_headline(lines, rules, first)
    outlet = furniture.header(lines, rules, first, headline)
    furniture.between(lines, rules, first=first, last=last, longest=settings.subhead_words)
    if len(prose) >= 3:
        furniture.footer(lines, rules, last=last, longest=settings.footer_words)
    return rules, headline, first, outlet


def _briefly(
    title: str, lines: Sequence[Line], rules: list[str]
) -> tuple[list[str], int | None, int, str]:
    """A text without one paragraph: if nothing would be left of it, nothing is masked."""
    headline = _given_title(title, lines, rules)
    left = [i for i, rule in enumerate(rules) if not rule and i != headline]
    if not left:
        rules, headline = [""] * len(lines), None
    return rules, headline, left[0] if left else 0, ""


def _given_title(title: str, lines: Sequence[Line], rules: list[str]) -> int | None:
    """Mark the lines near the top that repeat the title the client gave; index of the first."""
    wanted = normalise(title).strip(" .")
    found: int | None = None
    if wanted and len(wanted) <= 500:
        for index, line in enumerate(lines[:12]):
            if len(line.text) <= 600 and normalise(line.text).strip(" .") == wanted:
                rules[index] = "headline"
                found = index if found is None else found
    return found


def _sentences(
    text: str,
    lines: Sequence[tuple[Line, str]],
    headline: int | None,
    *,
    language: str,
    phrases: Phrases,
    known: Collection[tuple[int, int]] = (),
) -> tuple[tuple[Sentence, ...], tuple[tuple[int, int, str], ...], Dateline | None]:
    """Sentences and masked spans of the lines, and the first dateline."""
    sentences: list[Sentence] = []
    masked: list[tuple[int, int, str]] = []
    dateline: Dateline | None = None
    for index, (line, rule) in enumerate(lines):
        if rule:
            masked.append((line.start, line.end, rule))
            continue
        if index == headline:
            continue
        start = line.start
        found = metadata.read_dateline(line.text) if len(sentences) < 3 else None
        if found and found.end < len(line.text):
            masked.append((start, start + len(line.text[: found.end].rstrip()), "dateline"))
            start += found.end
            dateline = dateline or found
        for begin, end in sentence_spans(text[start : line.end], language):
            inner = _inner_rule(text[start + begin : start + end], phrases, line)
            if not inner and (start + begin, start + end) in known:
                inner = "learned"
            if inner:
                masked.append((start + begin, start + end, inner))
            else:
                sentences.append(Sentence(start + begin, start + end))
    return tuple(sentences), tuple(masked), dateline


def _inner_rule(sentence: str, phrases: Phrases, line: Line) -> str:
    """The rule by which one sentence of a line that is no furniture as a whole is, or ""."""
    if len(sentence) > 300:
        return ""
    plain = " ".join(sentence.lower().replace("’", "'").split())
    known = phrases.inside(plain) if len(sentence) < len(line.text) else ""
    return known or furniture.sentence_rule(sentence)


def _lines(text: str) -> list[Line]:
    """The lines that are not blank; of a hard-wrapped text, its paragraphs."""
    spans = [m.span() for m in _LINE.finditer(text) if not m.group().isspace()]
    if _is_wrapped(text, spans):
        spans = _paragraphs(text, spans)
    return [Line.of(text, start, end) for start, end in spans]


def _is_wrapped(text: str, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether lines were broken at a width of 40..100: alike in length, most with no end mark."""
    if len(spans) < 3:
        return False
    inner = [text[start:end].rstrip() for start, end in spans[:400]]
    width = max(map(len, inner))
    if not 40 <= width <= 100 or median(map(len, inner[:-1])) < 0.7 * width:
        return False
    running = sum(line[-1] not in '.!?。！？"”' for line in inner[:-1])
    follows = sum(line.lstrip()[0].islower() for line in inner[1:])
    return running >= 0.6 * (len(inner) - 1) and follows >= 0.3 * (len(inner) - 1)


def _paragraphs(text: str, spans: Sequence[tuple[int, int]]) -> list[tuple[int, int]]:
    """Join wrapped lines; a blank line, an indented line or a short line with a mark ends one."""
    width = max(end - start for start, end in spans)
    joined: list[tuple[int, int]] = []
    for start, end in spans:
        gap = text[joined[-1][1] : start] if joined else ""
        blank = gap.replace("\r\n", "\n").count("\n") > 1
        before = text[joined[-1][0] : joined[-1][1]].rstrip()[-1:] if joined else ""
        short = joined and end - start and _last_length(text, joined[-1]) < 0.6 * width
        indented = text[start].isspace() and not text[joined[-1][0]].isspace() if joined else False
        if joined and not blank and not indented and not (short and before in '.!?"”'):
            joined[-1] = (joined[-1][0], end)
        else:
            joined.append((start, end))
    return joined


def _last_length(text: str, span: tuple[int, int]) -> int:
    return span[1] - max(span[0], text.rfind("\n", span[0], span[1]) + 1)


def detect_language(text: str, settings: TextSettings) -> str:
    """Two-letter code by the script, else, given enough letters, by them; "" if unknown."""
    sample = text[: settings.language_characters]
    letters = sum(map(str.isalpha, sample))
    if not letters:
        return ""
    if not sample.isascii():
        for code, pattern in _SCRIPTS:
            share = 0.2 if code == "ja" else 0.5
            if len(pattern.findall(sample)) >= share * letters:
                return code
    if letters < settings.language_letters or is_spaceless(sample):
        return ""
    # Imported here: its model takes a second to load, and most clients state the language.
    import py3langid

    code, _ = py3langid.classify(sample.encode("utf-8", "replace").decode())
    return str(code)
