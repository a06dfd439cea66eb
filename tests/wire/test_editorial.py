"""Does an editor's word reach the engine of a real server, and its answer the editor?"""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Callable, Iterator
from typing import Any

import grpc
import pytest
from newsroom import fill, members, story_of
from wire_calls import Stubs, refused

from storycluster import testing
from storycluster.client import AsyncClient, Client, Edit
from storycluster.domain import ConstraintKind, Override, OverrideKind, StoryState
from storycluster.errors import (
    ArticleWithdrawn,
    InvalidInput,
    NotFound,
    PreconditionFailed,
    StoryChanged,
)
from storycluster.ports import Encoder
from storycluster.v1 import article_service_pb2, editorial_service_pb2

BY: dict[str, Any] = {"actor": "ada", "reason": "the desk said so"}
MUST, CANNOT = ConstraintKind.MUST_LINK, ConstraintKind.CANNOT_LINK


@pytest.fixture(scope="module")
def address(encoder: Encoder) -> Iterator[str]:
    """A real server for the tests of this module, which use a collection each."""
    with testing.serve(encoder=encoder) as given:
        yield given


@pytest.fixture
def client(address: str, request: pytest.FixtureRequest) -> Iterator[Client]:
    """A client of a collection of its own, which holds two stories."""
    with Client(address, collection=request.node.name[:60]) as made:
        fill(made)
        yield made


def test_a_withdrawn_article_is_in_no_answer_until_it_is_back(client: Client) -> None:
    """Reading and comparing it say by whom and why; reinstated it is in its story again."""
    story_id = story_of(client, "ferry")
    left = client.withdraw_article("ferry-own", **BY)
    assert (left.article_id, left.erased, left.story_id) == ("ferry-own", False, story_id)
    assert (left.actor, left.reason) == ("ada", "the desk said so")
    with pytest.raises(ArticleWithdrawn, match="ada: the desk said so"):
        client.get_article("ferry-own")
    with pytest.raises(ArticleWithdrawn):
        client.compare("ferry", "ferry-own")
    assert members(client, story_id) == ["ferry", "ferry-copy"]
    assert client.withdraw_article("ferry-own", **BY) == left
    assert client.reinstate_article("ferry-own", **BY).story_id == story_id
    assert "ferry-own" in members(client, story_id)
    with pytest.raises(PreconditionFailed):
        client.reinstate_article("ferry-own", **BY)


def test_an_erased_article_does_not_come_back(client: Client) -> None:
    """Its story closes, its id is refused, and it cannot be reinstated."""
    story_id = story_of(client, "mill")
    left = client.erase_article("mill", **BY)
    assert (left.erased, left.story_id) == (True, story_id)
    assert client.get_story(story_id).story.state is StoryState.CLOSED
    for call in (client.get_article, client.explain):
        with pytest.raises(ArticleWithdrawn):
            call("mill")
    with pytest.raises(PreconditionFailed):
        client.reinstate_article("mill", **BY)
    assert client.erase_article("mill", **BY) == left


def test_an_article_moves_with_its_copies(client: Client) -> None:
    """The answer holds the override and the story it is in now, a new one where none was named."""
    before = story_of(client, "ferry")
    done = client.move_article("ferry-own", **BY)
    assert isinstance(done, Edit)
    assert (done.override.kind, done.override.actor) == (OverrideKind.MOVE, "ada")
    assert (done.override.story_id, done.override.other_story_id) == (done.story.story_id, before)
    assert members(client, done.story.story_id) == ["ferry-own"]
    back = client.move_article("ferry", done.story.story_id, **BY)
    assert set(back.override.article_ids) == {"ferry", "ferry-copy"}
    assert back.story.article_count == 3


def test_stories_merge_and_split(client: Client) -> None:
    """The older id stays; a split names the new story."""
    ferry, mill = story_of(client, "ferry"), story_of(client, "mill")
    merged = client.merge_stories(mill, ferry, **BY)
    assert (merged.story.story_id, merged.story.article_count) == (ferry, 4)
    assert client.get_story(mill).redirected_from == mill
    parted = client.split_story(ferry, ["mill"], **BY)
    assert parted.override.other_story_id == parted.story.story_id
    assert members(client, parted.story.story_id) == ["mill"]
    with pytest.raises(InvalidInput, match="article_ids"):
        client.split_story(ferry, [], **BY)
    with pytest.raises(InvalidInput, match="article_ids"):
        client.split_story(ferry, "mill", **BY)


