"""editing, undoing: an editor's word holds, whatever comes after it, and can be taken back."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storycluster.backends import open_store
from storycluster.domain import (
    Act,
    Article,
    ConstraintKind,
    EventKind,
    IngestResult,
    OverrideKind,
    Relation,
    StoryState,
)
from storycluster.engine import Engine, scheme_of
from storycluster.errors import InvalidInput, NotFound, PreconditionFailed, StoryChanged
from storycluster.formats import Found, read_paths
from storycluster.ports import Encoder
from storycluster.settings import Settings

SEEDS = Path(__file__).parents[2] / "seeds/articles.jsonl"
STRIKE = [
    "persview-502233",
    "hwn-20170118-0412",
    "ngp-17018841",
    "freesignal-28241",
    "kestrel-170119-07",
]
QUAKE = ["kestrel-170412-09", "hwn-20170412-0311", "castellan-76411"]
DESK = Act("desk", "checked by hand")
MUST, CANNOT = ConstraintKind.MUST_LINK, ConstraintKind.CANNOT_LINK


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.moment = datetime(2026, 3, 2, 12, tzinfo=UTC)

    def now(self) -> datetime:
        return self.moment


def article(article_id: str, text: str = "") -> Article:
    """A seed article, with more text at its end."""
    found = [item.article for item in read_paths([str(SEEDS)]) if isinstance(item, Found)]
    [one] = [one for one in found if one.article_id == article_id]
    return dataclasses.replace(one, revision=0, text=one.text + text)


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def engine(encoder: Encoder, clock: Clock) -> Iterator[Engine]:
    """Two stories: five independent reports of one event, three of another."""
    made = Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder, clock=clock)
    made.ingest("", [article(one) for one in (*STRIKE, *QUAKE)])
    yield made
    made.close()


def story_of(engine: Engine, article_id: str) -> str:
    return engine.get_article("", article_id).assignment.story_id


def members(engine: Engine, story_id: str) -> set[str]:
    return {member.article_id for member in engine.get_story("", story_id).members}


def look_again(engine: Engine, clock: Clock) -> None:
    """A day later, every second look."""
    clock.moment += timedelta(days=2)
    engine.repair("")


def events(engine: Engine, kind: EventKind) -> list[dict[str, str]]:
    found = engine.list_events("", page_size=500)
    return [dict(event.detail) for event in found if event.kind is kind]


def test_a_moved_article_is_in_the_other_story(engine: Engine) -> None:
    """Both stories are counted anew, and the override tells from where to where."""
    seed, target = story_of(engine, STRIKE[0]), story_of(engine, QUAKE[0])
    before = engine.get_story("", target).story.article_count
    override, story = engine.move("", STRIKE[3], target, DESK)
    assert (override.story_id, override.other_story_id) == (target, seed)
    assert override.article_ids == (STRIKE[3],)
    assert (story.story_id, story.article_count) == (target, before + 1)
    assert engine.get_story("", seed).story.article_count == 4
    assert STRIKE[3] in members(engine, target) - members(engine, seed)


def test_a_moved_article_stays_out(engine: Engine, clock: Clock) -> None:
    """Neither second looks nor a revision nor a copy of it bring it back."""
    seed = story_of(engine, STRIKE[0])
    override, opened = engine.move("", STRIKE[3], "", DESK)
    assert (override.story_id, opened.article_count) == (opened.story_id, 1)
    look_again(engine, clock)
    engine.ingest("", [article(STRIKE[3], " It was updated."), article(STRIKE[1], " More.")])
    [copy] = engine.ingest("", [dataclasses.replace(article(STRIKE[3]), article_id="copy")])
    assert isinstance(copy, IngestResult)
    look_again(engine, clock)
    assert copy.assignment.relation in (Relation.NEAR_COPY, Relation.EXACT_COPY)
    assert story_of(engine, STRIKE[3]) == story_of(engine, "copy") == opened.story_id
    assert story_of(engine, STRIKE[0]) == seed


def test_a_word_outlives_a_restart(encoder: Encoder, tmp_path: Path, clock: Clock) -> None:
    """Moved, pinned and locked are the same in the next process."""
    url = str(tmp_path / "data")
    engine = Engine(open_store(url, scheme_of(encoder, Settings())), encoder, clock=clock)
    engine.ingest("", [article(one) for one in STRIKE])
    _, opened = engine.move("", STRIKE[3], "", DESK)
    engine.pin("", STRIKE[2], DESK)
    engine.lock("", opened.story_id, DESK)
    engine.close()
    engine = Engine(open_store(url, scheme_of(encoder, Settings())), encoder, clock=clock)
    look_again(engine, clock)
    engine.ingest("", [article(STRIKE[1], " More.")])
    home = engine.get_story("", story_of(engine, STRIKE[2])).story
    assert home.canonical is not None
    assert (home.canonical.article_id, home.canonical.policy) == (STRIKE[2], "pinned")
    assert engine.get_story("", opened.story_id).story.state is StoryState.LOCKED
    assert members(engine, opened.story_id) == {STRIKE[3]}
    engine.close()


def test_merged_stories_stay_one(engine: Engine, clock: Clock) -> None:
    """The older id stays, the other redirects, and no second look parts them."""
    seed, target = story_of(engine, STRIKE[0]), story_of(engine, QUAKE[0])
    override, story = engine.merge("", target, seed, DESK)
    older, younger = sorted((seed, target))
    assert (story.story_id, override.other_story_id) == (older, younger)
    look_again(engine, clock)
    assert engine.get_story("", younger).story.story_id == older
    assert {*STRIKE, QUAKE[0]} <= members(engine, older)


def test_split_articles_stay_together_and_apart(engine: Engine, clock: Clock) -> None:
    """The id stays with the rest; the new story is not merged back."""
    seed = story_of(engine, STRIKE[0])
    override, opened = engine.split("", seed, [STRIKE[2], STRIKE[4]], DESK)
    assert override.other_story_id == opened.story_id
    look_again(engine, clock)
    assert members(engine, opened.story_id) == {STRIKE[2], STRIKE[4]}
    assert members(engine, seed) == {STRIKE[0], STRIKE[1], STRIKE[3]}


def test_someone_must_stay_in_a_split(engine: Engine) -> None:
    """All articles of a story cannot leave it, nor one that is not there."""
    seed = story_of(engine, STRIKE[0])
    with pytest.raises(PreconditionFailed, match="must stay"):
        engine.split("", seed, STRIKE, DESK)
    with pytest.raises(PreconditionFailed, match="is in story"):
        engine.split("", seed, [QUAKE[0]], DESK)
    with pytest.raises(InvalidInput, match="article_ids"):
        engine.split("", seed, [], DESK)


def test_a_pin_beats_the_policy_until_it_is_taken_back(engine: Engine) -> None:
    """The seeds: pin the first, then unpin, and the policy's choice is back, each with an event."""
    seed = story_of(engine, STRIKE[0])
    chosen = engine.get_story("", seed).story.canonical
    assert chosen is not None
    pinned = next(one for one in STRIKE if one != chosen.article_id)
    _, story = engine.pin("", pinned, DESK)
    assert story.canonical is not None
    assert (story.canonical.article_id, story.canonical.policy) == (pinned, "pinned")
    base = engine.compare_to_canonical("", chosen.article_id)
    assert base.base_article_id == pinned
    _, story = engine.unpin("", seed, DESK)
    assert story.canonical == chosen
    changes = events(engine, EventKind.CANONICAL_CHANGED)
    assert [one["from_article_id"] for one in changes[-2:]] == [chosen.article_id, pinned]
    acts = events(engine, EventKind.OVERRIDE_APPLIED)
    assert [one["kind"] for one in acts] == ["pin", "unpin"]
    assert {(one["actor"], one["reason"]) for one in acts} == {("desk", "checked by hand")}


