"""`storycluster compare`: what does one article say differently from another?"""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storycluster.cli import shapes
from storycluster.cli.differences import print_comparison
from storycluster.cli.offline import reported
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
from storycluster.errors import InvalidInput, StoryClusterError

if TYPE_CHECKING:
    from storycluster.domain import Article, Comparison
    from storycluster.formats import ArticlePair


def compare(
    base: Annotated[str, typer.Argument(metavar="A", help="An id, or a file.")] = "",
    other: Annotated[str, typer.Argument(metavar="B", help="An id, or a file.")] = "",
    pairs: Annotated[
        Path | None, typer.Option(help='JSON Lines {"id", "a": article, "b": article} instead.')
    ] = None,
    encoder: Annotated[str, typer.Option(help="For files: a name or a folder.")] = "default",
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
    base_revision: Annotated[int, typer.Option(min=0, help="Revision of A; 0: latest.")] = 0,
    other_revision: Annotated[int, typer.Option(min=0, help="Revision of B; 0: latest.")] = 0,
) -> None:
    """What does article B say differently from article A?

    A and B are ids on a server, or two files with an article each, which need no server.
    """
    if (pairs is None) != bool(base and other) or (pairs is not None and (base or other)):
        raise typer.BadParameter("give two articles, A and B, or a file of --pairs")
    if pairs is not None:
        _compare_pairs(pairs, encoder, as_json=as_json)
    elif Path(base).is_file() or Path(other).is_file():
        _compare_files((base, other), encoder, as_json=as_json)
    else:
        with connected(server, collection, timeout) as client:
            found = client.compare(
                base, other, base_revision=base_revision, other_revision=other_revision
            )
            if as_json:
                put_json(shapes.comparison(found))
            else:
                texts = (
                    client.get_article(base, found.base_revision).article,
                    client.get_article(other, found.other_revision).article,
                )
                print_comparison(found, texts=texts)


def _compare_files(paths: tuple[str, str], encoder: str, *, as_json: bool) -> None:
    with reported():
        a, b = (article_of(path) for path in paths)
        found = _Offline(encoder).compare(a, b)
    if as_json:
        put_json(shapes.comparison(found))
    else:
        print_comparison(found, texts=(a, b))


def article_of(path: str) -> Article:
    """The one article of a file. InvalidInput names the file that holds none, or several."""
    from storycluster.formats import Refused, read_paths

    found = list(read_paths([path]))
    if len(found) != 1:
        raise InvalidInput.of(path, f"holds {len(found)} articles, not one")
    if isinstance(found[0], Refused):
        raise InvalidInput.of(path, found[0].error.message)
    return found[0].article


def _compare_pairs(path: Path, encoder: str, *, as_json: bool) -> None:
    """A line for each pair, in order; what is refused is told, and the rest goes on."""
    refused = 0
    with reported():
        offline = _Offline(encoder)
        for place, pair in _placed(path):
            try:
                if isinstance(pair, StoryClusterError):
                    raise pair
                found = offline.compare(pair.a, pair.b)
            except StoryClusterError as error:
                refused += 1
                err.print(f"[bold red]refused[/] {shown(place)}: {shown(error.message)}")
                continue
            if as_json:
                put_json(shapes.pair(place, found))
            else:
                out.print(f"[dim]{shown(place)}[/]")
                print_comparison(found, texts=(pair.a, pair.b))
    if refused:
        raise typer.Exit(1)


def _placed(path: Path) -> Iterator[tuple[str, ArticlePair | StoryClusterError]]:
    """(id, or the count from 1 where it is missing; the pair), or (line, what is wrong)."""
    from storycluster.formats import Refused, read_pairs

    for number, one in enumerate(read_pairs(path), start=1):
        if isinstance(one, Refused):
            yield one.place, one.error
        else:
            yield one.pair_id or str(number), one


class _Offline:
    """Compares articles that no server holds."""

    def __init__(self, encoder: str) -> None:
        from storycluster.backends import open_encoder
        from storycluster.settings import Settings

        self._encoder, self._settings = open_encoder(encoder), Settings()

    def compare(self, a: Article, b: Article) -> Comparison:
        from storycluster.engine import compare_articles

        return compare_articles(a, b, encoder=self._encoder, settings=self._settings)
