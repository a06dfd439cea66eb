"""engine: one article in; story, canonical and differences out."""

from __future__ import annotations

import base64
import dataclasses
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storycluster.backends import open_store
from storycluster.domain import (
    Article,
    EventKind,
    IngestResult,
    Relation,
    StoryFilter,
    StoryState,
    TimePrecision,
)
from storycluster.engine import Engine, scheme_of
from storycluster.errors import (
    ArticleWithdrawn,
    Conflict,
    InvalidInput,
    NotFound,
    StoryClusterError,
    Unavailable,
)
from storycluster.formats import Found, read_paths
from storycluster.ports import Encoder
from storycluster.settings import Settings

SEEDS = Path(__file__).parents[2] / "seeds/articles.jsonl"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)

FERRY = (
    "A ferry carrying 140 people sank off Port Vell on Monday morning, the coast guard said. "
    "Rescuers pulled 128 survivors from the water within two hours. Twelve people died, among them "
    "two members of the crew. Divers were still searching the lower car deck in the afternoon. The "
    "operator, Baylines, said the vessel had passed its yearly inspection in January."
)


@pytest.fixture
def engine(encoder: Encoder) -> Iterator[Engine]:
    made = Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder)
    yield made
    made.close()


def ok(outcome: IngestResult | StoryClusterError) -> IngestResult:
    assert isinstance(outcome, IngestResult), outcome
    return outcome


def add(engine: Engine, article_id: str, text: str = FERRY, **given: object) -> IngestResult:
    article = dataclasses.replace(Article(article_id, text=text), **given)  # type: ignore[arg-type]
    return ok(engine.ingest("", [article])[0])


def seeds() -> list[Article]:
    return [item.article for item in read_paths([str(SEEDS)]) if isinstance(item, Found)]


def test_a_first_article_opens_a_story(engine: Engine) -> None:
    """It stands for the story, and nothing was considered."""
    result = add(engine, "a")
    assert result.assignment.relation is Relation.NEW_STORY
    assert result.canonical.article_id == "a"
    assert engine.get_story("", result.assignment.story_id).story.article_count == 1


def test_an_equal_text_is_an_exact_copy(engine: Engine) -> None:
    """It joins the reprint group of its original."""
    first, copy = add(engine, "a"), add(engine, "b", source="Other")
    assert copy.assignment.relation is Relation.EXACT_COPY
    assert (copy.assignment.copy_of, copy.assignment.reprint_group) == ("a", "a")
    assert copy.assignment.story_id == first.assignment.story_id


def test_an_edited_text_is_a_near_copy_with_evidence(engine: Engine) -> None:
    """The measured overlap is told, against its threshold."""
    add(engine, "a")
    copy = add(engine, "b", FERRY.replace("Twelve", "Fourteen"))
    assert copy.assignment.relation is Relation.NEAR_COPY
    jaccard = copy.assignment.evidence[0]
    assert (jaccard.kind, jaccard.passed, jaccard.article_id) == ("jaccard", True, "a")
    assert 0.5 <= jaccard.value < 1.0


def test_a_replayed_article_changes_nothing(engine: Engine) -> None:
    """Same id, same text: the stored answer, no row, no event."""
    first = add(engine, "a")
    before = dict(engine.stats(""))
    again = add(engine, "a")
    assert again.replayed
    assert again.assignment == first.assignment
    assert dict(engine.stats("")) == before


def test_another_text_under_a_known_id_is_a_revision(engine: Engine) -> None:
    """It takes the next number and keeps its story; the comparison is with the one before."""
    first = add(engine, "a")
    second = add(engine, "a", FERRY.replace("Twelve people", "Fourteen people"))
    assert second.assignment.relation is Relation.REVISION
    assert second.assignment.revision == 2
    assert second.assignment.story_id == first.assignment.story_id
    seen = engine.view("", second)
    assert seen.revision_comparison is not None
    values = {(one.base_value, one.other_value) for one in seen.revision_comparison.differences}
    assert any("12" in base and "14" in other for base, other in values)
    assert seen.comparison is None


def test_an_older_revision_that_comes_late_does_not_overwrite(engine: Engine) -> None:
    """It is stored; the newer one stays the latest."""
    add(engine, "a", FERRY, revision=3)
    late = add(engine, "a", FERRY.replace("Twelve", "Nine"), revision=2)
    assert late.assignment.revision == 2
    assert engine.get_article("", "a").article.revision == 3
    assert [one.article.revision for one in engine.list_revisions("", "a")] == [2, 3]