def test_a_later_pin_replaces_an_earlier_one(engine: Engine) -> None:
    """Undone, the earlier one holds again."""
    engine.pin("", STRIKE[2], DESK)
    later, story = engine.pin("", STRIKE[3], DESK)
    assert story.canonical is not None
    assert story.canonical.article_id == STRIKE[3]
    engine.undo("", later.sequence, DESK)
    story = engine.get_story("", story.story_id).story
    assert story.canonical is not None
    assert story.canonical.article_id == STRIKE[2]


def test_nothing_to_unpin_is_refused(engine: Engine) -> None:
    """So is a pin that is there."""
    with pytest.raises(PreconditionFailed, match="pinned"):
        engine.unpin("", story_of(engine, STRIKE[0]), DESK)
    engine.pin("", STRIKE[2], DESK)
    with pytest.raises(PreconditionFailed, match="already"):
        engine.pin("", STRIKE[2], DESK)


def test_a_locked_story_takes_only_copies(encoder: Encoder) -> None:
    """A report that would join opens a story of its own, and is told why; a copy joins."""
    engine = Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder)
    first, second = article(STRIKE[0]), article(STRIKE[1])
    engine.ingest("", [first])
    home = story_of(engine, first.article_id)
    _, story = engine.lock("", home, DESK)
    assert story.state is StoryState.LOCKED
    copy = dataclasses.replace(first, article_id="copy", source="elsewhere")
    joined, refused = engine.ingest("", [copy, second])
    assert isinstance(joined, IngestResult)
    assert isinstance(refused, IngestResult)
    assert joined.assignment.story_id == home
    assert refused.assignment.relation is Relation.NEW_STORY
    reasons = {one.story_id: one.reason for one in refused.assignment.runners_up}
    assert reasons[home] == "an editor locked the story"
    engine.close()


