"""How are the facts of a story shown to a person?"""

from __future__ import annotations

from collections.abc import Iterator

from storycluster.cli.printing import counted, moment, print_table
from storycluster.cli.session import out, shown
from storycluster.domain import TimePrecision
from storycluster.grid import Fact, FactKind, StoryFacts

_WORDED = (FactKind.QUOTE, FactKind.STATEMENT)  # their value is what stands there


def print_facts(found: StoryFacts) -> None:
    """The fact grid, a line for each cell; then the timeline, the advisories and the copies."""
    if found.redirected_from:
        out.print(f"{shown(found.redirected_from)} was merged into {found.story_id}")
    out.print(
        f"{found.story_id}: {counted(len(found.facts), 'fact')} in "
        f"{counted(len(found.reprint_groups), 'reprint group')}, "
        f"canonical [bold cyan]{shown(found.canonical_article_id)}[/]"
    )
    left_out = (
        (found.groups_left_out, "reprint group"),
        (found.copies_left_out, "reprint"),
        (found.facts_left_out, "fact"),
    )
    told = [counted(count, noun) for count, noun in left_out if count]
    if told:
        out.print(f"[yellow]left out:[/] {', '.join(told)}")
    print_table(("", "fact", "value", "article", "as stated"), _cells(found))
    out.print()
    print_table(("published", "first in", "fact"), _timeline(found))
    out.print()
    print_table(("article", "advisory"), ((one.article_id, one.text) for one in found.advisories))
    copies = list(_copies(found))
    if copies:
        out.print()
        columns = ("reprint", "of", "cut", "added", "reworded", "in conflict")
        print_table(columns, copies, numbers={2, 3, 4})


def _cells(found: StoryFacts) -> Iterator[tuple[str, ...]]:
    for fact in found.facts:
        named = (fact.kind.value, _value(fact))
        for cell in fact.cells:
            mark = "CONFLICT" if cell.conflict else ""
            yield (mark, *named, cell.article_id, cell.span.text)
            named = ("", "")


def _value(fact: Fact) -> str:
    return "" if fact.kind in _WORDED else fact.value


def _timeline(found: StoryFacts) -> Iterator[tuple[str, ...]]:
    for one in found.timeline:
        known = moment(one.publish_time) or "unknown"
        if one.publish_precision is TimePrecision.DAY:
            known = known.partition(" ")[0]
        yield known, one.article_id, one.value


def _copies(found: StoryFacts) -> Iterator[tuple[str, ...]]:
    for group in found.reprint_groups:
        for one in group.copies:
            counts = map(str, (one.removed, one.added, one.reworded, one.conflicts))
            yield (one.article_id, group.article_id, *counts)
