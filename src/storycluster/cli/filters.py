"""How does a person say which stories are wanted?"""

from __future__ import annotations

from datetime import UTC, date, datetime, time
from typing import Annotated

import typer


def moment_of(told: str) -> datetime:
    """A time with its zone, or a day, which is its first moment in UTC. BadParameter for another:
    a time without a zone could be anywhere."""
    try:
        return datetime.combine(date.fromisoformat(told), time(), tzinfo=UTC)
    except ValueError:
        pass
    try:
        moment = datetime.fromisoformat(told)
    except ValueError:
        raise typer.BadParameter(f"{told!r} is neither YYYY-MM-DD nor an ISO 8601 time") from None
    if moment.tzinfo is None:
        raise typer.BadParameter(f"{told!r} has no time zone; add Z for UTC")
    return moment


MinArticles = Annotated[int, typer.Option(min=1, help="Only stories with this many.")]
Since = Annotated[
    datetime | None,
    typer.Option(
        "--since",
        parser=moment_of,
        metavar="DAY|TIME",
        help="Only stories with an article published then or later.",
    ),
]
Until = Annotated[
    datetime | None,
    typer.Option(
        "--until",
        parser=moment_of,
        metavar="DAY|TIME",
        help="Only stories with an article published before.",
    ),
]
Source = Annotated[str, typer.Option("--source", help="Only stories with an article of it.")]
