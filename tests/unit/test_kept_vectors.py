"""vectors: what is encoded stays encoded."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from upgrading import Words

from storycluster.errors import InvalidInput, PreconditionFailed
from storycluster.upgrade.vectors import KeptVectors

TEXTS = ["ferry sinks", "mill burns", "ferry sinks", ""]


def test_a_text_is_encoded_once(tmp_path: Path) -> None:
    """The same text again, in the same call, a later one or after a restart, is found."""
    words = Words()
    kept = KeptVectors(words, tmp_path / "vectors")
    first = kept.encode(TEXTS)
    np.testing.assert_array_equal(first, Words().encode(TEXTS))
    np.testing.assert_array_equal(kept.encode(TEXTS[1:]), first[1:])
    kept.close()
    again = KeptVectors(words, tmp_path / "vectors")
    np.testing.assert_array_equal(again.encode(TEXTS), first)
    again.close()
    assert (len(words.texts), kept.made, again.made) == (3, 3, 0)


def test_no_texts_give_no_rows(tmp_path: Path) -> None:
    """Of the right width."""
    kept = KeptVectors(Words(), tmp_path / "vectors")
    assert kept.encode([]).shape == (0, 16)
    kept.close()


@pytest.mark.parametrize("damage", ["cut", "changed"])
def test_what_a_crash_left_at_the_end_is_made_again(tmp_path: Path, damage: str) -> None:
    """A last record that is short, or is not what was written, does not count."""
    file = tmp_path / "vectors"
    kept = KeptVectors(Words(), file)
    wanted = kept.encode(TEXTS)
    kept.close()
    data = file.read_bytes()
    file.write_bytes(data[:-7] if damage == "cut" else data[:-7] + bytes(7))
    words = Words()
    again = KeptVectors(words, file)
    np.testing.assert_array_equal(again.encode(TEXTS), wanted)
    again.close()
    assert len(words.texts) == 1
    assert file.read_bytes() == data


def test_vectors_of_another_encoder_are_refused(tmp_path: Path) -> None:
    """Also a file of another kind, and neither is changed."""
    file = tmp_path / "vectors"
    kept = KeptVectors(Words(), file)
    kept.encode(TEXTS)
    kept.close()
    other = Words()
    other.encoder_id = "words@2"
    text = tmp_path / "letter.txt"
    text.write_text("Dear editor")
    for path, encoder in ((file, other), (text, Words())):
        before = path.read_bytes()
        with pytest.raises(InvalidInput, match="of another encoder"):
            KeptVectors(encoder, path)
        assert path.read_bytes() == before


def test_two_upgrades_do_not_share_a_file(tmp_path: Path) -> None:
    """The second is refused while the first is under way."""
    kept = KeptVectors(Words(), tmp_path / "vectors")
    with pytest.raises(PreconditionFailed, match="another upgrade"):
        KeptVectors(Words(), tmp_path / "vectors")
    kept.close()
    KeptVectors(Words(), tmp_path / "vectors").close()
