"""What does each canonical policy ask of the members of a story?"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection, Sequence

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack

from storycluster.canonical import CanonicalCandidate
from storycluster.engine.entry import Entry
from storycluster.weighting import BUCKETS, sparse_rows


def canonical_candidates(
    members: Sequence[Entry],
    policy: str,
    source_rank: Sequence[str] = (),
    *,
    pinned: Collection[str] = (),
) -> list[CanonicalCandidate]:
    """The members of a story, in their order, with what the policy asks of them; `pinned` are
    ids of articles."""
    plain = [_canonical_candidate(member, pinned) for member in members]
    if policy == "most_facts":
        counts = core_facts(members)
        return [dataclasses.replace(p, core_facts=n) for p, n in zip(plain, counts, strict=True)]
    if policy == "medoid":
        values = centralities(members)
        return [dataclasses.replace(p, centrality=v) for p, v in zip(plain, values, strict=True)]
    if policy == "source_rank":
        ranks = source_ranks(members, source_rank)
        return [dataclasses.replace(p, rank=r) for p, r in zip(plain, ranks, strict=True)]
    return plain


def core_facts(members: Sequence[Entry]) -> list[int]:
    """How many core facts each member states: those that two reprint groups or more state.

    A fact is a name of the text (each word of it, too) or a number of title and lead, known by its
    bucket.
    """
    stated = [_facts(member) for member in members]
    owners = np.repeat(np.arange(len(members)), [len(facts) for facts in stated])
    groups, places = np.unique([one.reprint_group for one in members], return_inverse=True)
    known, columns = np.unique(np.concatenate(stated), return_inverse=True)
    once_a_group = np.unique(columns * len(groups) + places[owners]) // len(groups)
    core = np.bincount(once_a_group, minlength=len(known)) >= 2
    counts = np.bincount(owners[core[columns]], minlength=len(members))
    return [int(count) for count in counts]


def _facts(member: Entry) -> npt.NDArray[np.int32]:
    """(t,) distinct: buckets of names, then those of numbers behind them."""
    views = member.profile.views
    return np.concatenate([views["names"].buckets, views["numbers"].buckets + BUCKETS])


def centralities(members: Sequence[Entry]) -> list[float]:
    """How much each member is like the others, 0..1: the mean over the other reprint groups of its
    mean similarity to their articles; 0 where there is no other group.

    The similarity is the mean of the cosines of body and embedding.
    """
    groups, places = np.unique([one.reprint_group for one in members], return_inverse=True)
    if len(groups) == 1:
        return [0.0] * len(members)
    bodies = sparse_rows([one.profile.views["body"] for one in members])
    embeddings = csr_matrix(np.stack([one.profile.embedding for one in members]), dtype=np.float64)
    vectors = hstack([bodies, embeddings], format="csr")
    shares = 1.0 / np.bincount(places)[places]
    votes = csr_matrix((shares, (places, np.arange(len(members))))) @ vectors  # (groups, columns)
    to_all = vectors @ np.asarray(votes.sum(axis=0)).ravel()
    to_own = np.asarray(vectors.multiply(votes[places]).sum(axis=1)).ravel()
    mean = np.maximum(to_all - to_own, 0.0) / (len(groups) - 1) / 2.0
    return [float(one) for one in np.round(mean, 6)]  # summation order cannot decide


def source_ranks(members: Sequence[Entry], source_rank: Sequence[str]) -> list[int]:
    """The place of each member's source in the list, 0 the best, capitals and outer spaces aside;
    its length for one that is not listed."""
    places: dict[str, int] = {}
    for place, source in enumerate(source_rank):
        places.setdefault(_plain(source), place)
    return [places.get(_plain(member.source), len(source_rank)) for member in members]


def _plain(source: str) -> str:
    return source.strip().casefold()


def _canonical_candidate(entry: Entry, pinned: Collection[str]) -> CanonicalCandidate:
    return CanonicalCandidate(
        article_id=entry.article_id,
        sequence=entry.first_sequence,
        hosted=entry.hosted,
        titled=entry.titled,
        publish_time=entry.first_publish_time,
        publish_precision=entry.first_publish_precision,
        prose_words=entry.prose_words,
        pinned=entry.article_id in pinned,
    )
