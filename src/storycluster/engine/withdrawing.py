"""How does an article go, come back, or go for good?

It leaves canonical, counts, candidates and differences in the transaction that answers. Every
revision goes; a tombstone says when, by whom and why.
"""

from __future__ import annotations

import dataclasses

from storycluster.audit import ERASED, LIVE, WITHDRAWN
from storycluster.domain import (
    PUBLIC,
    Assignment,
    Constraint,
    ConstraintKind,
    EventKind,
    OverrideKind,
    Relation,
    Rights,
    Story,
    Tombstone,
)
from storycluster.engine import previewing, reading
from storycluster.engine.constraints import is_link, link, partner
from storycluster.engine.holding import Holding
from storycluster.engine.overrides import EDITOR, Overrides
from storycluster.engine.placing import Twin, bands_shared, find_twin
from storycluster.errors import PreconditionFailed


def withdraw(overrides: Overrides, article_id: str, rights: Rights = PUBLIC) -> Tombstone:
    """Take a live article out; what is left of it. Harmless for one that is gone already. One that
    is held is not released: nothing tells of that but what is left."""
    if rights.embargo and not _is_public(overrides, article_id):
        left = Holding(overrides.stories).kill(article_id, overrides.act)
        if left is not None:
            return left
    known = overrides.tombstone(article_id)
    if known is not None:
        return known
    tombstone, broken = take_out(overrides, article_id)
    overrides.record(
        OverrideKind.WITHDRAW,
        story_id=tombstone.story_id,
        article_ids=[article_id],
        dropped=broken,
    )
    return tombstone


def _is_public(overrides: Overrides, article_id: str) -> bool:
    """Whether everybody knows the article, live or gone."""
    stories = overrides.stories
    gone = stories.transaction.tombstone(stories.collection, article_id)
    return gone is not None or article_id in stories.index.sequences


def take_out(overrides: Overrides, article_id: str) -> tuple[Tombstone, list[Constraint]]:
    """Withdraw a live article, without a record of its own; what is left of it, and what that
    broke. What was said of it goes for the first of its copies, too."""
    stories = overrides.stories
    entry = stories.index.entry(article_id)
    copies = [one for one in stories.group(entry) if one.article_id != article_id]
    tombstone = _tombstone(overrides, article_id, entry.story_id, erased=False)
    stories.transaction.withdraw_article(stories.collection, tombstone)
    stories.index.withdraw(article_id)
    detail = {"reason": overrides.act.reason}
    gone = [("article.state", LIVE, WITHDRAWN)]
    stories.tell(EventKind.ARTICLE_WITHDRAWN, entry.story_id, article_id, detail, changes=gone)
    broken = overrides.broken_by_loss(entry, reason="the article was withdrawn")
    if copies:
        _inherit(overrides, article_id, copies[0].article_id)
    stories.lose(entry, copies)
    return tombstone, broken


def _inherit(overrides: Overrides, gone: str, heir: str) -> None:
    """Hold of a copy what is held of the article that it copies: they are one group."""
    for said in filter(is_link, overrides.held.of(gone)):
        if partner(said, gone) != heir:
            overrides.hold(link(said.kind, heir, partner(said, gone)))


def _tombstone(overrides: Overrides, article_id: str, story_id: str, *, erased: bool) -> Tombstone:
    act, now = overrides.act, overrides.stories.now
    return Tombstone(article_id, erased, now, act.actor, act.reason, story_id)


def reinstate(overrides: Overrides, article_id: str, rights: Rights = PUBLIC) -> Story:
    """Bring a withdrawn article back; the story it is in. What is held of it and would not be
    released is released at its time after all."""
    stories, holding = overrides.stories, Holding(overrides.stories)
    gone = stories.transaction.tombstone(stories.collection, article_id)
    rows = holding.of(article_id) if rights.embargo and gone is None else ()
    if any(not one.waiting for one in rows):
        if rows[-1].withdrawn is not None and rows[-1].withdrawn.erased:
            raise PreconditionFailed(f"article {article_id!r} was erased and cannot come back")
        home = holding.resume(article_id)
        return previewing.story(stories.transaction, stories.collection, home)
    story = bring_back(overrides, article_id)
    overrides.record(OverrideKind.REINSTATE, story_id=story.story_id, article_ids=[article_id])
    return story


