"""Are the two clients the same to whoever calls them?"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import pytest

from storycluster.client import AsyncClient, AsyncWatch, Client, Watch
from storycluster.domain import StoryFilter

ASYNC_INPUT = " | AsyncIterable[Article]"


def public(kind: type) -> set[str]:
    """Names without an underscore, those of the classes it is built on too."""
    return {name for name in dir(kind) if not name.startswith("_")}


def shape(function: Any) -> list[tuple[str, object, object, str]]:
    """Name, kind, default and annotation of each parameter."""
    parameters: Mapping[str, inspect.Parameter] = inspect.signature(function).parameters
    return [
        (one.name, one.kind, one.default, str(one.annotation).replace(ASYNC_INPUT, ""))
        for one in parameters.values()
    ]


def test_both_watches_have_the_same_names() -> None:
    """What a watch offers on threads it offers on asyncio."""
    assert public(AsyncWatch) == public(Watch)


def test_both_clients_have_the_same_names() -> None:
    """A method of one is a method of the other."""
    assert public(AsyncClient) == public(Client)


@pytest.mark.parametrize("name", ["__init__", *sorted(public(Client))])
def test_a_method_takes_the_same_in_both_clients(name: str) -> None:
    """Names, order, kinds, defaults and types are equal; only inputs may be asynchronous too."""
    assert shape(getattr(AsyncClient, name)) == shape(getattr(Client, name))


@pytest.mark.parametrize("name", sorted(public(Client)))
def test_every_call_takes_a_time_budget(name: str) -> None:
    """No method can hang for want of a timeout; only opening and closing do no call."""
    has = "timeout" in inspect.signature(getattr(Client, name)).parameters
    assert has == (name not in {"close", "from_env"})


@pytest.mark.parametrize("name", sorted(public(Client)))
def test_a_method_is_either_awaited_or_iterated(name: str) -> None:
    """What answers at once is a coroutine function; what answers bit by bit is not."""
    awaited = inspect.iscoroutinefunction(getattr(AsyncClient, name))
    iterated = name.startswith("list_") or name in {"ingest_results", "watch", "export_collection"}
    assert awaited == (not iterated and name != "from_env")


def test_a_search_is_filtered_like_a_list() -> None:
    """Both take the filters of StoryFilter by name, with its defaults; merged stories are for the
    change feed."""
    filters = {
        name: parameter.default
        for name, parameter in inspect.signature(StoryFilter).parameters.items()
        if name != "include_merged"
    }
    for method in (Client.list_stories, Client.search_stories):
        parameters = inspect.signature(method).parameters
        assert {name: parameters[name].default for name in filters} == filters
        assert {parameters[name].kind for name in filters} == {inspect.Parameter.KEYWORD_ONLY}


EDITS = sorted(
    name
    for name in public(Client)
    if "actor" in inspect.signature(getattr(Client, name)).parameters
)


@pytest.mark.parametrize("name", EDITS)
def test_an_act_needs_actor_and_reason(name: str) -> None:
    """Neither has a default, and both are given by name."""
    parameters = inspect.signature(getattr(Client, name)).parameters
    for needed in ("actor", "reason"):
        assert parameters[needed].kind is inspect.Parameter.KEYWORD_ONLY
        assert parameters[needed].default is inspect.Parameter.empty


def test_the_acts_are_these() -> None:
    """Every call that changes what was decided asks who does it."""
    assert EDITS == [
        "add_constraint",
        "delete_collection",
        "erase_article",
        "import_collection",
        "lock_story",
        "merge_stories",
        "move_article",
        "pin_canonical",
        "reinstate_article",
        "remove_constraint",
        "split_story",
        "undo_override",
        "unlock_story",
        "unpin_canonical",
        "update_collection",
        "withdraw_article",
    ]
