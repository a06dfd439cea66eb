"""Which jobs are kept, and what becomes of a folder that is none?

One that cannot be read must not keep the server from starting: it is set aside and told in the log.
What nobody can ask for again is deleted: a folder without a job (the process ended while it was
made or deleted), a job of a collection that is gone, one that ended too long ago.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import datetime, timedelta

from storycluster.domain import ReclusterJob
from storycluster.errors import StoreCorrupt, StoryClusterError
from storycluster_server.logs import Logger
from storycluster_server.periodic import Periodic
from storycluster_server.reclustering.files import JobFiles

EVERY_S = 3600.0


def read_jobs(
    files: JobFiles, *, is_there: Callable[[str], bool], log: Logger
) -> list[ReclusterJob]:
    """Every job that can be asked for, in order of creation. `is_there` says whether a collection
    is. Never raises for one job: what is wrong with it is in the log."""
    found = []
    for job_id in files.ids():
        try:
            job = _read(files, job_id, log=log)
            if job is None or not is_there(job.collection):
                files.drop(job_id)
                why = "it was never written" if job is None else "its collection is gone"
                log.info("a recluster job is deleted", job=job_id, why=why)
            else:
                found.append(job)
        except StoryClusterError as error:
            log.error("a recluster job is passed over", job=job_id, error=error.message)
    return sorted(found, key=lambda job: (job.create_time, job.job_id))


def _read(files: JobFiles, job_id: str, *, log: Logger) -> ReclusterJob | None:
    """A job, None for a folder without one. What cannot be read is set aside, and raised."""
    try:
        return files.read(job_id)
    except StoreCorrupt:
        place = files.set_aside(job_id)
        log.error("a recluster job is set aside", job=job_id, folder=str(place))
        raise


def has_expired(job: ReclusterJob, *, now: datetime, kept_for: timedelta | None) -> bool:
    """Whether it ended, or was promoted, longer ago than that. None: it is kept for ever."""
    ended = job.promote_time or job.end_time
    if job.state.under_way or ended is None or kept_for is None:
        return False
    return now - ended > kept_for


class Expiry(Periodic):
    """A task that has the expired jobs deleted, at the start and then every hour."""

    def __init__(self, expire: Callable[[], int], log: Logger, *, every_s: float = EVERY_S) -> None:
        super().__init__(every_s=every_s, at_once=True)
        self._expire = expire
        self._log = log

    async def _turn(self) -> None:
        try:
            deleted = await asyncio.to_thread(self._expire)
        except StoryClusterError as error:  # told again at the next turn, until it is mended
            self._log.error("no recluster job is deleted", error=error.message)
            return
        if deleted:
            self._log.info("recluster jobs expired", jobs=deleted)
