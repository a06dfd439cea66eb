"""Which sentences were added, removed, moved or put in other words, and is the headline another?"""

from __future__ import annotations

import re
from collections.abc import Sequence, Set

from rapidfuzz.distance import Levenshtein

from storycluster.alignment import Alignment, Link, is_telling, stems
from storycluster.difference.leads import leads_over
from storycluster.difference.numbers import ALIKE, contradict, differ, in_words, nearness, same_kind
from storycluster.difference.side import Side
from storycluster.domain import Difference, DifferenceType, Span
from storycluster.facts import quantities
from storycluster.facts.lexicon import PLAYED
from storycluster.text import words

_WORD = re.compile(r"\w[\w’'.,-]*\w|\w")
_CLAUSE = re.compile(r"[,;:](?=\s)|[()\[\]“”\"«»]|\s[-–—]\s|—")
_CLAUSE_SAYS = 5  # telling words below which a clause is no news of its own
_SHORT = 4  # telling words below which a sentence of an independent report says too little


def headline(base: Side, other: Side, *, copied: bool) -> list[Difference]:
    """Another headline, words compared. Independent reports always have one: it counts little."""
    one, two = base.title_span(), other.title_span()
    if one is None or two is None or _one_headline(one.text, two.text):
        return []
    values = _clash(one.text, two.text, copied=copied)
    importance = 0.9 if copied or values else 0.4
    base_value, other_value = values or ("", "")
    return [
        Difference(
            DifferenceType.HEADLINE_CHANGED,
            one,
            two,
            base_value,
            other_value,
            importance=importance,
            conflict=values is not None,
        )
    ]


def _one_headline(one: str, two: str) -> bool:
    """Whether two headlines have the same words, or one is the other cut short."""
    said, said2 = words(one), words(two)
    if one.rstrip().endswith(("…", "...")):
        said2 = said2[: len(said)]
    elif two.rstrip().endswith(("…", "...")):
        said = said[: len(said2)]
    return said == said2


def _clash(one: str, two: str, *, copied: bool) -> tuple[str, str] | None:
    """The values of the one number that both headlines state differently, or None. In independent
    reports what players collect is that of two of them, and sums far apart are of two things."""
    pairs = [
        (q, r)
        for q in quantities(one)
        for r in quantities(two)
        if same_kind(q, r) and (q.noun or q.kind == "money")
        if copied or (q.noun not in PLAYED and (q.kind != "money" or nearness(q, r) > ALIKE))
    ]
    if "including" in f"{one} {two}".lower():
        return None  # "13 dead including gunman" and "kills 12" are one count.
    if not pairs or any(not differ(q, r) for q, r in pairs):
        return None
    clash = [(in_words(q), in_words(r)) for q, r in pairs if contradict(q, r)]
    return clash[0] if len(clash) == 1 else None


def unmatched(base: Side, other: Side, alignment: Alignment) -> list[Difference]:
    """Sentences that only one side has; of independent reports also what is new in a sentence of
    which the other side may have the rest."""
    found = []
    for side, against, removed in ((base, other, True), (other, base, False)):
        linked = {link.base if removed else link.other for link in alignment.links}
        best = (alignment.base_best if removed else alignment.other_best).tolist()
        share = (alignment.base_share if removed else alignment.other_share).tolist()
        for i in range(len(side.sentences)):
            if not _says_enough(side, i, alignment):
                continue
            known, claims = _known(side, alignment, best[i], share[i]), list[Difference]()
            if i not in linked and known < 1.0:
                claims = [_alone(side, i, known, removed=removed)]
            elif not alignment.copied and (i in linked or known < side.settings.detail_known):
                claims = _detail(side, i, against, linked=i in linked, removed=removed)
            whole = side.sentences[i]
            if claims and (alignment.copied or not _leads(side, i, whole.start, whole.end)):
                found += claims
    return found


