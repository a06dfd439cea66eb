"""What does a caller of the writer wait for, and which error does he see?"""

from __future__ import annotations

import logging
import uuid
from collections.abc import Callable
from concurrent.futures import Future
from typing import Any

from storycluster.errors import InternalError, StoryClusterError

_log = logging.getLogger(__name__)


def running() -> Future[Any]:
    """A future that can no longer be cancelled: what is queued is carried out."""
    future: Future[Any] = Future()
    future.set_running_or_notify_cancel()
    return future


def resolve(future: Future[Any], run: Callable[[], Any]) -> None:
    """Give the future what `run` returns or raises."""
    try:
        future.set_result(run())
    except Exception as error:
        future.set_exception(told(error))


def told(error: Exception) -> StoryClusterError:
    """The error a caller sees; an unexpected one keeps its text in the log alone."""
    if isinstance(error, StoryClusterError):
        return error
    error_id = uuid.uuid4().hex[:12]
    _log.error("unexpected error %s in the writer", error_id, exc_info=error)
    return InternalError(error_id=error_id)
