"""How does the distilled token table learn what news articles have in common?

Two losses on unlabelled articles, in batches half of which are made of the teacher's neighbours:
the similarities of the batch should rank as the teacher's do (KL divergence of their softmaxes),
and the title with the first words of an article should find the rest of the same article (InfoNCE,
both ways). A share of the tokens is dropped at every step: no article is told by one rare word.
One thread, fixed seed; about a minute of steps after some ten minutes of the teacher's reading.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
import torch.nn.functional as F  # noqa: N812 - torch's own name for it

from storycluster.embedding import embedding_text

Table = npt.NDArray[np.float32]
Tokens = list[npt.NDArray[np.int64]]

STEPS: Final = 500
"""Allsides AP is .640 here and .636 after 1,000 steps: more steps learn the background by heart."""
BATCH: Final = 256
NEIGHBOURS: Final = 8
HARD_SHARE: Final = 0.5
DROP: Final = 0.4
TEMPERATURE: Final = 0.05
LEARNING_RATE: Final = 0.05
"""In units of the table's standard deviation."""
TEACHER_WORDS: Final = 80
TEACHER_TOKENS: Final = 128

SHARES: Final = {
    "news_background_2012_2015": 0.50,
    "bbc_2004_2005": 0.10,
    "bbc_headlines_dev": 0.18,
    "headlines_2026_scale": 0.14,
    "ml_crisis_background": 0.08,
}
EVERY: Final = {"headlines_2026_scale": 6}
"""One article in n is used where the file is far larger than the steps can see."""
TEACHERLESS: Final = frozenset({"ml_crisis_background"})
"""Languages the teacher does not read: title and lead only."""


@dataclass(frozen=True, slots=True, eq=False)
class Group:
    """The articles of one file: whole texts, the two views of each, the teacher's rows (n, 384)."""

    whole: Tokens
    head: Tokens
    rest: Tokens
    paired: npt.NDArray[np.bool_]
    teacher: torch.Tensor | None
    neighbours: npt.NDArray[np.int64] | None


def fine_tune(
    table: Table,
    tokenizer: Any,
    articles: dict[str, list[dict[str, Any]]],
    *,
    teacher: Path,
    seed: int,
    cache: Path | None = None,
) -> tuple[Table, str]:
    """The trained table (same shape) and one line for the card. Zero rows stay zero."""
    groups = [
        _group(
            articles[name][:: EVERY.get(name, 1)],
            tokenizer,
            teacher=None if name in TEACHERLESS else teacher,
            cache=cache,
        )
        for name in SHARES
    ]
    known = np.abs(table).max(axis=1, keepdims=True) > 0
    start = table / np.sqrt(np.mean(np.sum(table * table, axis=1)))
    weights = torch.nn.Parameter(torch.from_numpy(start.copy()))
    rate = LEARNING_RATE * float(start.std())
    optimiser = torch.optim.Adam([weights], lr=rate)
    rng = np.random.default_rng(seed)
    for step in range(STEPS):
        optimiser.param_groups[0]["lr"] = rate * max(0.05, 1 - step / (2 * STEPS))
        group = groups[rng.choice(len(groups), p=list(SHARES.values()))]
        loss = _loss(weights, group, _batch(group, rng), rng)
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        if (step + 1) % 100 == 0:
            print(f"step {step + 1}/{STEPS}: loss {loss.item():.3f}", flush=True)
    trained: Table = np.where(known, weights.detach().numpy(), 0.0).astype(np.float32)
    return trained, f"fine-tuned: {STEPS} steps of {BATCH}, seed {seed}"


def _loss(
    weights: torch.Tensor,
    group: Group,
    batch: npt.NDArray[np.int64],
    rng: np.random.Generator,
) -> torch.Tensor:
    loss = weights.sum() * 0.0
    if group.teacher is not None:
        rows = _bag(weights, [group.whole[i] for i in batch], rng)
        told = group.teacher[torch.from_numpy(batch)]
        loss = loss + F.kl_div(
            _ranking(rows), _ranking(told), log_target=True, reduction="batchmean"
        )
    paired = batch[group.paired[batch]]
    if len(paired) >= BATCH // 8:
        heads = _bag(weights, [group.head[i] for i in paired], rng)
        rests = _bag(weights, [group.rest[i] for i in paired], rng)
        scores, same = heads @ rests.T / TEMPERATURE, torch.arange(len(paired))
        loss = loss + 0.5 * (F.cross_entropy(scores, same) + F.cross_entropy(scores.T, same))
    return loss


