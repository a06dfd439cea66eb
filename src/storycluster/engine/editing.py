"""How does an editor put stories right?

Each act checks first, then moves whole reprint groups, then writes down what it did and the
constraints that keep it so. The newer word holds: what an act goes against ends with it.
"""

from __future__ import annotations

from collections.abc import Sequence

from storycluster.domain import (
    Constraint,
    ConstraintKind,
    Override,
    OverrideKind,
    Story,
    StoryState,
)
from storycluster.engine.constraints import is_link, link, lock, pin
from storycluster.engine.entry import Entry
from storycluster.engine.overrides import EDITOR, Overrides
from storycluster.errors import InvalidInput, NotFound, PreconditionFailed

Edited = tuple[Override, Story]
"""What was done, and the story as it is now."""

Held = list[Constraint]

MUST, CANNOT = ConstraintKind.MUST_LINK, ConstraintKind.CANNOT_LINK


def move(
    overrides: Overrides, article_id: str, story_id: str, *, expected_revision: int = 0
) -> Edited:
    """Move an article with its copies to a story, or to a new one where `story_id` is ""."""
    stories = overrides.stories
    entry = overrides.entry(article_id)
    origin = overrides.story(entry.story_id, expected_revision=expected_revision)
    overrides.unlocked(origin)
    target = overrides.unlocked(overrides.story(story_id)).story_id if story_id else ""
    group = stories.group(entry)
    if target == origin.story_id:
        raise PreconditionFailed(f"article {article_id!r} is in story {target} already")
    if not target and len(group) == len(stories.index.members(origin.story_id)):
        raise PreconditionFailed(f"article {article_id!r} is alone in its story already")
    made, dropped = _hold_apart(overrides, group)
    if target:
        more, ended = _hold_together(overrides, group, target)
        made, dropped = [*made, *more], [*dropped, *ended]
    home = relocate(overrides, group, target)
    override = overrides.record(
        OverrideKind.MOVE,
        story_id=home,
        other_story_id=origin.story_id,
        article_ids=_first(article_id, group),
        made=made,
        dropped=dropped,
    )
    return override, stories.get(home)


def _first(article_id: str, group: Sequence[Entry]) -> list[str]:
    """Ids of a group, the one that was asked for first."""
    return [article_id, *(one.article_id for one in group if one.article_id != article_id)]


def _hold_apart(overrides: Overrides, leaving: Sequence[Entry]) -> tuple[Held, Held]:
    """The first of some articles that leave a story may be with none that stays; what that ends."""
    stories, held = overrides.stories, overrides.held
    ids = [entry.article_id for entry in leaving]
    members = stories.index.members(leaving[0].story_id)
    staying = [one for one in members if one.article_id not in ids]
    ended = held.between(MUST, ids, [one.article_id for one in staying])
    firsts = _firsts(staying)
    return _change(overrides, [link(CANNOT, ids[0], one) for one in firsts], ended)


def _firsts(members: Sequence[Entry]) -> list[str]:
    """The first article of each reprint group, in order of arrival."""
    found: dict[str, str] = {}
    for entry in members:
        found.setdefault(entry.reprint_group, entry.article_id)
    return list(found.values())


def _hold_together(overrides: Overrides, coming: Sequence[Entry], target: str) -> tuple[Held, Held]:
    """Articles must be with the canonical of the story they come to; what that ends."""
    stories, held = overrides.stories, overrides.held
    ids = [entry.article_id for entry in coming]
    there = [one.article_id for one in stories.index.members(target)]
    ended = held.between(CANNOT, ids, there)
    anchor = stories.canonical(target).article_id
    return _change(overrides, [link(MUST, ids[0], anchor)], ended)


def _change(overrides: Overrides, made: Held, ended: Held) -> tuple[Held, Held]:
    """Let some constraints end and others hold, which may have held before; both."""
    for one in ended:
        overrides.release(one)
    for one in made:
        overrides.hold(one)
    return made, ended


