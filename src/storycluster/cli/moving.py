"""`collection export|import`: how does a whole collection go to a file, and come from one?

From a server's admin address, or, with --data, from a data folder that no server has open.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storycluster.cli import act_shapes
from storycluster.cli.acting import Actor, Reason
from storycluster.cli.offline import reported
from storycluster.cli.session import (
    DEFAULT_SERVER,
    AsJson,
    Server,
    connected,
    err,
    out,
    put_json,
    shown,
)
from storycluster.domain import Act, CollectionInfo, Rights
from storycluster.errors import InvalidInput, NotFound

if TYPE_CHECKING:
    from storycluster.engine import Engine

_SECONDS = 30.0

Name = Annotated[str, typer.Argument(metavar="NAME")]
Data = Annotated[
    str, typer.Option("--data", metavar="DIR", help="A data folder, instead of a server.")
]
Encoder = Annotated[str, typer.Option("--encoder", help="Of the data folder.")]


def export_collection(
    collection: Name,
    to: Annotated[
        Path,
        typer.Option("--out", metavar="FILE.jsonl|DIR", help="JSON Lines, or a folder of Parquet."),
    ],
    server: Server = DEFAULT_SERVER,
    data: Data = "",
    encoder: Encoder = "default",
    with_withdrawn: Annotated[
        bool, typer.Option("--with-withdrawn", help="Withdrawn articles whole, with their texts.")
    ] = False,
) -> None:
    """Write a collection down, whole."""
    if data:
        with reported(), _opened(data, encoder) as engine:
            lines = engine.export_collection(
                collection, with_withdrawn=with_withdrawn, rights=Rights(embargo=True)
            )
            _write(lines, to)
    else:
        with connected(server, collection, _SECONDS) as client:
            _write(client.export_collection(with_withdrawn=with_withdrawn), to)
    err.print(f"{shown(collection)} is written to {shown(str(to))}")


def import_collection(
    collection: Name,
    source: Annotated[Path, typer.Argument(metavar="FILE.jsonl|DIR")],
    reason: Reason,
    actor: Actor,
    server: Server = DEFAULT_SERVER,
    data: Data = "",
    encoder: Encoder = "default",
    as_json: AsJson = False,
) -> None:
    """Take a collection that was written down, into an empty one of any name."""
    if data:
        with reported(), _opened(data, encoder) as engine:
            lines = _lines(source)
            info = engine.import_collection(collection, lines, Act(actor, reason))
    else:
        with connected(server, collection, _SECONDS) as client:
            info = client.import_collection(_lines(source), actor=actor, reason=reason)
    _tell(info, as_json=as_json)


def _tell(info: CollectionInfo, *, as_json: bool) -> None:
    if as_json:
        put_json(act_shapes.collection(info))
    else:
        articles = info.counts.get("articles", 0)
        out.print(f"{shown(info.collection)} is imported: {articles} articles")


@contextmanager
def _opened(data: str, encoder: str) -> Iterator[Engine]:
    """An engine on a data folder; a server that has it open keeps it."""
    from storycluster.backends import open_encoder, open_store  # heavy
    from storycluster.engine import Engine, scheme_of
    from storycluster.settings import Settings

    if not Path(data.removeprefix("sqlite:")).is_dir():
        raise NotFound(resource="data folder", name=data)
    made, settings = open_encoder(encoder), Settings()
    engine = Engine(open_store(data, scheme_of(made, settings)), made, settings=settings)
    try:
        yield engine
    finally:
        engine.close()


def _write(pieces: Iterable[bytes], to: Path) -> None:
    """A file that is there whole or not at all, or a folder of Parquet."""
    if to.suffix == ".jsonl":
        beside = to.with_name(to.name + ".part")
        try:
            with beside.open("wb") as file:
                file.writelines(pieces)
                file.flush()
                os.fsync(file.fileno())
            beside.replace(to)
        finally:
            beside.unlink(missing_ok=True)
        return
    from storycluster.exchange.tables import write_tables  # pyarrow is an extra

    write_tables(_rejoined(pieces), to)


def _rejoined(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The lines of what was cut into pieces."""
    rest = b""
    for piece in pieces:
        *lines, rest = (rest + piece).split(b"\n")
        for line in lines:
            yield line + b"\n"
    if rest:
        yield rest


def _lines(source: Path) -> Iterator[bytes]:
    from storycluster.exchange import lines_of

    if source.is_dir():
        from storycluster.exchange.tables import read_tables  # pyarrow is an extra

        yield from read_tables(source)
        return
    try:
        with source.open("rb") as file:
            yield from lines_of(file)
    except OSError as error:
        raise InvalidInput.of("file", f"cannot read {source}: {error.strerror}") from None
