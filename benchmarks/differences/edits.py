"""What does an article look like after one known edit, and is just that edit reported?

The sites are chosen by plain rules that share nothing with the program: paragraphs are lines of
twelve words and more that end as sentences do, sentences have one full stop. Numbers, dates and
names are changed outside of quotes only, so that an edit is of one type.
"""

from __future__ import annotations

import random
import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace

from benchmarks.differences.aligned import Spot, shares_half
from storycluster.domain import Article, Difference, DifferenceType, Span
from storycluster.engine import compare_articles
from storycluster.ports import Encoder
from storycluster.settings import Settings

_PARAGRAPH = re.compile(r"[^\n]+")
_BREAK = re.compile(r"(?:(?<=[a-z]{4}[.!?])|(?<=[0-9%][.!?]))[”\"]?\s+(?=[“\"A-Z0-9])")
_INNER_STOP = re.compile(r"[.!?][”\"’)]*\s")
_ABBREVIATED = re.compile(r"\b(?:Mr|Mrs|Ms|Dr|Sen|Rep|Gov|Gen|Lt|Sgt|St|U\.S|D\.C)\.(?= )")
_QUOTED = re.compile(r"“([^“”\n]{40,400})”|(?<!\S)\"([^\"\n]{40,400})\"")
_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December"
    r"|Jan\.|Feb\.|Aug\.|Sept\.|Oct\.|Nov\.|Dec\.)"
)
_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
_DATE = re.compile(rf"\b(?:{'|'.join(_WEEKDAYS)})\b|\b{_MONTH} ([12]?\d|3[01])\b(?!,? \d)")
_FIGURE = re.compile(
    r"(?<![\w.,:/#’'–-])[$€£]?(?P<n>\d{1,3}(?:,\d{3})+|\d+(?:\.\d+)?)"
    r"(?![\w:/’'–-]|[.,]\d|(?:st|nd|rd|th)\b| (?:[ap]\.?m\b|" + _MONTH + "))"
)
_AFTER_MONTH = re.compile(rf"{_MONTH} $")
_SMALL = ("two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven")
_SPELLED = re.compile(rf"(?<![\w-])(?P<n>{'|'.join(_SMALL)})(?![\w-])")
_FIRST = (
    "Andrew Anthony Barack Ben Bernie Bill Bob Brian Charles Chris Christopher Chuck Daniel David "
    "Donald Edward Elizabeth Emily Eric George Greg Hillary James Jason Jeb Jeff Jennifer Jim Joe "
    "John Joseph Kevin Larry Linda Lisa Loretta Marco Maria Mark Mary Matthew Michael Michelle "
    "Mike Mitch Nancy Nikki Patrick Paul Peter Rand Rex Richard Rick Robert Ryan Sarah Scott Sean "
    "Stephen Steve Susan Ted Thomas Tim Tom Vladimir William"
)
_PERSON = re.compile(
    rf"\b(?:{'|'.join(_FIRST.split())}) (?P<last>[A-Z][a-zA-Z]{{2,}})\b(?!\.| [A-Z])"
)
_PLACES = (
    "Afghanistan Arizona Australia Baltimore Britain California Canada Chicago China Colorado "
    "Cuba Florida France Georgia Germany Houston India Iowa Iran Iraq Israel Italy Japan Kansas "
    "Libya London Mexico Michigan Minnesota Moscow Nevada Ohio Pakistan Paris Pennsylvania Russia "
    "Syria Texas Turkey Ukraine Virginia Wisconsin Yemen"
)
_PLACE = re.compile(
    rf"(?<!West )(?<!North )(?<!South )(?<!East )(?<!New )(?<![-’'])\b"
    rf"(?:{'|'.join(_PLACES.split())})\b(?![-.]| [A-Z])"
)
_NEW_FIRST = ("Amalia", "Bertil", "Corinne", "Dagmar", "Emeka", "Farid", "Gwendolyn", "Hiroko")
_NEW_LAST = ("Abernathy", "Bjornsson", "Castellane", "Dvorak", "Eskildsen", "Fujimori", "Okonkwo")
_WORD = re.compile(r"(?<![\w’'-])[a-z]{5,}(?![\w’'-])")
_SPACES = (" ", " ", "\u00a0", " ", "  ")
_QUOTES = re.compile(r"[“”\"]")
_FURNITURE = re.compile(
    r"Twitter|Facebook|Follow |contributed to th|newsletter|free of charge|without charge|http|@"
    r"|columnist|has been corrected|the author of|editor at"
)
_FUNCTION_WORDS = (
    "about above across after again against along already always among another around because "
    "before behind being below beneath beside besides between beyond cannot could doing during "
    "either enough every except first further given having itself later least might myself near "
    "neither never often other others ourselves perhaps quite rather really second shall should "
    "since someone something still their theirs them themselves there these third those though "
    "through today tomorrow toward towards under underneath unless until upon using where whether "
    "which while whose within without would yesterday yourself "
)


