"""Which commands are there?"""

from __future__ import annotations

from typing import Annotated

import typer

from storycluster import __version__
from storycluster.cli.auditing import audit
from storycluster.cli.calibrating import calibrate
from storycluster.cli.collecting import collections
from storycluster.cli.comparing import compare
from storycluster.cli.correcting import stale
from storycluster.cli.demo import demo
from storycluster.cli.editing import link, overrides, separate, undo, unlink
from storycluster.cli.evaluating import evaluate
from storycluster.cli.holding import held
from storycluster.cli.ingest import ingest
from storycluster.cli.moving import export_collection, import_collection
from storycluster.cli.reading import articles, furniture, stories
from storycluster.cli.recluster_jobs import register as register_jobs
from storycluster.cli.reclustering import recluster
from storycluster.cli.searching import search, similar
from storycluster.cli.serving import health, serve
from storycluster.cli.upgrading import upgrade
from storycluster.cli.watching import watch
from storycluster.cli.why import why

app = typer.Typer(
    name="storycluster",
    help="Near-duplicate news story clustering.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
app.command()(serve)
app.command()(ingest)
app.add_typer(stories, name="story")
app.add_typer(articles, name="article")
articles.command("stale")(stale)
app.add_typer(collections, name="collection")
collections.command("export")(export_collection)
collections.command("import")(import_collection)
app.add_typer(recluster, name="recluster")
register_jobs(recluster)
recluster.command()(upgrade)
app.command()(search)
app.command()(similar)
app.command()(why)
app.command()(compare)
app.command()(furniture)
app.command()(held)
app.command()(link)
app.command()(separate)
app.command()(unlink)
app.command()(overrides)
app.command()(undo)
app.command()(watch)
app.command()(audit)
app.command()(evaluate)
app.command()(calibrate)
app.command()(health)
app.command()(demo)


def _print_version(wanted: bool) -> None:
    if wanted:
        typer.echo(__version__)
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_print_version, is_eager=True, help="Print it.")
    ] = False,
) -> None:
    del version
