"""How does a program without asyncio have a collection looked at again?"""

from __future__ import annotations

from datetime import datetime

from storycluster.client.listing import Listing
from storycluster.client.sync_connection import Connection
from storycluster.domain import ChangeFilter, ChangeKind, PlannedChange, ReclusterJob, Window

LONGER_S = 10.0
"""What a call that waits takes beyond the waiting, at most."""


class ReclusterCalls(Connection):
    """The jobs that look again at the client's collection. None changes it before it is promoted.

    An unknown job is NotFound.
    """

    def create_recluster_job(
        self,
        window_start: datetime | None = None,
        window_end: datetime | None = None,
        *,
        request_id: str = "",
        timeout: float | None = None,
    ) -> ReclusterJob:
        """Queue a job for the articles published in a window (None: of any time).

        With a `request_id` that was used before it is that job; Conflict where its window was
        another one. NotFound, PreconditionFailed where the server makes no plans, Overloaded.
        """
        call = self._reclusters.create(Window(window_start, window_end), request_id)
        return self._run(call, timeout)

    def get_recluster_job(self, job_id: str, *, timeout: float | None = None) -> ReclusterJob:
        """A job, and how far it has come."""
        return self._run(self._reclusters.get(job_id), timeout)

    def list_recluster_jobs(
        self, *, page_size: int = 0, timeout: float | None = None
    ) -> Listing[ReclusterJob]:
        """The jobs of the collection, newest first. `timeout` is for each page."""
        return Listing(
            lambda token: self._run(
                self._reclusters.list(page_size=page_size, page_token=token), timeout
            )
        )

    def wait_recluster_job(
        self, job_id: str, *, seconds: float = 30.0, timeout: float | None = None
    ) -> ReclusterJob:
        """The job once it is neither queued nor running, or as it is after `seconds` (300 at most):
        look at its `state`."""
        budget = seconds + LONGER_S if timeout is None else timeout
        return self._run(self._reclusters.wait(job_id, seconds), budget)

    def cancel_recluster_job(self, job_id: str, *, timeout: float | None = None) -> ReclusterJob:
        """End a job. PreconditionFailed where it is promoted or failed."""
        return self._run(self._reclusters.cancel(job_id), timeout)

    def promote_recluster_job(
        self, job_id: str, etag: str, *, quiet: bool = False, timeout: float | None = None
    ) -> ReclusterJob:
        """Make the changes of a ready job that still hold, in one commit. `quiet`: one event for
        all. A promoted job is given back as it is.

        `etag` is `ReclusterJob.etag` as it was read; StoryChanged where it is another one by now,
        PreconditionFailed where the job is not ready.
        """
        return self._run(self._reclusters.promote(job_id, etag, quiet=quiet), timeout)

    def list_recluster_changes(
        self,
        job_id: str,
        *,
        kind: ChangeKind | None = None,
        min_gain: float = 0.0,
        story_id: str = "",
        page_size: int = 0,
        timeout: float | None = None,
    ) -> Listing[PlannedChange]:
        """The changes of a plan, in its order: of that kind, of at least that gain, from or to that
        story. PreconditionFailed where there is no plan. `timeout` is for each page."""
        wanted = ChangeFilter(kind, min_gain, story_id)
        return Listing(
            lambda token: self._run(
                self._reclusters.changes(job_id, wanted, page_size=page_size, page_token=token),
                timeout,
            )
        )
