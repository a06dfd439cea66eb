"""`audit`: who changed what in a collection, and why?

Served on the server's admin address.
"""

from __future__ import annotations

from datetime import datetime
from itertools import islice
from typing import Annotated

import typer

from storycluster.cli import act_shapes
from storycluster.cli.filters import moment_of
from storycluster.cli.printing import moment, print_table
from storycluster.cli.session import (
    DEFAULT_SERVER,
    AsJson,
    Collection,
    Server,
    Timeout,
    connected,
    put_json,
)
from storycluster.domain import AuditEntry, AuditFilter, EventKind


def audit(
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
    kinds: Annotated[
        list[EventKind] | None, typer.Option("--kind", help="Only of this kind; repeatable.")
    ] = None,
    article: Annotated[
        str, typer.Option("--article", metavar="ID", help="Only about this article.")
    ] = "",
    story: Annotated[
        str, typer.Option("--story", metavar="ID", help="Only about this story and who left it.")
    ] = "",
    actor: Annotated[str, typer.Option("--actor", help="Only what he did.")] = "",
    since: Annotated[
        datetime | None,
        typer.Option("--since", parser=moment_of, metavar="DAY|TIME", help="Only from then on."),
    ] = None,
    until: Annotated[
        datetime | None,
        typer.Option("--until", parser=moment_of, metavar="DAY|TIME", help="Only before."),
    ] = None,
    of_the_store: Annotated[
        bool, typer.Option("--collections", help="What was done to whole collections instead.")
    ] = False,
    limit: Annotated[int, typer.Option(min=0, help="At most this many; 0 for all.")] = 0,
) -> None:
    """List what changed, who did it and why, newest first."""
    wanted = AuditFilter(
        kinds=tuple(kinds or ()),
        article_id=article,
        story_id=story,
        actor=actor,
        since=since,
        until=until,
    )
    with connected(server, collection, timeout) as client:
        listing = client.list_audit_entries(wanted, of_the_store=of_the_store)
        found = islice(listing, limit or None)
        if as_json:
            for one in found:
                put_json(act_shapes.audit_entry(one))
        else:
            columns = ("entry", "when", "what", "who", "story", "article", "changed", "why")
            print_table(columns, map(_row, found))


def _row(one: AuditEntry) -> tuple[str, ...]:
    event = one.event
    changed = [
        f"{name}: {one.before.get(name) or '-'} > {now or '-'}" for name, now in one.after.items()
    ]
    return (
        str(event.sequence),
        moment(event.time),
        event.kind.value,
        one.actor or "the server",
        event.story_id,
        event.article_id,
        "; ".join(changed) or " ".join(f"{key}={told}" for key, told in event.detail.items()),
        one.reason,
    )
