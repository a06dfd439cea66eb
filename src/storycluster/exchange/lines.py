"""How does a record become a line, and which lines make a whole file?"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Generator, Iterable, Iterator
from typing import IO, Any, NoReturn

from storycluster.errors import FieldViolation, InvalidInput
from storycluster.exchange.plain import noun, plain
from storycluster.exchange.records import (
    FORMAT,
    KINDS,
    NAMES,
    STAGES,
    VERSION,
    CollectionRecord,
    End,
    Header,
    Record,
)

MAX_LINE_BYTES = 32 * 1024 * 1024
"""Bytes of one line: a text of the largest size, escaped, with its features, takes 12 MB."""

PIECE_BYTES = 48 * 1024
"""Bytes sent at once: below the least limit of a message."""

Line = bytes
"""One record as JSON, UTF-8, with its line feed."""

Numbered = tuple[int, Record]
"""A record and its line, from 1."""

JSON = json.JSONEncoder(ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def line_of(record: Record) -> Line:
    """One line: the kind of the record under `record`, then its fields."""
    return JSON.encode({"record": NAMES[type(record)], **plain(record)}).encode() + b"\n"


def lines_of(file: IO[bytes]) -> Iterator[Line]:
    """The lines of a file; of one that is too long only as much as shows that it is."""
    while line := file.readline(MAX_LINE_BYTES + 1):
        yield line


def in_pieces(lines: Iterable[Line], *, most: int = PIECE_BYTES) -> Generator[bytes, None, None]:
    """The lines, joined and cut into pieces of at most so many bytes."""
    waiting = bytearray()
    for line in lines:
        waiting += line
        while len(waiting) >= most:
            yield bytes(waiting[:most])
            del waiting[:most]
    if waiting:
        yield bytes(waiting)


class _Sum:
    """Counts the records between header and end."""

    def __init__(self) -> None:
        self._records = 0
        self._digest = hashlib.blake2b(digest_size=16)

    def add(self, line: Line) -> None:
        self._records += 1
        self._digest.update(line.rstrip(b"\r\n"))

    def end(self) -> End:
        return End(self._records, self._digest.hexdigest())


def end_of(lines: Iterable[Line]) -> Iterator[Line]:
    """The lines between header and end, then the end."""
    summed = _Sum()
    for line in lines:
        summed.add(line)
        yield line
    yield line_of(summed.end())


def read_lines(lines: Iterable[Line]) -> Iterator[Numbered]:
    """The records of a whole file, header first, without the end.

    Raises InvalidInput that names line and field for what is no record, is not in its place, or is
    of a newer version; where the end is missing or tells of other lines, at the last one.
    """
    summed = _Sum()
    stage, number, ended = -1, 0, False
    for number, line in enumerate(lines, start=1):
        if ended:
            refuse(number, "record", "nothing may follow the end")
        record = _record_of(number, line)
        _check_place(number, record, after=stage)
        stage = STAGES[type(record)]
        if isinstance(record, End):
            if record != summed.end():
                refuse(number, "end.digest", "the lines before it are not those that were written")
            ended = True
            continue
        if number > 1:
            summed.add(line)
        yield number, record
    if not ended:
        refuse(number + 1, "record", "the file is cut off: its end is missing")


def refuse(number: int, field: str, told: str) -> NoReturn:
    """Raise the InvalidInput for a line."""
    raise InvalidInput.of(f"line {number}: {field}", told)


def at_line(number: int, error: InvalidInput) -> InvalidInput:
    """The same error, with the line before its fields."""
    return InvalidInput(
        violations=[
            FieldViolation(f"line {number}: {one.field}", one.description)
            for one in error.violations
        ]
    )


def _record_of(number: int, line: Line) -> Record:
    if len(line) > MAX_LINE_BYTES:
        refuse(number, "record", f"is longer than {MAX_LINE_BYTES} bytes")
    try:
        value: Any = json.loads(line, parse_constant=_no_number)
    except (ValueError, RecursionError):
        refuse(number, "record", "is not JSON in UTF-8")
    name = value.pop("record", None) if isinstance(value, dict) else None
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        refuse(number, "record", f"must be one of {', '.join(KINDS)}")
    if kind is Header:
        _check_version(number, value)
    try:
        return noun(kind, value, path=str(name))
    except InvalidInput as error:
        raise at_line(number, error) from None


def _no_number(told: str) -> NoReturn:
    raise ValueError(f"{told} is no number of JSON")


def _check_version(number: int, value: dict[str, Any]) -> None:
    """Before its fields: those of a newer version may be others."""
    if value.get("format") != FORMAT:
        refuse(number, "header.format", f"must be {FORMAT}")
    if value.get("version") != VERSION:
        told = f"is {value.get('version')!r}; this release reads {VERSION}"
        refuse(number, "header.version", told)


def _check_place(number: int, record: Record, *, after: int) -> None:
    stage = STAGES[type(record)]
    if (number == 1) is not isinstance(record, Header):
        refuse(number, "record", "the first line, and no other, must be the header")
    if (number == 2) is not isinstance(record, CollectionRecord):
        refuse(number, "record", "the second line, and no other, must be the collection")
    if stage < after:
        refuse(number, "record", f"a record of kind {NAMES[type(record)]} comes too late")
