"""How is one request sent, and ended when nobody waits for it any more?

http.client on a daemon thread of its own for each attempt: what hangs in a name server or a
handshake holds up neither the event loop nor the end of the process. Redirects are not followed and
proxies not asked. Of the answer only the status counts.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http.client import HTTPConnection, HTTPException, HTTPSConnection
from urllib.parse import urlsplit

from storycluster_server.webhooks.retrying import Answer

_BODY_BYTES = 64 * 1024
_BODY_S = 0.5


@dataclass(frozen=True, slots=True)
class Request:
    """What is sent where."""

    url: str
    headers: Mapping[str, str]
    body: bytes


async def post(request: Request, *, timeout_s: float) -> Answer:
    """The answer, or what went wrong; raises nothing of its own.

    Cancelled or over time, the connection is broken off, and nothing is sent that was not yet.
    """
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[Answer] = loop.create_future()

    def settle(answer: Answer) -> None:
        if not answered.done():
            answered.set_result(answer)

    def tell(answer: Answer) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended meanwhile
            loop.call_soon_threadsafe(settle, answer)

    attempt = _Attempt(request, timeout_s=timeout_s)
    name = "storycluster-webhook"
    threading.Thread(target=attempt.run, args=(tell,), name=name, daemon=True).start()
    try:
        return await asyncio.wait_for(answered, timeout_s)
    except TimeoutError:
        attempt.break_off()
        return Answer(problem="TimeoutError")
    except asyncio.CancelledError:
        attempt.break_off()
        raise


class _Attempt:
    """One request on its thread. The timeout is for each step; `post` minds their sum."""

    def __init__(self, request: Request, *, timeout_s: float) -> None:
        self._request = request
        self._timeout_s = timeout_s
        self._connection: HTTPConnection | None = None
        self._unwanted = threading.Event()

    def run(self, tell: Callable[[Answer], None]) -> None:
        """Send and tell the answer. What goes wrong is told by its kind: the words of an exception
        may hold the URL."""
        try:
            self._connection = _connection(self._request.url, timeout_s=self._timeout_s)
            with contextlib.closing(self._connection) as connection:
                connection.connect()
                if not self._unwanted.is_set():
                    self._exchange(connection, tell)
        except (OSError, HTTPException, ValueError) as error:
            tell(Answer(problem=type(error).__name__))

    def break_off(self) -> None:
        """Let the thread come to its end. Harmless where it has."""
        self._unwanted.set()
        link = self._connection.sock if self._connection is not None else None
        if link is not None:
            with contextlib.suppress(OSError):
                # not SSLSocket's own, which first lets the thread write without encryption
                socket.socket.shutdown(link, socket.SHUT_RDWR)

    def _exchange(self, connection: HTTPConnection, tell: Callable[[Answer], None]) -> None:
        link = connection.sock
        request = self._request
        connection.request("POST", _target(request.url), request.body, dict(request.headers))
        with contextlib.closing(connection.getresponse()) as response:
            tell(Answer(status=response.status))
            with contextlib.suppress(OSError, HTTPException):
                link.settimeout(_BODY_S)  # some of the body, so that the receiver sees no reset
                response.read1(_BODY_BYTES)


def _connection(url: str, *, timeout_s: float) -> HTTPConnection:
    parts = urlsplit(url)
    assert parts.hostname is not None, "the configuration checks it"
    if parts.scheme == "https":
        trusted = ssl.create_default_context()
        return HTTPSConnection(parts.hostname, parts.port, timeout=timeout_s, context=trusted)
    return HTTPConnection(parts.hostname, parts.port, timeout=timeout_s)


def _target(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
