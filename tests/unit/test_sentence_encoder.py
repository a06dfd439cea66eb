"""Does the default encoder keep the promises of the Encoder port, offline?"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("sentence_transformers", reason="the server extra is not installed")

from storycluster.backends import sentence_encoder
from storycluster.backends.sentence_encoder import (
    CARD_FILE,
    DEFAULT_FOLDER,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
    SentenceEncoder,
    files_digest,
    open_encoder,
)
from storycluster.errors import EncoderUnavailable

TEXTS = [
    "Ferry with ninety passengers sinks off the western coast",
    "Rescuers search for survivors after a ferry goes down in the west",
    "Central bank raises its key rate by half a point",
    "Đội tuyển thắng trận chung kết",
    "Паром затонул у берега",
    "rate " * 3000,
]

HASH_PROBE = """
import hashlib, sys
from storycluster.backends.sentence_encoder import open_encoder
encoder = open_encoder()
rows = encoder.encode(["Ferry sinks off the coast", "Bank raises rates", ""])
print(encoder.encoder_id, hashlib.sha256(rows.tobytes()).hexdigest())
"""


@pytest.fixture(scope="module")
def encoder() -> SentenceEncoder:
    return open_encoder()


def test_rows_are_unit_float32_of_the_told_width(encoder: SentenceEncoder) -> None:
    """Every text with a known token gives a float32 row of length 1 and `dimensions` columns."""
    rows = encoder.encode(TEXTS)
    assert rows.shape == (len(TEXTS), encoder.dimensions) == (len(TEXTS), 256)
    assert rows.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(rows, axis=1), 1.0, atol=1e-6)


@pytest.mark.parametrize("text", ["", " \n", "\u2603", "\u2603 \u2603"])
def test_text_without_a_known_token_is_a_zero_row(encoder: SentenceEncoder, text: str) -> None:
    """Nothing known gives zeros, never a made-up direction."""
    np.testing.assert_array_equal(encoder.encode([text]), np.zeros((1, 256), np.float32))


def test_no_texts_give_no_rows(encoder: SentenceEncoder) -> None:
    """An empty batch has the shape (0, d)."""
    assert encoder.encode([]).shape == (0, 256)


def test_a_row_does_not_depend_on_its_batch(encoder: SentenceEncoder) -> None:
    """A text alone, in a batch and in a reversed batch gives the same bits."""
    batch = encoder.encode([*TEXTS, "", *TEXTS])
    alone = np.concatenate([encoder.encode([text]) for text in TEXTS])
    np.testing.assert_array_equal(batch[: len(TEXTS)], alone)
    np.testing.assert_array_equal(encoder.encode(TEXTS[::-1])[::-1], alone)


def test_one_story_is_nearer_than_another(encoder: SentenceEncoder) -> None:
    """Two reports of one event are nearer to each other than to another event, by a clear step."""
    ferry, rescue, bank = encoder.encode(TEXTS[:3])
    assert float(ferry @ rescue) > float(ferry @ bank) + 0.2


def test_text_is_cut_at_512_tokens(encoder: SentenceEncoder) -> None:
    """What follows the 512th token does not change the row."""
    head = "ferry " * 512
    np.testing.assert_array_equal(*encoder.encode([head, head + "bank rate"]))
    shorter = "ferry " * 511
    assert not np.array_equal(*encoder.encode([shorter, shorter + "bank rate"]))


def test_threads_get_the_same_rows(encoder: SentenceEncoder) -> None:
    """Eight threads that encode at once get the rows one thread gets."""
    expected = encoder.encode(TEXTS)
    barrier, same = threading.Barrier(8), []

    def work() -> None:
        barrier.wait()
        same.append(all(np.array_equal(encoder.encode(TEXTS), expected) for _ in range(5)))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert same == [True] * 8


def test_the_files_are_those_of_the_card() -> None:
    """The shipped card's digest, dimensions and tokens are those of the shipped files."""
    card = json.loads((DEFAULT_FOLDER / CARD_FILE).read_text(encoding="utf-8"))
    table = sentence_encoder.static_weights(DEFAULT_FOLDER)
    assert files_digest(DEFAULT_FOLDER, [WEIGHTS_FILE, TOKENIZER_FILE]) == card["digest"]
    assert table.shape == (card["tokens"], card["dimensions"])


