"""Which changes of a plan does somebody ask for?"""

from __future__ import annotations

from storycluster.domain import Change, ChangeFilter


def passes(change: Change, wanted: ChangeFilter) -> bool:
    """Whether a change is of the kind, has at least the gain, and is from or to the story."""
    of_kind = wanted.kind is None or change.kind is wanted.kind
    of_story = not wanted.story_id or wanted.story_id in (change.from_story, change.to_story)
    return of_kind and of_story and change.gain >= wanted.min_gain
