"""Which store and which encoder stand behind a name?

Nothing heavy is imported before it is chosen, so that `import storycluster.backends` is free.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from storycluster.errors import InvalidInput, MissingExtra, PreconditionFailed

if TYPE_CHECKING:
    from storycluster.ports import Encoder, Scheme, Store

__all__ = ["open_encoder", "open_store", "stored_scheme"]


def open_store(url: str, scheme: Scheme) -> Store:
    """The store that `url` names, open for one writer and any number of readers.

    `memory:` keeps everything in this process; `sqlite:DIR` or a plain path is a data folder,
    created where there is none. Raises InvalidInput for another url, SchemeMismatch for a store
    written with another scheme, PreconditionFailed where another process has the folder open, and
    MissingExtra where the driver is not installed.
    """
    kind, separator, rest = url.partition(":")
    if url == "memory:":
        return _memory(scheme)
    if kind in ("postgresql", "postgres") and separator:
        raise PreconditionFailed(
            "the PostgreSQL store is not in this release; use a data folder or memory:"
        )
    if kind == "sqlite" and separator:
        return _embedded(rest, scheme)
    if "://" in url or not url:
        raise InvalidInput.of("store", f"{url!r} is none of memory:, sqlite:DIR, or a folder")
    return _embedded(url, scheme)


def stored_scheme(folder: str) -> Scheme:
    """What the store of a data folder was written with. Raises NotFound where there is none,
    SchemeMismatch, StoreCorrupt, StoreError, MissingExtra."""
    try:
        from storycluster.backends.embedded import EmbeddedStore
    except ImportError as error:
        raise _missing(error) from error
    return EmbeddedStore.scheme_in(folder)


def open_encoder(name: str) -> Encoder:
    """The encoder of that name or path. Raises EncoderUnavailable, MissingExtra."""
    try:
        from storycluster.backends.sentence_encoder import open_encoder as opened
    except ImportError as error:
        raise _missing(error) from error
    return opened(name)


def _memory(scheme: Scheme) -> Store:
    try:
        from storycluster.backends.memory import MemoryStore
    except ImportError as error:
        raise _missing(error) from error
    return MemoryStore(scheme)


def _embedded(folder: str, scheme: Scheme) -> Store:
    if not folder:
        raise InvalidInput.of("store", "sqlite: needs a folder")
    try:
        from storycluster.backends.embedded import EmbeddedStore
    except ImportError as error:
        raise _missing(error) from error
    return EmbeddedStore.open(folder, scheme)


def _missing(error: ImportError) -> Exception:
    """MissingExtra for a driver; the error itself where the fault is in this package."""
    name = error.name or ""
    if not name or name.split(".")[0].startswith("storycluster"):
        return error
    return MissingExtra(extra="server", needs=name.split(".")[0])
