"""Offsets hold for any text whatever."""

from __future__ import annotations

import itertools

from hypothesis import example, given, settings
from hypothesis import strategies as st

from storycluster.document import parse
from storycluster.domain import Article
from storycluster.settings import TextSettings
from storycluster.text import name_spans, normalise, shingle_units, words

PIECES = st.sampled_from(
    [
        "The council voted on Tuesday to rebuild the old bridge by the end of next summer. ",
        "Advertisement",
        "LONDON (Reuters) - ",
        "\n",
        "\r\n",
        "\n\n",
        " ",
        "\t",
        "Read more: more",
        "😀",
        "e\u0301\u0327",
        "قال الرئيس إن العملية مشتركة. ",
        "שלום עולם. ",
        "会議は東京で開かれた。",
        "ประเทศไทย",
        "\u202bRTL\u202c",
        "“Yes,” he said. ",
        "Jan. 12",
        "\u2028",
        "\0",
        "\ud83d",
        "(AFP/Getty Images)",
        "source: X News",
        "© 2019",
        "...",
        "U.S. forces",
        "\x85",
        "By Jane Doe",
        "👨‍👩‍👧 family. ",
    ]
)
ANY_TEXT = st.text(alphabet=st.characters(), max_size=300)
NEWS_LIKE = st.lists(st.one_of(PIECES, st.text(max_size=12)), max_size=40).map("".join)
TEXTS = st.one_of(NEWS_LIKE, ANY_TEXT)


@settings(max_examples=150, deadline=None)
@given(text=TEXTS, title=st.one_of(st.just(""), st.text(max_size=30)))
@example(text="\ud800\udfff\0", title="\ud800")
@example(text="x\r\n\r\ny. z", title="")
def test_spans_are_exact_sorted_and_disjoint(text: str, title: str) -> None:
    """Sentences and furniture are trimmed, in order, apart, and inside the text as received."""
    document = parse(Article("a", title=title, text=text, language="en"), TextSettings())
    assert document.text == text
    spans = [(one.start, one.end) for one in document.sentences]
    assert spans == sorted(spans)
    furniture = [(start, end) for start, end, _ in document.furniture]
    assert furniture == sorted(furniture)
    title_span = [document.title_span] if document.title_span else []
    merged = sorted([*spans, *furniture, *title_span])
    assert all(before[1] <= after[0] for before, after in itertools.pairwise(merged))
    for start, end in merged:
        assert 0 <= start < end <= len(text)
        assert text[start:end] == text[start:end].strip()


@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_every_letter_is_prose_furniture_or_headline(text: str) -> None:
    """Nothing is lost: what is outside all spans is white space."""
    document = parse(Article("a", text=text, language="en"), TextSettings())
    rest = list(text)
    spans = [(one.start, one.end) for one in document.sentences]
    spans += [(start, end) for start, end, _ in document.furniture]
    spans += [document.title_span] if document.title_span else []
    for start, end in spans:
        rest[start:end] = [" "] * (end - start)
    assert "".join(rest).strip() == ""


@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
@example(text="x (AFP/Getty Images) y. All rights reserved. Z")
def test_something_is_always_left_to_read(text: str) -> None:
    """A text with a letter or digit keeps a sentence or a headline."""
    document = parse(Article("a", text=text, language="en"), TextSettings())
    assert bool(document.sentences or document.title) or not any(map(str.isalnum, text))


@settings(max_examples=150, deadline=None)
@given(text=TEXTS)
def test_measuring_is_total_and_stable(text: str) -> None:
    """Words depend on the normal form alone, and name spans are in order inside the text."""
    assert words(text) == words(text)
    units, _ = shingle_units(text)
    assert bool(units) == bool(words(text))
    assert normalise(normalise(text)).strip() == normalise(normalise(text))
    spans = name_spans(text)
    assert spans == sorted(spans)
    assert all(0 <= start < end <= len(text) for start, end in spans)
    assert all(a[1] <= b[0] for a, b in itertools.pairwise(spans))
