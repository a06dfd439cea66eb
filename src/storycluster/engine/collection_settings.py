"""Can a collection be decided by these settings?"""

from __future__ import annotations

from storycluster.canonical import POLICIES
from storycluster.domain import CollectionSettings
from storycluster.engine.prepare import text_problem
from storycluster.errors import FieldViolation, InvalidInput
from storycluster.settings import Settings

_ALIAS_GROUPS = 1_000
_NAMES = 10_000  # of all groups


def check_settings(chosen: CollectionSettings, settings: Settings) -> None:
    """Raise InvalidInput that names every field that is wrong."""
    found = [*_policy(chosen, settings), *_aliases(chosen), *_texts(chosen, settings)]
    if found:
        raise InvalidInput(violations=found)


def _policy(chosen: CollectionSettings, settings: Settings) -> list[FieldViolation]:
    found = []
    if chosen.canonical_policy not in ("", *POLICIES):
        told = f"must be one of {', '.join(POLICIES)}"
        found.append(FieldViolation("settings.canonical_policy", told))
    for place, source in enumerate(chosen.source_rank):
        if not source.strip():
            found.append(FieldViolation(f"settings.source_rank[{place}]", "must not be empty"))
    ranked = chosen.source_rank or settings.source_rank
    if chosen.canonical_policy == "source_rank" and not ranked:
        found.append(FieldViolation("settings.source_rank", "must name a source"))
    return found


def _aliases(chosen: CollectionSettings) -> list[FieldViolation]:
    found = []
    sizes = (
        (len(chosen.aliases), _ALIAS_GROUPS, "groups"),
        (sum(map(len, chosen.aliases)), _NAMES, "names"),
    )
    for size, limit, what in sizes:
        if size > limit:
            told = f"has {size} {what}, the limit is {limit}"
            found.append(FieldViolation("settings.aliases", told))
    for place, group in enumerate(chosen.aliases):
        if len(group) < 2 or not all(name.strip() for name in group):
            told = "must hold two names or more, none of them empty"
            found.append(FieldViolation(f"settings.aliases[{place}].names", told))
    return found


def _texts(chosen: CollectionSettings, settings: Settings) -> list[FieldViolation]:
    named = [(f"settings.source_rank[{i}]", one) for i, one in enumerate(chosen.source_rank)]
    for place, group in enumerate(chosen.aliases):
        named += [(f"settings.aliases[{place}].names", one) for one in group]
    problems = ((name, text_problem(one, settings.limits.field_bytes)) for name, one in named)
    return [FieldViolation(name, problem) for name, problem in problems if problem]
