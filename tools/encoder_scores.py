"""How good is an encoder at telling that two articles are one story?

Average precision over the pairs of a labelled file that were published within 14 days.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from storycluster.embedding import embedding_text, unit

Encode = Callable[[Sequence[str]], npt.NDArray[np.float32]]

DAYS: Final = 14.0


@dataclass(frozen=True, slots=True, eq=False)
class Pairs:
    """Texts (n,), and of every scored pair its two indices and whether it is one story."""

    texts: list[str]
    left: npt.NDArray[np.int64]
    right: npt.NDArray[np.int64]
    same: npt.NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Task:
    """One column of the table."""

    title: str
    file: str
    words: int
    language: str | None = None


TASKS: Final = (
    Task("allsides, 80 words", "allsides_stories_dev", 80),
    Task("allsides, 256 words", "allsides_stories_dev", 256),
    Task("newscluster, 256 words", "newscluster_dev", 256),
    Task("og2021, English headlines", "og2021_headlines_dev", 0, "en"),
    Task("og2021, 9 languages", "og2021_headlines_dev", 0),
    Task("Vietnamese, 256 words", "vietnamese_mds_dev", 256),
)


def load_pairs(data: Path, task: Task) -> Pairs:
    """The dated, labelled articles of one file and their pairs within 14 days."""
    with gzip.open(data / f"{task.file}.jsonl.gz", "rt", encoding="utf-8") as lines:
        articles = [json.loads(line) for line in lines]
    chosen = [a for a in articles if a["story"] and a["published_at"]]
    chosen = [a for a in chosen if task.language in (None, a["language"])]
    chosen.sort(key=lambda a: (a["published_at"], a["id"]))
    days = np.array([_days(a["published_at"]) for a in chosen])
    stories = np.unique([a["story"] for a in chosen], return_inverse=True)[1]
    threads = np.unique([a.get("thread") or a["id"] for a in chosen], return_inverse=True)[1]
    ends = np.searchsorted(days, days + DAYS, side="right")
    left = np.repeat(np.arange(len(chosen)), ends - np.arange(len(chosen)) - 1)
    right = np.concatenate([np.arange(i + 1, end) for i, end in enumerate(ends)])
    scored = (stories[left] == stories[right]) | (threads[left] != threads[right])
    left, right = left[scored], right[scored]
    texts = [embedding_text(a["title"], a["text"], lead_words=task.words) for a in chosen]
    return Pairs(texts, left, right, stories[left] == stories[right])


def average_precision(pairs: Pairs, rows: npt.NDArray[np.float32]) -> float:
    """Area under precision over recall, equal cosines counted together; in [0, 1]."""
    steps = range(0, len(pairs.left), 200_000)
    scores = np.concatenate(
        [
            np.einsum(
                "ij,ij->i", rows[pairs.left[i : i + 200_000]], rows[pairs.right[i : i + 200_000]]
            )
            for i in steps
        ]
    )
    order = np.argsort(-scores, kind="stable")
    hits, ranked = np.cumsum(pairs.same[order]), scores[order]
    ends = np.flatnonzero(np.r_[ranked[1:] != ranked[:-1], True])
    recall = hits[ends] / hits[-1]
    return float(np.sum(np.diff(np.r_[0.0, recall]) * hits[ends] / (ends + 1)))


def table_encoder(table: npt.NDArray[np.float32], tokenizer: Any, *, max_tokens: int) -> Encode:
    """Mean of the token rows, as the static encoder does it, for a table that is not shipped."""

    def encode(texts: Sequence[str]) -> npt.NDArray[np.float32]:
        rows = np.zeros((len(texts), table.shape[1]), dtype=np.float32)
        for index, text in enumerate(texts):
            ids = tokenizer.encode(text, add_special_tokens=False).ids[:max_tokens]
            if ids:
                rows[index] = table[ids].mean(axis=0)
        return unit(rows)

    return encode


def _days(moment: str) -> float:
    return datetime.fromisoformat(moment.replace("Z", "+00:00")).timestamp() / 86400
