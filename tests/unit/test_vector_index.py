"""Is the vector index exact, deterministic, and never wrong after a damaged snapshot?"""

from __future__ import annotations

import shutil
from datetime import date, timedelta
from pathlib import Path

import faiss
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storycluster.backends.vector_index import VectorIndex
from storycluster.errors import InvalidInput, NotFound, SchemeMismatch, StoreError
from storycluster.features import Float32

D = 16
DAY = date(2024, 5, 1)
ENCODER = "encoder/1"


def unit_rows(n: int, *, seed: int = 0) -> Float32:
    """(n, d) random unit vectors."""
    rows = np.random.default_rng(seed).standard_normal((n, D)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def filled(n: int = 60, *, days: int = 3) -> tuple[VectorIndex, Float32]:
    """Sequences 1..n over some days, every seventh without a date."""
    rows = unit_rows(n)
    index = VectorIndex(D, encoder_id=ENCODER)
    for number, row in enumerate(rows, 1):
        index.add(number, day_of(number, days), row)
    return index, rows


def day_of(sequence: int, days: int = 3) -> date | None:
    """Where `filled` puts a sequence."""
    return None if sequence % 7 == 0 else DAY + timedelta(days=sequence % days)


def expected(rows: Float32, query: Float32, sequences: list[int], k: int) -> list[int]:
    """The k nearest by a plain loop."""
    exact = rows.astype(np.float64) @ query.astype(np.float64)
    return sorted(sequences, key=lambda one: (-exact[one - 1], one))[:k]


def test_a_search_is_exact_over_the_days_asked_for() -> None:
    """The answer equals a plain scan of the day range and the undated articles."""
    index, rows = filled()
    for query in unit_rows(10, seed=1):
        everything = list(range(1, 61))
        assert [s for s, _ in index.search_all(query, 9)] == expected(rows, query, everything, 9)
        wanted = [s for s in everything if day_of(s) in (None, DAY + timedelta(days=1))]
        one_day = DAY + timedelta(days=1)
        found = index.search(query, 9, first_day=one_day, last_day=one_day)
        assert [s for s, _ in found] == expected(rows, query, wanted, 9)
        from_then = index.search(query, 99, first_day=one_day)
        assert {s for s, _ in from_then} == {s for s in everything if day_of(s) != DAY}


def test_similarities_are_inner_products() -> None:
    """What is returned is the cosine of unit vectors, not a distance."""
    index, rows = filled()
    found = dict(index.search_all(rows[4], 60))
    assert found[5] == pytest.approx(1.0, abs=1e-6)
    assert found[9] == pytest.approx(float(rows[4] @ rows[8]), abs=1e-6)


def test_equal_similarities_come_in_ascending_sequence() -> None:
    """Of more twins than are asked for the first ones win, in whatever order they came."""
    row = unit_rows(1)[0]
    orders = [list(range(1, 40)), list(range(39, 0, -1))]
    for order in orders:
        index = VectorIndex(D, encoder_id=ENCODER)
        for sequence in order:
            index.add(sequence, DAY if sequence % 2 else None, row)
        assert [sequence for sequence, _ in index.search_all(row, 5)] == [1, 2, 3, 4, 5]


@settings(max_examples=60, deadline=None)
@given(st.permutations(list(range(1, 25))), st.integers(1, 24))
def test_the_answer_does_not_depend_on_the_order_of_arrival(order: list[int], k: int) -> None:
    """Sequences and similarities are equal to the last bit for every order of adding."""
    rows = unit_rows(24)
    reference, index = VectorIndex(D), VectorIndex(D)
    for sequence in range(1, 25):
        reference.add(sequence, DAY, rows[sequence - 1])
    for sequence in order:
        index.add(sequence, DAY, rows[sequence - 1])
    query = unit_rows(1, seed=5)[0]
    assert index.search_all(query, k) == reference.search_all(query, k)


def test_a_removed_vector_is_found_no_more() -> None:
    """Removing takes out exactly that sequence; a second time says there was none."""
    index, rows = filled()
    assert index.remove(5)
    assert not index.remove(5)
    assert len(index) == 59
    assert 5 not in index
    assert 5 not in [sequence for sequence, _ in index.search_all(rows[4], 60)]
    with pytest.raises(NotFound):
        index.vector(5)
    index.add(5, None, rows[4])
    assert index.search_all(rows[4], 1)[0][0] == 5


def test_a_dropped_day_takes_its_vectors_along() -> None:
    """Dropping a day forgets all of its sequences and no other."""
    index, rows = filled()
    gone = [s for s in range(1, 61) if day_of(s) == DAY]
    assert index.drop_day(DAY) == len(gone)
    assert index.drop_day(DAY) == 0
    kept = [sequence for sequence, _ in index.search_all(rows[0], 60)]
    assert sorted(kept) == [s for s in range(1, 61) if s not in gone]


def test_a_vector_comes_back_as_it_was_added() -> None:
    """Reading a vector gives the same bits."""
    index, rows = filled()
    assert all(np.array_equal(index.vector(s), rows[s - 1]) for s in range(1, 61))


def test_a_zero_vector_is_left_out() -> None:
    """A text without a known token has no neighbours and is nobody's neighbour."""
    index, _rows = filled()
    zero = np.zeros(D, np.float32)
    index.add(99, DAY, zero)
    assert 99 not in index
    assert index.search_all(zero, 5) == []
    assert index.search_all(unit_rows(1)[0], 0) == []
    assert VectorIndex(D).search_all(unit_rows(1)[0], 5) == []


def test_wrong_vectors_are_refused() -> None:
    """Another length, a value that is not finite, and a known sequence are refused."""
    index, rows = filled()
    with pytest.raises(SchemeMismatch, match="dimensions"):
        index.add(99, DAY, np.ones(D + 1, np.float32))
    with pytest.raises(InvalidInput, match="not finite"):
        index.add(99, DAY, np.full(D, np.nan, np.float32))
    with pytest.raises(StoreError, match="sequence 5"):
        index.add(5, None, rows[4])
    assert len(index) == 60


def load(folder: Path, *, encoder_id: str = ENCODER, d: int = D) -> tuple[VectorIndex, int] | None:
    """What is in the folder."""
    return VectorIndex.load(folder, encoder_id=encoder_id, dimensions=d)


def test_a_saved_index_answers_equally(tmp_path: Path) -> None:
    """Saved and loaded it gives the same neighbours, similarities and stamp, and goes on."""
    index, rows = filled()
    index.save(tmp_path / "index", stamp=60)
    loaded = load(tmp_path / "index")
    assert loaded is not None
    again, stamp = loaded
    assert stamp == 60
    assert len(again) == 60
    for query in unit_rows(5, seed=2):
        assert again.search_all(query, 10) == index.search_all(query, 10)
    assert again.remove(5)
    again.add(61, DAY, rows[0])
    again.save(tmp_path / "index", stamp=61)
    third = load(tmp_path / "index")
    assert third is not None
    assert third[1] == 61
    assert third[0].search_all(rows[0], 60) == again.search_all(rows[0], 60)


def test_only_changed_shards_are_written_and_old_ones_go(tmp_path: Path) -> None:
    """A second save leaves unchanged files alone and deletes what no manifest names."""
    index, rows = filled()
    index.save(tmp_path, stamp=60)
    before = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.part")}
    index.add(61, DAY, rows[0])
    index.drop_day(DAY + timedelta(days=1))
    index.save(tmp_path, stamp=61)
    after = {path.name: path.stat().st_mtime_ns for path in tmp_path.glob("*.part")}
    assert len(before) == 4
    assert len(after) == 3
    assert len(set(before.items()) & set(after.items())) == 2


def test_nothing_saved_means_rebuild(tmp_path: Path) -> None:
    """An empty or missing folder has no index."""
    assert load(tmp_path) is None
    assert load(tmp_path / "none") is None


def test_another_encoder_dimension_or_library_means_rebuild(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A snapshot of another encoder, dimension or FAISS version is never loaded."""
    filled()[0].save(tmp_path, stamp=60)
    assert load(tmp_path, encoder_id="encoder/2") is None
    assert load(tmp_path, d=D + 1) is None
    assert load(tmp_path) is not None
    monkeypatch.setattr(faiss, "__version__", "0.0.1")
    assert load(tmp_path) is None


def test_a_missing_shard_means_rebuild(tmp_path: Path) -> None:
    """An index without one of its days would be wrong, so there is none."""
    filled()[0].save(tmp_path, stamp=60)
    for path in sorted(tmp_path.iterdir()):
        kept = path.read_bytes()
        path.unlink()
        assert load(tmp_path) is None
        path.write_bytes(kept)
    assert load(tmp_path) is not None


def test_a_flipped_bit_anywhere_means_rebuild(tmp_path: Path) -> None:
    """Any flipped bit, in a shard or in the manifest, gives None and never a wrong index."""
    filled()[0].save(tmp_path / "good", stamp=60)
    random = np.random.default_rng(3)
    tried = 0
    for path in sorted((tmp_path / "good").iterdir()):
        data = path.read_bytes()
        for place in random.integers(0, len(data), 25):
            shutil.rmtree(tmp_path / "bad", ignore_errors=True)
            shutil.copytree(tmp_path / "good", tmp_path / "bad")
            flipped = bytearray(data)
            flipped[place] ^= 1 << int(random.integers(0, 8))
            (tmp_path / "bad" / path.name).write_bytes(flipped)
            assert load(tmp_path / "bad") is None, (path.name, place)
            tried += 1
    assert tried == 125


def test_a_cut_off_file_means_rebuild(tmp_path: Path) -> None:
    """A shard or a manifest that ends early is not loaded."""
    filled()[0].save(tmp_path, stamp=60)
    for path in sorted(tmp_path.iterdir()):
        data = path.read_bytes()
        for length in (0, 1, len(data) // 2, len(data) - 1):
            path.write_bytes(data[:length])
            assert load(tmp_path) is None
        path.write_bytes(data)


def test_a_save_that_was_cut_off_leaves_the_one_before(tmp_path: Path) -> None:
    """Until the manifest is renamed the earlier snapshot is whole, new parts beside it or not."""
    index, rows = filled()
    index.save(tmp_path, stamp=60)
    shutil.copytree(tmp_path, tmp_path / "later")
    index.add(61, DAY, rows[0])
    index.save(tmp_path / "later", stamp=61)
    for path in (tmp_path / "later").glob("*.part"):
        shutil.copy(path, tmp_path)
    (tmp_path / "manifest.json.tmp").write_bytes(b"{")
    loaded = load(tmp_path)
    assert loaded is not None
    assert (len(loaded[0]), loaded[1]) == (60, 60)
