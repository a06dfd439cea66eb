"""How the queue, the calls and the streams are shared between collections."""

from __future__ import annotations

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st
from storycluster_server.admission import PACKAGE, Admission, MethodClass
from storycluster_server.budget import Budget
from storycluster_server.sharing import Shares

from storycluster.errors import Overloaded

INGEST = f"{PACKAGE}IngestService/IngestArticle"
STREAM = f"{PACKAGE}IngestService/StreamIngestArticles"
READ = f"{PACKAGE}ArticleService/GetArticle"
MOST = 120


def fill(shares: Shares, name: str) -> int:
    """Take one at a time until it is refused; what it holds then."""
    while shares.may_hold(name, 1):
        shares.add(name, 1)
    return shares.held(name)


def test_one_alone_holds_its_share_and_each_that_floods_with_it_makes_it_less() -> None:
    """One holds half, two a third each, three a quarter each, and as much stays free."""
    for flooding in (1, 2, 3):
        shares = Shares(MOST, share=0.5)
        held = [0] * flooding
        for _ in range(MOST):
            for number in range(flooding):
                if shares.may_hold(f"f{number}", 1):
                    shares.add(f"f{number}", 1)
                    held[number] += 1
        assert held == [MOST // (flooding + 1)] * flooding
        assert shares.most - shares.total == MOST // (flooding + 1)


def test_a_share_of_one_is_no_share() -> None:
    """One collection may hold everything."""
    assert fill(Shares(MOST), "a") == MOST


@given(
    st.floats(0.05, 1.0),
    st.lists(st.tuples(st.sampled_from("abcd"), st.integers(-20, 40)), max_size=80),
)
def test_nobody_is_refused_for_others_while_there_is_room_for_his_first(
    share: float, steps: list[tuple[str, int]]
) -> None:
    """The whole is never more than its bound, a collection over its share gets nothing, and one
    that holds nothing gets whatever is free."""
    shares = Shares(MOST, share=share)
    for name, change in steps:
        held = shares.held(name)
        if change < 0:
            shares.remove(name, min(held, -change)) if held else None
        elif shares.may_hold(name, change):
            shares.add(name, change)
            assert not held or held + change <= share * MOST + 1e-6
        else:
            assert held or shares.total + change > MOST
        assert 0 <= shares.total <= MOST
        assert shares.total == sum(map(shares.held, "abcd"))


# -- the queue ------------------------------------------------------------------------------------


def test_a_flood_is_refused_by_name_while_another_is_taken() -> None:
    """Who has his share of the queue is told so, with a time to come back; the other is let in."""
    budget = Budget(max_articles=10, max_bytes=10_000, share=0.5)
    for _ in range(5):
        budget.take("flood", 1, 10)
    with pytest.raises(Overloaded, match=r"5 articles .* of 'flood'") as refusal:
        budget.take("flood", 1, 10)
    assert refusal.value.retry_after_s > 0
    budget.take("quiet", 1, 10)
    assert budget.articles == 6


def test_the_bytes_are_shared_too() -> None:
    """Few large articles are a flood as well."""
    budget = Budget(max_articles=1000, max_bytes=1000, share=0.5)
    budget.take("flood", 1, 400)
    with pytest.raises(Overloaded):
        budget.take("flood", 1, 400)
    budget.take("quiet", 1, 400)


def test_the_empty_name_is_the_default_collection() -> None:
    """Both names share one share."""
    budget = Budget(max_articles=10, max_bytes=10_000, share=0.5)
    budget.take("", 5, 0)
    with pytest.raises(Overloaded):
        budget.take("default", 1, 0)


def test_the_time_to_come_back_is_that_of_the_collection() -> None:
    """A slow collection is not told the rate of a fast one."""
    now = [100.0]
    budget = Budget(max_articles=1000, max_bytes=10_000, clock=lambda: now[0])
    budget.take("slow", 20, 0)
    budget.take("fast", 200, 0)
    for _ in range(5):
        budget.give_back("fast", 20, 0)
        budget.give_back("slow", 1, 0)
        now[0] += 1.0
    assert 1.4 * 5 <= budget.retry_after_s("slow") <= 30.0  # 15 wait, one is answered in a second
    assert budget.retry_after_s("fast") <= 1.3 * 5  # 100 wait, 20 are answered in a second


def test_a_stream_that_waits_for_its_share_holds_up_nobody_else() -> None:
    """Batches of a flood wait; those of another collection are taken, unary ones too."""

    async def main() -> None:
        budget = Budget(max_articles=12, max_bytes=1000, share=0.5)
        await budget.wait("flood", 6, 0)
        held_up = asyncio.create_task(budget.wait("flood", 2, 0))
        await asyncio.sleep(0)
        assert not held_up.done()
        await asyncio.wait_for(budget.wait("quiet", 2, 0), 5)
        budget.take("quiet", 1, 0)
        budget.give_back("quiet", 3, 0)
        assert not held_up.done()
        budget.give_back("flood", 6, 0)
        await asyncio.wait_for(held_up, 5)
        assert budget.articles == 2

    asyncio.run(main())


def test_room_is_kept_for_a_batch_of_a_collection_that_holds_nothing() -> None:
    """Small ones of those that hold something do not take it away for ever."""

    async def main() -> None:
        budget = Budget(max_articles=12, max_bytes=1000, share=0.5)
        for name in ("a", "b", "c"):
            budget.take(name, 3, 0)
        large = asyncio.create_task(budget.wait("quiet", 6, 0))
        await asyncio.sleep(0)
        for name in ("a", "b", "c"):
            budget.give_back(name, 1, 0)
            if name != "c":
                with pytest.raises(Overloaded):
                    budget.take(name, 1, 0)
        await asyncio.wait_for(large, 5)
        assert budget.articles == 12

    asyncio.run(main())


@given(st.data())
def test_whoever_waits_is_let_in_once_the_others_are_answered(data: st.DataObject) -> None:
    """Whatever comes, waits, is cancelled and answered: the bound holds, nothing is counted twice,
    and when all that was let in is answered, everybody who waits has been let in."""

    async def main() -> None:
        budget = Budget(max_articles=20, max_bytes=200, share=data.draw(st.sampled_from([0.5, 1])))
        waiting: list[tuple[asyncio.Task[None], tuple[str, int, int]]] = []
        inside: list[tuple[str, int, int]] = []

        async def settle() -> None:
            await asyncio.sleep(0)
            await asyncio.sleep(0)
            for one in [one for one in waiting if one[0].done()]:
                waiting.remove(one)
                if not one[0].cancelled():
                    inside.append(one[1])
            assert budget.articles == sum(room[1] for room in inside) <= 20
            assert budget.bytes == sum(room[2] for room in inside) <= 200

        for _ in range(data.draw(st.integers(0, 25))):
            step = data.draw(st.sampled_from(["wait", "wait", "take", "answer", "cancel"]))
            number = data.draw(st.integers(0, 12))
            size = data.draw(st.integers(0, 150)) if number else 0
            room = (data.draw(st.sampled_from("abc")), number, size)
            if step == "wait":
                waiting.append((asyncio.create_task(budget.wait(*room)), room))
            elif step == "take" and not budget.is_full(*room):
                budget.take(*room)
                inside.append(room)
            elif step == "answer" and inside:
                budget.give_back(*inside.pop(data.draw(st.integers(0, len(inside) - 1))))
                if waiting and data.draw(st.booleans()):
                    waiting[0][0].cancel()  # in the moment it may have been let in
            elif step == "cancel" and waiting:
                waiting[data.draw(st.integers(0, len(waiting) - 1))][0].cancel()
            await settle()
        while inside:
            budget.give_back(*inside.pop())
            await settle()
        assert waiting == []
        assert (budget.articles, budget.bytes) == (0, 0)

    asyncio.run(main())


# -- the calls ------------------------------------------------------------------------------------


def test_the_calls_of_one_collection_leave_places_for_another() -> None:
    """Unary calls of a flood are refused at its share, by name; another one enters, and reads are
    not shared."""
    admission = Admission({MethodClass.INGEST: 4, MethodClass.READ: 2}, share=0.5)
    with admission.enter(INGEST, "flood"), admission.enter(INGEST, "flood"):
        with (
            pytest.raises(Overloaded, match="2 of 'flood' and 2 ingest calls"),
            admission.enter(INGEST, "flood"),
        ):
            pass
        with admission.enter(INGEST, "quiet"):
            assert admission.inside(MethodClass.INGEST) == 3
        with admission.enter(READ, "flood"), admission.enter(READ, "flood"):
            pass
    assert admission.inside(MethodClass.INGEST) == 0


def test_a_stream_takes_its_place_when_it_names_its_collection() -> None:
    """Until then it has one of nobody; one too many of a collection is refused and counted no
    more."""
    admission = Admission({MethodClass.STREAM: 4}, share=0.5)
    with admission.enter(STREAM) as first, admission.enter(STREAM) as second:
        first.belongs_to("flood")
        second.belongs_to("flood")
        with admission.enter(STREAM) as third:
            with pytest.raises(Overloaded, match="'flood'"):
                third.belongs_to("flood")
            third.belongs_to("quiet")
            assert admission.inside(MethodClass.STREAM) == 3
        assert admission.inside(MethodClass.STREAM) == 2
    assert admission.inside(MethodClass.STREAM) == 0
