"""How does a program with asyncio have a collection looked at again?"""

from __future__ import annotations

from datetime import datetime

from storycluster.client.aio_connection import AsyncConnection
from storycluster.client.listing import AsyncListing
from storycluster.client.sync_reclustering import LONGER_S
from storycluster.domain import ChangeFilter, ChangeKind, PlannedChange, ReclusterJob, Window


class AsyncReclusterCalls(AsyncConnection):
    """`ReclusterCalls`, awaited."""

    async def create_recluster_job(
        self,
        window_start: datetime | None = None,
        window_end: datetime | None = None,
        *,
        request_id: str = "",
        timeout: float | None = None,
    ) -> ReclusterJob:
        """As `Client.create_recluster_job`."""
        call = self._reclusters.create(Window(window_start, window_end), request_id)
        return await self._run(call, timeout)

    async def get_recluster_job(self, job_id: str, *, timeout: float | None = None) -> ReclusterJob:
        """As `Client.get_recluster_job`."""
        return await self._run(self._reclusters.get(job_id), timeout)

    def list_recluster_jobs(
        self, *, page_size: int = 0, timeout: float | None = None
    ) -> AsyncListing[ReclusterJob]:
        """As `Client.list_recluster_jobs`."""
        return AsyncListing(
            lambda token: self._run(
                self._reclusters.list(page_size=page_size, page_token=token), timeout
            )
        )

    async def wait_recluster_job(
        self, job_id: str, *, seconds: float = 30.0, timeout: float | None = None
    ) -> ReclusterJob:
        """As `Client.wait_recluster_job`."""
        budget = seconds + LONGER_S if timeout is None else timeout
        return await self._run(self._reclusters.wait(job_id, seconds), budget)

    async def cancel_recluster_job(
        self, job_id: str, *, timeout: float | None = None
    ) -> ReclusterJob:
        """As `Client.cancel_recluster_job`."""
        return await self._run(self._reclusters.cancel(job_id), timeout)

    async def promote_recluster_job(
        self, job_id: str, etag: str, *, quiet: bool = False, timeout: float | None = None
    ) -> ReclusterJob:
        """As `Client.promote_recluster_job`."""
        return await self._run(self._reclusters.promote(job_id, etag, quiet=quiet), timeout)

    def list_recluster_changes(
        self,
        job_id: str,
        *,
        kind: ChangeKind | None = None,
        min_gain: float = 0.0,
        story_id: str = "",
        page_size: int = 0,
        timeout: float | None = None,
    ) -> AsyncListing[PlannedChange]:
        """As `Client.list_recluster_changes`."""
        wanted = ChangeFilter(kind, min_gain, story_id)
        return AsyncListing(
            lambda token: self._run(
                self._reclusters.changes(job_id, wanted, page_size=page_size, page_token=token),
                timeout,
            )
        )