@dataclass(frozen=True, slots=True)
class Edit:
    """The edited text; `base` and `other` are the places of the edit before and after it: of
    several any will do, and with none that side has nothing to show."""

    kind: str
    text: str
    base: tuple[Spot, ...] = ()
    other: tuple[Spot, ...] = ()


@dataclass(frozen=True, slots=True)
class Source:
    """A text to be edited, the draws for it, and the text of another article to take from."""

    text: str
    draw: random.Random
    donor: str


def paragraphs(text: str) -> list[Spot]:
    """Lines that read as prose."""
    return [
        match.span()
        for match in _PARAGRAPH.finditer(text)
        if len(match.group().split()) >= 12 and match.group().rstrip()[-1:] in '.!?”"'
    ]


def sentences(text: str) -> list[Spot]:
    """Sentences of 8 to 45 words whose bounds are beyond doubt, each once in the text."""
    found = []
    for start, end in paragraphs(text):
        marks = [match.span() for match in _BREAK.finditer(text, start, end)]
        begins = [start, *(stop for _, stop in marks)]
        ends = [*(at + len(text[at:stop].rstrip()) for at, stop in marks), end]
        found += [
            spot
            for spot in zip(begins, ends, strict=True)
            if _closed(text[start : spot[0]]) and _is_plain(text, *spot)
        ]
    return found


def _closed(said: str) -> bool:
    """Whether no quote is open at the end."""
    return said.count("“") == said.count("”") and said.count('"') % 2 == 0


def _is_plain(text: str, start: int, end: int) -> bool:
    said = text[start:end]
    return (
        8 <= len(said.split()) <= 45
        and (said[0].isupper() or said[0] in '“"')
        and said.rstrip('”"')[-1:] in (".", "!", "?")
        and not _INNER_STOP.search(_ABBREVIATED.sub("", said[:-1]))
        and not _FURNITURE.search(said)
        and _closed(said)
        and text.count(said) == 1
    )


def _told(text: str) -> list[Spot]:
    """Sentences without any quote."""
    return [spot for spot in sentences(text) if not _QUOTES.search(text[spot[0] : spot[1]])]


def _replaced(kind: str, text: str, spots: Iterable[tuple[int, int, str]]) -> Edit:
    """The text with each (start, end, new) put in, places in order."""
    parts, other, at, shift = [], [], 0, 0
    spots = sorted(spots)
    for start, end, new in spots:
        parts += [text[at:start], new]
        other.append((start + shift, start + shift + len(new)))
        shift += len(new) - (end - start)
        at = end
    base = tuple((start, end) for start, end, _ in spots)
    return Edit(kind, "".join([*parts, text[at:]]), base, tuple(other))


def number(source: Source) -> Edit | None:
    """A figure, or a number word from two to eleven, is another."""
    text, draw = source.text, source.draw
    sites = [
        match
        for start, end in _told(text)
        for pattern in (_FIGURE, _SPELLED)
        for match in pattern.finditer(text, start, end)
        if _is_count(text, match)
    ]
    if not sites:
        return None
    match = draw.choice(sites)
    new = _other_number(match.group("n"), draw)
    if re.search(rf"\b{re.escape(new)}\b", text):
        return None
    found = _replaced("number", text, [(*match.span("n"), new)])
    size = len(match.group()) - len(match.group("n"))  # the sign of a currency
    [(start, end)], [(start2, end2)] = found.base, found.other
    return replace(found, base=((start - size, end),), other=((start2 - size, end2),))


def _is_count(text: str, match: re.Match[str]) -> bool:
    said = match.group("n")
    if not said[0].isdigit():
        return True
    year = said.isdigit() and 1500 <= int(said) < 2100
    return not year and float(said.replace(",", "")) > 1 and not _follows_month(text, match)


def _follows_month(text: str, match: re.Match[str]) -> bool:
    return bool(_AFTER_MONTH.search(text[: match.start()][-12:]))


