"""Is the right part of an article embedded, and are vectors compared safely?"""

from __future__ import annotations

import numpy as np
import pytest

from storycluster.embedding import cosine, embedding_text, unit


def test_title_comes_first_then_the_lead() -> None:
    """The title and the lead are put on two lines, white space folded."""
    assert (
        embedding_text(" Ferry  sinks ", "Two boats\n\nwent out.")
        == "Ferry sinks\nTwo boats went out."
    )


def test_the_lead_ends_after_its_words() -> None:
    """No word after `lead_words` words of the text is embedded."""
    assert embedding_text("T", "one two three four", lead_words=2) == "T\none two"
    assert embedding_text("T", "one two", lead_words=0) == "T"


@pytest.mark.parametrize(
    ("title", "text", "expected"),
    [("", "", ""), ("Only title", " ", "Only title"), ("", "Only text", "Only text")],
)
def test_missing_parts_leave_no_line_break(title: str, text: str, expected: str) -> None:
    """A missing title or text leaves the other part alone."""
    assert embedding_text(title, text) == expected


def test_a_title_that_opens_the_text_is_said_once() -> None:
    """A text that begins with its own title is embedded without saying it twice."""
    assert embedding_text("Ferry sinks", "Ferry sinks\nTwo dead.") == "Ferry sinks Two dead."


def test_text_without_spaces_is_cut_by_characters() -> None:
    """A script written without spaces gives at most 12 characters a word."""
    assert len(embedding_text("", "船" * 5000, lead_words=10)) == 120


def test_negative_lead_is_refused() -> None:
    """A negative number of words is an error, not an empty lead."""
    with pytest.raises(ValueError, match="lead_words"):
        embedding_text("T", "text", lead_words=-1)


def test_unit_scales_rows_and_keeps_zero_rows() -> None:
    """Rows have length 1 afterwards, a zero row stays zero, and the input is untouched."""
    rows = np.array([[3.0, 4.0], [0.0, 0.0]], dtype=np.float32)
    scaled = unit(rows)
    np.testing.assert_allclose(scaled, [[0.6, 0.8], [0.0, 0.0]], rtol=1e-6)
    assert scaled.dtype == np.float32
    assert rows[0, 0] == 3.0


def test_unit_survives_huge_tiny_and_endless_rows() -> None:
    """Lengths beyond float32 do not overflow, and a row with no finite length becomes zero."""
    scaled = unit(np.array([[1e30, 1e30], [1e-30, 0.0], [np.inf, 1.0], [np.nan, 1.0]]))
    np.testing.assert_allclose(scaled[0], [2**-0.5] * 2, rtol=1e-6)
    np.testing.assert_array_equal(scaled[1:], [[1.0, 0.0], [0.0, 0.0], [0.0, 0.0]])


def test_unit_takes_one_vector() -> None:
    """A single vector (d,) comes back with the same shape."""
    np.testing.assert_allclose(unit(np.array([0.0, 2.0])), [0.0, 1.0])


def test_cosine_is_a_matrix_of_every_row_with_every_row() -> None:
    """Cosines are (n, m), scale-free, and 0 with a zero row."""
    left = np.array([[1.0, 0.0], [5.0, 5.0], [0.0, 0.0]])
    right = np.array([[2.0, 0.0], [-1.0, 0.0]])
    half = 2**-0.5
    np.testing.assert_allclose(
        cosine(left, right), [[1.0, -1.0], [half, -half], [0.0, 0.0]], atol=1e-6
    )
