"""Whole collections, through a client and on the command line."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterator

import pytest
from typer.testing import CliRunner

from storycluster import Article, AsyncClient, Client, CollectionSettings
from storycluster.cli.app import app
from storycluster.errors import InvalidInput, NotFound, StoryChanged
from storycluster.testing import serve

FERRY = (
    "A ferry carrying 140 people sank off Port Vell on Monday morning, the coast guard said. "
    "Rescuers pulled 128 survivors from the water within two hours. Twelve people died."
)


@pytest.fixture
def address() -> Iterator[str]:
    """A server with an article in each of two collections."""
    with serve() as address:
        for name in ("desk", "wire"):
            with Client(address, collection=name) as client:
                client.ingest_article(Article("a", title="Ferry sinks", text=FERRY))
        yield address


def test_a_collection_is_read_set_and_deleted(address: str) -> None:
    """Each call is about the client's own collection."""
    with Client(address, collection="desk") as desk, Client(address, collection="wire") as wire:
        assert [one.collection for one in desk.collections()] == ["desk", "wire"]
        info = desk.update_collection(CollectionSettings("longest"), actor="ops", reason="trial")
        assert (info.settings.canonical_policy, info.settings_revision) == ("longest", 1)
        story = desk.get_story(desk.get_article("a").assignment.story_id).story
        assert story.canonical is not None
        assert story.canonical.policy == "longest"
        assert wire.get_collection().settings == CollectionSettings()
        assert next(iter(desk.list_overrides())).kind == "configure"
        with pytest.raises(StoryChanged):
            desk.update_collection(
                CollectionSettings(), actor="ops", reason="trial", expected_revision=7
            )
        with pytest.raises(InvalidInput, match=r"settings\.canonical_policy"):
            desk.update_collection(CollectionSettings("newest"), actor="ops", reason="trial")
        assert desk.delete_collection(actor="ops", reason="trial is over")["articles"] == 1
        with pytest.raises(NotFound):
            desk.get_collection()
        assert wire.get_article("a").article.text == FERRY


def test_the_asyncio_client_does_the_same(address: str) -> None:
    """Read, set, list, delete."""

    async def run() -> list[str]:
        async with AsyncClient(address, collection="desk") as desk:
            told = {"actor": "ops", "reason": "trial"}
            await desk.update_collection(CollectionSettings("medoid"), **told)
            assert (await desk.get_collection()).settings.canonical_policy == "medoid"
            await desk.delete_collection(**told)
            return [one.collection for one in await desk.collections()]

    assert asyncio.run(run()) == ["wire"]


def test_an_operator_works_from_a_terminal(address: str) -> None:
    """`set` keeps what is not given; a wrong policy is refused with exit code 1."""

    def run(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(app, ["collection", *arguments, "--server", address])
        return done.exit_code, done.stdout

    why = ("--reason", "trial", "--actor", "ops")
    of = ("--collection", "desk")
    rank = ("--policy", "source_rank", "--source-rank", "AP", "--source-rank", "Reuters")
    assert run("set", *of, *rank, *why)[0] == 0
    assert run("set", *of, "--policy", "longest", "--alias", "Daesh=ad-Dawla", *why)[0] == 0
    code, told = run("show", *of, "--json")
    assert (code, json.loads(told)["settings"]) == (
        0,
        {
            "canonical_policy": "longest",
            "source_rank": ["AP", "Reuters"],
            "aliases": [["Daesh", "ad-Dawla"]],
        },
    )
    assert run("set", *of, "--policy", "newest", *why)[0] == 1
    code, told = run("list")
    assert (code, "desk" in told, "AP, Reuters" in told) == (0, True, True)
    assert run("delete", "desk", *why)[0] == 0
    assert run("show", *of)[0] == 1
