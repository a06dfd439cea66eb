"""How is a collection written down, so that another store can take it whole?

JSON Lines: a header, a record for each row of the store, and an end that tells whether all came.
Parquet: the same records, a file for each kind.
"""

from __future__ import annotations

from storycluster.exchange.lines import (
    MAX_LINE_BYTES,
    PIECE_BYTES,
    Line,
    Numbered,
    at_line,
    end_of,
    in_pieces,
    line_of,
    lines_of,
    read_lines,
)
from storycluster.exchange.records import (
    FORMAT,
    VERSION,
    ArticleRecord,
    CollectionRecord,
    End,
    Header,
    HeldRecord,
    Mark,
    Record,
    StreamPosition,
)

__all__ = [
    "FORMAT",
    "MAX_LINE_BYTES",
    "PIECE_BYTES",
    "VERSION",
    "ArticleRecord",
    "CollectionRecord",
    "End",
    "Header",
    "HeldRecord",
    "Line",
    "Mark",
    "Numbered",
    "Record",
    "StreamPosition",
    "at_line",
    "end_of",
    "in_pieces",
    "line_of",
    "lines_of",
    "read_lines",
]
