"""What of one article takes part in a comparison?

Only prose: sentences outside of furniture and title. Facts are read once, sentence by sentence, and
only when first asked for; their spans refer to the text as received.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import cached_property
from typing import TypeVar

from storycluster.alignment import Link, is_telling, stems
from storycluster.document import Document
from storycluster.domain import Span
from storycluster.facts import (
    DateMention,
    Name,
    Quantity,
    Quote,
    dates,
    names,
    quantities,
    quotes,
)
from storycluster.facts.lexicon import UNITS
from storycluster.settings import DifferenceSettings
from storycluster.text import words

# Words that say how exact a figure is or in which unit, not what it is of, as stems.
_OF_FIGURES = frozenset(
    stems(["almost", "nearly", "approximately", "roughly", "estimated", *UNITS])
)
Fact = TypeVar("Fact", Quantity, DateMention, Name)


@dataclass(frozen=True, slots=True)
class Words:
    """One sentence: its place in the document's sentences, offsets, words and stems."""

    index: int
    start: int
    end: int
    words: tuple[str, ...]
    stems: tuple[str, ...]


class Side:
    """One of the two articles compared."""

    def __init__(
        self, document: Document, settings: DifferenceSettings, time: datetime | None
    ) -> None:
        self.document = document
        self.settings = settings
        self.day: date | None = time.date() if time else None
        self.english = document.language in ("", "en")
        self.sentences = self._prose()

    def _prose(self) -> list[Words]:
        found = []
        hidden = sorted((start, end) for start, end, _ in self.document.furniture)
        if self.document.title_span:
            hidden = sorted([*hidden, self.document.title_span])
        at = 0
        for index, sentence in enumerate(self.document.sentences):
            while at < len(hidden) and hidden[at][1] <= sentence.start:
                at += 1
            if at < len(hidden) and hidden[at][0] < sentence.end:
                continue
            said = tuple(words(self.document.text[sentence.start : sentence.end]))
            if said:
                own = tuple(self._stems(said))
                found.append(Words(index, sentence.start, sentence.end, said, own))
            if len(found) == self.settings.max_sentences:
                break
        return found

    def span(self, start: int, end: int) -> Span:
        """That piece of the text, clipped at a word where it is too long."""
        limit = self.settings.max_span
        if end - start > limit:
            cut = self.document.text.rfind(" ", start, start + limit)
            end = cut if cut > start else start + limit
        return Span("text", start, end, self.document.text[start:end])

    def sentence_span(self, i: int) -> Span:
        """The span of sentence i of `sentences`."""
        return self.span(self.sentences[i].start, self.sentences[i].end)

    def title_span(self) -> Span | None:
        """The headline: in the text where it was found there, else in the title field."""
        if self.document.title_span:
            return self.span(*self.document.title_span)
        title = self.document.title[: self.settings.max_span]
        return Span("title", 0, len(title), title) if title.strip() else None

    @cached_property
    def quantities(self) -> list[list[Quantity]]:
        """Of each sentence, years left out."""
        language = self.document.language or "en"
        found = []
        for s in self.sentences:
            said = quantities(self.document.text[s.start : s.end], language=language)
            found.append([_moved(q, s.start) for q in said if q.kind != "year"])
        return found

    @cached_property
    def dates(self) -> list[list[DateMention]]:
        """Of each sentence."""
        return [
            [_moved(d, s.start) for d in dates(self._text(s), anchor=self.day)]
            for s in self.sentences
        ]

    @cached_property
    def names(self) -> list[list[Name]]:
        """Of each sentence."""
        own = self.settings.aliases
        return [[_moved(n, s.start) for n in names(self._text(s), own)] for s in self.sentences]

    @cached_property
    def name_keys(self) -> set[str]:
        """Keys of all names, and of each of their words."""
        keys = {name.key for sentence in self.names for name in sentence}
        return keys | {part for key in keys for part in key.split()}

    @cached_property
    def stems(self) -> set[str]:
        """Of all sentences and the headline."""
        title = self.title_span()
        found = set(self._stems(words(title.text))) if title else set[str]()
        return found.union(*(sentence.stems for sentence in self.sentences))

    @cached_property
    def quotes(self) -> list[tuple[int, Quote]]:
        """(sentence in which it begins, quote), for quotes that lie in prose."""
        found, at = [], 0
        prose = self.sentences
        for quote in quotes(self.document.text):
            while at < len(prose) and prose[at].end <= quote.start:
                at += 1
            inside = at < len(prose) and prose[at].start <= quote.start
            if inside and not self._hides(quote.start, quote.end):
                found.append((at, quote))
        return found

    def _hides(self, start: int, end: int) -> bool:
        return any(a < end and start < b for a, b, _ in self.document.furniture)

    def _stems(self, said: Sequence[str]) -> list[str]:
        return stems(said, self.settings.aliases)

    def _text(self, sentence: Words) -> str:
        return self.document.text[sentence.start : sentence.end]

    def without(self, i: int, spans: Iterable[tuple[int, int]]) -> list[str]:
        """The words of sentence i but for those in `spans` of the text."""
        kept: list[str] = []
        sentence, text = self.sentences[i], self.document.text
        at = sentence.start
        for start, end in sorted(spans):
            kept += words(text[at:start])
            at = max(at, end)
        return kept + words(text[at : sentence.end])

    def context(self, i: int, start: int, end: int) -> tuple[list[str], list[str]]:
        """Telling stems of up to `context_words` words around [start, end) in sentence i."""
        sentence, n = self.sentences[i], self.settings.context_words
        before = words(self.document.text[sentence.start : start])[-n:]
        after = words(self.document.text[end : sentence.end])[:n]
        found = [[s for s in self._stems(near) if _anchors(s)] for near in (before, after)]
        return found[0], found[1]

    def neighbours(self, i: int, start: int, end: int) -> tuple[list[str], list[str]]:
        """The word before and the word after [start, end) in sentence i, none at its ends."""
        sentence, text = self.sentences[i], self.document.text
        return words(text[sentence.start : start])[-1:], words(text[end : sentence.end])[:1]


def stem_counts(base: Side, other: Side) -> Counter[str]:
    """In how many sentences of both sides each stem stands."""
    return Counter(stem for side in (base, other) for s in side.sentences for stem in set(s.stems))


def rarity(shared: Iterable[str], counts: Counter[str]) -> float:
    """How much stems that two places share are their own: each counts by the sentences it is in.
    The same in any order."""
    return math.fsum(1.0 / counts[stem] for stem in shared)


def all_else_equal(base: Side, other: Side, link: Link, one: Fact, two: Fact) -> bool:
    """Whether two aligned sentences have the same words but for a fact of each."""
    left = base.without(link.base, [(one.start, one.end)])
    return left == other.without(link.other, [(two.start, two.end)])


def _anchors(stem: str) -> bool:
    return is_telling(stem) and not stem[0].isdigit() and stem not in _OF_FIGURES


def _moved(fact: Fact, by: int) -> Fact:
    return replace(fact, start=fact.start + by, end=fact.end + by)
