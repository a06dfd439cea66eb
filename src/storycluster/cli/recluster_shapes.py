"""Which JSON do the jobs that look again, and their changes, print?

Relied on by scripts, as those of `shapes`: fields are added, never renamed or taken away.
"""

from __future__ import annotations

from typing import Any

from storycluster.domain import Evidence, PlannedChange, ReclusterJob
from storycluster.domain.shapes import time_of


def job(one: ReclusterJob) -> dict[str, Any]:
    """A job as it is."""
    return {
        "job_id": one.job_id,
        "collection": one.collection,
        "state": one.state.value,
        "etag": one.etag,
        "create_time": time_of(one.create_time),
        "start_time": time_of(one.start_time),
        "end_time": time_of(one.end_time),
        "promote_time": time_of(one.promote_time),
        "window_start": time_of(one.window.start),
        "window_end": time_of(one.window.end),
        "phase": one.progress.phase or None,
        "done": one.progress.done,
        "total": one.progress.total,
        "rate": one.rate,
        "eta_s": one.eta_s,
        "snapshot_sequence": one.snapshot_sequence,
        "counts": dict(one.counts),
        "stability": one.stability,
        "error": one.error or None,
        "applied": one.applied,
        "skipped": dict(one.skipped),
        "quiet": one.quiet,
    }


def change(planned: PlannedChange) -> dict[str, Any]:
    """A change of a plan."""
    one, skipped = planned.change, planned.skipped
    return {
        "place": planned.place,
        "kind": one.kind.value,
        "from_story": one.from_story,
        "to_story": one.to_story or None,
        "article_ids": list(one.article_ids),
        "probability": one.probability,
        "gain": one.gain,
        "reason": one.reason,
        "evidence": list(map(_evidence, one.evidence)),
        "skipped": skipped.reason.value if skipped else None,
        "skipped_for": skipped.subject if skipped else None,
    }


def _evidence(one: Evidence) -> dict[str, Any]:
    return {
        "kind": one.kind,
        "value": one.value,
        "threshold": one.threshold,
        "passed": one.passed,
        "article_id": one.article_id or None,
        "weight": one.weight,
    }
