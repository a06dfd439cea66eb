"""`storycluster ingest`: how do files get into a server?"""

from __future__ import annotations

import re
import threading
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from typing import Annotated, Any

import typer
from rich.progress import BarColumn, Progress, TextColumn, TimeElapsedColumn

from storycluster.cli import shapes
from storycluster.cli.printing import words
from storycluster.cli.session import (
    DEFAULT_SERVER,
    AsJson,
    Collection,
    Server,
    Timeout,
    connected,
    err,
    out,
    put_json,
    shown,
)
from storycluster.domain import Article, IngestResult
from storycluster.errors import InternalError, StoryClusterError
from storycluster.formats import Format, Found, Refused, read_paths


class _Report:
    """Counts what happened and, with --json, prints it as it happens.

    Files are read in a thread of their own: what it refuses is told between the acknowledgements.
    """

    def __init__(self, as_json: bool) -> None:
        self._as_json = as_json
        self._lock = threading.Lock()
        self.relations: Counter[str] = Counter()
        self.replayed = 0
        self.refusals = 0

    def acknowledged(self, result: IngestResult) -> None:
        self.relations[result.assignment.relation.value] += 1
        self.replayed += result.replayed
        if self._as_json:
            with self._lock:
                put_json(shapes.ingested(result))

    def refused(self, error: Exception, *, place: str, article_id: str | None = None) -> None:
        if not isinstance(error, StoryClusterError):
            error = InternalError(str(error))
        with self._lock:
            self.refusals += 1
            if self._as_json:
                where: dict[str, Any] = {} if article_id is None else {"article_id": article_id}
                put_json(shapes.refused(error, **where, **_where(place)))
            else:
                named = f" {shown(article_id)}" if article_id else ""
                told = f"{shown(place)}{named}: {shown(error.message)}"
                err.print(f"[bold red]refused[/] {told}")


def ingest(
    paths: Annotated[
        list[str], typer.Argument(metavar="FILE|DIR|-", help="Files of any format; - is stdin.")
    ],
    format: Annotated[
        Format, typer.Option(help="Of all files; auto: by ending or first bytes.")
    ] = Format.AUTO,
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 60.0,
) -> None:
    """Send articles to a server; exit 0 only when every one was accepted."""
    report = _Report(as_json)
    places: deque[str] = deque()  # of the articles that have no answer yet: answers keep the order
    articles = _articles(read_paths(paths, format=format), report, places=places)
    with connected(server, collection, timeout) as client:
        try:
            with _progress(as_json) as progress:
                task = progress.add_task("ingest", total=None)
                for one in client.ingest_results(articles):
                    place = places.popleft()
                    if isinstance(one, IngestResult):
                        report.acknowledged(one)
                    else:
                        report.refused(one.error, place=place, article_id=one.article_id)
                    progress.advance(task)
        finally:  # also where it ends early: what was acknowledged stays
            if not as_json:
                _summary(report)
    if report.refusals:
        raise typer.Exit(1)


def _articles(
    items: Iterable[Found | Refused], report: _Report, *, places: deque[str]
) -> Iterator[Article]:
    for item in items:
        if isinstance(item, Refused):
            report.refused(item.error, place=item.place)
        else:
            places.append(item.place)
            yield item.article


def _where(place: str) -> dict[str, str | int]:
    found = re.fullmatch(r"(?s:(.+))(:|, item )([0-9]+)", place)
    if found is None:
        return {"path": place}
    return {"path": found[1], "line" if found[2] == ":" else "item": int(found[3])}


def _progress(as_json: bool) -> Progress:
    """A bar on a terminal, nothing elsewhere."""
    return Progress(
        BarColumn(bar_width=24),
        TextColumn("{task.completed:.0f} articles"),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=as_json or not err.is_terminal,
    )


def _summary(report: _Report) -> None:
    total = sum(report.relations.values())
    if not total and not report.refusals:
        err.print(
            "nothing to ingest: no files of a known ending, and no articles in them, were found"
        )
    parts = [f"{count} {words(name)}" for name, count in report.relations.most_common()]
    out.print(f"[bold green]{total} accepted[/]" + (f" ({', '.join(parts)})" if parts else ""))
    if report.replayed:
        out.print(f"{report.replayed} of them were known already and changed nothing")
    if report.refusals:
        out.print(f"[bold red]{report.refusals} refused[/]")
