"""What does the job propose, for a person and for a program?

The plan is two files: plan.json, whole and readable, and plan.parquet, one row for each change.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pyarrow

from storycluster.domain import Change, ChangeKind
from storycluster.errors import InvalidInput, NotFound, StoreCorrupt
from storycluster.exchange.plain import noun, plain

FILE = "plan.json"

_SCHEMA = pyarrow.schema(
    [
        ("kind", pyarrow.string()),
        ("from_story", pyarrow.string()),
        ("to_story", pyarrow.string()),
        ("article_ids", pyarrow.list_(pyarrow.string())),
        ("probability", pyarrow.float64()),
        ("gain", pyarrow.float64()),
        ("reason", pyarrow.string()),
    ]
)


@dataclass(frozen=True, slots=True)
class Plan:
    """Changes to a collection as it was at `sequence`, the greatest gain first.

    `stability`, 0..1: how far windows that overlap agree, over `overlapping` reprint groups; 1 and
    0 where one window held all.
    """

    collection: str
    sequence: int
    encoder: str
    model: str
    settings: str
    articles: int
    stories_before: int
    stories_after: int
    stability: float
    overlapping: int
    changes: tuple[Change, ...] = field(default=())

    @property
    def counts(self) -> Mapping[str, int]:
        """{kind: how many changes}, each kind."""
        found = Counter(one.kind for one in self.changes)
        return {kind.value: found[kind] for kind in ChangeKind}

    def chosen(
        self,
        *,
        kinds: Collection[ChangeKind] = (),
        min_gain: float = 0.0,
        min_probability: float = 0.0,
        story: str = "",
    ) -> tuple[Change, ...]:
        """The changes of those kinds (all where empty), of at least so much gain and probability,
        and that a story loses or gets articles by."""
        return tuple(
            one
            for one in self.changes
            if (not kinds or one.kind in kinds)
            and one.gain >= min_gain
            and one.probability >= min_probability
            and (not story or story in (one.from_story, one.to_story))
        )


def plain_plan(plan: Plan) -> dict[str, Any]:
    """The plan, ready for JSON."""
    head = {name: getattr(plan, name) for name in Plan.__dataclass_fields__ if name != "changes"}
    changes = [plain(one) for one in plan.changes]
    return {**head, "counts": dict(plan.counts), "changes": changes}


def written(plan: Plan) -> str:
    """The text of plan.json."""
    return json.dumps(plain_plan(plan), indent=1, ensure_ascii=False) + "\n"


def as_table(changes: Sequence[Change]) -> pyarrow.Table:
    """One row for each change, in order."""
    rows = [plain(one) for one in changes]
    return pyarrow.table(
        [[row[name] for row in rows] for name in _SCHEMA.names],
        schema=_SCHEMA,
    )


def read_plan(folder: Path) -> Plan:
    """The plan of a job's folder. NotFound where there is none, StoreCorrupt for what is none."""
    file = folder / FILE
    if not file.is_file():
        raise NotFound(f"no finished plan in {folder}", resource="plan", name=str(folder))
    try:
        whole = json.loads(file.read_bytes())
        whole.pop("counts")
        changes = tuple(noun(Change, one, path="changes") for one in whole.pop("changes"))
        return Plan(changes=changes, **whole)
    except (ValueError, LookupError, TypeError, InvalidInput) as error:
        raise StoreCorrupt(f"{file} is no plan: {error}") from error


def kinds_named(names: Sequence[str]) -> tuple[ChangeKind, ...]:
    """The kinds of those names; InvalidInput for another one."""
    known = {kind.value: kind for kind in ChangeKind}
    for name in names:
        if name not in known:
            raise InvalidInput.of("kind", f"{name!r} is none of {', '.join(known)}")
    return tuple(known[name] for name in names)
