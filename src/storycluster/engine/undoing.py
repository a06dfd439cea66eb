"""How is what an editor did taken back?

As far as it can be: articles that are still where the act put them go back, what it made ends, and
what it ended holds again where that is still true of where the articles are.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Mapping, Sequence

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
from storycluster.engine.editing import relocate
from storycluster.engine.entry import Entry
from storycluster.engine.overrides import Overrides
from storycluster.errors import NotFound, PreconditionFailed


def undo(overrides: Overrides, sequence: int) -> Override:
    """Take an override back; the override that says so."""
    stories = overrides.stories
    known = stories.transaction.override(stories.collection, sequence)
    if known is None:
        raise NotFound(resource="override", name=str(sequence))
    if known.undone_by:
        raise PreconditionFailed(f"override {sequence} was undone by {known.undone_by} already")
    if known.kind not in _BACK:
        raise PreconditionFailed(f"an override of kind {known.kind.value} cannot be undone")
    _check_locks(overrides, known)
    for one in known.made:
        overrides.release(one)
    _BACK[known.kind](overrides, known)
    again = [one for one in known.dropped if _is_so(overrides, one)]
    for one in again:
        overrides.hold(one)
    for story_id in _pinned_stories(overrides, [*known.made, *again]):
        stories.refresh(story_id)
    done = overrides.record(
        OverrideKind.UNDO,
        story_id=known.story_id,
        other_story_id=known.other_story_id,
        article_ids=known.article_ids,
        undoes=sequence,
        made=again,
        dropped=known.made,
    )
    undone = dataclasses.replace(known, undone_by=done.sequence)
    stories.transaction.put_override(stories.collection, undone)
    return done


def _check_locks(overrides: Overrides, known: Override) -> None:
    if known.kind in (OverrideKind.LOCK, OverrideKind.UNLOCK, *_OF_ONE_ARTICLE):
        return
    for story_id in filter(None, (known.story_id, known.other_story_id)):
        overrides.unlocked(_story(overrides, story_id))


_OF_ONE_ARTICLE = (
    OverrideKind.PIN,
    OverrideKind.UNPIN,
    OverrideKind.WITHDRAW,
    OverrideKind.REINSTATE,
)


def _story(overrides: Overrides, story_id: str) -> Story:
    """What an id stands for now."""
    stories = overrides.stories
    return reading.resolve(stories.transaction, stories.collection, story_id)


def _is_so(overrides: Overrides, constraint: Constraint) -> bool:
    """Whether what was said before is true of where the articles are now."""
    index = overrides.stories.index
    if constraint.kind is ConstraintKind.LOCK:
        return _story(overrides, constraint.subject).state.live
    if constraint.subject not in index.sequences:
        return False
    if not is_link(constraint):
        return True
    if constraint.other not in index.sequences:
        return False
    together = index.entry(constraint.subject).story_id == index.entry(constraint.other).story_id
    return together is (constraint.kind is ConstraintKind.MUST_LINK)


def _pinned_stories(overrides: Overrides, changed: Sequence[Constraint]) -> list[str]:
    """Ids of the stories whose pins changed."""
    index = overrides.stories.index
    pins = [one.subject for one in changed if one.kind is ConstraintKind.PIN]
    return sorted({index.entry(one).story_id for one in pins if one in index.sequences})


def _still_in(overrides: Overrides, article_ids: Sequence[str], story_id: str) -> list[Entry]:
    """The reprint groups of those articles that are in a story, in order of arrival."""
    members = overrides.stories.index.members(story_id)
    groups = {entry.reprint_group for entry in members if entry.article_id in article_ids}
    return [entry for entry in members if entry.reprint_group in groups]


def _send(overrides: Overrides, article_ids: Sequence[str], *, here: str, back: str) -> None:
    """Articles that are still in one story go to another, or where that is closed, or is "", to a
    new one; where that would be all of them and no other, they stay."""
    here = _story(overrides, here).story_id
    target = _story(overrides, back) if back else None
    home = target.story_id if target is not None and target.state.live else ""
    group = _still_in(overrides, article_ids, here)
    alone = len(group) == len(overrides.stories.index.members(here))
    if group and home != here and (home or not alone):
        relocate(overrides, group, home)


def _unmove(overrides: Overrides, known: Override) -> None:
    left, here = known.other_story_id, known.story_id
    merged = _story(overrides, left).story_id == _story(overrides, here).story_id
    _send(overrides, known.article_ids, here=here, back="" if merged else left)


def _unmerge(overrides: Overrides, known: Override) -> None:
    _send(overrides, known.article_ids, here=known.story_id, back="")


def _unsplit(overrides: Overrides, known: Override) -> None:
    _send(overrides, known.article_ids, here=known.other_story_id, back=known.story_id)


def _unlink(overrides: Overrides, known: Override) -> None:
    if known.other_story_id:
        moved = dataclasses.replace(known, article_ids=known.article_ids[1:])
        _unmove(overrides, moved)


def _nothing(overrides: Overrides, known: Override) -> None:
    """The constraints are all there was."""


def _unlock(overrides: Overrides, known: Override) -> None:
    story = _story(overrides, known.story_id)
    if story.state is StoryState.LOCKED:
        overrides.stories.set_state(story, StoryState.OPEN)


def _lock(overrides: Overrides, known: Override) -> None:
    story = _story(overrides, known.story_id)
    if story.state is StoryState.OPEN:
        overrides.stories.set_state(story, StoryState.LOCKED)


def _reinstate(overrides: Overrides, known: Override) -> None:
    withdrawing.bring_back(overrides, known.article_ids[0])


def _withdraw(overrides: Overrides, known: Override) -> None:
    if overrides.tombstone(known.article_ids[0]) is None:
        withdrawing.take_out(overrides, known.article_ids[0])


_BACK: Mapping[OverrideKind, Callable[[Overrides, Override], None]] = {
    OverrideKind.MOVE: _unmove,
    OverrideKind.MERGE: _unmerge,
    OverrideKind.SPLIT: _unsplit,
    OverrideKind.PIN: _nothing,
    OverrideKind.UNPIN: _nothing,
    OverrideKind.LOCK: _unlock,
    OverrideKind.UNLOCK: _lock,
    OverrideKind.MUST_LINK: _unlink,
    OverrideKind.CANNOT_LINK: _unlink,
    OverrideKind.UNLINK: _nothing,
    OverrideKind.WITHDRAW: _reinstate,
    OverrideKind.REINSTATE: _withdraw,
}
