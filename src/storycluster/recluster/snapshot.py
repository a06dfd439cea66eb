"""What does a collection hold at one moment, as arrays?

One read transaction of the store becomes one table: a row for each live article in order of time,
with its features and the weights its terms had when it arrived. Everything after reads that table
alone, never the store. Neither writing nor reading holds all features at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.parquet

from storycluster.domain import Constraint, ConstraintKind, TimePrecision
from storycluster.engine.entry import EPOCH, profile, profile_of
from storycluster.features import Float32, pack, unpack
from storycluster.measures import Profile
from storycluster.ports import IndexRow, Store
from storycluster.recluster.pace import Pace
from storycluster.recluster.spool import Spool
from storycluster.settings import Settings
from storycluster.weighting import VIEWS, DocumentFrequencies, SparseVector, merge_buckets

ROWS_IN_GROUP = 1_000
"""Rows that are read back together: a window reads little beyond its own."""

_CHUNK = 500
_LIGHT = ("sequence", "article_id", "story_id", "reprint_group", "source", "publish_time", "time")


@dataclass(frozen=True, slots=True)
class Known:
    """One live article: its row as the store has it and what the decision sees of it."""

    row: IndexRow
    profile: Profile


def taken(store: Store, collection: str, file: Path, settings: Settings, pace: Pace) -> int:
    """Write the table of a collection as it is now; returns its rows. Its metadata holds sequence
    and constraints."""
    with store.read() as reader:
        sequence = reader.last_sequence(collection)
        said = [[one.kind.value, one.subject, one.other] for one in reader.constraints(collection)]
        told = {"collection": collection, "sequence": sequence, "constraints": said}
        schema = _SCHEMA.with_metadata({"snapshot": json.dumps(told)})
        pace.begin("snapshot", sequence)
        places = _places(reader.index_rows(collection), pace)
        with Spool(file, schema) as spool:
            for row, known in _weighed(reader.index_rows(collection), settings):
                place = places.get(row.sequence)
                if place is not None:
                    spool.add(place, _plain(row, known))
                if row.sequence % _CHUNK == 0:
                    pace.advance(row.sequence)
            spool.write(rows_in_group=ROWS_IN_GROUP)
    return len(places)


def _places(rows: Iterable[IndexRow], pace: Pace) -> dict[int, int]:
    """{sequence: place in order of time} of the latest revision of each live article."""
    live: dict[str, tuple[datetime, str, int]] = {}
    for row in rows:
        live.pop(row.article_id, None)
        if row.story_id:
            time = row.publish_time or row.ingest_time
            live[row.article_id] = (time, row.article_id, row.sequence)
        if row.sequence % _CHUNK == 0:
            pace.advance(0)
    return {sequence: place for place, (*_, sequence) in enumerate(sorted(live.values()))}


def _weighed(rows: Iterable[IndexRow], settings: Settings) -> Iterator[tuple[IndexRow, Profile]]:
    """Each row, of whatever became of its article, with the weights it arrived with."""
    frequencies = DocumentFrequencies(settings.candidates.decay_days)
    brief = settings.guards.brief_words
    for row in rows:
        yield row, profile(row.features, row.publish_time, frequencies, brief_words=brief)
        arrived = (row.ingest_time - EPOCH).days
        frequencies.count(row.features, row.features.language, arrived)


_SCHEMA = pyarrow.schema(
    [
        ("sequence", pyarrow.int64()),
        ("article_id", pyarrow.string()),
        ("revision", pyarrow.int64()),
        ("digest", pyarrow.string()),
        ("story_id", pyarrow.string()),
        ("reprint_group", pyarrow.string()),
        ("source", pyarrow.string()),
        ("publish_time", pyarrow.timestamp("us", "UTC")),
        ("publish_precision", pyarrow.string()),
        ("ingest_time", pyarrow.timestamp("us", "UTC")),
        ("features", pyarrow.binary()),
        ("weights", pyarrow.binary()),
        ("time", pyarrow.timestamp("us", "UTC")),
    ]
)


def _plain(row: IndexRow, known: Profile) -> tuple[Any, ...]:
    return (
        row.sequence,
        row.article_id,
        row.revision,
        row.digest,
        row.story_id,
        row.reprint_group,
        row.source,
        row.publish_time,
        row.publish_precision.value,
        row.ingest_time,
        pack(row.features),
        b"".join(known.views[view].weights.astype("<f4").tobytes() for view in VIEWS),
        row.publish_time or row.ingest_time,
    )


@dataclass(frozen=True, slots=True)
class Placed:
    """Where an article stands, without its features; `time` is when it was published, or else
    arrived."""

    sequence: int
    article_id: str
    story_id: str
    reprint_group: str
    source: str
    publish_time: datetime | None
    time: datetime


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The table read back: `placed` in its order; features are read when they are asked for."""

    file: Path
    collection: str
    sequence: int
    constraints: tuple[Constraint, ...]
    placed: tuple[Placed, ...]

    def embeddings(self) -> Float32:
        """(n, d) the vectors of its encoder, in the order of `placed`."""
        found: list[Float32] = []
        with pyarrow.parquet.ParquetFile(self.file) as opened:
            for group in range(opened.num_row_groups):
                packed = opened.read_row_group(group, columns=["features"])["features"]
                found += [np.array(unpack(one.as_py()).embedding) for one in packed]
        return np.stack(found) if found else np.zeros((0, 0), dtype=np.float32)

    def known(self, rows: Sequence[int], *, brief_words: int) -> Iterator[Known]:
        """The articles of ascending row numbers, in their order."""
        wanted = np.asarray(rows, dtype=np.int64)
        with pyarrow.parquet.ParquetFile(self.file) as opened:
            first = 0
            for group in range(opened.num_row_groups):
                last = first + opened.metadata.row_group(group).num_rows
                here = wanted[(wanted >= first) & (wanted < last)] - first
                if len(here):
                    table = opened.read_row_group(group).take(pyarrow.array(here))
                    for plain in table.to_pylist():
                        yield _known(plain, brief_words)
                first = last


def read_snapshot(file: Path) -> Snapshot:
    """What `taken` gave and was written there."""
    with pyarrow.parquet.ParquetFile(file) as opened:
        told = json.loads(opened.schema_arrow.metadata[b"snapshot"])
        placed = [
            Placed(**plain)
            for group in range(opened.num_row_groups)
            for plain in opened.read_row_group(group, columns=list(_LIGHT)).to_pylist()
        ]
    held = [Constraint(ConstraintKind(kind), *ids) for kind, *ids in told["constraints"]]
    return Snapshot(file, told["collection"], told["sequence"], tuple(held), tuple(placed))


def _known(plain: dict[str, Any], brief_words: int) -> Known:
    packed, weights, _ = plain.pop("features"), plain.pop("weights"), plain.pop("time")
    precision = TimePrecision(plain.pop("publish_precision"))
    row = IndexRow(features=unpack(packed), publish_precision=precision, **plain)
    known = np.frombuffer(weights, "<f4")
    views: dict[str, SparseVector] = {}
    start = 0
    for view in VIEWS:
        buckets, _ = merge_buckets(row.features.views[view])
        views[view] = SparseVector(buckets, known[start : start + len(buckets)])
        start += len(buckets)
    return Known(row, profile_of(row.features, row.publish_time, views, brief_words=brief_words))
