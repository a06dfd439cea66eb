"""A real server and a real channel."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator

import pytest
from storycluster_server.testing import RunningServer
from wire_calls import GatedEncoder, Stubs

from storycluster.ports import Encoder


@pytest.fixture
def gated(encoder: Encoder) -> GatedEncoder:
    """The encoder behind a gate."""
    return GatedEncoder(encoder)


@pytest.fixture
def connect() -> Iterator[Callable[[str], Stubs]]:
    """Opens channels and closes them at the end."""
    opened: list[Stubs] = []

    def open_channel(address: str) -> Stubs:
        opened.append(Stubs(address))
        return opened[-1]

    yield open_channel
    for stubs in opened:
        stubs.channel.close()


@pytest.fixture
def server(serve: Callable[..., RunningServer]) -> RunningServer:
    """A server with the admin services on its port too (both addresses are equal)."""
    return serve({"server.listen": "127.0.0.1:0", "server.admin_listen": "127.0.0.1:0"})


@pytest.fixture
def stubs(server: RunningServer, connect: Callable[[str], Stubs]) -> Stubs:
    """A channel to that server."""
    return connect(server.address)


@pytest.fixture
def key() -> str:
    """A key with the right to see what is held."""
    return "5f2b9c51-a-key-that-nobody-guesses"


@pytest.fixture
def access(key: str) -> dict[str, str]:
    """The configuration of a server that knows that key."""
    digest = hashlib.sha256(key.encode()).hexdigest()
    known = {"name": "desk", "sha256": digest, "rights": ["embargo"]}
    return {"access.keys": json.dumps([known])}
