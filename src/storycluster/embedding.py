"""What of an article is embedded, and how are vectors compared?

Pure: numpy only. The models live in `backends/sentence_encoder.py`.
"""

from __future__ import annotations

import re
from typing import Final

import numpy as np
import numpy.typing as npt

FloatArray = npt.NDArray[np.float32]

LEAD_WORDS: Final = 256
"""Words of the text put behind the title; `benchmarks/results/encoder.md` compares 80 with 256."""

_CHARACTERS_A_WORD: Final = 12
"""Bound for scripts written without spaces, where one "word" may be the whole text."""

_WORD: Final = re.compile(r"\S+")


def embedding_text(title: str, text: str, *, lead_words: int = LEAD_WORDS) -> str:
    """The title, a line break, then the first `lead_words` words of the text.

    White space is folded to single spaces. A text that opens with its title does not say it twice.
    The lead is also cut at 12 characters a word, so that a text without spaces stays short.
    Either part may be empty; both empty gives the empty string.
    """
    if lead_words < 0:
        raise ValueError(f"lead_words must not be negative: {lead_words}")
    head = " ".join(title.split())
    lead = _lead(text, words=lead_words)
    if not head or lead.startswith(head):
        return lead
    return f"{head}\n{lead}" if lead else head


def _lead(text: str, *, words: int) -> str:
    taken: list[str] = []
    room = words * _CHARACTERS_A_WORD
    for match in _WORD.finditer(text):
        if len(taken) == words or room <= 0:
            break
        taken.append(match.group()[:room])
        room -= len(taken[-1])
    return " ".join(taken)


def unit(vectors: npt.ArrayLike) -> FloatArray:
    """Rows scaled to length 1, as float32; a zero row (or one with no finite length) stays zero.

    Takes (n, d) or (d,), returns the same shape. The input is not changed.
    """
    rows = np.asarray(vectors, dtype=np.float64)
    length = np.sqrt(np.sum(rows * rows, axis=-1, keepdims=True))
    known = np.isfinite(length) & (length > 0.0)
    return np.where(known, rows / np.where(known, length, 1.0), 0.0).astype(np.float32)


def cosine(left: npt.ArrayLike, right: npt.ArrayLike) -> FloatArray:
    """Cosines of every row of `left` (n, d) with every row of `right` (m, d): (n, m) in [-1, 1].

    A zero row has cosine 0 with everything.
    """
    product: FloatArray = unit(left) @ unit(right).T
    return product.clip(-1.0, 1.0)