def test_a_taken_revision_number_with_another_text_is_a_conflict(engine: Engine) -> None:
    """The error names the field; the stored text stays."""
    add(engine, "a", FERRY, revision=1)
    [refused] = engine.ingest("", [Article("a", text="Another text entirely.", revision=1)])
    assert isinstance(refused, Conflict)
    assert refused.field == "revision"
    assert engine.get_article("", "a").article.text == FERRY


@pytest.mark.parametrize(
    ("article", "field"),
    [
        (Article("", text="x"), "article_id"),
        (Article("a"), "text"),
        (Article("a", text=" \n--- "), "text"),
        (Article("a", text="x\x00y"), "text"),
        (Article("a", text="x\ud800y"), "text"),
        (Article("a", text="x" * 1_000_001), "text"),
        (Article("a", text="é" * 600_000), "text"),
        (Article("a", title="x" * 4_001), "title"),
        (Article("a" * 513, text="x"), "article_id"),
        (Article("a", text="x", revision=-1), "revision"),
        (Article("a", text="x", publish_time=datetime(1, 1, 1, tzinfo=UTC)), "publish_time"),
        (Article("a", text="x", publish_time=NOON.replace(tzinfo=None)), "publish_time"),
        (Article("a", text="x", authors=("x",) * 129), "authors"),
        (Article("a", text="x", extras={"k": "\x00"}), "extras['k']"),
    ],
)
def test_bad_input_is_refused_by_field_and_the_rest_goes_on(
    engine: Engine, article: Article, field: str
) -> None:
    """One bad article does not fail its neighbours."""
    refused, accepted = engine.ingest("", [article, Article("good", text=FERRY)])
    assert isinstance(refused, InvalidInput)
    assert field in [violation.field for violation in refused.violations]
    assert ok(accepted).article_id == "good"


def test_an_unknown_id_is_not_found_by_name(engine: Engine) -> None:
    """Article, revision and story."""
    add(engine, "a")
    for call, name in (
        (lambda: engine.get_article("", "nobody"), "nobody"),
        (lambda: engine.get_article("", "a", revision=9), "a@9"),
        (lambda: engine.get_story("", "s1"), "s1"),
        (lambda: engine.compare("", "a", "nobody"), "nobody"),
        (lambda: engine.explain("", "nobody"), "nobody"),
    ):
        with pytest.raises(NotFound) as caught:
            call()
        assert caught.value.name == name


def test_collections_do_not_see_each_other(engine: Engine) -> None:
    """The same text in two collections is two stories, each a first article."""
    one, other = (ok(engine.ingest(name, [Article("a", text=FERRY)])[0]) for name in ("x", "y"))
    assert one.assignment.relation is other.assignment.relation is Relation.NEW_STORY
    assert one.assignment.story_id != other.assignment.story_id
    with pytest.raises(NotFound):
        engine.get_story("x", other.assignment.story_id)


def test_two_copies_at_the_same_instant_end_in_one_story(engine: Engine) -> None:
    """Prepared apart, held at a barrier, submitted together: one original, one copy."""
    ready = [engine.prepare([Article(name, text=FERRY)]) for name in ("a", "b")]
    barrier, results = threading.Barrier(2), []

    def arrive(prepared: list) -> None:
        barrier.wait()
        results.append(ok(engine.submit("", prepared).result()[0]))

    threads = [threading.Thread(target=arrive, args=(one,)) for one in ready]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len({result.assignment.story_id for result in results}) == 1
    assert sorted(result.assignment.relation for result in results) == [
        Relation.EXACT_COPY,
        Relation.NEW_STORY,
    ]


def test_copies_in_one_batch_see_each_other(engine: Engine) -> None:
    """Group commit does not hide a batch's first article from its second."""
    results = engine.ingest("", [Article(name, text=FERRY) for name in "abc"])
    assert [ok(one).assignment.relation for one in results] == [
        Relation.NEW_STORY,
        Relation.EXACT_COPY,
        Relation.EXACT_COPY,
    ]


