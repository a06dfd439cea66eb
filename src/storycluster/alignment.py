"""Which sentence of one article says the same as which sentence of another?

Sentences are lists of words; (b, d) and (o, d) unit vectors of them are optional. All pairs that
share a telling word are measured at once; memory is b x o floats, so the caller bounds b and o.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from storycluster.facts.lexicon import FUNCTION_WORDS, ORDINALS, SAME_NOUN, SMALL, TENS
from storycluster.facts.names import AliasGroups, aliases
from storycluster.settings import DifferenceSettings

Float32 = npt.NDArray[np.float32]

_STEM = 6  # Letters kept of a word: joins operation(s), Russia(n), kilometre(s)/kilometer(s).
_FUNCTION_WEIGHT = 0.15
_POSTING_CAP = 200_000  # Pairs one common word may propose: bounds long articles.
_SPELLING = {"defence": "defense", "licence": "license", "organis": "organiz", "grey": "gray"}


@dataclass(frozen=True, slots=True)
class Link:
    """Sentence `base` and sentence `other` (indices) say the same; `part` where one is only a piece
    of the other (a split or a merge)."""

    base: int
    other: int
    similarity: float
    part: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Alignment:
    """`links` by base, then other; the best similarity of each sentence: (b,) and (o,) float32.

    `copied` says that the two texts share wording, as versions and reprints do. `similarity` is
    (b, o). The shares (b,) and (o,) tell how much of a sentence's telling weight occurs anywhere in
    the other article.
    """

    links: tuple[Link, ...]
    base_best: Float32
    other_best: Float32
    copied: bool
    similarity: Float32
    base_share: Float32
    other_share: Float32


def stems(tokens: Sequence[str], own: AliasGroups = ()) -> list[str]:
    """Words as compared: numbers in figures, aliases joined, those that ship and `own`, endings and
    spelling dropped."""
    known = aliases(own)
    found: list[str] = []
    i = 0
    while i < len(tokens):
        token = tokens[i]
        pair = f"{token} {tokens[i + 1]}" if i + 1 < len(tokens) else ""
        if pair in known and known[pair] == pair:
            found.append(pair)
            i += 2
            continue
        i += 1
        if token in SMALL or token in TENS:
            found.append(str(SMALL.get(token) or TENS.get(token) or 0))
        elif token in ORDINALS:
            found.append(token)
        else:
            found.append(_stem(known.get(token, token) if len(token) > 2 else token))
    return found


def _stem(token: str) -> str:
    if " " in token or token.isdigit():
        return token
    token = _SPELLING.get(token, token)
    if len(token) > 3 and token.endswith("s") and not token.endswith("ss"):
        token = token[:-1]
    return SAME_NOUN.get(token, token)[:_STEM]


def is_telling(stem: str) -> bool:
    """Whether a stem carries meaning of its own."""
    return stem not in FUNCTION_WORDS and (len(stem) > 1 or stem.isdigit())


def align(
    base: Sequence[Sequence[str]],
    other: Sequence[Sequence[str]],
    settings: DifferenceSettings,
    *,
    base_vectors: Float32 | None = None,
    other_vectors: Float32 | None = None,
) -> Alignment:
    """Align stemmed sentences. Symmetric: swapping the sides swaps the links."""
    copied = _containment(base, other) >= settings.copied_containment
    if not base or not other:
        nothing = [np.zeros(len(side), np.float32) for side in (base, other)]
        empty = np.zeros((len(base), len(other)), np.float32)
        return Alignment((), nothing[0], nothing[1], copied, empty, nothing[0], nothing[1])
    dice, contained = _overlap(base, other, words=1)
    pairs, pairs_contained = _overlap(base, other, words=2)
    retold: Float32 = (0.8 * dice + 0.2 * pairs).astype(np.float32)
    if base_vectors is not None and other_vectors is not None:
        cosine = np.clip(base_vectors @ other_vectors.T, 0.0, 1.0)
        retold = (0.5 * dice + 0.5 * cosine).astype(np.float32)
        retold[dice <= settings.least_overlap] = 0.0
    similarity = np.round((dice + pairs) / 2 if copied else retold, 5).astype(np.float32)
    links = _greedy(similarity, settings.copied_bar if copied else settings.independent_bar)
    if copied:
        links += _between(links, similarity, settings.neighbour_bar)
        links += _left(links, retold, settings.independent_bar)
    links += _parts(links, similarity, np.minimum(contained, pairs_contained + 0.25), settings)
    best = np.maximum(similarity, contained * pairs_contained) if copied else similarity
    ordered = tuple(sorted(links, key=lambda link: (link.base, link.other)))
    shares = _share(base, other), _share(other, base)
    return Alignment(ordered, best.max(1), best.max(0), copied, similarity, *shares)


def _share(side: Sequence[Sequence[str]], against: Sequence[Sequence[str]]) -> Float32:
    """(n,) share of the telling stems of each sentence that occur anywhere in the other article;
    stems that are frequent in either article say less."""
    known = {stem for sentence in against for stem in sentence}
    counts = Counter(stem for text in (side, against) for s in text for stem in set(s))
    result = np.ones(len(side), np.float32)
    for i, sentence in enumerate(side):
        weights = {stem: 1.0 / counts[stem] for stem in sentence if is_telling(stem)}
        if weights:
            result[i] = sum(w for s, w in weights.items() if s in known) / sum(weights.values())
    return result


def _containment(base: Sequence[Sequence[str]], other: Sequence[Sequence[str]]) -> float:
    """Share of the smaller text's runs of three words that the other has too."""
    left, right = (
        {tuple(s[i : i + 3]) for s in side for i in range(len(s) - 2)} for side in (base, other)
    )
    smaller = min(len(left), len(right))
    if not smaller:
        return 1.0 if [list(s) for s in base] == [list(s) for s in other] else 0.0
    return len(left & right) / smaller


