"""How does one data folder serve one writer and any number of readers?

SQLite in WAL mode with synchronous=FULL, through APSW: a commit is on the disk before `write`
returns. Readers have connections of their own, each in a snapshot, and never wait for the writer.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path

import apsw

from storycluster.backends import unfinished
from storycluster.backends.checks import check_scheme
from storycluster.backends.embedded import statements
from storycluster.backends.embedded.folder import DATABASE, FolderLock
from storycluster.backends.embedded.reading import EmbeddedReader
from storycluster.backends.embedded.session import Session, check_sqlite
from storycluster.backends.embedded.writing import EmbeddedTransaction
from storycluster.backends.snapshot_files import sync_folder
from storycluster.errors import NotFound, SchemeMismatch, StoreCorrupt, StoreError
from storycluster.ports import Scheme

# The writer inserts band keys at random places: each article dirties about as many pages as it has
# bands. A cache of 64 MiB and a checkpoint every 16 MiB of log let later articles share them: 1.2
# to 1.4 times the rate of SQLite's 2 MB and 4 MB, interleaved in one run up to 19,200 articles.
# What is deleted is overwritten, so that an erased article leaves no bytes on free pages.
_WRITER_SETTINGS = (
    "PRAGMA cache_size = -65536",
    "PRAGMA wal_autocheckpoint = 4096",
    "PRAGMA secure_delete = on",
)

# Idle read connections kept; a burst of more readers opens more and closes them again.
_IDLE_READERS = 8


class EmbeddedStore:
    """Implements ports.Store on a data folder. One process, and one EmbeddedStore, at a time."""

    def __init__(
        self, folder: Path, scheme: Scheme, *, lock: FolderLock, writer: Session, vfs: str
    ) -> None:
        self._folder = folder
        self._scheme = scheme
        self._lock = lock
        self._writer = writer
        self._vfs = vfs
        self._writing = threading.Lock()
        self._pool_lock = threading.Lock()
        self._idle: list[Session] = []
        self._closed = False
        self._broken = ""

    @property
    def cache_folder(self) -> Path:
        """See ports.Store."""
        return self._folder / "cache"

    @classmethod
    def open(cls, folder: str | Path, scheme: Scheme, *, vfs: str = "") -> EmbeddedStore:
        """Open the folder, creating what is missing.

        Raises SchemeMismatch that names the differing field, PreconditionFailed for a folder in use
        or still being made, or an SQLite library with a known corruption bug, StoreCorrupt,
        StoreError. `vfs` names the SQLite file layer ("" is the system's).
        """
        check_sqlite(apsw.sqlite_lib_version())
        path = Path(folder).absolute()
        unfinished.refuse(path)
        lock = FolderLock.take(path)
        try:
            writer = Session.open(path / DATABASE, vfs=vfs)
            try:
                for setting in _WRITER_SETTINGS:
                    writer.run(setting)
                _prepare(writer, scheme)
                sync_folder(path)
            except BaseException:
                writer.close()
                raise
        except BaseException:
            lock.release()
            raise
        return cls(path, scheme, lock=lock, writer=writer, vfs=vfs)

    @classmethod
    def scheme_in(cls, folder: str | Path) -> Scheme:
        """What a folder was written with; a store that has it open goes on. Raises NotFound where
        there is no store, SchemeMismatch for another schema, StoreCorrupt, StoreError."""
        check_sqlite(apsw.sqlite_lib_version())
        path = Path(folder).absolute()
        if not (path / DATABASE).is_file():
            raise NotFound(resource="data folder", name=str(folder))
        session = Session.open(path / DATABASE)
        try:
            tables = [row[0] for row in session.rows(statements.TABLES)]
            return _stored(session, tables)[1]
        finally:
            session.close()

    @contextmanager
    def write(self) -> Iterator[EmbeddedTransaction]:
        """See ports.Store. A second write at the same time raises StoreError.

        After a failure of the disk itself (fsync, I/O) the store refuses to write until it is
        reopened, because only then is known what the disk holds.
        """
        if not self._writing.acquire(blocking=False):
            raise StoreError("another write is in progress")
        try:
            self._check_usable()
            if self._broken:
                raise StoreError(f"the store must be reopened before it can write: {self._broken}")
            self._writer.run("BEGIN IMMEDIATE")
            transaction = EmbeddedTransaction(self._writer, self._scheme)
            try:
                yield transaction
                transaction.refuse_after_failure()
                transaction.flush()
                self._writer.run("COMMIT")
            except BaseException:
                self._undo()
                raise
            finally:
                transaction.end()
        finally:
            self._writing.release()

    def _undo(self) -> None:
        """Roll back; where that is not certain, refuse later writes."""
        # SQLite goes on after a failed fsync although the page cache may have dropped the data.
        self._broken = self._writer.disk_failure
        try:
            if self._writer.in_transaction:
                self._writer.run("ROLLBACK")
            if self._writer.in_transaction:
                self._broken = "a transaction could not be rolled back"
        except StoreError as failed:
            self._broken = f"a rollback failed: {failed}"

    @contextmanager
    def read(self) -> Iterator[EmbeddedReader]:
        """See ports.Store."""
        session = self._take()
        reader = EmbeddedReader(session)
        try:
            session.run("BEGIN")
            session.row(statements.TAKE_SNAPSHOT)
            yield reader
        finally:
            reader.end()
            self._give_back(session)

    def _take(self) -> Session:
        """An idle read connection or a new one."""
        with self._pool_lock:
            self._check_usable()
            if self._idle:
                return self._idle.pop()
        session = Session.open(self._folder / DATABASE, vfs=self._vfs)
        session.run("PRAGMA query_only = on")
        return session

    def _give_back(self, session: Session) -> None:
        """End the snapshot and keep the connection for the next reader, if it is sound."""
        try:
            if session.in_transaction:
                session.run("ROLLBACK")
        except StoreError:
            session.close()
            return
        with self._pool_lock:
            if not self._closed and len(self._idle) < _IDLE_READERS:
                self._idle.append(session)
                return
        session.close()

    def scrub(self) -> bool:
        """See ports.Store. SQLite overwrites what it deletes; the log is emptied here."""
        with self._writing:
            self._check_usable()
            with self._writer.impatient():
                [busy, *_] = self._writer.row("PRAGMA wal_checkpoint(truncate)") or (1,)
            return not busy

    def close(self) -> None:
        """See ports.Store. Waits for a write in progress, not for readers."""
        with self._writing:
            with self._pool_lock:
                if self._closed:
                    return
                self._closed = True
                idle, self._idle = self._idle, []
            for session in idle:
                session.close()
            with suppress(StoreError):
                # The last connection to close does this too; here it fails without a word.
                self._writer.run("PRAGMA wal_checkpoint(truncate)")
            self._writer.close()
            self._lock.release()

    def _check_usable(self) -> None:
        if self._closed:
            raise StoreError("the store is closed")


def _prepare(writer: Session, scheme: Scheme) -> None:
    """Create the tables in an empty database; otherwise compare the header with `scheme`, and bring
    the tables of an earlier schema up to date."""
    tables = [row[0] for row in writer.rows(statements.TABLES)]
    if not tables:
        _create(writer, scheme)
        return
    version, stored = _stored(writer, tables)
    check_scheme(stored, scheme)
    for earlier, changes in statements.UPGRADES.items():
        if version <= earlier:
            _in_one_transaction(writer, changes)
    if version in ("1", "2"):  # they left on free pages what they replaced
        writer.run("VACUUM")


def _stored(session: Session, tables: Sequence[str]) -> tuple[str, Scheme]:
    """The schema and the scheme that the header names. StoreCorrupt where there is none, or none
    that can be read; SchemeMismatch for a schema of another release."""
    if "header" not in tables:
        raise StoreCorrupt("the database file is not a storycluster store")
    header: dict[str, str] = dict(session.rows(statements.HEADER))
    version = header.get("schema", "")
    if not version:
        raise StoreCorrupt("the header of the store is damaged: it names no schema")
    if version not in (str(statements.SCHEMA_VERSION), *statements.UPGRADES):
        raise SchemeMismatch(name="schema", stored=version, given=str(statements.SCHEMA_VERSION))
    try:
        stored = Scheme(
            encoder_id=header["encoder_id"],
            dimensions=int(header["dimensions"]),
            fingerprint=header["fingerprint"],
            features=header["features"],
        )
    except (KeyError, ValueError) as error:
        raise StoreCorrupt(f"the header of the store is damaged: {error!r}") from error
    return version, stored


def _create(writer: Session, scheme: Scheme) -> None:
    """All tables and the header in one transaction, so that a crash leaves an empty database."""
    header = {
        "schema": statements.SCHEMA_VERSION,
        "encoder_id": scheme.encoder_id,
        "dimensions": scheme.dimensions,
        "fingerprint": scheme.fingerprint,
        "features": scheme.features,
    }
    rows = [(name, str(value)) for name, value in header.items()]
    _in_one_transaction(writer, statements.SCHEMA, rows)


def _in_one_transaction(
    writer: Session, changes: str, header: Sequence[tuple[str, str]] = ()
) -> None:
    """Run all statements of `changes` and add the rows of the header, or nothing of it."""
    writer.run("BEGIN IMMEDIATE")
    try:
        writer.run(changes)
        writer.run_many(statements.ADD_HEADER, header)
        writer.run("COMMIT")
    except BaseException:
        with suppress(StoreError):
            writer.run("ROLLBACK")
        raise
