"""`storycluster ingest`: how do files get into a server?"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import Annotated

import typer
from rich.progress import MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from storycluster.cli import shapes
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
)
from storycluster.domain import Article, IngestFailure, IngestResult
from storycluster.errors import StoryClusterError
from storycluster.formats import Refused, read_paths


class _Report:
    """Counts what happened and, with --json, prints it as it happens."""

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

    def refused(self, error: StoryClusterError, **where: str | int) -> None:
        self.refusals += 1
        with self._lock:
            if self._as_json:
                put_json(shapes.refused(error, **where))
            else:
                place = " ".join(f"{name} {value}" for name, value in where.items())
                err.print(f"[bold red]refused[/] {place}: {error.message}", markup=True)


def ingest(
    paths: Annotated[
        list[str], typer.Argument(metavar="FILE|DIR|-", help="Text or JSON Lines; - is stdin.")
    ],
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 60.0,
) -> None:
    """Send articles to a server; exit 0 only when every one was accepted."""
    report = _Report(as_json)
    with connected(server, collection, timeout) as client, _progress(as_json) as progress:
        task = progress.add_task("ingest", total=None)
        for one in client.ingest_results(_articles(paths, report)):
            if isinstance(one, IngestFailure):
                report.refused(_error(one), article_id=one.article_id)
            else:
                report.acknowledged(one)
            progress.advance(task)
    if not as_json:
        _summary(report)
    if report.refusals:
        raise typer.Exit(1)


def _error(failure: IngestFailure) -> StoryClusterError:
    if isinstance(failure.error, StoryClusterError):
        return failure.error
    return StoryClusterError(str(failure.error))


def _articles(paths: Iterable[str], report: _Report) -> Iterator[Article]:
    for item in read_paths(paths):
        if isinstance(item, Refused):
            path, _, line = item.place.rpartition(":")
            if path and line.isdecimal():
                report.refused(item.error, path=path, line=int(line))
            else:
                report.refused(item.error, path=item.place)
        else:
            yield item.article


def _progress(as_json: bool) -> Progress:
    """A bar on a terminal, nothing elsewhere."""
    return Progress(
        SpinnerColumn(),
        TextColumn("{task.description}"),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=err,
        transient=True,
        disable=as_json or not err.is_terminal,
    )


def _summary(report: _Report) -> None:
    total = sum(report.relations.values())
    parts = [f"{count} {name.replace('_', ' ')}" for name, count in report.relations.most_common()]
    out.print(f"{total} accepted ({', '.join(parts) or 'none'})")
    if report.replayed:
        out.print(f"{report.replayed} of them were known already and changed nothing")
    if report.refusals:
        out.print(f"[bold red]{report.refusals} refused[/]")
