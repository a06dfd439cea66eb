"""What happens around every call: admission, overload, deadlines, bugs, health, logs, drain."""

from __future__ import annotations

import io
import json
import threading
import time
import urllib.request
from collections.abc import Callable
from typing import Any

import grpc
import pytest
from google.protobuf import descriptor_pool
from grpc_health.v1 import health_pb2, health_pb2_grpc
from grpc_reflection.v1alpha import reflection_pb2, reflection_pb2_grpc
from storycluster_server.admission import METHOD_CLASSES
from storycluster_server.services import SERVICES
from storycluster_server.testing import RunningServer
from wire_calls import Dialogue, GatedEncoder, Stubs, article, held_writer, refused, wait_until

from storycluster.errors import InternalError, Overloaded, StoreFull, Unavailable
from storycluster.v1 import (
    article_service_pb2,
    ingest_service_pb2,
    server_info_service_pb2,
    story_service_pb2,
)

Serve = Callable[..., RunningServer]
Connect = Callable[[str], Stubs]


def one(number: int) -> ingest_service_pb2.IngestArticleRequest:
    return ingest_service_pb2.IngestArticleRequest(article=article(number))


def health(stubs: Stubs, service: str = "") -> int:
    stub = health_pb2_grpc.HealthStub(stubs.channel)
    return int(stub.Check(health_pb2.HealthCheckRequest(service=service), timeout=30).status)


# -- descriptors ----------------------------------------------------------------------------------


def declared_methods() -> list[str]:
    """Every method of every service the protos of this package declare."""
    pool = descriptor_pool.Default()
    found = []
    for name in SERVICES:
        service = pool.FindServiceByName(name)
        assert service.file.package == "storycluster.v1"
        found += [f"/{name}/{method.name}" for method in service.methods]
    return found


def test_every_declared_service_is_served() -> None:
    """No proto file of the package declares a service that the server does not know."""
    import pathlib

    import storycluster.v1 as package

    pool = descriptor_pool.Default()
    folder = pathlib.Path(package.__file__).parent
    declared = {
        f"storycluster.v1.{service}"
        for file in folder.glob("*_service_pb2.py")
        for service in pool.FindFileByName(
            f"storycluster/v1/{file.name.removesuffix('_pb2.py')}.proto"
        ).services_by_name
    }
    assert declared == set(SERVICES)


def test_every_declared_method_has_a_class() -> None:
    """Each method of the protos has an admission class, and no class is for an unknown one."""
    assert set(declared_methods()) == set(METHOD_CLASSES)


@pytest.mark.parametrize("method", sorted(METHOD_CLASSES))
def test_every_declared_method_has_a_handler(stubs: Stubs, method: str) -> None:
    """An empty request is answered or refused with our reason, never UNIMPLEMENTED or UNKNOWN."""
    if method.endswith("StreamIngestArticles"):
        stream = Dialogue(stubs)
        stream.send_message(ingest_service_pb2.StreamIngestArticlesRequest())
        assert stream.failure().reason == "FIELD_INVALID"
        return
    if method.endswith("WatchEvents"):
        watch = stubs.channel.unary_stream(method)(b"", timeout=30)
        assert next(watch) == b""  # a heartbeat: nothing has happened
        watch.cancel()
        return
    call = stubs.channel.unary_unary(method).future(b"", timeout=30)
    codes = {grpc.StatusCode.OK, grpc.StatusCode.INVALID_ARGUMENT, grpc.StatusCode.NOT_FOUND}
    if method.endswith("ListHeldArticles"):
        codes = {grpc.StatusCode.PERMISSION_DENIED}  # to a caller without a key
    assert call.code() in codes


def test_an_unknown_method_is_unimplemented(stubs: Stubs) -> None:
    """A method nobody declared is UNIMPLEMENTED."""
    call = stubs.channel.unary_unary("/storycluster.v1.IngestService/Nothing")
    assert refused(call, b"").code is grpc.StatusCode.UNIMPLEMENTED


def test_admin_services_are_not_on_the_public_port(serve: Serve, connect: Connect) -> None:
    """Without an admin address AdminService is not there; with one it is there alone."""
    method = "/storycluster.v1.AdminService/GetStats"
    without = connect(serve().address)
    assert refused(without.channel.unary_unary(method), b"").code is grpc.StatusCode.UNIMPLEMENTED
    server = serve({"server.admin_listen": "localhost:0"})
    admin = connect(server.server.addresses["admin_listen"])
    admin.channel.unary_unary(method)(b"", timeout=30)
    assert refused(admin.story.GetStory, story_service_pb2.GetStoryRequest(story_id="s")).code is (
        grpc.StatusCode.UNIMPLEMENTED
    )


