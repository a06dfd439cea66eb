"""The micro-batcher and its budget, on a small engine of known behaviour."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Callable, Coroutine, Sequence
from concurrent.futures import Future
from typing import Any

import pytest
from storycluster_server.batching import Batcher, Lane, text_bytes
from storycluster_server.budget import Budget

from storycluster.domain import PUBLIC, Article, Rights
from storycluster.errors import (
    DeadlineExceeded,
    InternalError,
    InvalidInput,
    Overloaded,
    StoreFull,
    Unavailable,
)


class RecordingEngine:
    """Stage 1 gives each article's id back; the batches it saw are kept."""

    def __init__(self) -> None:
        self.batches: list[list[str]] = []
        self.collections: list[str] = []
        self.gate = threading.Event()
        self.gate.set()
        self.committed: Future[Any] = Future()
        self.submitted: list[tuple[list[Any], Any]] = []
        self.rights: list[Rights] = []

    def prepare(self, articles: Sequence[Article], *, collection: str = "") -> list[Any]:
        self.collections.append(collection)
        self.batches.append([one.article_id for one in articles])
        assert self.gate.wait(10)
        if any(one.article_id == "bug" for one in articles):
            raise ValueError("a bug")
        if any(one.article_id == "lost" for one in articles):
            return []
        wrong = InvalidInput.of("text", "is wrong")
        return [wrong if one.article_id == "wrong" else one.article_id for one in articles]

    def submit(
        self,
        collection: str,
        prepared: Sequence[Any],
        *,
        stream: Any = None,
        rights: Rights = PUBLIC,
    ) -> Future[Any]:
        self.rights.append(rights)
        self.submitted.append((list(prepared), stream))
        return self.committed


def articles(*ids: str) -> list[Article]:
    return [Article(article_id=one, text="words") for one in ids]


def run(
    scenario: Callable[[RecordingEngine, Batcher], Coroutine[Any, Any, None]], **options: Any
) -> None:
    """Run a scenario with a batcher of its own."""

    async def main() -> None:
        engine = RecordingEngine()
        budget = Budget(max_articles=100, max_bytes=10_000)
        batcher = Batcher(engine, budget=budget, **options)
        try:
            await asyncio.wait_for(scenario(engine, batcher), 20)
        finally:
            engine.gate.set()
            await batcher.close()

    asyncio.run(main())


async def until(holds: Callable[[], bool]) -> None:
    while not holds():
        await asyncio.sleep(0.001)


async def queue_up(
    batcher: Batcher, *waiting: tuple[Lane, list[Article]]
) -> list[asyncio.Task[Any]]:
    tasks = [asyncio.create_task(batcher.prepare(group, lane=lane)) for lane, group in waiting]
    await asyncio.sleep(0)
    return tasks


def test_a_lone_caller_is_not_held_up() -> None:
    """One caller's articles are a batch of their own at once."""

    async def scenario(engine: RecordingEngine, batcher: Batcher) -> None:
        assert await batcher.prepare(articles("a"), lane=Lane.INTERACTIVE) == ["a"]
        assert engine.batches == [["a"]]

    run(scenario)


def test_collections_in_one_batch_are_prepared_apart() -> None:
    """Each caller gets its own articles, prepared for its own collection; those that share one go
    together in its turn."""

    async def scenario(engine: RecordingEngine, batcher: Batcher) -> None:
        engine.gate.clear()
        waiting = [("a", "one"), ("b", "one"), ("c", "one"), ("d", "two"), ("e", "one")]
        tasks = []
        for name, collection in waiting:
            prepared = batcher.prepare(articles(name), lane=Lane.BULK, collection=collection)
            tasks.append(asyncio.create_task(prepared))
            await asyncio.sleep(0.05)
        engine.gate.set()
        assert await asyncio.gather(*tasks) == [["a"], ["b"], ["c"], ["d"], ["e"]]
        assert engine.batches == [["a"], ["b", "c", "e"], ["d"]]
        assert engine.collections == ["one", "one", "two"]

    run(scenario)


def test_what_waits_while_a_worker_is_busy_becomes_one_batch() -> None:
    """Callers that wait for a busy worker share the next batch, each answered with its own."""

    async def scenario(engine: RecordingEngine, batcher: Batcher) -> None:
        engine.gate.clear()
        tasks = await queue_up(batcher, (Lane.INTERACTIVE, articles("first")))
        await until(lambda: len(engine.batches) == 1)
        tasks += await queue_up(batcher, *((Lane.INTERACTIVE, articles(f"a{n}")) for n in range(5)))
        engine.gate.set()
        assert await asyncio.gather(*tasks) == [["first"], *([f"a{n}"] for n in range(5))]
        assert engine.batches == [["first"], [f"a{n}" for n in range(5)]]

    run(scenario)


