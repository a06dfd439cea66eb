"""storycluster_server.webhooks.posting: one request, against servers that misbehave."""

from __future__ import annotations

import asyncio
import contextlib
import shutil
import socket
import ssl
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from storycluster_server.webhooks.posting import Request, post
from storycluster_server.webhooks.retrying import Answer

BODY = b'{"events":[]}'
Speak = Callable[[socket.socket], None]


def ask(url: str, *, timeout_s: float = 5.0) -> Answer:
    """The answer to one request."""
    return asyncio.run(post(Request(url, {"X-Test": "1"}, BODY), timeout_s=timeout_s))


@contextlib.contextmanager
def speaking(speak: Speak) -> Iterator[str]:
    """The URL of a server that does so with its first connection."""
    with socket.create_server(("127.0.0.1", 0)) as listening:

        def serve() -> None:
            with contextlib.suppress(OSError), listening.accept()[0] as connection:
                speak(connection)

        thread = threading.Thread(target=serve, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listening.getsockname()[1]}/in?key=1"
    thread.join(10)
    assert not thread.is_alive()


def read_request(connection: socket.socket) -> bytes:
    """Everything up to the end of the body."""
    read = b""
    while not read.endswith(BODY):
        read += connection.recv(65536)
    return read


def test_a_request_is_sent_as_it_was_given() -> None:
    """Path, query, headers, body; the status is the answer."""
    seen: list[bytes] = []

    def speak(connection: socket.socket) -> None:
        seen.append(read_request(connection))
        connection.sendall(b"HTTP/1.1 202 Accepted\r\nContent-Length: 2\r\n\r\nok")

    with speaking(speak) as url:
        assert ask(url) == Answer(status=202)
    assert seen[0].startswith(b"POST /in?key=1 HTTP/1.1\r\n")
    assert b"\r\nX-Test: 1\r\n" in seen[0]


def test_an_answer_counts_whatever_its_body_does() -> None:
    """A body without end delays nothing: the status was there."""

    def speak(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(b"HTTP/1.1 200 OK\r\n\r\n")
        with contextlib.suppress(OSError):
            while True:
                connection.sendall(b"x" * 1000)

    began = time.monotonic()
    with speaking(speak) as url:
        assert ask(url) == Answer(status=200)
        assert time.monotonic() - began < 2


@pytest.mark.parametrize(
    ("said", "problem"),
    [
        (b"", "RemoteDisconnected"),
        (b"SSH-2.0-OpenSSH\r\n", "BadStatusLine"),
        (b"HTTP/1.1 200 OK\r\n" + b"x: y\r\n" * 200, "HTTPException"),
    ],
)
def test_nonsense_is_told_by_its_kind(said: bytes, problem: str) -> None:
    """What is no answer of HTTP is a failed attempt."""

    def speak(connection: socket.socket) -> None:
        read_request(connection)
        connection.sendall(said)

    with speaking(speak) as url:
        assert ask(url) == Answer(problem=problem)


def test_a_head_that_drips_is_broken_off() -> None:
    """The time is for all of it, not for each byte; then the connection is closed."""
    ended = threading.Event()

    def speak(connection: socket.socket) -> None:
        read_request(connection)
        try:
            for byte in b"HTTP/1.1 200 OK\r\nx: " + b"y" * 1000:
                connection.sendall(bytes([byte]))
                time.sleep(0.02)
        except OSError:
            ended.set()

    with speaking(speak) as url:
        assert ask(url, timeout_s=0.3) == Answer(problem="TimeoutError")
    assert ended.wait(10)


def test_a_cancelled_attempt_is_broken_off() -> None:
    """Whoever stops does not wait for the answer."""
    read, ended = threading.Event(), threading.Event()

    def speak(connection: socket.socket) -> None:
        read_request(connection)
        read.set()
        if not connection.recv(1):
            ended.set()

    async def cancel(url: str) -> None:
        task = asyncio.create_task(post(Request(url, {}, BODY), timeout_s=30))
        await asyncio.to_thread(read.wait, 10)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    with speaking(speak) as url:
        asyncio.run(cancel(url))
        assert ended.wait(10)


def test_an_unknown_host_is_a_failed_attempt() -> None:
    """So is a port where nobody listens."""
    assert ask("http://nobody.invalid/") == Answer(problem="gaierror")
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = listening.getsockname()[1]
    assert ask(f"http://127.0.0.1:{port}/") == Answer(problem="ConnectionRefusedError")


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """(certificate, key) for `localhost`, signed by itself."""
    if shutil.which("openssl") is None:
        pytest.skip("openssl makes the certificate")
    folder = tmp_path_factory.mktemp("tls")
    made, key = folder / "cert.pem", folder / "key.pem"
    command = ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2"]
    names = ["-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost"]
    files = ["-out", str(made), "-keyout", str(key)]
    subprocess.run([*command, *names, *files], check=True, capture_output=True)
    return made, key


@pytest.fixture
def secure_port(certificate: tuple[Path, Path]) -> Iterator[int]:
    """The port of an HTTPS server that answers 200."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(200)
            self.end_headers()

        def log_message(self, *args: object) -> None:
            """Nothing is printed."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.handle_error = lambda *args: None  # type: ignore[method-assign]  # refusals are wanted
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(*certificate)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield server.server_port
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_certificate_must_be_trusted_and_of_that_host(
    secure_port: int, certificate: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nothing is sent to whoever cannot prove who he is."""
    refused = Answer(problem="SSLCertVerificationError")
    assert ask(f"https://localhost:{secure_port}/") == refused
    monkeypatch.setenv("SSL_CERT_FILE", str(certificate[0]))
    assert ask(f"https://localhost:{secure_port}/") == Answer(status=200)
    assert ask(f"https://127.0.0.1:{secure_port}/") == refused
