"""How are jobs and their plans kept in a folder, so that they outlive the process?

A folder for each job: `job.json`, the plan in `changes.jsonl`, and `work`, which is the planner's.
Each file is replaced in one rename; the plan is safe before the job says that it is ready.
"""

from __future__ import annotations

import json
import shutil
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any

from storycluster.backends.snapshot_files import sync_folder, write_durably
from storycluster.domain import (
    Change,
    Progress,
    ReclusterJob,
    ReclusterState,
    Window,
)
from storycluster.errors import InvalidInput, StoreCorrupt, StoreError
from storycluster.exchange.plain import noun, plain

_JOB, _PLAN, _WORK = "job.json", "changes.jsonl", "work"
_ASIDE = "unreadable"
_TIMES = ("create_time", "start_time", "end_time", "promote_time")


class JobFiles:
    """The jobs of one server. Without a data folder they are gone with the process."""

    def __init__(self, data: Path | None) -> None:
        self._passing = data is None
        self._folder = Path(tempfile.mkdtemp(prefix="storycluster-recluster-"))
        if data is not None:
            self._folder.rmdir()
            self._folder = data / "recluster"

    def ids(self) -> list[str]:
        """The names of all folders that are, or were to be, those of jobs."""
        if not self._folder.is_dir():
            return []
        folders = [path.name for path in self._folder.iterdir() if path.is_dir()]
        return sorted(name for name in folders if name != _ASIDE)

    def read(self, job_id: str) -> ReclusterJob | None:
        """A job as it was saved; None where it never was. Raises StoreCorrupt that names a file."""
        path = self._folder / job_id / _JOB
        if not path.exists():
            return None
        job = _read_job(path)
        if job.job_id != job_id:
            raise StoreCorrupt(f"{path} cannot be read: it is of the job {job.job_id!r}")
        return job

    def set_aside(self, job_id: str) -> Path:
        """Keep the folder of a job for a person to look at, without what was read of articles;
        where it is now. An earlier one of that name is replaced."""
        place = self._folder / _ASIDE / job_id
        self.drop_work(job_id)
        self._drop(place)
        try:
            place.parent.mkdir(exist_ok=True)
            (self._folder / job_id).rename(place)
            for path in (place.parent, self._folder):
                sync_folder(path)
        except OSError as error:
            raise StoreError(f"cannot set {place.name} aside: {error}") from error
        return place

    def save(self, job: ReclusterJob) -> None:
        """Keep a job as it is; durable when it returns."""
        self._write(job.job_id, _JOB, [json.dumps(_plain(job))])

    def save_plan(self, job_id: str, changes: Sequence[Change]) -> None:
        """Keep the changes of a job, in their order."""
        self._write(job_id, _PLAN, (json.dumps(plain(one), ensure_ascii=False) for one in changes))

    def changes(self, job_id: str) -> tuple[Change, ...]:
        """The changes of a job, in their order. Raises StoreCorrupt where they cannot be read."""
        path = self._folder / job_id / _PLAN
        try:
            lines = path.read_text(encoding="utf-8").splitlines()
            return tuple(noun(Change, json.loads(line), path="change") for line in lines)
        except (OSError, ValueError, InvalidInput) as error:
            raise StoreCorrupt(f"{path} cannot be read: {error}") from error

    def work(self, job_id: str) -> Path:
        """The folder that is the planner's own, made where it is missing."""
        path = self._folder / job_id / _WORK
        path.mkdir(parents=True, exist_ok=True)
        return path

    def drop_work(self, job_id: str) -> None:
        """Delete what the planner keeps: it is read from articles, and may outlive none of them."""
        self._drop(self._folder / job_id / _WORK)

    def drop(self, job_id: str) -> None:
        """Delete all that there is of a job."""
        self._drop(self._folder / job_id)

    def _drop(self, path: Path) -> None:
        try:
            shutil.rmtree(path)
        except FileNotFoundError:
            return
        except OSError as error:
            raise StoreError(f"cannot delete {path}: {error}") from error

    def close(self) -> None:
        """Delete what nobody can find again."""
        if self._passing:
            shutil.rmtree(self._folder, ignore_errors=True)

    def _write(self, job_id: str, name: str, lines: Sequence[str] | Iterator[str]) -> None:
        folder = self._folder / job_id
        try:
            folder.mkdir(parents=True, exist_ok=True)
            write_durably(folder / name, "".join(f"{line}\n" for line in lines).encode())
            for path in (folder, self._folder, self._folder.parent):
                sync_folder(path)
        except OSError as error:
            raise StoreError(f"cannot write {folder / name}: {error}") from error


def _plain(job: ReclusterJob) -> dict[str, Any]:
    plain = asdict(job)
    plain["progress"] = None  # of a moment
    plain["window"] = [_text(job.window.start), _text(job.window.end)]
    for name in _TIMES:
        plain[name] = _text(plain[name])
    return plain


def _read_job(path: Path) -> ReclusterJob:
    try:
        plain = json.loads(path.read_text(encoding="utf-8"))
        plain["state"] = ReclusterState(plain["state"])
        plain["window"] = Window(*map(_time, plain["window"]))
        plain["progress"] = Progress("")
        for name in _TIMES:
            plain[name] = _time(plain[name])
        return ReclusterJob(**plain)
    except (OSError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise StoreCorrupt(f"{path} cannot be read: {error}") from error


def _text(time: datetime | None) -> str | None:
    return None if time is None else time.isoformat()


def _time(text: str | None) -> datetime | None:
    return None if text is None else datetime.fromisoformat(text)
