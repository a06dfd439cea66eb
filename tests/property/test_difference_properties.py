"""What holds for any two articles, whatever they say."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from storycluster.difference import compare
from storycluster.document import Document, parse
from storycluster.domain import Article, Difference, DifferenceType
from storycluster.settings import DifferenceSettings, TextSettings

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
TEXTS = st.lists(st.sampled_from(SENTENCES), max_size=12).map("\n\n".join)
ANY = st.one_of(TEXTS, st.text(max_size=200))


def parsed(text: str) -> Document:
    return parse(Article("a", "Title", text, language="en"), TextSettings())


def between(base: str, other: str) -> tuple[Difference, ...]:
    return compare(parsed(base), parsed(other), DifferenceSettings())[0]


@settings(max_examples=60, deadline=None)
@given(ANY)
def test_identity(text: str) -> None:
    """No text differs from itself."""
    assert between(text, text) == ()


@settings(max_examples=60, deadline=None)
@given(ANY, ANY)
def test_spans_are_exact(base: str, other: str) -> None:
    """Every span is the piece of text that its offsets say, at most 700 characters."""
    for difference in between(base, other):
        for span, text in ((difference.base, base), (difference.other, other)):
            if span is not None:
                assert (
                    span.text == {"text": text, "title": "Title"}[span.field][span.start : span.end]
                )
                assert 0 < len(span.text) <= 700


@settings(max_examples=60, deadline=None)
@given(TEXTS, TEXTS)
def test_added_mirrors_removed(base: str, other: str) -> None:
    """Swapping the sides swaps added and removed, and nothing is lost."""
    added = {
        (d.other.start, d.other.end)
        for d in between(base, other)
        if d.type is DifferenceType.SENTENCE_ADDED and d.other
    }
    removed = {
        (d.base.start, d.base.end)
        for d in between(other, base)
        if d.type is DifferenceType.SENTENCE_REMOVED and d.base
    }
    assert added == removed


@settings(max_examples=60, deadline=None)
@given(ANY, ANY)
def test_the_answer_is_always_the_same(base: str, other: str) -> None:
    """Two runs give equal differences in equal order."""
    assert between(base, other) == between(base, other)
