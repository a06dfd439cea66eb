"""How is a collection looked at again, and what came of it published?"""

from __future__ import annotations

import asyncio
import contextlib
import math
from typing import Any

from storycluster import wire
from storycluster.domain import ChangeFilter, ReclusterJob
from storycluster.errors import InvalidInput
from storycluster.v1 import recluster_service_pb2 as pb
from storycluster.v1.recluster_service_pb2_grpc import ReclusterServiceServicer
from storycluster_server import calls, paging
from storycluster_server.reclustering.filtering import passes
from storycluster_server.services.core import Core, required

Context = Any

_WAIT_S, _LONGEST_WAIT_S = 30.0, 300.0


class ReclusterService(ReclusterServiceServicer):
    """ReclusterService over the server's jobs."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def CreateReclusterJob(  # noqa: N802
        self, request: pb.CreateReclusterJobRequest, _context: Context
    ) -> pb.CreateReclusterJobResponse:
        """A job waits for its turn."""
        job = await self._core.edits.run(
            self._core.jobs.create,
            request.collection,
            wire.window_of(request),
            request_id=request.request_id,
        )
        return pb.CreateReclusterJobResponse(job=wire.recluster_job_to_message(job))

    async def GetReclusterJob(  # noqa: N802
        self, request: pb.GetReclusterJobRequest, _context: Context
    ) -> pb.GetReclusterJobResponse:
        """A job as it is now."""
        job = await self._get(request)
        return pb.GetReclusterJobResponse(job=wire.recluster_job_to_message(job))

    async def ListReclusterJobs(  # noqa: N802
        self, request: pb.ListReclusterJobsRequest, _context: Context
    ) -> pb.ListReclusterJobsResponse:
        """One page of jobs, newest first."""
        size = self._page_size(request)
        asked = ("recluster jobs", request.collection)
        last = paging.read_token(request.page_token, asked=asked)
        found = await self._core.reads.run(self._core.jobs.list, request.collection)
        places = [place for place, job in enumerate(found) if job.job_id == last]
        if last and not places:
            raise InvalidInput.of("page_token", "is not a token of this list")
        rest = found[places[0] + 1 :] if places else found
        page = paging.fill(map(wire.recluster_job_to_message, rest[:size]), max_bytes=self._bytes())
        more = len(page) < len(rest)
        calls.current.get().items = len(page)
        return pb.ListReclusterJobsResponse(
            jobs=page,
            next_page_token=paging.write_token(page[-1].job_id, asked=asked) if more else "",
        )

    async def WaitReclusterJob(  # noqa: N802
        self, request: pb.WaitReclusterJobRequest, _context: Context
    ) -> pb.WaitReclusterJobResponse:
        """The job once its plan is made, or after a while."""
        seconds = request.wait_seconds
        if not math.isfinite(seconds) or seconds < 0:
            raise InvalidInput.of("wait_seconds", "must be a number of seconds from 0")
        loop = asyncio.get_running_loop()
        until = loop.time() + min(seconds or _WAIT_S, _LONGEST_WAIT_S)
        with self._core.job_changes.watching("") as woken:
            while True:
                woken.clear()
                job = await self._get(request)
                left = until - loop.time()
                if not job.state.under_way or left <= 0 or self._core.draining.is_set():
                    return pb.WaitReclusterJobResponse(job=wire.recluster_job_to_message(job))
                with contextlib.suppress(TimeoutError):
                    await asyncio.wait_for(woken.wait(), left)

    async def CancelReclusterJob(  # noqa: N802
        self, request: pb.CancelReclusterJobRequest, _context: Context
    ) -> pb.CancelReclusterJobResponse:
        """A job comes to nothing."""
        job = await self._core.edits.run(
            self._core.jobs.cancel, request.collection, required(request.job_id, "job_id")
        )
        return pb.CancelReclusterJobResponse(job=wire.recluster_job_to_message(job))

    async def PromoteReclusterJob(  # noqa: N802
        self, request: pb.PromoteReclusterJobRequest, _context: Context
    ) -> pb.PromoteReclusterJobResponse:
        """What still holds of a plan is done."""
        job = await self._core.edits.run(
            self._core.jobs.promote,
            request.collection,
            required(request.job_id, "job_id"),
            etag=required(request.etag, "etag"),
            quiet=request.quiet,
        )
        return pb.PromoteReclusterJobResponse(job=wire.recluster_job_to_message(job))

    async def ListReclusterChanges(  # noqa: N802
        self, request: pb.ListReclusterChangesRequest, _context: Context
    ) -> pb.ListReclusterChangesResponse:
        """One page of a plan."""
        size, job_id = self._page_size(request), required(request.job_id, "job_id")
        wanted = ChangeFilter(
            wire.change_kind_from_number(request.kind), request.min_gain, request.story_id
        )
        asked = (request.collection, job_id, *map(str, (request.kind, request.min_gain)))
        asked = ("recluster changes", *asked, request.story_id)
        last = paging.read_token(request.page_token, asked=asked)
        if last and not last.isdecimal():
            raise InvalidInput.of("page_token", "is not a token of this list")
        first = int(last) + 1 if last else 0
        plan = await self._core.reads.run(self._core.jobs.changes, request.collection, job_id)
        rest = [one for one in plan[first:] if passes(one.change, wanted)]
        page = paging.fill(
            map(wire.planned_change_to_message, rest[:size]), max_bytes=self._bytes()
        )
        more = len(page) < len(rest)
        calls.current.get().items = len(page)
        return pb.ListReclusterChangesResponse(
            changes=page,
            next_page_token=paging.write_token(str(page[-1].place), asked=asked) if more else "",
        )

    async def _get(self, request: Any) -> ReclusterJob:
        job_id = required(request.job_id, "job_id")
        job: ReclusterJob = await self._core.reads.run(
            self._core.jobs.get, request.collection, job_id
        )
        return job

    def _page_size(self, request: Any) -> int:
        largest = self._core.engine.settings.limits.page_size
        return paging.page_limit(request.page_size, largest=largest)

    def _bytes(self) -> int:
        return self._core.info.max_message_bytes
