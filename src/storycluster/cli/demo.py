"""`storycluster demo`: what does it do, seen in a minute?

Starts a real server on the embedded store in a temporary folder, ingests the sample articles through
the SDK, and shows the stories, their canonical articles and what the others say differently.
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from rich.markup import escape

from storycluster.cli.printing import print_comparison, print_story
from storycluster.cli.session import connected, err, out
from storycluster.client import Client
from storycluster.domain import Article, Story
from storycluster.formats import Found, read_paths

_SHOWN_STORIES = 3
_SHOWN_DIFFERENCES = 6
_START_SECONDS = 120.0


def demo(
    seeds: Annotated[
        Path, typer.Option("--seeds", metavar="PATH", help="Articles to ingest.")
    ] = Path("seeds/articles.jsonl"),
) -> None:
    """Start a server, ingest the sample articles, show stories, canonicals and differences."""
    articles = [item.article for item in read_paths([str(seeds)]) if isinstance(item, Found)]
    if not articles:
        err.print(f"error: no articles in {seeds}; run this in the checkout or pass --seeds")
        raise typer.Exit(2)
    with tempfile.TemporaryDirectory(prefix="storycluster-demo-") as data:
        out.print(f"starting a server on the embedded store ({len(articles)} sample articles) …")
        with _server(Path(data)) as address, connected(address, "default", 60.0) as client:
            _show(client, articles)


@contextmanager
def _server(data: Path) -> Iterator[str]:
    """A `storycluster serve` process on a free port; yields its address, ends it with SIGTERM."""
    command = [sys.executable, "-m", "storycluster.cli", "serve", "--data", str(data)]
    command += ["--listen", "127.0.0.1:0", "--set", "log.level=error"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            line = process.stdout.readline() if process.stdout else ""
            if not line.startswith("listening on "):
                err.print("error: the server did not start")
                raise typer.Exit(2)
            yield line.split()[-1]
        finally:
            process.terminate()
            process.wait(timeout=_START_SECONDS)


def _show(client: Client, articles: list[Article]) -> None:
    report = client.ingest(articles)
    relations = ", ".join(
        f"{count} {name.replace('_', ' ')}" for name, count in sorted(report.by_relation.items())
    )
    out.print(f"{report.accepted} articles ingested: {relations}\n")
    stories = sorted(
        client.list_stories(), key=lambda story: (-story.article_count, story.story_id)
    )
    out.print(f"[bold]{len(stories)} stories[/]")
    for story in stories:
        out.print(
            f"  {story.story_id}  {story.article_count:>2} articles "
            f"({story.unique_count} unique)  {escape(story.title)}"
        )
    for story in stories[:_SHOWN_STORIES]:
        out.rule()
        _show_story(client, story)


def _show_story(client: Client, story: Story) -> None:
    view = client.get_story(story.story_id)
    print_story(view)
    canonical = view.story.canonical
    if canonical is None:
        return
    groups = {
        member.reprint_group for member in view.members if member.article_id == canonical.article_id
    }
    for member in view.members:
        if member.article_id != canonical.article_id and member.reprint_group not in groups:
            groups.add(member.reprint_group)
            out.print()
            found = client.compare_to_canonical(member.article_id)
            print_comparison(found, limit=_SHOWN_DIFFERENCES)
