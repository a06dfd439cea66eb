"""The command `storycluster` and its server, run as a user runs them."""

from __future__ import annotations

import hashlib
import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

COMMAND = str(Path(sys.executable).parent / "storycluster")
COMMAND_S = 120.0
END_S = 60.0


def environment(address: str = "", **more: str) -> dict[str, str]:
    """This process's environment without what colours output, and with the server's address."""
    kept = {
        name: value
        for name, value in os.environ.items()
        if name not in ("FORCE_COLOR", "NO_COLOR", "COLUMNS", "STORYCLUSTER_SERVER")
    }
    told = {"STORYCLUSTER_SERVER": address} if address else {}
    return {**kept, "OMP_NUM_THREADS": "1", **told, **more}


def run(
    *arguments: str | Path, address: str = "", stdin: bytes = b"", **more: str
) -> subprocess.CompletedProcess[str]:
    """A finished command; the server is named by the environment."""
    done = subprocess.run(
        [COMMAND, *map(str, arguments)],
        input=stdin,
        capture_output=True,
        timeout=COMMAND_S,
        check=False,
        env=environment(address, **more),
    )
    return subprocess.CompletedProcess(
        done.args, done.returncode, done.stdout.decode(), done.stderr.decode()
    )


def lines_of(done: subprocess.CompletedProcess[str]) -> list[dict[str, Any]]:
    """The JSON objects on stdout, one a line."""
    return [json.loads(line) for line in done.stdout.splitlines()]


def asked(*arguments: str, address: str) -> list[dict[str, Any]]:
    """What a command that must succeed answers with --json."""
    done = run(*arguments, "--json", address=address)
    assert (done.returncode, done.stderr) == (0, "")
    return lines_of(done)


class Served:
    """`storycluster serve` on a data folder; `address` once it listens."""

    def __init__(self, data: Path, *flags: str, listen: str = "127.0.0.1:0") -> None:
        command = [COMMAND, "serve", "--data", str(data), "--listen", listen]
        self.process = subprocess.Popen(
            [*command, "--set", "log.level=error", *flags],
            stdout=subprocess.PIPE,
            text=True,
            env=environment(),
        )
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        if not line.startswith("listening on 127.0.0.1:"):
            self.process.kill()
            self.process.wait(END_S)
            self.process.stdout.close()
            raise AssertionError(f"the server said {line!r}")
        self.address = line.removeprefix("listening on ").strip()

    def end(self, number: int = signal.SIGTERM) -> int:
        """Send a signal and wait; the exit code."""
        assert self.process.stdout is not None
        self.process.send_signal(number)
        code = self.process.wait(END_S)
        self.process.stdout.close()
        return code


@contextmanager
def served(data: Path, *flags: str, listen: str = "127.0.0.1:0") -> Iterator[Served]:
    """A server for the time of a block; however that ends, none is left."""
    server = Served(data, *flags, listen=listen)
    try:
        yield server
    finally:
        if server.process.poll() is None:
            server.end()


def article_line(article_id: str, **fields: Any) -> str:
    """One JSON line whose text shares no word with that of another id."""
    text = " ".join(_word(f"{article_id} {place}") for place in range(40))
    title = " ".join(_word(f"{article_id} title {place}") for place in range(3))
    return json.dumps({"id": article_id, "title": f"{title} {article_id}", "text": text} | fields)


def _word(seed: str) -> str:
    """A word of twelve letters, the same for the same seed."""
    digest = hashlib.blake2b(seed.encode(), digest_size=6).hexdigest()
    return digest.translate(str.maketrans("0123456789", "ghijklmnop"))