def test_a_locked_story_is_not_edited(engine: Engine) -> None:
    """Move, merge and split are refused until it is unlocked; it counts as a live story."""
    seed, target = story_of(engine, STRIKE[0]), story_of(engine, QUAKE[0])
    stories = engine.stats("")["stories"]
    engine.lock("", seed, DESK)
    assert engine.stats("")["stories"] == stories
    for act in (
        lambda: engine.move("", STRIKE[1], target, DESK),
        lambda: engine.move("", QUAKE[0], seed, DESK),
        lambda: engine.merge("", target, seed, DESK),
        lambda: engine.split("", seed, [STRIKE[1]], DESK),
        lambda: engine.lock("", seed, DESK),
        lambda: engine.link("", CANNOT, STRIKE[0], STRIKE[1], DESK),
    ):
        with pytest.raises(PreconditionFailed, match="locked"):
            act()
    _, story = engine.unlock("", seed, DESK)
    assert story.state is StoryState.OPEN
    engine.merge("", target, seed, DESK)


def test_two_editors_at_once(engine: Engine) -> None:
    """The second, who saw the story as it was before the first, is refused and changes nothing."""
    seen = engine.get_story("", story_of(engine, STRIKE[0])).story
    _, story = engine.pin("", STRIKE[2], DESK, expected_revision=seen.revision)
    assert story.revision > seen.revision
    with pytest.raises(StoryChanged, match="read it again"):
        engine.split("", seen.story_id, [STRIKE[1]], DESK, expected_revision=seen.revision)
    assert members(engine, seen.story_id) == set(STRIKE)
    engine.split("", seen.story_id, [STRIKE[1]], DESK, expected_revision=story.revision)


def test_a_link_brings_the_second_article(engine: Engine, clock: Clock) -> None:
    """It comes to the first and stays, and goes no further when the word is taken back."""
    seed = story_of(engine, STRIKE[0])
    _, story = engine.link("", MUST, STRIKE[0], QUAKE[0], DESK)
    assert story.story_id == story_of(engine, QUAKE[0])
    assert story_of(engine, STRIKE[0]) == story.story_id
    look_again(engine, clock)
    assert story_of(engine, QUAKE[0]) == story_of(engine, STRIKE[0])
    engine.unlink("", QUAKE[0], STRIKE[0], DESK)
    assert story_of(engine, QUAKE[0]) == story_of(engine, STRIKE[0])
    assert engine.get_story("", seed).story.state is StoryState.OPEN