def _grams(sentence: Sequence[str], words: int) -> set[tuple[str, ...]]:
    if words == 1:
        return {(token,) for token in sentence}
    padded = ["^", *sentence, "$"]
    return {(padded[i], padded[i + 1]) for i in range(len(padded) - 1)}


def _overlap(
    base: Sequence[Sequence[str]], other: Sequence[Sequence[str]], *, words: int
) -> tuple[Float32, Float32]:
    """(b, o) Dice and containment of weighted n-grams; rare ones weigh more."""
    ids: dict[tuple[str, ...], int] = {}
    sides = []
    for side in (base, other):
        rows, columns = [], []
        for row, sentence in enumerate(side):
            for gram in sorted(_grams(sentence, words)):
                rows.append(row)
                columns.append(ids.setdefault(gram, len(ids)))
        sides.append((np.asarray(rows, np.int64), np.asarray(columns, np.int64)))
    counts = sum(np.bincount(columns, minlength=len(ids)) for _, columns in sides)
    weights = np.log1p((len(base) + len(other)) / np.maximum(counts, 1))
    plain = np.asarray([not any(map(is_telling, gram)) for gram in ids], bool)
    weights[plain] *= _FUNCTION_WEIGHT
    shared = _shared(sides[0], sides[1], weights, (len(base), len(other)), plain)
    sizes = [
        np.bincount(rows, weights=weights[columns], minlength=n)
        for (rows, columns), n in zip(sides, (len(base), len(other)), strict=True)
    ]
    total = sizes[0][:, None] + sizes[1][None, :]
    least = np.minimum(sizes[0][:, None], sizes[1][None, :])
    with np.errstate(invalid="ignore", divide="ignore"):
        dice = np.nan_to_num(2 * shared / total)
        contained = np.nan_to_num(shared / least)
    return dice.astype(np.float32), contained.astype(np.float32)