def bring_back(overrides: Overrides, article_id: str) -> Story:
    """Reinstate an article, without a record of its own. It comes to a copy of its text, else to an
    article that it must be with, else to the story where it was, else, where a word is against
    that, to a new one."""
    stories = overrides.stories
    known = refuse_unless_withdrawn(overrides, article_id)
    twin = _twin(overrides, article_id)
    home = twin.entry.story_id if twin is not None else _home(overrides, known)
    if not home:
        was = stories.stored(article_id)
        home = stories.unused_id(article_id, stories.sequence)
        stories.open(home, title=was.article.title, founder=article_id)
    stories.regain(_returning(overrides, article_id, home, twin))
    detail = {"reason": overrides.act.reason}
    back = [("article.state", WITHDRAWN, LIVE)]
    stories.tell(EventKind.ARTICLE_REINSTATED, home, article_id, detail, changes=back)
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


def refuse_unless_withdrawn(overrides: Overrides, article_id: str) -> Tombstone:
    """The tombstone of an article that can come back. Raises PreconditionFailed, NotFound."""
    known = overrides.tombstone(article_id)
    if known is None or known.erased:
        how = "is not withdrawn" if known is None else "was erased and cannot come back"
        raise PreconditionFailed(f"article {article_id!r} {how}")
    return known


def _twin(overrides: Overrides, article_id: str) -> Twin | None:
    """The live article that a withdrawn one is most nearly a copy of, verified, or None."""
    stories = overrides.stories
    kept, settings = stories.index.withdrawn(article_id), stories.settings
    transaction, name = stories.transaction, stories.collection
    sharing = bands_shared(kept.shingles, transaction, name, settings.fingerprint)
    return find_twin(kept, stories.index, sharing, settings=settings)[0]


def _returning(overrides: Overrides, article_id: str, home: str, twin: Twin | None) -> Assignment:
    """The assignment of an article that comes back: a copy where one of its text is there."""
    stories = overrides.stories
    if twin is not None:
        relation = Relation.EXACT_COPY if twin.exact else Relation.NEAR_COPY
    else:
        relation = Relation.SAME_STORY if stories.index.members(home) else Relation.NEW_STORY
    return dataclasses.replace(
        stories.stored(article_id).assignment,
        story_id=home,
        relation=relation,
        confidence=EDITOR.confidence,
        copy_of=twin.entry.article_id if twin else "",
        reprint_group=twin.entry.reprint_group if twin else article_id,
        previous_story_id="",
        sequence=stories.sequence,
        evidence=EDITOR.evidence,
        runners_up=EDITOR.runners_up,
        model=EDITOR.model,
        settings_digest=stories.settings_digest,
    )


def erase(overrides: Overrides, article_id: str, rights: Rights = PUBLIC) -> Tombstone:
    """Remove an article for good, live, withdrawn or held. Harmless for one that is erased already.

    The index still holds what was counted of it: it has to be made anew.
    """
    holding = Holding(overrides.stories)
    if rights.embargo and not _is_public(overrides, article_id):
        left = holding.erase(article_id, overrides.act)
        if left is not None:
            return left
    known = overrides.tombstone(article_id)
    if known is not None and known.erased:
        return known
    stories, held = overrides.stories, overrides.held
    if known is None:
        known, _ = take_out(overrides, article_id)
    where = known.story_id
    for said in held.of(article_id):
        overrides.broken(said, reason="the article was erased", story_id=where)
    for one in holding.of(article_id):
        holding.drop(one)
    tombstone = _tombstone(overrides, article_id, where, erased=True)
    stories.transaction.erase_article(stories.collection, tombstone)
    gone = [("article.state", WITHDRAWN, ERASED)]
    stories.tell(EventKind.ARTICLE_ERASED, where, article_id, changes=gone)
    overrides.record(OverrideKind.ERASE, story_id=where, article_ids=[article_id])
    return tombstone
