"""What waits for the writer, and what it takes together."""

from __future__ import annotations

import threading
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.domain import PUBLIC
from storycluster.engine.backlog import GROUP_ARTICLES, TURN_ARTICLES, Backlog, Batch, Call
from storycluster.engine.futures import running
from storycluster.errors import InvalidInput, Unavailable


def batch(collection: str, articles: int) -> Batch:
    refused = InvalidInput.of("text", "stands for an article")
    return Batch(collection, [refused] * articles, None, PUBLIC, running())


def call(collection: str) -> Call:
    return Call(collection, lambda: None, running(), 1)


def everything(backlog: Backlog) -> list[Any]:
    """What is taken until the end: names of calls, and (collection, articles) of groups."""
    backlog.end()
    taken: list[Any] = []
    while (work := backlog.take()) is not None:
        if isinstance(work, Call):
            taken.append(work.collection)
        else:
            taken.append([(one.collection, len(one.prepared)) for one in work])
    return taken


def test_one_collection_alone_is_committed_in_large_groups_in_its_order() -> None:
    """Nobody else waits: as many as a group holds."""
    backlog = Backlog()
    for size in (32,) * 9:
        backlog.put(batch("a", size))
    assert [sum(n for _, n in group) for group in everything(backlog)] == [GROUP_ARTICLES] * 4 + [
        32
    ]


def test_a_group_holds_one_turn_of_each_where_several_wait() -> None:
    """Whoever comes with one article beside a flood is in the next commit, and that commit is no
    larger than a turn and his article."""
    backlog = Backlog()
    for _ in range(300):
        backlog.put(batch("flood", 1))
    backlog.put(batch("quiet", 1))
    groups = everything(backlog)
    assert groups[0] == [("flood", 1)] * TURN_ARTICLES + [("quiet", 1)]
    assert groups[1] == [("flood", 1)] * GROUP_ARTICLES
    assert sum(map(len, groups)) == 301


def test_calls_take_turns_too_and_run_alone() -> None:
    """A call of another collection does not wait for all the batches of the first, and ends the
    group; within a collection the order of asking holds."""
    backlog = Backlog()
    for _ in range(3):
        backlog.put(batch("a", 32))
    backlog.put(call("a"))
    backlog.put(call("b"))
    assert everything(backlog) == [[("a", 32)], "b", [("a", 32), ("a", 32)], "a"]


@given(
    st.lists(st.tuples(st.sampled_from("abc"), st.integers(0, 40), st.booleans()), max_size=60),
)
def test_whatever_is_put_is_taken_once(items: list[tuple[str, int, bool]]) -> None:
    """In groups that are not too large, in order within each collection, also after the end."""
    backlog = Backlog()
    for name, size, is_call in items:
        backlog.put(call(name) if is_call else batch(name, size))
    assert backlog.qsize() == len(items)
    taken = everything(backlog)
    flat = [one for part in taken for one in ([(part, None)] if isinstance(part, str) else part)]
    for name in "abc":
        asked = [(n, None if is_call else size) for n, size, is_call in items if n == name]
        assert [one for one in flat if one[0] == name] == asked
    groups = [part for part in taken if not isinstance(part, str)]
    assert all(sum(n for _, n in group) <= GROUP_ARTICLES for group in groups)


def test_the_end_wakes_whoever_waits_and_nothing_is_put_after_it() -> None:
    """The thread that takes ends; a later caller is told."""
    backlog = Backlog()
    taken: list[Any] = []
    thread = threading.Thread(target=lambda: taken.append(backlog.take()))
    thread.start()
    backlog.end()
    thread.join(10)
    assert taken == [None]
    with pytest.raises(Unavailable):
        backlog.put(call("a"))
