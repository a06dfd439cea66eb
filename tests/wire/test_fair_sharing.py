"""One collection floods a real server; another one is still served, and how much goes ahead of it
is counted."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import grpc
from storycluster_server.testing import RunningServer
from wire_calls import Dialogue, GatedEncoder, Stubs, article, held_writer, refused, wait_until

from storycluster.engine.backlog import TURN_ARTICLES
from storycluster.v1 import ingest_service_pb2

Serve = Callable[..., RunningServer]
Connect = Callable[[str], Stubs]

CLIENTS = 4
BATCH = 4


def one(number: int, collection: str) -> ingest_service_pb2.IngestArticleRequest:
    return ingest_service_pb2.IngestArticleRequest(article=article(number), collection=collection)


def flood(clients: list[Stubs], articles: int) -> list[Any]:
    """That many single articles of the collection "flood" from all clients at once."""
    return [
        clients[n % len(clients)].ingest.IngestArticle.future(one(n, "flood"), timeout=60)
        for n in range(articles)
    ]


def watched(server: RunningServer) -> list[tuple[str, int]]:
    """Grows with each commit: its collection, and how much of the flood is stored by then."""
    engine = server.server.engine
    seen: list[tuple[str, int]] = []
    engine.listen(lambda name: seen.append((name, engine.stats("flood").get("articles", 0))))
    return seen


def test_a_quiet_collection_is_acknowledged_before_most_of_a_flood(
    serve: Serve, connect: Connect, gated: GatedEncoder
) -> None:
    """Several clients flood one collection, singly, in batches and on a stream, up to its share of
    the queue and beyond. Single articles of another are all taken and acknowledged after no more of
    the flood than what is under way and a turn in the first stage, and a turn of the writer."""
    server = serve({"ingest.queue_articles": 240, "ingest.encode_batch": BATCH}, encoder=gated)
    clients = [connect(server.address) for _ in range(CLIENTS)]
    seen = watched(server)
    budget = server.server.core.batcher.budget
    with gated.closed():
        singles = flood(clients, 112)
        wait_until(lambda: budget.articles == 112)
        stream = Dialogue(clients[0])
        stream.open("s", collection="flood")
        stream.send(1, *(article(n) for n in range(200, 208)))
        wait_until(lambda: budget.articles == 120)
        stream.send(2, *(article(n) for n in range(208, 216)))
        assert stream.receive().window.max_in_flight_batches == 0
        refusal = refused(clients[1].ingest.IngestArticle, one(300, "flood"))
        assert (refusal.code, refusal.reason) == (
            grpc.StatusCode.RESOURCE_EXHAUSTED,
            "QUEUE_FULL",
        )
        assert "'flood'" in refusal.message
        assert refusal.retry_s
        quiet = [
            clients[n].ingest.IngestArticle.future(one(n, "quiet"), timeout=60) for n in (1, 2)
        ]
        wait_until(lambda: budget.articles == 122)
    assert [call.result().result.article_id for call in quiet] == ["a1", "a2"]
    assert all(call.result() for call in singles)
    ahead = [stored for name, stored in seen if name == "quiet"]
    assert max(ahead) <= 3 * BATCH + TURN_ARTICLES, seen
    numbers = [m.batch_result.sequence for m in (stream.receive() for _ in range(3))]
    assert sorted(numbers) == [0, 1, 2]  # 0: the window is open again
    stream.close()
    assert stream.rest() == []
    wait_until(lambda: (budget.articles, budget.bytes) == (0, 0))


def test_the_writer_does_not_let_a_quiet_collection_wait_for_all_that_waits(
    serve: Serve, connect: Connect
) -> None:
    """What is prepared and waits for the writer is written in turns of 32 articles."""
    server = serve({})
    clients = [connect(server.address) for _ in range(CLIENTS)]
    seen = watched(server)
    with held_writer(server):
        singles = flood(clients, 100)
        wait_until(lambda: server.server.engine._writer._queue.qsize() == 100)
        quiet = clients[0].ingest.IngestArticle.future(one(0, "quiet"), timeout=60)
        wait_until(lambda: server.server.engine._writer._queue.qsize() == 101)
    assert quiet.result().result.article_id == "a0"
    assert all(call.result() for call in singles)
    assert [stored for name, stored in seen if name == "quiet"] == [32]


def test_one_collection_does_not_take_every_call_and_every_stream(
    serve: Serve, connect: Connect, gated: GatedEncoder
) -> None:
    """Of calls and of streams a flood has half; another collection's are taken."""
    server = serve({"admission.ingest": 4, "admission.stream": 4}, encoder=gated)
    stubs = connect(server.address)
    streams = [Dialogue(stubs), Dialogue(stubs)]
    for stream in streams:
        stream.open("", collection="flood")
    third = Dialogue(stubs)
    third.send_message(Dialogue.Request(open=Dialogue.Request.Open(collection="flood")))
    refusal = third.failure()
    assert refusal.reason == "QUEUE_FULL"
    assert "'flood'" in refusal.message
    streams.append(Dialogue(stubs))
    streams[-1].open("", collection="quiet")
    with gated.closed():
        waiting = flood([stubs], 2)
        wait_until(lambda: server.server.core.batcher.budget.articles == 2)
        assert "'flood'" in refused(stubs.ingest.IngestArticle, one(9, "flood")).message
        waiting.append(stubs.ingest.IngestArticle.future(one(1, "quiet"), timeout=60))
        wait_until(lambda: server.server.core.batcher.budget.articles == 3)
    assert all(call.result() for call in waiting)
    for stream in streams:
        stream.close()
        stream.rest()
