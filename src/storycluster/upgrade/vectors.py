"""Which vectors are made already, so that an interruption costs no more than the last few?

A file that only grows: behind a head that names the encoder, a record for each text with the digest
of the text, its vector and a checksum. It knows no article: a text that was edited has another
digest, and one that many articles share is encoded once.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import zlib
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from storycluster.errors import InvalidInput, PreconditionFailed, StoreError
from storycluster.features import Float32
from storycluster.ports import Encoder

_HEAD_BYTES = 32
_KEY_BYTES = 16
_SUM_BYTES = 4


class KeptVectors:
    """An encoder (ports.Encoder) that keeps what it made in a file. One thread."""

    def __init__(self, encoder: Encoder, file: Path) -> None:
        """Open or create the file; what a crash left at its end is cut off.

        Raises InvalidInput for a file of another encoder or of another kind, PreconditionFailed
        where another process uses it, StoreError.
        """
        self._encoder = encoder
        self._size = _KEY_BYTES + 4 * encoder.dimensions + _SUM_BYTES
        self._places: dict[bytes, int] = {}
        self.made = 0
        """Texts that were encoded, not found."""
        try:
            self._descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        except OSError as error:
            raise StoreError(f"cannot keep vectors in {file}: {error}") from error
        try:
            self._lock(file)
            self._load(file)
        except BaseException:
            self.close()
            raise

    @property
    def encoder_id(self) -> str:
        """Of the encoder behind it."""
        return self._encoder.encoder_id

    @property
    def dimensions(self) -> int:
        """Of the encoder behind it."""
        return self._encoder.dimensions

    def encode(self, texts: Sequence[str]) -> Float32:
        """(n, d) as of the encoder; what is new is on disk when it returns. Raises StoreError."""
        keys = [hashlib.blake2b(one.encode(), digest_size=_KEY_BYTES).digest() for one in texts]
        new = {key: text for key, text in zip(keys, texts, strict=True) if key not in self._places}
        try:
            if new:
                self._add(list(new), self._encoder.encode(list(new.values())))
            rows = [self._vector(self._places[key]) for key in keys]
        except OSError as error:
            raise StoreError(f"cannot keep vectors: {error}") from error
        return np.stack(rows) if rows else np.zeros((0, self.dimensions), dtype=np.float32)

    def close(self) -> None:
        """Give the file back."""
        if self._descriptor >= 0:
            os.close(self._descriptor)
            self._descriptor = -1

    def _lock(self, file: Path) -> None:
        try:
            fcntl.flock(self._descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            raise PreconditionFailed(f"another upgrade keeps its vectors in {file}") from error

    def _load(self, file: Path) -> None:
        named = f"storycluster vectors/1 {self.encoder_id} {self.dimensions}"
        head = hashlib.blake2b(named.encode(), digest_size=_HEAD_BYTES).digest()
        found = os.pread(self._descriptor, _HEAD_BYTES, 0)
        if not head.startswith(found):
            told = f"{file} holds vectors of another encoder, or something else"
            raise InvalidInput.of("vectors", told)
        os.pwrite(self._descriptor, head, 0)
        end = _HEAD_BYTES
        while (body := self._read(end)) is not None:
            self._places[body[:_KEY_BYTES]] = end
            end += self._size
        os.ftruncate(self._descriptor, end)

    def _vector(self, place: int) -> Float32:
        body = self._read(place)
        if body is None:
            raise StoreError("the kept vectors are not what was written")
        return np.frombuffer(body[_KEY_BYTES:], "<f4")

    def _read(self, place: int) -> bytes | None:
        """The record there, without its checksum; None where it is not whole."""
        data = os.pread(self._descriptor, self._size, place)
        body, checksum = data[:-_SUM_BYTES], data[-_SUM_BYTES:]
        return body if len(data) == self._size and _sum(body) == checksum else None

    def _add(self, keys: Sequence[bytes], vectors: Float32) -> None:
        end = os.fstat(self._descriptor).st_size
        bodies = [key + row.astype("<f4").tobytes() for key, row in zip(keys, vectors, strict=True)]
        data = b"".join(body + _sum(body) for body in bodies)
        written = os.pwrite(self._descriptor, data, end)
        if written != len(data):
            raise OSError(f"only {written} of {len(data)} bytes could be written")
        os.fsync(self._descriptor)
        self._places.update((key, end + at * self._size) for at, key in enumerate(keys))
        self.made += len(keys)


def _sum(body: bytes) -> bytes:
    return zlib.crc32(body).to_bytes(_SUM_BYTES, "little")
