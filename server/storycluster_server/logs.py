"""How does the server write its log?

One line each on stderr, JSON for machines or text for people. A log line holds names, numbers and
codes: never the text of an article, never a token.
"""

from __future__ import annotations

import logging
import sys
from typing import Any, TextIO

import structlog

Logger = Any  # structlog's bound loggers are made at run time


def open_log(*, form: str = "json", level: str = "info", stream: TextIO | None = None) -> Logger:
    """A logger of its own; no global state is touched."""
    out = stream or sys.stderr
    last: Any = structlog.processors.JSONRenderer()
    if form == "text":
        last = structlog.dev.ConsoleRenderer(colors=out.isatty())
    processors: list[Any] = [
        structlog.processors.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    if form != "text":
        processors.append(structlog.processors.format_exc_info)
    return structlog.wrap_logger(
        structlog.PrintLogger(out),
        processors=[*processors, last],
        wrapper_class=structlog.make_filtering_bound_logger(getattr(logging, level.upper())),
    )


class Forwarding(logging.Handler):
    """Hands the lines of the standard library's loggers to ours."""

    def __init__(self, log: Logger) -> None:
        super().__init__()
        self._log = log

    def emit(self, record: logging.LogRecord) -> None:
        """One line, with the traceback where there is one."""
        try:
            self._log.log(
                record.levelno, record.getMessage(), logger=record.name, exc_info=record.exc_info
            )
        except Exception:
            self.handleError(record)


def forward_standard_logging(log: Logger, *, level: str) -> None:
    """Send what libraries log to `log`. For a process that is the server and nothing else."""
    root = logging.getLogger()
    root.handlers = [Forwarding(log)]
    root.setLevel(max(logging.INFO, getattr(logging, level.upper())))
    for chatty in ("sentence_transformers", "transformers", "httpx", "urllib3"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
