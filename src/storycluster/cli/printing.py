"""How are stories, articles and differences shown to a person?"""

from __future__ import annotations

from rich.markup import escape
from rich.table import Table

from storycluster.cli.session import out
from storycluster.cli.shapes import time_of
from storycluster.domain import Comparison, Difference, Span, StoredArticle, StoryView

_WIDEST = 160


def print_story(view: StoryView) -> None:
    """A story: headline, counts, canonical with its reason, members by arrival."""
    story = view.story
    if view.redirected_from:
        out.print(f"{view.redirected_from} was merged into {story.story_id}")
    out.print(f"[bold]{escape(story.title)}[/]")
    out.print(
        f"{story.story_id}: {story.article_count} articles, {story.unique_count} unique, "
        f"{story.reprint_count} reprints, {story.source_count} sources"
    )
    if story.canonical is not None:
        out.print(
            f"canonical [bold cyan]{escape(story.canonical.article_id)}[/]"
            f" ({story.canonical.policy}: {escape(story.canonical.reason)})"
        )
    table = Table("article", "relation", "reprint group", "source", "published", box=None)
    for member in view.members:
        table.add_row(
            escape(member.article_id),
            member.relation.value,
            escape(member.reprint_group),
            escape(member.source or "-"),
            time_of(member.publish_time) or "-",
        )
    out.print(table)


def print_article(stored: StoredArticle) -> None:
    """An article with its assignment, the evidence and the runners-up, then its text."""
    article, made = stored.article, stored.assignment
    out.print(f"[bold]{escape(article.title or article.article_id)}[/]")
    out.print(
        f"{escape(article.article_id)} revision {article.revision}, "
        f"{escape(article.source or 'source unknown')}, {time_of(article.publish_time) or 'undated'}"
    )
    out.print(
        f"story [bold cyan]{made.story_id}[/] as {made.relation.value}"
        f"{' of ' + escape(made.copy_of) if made.copy_of else ''}, confidence {made.confidence:.2f}"
    )
    for one in made.evidence:
        mark = "[green]+[/]" if one.passed else "[red]-[/]"
        out.print(f"  {mark} {one.kind} {one.value:.3f} (threshold {one.threshold:.2f})")
    for runner_up in made.runners_up:
        out.print(f"  not {runner_up.story_id}: {runner_up.score:.3f}, {runner_up.reason}")
    out.print()
    out.print(escape(article.text))


def print_comparison(found: Comparison, *, limit: int | None = None) -> None:
    """Differences, conflicts and the most important first."""
    out.print(
        f"[bold]{escape(found.other_article_id)}[/] against "
        f"[bold]{escape(found.base_article_id)}[/]: {len(found.differences)} differences, "
        f"{len(found.aligned)} sentences aligned"
    )
    if found.not_compared:
        out.print(f"[yellow]not compared:[/] {escape(found.not_compared)}")
    for one in found.differences[:limit]:
        _print_difference(one)
    hidden = len(found.differences) - len(found.differences[:limit])
    if hidden:
        out.print(f"  … {hidden} more")


def _print_difference(one: Difference) -> None:
    label = one.type.value.replace("_", " ")
    out.print(f"  [bold red]CONFLICT {label}[/]" if one.conflict else f"  [bold]{label}[/]")
    for mark, colour, span, value in (
        ("-", "red", one.base, one.base_value),
        ("+", "green", one.other, one.other_value),
    ):
        if span is not None:
            shown = f" [dim]({escape(value)})[/]" if value else ""
            out.print(f"    [{colour}]{mark} {escape(_short(span))}[/]{shown}")


def _short(span: Span) -> str:
    plain = " ".join(span.text.split())
    return plain if len(plain) <= _WIDEST else plain[: _WIDEST - 1] + "…"
