"""Which JSON does each command print?

These shapes are relied on by scripts: fields are added, never renamed or taken away.
"""

from __future__ import annotations

import dataclasses
import json
from typing import Any

from storycluster.domain import (
    Article,
    Assignment,
    Canonical,
    Comparison,
    Difference,
    Evidence,
    FurnitureLine,
    IngestResult,
    Member,
    RunnerUp,
    SimilarArticle,
    Span,
    StoredArticle,
    Story,
    StoryHit,
    StoryView,
)
from storycluster.domain.shapes import time_of
from storycluster.errors import InvalidInput, StoryClusterError
from storycluster.grid import CopyChanges, Fact, FirstStated, StoryFacts


def ingested(result: IngestResult) -> dict[str, Any]:
    """One acknowledged article."""
    made = result.assignment
    return {
        "article_id": result.article_id,
        "story_id": made.story_id,
        "relation": made.relation.value,
        "confidence": made.confidence,
        "canonical_article_id": result.canonical.article_id,
        "revision": made.revision,
        "copy_of": made.copy_of or None,
        "reprint_group": made.reprint_group,
        "sequence": made.sequence,
        "replayed": result.replayed,
        "held_until": time_of(result.held_until),
    }


def refused(error: StoryClusterError, **where: Any) -> dict[str, Any]:
    """One refused article; `where` is its article_id, or path and line."""
    told: dict[str, Any] = {"reason": error.reason, "message": error.message}
    if isinstance(error, InvalidInput):
        told["fields"] = [violation.field for violation in error.violations]
    return {**where, "error": told}


def canonical(chosen: Canonical | None) -> dict[str, Any] | None:
    """The canonical with its policy and reason."""
    if chosen is None:
        return None
    return {
        "article_id": chosen.article_id,
        "policy": chosen.policy,
        "reason": chosen.reason,
    }


def story(one: Story) -> dict[str, Any]:
    """A story without its members."""
    return {
        "story_id": one.story_id,
        "state": one.state.value,
        "title": one.title,
        "canonical": canonical(one.canonical),
        "article_count": one.article_count,
        "unique_count": one.unique_count,
        "reprint_count": one.reprint_count,
        "source_count": one.source_count,
        "first_publish_time": time_of(one.first_publish_time),
        "last_publish_time": time_of(one.last_publish_time),
        "merged_into_story_id": one.merged_into_story_id or None,
        "revision": one.revision,
    }


def member(one: Member) -> dict[str, Any]:
    """A member of a story."""
    return {
        "article_id": one.article_id,
        "relation": one.relation.value,
        "reprint_group": one.reprint_group,
        "source": one.source or None,
        "title": one.title or None,
        "revision": one.revision,
        "publish_time": time_of(one.publish_time),
    }


def story_view(view: StoryView) -> dict[str, Any]:
    """A story with its members."""
    return {
        **story(view.story),
        "members": [member(one) for one in view.members],
        "redirected_from": view.redirected_from or None,
    }


def story_hit(hit: StoryHit) -> dict[str, Any]:
    """A story that a search found, and its article that is most like the words."""
    return {
        "similarity": hit.similarity,
        "article_id": hit.article_id,
        "story": story(hit.story),
    }


def similar_article(one: SimilarArticle) -> dict[str, Any]:
    """A stored article that is like a text."""
    return {
        "article_id": one.article_id,
        "story_id": one.story_id,
        "similarity": one.similarity,
        "jaccard": one.jaccard,
        "containment": one.containment,
        "source": one.source or None,
    }


def story_facts(found: StoryFacts) -> dict[str, Any]:
    """Who states which fact of a story, who had it first, and what is particular about each."""
    return {
        "story_id": found.story_id,
        "canonical_article_id": found.canonical_article_id,
        "facts": [_fact(one) for one in found.facts],
        "timeline": [_first_stated(one) for one in found.timeline],
        "advisories": [
            {
                "article_id": one.article_id,
                "advisory": one.text,
                "not_compared": one.not_compared or None,
            }
            for one in found.advisories
        ],
        "reprint_groups": [
            {"article_id": one.article_id, "copies": [_copy(copy) for copy in one.copies]}
            for one in found.reprint_groups
        ],
        "groups_left_out": found.groups_left_out,
        "copies_left_out": found.copies_left_out,
        "facts_left_out": found.facts_left_out,
        "redirected_from": found.redirected_from or None,
    }


def _fact(one: Fact) -> dict[str, Any]:
    return {
        "kind": one.kind.value,
        "value": one.value,
        "conflict": one.conflict,
        "cells": [
            {
                "article_id": cell.article_id,
                "source": cell.source or None,
                "span": span(cell.span),
                "value": cell.value,
                "conflict": cell.conflict,
            }
            for cell in one.cells
        ],
    }


def _first_stated(one: FirstStated) -> dict[str, Any]:
    return {
        "fact": one.fact,
        "article_id": one.article_id,
        "source": one.source or None,
        "value": one.value,
        "publish_time": time_of(one.publish_time),
        "publish_precision": one.publish_precision.value,
    }


def _copy(one: CopyChanges) -> dict[str, Any]:
    return {
        "article_id": one.article_id,
        "removed": one.removed,
        "added": one.added,
        "reworded": one.reworded,
        "conflicts": one.conflicts,
        "not_compared": one.not_compared or None,
    }


