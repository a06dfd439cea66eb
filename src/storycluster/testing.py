"""How does a test, an example or a notebook get a real server for the length of a block?

    from storycluster import Article, Client
    from storycluster.testing import serve

    with serve() as address, Client(address) as client:
        client.ingest_article(Article("a", title="Mill burns", text="A mill burned down."))

The services, the engine and the wire are the real ones; only the store is in memory. Needs the
extra `server`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from storycluster.errors import MissingExtra

__all__ = ["serve"]


@contextmanager
def serve(flags: Mapping[str, Any] | None = None, *, encoder: Any = None) -> Iterator[str]:
    """A server on a free loopback port, in a thread; yields its address "127.0.0.1:PORT".

    `flags` are settings of the server as {"section.key": value}; by default the store is in memory
    and the admin methods are on the same port. `encoder` replaces the configured model
    (ports.Encoder). At the end of the block accepted work is finished and the store is gone.
    Raises MissingExtra without the extra `server`, StoryClusterError for what prevents the start.
    """
    try:
        from storycluster_server.testing import running_server
    except ModuleNotFoundError as missing:
        if (missing.name or "").partition(".")[0] == "storycluster":
            raise  # a part of the project itself
        raise MissingExtra(extra="server", needs=missing.name or "storycluster_server") from missing
    chosen = {"server.listen": "127.0.0.1:0", "server.admin_listen": "127.0.0.1:0", **(flags or {})}
    with running_server(chosen, encoder=encoder) as server:
        yield server.address