def test_a_canonical_is_pinned_and_let_go(client: Client) -> None:
    """The pin is the canonical's reason; without it there is nothing to unpin."""
    story_id = story_of(client, "ferry")
    pinned = client.pin_canonical("ferry-own", **BY).story.canonical
    assert pinned is not None
    assert (pinned.article_id, pinned.policy) == ("ferry-own", "pinned")
    freed = client.unpin_canonical(story_id, **BY).story.canonical
    assert freed is not None
    assert freed.policy != "pinned"
    with pytest.raises(PreconditionFailed):
        client.unpin_canonical(story_id, **BY)


def test_a_locked_story_refuses(client: Client) -> None:
    """A second lock, a move to it and a merge with it are refused until it is unlocked."""
    ferry, mill = story_of(client, "ferry"), story_of(client, "mill")
    assert client.lock_story(ferry, **BY).story.state is StoryState.LOCKED
    for act in (
        lambda: client.lock_story(ferry, **BY),
        lambda: client.move_article("mill", ferry, **BY),
        lambda: client.merge_stories(mill, ferry, **BY),
    ):
        with pytest.raises(PreconditionFailed, match="locked"):
            act()
    assert client.unlock_story(ferry, **BY).story.state is StoryState.OPEN
    with pytest.raises(PreconditionFailed):
        client.unlock_story(ferry, **BY)


def test_two_articles_are_kept_together_or_apart(client: Client) -> None:
    """The second one comes or goes at once; the other word replaces the first."""
    ferry = story_of(client, "ferry")
    together = client.add_constraint(MUST, "ferry", "mill", **BY)
    assert together.override.kind is OverrideKind.MUST_LINK
    assert (together.story.story_id, story_of(client, "mill")) == (ferry, ferry)
    apart = client.add_constraint(CANNOT, "ferry", "mill", **BY)
    assert apart.story.story_id != ferry
    gone = client.remove_constraint("mill", "ferry", **BY)
    assert gone.kind is OverrideKind.UNLINK
    with pytest.raises(NotFound):
        client.remove_constraint("mill", "ferry", **BY)
    with pytest.raises(InvalidInput, match="kind"):
        client.add_constraint(ConstraintKind.PIN, "ferry", "mill", **BY)


def test_an_act_is_undone_once(client: Client) -> None:
    """Undoing names what it took back, and the other way round; the list is newest first."""
    ferry = story_of(client, "ferry")
    moved = client.move_article("ferry-own", **BY).override
    undone = client.undo_override(moved.sequence, **BY)
    assert (undone.kind, undone.undoes) == (OverrideKind.UNDO, moved.sequence)
    assert story_of(client, "ferry-own") == ferry
    listed = list(client.list_overrides(page_size=1))
    assert [(one.kind, one.undone_by) for one in listed] == [
        (OverrideKind.UNDO, 0),
        (OverrideKind.MOVE, undone.sequence),
    ]
    for sequence in (moved.sequence, undone.sequence):
        with pytest.raises(PreconditionFailed):
            client.undo_override(sequence, **BY)
    with pytest.raises(NotFound):
        client.undo_override(99, **BY)
    with pytest.raises(InvalidInput, match="sequence"):
        client.undo_override(0, **BY)


def test_a_story_that_changed_meanwhile_is_told(client: Client) -> None:
    """With the revision he saw an editor overwrites nobody; nothing is changed by the refusal."""
    story = client.get_story(story_of(client, "ferry")).story
    for act in (
        lambda: client.move_article("ferry-own", expected_revision=story.revision + 1, **BY),
        lambda: client.lock_story(story.story_id, expected_revision=story.revision + 1, **BY),
        lambda: client.pin_canonical("ferry-own", expected_revision=story.revision + 1, **BY),
    ):
        with pytest.raises(StoryChanged, match="revision"):
            act()
    assert list(client.list_overrides()) == []
    assert client.lock_story(story.story_id, expected_revision=story.revision, **BY)


Act = Callable[[Client, dict[str, Any]], object]

ACTS: dict[str, Act] = {
    "withdraw_article": lambda client, by: client.withdraw_article("x", **by),
    "reinstate_article": lambda client, by: client.reinstate_article("x", **by),
    "erase_article": lambda client, by: client.erase_article("x", **by),
    "move_article": lambda client, by: client.move_article("x", **by),
    "merge_stories": lambda client, by: client.merge_stories("x", "y", **by),
    "split_story": lambda client, by: client.split_story("x", ["y"], **by),
    "pin_canonical": lambda client, by: client.pin_canonical("x", **by),
    "unpin_canonical": lambda client, by: client.unpin_canonical("x", **by),
    "lock_story": lambda client, by: client.lock_story("x", **by),
    "unlock_story": lambda client, by: client.unlock_story("x", **by),
    "add_constraint": lambda client, by: client.add_constraint(MUST, "x", "y", **by),
    "remove_constraint": lambda client, by: client.remove_constraint("x", "y", **by),
    "undo_override": lambda client, by: client.undo_override(77, **by),
}


