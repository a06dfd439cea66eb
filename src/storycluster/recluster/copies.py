"""Which texts of a window are copies of each other?

MinHash bands propose, the exact overlap of the shingles decides, as at arrival. A pair that online
placing missed, because one side was withdrawn, revised or came first, is found here.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
import pyarrow

from storycluster.clustering import Int64
from storycluster.fingerprint import band_keys, is_near_copy, overlap
from storycluster.ports import NEWEST_OF_BAND
from storycluster.recluster.snapshot import Known
from storycluster.settings import FingerprintSettings

SCHEMA = pyarrow.schema(
    [
        ("a", pyarrow.int64()),
        ("b", pyarrow.int64()),
        ("jaccard", pyarrow.float64()),
        ("containment", pyarrow.float64()),
        ("copy", pyarrow.bool_()),
    ]
)


def near_copies(known: Sequence[Known], settings: FingerprintSettings) -> pyarrow.Table:
    """(a, b) places in `known`, a < b, ascending, of all pairs that share a band, with their
    overlap and whether it makes them near-copies."""
    rows = []
    for a, b in _sharing(known, settings).tolist():
        measured = overlap(known[a].row.features.shingles, known[b].row.features.shingles)
        copy = is_near_copy(measured, settings)
        rows.append((a, b, measured.jaccard, measured.containment, copy))
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(SCHEMA)
    return pyarrow.Table.from_arrays(
        [pyarrow.array(column, one.type) for column, one in zip(columns, SCHEMA, strict=True)],
        schema=SCHEMA,
    )


def _sharing(known: Sequence[Known], settings: FingerprintSettings) -> Int64:
    """(m, 2) pairs under one band key, ascending. Under a key of many texts each is paired with
    the NEWEST_OF_BAND / 2 that follow it at most."""
    keys: list[npt.NDArray[np.uint64]] = []
    owners: list[Int64] = []
    for place, one in enumerate(known):
        features = one.row.features
        found = band_keys(features.shingles, features.signature, settings)
        keys.append(np.array(found, dtype=np.uint64))
        owners.append(np.full(len(found), place, dtype=np.int64))
    if not keys:
        return np.zeros((0, 2), dtype=np.int64)
    key, owner = np.concatenate(keys), np.concatenate(owners)
    order = np.lexsort((owner, key))
    key, owner = key[order], owner[order]
    pairs: list[Int64] = []
    for step in range(1, NEWEST_OF_BAND // 2 + 1):
        same = key[step:] == key[:-step]
        if not same.any():
            break
        pairs.append(np.stack([owner[:-step][same], owner[step:][same]], axis=1))
    if not pairs:
        return np.zeros((0, 2), dtype=np.int64)
    found_pairs = np.unique(np.concatenate(pairs), axis=0)
    return np.asarray(found_pairs[found_pairs[:, 0] != found_pairs[:, 1]], dtype=np.int64)
