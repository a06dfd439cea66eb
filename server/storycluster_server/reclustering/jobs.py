"""How does a job go from its creation to its promote?

    queued -> running -> ready -> promoted         cancelled and failed are ends, too

One thread makes the plans, one after the other. Whatever a job is, is on the disk before anybody is
told: one that was running when the process ended is planned again in the same folder, where the
planner finds what it has done. Methods are called from any thread.
"""

from __future__ import annotations

import itertools
import threading
import uuid
from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from storycluster.domain import (
    DEFAULT_COLLECTION,
    Change,
    PlannedChange,
    Promotion,
    ReclusterJob,
    ReclusterState,
    Window,
)
from storycluster.engine import Engine
from storycluster.errors import (
    Cancelled,
    Conflict,
    InvalidInput,
    NotFound,
    Overloaded,
    PreconditionFailed,
    StoryChanged,
    StoryClusterError,
    Unavailable,
)
from storycluster.ports import Planner
from storycluster_server.logs import Logger
from storycluster_server.reclustering.files import JobFiles
from storycluster_server.reclustering.keeping import has_expired, read_jobs
from storycluster_server.reclustering.naming import etag_of, job_id_of
from storycluster_server.reclustering.pace import Pace

WAITING = 16
"""Jobs under way at most, the running one included."""

_END_S = 10.0
_PAUSE_S = 60.0
_NO_PLANNER = "this server makes no plans: the extra 'batch' is not installed"

State = ReclusterState