def assignment(made: Assignment) -> dict[str, Any]:
    """A decision with its evidence."""
    return {
        "story_id": made.story_id,
        "relation": made.relation.value,
        "confidence": made.confidence,
        "revision": made.revision,
        "sequence": made.sequence,
        "copy_of": made.copy_of or None,
        "reprint_group": made.reprint_group,
        "previous_story_id": made.previous_story_id or None,
        "evidence": [evidence(one) for one in made.evidence],
        "runners_up": [runner_up(one) for one in made.runners_up],
        "settings_digest": made.settings_digest,
        "encoder_id": made.encoder_id,
        "model": made.model or None,
    }


def explanation(made: Assignment) -> dict[str, Any]:
    """A decision with the article it is for."""
    return {"article_id": made.article_id, **assignment(made)}


def evidence(one: Evidence) -> dict[str, Any]:
    """One measured reason; weight * value is what it adds to the log odds."""
    return {
        "kind": one.kind,
        "value": one.value,
        "threshold": one.threshold,
        "passed": one.passed,
        "article_id": one.article_id or None,
        "weight": one.weight,
    }


def runner_up(one: RunnerUp) -> dict[str, Any]:
    """A story that was not taken, why, and what was measured of it."""
    return {
        "story_id": one.story_id,
        "score": one.score,
        "reason": one.reason,
        "evidence": [evidence(measured) for measured in one.evidence],
    }


def stored_article(stored: StoredArticle) -> dict[str, Any]:
    """An article as stored, with its present assignment."""
    return {
        **article(stored.article),
        "digest": stored.digest,
        "sequence": stored.sequence,
        "ingest_time": time_of(stored.ingest_time),
        "publish_provenance": stored.publish_provenance.value,
        "latest": stored.latest,
        "held_until": time_of(stored.held_until),
        "story_id": stored.assignment.story_id,
        "assignment": assignment(stored.assignment),
    }


def article(one: Article) -> dict[str, Any]:
    """An article as it was received."""
    return {
        "article_id": one.article_id,
        "revision": one.revision,
        "title": one.title or None,
        "text": one.text,
        "source": one.source or None,
        "url": one.url or None,
        "language": one.language or None,
        "authors": list(one.authors),
        "credit": one.credit or None,
        "publish_time": time_of(one.publish_time),
        "publish_precision": one.publish_precision.value,
        "embargo_time": time_of(one.embargo_time),
        "extras": {name: json.loads(value) for name, value in one.extras.items()},
    }


def comparison(found: Comparison) -> dict[str, Any]:
    """What the other article says differently from the base."""
    return {
        "base_article_id": found.base_article_id,
        "base_revision": found.base_revision,
        "other_article_id": found.other_article_id,
        "other_revision": found.other_revision,
        "not_compared": found.not_compared or None,
        "differences": [difference(one) for one in found.differences],
        "aligned": [
            {"base": span(one.base), "other": span(one.other), "similarity": one.similarity}
            for one in found.aligned
        ],
        "base_furniture": [span(one) for one in found.base_furniture],
        "other_furniture": [span(one) for one in found.other_furniture],
    }


def pair(pair_id: str, found: Comparison) -> dict[str, Any]:
    """What is told of one pair of a file: spans as text with code point offsets, null where a side
    has none; a span lies in the text unless its field says "title"."""
    return {
        "id": pair_id,
        "not_compared": found.not_compared or None,
        "differences": [
            {
                "type": one.type.value,
                "conflict": one.conflict,
                **_flat("a", one.base),
                **_flat("b", one.other),
                "a_value": one.base_value or None,
                "b_value": one.other_value or None,
                "importance": one.importance,
                "confidence": one.confidence,
            }
            for one in found.differences
        ],
        "aligned": [
            [one.base.start, one.base.end, one.other.start, one.other.end] for one in found.aligned
        ],
        "furniture_a": [[one.start, one.end] for one in found.base_furniture],
        "furniture_b": [[one.start, one.end] for one in found.other_furniture],
    }


def _flat(side: str, one: Span | None) -> dict[str, Any]:
    return {
        f"{side}_field": one and one.field,
        f"{side}_span": one and one.text,
        f"{side}_start": one and one.start,
    }


def difference(one: Difference) -> dict[str, Any]:
    """One difference with both spans; an edit is [base start, base end, other start, other end]."""
    return {
        "type": one.type.value,
        "conflict": one.conflict,
        "base": span(one.base),
        "other": span(one.other),
        "base_value": one.base_value or None,
        "other_value": one.other_value or None,
        "importance": one.importance,
        "confidence": one.confidence,
        "edits": [list(dataclasses.astuple(edit)) for edit in one.edits],
    }


def span(one: Span | None) -> dict[str, Any] | None:
    """A span: field, half-open code point offsets, text."""
    if one is None:
        return None
    return {"field": one.field, "start": one.start, "end": one.end, "text": one.text}


def furniture_line(line: FurnitureLine) -> dict[str, Any]:
    """One line that was learned to be furniture."""
    return {
        "source": line.source,
        "text": line.text,
        "article_count": line.article_count,
        "article_id": line.article_id,
    }
