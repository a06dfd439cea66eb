"""What does a webhook send of a collection that came by import?"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from newsroom import FERRY, fill
from receiver import Receiver, settled
from storycluster_server.testing import RunningServer

from storycluster.client import Client
from storycluster.domain import Article

Serve = Callable[..., RunningServer]

BY: Any = {"actor": "ada", "reason": "another machine"}
ADMIN = {"server.listen": "127.0.0.1:0", "server.admin_listen": "127.0.0.1:0"}
AFTER = Article("harbour", title="Harbour opens", text="The new harbour opened to ships today.")


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    """One that takes everything."""
    taking = Receiver()
    yield taking
    taking.close()


@pytest.fixture
def hooked(receiver: Receiver, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The settings of a server that sends it the default collection."""
    monkeypatch.setenv("HOOK_SECRET", "0123456789abcdef-secret")
    table = {"name": "desk", "url": receiver.url, "secret_env": "HOOK_SECRET"}
    return {**ADMIN, "webhooks.receivers": [table], "webhooks.max_events": 3}


@pytest.fixture
def exported(server: RunningServer) -> list[bytes]:
    """A newsroom of another server, which no webhook followed."""
    with Client(server.address) as client:
        fill(client)
        return b"".join(client.export_collection()).splitlines(keepends=True)


def news_of(server: RunningServer, *, after: int) -> list[int]:
    """The sequences in the feed behind one."""
    with Client(server.address) as client:
        return [event.sequence for event in client.list_events(after=after)]


def last_of(server: RunningServer) -> int:
    return server.server.engine.last_event("default")


def test_an_import_is_no_news(
    serve: Serve, receiver: Receiver, hooked: dict[str, Any], exported: list[bytes]
) -> None:
    """A webhook that waits for its collection sends none of the imported events and all that
    follow."""
    server = serve(hooked)
    with Client(server.address) as client:
        client.import_collection(iter(exported), **BY)
        imported = last_of(server)
        settled()
        client.ingest_article(AFTER)
    wanted = news_of(server, after=imported)
    receiver.wait_for(wanted[-1])
    assert imported > 0
    assert receiver.sequences() == wanted


def test_a_webhook_that_comes_later_begins_behind_the_import_too(
    serve: Serve,
    receiver: Receiver,
    hooked: dict[str, Any],
    exported: list[bytes],
    tmp_path: Path,
) -> None:
    """Also where the server was started anew in between, and with what came in between."""
    data = {"store.url": str(tmp_path / "data")}
    server = serve({**ADMIN, **data})
    with Client(server.address) as client:
        client.import_collection(iter(exported), **BY)
        imported = last_of(server)
        client.ingest_article(AFTER)
    wanted = news_of(server, after=imported)
    server.stop()
    serve({**hooked, **data})
    receiver.wait_for(wanted[-1])
    assert receiver.sequences() == wanted


def test_a_collection_that_moves_with_its_webhook_loses_no_event(
    serve: Serve, receiver: Receiver, hooked: dict[str, Any], tmp_path: Path
) -> None:
    """What the first server had not sent yet the second one sends, and nothing twice."""
    first = serve(hooked)
    with Client(first.address) as client:
        client.ingest_article(FERRY)
        receiver.wait_for(last_of(first))
        receiver.answers = lambda number: 503
        sent = last_of(first)
        fill(client)
        data = b"".join(client.export_collection()).splitlines(keepends=True)
    first.stop()
    receiver.answers = lambda number: 200
    second = serve(hooked)
    with Client(second.address) as client:
        client.import_collection(iter(data), **BY)
    receiver.wait_for(last_of(second))
    assert sent < last_of(second)
    assert receiver.sequences() == news_of(second, after=0)


def test_an_import_over_a_deleted_collection_is_no_news_either(
    serve: Serve, receiver: Receiver, hooked: dict[str, Any], exported: list[bytes]
) -> None:
    """The place in the deleted one stands for nothing in the new one, shorter or longer."""
    server = serve(hooked)
    with Client(server.address) as client:
        client.ingest_article(FERRY)
        receiver.wait_for(last_of(server))
        before = len(receiver.sequences())
        client.delete_collection(**BY)
        client.import_collection(iter(exported), **BY)
        imported = last_of(server)
        settled()
        client.ingest_article(AFTER)
    wanted = news_of(server, after=imported)
    receiver.wait_for(wanted[-1])
    assert receiver.sequences()[before:] == wanted


def test_a_place_is_not_kept_for_a_collection_that_is_gone(server: RunningServer) -> None:
    """It would not be empty, and could not be imported."""
    engine = server.server.engine
    with Client(server.address) as client:
        fill(client)
        last = last_of(server)
        engine.keep_place_in_feed("default", "webhook:desk", last)
        data = b"".join(client.export_collection()).splitlines(keepends=True)
        client.delete_collection(**BY)
        engine.keep_place_in_feed("default", "webhook:desk", last)
        assert engine.place_in_feed("default", "webhook:desk") == 0
        client.import_collection(iter(data), **BY)
    assert engine.place_in_feed("default", "webhook:desk") == last
    assert engine.place_in_feed("default", "webhook:other") == last
