"""Does a receiver miss nothing where the server is killed while it waits for his receipt?"""

from __future__ import annotations

import json
import signal
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from server_process import ServerProcess

from storycluster.client import Client
from storycluster.domain import Article

pytestmark = pytest.mark.slow

WAIT_S = 60.0


class Receiver(ThreadingHTTPServer):
    """Takes every request, and calls `before_answer` with its number before it says so; nothing
    is answered before `open` is set."""

    def __init__(self, before_answer: Callable[[int], None]) -> None:
        self.open = threading.Event()
        self.taken: list[list[int]] = []
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                told = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
                receiver.taken.append([event["sequence"] for event in told["events"]])
                receiver.open.wait(WAIT_S)
                before_answer(len(receiver.taken))
                self.send_response(204)
                self.end_headers()

            def log_message(self, *args: object) -> None:
                """Nothing is printed."""

        super().__init__(("127.0.0.1", 0), Handler)

    def wait_for(self, enough: Callable[[list[list[int]]], bool]) -> None:
        """Until the sequences taken are enough."""
        until = time.monotonic() + WAIT_S
        while not enough(self.taken):
            assert time.monotonic() < until, self.taken
            time.sleep(0.02)


@pytest.fixture
def servers() -> Iterator[list[ServerProcess]]:
    """The servers of a test; none outlives it."""
    started: list[ServerProcess] = []
    yield started
    for server in started:
        server.kill()


@pytest.fixture
def receiver(servers: list[ServerProcess]) -> Iterator[Receiver]:
    """A receiver that kills the first server while that waits for its third receipt."""

    def kill(number: int) -> None:
        if number == 3:
            servers[0].process.send_signal(signal.SIGKILL)
            servers[0].process.wait(WAIT_S)

    made = Receiver(kill)
    thread = threading.Thread(target=made.serve_forever, args=(0.05,))
    thread.start()
    yield made
    made.shutdown()
    made.server_close()
    thread.join()


def article(number: int) -> Article:
    """An article of its own story."""
    words = " ".join(f"w{number}x{place}" for place in range(40))
    return Article(f"a{number}", title=f"Event {number}", text=f"{words}.")


def test_a_kill_repeats_one_request_and_leaves_no_gap(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    servers: list[ServerProcess],
    receiver: Receiver,
) -> None:
    """What the receiver took and the server did not hear of comes again after the restart, and
    every other event once, in order."""
    monkeypatch.setenv("HOOK_SECRET", "0123456789abcdef")
    config = tmp_path / "server.toml"
    config.write_text(
        "[webhooks]\nmax_events = 2\n"
        f'[[webhooks.receivers]]\nname = "desk"\nurl = "http://127.0.0.1:{receiver.server_port}"\n'
        'secret_env = "HOOK_SECRET"\n'
    )
    data, flags = tmp_path / "data", ("--config", str(config))
    servers.append(ServerProcess(data, *flags))
    with Client(servers[0].wait_ready()) as client:
        for number in range(2):  # six events and more
            client.ingest_article(article(number), view=False)
    receiver.open.set()
    servers[0].process.wait(WAIT_S)
    servers.append(ServerProcess(data, *flags))
    with Client(servers[1].wait_ready()) as client:
        client.ingest_article(article(2), view=False)
        stored = [event.sequence for event in client.list_events()]
    receiver.wait_for(lambda taken: taken[-1][-1] == stored[-1])
    taken = receiver.taken
    assert taken[3][: len(taken[2])] == taken[2]
    once = [sequence for one in [*taken[:2], *taken[3:]] for sequence in one]
    assert once == stored
    assert servers[1].end()[0] == 0
