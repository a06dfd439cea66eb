"""engine: the second look at each article about a day after it arrived.

Most tests plan a wrong partition and have it repaired: while articles arrive, a scorer goes by the
number in their text (the plan); from then on, one that goes by their words (the truth).
"""

from __future__ import annotations

import dataclasses
import itertools
import random
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np
import pytest

from storycluster import decision
from storycluster.backends import open_store
from storycluster.backends.memory.writing import MemoryTransaction
from storycluster.decision import Model, Scored
from storycluster.domain import Article, Event, EventKind, IngestResult, Relation, StoryState
from storycluster.engine import Engine, placing, repair, scheme_of, surroundings
from storycluster.errors import InternalError, InvalidInput, StoreError
from storycluster.formats import Found, read_paths
from storycluster.measures import MEASURES, Measured, Profile, StoryProfile, cosine
from storycluster.ports import Encoder
from storycluster.settings import Settings

SEEDS = Path(__file__).parents[2] / "seeds/articles.jsonl"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DAY = timedelta(days=1)
Scorer = Callable[..., list[Scored]]


class Watch:
    """A clock that a test sets; `step` is added after each reading."""

    def __init__(self, step: timedelta = timedelta(0)) -> None:
        self.moment = NOON
        self.step = step

    def now(self) -> datetime:
        self.moment += self.step
        return self.moment


NOTHING = Measured(np.zeros(len(MEASURES)), ())


def planned(article: Profile, stories: Sequence[StoryProfile], model: Model) -> list[Scored]:
    """Certain where the story holds an article of the same number."""
    return [
        Scored(
            story.story_id,
            float(any(article.numbers & member.numbers for member in story.members)),
            NOTHING,
        )
        for story in stories
    ]


def told(article: Profile, stories: Sequence[StoryProfile], model: Model) -> list[Scored]:
    """The mean cosine of the words to the three nearest members."""
    return [Scored(story.story_id, _alike(article, story), NOTHING) for story in stories]


def _alike(article: Profile, story: StoryProfile) -> float:
    near = sorted(
        (cosine(article.views["body"], one.views["body"]) for one in story.members),
        reverse=True,
    )[:3]
    return round(sum(near) / len(near), 9)


@pytest.fixture
def score_by(monkeypatch: pytest.MonkeyPatch) -> Callable[[Scorer], None]:
    """Replaces the scoring function, wherever it is used."""

    def replace(scorer: Scorer) -> None:
        for module in (decision, placing, surroundings, repair):
            monkeypatch.setattr(module, "score", scorer)

    return replace


@dataclasses.dataclass(slots=True)
class Bench:
    """An engine under a clock, and the way from plan to truth."""

    engine: Engine
    clock: Watch
    score_by: Callable[[Scorer], None]

    def arrive(self, *articles: Article) -> None:
        """Placed as planned, an hour after the last ones."""
        self.score_by(planned)
        self.clock.moment += timedelta(hours=1)
        for outcome in self.engine.ingest("", articles):
            assert isinstance(outcome, IngestResult), outcome

    def repair(self, **given: int) -> int:
        """A day later: what is due, by the truth."""
        self.score_by(told)
        self.clock.moment += DAY
        return self.engine.repair("", **given)

    def stories(self) -> list[set[str]]:
        """The members of each open story, oldest story first."""
        found = self.engine.list_stories("", page_size=500).items
        ids = sorted(one.story_id for one in found)
        return [{m.article_id for m in self.engine.get_story("", one).members} for one in ids]

    def story_of(self, article_id: str) -> str:
        return self.engine.get_article("", article_id).assignment.story_id

    def events(self, kind: EventKind) -> list[Event]:
        return [one for one in self.engine.list_events("", page_size=500) if one.kind is kind]


@pytest.fixture
def bench(encoder: Encoder, score_by: Callable[[Scorer], None]) -> Iterator[Bench]:
    clock, model = Watch(), decision.default_model(encoder.encoder_id)
    engine = Engine(
        open_store("memory:", scheme_of(encoder, Settings())),
        encoder,
        clock=clock,
        model=dataclasses.replace(model, threshold=0.5, merge_threshold=0.5),
    )
    yield Bench(engine, clock, score_by)
    engine.close()


def report(article_id: str, *, plan: int, truth: str, **given: str) -> Article:
    """An article planned into story `plan` that in truth tells of `truth`, in its own order."""
    words = [f"{truth}{letter}" for letter in "abcdefghijklmnop"]
    chosen = random.Random(article_id).sample(words, 13)
    return Article(article_id, text=f"Number {plan} says: {' '.join(chosen)}.", **given)


