"""Which texts are copies of each other, word for word or nearly?

A text becomes a set of shingles (hashes of successive words, or of characters in scripts that write
no spaces), the set a MinHash signature, the signature a list of band keys. A shared band only
proposes a pair; `overlap` of the full shingle sets decides.

A text with fewer than `min_shingles` shingles says too little to be measured: its only shingle is
the whole normalised text, so that it is a copy of an equal text and of nothing else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import xxhash
from datasketch import MinHash

from storycluster.features import UInt32, term_id
from storycluster.settings import FingerprintSettings

_SEED = 1
_CHUNK = 8192  # shingles hashed at once: 8192 x 126 x 4 bytes = 4 MB, whatever the text's length
_NOTHING: UInt32 = np.zeros(0, dtype=np.uint32)


def scheme(settings: FingerprintSettings) -> str:
    """The identity of the fingerprint; two schemes are never compared."""
    return (
        f"datasketch-affine32/xxh32/seed={_SEED}/p={settings.permutations}/b={settings.bands}"
        f"/words={settings.shingle_words}/characters={settings.shingle_characters}"
        f"/min={settings.min_shingles}/normaliser=1"
    )


def shingles(units: Sequence[str], *, spaceless: bool, settings: FingerprintSettings) -> UInt32:
    """(s,) uint32 strictly ascending: hashes of successive units (words, or single characters).

    Empty for an empty text; one whole-text shingle for a text too short to fingerprint.
    """
    if not units:
        return _NOTHING
    width = settings.shingle_characters if spaceless else settings.shingle_words
    joiner = "" if spaceless else " "
    ids = {term_id(joiner.join(units[i : i + width])) for i in range(len(units) - width + 1)}
    if len(ids) < settings.min_shingles:
        ids = {term_id("\x00whole\x00" + joiner.join(units))}
    return np.array(sorted(ids), dtype=np.uint32)


def signature(shingle_set: UInt32, settings: FingerprintSettings) -> UInt32:
    """(p,) uint32 MinHash of a shingle set; (0,) for a text too short to fingerprint."""
    if len(shingle_set) < settings.min_shingles:
        return _NOTHING
    minhash = MinHash(num_perm=settings.permutations, seed=_SEED, hashfunc=int, scheme="affine32")
    for start in range(0, len(shingle_set), _CHUNK):
        minhash.update_batch(shingle_set[start : start + _CHUNK])
    return np.asarray(minhash.hashvalues, dtype=np.uint32)


def band_keys(shingle_set: UInt32, signed: UInt32, settings: FingerprintSettings) -> list[int]:
    """uint64 keys under which a text is found: one for the whole set, then one for each band."""
    if not len(shingle_set):
        return []
    keys = [xxhash.xxh64_intdigest(shingle_set.astype("<u4").tobytes(), seed=0)]
    if len(signed):
        rows = signed.reshape(settings.bands, -1).astype("<u4")
        keys += [xxhash.xxh64_intdigest(row.tobytes(), seed=1 + b) for b, row in enumerate(rows)]
    return keys


@dataclass(frozen=True, slots=True)
class Overlap:
    """How two shingle sets overlap: `shared` shingles; Jaccard = shared / union; containment =
    shared / the smaller set. Both 0 where either set is empty."""

    shared: int
    jaccard: float
    containment: float


def overlap(a: UInt32, b: UInt32) -> Overlap:
    """Exact overlap of two strictly ascending shingle sets."""
    if not len(a) or not len(b):
        return Overlap(0, 0.0, 0.0)
    small, large = (a, b) if len(a) <= len(b) else (b, a)
    places = np.searchsorted(large, small)
    places[places == len(large)] = 0
    shared = int(np.count_nonzero(large[places] == small))
    return Overlap(shared, shared / (len(a) + len(b) - shared), shared / len(small))


def is_near_copy(measured: Overlap, settings: FingerprintSettings) -> bool:
    """Whether two texts with this overlap are near-copies."""
    return measured.jaccard >= settings.near_copy_jaccard or (
        measured.containment >= settings.near_copy_containment
        and measured.shared >= settings.containment_min_shared
    )
