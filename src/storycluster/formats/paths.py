"""Which articles do these paths hold?

A `.jsonl` file (or `.jsonl.gz`) holds one article a line. A `.txt` file is one article whose id is
its file name without ending; `NAME.json` beside it is its sidecar with the fields the text lacks. A
`.json` file without such a text is one article. A folder is read in order of file name, without the
files of other endings. "-" is standard input, JSON Lines, and so is a named pipe.
"""

from __future__ import annotations

import errno
import gzip
import os
import sys
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TextIO

from storycluster.domain import Article
from storycluster.errors import InvalidInput, StoryClusterError
from storycluster.formats.fields import article_of
from storycluster.formats.objects import object_of
from storycluster.settings import Limits

_LINES = (".jsonl", ".ndjson", ".jsonl.gz", ".ndjson.gz")
_ENDINGS = (*_LINES, ".txt", ".json")
_LINE_BYTES = 4 * Limits().text_bytes  # a text in JSON takes at most about four times its bytes


@dataclass(frozen=True, slots=True)
class Found:
    """One article and where it was."""

    article: Article
    place: str


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that could not be read as an article: where, and why."""

    place: str
    error: StoryClusterError


def read_paths(
    paths: Iterable[str], *, stdin: IO[bytes] | None = None
) -> Iterator[Found | Refused]:
    """Every article of the paths, in the order given. Never raises for what a file holds."""
    for path in paths:
        if path == "-":
            yield from _read_stdin(stdin)
        else:
            yield from _read_path(Path(path))


def _read_stdin(stdin: IO[bytes] | None) -> Iterator[Found | Refused]:
    own: TextIO | None = sys.stdin  # None where the process was started with it closed
    opened = stdin or (own.buffer if own else None)
    if opened is None:
        yield Refused("stdin", InvalidInput.of("path", "cannot be read: stdin is closed"))
    else:
        yield from _read_lines(opened, "stdin")


def _read_path(path: Path) -> Iterator[Found | Refused]:
    try:
        if path.is_dir():
            names = (file for file in path.iterdir() if file.name.lower().endswith(_ENDINGS))
            for file in sorted(names):
                if not _is_sidecar(file):
                    yield from _read_path(file)
        else:
            yield from _read_file(path, path.name.lower())
    except (OSError, EOFError, ValueError, zlib.error) as error:
        # ValueError: a path that holds a NUL; EOFError, zlib.error: a damaged .gz
        reason = getattr(error, "strerror", None) or str(error)
        yield Refused(str(path), InvalidInput.of("path", f"cannot be read: {reason}"))


def _read_file(path: Path, name: str) -> Iterator[Found | Refused]:
    if not path.exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    if name.endswith(".gz") and name.endswith(_LINES):
        with gzip.open(path) as lines:
            yield from _read_lines(lines, str(path))  # type: ignore[arg-type]  # GzipFile is one
    elif name.endswith(_LINES) or path.is_fifo() or path.is_char_device():
        with path.open("rb") as lines:
            yield from _read_lines(lines, str(path))
    elif name.endswith(".txt"):
        yield _one(lambda: _text_file(path), path)
    elif name.endswith(".json"):
        yield _one(lambda: article_of(_parse_object(_content(path)), default_id=path.stem), path)
    else:
        told = f"ends in none of {' '.join(_ENDINGS)}"
        yield Refused(str(path), InvalidInput.of("path", told))


def _is_sidecar(file: Path) -> bool:
    endings = (".txt", ".TXT")
    return file.suffix.lower() == ".json" and any(
        file.with_suffix(ending).exists() for ending in endings
    )


def _one(read: Any, path: Path) -> Found | Refused:
    try:
        return Found(read(), str(path))
    except StoryClusterError as error:
        return Refused(str(path), error)


def _text_file(path: Path) -> Article:
    fields: dict[str, Any] = {}
    sidecar = path.with_suffix(".json")
    if sidecar != path and sidecar.exists():
        fields = _parse_object(_content(sidecar))
    fields["text"] = _decoded(_content(path))
    return article_of(fields, default_id=path.stem)


def _content(path: Path) -> bytes:
    size = path.stat().st_size
    if size > _LINE_BYTES:
        raise InvalidInput.of("text", f"the file has {size} bytes, the limit is {_LINE_BYTES}")
    return path.read_bytes()


def _decoded(data: bytes) -> str:
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise InvalidInput.of("text", f"is not valid UTF-8 at byte {error.start}") from None


def _read_lines(lines: IO[bytes], name: str) -> Iterator[Found | Refused]:
    number = 0
    while line := lines.readline(_LINE_BYTES + 1):
        number += 1
        place = f"{name}:{number}"
        if len(line) > _LINE_BYTES:
            while line and not line.endswith(b"\n"):
                line = lines.readline(_LINE_BYTES + 1)
            yield Refused(place, InvalidInput.of("text", f"the line is over {_LINE_BYTES} bytes"))
        elif line.strip():
            yield _line(line, place)


def _line(line: bytes, place: str) -> Found | Refused:
    try:
        return Found(article_of(_parse_object(line)), place)
    except StoryClusterError as error:
        return Refused(place, error)


def _parse_object(data: bytes) -> dict[str, Any]:
    text = _decoded(data)
    try:
        return object_of(text)
    except InvalidInput as error:
        raise InvalidInput.of("json", error.message) from None
