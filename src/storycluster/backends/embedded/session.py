"""How does SQLite speak to the rest of the store, and in whose errors?

Only errors from `storycluster.errors` pass: every statement goes through a Session.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import apsw

from storycluster.errors import (
    InvalidInput,
    PreconditionFailed,
    StoreCorrupt,
    StoreError,
    StoreFull,
)

Row = tuple[Any, ...]

# SQLite 3.7.0 to 3.51.2 can corrupt a WAL database that has two connections; these have the fix.
FIXED_SQLITE = (3, 51, 3)
BACKPORTS = {(3, 44): 6, (3, 50): 7}
SYNCHRONOUS_FULL = 2

_PATIENT_MS, _BRIEF_MS = 10_000, 200

_DRIVER_ERRORS = (apsw.Error, UnicodeError, OverflowError)


def check_sqlite(version: str) -> None:
    """Raise PreconditionFailed where this SQLite library may corrupt a WAL database."""
    major, minor, patch = (int(part) for part in version.split(".")[:3])
    fixed_in = BACKPORTS.get((major, minor))
    if (major, minor, patch) >= FIXED_SQLITE or (fixed_in is not None and patch >= fixed_in):
        return
    raise PreconditionFailed(
        f"SQLite {version} may corrupt a database in WAL mode; 3.51.3 or newer is needed "
        "(or 3.50.7, 3.44.6 of those branches)"
    )


def translated(error: Exception) -> Exception:
    """The store's error for one of the driver's."""
    if isinstance(error, apsw.FullError):
        return StoreFull(f"no space left to write: {error}")
    if isinstance(error, (apsw.CorruptError, apsw.NotADBError)):
        return StoreCorrupt(f"the database file is damaged: {error}")
    if isinstance(error, UnicodeDecodeError):
        return StoreCorrupt(f"a stored text is not UTF-8: {error}")
    if isinstance(error, UnicodeEncodeError):
        return InvalidInput("a text holds a lone surrogate, which UTF-8 cannot express")
    if isinstance(error, OverflowError):
        return InvalidInput("a number does not fit into 64 bits")
    return StoreError(f"{type(error).__name__}: {error}")


class Session:
    """One connection. Every statement runs to its end before its method returns."""

    def __init__(self, connection: apsw.Connection) -> None:
        self.connection = connection
        self.disk_failure = ""
        """What the disk answered where it failed, other than by being full; "" if it never did."""

    @classmethod
    def open(cls, path: Path, *, vfs: str = "") -> Session:
        """A connection with this store's settings, read back. Raises StoreError, StoreCorrupt."""
        try:
            connection = apsw.Connection(str(path), vfs=vfs or None)
        except apsw.Error as error:
            raise translated(error) from error
        session = cls(connection)
        try:
            session._configure()
        except BaseException:
            session.close()
            raise
        return session

    def _configure(self) -> None:
        # A reader may meet the writer's recovery or checkpoint; it waits instead of failing.
        self.connection.set_busy_timeout(_PATIENT_MS)
        mode = self.row("PRAGMA journal_mode = wal")
        self.run("PRAGMA synchronous = full")
        level = self.row("PRAGMA synchronous")
        if mode != ("wal",) or level != (SYNCHRONOUS_FULL,):
            raise StoreError(f"SQLite refuses WAL with synchronous=FULL: {mode}, {level}")
        # A WAL grown by one large transaction is cut back to 64 MiB when it is reset.
        self.run("PRAGMA journal_size_limit = 67108864")

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """All result rows; empty for a statement that gives none."""
        try:
            return self.connection.execute(sql, values).fetchall()
        except _DRIVER_ERRORS as error:
            raise self._noted(error) from error

    def row(self, sql: str, values: Sequence[Any] = ()) -> Row | None:
        """The first result row."""
        found = self.rows(sql, values)
        return found[0] if found else None

    def run(self, sql: str, values: Sequence[Any] = ()) -> None:
        """Run for its effect."""
        self.rows(sql, values)

    def run_many(self, sql: str, values: Iterable[Sequence[Any]]) -> None:
        """Run once for each set of values."""
        try:
            self.connection.executemany(sql, values).fetchall()
        except _DRIVER_ERRORS as error:
            raise self._noted(error) from error

    def _noted(self, error: Exception) -> Exception:
        if isinstance(error, apsw.IOError):
            self.disk_failure = str(error)
        return translated(error)

    @contextmanager
    def impatient(self) -> Iterator[None]:
        """Wait for others only briefly, for as long as the block."""
        self.connection.set_busy_timeout(_BRIEF_MS)
        try:
            yield
        finally:
            self.connection.set_busy_timeout(_PATIENT_MS)

    @property
    def in_transaction(self) -> bool:
        """Whether a transaction is open."""
        return self.connection.in_transaction

    def close(self) -> None:
        """Close the connection; a second call does nothing."""
        try:
            self.connection.close()
        except apsw.Error as error:
            raise translated(error) from error
