"""`collection list|show|set|delete`: what does an operator do with whole collections?

Served on the server's admin address.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from storycluster.cli import act_shapes
from storycluster.cli.acting import Actor, Reason
from storycluster.cli.printing import print_table
from storycluster.cli.session import (
    DEFAULT_SERVER,
    AsJson,
    Collection,
    Server,
    Timeout,
    connected,
    out,
    put_json,
    shown,
)
from storycluster.domain import CollectionInfo, CollectionSettings
from storycluster.errors import NotFound

if TYPE_CHECKING:
    from storycluster.client import Client

collections = typer.Typer(
    no_args_is_help=True, help="Collections, on the admin address: read, set, delete them."
)


@collections.command("list")
def list_collections(
    server: Server = DEFAULT_SERVER, as_json: AsJson = False, timeout: Timeout = 30.0
) -> None:
    """List the collections."""
    with connected(server, "default", timeout) as client:
        _print(client.collections(), as_json=as_json)


@collections.command("show")
def show_collection(
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
) -> None:
    """Show what a collection holds and how it is decided."""
    with connected(server, collection, timeout) as client:
        _print([client.get_collection()], as_json=as_json)


@collections.command("set")
def set_collection(
    reason: Reason,
    actor: Actor,
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
    policy: Annotated[
        str | None, typer.Option(help='Of its canonicals; "" for that of the server.')
    ] = None,
    source_rank: Annotated[
        list[str] | None, typer.Option(help="A source, the best first; once for each.")
    ] = None,
    alias: Annotated[
        list[str] | None,
        typer.Option(help='Names of one entity, as "Daesh=ISIL=Islamic State"; once for each.'),
    ] = None,
) -> None:
    """Set how canonicals are chosen, and choose them anew, and which names are one; what is not
    given stays."""
    with connected(server, collection, timeout) as client:
        known = _known(client)
        chosen = known.settings
        if policy is not None:
            chosen = replace(chosen, canonical_policy=policy)
        if source_rank is not None:
            chosen = replace(chosen, source_rank=tuple(filter(None, source_rank)))
        if alias is not None:
            groups = (tuple(name.strip() for name in one.split("=")) for one in alias if one)
            chosen = replace(chosen, aliases=tuple(groups))
        info = client.update_collection(
            chosen, actor=actor, reason=reason, expected_revision=known.settings_revision
        )
        _print([info], as_json=as_json)


@collections.command("delete")
def delete_collection(
    reason: Reason,
    actor: Actor,
    collection: Annotated[str, typer.Argument(metavar="NAME")],
    server: Server = DEFAULT_SERVER,
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
) -> None:
    """Remove a collection with everything in it, for good."""
    with connected(server, collection, timeout) as client:
        counts = client.delete_collection(actor=actor, reason=reason)
        if as_json:
            put_json({"collection": collection, "counts": counts})
        else:
            out.print(f"{shown(collection)} is deleted: {counts.get('articles', 0)} articles")


def _known(client: Client) -> CollectionInfo:
    """The collection as it is; one that was never written has nothing set."""
    try:
        return client.get_collection()
    except NotFound:
        return CollectionInfo("", {}, CollectionSettings())


def _print(found: tuple[CollectionInfo, ...] | list[CollectionInfo], *, as_json: bool) -> None:
    if as_json:
        for one in found:
            put_json(act_shapes.collection(one))
        return
    columns = ("collection", "articles", "stories", "policy", "source rank", "aliases")
    print_table(columns, map(_row, found))


def _row(one: CollectionInfo) -> tuple[str, ...]:
    return (
        one.collection,
        str(one.counts.get("articles", 0)),
        str(one.counts.get("stories", 0)),
        one.settings.canonical_policy or "the server's",
        ", ".join(one.settings.source_rank),
        ", ".join("=".join(group) for group in one.settings.aliases),
    )
