"""How are the rows of a story changed?

A story is opened, counted anew, given its canonical, merged into another, or loses members to
another. Who moves is decided elsewhere (`surroundings`, `repair`). All within the writer's
transaction; each change leaves its event.
"""

from __future__ import annotations

import dataclasses
import hashlib
import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

import numpy as np
import numpy.typing as npt
from scipy.sparse import csr_matrix, hstack

from storycluster.canonical import CanonicalCandidate, choose_canonical
from storycluster.domain import (
    Assignment,
    Canonical,
    EventKind,
    Relation,
    StoredArticle,
    Story,
    StoryState,
)
from storycluster.engine.explaining import Why
from storycluster.engine.index import CollectionIndex, Entry
from storycluster.errors import StoreCorrupt
from storycluster.ports import Transaction
from storycluster.settings import Settings
from storycluster.weighting import BUCKETS, SparseVector

_TITLE_CHARACTERS = 200
_COPIES = (Relation.NEAR_COPY, Relation.EXACT_COPY)


@dataclass(frozen=True, slots=True, eq=False)
class Stories:
    """The stories of one collection at one moment (`now`), within one transaction."""

    collection: str
    transaction: Transaction
    index: CollectionIndex
    canonical_policy: str
    settings_digest: str
    now: datetime
    canonical_margin: float = Settings().canonical_margin
    source_rank: Sequence[str] = ()

    @property
    def _sequence(self) -> int:
        """Of the newest article: where in the collection's history this happens."""
        return self.transaction.last_sequence(self.collection)

    def get(self, story_id: str) -> Story:
        """The row of a story that must be there."""
        story = self.transaction.story(self.collection, story_id)
        if story is None:
            raise StoreCorrupt(f"story {story_id!r} has members but no row")
        return story

    def canonical(self, story_id: str) -> Canonical:
        """The canonical that a story has now."""
        canonical = self.get(story_id).canonical
        if canonical is None:
            raise StoreCorrupt(f"story {story_id!r} has no canonical")
        return canonical

    def open(self, story_id: str, *, headline: str, founder: str) -> None:
        """Put the row of a new story, still without members."""
        story = Story(
            story_id=story_id,
            state=StoryState.OPEN,
            title=_clipped(headline),
            article_count=0,
            unique_count=0,
            reprint_count=0,
            source_count=0,
            revision=0,
            create_time=self.now,
            update_time=self.now,
        )
        self.transaction.put_story(self.collection, story)
        self.tell(EventKind.STORY_CREATED, story_id, founder)

    def merge(self, one: str, other: str, why: Why, *, cause: str) -> str:
        """Make two stories one; the older id stays, is returned, and the other redirects to it.

        `cause` is the article that showed it. The row of the one that stays is not counted anew.
        """
        winner, loser = sorted((one, other))
        members = self.index.members(loser)
        self.index.move(members, winner)
        for entry in members:
            was = self.stored(entry.article_id).assignment
            founder = was.relation is Relation.NEW_STORY
            relation = Relation.SAME_STORY if founder else was.relation
            self._reassign(was, entry, winner, relation=relation, why=why)
        self._redirect(loser, winner, cause=cause)
        return winner

    def group(self, entry: Entry) -> list[Entry]:
        """The reprint group of an article within its story: copies stay together."""
        members = self.index.members(entry.story_id)
        return [one for one in members if one.reprint_group == entry.reprint_group]

    def transfer(self, moved: Sequence[Entry], story_id: str, why: Why) -> None:
        """Move members of one story, in order of arrival, to another, which may be new.

        Verified copies keep their relation. Neither story is counted anew.
        """
        opening = not self.index.members(story_id)
        self.index.move(moved, story_id)
        for place, entry in enumerate(moved):
            was = self.stored(entry.article_id).assignment
            relation = was.relation
            if relation in (Relation.NEW_STORY, Relation.SAME_STORY):
                relation = Relation.NEW_STORY if opening and not place else Relation.SAME_STORY
            self._reassign(was, entry, story_id, relation=relation, why=why)

    def part(self, leaving: Sequence[Entry], why: Why) -> str:
        """Give some members of a story, in order of arrival, a story of their own; returns its id.

        The new story is counted, the one they left is not yet.
        """
        founder = leaving[0].article_id
        opened = self._unused_id(founder, self._sequence)
        self.open(opened, headline=self.stored(founder).article.title, founder=founder)
        self.transfer(leaving, opened, why)
        self.refresh(opened)
        return opened

    def _unused_id(self, founder: str, sequence: int) -> str:
        """A new story id; an article may found a second story at one sequence, after a merge."""
        for attempt in itertools.count():
            story_id = new_story_id(self.collection, founder, sequence, attempt=attempt)
            if self.transaction.story(self.collection, story_id) is None:
                break
        return story_id

    def stored(self, article_id: str) -> StoredArticle:
        """The latest revision of an article that must be there."""
        stored = self.transaction.article(self.collection, article_id)
        if stored is None:
            raise StoreCorrupt(f"article {article_id!r} is indexed but not stored")
        return stored

    def _reassign(
        self,
        was: Assignment,
        entry: Entry,
        story_id: str,
        *,
        relation: Relation,
        why: Why,
    ) -> None:
        """Supersede an article's assignment by one to another story; `entry` is as it was. A copy
        keeps its confidence: it goes where its original goes."""
        moved = dataclasses.replace(
            was,
            story_id=story_id,
            relation=relation,
            confidence=was.confidence if relation in _COPIES else why.confidence,
            previous_story_id=entry.story_id,
            sequence=self._sequence,
            evidence=why.evidence,
            runners_up=why.runners_up,
            model=why.model,
            settings_digest=self.settings_digest,
        )
        self.transaction.add_assignment(self.collection, moved)
        detail = {"from_story_id": entry.story_id}
        self.tell(EventKind.MEMBER_MOVED, story_id, entry.article_id, detail)

    def _redirect(self, loser: str, winner: str, *, cause: str) -> None:
        gone = dataclasses.replace(
            self.get(loser),
            state=StoryState.MERGED,
            merged_into_story_id=winner,
            canonical=None,
            article_count=0,
            unique_count=0,
            reprint_count=0,
            source_count=0,
            update_time=self.now,
        )
        self.transaction.put_story(self.collection, gone)
        self.tell(EventKind.STORY_MERGED, loser, cause, {"merged_into": winner})

    def refresh(self, story_id: str, *, cause: str = "") -> Canonical:
        """Count the members again and choose the canonical; an event where it changed.

        The story is titled after its canonical, read again where that changed or is the `cause`.
        """
        story, members = self.get(story_id), self.index.members(story_id)
        canonical = choose_canonical(
            canonical_candidates(members, self.canonical_policy, self.source_rank),
            self.canonical_policy,
            present=self._holder(story),
            margin=self.canonical_margin,
        )
        before = story.canonical.article_id if story.canonical else ""
        title = story.title
        if canonical.article_id != before or canonical.article_id == cause:
            title = _clipped(self.stored(canonical.article_id).article.title) or title
        self.transaction.put_story(
            self.collection, _recounted(story, members, canonical, title, self.now)
        )
        if canonical.article_id != before:
            detail = {"from_article_id": before, "reason": canonical.reason}
            self.tell(EventKind.CANONICAL_CHANGED, story_id, canonical.article_id, detail)
        return canonical

    def _holder(self, story: Story) -> str:
        """The id of the canonical that may hold: one that this policy chose, else ""."""
        if story.canonical is None or story.canonical.policy != self.canonical_policy:
            return ""
        return story.canonical.article_id

    def tell(
        self,
        kind: EventKind,
        story_id: str,
        article_id: str,
        detail: Mapping[str, str] | None = None,
    ) -> None:
        """Append an event to the feed."""
        self.transaction.add_event(
            self.collection,
            kind,
            time=self.now,
            story_id=story_id,
            article_id=article_id,
            detail=detail,
        )


