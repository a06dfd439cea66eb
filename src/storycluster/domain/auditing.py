"""Who changed what, from what to what, and why?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from storycluster.domain.answers import Event, EventKind


@dataclass(frozen=True, slots=True)
class AuditEntry:
    """An event with who made it happen: an editor, an operator, a source, or the server itself
    (`actor` ""), and why.

    `before` and `after` are what it changed, ids and states only. The name of a value says whose it
    is: `article.story_id`, `article.state`, `story.canonical`, `constraint.pin a1` and so on; what
    is not there is "".
    """

    event: Event
    actor: str = ""
    reason: str = ""
    before: Mapping[str, str] = field(default_factory=dict)
    after: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditFilter:
    """Which entries are asked for: of some kinds (none: all), about an article, about a story (also
    one that an article left or came to), by an actor, from `since` on, before `until`."""

    kinds: tuple[EventKind, ...] = ()
    article_id: str = ""
    story_id: str = ""
    actor: str = ""
    since: datetime | None = None
    until: datetime | None = None

    def holds(self, entry: AuditEntry) -> bool:
        """Whether the entry was asked for."""
        event = entry.event
        return (
            (not self.kinds or event.kind in self.kinds)
            and self.article_id in ("", event.article_id)
            and (not self.story_id or self.story_id in _stories_of(entry))
            and self.actor in ("", entry.actor)
            and (self.since is None or event.time >= self.since)
            and (self.until is None or event.time < self.until)
        )


def _stories_of(entry: AuditEntry) -> set[str]:
    """The stories that an entry is about."""
    named = {entry.event.story_id}
    for values in (entry.before, entry.after):
        for name in ("article.story_id", "story.merged_into"):
            named.add(values.get(name, ""))
    return named
