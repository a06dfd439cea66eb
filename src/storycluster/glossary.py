"""What is each measure called in plain words?

The one place that names measures to people. A measure that is not here is shown by its own name.
"""

from __future__ import annotations

from collections.abc import Mapping

MEASURE = "measure:"
"""Begins the kind of evidence that is a measure of the decision model."""

INTERCEPT = "intercept"
"""The kind of evidence for what the model adds before anything is measured."""

WORDS: Mapping[str, str] = {
    "title": "headline",
    "lead": "opening",
    "body": "words of the text",
    "names": "names",
    "chars": "runs of letters",
    "dense": "meaning",
    "gap_newest": "time to the newest member",
    "gap_oldest": "time to the oldest member",
    "undated": "a time is unknown",
    "brief": "a text is brief",
    "untitled": "no headline",
    INTERCEPT: "before anything is measured",
    "probability": "likely to belong, by the model",
    "jaccard": "wording in common",
    "containment": "wording of the shorter text within the longer",
    "second_look": "likely to belong to this story, on a second look",
    "second_look_before": "likely to belong to the story it was in",
    "merge": "members of the smaller story likely to belong to the larger",
}

_CONDITIONS = ("brief", "undated")


def is_of_model(kind: str) -> bool:
    """Whether evidence of that kind is a part of what the model adds up, and has no threshold of
    its own."""
    return kind == INTERCEPT or kind.startswith(MEASURE)


def words(kind: str) -> str:
    """A kind of evidence in plain words; `a_b`, the product of condition a and measure b, is
    "b (a)"."""
    name = kind.removeprefix(MEASURE)
    if name in WORDS:
        return WORDS[name]
    condition, _, measure = name.partition("_")
    if condition in _CONDITIONS and measure in WORDS:
        return f"{WORDS[measure]} ({condition})"
    return name