def test_an_article_goes_where_it_belongs_more(bench: Bench) -> None:
    """With its copies, and the new assignments say by which values; the old ones stay."""
    wrong = report("x", plan=1, truth="mill")
    bench.arrive(*(report(f"f{n}", plan=1, truth="ferry") for n in range(3)))
    bench.arrive(wrong, dataclasses.replace(wrong, article_id="x-copy", source="Other"))
    bench.arrive(*(report(f"m{n}", plan=2, truth="mill") for n in range(3)))
    left = bench.story_of("x")
    assert bench.repair() == 7
    assert bench.stories() == [{"f0", "f1", "f2"}, {"m0", "m1", "m2", "x", "x-copy"}]
    for article_id, relation in (("x", Relation.SAME_STORY), ("x-copy", Relation.EXACT_COPY)):
        first, moved = bench.engine.explain("", article_id)
        assert (first.story_id, moved.previous_story_id) == (left, left)
        assert moved.relation is relation
        here, before, *_ = moved.evidence
        assert (here.kind, here.passed) == ("second_look", True)
        assert (before.kind, before.passed) == ("second_look_before", False)
        assert here.value > before.value
    assert bench.engine.explain("", "x")[-1].confidence == here.value
    moves = bench.events(EventKind.MEMBER_MOVED)
    assert [one.article_id for one in moves] == ["x", "x-copy"]
    assert {one.detail["from_story_id"] for one in moves} == {left}


def test_an_article_that_belongs_nowhere_opens_a_story(bench: Bench) -> None:
    """The story it leaves keeps its id and counts."""
    bench.arrive(*(report(f"f{n}", plan=1, truth="ferry") for n in range(3)))
    bench.arrive(report("x", plan=1, truth="mill"))
    left = bench.story_of("x")
    bench.repair()
    assert bench.stories() == [{"f0", "f1", "f2"}, {"x"}]
    assert bench.engine.get_story("", left).story.article_count == 3
    assert bench.engine.explain("", "x")[-1].relation is Relation.NEW_STORY


def test_of_two_that_part_the_canonical_keeps_the_id(bench: Bench) -> None:
    """The article that stands for the story stays in it, whichever of the two is looked at."""
    bench.arrive(report("f", plan=1, truth="ferry"), report("m", plan=1, truth="mill"))
    story_id = bench.story_of("f")
    canonical = bench.engine.get_story("", story_id).story.canonical
    assert canonical is not None
    bench.repair()
    assert bench.story_of(canonical.article_id) == story_id
    assert bench.stories() in ([{"f"}, {"m"}], [{"m"}, {"f"}])


@pytest.mark.parametrize("first", ["lone", "story"])
def test_a_lone_article_joins_a_story(bench: Bench, first: str) -> None:
    """That is a merge: the older of the two ids stays, the other redirects for ever."""
    lone = [report("x", plan=1, truth="ferry")]
    story = [report(f"f{n}", plan=2, truth="ferry") for n in range(3)]
    for some in (lone, story) if first == "lone" else (story, lone):
        bench.arrive(*some)
    older, younger = sorted((bench.story_of("x"), bench.story_of("f0")))
    if first == "story":
        bench.score_by(planned)
        bench.clock.moment += DAY - timedelta(minutes=30)
        assert bench.engine.repair("") == 3  # nothing to change yet by the plan
        bench.clock.moment -= DAY - timedelta(minutes=30)
    bench.repair()
    moved = [one.article_id for one in bench.events(EventKind.MEMBER_MOVED)]
    assert moved == (["f0", "f1", "f2"] if first == "lone" else ["x"])
    for article_id in moved:
        first = bench.engine.explain("", article_id)[-1].evidence[0]
        assert (first.kind, first.passed, first.article_id) == ("second_look", True, "x")
    assert bench.stories() == [{"x", "f0", "f1", "f2"}]
    view = bench.engine.get_story("", younger)
    assert (view.story.story_id, view.redirected_from) == (older, younger)
    [merged] = bench.events(EventKind.STORY_MERGED)
    assert (merged.story_id, merged.detail["merged_into"]) == (younger, older)


def test_two_stories_that_are_one_are_merged(bench: Bench) -> None:
    """The article looked at stays where it is; the check of its story finds the other."""
    for plan in (1, 2):
        bench.arrive(*(report(f"f{plan}{n}", plan=plan, truth="ferry") for n in range(3)))
    older, younger = bench.story_of("f10"), bench.story_of("f20")
    bench.repair()
    [members] = bench.stories()
    assert len(members) == 6
    view = bench.engine.get_story("", younger)
    assert (view.story.story_id, view.story.article_count) == (older, 6)
    facts = bench.engine.story_facts("", younger)
    assert (facts.story_id, facts.redirected_from) == (older, younger)
    assert bench.engine.story_facts("", older).redirected_from == ""