def new_story_id(collection: str, article_id: str, sequence: int, *, attempt: int = 0) -> str:
    """An opaque id whose order is that of creation; the same for the same history."""
    again = f"\x00{attempt}" if attempt else ""
    named = f"{collection}\x00{article_id}\x00{sequence}{again}".encode()
    return f"s{sequence:010x}{hashlib.blake2b(named, digest_size=4).hexdigest()}"


def _clipped(title: str) -> str:
    plain = " ".join(title.split())
    return plain if len(plain) <= _TITLE_CHARACTERS else plain[: _TITLE_CHARACTERS - 1] + "…"


def canonical_candidates(
    members: Sequence[Entry], policy: str, source_rank: Sequence[str] = ()
) -> list[CanonicalCandidate]:
    """The members of a story, in their order, with what the policy asks of them."""
    plain = [_canonical_candidate(member) for member in members]
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
    bodies = _rows([one.profile.views["body"] for one in members])
    embeddings = csr_matrix(np.stack([one.profile.embedding for one in members]), dtype=np.float64)
    vectors = hstack([bodies, embeddings], format="csr")
    shares = 1.0 / np.bincount(places)[places]
    votes = csr_matrix((shares, (places, np.arange(len(members))))) @ vectors  # (groups, columns)
    to_all = vectors @ np.asarray(votes.sum(axis=0)).ravel()
    to_own = np.asarray(vectors.multiply(votes[places]).sum(axis=1)).ravel()
    mean = np.maximum(to_all - to_own, 0.0) / (len(groups) - 1) / 2.0
    return [float(one) for one in np.round(mean, 6)]  # summation order cannot decide


def _rows(vectors: Sequence[SparseVector]) -> csr_matrix:
    """(n, used buckets) float64."""
    used, columns = np.unique(np.concatenate([one.buckets for one in vectors]), return_inverse=True)
    weights = np.concatenate([one.weights for one in vectors]).astype(np.float64)
    ends = np.cumsum([0, *(len(one) for one in vectors)])
    return csr_matrix((weights, columns, ends), shape=(len(vectors), len(used)))


def source_ranks(members: Sequence[Entry], source_rank: Sequence[str]) -> list[int]:
    """The place of each member's source in the list, 0 the best, capitals and outer spaces aside;
    its length for one that is not listed."""
    places: dict[str, int] = {}
    for place, source in enumerate(source_rank):
        places.setdefault(_plain(source), place)
    return [places.get(_plain(member.source), len(source_rank)) for member in members]


def _plain(source: str) -> str:
    return source.strip().casefold()


def _canonical_candidate(entry: Entry) -> CanonicalCandidate:
    return CanonicalCandidate(
        article_id=entry.article_id,
        sequence=entry.first_sequence,
        hosted=entry.hosted,
        titled=entry.titled,
        publish_time=entry.first_publish_time,
        publish_precision=entry.first_publish_precision,
        prose_words=entry.prose_words,
    )


def _recounted(
    story: Story, members: Sequence[Entry], canonical: Canonical, title: str, now: datetime
) -> Story:
    groups = {member.reprint_group for member in members}
    times = [member.publish_time for member in members if member.publish_time is not None]
    return dataclasses.replace(
        story,
        title=title,
        canonical=canonical,
        article_count=len(members),
        unique_count=len(groups),
        reprint_count=len(members) - len(groups),
        source_count=len({member.source for member in members}),
        revision=story.revision + 1,
        update_time=now,
        first_publish_time=min(times, default=None),
        last_publish_time=max(times, default=None),
    )
