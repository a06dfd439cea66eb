"""What does an entry of the audit change, and what is left when all entries are replayed?

    article.state           live, withdrawn or erased; "" before it came
    article.revision        its latest one
    article.story_id        where it is, "" where it is in no story
    article.reprint_group   the original of its group
    story.state             as StoryState
    story.canonical         the article that stands for it
    story.merged_into       its successor
    constraint.KIND ONE OTHER   "held" as long as what an editor said holds
    collection.NAME         a setting of the collection

The first word says whose value it is; article and story are those of the event. Values are ids and
states, never text, so that an erasure leaves nothing behind here.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from storycluster.domain import AuditEntry, Constraint
from storycluster.errors import StoreCorrupt

Change = tuple[str, str, str]
"""(name, before, after)."""

LIVE, WITHDRAWN, ERASED = "live", "withdrawn", "erased"

_HELD = "held"

Values = dict[str, dict[str, str]]
"""{id: {name: value}}; a value of "" is not there."""


def constraint_change(constraint: Constraint, *, held: bool) -> Change:
    """A constraint begins (`held`) or ends."""
    name = f"constraint.{constraint.kind.value} {constraint.subject} {constraint.other}".rstrip()
    return (name, "", _HELD) if held else (name, _HELD, "")


def sides(changes: Iterable[Change]) -> tuple[dict[str, str], dict[str, str]]:
    """`before` and `after` of an entry; what did not change is left out.

    Of several changes of one name the first tells what was and the last what is.
    """
    before: dict[str, str] = {}
    after: dict[str, str] = {}
    for name, was, now in changes:
        before.setdefault(name, was)
        after[name] = now
    same = {name for name, was in before.items() if after[name] == was}
    kept = [name for name in before if name not in same]
    return {name: before[name] for name in kept}, {name: after[name] for name in kept}


@dataclass(frozen=True, slots=True)
class Replayed:
    """What the entries add up to, by id."""

    articles: Values = field(default_factory=dict)
    stories: Values = field(default_factory=dict)
    constraints: set[str] = field(default_factory=set)
    """As `constraint_change` names them, without the first word."""
    settings: dict[str, str] = field(default_factory=dict)

    def members(self) -> dict[str, set[str]]:
        """{story: ids of its articles} of the stories that have some."""
        found: dict[str, set[str]] = {}
        for article_id, values in self.articles.items():
            if story_id := values.get("story_id"):
                found.setdefault(story_id, set()).add(article_id)
        return found

    def canonicals(self) -> dict[str, str]:
        """{story: the article that stands for it} of the stories that have one."""
        return self._of_stories("canonical")

    def states(self) -> dict[str, str]:
        """{story: its state}."""
        return self._of_stories("state")

    def redirects(self) -> dict[str, str]:
        """{merged story: the story that it was merged into}."""
        return self._of_stories("merged_into")

    def _of_stories(self, name: str) -> dict[str, str]:
        return {key: values[name] for key, values in self.stories.items() if name in values}


def replay(entries: Iterable[AuditEntry]) -> Replayed:
    """What is left of all entries of a collection, ascending from the first.

    Raises StoreCorrupt where an entry is missing or says that something was what it was not.
    """
    state = Replayed()
    for sequence, entry in enumerate(entries, start=1):
        if entry.event.sequence != sequence:
            raise StoreCorrupt(f"entry {sequence} of the audit is missing")
        for name, now in entry.after.items():
            _apply(state, entry, name, now)
    return state


def _apply(state: Replayed, entry: AuditEntry, name: str, now: str) -> None:
    whose, _, what = name.partition(".")
    event = entry.event
    if whose == "constraint":
        was = _HELD if what in state.constraints else ""
        (state.constraints.add if now else state.constraints.discard)(what)
    else:
        values = _values_of(state, whose, event.article_id, event.story_id)
        was = values.get(what, "")
        _set(values, what, now)
    if was != entry.before.get(name, ""):
        raise StoreCorrupt(
            f"entry {event.sequence} of the audit: {name} was {was!r}, "
            f"not {entry.before.get(name, '')!r}"
        )


def _values_of(state: Replayed, whose: str, article_id: str, story_id: str) -> dict[str, str]:
    if whose == "article":
        return state.articles.setdefault(article_id, {})
    if whose == "story":
        return state.stories.setdefault(story_id, {})
    return state.settings


def _set(values: dict[str, str], name: str, now: str) -> None:
    if now:
        values[name] = now
    else:
        values.pop(name, None)


def names(constraints: Iterable[Constraint]) -> set[str]:
    """The constraints as `Replayed.constraints` names them."""
    changes = (constraint_change(one, held=True) for one in constraints)
    return {name.partition(".")[2] for name, _, _ in changes}
