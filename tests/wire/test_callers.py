"""Does a server know its callers by their keys, and do the clients show theirs?"""

from __future__ import annotations

import asyncio
import dataclasses
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from newsroom import FERRY, FERRY_COPY, MILL
from storycluster_server.testing import RunningServer
from typer.testing import CliRunner
from wire_calls import wait_until

from storycluster.cli.app import app
from storycluster.client import AsyncClient, Client
from storycluster.domain import Article, EventKind, Relation
from storycluster.errors import (
    ArticleWithdrawn,
    NotFound,
    PermissionDenied,
    StoryClusterError,
    Unauthenticated,
)

ACT = {"actor": "desk", "reason": "it was wrong"}


def held(article: Article, seconds: float) -> Article:
    """It, embargoed for so long."""
    until = datetime.now(UTC) + timedelta(seconds=seconds)
    return dataclasses.replace(article, embargo_time=until)


@pytest.fixture
def address(serve: Callable[..., RunningServer], access: dict[str, str]) -> str:
    """A server that knows one key."""
    return serve({"server.release_every_s": 0.05, **access}).address


@pytest.mark.parametrize("sent", ["wrong", "Bearer", "5f2b9c"])
def test_an_unknown_key_is_refused(address: str, sent: str) -> None:
    """It is not taken for none."""
    with Client(address, token=sent, retry=None) as client, pytest.raises(Unauthenticated):
        client.server_info()


def test_without_keys_every_key_is_unknown(serve: Callable[..., RunningServer], key: str) -> None:
    """And who shows none is served."""
    server = serve()
    with Client(server.address, token=key, retry=None) as client, pytest.raises(Unauthenticated):
        client.server_info()
    with Client(server.address) as client:
        assert client.server_info().version


def test_keys_are_in_no_log(
    serve: Callable[..., RunningServer], access: dict[str, str], key: str
) -> None:
    """Neither a known one nor a wrong one, nor their digests."""
    log = io.StringIO()
    server = serve({"log.level": "debug", **access}, log=log)
    with Client(server.address, token=key) as client:
        client.ingest_article(held(FERRY, 60))
    wrong = "another key, long and wrong"
    with Client(server.address, token=wrong, retry=None) as client, pytest.raises(Unauthenticated):
        client.server_info()
    server.stop()  # a call's line may follow its answer
    assert "UNAUTHENTICATED" in log.getvalue()
    for secret in (key, wrong, access["access.keys"].split('"sha256": "')[1][:20]):
        assert secret not in log.getvalue()


def test_both_clients_see_what_is_held_with_the_right_alone(address: str, key: str) -> None:
    """The list, the article, its place and its differences."""
    with Client(address, token=key) as desk, Client(address) as public:
        desk.ingest_article(FERRY)
        told = desk.ingest_article(held(FERRY_COPY, 600))
        assert told.held_until is not None
        assert told.story is not None
        assert told.assignment.copy_of == FERRY.article_id
        assert told.story.article_count == 1
        assert public.ingest_article(held(MILL, 600)).assignment.relation is Relation.HELD
        listed = list(desk.list_held_articles(page_size=1))
        assert [one.article.article_id for one in listed] == [
            FERRY_COPY.article_id,
            MILL.article_id,
        ]
        assert desk.get_article(FERRY_COPY.article_id).held_until == told.held_until
        assert desk.compare_to_canonical(FERRY_COPY.article_id).base_article_id == FERRY.article_id
        with pytest.raises(NotFound):
            public.get_article(FERRY_COPY.article_id)
        with pytest.raises(PermissionDenied):
            list(public.list_held_articles())

    async def listing() -> list[str]:
        async with AsyncClient(address, token=key) as client:
            return [one.article.article_id async for one in client.list_held_articles()]

    assert asyncio.run(listing()) == [one.article.article_id for one in listed]


def test_a_server_releases_at_the_minute(address: str, key: str) -> None:
    """Though nothing arrives, and nobody asks it to."""
    with Client(address, token=key) as desk, Client(address) as public:
        promised = desk.ingest_article(held(FERRY, 0.5)).assignment.story_id
        with pytest.raises(NotFound):
            public.get_article(FERRY.article_id)
        wait_until(lambda: bool(list(public.list_stories())))
        assert public.get_article(FERRY.article_id).assignment.story_id == promised
        assert EventKind.EMBARGO_RELEASED in [one.kind for one in public.list_events()]


def test_a_desk_withdraws_reinstates_and_erases_what_is_held(address: str, key: str) -> None:
    """The others hear nothing of it."""
    with Client(address, token=key) as desk, Client(address) as public:
        desk.ingest_article(held(FERRY, 600))
        with pytest.raises(NotFound):
            public.withdraw_article(FERRY.article_id, **ACT)
        desk.withdraw_article(FERRY.article_id, **ACT)
        with pytest.raises(ArticleWithdrawn):
            desk.get_article(FERRY.article_id)
        desk.reinstate_article(FERRY.article_id, **ACT)
        assert desk.get_article(FERRY.article_id).article.text == FERRY.text
        assert desk.erase_article(FERRY.article_id, **ACT).erased
        with pytest.raises(NotFound):
            public.get_article(FERRY.article_id)
        assert list(public.list_events()) == []


def test_streams_have_the_rights_of_their_caller(address: str, key: str) -> None:
    """As single calls do."""
    articles = [FERRY, held(FERRY_COPY, 600)]
    for token, relation in ((None, Relation.HELD), (key, Relation.EXACT_COPY)):
        with Client(address, token=token, collection=f"of {relation.value}") as client:
            results: list[Any] = list(client.ingest_results(articles))
            assert not any(isinstance(one, StoryClusterError) for one in results)
            assert results[1].assignment.relation is relation


def test_the_command_line_shows_its_key(address: str, key: str) -> None:
    """From the environment; without it the list is refused."""
    with Client(address, token=key) as desk:
        desk.ingest_article(held(FERRY, 600))
    environment = {"STORYCLUSTER_SERVER": address, "STORYCLUSTER_TOKEN": key}
    found = CliRunner().invoke(app, ["held", "--json"], env=environment)
    assert found.exit_code == 0, found.output
    assert f'"article_id": "{FERRY.article_id}"' in found.stdout
    shown = CliRunner().invoke(app, ["held"], env=environment)
    assert FERRY.article_id in shown.stdout
    environment["STORYCLUSTER_TOKEN"] = ""
    assert CliRunner().invoke(app, ["held"], env=environment).exit_code != 0
