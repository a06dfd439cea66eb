"""What is measured of an article against the stories it might belong to?

Pure numbers, no judgement: `measure` compares one article with all its candidate stories at once,
because how far a story is ahead of its rivals says more than how near it is (of stories decided
online, pairwise F1 is .86 with the rivals and .81 without).
"""

from __future__ import annotations

import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
import numpy.typing as npt

from storycluster.features import Float32
from storycluster.weighting import BUCKETS, VIEWS, SparseVector

Float64 = npt.NDArray[np.float64]

TOP = 3
"""Members whose mean is "near": one alone may be near by chance."""

GAP_SIGMA_DAYS = 3.0
"""Width of the Gaussians of the time gaps: the best of 1, 2, 3, 5 and 7 days in published work."""

SHORT_SIGMA_DAYS, LONG_SIGMA_DAYS = 1.0, 10.0
DISTANT_DAYS = 14.0
"""A story none of whose members was published within so many days of the article is distant."""

FAR_DAYS = 60.0

CHANNELS = (*VIEWS, "dense")
RIVAL_FLOOR = {
    "title": 0.15,
    "lead": 0.2,
    "body": 0.25,
    "names": 0.2,
    "chars": 0.25,
    "numbers": 0.0,
    "dense": 0.6,
}
"""What a rival measures at least, by channel: about the median of what nearest rivals are `near` in
labelled streams. A small collection has no rivals, and the only story in it is not ahead for that.
"""
FEW_RIVALS = 12
FEW_RIVALS_FLOOR = {
    "title": 0.3,
    "lead": 0.35,
    "body": 0.4,
    "names": 0.4,
    "chars": 0.35,
    "numbers": 0.3,
    "dense": 0.8,
}
"""The same where fewer stories than FEW_RIVALS were found: what nearest rivals reach in one of four
cases, since the nearest may not have arrived yet."""
_ASPECTS = ("near", "best", "center", "ahead")
_TIMES = (
    "gap_newest",
    "gap_oldest",
    "gap_mean",
    "gap_nearest",
    "gap_newest_wide",
    "gap_far",
    "age",
)

STRANGE = "strange"
_STRANGE_BELOW = {"title": 0.25, "body": 0.25, "names": 0.25, "chars": 0.35}
"""An article that is less like any member than this (root of the cosine) in all these channels has
next to nothing in common with the story: two unrelated headlines reach chars .3."""

MEASURES = (
    *(f"{channel}_{aspect}" for channel in CHANNELS for aspect in _ASPECTS),
    *_TIMES,
    STRANGE,
)
"""The names of what is measured, in the order of the columns (k, m).

Of each channel (a sparse view or the embedding) `near`: root of the mean cosine to the three
nearest members (the root because the step from .1 to .3 says more than the one from .6 to .8);
`best`: root of the cosine to the nearest; `center`: cosine to the centroid; `ahead`: `near` less
that of the nearest rival, another of the candidate stories (one that is not distant, unless the
story itself is), or RIVAL_FLOOR, -1..1. Gaussians of the days from the article to the newest,
oldest and mean member (sigma 3), to the nearest in time (1) and to the newest (10); `gap_far` grows
to 1 at sixty days from the nearest; `age` from 0 to 1 with the days since the oldest. `strange`: 1
where article and story have next to nothing in common, else 0.
"""

CONDITIONS = ("brief", "undated", "untitled", "distant", "foreign")
"""Under which evidence weighs otherwise: the article or all members are brief; a publish time is
unknown; the article has no headline; the story is distant; no member is in the article's language,
so that only names, numbers and letters can be shared."""


@dataclass(frozen=True, slots=True, eq=False)
class Profile:
    """What the decision sees of one article.

    `views` are unit TF-IDF vectors, `embedding` (d,) unit or zero, `numbers` hashes (t,) of the
    numbers in title and lead, `day` the publish time in days since 1970 or None if unknown.
    """

    views: Mapping[str, SparseVector]
    embedding: Float32
    numbers: frozenset[int]
    day: float | None
    brief: bool
    titled: bool
    stub: bool = False
    roundup: bool = False
    language: str = ""


@dataclass(frozen=True, slots=True, eq=False)
class _Laid:
    """The vectors of all members in one view, end to end: `buckets` and `weights` (t,), `owners`
    (t,) the member of each; `length` of their sum."""

    buckets: npt.NDArray[np.int32]
    weights: Float32
    owners: npt.NDArray[np.int64]
    length: float


@dataclass(frozen=True, eq=False)
class StoryProfile:
    """What the decision sees of a story: the members that stand for it, at least one."""

    story_id: str
    members: Sequence[Profile]

    @cached_property
    def laid(self) -> Mapping[str, _Laid]:
        """The members by view, ready to be compared with many articles."""
        return {view: _lay([member.views[view] for member in self.members]) for view in VIEWS}

    @cached_property
    def embeddings(self) -> Float32:
        """(members, d)."""
        return np.stack([member.embedding for member in self.members])

    @cached_property
    def embedding_length(self) -> float:
        """Length of the sum of the embeddings."""
        return float(np.linalg.norm(self.embeddings.sum(axis=0)))

    @cached_property
    def days(self) -> Float64:
        """Publish days of the members that have one."""
        return np.array([one.day for one in self.members if one.day is not None], dtype=np.float64)


