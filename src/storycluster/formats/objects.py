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
                    yield f"{path}:{number}", _object(line)
    except (OSError, EOFError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise InvalidInput.of(str(path), f"cannot be read: {reason}") from None


def _object(line: str) -> dict[str, Any] | InvalidInput:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError) as error:
        return InvalidInput(f"is not valid JSON: {error}")
    return row if isinstance(row, dict) else InvalidInput("must be an object")
