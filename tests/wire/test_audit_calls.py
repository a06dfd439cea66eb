"""Does the audit come over the wire as the engine has it, to both clients and the terminal?"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import grpc
import pytest
from newsroom import fill, story_of
from storycluster_server.testing import RunningServer
from typer.testing import CliRunner
from wire_calls import Stubs, refused

from storycluster.cli.app import app
from storycluster.client import AsyncClient, Client
from storycluster.domain import AuditEntry, AuditFilter, EventKind
from storycluster.v1 import admin_service_pb2 as pb

BY: Any = {"actor": "ada", "reason": "the desk said so"}


@pytest.fixture
def filled(server: RunningServer) -> RunningServer:
    """A newsroom in which somebody did something."""
    with Client(server.address) as client:
        fill(client)
        client.lock_story(story_of(client, "mill"), **BY)
    return server


def test_both_clients_list_what_the_engine_has(filled: RunningServer) -> None:
    """Page by page, filtered, and of the store."""
    whole = filled.server.engine.list_audit_entries("", page_size=500).items
    wanted = AuditFilter(
        kinds=(EventKind.STORY_UPDATED, EventKind.MEMBER_ADDED),
        actor="ada",
        since=datetime(2020, 1, 1, tzinfo=UTC),
    )
    with Client(filled.address) as client:
        assert tuple(client.list_audit_entries(page_size=3)) == whole
        [locked] = client.list_audit_entries(wanted)
        assert (locked.actor, locked.after) == ("ada", {"story.state": "locked"})
        client.delete_collection(**BY)
        [deleted] = client.list_audit_entries(of_the_store=True)

    async def listed() -> list[AuditEntry]:
        async with AsyncClient(filled.address) as client:
            return [entry async for entry in client.list_audit_entries(of_the_store=True)]

    assert asyncio.run(listed()) == [deleted]
    assert deleted.event.kind is EventKind.COLLECTION_DELETED


def test_a_page_never_exceeds_a_message(serve: Callable[..., RunningServer]) -> None:
    """Long reasons make pages short, and nothing is left out."""
    server = serve({"server.max_message_bytes": 65536, "server.admin_listen": "127.0.0.1:0"})
    with Client(server.address) as client:
        fill(client)
        mill = story_of(client, "mill")
        for _ in range(6):
            client.lock_story(mill, actor="ada", reason="x" * 8000)
            client.unlock_story(mill, actor="ada", reason="y" * 8000)
        listed = list(client.list_audit_entries())
    whole = server.server.engine.list_audit_entries("", page_size=500).items
    assert listed == list(whole)


def test_a_kind_that_is_not_given_is_refused(filled: RunningServer, stubs: Stubs) -> None:
    """By its field."""
    refusal = refused(stubs.admin.ListAuditEntries, pb.ListAuditEntriesRequest(kinds=[0]))
    assert (refusal.code, refusal.fields) == (grpc.StatusCode.INVALID_ARGUMENT, ("kinds",))


def test_the_terminal_prints_entries(filled: RunningServer) -> None:
    """As a table, and one JSON object a line with the same."""
    asked = ["audit", "--server", filled.address, "--actor", "ada"]
    table = CliRunner().invoke(app, asked)
    assert table.exit_code == 0, table.output
    assert "story.state: open > locked" in table.stdout
    assert "the desk said so" in table.stdout
    lines = CliRunner().invoke(app, [*asked, "--kind", "story.updated", "--json"]).stdout
    [entry] = map(json.loads, lines.splitlines())
    assert (entry["actor"], entry["after"]) == ("ada", {"story.state": "locked"})