def relocate(overrides: Overrides, group: Sequence[Entry], target: str) -> str:
    """Put articles of one story, in order of arrival, into another one, or a new one; its id then.

    Where nobody stays behind the two are merged, so that the id that is left goes on resolving.
    Their pins end: they stood for the story that they leave.
    """
    stories = overrides.stories
    origin = group[0].story_id
    for entry in group:
        if entry.article_id in overrides.held.pinned:
            reason = "the article left the story"
            overrides.broken(pin(entry.article_id), reason=reason, story_id=origin)
    if not target:
        target = stories.part(group, EDITOR)
    elif len(group) == len(stories.index.members(origin)):
        target = stories.merge(origin, target, EDITOR, cause=group[0].article_id)
    else:
        stories.transfer(group, target, EDITOR)
    if stories.index.members(origin):
        stories.refresh(origin)
    if target != origin:
        stories.refresh(target)
    return target


def merge(
    overrides: Overrides, story_id: str, other_story_id: str, *, expected_revision: int = 0
) -> Edited:
    """Make two stories one; the older id stays."""
    stories = overrides.stories
    one = overrides.unlocked(overrides.story(story_id, expected_revision=expected_revision))
    other = overrides.unlocked(overrides.story(other_story_id))
    if one.story_id == other.story_id:
        raise PreconditionFailed(f"{story_id} and {other_story_id} are one story already")
    winner, loser = sorted((one.story_id, other.story_id))
    coming = stories.index.members(loser)
    made, dropped = _hold_together(overrides, _standing_first(overrides, coming), winner)
    pins = [pin(one.article_id) for one in coming if one.article_id in overrides.held.pinned]
    stories.merge(winner, loser, EDITOR, cause=coming[0].article_id)
    stories.refresh(winner)
    dropped += [one for one in pins if not overrides.held.has(one)]  # undone, they hold again
    override = overrides.record(
        OverrideKind.MERGE,
        story_id=winner,
        other_story_id=loser,
        article_ids=[entry.article_id for entry in coming],
        made=made,
        dropped=dropped,
    )
    return override, stories.get(winner)


def _standing_first(overrides: Overrides, members: Sequence[Entry]) -> list[Entry]:
    """The members of a story, its canonical first."""
    stands = overrides.stories.canonical(members[0].story_id).article_id
    return sorted(members, key=lambda one: one.article_id != stands)


def split(
    overrides: Overrides, story_id: str, article_ids: Sequence[str], *, expected_revision: int = 0
) -> Edited:
    """Give some articles of a story, with their copies, a new one, in which they stay together."""
    stories = overrides.stories
    story = overrides.unlocked(overrides.story(story_id, expected_revision=expected_revision))
    if not article_ids:
        raise InvalidInput.of("article_ids", "must not be empty")
    asked = [overrides.entry(one) for one in article_ids]
    for entry in asked:
        if entry.story_id != story.story_id:
            told = f"article {entry.article_id!r} is in story {entry.story_id}, not {story_id}"
            raise PreconditionFailed(told)
    groups = {entry.reprint_group for entry in asked}
    members = stories.index.members(story.story_id)
    leaving = [one for one in members if one.reprint_group in groups]
    if len(leaving) == len(members):
        raise PreconditionFailed("an article must stay: these, with their copies, are all")
    made, dropped = _hold_apart(overrides, leaving)
    one, *rest = _firsts(leaving)
    bound, _ = _change(overrides, [link(MUST, one, other) for other in rest], [])
    opened = relocate(overrides, leaving, "")
    override = overrides.record(
        OverrideKind.SPLIT,
        story_id=story.story_id,
        other_story_id=opened,
        article_ids=[entry.article_id for entry in leaving],
        made=[*made, *bound],
        dropped=dropped,
    )
    return override, stories.get(opened)


def pin_canonical(overrides: Overrides, article_id: str, *, expected_revision: int = 0) -> Edited:
    """Let an article stand for its story; an earlier pin of the story ends."""
    stories = overrides.stories
    entry = overrides.entry(article_id)
    story = overrides.story(entry.story_id, expected_revision=expected_revision)
    if article_id in overrides.held.pinned:
        raise PreconditionFailed(f"article {article_id!r} is pinned already")
    before = overrides.unpin(story.story_id)
    overrides.hold(pin(article_id))
    stories.refresh(story.story_id)
    override = overrides.record(
        OverrideKind.PIN,
        story_id=story.story_id,
        article_ids=[article_id, *(one.subject for one in before)],
        made=[pin(article_id)],
        dropped=before,
    )
    return override, stories.get(story.story_id)


