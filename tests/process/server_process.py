"""A server in a process of its own, as an operator runs it."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from pathlib import Path

READY_S = 120.0
END_S = 60.0


class ServerProcess:
    """`python -m storycluster_server` on a free port; `address` once it listens."""

    def __init__(self, data: Path, *flags: str, listen: str = "127.0.0.1:0") -> None:
        command = [sys.executable, "-m", "storycluster_server", "--data", str(data)]
        self._errors: list[str] = []
        self._told = threading.Condition()
        self.process = subprocess.Popen(
            [*command, "--listen", listen, *flags],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "OMP_NUM_THREADS": "1"},
        )
        self._reader = threading.Thread(target=self._read_errors, daemon=True)
        self._reader.start()

    def wait_ready(self) -> str:
        """HOST:PORT, from the one line on stdout."""
        assert self.process.stdout is not None
        line = self.process.stdout.readline()
        assert line.startswith("listening on 127.0.0.1:"), (line, self.errors())
        return line.removeprefix("listening on ").strip()

    def wait_told(self, words: str) -> None:
        """Until a line of stderr holds these words."""
        with self._told:
            assert self._told.wait_for(
                lambda: any(words in line for line in self._errors), timeout=END_S
            ), self._errors

    def errors(self) -> list[str]:
        """The lines of stderr, once the process has ended."""
        self.process.wait(END_S)
        self._reader.join(END_S)
        return list(self._errors)

    def end(self, number: int = signal.SIGTERM) -> tuple[int, str]:
        """Send a signal; (exit code, what else stood on stdout)."""
        self.process.send_signal(number)
        code = self.process.wait(END_S)
        assert self.process.stdout is not None
        return code, self.process.stdout.read()

    def kill(self) -> None:
        """End it in any case, and close the pipes."""
        self.process.kill()
        self.process.wait(END_S)
        self._reader.join(END_S)
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()

    def _read_errors(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._told:
                self._errors.append(line)
                self._told.notify_all()
