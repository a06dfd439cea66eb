"""What holds for any two articles, whatever they say?"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storycluster.alignment import Float32
from storycluster.difference import compare
from storycluster.document import Document, parse
from storycluster.domain import Aligned, Article, Difference, DifferenceType, Span
from storycluster.settings import DifferenceSettings, TextSettings

T = DifferenceType
SENTENCES = [
    "The harbour bridge was closed on Monday after engineers found cracks in two pillars.",
    "The harbour bridge was closed on Tuesday after engineers found cracks in three pillars.",
    "Ferries will carry 1,200 commuters across the bay until repairs are finished in spring.",
    "“We will pay for every ticket during that time,” Mayor Anna Ek told reporters.",
    "“We will pay for each bus ride during that time,” the mayor told reporters.",
    "Shop owners near the quay fear that fewer visitors will come this winter.",
    "At least 12 people were injured, the Foreign Ministry said.",
    "About 15 people were injured, the Defence Ministry said.",
]
RETOLD = [
    "Cracks in a pillar shut the bridge over the harbour, which Ostrava Steel built in 1972.",
    "Commuters must take ferries, run by the Lindqvist family since the war, until the spring.",
    "Twelve were hurt when a tram full of pupils from Northfield school ran into a parked lorry.",
    "The mayor, Anna Ek, promised free tickets and a hotline for stranded pensioners.",
]
STRANGE = [
    "👩\u200d👩\u200d👧", "🇺🇦🏳️\u200d🌈", "e\u0301a\u0308n\u0303", "\u0301\u0301", "½ ① ٣٤",
    "الوزير قال اليوم", "שלום עולם. ", "東京で地震、12人が負傷。", "नमस्ते दुनिया", "สวัสดีชาวโลก",
    "\u202e12 people\u202c", "\u00a0", "\u200b", "\u2028", "\r\n", "\ufeff", "\x00", "“„»", "- – —",
    "İiIı", "ﬁ ß ſ", "𝟙𝟚 𝕡𝕖𝕠𝕡𝕝𝕖", "$٣",
]  # fmt: skip
SHORT = [
    "",
    " ",
    "\n",
    ".",
    "a",
    "1",
    "“",
    "”",
    "😀",
    "\u0301",
    "Title",
    "12 dead",
    "Monday.",
    "ا",
    "東",
]


@st.composite
def mixed(draw: st.DrawFn) -> str:
    """A sentence with pieces of any script put in anywhere."""
    text = draw(st.sampled_from(SENTENCES + RETOLD))
    for piece in draw(st.lists(st.sampled_from(STRANGE), max_size=3)):
        at = draw(st.integers(0, len(text)))
        text = text[:at] + piece + text[at:]
    return text


TEXTS = st.lists(st.sampled_from(SENTENCES), max_size=12).map("\n\n".join)
INDEPENDENT = st.lists(st.sampled_from(RETOLD), max_size=4).map("\n\n".join)
MIXED = st.lists(mixed(), max_size=6).flatmap(
    lambda found: st.sampled_from(["\n\n", " "]).map(lambda joint: joint.join(found))
)
ANY = st.one_of(TEXTS, INDEPENDENT, MIXED, st.text(max_size=200))
LANGUAGES = st.sampled_from(["en", ""])


def parsed(text: str, *, title: str = "Title", language: str = "en") -> Document:
    return parse(Article("a", title, text, language=language), TextSettings())


def vectors(document: Document) -> Float32:
    """A unit vector of each sentence, equal for equal sentences."""
    rows = [_vector(document.sentence_text(i)) for i in range(len(document.sentences))]
    return np.asarray(rows, np.float32).reshape(len(rows), 8)


def _vector(text: str) -> Sequence[float]:
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()[:8]
    row = np.frombuffer(digest, np.uint8).astype(np.float64) + 1.0
    return list(row / np.linalg.norm(row))


def told(base: Document, other: Document) -> tuple[tuple[Difference, ...], tuple[Aligned, ...]]:
    return compare(
        base,
        other,
        DifferenceSettings(),
        base_vectors=vectors(base),
        other_vectors=vectors(other),
    )


def between(base: str, other: str) -> tuple[Difference, ...]:
    return compare(parsed(base), parsed(other), DifferenceSettings())[0]


def one_sided(found: Sequence[Difference], kind: DifferenceType) -> set[Span | None]:
    """The spans of one type; only the side that has it may have a span."""
    for difference in found:
        if difference.type is kind:
            assert (difference.base is None) != (difference.other is None)
    return {one.base or one.other for one in found if one.type is kind}


def is_exact(span: Span | None, document: Document, title: str) -> bool:
    """Whether the text of the span is just what its offsets say."""
    if span is None:
        return True
    text = {"text": document.text, "title": title}[span.field]
    inside = 0 <= span.start < span.end <= len(text)
    return inside and span.text == text[span.start : span.end] and len(span.text) <= 700


@settings(max_examples=60, deadline=None)
@given(ANY, LANGUAGES)
def test_identity(text: str, language: str) -> None:
    """No text differs from itself, with vectors or without."""
    document = parsed(text, language=language)
    assert between(text, text) == ()
    assert told(document, document)[0] == ()


@settings(max_examples=60, deadline=None)
@given(ANY, ANY, LANGUAGES)
def test_spans_are_exact(base: str, other: str, language: str) -> None:
    """Every span, of differences and of what says the same, is the piece of text that its offsets
    say, at most 700 characters."""
    one, two = parsed(base, language=language), parsed(other, language=language)
    differences, aligned = told(one, two)
    for found in (*differences, *aligned):
        assert is_exact(found.base, one, "Title")
        assert is_exact(found.other, two, "Title")


@settings(max_examples=50, deadline=None)
@given(mixed(), mixed(), TEXTS)
def test_spans_of_headlines_are_exact(base: str, other: str, text: str) -> None:
    """A headline of any script has exact spans as well."""
    one, two = parsed(text, title=base), parsed(text, title=other)
    for found in told(one, two)[0]:
        assert is_exact(found.base, one, one.title)
        assert is_exact(found.other, two, two.title)


@pytest.mark.parametrize(
    "mirror", [(T.SENTENCE_ADDED, T.SENTENCE_REMOVED), (T.DETAIL_ADDED, T.DETAIL_REMOVED)]
)
@settings(max_examples=50, deadline=None)
@given(base=ANY, other=ANY)
def test_added_mirrors_removed(
    mirror: tuple[DifferenceType, DifferenceType], base: str, other: str
) -> None:
    """Swapping the sides swaps what is added and what is removed, and nothing is lost."""
    there, back = between(base, other), between(other, base)
    for kind, opposite in (mirror, mirror[::-1]):
        assert one_sided(there, kind) == one_sided(back, opposite)


@settings(max_examples=50, deadline=None)
@given(INDEPENDENT, INDEPENDENT)
def test_details_mirror_with_vectors(base: str, other: str) -> None:
    """The same of independent reports whose sentences are tied by vectors too."""
    one, two = parsed(base), parsed(other)
    there, back = told(one, two)[0], told(two, one)[0]
    for kind, opposite in (
        (T.SENTENCE_ADDED, T.SENTENCE_REMOVED),
        (T.DETAIL_ADDED, T.DETAIL_REMOVED),
    ):
        assert one_sided(there, kind) == one_sided(back, opposite)


def test_the_texts_have_details() -> None:
    """The sentences above do make details of both kinds, so that the rules are not empty."""
    found = between(SENTENCES[0] + " " + SENTENCES[6], RETOLD[0] + " " + RETOLD[2])
    assert {T.DETAIL_ADDED, T.SENTENCE_ADDED} & {one.type for one in found}


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(SHORT), st.one_of(st.sampled_from(SHORT), ANY), st.sampled_from(SHORT))
def test_hardly_any_text_is_compared_as_well(short: str, text: str, title: str) -> None:
    """Nothing, a letter, a mark or an emoji can be compared, either way round."""
    one, two = parsed(short, title=title, language=""), parsed(text, title="", language="")
    for base, other in ((one, two), (two, one), (one, one)):
        for found in told(base, other)[0]:
            assert is_exact(found.base, base, base.title)
            assert is_exact(found.other, other, other.title)


@settings(max_examples=60, deadline=None)
@given(ANY, ANY)
def test_the_answer_is_always_the_same(base: str, other: str) -> None:
    """Two runs give equal differences in equal order."""
    assert between(base, other) == between(base, other)
