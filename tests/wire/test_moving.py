"""Does a collection move from server to server, by the clients and by the terminal?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from newsroom import fill, story_of
from storycluster_server.testing import RunningServer
from typer.testing import CliRunner
from wire_calls import Stubs, refused

from storycluster.cli.app import app
from storycluster.client import AsyncClient, Client
from storycluster.domain import CollectionInfo
from storycluster.errors import Conflict, InvalidInput, NotFound, TooLarge
from storycluster.v1 import admin_service_pb2 as pb

Serve = Callable[..., RunningServer]
BY: Any = {"actor": "ada", "reason": "another machine"}
ADMIN = {"server.listen": "127.0.0.1:0", "server.admin_listen": "127.0.0.1:0"}


@pytest.fixture
def filled(server: RunningServer) -> RunningServer:
    """A newsroom in which something was withdrawn."""
    with Client(server.address) as client:
        fill(client)
        client.lock_story(story_of(client, "mill"), **BY)
        client.withdraw_article("ferry-copy", **BY)
    return server


def run(*arguments: str) -> Any:
    return CliRunner().invoke(app, ["collection", *arguments])


def body(data: bytes) -> bytes:
    """A file without its header."""
    return data.partition(b"\n")[2]


def test_a_collection_moves_from_server_to_server(filled: RunningServer, serve: Serve) -> None:
    """By both clients, under another name; then it answers as it did, and is the same file."""
    other = serve({**ADMIN, "server.max_message_bytes": 65536})
    with Client(filled.address) as source, Client(other.address, collection="b") as target:
        data = b"".join(source.export_collection(with_withdrawn=True))
        info = target.import_collection(iter(data.splitlines(keepends=True)), **BY)
        assert info.counts == source.get_collection().counts
        assert target.get_article("ferry") == source.get_article("ferry")
        assert list(target.list_stories(min_article_count=0)) == list(
            source.list_stories(min_article_count=0)
        )
        assert list(target.list_events()) == list(source.list_events())
        assert body(b"".join(target.export_collection(with_withdrawn=True))) == body(data)

    async def again() -> CollectionInfo:
        async with AsyncClient(other.address, collection="b") as there:
            pieces = [piece async for piece in there.export_collection()]
        async with AsyncClient(other.address, collection="c") as there:
            return await there.import_collection(pieces, **BY)

    assert asyncio.run(again()).counts == info.counts


def test_what_is_refused_is_told_as_in_process(filled: RunningServer, serve: Serve) -> None:
    """Not empty, cut off, unknown, without a reason, too large: each by its class, by both
    clients."""
    other = serve({**ADMIN, "server.max_import_bytes": 200_000})
    with Client(filled.address) as source, Client(other.address) as target:
        lines = b"".join(source.export_collection()).splitlines(keepends=True)
        with pytest.raises(Conflict) as taken:
            source.import_collection(lines, **BY)
        assert taken.value.field == "collection"
        with pytest.raises(InvalidInput) as cut:
            target.import_collection(lines[:-1], **BY)
        assert cut.value.violations[0].field == f"line {len(lines)}: record"
        with pytest.raises(InvalidInput, match="reason"):
            target.import_collection(lines, actor="ada", reason="")
        with pytest.raises(TooLarge):
            target.import_collection(lines * 20, **BY)
        with pytest.raises(NotFound):
            next(target.export_collection())
        with pytest.raises(NotFound):
            target.get_collection()

    async def awaited() -> None:
        async with AsyncClient(filled.address) as client:
            await client.import_collection(lines, **BY)

    with pytest.raises(Conflict):
        asyncio.run(awaited())


def test_lines_that_fail_end_the_import_with_their_error(server: RunningServer) -> None:
    """By both clients; nothing is stored."""

    def failing() -> Iterator[bytes]:
        yield b"{}\n"
        raise FileNotFoundError("the disk is gone")

    async def awaited() -> None:
        async with AsyncClient(server.address) as client:
            await client.import_collection(failing(), **BY)

    with Client(server.address) as client:
        with pytest.raises(FileNotFoundError, match="the disk is gone"):
            client.import_collection(failing(), **BY)
        with pytest.raises(FileNotFoundError):
            asyncio.run(awaited())
        with pytest.raises(NotFound):
            client.get_collection()


def test_an_import_names_its_collection(stubs: Stubs) -> None:
    """Also the default one; a stream without a message is none."""
    first = pb.ImportCollectionRequest(actor="a", reason="b")
    for sent in ([first], []):
        refusal = refused(stubs.admin.ImportCollection, iter(sent))
        assert (refusal.code, refusal.fields) == (
            grpc.StatusCode.INVALID_ARGUMENT,
            ("collection",),
        )


def test_an_export_that_is_given_up_lets_the_store_go(filled: RunningServer) -> None:
    """Its snapshot ends with the call: an erasure is not held up."""
    with Client(filled.address) as client:
        pieces = client.export_collection()
        next(pieces)
        pieces.close()  # type: ignore[attr-defined]
        client.erase_article("ferry-copy", **BY)


@pytest.mark.parametrize("name", ["desk.jsonl", "desk"])
def test_the_terminal_moves_a_collection(filled: RunningServer, tmp_path: Path, name: str) -> None:
    """Through a file of JSON Lines or a folder of Parquet: out of a server, into a data folder
    without one, and out of that again."""
    pytest.importorskip("pyarrow")
    out, data = tmp_path / name, tmp_path / "data"
    data.mkdir()
    done = run("export", "default", "--out", str(out), "--server", filled.address)
    assert done.exit_code == 0, done.output
    reason = ["--reason", "moved", "--actor", "ada"]
    local = ["--data", str(data)]
    done = run("import", "desk", str(out), *reason, *local, "--json")
    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["counts"]["articles"] == 3
    done = run("import", "desk", str(out), *reason, *local)
    assert (done.exit_code, "is not empty" in done.output) == (1, True)
    again = tmp_path / "again.jsonl"
    assert run("export", "desk", "--out", str(again), *local).exit_code == 0
    with Client(filled.address) as client:
        assert body(again.read_bytes()) == body(b"".join(client.export_collection()))
    assert {path.name for path in tmp_path.iterdir()} == {name, "data", "again.jsonl"}


def test_the_terminal_says_what_is_missing(filled: RunningServer, tmp_path: Path) -> None:
    """A file, a data folder, a collection; an export that failed leaves no file."""
    out = tmp_path / "x.jsonl"
    reason = ["--reason", "moved", "--actor", "ada", "--server", filled.address]
    assert "cannot read" in run("import", "desk", str(out), *reason).output
    assert "data folder" in run("export", "x", "--out", str(out), "--data", str(out)).output
    assert run("export", "x", "--out", str(out), "--server", filled.address).exit_code == 1
    assert list(tmp_path.iterdir()) == []