@dataclass(frozen=True, slots=True, eq=False)
class Measured:
    """One story's MEASURES `values` (m,) and the CONDITIONS that hold, in their order."""

    values: Float64
    conditions: tuple[str, ...]


def measure(article: Profile, stories: Sequence[StoryProfile]) -> list[Measured]:
    """Every story against the article, in the order given; each is a rival of the others."""
    return compare(article, stories).among_rivals() if stories else []


@dataclass(frozen=True, slots=True, eq=False)
class Compared:
    """k stories, at least one, against an article, before it is known which of them are rivals.

    `found` (k, channels, 3): near, best and center; `times` (k, times); `strange` (k,).
    """

    conditions: Sequence[tuple[str, ...]]
    found: Float64
    times: Float64
    strange: npt.NDArray[np.bool_]

    def among_rivals(self, allies: npt.NDArray[np.bool_] | None = None) -> list[Measured]:
        """What is measured of each story. `allies` (k, k): pairs that are no rivals of each other,
        because they are taken to be one story; None: there are none."""
        table = self.values_among_rivals(allies)
        return [Measured(row, held) for row, held in zip(table, self.conditions, strict=True)]

    def values_among_rivals(self, allies: npt.NDArray[np.bool_] | None = None) -> Float64:
        """(k, m) the MEASURES of `among_rivals`."""
        floor = RIVAL_FLOOR if len(self.conditions) >= FEW_RIVALS else FEW_RIVALS_FLOOR
        distant = np.array(["distant" in held for held in self.conditions])
        return self._against(_rivals(self.found[:, :, 0], distant, allies), floor)

    def values_alone(self) -> Float64:
        """(k, m) the MEASURES of each story as if it were the only one."""
        nobody = np.zeros(self.found.shape[:2])
        return self._against(nobody, FEW_RIVALS_FLOOR)

    def _against(self, rivals: Float64, least: Mapping[str, float]) -> Float64:
        """`rivals` (k, channels): what the nearest rival measures."""
        floor = np.array([least[channel] for channel in CHANNELS])
        ahead = self.found[:, :, 0] - np.maximum(rivals, floor)
        similarities = np.concatenate([self.found, ahead[:, :, None]], axis=2)
        flat = similarities.reshape(len(self.conditions), -1)
        return np.concatenate([flat, self.times, self.strange[:, None]], axis=1)


def compare(article: Profile, stories: Sequence[StoryProfile]) -> Compared:
    """At least one story against the article, in the order given."""
    found = np.stack([_similarities(article, stories, channel) for channel in CHANNELS], axis=1)
    return Compared(
        conditions=[_conditions(article, story) for story in stories],
        found=found,
        times=np.array([_times(article, story) for story in stories]),
        strange=is_strange(found[:, :, 1]),
    )


def is_strange(best: Float64) -> npt.NDArray[np.bool_]:
    """(k,) whether stories whose nearest members measure `best` (k, channels) have next to nothing
    in common with the article."""
    below = [best[:, CHANNELS.index(name)] < bar for name, bar in _STRANGE_BELOW.items()]
    return np.asarray(np.all(below, axis=0), dtype=bool)


def cosine(one: SparseVector, other: SparseVector) -> float:
    """The dot product of two unit vectors."""
    dense = _scratch(one)
    found = float(dense[other.buckets] @ other.weights)
    dense[one.buckets] = 0.0
    return found


# -- similarities -------------------------------------------------------------------------------


def _similarities(article: Profile, stories: Sequence[StoryProfile], channel: str) -> Float64:
    """(k, 3): near, best and center of each story."""
    counts = np.array([len(story.members) for story in stories])
    if channel == "dense":
        members = np.concatenate([story.embeddings for story in stories])
        cosines = (members @ article.embedding).astype(np.float64)
        lengths = np.array([story.embedding_length for story in stories])
    else:
        laid = [story.laid[channel] for story in stories]
        cosines = _cosines(article.views[channel], laid, counts)
        lengths = np.array([one.length for one in laid])
    table = np.zeros((len(stories), counts.max()))  # (k, most members), the missing 0
    table[np.arange(counts.max()) < counts[:, None]] = np.maximum(cosines, 0.0)
    total = table.sum(axis=1)
    highest = -np.sort(-table, axis=1)[:, :TOP]
    near = np.sqrt(highest.sum(axis=1) / np.minimum(counts, TOP))
    center = np.minimum(total / np.where(lengths > 0.0, lengths, np.inf), 1.0)
    return np.stack([near, np.sqrt(highest[:, 0]), center], axis=1)