def _detail(side: Side, i: int, against: Side, *, linked: bool, removed: bool) -> list[Difference]:
    """The one stretch of a sentence that tells most of what the other article never mentions, as
    whole clauses."""
    sentence = side.sentences[i]
    text = side.document.text[sentence.start : sentence.end]
    marks = [match.span() for match in _WORD.finditer(text)]
    weights = [_novelty(text[start:end], against.stems) for start, end in marks]
    low, high, weight = _heaviest(weights)
    if weight < (side.settings.detail_linked if linked else side.settings.detail_alone):
        return []
    start, end = _clauses(text, marks[low][0], marks[high - 1][1])
    span = side.span(sentence.start + start, sentence.start + end)
    if sum(map(is_telling, stems(words(span.text)))) < _CLAUSE_SAYS:
        return []
    if _leads(side, i, span.start, span.end):
        return []
    return [
        _of_one_side(
            span,
            DifferenceType.DETAIL_REMOVED if removed else DifferenceType.DETAIL_ADDED,
            removed=removed,
            importance=0.25 + 0.25 / (1.0 + 0.1 * i),
            confidence=min(0.9, 0.4 + 0.05 * weight),
        )
    ]


def _of_one_side(
    span: Span, kind: DifferenceType, *, removed: bool, importance: float, confidence: float
) -> Difference:
    """A difference without a counterpart: `removed` where the base has it."""
    return Difference(
        kind,
        span if removed else None,
        None if removed else span,
        importance=round(importance, 4),
        confidence=round(confidence, 4),
    )


def _novelty(word: str, known: Set[str]) -> float:
    """Above 0 where the other article never mentions the word; names and numbers most."""
    said = stems(words(word))
    if not any(map(is_telling, said)):
        return -0.2
    if any(stem in known for stem in said):
        return -1.0
    return 1.5 if word[0].isupper() or word[0].isdigit() else 1.0


def _clauses(text: str, start: int, end: int) -> tuple[int, int]:
    """[start, end) widened to the nearest commas, brackets, dashes or quotes on either side."""
    before = [m.end() for m in _CLAUSE.finditer(text, 0, start)]
    after = _CLAUSE.search(text, end)
    low = before[-1] if before else 0
    high = after.start() if after else len(text.rstrip(" .!?"))
    return low + len(text[low:start]) - len(text[low:start].lstrip()), max(high, end)


def _heaviest(weights: Sequence[float]) -> tuple[int, int, float]:
    """[low, high) of the run with the greatest sum, and the sum; the first of equals."""
    best, start, total = (0, 0, 0.0), 0, 0.0
    for place, weight in enumerate(weights):
        if total <= 0.0:
            start, total = place, 0.0
        total += weight
        if total > best[2] + 1e-9:
            best = (start, place + 1, total)
    return best


def _known(side: Side, alignment: Alignment, best: float, share: float) -> float:
    """How much of a sentence the other side has; 1 and above means that nothing is claimed."""
    if alignment.copied:
        return best / side.settings.part_bar
    return (best + 0.5 * share) / side.settings.added_below


def _says_enough(side: Side, i: int, alignment: Alignment) -> bool:
    return alignment.copied or sum(map(is_telling, side.sentences[i].stems)) >= _SHORT


def _leads(side: Side, i: int, start: int, end: int) -> bool:
    """Whether text[start:end] of sentence i only leads over to what somebody says."""
    text = side.document.text
    names = [text[n.start : n.end] for n in side.names[i] if start <= n.start and n.end <= end]
    return leads_over(text[start:end], {word for name in names for word in words(name)})


def _alone(side: Side, i: int, known: float, *, removed: bool) -> Difference:
    early = 1.0 / (1.0 + 0.1 * i)
    numbers = 0.1 if side.quantities[i] else 0.0
    return _of_one_side(
        side.sentence_span(i),
        DifferenceType.SENTENCE_REMOVED if removed else DifferenceType.SENTENCE_ADDED,
        removed=removed,
        importance=0.3 + numbers + 0.25 * early,
        confidence=max(0.5, 1.0 - 0.5 * known),
    )


