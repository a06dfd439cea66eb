"""Do rows come out of the spool in the order that was asked for?"""

from __future__ import annotations

import random
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from storycluster.recluster.spool import Spool

SCHEMA = pyarrow.schema([("name", pyarrow.string()), ("value", pyarrow.int64())])


@pytest.mark.parametrize("count", [0, 1, 1_999])
def test_rows_are_written_in_the_order_of_their_places(tmp_path: Path, count: int) -> None:
    """However they came, in groups of the size asked for, and no part is left."""
    file, places = tmp_path / "rows.parquet", list(range(count))
    random.Random(1).shuffle(places)
    with Spool(file, SCHEMA.with_metadata({"of": "a trial"}), part_rows=300) as spool:
        for place in places:
            spool.add(place, (f"row {place}", place))
        spool.write(rows_in_group=100)
    with pyarrow.parquet.ParquetFile(file) as opened:
        assert opened.read()["value"].to_pylist() == list(range(count))
        assert opened.schema_arrow.metadata[b"of"] == b"a trial"
        groups = [opened.metadata.row_group(n).num_rows for n in range(opened.num_row_groups)]
    assert max(groups, default=0) <= 100
    assert [one.name for one in tmp_path.iterdir()] == [file.name]


def test_a_spool_that_is_given_up_leaves_no_part(tmp_path: Path) -> None:
    """Its rows are read from articles, and may outlive none of them."""

    def given_up() -> None:
        with Spool(tmp_path / "rows", SCHEMA, part_rows=600) as spool:
            for place in range(1_300):
                spool.add(place, ("", 1 // (1_200 - place)))

    with pytest.raises(ZeroDivisionError):
        given_up()
    assert list(tmp_path.iterdir()) == []
