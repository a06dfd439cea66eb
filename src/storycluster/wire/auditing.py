"""How do entries of the audit, and what is asked of it, become messages, and back?"""

from __future__ import annotations

from storycluster.domain import AuditEntry, AuditFilter
from storycluster.errors import InvalidInput
from storycluster.v1 import admin_service_pb2 as pb
from storycluster.wire.articles import mapping_of
from storycluster.wire.editing import event_kinds_from_numbers, event_kinds_to_numbers
from storycluster.wire.scalars import optional_time, sendable, time_to_message
from storycluster.wire.stories import event_from_message, event_to_message


@sendable("entry")
def audit_entry_to_message(entry: AuditEntry) -> pb.AuditEntry:
    """Field by field."""
    return pb.AuditEntry(
        event=event_to_message(entry.event),
        actor=entry.actor,
        reason=entry.reason,
        before=dict(entry.before),
        after=dict(entry.after),
    )


def audit_entry_from_message(message: pb.AuditEntry, *, path: str = "entry") -> AuditEntry:
    """InvalidInput for a time outside the years 1 to 9999."""
    return AuditEntry(
        event=event_from_message(message.event, path=f"{path}.event"),
        actor=message.actor,
        reason=message.reason,
        before=mapping_of(message.before),
        after=mapping_of(message.after),
    )


@sendable("filter")
def audit_filter_to_request(wanted: AuditFilter) -> pb.ListAuditEntriesRequest:
    """The request that asks for it, but for its collection and page."""
    request = pb.ListAuditEntriesRequest(
        kinds=event_kinds_to_numbers(wanted.kinds),
        article_id=wanted.article_id,
        story_id=wanted.story_id,
        actor=wanted.actor,
    )
    if wanted.since is not None:
        request.since.CopyFrom(time_to_message(wanted.since, path="since"))
    if wanted.until is not None:
        request.until.CopyFrom(time_to_message(wanted.until, path="until"))
    return request


def audit_filter_from_request(request: pb.ListAuditEntriesRequest) -> AuditFilter:
    """InvalidInput for a kind that is not given, or a time outside the years 1 to 9999."""
    if 0 in request.kinds:
        raise InvalidInput.of("kinds", "must not hold EVENT_KIND_UNSPECIFIED")
    return AuditFilter(
        kinds=tuple(sorted(event_kinds_from_numbers(request.kinds))),
        article_id=request.article_id,
        story_id=request.story_id,
        actor=request.actor,
        since=optional_time(request, "since"),
        until=optional_time(request, "until"),
    )
