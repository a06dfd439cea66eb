"""How does a held article become a row, and a row the same article again?"""

from __future__ import annotations

import struct
from collections.abc import Sequence
from typing import Any

from storycluster.backends.checks import microseconds, moment
from storycluster.backends.embedded import editing_rows, rows
from storycluster.backends.embedded.session import Row
from storycluster.domain import HeldArticle, Provenance
from storycluster.features import Features, pack, unpack

_CHECKSUM = struct.Struct("<q")


def pack_held(held: HeldArticle) -> bytes:
    """All but the number, which is the row's. UnicodeEncodeError: lone surrogate."""
    article, assignment, gone = held.article, held.assignment, held.withdrawn
    plain = {
        "article": rows.plain_article(article),
        "digest": held.digest,
        "release_time": microseconds(held.release_time),
        "ingest_time": microseconds(held.ingest_time),
        "revision": assignment.revision,
        "assignment": list(rows.assignment_values(0, assignment))[1:],
        "publish_provenance": held.publish_provenance.value,
        "stopped": held.stopped,
        "withdrawn": list(editing_rows.tombstone_values(0, gone)) if gone else None,
    }
    return rows.compressed(plain)


def held_of(row: Row) -> HeldArticle:
    """From the columns of HELD."""
    identity, stated, data = row
    plain = rows.decompressed(rows.checked(data, identity, stated=stated, what="what is held"))
    article, gone = rows.article_of(plain["article"]), plain["withdrawn"]
    named = (article.article_id, plain["revision"])
    return HeldArticle(
        number=rows.ordinal_of(identity),
        article=article,
        digest=plain["digest"],
        release_time=moment(plain["release_time"]),
        ingest_time=moment(plain["ingest_time"]),
        assignment=rows.assignment_of((*named, *plain["assignment"])),
        publish_provenance=Provenance(plain["publish_provenance"]),
        stopped=plain["stopped"],
        withdrawn=editing_rows.tombstone_of(tuple(gone)) if gone else None,
    )


def held_values(row: int, held: HeldArticle, features: bytes) -> Sequence[Any]:
    """Values of PUT_HELD; `features` as `pack_features` makes them."""
    data = pack_held(held)
    due = microseconds(held.release_time) if held.waiting else None
    kept = b"" if held.withdrawn else features
    return (row, held.article.article_id, due, rows.checksum(data, row), data, kept)


def pack_features(features: Features, row: int) -> bytes:
    """The packed features, then their checksum."""
    data = pack(features)
    return data + _CHECKSUM.pack(rows.checksum(data, row))


def features_of(row: Row) -> Features:
    """From the columns of HELD_FEATURES."""
    data, end = row[1][: -_CHECKSUM.size], row[1][-_CHECKSUM.size :]
    [stated] = _CHECKSUM.unpack(end)
    return unpack(rows.checked(data, row[0], stated=stated, what="the held features"))