def test_large_requests_are_cut_and_come_back_in_order() -> None:
    """More articles than max_batch are prepared in several batches, answered in order."""

    async def scenario(engine: RecordingEngine, batcher: Batcher) -> None:
        ids = [f"a{n}" for n in range(10)]
        assert await batcher.prepare(articles(*ids), lane=Lane.BULK) == ids
        assert [len(batch) for batch in engine.batches] == [4, 4, 2]

    run(scenario, max_batch=4)


def test_single_articles_go_ahead_and_bulk_keeps_its_share() -> None:
    """Of work that waits, interactive is first, and bulk gets its share of the articles."""

    async def scenario(engine: RecordingEngine, batcher: Batcher) -> None:
        engine.gate.clear()
        tasks = await queue_up(batcher, (Lane.BULK, articles("busy")))
        await until(lambda: len(engine.batches) == 1)
        tasks += await queue_up(batcher, *((Lane.BULK, articles(f"b{n}")) for n in range(8)))
        tasks += await queue_up(
            batcher, *((Lane.INTERACTIVE, articles(f"i{n}")) for n in range(12))
        )
        engine.gate.set()
        await asyncio.gather(*tasks)
        order = [one[0] for batch in engine.batches[1:] for one in batch]
        assert order[0] == "i"
        assert order[:16].count("b") == 4
        assert order[16:] == ["b"] * 4

    run(scenario, max_batch=1, bulk_share=0.25)


def test_one_broken_article_fails_alone() -> None:
    """An exception of stage 1 is narrowed down to its article, which gets an error id."""

    async def scenario(engine: RecordingEngine, batcher: Batcher) -> None:
        found = await batcher.prepare(articles("a", "b", "bug", "c", "wrong"), lane=Lane.BULK)
        assert found[:2] + found[3:4] == ["a", "b", "c"]
        assert isinstance(found[2], InternalError)
        assert found[2].error_id
        assert "a bug" not in found[2].message
        assert isinstance(found[4], InvalidInput)

    run(scenario)


def test_a_stage_1_that_loses_articles_is_not_believed() -> None:
    """Answers are never given to the wrong article: a short list is an internal error."""

    async def scenario(engine: RecordingEngine, batcher: Batcher) -> None:
        found = await batcher.prepare(articles("a", "lost"), lane=Lane.BULK)
        assert found[0] == "a"
        assert isinstance(found[1], InternalError)

    run(scenario)


def test_cancelled_and_expired_articles_are_never_prepared() -> None:
    """Who gave up or ran out of time leaves the queue without work; the others are served."""

    async def scenario(engine: RecordingEngine, batcher: Batcher) -> None:
        engine.gate.clear()
        (busy,) = await queue_up(batcher, (Lane.BULK, articles("busy")))
        await until(lambda: len(engine.batches) == 1)
        cancelled, kept = await queue_up(
            batcher, (Lane.BULK, articles("cancelled")), (Lane.BULK, articles("kept"))
        )
        now = asyncio.get_running_loop().time()
        expired = asyncio.create_task(
            batcher.prepare(articles("expired"), lane=Lane.BULK, expires_at=now)
        )
        await asyncio.sleep(0)
        cancelled.cancel()
        await asyncio.sleep(0)
        engine.gate.set()
        assert await kept == ["kept"]
        await busy
        with pytest.raises(DeadlineExceeded):
            await expired
        assert engine.batches == [["busy"], ["kept"]]

    run(scenario)


def test_giving_up_after_stage_1_does_not_reach_the_writer() -> None:
    """A cancelled wait for the commit leaves the writer's future alone; it settles at its end."""

    async def scenario(engine: RecordingEngine, batcher: Batcher) -> None:
        settled: list[bool] = []
        waiting = batcher.commit("c", [], settled=lambda: settled.append(True))
        await until(lambda: len(engine.submitted) == 1)
        waiting.cancel()
        await asyncio.sleep(0)
        assert not engine.committed.cancelled()
        assert settled == []
        engine.committed.set_result([])
        await until(lambda: settled == [True])

    run(scenario)


def test_a_large_commit_goes_in_pieces_and_the_position_with_the_last() -> None:
    """Stage 2 is given at most max_batch articles at once, in order; only the last piece names the
    stream's position, so that a position never stands for an article that is not durable."""

    async def scenario(engine: RecordingEngine, batcher: Batcher) -> None:
        engine.committed.set_result(["done"])
        await batcher.commit("c", ["a", "b", "c", "d", "e"], stream=("s", 7))  # type: ignore[list-item]
        assert engine.submitted == [
            (["a", "b"], None),
            (["c", "d"], None),
            (["e"], ("s", 7)),
        ]

    run(scenario, max_batch=2)


