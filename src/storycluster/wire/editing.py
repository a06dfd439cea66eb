"""How do an editor's acts become messages, and back?"""

from __future__ import annotations

from collections.abc import Iterable

from storycluster.domain import ConstraintKind, EventKind, Override, OverrideKind, Tombstone
from storycluster.errors import InvalidInput
from storycluster.v1 import resources_pb2 as pb
from storycluster.wire.scalars import EnumTable, required_time, sendable, time_to_message
from storycluster.wire.stories import EVENTS

OVERRIDES = EnumTable(OverrideKind, pb.OverrideKind.Value, prefix="OVERRIDE_KIND_")
SAID_OF_TWO = (ConstraintKind.MUST_LINK, ConstraintKind.CANNOT_LINK)
CONSTRAINTS = EnumTable(
    ConstraintKind, pb.ConstraintKind.Value, prefix="CONSTRAINT_KIND_", only=SAID_OF_TWO
)


@sendable("override")
def override_to_message(override: Override) -> pb.Override:
    """Field by field; which constraints it made and dropped stays on the server."""
    return pb.Override(
        sequence=override.sequence,
        kind=OVERRIDES.number(override.kind),
        override_time=time_to_message(override.time),
        actor=override.actor,
        reason=override.reason,
        story_id=override.story_id,
        other_story_id=override.other_story_id,
        article_ids=override.article_ids,
        undoes=override.undoes,
        undone_by=override.undone_by,
    )


def override_from_message(message: pb.Override, *, path: str = "override") -> Override:
    """A kind this version does not know reads as `unrecognized_<number>`."""
    return Override(
        sequence=message.sequence,
        kind=OVERRIDES.member(message.kind),
        time=required_time(message, "override_time", path=path),
        actor=message.actor,
        reason=message.reason,
        story_id=message.story_id,
        other_story_id=message.other_story_id,
        article_ids=tuple(message.article_ids),
        undoes=message.undoes,
        undone_by=message.undone_by,
    )


@sendable("tombstone")
def tombstone_to_message(tombstone: Tombstone) -> pb.Tombstone:
    """Field by field."""
    return pb.Tombstone(
        article_id=tombstone.article_id,
        erased=tombstone.erased,
        withdraw_time=time_to_message(tombstone.time),
        actor=tombstone.actor,
        reason=tombstone.reason,
        story_id=tombstone.story_id,
    )


def tombstone_from_message(message: pb.Tombstone, *, path: str = "tombstone") -> Tombstone:
    """InvalidInput for a time outside the years 1 to 9999."""
    return Tombstone(
        article_id=message.article_id,
        erased=message.erased,
        time=required_time(message, "withdraw_time", path=path),
        actor=message.actor,
        reason=message.reason,
        story_id=message.story_id,
    )


def constraint_kind_to_number(kind: ConstraintKind) -> pb.ConstraintKind:
    """InvalidInput at `kind` for what cannot be said of two articles."""
    number: pb.ConstraintKind = CONSTRAINTS.number(_of_two(kind))
    return number


def constraint_kind_from_number(number: int) -> ConstraintKind:
    """InvalidInput at `kind` for one that is not given, or not known here."""
    return _of_two(CONSTRAINTS.member(number))


def _of_two(kind: ConstraintKind) -> ConstraintKind:
    if kind not in SAID_OF_TWO:
        raise InvalidInput.of("kind", "must be MUST_LINK or CANNOT_LINK")
    return kind


def event_kinds_to_numbers(kinds: Iterable[EventKind]) -> list[pb.EventKind]:
    """In their order. InvalidInput at `kinds` for what is no kind of event."""
    asked = list(kinds)
    if not all(isinstance(kind, EventKind) for kind in asked):
        raise InvalidInput.of("kinds", "must be members of EventKind")
    return [EVENTS.number(kind) for kind in asked]


def event_kinds_from_numbers(numbers: Iterable[int]) -> frozenset[EventKind]:
    """A kind of a newer caller is one that never happens here."""
    return frozenset(map(EVENTS.member, numbers))