def test_a_story_that_fell_apart_is_split(bench: Bench) -> None:
    """The part with the canonical keeps the id, the other becomes a story; an event says so."""
    bench.arrive(*(report(f"f{n}", plan=1, truth="ferry") for n in range(4)))
    bench.arrive(*(report(f"m{n}", plan=1, truth="mill") for n in range(4)))
    story_id = bench.story_of("f0")
    canonical = bench.engine.get_story("", story_id).story.canonical
    assert canonical is not None
    bench.repair()
    assert sorted(map(sorted, bench.stories())) == [
        ["f0", "f1", "f2", "f3"],
        ["m0", "m1", "m2", "m3"],
    ]
    assert bench.story_of(canonical.article_id) == story_id
    [split] = bench.events(EventKind.STORY_SPLIT)
    assert split.story_id == story_id
    other = split.detail["split_into"]
    assert other == bench.story_of("m0" if canonical.article_id.startswith("f") else "f0")
    assert len(bench.events(EventKind.MEMBER_MOVED)) == 4


def test_a_large_story_is_not_split(bench: Bench) -> None:
    """Work is bounded: above `repair.split_groups` groups nobody asks."""
    small = dataclasses.replace(bench.engine.settings.repair, split_groups=7)
    object.__setattr__(bench.engine.settings, "repair", small)
    bench.arrive(*(report(f"f{n}", plan=1, truth="ferry") for n in range(4)))
    bench.arrive(*(report(f"m{n}", plan=1, truth="mill") for n in range(4)))
    bench.repair()
    assert len(bench.stories()) == 1


BULLETIN = (
    "Weather bulletin for the Tarrow valley. Today's high {0} degrees, low {1} degrees, rain {2} "
    "millimetres, wind {3} kilometres an hour from the west. Pollen count {4}. River level at the "
    "old bridge {5} centimetres. The next bulletin follows tomorrow at six."
)


def test_the_next_issue_of_a_template_stays_out(bench: Bench) -> None:
    """However alike the words are: the vetoes of placing hold in the second look."""
    given = {"source": "Weather Desk"}
    today, tomorrow = (
        BULLETIN.format(21, 9, 4, 18, 56, 131),
        BULLETIN.format(17, 6, 12, 35, 23, 158),
    )
    bench.arrive(Article("a", text=today, publish_time=NOON, **given))
    bench.arrive(Article("b", text=tomorrow, publish_time=NOON + DAY, **given))
    assert bench.repair() == 2
    assert bench.stories() == [{"a"}, {"b"}]


def test_stubs_under_other_headlines_stay_apart(bench: Bench) -> None:
    """The same filler below two headlines is no reason to join."""
    filler = "This is a breaking news story. Please check back for updates as more becomes known."
    bench.arrive(Article("a", title="Mill burns down in Dorrance", text=filler))
    bench.arrive(Article("b", title="Prime minister of Valmora resigns", text=filler))
    bench.repair()
    assert bench.stories() == [{"a"}, {"b"}]


def test_nothing_is_due_before_its_time(bench: Bench) -> None:
    """An article is looked at once `repair.delay_hours` have passed, and then once."""
    bench.arrive(report("f0", plan=1, truth="ferry"), report("f1", plan=2, truth="ferry"))
    bench.score_by(told)
    bench.clock.moment += DAY - timedelta(seconds=1)
    assert bench.engine.repair("") == 0
    assert len(bench.stories()) == 2
    bench.clock.moment += timedelta(seconds=1)
    assert [bench.engine.repair("") for _ in range(2)] == [2, 0]
    assert len(bench.stories()) == 1


def test_a_limit_is_kept_and_the_rest_follows(bench: Bench) -> None:
    """In order of sequence; the next call goes on where the last one stopped."""
    bench.arrive(*(report(f"f{n}", plan=n, truth=f"t{n}") for n in range(5)))
    assert bench.repair(limit=3) == 3
    assert bench.engine.repair("", limit=0) == 0
    assert bench.engine.repair("", limit=3) == 2
    assert bench.engine.repair("nowhere") == 0
    with pytest.raises(InvalidInput):
        bench.engine.repair("a\x00b")


def test_each_arrival_does_a_few(bench: Bench) -> None:
    """`repair.per_article` of those that are due, before it is placed; the rest waits."""
    bench.arrive(*(report(f"f{n}", plan=n, truth=f"t{n}") for n in range(6)))
    bench.clock.moment += 2 * DAY
    bench.engine.ingest("", [report("g", plan=9, truth="g")])
    assert bench.engine.repair("") == 6 - bench.engine.settings.repair.per_article
    assert bench.repair() == 1


