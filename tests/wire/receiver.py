"""A program that receives webhooks: an HTTP server on a thread, which answers as it is told."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from wire_calls import wait_until

Answers = Callable[[int], int]
"""The status for the nth request, from 1; 0 for no answer before the receiver is closed."""


@dataclass(frozen=True)
class Received:
    """One request."""

    headers: dict[str, str]
    body: bytes

    @property
    def told(self) -> dict[str, Any]:
        """The body, read."""
        read: dict[str, Any] = json.loads(self.body)
        return read

    @property
    def sequences(self) -> list[int]:
        """The sequences of its events."""
        return [event["sequence"] for event in self.told["events"]]


class Receiver:
    """Takes requests on loopback until it is closed. `taken` are those answered with 2xx."""

    def __init__(self, answers: Answers = lambda number: 204, *, port: int = 0) -> None:
        self.requests: list[Received] = []
        self.taken: list[Received] = []
        self.answers = answers
        self.closed = threading.Event()
        self._lock = threading.Lock()
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                receiver.answer(self)

            def log_message(self, *args: Any) -> None:
                """Nothing is printed."""

        self._server = ThreadingHTTPServer(("127.0.0.1", port), Handler)
        self._server.daemon_threads = True
        self.port = self._server.server_port
        self.url = f"http://127.0.0.1:{self.port}/hook?key=hidden"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,))
        self._thread.start()

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Keep a request and answer it."""
        body = handler.rfile.read(int(handler.headers["Content-Length"]))
        with self._lock:
            received = Received(dict(handler.headers), body)
            self.requests.append(received)
            status = self.answers(len(self.requests))
            if 200 <= status < 300:
                self.taken.append(received)
        if not status:
            self.closed.wait(30)
            return
        handler.send_response(status)
        if 300 <= status < 400:
            handler.send_header("Location", self.url)
        handler.send_header("Content-Length", "0")
        handler.end_headers()

    def sequences(self) -> list[int]:
        """The sequences of all events taken, in order of arrival."""
        with self._lock:
            return [sequence for one in self.taken for sequence in one.sequences]

    def wait_for(self, last_sequence: int) -> None:
        """Until a request that goes so far was taken."""
        wait_until(
            lambda: bool(self.taken) and self.taken[-1].told["last_sequence"] >= last_sequence
        )

    def wait_requests(self, number: int) -> None:
        """Until so many requests came, taken or not."""
        wait_until(lambda: len(self.requests) >= number)

    def close(self) -> None:
        """Take no more. A second call does nothing."""
        self.closed.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


def settled() -> None:
    """Time enough for a request that should not come."""
    time.sleep(0.3)
