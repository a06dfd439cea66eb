"""fingerprint: shingles, signatures, bands, verified overlap."""

from __future__ import annotations

import random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.fingerprint import (
    band_keys,
    is_near_copy,
    overlap,
    scheme,
    shingles,
    signature,
)
from storycluster.settings import FingerprintSettings

SETTINGS = FingerprintSettings()
WORDS = [f"word{i}" for i in range(400)]


def shingled(words: list[str], *, spaceless: bool = False) -> np.ndarray:
    return shingles(words, spaceless=spaceless, settings=SETTINGS)


def keys(words: list[str]) -> set[int]:
    made = shingled(words)
    return set(band_keys(made, signature(made, SETTINGS), SETTINGS))


@given(st.sets(st.integers(0, 500)), st.sets(st.integers(0, 500)))
def test_overlap_equals_that_of_sets(a: set[int], b: set[int]) -> None:
    """Jaccard and containment of arrays are those of the sets they hold."""
    measured = overlap(np.array(sorted(a), dtype=np.uint32), np.array(sorted(b), dtype=np.uint32))
    shared = len(a & b)
    assert measured.shared == shared
    assert measured.jaccard == (shared / len(a | b) if a and b else 0.0)
    assert measured.containment == (shared / min(len(a), len(b)) if a and b else 0.0)


def test_an_edited_copy_meets_its_original_in_a_band() -> None:
    """One word changed in twenty leaves at least one band in common."""
    edited = [f"x{i}" if i % 20 == 0 else word for i, word in enumerate(WORDS)]
    assert len(keys(WORDS) & keys(edited)) >= 1


def test_other_words_meet_in_no_band() -> None:
    """Texts without a common shingle share no key."""
    assert keys(WORDS) & keys([word.upper() for word in WORDS]) == set()


def test_band_recall_at_the_copy_threshold() -> None:
    """Of pairs at Jaccard .5 at least 97 % share a band (theory: 99.6 %)."""
    rng = random.Random(7)
    met = 0
    for _ in range(200):
        common = rng.sample(range(10**6), 200)
        a = common + rng.sample(range(10**6, 2 * 10**6), 100)
        b = common + rng.sample(range(2 * 10**6, 3 * 10**6), 100)
        sets = [np.array(sorted(one), dtype=np.uint32) for one in (a, b)]
        made = [set(band_keys(one, signature(one, SETTINGS), SETTINGS)) for one in sets]
        met += bool(made[0] & made[1])
    assert met >= 194


@pytest.mark.parametrize("words", [["fire"], ["fire", "in", "lyon"]])
def test_a_text_too_short_to_fingerprint_is_a_copy_of_an_equal_one_only(words: list[str]) -> None:
    """Short texts have no signature; they meet when equal, and only then."""
    assert len(signature(shingled(words), SETTINGS)) == 0
    assert overlap(shingled(words), shingled(words)).jaccard == 1.0
    assert overlap(shingled(words), shingled([*words, "today"])).jaccard == 0.0
    assert keys(words) == keys(words)


def test_an_empty_text_is_a_copy_of_nothing() -> None:
    """No shingles, no keys, and no overlap even with another empty text."""
    assert keys([]) == set()
    assert overlap(shingled([]), shingled([])).jaccard == 0.0


def test_near_copies_are_those_the_settings_say() -> None:
    """Half of the union, or most of the smaller text when enough is shared, makes a near-copy."""
    whole = shingled(WORDS)
    excerpt = shingled(WORDS[:80])
    assert is_near_copy(overlap(whole, excerpt), SETTINGS)
    assert not is_near_copy(overlap(whole, shingled(WORDS[:30] + ["y"] * 3)), SETTINGS)


def test_characters_are_shingled_in_scripts_without_spaces() -> None:
    """A Japanese sentence of 20 characters has 16 shingles of five."""
    text = list("地震で道路が寸断され救助隊が現地へ向かう")
    assert len(shingled(text, spaceless=True)) == len(text) - 4


def test_the_scheme_names_every_parameter() -> None:
    """Another shingle width or band count is another scheme."""
    others = [FingerprintSettings(shingle_words=5), FingerprintSettings(bands=63)]
    assert len({scheme(one) for one in (SETTINGS, *others)}) == 3


def test_a_signature_never_changes() -> None:
    """Stored signatures stay comparable: these values hold for ever under this scheme."""
    made = signature(shingled(WORDS), SETTINGS)
    assert made.shape == (126,)
    assert made[:3].tolist() == [2720737, 4989870, 17664159]
