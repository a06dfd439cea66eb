"""Which stored articles and stories are worth scoring for a new one?

The in-memory index of one collection: term postings, embeddings by day (FAISS), profiles of
articles and stories. It is a cache of the store: `rebuild` fills it from feature rows, and only
the writer's thread touches it.
"""

from __future__ import annotations

from array import array
from bisect import insort
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path

import numpy as np
import numpy.typing as npt

from storycluster.backends.vector_index import VectorIndex
from storycluster.domain import CollectionSettings, Constraint
from storycluster.engine.constraints import Constraints
from storycluster.engine.entry import EPOCH, Entry, profile
from storycluster.engine.settled import Settled
from storycluster.features import Features, UInt32
from storycluster.learned_furniture import LineCounts
from storycluster.measures import Float64, Profile, StoryProfile
from storycluster.ports import IndexRow
from storycluster.settings import Settings
from storycluster.weighting import DocumentFrequencies, SparseVector, heaviest

_GONE = np.inf


@dataclass(slots=True)
class _Posting:
    """Articles under one term, in order of arrival, with the term's weight in each."""

    sequences: array[int]
    weights: array[float]


class CollectionIndex:
    """The index of one collection."""

    def __init__(self, dimensions: int, settings: Settings, *, encoder_id: str = "") -> None:
        self._settings = settings
        self._encoder_id = encoder_id
        self._dimensions = dimensions
        self._vectors = VectorIndex(dimensions, encoder_id=encoder_id)
        self._newest = 0
        self._postings: dict[int, _Posting] = {}
        self._days = np.full(1024, _GONE)  # publish day by sequence, NaN for an undated article
        self._stories: dict[str, list[int]] = {}
        self._profiles: dict[str, StoryProfile] = {}
        self._cores: dict[str, tuple[StoryProfile, StoryProfile]] = {}
        self._unique: dict[str, int] = {}
        self._withdrawn: dict[str, Entry] = {}
        self.held: dict[str, tuple[UInt32, Profile]] = {}
        """Shingles and profile of what is held, by digest: no search looks here."""
        self.constraints = Constraints()
        self.settled = Settled()
        self.chosen = CollectionSettings()
        self.entries: dict[int, Entry] = {}
        self.sequences: dict[str, int] = {}
        self.frequencies = DocumentFrequencies(settings.candidates.decay_days)
        self.furniture = LineCounts(settings.furniture)

    # -- writing ------------------------------------------------------------------------------

    def rebuild(
        self,
        rows: Iterable[IndexRow],
        constraints: Iterable[Constraint] = (),
        *,
        last_sequence: int,
        snapshot: Path | None = None,
    ) -> None:
        """Fill an empty index from the store's rows, in order of arrival.

        Vectors come from the snapshot where it is whole, of this encoder and not ahead of the
        store; those that it lacks, or all, are added as the rows are replayed.
        """
        self.constraints = Constraints(constraints)
        saved = snapshot and VectorIndex.load(
            snapshot, encoder_id=self._encoder_id, dimensions=self._dimensions
        )
        if saved and saved[1] <= last_sequence:
            self._vectors, _ = saved
        withdrawn: set[str] = set()
        for row in rows:
            self.add(row)
            if not row.story_id:
                withdrawn.add(row.article_id)
        for article_id in sorted(withdrawn):
            self.withdraw(article_id)

    def save(self, snapshot: Path) -> None:
        """Write the vectors to a folder, stamped with the last sequence they hold."""
        self._vectors.save(snapshot, stamp=self._newest)

    def profile(self, features: Features, publish_time: datetime | None) -> Profile:
        """The profile a new article would have now, weighed by the articles before it."""
        return profile(
            features,
            publish_time,
            self.frequencies,
            brief_words=self._settings.guards.brief_words,
        )

    def add(self, row: IndexRow, *, known: Profile | None = None) -> None:
        """Add one article, or replace its earlier revision. `known`: its profile if made
        already."""
        first, first_sequence = (row.publish_time, row.publish_precision), row.sequence
        if row.article_id in self.sequences:
            earlier = self._remove(self.sequences[row.article_id])
            first_sequence = earlier.first_sequence
            if earlier.first_publish_time is not None:
                first = (earlier.first_publish_time, earlier.first_publish_precision)
        made = known or self.profile(row.features, row.publish_time)
        arrived = (row.ingest_time - EPOCH).days
        self.frequencies.count(row.features, row.features.language, arrived)
        self.furniture.count(row.article_id, row.features)
        entry = Entry(
            sequence=row.sequence,
            first_sequence=first_sequence,
            article_id=row.article_id,
            story_id=row.story_id,
            reprint_group=row.reprint_group,
            source=row.source,
            day=None if row.publish_time is None else row.publish_time.date(),
            publish_time=row.publish_time,
            ingest_time=row.ingest_time,
            first_publish_time=first[0],
            first_publish_precision=first[1],
            profile=made,
            shingles=row.features.shingles,
            titled=row.features.titled,
            hosted=row.features.hosted,
            prose_words=row.features.prose_words,
        )
        self._newest = row.sequence
        self._enter(entry)
        if row.sequence not in self._vectors:
            self._vectors.add(row.sequence, entry.day, made.embedding)
        for bucket, weight in self._strongest(made.views["body"]):
            posting = self._postings.get(bucket)
            if posting is None:
                posting = self._postings[bucket] = _Posting(array("q"), array("f"))
            posting.sequences.append(row.sequence)
            posting.weights.append(weight)

    def withdraw(self, article_id: str) -> None:
        """Find an article no longer. What it added to the weights of terms stays, as it would had
        it been replaced; it is kept aside, to be the same when it comes back."""
        self._withdrawn[article_id] = self._remove(self.sequences[article_id])

    def withdrawn(self, article_id: str) -> Entry:
        """A withdrawn article as it was; KeyError for any other id."""
        return self._withdrawn[article_id]

    def reinstate(self, article_id: str, story_id: str, reprint_group: str) -> Entry:
        """Find a withdrawn article again, as a member of that story."""
        kept = self._withdrawn.pop(article_id)
        entry = replace(kept, story_id=story_id, reprint_group=reprint_group)
        self._enter(entry)
        self._vectors.add(entry.sequence, entry.day, entry.profile.embedding)
        return entry

    def regroup(self, entries: Sequence[Entry], reprint_group: str) -> None:
        """Make some members of a story one reprint group, under the id of its original."""
        for entry in entries:
            self.entries[entry.sequence] = replace(entry, reprint_group=reprint_group)
            self._changed(entry.story_id)

    def _enter(self, entry: Entry) -> None:
        """Make an article findable, except by its vector."""
        self.entries[entry.sequence] = entry
        self.sequences[entry.article_id] = entry.sequence
        insort(self._stories.setdefault(entry.story_id, []), entry.sequence)
        self._changed(entry.story_id)
        self._note_day(entry.sequence, entry.profile.day)

    def _remove(self, sequence: int) -> Entry:
        """Forget an article; its postings stay and are passed over."""
        entry = self.entries.pop(sequence)
        self.sequences.pop(entry.article_id, None)
        members = self._stories[entry.story_id]
        members.remove(sequence)
        if not members:
            del self._stories[entry.story_id]
        self._changed(entry.story_id)
        self._vectors.remove(sequence)
        self._days[sequence] = _GONE
        return entry

    def _changed(self, story_id: str) -> None:
        """Forget what was made of a story's members."""
        self._profiles.pop(story_id, None)
        self._cores.pop(story_id, None)
        self._unique.pop(story_id, None)

    def _note_day(self, sequence: int, day: float | None) -> None:
        if sequence >= len(self._days):
            more = np.full(max(len(self._days), sequence + 1), _GONE)
            self._days = np.concatenate([self._days, more])
        self._days[sequence] = np.nan if day is None else day

    def move(self, entries: Sequence[Entry], story_id: str) -> None:
        """Move articles of one story to another, which may be new."""
        for entry in entries:
            self.entries[entry.sequence] = replace(entry, story_id=story_id)
            self._stories[entry.story_id].remove(entry.sequence)
            self._changed(entry.story_id)
            if not self._stories[entry.story_id]:
                del self._stories[entry.story_id]
        arrived = [entry.sequence for entry in entries]
        self._stories[story_id] = sorted([*self._stories.get(story_id, []), *arrived])
        self._changed(story_id)

    # -- reading ------------------------------------------------------------------------------

    def story(self, story_id: str) -> StoryProfile:
        """The profile of a story: its newest members, one for each reprint group."""
        known = self._profiles.get(story_id)
        if known is None:
            chosen = self._representatives(self._stories[story_id])
            known = StoryProfile(story_id, [self.entries[one].profile for one in chosen])
            self._profiles[story_id] = known
        return known

    def core(self, story_id: str) -> tuple[StoryProfile, StoryProfile]:
        """The profiles of the most central half of a story of two reprint groups or more (those
        nearest to the mean of all embeddings), and of its fringe, the newest of the others."""
        known = self._cores.get(story_id)
        if known is None:
            firsts: dict[str, Entry] = {}
            for entry in self.members(story_id):
                firsts.setdefault(entry.reprint_group, entry)
            profiles = [entry.profile for entry in firsts.values()]
            vectors = np.stack([one.embedding for one in profiles])
            nearness = np.round(vectors @ vectors.mean(axis=0), 6)  # summation order cannot decide
            order = np.argsort(-nearness, kind="stable").tolist()
            half, most = (len(order) + 1) // 2, self._settings.candidates.representatives
            inner, outer = sorted(order[:half][:most]), sorted(order[half:])[-most:]
            core = StoryProfile(story_id, [profiles[place] for place in inner])
            fringe = StoryProfile(story_id, [profiles[place] for place in outer])
            known = self._cores[story_id] = (core, fringe)
        return known

    def story_ids(self) -> list[str]:
        """Ids of the stories that have members, oldest first."""
        return sorted(self._stories)

    def unique_count(self, story_id: str) -> int:
        """How many reprint groups a story holds; 0 for a story that has no members left."""
        known = self._unique.get(story_id)
        if known is None:
            known = len({entry.reprint_group for entry in self.members(story_id)})
            self._unique[story_id] = known
        return known

    def members(self, story_id: str) -> list[Entry]:
        """Entries of a story, in order of arrival; empty for a story that has none left."""
        return [self.entries[sequence] for sequence in self._stories.get(story_id, [])]

    def rest_of_story(self, story_id: str, group: Sequence[Entry]) -> StoryProfile | None:
        """The profile of a story without some of its members; None where nobody is left."""
        left = {entry.sequence for entry in group}
        rest = [sequence for sequence in self._stories[story_id] if sequence not in left]
        if not rest:
            return None
        chosen = self._representatives(rest)
        return StoryProfile(story_id, [self.entries[one].profile for one in chosen])

    def entry(self, article_id: str) -> Entry:
        """The entry of a live article; KeyError for an unknown id."""
        return self.entries[self.sequences[article_id]]

    def _representatives(self, sequences: Sequence[int]) -> list[int]:
        chosen: dict[str, int] = {}
        for sequence in reversed(sequences):
            chosen.setdefault(self.entries[sequence].reprint_group, sequence)
            if len(chosen) == self._settings.candidates.representatives:
                break
        return sorted(chosen.values())

    def candidates(
        self,
        article: Profile,
        similar: Sequence[tuple[int, float]],
        *,
        sharing: Sequence[int],
        without: str = "",
    ) -> list[str]:
        """Stories worth scoring, the most promising first; `without` leaves one article out.

        Those of the articles `sharing` bands, that share terms (`similar`, from
        `nearest_by_terms`) or lie nearest by embedding. A few that are out of reach come last.
        """
        limits = self._settings.candidates
        promise = dict.fromkeys(sharing, 1.0)
        for sequence, value in (*similar, *self.nearest_by_meaning(article)):
            promise[sequence] = promise.get(sequence, 0.0) + value
        near: dict[str, float] = {}
        distant: dict[str, float] = {}
        for sequence, value in promise.items():
            entry = self.entries.get(sequence)
            if entry is not None and entry.article_id != without:
                by_story = near if self._in_reach(article, entry) else distant
                by_story[entry.story_id] = max(by_story.get(entry.story_id, 0.0), value)
        first = _ranked(near)[: limits.stories]
        return first + [one for one in _ranked(distant) if one not in near][: limits.distant]

    def _in_reach(self, article: Profile, entry: Entry) -> bool:
        if article.day is None or entry.profile.day is None:
            return True
        return abs(article.day - entry.profile.day) <= self._settings.candidates.lookback_days

    def nearest_by_terms(self, article: Profile, *, most: int = 0) -> list[tuple[int, float]]:
        """(sequence, shared weight) of the articles that share most term weight, best first: those
        in reach, `most` of them (0: as many as are worth scoring), then a few that are not."""
        found_sequences, found_weights = [], []
        newest = self._settings.candidates.max_postings
        for bucket, weight in self._strongest(article.views["body"]):
            posting = self._postings.get(bucket)
            if posting is not None:
                found_sequences.append(np.array(posting.sequences[-newest:], dtype=np.int64))
                weights = np.array(posting.weights[-newest:], dtype=np.float32)
                found_weights.append(weights * np.float32(weight))
        if not found_sequences:
            return []
        sequences, places = np.unique(np.concatenate(found_sequences), return_inverse=True)
        shared = np.bincount(places, weights=np.concatenate(found_weights)).astype(np.float64)
        days, limits = self._days[sequences], self._settings.candidates
        today = np.nan if article.day is None else article.day
        out_of_reach = np.abs(days - today) > limits.lookback_days  # never where a day is unknown
        live = days != _GONE
        return _most(sequences, shared, live & ~out_of_reach, most or limits.sparse) + _most(
            sequences, shared, live & out_of_reach, limits.distant
        )

    def nearest_by_meaning(self, article: Profile, *, most: int = 0) -> list[tuple[int, float]]:
        """(sequence, cosine) of the articles in reach that lie nearest by embedding, best first,
        `most` of them (0: as many as are worth scoring)."""
        if not article.embedding.any():
            return []
        limits = self._settings.candidates
        if article.day is None:
            return self._vectors.search_all(article.embedding, most or limits.dense)
        day = (EPOCH + timedelta(days=article.day)).date()
        reach = timedelta(days=int(limits.lookback_days) + 1)
        return self._vectors.search(
            article.embedding, most or limits.dense, first_day=day - reach, last_day=day + reach
        )

    def _strongest(self, vector: SparseVector) -> list[tuple[int, float]]:
        """(bucket, weight) of the heaviest terms; ties go to the lower bucket."""
        order = heaviest(vector, self._settings.candidates.index_terms)
        return list(
            zip(vector.buckets[order].tolist(), vector.weights[order].tolist(), strict=True)
        )


def _ranked(promise: Mapping[str, float]) -> list[str]:
    return sorted(promise, key=lambda story_id: (-promise[story_id], story_id))


def _most(
    sequences: npt.NDArray[np.int64],
    shared: Float64,
    among: npt.NDArray[np.bool_],
    count: int,
) -> list[tuple[int, float]]:
    """(sequence, shared weight) of the `count` that share most, best first, older first."""
    sequences, shared = sequences[among], np.round(shared[among], 6)
    if len(shared) > count:
        least = np.partition(shared, -count)[-count]
        sequences, shared = sequences[shared >= least], shared[shared >= least]
    order = np.lexsort((sequences, -shared))[:count]
    return list(zip(sequences[order].tolist(), shared[order].tolist(), strict=True))
