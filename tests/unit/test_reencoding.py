"""reencoding: the lines of a collection with the vectors of another encoder."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from upgrading import DESK, FOOTER, NOON, Clock, Words, articles, lived

from storycluster.backends import open_store, stored_scheme
from storycluster.engine import Engine, scheme_of
from storycluster.engine.exporting import export_lines
from storycluster.errors import InvalidInput
from storycluster.features import unpack
from storycluster.ports import Encoder
from storycluster.settings import Settings
from storycluster.upgrade.reencoding import BATCH, Reencoder


def exported(data: Path) -> list[bytes]:
    scheme = stored_scheme(str(data))
    store = open_store(str(data), scheme)
    with store.read() as reader:
        given = {"scheme": scheme, "now": NOON, "with_withdrawn": True, "with_held": True}
        found = list(export_lines(reader, "desk", **given))  # type: ignore[arg-type]
    store.close()
    return found


@pytest.fixture(scope="module")
def lines(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> list[bytes]:
    """A collection in which much has happened."""
    data = tmp_path_factory.mktemp("old") / "data"
    lived(data, encoder)
    return exported(data)


def mapped(lines: Sequence[bytes], encoder: Encoder) -> list[bytes]:
    return list(Reencoder(encoder, Settings()).lines(lines))


def without_vectors(lines: Sequence[bytes]) -> list[Any]:
    """The records between header and end; of features all but the vector."""
    found = []
    for line in lines[1:-1]:
        record = json.loads(line)
        if record.get("features"):
            features = unpack(base64.b64decode(record["features"]))
            views = {
                name: (v.ids.tolist(), v.counts.tolist()) for name, v in features.views.items()
            }
            record["features"] = (
                features.signature.tolist(),
                features.shingles.tolist(),
                features.lines.tolist(),
                (views, features.language, features.prose_words, features.outlet, features.home),
            )
        found.append(record)
    return found


def test_the_header_names_the_new_encoder_and_nothing_else_changes(lines: list[bytes]) -> None:
    """Encoder and dimensions are the new ones; format, schemes and time are as they were."""
    before, after = json.loads(lines[0]), json.loads(mapped(lines, Words())[0])
    assert (after["encoder_id"], after["dimensions"]) == ("words@1", 16)
    assert {**after, "encoder_id": "", "dimensions": 0} == {
        **before,
        "encoder_id": "",
        "dimensions": 0,
    }


def test_everything_but_the_vectors_is_kept(lines: list[bytes]) -> None:
    """Stories, decisions, tombstones, constraints, overrides, audit, what is held: equal."""
    assert without_vectors(mapped(lines, Words())) == without_vectors(lines)


def test_the_way_there_and_back_gives_the_very_lines(lines: list[bytes], encoder: Encoder) -> None:
    """Byte for byte, vectors and digest included, though a footer was learned on the way."""
    there = mapped(lines, Words())
    assert there[1:] != lines[1:]
    assert mapped(there, encoder) == lines


def test_a_vector_is_made_of_the_prose_without_learned_furniture(lines: list[bytes]) -> None:
    """The Courier's footer is in the texts before it was learned, and not in those after."""
    words = Words()
    again = Reencoder(words, Settings())
    list(again.lines(lines))
    courier = [text for text in words.texts if text.startswith("Thieves took") or FOOTER in text]
    assert any(FOOTER in text for text in courier)
    assert not all(FOOTER in text for text in courier)
    assert again.unlike == 0


def test_prose_that_cannot_be_told_any_more_is_counted(encoder: Encoder, tmp_path: Path) -> None:
    """The articles that taught a footer are erased: who was masked by it is told."""
    store = open_store(str(tmp_path / "data"), scheme_of(encoder, Settings()))
    engine = Engine(store, encoder, clock=Clock())
    for article in articles():
        engine.ingest("desk", [article])
    for event in ("ferry", "mill", "vote"):
        engine.withdraw("desk", f"courier-{event}", DESK)
        engine.erase("desk", f"courier-{event}", DESK)
    engine.close()
    again = Reencoder(Words(), Settings())
    list(again.lines(exported(tmp_path / "data")))
    assert again.unlike > 0


def test_texts_are_encoded_in_groups_and_told(lines: list[bytes]) -> None:
    """`tell` hears how many revisions have their vector, at last all of them."""
    heard: list[int] = []
    again = Reencoder(Words(), Settings(), heard.append)
    list(again.lines(lines))
    wanted = sum(b'"features":"' in line and b'"features":""' not in line for line in lines[1:])
    assert heard[-1] == again.done == wanted
    assert heard == sorted(heard)
    assert len(heard) == wanted // BATCH + 1


def test_a_file_that_is_cut_off_is_refused(lines: list[bytes]) -> None:
    """As an import refuses it."""
    with pytest.raises(InvalidInput, match="cut off"):
        mapped(lines[:-1], Words())


def test_an_article_of_no_known_word_gets_a_vector_of_the_new_size(lines: list[bytes]) -> None:
    """Every vector has the dimensions that the header names."""
    for line in mapped(lines, Words())[1:-1]:
        record = json.loads(line)
        if record.get("features"):
            vector = unpack(base64.b64decode(record["features"])).embedding
            assert vector.shape == (16,)
            assert np.linalg.norm(vector) == pytest.approx(1.0, abs=1e-5)