def test_reflection_only_where_it_is_asked_for(serve: Serve, connect: Connect) -> None:
    """The services can be listed with server.reflection, and not without."""
    request = reflection_pb2.ServerReflectionRequest(list_services="")
    listed = reflection_pb2_grpc.ServerReflectionStub(
        connect(serve({"server.reflection": True}).address).channel
    ).ServerReflectionInfo(iter([request]), timeout=30)
    names = {s.name for s in next(listed).list_services_response.service}
    assert "storycluster.v1.IngestService" in names
    hidden = reflection_pb2_grpc.ServerReflectionStub(connect(serve().address).channel)
    with pytest.raises(grpc.RpcError) as failure:
        list(hidden.ServerReflectionInfo(iter([request]), timeout=30))
    assert failure.value.code() is grpc.StatusCode.UNIMPLEMENTED


# -- overload -------------------------------------------------------------------------------------


def test_health_answers_while_the_server_is_full(
    serve: Serve, connect: Connect, gated: GatedEncoder
) -> None:
    """With every place taken, work is refused with QUEUE_FULL and a time to come back, and health
    and server info still answer."""
    server = serve({"admission.ingest": 2, "ingest.collection_share": 1.0}, encoder=gated)
    stubs = connect(server.address)
    with gated.closed():
        waiting = [stubs.ingest.IngestArticle.future(one(n), timeout=30) for n in range(2)]
        wait_until(lambda: server.server.core.batcher.budget.articles == 2)
        refusal = refused(stubs.ingest.IngestArticle, one(3))
        assert (refusal.code, refusal.reason) == (
            grpc.StatusCode.RESOURCE_EXHAUSTED,
            "QUEUE_FULL",
        )
        assert refusal.retry_s
        assert int(refusal.trailing["grpc-retry-pushback-ms"]) > 0
        assert isinstance(refusal.error, Overloaded)
        for name in ("", "liveness", "readiness", "storycluster.v1.IngestService"):
            assert health(stubs, name) == health_pb2.HealthCheckResponse.SERVING
        stubs.info.GetServerInfo(server_info_service_pb2.GetServerInfoRequest(), timeout=30)
    assert [call.result().result.article_id for call in waiting] == ["a0", "a1"]


def test_a_full_queue_is_told_with_a_time_to_come_back(
    serve: Serve, connect: Connect, gated: GatedEncoder
) -> None:
    """Articles over the queue's bound are refused before any work is done for them."""
    server = serve({"ingest.queue_articles": 2, "ingest.collection_share": 1.0}, encoder=gated)
    stubs = connect(server.address)
    with gated.closed():
        waiting = [stubs.ingest.IngestArticle.future(one(n), timeout=30) for n in range(2)]
        wait_until(lambda: server.server.core.batcher.budget.articles == 2)
        refusal = refused(stubs.ingest.IngestArticle, one(3))
        assert refusal.reason == "QUEUE_FULL"
        assert refusal.retry_s
    assert all(call.result() for call in waiting)
    assert stubs.ingest.IngestArticle(one(3), timeout=30).result.article_id == "a3"


def test_bytes_are_bounded_too(serve: Serve, connect: Connect, gated: GatedEncoder) -> None:
    """Few large articles fill the queue as many small ones do."""
    server = serve({"ingest.queue_bytes": 20_000}, encoder=gated)
    stubs = connect(server.address)
    large = ingest_service_pb2.IngestArticleRequest(article=article(1, text="word " * 3_900))
    with gated.closed():
        waiting = stubs.ingest.IngestArticle.future(large, timeout=30)
        wait_until(lambda: server.server.core.batcher.budget.articles == 1)
        assert refused(stubs.ingest.IngestArticle, one(2)).reason == "QUEUE_FULL"
    waiting.result()


# -- deadlines ------------------------------------------------------------------------------------