def _ranking(rows: torch.Tensor) -> torch.Tensor:
    """Log softmax of each row's similarities to the others, itself left out."""
    itself = torch.eye(len(rows), dtype=torch.bool)
    return F.log_softmax((rows @ rows.T / TEMPERATURE).masked_fill(itself, -1e9), dim=1)


def _bag(weights: torch.Tensor, texts: Tokens, rng: np.random.Generator) -> torch.Tensor:
    kept = [ids[rng.random(len(ids)) >= DROP] if len(ids) > 8 else ids for ids in texts]
    flat = torch.from_numpy(np.concatenate(kept))
    starts = torch.from_numpy(np.cumsum([0] + [len(ids) for ids in kept[:-1]]))
    return F.normalize(F.embedding_bag(flat, weights, starts, mode="mean"), dim=1)


def _batch(group: Group, rng: np.random.Generator) -> npt.NDArray[np.int64]:
    size = len(group.whole)
    if group.neighbours is not None and rng.random() < HARD_SHARE:
        seeds = rng.choice(size, BATCH // NEIGHBOURS, replace=False)
        return np.unique(group.neighbours[seeds])
    return rng.choice(size, BATCH, replace=False)


def _group(
    articles: list[dict[str, Any]], tokenizer: Any, *, teacher: Path | None, cache: Path | None
) -> Group:
    whole = [embedding_text(a["title"], a["text"], lead_words=TEACHER_WORDS) for a in articles]
    views = [_views(article["title"], article["text"].split()) for article in articles]
    head = _ids(tokenizer, [view[0] for view in views])
    rest = _ids(tokenizer, [view[1] for view in views])
    vectors = None if teacher is None else torch.from_numpy(_read(teacher, whole, cache))
    return Group(
        whole=_ids(tokenizer, whole),
        head=head,
        rest=rest,
        paired=np.array([len(a) >= 3 and len(b) >= 5 for a, b in zip(head, rest, strict=True)]),
        teacher=vectors,
        neighbours=None if vectors is None else _neighbours(vectors),
    )


def _views(title: str, words: list[str]) -> tuple[str, str]:
    """Two parts of one article without a word in common: a long text is cut inside."""
    cut = 40 if len(words) > 60 else 0
    return " ".join([title, *words[:cut]]), " ".join(words[cut : cut + 200])


def _ids(tokenizer: Any, texts: list[str]) -> Tokens:
    encoded = tokenizer.encode_batch(texts, add_special_tokens=False)
    return [np.array(encoding.ids, dtype=np.int64) for encoding in encoded]


def _neighbours(vectors: torch.Tensor) -> npt.NDArray[np.int64]:
    """Indices (n, 8) of the teacher's nearest articles, each article among its own."""
    found = [
        torch.topk(part @ vectors.T, NEIGHBOURS, dim=1).indices for part in vectors.split(1024)
    ]
    return torch.cat(found).numpy()


def _read(teacher: Path, texts: list[str], cache: Path | None) -> Table:
    """The teacher's unit rows; kept in `cache`, when given, under the digest of the texts."""
    from sentence_transformers import SentenceTransformer

    digest = hashlib.sha256("\0".join(texts).encode()).hexdigest()[:16]
    if cache is not None and (cache / f"{digest}.npy").exists():
        rows: Table = np.load(cache / f"{digest}.npy")
        return rows
    model = SentenceTransformer(str(teacher), device="cpu")
    model.max_seq_length = TEACHER_TOKENS
    rows = model.encode(texts, normalize_embeddings=True, show_progress_bar=False)
    if cache is not None:
        cache.mkdir(parents=True, exist_ok=True)
        np.save(cache / f"{digest}.npy", rows)
    return rows
