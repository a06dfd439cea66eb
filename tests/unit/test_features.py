"""features: array legend, packing."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.errors import StoreCorrupt
from storycluster.features import VIEWS, Features, Terms, pack, term_id, unpack

terms = st.lists(st.text(max_size=5), max_size=20).map(Terms.of)


@st.composite
def features(draw: st.DrawFn) -> Features:
    ids = st.lists(st.integers(0, 2**32 - 1), max_size=10)
    floats = st.lists(st.floats(-1, 1, width=32), max_size=8)
    return Features(
        signature=np.array(draw(ids), dtype=np.uint32),
        shingles=np.array(draw(ids), dtype=np.uint32),
        embedding=np.array(draw(floats), dtype=np.float32),
        views={view: draw(terms) for view in VIEWS},
        language=draw(st.sampled_from(["", "en", "zh-Hant"])),
        prose_words=draw(st.integers(0, 10**6)),
        titled=draw(st.booleans()),
        hosted=draw(st.booleans()),
        stub=draw(st.booleans()),
        lines=np.array(draw(ids), dtype=np.uint32),
        topic=np.array(draw(ids), dtype=np.uint32),
        outlet=draw(st.integers(0, 2**32 - 1)),
        home=draw(st.integers(0, 2**32 - 1)),
    )


@given(features())
def test_unpack_is_the_inverse_of_pack(made: Features) -> None:
    """What is packed comes back equal, array by array."""
    back = unpack(pack(made))
    np.testing.assert_array_equal(made.signature, back.signature)
    np.testing.assert_array_equal(made.shingles, back.shingles)
    np.testing.assert_array_equal(made.embedding, back.embedding)
    for view in VIEWS:
        np.testing.assert_array_equal(made.views[view].ids, back.views[view].ids)
        np.testing.assert_array_equal(made.views[view].counts, back.views[view].counts)
    np.testing.assert_array_equal(made.lines, back.lines)
    np.testing.assert_array_equal(made.topic, back.topic)
    for name in ("language", "prose_words", "titled", "hosted", "stub", "outlet", "home"):
        assert getattr(made, name) == getattr(back, name), name


@given(features(), st.integers(1, 40))
def test_a_cut_row_is_refused(made: Features, cut: int) -> None:
    """A feature row that lost bytes is corrupt, never a shorter article."""
    with pytest.raises(StoreCorrupt):
        unpack(pack(made)[:-cut])


@given(st.lists(st.text(max_size=4), max_size=30))
def test_terms_are_ascending_and_counted(words: list[str]) -> None:
    """Ids ascend strictly and the counts add up to the words."""
    made = Terms.of(words)
    assert (np.diff(made.ids.astype(np.int64)) > 0).all()
    assert made.counts.sum() == len(words)


def test_term_ids_never_change() -> None:
    """A term's id is the same in every process and release: stored rows depend on it."""
    assert [term_id(""), term_id("a"), term_id("Алеппо")] == [46947589, 1426945110, 94604131]
