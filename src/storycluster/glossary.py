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
    "gap_newest": "days to the newest member",
    "gap_oldest": "days to the oldest member",
    "gap_mean": "days to the middle of the story",
    "gap_nearest": "same day as a member",
    "gap_newest_wide": "weeks to the newest member",
    "gap_far": "months to the nearest member",
    "age": "age of the story",
    "strange": "next to nothing in common",
    INTERCEPT: "before anything is measured",
    "probability": "likely to belong, by the model",
    "jaccard": "wording in common",
    "containment": "wording of the shorter text within the longer",
    "second_look": "likely to belong to this story, on a second look",
    "second_look_before": "likely to belong to the story it was in",
    "large_story": "likely to belong, where the story is large",
    "large_story_core": "likely to belong to the core of the large story",
    "recluster": "likely to be right, when everything was looked at again",
    "recluster_joins": "pairs likely of one story, with hindsight",
    "recluster_stays": "pairs likely of one story with what stays, with hindsight",
    "merge": "members of the smaller story likely to belong to the larger",
}

CHANNELS: Mapping[str, str] = {
    "title": "headline",
    "lead": "opening",
    "body": "words of the text",
    "names": "names",
    "chars": "runs of letters",
    "numbers": "numbers",
    "dense": "meaning",
}

ASPECTS: Mapping[str, str] = {
    "near": "like the nearest members",
    "best": "like one member",
    "center": "like the story as a whole",
    "ahead": "ahead of the next story",
}

CONDITIONS: Mapping[str, str] = {
    "brief": "where a text is brief",
    "undated": "where a time is unknown",
    "untitled": "without a headline",
    "distant": "in a story of other weeks",
    "foreign": "in another language",
}
"""Under which a measure weighs otherwise."""


def is_of_model(kind: str) -> bool:
    """Whether evidence of that kind is a part of what the model adds up, and has no threshold of
    its own."""
    return kind == INTERCEPT or kind.startswith(MEASURE)


def words(kind: str) -> str:
    """A kind of evidence in plain words; `channel_aspect` is "channel: aspect"."""
    name = kind.removeprefix(MEASURE)
    channel, _, aspect = name.rpartition("_")
    if channel in CHANNELS and aspect in ASPECTS:
        return f"{CHANNELS[channel]}, {ASPECTS[aspect]}"
    return WORDS.get(name, name)


def family(kind: str) -> str:
    """What a measure is about, in plain words: its channel, "time", or itself."""
    name = kind.removeprefix(MEASURE)
    channel, _, aspect = name.rpartition("_")
    if channel in CHANNELS and aspect in ASPECTS:
        return CHANNELS[channel]
    return "time" if name == "age" or name.startswith("gap_") else WORDS.get(name, name)
