"""How are the differences of two articles shown to a person? Side by side where a terminal is wide
enough, one below the other elsewhere."""

from __future__ import annotations

from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from storycluster.cli.printing import counted, words
from storycluster.cli.session import one_line, out, shown
from storycluster.domain import Article, Comparison, Difference, Span

_WIDEST = 160
_TELLING = 30
_CONTEXT = 40
_BESIDE = 100
"""Columns from which two texts stand side by side."""

Texts = tuple[Article, Article]
"""The base and the other article of a comparison, in the revisions compared."""


def print_comparison(found: Comparison, *, texts: Texts) -> None:
    """Differences, the most important first."""
    out.print(
        f"[bold]{shown(found.other_article_id)}[/] against "
        f"[bold]{shown(found.base_article_id)}[/]: "
        f"{counted(len(found.differences), 'difference')}, "
        f"{counted(len(found.aligned), 'sentence')} aligned"
    )
    if found.not_compared:
        out.print(f"[yellow]not compared:[/] {shown(found.not_compared)}")
    for one in found.differences:
        print_difference(one, texts=texts)


def print_difference(one: Difference, *, texts: Texts) -> None:
    """One difference: what the base says (-) and what the other says (+)."""
    label = words(one.type.value)
    out.print(f"  [bold red]CONFLICT {label}[/]" if one.conflict else f"  [bold]{label}[/]")
    if out.is_terminal and out.width >= _BESIDE:
        _print_beside(one, texts)
    else:
        _print_below(one, texts)


def _print_beside(one: Difference, texts: Texts) -> None:
    grid = Table.grid(padding=(0, 2), expand=True)
    grid.add_column(ratio=1)
    grid.add_column(ratio=1)
    runs: tuple[list[tuple[int, int]], list[tuple[int, int]]] = ([], [])
    for edit in one.edits:
        runs[0].append((edit.base_start, edit.base_end))
        runs[1].append((edit.other_start, edit.other_end))
    grid.add_row(
        _beside(one.base, one.base_value, texts[0], "red", runs[0]),
        _beside(one.other, one.other_value, texts[1], "green", runs[1]),
    )
    out.print(Padding(grid, (0, 0, 0, 4)), soft_wrap=False)


def _beside(
    span: Span | None, value: str, article: Article, colour: str, runs: list[tuple[int, int]]
) -> Text:
    """A side in context; where the words that differ are known, these alone are coloured."""
    if span is None:
        return Text("")
    before, after = _around(span, article)
    told = Text(one_line(before))
    at = span.start
    for start, end in [*runs, (span.end, span.end)] if runs else [(span.start, span.end)]:
        told.append(one_line(span.text[at - span.start : start - span.start]))
        told.append(one_line(span.text[start - span.start : end - span.start]), style=colour)
        at = end
    told.append(one_line(after))
    return told.append(f" ({words(value)})", style="dim") if value else told


def _print_below(one: Difference, texts: Texts) -> None:
    for mark, colour, span, value, article in (
        ("-", "red", one.base, one.base_value, texts[0]),
        ("+", "green", one.other, one.other_value, texts[1]),
    ):
        if span is not None:
            meant = f" [dim]({shown(words(value))})[/]" if value else ""
            before, after = _around(span, article)
            told = f"[{colour}]{shown(_short(span))}[/]"
            out.print(f"    [{colour}]{mark}[/] {shown(before)}{told}{shown(after)}{meant}")


def _around(span: Span, article: Article) -> tuple[str, str]:
    """What stands before and after a span that says little alone ("36")."""
    if span.end - span.start >= _TELLING:
        return "", ""
    whole = article.title if span.field == "title" else article.text
    before = whole[max(0, span.start - _CONTEXT) : span.start].rpartition("\n")[2]
    after = whole[span.end : span.end + _CONTEXT].partition("\n")[0]
    if len(before) == _CONTEXT:
        before = "…" + before.partition(" ")[2]
    if len(after) == _CONTEXT:
        after = after.rpartition(" ")[0] + " …"
    return before, after


def _short(span: Span) -> str:
    plain = " ".join(span.text.split())
    return plain if len(plain) <= _WIDEST else plain[: _WIDEST - 1] + "…"