def test_a_revised_article_is_looked_at_again(bench: Bench) -> None:
    """It kept its story when its text was replaced; a day later it leaves it."""
    bench.arrive(*(report(f"f{n}", plan=1, truth="ferry") for n in range(4)))
    assert bench.repair() == 4
    bench.arrive(report("f1", plan=1, truth="mill"))
    assert len(bench.stories()) == 1
    assert bench.repair() == 1
    assert bench.stories() == [{"f0", "f2", "f3"}, {"f1"}]


def test_a_failed_transaction_undoes_looks_and_mark_together(
    bench: Bench, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Where the mark cannot be written, nothing moved; later everything is done as if nothing had
    been."""
    bench.arrive(*(report(f"f{n}", plan=1, truth="ferry") for n in range(4)))
    bench.arrive(*(report(f"m{n}", plan=1, truth="mill") for n in range(4)))
    before = bench.stories(), dict(bench.engine.stats(""))

    def fail(*given: object) -> None:
        raise StoreError("no")

    with monkeypatch.context() as broken:
        broken.setattr(MemoryTransaction, "set_mark", fail)
        with pytest.raises(StoreError):
            bench.repair()
    assert (bench.stories(), dict(bench.engine.stats(""))) == before
    assert bench.engine.repair("") == 8
    assert len(bench.stories()) == 2


def test_a_look_that_fails_keeps_no_article_out(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """What arrives is placed all the same; whoever asks for a repair is told that it fails."""
    bench.arrive(*(report(f"f{n}", plan=1, truth="ferry") for n in range(3)))
    bench.clock.moment += DAY

    def fail(*given: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(repair.Repair, "look", fail)
    bench.arrive(report("f3", plan=1, truth="ferry"), report("f4", plan=1, truth="ferry"))
    bench.arrive(report("f5", plan=1, truth="ferry"))
    assert len(bench.stories()) == 1
    assert bench.engine.stats("")["articles"] == 6
    assert len([one for one in caplog.messages if "no more second looks" in one]) == 1
    with pytest.raises(InternalError):
        bench.repair()


def test_ids_survive_all_of_it(bench: Bench) -> None:
    """Every id that was ever told leads to an open story, after merges, moves and splits."""
    told_ids = set()
    for plan, truth in ((1, "ferry"), (1, "mill"), (2, "ferry"), (3, "strike"), (3, "ferry")):
        names = [f"{truth}{plan}{n}" for n in range(3)]
        bench.arrive(*(report(name, plan=plan, truth=truth) for name in names))
        told_ids |= {bench.story_of(name) for name in names}
    while bench.repair():
        told_ids |= {one.story_id for one in bench.engine.list_stories("", page_size=500).items}
    by_truth = {frozenset(one.rstrip("0123456789") for one in some) for some in bench.stories()}
    assert by_truth == {frozenset({"ferry"}), frozenset({"mill"}), frozenset({"strike"})}
    for story_id in told_ids:
        assert bench.engine.get_story("", story_id).story.state is StoryState.OPEN


def seeds() -> list[Article]:
    """The sample corpus, twice over: a day apart each article comes once more in other words."""
    found = [item.article for item in read_paths([str(SEEDS)]) if isinstance(item, Found)]
    again = [
        dataclasses.replace(
            one, article_id=f"{one.article_id}-2", text=" ".join(reversed(one.text.split(". ")))
        )
        for one in found
    ]
    return found + again


def lived(
    encoder: Encoder, articles: list[Article], *, url: str, batch: int, cuts: tuple[int, ...] = ()
) -> list[Event]:
    """All events, where an hour passes with each article and the engine is closed at the cuts."""
    scheme, clock = scheme_of(encoder, Settings()), Watch(step=timedelta(hours=1))
    bounds = [0, *cuts, len(articles)]
    for start, end in itertools.pairwise(bounds):
        engine = Engine(open_store(url, scheme), encoder, clock=clock)
        for first in range(start, end, batch):
            engine.ingest("", articles[first : min(end, first + batch)])
        events = [*engine.list_events("", page_size=500)]
        while page := engine.list_events("", after=len(events), page_size=500):
            events += page
        engine.close()
    return events


def test_batches_and_restarts_change_nothing(encoder: Encoder, tmp_path: Path) -> None:
    """Every event with its time, whatever the batch size and wherever the engine is opened
    again."""
    articles = seeds()
    whole = lived(encoder, articles, url="memory:", batch=1)
    assert whole == lived(encoder, articles, url="memory:", batch=17)
    cuts = (1, 30, 61, 90)
    assert whole == lived(encoder, articles, url=str(tmp_path / "cut"), batch=7, cuts=cuts)
