"""How do jobs that look again at a collection become messages, and back?"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from storycluster.domain import (
    Change,
    ChangeKind,
    PlannedChange,
    Progress,
    ReclusterJob,
    ReclusterState,
    Skipped,
    SkipReason,
    Window,
)
from storycluster.v1 import recluster_service_pb2 as pb
from storycluster.wire.articles import evidence_from_message, evidence_to_message
from storycluster.wire.scalars import (
    EnumTable,
    optional_time,
    required_time,
    sendable,
    time_to_message,
)

STATES = EnumTable(ReclusterState, pb.ReclusterState.Value, prefix="RECLUSTER_STATE_")
CHANGES = EnumTable(ChangeKind, pb.ReclusterChangeKind.Value, prefix="RECLUSTER_CHANGE_KIND_")
SKIPS = EnumTable(SkipReason, pb.ReclusterSkipReason.Value, prefix="RECLUSTER_SKIP_REASON_")


@sendable("job")
def recluster_job_to_message(job: ReclusterJob) -> pb.ReclusterJob:
    """Field by field; a window without times is absent."""
    times = {
        "start_time": job.start_time,
        "end_time": job.end_time,
        "promote_time": job.promote_time,
    }
    return pb.ReclusterJob(
        job_id=job.job_id,
        collection=job.collection,
        state=STATES.number(job.state),
        etag=job.etag,
        create_time=time_to_message(job.create_time),
        phase=job.progress.phase,
        done=job.progress.done,
        total=job.progress.total,
        rate=job.rate,
        eta_seconds=job.eta_s,
        snapshot_sequence=job.snapshot_sequence,
        counts=dict(job.counts),
        stability=job.stability,
        error=job.error,
        applied=job.applied,
        skipped=dict(job.skipped),
        quiet=job.quiet,
        **window_fields(job.window),
        **_known(times),
    )


def recluster_job_from_message(message: pb.ReclusterJob, *, path: str = "job") -> ReclusterJob:
    """InvalidInput for a time outside the years 1 to 9999."""
    return ReclusterJob(
        job_id=message.job_id,
        collection=message.collection,
        state=STATES.member(message.state),
        etag=message.etag,
        create_time=required_time(message, "create_time", path=path),
        window=window_of(message, path=path),
        start_time=optional_time(message, "start_time", path=path),
        end_time=optional_time(message, "end_time", path=path),
        promote_time=optional_time(message, "promote_time", path=path),
        progress=Progress(message.phase, message.done, message.total),
        rate=message.rate,
        eta_s=message.eta_seconds if message.HasField("eta_seconds") else None,
        snapshot_sequence=message.snapshot_sequence,
        counts=dict(message.counts),
        stability=message.stability if message.HasField("stability") else None,
        error=message.error,
        applied=message.applied,
        skipped=dict(message.skipped),
        quiet=message.quiet,
    )


def window_fields(window: Window) -> dict[str, Any]:
    """The fields of a message that tell of it. InvalidInput for a naive time."""
    return _known({"window_start_time": window.start, "window_end_time": window.end})


def window_of(message: Any, *, path: str = "") -> Window:
    """From a message with the two fields."""
    return Window(
        optional_time(message, "window_start_time", path=path),
        optional_time(message, "window_end_time", path=path),
    )


def _known(times: Mapping[str, datetime | None]) -> dict[str, Any]:
    return {
        name: time_to_message(time, path=name) for name, time in times.items() if time is not None
    }


@sendable("change")
def planned_change_to_message(planned: PlannedChange) -> pb.ReclusterChange:
    """Field by field."""
    change, skipped = planned.change, planned.skipped
    return pb.ReclusterChange(
        place=planned.place,
        kind=CHANGES.number(change.kind),
        from_story_id=change.from_story,
        to_story_id=change.to_story,
        article_ids=change.article_ids,
        probability=change.probability,
        gain=change.gain,
        reason=change.reason,
        evidence=[evidence_to_message(one) for one in change.evidence],
        skip_reason=SKIPS.number(skipped.reason) if skipped else None,
        skip_subject=skipped.subject if skipped else "",
    )


def planned_change_from_message(message: pb.ReclusterChange) -> PlannedChange:
    """A kind or reason that this version does not know reads as `unrecognized_<number>`."""
    change = Change(
        kind=CHANGES.member(message.kind),
        from_story=message.from_story_id,
        to_story=message.to_story_id,
        article_ids=tuple(message.article_ids),
        probability=message.probability,
        gain=message.gain,
        reason=message.reason,
        evidence=tuple(map(evidence_from_message, message.evidence)),
    )
    skipped = None
    if message.skip_reason:
        reason = SKIPS.member(message.skip_reason)
        skipped = Skipped(message.place, reason, message.skip_subject)
    return PlannedChange(message.place, change, skipped)


def change_kind_to_number(kind: ChangeKind | None) -> Any:
    """0 for any."""
    return 0 if kind is None else CHANGES.number(kind)


def change_kind_from_number(number: int) -> ChangeKind | None:
    """None for 0."""
    return CHANGES.member(number) if number else None