def test_briefs_too_short_to_fingerprint_are_copies_when_equal_only(engine: Engine) -> None:
    """Three words: equal is a copy, other words are not."""
    add(engine, "a", "Dollar falls again")
    assert add(engine, "b", "Dollar falls again").assignment.relation is Relation.EXACT_COPY
    other = add(engine, "c", "Dollar falls sharply").assignment.relation
    assert other not in (Relation.EXACT_COPY, Relation.NEAR_COPY)


TEMPLATE = (
    "Weather bulletin for the Tarrow valley. Today's high {0} degrees, low {1} degrees, rain {2} "
    "millimetres, wind {3} kilometres an hour from the west. Pollen count {4}. River level at the "
    "old bridge {5} centimetres. The next bulletin follows tomorrow at six."
)


def test_the_next_issue_of_a_template_is_no_copy(engine: Engine) -> None:
    """The source's bulletin of yesterday with today's numbers is another story, however alike."""
    given = {"source": "Weather Desk", "publish_precision": TimePrecision.EXACT}
    today = TEMPLATE.format(21, 9, 4, 18, 56, 131)
    first = add(engine, "a", today, publish_time=NOON, **given)
    tomorrow = TEMPLATE.format(17, 6, 12, 35, 23, 158)
    second = add(engine, "b", tomorrow, publish_time=NOON + timedelta(days=1), **given)
    assert second.assignment.relation not in (Relation.NEAR_COPY, Relation.EXACT_COPY)
    assert second.assignment.story_id != first.assignment.story_id
    assert "template" in second.assignment.runners_up[0].reason


STUB = "This is a breaking news story. Please check back for updates as more becomes known here."


@pytest.mark.parametrize("text", ["More to follow.", "(Reuters)", STUB])
def test_a_stub_under_another_headline_is_another_story(engine: Engine, text: str) -> None:
    """The same filler below two headlines makes neither a copy nor a story."""
    first = add(engine, "a", text, title="Mill burns down in Dorrance")
    other = add(engine, "b", text, title="Prime minister of Valmora resigns")
    assert other.assignment.relation is Relation.NEW_STORY
    assert other.assignment.story_id != first.assignment.story_id


def test_match_stores_nothing(engine: Engine) -> None:
    """The answer is the one that ingest then gives; nothing was written before."""
    add(engine, "a")
    before = dict(engine.stats(""))
    article = Article("b", text=FERRY.replace("Twelve", "Ten"))
    [match] = engine.match("", [article])
    assert dict(engine.stats("")) == before
    made = ok(engine.ingest("", [article])[0]).assignment
    assert not isinstance(match, StoryClusterError)
    assert (match.story_id, match.relation, match.copy_of, match.confidence) == (
        made.story_id,
        made.relation,
        made.copy_of,
        made.confidence,
    )


def test_the_answer_does_not_depend_on_how_articles_are_batched(encoder: Encoder) -> None:
    """All at once, or one by one: the same assignments, field by field."""
    made = []
    for size in (1, 7, 200):
        engine = Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder)
        articles = seeds()
        outcomes = [
            ok(one).assignment
            for start in range(0, len(articles), size)
            for one in engine.ingest("", articles[start : start + size])
        ]
        engine.close()
        made.append(outcomes)
    assert made[0] == made[1] == made[2]


@pytest.mark.parametrize("cut", [1, 30, 60])
def test_a_restart_changes_no_answer(encoder: Encoder, tmp_path: Path, cut: int) -> None:
    """Closed and opened again in the middle, the engine decides as if it had never stopped."""
    scheme, articles = scheme_of(encoder, Settings()), seeds()
    whole = Engine(open_store("memory:", scheme), encoder)
    expected = [ok(one).assignment for one in whole.ingest("", articles)]
    whole.close()
    folder = str(tmp_path / "data")
    outcomes = []
    for part in (articles[:cut], articles[cut:]):
        engine = Engine(open_store(folder, scheme), encoder)
        outcomes += [ok(one).assignment for one in engine.ingest("", part)]
        engine.close()
    assert expected == outcomes


