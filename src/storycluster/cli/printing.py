"""How are stories and articles shown to a person?"""

from __future__ import annotations

from collections.abc import Container, Iterable, Sequence
from datetime import datetime

from rich.cells import cell_len
from rich.text import Text

from storycluster.cli.session import one_line, out, shown, visible
from storycluster.domain import (
    Evidence,
    Member,
    StoredArticle,
    Story,
    StoryState,
    StoryView,
)
from storycluster.glossary import is_of_model
from storycluster.glossary import words as in_words

_LEAST_LAST = 24


def print_table(
    columns: Sequence[str], rows: Iterable[Sequence[str]], *, numbers: Container[int] = ()
) -> None:
    """Aligned columns, those of `numbers` (from 0) to the right. Ids are never cut: only the last
    column is, and only on a terminal."""
    lines = [[one_line(cell) for cell in row] for row in (columns, *rows)]
    widths = [max(map(cell_len, column)) for column in zip(*lines, strict=True)][:-1]
    room = max(_LEAST_LAST, out.width - sum(widths) - 2 * len(widths))
    for number, line in enumerate(lines):
        head = ""
        for place, (cell, width) in enumerate(zip(line, widths, strict=False)):
            space = " " * (width - cell_len(cell))
            head += f"{space}{cell}  " if place in numbers else f"{cell}{space}  "
        last = Text(line[-1])
        if out.is_terminal:
            last.truncate(room, overflow="ellipsis")
        told = Text(head) + last
        told.rstrip()
        out.print(told, style="" if number else "dim")


def moment(time: datetime | None) -> str:
    """A time as people read it, UTC, to the minute."""
    return "" if time is None else f"{time:%Y-%m-%d %H:%M}"


def counted(count: int, noun: str) -> str:
    """`1 article`, `2 articles`."""
    return f"{count} {noun}" if count == 1 else f"{count} {noun}s"


def words(name: str) -> str:
    """A name of the API in words: `same_story` is `same story`."""
    return name.replace("_", " ")


def print_story(view: StoryView) -> None:
    """A story: headline, counts, canonical with its reason, members by arrival."""
    print_story_head(view)
    print_table(
        ("article", "relation", "reprint of", "published", "source", "title"),
        map(_member_row, view.members),
    )


def print_story_head(view: StoryView) -> None:
    """A story without its members, and which id led to it."""
    if view.redirected_from:
        out.print(f"{shown(view.redirected_from)} was merged into {view.story.story_id}")
    print_story_line(view.story)


def print_story_line(story: Story) -> None:
    """A story without its members: headline, counts, canonical with its reason."""
    out.print(f"[bold]{shown(story.title)}[/]")
    state = "" if story.state is StoryState.OPEN else f" ({story.state.value})"
    out.print(
        f"{story.story_id}{state}: {counted(story.article_count, 'article')}, "
        f"{story.unique_count} unique, {counted(story.reprint_count, 'reprint')}, "
        f"{counted(story.source_count, 'source')}"
    )
    if story.canonical is not None:
        out.print(
            f"canonical [bold cyan]{shown(story.canonical.article_id)}[/]"
            f" ({story.canonical.policy}: {shown(story.canonical.reason)})"
        )


def _member_row(member: Member) -> tuple[str, ...]:
    return (
        member.article_id,
        words(member.relation.value),
        "" if member.reprint_group == member.article_id else member.reprint_group,
        moment(member.publish_time),
        member.source,
        member.title,
    )


def print_article(stored: StoredArticle) -> None:
    """An article with its assignment, what decided and the runners-up, then its text; what the
    model measured is told by `why`."""
    article, made = stored.article, stored.assignment
    out.print(f"[bold]{shown(article.title or article.article_id)}[/]")
    out.print(
        f"{shown(article.article_id)} revision {article.revision}, "
        f"{shown(article.source or 'source unknown')}, {moment(article.publish_time) or 'undated'}"
    )
    out.print(
        f"story [bold cyan]{made.story_id}[/] as {words(made.relation.value)}"
        f"{' of ' + shown(made.copy_of) if made.copy_of else ''}, confidence {made.confidence:.2f}"
    )
    if stored.held_until is not None:
        out.print(f"[bold yellow]held until {moment(stored.held_until)}[/]")
    print_checks(made.evidence)
    for runner_up in made.runners_up:
        out.print(f"  not {runner_up.story_id}: {runner_up.score:.3f}, {shown(runner_up.reason)}")
    out.print()
    out.print(visible(article.text), markup=False)


def print_checks(evidence: Iterable[Evidence]) -> None:
    """Each value against its threshold, in plain words; measures of the model have none."""
    for one in evidence:
        if not is_of_model(one.kind):
            mark = "[green]+[/]" if one.passed else "[red]-[/]"
            told = f"{one.value:.2f} {shown(in_words(one.kind))} ({one.threshold:.2f} needed)"
            out.print(f"  {mark} {told}")