def _shared(
    left: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
    right: tuple[npt.NDArray[np.int64], npt.NDArray[np.int64]],
    weights: npt.NDArray[np.float64],
    shape: tuple[int, int],
    plain: npt.NDArray[np.bool_],
) -> npt.NDArray[np.float64]:
    """(b, o) summed weight of shared grams, by walking posting lists instead of all pairs."""
    order = [np.argsort(columns, kind="stable") for _, columns in (left, right)]
    rows = [left[0][order[0]], right[0][order[1]]]
    counts = [np.bincount(columns, minlength=len(weights)) for _, columns in (left, right)]
    starts = [np.cumsum(count) - count for count in counts]
    products = counts[0] * counts[1]
    # A common function word tells nothing between long texts and would cost b x o.
    use = (products > 0) & (products <= _POSTING_CAP) & ~(plain & (products > 4_000))
    grams = np.flatnonzero(use)
    sizes = products[grams]
    gram = np.repeat(grams, sizes)
    step = np.arange(len(gram)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    i = rows[0][starts[0][gram] + step // counts[1][gram]]
    j = rows[1][starts[1][gram] + step % counts[1][gram]]
    flat = np.bincount(i * shape[1] + j, weights=weights[gram], minlength=shape[0] * shape[1])
    return flat.astype(np.float64).reshape(shape)


def _left(links: list[Link], similarity: Float32, bar: float) -> list[Link]:
    """The sentences that no link has, aligned by another similarity."""
    rest = similarity.copy()
    rest[[link.base for link in links]] = 0.0
    rest[:, [link.other for link in links]] = 0.0
    return _greedy(rest, bar)


def _greedy(similarity: Float32, bar: float) -> list[Link]:
    """One to one, best first; ties go to the pair that stands most alike as counted from the
    beginning or from the end, then the earliest."""
    i, j = np.nonzero(similarity >= bar)
    values = similarity[i, j]
    rows, columns = similarity.shape
    place = np.minimum(np.abs(i - j), np.abs((rows - i) - (columns - j)))
    order = np.lexsort((np.maximum(i, j), i + j, place, -values))
    used_base, used_other = set[int](), set[int]()
    links = []
    for k in order.tolist():
        a, b = int(i[k]), int(j[k])
        if a in used_base or b in used_other:
            continue
        used_base.add(a)
        used_other.add(b)
        links.append(Link(a, b, float(values[k])))
    return links


def _between(links: list[Link], similarity: Float32, bar: float) -> list[Link]:
    """In versions, the one sentence left between two aligned neighbours on both sides is the same
    sentence rewritten, at a lower bar."""
    to = {link.base: link.other for link in links}
    taken = set(to.values())
    found = []
    rows, columns = similarity.shape
    for a in range(rows):
        if a in to:
            continue
        before = to.get(a - 1, -1 if a == 0 else None)
        after = to.get(a + 1, columns if a == rows - 1 else None)
        if before is None or after is None or after - before != 2 or before + 1 in taken:
            continue
        if similarity[a, before + 1] >= bar:
            found.append(Link(a, before + 1, float(similarity[a, before + 1])))
    return found


def _parts(
    links: list[Link], similarity: Float32, contained: Float32, settings: DifferenceSettings
) -> list[Link]:
    """Sentences left over that are held by a sentence of the other side, taken or not."""
    found = []
    used_base, used_other = {link.base for link in links}, {link.other for link in links}
    for a in range(similarity.shape[0]):
        b = int(np.argmax(contained[a]))
        if a not in used_base and contained[a, b] >= settings.part_bar:
            found.append(Link(a, b, float(similarity[a, b]), part=True))
    for b in range(similarity.shape[1]):
        a = int(np.argmax(contained[:, b]))
        if b not in used_other and contained[a, b] >= settings.part_bar:
            link = Link(a, b, float(similarity[a, b]), part=True)
            if link not in found:
                found.append(link)
    return found
