"""Which vectors stand for texts, and which model made them?

`open_encoder("default")` loads the static embedding that ships in `storycluster/data/encoder`,
without any network; any other name or folder is loaded by sentence-transformers as it is. The heavy
imports (sentence-transformers and torch, 4 to 6 s on one core) happen inside `open_encoder`.
"""

from __future__ import annotations

import hashlib
import json
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import numpy.typing as npt

from storycluster.embedding import FloatArray, unit
from storycluster.errors import EncoderUnavailable

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

DEFAULT_FOLDER: Final = Path(__file__).resolve().parents[1] / "data" / "encoder"
WEIGHTS_FILE: Final = "model.safetensors"
TOKENIZER_FILE: Final = "tokenizer.json"
CARD_FILE: Final = "model.json"

STATIC_MAX_TOKENS: Final = 512
TRANSFORMER_MAX_TOKENS: Final = 256

_STATIC_BATCH: Final = 256
_TRANSFORMER_BATCH: Final = 1
"""One text a pass: in a padded batch the last bits of a row depend on its neighbours."""

_HUB_TIMEOUT_S: Final = 10.0
_DIGEST_FILES: Final = ("config.json", "modules.json", "sentence_bert_config.json")
_HELP: Final = (
    "pass the path of a local model folder, set HF_HOME to a cache that holds the model, "
    'or use encoder = "default"'
)


class SentenceEncoder:
    """A sentence-transformers model behind the `Encoder` port.

    Thread-safe: calls are serialised by a lock. The same text gives the same row, bit for bit,
    whatever the other texts of the call (on one machine, with one torch build and thread count).
    """

    def __init__(self, model: SentenceTransformer, *, encoder_id: str, batch_size: int) -> None:
        self._model = model
        self._batch_size = batch_size
        self._lock = threading.Lock()
        self._encoder_id = encoder_id
        dimensions = model.get_embedding_dimension()
        if not dimensions:
            raise EncoderUnavailable(f"encoder {encoder_id!r} tells no dimensions; {_HELP}")
        self._dimensions = int(dimensions)

    @property
    def encoder_id(self) -> str:
        """Name, "@", and the first 12 hexadecimal digits of the SHA-256 over the model's files."""
        return self._encoder_id

    @property
    def dimensions(self) -> int:
        """Columns d of every matrix `encode` returns."""
        return self._dimensions

    def encode(self, texts: Sequence[str]) -> FloatArray:
        """Unit rows (n, d) float32 in the order of `texts`; no texts give shape (0, d).

        A text without one known token (the empty text too) gives a zero row. Longer texts are cut:
        to 512 tokens by the default encoder, to 256 (or less, as the model says) by transformers.
        """
        known = [index for index, text in enumerate(texts) if text.strip()]
        rows = np.zeros((len(texts), self._dimensions), dtype=np.float32)
        if known:
            with self._lock:
                rows[known] = self._vectors([texts[index] for index in known])
        return rows

    def _vectors(self, texts: list[str]) -> FloatArray:
        raw: npt.NDArray[np.float32] = self._model.encode(
            texts,
            batch_size=self._batch_size,
            show_progress_bar=False,
            convert_to_numpy=True,
            normalize_embeddings=False,
        )
        return unit(raw)


def open_encoder(name: str = "default") -> SentenceEncoder:
    """The encoder called `name`: "default" (ships with the package), a model folder, or a hub name.

    A hub name is looked up in the local cache first; only when it is not there is the hub asked.
    Raises `EncoderUnavailable` that names the encoder, the reason and what to do.
    """
    try:
        import sentence_transformers  # noqa: F401 - asks whether it is there
    except ImportError as error:
        raise EncoderUnavailable(
            f"encoder {name!r}: sentence-transformers cannot be imported ({_first_line(error)}); "
            "pip install 'storycluster[server]'"
        ) from error
    try:
        with _quiet():
            return _open_default() if name == "default" else _open_other(name)
    except EncoderUnavailable:
        raise
    except Exception as error:  # every loader raises its own kinds: OSError, ValueError, httpx, ...
        raise EncoderUnavailable(
            f"encoder {name!r} cannot be loaded: {_first_line(error)}; {_HELP}"
        ) from error


def files_digest(folder: Path, files: Sequence[str]) -> str:
    """SHA-256 (hexadecimal) over the sorted relative names and contents of `files` in `folder`."""
    digest = hashlib.sha256()
    for file in sorted(files):
        with (folder / file).open("rb") as stream:
            content = hashlib.file_digest(stream, "sha256").hexdigest()
        digest.update(f"{file}\0{content}\n".encode())
    return digest.hexdigest()