def test_the_id_carries_name_and_digest(encoder: SentenceEncoder) -> None:
    """The encoder id is the card's name, "@" and 12 digits of its digest."""
    card = json.loads((DEFAULT_FOLDER / CARD_FILE).read_text(encoding="utf-8"))
    assert encoder.encoder_id == f"{card['name']}@{card['digest'][:12]}"


def test_the_shipped_folder_is_at_most_ten_megabytes() -> None:
    """All that ships of the encoder is at most 10 MB on disk."""
    sizes = [path.stat().st_size for path in DEFAULT_FOLDER.rglob("*") if path.is_file()]
    assert 0 < sum(sizes) <= 10_000_000


def test_a_changed_file_is_refused(tmp_path: Path) -> None:
    """Weights that are not those of the card are not used."""
    folder = tmp_path / "encoder"
    shutil.copytree(DEFAULT_FOLDER, folder)
    weights = bytearray((folder / WEIGHTS_FILE).read_bytes())
    weights[-1] ^= 1
    (folder / WEIGHTS_FILE).write_bytes(weights)
    with pytest.raises(EncoderUnavailable, match="install storycluster again"):
        sentence_encoder._open_default(folder)


def test_opening_and_encoding_open_no_socket(monkeypatch: pytest.MonkeyPatch) -> None:
    """The default encoder works when any attempt to connect or resolve a name fails."""

    def refuse(*args: object, **kwargs: object) -> None:
        raise AssertionError(f"network used: {args}")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    assert open_encoder().encode(TEXTS[:1]).any()


@pytest.mark.slow
def test_hash_seed_does_not_change_a_bit() -> None:
    """Two processes with different hash seeds give the same bytes, offline and silently."""
    answers = set()
    for seed in ("0", "4242"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "HF_HUB_OFFLINE": "1"}
        done = subprocess.run(
            [sys.executable, "-c", HASH_PROBE],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
            timeout=300,
        )
        assert done.stderr == ""
        answers.add(done.stdout)
    assert len(answers) == 1


def test_importing_the_backend_does_not_import_torch() -> None:
    """The heavy libraries are imported by `open_encoder`, not with the module."""
    probe = (
        "import sys, storycluster.backends.sentence_encoder;"
        "print({'torch', 'sentence_transformers', 'transformers'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", probe], capture_output=True, text=True, check=True, timeout=120
    )
    assert done.stdout.strip() == "set()"


def test_a_missing_folder_is_named(tmp_path: Path) -> None:
    """A path that is no folder is refused with its name, without asking the network."""
    name = str(tmp_path / "nowhere")
    with pytest.raises(EncoderUnavailable) as caught:
        open_encoder(name)
    assert name in caught.value.message
    assert "no such folder" in caught.value.message


def test_a_folder_without_a_model_is_named(tmp_path: Path) -> None:
    """A folder that holds no model is refused in one line: its name, the reason, what to do."""
    with pytest.raises(EncoderUnavailable) as caught:
        open_encoder(str(tmp_path))
    assert str(tmp_path) in caught.value.message
    assert "HF_HOME" in caught.value.message
    assert "\n" not in caught.value.message


@pytest.mark.slow
def test_a_hub_name_that_is_not_cached_says_what_to_do(tmp_path: Path) -> None:
    """Offline, a hub name that is not in the cache is refused with its name and the remedy."""
    probe = (
        "from storycluster.backends.sentence_encoder import open_encoder\n"
        "from storycluster.errors import EncoderUnavailable\n"
        "try: open_encoder('no-such-owner/no-such-model')\n"
        "except EncoderUnavailable as error: print(error.message)\n"
    )
    environment = os.environ | {"HF_HUB_OFFLINE": "1", "HF_HOME": str(tmp_path)}
    done = subprocess.run(
        [sys.executable, "-c", probe],
        env=environment,
        capture_output=True,
        text=True,
        check=True,
        timeout=300,
    )
    assert "no-such-owner/no-such-model" in done.stdout
    assert "HF_HOME" in done.stdout
