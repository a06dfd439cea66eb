"""The server as a process: start, signals, crash, restart."""

from __future__ import annotations

import json
import queue
import signal
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import grpc
import pytest
from server_process import ServerProcess

from storycluster.v1 import (
    article_service_pb2,
    article_service_pb2_grpc,
    ingest_service_pb2,
    ingest_service_pb2_grpc,
    resources_pb2,
    story_service_pb2,
    story_service_pb2_grpc,
)

pytestmark = pytest.mark.slow

Start = Callable[..., ServerProcess]
Request = ingest_service_pb2.StreamIngestArticlesRequest


@pytest.fixture
def start(tmp_path: Path) -> Iterator[Start]:
    """Starts servers on one data folder; none outlives the test."""
    started: list[ServerProcess] = []

    def begin(*flags: str, data: Path | None = None, listen: str = "127.0.0.1:0") -> ServerProcess:
        started.append(ServerProcess(data or tmp_path / "data", *flags, listen=listen))
        return started[-1]

    yield begin
    for server in started:
        server.kill()


def article(number: int) -> resources_pb2.Article:
    """Every third article is a copy of the one before it."""
    theme = number - 1 if number % 3 == 2 else number
    words = [f"w{theme}x{place}" for place in range(40)]
    return resources_pb2.Article(
        article_id=f"a{number}",
        title=f"Event {theme} " + " ".join(words[:4]),
        text=". ".join(" ".join(words[at : at + 10]) for at in range(0, 40, 10)),
        source=f"s{number % 4}",
    )


def batch(sequence: int, size: int = 5) -> Request:
    """Batch 1 holds articles 0 to size - 1, and so on."""
    first = (sequence - 1) * size
    articles = [article(number) for number in range(first, first + size)]
    return Request(batch=Request.Batch(sequence=sequence, articles=articles))


class Sender:
    """A client that streams without end, within the window, and keeps what was acknowledged."""

    def __init__(self, address: str) -> None:
        self.acknowledged: dict[int, list[Any]] = {}
        self.last_accepted: int | None = None
        self.code: grpc.StatusCode | None = None
        self.opened_at = -1
        self._out: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._channel = grpc.insecure_channel(address)
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def wait_for(self, batches: int) -> None:
        """Until that many batches are acknowledged."""
        ends = time.monotonic() + 60
        while len(self.acknowledged) < batches:
            assert time.monotonic() < ends, self.code
            time.sleep(0.005)

    def join(self) -> None:
        """Until the stream has ended."""
        self._thread.join(60)
        assert not self._thread.is_alive()
        self._channel.close()

    def _run(self) -> None:
        stub = ingest_service_pb2_grpc.IngestServiceStub(self._channel)
        call = stub.StreamIngestArticles(iter(self._out.get, None), timeout=120)
        self._out.put(Request(open=Request.Open(stream_id="feed")))
        draining = False
        try:
            for message in call:
                kind = message.WhichOneof("message")
                if kind == "opened":
                    self.opened_at = sent = message.opened.last_committed_sequence
                    for _ in range(message.opened.window.max_in_flight_batches):
                        sent += 1
                        self._out.put(batch(sent))
                elif kind == "batch_result":
                    result = message.batch_result
                    self.acknowledged[result.sequence] = list(result.results)
                    if not draining:
                        sent += 1
                        self._out.put(batch(sent))
                elif kind == "draining":
                    draining, self.last_accepted = True, message.draining.last_accepted_sequence
        except grpc.RpcError:
            pass
        finally:
            self.code = call.code()
            self._out.put(None)


def ingest(address: str, *numbers: int) -> list[Any]:
    """The results of one batch."""
    request = ingest_service_pb2.BatchIngestArticlesRequest(articles=map(article, numbers))
    with grpc.insecure_channel(address) as channel:
        stub = ingest_service_pb2_grpc.IngestServiceStub(channel)
        return list(stub.BatchIngestArticles(request, timeout=60).results)


def assert_holds(address: str, acknowledged: list[Any]) -> None:
    """The server holds every acknowledged article with the very assignment that was told."""
    with grpc.insecure_channel(address) as channel:
        articles = article_service_pb2_grpc.ArticleServiceStub(channel)
        for told in acknowledged:
            request = article_service_pb2.ExplainAssignmentRequest(article_id=told.article_id)
            made = articles.ExplainAssignment(request, timeout=60).assignments
            assert told.assignment in list(made)


def stories(address: str) -> dict[str, list[str]]:
    """{story: its members} of everything the server holds."""
    found: dict[str, list[str]] = {}
    token = ""
    with grpc.insecure_channel(address) as channel:
        stub = story_service_pb2_grpc.StoryServiceStub(channel)
        while True:
            request = story_service_pb2.ListStoriesRequest(page_token=token)
            page = stub.ListStories(request, timeout=60)
            for story in page.stories:
                one = story_service_pb2.GetStoryRequest(story_id=story.story_id)
                members = stub.GetStory(one, timeout=60).view.members
                found[story.story_id] = [member.article_id for member in members]
            token = page.next_page_token
            if not token:
                return found


def test_a_server_says_one_line_and_ends_well(start: Start) -> None:
    """stdout holds the address and nothing else; SIGTERM ends with 0; stderr is JSON lines."""
    server = start()
    results = ingest(server.wait_ready(), 1, 2)
    assert [r.WhichOneof("outcome") for r in results] == ["assignment", "assignment"]
    assert server.end() == (0, "")
    lines = [json.loads(line) for line in server.errors()]
    events = [line["event"] for line in lines]
    assert events[0] == "configuration"
    assert events[-1] == "stopped"
    assert lines[-1]["finished"] is True


