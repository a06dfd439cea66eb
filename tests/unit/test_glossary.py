"""glossary: what measures are called in plain words."""

from __future__ import annotations

import json
from importlib import resources

import pytest

from storycluster.glossary import WORDS, words


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("names", "names"),
        ("measure:title", "headline"),
        ("brief_title", "headline (brief)"),
        ("measure:undated_names", "names (undated)"),
        ("measure:of_tomorrow", "of_tomorrow"),
        ("brief_of_tomorrow", "brief_of_tomorrow"),
        ("", ""),
    ],
)
def test_a_kind_is_told_in_words(kind: str, told: str) -> None:
    """With or without the prefix; a product names its condition; an unknown one keeps its name."""
    assert words(kind) == told


def test_every_measure_that_ships_has_words() -> None:
    """No weight of a shipped model is shown to people under its own name, but for `names`."""
    file = resources.files("storycluster") / "data" / "decision.json"
    models = json.loads(file.read_text(encoding="utf-8"))["models"]
    weights = {name for model in models for name in model["weights"]}
    assert {name for name in weights if words(name) == name} <= {"names"}


def test_no_two_kinds_share_their_words() -> None:
    """Two lines of an explanation are never called the same."""
    assert len(set(WORDS.values())) == len(WORDS)