def moved(base: Side, other: Side, alignment: Alignment) -> list[Difference]:
    """The fewest sentences that had to change places: aligned one to one, off the longest common
    order. Of several such orders the one with most words, then by what the sentences say, so that
    it is the same one from either side."""
    links = [link for link in alignment.links if not link.part]
    said = [sorted((base.sentences[k.base].words, other.sentences[k.other].words)) for k in links]
    rank = {k: place for place, k in enumerate(sorted(range(len(links)), key=lambda k: said[k]))}
    big = (len(links) + 1) ** 2
    weights = [(big + sum(map(len, said[k]))) * big * big + rank[k] for k in range(len(links))]
    kept = _heaviest_ascending([link.other for link in links], weights)
    return [
        Difference(
            DifferenceType.SENTENCE_MOVED,
            base.sentence_span(link.base),
            other.sentence_span(link.other),
            importance=0.2,
            confidence=round(min(1.0, link.similarity), 4),
        )
        for k, link in enumerate(links)
        if k not in kept
    ]


def _heaviest_ascending(values: Sequence[int], weights: Sequence[int]) -> set[int]:
    """Positions of a strictly ascending subsequence of non-negative values with the greatest sum of
    weights."""
    size = max(values, default=0) + 2
    best: list[tuple[int, int]] = [(0, -1)] * (size + 1)  # Fenwick tree: (sum, last position)
    before = list[int]()
    for k, value in enumerate(values):
        top, place = (0, -1), value
        while place > 0:
            top, place = max(top, best[place]), place & (place - 1)
        before.append(top[1])
        total, place = (top[0] + weights[k], k), value + 1
        while place <= size:
            best[place], place = max(best[place], total), place + (place & -place)
    kept, k = set[int](), max(best)[1]
    while k >= 0:
        kept.add(k)
        k = before[k]
    return kept


def reworded(
    base: Side, other: Side, alignment: Alignment, told: list[Difference]
) -> list[Difference]:
    """Aligned sentences whose words differ beyond what typed differences already tell."""
    found = []
    for link in alignment.links:
        one, two = base.sentences[link.base], other.sentences[link.other]
        if one.words == two.words or (link.part and _holds(link, base, other)):
            continue
        if _covered(base, other, link, told):
            continue
        early = 1.0 / (1.0 + 0.1 * min(link.base, link.other))
        found.append(
            Difference(
                DifferenceType.SENTENCE_REWORDED,
                base.sentence_span(link.base),
                other.sentence_span(link.other),
                importance=round(0.3 + 0.2 * early * (1.0 - min(1.0, link.similarity)), 4),
                confidence=round(max(0.5, min(1.0, link.similarity)), 4),
            )
        )
    return found


def _holds(link: Link, base: Side, other: Side) -> bool:
    """A split or merge that leaves every word of the shorter piece as it was."""
    pieces = (base.sentences[link.base].words, other.sentences[link.other].words)
    short, long = sorted(pieces, key=len)
    tags = {op.tag for op in Levenshtein.opcodes(short, long)}
    return tags <= {"equal", "insert"}


def _covered(base: Side, other: Side, link: Link, told: list[Difference]) -> bool:
    """Whether taking the typed spans out of both sentences leaves the same words."""
    one, two = base.sentences[link.base], other.sentences[link.other]
    inside = [
        d
        for d in told
        if d.base
        and d.other
        and d.type not in (DifferenceType.SENTENCE_MOVED, DifferenceType.HEADLINE_CHANGED)
        and one.start <= d.base.start < one.end
        and two.start <= d.other.start < two.end
    ]
    if not inside:
        return False
    left = base.without(link.base, [(d.base.start, d.base.end) for d in inside if d.base])
    right = [(d.other.start, d.other.end) for d in inside if d.other]
    return left == other.without(link.other, right)
