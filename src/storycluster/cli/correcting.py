"""`article stale`: who still says what an article has corrected?"""

from __future__ import annotations

import typer

from storycluster.cli import shapes
from storycluster.cli.acting import ArticleId
from storycluster.cli.differences import print_comparison
from storycluster.cli.session import (
    DEFAULT_SERVER,
    AsJson,
    Collection,
    Server,
    Timeout,
    connected,
    put_json,
    shown,
)


def stale(
    article_id: ArticleId,
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
) -> None:
    """List the members of its story that still say what the article's last revision corrected."""
    with connected(server, collection, timeout) as client:
        found = client.stale_members(article_id)
        for one in found:
            if as_json:
                put_json(shapes.comparison(one))
                continue
            texts = (
                client.get_article(article_id, one.base_revision).article,
                client.get_article(one.other_article_id, one.other_revision).article,
            )
            print_comparison(one, texts=texts)
        if not found and not as_json:
            typer.echo(f"nobody says what {shown(article_id)} has corrected")
