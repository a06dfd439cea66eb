"""Which stages of a job are done, and where are their files?

One Parquet file (or JSON) for each stage, and manifest.json with one line for each: what it was
made from, by which settings, how many rows, how long it took. A file counts only while it is what
the manifest says, so that a rerun after a crash repeats no more than what was lost.
"""

from __future__ import annotations

import hashlib
import json
import os
import time
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet

from storycluster.backends.snapshot_files import sync_folder, write_durably
from storycluster.errors import InvalidInput, StoreError

MANIFEST = "manifest.json"
_FORMAT = "recluster/1"
_GROUP = 50_000


@dataclass(frozen=True, slots=True)
class Stage:
    """One line of the manifest. `inputs` {stage: digest of its file}, `settings` a digest."""

    name: str
    file: str
    digest: str
    inputs: Mapping[str, str]
    settings: str
    rows: int
    seconds: float


class JobFolder:
    """The files of one job."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._stages: dict[str, Stage] = {}
        try:
            path.mkdir(parents=True, exist_ok=True)
            manifest = path / MANIFEST
            if manifest.exists():
                self._stages = _read(manifest)
            elif any(one for one in path.iterdir() if not one.name.endswith(".tmp")):
                raise InvalidInput.of("out", f"{path} holds other files than those of a job")
        except OSError as error:
            raise StoreError(f"cannot use the folder {path}: {error}") from error

    def stages(self) -> tuple[Stage, ...]:
        """Those that are written, in order."""
        return tuple(self._stages.values())

    def table(
        self,
        name: str,
        make: Callable[[], pyarrow.Table],
        *,
        inputs: tuple[str, ...],
        settings: str,
    ) -> Path:
        """The Parquet file of a stage, made where it is not there as these inputs and settings
        make it. `inputs` are stages that are done."""

        def written(path: Path) -> int:
            made = make()
            pyarrow.parquet.write_table(made, path, compression="zstd", row_group_size=_GROUP)
            return int(made.num_rows)

        return self.rows(name, written, inputs=inputs, settings=settings)

    def rows(
        self, name: str, write: Callable[[Path], int], *, inputs: tuple[str, ...], settings: str
    ) -> Path:
        """As `table`, of a file that `write` writes where it is told; it returns the rows."""
        return self._stage(name, f"{name}.parquet", write, inputs=inputs, settings=settings)

    def text(
        self, name: str, make: Callable[[], str], *, inputs: tuple[str, ...], settings: str
    ) -> Path:
        """The JSON file of a stage, made where it is not there as these inputs make it."""

        def written(path: Path) -> int:
            path.write_text(make(), encoding="utf-8")
            return 1

        return self._stage(name, f"{name}.json", written, inputs=inputs, settings=settings)

    def _stage(
        self,
        name: str,
        file: str,
        write: Callable[[Path], int],
        *,
        inputs: tuple[str, ...],
        settings: str,
    ) -> Path:
        path = self.path / file
        made_from = {one: self._stages[one].digest for one in inputs}
        known = self._stages.get(name)
        if (
            known is not None
            and known.inputs == made_from
            and known.settings == settings
            and _digest_of(path) == known.digest
        ):
            return path
        began = time.perf_counter()
        try:
            rows, digest = _written(path, write)
            spent = round(time.perf_counter() - began, 3)
            self._stages[name] = Stage(name, file, digest, made_from, settings, rows, spent)
            lines = [asdict(one) for one in self._stages.values()]
            plain = json.dumps({"format": _FORMAT, "stages": lines}, indent=1)
            sync_folder(self.path)
            write_durably(self.path / MANIFEST, plain.encode())
            sync_folder(self.path)
        except OSError as error:
            raise StoreError(f"cannot write {path}: {error}") from error
        return path


def _written(path: Path, write: Callable[[Path], int]) -> tuple[int, str]:
    """Rows and digest of what `write` wrote; `path` holds it whole, or what it held before."""
    beside = path.with_name(path.name + ".tmp")
    rows = write(beside)
    with beside.open("rb+") as file:
        os.fsync(file.fileno())
    digest = _digest_of(beside)
    beside.replace(path)
    return rows, digest


def _digest_of(path: Path) -> str:
    """ "" where there is no such file."""
    if not path.is_file():
        return ""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _read(manifest: Path) -> dict[str, Stage]:
    """What the manifest says; nothing where it is of another version or is none: all is made
    again."""
    try:
        plain: Any = json.loads(manifest.read_bytes())
        if plain["format"] != _FORMAT:
            return {}
        return {one["name"]: Stage(**one) for one in plain["stages"]}
    except (ValueError, LookupError, TypeError):
        return {}
