"""`storycluster held`: what is held until its minute?"""

from __future__ import annotations

from storycluster.cli import act_shapes
from storycluster.cli.printing import moment, print_table, words
from storycluster.cli.session import (
    DEFAULT_SERVER,
    AsJson,
    Collection,
    Server,
    Timeout,
    connected,
    put_json,
)
from storycluster.domain import HeldArticle


def held(
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
) -> None:
    """List the embargoed articles: needs a key with the right, in STORYCLUSTER_TOKEN."""
    with connected(server, collection, timeout) as client:
        found = client.list_held_articles()
        if as_json:
            for one in found:
                put_json(act_shapes.held_article(one))
            return
        print_table(("article", "until", "would be", "story", "source", "title"), map(_row, found))


def _row(one: HeldArticle) -> tuple[str, ...]:
    made = one.assignment
    until = moment(one.release_time) or ""
    if one.withdrawn is not None:
        until = "never: erased" if one.withdrawn.erased else "never: withdrawn"
    elif one.stopped:
        until = f"never: {one.stopped}"
    place = (words(made.relation.value), made.story_id)
    return (one.article.article_id, until, *place, one.article.source, one.article.title)
