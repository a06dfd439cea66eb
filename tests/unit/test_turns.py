"""Turns of collections: who waits for how much of the others."""

from __future__ import annotations

import collections

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.engine.turns import Turns

QUANTUM = 8
NAMES = ("a", "b", "c", "d")
Item = tuple[str, int, int]
"""Collection, number, cost."""

ARRIVALS = st.lists(
    st.tuples(st.sampled_from(NAMES), st.integers(1, QUANTUM), st.booleans()), max_size=80
)
"""Who comes, with what cost, and whether something is taken then."""


def play(arrivals: list[tuple[str, int, bool]]) -> tuple[list[Item], list[tuple[int, Item]]]:
    """Everything in the order it was taken, and each item with how many were taken before it
    came."""
    turns: Turns[Item] = Turns(QUANTUM)
    taken: list[Item] = []
    came: list[tuple[int, Item]] = []
    for number, (name, cost, takes) in enumerate(arrivals):
        turns.add(name, (name, number, cost), cost=cost)
        came.append((len(taken), (name, number, cost)))
        if takes:
            taken.append(turns.take())
    while turns:
        taken.append(turns.take())
    return taken, came


@given(ARRIVALS)
def test_everything_is_taken_once_and_each_collection_in_its_order(
    arrivals: list[tuple[str, int, bool]],
) -> None:
    """Nothing is lost, doubled or overtaken by its own collection."""
    taken, came = play(arrivals)
    for name in NAMES:
        assert [one for one in taken if one[0] == name] == [
            one for _, one in came if one[0] == name
        ]


@given(ARRIVALS)
def test_whoever_waits_sees_less_than_two_quanta_of_each_other_collection(
    arrivals: list[tuple[str, int, bool]],
) -> None:
    """The head of a line waits for one turn of each other collection: its quantum and what it saved
    up, which is less than one item."""
    taken, came = play(arrivals)
    for at, item in came:
        name = item[0]
        mine = [one for one in taken[at:] if one[0] == name]
        if mine[0] != item:
            continue  # it had to wait for its own collection first
        ahead: collections.Counter[str] = collections.Counter()
        for one in taken[at : taken.index(item)]:
            ahead[one[0]] += one[2]
        assert all(cost < 2 * QUANTUM for cost in ahead.values())


@given(ARRIVALS)
def test_there_is_a_next_item_as_long_as_any_waits(arrivals: list[tuple[str, int, bool]]) -> None:
    """Work-conserving: no turn is left empty; counts and costs are those of what waits."""
    turns: Turns[int] = Turns(QUANTUM)
    waiting: dict[int, int] = {}
    for number, (name, cost, takes) in enumerate(arrivals):
        turns.add(name, number, cost=cost)
        waiting[number] = cost
        if takes:
            seen = turns.head()
            assert turns.take() == seen
            assert seen is not None
            del waiting[seen]
        assert (len(turns), turns.cost) == (len(waiting), sum(waiting.values()))
        assert (turns.head() is None) == (not waiting)


@given(st.lists(st.integers(1, 3 * QUANTUM), min_size=40, max_size=60), st.integers(1, QUANTUM))
def test_two_that_always_wait_are_served_alike_whatever_their_items_cost(
    large: list[int], small: int
) -> None:
    """Neither is ahead by more than a quantum and the largest item, after any number of takes."""
    turns: Turns[tuple[str, int]] = Turns(QUANTUM)
    for cost in large:
        turns.add("large", ("large", cost), cost=cost)
    for _ in range(sum(large) // small + 1):
        turns.add("small", ("small", small), cost=small)
    served = {"large": 0, "small": 0}
    for _ in large:
        name, cost = turns.take()
        served[name] += cost
        assert abs(served["large"] - served["small"]) <= QUANTUM + 3 * QUANTUM


def test_what_is_dropped_costs_nothing() -> None:
    """Who gave up does not use the turn of those behind him."""
    turns: Turns[str] = Turns(2)
    for item in ("gone", "gone", "a1", "a2"):
        turns.add("a", item, cost=1)
    turns.add("b", "b1", cost=1)
    while turns.head() == "gone":
        turns.drop()
    assert [turns.take() for _ in range(3)] == ["a1", "a2", "b1"]


def test_an_idle_collection_saves_nothing_up() -> None:
    """Who comes back after a pause has one turn, not those it let pass."""
    turns: Turns[str] = Turns(2)
    turns.add("b", "b0", cost=1)
    turns.take()
    for number in range(20):
        turns.add("a", f"a{number}", cost=1)
    for _ in range(10):
        turns.take()
    for number in range(6):
        turns.add("b", f"b{number}", cost=1)
    order = [turns.take()[0] for _ in range(8)]
    assert "bbb" not in "".join(order)


def test_of_nothing_nothing_is_taken() -> None:
    """An empty one has no head, and refuses to give any."""
    turns: Turns[str] = Turns(1)
    assert turns.head() is None
    with pytest.raises(IndexError):
        turns.take()
    with pytest.raises(ValueError, match="quantum"):
        Turns(0)