def test_a_snapshot_is_a_cache(encoder: Encoder, tmp_path: Path) -> None:
    """Deleted, damaged or whole, the vectors' snapshot changes no answer."""
    scheme, articles = scheme_of(encoder, Settings()), seeds()
    answers = []
    for damage in ("none", "deleted", "flipped"):
        folder = tmp_path / damage
        engine = Engine(open_store(str(folder), scheme), encoder)
        engine.ingest("", articles[:40])
        engine.close()
        files = [file for file in (folder / "cache").rglob("*") if file.is_file()]
        assert files
        for file in files:
            if damage == "deleted":
                file.unlink()
            elif damage == "flipped":
                content = bytearray(file.read_bytes())
                content[len(content) // 2] ^= 1
                file.write_bytes(bytes(content))
        engine = Engine(open_store(str(folder), scheme), encoder)
        answers.append([ok(one).assignment for one in engine.ingest("", articles[40:])])
        engine.close()
    assert answers[0] == answers[1] == answers[2]


def test_the_counts_of_a_story_add_up(engine: Engine) -> None:
    """Members are articles; unique plus reprints is all; every member knows its story."""
    engine.ingest("", seeds())
    stories = engine.list_stories("", page_size=500).items
    assert sum(story.article_count for story in stories) == engine.stats("")["articles"]
    for story in stories:
        view = engine.get_story("", story.story_id)
        assert len(view.members) == story.article_count
        assert story.unique_count + story.reprint_count == story.article_count
        assert len({one.reprint_group for one in view.members}) == story.unique_count
        assert story.canonical is not None
        assert story.canonical.article_id in {one.article_id for one in view.members}
        for member in view.members:
            stored = engine.get_article("", member.article_id)
            assert stored.assignment.story_id == story.story_id


def test_pages_of_stories_are_stable_under_writes(engine: Engine) -> None:
    """A story that arrives between two pages neither repeats nor hides another."""
    engine.ingest("", seeds())
    everything = [one.story_id for one in engine.list_stories("", page_size=500).items]
    first = engine.list_stories("", page_size=5)
    add(engine, "late", "Something wholly unrelated happened in Ulan Bator on Friday evening.")
    rest, token = [], first.next_page_token
    while token:
        page = engine.list_stories("", page_size=5, page_token=token)
        rest += [one.story_id for one in page.items]
        token = page.next_page_token
    assert [one.story_id for one in first.items] + rest == everything


@pytest.mark.parametrize(
    ("call", "field"),
    [
        (lambda engine: engine.list_stories("", page_size=-1), "page_size"),
        (lambda engine: engine.list_stories("", page_token="nonsense"), "page_token"),
        (lambda engine: engine.list_events("", after=-1), "after"),
        (lambda engine: engine.get_story("a\x00b", "s"), "collection"),
        (lambda engine: engine.ingest("c" * 600, []), "collection"),
    ],
)
def test_wrong_arguments_are_named(
    engine: Engine, call: Callable[[Engine], object], field: str
) -> None:
    """The error names the argument."""
    with pytest.raises(InvalidInput) as caught:
        call(engine)
    assert [violation.field for violation in caught.value.violations] == [field]


def test_a_token_of_another_list_is_refused(engine: Engine) -> None:
    """A token is bound to its collection and filter."""
    engine.ingest("", seeds())
    token = engine.list_stories("", page_size=2).next_page_token
    with pytest.raises(InvalidInput, match="page_token"):
        engine.list_stories("", page_size=2, page_token=token, wanted=StoryFilter(2))


def test_events_tell_the_story_in_order(engine: Engine) -> None:
    """Sequences are gap-free from 1; the first article is ingested into a created story."""
    add(engine, "a")
    add(engine, "b")
    events = engine.list_events("")
    assert [event.sequence for event in events] == list(range(1, len(events) + 1))
    kinds = [event.kind for event in events]
    assert kinds[0] is EventKind.STORY_CREATED
    assert EventKind.MEMBER_ADDED in kinds


def test_a_closed_engine_says_so(encoder: Encoder) -> None:
    """Queued work is finished; later work is refused as unavailable."""
    engine = Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder)
    waiting = engine.submit("", engine.prepare([Article("a", text=FERRY)]))
    engine.close()
    assert ok(waiting.result()[0]).article_id == "a"
    with pytest.raises(Unavailable):
        engine.submit("", [])


