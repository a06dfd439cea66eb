"""Which JSON objects does a file of lines hold?"""

from __future__ import annotations

import gzip
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from storycluster.errors import InvalidInput


def read_objects(path: Path) -> Iterator[tuple[str, dict[str, Any] | InvalidInput]]:
    """("FILE:LINE", object, or why it is none) of each line that is not blank; plain or `.gz`.

    InvalidInput names the file where it cannot be read.
    """
    opened = gzip.open if path.name.endswith(".gz") else open
    try:
        with opened(path, "rt", encoding="utf-8-sig") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    yield f"{path}:{number}", _object_or_error(line)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidInput.of(str(path), f"cannot be read: {reason}") from None


def object_of(text: str) -> dict[str, Any]:
    """The object that a JSON text holds; InvalidInput, without a field, where it holds none."""
    parsed = value_of(text)
    if not isinstance(parsed, dict):
        raise InvalidInput("must be an object")
    return parsed


def value_of(text: str) -> Any:
    """What a JSON text holds; InvalidInput, without a field, where it is none."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError) as error:
        raise InvalidInput(f"is not valid JSON: {error}") from None


def _object_or_error(line: str) -> dict[str, Any] | InvalidInput:
    try:
        return object_of(line)
    except InvalidInput as error:
        return error
