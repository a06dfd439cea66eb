"""What do all commands share: the server they talk to, how errors end them, where output goes.

Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 refused or not
found, 2 wrong usage or a server that could not start, 3 no server.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Annotated, Any

import typer
from rich.console import Console

from storycluster.client import Client
from storycluster.errors import DeadlineExceeded, StoryClusterError, Unavailable

DEFAULT_SERVER = "127.0.0.1:7443"

Server = Annotated[
    str,
    typer.Option(
        "--server", envvar="STORYCLUSTER_SERVER", metavar="HOST:PORT", help="The server to ask."
    ),
]
Collection = Annotated[
    str,
    typer.Option("--collection", envvar="STORYCLUSTER_COLLECTION", help="The collection."),
]
AsJson = Annotated[bool, typer.Option("--json", help="One JSON object a line.")]
Timeout = Annotated[float, typer.Option("--timeout", help="Seconds for each call, in all.")]

out = Console(highlight=False, soft_wrap=True)
err = Console(stderr=True, highlight=False, soft_wrap=True)


def put_json(value: Any) -> None:
    """One JSON line on standard output, written at once."""
    sys.stdout.write(json.dumps(value, ensure_ascii=False) + "\n")
    sys.stdout.flush()


@contextmanager
def connected(server: str, collection: str, timeout: float) -> Iterator[Client]:
    """A client; an error inside ends the command with one clear line and its exit code."""
    try:
        with Client(server, collection=collection, timeout=timeout) as client:
            yield client
    except (Unavailable, DeadlineExceeded) as error:
        err.print(f"[bold red]error:[/] {_plain(error)} (server {server})")
        raise typer.Exit(3) from None
    except StoryClusterError as error:
        err.print(f"[bold red]error:[/] {_plain(error)}")
        raise typer.Exit(1) from None
    except KeyboardInterrupt:
        err.print("interrupted")
        raise typer.Exit(130) from None


def _plain(error: StoryClusterError) -> str:
    return f"{error.message} \\[{error.reason}]"
