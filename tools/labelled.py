"""Where are the labelled development files, and how are they read?

The folder is given by STORYCLUSTER_SHARED or is `shared` beside the checkout.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from storycluster.evaluate.labelled import Labelled, labelled, read_articles

__all__ = ["Labelled", "data_folder", "labelled", "read"]


def data_folder() -> Path:
    """Where the labelled files are."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    return Path(os.environ.get("STORYCLUSTER_SHARED", beside)) / "data"


def read(name: str, *, limit: int | None = None) -> Iterator[Labelled]:
    """Articles of `<name>.jsonl.gz` in the file's order."""
    return read_articles(data_folder() / f"{name}.jsonl.gz", limit=limit)
