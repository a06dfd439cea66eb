"""`storycluster demo`: what does it do, seen in a minute?

Starts a real server on the embedded store in a temporary folder, ingests the sample articles
through the SDK, and shows the largest stories, one of them in full, what its articles contradict in
one another, and a copy that says something else than the article that stands for its story.
"""

from __future__ import annotations

import itertools
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storycluster.cli.differences import print_difference
from storycluster.cli.printing import (
    counted,
    moment,
    print_story_head,
    print_table,
    words,
)
from storycluster.cli.session import connected, err, out, shown
from storycluster.domain import (
    Comparison,
    Difference,
    DifferenceType,
    IngestReport,
    Relation,
    Story,
)
from storycluster.formats import Found, read_paths

if TYPE_CHECKING:
    from storycluster.client import Client

_SHOWN_STORIES = 6
_SHOWN_CONFLICTS = 3
_MOST_PAIRS = 200
_END_SECONDS = 60.0
_COPIES = (Relation.NEAR_COPY, Relation.EXACT_COPY)


def demo(
    seeds: Annotated[Path, typer.Option("--seeds", metavar="PATH", help="Articles to ingest.")] = (
        Path("seeds/articles.jsonl")
    ),
) -> None:
    """Start a server, ingest the sample articles, show stories, canonicals and differences."""
    articles = [item.article for item in read_paths([str(seeds)]) if isinstance(item, Found)]
    if not articles:
        told = f"error: no articles in {seeds}; run this in the checkout or pass --seeds"
        err.print(told, markup=False)
        raise typer.Exit(2)
    with (
        tempfile.TemporaryDirectory(prefix="storycluster-demo-") as data,
        _server(Path(data)) as address,
        connected(address, "default", 60.0) as client,
    ):
        _show_ingest(client.ingest(articles, errors="collect"))
        stories = sorted(client.list_stories(), key=lambda one: (-one.article_count, one.story_id))
        _show_stories(stories)
        _show_largest(client, stories)
        _show_outdated_copy(client, stories)
    _show_next_steps(seeds)


@contextmanager
def _server(data: Path) -> Iterator[str]:
    """A `storycluster serve` process on a free port; yields its address, ends it with SIGTERM."""
    command = [sys.executable, "-m", "storycluster.cli", "serve", "--data", str(data)]
    command += ["--listen", "127.0.0.1:0", "--set", "log.level=error"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            with err.status("starting a server, which takes some seconds"):
                line = process.stdout.readline() if process.stdout else ""
            if not line.startswith("listening on "):
                err.print("error: the server did not start")
                raise typer.Exit(2)
            yield line.split()[-1]
        finally:
            process.terminate()
            process.wait(timeout=_END_SECONDS)


def _show_ingest(report: IngestReport) -> None:
    named = ", ".join(f"{count} {words(name)}" for name, count in report.by_relation.items())
    _headline(f"{counted(report.accepted, 'article')} ingested: {named}")
    for failure in report.failures:
        out.print(f"  refused {shown(failure.article_id)}: {shown(str(failure.error))}")


def _show_stories(stories: list[Story]) -> None:
    _headline(f"{len(stories)} stories; those with most articles")
    print_table(
        ("articles", "unique", "story", "title of its canonical article"),
        (
            (str(story.article_count), str(story.unique_count), story.story_id, story.title)
            for story in stories[:_SHOWN_STORIES]
        ),
    )


def _show_largest(client: Client, stories: list[Story]) -> None:
    view = client.get_story(stories[0].story_id)
    _headline("The largest one, and the article that stands for it")
    print_story_head(view)
    out.print()
    print_table(
        ("article", "relation", "published", "source"),
        (
            (one.article_id, words(one.relation.value), moment(one.publish_time), one.source)
            for one in view.members
        ),
    )
    groups = {one.reprint_group: one.article_id for one in reversed(view.members)}
    originals = sorted(groups.values())
    pairs = itertools.islice(itertools.combinations(originals, 2), _MOST_PAIRS)
    _headline("What its articles contradict in one another")
    _show_conflicts(client, (client.compare(a, b) for a, b in pairs))


def _show_outdated_copy(client: Client, stories: list[Story]) -> None:
    """A copy of an article that was updated since: what a desk must not overlook."""
    for story in stories:
        for member in client.get_story(story.story_id).members:
            if member.relation in _COPIES:
                found = client.compare_to_canonical(member.article_id)
                if any(map(_is_telling, found.differences)):
                    _headline("A copy that does not say what its original says now")
                    _show_conflicts(client, [found])
                    return


def _is_telling(one: Difference) -> bool:
    return one.conflict and one.type is not DifferenceType.HEADLINE_CHANGED


def _show_conflicts(client: Client, found: Iterable[Comparison]) -> None:
    """The first conflicts, each pair of values once, with the articles they stand in."""
    told: set[frozenset[str]] = set()
    for comparison in found:
        for one in comparison.differences:
            key = frozenset((one.base_value, one.other_value))
            if not _is_telling(one) or key in told:
                continue
            told.add(key)
            texts = (
                client.get_article(comparison.base_article_id).article,
                client.get_article(comparison.other_article_id).article,
            )
            names = [f"{shown(text.source)}, {shown(text.article_id)}" for text in texts]
            out.print(f"  [red]- {names[0]}[/]   [green]+ {names[1]}[/]")
            print_difference(one, texts=texts)
            if len(told) == _SHOWN_CONFLICTS:
                return
    if not told:
        out.print("  nothing")


def _show_next_steps(seeds: Path) -> None:
    _headline("To go on, with a server that keeps its data")
    for line in (
        "storycluster serve --data ./storycluster-data --listen 127.0.0.1:7443",
        f"storycluster ingest {seeds}",
        "storycluster story list --min-articles 2",
        "storycluster story show STORY_ID",
        "storycluster compare ARTICLE_A ARTICLE_B",
    ):
        out.print(f"  {line}", markup=False)


def _headline(words_of_it: str) -> None:
    out.print(f"\n[bold]{words_of_it}[/]")
