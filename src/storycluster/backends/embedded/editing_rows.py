"""How is what editors and operators said written into rows, and read back?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from storycluster.backends.checks import microseconds, moment
from storycluster.backends.embedded.rows import ordinal_of, text_of
from storycluster.backends.embedded.session import Row
from storycluster.domain import (
    CollectionSettings,
    Constraint,
    ConstraintKind,
    Override,
    OverrideKind,
    Tombstone,
)


def tombstone_of(row: Row) -> Tombstone:
    """From the columns of the table."""
    return Tombstone(row[1], bool(row[2]), moment(row[3]), row[4], row[5], row[6])


def tombstone_values(collection: int, tombstone: Tombstone) -> Sequence[Any]:
    """Values of PUT_TOMBSTONE."""
    return (
        collection,
        tombstone.article_id,
        tombstone.erased,
        microseconds(tombstone.time),
        tombstone.actor,
        tombstone.reason,
        tombstone.story_id,
    )


def constraint_of(row: Sequence[Any]) -> Constraint:
    """From kind, subject, other."""
    return Constraint(ConstraintKind(row[0]), row[1], row[2])


def _plain_constraints(constraints: Iterable[Constraint]) -> list[list[str]]:
    return [[one.kind.value, one.subject, one.other] for one in constraints]


def pack_override(override: Override) -> str:
    """JSON of all but the sequence, which is the row's."""
    plain = {
        "kind": override.kind.value,
        "time": microseconds(override.time),
        "actor": override.actor,
        "reason": override.reason,
        "story_id": override.story_id,
        "other_story_id": override.other_story_id,
        "article_ids": list(override.article_ids),
        "undoes": override.undoes,
        "undone_by": override.undone_by,
        "made": _plain_constraints(override.made),
        "dropped": _plain_constraints(override.dropped),
    }
    return text_of(plain)


def override_of(row: Row) -> Override:
    """From the columns of OVERRIDES."""
    plain = json.loads(row[1])
    plain["kind"] = OverrideKind(plain["kind"])
    plain["time"] = moment(plain["time"])
    plain["article_ids"] = tuple(plain["article_ids"])
    for name in ("made", "dropped"):
        plain[name] = tuple(map(constraint_of, plain[name]))
    return Override(sequence=ordinal_of(row[0]), **plain)


def pack_settings(settings: CollectionSettings) -> str:
    """JSON."""
    plain = {
        "canonical_policy": settings.canonical_policy,
        "source_rank": list(settings.source_rank),
        "aliases": [list(group) for group in settings.aliases],
    }
    return text_of(plain)


def settings_of(row: Row) -> tuple[int, CollectionSettings]:
    """From the columns of SETTINGS."""
    plain = json.loads(row[1])
    plain["source_rank"] = tuple(plain["source_rank"])
    plain["aliases"] = tuple(map(tuple, plain.get("aliases", ())))
    return row[0], CollectionSettings(**plain)
