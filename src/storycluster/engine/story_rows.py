"""What does the row of a story say, given its members, and what does it lose with them?"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from datetime import datetime

from storycluster.audit import LIVE, Change
from storycluster.domain import Assignment, Canonical, Story, StoryState
from storycluster.engine.entry import Entry

_TITLE_CHARACTERS = 200


def new_story_id(collection: str, article_id: str, sequence: int, *, attempt: int = 0) -> str:
    """An opaque id whose order is that of creation; the same for the same history."""
    again = f"\x00{attempt}" if attempt else ""
    named = f"{collection}\x00{article_id}\x00{sequence}{again}".encode()
    return f"s{sequence:010x}{hashlib.blake2b(named, digest_size=4).hexdigest()}"


def ended(was: Story, state: StoryState) -> list[Change]:
    """What a story that loses its last article loses with it."""
    stood = was.canonical.article_id if was.canonical else ""
    return [("story.state", was.state.value, state.value), ("story.canonical", stood, "")]


def arrived(assignment: Assignment) -> list[Change]:
    """What an article that came is from now on, but for the story it is in."""
    return [
        ("article.state", "", LIVE),
        ("article.revision", "", str(assignment.revision)),
        ("article.reprint_group", "", assignment.reprint_group),
    ]


def emptied(story: Story, state: StoryState, now: datetime) -> Story:
    """A story that has no members any more, nor the headline of one."""
    return dataclasses.replace(
        story,
        state=state,
        title="",
        canonical=None,
        article_count=0,
        unique_count=0,
        reprint_count=0,
        source_count=0,
        first_publish_time=None,
        last_publish_time=None,
        revision=story.revision + 1,
        update_time=now,
    )


def clipped(title: str) -> str:
    """A headline on one line, cut where it is long."""
    plain = " ".join(title.split())
    return plain if len(plain) <= _TITLE_CHARACTERS else plain[: _TITLE_CHARACTERS - 1] + "…"


def recounted(
    story: Story, members: Sequence[Entry], canonical: Canonical, title: str, now: datetime
) -> Story:
    """A story as its members and canonical make it."""
    groups = {member.reprint_group for member in members}
    times = [member.publish_time for member in members if member.publish_time is not None]
    return dataclasses.replace(
        story,
        title=title,
        canonical=canonical,
        article_count=len(members),
        unique_count=len(groups),
        reprint_count=len(members) - len(groups),
        source_count=len({member.source for member in members}),
        revision=story.revision + 1,
        update_time=now,
        first_publish_time=min(times, default=None),
        last_publish_time=max(times, default=None),
    )
