"""`recluster upgrade`: how does a data folder become one of another encoder, and what would that
change?
"""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storycluster.cli.acting import Actor
from storycluster.cli.offline import decision_model, reported, told_progress
from storycluster.cli.printing import print_table
from storycluster.cli.session import AsJson, err, out, put_json, shown
from storycluster.domain import Act

if TYPE_CHECKING:
    from storycluster.upgrade import Upgrade

_SHOWN = 20
_NUMBERS = frozenset({"articles", "gain", "probability", "pairwise F1", "B-cubed F1", "ARI"})


def upgrade(
    data: Annotated[
        Path, typer.Option("--data", metavar="OLD", help="Data folder of a stopped server.")
    ],
    encoder: Annotated[str, typer.Option("--encoder", help="The new one: a name or a folder.")],
    to: Annotated[
        Path, typer.Option("--out", metavar="NEW", help="The new data folder; not there yet.")
    ],
    actor: Actor,
    reason: Annotated[
        str, typer.Option("--reason", help="Why; kept in the audit of the new folder.")
    ] = "another encoder",
    collection: Annotated[
        str, typer.Option("--collection", help="Take this one alone; else every one.")
    ] = "",
    publish: Annotated[
        bool, typer.Option("--promote", help="Publish what is proposed, in the new folder.")
    ] = False,
    model: Annotated[
        Path | None,
        typer.Option(help="Decision model of the new encoder, as `calibrate` wrote it."),
    ] = None,
    old_model: Annotated[
        Path | None, typer.Option(help="That of the old encoder; else the shipped one.")
    ] = None,
    vectors: Annotated[
        Path | None,
        typer.Option(metavar="FILE", help="Keep the new vectors here, for another run."),
    ] = None,
    as_json: AsJson = False,
) -> None:
    """Make a new data folder with the vectors of another encoder, and report what it would change.

    Nothing in the old folder changes. Run again after an interruption: what is encoded stays
    encoded.
    """
    from storycluster.backends import open_encoder, stored_scheme
    from storycluster.recluster import Pace
    from storycluster.upgrade import Order
    from storycluster.upgrade import upgrade as made

    with reported():
        stored, opened = stored_scheme(str(data)), open_encoder(encoder)
        order = Order(
            data=data,
            out=to,
            encoder=opened,
            models=(
                decision_model(old_model, stored.encoder_id),
                decision_model(model, opened.encoder_id),
            ),
            act=Act(actor, reason),
            now=datetime.now(UTC),
            collection=collection,
            promote=publish,
            vectors=vectors or Path(),
        )
        with told_progress(as_json) as tell:
            done = made(order, Pace(tell))
    _print(done, to, encoder, as_json=as_json)


def _print(done: Upgrade, to: Path, encoder: str, *, as_json: bool) -> None:
    from storycluster.upgrade import REPORTS, plain_report, sections

    if as_json:
        put_json(plain_report(done))
        return
    for one in sections(done, most=_SHOWN):
        out.print(f"[bold]{shown(one.heading)}[/]")
        for sentence in one.said:
            out.print(shown(sentence))
        if one.rows:
            places = {at for at, name in enumerate(one.columns) if name in _NUMBERS}
            print_table(one.columns, one.rows, numbers=places)
        out.print()
    name = shown(str(to))
    err.print(f"{name} is made; the report is in {name}/{REPORTS}. To switch, stop the old server:")
    err.print(f"  storycluster serve --data {name} --encoder {shown(encoder)}")
    err.print("To roll back, serve the old folder: nothing in it was changed.")
