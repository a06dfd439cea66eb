"""How do the records of a collection become Parquet, a file for each kind, and lines again?

Single values are columns of their type, those of a nested noun under `noun.field`; lists, mappings
and what may be missing whole are JSON. The column `line` is the record's place, so that the files
give back the very lines they were made of.
"""

from __future__ import annotations

import dataclasses
import heapq
import json
import types
import typing
from collections.abc import Iterable, Iterator, Mapping
from contextlib import ExitStack
from datetime import UTC, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from storycluster.errors import InvalidInput, MissingExtra
from storycluster.exchange.lines import JSON, Line
from storycluster.exchange.plain import fields_of, plain
from storycluster.exchange.records import KINDS

FILES: Mapping[str, str] = {
    "header": "header",
    "collection": "collection",
    "story": "stories",
    "article": "articles",
    "assignment": "assignments",
    "tombstone": "tombstones",
    "constraint": "constraints",
    "override": "overrides",
    "event": "events",
    "promotion": "promotions",
    "held": "held",
    "stream": "streams",
    "mark": "marks",
    "end": "end",
}
_ROWS = 256


def write_tables(lines: Iterable[Line], folder: Path) -> None:
    """Write the lines of `read_lines` as Parquet into a folder that is made for it.

    Raises InvalidInput where it exists and is not empty, MissingExtra without pyarrow.
    """
    arrow = _arrow()
    if folder.exists() and any(folder.iterdir()):
        raise InvalidInput.of("out", f"{folder} is not empty")
    folder.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        tables = {name: _Table(arrow, name, folder, stack) for name in FILES}
        for number, line in enumerate(lines, start=1):
            record = json.loads(line)
            tables[record["record"]].add({"line": number, **record})
        for table in tables.values():
            table.flush()


def read_tables(folder: Path) -> Iterator[Line]:
    """The lines that `write_tables` was given. InvalidInput names a file that is missing or no
    Parquet of this kind."""
    arrow = _arrow()
    rows = [_rows(arrow, name, folder) for name in FILES]
    for _, line in heapq.merge(*rows, key=lambda pair: pair[0]):
        yield line


def _arrow() -> Any:
    try:
        import pyarrow as pa
        import pyarrow.parquet
    except ImportError as error:
        raise MissingExtra(extra="batch", needs="pyarrow") from error
    return pa


class _Table:
    """One file under way."""

    def __init__(self, arrow: Any, name: str, folder: Path, stack: ExitStack) -> None:
        self._arrow = arrow
        self._columns = _columns(KINDS[name])
        kinds = {
            str: arrow.string(),
            int: arrow.int64(),
            float: arrow.float64(),
            bool: arrow.bool_(),
            datetime: arrow.timestamp("us", tz="UTC"),
            object: arrow.string(),
        }
        named = [(path, kinds[kind]) for path, kind in self._columns.items()]
        self._schema = arrow.schema([("line", arrow.int64()), *named])
        path = folder / f"{FILES[name]}.parquet"
        writer = arrow.parquet.ParquetWriter(path, self._schema, compression="zstd")
        self._writer = stack.enter_context(writer)
        self._rows: list[dict[str, Any]] = []

    def add(self, record: dict[str, Any]) -> None:
        """One record, as JSON gives it."""
        row = {"line": record["line"]}
        for path, kind in self._columns.items():
            row[path] = _cell(kind, _at(record, path))
        self._rows.append(row)
        if len(self._rows) >= _ROWS:
            self.flush()

    def flush(self) -> None:
        """Write what waits."""
        if self._rows:
            self._writer.write_table(self._arrow.Table.from_pylist(self._rows, self._schema))
            self._rows.clear()


def _rows(arrow: Any, name: str, folder: Path) -> Iterator[tuple[int, Line]]:
    """(place, line) of the records of a kind, ascending."""
    path = folder / f"{FILES[name]}.parquet"
    columns = _columns(KINDS[name])
    try:
        with arrow.parquet.ParquetFile(path) as file:
            if missing := {"line", *columns}.difference(file.schema_arrow.names):
                raise InvalidInput.of(path.name, f"has no column {min(missing)}")
            for batch in file.iter_batches(_ROWS):
                for row in batch.to_pylist():
                    yield row["line"], _line(name, columns, row)
    except (OSError, arrow.ArrowException) as error:
        raise InvalidInput.of(path.name, f"cannot be read as Parquet: {error}") from None


def _line(name: str, columns: Mapping[str, type], row: Mapping[str, Any]) -> Line:
    record: dict[str, Any] = {"record": name}
    for path, kind in columns.items():
        *nouns, last = path.split(".")
        place = record
        for noun in nouns:
            place = place.setdefault(noun, {})
        value = row[path]
        if kind is object:
            try:
                value = json.loads(value)
            except (TypeError, ValueError):
                raise InvalidInput.of(f"{FILES[name]}.parquet", f"{path} is not JSON") from None
        place[last] = plain(value)
    return JSON.encode(record).encode() + b"\n"


def _columns(kind: type, prefix: str = "") -> dict[str, type]:
    """{path: type} of the single values of a noun; `object` for what is written as JSON."""
    found: dict[str, type] = {}
    for name, hint in fields_of(kind).items():
        path = f"{prefix}{name}"
        if dataclasses.is_dataclass(hint):
            found |= _columns(hint, f"{path}.")  # type: ignore[arg-type]  # a class, by its hint
        else:
            found[path] = _column(hint)
    return found


def _column(hint: Any) -> type:
    if typing.get_origin(hint) is types.UnionType:
        [hint] = [one for one in typing.get_args(hint) if one is not type(None)]
        return datetime if hint is datetime else object
    if isinstance(hint, type) and issubclass(hint, StrEnum):
        return str
    return hint if hint in (str, int, float, bool, datetime) else object


def _at(record: Any, path: str) -> Any:
    for name in path.split("."):
        record = record[name]
    return record


def _cell(kind: type, value: Any) -> Any:
    if kind is object:
        return JSON.encode(value)
    if kind is datetime and value is not None:
        return datetime.fromisoformat(value).astimezone(UTC)
    return value
