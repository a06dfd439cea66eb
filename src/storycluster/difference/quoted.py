"""Which quotes do two articles give in different words?"""

from __future__ import annotations

import re
from dataclasses import dataclass

from rapidfuzz.distance import Indel, Levenshtein, Opcode

from storycluster.alignment import Alignment, is_telling, stems
from storycluster.difference.matching import one_to_one
from storycluster.difference.side import Side
from storycluster.domain import Difference, DifferenceType
from storycluster.facts import Quote, name_key
from storycluster.text import words

BRACKETS = re.compile(r"\[[^\]]*\]|\([^)]*\)|…|\.\.\.")
_START = 4  # letters by which two telling words are the same in other forms
_TURNS = 4  # words in which a negation turns a quote round; a longer piece was left out whole
_ONE_WORD = 0.6  # "sling-fest" and "slingfest", "anyone" and "anybody" are above
NEGATIONS = frozenset(["not", "no", "never", "nothing", "nobody", "cannot"])
_NEGATED_VERBS = (
    *("is", "are", "was", "were", "do", "does", "did", "has", "have", "had"),
    *("would", "should", "could", "must", "need"),
)
CONTRACTED = {
    f"{verb}nt": (verb, "not")
    for verb in _NEGATED_VERBS
} | {
    "cant": ("can", "not"), "wont": ("will", "not"), "cannot": ("can", "not"), "im": ("i", "am"),
    "ive": ("i", "have"), "youre": ("you", "are"), "theyre": ("they", "are"),
    "weve": ("we", "have"),
    "thats": ("that", "is"), "theres": ("there", "is"), "theyve": ("they", "have"),
    "gonna": ("going", "to"), "ill": ("i", "will"), "hes": ("he", "is"), "shes": ("she", "is"),
}  # fmt: skip


def changed_quotes(base: Side, other: Side, alignment: Alignment) -> list[Difference]:
    """One quote given in two wordings. A fragment, an ellipsis or a bracketed insertion is the same
    quote; a quote that one side does not have is told by its sentence.

    A conflict in versions only: of 15 found in independent reports, 7 were real changes, the others
    two occasions or an unmarked omission."""
    pairs = _quote_pairs(base, other, alignment)
    return [
        Difference(
            DifferenceType.QUOTE_CHANGED,
            base.span(one.start, one.end),
            other.span(two.start, two.end),
            importance=0.7,
            confidence=round(score, 4),
            conflict=alignment.copied,
        )
        for score, one, two in pairs
    ]


@dataclass(frozen=True, slots=True)
class _Said:
    """A quote with its sentence, its words as compared, and the key of the speaker's last name, ""
    where unknown."""

    quote: Quote
    sentence: int
    words: list[str]
    speaker: str
    pronoun: bool


def _quote_pairs(base: Side, other: Side, alignment: Alignment) -> list[tuple[float, Quote, Quote]]:
    linked = {(link.base, link.other) for link in alignment.links}
    left, right = _all_said(base), _all_said(other)
    telling: dict[str, list[int]] = {}
    for place, two in enumerate(right):
        for start in _telling_starts(two):
            telling.setdefault(start, []).append(place)
    scored = []
    for one in left:
        near_by = {place for start in _telling_starts(one) for place in telling.get(start, ())}
        for two in (right[place] for place in sorted(near_by)):
            tied = (one.sentence, two.sentence) in linked
            near = tied or _one_speaker(one, two)
            score = _quote_similarity(one.words, two.words, near=near)
            if score >= base.settings.quote_low:
                same = _same_quote(one.words, two.words, ends=not alignment.copied)
                scored.append((same, score, tied, one.quote, two.quote))
    scored.sort(key=lambda s: (-s[0], -s[1], -s[2], s[3].start, s[4].start))
    taken = one_to_one(scored, lambda pair: (pair[3].start, pair[4].start))
    return [(score, one, two) for same, score, _, one, two in taken if not same]


def _all_said(side: Side) -> list[_Said]:
    """The quotes of three words or more that are no titles."""
    found = []
    for sentence, quote in side.quotes:
        said = _quoted(side, quote)
        if len(said) >= 3 and not _is_title(side, quote):
            speaker = (quote.speaker or "").lower().split()
            key = name_key(speaker[-1]) if speaker else ""
            pronoun = bool(speaker) and speaker[0] in ("he", "she", "they")
            found.append(_Said(quote, sentence, said, key, pronoun))
    return found


def _telling_starts(said: _Said) -> set[str]:
    return {word[:_START] for word in said.words if is_telling(word)}


def _one_speaker(one: _Said, two: _Said) -> bool:
    """Whether the speakers may be one: the same last name, or a pronoun against a name."""
    if not one.speaker or not two.speaker:
        return False
    return one.speaker == two.speaker if one.pronoun == two.pronoun else True


def _quoted(side: Side, quote: Quote) -> list[str]:
    raw = BRACKETS.sub(" ", side.document.text[quote.start : quote.end])
    said: list[str] = []
    for word in words(raw):
        said.extend(CONTRACTED.get(word, (word,)))
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
    short, long = sorted(([s[:_START] for s in q if is_telling(s)] for q in (one, two)), key=len)
    if len(short) < 3 or len(long) > 4 * len(short) or abs(len(one) - len(two)) > 12:
        return False
    rest = iter(long)
    return all(word in rest for word in short) and not _same_quote(one, two, ends=False)


def _same_quote(one: list[str], two: list[str], *, ends: bool) -> bool:
    """Equal within what both quote: pieces may be left out on either side, but no telling word is
    replaced by another between two words that both have; `ends`: nor before or behind them all.
    Versions replace a quote by the next one of the same speaker, which begins otherwise."""
    one, two = sorted((one, two))  # of equal edits the first is taken: the same from either side
    operations = list(Levenshtein.opcodes(one, two))
    firm = [k for k, op in enumerate(operations) if op.tag == "equal" and _run(op) >= 2]
    if not firm:
        return one == two or set(one) <= set(two) or set(two) <= set(one)
    for op in operations if ends else operations[firm[0] : firm[-1]]:
        gone, come = one[op.src_start : op.src_end], two[op.dest_start : op.dest_end]
        negated = bool(NEGATIONS & set(gone)) != bool(NEGATIONS & set(come))
        if op.tag == "replace" and _retells(gone, come):
            return False
        if op.tag != "equal" and negated and max(len(gone), len(come)) <= _TURNS:
            return False
    return True


def _retells(gone: list[str], come: list[str]) -> bool:
    """Whether telling words were replaced by others, not by a spelling or an ending."""
    if not any(map(is_telling, gone)) or not any(map(is_telling, come)):
        return False
    return Indel.normalized_similarity("".join(gone), "".join(come)) < _ONE_WORD


def _run(operation: Opcode) -> int:
    return int(operation.src_end - operation.src_start)
