"""Whatever editors, sources and time do between a plan and its promote: the newsroom's promises
hold, newer words win, and the second promote changes nothing."""

from __future__ import annotations

from collections.abc import Mapping

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import initialize, invariant, precondition, rule
from test_newsroom_machine import Newsroom, places

from storycluster.domain import Change, ChangeKind, ConstraintKind, EventKind, Promotion

State = tuple[Mapping[str, str], Mapping[str, str]]
"""The story of each article, and the canonical of each story."""


class Publishing(Newsroom):
    """The newsroom, with plans that are made at one time and promoted at another, or never."""

    def __init__(self) -> None:
        super().__init__()
        self.plans: list[tuple[str, int, list[Change]]] = []
        self.made = 0
        self.read_anew: dict[int, State] = {}
        """What whoever follows the feed reads at the sequence of a quiet promote."""

    def state(self) -> State:
        homes = {name: self.home(name) for name in self.live}
        stories = self.engine.list_stories("", page_size=500).items
        return homes, {one.story_id: one.canonical.article_id for one in stories if one.canonical}

    # -- plans ------------------------------------------------------------------------------------

    @initialize(data=st.data())
    def plan_at_once(self, data: st.DataObject) -> None:
        self.plan(data=data)

    @rule(data=st.data())
    def plan(self, data: st.DataObject) -> None:
        """Some changes of some stories, and where they are to go; seldom all of them possible."""
        changes = []
        chosen = st.lists(st.sampled_from(sorted(self.live) or [""]), min_size=1, max_size=4)
        for name in data.draw(chosen) if self.live else ():
            origin, kind = self.home(name), data.draw(st.sampled_from(ChangeKind))
            members = [one.article_id for one in self.engine.get_story("", origin).members]
            some = st.lists(st.sampled_from(members), min_size=1, unique=True)
            going = members if kind is ChangeKind.MERGE else data.draw(some)
            others = [one for one in self.told if one != origin] or ["s-none"]
            target = "" if kind is ChangeKind.SPLIT else data.draw(st.sampled_from(others))
            change = Change(kind, origin, target, tuple(going), 0.75, 1.0, "It is likely.", ())
            changes.append(change)
        if changes:
            seen = self.engine.stats("")["revisions"]
            self.plans.append((f"job-{self.made}", seen, changes))
            self.made += 1

    @precondition(lambda self: self.plans)
    @rule(place=places, quiet=st.booleans())
    def promote(self, place: int, quiet: bool) -> None:
        job_id, seen, changes = self.plans.pop(place % len(self.plans))
        before, locked = dict(self.state()[0]), self.locked()
        asked = {"snapshot_sequence": seen, "changes": tuple(changes)}
        done = self.engine.promote("", job_id, **asked, quiet=quiet)
        after = self.engine.stats("")["events"]
        again = self.engine.promote("", job_id, **asked, quiet=not quiet)
        assert again == done == self.engine.promotion("", job_id)
        assert self.engine.stats("")["events"] == after
        if quiet:
            self.read_anew[after] = self.state()
        self.attempt(lambda: None)
        assert locked == self.locked()
        self.check(done, changes, before=before)

    @rule(data=st.data(), quiet=st.booleans())
    def publish(self, data: st.DataObject, quiet: bool) -> None:
        """Nothing happens in between."""
        before = len(self.plans)
        self.plan(data=data)
        if len(self.plans) > before:
            self.promote(before, quiet=quiet)

    def teardown(self) -> None:
        """After whatever happened, what was planned is promoted."""
        try:
            while self.plans:
                self.promote(0, quiet=len(self.plans) % 2 == 0)
                self.members_are_the_live_articles()
                self.every_id_resolves()
                self.every_word_holds()
                self.the_feed_tells_it_all()
        finally:
            super().teardown()

    def check(self, done: Promotion, changes: list[Change], *, before: dict[str, str]) -> None:
        """Every change is made or skipped; what came after the snapshot stays in its story."""
        left_out = {one.place for one in done.skipped}
        assert done.applied + len(left_out) == len(changes)
        made = [one for place, one in enumerate(changes) if place not in left_out]
        moved = {self.group(name) for change in made for name in change.article_ids}
        for change in made:
            assert len({self.home(name) for name in change.article_ids}) == 1
        for name, home in before.items():
            if self.group(name) not in moved:
                assert self.engine.get_story("", home).story.story_id == self.home(name)

    def group(self, name: str) -> str:
        return self.engine.get_article("", name).assignment.reprint_group

    def locked(self) -> dict[str, list[str]]:
        held = [one.subject for one in self.held() if one.kind is ConstraintKind.LOCK]
        views = {one: self.engine.get_story("", one).members for one in held}
        return {one: [member.article_id for member in views[one]] for one in views}

    # -- what is always true ----------------------------------------------------------------------

    @invariant()
    def the_feed_tells_it_all(self) -> None:
        """Replayed, with everything read anew where a quiet promote says so."""
        homes: dict[str, str] = {}
        canonicals: dict[str, str] = {}
        joined = (EventKind.ARTICLE_INGESTED, EventKind.MEMBER_ADDED, EventKind.MEMBER_MOVED)
        last = 0
        for event in self.events():
            assert event.sequence > last  # what a quiet promote did is in the audit alone
            last = event.sequence
            if event.kind in joined:
                homes[event.article_id] = event.story_id
            elif event.kind is EventKind.MEMBER_REMOVED:
                del homes[event.article_id]
            elif event.kind is EventKind.CANONICAL_CHANGED:
                canonicals[event.story_id] = event.article_id
            elif event.kind in (EventKind.STORY_MERGED, EventKind.STORY_CLOSED):
                canonicals.pop(event.story_id, None)
            elif event.kind is EventKind.RECLUSTER_PROMOTED and event.detail["quiet"] == "true":
                homes, canonicals = map(dict, self.read_anew[event.sequence])
        assert (homes, canonicals) == self.state()


TestPublishing = Publishing.TestCase
TestPublishing.settings = settings(
    max_examples=30,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestPublishing = pytest.mark.slow(TestPublishing)
