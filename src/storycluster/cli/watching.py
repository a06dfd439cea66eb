"""`watch`: what happens in a collection, as it happens?"""

from __future__ import annotations

from itertools import islice
from pathlib import Path
from typing import Annotated

import typer

from storycluster.cli import act_shapes
from storycluster.cli.printing import moment
from storycluster.cli.session import (
    DEFAULT_SERVER,
    AsJson,
    Collection,
    Server,
    connected,
    out,
    put_json,
    shown,
)
from storycluster.domain import Event, EventKind

_SECONDS = 30.0
_KIND_CELLS = max(map(len, EventKind))


def watch(
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    after: Annotated[
        int, typer.Option("--after", min=0, help="Behind this event; 0 from the beginning.")
    ] = 0,
    kinds: Annotated[
        list[EventKind] | None, typer.Option("--kind", help="Only of this kind; repeatable.")
    ] = None,
    story: Annotated[str, typer.Option("--story", metavar="ID", help="Only of this story.")] = "",
    checkpoint: Annotated[
        Path | None,
        typer.Option("--checkpoint", metavar="FILE", help="Keeps the place; goes on from there."),
    ] = None,
    limit: Annotated[int, typer.Option(min=0, help="End after so many; 0 for never.")] = 0,
) -> None:
    """Print what happens, a line for each event, until Ctrl-C; bridges restarts of the server."""
    from storycluster.client.watching import Checkpoint  # gRPC is not needed for --help

    with connected(server, collection, _SECONDS) as client:
        place = Checkpoint(checkpoint)
        events = client.watch(place.read(after), kinds=kinds or (), story_id=story)
        try:
            for event in islice(events, limit or None):
                if as_json:
                    put_json(act_shapes.event(event))
                else:
                    _print_event(event)
                place.write(events.position)
        except KeyboardInterrupt:  # the usual end
            raise typer.Exit(130) from None


def _print_event(event: Event) -> None:
    what = " ".join(filter(None, (event.story_id, event.article_id)))
    more = " ".join(f"{name}={value}" for name, value in event.detail.items())
    told = f"{event.kind.value:<{_KIND_CELLS}}  {shown(what)}"
    out.print(f"{event.sequence:>7}  {moment(event.time)}  {told}  [dim]{shown(more)}[/]".rstrip())
