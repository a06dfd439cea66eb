"""Does the SDK do an editor's act once, also where the way to the server breaks?"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest
from scripted_server import Script, ScriptedServer, abort_bare, abort_with

from storycluster.client import AsyncClient, Client, RetryPolicy
from storycluster.errors import Overloaded, Unavailable

QUICK = RetryPolicy(initial_backoff_s=0.01, max_backoff_s=0.05)
BY: Any = {"actor": "ada", "reason": "the desk said so"}

Do = Callable[[str, str], Any]


@pytest.fixture
def script() -> Script:
    """What the server does."""
    return Script()


@pytest.fixture
def server(script: Script) -> Iterator[ScriptedServer]:
    """A server that does it."""
    running = ScriptedServer(script)
    yield running
    running.stop()


@pytest.fixture(params=["sync", "aio"])
def do(request: pytest.FixtureRequest, server: ScriptedServer) -> Do:
    """An act upon an id, by either client."""

    def sync(act: str, name: str) -> Any:
        with Client(server.address, retry=QUICK) as client:
            return getattr(client, act)(name, **BY)

    def aio(act: str, name: str) -> Any:
        async def run() -> Any:
            async with AsyncClient(server.address, retry=QUICK) as client:
                return await getattr(client, act)(name, **BY)

        return asyncio.run(run())

    return {"sync": sync, "aio": aio}[request.param]


def test_an_act_is_not_repeated_where_nobody_answered(script: Script, do: Do) -> None:
    """It may have been done, so the break is raised, and says so."""
    script.unary.append(abort_bare(grpc.StatusCode.UNAVAILABLE, "socket closed"))
    with pytest.raises(Unavailable, match="socket closed") as caught:
        do("lock_story", "s1")
    assert "may have been done" in caught.value.__notes__[0]
    assert script.calls == ["LockStory"]


@pytest.mark.parametrize("error", [Unavailable("draining"), Overloaded("full", retry_after_s=0.01)])
def test_an_act_that_the_server_refused_to_begin_is_repeated(
    script: Script, do: Do, error: Exception
) -> None:
    """A server that is full or goes down did nothing."""
    script.unary.append(abort_with(error))  # type: ignore[arg-type]  # both are ours
    assert do("lock_story", "s1").story.story_id == "s1"
    assert script.calls == ["LockStory"] * 2


def test_a_harmless_act_is_repeated(script: Script, do: Do) -> None:
    """To withdraw what is withdrawn already changes nothing."""
    script.unary.append(abort_bare(grpc.StatusCode.UNAVAILABLE))
    assert do("withdraw_article", "a1").article_id == "a1"
    assert script.calls == ["WithdrawArticle"] * 2
