"""Which dates, quotes, names and sources do two articles give differently?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz.distance import Indel, Levenshtein, Opcode

from storycluster.alignment import Alignment, Link, is_telling, stems
from storycluster.difference.side import Side
from storycluster.domain import Difference, DifferenceType
from storycluster.facts import DateMention, Quote, may_agree, name_key
from storycluster.text import words

_BRACKETS = re.compile(r"\[[^\]]*\]|\([^)]*\)|…|\.\.\.")
_ONE_NAME = 0.72  # spellings of one name ("Judeo", "Judaeo") are above
_ONE_WORD = 0.6  # "sling-fest" and "slingfest", "anyone" and "anybody" are above
_NEGATIONS = frozenset("not no never nothing nobody cannot".split())
_CONTRACTED = {
    f"{verb}nt": (verb, "not")
    for verb in "is are was were do does did has have had would should could must need".split()
} | {
    "cant": ("can", "not"), "wont": ("will", "not"), "cannot": ("can", "not"), "im": ("i", "am"),
    "ive": ("i", "have"), "youre": ("you", "are"), "theyre": ("they", "are"), "weve": ("we", "have"),
    "thats": ("that", "is"), "theres": ("there", "is"), "theyve": ("they", "have"),
    "gonna": ("going", "to"), "ill": ("i", "will"), "hes": ("he", "is"), "shes": ("she", "is"),
}  # fmt: skip
_OFFICE = re.compile(
    r"\b(?:the\s+)?((?:[A-Z][\w’'.-]+\s+|[a-z]+\s+)?)((?i:foreign|defen[cs]e|interior|health|justice|"
    r"finance|treasury|state|energy|labou?r|education|agriculture|commerce|transport|economy|culture|"
    r"environment|trade|oil|information))\s+((?i:ministry|minister|department|secretary))\b"
)
_SAYS = re.compile(
    r"\b(?:said|says|say|confirmed|confirms|announced|announces|stated|told|reported|reports|"
    r"according\s+to|spokes\w+|official|statement)\b",
    re.IGNORECASE,
)


def changed_dates(base: Side, other: Side, link: Link, *, copied: bool) -> list[Difference]:
    """Days in two aligned sentences that are about the same thing and cannot be the same day."""
    left = [d for d in base.dates[link.base] if d.kind in ("day", "weekday", "year", "month")]
    right = [d for d in other.dates[link.other] if d.kind in ("day", "weekday", "year", "month")]
    left, right = (
        [d for d in left if not any(may_agree(d, r) for r in other.dates[link.other])],
        [r for r in right if not any(may_agree(r, d) for d in base.dates[link.base])],
    )
    if not copied:
        left = [d for d in left if not _dated(d, other)]
        right = [r for r in right if not _dated(r, base)]
    if len(left) != 1 or len(right) != 1 or not _comparable(left[0], right[0], copied=copied):
        return []
    one, two = left[0], right[0]
    if _signs(base, one) or _signs(other, two):
        return []
    before, after = base.context(link.base, one.start, one.end)
    before2, after2 = other.context(link.other, two.start, two.end)
    if len({*before, *after} & {*before2, *after2}) < base.settings.context_shared:
        return []
    return [
        Difference(
            DifferenceType.DATE_CHANGED,
            base.span(one.start, one.end),
            other.span(two.start, two.end),
            one.value,
            two.value,
            importance=round(0.6 + 0.3 * _early(link), 4),
            confidence=round(min(0.95, 0.4 + 0.5 * link.similarity), 4),
            conflict=True,
        )
    ]


def _signs(side: Side, mention: DateMention) -> bool:
    """Whether it is the date of a quoted post: "(@name) March 23, 2018"."""
    return side.document.text[max(0, mention.start - 3) : mention.start].rstrip().endswith(")")


def _comparable(one: DateMention, two: DateMention, *, copied: bool) -> bool:
    if one.kind == two.kind:
        return copied or one.kind in ("day", "year", "month") or one.first is not None
    return {one.kind, two.kind} == {"day", "weekday"} and None not in (one.first, two.first)


def _dated(mention: DateMention, side: Side) -> bool:
    return any(
        may_agree(mention, other) and other.kind in (mention.kind, "day", "weekday")
        for sentence in side.dates
        for other in sentence
        if other.kind != "relative"
    )


def changed_quotes(base: Side, other: Side, alignment: Alignment) -> list[Difference]:
    """One quote given in two wordings. A fragment, an ellipsis or a bracketed insertion is the same
    quote; a quote that one side does not have is told by its sentence."""
    pairs = _quote_pairs(base, other, alignment)
    return [
        Difference(
            DifferenceType.QUOTE_CHANGED,
            base.span(one.start, one.end),
            other.span(two.start, two.end),
            importance=0.7,
            confidence=round(score, 4),
            conflict=True,
        )
        for score, one, two in pairs
    ]


def _quote_pairs(
    base: Side, other: Side, alignment: Alignment
) -> list[tuple[float, Quote, Quote]]:
    linked = {(link.base, link.other) for link in alignment.links}
    left = [(i, q, _quoted(base, q)) for i, q in base.quotes if not _is_title(base, q)]
    right = [(j, q, _quoted(other, q)) for j, q in other.quotes if not _is_title(other, q)]
    scored = []
    for i, one, said in left:
        for j, two, said2 in right:
            if min(len(said), len(said2)) < 3:
                continue
            near = (i, j) in linked or _one_speaker(one, two)
            score = _quote_similarity(said, said2, near=near)
            if score >= base.settings.quote_low:
                scored.append((score, one, two, _same_quote(said, said2)))
    scored.sort(key=lambda s: (-s[3], -s[0], s[1].start, s[2].start))
    used: set[tuple[str, int]] = set()
    found = []
    for score, one, two, same in scored:
        if ("b", one.start) in used or ("o", two.start) in used:
            continue
        used |= {("b", one.start), ("o", two.start)}
        if not same:
            found.append((score, one, two))
    return found


def _one_speaker(one: Quote, two: Quote) -> bool:
    """Whether the speakers may be one: the same last name, or a pronoun against a name."""
    said = [(q.speaker or "").lower().split() for q in (one, two)]
    if not said[0] or not said[1]:
        return False
    last = [name_key(s[-1]) for s in said]
    pronouns = sum(s[0] in ("he", "she", "they") for s in said)
    return last[0] == last[1] if pronouns != 1 else True


def _quoted(side: Side, quote: Quote) -> list[str]:
    raw = _BRACKETS.sub(" ", side.document.text[quote.start : quote.end])
    said: list[str] = []
    for word in words(raw):
        said.extend(_CONTRACTED.get(word, (word,)))
    return stems(said)


def _is_title(side: Side, quote: Quote) -> bool:
    """Of a film, a book: nearly all longer words are capitalised."""
    long = [w for w in side.document.text[quote.start : quote.end].split() if len(w) > 3]
    return len(long) > 0 and sum(w[0].isupper() for w in long) >= 0.7 * len(long)


def _quote_similarity(one: list[str], two: list[str], *, near: bool) -> float:
    """Word similarity; where one speaker or aligned sentences tie the two, the same telling words
    in the same order, whatever their endings, count as another translation."""
    score = float(Indel.normalized_similarity(one, two))
    if near and score < 1.0 and _retold(one, two):
        return max(score, 0.7)
    if min(len(one), len(two)) < 5:
        return 1.0 if one == two else 0.0
    return score


def _retold(one: list[str], two: list[str]) -> bool:
    """Whether all telling words of the shorter quote, three at least, are in the longer in order,
    but in other forms."""
    short, long = sorted(([s[:4] for s in q if is_telling(s)] for q in (one, two)), key=len)
    if len(short) < 3 or len(long) > 4 * len(short) or abs(len(one) - len(two)) > 12:
        return False
    rest = iter(long)
    return all(word in rest for word in short) and not _same_quote(one, two)


def _same_quote(one: list[str], two: list[str]) -> bool:
    """Equal within what both quote: pieces may be left out on either side, but no telling word is
    replaced by another between two words that both have."""
    operations = list(Levenshtein.opcodes(one, two))
    firm = [k for k, op in enumerate(operations) if op.tag == "equal" and _run(op) >= 2]
    if not firm:
        return one == two or set(one) <= set(two) or set(two) <= set(one)
    for op in operations[firm[0] : firm[-1]]:
        gone, come = one[op.src_start : op.src_end], two[op.dest_start : op.dest_end]
        negated = bool(_NEGATIONS & set(gone)) != bool(_NEGATIONS & set(come))
        if op.tag == "replace" and _retells(gone, come):
            return False
        if op.tag != "equal" and negated:
            return False
    return True


def _retells(gone: list[str], come: list[str]) -> bool:
    """Whether telling words were replaced by others, not by a spelling or an ending."""
    if not any(map(is_telling, gone)) or not any(map(is_telling, come)):
        return False
    return Indel.normalized_similarity("".join(gone), "".join(come)) < _ONE_WORD


def _run(operation: Opcode) -> int:
    return int(operation.src_end - operation.src_start)


def changed_sources(base: Side, other: Side, alignment: Alignment) -> list[Difference]:
    """The same statement ascribed to two different ministries or departments of one country.

    Looks at every pair of sentences, aligned or not: who confirms is often said in another sentence.
    """
    left, right = _all_offices(base), _all_offices(other)
    found = []
    for i, one in left:
        for j, two in right:
            similarity = float(alignment.similarity[i, j])
            if one.country != two.country or one.body != two.body or one.field == two.field:
                continue
            if similarity < base.settings.source_bar:
                continue
            if _names(right, one) and _names(left, two):
                continue  # Both articles know both offices: each has its own say.
            found.append((similarity, i, j, one, two))
    found.sort(key=lambda f: (-f[0], f[1], f[2]))
    return [_source(base, other, *best) for best in found[:1]]


def _names(offices: list[tuple[int, _Office]], office: _Office) -> bool:
    return any(o.field == office.field and o.body == office.body for _, o in offices)


def _source(
    base: Side, other: Side, similarity: float, i: int, j: int, one: _Office, two: _Office
) -> Difference:
    return Difference(
        DifferenceType.ATTRIBUTION_CHANGED,
        base.span(one.start, one.end),
        other.span(two.start, two.end),
        f"{one.country} {one.field} {one.body}".strip(),
        f"{two.country} {two.field} {two.body}".strip(),
        importance=round(0.6 + 0.3 * _early(Link(i, j, similarity)), 4),
        confidence=round(min(0.9, 0.3 + 0.6 * similarity), 4),
        conflict=True,
    )


@dataclass(frozen=True, slots=True)
class _Office:
    """A ministry or department that is named as a source: country word, field, body."""

    start: int
    end: int
    country: str
    field: str
    body: str


def _all_offices(side: Side) -> list[tuple[int, _Office]]:
    if not side.english:
        return []
    return [(i, office) for i in range(len(side.sentences)) for office in _offices(side, i)]


def _offices(side: Side, i: int) -> list[_Office]:
    """The offices named in sentence i, where anybody says anything in it."""
    sentence = side.sentences[i]
    said = side.document.text[sentence.start : sentence.end]
    found = []
    for match in _OFFICE.finditer(said) if _SAYS.search(said) else ():
        country, field, kind = (part.strip().lower() for part in match.groups())
        first = match.start(1) if country else match.start(2)
        start, end = sentence.start + first, sentence.start + match.end()
        found.append(_Office(start, end, country, field.replace("defence", "defense"), _body(kind)))
    return found


def _body(kind: str) -> str:
    return "ministry" if kind.startswith("minist") else "department"


def changed_names(base: Side, other: Side, link: Link) -> list[Difference]:
    """In versions: the one place where two otherwise equal sentences differ is a name."""
    one, two = base.sentences[link.base], other.sentences[link.other]
    ops = [op for op in Levenshtein.opcodes(one.words, two.words) if op.tag != "equal"]
    if not ops or len(one.words) < 6 or len(ops) > 2:
        return []
    left = [n for n in base.names[link.base] if n.key not in other.name_keys]
    right = [n for n in other.names[link.other] if n.key not in base.name_keys]
    if len(left) != 1 or len(right) != 1 or set(left[0].key.split()) == set(right[0].key.split()):
        return []
    a, b = (
        side.document.text[n.start : n.end] for side, n in ((base, left[0]), (other, right[0]))
    )
    if Indel.normalized_similarity(left[0].key, right[0].key) > _ONE_NAME:
        return []
    inside = set(words(a)), set(words(b))
    for op in ops:
        gone = set(one.words[op.src_start : op.src_end])
        come = set(two.words[op.dest_start : op.dest_end])
        if op.tag != "replace" or not gone <= inside[0] or not come <= inside[1]:
            return []
    return [
        Difference(
            DifferenceType.NAME_CHANGED,
            base.span(left[0].start, left[0].end),
            other.span(right[0].start, right[0].end),
            a,
            b,
            importance=round(0.6 + 0.2 * _early(link), 4),
            confidence=round(min(0.9, 0.3 + 0.6 * link.similarity), 4),
            conflict=True,
        )
    ]


def _early(link: Link) -> float:
    return 1.0 / (1.0 + 0.1 * min(link.base, link.other))
