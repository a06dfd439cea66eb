"""Which decisions does a new article change around it, at once?

Near stories that it shows to be one are merged; neighbours that belong more to its story than to
their own come over; members that no longer belong leave. The rows are those of `Stories`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from storycluster.decision import Model, Scored, belonging, score
from storycluster.engine.entry import Entry
from storycluster.engine.explaining import coming_over, leaving, merging
from storycluster.engine.index import CollectionIndex
from storycluster.engine.stories import Stories
from storycluster.engine.vetoes import any_apart, of_its_own
from storycluster.settings import Settings


@dataclass(frozen=True, slots=True, eq=False)
class Surroundings:
    """The stories around one article, within one transaction."""

    stories: Stories
    model: Model
    settings: Settings

    @property
    def _index(self) -> CollectionIndex:
        return self.stories.index

    def merge_near(self, home: str, scored: Sequence[Scored], *, cause: str) -> str:
        """Merge into one the stories that an article shows to be one; the older id stays.

        `home` is the story of the article `cause`, `scored` what it was measured against, each a
        rival of the others. Returns the id under which its story goes on; its row is not counted
        anew.
        """
        for other in scored:
            gone = not self._index.members(other.story_id)  # the first `home`, merged just now
            if gone or other.story_id == home or other.probability < self.model.threshold:
                continue
            one, there = self._index.story(home), self._index.story(other.story_id)
            rivals = [
                self._index.story(rival.story_id)
                for rival in scored
                if rival.story_id not in (home, other.story_id)
                and self._index.members(rival.story_id)
            ]
            likely = belonging(one, there, self.model, rivals=rivals)
            needed = self._needed(home, other.story_id)
            if likely < needed or not self.stories.may_merge(home, other.story_id):
                continue
            if not self._apart(home, other.story_id):
                why = merging(likely, self.model, bar=needed)
                home = self.stories.merge(home, other.story_id, why, cause=cause)
        return home

    def _apart(self, one: str, other: str) -> str:
        """Why members of two stories may not be in one, "" if they may."""
        members = self._index.members
        return any_apart(members(one), members(other), self.settings)

    def _needed(self, one: str, other: str) -> float:
        """The mean probability from which two stories are one: more where they make a large one."""
        together = self._index.unique_count(one) + self._index.unique_count(other)
        bar, large = self.model.merge_threshold, self.settings.guards.large_story_probability
        return max(bar, large) if together > self.settings.guards.large_story_groups else bar

    def look_again(self, home: str, near: Sequence[int], *, cause: str) -> None:
        """Decide again for the articles whose surroundings a new one has changed.

        Reprint groups `near` the new article that belong to its story `home` more than to their own
        come over; groups of `home` that no longer belong to the rest of it leave. One pass; a story
        of more than `second_look_groups` groups is settled and keeps its members.
        """
        for one in near:
            entry = self._index.entries[one]
            if entry.story_id != home:
                self._pull(entry, home)
        groups: dict[str, Entry] = {}
        for entry in self._index.members(home):
            groups.setdefault(entry.reprint_group, entry)
        if 2 < len(groups) <= self.settings.guards.second_look_groups:
            for entry in groups.values():
                if entry.article_id != cause:
                    self._push(entry, home)

    def _pull(self, entry: Entry, home: str) -> None:
        group, there = self.stories.group(entry), entry.story_id
        rest = self._index.rest_of_story(there, group)
        if rest is None:  # alone in its story: whether the two stories are one is asked elsewhere
            return
        here, stays = score(entry.profile, [self._index.story(home), rest], self.model)
        margin = self.settings.guards.second_look_margin
        if here.probability < max(self.model.threshold, stays.probability + margin):
            return
        if not (self.stories.may_leave(group) and self.stories.may_join(group, home)):
            return
        if of_its_own(entry.profile, self._index.story(home), self.settings.guards):
            return
        if any_apart(group, self._index.members(home), self.settings):
            return
        why = coming_over(here, stays, self.model, margin=margin)
        self.stories.transfer(group, home, why)
        self.stories.refresh(there)

    def _push(self, entry: Entry, home: str) -> None:
        group = self.stories.group(entry)
        rest = self._index.rest_of_story(home, group)
        if rest is None or not self.stories.may_leave(group):
            return
        [stays] = score(entry.profile, [rest], self.model)
        margin = self.settings.guards.second_look_margin
        if stays.probability < self.model.threshold - margin:
            self.stories.part(group, leaving(stays, self.model, margin=margin))