def test_an_expired_call_does_no_work(serve: Serve, connect: Connect, gated: GatedEncoder) -> None:
    """A call whose time passes in the queue ends with DEADLINE_EXCEEDED and is never prepared."""
    server = serve({}, encoder=gated)
    stubs = connect(server.address)
    budget = server.server.core.batcher.budget
    with gated.closed():
        first = stubs.ingest.IngestArticle.future(one(1), timeout=30)
        wait_until(lambda: len(gated.calls) == 1)
        refusal = refused(stubs.ingest.IngestArticle, one(2), timeout=0.2)
        assert refusal.code is grpc.StatusCode.DEADLINE_EXCEEDED
        wait_until(lambda: budget.articles == 1)
    first.result()
    stubs.ingest.IngestArticle(one(3), timeout=30)
    assert sum(gated.calls) == 2
    asked = article_service_pb2.GetArticleRequest(article_id="a2")
    assert refused(stubs.article.GetArticle, asked).code is grpc.StatusCode.NOT_FOUND


def test_a_caller_who_gives_up_after_the_writer_has_it_undoes_nothing(
    server: RunningServer, stubs: Stubs
) -> None:
    """Once the writer has an article it is committed, whether or not the caller waits."""
    with held_writer(server):
        call = stubs.ingest.IngestArticle.future(one(1), timeout=30)
        wait_until(lambda: server.server.engine._writer._queue.qsize() == 1)
        call.cancel()
        time.sleep(0.2)
    asked = article_service_pb2.GetArticleRequest(article_id="a1")

    def stored() -> bool:
        try:
            stubs.article.GetArticle(asked, timeout=30)
        except grpc.RpcError:
            return False
        return True

    wait_until(stored)
    wait_until(lambda: server.server.core.batcher.budget.articles == 0)


# -- unexpected errors ----------------------------------------------------------------------------


