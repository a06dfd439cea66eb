"""How is what an editor did taken back?

As far as it can be: articles that are still where the act put them go back, what it said ends where
no other act said it too, and what it ended holds again where that is still so. Where a later word
is against the way back, nothing is done.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Sequence

from storycluster.domain import (
    Constraint,
    ConstraintKind,
    Override,
    OverrideKind,
    Story,
    StoryState,
)
from storycluster.engine import reading, withdrawing
from storycluster.engine.constraints import is_link
from storycluster.engine.editing import against, relocate
from storycluster.engine.entry import Entry
from storycluster.engine.overrides import Overrides
from storycluster.errors import NotFound, PreconditionFailed

_LINKS = (OverrideKind.MUST_LINK, OverrideKind.CANNOT_LINK)
_OF_PLACE = (OverrideKind.MOVE, OverrideKind.MERGE, OverrideKind.SPLIT, *_LINKS)
_FOR_GOOD = (OverrideKind.UNDO, OverrideKind.ERASE, OverrideKind.CONFIGURE)
_PAGE = 500

Way = tuple[list[Entry], str]
"""Articles of one story, in order of arrival, and the story they go back to ("": a new one)."""


def undo(overrides: Overrides, sequence: int) -> Override:
    """Take an override back; the override that says so."""
    stories = overrides.stories
    known = _known(overrides, sequence)
    released = _said_here_alone(overrides, known)
    way = _way_back(overrides, known)
    _check(overrides, known, way, released=released)
    for one in released:
        overrides.release(one)
    if way is not None:
        relocate(overrides, *way)
    _turn(overrides, known)
    again = []
    for one in known.dropped:
        if _is_so(overrides, one):
            overrides.hold(one)
            again.append(one)
    _show(overrides, [*released, *again])
    done = overrides.record(
        OverrideKind.UNDO,
        story_id=known.story_id,
        other_story_id=known.other_story_id,
        article_ids=known.article_ids,
        undoes=sequence,
        made=again,
        dropped=released,
    )
    undone = dataclasses.replace(known, undone_by=done.sequence)
    stories.transaction.put_override(stories.collection, undone)
    return done


# -- what is asked before -----------------------------------------------------------------------


def _known(overrides: Overrides, sequence: int) -> Override:
    """The override, if it can be undone. Raises NotFound, PreconditionFailed."""
    known = overrides.stories.transaction.override(overrides.stories.collection, sequence)
    if known is None:
        raise NotFound(resource="override", name=str(sequence))
    if known.undone_by:
        raise PreconditionFailed(f"override {sequence} was undone by {known.undone_by} already")
    if known.kind in _FOR_GOOD:
        raise PreconditionFailed(f"an override of kind {known.kind.value} cannot be undone")
    return known


def _said_here_alone(overrides: Overrides, known: Override) -> list[Constraint]:
    """What the override said that no other one, which holds, has said since it last ended."""
    open_, kept = set(known.made), set[Constraint]()
    for other in _newest_first(overrides):
        if other.sequence != known.sequence and not other.undone_by:
            kept |= open_.intersection(other.made)
        open_ -= {*kept, *other.dropped}
        if not open_:
            break
    return [one for one in known.made if one not in kept]


def _newest_first(overrides: Overrides) -> Iterator[Override]:
    stories, before = overrides.stories, None
    while page := stories.transaction.overrides(stories.collection, limit=_PAGE, before=before):
        yield from page
        before = page[-1].sequence


def _way_back(overrides: Overrides, known: Override) -> Way | None:
    """Who goes back where; None where nobody does."""
    if known.kind not in _OF_PLACE:
        return None
    here, back, ids = known.story_id, known.other_story_id, known.article_ids
    if known.kind is OverrideKind.SPLIT:
        here, back = back, here
    if known.kind in _LINKS:
        if not back:
            return None
        ids = ids[1:]
    there = _story(overrides, here)
    target = _story(overrides, back)
    merged = target.story_id == there.story_id
    if known.kind is OverrideKind.SPLIT and merged:
        return None
    home = target.story_id if target.state.live and not merged else ""
    group = _still_in(overrides, ids, there.story_id)
    alone = len(group) == len(overrides.stories.index.members(there.story_id))
    return (group, home) if group and (home or not alone) else None


def _check(
    overrides: Overrides, known: Override, way: Way | None, *, released: Sequence[Constraint]
) -> None:
    """Raise PreconditionFailed where a story is locked or a later word is against the way back."""
    if known.kind is OverrideKind.WITHDRAW:
        withdrawing.refuse_unless_withdrawn(overrides, known.article_ids[0])
    if way is None:
        return
    group, home = way
    for story_id in filter(None, (group[0].story_id, home)):
        overrides.unlocked(_story(overrides, story_id))
    later = [one for one in against(overrides, group, home) if one not in released]
    if later:
        words = f"{later[0].kind.value} {later[0].subject} {later[0].other}"
        raise PreconditionFailed(
            f"override {known.sequence} cannot be undone: another word is against it ({words})"
        )


# -- what is done -------------------------------------------------------------------------------


def _turn(overrides: Overrides, known: Override) -> None:
    """Bring back an article that was withdrawn, or withdraw it again."""
    if known.kind is OverrideKind.WITHDRAW:
        withdrawing.bring_back(overrides, known.article_ids[0])
    elif known.kind is OverrideKind.REINSTATE and not _is_gone(overrides, known.article_ids[0]):
        withdrawing.take_out(overrides, known.article_ids[0])


def _is_gone(overrides: Overrides, article_id: str) -> bool:
    return overrides.tombstone(article_id) is not None


def _show(overrides: Overrides, changed: Sequence[Constraint]) -> None:
    """Let the rows of stories tell of pins and locks that changed."""
    stories, index = overrides.stories, overrides.stories.index
    pins = [one.subject for one in changed if one.kind is ConstraintKind.PIN]
    for story_id in sorted({index.entry(one).story_id for one in pins if one in index.sequences}):
        stories.refresh(story_id)
    for one in changed:
        if one.kind is ConstraintKind.LOCK and stories.get(one.subject).state.live:
            locked = one.subject in overrides.held.locked
            state = StoryState.LOCKED if locked else StoryState.OPEN
            stories.set_state(stories.get(one.subject), state)


def _is_so(overrides: Overrides, constraint: Constraint) -> bool:
    """Whether what was said before is true of where the articles are now."""
    index = overrides.stories.index
    if constraint.kind is ConstraintKind.LOCK:
        return overrides.stories.get(constraint.subject).state.live
    if constraint.subject not in index.sequences:
        return False
    home = index.entry(constraint.subject).story_id
    if not is_link(constraint):
        members = {entry.article_id for entry in index.members(home)}
        return not overrides.held.pinned & members
    if constraint.other not in index.sequences:
        return False
    together = home == index.entry(constraint.other).story_id
    return together is (constraint.kind is ConstraintKind.MUST_LINK)


def _still_in(overrides: Overrides, article_ids: Sequence[str], story_id: str) -> list[Entry]:
    """The reprint groups of those articles that are in a story, in order of arrival."""
    members = overrides.stories.index.members(story_id)
    groups = {entry.reprint_group for entry in members if entry.article_id in article_ids}
    return [entry for entry in members if entry.reprint_group in groups]


def _story(overrides: Overrides, story_id: str) -> Story:
    """What an id stands for now."""
    stories = overrides.stories
    return reading.resolve(stories.transaction, stories.collection, story_id)