def test_articles_that_must_not_be_linked_part(engine: Engine, clock: Clock) -> None:
    """The second leaves for a new story; a later word to the contrary brings it back."""
    seed = story_of(engine, STRIKE[0])
    _, opened = engine.link("", CANNOT, STRIKE[0], STRIKE[4], DESK)
    look_again(engine, clock)
    assert STRIKE[4] in members(engine, opened.story_id)
    assert story_of(engine, STRIKE[0]) == seed
    engine.link("", MUST, STRIKE[0], STRIKE[4], DESK)
    assert story_of(engine, STRIKE[4]) == seed


def test_what_was_never_said_cannot_be_taken_back(engine: Engine) -> None:
    """NotFound names the pair."""
    with pytest.raises(NotFound, match="constraint"):
        engine.unlink("", STRIKE[0], STRIKE[1], DESK)


def test_an_undone_move_is_as_before(engine: Engine, clock: Clock) -> None:
    """The article is back, the constraints are gone, and the move names what undid it."""
    seed = story_of(engine, STRIKE[0])
    moved, _ = engine.move("", STRIKE[3], story_of(engine, QUAKE[0]), DESK)
    undone = engine.undo("", moved.sequence, Act("chief", "wrong piece"))
    assert (undone.kind, undone.undoes) == (OverrideKind.UNDO, moved.sequence)
    assert members(engine, seed) == set(STRIKE)
    listed = engine.list_overrides("").items
    assert [one.sequence for one in listed] == [undone.sequence, moved.sequence]
    assert listed[1].undone_by == undone.sequence
    engine.link("", CANNOT, STRIKE[3], QUAKE[0], DESK)
    look_again(engine, clock)
    assert members(engine, seed) == set(STRIKE)


def test_an_undone_merge_parts_what_came_over(engine: Engine, clock: Clock) -> None:
    """Under a new id: the merged one redirects for ever."""
    seed, target = story_of(engine, STRIKE[0]), story_of(engine, QUAKE[0])
    merged, story = engine.merge("", seed, target, DESK)
    engine.undo("", merged.sequence, DESK)
    look_again(engine, clock)
    assert story_of(engine, QUAKE[0]) != story_of(engine, STRIKE[0])
    assert engine.get_story("", merged.other_story_id).story.story_id == story.story_id


def test_an_undone_split_is_one_story_article(engine: Engine) -> None:
    """Under the id that stayed; the other one redirects to it."""
    seed = story_of(engine, STRIKE[0])
    split, opened = engine.split("", seed, [STRIKE[2], STRIKE[4]], DESK)
    engine.undo("", split.sequence, DESK)
    assert members(engine, seed) == set(STRIKE)
    assert engine.get_story("", opened.story_id).story.story_id == seed


def test_an_override_is_undone_once(engine: Engine) -> None:
    """Not twice, no undo is undone, and an unknown one is not found."""
    locked, _ = engine.lock("", story_of(engine, STRIKE[0]), DESK)
    undone = engine.undo("", locked.sequence, DESK)
    assert engine.get_story("", locked.story_id).story.state is StoryState.OPEN
    with pytest.raises(PreconditionFailed, match="was undone by 2"):
        engine.undo("", locked.sequence, DESK)
    with pytest.raises(PreconditionFailed, match="undo"):
        engine.undo("", undone.sequence, DESK)
    with pytest.raises(NotFound, match="override"):
        engine.undo("", 99, DESK)


@pytest.mark.parametrize("act", [Act("", "why"), Act("me", " "), Act("x" * 600, "why")])
def test_every_act_has_an_actor_and_a_reason(engine: Engine, act: Act) -> None:
    """The field that is empty or too long is named."""
    with pytest.raises(InvalidInput, match=r"actor|reason"):
        engine.lock("", story_of(engine, STRIKE[0]), act)


def test_a_refused_act_leaves_no_trace(engine: Engine) -> None:
    """No override, no event, no moved article."""
    before = engine.list_events("", page_size=500)
    with pytest.raises(NotFound):
        engine.move("", STRIKE[0], "nowhere", DESK)
    with pytest.raises(NotFound):
        engine.move("", "nobody", "", DESK)
    assert engine.list_events("", page_size=500) == before
    assert engine.list_overrides("").items == ()


