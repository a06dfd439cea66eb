"""How are the facts of a story gathered?

Reads the members that the bounds allow in one snapshot, then compares each with the canonical or,
for a copy, with the article that stands for its group.
"""

from __future__ import annotations

from dataclasses import dataclass

from storycluster.domain import Comparison, Member, StoredArticle, StoryView
from storycluster.engine import reading
from storycluster.engine.comparing import compare_parsed
from storycluster.engine.prepare import parsed
from storycluster.grid import StoryFacts
from storycluster.learned_furniture import LineCounts
from storycluster.ports import Encoder, Reader
from storycluster.settings import Settings
from storycluster.story_facts import Group, Report, choose, story_facts


@dataclass(frozen=True, slots=True)
class Chosen:
    """The members looked at, by reprint group, each with its article; what the bounds left out."""

    view: StoryView
    groups: list[list[tuple[Member, StoredArticle]]]
    groups_left_out: int
    copies_left_out: int


def chosen(reader: Reader, collection: str, story_id: str, settings: Settings) -> Chosen:
    """The members of a story, or of a merged one's successor. NotFound for an unknown id."""
    view = reading.story_view(reader, collection, story_id)
    canonical = view.story.canonical.article_id if view.story.canonical else ""
    groups, *left_out = choose(view.members, canonical, settings.difference)
    read = [
        [(one, reading.article(reader, collection, one.article_id)) for one in (first, *copies)]
        for first, copies in groups
    ]
    return Chosen(view, read, *left_out)


def gather(found: Chosen, known: LineCounts, *, encoder: Encoder, settings: Settings) -> StoryFacts:
    """The facts of the members chosen. Pure but for the encoder, and bounded by `settings`."""

    def report(member: Member, one: StoredArticle, base: Report | None) -> Report:
        document = parsed(one.article, settings, learned=known.learned)
        compared = None
        if base is not None and one.digest == base.article.digest():
            compared = Comparison("", "", ())
        elif base is not None:
            sides = (base.article, base.document), (one.article, document)
            compared = compare_parsed(*sides, encoder=encoder, settings=settings)
        return Report(member, one.article, document, compared)

    groups: list[Group] = []
    for (first, stored), *copies in found.groups:
        stands = report(first, stored, groups[0].report if groups else None)
        groups.append(Group(stands, tuple(report(*copy, stands) for copy in copies)))
    return story_facts(
        found.view.story.story_id,
        groups,
        settings.difference,
        groups_left_out=found.groups_left_out,
        copies_left_out=found.copies_left_out,
        redirected_from=found.view.redirected_from,
    )