def _cosines(vector: SparseVector, laid: Sequence[_Laid], counts: npt.NDArray[np.int64]) -> Float64:
    """Cosines to all members of all stories, one after the other."""
    dense = _scratch(vector)
    shared = [dense[one.buckets] * one.weights for one in laid]
    dense[vector.buckets] = 0.0
    before = np.cumsum(counts) - counts
    owners = [one.owners + first for one, first in zip(laid, before.tolist(), strict=True)]
    total = int(counts.sum())
    found = np.bincount(np.concatenate(owners), weights=np.concatenate(shared), minlength=total)
    return found.astype(np.float64)


def _lay(vectors: Sequence[SparseVector]) -> _Laid:
    buckets = np.concatenate([vector.buckets for vector in vectors])
    weights = np.concatenate([vector.weights for vector in vectors])
    owners = np.repeat(np.arange(len(vectors)), [len(vector) for vector in vectors])
    dense = _local.array()
    for vector in vectors:  # buckets of one vector are distinct
        dense[vector.buckets] += vector.weights
    length = float(dense[buckets] @ weights) ** 0.5
    dense[buckets] = 0.0
    return _Laid(buckets, weights, owners, length)


def _rivals(
    near: Float64, distant: npt.NDArray[np.bool_], allies: npt.NDArray[np.bool_] | None
) -> Float64:
    """(k, c) the greatest `near` (k, c) among the rivals of each story; 0 where it has none."""
    others = (~distant | distant[:, None]) & ~np.eye(len(near), dtype=bool)
    if allies is not None:
        others &= ~allies
    rivals = np.zeros(near.shape)
    for channel, order in enumerate(np.argsort(-near, axis=0, kind="stable").T):
        ranked = others[:, order]  # the first that is one is the nearest
        first = ranked.argmax(axis=1)
        known = ranked[np.arange(len(near)), first]
        rivals[known, channel] = near[order[first[known]], channel]
    return rivals


class _Local(threading.local):
    """One scratch array for each thread that measures."""

    dense: Float32 | None = None

    def array(self) -> Float32:
        """(BUCKETS,) zeros; whoever writes into it wipes it again."""
        if self.dense is None:
            self.dense = np.zeros(BUCKETS, dtype=np.float32)
        return self.dense


_local = _Local()


def _scratch(vector: SparseVector) -> Float32:
    """A dense copy of a sparse vector, so that a dot product is one gather."""
    dense = _local.array()
    dense[vector.buckets] = vector.weights
    return dense


# -- time ---------------------------------------------------------------------------------------


def _conditions(article: Profile, story: StoryProfile) -> tuple[str, ...]:
    held = {
        "brief": article.brief or all(member.brief for member in story.members),
        "undated": article.day is None or not len(story.days),
        "untitled": not article.titled,
        "distant": bool(
            article.day is not None
            and len(story.days)
            and np.abs(story.days - article.day).min() > DISTANT_DAYS
        ),
        "foreign": bool(article.language)
        and all(member.language not in ("", article.language) for member in story.members),
    }
    return tuple(name for name in CONDITIONS if held[name])


def _times(article: Profile, story: StoryProfile) -> tuple[float, ...]:
    days = story.days
    if article.day is None or not len(days):
        return (0.0,) * len(_TIMES)
    nearest = float(np.abs(days - article.day).min())
    newest, oldest = article.day - float(days.max()), article.day - float(days.min())
    return (
        _gaussian(newest, GAP_SIGMA_DAYS),
        _gaussian(oldest, GAP_SIGMA_DAYS),
        _gaussian(article.day - float(days.mean()), GAP_SIGMA_DAYS),
        _gaussian(nearest, SHORT_SIGMA_DAYS),
        _gaussian(newest, LONG_SIGMA_DAYS),
        min(1.0, nearest / FAR_DAYS),
        1.0 - _gaussian(max(0.0, oldest), GAP_SIGMA_DAYS),
    )


def times_of_one(gaps: Float64) -> Float64:
    """(k, times) of stories of one member each, `gaps` (k,) days before the article, NaN where one
    of the two has no date."""
    near = np.abs(gaps)
    narrow = _gaussians(gaps, GAP_SIGMA_DAYS)
    found = np.stack(
        [
            narrow,
            narrow,
            narrow,
            _gaussians(near, SHORT_SIGMA_DAYS),
            _gaussians(gaps, LONG_SIGMA_DAYS),
            np.minimum(1.0, near / FAR_DAYS),
            1.0 - _gaussians(np.maximum(0.0, gaps), GAP_SIGMA_DAYS),
        ],
        axis=1,
    )
    return np.where(np.isnan(gaps)[:, None], 0.0, found)


def _gaussians(gaps: Float64, sigma: float) -> Float64:
    return np.asarray(np.exp(-(gaps**2) / (2.0 * sigma**2)), dtype=np.float64)


def _gaussian(gap: float, sigma: float) -> float:
    return float(np.exp(-(gap**2) / (2.0 * sigma**2)))