class Jobs:
    """The jobs of one server, between `start` and `close`.

    `tell` is called after each change. `expire` deletes what ended longer ago than `kept_for`;
    None: nothing.
    """

    def __init__(
        self,
        engine: Engine,
        planner: Planner | None,
        files: JobFiles,
        *,
        log: Logger,
        tell: Callable[[], None],
        kept_for: timedelta | None = None,
    ) -> None:
        self._kept_for = kept_for
        self._engine = engine
        self._planner = planner
        self._files = files
        self._log = log
        self._tell = tell
        self._jobs: dict[str, ReclusterJob] = {}
        self._pace = Pace()
        self._changed = threading.Condition()
        self._deciding = threading.Lock()  # held while a job is promoted or cancelled
        self._making = ""
        self._unread: set[str] = set()  # jobs whose articles are gone, until they let go of them
        self._plan: tuple[str, tuple[Change, ...]] = ("", ())
        self._stopping = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Read what is there and go on with it."""
        for job in read_jobs(self._files, is_there=self._is_there, log=self._log):
            done = None
            if job.state is not State.RUNNING:
                self._files.drop_work(job.job_id)
            if job.state is State.READY:  # the process may have ended between commit and file
                done = self._engine.promotion(job.collection, job.job_id)
            self._jobs[job.job_id] = job
            if done is not None:
                self._put(_promoted(job, done))
        if self._planner is not None:
            self._thread = threading.Thread(
                target=self._run, name="storycluster-recluster", daemon=True
            )
            self._thread.start()

    def close(self) -> None:
        """End; a plan that is being made is gone on with after the next start."""
        self._stopping.set()
        with self._changed:
            self._changed.notify_all()
        if self._thread is not None:
            self._thread.join(_END_S)
        self._files.close()

    # -- what is asked ----------------------------------------------------------------------------

    def create(self, collection: str, window: Window, *, request_id: str = "") -> ReclusterJob:
        """Queue a job. Raises InvalidInput, NotFound for a collection that is not there, Conflict
        for a request id of another request, Overloaded, PreconditionFailed without a planner."""
        if window.start is not None and window.end is not None and window.start >= window.end:
            raise InvalidInput.of("window_end_time", "must be after window_start_time")
        name = self._engine.get_collection(collection).collection
        if self._planner is None:
            raise PreconditionFailed(_NO_PLANNER)
        with self._changed:
            job_id = self._free_id(name, request_id)
            known = self._jobs.get(job_id)
            if known is not None:
                if known.window != window:
                    told = f"request {request_id!r} asked for another window before"
                    raise Conflict(told, field="request_id", name=request_id)
                return known
            if sum(job.state.under_way for job in self._jobs.values()) >= WAITING:
                raise Overloaded(f"{WAITING} jobs are under way", retry_after_s=60.0)
            job = ReclusterJob(job_id, name, State.QUEUED, "", _now(), window)
            return self._put(job)

    def get(self, collection: str, job_id: str) -> ReclusterJob:
        """A job as it is now. Raises NotFound."""
        with self._changed:
            job = self._jobs.get(job_id)
            if job is None or job.collection != (collection or DEFAULT_COLLECTION):
                raise NotFound(resource="recluster job", name=job_id)
            return self._pace.told(job)

    def list(self, collection: str) -> tuple[ReclusterJob, ...]:
        """The jobs of a collection, newest first."""
        with self._changed:
            found = [self._pace.told(one) for one in self._of(collection)]
        found.sort(key=lambda job: (job.create_time, job.job_id), reverse=True)
        return tuple(found)

    def changes(self, collection: str, job_id: str) -> tuple[PlannedChange, ...]:
        """The plan, and what its promote did not make of it. Raises PreconditionFailed where there
        is none."""
        job = self.get(collection, job_id)
        if job.state not in (State.READY, State.PROMOTED):
            raise PreconditionFailed(f"job {job_id!r} has no plan: it is {job.state.value}")
        done = self._engine.promotion(job.collection, job_id)
        skipped = {one.place: one for one in done.skipped} if done is not None else {}
        return tuple(
            PlannedChange(place, change, skipped.get(place))
            for place, change in enumerate(self._changes(job_id))
        )

    def cancel(self, collection: str, job_id: str) -> ReclusterJob:
        """End a job that is not promoted or failed. Raises NotFound, PreconditionFailed."""
        with self._deciding, self._changed:
            job = self.get(collection, job_id)
            if job.state is State.CANCELLED:
                return job
            if job.state in (State.PROMOTED, State.FAILED):
                raise PreconditionFailed(f"job {job_id!r} is {job.state.value} already")
            return self._put(replace(self._jobs[job_id], state=State.CANCELLED, end_time=_now()))

    def promote(
        self, collection: str, job_id: str, *, etag: str, quiet: bool = False
    ) -> ReclusterJob:
        """Make the changes of a ready job; a promoted one is given back as it is.

        Raises NotFound, StoryChanged for another etag, PreconditionFailed where it is not ready.
        """
        with self._deciding:
            job = self.get(collection, job_id)
            if job.state is State.PROMOTED:
                return job
            if job.etag != etag:
                raise StoryChanged(
                    f"job {job_id!r} is {job.state.value}: it changed since it was read",
                    field="etag",
                    name=job_id,
                )
            if job.state is not State.READY:
                raise PreconditionFailed(f"job {job_id!r} is not ready: it is {job.state.value}")
            done = self._engine.promote(
                job.collection,
                job_id,
                snapshot_sequence=job.snapshot_sequence,
                changes=self._changes(job_id),
                quiet=quiet,
            )
            self._log.info("promoted", job=job_id, applied=done.applied, skipped=len(done.skipped))
            return self._put(_promoted(job, done))

    def forget(self, collection: str) -> None:
        """After articles were erased: no file of a job holds what was read of the collection. A
        plan that is being made begins anew. Raises Unavailable where its planner does not end."""
        with self._changed:
            jobs = self._of(collection)
            for job in jobs:
                if job.state is State.RUNNING:
                    self._put(replace(job, state=State.QUEUED, start_time=None))
                if job.job_id == self._making:  # it may be cancelled, and read on
                    self._unread.add(job.job_id)
                else:
                    self._drop_work(job.job_id)
            ids = {job.job_id for job in jobs}
            self._until(lambda: not ids & self._unread)

    def forget_collection(self, collection: str) -> None:
        """After it was deleted: its jobs are gone, with their plans. Raises Unavailable."""
        with self._deciding, self._changed:
            jobs = self._of(collection)
            for job in jobs:
                if job.state.under_way:
                    self._put(replace(job, state=State.CANCELLED, end_time=_now()))
            ids = {job.job_id for job in jobs}
            self._until(lambda: self._making not in ids)
            self._plan = ("", ())
            for job_id in ids:
                self._files.drop(job_id)
                del self._jobs[job_id]

    def expire(self) -> int:
        """Delete the jobs that ended too long ago, with their plans; how many. What a promoted one
        changed stays in the audit, and its record in the store. Raises StoreError."""
        with self._deciding, self._changed:
            over = [
                job.job_id
                for job in self._jobs.values()
                if has_expired(job, now=_now(), kept_for=self._kept_for)
                and job.job_id != self._making
            ]
            for job_id in over:
                self._files.drop(job_id)
                del self._jobs[job_id]
        if over:
            self._plan = ("", ())
            self._tell()
        return len(over)

    def _is_there(self, collection: str) -> bool:
        try:
            self._engine.get_collection(collection)
        except NotFound:
            return False
        return True

    def _drop_work(self, job_id: str) -> None:
        """Delete what was read of articles for a job; from then on nothing is waited for."""
        self._files.drop_work(job_id)
        self._unread.discard(job_id)

    def _until(self, free: Callable[[], bool]) -> None:
        """Wait for a planner to end, holding the lock. Raises Unavailable where it does not."""
        if not self._changed.wait_for(free, timeout=_END_S):
            raise Unavailable("it is gone, but a recluster job still reads of it: ask again")

    # -- the thread -------------------------------------------------------------------------------

    def _run(self) -> None:
        while not self._stopping.is_set():
            try:
                job = self._next()
                if job is not None:
                    self._make(job)
            except StoryClusterError as error:  # no room for the job's file: later, perhaps
                self._log.error("jobs pause", error=error.message)
                self._stopping.wait(_PAUSE_S)

    def _next(self) -> ReclusterJob | None:
        """The job to make a plan for: the one that was running, else the oldest that waits."""
        with self._changed:
            waiting = [job for job in self._jobs.values() if job.state.under_way]
            if not waiting or self._stopping.is_set():
                if not self._stopping.is_set():
                    self._changed.wait()
                return None
            job = min(waiting, key=lambda one: (one.state is not State.RUNNING, one.create_time))
            if job.state is State.QUEUED:
                job = self._put(replace(job, state=State.RUNNING, start_time=_now()))
            self._pace.begin(job.job_id)
            self._making = job.job_id
            return job

    def _make(self, job: ReclusterJob) -> None:
        """Make the plan of a job; whatever goes wrong is told of the job."""
        assert self._planner is not None  # the thread runs only with one
        job_id = job.job_id
        try:
            plan = self._engine.plan(
                self._planner,
                job.collection,
                self._files.work(job_id),
                window=job.window,
                progress=self._pace.note,
                cancelled=lambda: self._stopping.is_set() or not self._is_running(job_id),
            )
            self._files.save_plan(job_id, plan.changes)
            self._plan = ("", ())
            self._end(
                job_id,
                state=State.READY,
                snapshot_sequence=plan.snapshot_sequence,
                counts=dict(plan.counts),
                stability=plan.stability,
            )
        except Cancelled as error:
            if not self._stopping.is_set():
                self._end(job_id, state=State.FAILED, error=error.message)
        except StoryClusterError as error:
            self._end(job_id, state=State.FAILED, error=error.message)
        except Exception as error:
            error_id = uuid.uuid4().hex[:12]
            self._log.error("a job failed", job=job_id, error_id=error_id, error=repr(error))
            self._end(job_id, state=State.FAILED, error=f"internal error {error_id}")
        finally:
            self._let_go(job_id)

    def _let_go(self, job_id: str) -> None:
        """What the planner kept is of use only to a job that goes on after the next start."""
        with self._changed:
            job = self._jobs.get(job_id)
            try:
                if job is None or job.state is not State.RUNNING:
                    self._drop_work(job_id)
            finally:
                self._making = ""
                self._changed.notify_all()

    def _is_running(self, job_id: str) -> bool:
        job = self._jobs.get(job_id)
        return job is not None and job.state is State.RUNNING

    def _end(self, job_id: str, **changed: Any) -> None:
        """A job that is still running stops; one that was cancelled meanwhile stays so."""
        with self._changed:
            if self._is_running(job_id):
                self._put(replace(self._jobs[job_id], end_time=_now(), **changed))
            self._pace.begin("")

    # -- what is kept -----------------------------------------------------------------------------

    def _free_id(self, collection: str, request_id: str) -> str:
        """The id of a request: that of its job, else the first under which nothing was promoted; an
        import may have brought records of other servers' jobs."""
        for attempt in itertools.count():
            job_id = job_id_of(collection, request_id, attempt=attempt)
            if job_id in self._jobs or self._engine.promotion(collection, job_id) is None:
                break
        return job_id

    def _of(self, collection: str) -> tuple[ReclusterJob, ...]:
        name = collection or DEFAULT_COLLECTION
        return tuple(job for job in self._jobs.values() if job.collection == name)

    def _put(self, job: ReclusterJob) -> ReclusterJob:
        """Keep a job under the etag of its state, and tell whoever waits."""
        job = self._pace.plain(replace(job, etag=etag_of(job)))
        with self._changed:
            self._files.save(job)
            self._jobs[job.job_id] = job
            self._changed.notify_all()
        self._tell()
        return job

    def _changes(self, job_id: str) -> tuple[Change, ...]:
        """The plan of a job; the last one that was read is kept."""
        known, changes = self._plan
        if known != job_id:
            changes = self._files.changes(job_id)
            self._plan = (job_id, changes)
        return changes


def _promoted(job: ReclusterJob, done: Promotion) -> ReclusterJob:
    return replace(
        job,
        state=State.PROMOTED,
        promote_time=done.time,
        applied=done.applied,
        skipped=dict(done.skipped_by_reason),
        quiet=done.quiet,
    )


def _now() -> datetime:
    return datetime.now(UTC)
