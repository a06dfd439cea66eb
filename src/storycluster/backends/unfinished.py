"""Is a data folder still being made, so that nobody may take it for a whole one?

A file in it says so, from before its first row until after its last.
"""

from __future__ import annotations

from pathlib import Path

from storycluster.backends.snapshot_files import sync_folder, write_durably
from storycluster.errors import PreconditionFailed

MARK = "unfinished"


def begin(folder: Path, told: str) -> None:
    """Mark a folder that is there; `told` says by what it is made and what to do about it."""
    write_durably(folder / MARK, told.encode())
    sync_folder(folder)


def is_unfinished(folder: Path) -> bool:
    """Whether it is marked."""
    return (folder / MARK).is_file()


def end(folder: Path) -> None:
    """It is whole."""
    (folder / MARK).unlink()
    sync_folder(folder)


def refuse(folder: Path) -> None:
    """Raise PreconditionFailed for a folder that is marked."""
    if is_unfinished(folder):
        told = (folder / MARK).read_text(encoding="utf-8", errors="replace").strip()
        raise PreconditionFailed(f"the data folder {folder} is not finished: {told}")
