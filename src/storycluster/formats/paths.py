"""Which articles do these paths hold?

A `.jsonl` file (or `.jsonl.gz`) holds one article a line. A `.txt` file is one article whose id is
its file name without ending; `NAME.json` beside it is its sidecar with the fields the text lacks.
The other formats are documents (see `documents`), told apart by ending or first bytes. A folder is
read in order of file name, without the files of other endings. "-" is standard input, JSON Lines
where no format is named, and so is a named pipe.
"""

from __future__ import annotations

import errno
import gzip
import os
import sys
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TextIO

from storycluster.domain import Article
from storycluster.errors import InvalidInput, StoryClusterError
from storycluster.formats.documents import articles_in, decoded, line_article
from storycluster.formats.fields import article_of
from storycluster.formats.kinds import HEAD_BYTES, LINES, Format, endings, format_of
from storycluster.formats.objects import object_of
from storycluster.formats.terms import NotText
from storycluster.settings import Limits

_LINE_BYTES = 4 * Limits().text_bytes  # a text in JSON takes at most about four times its bytes
_DOCUMENT_BYTES = 16 * _LINE_BYTES  # a document may hold many articles and is read as a whole
_IN_LINES = (Format.AUTO, Format.JSONL)  # what is read line by line where it comes as a stream


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


def read(path: str | os.PathLike[str], format: str = "auto") -> Iterator[Found | Refused]:
    """Every article of one file or folder; `format` is a value of `Format`.

    ValueError for another format; else as `read_paths`.
    """
    return read_paths([os.fspath(path)], format=format)


def read_paths(
    paths: Iterable[str], *, stdin: IO[bytes] | None = None, format: str = "auto"
) -> Iterator[Found | Refused]:
    """Every article of the paths, in the order given. Never raises for what a file holds.

    `format` is a value of `Format`, of all the files; ValueError for any other.
    """
    return _read_paths(paths, stdin, Format(format))


def _read_paths(
    paths: Iterable[str], stdin: IO[bytes] | None, format: Format
) -> Iterator[Found | Refused]:
    for path in paths:
        if path == "-":
            yield from _read_stdin(stdin, format)
        else:
            yield from _read_path(Path(path), format)


def _read_stdin(stdin: IO[bytes] | None, format: Format) -> Iterator[Found | Refused]:
    own: TextIO | None = sys.stdin  # None where the process was started with it closed
    opened = stdin or (own.buffer if own else None)
    if opened is None:
        yield Refused("stdin", InvalidInput.of("path", "cannot be read: stdin is closed"))
    else:
        yield from _read_stream(opened, "stdin", format)


def _read_path(path: Path, format: Format) -> Iterator[Found | Refused]:
    try:
        if path.is_dir():
            wanted = endings(format)
            names = (file for file in path.iterdir() if file.name.lower().endswith(wanted))
            for file in sorted(names):
                if not _is_sidecar(file):
                    yield from _read_path(file, format)
        else:
            yield from _read_file(path, path.name.lower(), format)
    except (OSError, EOFError, ValueError, zlib.error) as error:
        # ValueError: a path that holds a NUL; EOFError, zlib.error: a damaged .gz
        reason = getattr(error, "strerror", None) or str(error)
        yield Refused(str(path), InvalidInput.of("path", f"cannot be read: {reason}"))


def _read_file(path: Path, name: str, format: Format) -> Iterator[Found | Refused]:
    if not path.exists():
        raise FileNotFoundError(errno.ENOENT, os.strerror(errno.ENOENT))
    if name.endswith(".gz") and name.endswith(LINES):
        with gzip.open(path) as lines:
            yield from _read_lines(lines, str(path), format)  # type: ignore[arg-type]  # GzipFile is one
        return
    if path.is_fifo() or path.is_char_device():
        with path.open("rb") as stream:
            yield from _read_stream(stream, str(path), format)
        return
    kind = _kind(path) if format is Format.AUTO else format
    if kind is None:
        told = f"ends in none of {' '.join(endings())}, and its first bytes tell no format"
        yield Refused(str(path), InvalidInput.of("path", told))
    elif name.endswith(LINES) and kind in (Format.JSONL, Format.NINJS):
        with path.open("rb") as lines:
            yield from _read_lines(lines, str(path), format)
    elif kind is Format.TEXT:
        yield _one(lambda: _text_file(path), path)
    else:
        read_as = Format.AUTO if format is Format.AUTO and kind is Format.JSONL else kind
        yield from _read_document(lambda: _content(path, _DOCUMENT_BYTES), str(path), read_as)


def _kind(path: Path) -> Format | None:
    with path.open("rb") as file:
        return format_of(path.name, file.read(HEAD_BYTES))


def _read_stream(stream: IO[bytes], name: str, format: Format) -> Iterator[Found | Refused]:
    if format in _IN_LINES:
        yield from _read_lines(stream, name, format)
    else:
        yield from _read_document(lambda: _whole(stream), name, format)


def _read_document(
    content: Callable[[], bytes], name: str, format: Format
) -> Iterator[Found | Refused]:
    """The articles of a document; what prevents its reading is refused under its own name."""
    try:
        for label, part in articles_in(content(), format, default_id=Path(name).stem):
            if isinstance(part, Article):
                yield Found(part, name + label)
            else:
                yield Refused(name + label, part)
    except StoryClusterError as error:
        yield Refused(name, error)


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
        fields = _sidecar(_content(sidecar, _LINE_BYTES))
    fields["text"] = decoded(_content(path, _LINE_BYTES))
    return article_of(fields, default_id=path.stem)


def _content(path: Path, limit: int) -> bytes:
    size = path.stat().st_size
    if size > limit:
        raise InvalidInput.of("text", f"the file has {size} bytes, the limit is {limit}")
    return path.read_bytes()


def _whole(stream: IO[bytes]) -> bytes:
    data = stream.read(_DOCUMENT_BYTES + 1)
    if len(data) > _DOCUMENT_BYTES:
        raise InvalidInput.of("text", f"is over {_DOCUMENT_BYTES} bytes")
    return data


def _sidecar(data: bytes) -> dict[str, Any]:
    try:
        return object_of(decoded(data))
    except InvalidInput as error:
        raise error if error.violations else InvalidInput.of("json", error.message) from None


def _read_lines(lines: IO[bytes], name: str, format: Format) -> Iterator[Found | Refused]:
    number = 0
    while line := lines.readline(_LINE_BYTES + 1):
        number += 1
        place = f"{name}:{number}"
        if len(line) > _LINE_BYTES:
            while line and not line.endswith(b"\n"):
                line = lines.readline(_LINE_BYTES + 1)
            yield Refused(place, InvalidInput.of("text", f"the line is over {_LINE_BYTES} bytes"))
        elif line.strip():
            read = _line(line, place, format)
            if not (isinstance(read, Refused) and isinstance(read.error, NotText)):
                yield read


def _line(line: bytes, place: str, format: Format) -> Found | Refused:
    try:
        return Found(line_article(line, format), place)
    except StoryClusterError as error:
        return Refused(place, error)
