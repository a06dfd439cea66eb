"""Whatever editors and sources do, in whatever order: nothing is lost, no word is broken, and the
feed tells it all."""

from __future__ import annotations

import dataclasses
import shutil
import tempfile
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from storycluster import audit
from storycluster.backends import open_encoder, open_store
from storycluster.domain import (
    Act,
    Article,
    AuditEntry,
    Constraint,
    ConstraintKind,
    Event,
    EventKind,
    IngestResult,
    OverrideKind,
    Relation,
    StoryFilter,
    StoryState,
)
from storycluster.engine import Engine, scheme_of
from storycluster.engine.prepare import headline
from storycluster.errors import ArticleWithdrawn, NotFound, PreconditionFailed
from storycluster.formats import Found, read_paths
from storycluster.settings import Settings

SEEDS = Path(__file__).parents[2] / "seeds/articles.jsonl"
NAMES = [
    "persview-502233",
    "hwn-20170118-0412",
    "tidewater-88120",
    "ngp-17018841",
    "gulflantern-5521",
    "orientmirror-000731",
    "kestrel-170119-07",
    "kestrel-170412-09",
    "hwn-20170412-0311",
    "hwn-20170403-0012",
    "eastbridge-10470",
]
POOL = {
    item.article.article_id: item.article
    for item in read_paths([str(SEEDS)])
    if isinstance(item, Found) and item.article.article_id in NAMES
}
DESK = Act("desk", "by hand")
REFUSED = (PreconditionFailed, NotFound)

names = st.sampled_from(NAMES)
places = st.integers(min_value=0, max_value=30)
links = st.sampled_from([ConstraintKind.MUST_LINK, ConstraintKind.CANNOT_LINK])