def test_a_restart_gives_the_same_answers(start: Start) -> None:
    """After a stop by SIGINT and a new start, stories are equal and known articles are replayed."""
    first = start()
    address = first.wait_ready()
    told = ingest(address, *range(12))
    before = stories(address)
    assert first.end(signal.SIGINT)[0] == 0
    second = start()
    address = second.wait_ready()
    assert stories(address) == before
    again = ingest(address, *range(12))
    assert all(result.replayed for result in again)
    assert [r.assignment for r in again] == [r.assignment for r in told]
    joined = ingest(address, 13, 14)
    assert joined[0].assignment.story_id == joined[1].assignment.story_id


def test_sigterm_in_the_middle_of_a_stream_loses_nothing(start: Start) -> None:
    """On SIGTERM the stream is told to stop, all it accepted is answered, the server ends with 0,
    and the next one holds it all and goes on after it."""
    server = start()
    sender = Sender(server.wait_ready())
    sender.wait_for(5)
    assert server.end()[0] == 0
    sender.join()
    assert sender.code is grpc.StatusCode.OK
    assert sender.last_accepted is not None
    assert sorted(sender.acknowledged) == list(range(1, sender.last_accepted + 1))
    after = start().wait_ready()
    assert_holds(after, [r for results in sender.acknowledged.values() for r in results])
    again = Sender(after)
    again.wait_for(1)
    assert again.opened_at == sender.last_accepted


def test_kill_9_in_the_middle_of_a_stream_keeps_what_was_acknowledged(
    start: Start, tmp_path: Path
) -> None:
    """After kill -9 every acknowledged article is there with the answer that was given; the
    position is at least the last acknowledged one; sending on gives what no crash would have."""
    server = start()
    address = server.wait_ready()
    sender = Sender(address)
    sender.wait_for(6)
    server.process.kill()
    sender.join()
    assert sender.code is grpc.StatusCode.UNAVAILABLE
    acknowledged = dict(sender.acknowledged)
    after = start().wait_ready()
    assert_holds(after, [r for results in acknowledged.values() for r in results])
    again = Sender(after)
    again.wait_for(4)
    assert again.opened_at >= max(acknowledged)
    last = max(again.acknowledged)
    total = sum(len(members) for members in stories(after).values())
    assert total >= last * 5
    fresh = start(data=tmp_path / "fresh").wait_ready()
    for sequence in range(1, 5):
        ingest(fresh, *range((sequence - 1) * 5, sequence * 5))
    known = {f"a{number}" for number in range(20)}
    grouped = [sorted(known & set(members)) for members in stories(after).values()]
    undisturbed = [sorted(members) for members in stories(fresh).values()]
    assert sorted(filter(None, grouped)) == sorted(undisturbed)


def refused_start(server: ServerProcess) -> str:
    """The one line of a server that cannot start."""
    lines = [line for line in server.errors() if line.startswith("storycluster: ")]
    assert server.process.returncode == 2, server.errors()
    assert len(lines) == 1
    return lines[0]


def test_a_second_server_on_the_same_folder_or_port_is_refused(
    start: Start, tmp_path: Path
) -> None:
    """Two servers share neither a data folder nor a port; the first goes on."""
    first = start()
    address = first.wait_ready()
    same_folder, same_port = start(), start(data=tmp_path / "other", listen=address)
    assert "is open already" in refused_start(same_folder)
    assert f"cannot listen on {address}" in refused_start(same_port)
    assert len(ingest(address, 1)) == 1


@pytest.mark.parametrize(
    ("flags", "told"),
    [
        (("--set", "ingest.nothing=1"), "ingest.nothing: unknown key"),
        (("--listen", "0.0.0.0:0"), "server.listen: 0.0.0.0:0 can be reached"),
        (("--encoder", "/no/such/model"), "/no/such/model"),
        (("--config", "/no/such/file"), "cannot read /no/such/file"),
    ],
)
def test_what_prevents_the_start_is_told_in_one_line(
    start: Start, flags: tuple[str, ...], told: str
) -> None:
    """A start that fails ends with 2 and names what is wrong."""
    assert told in refused_start(start(*flags))


def test_a_second_signal_ends_at_once(start: Start) -> None:
    """Who asks twice does not wait for accepted work: 128 + the signal, within a second or two."""
    server = start()
    address = server.wait_ready()
    words = " ".join(f"word{n}" for n in range(6_000))
    articles = [
        resources_pb2.Article(article_id=f"a{n}", title=f"t{n}", text=f"{n} {words}")
        for n in range(100)
    ]
    request = ingest_service_pb2.BatchIngestArticlesRequest(articles=articles)
    with grpc.insecure_channel(address) as channel:
        stub = ingest_service_pb2_grpc.IngestServiceStub(channel)
        call = stub.BatchIngestArticles.future(request, timeout=60)
        time.sleep(0.5)
        server.process.send_signal(signal.SIGTERM)
        server.wait_told('"draining"')
        began = time.monotonic()
        assert server.end()[0] == 128 + signal.SIGTERM
        assert time.monotonic() - began < 2
        assert call.code() is grpc.StatusCode.UNAVAILABLE


def test_a_port_that_is_taken_by_another_program_is_refused(start: Start) -> None:
    """A port somebody else listens on is told before the model is loaded."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        assert "cannot listen on" in refused_start(start(listen=f"127.0.0.1:{port}"))
