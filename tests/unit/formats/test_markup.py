"""Which text do pieces of markup show?"""

from __future__ import annotations

import html

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.formats.markup import looks_like_markup, shown_line, shown_text


@pytest.mark.parametrize(
    ("markup", "text"),
    [
        ("<p>One.</p><p>Two.</p>", "One.\n\nTwo."),
        ("<p>One\n  line,   <b>bold</b> and <i>more</i>.</p>", "One line, bold and more."),
        ("One<br>two<br/>three", "One\ntwo\nthree"),
        ("One<br><br>two", "One\n\ntwo"),
        ("<div>One<p>Two</div>three", "One\n\nTwo\n\nthree"),
        ("<ul><li>One</li><li>Two</li></ul>", "One\n\nTwo"),
        ("Ida R&ouml;hl &amp; 5 &lt; 6&#32;x", "Ida Röhl & 5 < 6 x"),
        ("<script>no()</script><style>p{}</style><p>Yes</p>", "Yes"),
        ("<html><head><title>T</title><body><p>Yes</p>", "Yes"),
        ("<pre>One\n  two\n\nthree</pre>", "One\ntwo\n\nthree"),
        ("plain", "plain"),
        ("", ""),
        ("<p>unclosed <b>and <i>more", "unclosed and more"),
    ],
)
def test_paragraphs_and_line_breaks_are_kept(markup: str, text: str) -> None:
    """Spaces are as browsers show them."""
    assert shown_text(markup) == text


def test_a_headline_is_one_line() -> None:
    """Whatever stands in it."""
    assert shown_line("Gate <b>jams</b><br> again") == "Gate jams again"


@pytest.mark.parametrize(
    ("text", "answer"),
    [("<p>x", True), ("a<br/>b", True), ("a < b and c > d", False), ("mail <x@y.example>", False)],
)
def test_markup_is_told_from_text(text: str, answer: bool) -> None:
    """Only by tags that texts have."""
    assert looks_like_markup(text) is answer


words = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1)


@given(st.lists(st.lists(words, min_size=1, max_size=5), max_size=5))
def test_any_text_survives_markup(paragraphs: list[list[str]]) -> None:
    """What is written as escaped paragraphs comes back, paragraph by paragraph."""
    texts = [" ".join(paragraph) for paragraph in paragraphs]
    markup = "".join(f"<p>{html.escape(text)}</p>" for text in texts)
    assert shown_text(markup) == "\n\n".join(texts)


@given(st.text(st.sampled_from("<>/!-&;pbr bodyhead\n'\"=x"), max_size=80))
def test_broken_markup_is_never_an_error(markup: str) -> None:
    """As browsers read it: something, without outer spaces."""
    shown = shown_text(markup)
    assert shown == shown.strip(" \n")
