"""Which JSON do a time and an event have, wherever they are printed or sent?

Relied on by scripts and by receivers of webhooks: fields are added, never renamed or taken away.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any

from storycluster.domain.answers import Event


def time_of(moment: datetime | None) -> str | None:
    """ISO 8601, UTC, with a Z; None where unknown."""
    return None if moment is None else moment.isoformat().replace("+00:00", "Z")


def event_shape(one: Event) -> dict[str, Any]:
    """One row of the change feed."""
    return {
        "sequence": one.sequence,
        "kind": one.kind.value,
        "time": time_of(one.time),
        "story_id": one.story_id or None,
        "article_id": one.article_id or None,
        "detail": dict(one.detail),
    }
