"""Are the two clients the same to whoever calls them?"""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from typing import Any

import pytest

from storycluster.client import AsyncClient, Client

ASYNC_INPUT = " | AsyncIterable[Article]"


def public(kind: type) -> set[str]:
    """Names without an underscore."""
    return {name for name in vars(kind) if not name.startswith("_")}


def shape(function: Any) -> list[tuple[str, object, object, str]]:
    """Name, kind, default and annotation of each parameter."""
    parameters: Mapping[str, inspect.Parameter] = inspect.signature(function).parameters
    return [
        (one.name, one.kind, one.default, str(one.annotation).replace(ASYNC_INPUT, ""))
        for one in parameters.values()
    ]


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
    iterated = name.startswith("list_") or name == "ingest_results"
    assert awaited == (not iterated and name != "from_env")
