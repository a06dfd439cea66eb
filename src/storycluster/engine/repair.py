"""What does a second look at each article, about a day after it arrived, change?

By then most of its story is there, so an early guess can be put right whatever the order of
arrival: the article goes where it belongs more, its story is merged with a near one, or falls into
two. How far this has come is a mark in the store, written in the same transaction.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import timedelta

import numpy as np
import numpy.typing as npt
from scipy.cluster.hierarchy import fcluster, linkage

from storycluster.decision import Model, Scored, belonging, choose, score
from storycluster.domain import EventKind
from storycluster.engine.entry import Entry
from storycluster.engine.explaining import coming_over, joining, leaving, parting
from storycluster.engine.index import CollectionIndex
from storycluster.engine.placing import bands_shared, find_twin, near_cores
from storycluster.engine.stories import Stories
from storycluster.engine.surroundings import Surroundings
from storycluster.engine.vetoes import of_its_own
from storycluster.measures import Profile, StoryProfile
from storycluster.settings import Settings
from storycluster.weighting import sparse_rows

MARK = "repair"
"""The store's mark: articles up to this sequence had their second look."""


@dataclass(frozen=True, slots=True, eq=False)
class Repair:
    """Second looks in one collection at one moment (`stories.now`), within one transaction."""

    stories: Stories
    model: Model
    settings: Settings

    @property
    def _index(self) -> CollectionIndex:
        return self.stories.index

    @property
    def _sequence(self) -> int:
        return self.stories.transaction.last_sequence(self.stories.collection)

    def due(self, *, limit: int) -> int:
        """Look again at the articles whose time has come, in order of sequence, at most `limit`;
        returns how many. Copies go with their original, which alone is looked at."""
        transaction, collection = self.stories.transaction, self.stories.collection
        latest = self.stories.now - timedelta(hours=self.settings.repair.delay_hours)
        done = began = transaction.mark(collection, MARK)
        last, looked = self._sequence, 0
        while done < last and looked < limit:
            entry = self._index.entries.get(done + 1)  # None: a later revision is looked at instead
            if entry is not None and entry.ingest_time > latest:
                break
            if entry is not None and entry.article_id == entry.reprint_group:
                self.look(entry)
                looked += 1
            done += 1
        if done != began:
            transaction.set_mark(collection, MARK, done)
        return looked

    def look(self, entry: Entry) -> None:
        """Decide anew for an article with its copies, then for the story it is in, unless an editor
        locked it, or a promoted job put the article there."""
        if entry.story_id in self._index.constraints.locked or self._index.settled.placed([entry]):
            return
        was, others = entry.story_id, self._others(entry)
        rest = None if others.refused else self._index.rest_of_story(was, others.group)
        stays, scored = self._scored(entry, rest, others)
        home = self._placed(entry, others, stays, scored)
        home = self._merged(entry, home, scored)
        for story_id in dict.fromkeys((was, home)):
            self._split(story_id, cause=entry.article_id)

    def _others(self, entry: Entry) -> _Others:
        """What placing would find for the article now, apart from itself and its copies."""
        settings, index = self.settings, self._index
        group = self.stories.group(entry)
        own = {one.sequence for one in group}
        transaction, name = self.stories.transaction, self.stories.collection
        sharing = bands_shared(entry.shingles, transaction, name, settings.fingerprint)
        similar = index.nearest_by_terms(entry.profile)
        found = index.candidates(entry.profile, similar, sharing=sharing, without=entry.article_id)
        proposed = [one for one in (*sharing, *(near for near, _ in similar)) if one not in own]
        _, vetoes = find_twin(entry, index, proposed, settings=settings)
        stories = [
            index.story(story_id)
            for story_id in found
            if story_id != entry.story_id
            and story_id not in vetoes
            and not index.settled.parted(entry.story_id, story_id)
            and self.stories.may_join(group, story_id)
        ]
        stories = [one for one in stories if not of_its_own(entry.profile, one, settings.guards)]
        return _Others(group, stories, refused=entry.story_id in vetoes)

    def _scored(
        self, entry: Entry, rest: StoryProfile | None, others: _Others
    ) -> tuple[Scored | None, list[Scored]]:
        """The rest of the article's own story, if any, and the others, as rivals."""
        if rest is None:
            return None, score(entry.profile, others.stories, self.model)
        stays, *scored = score(entry.profile, [rest, *others.stories], self.model)
        return stays, scored

    def _placed(
        self, entry: Entry, others: _Others, stays: Scored | None, scored: Sequence[Scored]
    ) -> str:
        """Put the article where it belongs more; returns the story it is in then."""
        home, group = entry.story_id, others.group
        alone = len(group) == len(self._index.members(home))
        if not alone and not self.stories.may_leave(group):
            return home
        margin = self.settings.guards.second_look_margin
        choice = choose(self._near_enough(entry, scored), self.model)
        best = choice.best if choice.story_id else None
        if alone:
            return home if best is None else self._joined(entry, best)
        before = 0.0 if stays is None else stays.probability
        if best is not None and best.probability >= before + margin:
            self.stories.transfer(
                group, best.story_id, coming_over(best, stays, self.model, margin=margin)
            )
            self.stories.refresh(home)
            self.stories.refresh(best.story_id)
            return best.story_id
        if before >= self.model.threshold - margin:
            return home
        why = leaving(stays, self.model, margin=margin)
        going = self._leaving(home, group)
        if not self.stories.may_leave(going):
            return home
        opened = self.stories.part(going, why)
        self.stories.refresh(home)
        return opened if self._index.entry(entry.article_id).story_id == opened else home

    def _near_enough(self, entry: Entry, scored: Sequence[Scored]) -> list[Scored]:
        """Those to whose core the article is near, if they have one."""
        guards = self.settings.guards
        cores = near_cores(entry.profile, scored, self._index, model=self.model, guards=guards)
        far = {story_id for story_id, found in cores.items() if found.reason}
        return [one for one in scored if one.story_id not in far]

    def _leaving(self, home: str, group: Sequence[Entry]) -> Sequence[Entry]:
        """Who goes where a reprint group and the rest of its story part: the group, unless it holds
        the canonical and the rest is one group too."""
        inside = {one.sequence for one in group}
        rest = [one for one in self._index.members(home) if one.sequence not in inside]
        one_each = len({one.reprint_group for one in rest}) == 1
        stands = self.stories.canonical(home).article_id in {one.article_id for one in group}
        return rest if one_each and stands else group

    def _joined(self, entry: Entry, there: Scored) -> str:
        """Merge the story of a lone article with the one it belongs to."""
        cause = entry.article_id
        why = joining(there, cause, self.model)
        merged = self.stories.merge(entry.story_id, there.story_id, why, cause=cause)
        self.stories.refresh(merged)
        return merged

    def _merged(self, entry: Entry, home: str, scored: Sequence[Scored]) -> str:
        """Merge the story with those of `scored` that are the same one."""
        apart = [one for one in scored if self._index.members(one.story_id)]
        before = len(self._index.members(home))
        around = Surroundings(self.stories, self.model, self.settings)
        merged = around.merge_near(home, apart, cause=entry.article_id)
        if merged != home or len(self._index.members(home)) != before:
            self.stories.refresh(merged)
        return merged

    def _split(self, story_id: str, *, cause: str) -> None:
        """Give the part of a story that has fallen off a story of its own.

        The part with the canonical keeps the id. Where the story would part is proposed by average
        linkage of its groups; whether it does, the model decides. What a promoted job put together
        stays together.
        """
        if self._index.settled.placed(self._index.members(story_id)):
            return
        groups: dict[str, list[Entry]] = {}
        for entry in self._index.members(story_id):
            groups.setdefault(entry.reprint_group, []).append(entry)
        if not 4 <= len(groups) <= self.settings.repair.split_groups:
            return
        first = two_parts([group[-1].profile for group in groups.values()])
        if not 2 <= np.count_nonzero(first) <= len(groups) - 2:  # each looks for itself
            return
        parts: dict[bool, list[Entry]] = {True: [], False: []}
        for group, inside in zip(groups.values(), first.tolist(), strict=True):
            parts[inside].extend(group)
        stands = self.stories.canonical(story_id).article_id
        held = stands in {one.article_id for one in parts[True]}
        going = sorted(parts[not held], key=lambda one: one.sequence)
        staying = parts[held]
        one = self._index.rest_of_story(story_id, going)
        other = self._index.rest_of_story(story_id, staying)
        bar = self.model.merge_threshold - self.settings.repair.split_margin
        if one is None or other is None:
            return
        likely = belonging(one, other, self.model)
        if likely >= bar or not self.stories.may_leave(going):
            return
        [belongs] = score(going[0].profile, [one], self.model)
        opened = self.stories.part(going, parting(belongs, likely, bar, self.model))
        self.stories.tell(EventKind.STORY_SPLIT, story_id, cause, {"split_into": opened})
        self.stories.refresh(story_id)


@dataclass(frozen=True, slots=True, eq=False)
class _Others:
    """What a second look finds: the article's reprint group, the other stories it may join, and
    whether it may not be in its own."""

    group: list[Entry]
    stories: list[StoryProfile]
    refused: bool


def two_parts(profiles: Sequence[Profile]) -> npt.NDArray[np.bool_]:
    """(n,) which of at least two articles are in the first of the two parts that average linkage of
    their body vectors leaves last."""
    rows = sparse_rows([one.views["body"] for one in profiles])
    alike = np.round((rows @ rows.T).toarray(), 6)  # rounded: summation order cannot decide
    distances = np.maximum(0.0, 1.0 - alike[np.triu_indices(len(profiles), 1)])
    parts = fcluster(linkage(distances, "average"), 2, "maxclust")
    return np.asarray(parts == parts[0])
