"""Does the SDK keep its word over a real channel, to a server that does not?"""

from __future__ import annotations

import asyncio
import itertools
import multiprocessing
import queue
import socket
import sqlite3
import threading
import time
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any

import grpc
import pytest
from scripted_server import Script, ScriptedServer, abort_bare, abort_with, wait

from storycluster.client import AsyncClient, Client, RetryPolicy, TLSConfig
from storycluster.domain import Article, IngestFailure, IngestReport, IngestResult
from storycluster.errors import (
    Cancelled,
    Conflict,
    DeadlineExceeded,
    IngestError,
    InternalError,
    InvalidInput,
    NotFound,
    Overloaded,
    PreconditionFailed,
    StoreFull,
    StoryClusterError,
    TooLarge,
    Unauthenticated,
    Unavailable,
)

QUICK = RetryPolicy(initial_backoff_s=0.01, max_backoff_s=0.05)


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


@pytest.fixture
def client(server: ScriptedServer) -> Iterator[Client]:
    """A client of it, patient for ten seconds."""
    with Client(server.address, timeout=10.0, retry=QUICK) as made:
        yield made


Run = Callable[..., IngestReport]


@pytest.fixture(params=["sync", "aio"])
def ingest(request: pytest.FixtureRequest, server: ScriptedServer) -> Run:
    """`ingest` of either client."""

    def sync(articles: Any, **options: Any) -> IngestReport:
        with Client(server.address, timeout=10.0, retry=QUICK) as made:
            return made.ingest(articles, **options)

    def aio(articles: Any, **options: Any) -> IngestReport:
        async def run() -> IngestReport:
            async with AsyncClient(server.address, timeout=10.0, retry=QUICK) as made:
                return await made.ingest(articles, **options)

        return asyncio.run(run())

    return {"sync": sync, "aio": aio}[request.param]


def articles(count: int, *, words: int = 3) -> list[Article]:
    """Articles a0, a1, ..."""
    return [Article(f"a{n}", title="t", text=f"{n} " + "word " * words) for n in range(count)]


def ids(count: int) -> list[str]:
    """Their ids."""
    return [f"a{n}" for n in range(count)]


def dead_address() -> str:
    """An address where nobody listens."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"127.0.0.1:{probe.getsockname()[1]}"


# -- one call -------------------------------------------------------------------------------------


def test_an_article_made_of_plain_values_is_answered(client: Client) -> None:
    """The answer is the domain's own IngestResult."""
    result = client.ingest_article(Article(article_id="a", title="Mill burns", text="It burned."))
    assert isinstance(result, IngestResult)
    assert (result.article_id, result.assignment.story_id) == ("a", "story-of-a")


def test_construction_reaches_nobody() -> None:
    """A client of a dead address can be made, shown and closed."""
    client = Client(dead_address())
    assert "default" in repr(client)
    client.close()
    client.close()


def test_unavailable_and_overloaded_are_tried_again(client: Client, script: Script) -> None:
    """Two failures the server calls temporary are not seen by the caller."""
    script.unary.extend(
        [abort_with(Unavailable("starting")), abort_with(Overloaded("full", retry_after_s=0.2))]
    )
    began = time.monotonic()
    client.ingest_article(Article("a", text="b"))
    assert script.calls == ["IngestArticle"] * 3
    assert time.monotonic() - began >= 0.2


@pytest.mark.parametrize(
    "error",
    [
        InvalidInput.of("article.text", "is wrong"),
        NotFound(resource="story", name="s"),
        Conflict("taken"),
        TooLarge("over the limit"),
        StoreFull(),
        Unauthenticated(),
        InternalError(error_id="e-1"),
        DeadlineExceeded("too slow"),
    ],
    ids=lambda error: type(error).__name__,
)
def test_any_other_error_is_raised_at_once_as_its_own_class(
    client: Client, script: Script, error: StoryClusterError
) -> None:
    """One attempt; gRPC's error stays reachable as the cause."""
    script.unary.append(abort_with(error))
    with pytest.raises(type(error)) as raised:
        client.ingest_article(Article("a", text="b"))
    assert type(raised.value) is type(error)
    assert len(script.calls) == 1
    if not isinstance(error, DeadlineExceeded):
        assert isinstance(raised.value.__cause__, grpc.RpcError)


