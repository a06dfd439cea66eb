"""glossary: what measures are called in plain words."""

from __future__ import annotations

import pytest

from storycluster import glossary, measures
from storycluster.glossary import ASPECTS, CHANNELS, WORDS, family, words


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("age", "age of the story"),
        ("measure:title_near", "headline, like the nearest members"),
        ("dense_ahead", "meaning, ahead of the next story"),
        ("measure:of_tomorrow", "of_tomorrow"),
        ("title_of_tomorrow", "title_of_tomorrow"),
        ("", ""),
    ],
)
def test_a_kind_is_told_in_words(kind: str, told: str) -> None:
    """With or without the prefix; a measure names channel and aspect; an unknown one keeps its
    name."""
    assert words(kind) == told


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("measure:title_near", "headline"),
        ("measure:gap_far", "time"),
        ("age", "time"),
        ("measure:of_tomorrow", "of_tomorrow"),
    ],
)
def test_a_measure_belongs_to_a_family(kind: str, told: str) -> None:
    """Measures of one channel, and those of time, are told together."""
    assert family(kind) == told


def test_every_measure_has_words() -> None:
    """No measure or condition is shown to people under its own name."""
    assert [name for name in measures.MEASURES if words(name) == name] == []
    assert set(glossary.CONDITIONS) == set(measures.CONDITIONS)


def test_no_two_kinds_share_their_words() -> None:
    """Two lines of an explanation are never called the same."""
    told = [*WORDS.values(), *CHANNELS.values(), *ASPECTS.values()]
    told += glossary.CONDITIONS.values()
    assert len(set(told)) == len(told)
