"""How fast does the running job go, and when will its phase be done?"""

from __future__ import annotations

import time
from dataclasses import replace

from storycluster.domain import Progress, ReclusterJob


class Pace:
    """The progress of the job that runs. Kept in memory alone: it is of a moment."""

    def __init__(self) -> None:
        self._job_id = ""
        self._progress = Progress("")
        self._since = (0.0, 0)

    def begin(self, job_id: str) -> None:
        """Another job runs, or, where it is "", none."""
        self._job_id = job_id
        self._progress = Progress("")

    def note(self, progress: Progress) -> None:
        """How far the job has come."""
        if progress.phase != self._progress.phase:
            self._since = (time.monotonic(), progress.done)
        self._progress = progress

    def told(self, job: ReclusterJob) -> ReclusterJob:
        """The job, with how far it has come where it is the one that runs."""
        if job.job_id != self._job_id:
            return job
        now, (began, first) = self._progress, self._since
        seconds, steps = time.monotonic() - began, now.done - first
        rate = steps / seconds if seconds > 0 and steps > 0 else 0.0
        left = (now.total - now.done) / rate if rate and now.total >= now.done else None
        return replace(job, progress=now, rate=rate, eta_s=left)

    @staticmethod
    def plain(job: ReclusterJob) -> ReclusterJob:
        """The job without that."""
        return replace(job, progress=Progress(""), rate=0.0, eta_s=None)
