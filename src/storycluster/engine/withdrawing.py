"""How does an article go, come back, or go for good?

It leaves canonical, counts, candidates and differences in the transaction that answers. Every
revision goes; a tombstone says when, by whom and why.
"""

from __future__ import annotations

import dataclasses

from storycluster.domain import (
    Assignment,
    ConstraintKind,
    EventKind,
    OverrideKind,
    Relation,
    Story,
    Tombstone,
)
from storycluster.engine import reading
from storycluster.engine.constraints import partner
from storycluster.engine.overrides import EDITOR, Overrides
from storycluster.errors import PreconditionFailed

_COPIES = (Relation.NEAR_COPY, Relation.EXACT_COPY)


def withdraw(overrides: Overrides, article_id: str) -> Tombstone:
    """Take a live article out; what is left of it. Harmless for one that is gone already."""
    known = overrides.tombstone(article_id)
    if known is not None:
        return known
    tombstone = take_out(overrides, article_id)
    overrides.record(OverrideKind.WITHDRAW, story_id=tombstone.story_id, article_ids=[article_id])
    return tombstone


def take_out(overrides: Overrides, article_id: str) -> Tombstone:
    """Withdraw a live article, without a record of its own."""
    stories = overrides.stories
    entry = stories.index.entry(article_id)
    copies = [one for one in stories.group(entry) if one.article_id != article_id]
    tombstone = _tombstone(overrides, article_id, entry.story_id, erased=False)
    stories.transaction.withdraw_article(stories.collection, tombstone)
    stories.index.withdraw(article_id)
    detail = {"reason": overrides.act.reason}
    stories.tell(EventKind.ARTICLE_WITHDRAWN, entry.story_id, article_id, detail)
    overrides.broken_by_loss(entry, reason="the article was withdrawn")
    stories.lose(entry, copies)
    return tombstone


def _tombstone(overrides: Overrides, article_id: str, story_id: str, *, erased: bool) -> Tombstone:
    act, now = overrides.act, overrides.stories.now
    return Tombstone(article_id, erased, now, act.actor, act.reason, story_id)


def reinstate(overrides: Overrides, article_id: str) -> Story:
    """Bring a withdrawn article back; the story it is in."""
    story = bring_back(overrides, article_id)
    overrides.record(OverrideKind.REINSTATE, story_id=story.story_id, article_ids=[article_id])
    return story


def bring_back(overrides: Overrides, article_id: str) -> Story:
    """Reinstate an article, without a record of its own. It comes to one that it must be with, else
    to the story where it was, else, where a word is against that, to a new one."""
    stories = overrides.stories
    known = overrides.tombstone(article_id)
    if known is None or known.erased:
        how = "is not withdrawn" if known is None else "was erased and cannot come back"
        raise PreconditionFailed(f"article {article_id!r} {how}")
    home = _home(overrides, known)
    if not home:
        was = stories.stored(article_id)
        home = stories.unused_id(article_id, stories.sequence)
        stories.open(home, headline=was.article.title, founder=article_id)
    stories.regain(_returning(overrides, article_id, home))
    detail = {"reason": overrides.act.reason}
    stories.tell(EventKind.ARTICLE_REINSTATED, home, article_id, detail)
    return stories.get(home)


def _home(overrides: Overrides, known: Tombstone) -> str:
    """The id of the story that a withdrawn article comes back to, "" for a new one."""
    stories, held = overrides.stories, overrides.held
    sequences = stories.index.sequences
    must = [one for one in held.of(known.article_id) if one.kind is ConstraintKind.MUST_LINK]
    with_whom = [partner(one, known.article_id) for one in must]
    linked = [stories.index.entry(one).story_id for one in with_whom if one in sequences]
    was = reading.resolve(stories.transaction, stories.collection, known.story_id).story_id
    for home in (*linked, was):
        members = [entry.article_id for entry in stories.index.members(home)]
        if not held.apart([known.article_id], members):
            return home
    return ""


def _returning(overrides: Overrides, article_id: str, home: str) -> Assignment:
    """The assignment of an article that comes back: a copy where what it copies is there."""
    stories = overrides.stories
    was = stories.stored(article_id).assignment
    members = {entry.article_id: entry for entry in stories.index.members(home)}
    original = members.get(was.copy_of)
    relation = was.relation
    if original is None:
        relation = Relation.SAME_STORY if members else Relation.NEW_STORY
    elif relation not in _COPIES:  # a revision of a copy
        relation = Relation.NEAR_COPY
    return dataclasses.replace(
        was,
        story_id=home,
        relation=relation,
        confidence=EDITOR.confidence,
        copy_of=was.copy_of if original else "",
        reprint_group=original.reprint_group if original else article_id,
        previous_story_id="",
        sequence=stories.sequence,
        evidence=EDITOR.evidence,
        runners_up=EDITOR.runners_up,
        model=EDITOR.model,
        settings_digest=stories.settings_digest,
    )


def erase(overrides: Overrides, article_id: str) -> Tombstone:
    """Remove an article for good, live or withdrawn. Harmless for one that is erased already.

    The index still holds what was counted of it: it has to be made anew.
    """
    known = overrides.tombstone(article_id)
    if known is not None and known.erased:
        return known
    stories, held = overrides.stories, overrides.held
    if known is None:
        known = take_out(overrides, article_id)
    for link in held.of(article_id):
        overrides.broken(link, reason="the article was erased", story_id=known.story_id)
    tombstone = _tombstone(overrides, article_id, known.story_id, erased=True)
    stories.transaction.erase_article(stories.collection, tombstone)
    stories.tell(EventKind.ARTICLE_ERASED, known.story_id, article_id)
    overrides.record(OverrideKind.ERASE, story_id=known.story_id, article_ids=[article_id])
    return tombstone