def test_a_piece_that_fails_does_not_hide_what_is_durable() -> None:
    """Where a later piece cannot be written, the earlier ones keep their results; on a named stream
    the whole batch fails, so that it is sent again."""

    async def scenario(engine: RecordingEngine, batcher: Batcher) -> None:
        for stream in (None, ("s", 1)):
            pieces: list[Future[Any]] = [Future(), Future()]
            pieces[0].set_result(["a", "b"])
            pieces[1].set_exception(StoreFull())
            engine.submit = lambda *_, stream, rights, p=pieces: p.pop(0)  # type: ignore[method-assign]
            waiting = batcher.commit("c", ["a", "b", "c"], stream=stream)  # type: ignore[list-item]
            if stream is None:
                *stored, refused = await waiting
                assert stored == ["a", "b"]
                assert isinstance(refused, StoreFull)
            else:
                with pytest.raises(StoreFull):
                    await waiting

    run(scenario, max_batch=2)


def test_a_failed_commit_reaches_the_caller() -> None:
    """The writer's error is the caller's, and the work is settled."""

    async def scenario(engine: RecordingEngine, batcher: Batcher) -> None:
        settled: list[bool] = []
        waiting = batcher.commit("c", [], settled=lambda: settled.append(True))
        engine.committed.set_exception(StoreFull())
        with pytest.raises(StoreFull):
            await waiting
        assert settled == [True]

    run(scenario)


def test_closing_fails_what_waits() -> None:
    """Articles that wait when the batcher closes, and later ones, are Unavailable."""

    async def scenario(engine: RecordingEngine, batcher: Batcher) -> None:
        engine.gate.clear()
        tasks = await queue_up(batcher, (Lane.BULK, articles("a")))
        await until(lambda: len(engine.batches) == 1)
        tasks += await queue_up(batcher, (Lane.BULK, articles("b")))
        await batcher.close()
        engine.gate.set()
        for task in tasks:
            with pytest.raises(Unavailable):
                await task
        with pytest.raises(Unavailable):
            await batcher.prepare(articles("c"), lane=Lane.BULK)

    run(scenario)


# -- the budget -----------------------------------------------------------------------------------


class Clock:
    """A clock that a test moves."""

    def __init__(self) -> None:
        self.now = 100.0

    def __call__(self) -> float:
        return self.now


def test_the_budget_bounds_articles_and_bytes() -> None:
    """What would go over either bound is refused; what is given back makes room again."""
    budget = Budget(max_articles=3, max_bytes=100)
    budget.take("c", 2, 50)
    for articles_, size in ((2, 1), (1, 51)):
        with pytest.raises(Overloaded):
            budget.take("c", articles_, size)
    budget.give_back("c", 2, 50)
    budget.take("c", 3, 100)
    assert (budget.articles, budget.bytes) == (3, 100)


def test_a_request_over_the_bound_is_taken_when_nothing_waits() -> None:
    """The bound is on what piles up: a single large request is not refused for ever."""
    budget = Budget(max_articles=3, max_bytes=100)
    budget.take("c", 5, 500)
    with pytest.raises(Overloaded):
        budget.take("c", 1, 1)


def test_the_time_to_come_back_is_the_queue_over_the_rate() -> None:
    """100 waiting articles at 10 a second take 10 seconds, give or take the jitter."""
    clock = Clock()
    budget = Budget(max_articles=1000, max_bytes=10_000, clock=clock)
    budget.take("c", 140, 0)
    for _ in range(4):
        budget.give_back("c", 10, 0)
        clock.now += 1.0
    told = [budget.retry_after_s("c") for _ in range(50)]
    assert all(7.4 <= one <= 12.6 for one in told)
    assert max(told) - min(told) > 0.1


def test_waiting_for_room_is_in_order_and_ahead_of_newcomers() -> None:
    """Who waits is served in order; nobody overtakes with take()."""

    async def main() -> None:
        budget = Budget(max_articles=2, max_bytes=100)
        budget.take("c", 2, 0)
        served: list[int] = []

        async def wait(number: int, size: int) -> None:
            await budget.wait("c", size, 0)
            served.append(number)

        tasks = [asyncio.create_task(wait(1, 2)), asyncio.create_task(wait(2, 1))]
        await asyncio.sleep(0)
        budget.give_back("c", 1, 0)
        await asyncio.sleep(0.01)
        assert served == []
        with pytest.raises(Overloaded):
            budget.take("c", 1, 0)
        budget.give_back("c", 1, 0)
        await asyncio.sleep(0.01)
        assert served == [1]
        tasks[1].cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        budget.give_back("c", 2, 0)
        budget.take("c", 2, 0)

    asyncio.run(main())


def test_text_bytes_are_utf_8() -> None:
    """Sizes are bytes, not characters, of title and text."""
    assert text_bytes([Article(article_id="a", title="é", text="words")]) == 7


def test_the_rights_of_the_caller_go_with_his_articles() -> None:
    """With each piece of them."""

    async def scenario(engine: RecordingEngine, batcher: Batcher) -> None:
        engine.committed.set_result(["done"] * 4)
        await batcher.commit("c", ["one"] * 6, rights=Rights(embargo=True))
        await batcher.commit("c", ["one"])
        assert engine.rights == [Rights(embargo=True), Rights(embargo=True), PUBLIC]

    run(scenario, max_batch=4)
