"""`search`, `similar`: which stories and articles are like some words, or like a text?"""

from __future__ import annotations

from typing import Annotated

import typer

from storycluster.cli import shapes
from storycluster.cli.comparing import article_of
from storycluster.cli.filters import MinArticles, Since, Source, Until
from storycluster.cli.offline import reported
from storycluster.cli.printing import print_table
from storycluster.cli.session import (
    DEFAULT_SERVER,
    AsJson,
    Collection,
    Server,
    Timeout,
    connected,
    put_json,
)
from storycluster.domain import SimilarArticle, StoryHit

Limit = Annotated[int, typer.Option(min=1, help="At most this many.")]


def search(
    words: Annotated[list[str], typer.Argument(metavar="WORDS...")],
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
    min_articles: MinArticles = 1,
    since: Since = None,
    until: Until = None,
    source: Source = "",
    limit: Limit = 10,
) -> None:
    """Find the stories most like some words, by wording and by meaning."""
    with connected(server, collection, timeout) as client:
        found = client.search_stories(
            " ".join(words),
            limit=limit,
            min_article_count=min_articles,
            published_after=since,
            published_before=until,
            source=source,
        )
        if as_json:
            for hit in found:
                put_json(shapes.story_hit(hit))
        else:
            columns = ("like", "story", "articles", "most like it", "title")
            print_table(columns, map(_hit_row, found))


def _hit_row(hit: StoryHit) -> tuple[str, ...]:
    return (
        f"{hit.similarity:.2f}",
        hit.story.story_id,
        str(hit.story.article_count),
        hit.article_id,
        hit.story.title,
    )


def similar(
    file: Annotated[str, typer.Argument(metavar="FILE", help="One article, of any format.")],
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
    limit: Limit = 10,
) -> None:
    """Find the stored articles most like the one of a file, which is not stored."""
    with reported():
        article = article_of(file)
    with connected(server, collection, timeout) as client:
        found = client.find_similar_articles(article, limit=limit)
        if as_json:
            for one in found:
                put_json(shapes.similar_article(one))
        else:
            columns = ("like", "jaccard", "containment", "story", "article", "source")
            print_table(columns, map(_similar_row, found))


def _similar_row(one: SimilarArticle) -> tuple[str, ...]:
    measured = (one.similarity, one.jaccard, one.containment)
    return (*(f"{value:.2f}" for value in measured), one.story_id, one.article_id, one.source)