def test_overrides_are_listed_in_pages(engine: Engine) -> None:
    """Newest first; what is done between two pages does not disturb the second."""
    seed = story_of(engine, STRIKE[0])
    for one in STRIKE[1:4]:
        engine.pin("", one, DESK)
    first = engine.list_overrides("", page_size=2)
    engine.unpin("", seed, DESK)
    second = engine.list_overrides("", page_size=2, page_token=first.next_page_token)
    assert [one.sequence for one in (*first.items, *second.items)] == [3, 2, 1]
    assert second.next_page_token == ""


def test_a_listener_hears_of_every_commit(engine: Engine) -> None:
    """Of ingest and of acts, by collection, until it is ended."""
    heard: list[str] = []
    end = engine.listen(heard.append)
    engine.ingest("elsewhere", [article(STRIKE[0])])
    engine.pin("", STRIKE[2], DESK)
    end()
    engine.ingest("", [article(STRIKE[0], " More.")])
    assert heard == ["elsewhere", "default"]


def test_an_undo_leaves_what_a_later_act_said(engine: Engine) -> None:
    """A pin that was set again holds, and a later pin is not joined by an earlier one."""
    first, _ = engine.pin("", STRIKE[1], DESK)
    engine.unpin("", story_of(engine, STRIKE[1]), DESK)
    engine.pin("", STRIKE[1], DESK)
    engine.undo("", first.sequence, DESK)
    assert canonical(engine) == STRIKE[1]
    second, _ = engine.pin("", STRIKE[2], DESK)
    engine.pin("", STRIKE[3], DESK)
    engine.undo("", second.sequence, DESK)
    assert canonical(engine) == STRIKE[3]


def canonical(engine: Engine) -> str:
    found = engine.get_story("", story_of(engine, STRIKE[0])).story.canonical
    assert found is not None
    assert found.policy == "pinned"
    return found.article_id


@pytest.mark.parametrize("kind", [MUST, CANNOT])
def test_an_undo_against_a_later_word_is_refused(engine: Engine, kind: ConstraintKind) -> None:
    """Undone after that word, it is done."""
    target = "" if kind is CANNOT else story_of(engine, QUAKE[0])
    moved, _ = engine.move("", STRIKE[3], target, DESK)
    other = STRIKE[0] if kind is CANNOT else QUAKE[1]
    later, _ = engine.link("", kind, STRIKE[3], other, DESK)
    with pytest.raises(PreconditionFailed, match="another word is against it"):
        engine.undo("", moved.sequence, DESK)
    engine.undo("", later.sequence, DESK)
    engine.undo("", moved.sequence, DESK)
    assert story_of(engine, STRIKE[3]) == story_of(engine, STRIKE[0])


def test_undoing_a_lock_after_a_merge_touches_no_other_story(engine: Engine) -> None:
    """Neither the undo of a lock nor that of an unlock."""
    one, other = story_of(engine, STRIKE[0]), story_of(engine, QUAKE[0])
    locked, _ = engine.lock("", other, DESK)
    unlocked, _ = engine.unlock("", other, DESK)
    engine.merge("", one, other, DESK)
    winner = story_of(engine, STRIKE[0])
    if winner != other:
        engine.undo("", unlocked.sequence, DESK)
        assert engine.get_story("", winner).story.state is StoryState.OPEN
        engine.lock("", winner, DESK)
        engine.undo("", locked.sequence, DESK)
        assert engine.get_story("", winner).story.state is StoryState.LOCKED


def test_undoing_a_link_parts_what_it_merged(encoder: Encoder) -> None:
    """Also where the story of the second article was the older one."""
    engine = Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder)
    engine.ingest("", [article(QUAKE[0]), article(STRIKE[0])])
    linked, _ = engine.link("", MUST, STRIKE[0], QUAKE[0], DESK)
    assert story_of(engine, QUAKE[0]) == story_of(engine, STRIKE[0])
    engine.undo("", linked.sequence, DESK)
    assert story_of(engine, QUAKE[0]) != story_of(engine, STRIKE[0])
    engine.close()