@pytest.mark.parametrize("name", ACTS)
def test_what_is_unknown_is_not_found(client: Client, name: str) -> None:
    """Every act upon an article, story or override that is not there is NotFound."""
    with pytest.raises(NotFound):
        ACTS[name](client, BY)


@pytest.mark.parametrize("missing", ["actor", "reason"])
@pytest.mark.parametrize("name", ACTS)
def test_nobody_acts_unnamed_or_without_reason(address: str, name: str, missing: str) -> None:
    """An empty actor or reason is named by the client, before anything is sent."""
    with Client(address) as client, pytest.raises(InvalidInput, match=missing):
        ACTS[name](client, {**BY, missing: ""})


@pytest.mark.parametrize("missing", ["actor", "reason", "article_id"])
def test_the_server_asks_for_them_too(
    address: str, connect: Callable[[str], Stubs], missing: str
) -> None:
    """Another client's request without one of them is FIELD_INVALID and names it."""
    fields = {"article_id": "x", **BY}
    del fields[missing]
    stubs = connect(address)
    for call, request in (
        (stubs.article.EraseArticle, article_service_pb2.EraseArticleRequest(**fields)),
        (stubs.editorial.MoveArticle, editorial_service_pb2.MoveArticleRequest(**fields)),
    ):
        refusal = refused(call, request)
        assert (refusal.code, refusal.fields) == (grpc.StatusCode.INVALID_ARGUMENT, (missing,))


def test_the_server_knows_two_kinds_of_constraint(
    address: str, connect: Callable[[str], Stubs]
) -> None:
    """A kind that is not told, or not known, is refused."""
    stubs = connect(address)
    for kind in (0, 77):
        request = editorial_service_pb2.AddConstraintRequest(
            kind=kind,  # type: ignore[arg-type]  # a number of another version
            article_id="x",
            other_article_id="y",
            **BY,
        )
        assert refused(stubs.editorial.AddConstraint, request).fields == ("kind",)


def test_a_stale_revision_is_aborted(client: Client, connect: Callable[[str], Stubs]) -> None:
    """The code says to read again, the reason that it is the story."""
    stubs = connect(client._config.target)
    request = editorial_service_pb2.LockStoryRequest(
        collection=client._config.collection,
        story_id=story_of(client, "mill"),
        expected_revision=99,
        **BY,
    )
    refusal = refused(stubs.editorial.LockStory, request)
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.ABORTED, "STORY_CHANGED")


def test_an_asyncio_editor_does_the_same(client: Client) -> None:
    """Every act of the asyncio client reaches the server and is answered."""

    async def day() -> list[Any]:
        config = client._config
        async with AsyncClient(config.target, collection=config.collection) as desk:
            withdrawn = await desk.withdraw_article("mill", **BY)
            mill = (await desk.reinstate_article("mill", **BY)).story_id
            moved = await desk.move_article("ferry-own", **BY)
            merged = await desk.merge_stories(moved.story.story_id, mill, **BY)
            parted = await desk.split_story(merged.story.story_id, ["ferry-own"], **BY)
            pinned = await desk.pin_canonical("ferry-own", **BY)
            await desk.unpin_canonical(pinned.story.story_id, **BY)
            await desk.lock_story(parted.story.story_id, **BY)
            await desk.unlock_story(parted.story.story_id, **BY)
            await desk.add_constraint(CANNOT, "ferry", "mill", **BY)
            await desk.remove_constraint("ferry", "mill", **BY)
            await desk.undo_override(pinned.override.sequence - 1, **BY)
            await desk.erase_article("mill", **BY)
            assert withdrawn.article_id == "mill"
            return [one async for one in desk.list_overrides(page_size=3)]

    done: list[Override] = asyncio.run(day())
    kinds = [one.kind for one in reversed(done)]
    assert kinds == [
        OverrideKind.WITHDRAW,
        OverrideKind.REINSTATE,
        OverrideKind.MOVE,
        OverrideKind.MERGE,
        OverrideKind.SPLIT,
        OverrideKind.PIN,
        OverrideKind.UNPIN,
        OverrideKind.LOCK,
        OverrideKind.UNLOCK,
        OverrideKind.CANNOT_LINK,
        OverrideKind.UNLINK,
        OverrideKind.UNDO,
        OverrideKind.ERASE,
    ]


def test_every_act_of_the_client_is_tried() -> None:
    """The table above holds each method that asks for an actor, but for those upon collections."""
    asks = {
        name
        for name, method in inspect.getmembers(Client, inspect.isfunction)
        if "actor" in inspect.signature(method).parameters
    }
    assert asks == set(ACTS) | {"update_collection", "delete_collection", "import_collection"}