class Clock:
    """A clock that the machine sets."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


ENCODER = open_encoder("default")


class Newsroom(RuleBasedStateMachine):
    """One collection, and what must be true of it: which articles are there, by id."""

    def __init__(self) -> None:
        super().__init__()
        self.folder = Path(tempfile.mkdtemp(prefix="storycluster-newsroom-"))
        self.encoder = ENCODER
        self.clock = Clock()
        self.live: dict[str, int] = {}
        """Revisions of each live article."""
        self.withdrawn: dict[str, int] = {}
        self.erased: set[str] = set()
        self.told: list[str] = []
        """Every story id ever returned."""
        self.open()

    def open(self) -> None:
        store = open_store(str(self.folder), scheme_of(self.encoder, Settings()))
        self.engine = Engine(store, self.encoder, clock=self.clock)

    def teardown(self) -> None:
        self.engine.close()
        shutil.rmtree(self.folder)

    def events(self) -> list[Event]:
        found: list[Event] = []
        last = 0
        while page := self.engine.list_events("", after=last, page_size=500):
            found += page
            last = page[-1].sequence
        return found

    def story(self, place: int) -> str:
        """One of the ids that were ever told."""
        return self.told[place % len(self.told)] if self.told else "s-none"

    def tell(self, story_id: str) -> None:
        if story_id not in self.told:
            self.told.append(story_id)

    def attempt(self, act: Callable[[], object]) -> bool:
        """Whether it was done; a refused act must leave no event."""
        before = len(self.events())
        try:
            act()
        except REFUSED:
            assert len(self.events()) == before
            return False
        for story in self.engine.list_stories(
            "", wanted=StoryFilter(include_merged=True), page_size=500
        ).items:
            self.tell(story.story_id)
        return True

    def home(self, name: str) -> str:
        """The story of a live article."""
        if name not in self.live:
            return "s-none"
        return self.engine.get_article("", name).assignment.story_id

    # -- what sources do --------------------------------------------------------------------------

    @initialize(arrived=st.permutations(NAMES), late=st.integers(min_value=0, max_value=4))
    def begin(self, arrived: list[str], late: int) -> None:
        for name in arrived[late:]:
            self.ingest(name, revised=False, hours=0)

    @rule(name=names, revised=st.booleans(), hours=st.sampled_from([0, 1, 30]))
    def ingest(self, name: str, revised: bool, hours: int) -> None:
        self.clock.moment += timedelta(hours=hours)
        more = f" Revision {self.live.get(name, 0)}." if revised else ""
        article = dataclasses.replace(POOL[name], text=POOL[name].text + more, revision=0)
        [result] = self.engine.ingest("", [article])
        if name in self.withdrawn or name in self.erased:
            assert isinstance(result, ArticleWithdrawn)
            return
        assert isinstance(result, IngestResult)
        self.tell(result.assignment.story_id)
        revisions = len(self.engine.list_revisions("", name))
        assert revisions == self.live.get(name, 0) + (not result.replayed)
        self.live[name] = revisions

    @rule(name=names)
    def withdraw(self, name: str) -> None:
        if self.attempt(lambda: self.engine.withdraw("", name, DESK)) and name in self.live:
            self.withdrawn[name] = self.live.pop(name)

    @rule(name=names, place=places)
    def reinstate(self, name: str, place: int) -> None:
        if self.withdrawn:
            name = sorted(self.withdrawn)[place % len(self.withdrawn)]
        done = self.attempt(lambda: self.engine.reinstate("", name, DESK))
        assert done is (name in self.withdrawn)
        if done:
            self.live[name] = self.withdrawn.pop(name)

    @rule(name=names, place=places)
    def erase(self, name: str, place: int) -> None:
        if place % 4:  # seldom: the article is gone for the rest
            return
        if self.attempt(lambda: self.engine.erase("", name, DESK)):
            self.live.pop(name, None)
            self.withdrawn.pop(name, None)
            self.erased.add(name)

    # -- what editors do --------------------------------------------------------------------------

    @rule(name=names, place=places, alone=st.booleans())
    def move(self, name: str, place: int, alone: bool) -> None:
        target = "" if alone else self.story(place)
        if self.attempt(lambda: self.engine.move("", name, target, DESK)) and target:
            there = self.engine.get_story("", target).members
            assert name in {member.article_id for member in there}

    @rule(name=names, place=places)
    def merge(self, name: str, place: int) -> None:
        one_id, other_id = self.home(name), self.story(place)
        if self.attempt(lambda: self.engine.merge("", one_id, other_id, DESK)):
            first, second = (self.engine.get_story("", one) for one in (one_id, other_id))
            assert first.story == second.story

    @rule(name=names, other=names)
    def merge_homes(self, name: str, other: str) -> None:
        self.attempt(lambda: self.engine.merge("", self.home(name), self.home(other), DESK))

    @rule(name=names, other=names)
    def split(self, name: str, other: str) -> None:
        self.attempt(lambda: self.engine.split("", self.home(name), [name, other], DESK))

    @rule(name=names)
    def split_one(self, name: str) -> None:
        self.attempt(lambda: self.engine.split("", self.home(name), [name], DESK))

    @rule(name=names)
    def pin(self, name: str) -> None:
        self.attempt(lambda: self.engine.pin("", name, DESK))

    @rule(name=names)
    def unpin(self, name: str) -> None:
        self.attempt(lambda: self.engine.unpin("", self.home(name), DESK))

    @rule(name=names)
    def lock(self, name: str) -> None:
        self.attempt(lambda: self.engine.lock("", self.home(name), DESK))

    @rule(name=names)
    def unlock(self, name: str) -> None:
        self.attempt(lambda: self.engine.unlock("", self.home(name), DESK))

    @rule(kind=links, name=names, other=names)
    def link(self, kind: ConstraintKind, name: str, other: str) -> None:
        if name != other:
            self.attempt(lambda: self.engine.link("", kind, name, other, DESK))

    @rule(name=names, other=names, place=places)
    def unlink(self, name: str, other: str, place: int) -> None:
        if known := [one for one in self.held() if one.other]:
            one = known[place % len(known)]
            name, other = one.subject, one.other
        self.attempt(lambda: self.engine.unlink("", name, other, DESK))

    @rule(back=st.integers(min_value=0, max_value=6))
    def undo(self, back: int) -> None:
        done: list[int] = []
        newest = self.engine.list_overrides("", page_size=1).items
        sequence = max(1, newest[0].sequence - back) if newest else 1
        if not self.attempt(lambda: done.append(self.engine.undo("", sequence, DESK).undoes)):
            return
        [undone] = [
            one
            for one in self.engine.list_overrides("", page_size=500).items
            if one.sequence == sequence
        ]
        [name] = undone.article_ids[:1] or [""]
        if undone.kind is OverrideKind.WITHDRAW:
            self.live[name] = self.withdrawn.pop(name)
        elif undone.kind is OverrideKind.REINSTATE and name in self.live:
            self.withdrawn[name] = self.live.pop(name)

    # -- what time does ---------------------------------------------------------------------------

    @rule()
    def look_again(self) -> None:
        self.clock.moment += timedelta(hours=48)
        self.engine.repair("")
        self.attempt(lambda: None)

    @rule()
    def restart(self) -> None:
        self.engine.close()
        self.open()

    # -- what is always true ----------------------------------------------------------------------

    @invariant()
    def members_are_the_live_articles(self) -> None:
        """Each once, with one canonical a story, which is live."""
        placed: list[str] = []
        stories = self.engine.list_stories("", wanted=StoryFilter(0), page_size=500).items
        for story in stories:
            view = self.engine.get_story("", story.story_id)
            members = [member.article_id for member in view.members]
            placed += members
            assert bool(members) is story.state.live
            assert story.article_count == len(members) == story.unique_count + story.reprint_count
            groups = {member.reprint_group for member in view.members}
            assert len(groups) == story.unique_count
            assert groups <= set(members)
            assert (story.canonical is not None) is bool(members)
            assert story.canonical is None or story.canonical.article_id in members
            if story.canonical is not None:
                stands = self.engine.get_article("", story.canonical.article_id)
                assert story.title == " ".join(headline(stands.article, Settings()).split())
            for member in view.members:
                if member.reprint_group == member.article_id:
                    assert member.relation not in (Relation.NEAR_COPY, Relation.EXACT_COPY)
        assert sorted(placed) == sorted(self.live)
        assert self.engine.stats("")["articles"] == len(self.live)
        assert self.engine.stats("")["stories"] == sum(one.state.live for one in stories)

    @invariant()
    def every_id_resolves(self) -> None:
        """To a story that is not merged."""
        for story_id in self.told:
            assert self.engine.get_story("", story_id).story.state is not StoryState.MERGED

    def held(self) -> tuple[Constraint, ...]:
        with self.engine._store.read() as reader:
            return reader.constraints("default")

    @invariant()
    def every_word_holds(self) -> None:
        """Links between live articles, pins, locks."""
        held = self.held()
        homes = {name: self.engine.get_article("", name).assignment.story_id for name in self.live}
        for one in held:
            if one.kind is ConstraintKind.LOCK:
                state = self.engine.get_story("", one.subject).story.state
                assert state is StoryState.LOCKED
            elif one.kind is ConstraintKind.PIN:
                canonical = self.engine.get_story("", homes[one.subject]).story.canonical
                assert canonical is not None
                assert (canonical.article_id, canonical.policy) == (one.subject, "pinned")
            elif one.subject in homes and one.other in homes:
                together = homes[one.subject] == homes[one.other]
                assert together is (one.kind is ConstraintKind.MUST_LINK)

    @invariant()
    def the_feed_tells_it_all(self) -> None:
        """Replayed, it gives every article's story and every story's canonical; without a gap."""
        homes: dict[str, str] = {}
        canonicals: dict[str, str] = {}
        events = self.events()
        assert [event.sequence for event in events] == list(range(1, len(events) + 1))
        for event in events:
            if event.kind in (
                EventKind.ARTICLE_INGESTED,
                EventKind.MEMBER_ADDED,
                EventKind.MEMBER_MOVED,
            ):
                homes[event.article_id] = event.story_id
            elif event.kind is EventKind.MEMBER_REMOVED:
                del homes[event.article_id]
            elif event.kind is EventKind.CANONICAL_CHANGED:
                canonicals[event.story_id] = event.article_id
            elif event.kind in (EventKind.STORY_MERGED, EventKind.STORY_CLOSED):
                canonicals.pop(event.story_id, None)
        assert homes == {
            name: self.engine.get_article("", name).assignment.story_id for name in self.live
        }
        stories = self.engine.list_stories("", page_size=500).items
        assert canonicals == {
            one.story_id: one.canonical.article_id for one in stories if one.canonical
        }

    def audited(self) -> list[AuditEntry]:
        with self.engine._store.read() as reader:
            return list(reader.audit("default", after=0, limit=1_000_000))

    @invariant()
    def the_audit_replayed_is_the_state(self) -> None:
        """Entry by entry without a contradiction: every article, story, redirect and word."""
        state = audit.replay(self.audited())
        stories = self.engine.list_stories("", StoryFilter(0, include_merged=True), page_size=500)
        assert state.states() == {one.story_id: one.state.value for one in stories.items}
        assert state.canonicals() == {
            one.story_id: one.canonical.article_id for one in stories.items if one.canonical
        }
        assert state.redirects() == {
            one.story_id: one.merged_into_story_id
            for one in stories.items
            if one.merged_into_story_id
        }
        assert state.members() == {
            one.story_id: {
                member.article_id for member in self.engine.get_story("", one.story_id).members
            }
            for one in stories.items
            if one.state.live
        }
        assert state.constraints == audit.names(self.held())
        assert state.settings == {}
        wanted = dict.fromkeys(self.live, audit.LIVE)
        wanted |= dict.fromkeys(self.withdrawn, audit.WITHDRAWN)
        wanted |= dict.fromkeys(self.erased, audit.ERASED)
        assert {name: one["state"] for name, one in state.articles.items()} == wanted
        for name in self.live:
            latest = self.engine.get_article("", name)
            assert state.articles[name]["revision"] == str(latest.article.revision)
            assert state.articles[name]["reprint_group"] == latest.assignment.reprint_group

    @invariant()
    def the_audit_says_who_and_why(self) -> None:
        """The desk did what it did by hand; all else is the server's, which names its reason."""
        for entry in self.audited():
            assert entry.reason
            by_hand = entry.reason == DESK.reason
            assert entry.actor == (DESK.actor if by_hand else "")


TestNewsroom = Newsroom.TestCase
TestNewsroom.settings = settings(
    max_examples=30,
    stateful_step_count=25,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
)
TestNewsroom = pytest.mark.slow(TestNewsroom)


def test_the_pool_is_whole() -> None:
    """Every article that the machine uses is among the seeds."""
    assert sorted(POOL) == sorted(NAMES)
    assert all(isinstance(one, Article) for one in POOL.values())
