"""What does a figure count, and what befell those that it counts?"""

from __future__ import annotations

from storycluster.facts.figures import is_plural, word_at
from storycluster.facts.lexicon import (
    EXTENTS,
    GATHERED,
    IRREGULAR,
    NOT_COUNTED,
    SAME_NOUN,
    STATES,
)
from storycluster.facts.tokens import DASHES, Token, lemma

_BACK = 6  # tokens before a figure in which the noun of a sum may stand: "attendance was put at"
_ALONG = 2  # tokens after "and" among which a second counted noun stands
_NOT_ALONG = NOT_COUNTED | {"dozens", "scores", "hundreds", "thousands", "millions", "others"}
_NEAR = 3  # the same for a noun with its "of": "a crowd of more than"


def counted_noun(row: list[Token], at: int) -> tuple[str, tuple[str, ...]]:
    """Lemma of the noun a figure before token `at` counts, and the words between."""
    i = at + 1 if word_at(row, at) in DASHES else at
    if word_at(row, i) == "of" and word_at(row, i + 1) in (
        "the",
        "its",
        "their",
        "his",
        "her",
        "those",
        "these",
        "our",
    ):
        i += 2
    further = word_at(row, i) in ("other", "more", "additional", "further", "others")
    i += further
    run: list[Token] = []
    while i < len(row) and len(run) < 5:
        token = row[i]
        if token.low in DASHES and run and row[i - 1].end == token.start:
            i += 1
            continue
        if token.kind != "word" or token.low in NOT_COUNTED:
            break
        if run and token.low.endswith(("ed", "ing")) and is_plural(run[-1].low):
            break
        run.append(token)
        if is_plural(token.low) and not token.text[0].isupper():
            break
        i += 1
    while run and run[-1].low.endswith("ly"):
        run.pop()
    if not run:
        return "", (("other",) if further else ())
    between = tuple(token.low for token in run[:-1])
    return _lemma(run[-1].low), ("other", *between) if further else between


def counted_along(row: list[Token], at: int) -> str:
    """Lemma of the second noun that a figure before token `at` counts: "24 persons and spy
    agencies"; "" where "and" leads to another figure or to a verb."""
    plurals = [i for i in range(at, min(at + 5, len(row))) if is_plural(row[i].low)]
    if not plurals or word_at(row, plurals[0] + 1) != "and":
        return ""
    for token in row[plurals[0] + 2 : plurals[0] + 2 + _ALONG]:
        if token.kind != "word" or token.low in _NOT_ALONG or token.low.endswith(("ed", "ing")):
            return ""
        if is_plural(token.low):
            return _lemma(token.low)
    return ""


def _lemma(word: str) -> str:
    single = IRREGULAR.get(word) or lemma(word)
    return SAME_NOUN.get(single, single)


def state_near(row: list[Token], first: int, last: int) -> str:
    """The state nearest to the figure in its clause, up to 4 tokens before and 5 after."""
    best, state = 99, ""
    for step, walk in ((1, row[last : last + 5]), (-1, row[max(0, first - 4) : first][::-1])):
        for distance, token in enumerate(walk, start=1):
            if token.low in ",;.:()" or token.low == "and":
                break
            if token.low in STATES and distance < best + (step < 0):
                best, state = distance, STATES[token.low]
    return state


def gathered_noun(row: list[Token], first: int, *, bare: bool) -> str:
    """Lemma of what a figure counts where the noun stands before it: "a crowd of 5,000 watched",
    and where it is bare, "attendance was put at 42,100"."""
    for distance, token in enumerate(row[max(0, first - _BACK) : first][::-1]):
        if token.low in ",;.:()":
            return ""
        if token.low in GATHERED:
            near = distance <= _NEAR and word_at(row, first - distance) == "of"
            return GATHERED[token.low] if bare or near else ""
    return ""


def extent(row: list[Token], first: int, last: int) -> str:
    """Which way the length in tokens [first, last) is measured: "40 metres deep", "a depth of 40
    metres"; "" where that is not said."""
    at = last + 1 if word_at(row, last) in DASHES else last
    if word_at(row, at) in EXTENTS:
        return EXTENTS[word_at(row, at)]
    before = [token.low for token in row[max(0, first - 3) : first]]
    if "of" not in before:
        return ""
    return next((EXTENTS[word] for word in before[: before.index("of")] if word in EXTENTS), "")
