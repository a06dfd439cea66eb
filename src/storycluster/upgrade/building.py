"""How is a new data folder made so that it is there whole or not at all?

Beside it: `NEW.partial` holds the store while it is being made, and the vectors that are made
already. Both the folder and the store in it are marked, so that no server opens them. At the end
the store takes its place in one rename. What an interruption left is thrown away but for the
vectors.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from storycluster.backends import open_store, unfinished
from storycluster.backends.snapshot_files import sync_folder
from storycluster.errors import InvalidInput, StoreError
from storycluster.ports import Encoder, Scheme, Store
from storycluster.upgrade.vectors import KeptVectors

_TOLD = "`storycluster recluster upgrade` was making it; run it again, or delete the folder"


@dataclass(slots=True, eq=False)
class Building:
    """A data folder under way. `work` is for files that nobody needs afterwards."""

    store: Store
    vectors: KeptVectors
    data: Path
    work: Path


def check_places(data: Path, out: Path) -> None:
    """Raise InvalidInput where `out` is taken, or is not a place beside the folder `data`."""
    if out.resolve() == data.resolve() or data.resolve() in out.resolve().parents:
        raise InvalidInput.of("out", f"{out} must be another folder, outside of {data}")
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise InvalidInput.of("out", f"{out} exists already, and is not empty")
    partial = _partial(out)
    if partial.exists() and not unfinished.is_unfinished(partial) and any(partial.iterdir()):
        raise InvalidInput.of("out", f"{partial} holds other files than those of an upgrade")


@contextmanager
def building(out: Path, encoder: Encoder, scheme: Scheme, *, vectors: Path) -> Iterator[Building]:
    """Make the folder `out` in the block, and put it there once the block ends without an error.

    `vectors` is the file that keeps them; by default (an empty path) one in `NEW.partial`. Raises
    PreconditionFailed where another upgrade uses that file, StoreError.
    """
    partial = _partial(out)
    store: Store | None = None
    kept: KeptVectors | None = None
    try:
        partial.mkdir(mode=0o700, parents=True, exist_ok=True)
        unfinished.begin(partial, _TOLD)
        kept = KeptVectors(encoder, vectors if vectors.name else partial / "vectors")
        data, work = partial / "data", partial / "work"
        for folder in (data, work):
            shutil.rmtree(folder, ignore_errors=True)
        work.mkdir(mode=0o700)
        store = open_store(f"sqlite:{data}", scheme)
        unfinished.begin(data, _TOLD)
        yield Building(store, kept, data, work)
        store.close()
        unfinished.end(data)
        data.replace(out)
        sync_folder(out.absolute().parent)
        kept.close()
        shutil.rmtree(partial, ignore_errors=True)
    except OSError as error:
        raise StoreError(f"cannot make {out}: {error}") from error
    finally:
        if store is not None:
            store.close()
        if kept is not None:
            kept.close()


def _partial(out: Path) -> Path:
    whole = out.absolute()
    return whole.with_name(whole.name + ".partial")
