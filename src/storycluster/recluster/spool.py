"""How are rows brought into an order that is not theirs, without holding them all?

They go to a part each, a file beside the one to be written, by their place in the order; then part
after part is read, put in order and written on.
"""

from __future__ import annotations

from collections import defaultdict
from pathlib import Path
from types import TracebackType
from typing import Any

import numpy as np
import pyarrow
import pyarrow.ipc
import pyarrow.parquet

PART_ROWS = 20_000
"""Rows that are put in order at once: with features, about 5 kB each."""

_WAITING = 500
_PLACE = "place"


class Spool:
    """Rows of `schema` for one Parquet file. As a context, it leaves no part behind."""

    def __init__(self, file: Path, schema: pyarrow.Schema, *, part_rows: int = PART_ROWS) -> None:
        self._file, self._schema, self._part_rows = file, schema, part_rows
        self._spooled = schema.append(pyarrow.field(_PLACE, pyarrow.int64()))
        self._waiting: dict[int, list[tuple[Any, ...]]] = defaultdict(list)
        self._parts: dict[int, Any] = {}

    def __enter__(self) -> Spool:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        for part, writer in self._parts.items():
            writer.close()
            self._path(part).unlink(missing_ok=True)

    def add(self, place: int, row: tuple[Any, ...]) -> None:
        """One row, whose columns are those of the schema, and its place in the file, from 0."""
        part = place // self._part_rows
        self._waiting[part].append((*row, place))
        if len(self._waiting[part]) == _WAITING:
            self._flush(part)

    def write(self, *, rows_in_group: int) -> None:
        """All rows, in order of their places. Nothing can be added afterwards."""
        for part in list(self._waiting):
            self._flush(part)
        with pyarrow.parquet.ParquetWriter(self._file, self._schema, compression="zstd") as out:
            for part in sorted(self._parts):
                self._parts[part].close()
                with pyarrow.ipc.open_stream(self._path(part)) as opened:
                    rows = opened.read_all()
                ordered = rows.take(pyarrow.array(np.argsort(rows[_PLACE].to_numpy())))
                table = ordered.drop_columns([_PLACE]).cast(self._schema)
                out.write_table(table, row_group_size=rows_in_group)
            if not self._parts:
                out.write_table(self._schema.empty_table())

    def _flush(self, part: int) -> None:
        rows = self._waiting.pop(part)
        if part not in self._parts:
            self._parts[part] = pyarrow.ipc.new_stream(str(self._path(part)), self._spooled)
        columns = [
            pyarrow.array(column, one.type)
            for column, one in zip(zip(*rows, strict=True), self._spooled, strict=True)
        ]
        self._parts[part].write_batch(pyarrow.record_batch(columns, schema=self._spooled))

    def _path(self, part: int) -> Path:
        return self._file.with_name(f"{self._file.name}-{part:04d}.tmp")