def unpin_canonical(overrides: Overrides, story_id: str, *, expected_revision: int = 0) -> Edited:
    """Let the policy choose again."""
    stories = overrides.stories
    story = overrides.story(story_id, expected_revision=expected_revision)
    ended = overrides.unpin(story.story_id)
    if not ended:
        raise PreconditionFailed(f"no article of story {story.story_id} is pinned")
    stories.refresh(story.story_id)
    override = overrides.record(
        OverrideKind.UNPIN,
        story_id=story.story_id,
        article_ids=[one.subject for one in ended],
        dropped=ended,
    )
    return override, stories.get(story.story_id)


def lock_story(overrides: Overrides, story_id: str, *, expected_revision: int = 0) -> Edited:
    """Keep a story as it is."""
    story = overrides.story(story_id, expected_revision=expected_revision)
    overrides.unlocked(story)
    overrides.hold(lock(story.story_id))
    changed = overrides.stories.set_state(story, StoryState.LOCKED)
    made = [lock(story.story_id)]
    return overrides.record(OverrideKind.LOCK, story_id=story.story_id, made=made), changed


def unlock_story(overrides: Overrides, story_id: str, *, expected_revision: int = 0) -> Edited:
    """Let a story change again."""
    story = overrides.story(story_id, expected_revision=expected_revision)
    if story.story_id not in overrides.held.locked:
        raise PreconditionFailed(f"story {story.story_id} is not locked")
    overrides.release(lock(story.story_id))
    changed = overrides.stories.set_state(story, StoryState.OPEN)
    ended = [lock(story.story_id)]
    return overrides.record(OverrideKind.UNLOCK, story_id=story.story_id, dropped=ended), changed


def link_articles(
    overrides: Overrides, kind: ConstraintKind, article_id: str, other_article_id: str
) -> Edited:
    """Say that two articles are, or are not, about one event; the second comes to the first, or
    leaves it for a new story."""
    stories = overrides.stories
    if kind not in (MUST, CANNOT):
        raise InvalidInput.of("kind", "must be must_link or cannot_link")
    stays, goes = overrides.entry(article_id), overrides.entry(other_article_id)
    if article_id == other_article_id:
        raise InvalidInput.of("other_article_id", "must be another article")
    if kind is CANNOT and stays.reprint_group == goes.reprint_group:
        raise PreconditionFailed("copies of one text are always in one story")
    moving = (stays.story_id == goes.story_id) is (kind is CANNOT)
    if moving:
        for entry in (stays, goes):
            overrides.unlocked(overrides.story(entry.story_id))
    said = link(kind, article_id, other_article_id)
    before = [one for one in _said_of(overrides, article_id, other_article_id) if one != said]
    made, dropped = _change(overrides, [said], before)
    origin = goes.story_id
    if moving:
        target = stays.story_id if kind is MUST else ""
        group = stories.group(goes)
        dropped += _change(overrides, [], against(overrides, group, target))[1]
        relocate(overrides, group, target)
    home = stories.index.entry(other_article_id).story_id
    override = overrides.record(
        OverrideKind(kind.value),
        story_id=home,
        other_story_id=origin if moving else "",
        article_ids=[article_id, other_article_id],
        made=made,
        dropped=dropped,
    )
    return override, stories.get(home)


def against(overrides: Overrides, group: Sequence[Entry], target: str) -> Held:
    """What is said against articles leaving their story for another, or, where it is "", a new
    one."""
    stories, held = overrides.stories, overrides.held
    ids = [one.article_id for one in group]
    members = [one.article_id for one in stories.index.members(group[0].story_id)]
    there = [one.article_id for one in stories.index.members(target)]
    staying = [one for one in members if one not in ids]
    return [*held.between(MUST, ids, staying), *held.between(CANNOT, ids, there)]


def _said_of(overrides: Overrides, one: str, other: str) -> Held:
    """The links between two articles."""
    known = filter(is_link, overrides.held.of(one))
    return [said for said in known if {said.subject, said.other} == {one, other}]


def unlink_articles(overrides: Overrides, article_id: str, other_article_id: str) -> Override:
    """Take back what was said of two articles; they stay where they are."""
    ended = _said_of(overrides, article_id, other_article_id)
    if not ended:
        name = f"{article_id} and {other_article_id}"
        raise NotFound(resource="constraint", name=name)
    for one in ended:
        overrides.release(one)
    return overrides.record(
        OverrideKind.UNLINK, article_ids=[article_id, other_article_id], dropped=ended
    )
