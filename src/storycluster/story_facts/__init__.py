"""What are the facts of a story, who states each, and what is particular about each article?

Every article that stands for a reprint group is held against the canonical alone, its copies
against it. Nothing here reads a store: the engine brings the articles and their comparisons.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from storycluster.domain import Member, TimePrecision
from storycluster.grid import Advisory, CopyChanges, Fact, FirstStated, ReprintGroup, StoryFacts
from storycluster.settings import DifferenceSettings
from storycluster.story_facts.advisory import (
    advisory,
    changes,
    copy_advisory,
    uncompared,
)
from storycluster.story_facts.mentions import Report, read
from storycluster.story_facts.rows import rows

__all__ = ["Group", "Report", "choose", "story_facts", "timeline"]


@dataclass(frozen=True, slots=True)
class Group:
    """A reprint group: the report that stands for it, and its copies, each compared with it."""

    report: Report
    copies: tuple[Report, ...] = ()


def choose(
    members: Sequence[Member], canonical_id: str, settings: DifferenceSettings
) -> tuple[list[tuple[Member, list[Member]]], int, int]:
    """Which members are looked at: (who stands for a reprint group, its copies), the canonical's
    group first, then in order of arrival; and how many groups and copies the bounds leave out.

    The canonical stands for its group, else the original, else who came first.
    """
    groups: dict[str, list[Member]] = {}
    for member in members:
        groups.setdefault(member.reprint_group or member.article_id, []).append(member)
    found = []
    for original, group in groups.items():
        ids = [one.article_id for one in group]
        stands = next((i for i in (canonical_id, original) if i in ids), ids[0])
        place = ids.index(stands)
        found.append((group[place], group[:place] + group[place + 1 :]))
    found.sort(key=lambda one: one[0].article_id != canonical_id)
    kept, room, copies = [], settings.fact_copies, 0
    for stands_for, others in found[: settings.fact_groups]:
        kept.append((stands_for, others[:room]))
        copies += len(others) - len(others[:room])
        room -= len(others[:room])
    return kept, len(found) - len(kept), copies


def story_facts(
    story_id: str,
    groups: Sequence[Group],
    settings: DifferenceSettings,
    *,
    groups_left_out: int = 0,
    copies_left_out: int = 0,
    redirected_from: str = "",
) -> StoryFacts:
    """The facts of a story, given its groups, the canonical's first. `comparison` of the other
    reports is against the canonical, of copies against the report of their group."""
    compared = [one for one in groups if not _reason(one.report)]
    told = read([one.report for one in compared], settings)
    facts = rows(told)
    shown = facts[: settings.fact_rows]
    members = {one.report.member.article_id: one.report.member for one in compared}
    own = {one.report.member.article_id: advisory(told[0], one) for one in told[1:]}
    advisories: list[Advisory] = []
    for number, group in enumerate(groups):
        article_id = group.report.member.article_id
        if number:
            reason = _reason(group.report)
            advisories.append(own.get(article_id) or uncompared(article_id, reason))
        advisories += _of_copies(group, settings)
    return StoryFacts(
        story_id=story_id,
        canonical_article_id=groups[0].report.member.article_id if groups else "",
        facts=tuple(shown),
        timeline=timeline(shown, members),
        advisories=tuple(advisories),
        reprint_groups=tuple(
            ReprintGroup(one.report.member.article_id, tuple(map(_changes, one.copies)))
            for one in groups
        ),
        groups_left_out=groups_left_out,
        copies_left_out=copies_left_out,
        facts_left_out=len(facts) - len(shown),
        redirected_from=redirected_from,
    )


def timeline(facts: Sequence[Fact], members: Mapping[str, Member]) -> tuple[FirstStated, ...]:
    """One entry for each fact: of the articles that state it, the one published first; where no
    time is known, the one that arrived first. The earliest entry first."""
    found = []
    for place, fact in enumerate(facts):
        cell = min(fact.cells, key=lambda one: _when(members[one.article_id]))
        member = members[cell.article_id]
        entry = FirstStated(
            place,
            cell.article_id,
            cell.source,
            cell.value,
            member.publish_time,
            member.publish_precision,
        )
        found.append((_when(member), place, entry))
    return tuple(entry for _, _, entry in sorted(found, key=lambda one: one[:2]))


def _when(member: Member) -> tuple[bool, float, int]:
    """Sorts by publish time, an unknown one last, then by arrival. A bare day counts as its end:
    whether it was before a time on that day is not known."""
    time = member.publish_time
    if time is None:
        return True, 0.0, member.sequence
    if member.publish_precision is TimePrecision.DAY:
        time = time.replace(hour=0, minute=0, second=0, microsecond=0) + timedelta(days=1)
    return False, time.timestamp(), member.sequence


def _reason(report: Report) -> str:
    return report.comparison.not_compared if report.comparison else ""


def _changes(copy: Report) -> CopyChanges:
    return changes(copy.member.article_id, copy.comparison)


def _of_copies(group: Group, settings: DifferenceSettings) -> list[Advisory]:
    if not group.copies:
        return []
    original, *copies = read([group.report, *group.copies], settings)
    return [copy_advisory(original, one, _changes(one.report)) for one in copies]
