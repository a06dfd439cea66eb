"""What is measured of one article revision, and in which arrays?

THE legend of array axes, the same letter everywhere:

    n  articles (rows)          d  dimensions of an embedding     p  permutations of a signature
    s  shingles of one article  t  distinct terms of one view     b  bands of a signature
    l  lines of one article

`Features` is everything the engine needs to place an article, so that an index can be rebuilt from
the store without reading one text again.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
import xxhash

from storycluster.errors import StoreCorrupt

UInt32 = npt.NDArray[np.uint32]
Float32 = npt.NDArray[np.float32]

FEATURES_SCHEME = "features/3"

# Views of an article that are compared term by term, in packing order.
VIEWS = ("title", "lead", "body", "names", "chars", "numbers")


def term_id(term: str) -> int:
    """xxh32 of the UTF-8 bytes, 0..2**32-1: the same for every process and machine."""
    return xxhash.xxh32_intdigest(term.encode("utf-8", "surrogatepass"))


@dataclass(frozen=True, slots=True, eq=False)
class Terms:
    """A bag of terms: `ids` (t,) uint32 strictly ascending, `counts` (t,) float32 > 0."""

    ids: UInt32
    counts: Float32

    @classmethod
    def of(cls, terms: Iterable[str]) -> Terms:
        """Count hashed terms."""
        counted = Counter(map(term_id, terms))
        ids = np.fromiter(counted.keys(), dtype=np.uint32, count=len(counted))
        counts = np.fromiter(counted.values(), dtype=np.float32, count=len(counted))
        order = np.argsort(ids)
        return cls(ids[order], counts[order])

    def __len__(self) -> int:
        return len(self.ids)


@dataclass(frozen=True, slots=True, eq=False)
class Features:
    """Fingerprint, embedding and sparse terms of one article revision, and its few plain facts.

    signature  (p,) uint32, or (0,) for a text too short to fingerprint
    shingles   (s,) uint32 strictly ascending: hashes of the text's shingles
    embedding  (d,) float32, unit length, or zero where no token is known
    views      one `Terms` for each name in VIEWS
    language   ISO 639-1 code, given or detected, or ""
    prose_words  words of the text without furniture
    titled     whether a headline was given or found in the text
    hosted     whether the text is another publisher's (a hosted copy, a credited reprint)
    stub       whether a brief text says nothing of what its headline names ("More to follow.")
    roundup    whether it tells of many things one after the other (a briefing, a live blog)
    lines      (l,) uint32 strictly ascending: hashes of the lines and sentences that are counted to
               learn the furniture of the source; in a stored row empty for what is not counted
    topic      (t,) uint32 strictly ascending: ids of the long words of the headline
    outlet     hash of the source (or the url's host), 0 where neither is known
    home       in a stored row, hash of the story the article was placed in at arrival, else 0
    """

    signature: UInt32
    shingles: UInt32
    embedding: Float32
    views: Mapping[str, Terms]
    language: str = ""
    prose_words: int = 0
    titled: bool = False
    hosted: bool = False
    stub: bool = False
    roundup: bool = False
    lines: UInt32 = field(default_factory=lambda: np.zeros(0, dtype=np.uint32))
    topic: UInt32 = field(default_factory=lambda: np.zeros(0, dtype=np.uint32))
    outlet: int = 0
    home: int = 0


_LANGUAGE_BYTES = 16
_FACTS = 7  # prose_words, titled, hosted, stub, outlet, home, roundup
_ARRAYS = 5  # signature, shingles, embedding, lines, topic


def pack(features: Features) -> bytes:
    """Bytes of `features`: lengths, plain facts and language, then the arrays in stated order."""
    views = [features.views[name] for name in VIEWS]
    head = [len(features.signature), len(features.shingles), len(features.embedding)]
    head += [len(features.lines), len(features.topic)]
    head += [len(view) for view in views]
    head += [features.prose_words, int(features.titled), int(features.hosted), int(features.stub)]
    head += [features.outlet, features.home, int(features.roundup)]
    language = features.language.encode()[:_LANGUAGE_BYTES].ljust(_LANGUAGE_BYTES, b"\0")
    parts = [np.asarray(head, "<u4").tobytes(), language]
    parts += [features.signature.astype("<u4").tobytes(), features.shingles.astype("<u4").tobytes()]
    parts += [features.embedding.astype("<f4").tobytes(), features.lines.astype("<u4").tobytes()]
    parts.append(features.topic.astype("<u4").tobytes())
    for view in views:
        parts += [view.ids.astype("<u4").tobytes(), view.counts.astype("<f4").tobytes()]
    return b"".join(parts)


def unpack(data: bytes) -> Features:
    """The inverse of `pack`. Raises StoreCorrupt where the lengths do not add up."""
    sized = _ARRAYS + len(VIEWS)
    head = sized + _FACTS + _LANGUAGE_BYTES // 4
    if len(data) < 4 * head or len(data) % 4:
        raise StoreCorrupt("a feature row is cut short")
    words = np.frombuffer(data, "<u4")
    sizes = [int(size) for size in words[:sized]]
    widths = sizes[:_ARRAYS] + [size for size in sizes[_ARRAYS:] for _ in (0, 1)]
    if head + sum(widths) != len(words):
        raise StoreCorrupt("a feature row has another length than it states")
    arrays = np.split(words[head:], np.cumsum(widths)[:-1])
    views = {
        name: Terms(arrays[_ARRAYS + 2 * i], arrays[_ARRAYS + 2 * i + 1].view("<f4"))
        for i, name in enumerate(VIEWS)
    }
    language = words[sized + _FACTS : head].tobytes().rstrip(b"\0").decode("utf-8", "replace")
    facts = [int(fact) for fact in words[sized : sized + _FACTS]]
    prose_words, titled, hosted, stub, outlet, home, roundup = facts
    return Features(
        signature=arrays[0],
        shingles=arrays[1],
        embedding=arrays[2].view("<f4"),
        views=views,
        language=language,
        prose_words=prose_words,
        titled=bool(titled),
        hosted=bool(hosted),
        stub=bool(stub),
        roundup=bool(roundup),
        lines=arrays[3],
        topic=arrays[4],
        outlet=outlet,
        home=home,
    )
