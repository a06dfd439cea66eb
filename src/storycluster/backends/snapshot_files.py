"""How is a cache kept in files so that it is read back whole or not at all?

Each part is one file under a name that holds its sha256; a manifest with a checksum of its own
names them all. A new manifest replaces the old one in a single rename, after its parts are safe.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

MANIFEST = "manifest.json"
SUFFIX = ".part"


def _digest(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _sealed(body: Mapping[str, Any]) -> str:
    """The checksum of a manifest's body."""
    return _digest(json.dumps(body, sort_keys=True).encode())


def write_durably(path: Path, data: bytes) -> None:
    """Write beside, fsync, rename: `path` holds the old bytes or the new ones, never a mixture."""
    beside = path.with_name(path.name + ".tmp")
    with beside.open("wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    beside.replace(path)


def sync_folder(folder: Path) -> None:
    """Make the names inside `folder` outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


class SnapshotFolder:
    """Remembers which parts a folder holds already, so that only changed ones are written."""

    def __init__(self) -> None:
        self._folder: Path | None = None
        self._known: dict[str, str] = {}

    def forget(self, part: str) -> None:
        """That part has changed since it was saved or loaded."""
        self._known.pop(part, None)

    def save(
        self, folder: Path, head: Mapping[str, Any], parts: Mapping[str, Callable[[], bytes]]
    ) -> None:
        """Write the parts that changed, then the manifest, then delete what it no longer names.

        Raises OSError; the snapshot that was there before is then still whole.
        """
        folder = folder.absolute()
        if folder != self._folder:
            self._folder, self._known = folder, {}
        folder.mkdir(parents=True, exist_ok=True)
        for name, make in parts.items():
            if name not in self._known:
                data = make()
                digest = _digest(data)
                write_durably(folder / _file(name, digest), data)
                self._known[name] = digest
        named = {name: self._known[name] for name in sorted(parts)}
        sync_folder(folder)
        body = {"head": dict(head), "parts": named}
        plain = json.dumps({**body, "sha256": _sealed(body)}, sort_keys=True)
        write_durably(folder / MANIFEST, plain.encode())
        sync_folder(folder)
        kept = {_file(name, digest) for name, digest in named.items()}
        for file in folder.glob(f"*{SUFFIX}*"):
            if file.name not in kept:
                file.unlink()

    def load(
        self, folder: Path, head: Mapping[str, Any]
    ) -> tuple[Mapping[str, Any], dict[str, bytes]]:
        """The saved head, which must hold every entry of `head`, and the parts.

        Raises OSError for a missing file; ValueError, LookupError, TypeError for a wrong one.
        """
        folder = folder.absolute()
        plain = json.loads((folder / MANIFEST).read_bytes())
        body = {"head": plain["head"], "parts": plain["parts"]}
        if plain["sha256"] != _sealed(body):
            raise ValueError("the manifest is not what was written")
        saved: dict[str, Any] = plain["head"]
        for name, value in head.items():
            if saved[name] != value:
                raise ValueError(f"{name}: saved {saved[name]!r}, wanted {value!r}")
        parts = {}
        for name, digest in plain["parts"].items():
            parts[name] = (folder / _file(name, digest)).read_bytes()
            if _digest(parts[name]) != digest:
                raise ValueError(f"part {name} is not what was written")
        self._folder, self._known = folder, dict(plain["parts"])
        return saved, parts


def _file(part: str, digest: str) -> str:
    return f"{part}-{digest[:16]}{SUFFIX}"
