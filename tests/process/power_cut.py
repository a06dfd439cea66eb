"""What would be on the disk if the power went now?

An SQLite file layer that remembers, for each file, what was synchronised and what was only written
since. `image` builds the folder a power cut could leave: of the writes since the last fsync each is
kept, dropped, or torn at a sector, as the random source says.
"""

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import apsw

SECTOR = 512

Write = tuple[int, bytes] | int  # (offset, data), or the length after a truncation


class Disk:
    """The files as they are safe, and the writes that are not yet."""

    def __init__(self) -> None:
        self.safe: dict[str, bytearray] = {}
        self.pending: dict[str, list[Write]] = {}
        self.writes = 0
        self.after_write: Callable[[], None] = lambda: None

    def wrote(self, name: str, change: Write) -> None:
        """A change that the system may still lose."""
        self.pending.setdefault(name, []).append(change)
        self.writes += 1
        self.after_write()

    def synced(self, name: str) -> None:
        """Everything written to that file is safe."""
        content = self.safe.setdefault(name, bytearray())
        for change in self.pending.pop(name, []):
            _apply(content, change)

    def deleted(self, name: str) -> None:
        """The file is gone."""
        self.safe.pop(name, None)
        self.pending.pop(name, None)

    def image(self, folder: Path, source: random.Random) -> None:
        """Write into `folder` what a power cut now could leave of the files."""
        folder.mkdir()
        for name in {*self.safe, *self.pending}:
            content = bytearray(self.safe.get(name, b""))
            for change in self.pending.get(name, []):
                if isinstance(change, int):
                    if source.random() < 0.5:
                        _apply(content, change)
                    continue
                for offset, piece in _torn(change, source):
                    _apply(content, (offset, piece))
            (folder / Path(name).name).write_bytes(content)


def _torn(change: tuple[int, bytes], source: random.Random) -> list[tuple[int, bytes]]:
    """All of a write, none of it, or some of its sectors."""
    offset, data = change
    fate = source.random()
    if fate < 0.4:
        return [(offset, data)]
    if fate < 0.7:
        return []
    pieces = [(offset + at, data[at : at + SECTOR]) for at in range(0, len(data), SECTOR)]
    return [piece for piece in pieces if source.random() < 0.5]


def _apply(content: bytearray, change: Write) -> None:
    if isinstance(change, int):
        del content[change:]
        return
    offset, data = change
    if len(content) < offset:
        content.extend(bytes(offset - len(content)))
    content[offset : offset + len(data)] = data


class PowerCutVFS(apsw.VFS):
    """The system's file layer, with every change of a file told to `disk`."""

    def __init__(self, name: str, disk: Disk) -> None:
        self.disk = disk
        super().__init__(name, "")

    def xOpen(self, name: Any, flags: list[int]) -> apsw.VFSFile:  # noqa: N802  # SQLite's name
        """A file whose changes are watched."""
        return _File(self.disk, name, flags)

    def xDelete(self, name: str, sync: bool) -> None:  # noqa: N802  # SQLite's name
        """Deletions are taken as safe at once."""
        super().xDelete(name, sync)
        self.disk.deleted(name)


class _File(apsw.VFSFile):
    def __init__(self, disk: Disk, name: Any, flags: list[int]) -> None:
        self._disk = disk
        self._name = name.filename() if isinstance(name, apsw.URIFilename) else str(name)
        super().__init__("", name, flags)

    def xWrite(self, data: bytes, offset: int) -> None:  # noqa: N802  # SQLite's name
        """Write, and remember that it is not safe."""
        super().xWrite(data, offset)
        self._disk.wrote(self._name, (offset, bytes(data)))

    def xTruncate(self, size: int) -> None:  # noqa: N802  # SQLite's name
        """Truncate, and remember that it is not safe."""
        super().xTruncate(size)
        self._disk.wrote(self._name, size)

    def xSync(self, flags: int) -> None:  # noqa: N802  # SQLite's name
        """Everything so far is safe (the real fsync would only cost time here)."""
        self._disk.synced(self._name)