def test_retry_none_makes_one_attempt(server: ScriptedServer, script: Script) -> None:
    """The first failure is the caller's."""
    script.unary.append(abort_with(Unavailable("starting")))
    with Client(server.address, retry=None) as client, pytest.raises(Unavailable):
        client.ingest_article(Article("a", text="b"))
    assert len(script.calls) == 1


def test_resource_exhausted_without_words_is_no_reason_to_retry(
    client: Client, script: Script
) -> None:
    """The transport says so of a message that is too large; the same one would fail again."""
    script.unary.append(abort_bare(grpc.StatusCode.RESOURCE_EXHAUSTED))
    with pytest.raises(TooLarge):
        client.ingest_article(Article("a", text="b"))
    assert len(script.calls) == 1


def test_the_timeout_is_the_whole_budget(server: ScriptedServer, script: Script) -> None:
    """Each attempt is sent what is left, and the call ends when it is spent, attempts told."""

    def slowly_unavailable(context: Any) -> None:
        time.sleep(0.3)
        abort_with(Unavailable("x"))(context)

    with Client(server.address, retry=QUICK) as client:
        client.ready()
        script.left_s.clear()
        script.unary.extend([slowly_unavailable, wait(3.0)])
        began = time.monotonic()
        with pytest.raises(DeadlineExceeded, match=r"2 attempts, 1\.\d+ s of 1 s"):
            client.ingest_article(Article("a", text="b"), timeout=1.0)
        assert time.monotonic() - began < 1.5
    assert script.left_s[0] > 0.9
    assert script.left_s[1] < 0.75


def test_a_refused_connection_is_told_with_the_address_and_soon() -> None:
    """The default thirty seconds are not waited for where nobody listens."""
    address = dead_address()
    began = time.monotonic()
    with Client(address) as client, pytest.raises(Unavailable, match=address):
        client.server_info()
    assert time.monotonic() - began < 5.0


def test_ready_waits_for_a_server_that_comes_up(script: Script) -> None:
    """Started half a second late, it is found; the client needs no restart."""
    address = dead_address()
    with Client(address) as client:
        with pytest.raises(Unavailable, match=r"was not ready within 0\.2 s"):
            client.ready(0.2)
        running: list[ScriptedServer] = []
        late = threading.Timer(0.5, lambda: running.append(ScriptedServer(script, address=address)))
        late.start()
        client.ready(20.0)
        late.join()
        running[0].stop()


def test_a_token_travels_as_a_bearer(server: ScriptedServer, script: Script) -> None:
    """On loopback it may travel in plain text."""
    with Client(server.address, token="secret") as client:
        client.server_info()
    assert script.metadata[-1]["authorization"] == "Bearer secret"


def test_a_token_is_never_sent_in_plain_text_to_another_machine() -> None:
    """Refused on construction, without its text, unless encrypted or expressly allowed."""
    with pytest.raises(InvalidInput) as raised:
        Client("news.example:7443", token="secret")
    assert "secret" not in str(raised.value)
    Client("news.example:7443", token="secret", tls=TLSConfig()).close()
    Client("news.example:7443", token="secret", allow_insecure_token=True).close()


@pytest.mark.parametrize(
    "wrong",
    [
        {"target": ""},
        {"target": "http://localhost:7443"},
        {"target": "localhost:7443", "timeout": 0},
        {"target": "localhost:7443", "timeout": float("inf")},
        {"target": "localhost:7443", "collection": ""},
        {"target": "localhost:7443", "token": "two\nlines"},
    ],
    ids=str,
)
def test_a_wrong_argument_is_refused_by_name(wrong: dict[str, Any]) -> None:
    """The error names the argument."""
    with pytest.raises(InvalidInput) as raised:
        Client(**wrong)
    assert raised.value.violations[0].field in wrong


def test_from_env_reads_server_and_collection(server: ScriptedServer) -> None:
    """Arguments hold before the environment; a missing server is named."""
    told = {"STORYCLUSTER_SERVER": server.address, "STORYCLUSTER_COLLECTION": "sports"}
    with Client.from_env(told) as client:
        assert repr(client) == f"Client('{server.address}', 'sports')"
        client.server_info()
    with Client.from_env(told, collection="arts") as client:
        assert "arts" in repr(client)
    with pytest.raises(InvalidInput, match="STORYCLUSTER_SERVER"):
        Client.from_env({})