def test_a_merged_story_redirects(engine: Engine) -> None:
    """Where an article shows two stories to be one, the older id stays and the other leads to
    it."""
    results = [ok(one) for one in engine.ingest("", seeds())]
    merged = engine.list_stories("", wanted=StoryFilter(include_merged=True), page_size=500).items
    gone = [story for story in merged if story.state is StoryState.MERGED]
    ids = {result.assignment.story_id for result in results} | {one.story_id for one in merged}
    for story in gone:
        assert story.merged_into_story_id < story.story_id
    for story_id in ids:
        view = engine.get_story("", story_id)
        assert view.story.state is StoryState.OPEN
        assert view.redirected_from == ("" if view.story.story_id == story_id else story_id)


def test_a_revised_article_keeps_the_time_of_its_first_revision(engine: Engine) -> None:
    """A correction the next day does not cost the first reporter its place as canonical."""
    given = {"title": "Ferry sinks", "publish_precision": TimePrecision.EXACT}
    add(engine, "wire", publish_time=NOON, **given)
    other = "Divers search the wreck of the Port Vell ferry, where twelve people died on Monday. "
    add(engine, "daily", FERRY + other * 2, publish_time=NOON + timedelta(hours=3), **given)
    corrected = FERRY.replace("Twelve people", "Eleven people")
    revised = add(engine, "wire", corrected, publish_time=NOON + timedelta(days=1), **given)
    assert revised.canonical.article_id == "wire"


def test_an_earlier_revision_is_replayed_where_its_article_is_now(encoder: Encoder) -> None:
    """After merges and second looks too, every text ever accepted is answered, and by the story
    that holds its article."""
    engine = Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder)
    for place, article in enumerate(seeds()):
        add(engine, article.article_id, article.text, title=article.title)
        if place % 2:
            add(engine, article.article_id, article.text + " It was updated.", title=article.title)
    for article in seeds():
        again = add(engine, article.article_id, article.text, title=article.title)
        now = engine.get_article("", article.article_id).assignment.story_id
        assert (again.replayed, again.assignment.story_id) == (True, now)
        assert engine.get_story("", now).story.canonical == again.canonical
    engine.close()


def test_a_late_arrival_joins_the_story_of_its_own_time(engine: Engine) -> None:
    """Published last year and sent today, an article goes to the report of its day, not to the
    newer look-alike that it shares more words with; its story begins earlier then."""
    vote = "The parliament of Valmora voted on the bridge over the Tarrow. {} {} {}"
    shares = "Shares of the builder Norvik rose by a fifth after the vote on Monday evening."
    weeks = timedelta(days=320)

    def report(article_id: str, time: datetime, *told: str) -> IngestResult:
        given = {"title": "Valmora votes on the Tarrow bridge", "publish_time": time}
        return add(engine, article_id, vote.format(*told), **given)

    farmers = "Farmers whose land is needed for the bridge protested outside with tractors."
    then = report("then", NOON - weeks, "Deputies passed it in first reading.", farmers, "")
    now = report("now", NOON, shares, "Building of the bridge begins in the spring.", "")
    assert then.assignment.story_id != now.assignment.story_id
    before = NOON - weeks - timedelta(hours=3)
    outside = "Outside, tractors of farmers who lose land blocked the avenue."
    late = report("late", before, outside, "The first reading took until midnight.", shares)
    assert late.assignment.relation is Relation.SAME_STORY
    assert late.assignment.story_id == then.assignment.story_id
    story = engine.get_story("", late.assignment.story_id).story
    assert story.first_publish_time == before
    assert late.canonical.article_id == "late"


def test_what_is_queued_cannot_be_cancelled(engine: Engine) -> None:
    """A caller that gives up does not stop the writer; the article is stored."""
    waiting = engine.submit("", engine.prepare([Article("a", text=FERRY)]))
    assert not waiting.cancel()
    assert ok(waiting.result()[0]).article_id == "a"
    assert add(engine, "b").assignment.copy_of == "a"


def test_no_revision_follows_the_last(engine: Engine) -> None:
    """At the end of the numbers another text is a conflict, and its neighbours are stored."""
    add(engine, "a", FERRY, revision=2**31 - 1)
    refused, accepted = engine.ingest(
        "", [Article("a", text="New text."), Article("b", text=FERRY)]
    )
    assert isinstance(refused, Conflict)
    assert ok(accepted).assignment.copy_of == "a"


def test_an_impossible_date_in_the_text_is_no_date(engine: Engine) -> None:
    """What the text claims of its own time may be nonsense; the article is taken, undated."""
    result = add(engine, "a", "Published: 9999-12-31\n\n" + FERRY)
    assert engine.get_article("", result.article_id).article.publish_time is None


