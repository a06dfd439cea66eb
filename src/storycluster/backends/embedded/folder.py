"""Who owns a data folder?"""

from __future__ import annotations

import fcntl
import os
import socket
from pathlib import Path

from storycluster.backends.snapshot_files import sync_folder
from storycluster.errors import PreconditionFailed, StoreError, StoreFull

DATABASE = "storycluster.db"
LOCK = "storycluster.lock"


class FolderLock:
    """An exclusive lock on a folder for as long as the process lives or until `release`."""

    def __init__(self, descriptor: int) -> None:
        self._descriptor = descriptor

    @classmethod
    def take(cls, folder: Path) -> FolderLock:
        """Create the folder if need be and lock it.

        Raises PreconditionFailed that names folder and holder where it is locked, also by this
        process (flock, unlike a POSIX record lock, sees that), and StoreError where it cannot be
        created.
        """
        try:
            if not folder.is_dir():
                folder.mkdir(mode=0o700, parents=True)  # unpublished texts are nobody else's
                sync_folder(folder.parent)
            descriptor = os.open(folder / LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"cannot use the data folder {folder}: {error}") from error
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(descriptor, 200, 0).decode(errors="replace").strip()
            os.close(descriptor)
            raise PreconditionFailed(
                f"the data folder {folder} is open already, by {holder or 'another process'}"
            ) from error
        try:
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, f"process {os.getpid()} on {socket.gethostname()}\n".encode(), 0)
        except OSError as error:
            os.close(descriptor)
            raise StoreFull(f"cannot write in the data folder {folder}: {error}") from error
        return cls(descriptor)

    def release(self) -> None:
        """Let others in; a second call does nothing."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1