@pytest.mark.parametrize(
    "wrong",
    [
        {"article_id": "a", "text": "b"},
        Article("", text="b"),
        Article("a", text="\ud800"),
        Article("a", text="b", authors="Ann Lee"),  # type: ignore[arg-type]
    ],
    ids=["dict", "id", "surrogate", "authors"],
)
def test_what_is_no_article_is_refused_before_it_is_sent(
    client: Client, script: Script, wrong: Any
) -> None:
    """Alone it raises; among others it is one failure in its place."""
    with pytest.raises(InvalidInput):
        client.ingest_article(wrong)
    assert script.calls == []
    mixed = [Article("first", text="b"), wrong, Article("last", text="b")]
    report = client.ingest(mixed, errors="collect")
    assert (report.accepted, [one.index for one in report.failures]) == (2, [1])


def test_lists_are_fetched_page_by_page_and_only_as_far_as_read(
    client: Client, script: Script
) -> None:
    """Two of five stories cost one call of page size two."""
    listing = client.list_stories(page_size=2)
    assert script.calls == []
    assert [one.story_id for one in itertools.islice(listing, 2)] == ["s0", "s1"]
    assert script.calls == ["ListStories"]
    assert [one.story_id for one in listing] == ["s2", "s3", "s4"]
    assert [len(page.items) for page in listing.pages()] == [2, 2, 1]


def test_a_closed_client_says_so(client: Client) -> None:
    """Neither a call nor an ingest hangs or shows gRPC's own words."""
    client.server_info()
    client.close()
    with pytest.raises(PreconditionFailed, match="closed"):
        client.server_info()
    with pytest.raises(PreconditionFailed, match="closed"):
        client.ingest(articles(1))


def test_close_ends_a_call_of_another_thread(server: ScriptedServer, script: Script) -> None:
    """The waiting thread gets Cancelled, long before its timeout."""
    script.unary.append(wait(3.0))
    client = Client(server.address)
    threading.Timer(0.3, client.close).start()
    began = time.monotonic()
    with pytest.raises(Cancelled):
        client.server_info()
    assert time.monotonic() - began < 2.0


def test_close_ends_a_call_of_another_task(server: ScriptedServer, script: Script) -> None:
    """The waiting task gets Cancelled of ours, not asyncio's: nobody cancelled the task."""
    script.unary.append(wait(3.0))

    async def run() -> None:
        client = AsyncClient(server.address)
        call = asyncio.create_task(client.server_info())
        await asyncio.sleep(0.3)
        await client.close()
        with pytest.raises(Cancelled):
            await call

    asyncio.run(run())


def test_an_async_client_refuses_another_event_loop(server: ScriptedServer) -> None:
    """gRPC would hang or fail there in ways hard to read."""
    client = AsyncClient(server.address)

    async def once() -> None:
        await client.server_info()

    async def again() -> None:
        with pytest.raises(PreconditionFailed, match="event loop"):
            await client.server_info()
        client._loop = None
        await client.close()

    runner = asyncio.new_event_loop()
    runner.run_until_complete(once())
    asyncio.run(again())
    runner.close()


def _in_child(client: Client, answers: Any) -> None:
    try:
        client.server_info(timeout=5.0)
    except PreconditionFailed as error:
        answers.put(str(error))


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore::DeprecationWarning")
def test_a_forked_child_is_told_to_make_its_own_client(client: Client) -> None:
    """An open channel does not survive fork; the error says so instead of a hang."""
    client.server_info()
    fork = multiprocessing.get_context("fork")
    answers = fork.SimpleQueue()
    child = fork.Process(target=_in_child, args=(client, answers))
    child.start()
    child.join(20.0)
    alive = child.is_alive()
    child.kill()
    assert not alive
    assert "fork" in answers.get()


