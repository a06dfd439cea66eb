"""Which JSON do an editor's acts and the change feed print?

Relied on by scripts, as those of `shapes`: fields are added, never renamed or taken away.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from storycluster.cli.shapes import article, assignment, story
from storycluster.domain import AuditEntry, CollectionInfo, Event, HeldArticle, Override, Tombstone
from storycluster.domain.shapes import event_shape, time_of

if TYPE_CHECKING:
    from storycluster.client import Edit


def edit(done: Edit) -> dict[str, Any]:
    """What an editor did, and the story it concerns."""
    return {"override": override(done.override), "story": story(done.story)}


def override(one: Override) -> dict[str, Any]:
    """Something an editor did."""
    return {
        "sequence": one.sequence,
        "kind": one.kind.value,
        "time": time_of(one.time),
        "actor": one.actor,
        "reason": one.reason,
        "story_id": one.story_id or None,
        "other_story_id": one.other_story_id or None,
        "article_ids": list(one.article_ids),
        "undoes": one.undoes or None,
        "undone_by": one.undone_by or None,
    }


def tombstone(left: Tombstone) -> dict[str, Any]:
    """What is left of a withdrawn or erased article."""
    return {
        "article_id": left.article_id,
        "erased": left.erased,
        "time": time_of(left.time),
        "actor": left.actor,
        "reason": left.reason,
        "story_id": left.story_id or None,
    }


def held_article(one: HeldArticle) -> dict[str, Any]:
    """A revision that is held until its minute; a withdrawn one without its text."""
    return {
        "number": one.number,
        **article(one.article),
        "digest": one.digest or None,
        "release_time": time_of(one.release_time),
        "ingest_time": time_of(one.ingest_time),
        "story_id": one.assignment.story_id,
        "assignment": assignment(one.assignment),
        "publish_provenance": one.publish_provenance.value,
        "stopped": one.stopped or None,
        "withdrawn": tombstone(one.withdrawn) if one.withdrawn else None,
    }


def event(one: Event) -> dict[str, Any]:
    """One row of the change feed."""
    return event_shape(one)


def audit_entry(one: AuditEntry) -> dict[str, Any]:
    """An event with who made it happen, why, and what it changed."""
    return {
        **event_shape(one.event),
        "actor": one.actor or None,
        "reason": one.reason,
        "before": dict(one.before),
        "after": dict(one.after),
    }


def collection(one: CollectionInfo) -> dict[str, Any]:
    """A collection with its counts and settings."""
    return {
        "collection": one.collection,
        "counts": dict(one.counts),
        "settings": {
            "canonical_policy": one.settings.canonical_policy or None,
            "source_rank": list(one.settings.source_rank),
            "aliases": [list(group) for group in one.settings.aliases],
        },
        "settings_revision": one.settings_revision,
    }