def static_weights(folder: Path) -> FloatArray:
    """The (tokens, d) float32 table of a static encoder folder: int8 rows times their scales."""
    from safetensors.numpy import load_file

    tensors = load_file(folder / WEIGHTS_FILE)
    table: FloatArray = tensors["rows"].astype(np.float32)
    table *= tensors["scales"].astype(np.float32)[:, None]
    return table


def _open_default(folder: Path = DEFAULT_FOLDER) -> SentenceEncoder:
    from sentence_transformers import SentenceTransformer
    from sentence_transformers.sentence_transformer.modules import StaticEmbedding
    from tokenizers import Tokenizer

    card = json.loads((folder / CARD_FILE).read_text(encoding="utf-8"))
    digest = files_digest(folder, [WEIGHTS_FILE, TOKENIZER_FILE])
    if digest != card["digest"]:
        raise EncoderUnavailable(
            f"encoder 'default': the files in {folder} are not those of its {CARD_FILE} "
            f"(digest {digest[:12]}, expected {card['digest'][:12]}); install storycluster again"
        )
    tokenizer = Tokenizer.from_file(str(folder / TOKENIZER_FILE))
    module = StaticEmbedding(tokenizer, embedding_weights=static_weights(folder))
    module.tokenizer.enable_truncation(STATIC_MAX_TOKENS)
    model = SentenceTransformer(modules=[module], device="cpu")
    return SentenceEncoder(
        model, encoder_id=f"{card['name']}@{digest[:12]}", batch_size=_STATIC_BATCH
    )


def _open_other(name: str) -> SentenceEncoder:
    path = Path(name).expanduser()
    if not path.is_dir() and _looks_like_path(name):
        raise EncoderUnavailable(f"encoder {name!r}: there is no such folder; {_HELP}")
    if path.is_dir():
        model, folder, called = _load(str(path), offline=True), path.resolve(), path.resolve().name
    else:
        model, folder, called = *_load_hub(name), name
    digest = files_digest(folder, _model_files(folder))
    limit = model.max_seq_length
    static = limit is not None and limit > 1_000_000  # a static model says that it has no limit
    if not static:
        model.max_seq_length = min(limit or TRANSFORMER_MAX_TOKENS, TRANSFORMER_MAX_TOKENS)
    return SentenceEncoder(
        model,
        encoder_id=f"{called}@{digest[:12]}",
        batch_size=_STATIC_BATCH if static else _TRANSFORMER_BATCH,
    )


def _load_hub(name: str) -> tuple[SentenceTransformer, Path]:
    from huggingface_hub import model_info, snapshot_download

    try:
        model = _load(name, offline=True)
    except Exception:  # not in the cache
        # One question first: the loaders ask for a dozen files and retry each for half a minute.
        model_info(name, timeout=_HUB_TIMEOUT_S)
        model = _load(name, offline=False)
    return model, Path(snapshot_download(name, local_files_only=True))


def _load(name: str, *, offline: bool) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(
        name, device="cpu", local_files_only=offline, trust_remote_code=False
    )


def _model_files(folder: Path) -> list[str]:
    """Relative names of what decides the vectors: weights, tokenizer, and the modules' settings."""
    names = [str(path.relative_to(folder)) for path in folder.rglob("*") if path.is_file()]
    weights = [name for name in names if name.endswith(".safetensors")]
    weights = weights or [name for name in names if name.endswith("pytorch_model.bin")]
    tokens = [name for name in names if Path(name).name == TOKENIZER_FILE]
    tokens = tokens or [name for name in names if "vocab" in name or name.endswith(".model")]
    settings = [name for name in names if Path(name).name in _DIGEST_FILES]
    return weights + tokens + settings


def _looks_like_path(name: str) -> bool:
    return name.startswith((".", "/", "~")) or name.count("/") != 1 or "\\" in name


def _first_line(error: BaseException) -> str:
    lines = str(error).strip().splitlines()
    return f"{type(error).__name__}: {lines[0]}" if lines else type(error).__name__


@contextmanager
def _quiet() -> Iterator[None]:
    """No progress bars and no load reports on the terminal of a service; put back afterwards."""
    from transformers.utils import logging as reports

    names = ("transformers", "sentence_transformers", "huggingface_hub")
    loggers: list[Any] = [logging.getLogger(name) for name in names]
    levels = [logger.level for logger in loggers]
    bars = reports.is_progress_bar_enabled()
    reports.disable_progress_bar()  # type: ignore[no-untyped-call]
    for logger in loggers:
        logger.setLevel(logging.ERROR)
    try:
        yield
    finally:
        for logger, level in zip(loggers, levels, strict=True):
            logger.setLevel(level)
        if bars:
            reports.enable_progress_bar()  # type: ignore[no-untyped-call]