def test_threads_share_a_client(client: Client, script: Script) -> None:
    """Eight threads, one channel: every call is answered with its own article."""
    wrong: list[str] = []

    def work(name: str) -> None:
        for number in range(20):
            asked = f"{name}-{number}"
            if client.ingest_article(Article(asked, text="b")).article_id != asked:
                wrong.append(asked)

    threads = [threading.Thread(target=work, args=(f"t{n}",)) for n in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert wrong == []
    assert len(script.order) == 160


# -- many articles --------------------------------------------------------------------------------


def test_every_article_is_answered_once_and_in_order(ingest: Run, script: Script) -> None:
    """The report counts what `on_result` saw."""
    seen: list[str] = []
    report = ingest(iter(articles(300)), on_result=lambda one: seen.append(one.article_id))
    assert seen == script.order == ids(300)
    assert report == IngestReport(300, 0, {"new_story": 300}, ())
    assert max(len(batch) for _, batch in script.batches) == 32


def test_an_empty_input_needs_no_server() -> None:
    """Nothing to send, nothing to reach."""
    with Client(dead_address()) as client:
        assert client.ingest([]) == IngestReport(0, 0, {}, ())


@pytest.mark.parametrize("keeps_positions", [True, False], ids=["kept", "forgotten"])
def test_cuts_lose_and_double_nothing(ingest: Run, script: Script, keeps_positions: bool) -> None:
    """After cuts with answers lost, each article is stored once and answered once, in order."""
    script.keeps_positions = keeps_positions
    script.cut_after_batches.extend([3, 1, 2, 1, 5])
    seen: list[str] = []
    report = ingest(articles(500), on_result=lambda one: seen.append(one.article_id))
    assert seen == script.order == ids(500)
    assert report.accepted == 500
    taken_again = sum(times > 1 for times in script.stored.values())
    assert report.replayed == taken_again > 0  # the first answer was lost


def test_a_draining_server_is_left_and_returned_to(ingest: Run, script: Script) -> None:
    """What it did not accept is sent on the next stream."""
    script.drain_after_batches.extend([2, 1])
    seen: list[str] = []
    ingest(articles(300), on_result=lambda one: seen.append(one.article_id))
    assert seen == script.order == ids(300)
    assert script.calls.count("StreamIngestArticles") >= 3


def test_refused_articles_raise_with_the_whole_report(ingest: Run, script: Script) -> None:
    """Everything else was stored; the failure names article, place and field as the caller does."""
    script.refused_ids = frozenset({"a3", "a40"})
    told = "2 of 50 articles were refused; the first is 'a3'"
    with pytest.raises(IngestError, match=told) as raised:
        ingest(articles(50))
    report = raised.value.report
    assert report.accepted == 48
    assert [(one.index, one.article_id) for one in report.failures] == [(3, "a3"), (40, "a40")]
    error = report.failures[0].error
    assert isinstance(error, InvalidInput)
    assert error.violations[0].field == "text"
    assert ingest(articles(50), errors="collect").replayed == 48


def test_an_article_over_the_told_limit_is_refused_here(ingest: Run, script: Script) -> None:
    """It is never sent, its failure names `text`, and the others pass."""
    script.max_text_bytes = 1_000
    batch = [*articles(5), Article("long", text="x" * 1_001), Article("last", text="y")]
    report = ingest(batch, errors="collect")
    (failure,) = report.failures
    assert isinstance(failure.error, InvalidInput)
    assert (failure.index, failure.error.violations[0].field) == (5, "text")
    assert report.accepted == 6
    assert "long" not in {one for _, sent in script.batches for one in sent}


def test_batches_keep_to_the_told_bytes(ingest: Run, script: Script) -> None:
    """Sixty articles of 6 KB go out in messages of at most 20 KB; none is refused."""
    script.max_message_bytes = 20_000
    report = ingest(articles(60, words=1_200))
    assert report.accepted == 60
    assert max(len(batch) for _, batch in script.batches) == 3


def test_a_limit_told_wrong_is_found_out(ingest: Run, script: Script) -> None:
    """A batch that does not pass is sent in pieces; an article that cannot pass is refused."""
    script.max_message_bytes, script.told_message_bytes = 20_000, 1 << 20
    given = articles(40, words=1_200)
    given[7] = Article("a7", text="word " * 5_000)
    report = ingest(given, errors="collect")
    assert report.accepted == 39
    (failure,) = report.failures
    assert (failure.index, type(failure.error)) == (7, TooLarge)


def test_an_opening_that_is_refused_for_now_is_tried_again(ingest: Run, script: Script) -> None:
    """Too many streams: wait as told, then go on."""
    script.opens.append(abort_with(Overloaded("64 streams", retry_after_s=0.1)))
    assert ingest(articles(3)).accepted == 3


def test_an_opening_that_is_refused_for_good_is_raised(ingest: Run, script: Script) -> None:
    """No second attempt."""
    script.opens.extend([abort_with(Unauthenticated("who?"))] * 3)
    with pytest.raises(Unauthenticated, match="who"):
        ingest(articles(3))
    assert script.calls == ["StreamIngestArticles"]


def test_a_server_that_stops_answering_is_given_up(ingest: Run, script: Script) -> None:
    """The timeout is the longest time without an answer; what was answered before is told."""
    script.pause_s = 3.0
    began = time.monotonic()
    with pytest.raises(DeadlineExceeded, match="no answer for") as raised:
        ingest(articles(3), timeout=0.5)
    assert time.monotonic() - began < 2.9
    assert "0 articles were answered" in raised.value.__notes__[0]


def test_a_slow_ingest_is_not_a_stuck_one(ingest: Run, script: Script) -> None:
    """Answers that keep coming may take longer in all than the timeout."""
    script.pause_s = 0.15
    assert ingest(articles(40), batch_articles=8, timeout=0.6).accepted == 40


def test_an_input_that_fails_is_the_callers_error(ingest: Run, script: Script) -> None:
    """Its own exception comes out, unwrapped."""

    def broken() -> Iterator[Article]:
        yield from articles(3)
        raise OSError("disk")

    with pytest.raises(OSError, match="disk"):
        ingest(broken())


def test_ingest_reads_its_input_in_the_calling_thread(client: Client) -> None:
    """So a database cursor, which belongs to its thread, may be the input."""
    database = sqlite3.connect(":memory:")
    database.execute("create table a (id text, body text)")
    database.executemany("insert into a values (?, ?)", [(f"a{n}", "b") for n in range(100)])
    rows = database.execute("select id, body from a")
    assert client.ingest(Article(name, text=body) for name, body in rows).accepted == 100
    database.close()


def test_a_result_comes_before_the_next_article_is_there(client: Client) -> None:
    """An input that waits for the last answer before it gives the next article gets it."""
    waiting: queue.Queue[Article | None] = queue.Queue()
    waiting.put(Article("a0", text="b"))
    seen = []
    for result in client.ingest_results(iter(waiting.get, None)):
        seen.append(result.article_id)
        number = len(seen)
        waiting.put(Article(f"a{number}", text="b") if number < 5 else None)
    assert seen == ids(5)


def test_an_endless_input_is_read_only_as_far_as_answers_come(
    client: Client, script: Script
) -> None:
    """What is read ahead is bounded by the window, and leaving the loop ends everything."""
    read = 0

    def endless() -> Iterator[Article]:
        nonlocal read
        while True:
            read += 1
            yield Article(f"a{read - 1}", text="b")

    before = threading.active_count()
    results = client.ingest_results(endless(), batch_articles=8)
    seen = [one.article_id for one in itertools.islice(results, 100)]
    results.close()  # type: ignore[attr-defined]
    assert seen == ids(100)
    assert read <= 100 + (script.window + 4) * 8
    deadline = time.monotonic() + 5.0
    while threading.active_count() > before + 2 and time.monotonic() < deadline:
        time.sleep(0.05)
    assert not [one for one in threading.enumerate() if one.name.startswith("storycluster-ingest")]


def test_an_asynchronous_input_is_answered_as_it_comes(server: ScriptedServer) -> None:
    """Each answer is there before the next article is asked for."""

    async def run() -> list[str]:
        waiting: asyncio.Queue[Article | None] = asyncio.Queue()
        await waiting.put(Article("a0", text="b"))

        async def given() -> AsyncIterator[Article]:
            while (article := await waiting.get()) is not None:
                yield article

        seen: list[str] = []
        async with AsyncClient(server.address) as client:
            async for result in client.ingest_results(given()):
                assert not isinstance(result, IngestFailure)
                seen.append(result.article_id)
                number = len(seen)
                await waiting.put(Article(f"a{number}", text="b") if number < 5 else None)
        return seen

    assert asyncio.run(run()) == ids(5)


def test_a_restart_of_the_server_in_the_middle_is_bridged(script: Script) -> None:
    """Down for half a second while articles are under way, it is found again."""
    server = ScriptedServer(script)
    script.pause_s = 0.02
    running = [server]

    def restart() -> None:
        running[0].stop()
        time.sleep(0.5)
        running[0] = ScriptedServer(script, address=server.address)

    again = threading.Timer(0.3, restart)
    again.start()
    with Client(server.address, timeout=15.0) as client:
        report = client.ingest(articles(600), batch_articles=8)
    again.join()
    running[0].stop()
    assert report.accepted == 600
    assert script.order == ids(600)