def test_an_unexpected_error_leaks_nothing(
    serve: Serve, connect: Connect, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A bug is INTERNAL with an error id; its text is in the log and nowhere else."""
    log = io.StringIO()
    server = serve({}, log=log)
    stubs = connect(server.address)

    def bug(*_: object, **__: object) -> None:
        raise ValueError("secret-password-in-/srv/path")

    monkeypatch.setattr(server.server.engine, "get_story", bug)
    request = story_service_pb2.GetStoryRequest(story_id="s")
    refusal = refused(stubs.story.GetStory, request)
    assert (refusal.code, refusal.reason) == (grpc.StatusCode.INTERNAL, "INTERNAL")
    assert isinstance(refusal.error, InternalError)
    assert "secret" not in refusal.message + str(refusal.trailing)
    assert "ValueError" not in refusal.message + str(refusal.trailing)
    server.stop()
    assert refusal.error.error_id
    told = [line for line in log.getvalue().splitlines() if refusal.error.error_id in line]
    assert any("secret-password-in-/srv/path" in line for line in told)


def test_one_article_that_breaks_the_encoder_fails_alone(
    serve: Serve, connect: Connect, gated: GatedEncoder
) -> None:
    """An article that stage 1 cannot bear is INTERNAL in its place; its neighbours are stored."""
    stubs = connect(serve({}, encoder=gated).address)
    poison = article(2, title=f"The {GatedEncoder.POISON} of today")
    results = stubs.ingest_all(article(1), poison, article(3))
    assert [r.WhichOneof("outcome") for r in results] == ["assignment", "error", "assignment"]
    assert results[1].error.code == grpc.StatusCode.INTERNAL.value[0]
    assert "secret" not in str(results[1].error)


def test_a_full_disk_is_told_and_passes(
    server: RunningServer, stubs: Stubs, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With no space left ingest is RESOURCE_EXHAUSTED with reason STORE_FULL, a stream ends without
    moving its position, reads still answer; with space again everything goes on."""
    store: Any = server.server.engine._store

    def full() -> None:
        raise StoreFull("no space left in /srv/secret")

    stream = Dialogue(stubs)
    stream.open("s")
    stream.send(1, article(1))
    stream.results()
    with monkeypatch.context() as patched:
        patched.setattr(store, "write", full)
        refusal = refused(stubs.ingest.IngestArticle, one(5))
        assert (refusal.code, refusal.reason) == (
            grpc.StatusCode.RESOURCE_EXHAUSTED,
            "STORE_FULL",
        )
        assert "secret" not in refusal.message + str(refusal.trailing)
        assert refusal.retry_s is None
        stream.send(2, article(2))
        assert stream.failure().reason == "STORE_FULL"
        asked = article_service_pb2.GetArticleRequest(article_id="a1")
        assert stubs.article.GetArticle(asked, timeout=30).article.article.article_id == "a1"
    again = Dialogue(stubs)
    assert again.open("s").last_committed_sequence == 1
    again.send(2, article(2))
    assert not again.results().results[0].replayed
    again.close()


# -- the log and the metrics ----------------------------------------------------------------------


def test_each_call_has_one_line_without_text(serve: Serve, connect: Connect) -> None:
    """The access log names method, code, collection, items and request id, and no text."""
    log = io.StringIO()
    server = serve({}, log=log)
    stubs = connect(server.address)
    request = ingest_service_pb2.BatchIngestArticlesRequest(
        articles=[article(1), article(2)], collection="c"
    )
    _, call = stubs.ingest.BatchIngestArticles.with_call(
        request, timeout=30, metadata=(("x-request-id", "r-1"), ("x-api-token", "token-1"))
    )
    assert dict(call.trailing_metadata())["x-request-id"] == "r-1"
    server.stop()
    (line,) = [json.loads(line) for line in log.getvalue().splitlines() if '"call"' in line]
    assert line["method"] == "IngestService/BatchIngestArticles"
    assert (line["code"], line["collection"], line["items"]) == ("OK", "c", 2)
    assert line["request_id"] == "r-1"
    assert line["ms"] > 0
    assert "token-1" not in log.getvalue()
    assert article(1).text.split()[0] not in log.getvalue()


def test_metrics_are_served(serve: Serve, connect: Connect) -> None:
    """The metrics port counts calls, articles by relation and rows."""
    server = serve({"server.metrics_listen": "127.0.0.1:0"})
    stubs = connect(server.address)
    stubs.ingest_all(article(1), article(1))
    refused(stubs.story.GetStory, story_service_pb2.GetStoryRequest(story_id="x"))
    with urllib.request.urlopen(f"http://{server.server.addresses['metrics_listen']}") as page:
        told = page.read().decode()
    assert 'storycluster_articles_total{relation="new_story"} 1.0' in told
    assert 'storycluster_articles_total{relation="replayed"} 1.0' in told
    assert 'storycluster_rows{collection="default",kind="articles"} 1.0' in told
    assert 'method="StoryService/GetStory"' in told
    assert 'code="NOT_FOUND"' in told
    assert "storycluster_accepted_articles 0.0" in told


# -- drain ----------------------------------------------------------------------------------------


def test_a_draining_server_refuses_new_work_and_finishes_the_old(
    server: RunningServer, stubs: Stubs
) -> None:
    """While it drains: health is NOT_SERVING, new work is UNAVAILABLE with reason DRAINING and a
    time to come back, accepted work is answered, server info still answers."""
    stopped: list[bool] = []
    with held_writer(server):
        accepted = stubs.ingest.IngestArticle.future(one(1), timeout=30)
        wait_until(lambda: server.server.engine._writer._queue.qsize() == 1)
        stopper = threading.Thread(target=lambda: stopped.append(server.stop()))
        stopper.start()
        wait_until(lambda: health(stubs) == health_pb2.HealthCheckResponse.NOT_SERVING)
        refusal = refused(stubs.ingest.IngestArticle, one(2))
        assert (refusal.code, refusal.reason) == (grpc.StatusCode.UNAVAILABLE, "DRAINING")
        assert refusal.retry_s
        assert isinstance(refusal.error, Unavailable)
        stubs.info.GetServerInfo(server_info_service_pb2.GetServerInfoRequest(), timeout=30)
    assert accepted.result().result.article_id == "a1"
    stopper.join(30)
    assert stopped == [True]


def test_a_drain_that_outlasts_its_grace_is_told(serve: Serve, connect: Connect) -> None:
    """Work that does not end within the grace makes the stop incomplete."""
    server = serve({"server.drain_grace_s": 0.2})
    stubs = connect(server.address)
    stopped: list[bool] = []
    with held_writer(server):
        call = stubs.ingest.IngestArticle.future(one(1), timeout=30)
        wait_until(lambda: server.server.engine._writer._queue.qsize() == 1)
        stopper = threading.Thread(target=lambda: stopped.append(server.stop()))
        stopper.start()
        wait_until(lambda: call.done())
    stopper.join(30)
    assert stopped == [False]
    assert call.code() in (grpc.StatusCode.UNAVAILABLE, grpc.StatusCode.CANCELLED)
