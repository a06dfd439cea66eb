"""Sentences that say the same find each other, whole or in pieces."""

from __future__ import annotations

import numpy as np

from storycluster.alignment import align, stems
from storycluster.settings import DifferenceSettings
from storycluster.text import words

SETTINGS = DifferenceSettings()
A = "The harbour bridge was closed on Monday after engineers found cracks in two pillars."
B = "Ferries will carry commuters across the bay until repairs are finished in spring."
C = "The mayor promised that the city would pay for every ticket during that time."
D = "Shop owners near the quay fear that fewer visitors will come this winter."


def prepared(*sentences: str) -> list[list[str]]:
    return [stems(words(s)) for s in sentences]


def pairs(base: list[list[str]], other: list[list[str]]) -> list[tuple[int, int]]:
    return [(k.base, k.other) for k in align(base, other, SETTINGS).links]


def test_a_text_is_aligned_with_itself_in_order() -> None:
    """Every sentence is its own counterpart, at similarity 1."""
    text = prepared(A, B, C, A)
    found = align(text, text, SETTINGS)
    assert [(k.base, k.other, k.similarity) for k in found.links] == [(i, i, 1.0) for i in range(4)]
    assert found.copied


def test_moved_sentences_are_still_found() -> None:
    """The place in the text does not matter."""
    assert pairs(prepared(A, B, C), prepared(C, A, B)) == [(0, 1), (1, 2), (2, 0)]


def test_swapping_the_sides_swaps_the_links() -> None:
    """Alignment has no direction."""
    base, other = prepared(A, B, C), prepared(D, C, B)
    assert pairs(base, other) == sorted((b, a) for a, b in pairs(other, base))


def test_a_split_sentence_is_aligned_with_both_pieces() -> None:
    """One sentence made into two leaves neither piece without a counterpart."""
    joined = A[:-1] + ", and " + B
    assert {j for _, j in pairs(prepared(joined, C, D), prepared(A, B, C, D))} == {0, 1, 2, 3}


def test_unrelated_sentences_are_not_aligned() -> None:
    """Common words alone tell nothing."""
    found = align(prepared(A), prepared(D), SETTINGS)
    assert found.links == ()
    assert not found.copied


def test_vectors_alone_do_not_align() -> None:
    """Equal vectors of sentences that share no telling word are no link."""
    vector = np.ones((1, 4), np.float32) / 2
    found = align(prepared(A), prepared(D), SETTINGS, base_vectors=vector, other_vectors=vector)
    assert found.links == ()


def test_numbers_spelling_and_aliases_are_compared_by_meaning() -> None:
    """Number words, British spelling, endings and aliases make no difference."""
    one = stems(words("Nine defence operations against Islamic State"))
    two = stems(words("9 defense operation against ISIL"))
    assert one == two


def test_an_empty_side_has_no_links() -> None:
    """No sentences, no pairs, and no error."""
    assert align([], prepared(A), SETTINGS).links == ()
    assert align([], [], SETTINGS).links == ()
