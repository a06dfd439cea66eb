"""`story list|show`, `article show`, `furniture`: what does a server know?"""

from __future__ import annotations

from itertools import islice
from typing import Annotated

import typer

from storycluster.cli import shapes
from storycluster.cli.facts import print_facts
from storycluster.cli.filters import MinArticles, Since, Source, Until
from storycluster.cli.printing import print_article, print_story, print_table
from storycluster.cli.session import (
    DEFAULT_SERVER,
    AsJson,
    Collection,
    Server,
    Timeout,
    connected,
    put_json,
)
from storycluster.domain import Story

stories = typer.Typer(no_args_is_help=True, help="Stories: read them, put them right.")
articles = typer.Typer(no_args_is_help=True, help="Articles: read, withdraw, erase.")


@stories.command("list")
def list_stories(
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
    min_articles: MinArticles = 1,
    since: Since = None,
    until: Until = None,
    source: Source = "",
    limit: Annotated[int, typer.Option(min=0, help="At most this many; 0 for all.")] = 0,
) -> None:
    """List stories, newest first."""
    with connected(server, collection, timeout) as client:
        every = client.list_stories(
            min_article_count=min_articles,
            published_after=since,
            published_before=until,
            source=source,
        )
        found = islice(every, limit or None)
        if as_json:
            for story in found:
                put_json(shapes.story(story))
        else:
            columns = ("story", "articles", "unique", "canonical", "title")
            print_table(columns, map(_story_row, found))


def _story_row(story: Story) -> tuple[str, ...]:
    return (
        story.story_id,
        str(story.article_count),
        str(story.unique_count),
        story.canonical.article_id if story.canonical else "",
        story.title,
    )


@stories.command("show")
def show_story(
    story_id: Annotated[str, typer.Argument(metavar="ID")],
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
    facts: Annotated[
        bool, typer.Option("--facts", help="Who states which fact, and who had it first.")
    ] = False,
) -> None:
    """Show a story, its canonical and its members."""
    with connected(server, collection, timeout) as client:
        if facts:
            found = client.get_story_facts(story_id)
            if as_json:
                put_json(shapes.story_facts(found))
            else:
                print_facts(found)
            return
        view = client.get_story(story_id)
        if as_json:
            put_json(shapes.story_view(view))
        else:
            print_story(view)


@articles.command("show")
def show_article(
    article_id: Annotated[str, typer.Argument(metavar="ID")],
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
    revision: Annotated[int, typer.Option(min=0, help="0 is the latest.")] = 0,
) -> None:
    """Show an article and why it is in its story."""
    with connected(server, collection, timeout) as client:
        stored = client.get_article(article_id, revision=revision)
        if as_json:
            put_json(shapes.stored_article(stored))
        else:
            print_article(stored)


def furniture(
    source: Annotated[str, typer.Argument(help="Of this source only.")] = "",
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
    limit: Annotated[int, typer.Option(min=0, help="At most this many; 0 for all.")] = 0,
) -> None:
    """List the lines masked because they recur in a source's articles."""
    with connected(server, collection, timeout) as client:
        found = islice(client.list_furniture(source), limit or None)
        if as_json:
            for line in found:
                put_json(shapes.furniture_line(line))
        else:
            print_table(
                ("source", "articles", "for example", "line"),
                ((one.source, str(one.article_count), one.article_id, one.text) for one in found),
            )
