"""Where do blocking reads run?"""

from __future__ import annotations

import asyncio
import functools
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import ParamSpec, TypeVar

from storycluster_server import calls

P = ParamSpec("P")
T = TypeVar("T")


class ReadPool:
    """A bounded number of threads for store reads and comparisons."""

    def __init__(self, threads: int) -> None:
        self._threads = ThreadPoolExecutor(threads, thread_name_prefix="storycluster-read")

    async def run(self, function: Callable[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """The function's result, from one of the threads.

        Nothing is begun for a call whose time is up, not even after it waited for a thread.
        """
        call = calls.current.get(None)
        if call is not None:
            call.check_deadline()
        job = functools.partial(function, *args, **kwargs)
        return await asyncio.get_running_loop().run_in_executor(self._threads, job)

    def close(self) -> None:
        """Take no more; what runs is left to end."""
        self._threads.shutdown(wait=False, cancel_futures=True)