def test_a_forged_token_stays_in_its_collection(encoder: Encoder, tmp_path: Path) -> None:
    """A page token with an enormous number lists no story of another collection."""
    engine = Engine(open_store(str(tmp_path), scheme_of(encoder, Settings())), encoder)
    for name in ("one", "two"):
        engine.ingest(name, [Article(name, text=FERRY)])
    engine.ingest("one", [Article("other", title="A mill burned", text="Nobody was hurt.")])
    real = base64.urlsafe_b64decode(engine.list_stories("one", page_size=1).next_page_token)
    _, _, asked = real.partition(b"\0")
    token = base64.urlsafe_b64encode(str(1 << 41).encode() + b"\0" + asked).decode()
    listed = engine.list_stories("one", page_token=token).items
    assert {story.canonical.article_id for story in listed if story.canonical} == {"one", "other"}
    engine.close()


def test_closing_twice_at_once_finishes_what_is_queued(encoder: Encoder) -> None:
    """Two threads that close wait for the same queue; nothing accepted fails."""
    engine = Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder)
    waiting = [
        engine.submit("", engine.prepare([Article(f"a{n}", text=f"{FERRY} {n}")]))
        for n in range(20)
    ]
    threads = [threading.Thread(target=engine.close) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [ok(one.result()[0]).article_id for one in waiting] == [f"a{n}" for n in range(20)]


def test_a_large_story_stays_cheap_to_add_to(engine: Engine) -> None:
    """The 600th copy of a text still finds its group, through some of the copies."""
    results = engine.ingest("", [Article(f"a{n}", text=FERRY) for n in range(600)])
    assert {ok(one).assignment.reprint_group for one in results} == {"a0"}
    [story] = engine.list_stories("").items
    assert (story.article_count, story.unique_count) == (600, 1)


def by_policy(encoder: Encoder, url: str, policy: str) -> Engine:
    settings = Settings(canonical_policy=policy)
    return Engine(open_store(url, scheme_of(encoder, settings)), encoder, settings=settings)


def test_the_canonical_holds_until_another_is_clearly_longer(
    encoder: Encoder, tmp_path: Path
) -> None:
    """Two words more do not move it, also not over a restart; ten do, and that is an event."""
    with_more = {"b": " He resigned.", "c": " She agreed.", "d": " No cause was given" + " yet" * 9}
    engine = by_policy(encoder, str(tmp_path), "longest")
    add(engine, "a")
    kept = add(engine, "b", FERRY + with_more["b"]).canonical
    assert (kept.article_id, kept.reason) == ("a", "kept: no other is clearly better")
    engine.close()
    engine = by_policy(encoder, str(tmp_path), "longest")
    assert add(engine, "c", FERRY + with_more["c"]).canonical == kept
    moved = add(engine, "d", FERRY + with_more["d"]).canonical
    assert (moved.article_id, moved.reason) == ("d", "longest")
    changed = [
        (event.article_id, event.detail["from_article_id"])
        for event in engine.list_events("")
        if event.kind is EventKind.CANONICAL_CHANGED
    ]
    assert changed == [("a", ""), ("d", "a")]
    engine.close()


def test_what_another_policy_chose_does_not_hold(encoder: Encoder, tmp_path: Path) -> None:
    """After a change of policy the next arrival has the canonical chosen afresh."""
    engine = by_policy(encoder, str(tmp_path), "first_received")
    add(engine, "a")
    assert add(engine, "b", FERRY + " He resigned.").canonical.article_id == "a"
    engine.close()
    engine = by_policy(encoder, str(tmp_path), "longest")
    chosen = add(engine, "c", FERRY).canonical
    assert (chosen.article_id, chosen.policy, chosen.reason) == ("b", "longest", "longest")
    engine.close()


@pytest.mark.parametrize("policy", ["most_facts", "medoid"])
def test_a_restart_changes_no_canonical(encoder: Encoder, tmp_path: Path, policy: str) -> None:
    """What a policy counts is counted the same from the rebuilt index."""
    articles = seeds()
    whole = by_policy(encoder, "memory:", policy)
    expected = [ok(one).canonical for one in whole.ingest("", articles)]
    whole.close()
    found = []
    for part in (articles[:40], articles[40:]):
        engine = by_policy(encoder, str(tmp_path), policy)
        found += [ok(one).canonical for one in engine.ingest("", part)]
        engine.close()
    assert found == expected
    assert {one.policy for one in found} == {policy}


def test_the_best_ranked_source_stands(encoder: Encoder) -> None:
    """Sources are listed in a setting, and so is the margin; what is not listed comes last."""
    settings = Settings(canonical_policy="source_rank", source_rank=("Reuters", "UPI"))
    engine = Engine(open_store("memory:", scheme_of(encoder, settings)), encoder, settings=settings)
    chosen = [
        add(engine, article_id, source=source).canonical.article_id
        for article_id, source in (("a", "Blog"), ("b", "upi"), ("c", "Other"), ("d", "Reuters"))
    ]
    assert chosen == ["a", "b", "b", "d"]
    engine.close()


def test_the_margin_is_a_setting(encoder: Encoder) -> None:
    """Without one, two words more move the canonical."""
    settings = Settings(canonical_policy="longest", canonical_margin=0.0)
    engine = Engine(open_store("memory:", scheme_of(encoder, settings)), encoder, settings=settings)
    add(engine, "a")
    assert add(engine, "b", FERRY + " He resigned.").canonical.article_id == "b"
    engine.close()


@pytest.mark.parametrize(
    "kill",
    [
        {"extras": {"pub_status": '"canceled"', "editorial_note": '"wrong photo"'}, "text": ""},
        {"extras": {"signals": '["kill"]', "editorial_note": '"wrong photo"'}},
        {"title": "MANDATORY KILL: Ferry", "extras": {"editorial_note": '"wrong photo"'}},
    ],
)
def test_a_source_kills_its_article(engine: Engine, kill: dict[str, object]) -> None:
    """It is withdrawn in its turn, with the note as the reason; what follows is refused."""
    article = Article("a", text=FERRY, source="AP")
    killing = dataclasses.replace(article, **kill)  # type: ignore[arg-type]
    [made, killed, late, other] = engine.ingest(
        "", [article, killing, article, dataclasses.replace(article, article_id="b")]
    )
    for refused in (killed, late):
        assert isinstance(refused, ArticleWithdrawn)
        assert "by AP: wrong photo" in refused.message
    assert ok(other).assignment.relation is Relation.NEW_STORY
    story = engine.get_story("", ok(made).assignment.story_id).story
    assert story.state is StoryState.CLOSED


def test_sending_an_odd_headline_again_kills_nothing(engine: Engine) -> None:
    """The tag of a known text is part of its headline."""
    odd = Article("k", title="KILL: what is known of the fire", text=FERRY)
    first, again = engine.ingest("", [odd, odd])
    assert ok(first).assignment == ok(again).assignment
    assert ok(again).replayed


def test_what_never_came_is_not_killed(engine: Engine) -> None:
    """A canceled article that is unknown is not found; a headline with such a tag is one."""
    canceled = Article("a", extras={"pub_status": '"canceled"'})
    [refused, taken] = engine.ingest(
        "", [canceled, Article("b", title="KILL: the film", text=FERRY)]
    )
    assert isinstance(refused, NotFound)
    assert ok(taken).assignment.relation is Relation.NEW_STORY


@pytest.mark.parametrize(
    ("given", "edit"),
    [
        ({"text": FERRY.replace(". ", ".\n\n")}, "minor"),
        ({"text": FERRY.replace("Twelve", "Ten")}, "silent"),
        ({"title": "A headline"}, "silent"),
        ({"text": FERRY.replace("Twelve", "Ten"), "revision": 5}, "stated"),
        ({"text": FERRY.replace("Twelve", "Ten"), "title": "CORRECTED-Ferry"}, "stated"),
    ],
)
def test_an_edit_is_minor_silent_or_stated(
    engine: Engine, given: dict[str, object], edit: str
) -> None:
    """The event of the revision says which, and what the wire said."""
    add(engine, "a")
    add(engine, "a", **given)
    [event] = [one for one in engine.list_events("") if one.kind is EventKind.ARTICLE_REVISED]
    assert event.detail["edit"] == edit
    assert event.detail["revision"] == str(given.get("revision", 2))
    assert event.detail.get("signals", "") == (
        "correction" if "title" in given and edit == "stated" else ""
    )
