"""Does a receiver get every event, in order and signed, whatever happens to him or the server?"""

from __future__ import annotations

import io
import json
import re
import socket
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from newsroom import FERRY, MILL, fill
from prometheus_client import generate_latest
from receiver import Answers, Receiver, settled
from storycluster_server.testing import RunningServer
from wire_calls import wait_until

from storycluster.cli import act_shapes
from storycluster.client import Client
from storycluster.domain import EventKind
from storycluster.errors import InvalidInput

Serve = Callable[..., RunningServer]
Receive = Callable[..., Receiver]

SECRET = "0123456789abcdef-secret"
QUICK = {
    "webhooks.initial_backoff_s": 0.02,
    "webhooks.max_backoff_s": 0.05,
    "webhooks.timeout_s": 5.0,
    "webhooks.stop_grace_s": 0.5,
}
API = Path(__file__).resolve().parents[2] / "docs" / "api.md"


@pytest.fixture(autouse=True)
def secret(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the configurations of this file look for it."""
    monkeypatch.setenv("HOOK_SECRET", SECRET)


@pytest.fixture
def receive() -> Iterator[Receive]:
    """Starts receivers; closes them at the end."""
    started: list[Receiver] = []

    def start(answers: Answers = lambda number: 204, **more: Any) -> Receiver:
        started.append(Receiver(answers, **more))
        return started[-1]

    yield start
    for receiver in started:
        receiver.close()


def hook(receiver: Receiver | str, name: str = "desk", **more: Any) -> dict[str, Any]:
    """A table of the configuration."""
    url = receiver if isinstance(receiver, str) else receiver.url
    return {"name": name, "url": url, "secret_env": "HOOK_SECRET", **more}


def flags(*hooks: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Settings with these webhooks, quick ones unless others are given."""
    given = {f"webhooks.{key}": value for key, value in more.items()}
    return {**QUICK, "webhooks.receivers": list(hooks), **given}


def count(server: RunningServer, name: str, outcome: str) -> float:
    """A counter of the server's."""
    found = server.server.metrics.registry.get_sample_value(
        "storycluster_webhook_requests_total", {"webhook": name, "outcome": outcome}
    )
    return found or 0.0


def events_of(server: RunningServer) -> list[Any]:
    """The feed of the default collection."""
    with Client(server.address) as client:
        return list(client.list_events())


def ingest(server: RunningServer) -> list[Any]:
    """Fill the default collection; its feed."""
    with Client(server.address) as client:
        fill(client)
        return list(client.list_events())


def documented_check() -> Callable[[bytes, bytes, str], bool]:
    """The verifying function that docs/api.md tells receivers to write."""
    told = API.read_text(encoding="utf-8").split("\n## Webhooks\n", 1)[1]
    block = re.search(r"```python\n(.*?)```", told, re.DOTALL)
    assert block is not None
    names: dict[str, Any] = {}
    exec(block[1], names)
    check: Callable[[bytes, bytes, str], bool] = names["is_genuine"]
    return check


def test_every_event_is_delivered_in_order_and_signed(serve: Serve, receive: Receive) -> None:
    """As `watch --json` prints it, soon after the commit; the documented check accepts each request
    and none that was altered."""
    receiver, check = receive(), documented_check()
    server = serve(flags(hook(receiver), max_events=2))
    stored = ingest(server)
    receiver.wait_for(stored[-1].sequence)
    assert receiver.sequences() == [event.sequence for event in stored]
    told = [event for one in receiver.taken for event in one.told["events"]]
    assert told == [act_shapes.event(event) for event in stored]
    assert max(len(one.sequences) for one in receiver.taken) == 2
    for one in receiver.taken:
        signature = one.headers["X-Storycluster-Signature"]
        assert (one.told["collection"], one.told["webhook"]) == ("default", "desk")
        assert one.headers["Content-Type"] == "application/json"
        assert check(SECRET.encode(), one.body, signature)
        assert not check(b"another secret at all", one.body, signature)
        assert not check(SECRET.encode(), one.body + b" ", signature)
        assert not check(SECRET.encode(), one.body, signature.replace("t=1", "t=2"))
    wait_until(lambda: count(server, "desk", "delivered") == len(receiver.taken))
    assert b"storycluster_webhook_requests_total" in generate_latest(server.server.metrics.registry)


def test_a_receiver_that_comes_back_gets_the_same_delivery(serve: Serve, receive: Receive) -> None:
    """Refused connections, 500 and redirects are tried again: same id, same body, no gap."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    log = io.StringIO()
    url = f"http://127.0.0.1:{port}/hook?key=hidden"
    server = serve(flags(hook(url)), log=log)
    stored = ingest(server)
    wait_until(lambda: count(server, "desk", "failed") >= 3)
    receiver = receive(lambda number: {1: 500, 2: 302}.get(number, 200), port=port)
    receiver.wait_for(stored[-1].sequence)
    first = receiver.requests[:3]
    assert len({one.headers["X-Storycluster-Delivery"] for one in first}) == 1
    assert len({one.body for one in first}) == 1
    assert receiver.sequences() == [event.sequence for event in stored]
    lines = [json.loads(line) for line in log.getvalue().splitlines()]
    failed = [line for line in lines if line["event"] == "webhook attempt failed"]
    assert {line["webhook"] for line in failed} == {"desk"}
    assert {"ConnectionRefusedError"} <= {line["problem"] for line in failed}
    assert {500, 302} <= {line["status"] for line in failed}
    assert SECRET not in log.getvalue()
    assert "hidden" not in log.getvalue()


def test_what_is_never_taken_becomes_a_dead_letter(
    serve: Serve, receive: Receive, tmp_path: Path
) -> None:
    """After the attempts that are configured it is on disk and the feed goes on; the receiver
    beside it has everything meanwhile."""
    bad, good = receive(lambda number: 500), receive()
    hooks = (hook(bad, "bad"), hook(good, "good"))
    server = serve(
        {**flags(*hooks, max_attempts=3, max_events=3), "store.url": str(tmp_path / "data")}
    )
    stored = ingest(server)
    good.wait_for(stored[-1].sequence)
    path = tmp_path / "data" / "dead-letters" / "bad.jsonl"
    place = server.server.engine.place_in_feed
    wait_until(lambda: place("default", "webhook:bad") == stored[-1].sequence)
    letters = [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]
    buried = [event["sequence"] for one in letters for event in one["request"]["events"]]
    assert buried == [event.sequence for event in stored]
    assert {(one["attempts"], one["status"]) for one in letters} == {(3, 500)}
    assert len(bad.requests) == 3 * len(letters)
    assert count(server, "bad", "dead") == len(letters)
    assert not (path.parent / "good.jsonl").exists()
    assert SECRET not in path.read_text(encoding="utf-8")
    bad.answers = lambda number: 200
    with Client(server.address) as client:
        client.withdraw_article("mill", actor="ada", reason="libel")
    bad.wait_for(len(events_of(server)))
    assert bad.sequences() == [event.sequence for event in events_of(server)[len(stored) :]]


def test_a_dead_letter_that_cannot_be_written_holds_the_feed(
    serve: Serve, receive: Receive, tmp_path: Path
) -> None:
    """Nothing is passed over before it is on disk; once it can be, the feed goes on."""
    bad = receive(lambda number: 500)
    data = tmp_path / "data"
    server = serve({**flags(hook(bad), max_attempts=1), "store.url": str(data)})
    (data / "dead-letters").write_text("in the way")
    stored = ingest(server)
    bad.wait_requests(4)
    place = server.server.engine.place_in_feed
    assert place("default", "webhook:desk") == 0
    (data / "dead-letters").unlink()
    wait_until(lambda: place("default", "webhook:desk") == stored[-1].sequence)


def test_a_restart_goes_on_without_a_gap(serve: Serve, receive: Receive, tmp_path: Path) -> None:
    """On the same data folder, with a request unanswered at the stop: it is sent again, nothing is
    lost, and nothing that was answered comes twice."""
    data = {"store.url": str(tmp_path / "data")}
    receiver = receive(lambda number: 200 if number <= 2 else 0)
    server = serve({**flags(hook(receiver), max_events=2), **data})
    stored = ingest(server)
    receiver.wait_requests(3)
    server.stop()
    assert len(receiver.taken) == 2
    receiver.answers = lambda number: 200
    again = serve({**flags(hook(receiver), max_events=2), **data})
    receiver.wait_for(stored[-1].sequence)
    with Client(again.address) as client:
        client.withdraw_article("mill", actor="ada", reason="libel")
    listed = events_of(again)
    receiver.wait_for(listed[-1].sequence)
    assert receiver.sequences() == [event.sequence for event in listed]
    unanswered, repeated = receiver.requests[2:4]  # more may have happened meanwhile
    assert repeated.sequences[: len(unanswered.sequences)] == unanswered.sequences


def test_kinds_and_collection_choose_events_and_the_place_advances(
    serve: Serve, receive: Receive, tmp_path: Path
) -> None:
    """Only what was asked for is sent; the place lies behind the others too."""
    receiver, elsewhere = receive(), receive()
    kinds = [EventKind.STORY_CREATED, EventKind.ARTICLE_WITHDRAWN]
    hooks = (hook(receiver, kinds=kinds), hook(elsewhere, "other", collection="sport"))
    data = {"store.url": str(tmp_path / "data")}
    server = serve({**flags(*hooks), **data})
    ingest(server)
    with Client(server.address, collection="sport") as client:
        client.ingest_article(FERRY)
    elsewhere.wait_for(1)
    wanted = [event.sequence for event in events_of(server) if event.kind in kinds]
    wait_until(lambda: receiver.sequences() == wanted)
    with Client(server.address) as client:
        client.withdraw_article("mill", actor="ada", reason="libel")
        client.reinstate_article("mill", actor="ada", reason="it was not")
    listed = events_of(server)
    assert listed[-1].kind not in kinds
    wanted = [event.sequence for event in listed if event.kind in kinds]
    wait_until(lambda: receiver.sequences() == wanted)
    settled()
    server.stop()
    assert {one.told["collection"] for one in elsewhere.taken} == {"sport"}
    quiet = serve({**flags(), **data})
    place = quiet.server.engine.place_in_feed
    assert place("default", "webhook:desk") == listed[-1].sequence


def test_gone_ends_a_webhook_until_the_next_start(
    serve: Serve, receive: Receive, tmp_path: Path
) -> None:
    """410 stops it with its place kept, and the log says so."""
    receiver, log = receive(lambda number: 410), io.StringIO()
    settings = {**flags(hook(receiver)), "store.url": str(tmp_path / "data")}
    server = serve(settings, log=log)
    stored = ingest(server)
    receiver.wait_requests(1)
    settled()
    assert len(receiver.requests) == 1
    assert "410 Gone" in log.getvalue()
    server.stop()
    receiver.answers = lambda number: 200
    serve(settings)
    receiver.wait_for(stored[-1].sequence)
    assert receiver.sequences() == [event.sequence for event in stored]


def test_a_receiver_that_never_answers_holds_up_neither_ingest_nor_the_stop(
    serve: Serve, receive: Receive
) -> None:
    """An attempt under way has the grace and no more; one that is answered within it counts."""
    silent = receive(lambda number: 0)
    server = serve(flags(hook(silent), timeout_s=60.0, stop_grace_s=0.2))
    ingest(server)
    silent.wait_requests(1)
    with Client(server.address) as client:
        client.ingest_article(MILL)
    began = time.monotonic()
    assert server.stop()
    assert time.monotonic() - began < 5
    assert count(server, "desk", "delivered") == 0


def test_an_attempt_answered_within_the_grace_counts(
    serve: Serve, receive: Receive, tmp_path: Path
) -> None:
    """The server waits for it and stores the place."""

    def slowly(number: int) -> int:
        time.sleep(0.4)
        return 200

    receiver, data = receive(slowly), {"store.url": str(tmp_path / "data")}
    server = serve({**flags(hook(receiver), stop_grace_s=10.0), **data})
    with Client(server.address) as client:
        client.ingest_article(FERRY)
    receiver.wait_requests(1)
    server.stop()
    last = receiver.taken[-1].told["last_sequence"]
    assert serve({**flags(), **data}).server.engine.place_in_feed("default", "webhook:desk") == last


def test_an_answer_that_takes_too_long_is_a_failure(serve: Serve, receive: Receive) -> None:
    """The time is for the whole attempt; the next one comes all the same."""
    receiver = receive(lambda number: 0 if number == 1 else 200)
    log = io.StringIO()
    server = serve(flags(hook(receiver), timeout_s=0.2), log=log)
    stored = ingest(server)
    receiver.wait_for(stored[-1].sequence)
    assert '"TimeoutError"' in log.getvalue()


def test_a_missing_secret_prevents_the_start(
    serve: Serve, receive: Receive, monkeypatch: pytest.MonkeyPatch
) -> None:
    """By the key of the receiver."""
    monkeypatch.delenv("HOOK_SECRET")
    with pytest.raises(InvalidInput, match=r"webhooks\.receivers\.desk\.secret_env"):
        serve(flags(hook("http://127.0.0.1:9/")))
