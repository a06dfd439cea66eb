"""What do all commands share: the server they talk to, how errors end them, where output goes.

Data goes to standard output, everything else to standard error. Exit codes: 0 done, 1 refused or
not found, 2 wrong usage or a server that could not start, 3 no server.
"""

from __future__ import annotations

import errno
import json
import os
import re
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.markup import escape

from storycluster.errors import DeadlineExceeded, InvalidInput, StoryClusterError, Unavailable

if TYPE_CHECKING:
    from storycluster.client import Client

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

# Titles may hold `:smile:`, and a pipe has no width: nothing is replaced, wrapped or cut.
out = Console(highlight=False, soft_wrap=True, emoji=False)
err = Console(stderr=True, highlight=False, soft_wrap=True, emoji=False)

_SPACES = re.compile(r"\s+")
_UNSHOWN = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff]")


def put_json(value: Any) -> None:
    """One JSON line on standard output, written at once."""
    line = json.dumps(value, ensure_ascii=False)
    try:
        line.encode(sys.stdout.encoding)
    except UnicodeEncodeError:  # another locale, or a file name that is not UTF-8
        line = json.dumps(value)
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


def visible(text: str) -> str:
    """The text with control characters made visible: an article cannot steer the terminal."""
    plain = text.replace("\r\n", "\n").replace("\r", "\n")
    return _UNSHOWN.sub(_picture, plain)


def one_line(text: str) -> str:
    """The text on one line, control characters made visible."""
    return visible(_SPACES.sub(" ", text))


def shown(text: str) -> str:
    """The text on one line, safe inside markup."""
    return escape(one_line(text))


def _picture(match: re.Match[str]) -> str:
    code = ord(match.group())
    return chr(0x2400 + code) if code < 0x20 else "\ufffd"


@contextmanager
def connected(server: str, collection: str, timeout: float) -> Iterator[Client]:
    """A client; an error inside ends the command with one clear line and its exit code."""
    from storycluster.client import Client  # gRPC is not needed for --help

    token = os.environ.get("STORYCLUSTER_TOKEN") or None  # no option: others would see it in `ps`
    try:
        client = Client(server, collection=collection, timeout=timeout, token=token)
    except InvalidInput as error:  # what is wrong is an option, not an article
        raise typer.Exit(_told(error, code=2)) from None
    try:
        with client:
            yield client
    except (Unavailable, DeadlineExceeded) as error:
        raise typer.Exit(_told(error, code=3, server=server)) from None
    except StoryClusterError as error:
        raise typer.Exit(_told(error, code=1)) from None
    except KeyboardInterrupt:
        err.print("interrupted")
        raise typer.Exit(130) from None
    except OSError as error:
        if error.errno == errno.EPIPE:  # the reader left: typer ends it quietly
            raise
        err.print(f"[bold red]error:[/] cannot write the answer: {shown(str(error))}")
        raise typer.Exit(1) from None


def _told(error: StoryClusterError, *, code: int, server: str = "") -> int:
    place = f" (server {shown(server)})" if server else ""
    err.print(f"[bold red]error:[/] {shown(error.message)} {escape(f'[{error.reason}]')}{place}")
    for note in getattr(error, "__notes__", ()):
        err.print(f"  {shown(note)}")
    return code