def _other_number(said: str, draw: random.Random) -> str:
    """Of the same form: commas, decimals, zeros at the end."""
    if said in _SMALL:
        return draw.choice([word for word in _SMALL if word != said])
    if "." in said:
        whole, decimals = said.split(".")
        return f"{int(whole) + draw.randint(1, 2 + int(whole) // 2)}.{decimals}"
    value = int(said.replace(",", ""))
    step = 10 ** (len(str(value)) - len(str(value).rstrip("0")))
    new = value + step * draw.randint(1, 2 + value // step)
    if 1500 <= new < 2100:
        new = 2400
    return f"{new:,}" if "," in said else str(new)


def date(source: Source) -> Edit | None:
    """A weekday, or the day of a month, is another."""
    text, draw = source.text, source.draw
    sites = [m for spot in _told(text) for m in _DATE.finditer(text, *spot)]
    if not sites:
        return None
    match = draw.choice(sites)
    said, day = match.group(), match.group(1)
    if day is None:
        new = draw.choice([name for name in _WEEKDAYS if name != said])
    else:
        other = draw.choice([one for one in range(2, 29) if one != int(day)])
        new = f"{said[: -len(day)]}{other}"
    return _replaced("date", text, [(*match.span(), new)])


def name(source: Source) -> Edit | None:
    """A person or a place is another, wherever one sentence names it."""
    text, draw = source.text, source.draw
    sites = [
        (spot, match)
        for spot in _told(text)
        for pattern in (_PERSON, _PLACE)
        for match in pattern.finditer(text, *spot)
    ]
    if not sites:
        return None
    (start, end), chosen = draw.choice(sites)
    said, last = chosen.group(), chosen.groupdict().get("last")
    if last:
        new, new_last = f"{draw.choice(_NEW_FIRST)} {draw.choice(_NEW_LAST)}", ""
        new_last = new.split()[1]
    else:
        new = new_last = draw.choice([one for one in _PLACES.split() if one not in text])
    both = re.compile(rf"\b{said}\b|\b{last or said}\b")
    spots = [
        (*match.span(), new if match.group() == said else new_last)
        for match in both.finditer(text, start, end)
    ]
    return _replaced("name", text, spots)


def quote(source: Source) -> Edit | None:
    """One or two words of a quote are others, out of another article."""
    text, draw = source.text, source.draw
    sites = []
    for start, end in paragraphs(text):
        if text.count('"', start, end) % 2 == 0:
            sites += [m for m in _QUOTED.finditer(text, start, end) if _inner_words(m)]
    pool = {one for one in _WORD.findall(source.donor) if one not in text}
    strange = sorted(word for word in pool if _is_content(word))
    if not sites or not strange:
        return None
    match = draw.choice(sites)
    group = match.lastindex or 0
    inner = _inner_words(match)
    chosen = draw.sample(inner, min(len(inner), draw.choice((1, 2))))
    fresh = [draw.choice(strange) for _ in chosen]
    found = _replaced(
        "quote", text, [(*spot, new) for spot, new in zip(chosen, fresh, strict=True)]
    )
    start, end = match.span(group)
    grown = len(found.text) - len(text)
    return replace(found, base=((start, end),), other=((start, end + grown),))


def _inner_words(match: re.Match[str]) -> list[Spot]:
    """Longer words of the quote with two words and more on either side."""
    group = match.lastindex or 0
    words = [
        (match.start(group) + m.start(), match.start(group) + m.end())
        for m in re.finditer(r"\S+", match.group(group))
    ]
    inner = words[2:-2]
    return [
        (start, end)
        for start, end in inner
        if _WORD.fullmatch(match.string, start, end) and _is_content(match.string[start:end])
    ]


def _is_content(word: str) -> bool:
    return f" {word} " not in f" {_FUNCTION_WORDS}"


def dropped(source: Source) -> Edit | None:
    """A sentence is gone, and its line where it had one alone."""
    sites = sentences(source.text)
    if len(sites) < 2:
        return None
    start, end = source.draw.choice(sites)
    return Edit("dropped", _without(source.text, start, end), base=((start, end),))


def _without(text: str, start: int, end: int) -> str:
    """The text without a sentence and the space behind it, or its whole line."""
    if text[:start].endswith("\n") or not start:
        return text[:start] + text[end:].lstrip()
    return text[:start].rstrip(" ") + text[end:]


def inserted(source: Source) -> Edit | None:
    """A sentence of another article is put in, into a paragraph or as its own."""
    sites, strange = sentences(source.text), _told(source.donor)
    if not sites or not strange:
        return None
    start, end = source.draw.choice(strange)
    new = source.donor[start:end]
    at, space = source.draw.choice(sites)[1], " "
    if source.draw.random() < 0.5:
        at, space = _line_end(source.text, at), "\n\n"
    at_new = at + len(space)
    text = source.text[:at] + space + new + source.text[at:]
    return Edit("inserted", text, other=((at_new, at_new + len(new)),))


def _line_end(text: str, at: int) -> int:
    end = text.find("\n", at)
    return len(text) if end < 0 else end


def moved(source: Source) -> Edit | None:
    """A sentence stands behind another one, four sentences and more further down or up."""
    sites = sentences(source.text)
    if len(sites) < 6:
        return None
    place = source.draw.randrange(len(sites))
    target = source.draw.choice([i for i in range(len(sites)) if abs(i - place) >= 4] or [-1])
    if target < 0:
        return None
    start, end = sites[place]
    said = source.text[start:end]
    behind = source.text[sites[target][0] : sites[target][1]]
    rest = _without(source.text, start, end)
    at = rest.index(behind) + len(behind)
    text = f"{rest[:at]} {said}{rest[at:]}"
    return Edit("moved", text, ((start, end),), ((at + 1, at + 1 + len(said)),))


def typography(source: Source) -> Edit | None:
    """Quotes, apostrophes, dashes and spaces of a paragraph are of the other form."""
    text = source.text
    sites = [
        (start, end)
        for start, end in paragraphs(text)
        if re.search(r"[“”\"’'—…]| - |--", text[start:end])
    ]
    if not sites:
        return None
    start, end = source.draw.choice(sites)
    return Edit("typography", text[:start] + _reset(text[start:end]) + text[end:])


def _reset(said: str) -> str:
    if re.search(r"[“”’]", said):
        said = re.sub(r"[“”]", '"', said).replace("’", "'").replace("‘", "'")
    else:
        said = re.sub(r"\"([^\"]*)\"", r"“\1”", said).replace("'", "’")
    if "—" in said:
        said = said.replace(" — ", "—").replace("—", " - ")
    else:
        said = said.replace(" -- ", " — ").replace(" - ", " — ").replace("--", "—")
    said = said.replace("…", "...") if "…" in said else said.replace("...", "…")
    words = said.split(" ")
    return "".join(word + _SPACES[i % 5] for i, word in enumerate(words[:-1])) + words[-1]


T = DifferenceType
KINDS: dict[str, tuple[Callable[[Source], Edit | None], DifferenceType | None]] = {
    "number": (number, T.NUMBER_CHANGED),
    "date": (date, T.DATE_CHANGED),
    "name": (name, T.NAME_CHANGED),
    "quote": (quote, T.QUOTE_CHANGED),
    "dropped": (dropped, T.SENTENCE_REMOVED),
    "inserted": (inserted, T.SENTENCE_ADDED),
    "moved": (moved, T.SENTENCE_MOVED),
    "typography": (typography, None),
}


def edits(articles: Sequence[Article], seed: int) -> list[tuple[Article, Edit]]:
    """One edit of each kind of each article that has a place for it; equal seeds, equal edits."""
    found = []
    for place, article in enumerate(articles):
        donor = articles[(place + 1) % len(articles)].text
        for kind, (make, _) in KINDS.items():
            draw = random.Random(f"{seed} {kind} {article.article_id}")
            edit = make(Source(article.text, draw, donor))
            if edit is not None and edit.text != article.text:
                found.append((article, edit))
    return found


def touches(difference: Difference, edit: Edit) -> tuple[bool, bool]:
    """Whether the difference shows the edit on the sides that have it, and on any side."""
    sides = [_at(difference.base, edit.base), _at(difference.other, edit.other)]
    needed = [hit for hit, spots in zip(sides, (edit.base, edit.other), strict=True) if spots]
    return bool(needed) and all(needed), any(sides)


def _at(span: Span | None, spots: Sequence[Spot]) -> bool:
    if span is None or span.field != "text":
        return False
    return any(shares_half((span.start, span.end), spot) for spot in spots)


def scores(
    articles: Sequence[Article], encoder: Encoder, seed: int
) -> tuple[dict[str, Counter[str]], Counter[str]]:
    """{kind: edits, found, typed, conflict, reported, right}, and of all pairs: pairs, reported,
    off (reported, but touching no edit). `reported` counts in all pairs, of whatever edit."""
    settings, kinds, total = Settings(), {kind: Counter[str]() for kind in KINDS}, Counter[str]()
    of_type = {wanted: kind for kind, (_, wanted) in KINDS.items() if wanted}
    for article, edit in edits(articles, seed):
        other = replace(article, text=edit.text)
        found = compare_articles(article, other, encoder=encoder, settings=settings).differences
        wanted = KINDS[edit.kind][1]
        hits = [(one, *touches(one, edit)) for one in found]
        typed = [one for one, exact, _ in hits if exact and one.type is wanted]
        kinds[edit.kind].update(
            edits=1,
            found=any(exact or near for _, exact, near in hits),
            typed=bool(typed),
            conflict=any(one.conflict for one in typed),
            silent=not found,
        )
        for one, exact, near in hits:
            total.update(reported=1, off=not near)
            if kind := of_type.get(one.type):
                kinds[kind].update(reported=1, right=exact and kind == edit.kind)
        total["pairs"] += 1
    return kinds, total
