"""embargo: an article that nobody sees before its minute but who has the right."""

from __future__ import annotations

import contextlib
import dataclasses
import sqlite3
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storycluster.backends import open_store
from storycluster.domain import (
    PUBLIC,
    Act,
    Article,
    CollectionSettings,
    EventKind,
    IngestResult,
    Relation,
    Rights,
    StoryFilter,
)
from storycluster.engine import Engine, scheme_of
from storycluster.engine.holding import OVERTAKEN
from storycluster.errors import (
    ArticleWithdrawn,
    Conflict,
    NotFound,
    PermissionDenied,
    StoreCorrupt,
    StoryClusterError,
)
from storycluster.ports import Encoder
from storycluster.settings import Settings

DESK = Act("desk", "it was wrong")
RIGHT = Rights(embargo=True)
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SIX = NOON + timedelta(hours=6)
FERRY = (
    "A ferry carrying 140 people sank off Port Vell on Monday morning, the coast guard said. "
    "Rescuers pulled 128 survivors from the water within two hours. Twelve people died, among them "
    "two members of the crew. Divers were still searching the lower car deck in the afternoon. The "
    "operator, Baylines, said the vessel had passed its yearly inspection in January."
)
REPORT = (
    "Twelve people drowned when a Baylines ferry went down outside the harbour of Port Vell on "
    "Monday, according to the coast guard. It had 140 people aboard, and 128 were saved. Divers "
    "went on searching the car deck. Baylines said that inspectors had passed it in January."
)
MILL = (
    "A paper mill in Karsten burned down on Monday night. The fire began in the drying hall, the "
    "owner said, and forty workers left the building unhurt. Nobody knows yet what caused it."
)
FIRST = Article("first", title="Ferry sinks off Port Vell", text=FERRY, publish_time=NOON)
HELD = Article(
    "held", title="Twelve drown as Baylines ferry sinks", text=REPORT, source="Mail",
    publish_time=NOON, embargo_time=SIX,
)  # fmt: skip
NEWS = Article("mill", title="Mill burns", text=MILL, publish_time=NOON, embargo_time=SIX)


class Watch:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.moment = NOON

    def now(self) -> datetime:
        return self.moment


@pytest.fixture
def watch() -> Watch:
    return Watch()


@pytest.fixture
def engine(encoder: Encoder, watch: Watch) -> Iterator[Engine]:
    """One public article."""
    made = opened("memory:", encoder, watch)
    made.ingest("", [FIRST])
    yield made
    made.close()


def opened(url: str, encoder: Encoder, watch: Watch) -> Engine:
    return Engine(open_store(url, scheme_of(encoder, Settings())), encoder, clock=watch)


def send(engine: Engine, article: Article, rights: Rights = RIGHT) -> IngestResult:
    [outcome] = engine.ingest("", [article], rights=rights)
    if isinstance(outcome, StoryClusterError):
        raise outcome
    return outcome


def public(engine: Engine) -> object:
    """All that everybody can see of the collection."""
    everything = StoryFilter(include_merged=True)
    stories = engine.list_stories("", everything, page_size=500).items
    return (
        stories,
        [engine.get_story("", one.story_id) for one in stories],
        engine.list_events("", page_size=500),
        engine.stats(""),
        engine.list_overrides(""),
        engine.match("", [dataclasses.replace(HELD, article_id="asked", embargo_time=None)]),
        engine.similar("", Article("asked", text=REPORT)),
        engine.search("", "Baylines ferry"),
        engine.list_collections(),
    )


def kinds(engine: Engine) -> list[EventKind]:
    return [event.kind for event in engine.list_events("", page_size=500)]


def revise(article: Article, text: str, embargo: datetime | None, revision: int = 0) -> Article:
    changed = article.text + " " + text
    return dataclasses.replace(article, text=changed, embargo_time=embargo, revision=revision)


def test_a_held_article_changes_nothing_that_everybody_sees(engine: Engine) -> None:
    """Stories, members, events, counts, matches and searches are as they were."""
    before = public(engine)
    assert send(engine, HELD, PUBLIC).held_until == SIX
    assert send(engine, NEWS, RIGHT).held_until == SIX
    assert public(engine) == before


def test_without_the_right_the_sender_hears_what_he_said(engine: Engine) -> None:
    """That it is held, until when, and nothing else; also when he sends it again."""
    for _ in range(2):
        told = send(engine, HELD, PUBLIC)
        assert (told.replayed, told.held_until) == (False, SIX)
        assert told.assignment.relation is Relation.HELD
        assert (told.assignment.story_id, told.assignment.revision) == ("", 0)
        assert engine.view("", told) == told


def test_with_the_right_the_sender_hears_its_story_and_differences(engine: Engine) -> None:
    """Decided against what is public."""
    home = engine.get_article("", "first").assignment.story_id
    told = engine.view("", send(engine, HELD), rights=RIGHT)
    assert told.assignment.story_id == home
    assert told.assignment.relation is Relation.SAME_STORY
    assert told.assignment.evidence
    assert told.canonical.article_id == "first"
    assert told.story is not None
    assert (told.story.story_id, told.story.article_count) == (home, 1)
    assert told.comparison is not None
    assert told.comparison.base_article_id == "first"


@pytest.mark.parametrize(
    "ask",
    [
        lambda engine, rights: engine.get_article("", "held", rights=rights),
        lambda engine, rights: engine.get_article("", "held", revision=1, rights=rights),
        lambda engine, rights: engine.list_revisions("", "held", rights=rights),
        lambda engine, rights: engine.explain("", "held", rights=rights),
        lambda engine, rights: engine.compare("", "first", "held", rights=rights),
        lambda engine, rights: engine.compare("", "held", "first", rights=rights),
        lambda engine, rights: engine.compare_to_canonical("", "held", rights=rights),
        lambda engine, rights: engine.withdraw("", "held", DESK, rights=rights),
        lambda engine, rights: engine.erase("", "held", DESK, rights=rights),
    ],
)
def test_it_is_there_for_the_right_alone(
    engine: Engine, ask: Callable[[Engine, Rights], object]
) -> None:
    """For others it is no more there than an id that never came."""
    send(engine, HELD)
    with pytest.raises(NotFound):
        ask(engine, PUBLIC)
    assert ask(engine, RIGHT)


@pytest.mark.parametrize(
    "act",
    [
        lambda engine: engine.pin("", "held", DESK),
        lambda engine: engine.move("", "held", "", DESK),
        lambda engine: engine.stale_members("", "held"),
        lambda engine: engine.reinstate("", "held", DESK),
    ],
)
def test_no_act_reaches_it(engine: Engine, act: Callable[[Engine], object]) -> None:
    """It is no article of a story yet."""
    send(engine, HELD)
    with pytest.raises(NotFound):
        act(engine)


def test_what_is_held_is_listed_for_the_right_alone(engine: Engine) -> None:
    """By page, in order of arrival; the refusal does not depend on what is held."""
    with pytest.raises(PermissionDenied):
        engine.list_held("")
    send(engine, HELD)
    send(engine, NEWS)
    with pytest.raises(PermissionDenied):
        engine.list_held("")
    page = engine.list_held("", page_size=1, rights=RIGHT)
    rest = engine.list_held("", page_token=page.next_page_token, rights=RIGHT)
    listed = [one.article.article_id for one in (*page.items, *rest.items)]
    assert (listed, rest.next_page_token) == (["held", "mill"], "")
    assert page.items[0].release_time == SIX


def test_at_its_minute_it_arrives(engine: Engine, watch: Watch) -> None:
    """Not a microsecond before; as if it had been sent then, and an event says that it was held."""
    home = engine.get_article("", "first").assignment.story_id
    send(engine, HELD)
    before = len(kinds(engine))
    watch.moment = SIX - timedelta(microseconds=1)
    assert engine.release() == 0
    watch.moment = SIX
    assert engine.release() == 1
    assert engine.get_article("", "held").assignment.story_id == home
    assert engine.get_article("", "held").ingest_time == SIX
    assert kinds(engine)[before:] == [
        EventKind.ARTICLE_INGESTED,
        EventKind.MEMBER_ADDED,
        EventKind.EMBARGO_RELEASED,
    ]
    assert engine.list_held("", rights=RIGHT).items == ()
    assert engine.release() == 0


def test_each_arrival_releases_what_is_due(engine: Engine, watch: Watch) -> None:
    """Before it is placed itself; so does an editor's act."""
    send(engine, HELD)
    watch.moment = SIX
    send(engine, Article("other", title="Mill burns", text=MILL), PUBLIC)
    assert engine.get_article("", "held").sequence < engine.get_article("", "other").sequence
    assert send(engine, dataclasses.replace(NEWS, embargo_time=SIX), PUBLIC).held_until is None


def test_a_promised_story_begins_under_its_id(engine: Engine, watch: Watch) -> None:
    """It is there for the right alone before."""
    promised = send(engine, NEWS).assignment.story_id
    view = engine.get_story("", promised, rights=RIGHT)
    assert [member.article_id for member in view.members] == ["mill"]
    with pytest.raises(NotFound):
        engine.get_story("", promised)
    watch.moment = SIX
    engine.release()
    assert engine.get_article("", "mill").assignment.story_id == promised


def test_a_promised_story_that_did_not_begin_redirects(engine: Engine, watch: Watch) -> None:
    """The same event was reported meanwhile, in a story of its own."""
    promised = send(engine, NEWS).assignment.story_id
    send(engine, Article("other", title="Mill burns", text=MILL, publish_time=NOON), PUBLIC)
    home = engine.get_article("", "other").assignment.story_id
    assert home != promised
    watch.moment = SIX
    engine.release()
    assert engine.get_article("", "mill").assignment.story_id == home
    assert engine.get_story("", promised).story.story_id == home
    event = engine.list_events("", page_size=500)[-1]
    assert event.detail == {"revision": "1", "promised_story_id": promised}


@pytest.mark.parametrize(
    ("other", "relation"),
    [
        (dataclasses.replace(HELD, article_id="two", source="Post"), Relation.EXACT_COPY),
        (dataclasses.replace(FIRST, article_id="two", embargo_time=SIX), Relation.SAME_STORY),
    ],
)
def test_held_articles_of_one_event_would_be_one_story(
    encoder: Encoder, watch: Watch, other: Article, relation: Relation
) -> None:
    """A copy, and a report of its own, of something that is held as well; so it comes."""
    engine = opened("memory:", encoder, watch)
    promised = send(engine, HELD).assignment.story_id
    told = send(engine, other).assignment
    assert (told.story_id, told.relation) == (promised, relation)
    view = engine.get_story("", promised, rights=RIGHT)
    assert [member.article_id for member in view.members] == ["held", "two"]
    assert engine.compare_to_canonical("", "two", rights=RIGHT).base_article_id == "held"
    watch.moment = SIX
    assert engine.release() == 2
    members = [member.article_id for member in engine.get_story("", promised).members]
    assert members == ["held", "two"]
    engine.close()


def test_a_held_article_does_not_do_second_looks(encoder: Encoder, watch: Watch) -> None:
    """What everybody sees would change with its arrival."""
    engine, twin = (opened("memory:", encoder, watch) for _ in range(2))
    for one in (engine, twin):
        send(one, FIRST)
        send(one, dataclasses.replace(NEWS, embargo_time=None))
    watch.moment = NOON + timedelta(hours=30)
    send(engine, dataclasses.replace(HELD, embargo_time=watch.moment + timedelta(hours=1)))
    assert engine.repair("") == twin.repair("") == 2
    for one in (engine, twin):
        one.close()


# -- revisions ------------------------------------------------------------------------------------


@pytest.mark.parametrize("hours", [1, 9])
def test_a_revision_moves_the_embargo(engine: Engine, watch: Watch, hours: int) -> None:
    """Earlier or later, of all that is held of the article."""
    moved = NOON + timedelta(hours=hours)
    send(engine, HELD)
    told = send(engine, revise(HELD, "Baylines is sorry.", moved))
    assert (told.assignment.revision, told.assignment.relation) == (2, Relation.REVISION)
    assert {one.release_time for one in engine.list_held("", rights=RIGHT).items} == {moved}
    watch.moment = moved - timedelta(seconds=1)
    assert engine.release() == 0
    watch.moment = moved
    assert engine.release() == 2
    assert [one.article.revision for one in engine.list_revisions("", "held")] == [1, 2]
    assert engine.get_article("", "held").article.text.endswith("sorry.")


@pytest.mark.parametrize("same_text", [True, False])
def test_a_revision_without_an_embargo_lifts_it(engine: Engine, same_text: bool) -> None:
    """Everything of the article is public at once, in order."""
    send(engine, HELD)
    lifted = revise(HELD, "Baylines is sorry.", None)
    if same_text:
        lifted = dataclasses.replace(HELD, embargo_time=None)
    assert send(engine, lifted).held_until is None
    revisions = engine.list_revisions("", "held")
    assert [one.article.revision for one in revisions] == ([1] if same_text else [1, 2])
    assert EventKind.EMBARGO_RELEASED in kinds(engine)
    assert engine.list_held("", rights=RIGHT).items == ()


def test_the_same_text_again_moves_its_embargo(engine: Engine) -> None:
    """It is held once."""
    send(engine, HELD)
    later = SIX + timedelta(hours=1)
    told = send(engine, dataclasses.replace(HELD, embargo_time=later))
    assert (told.replayed, told.held_until) == (True, later)
    assert [one.release_time for one in engine.list_held("", rights=RIGHT).items] == [later]


def test_an_embargoed_revision_of_a_public_article_is_held(engine: Engine, watch: Watch) -> None:
    """What is public stays public."""
    before = engine.get_article("", "first")
    told = engine.view("", send(engine, revise(FIRST, "Divers stopped.", SIX)), rights=RIGHT)
    assert told.assignment.revision == 2
    assert told.revision_comparison is not None
    assert engine.get_article("", "first") == before
    assert engine.list_revisions("", "first") == (before,)
    held = engine.get_article("", "first", rights=RIGHT)
    assert (held.article.revision, held.held_until) == (2, SIX)
    watch.moment = SIX
    engine.release()
    assert engine.get_article("", "first").article.text.endswith("stopped.")
    assert EventKind.ARTICLE_REVISED in kinds(engine)


def test_without_the_right_no_other_text_is_brought_forward(engine: Engine, watch: Watch) -> None:
    """Who guesses an id hears and publishes his own words alone, at the first number."""
    send(engine, HELD)
    told = send(engine, dataclasses.replace(NEWS, article_id="held", embargo_time=None), PUBLIC)
    assert (told.assignment.revision, told.assignment.relation) == (1, Relation.NEW_STORY)
    assert [one.article.text for one in engine.list_revisions("", "held")] == [MILL]
    [kept] = engine.list_held("", rights=RIGHT).items
    assert kept.stopped == OVERTAKEN
    watch.moment = SIX
    assert engine.release() == 0
    engine.reinstate("", "held", DESK, rights=RIGHT)
    assert engine.release() == 1
    assert engine.get_article("", "held").article.text == REPORT


def test_without_the_right_an_embargo_is_only_put_off(engine: Engine) -> None:
    """By a later one of another text; an earlier one holds for its own text."""
    send(engine, HELD)
    hour = timedelta(hours=1)
    send(engine, revise(HELD, "One.", NOON + hour), PUBLIC)
    send(engine, revise(HELD, "Two.", SIX + hour), PUBLIC)
    times = [one.release_time for one in engine.list_held("", rights=RIGHT).items]
    assert times == [SIX + hour] * 3
    send(engine, revise(HELD, "Three.", NOON + hour), PUBLIC)
    times = [one.release_time for one in engine.list_held("", rights=RIGHT).items]
    assert times == [SIX + hour] * 3 + [NOON + hour]


def test_an_earlier_revision_that_is_released_later_does_not_overwrite(
    engine: Engine, watch: Watch
) -> None:
    """By its number where it has one, else it is held back."""
    numbered = dataclasses.replace(HELD, revision=1)
    send(engine, numbered, PUBLIC)
    send(engine, revise(HELD, "Two.", NOON + timedelta(hours=1), 2), PUBLIC)
    watch.moment = SIX
    engine.release()
    assert [one.article.revision for one in engine.list_revisions("", "held")] == [1, 2]
    assert engine.get_article("", "held").article.text.endswith("Two.")


def test_a_taken_number_is_a_conflict_for_the_right_alone(engine: Engine, watch: Watch) -> None:
    """Another caller does not hear of it; what cannot be released says why."""
    send(engine, dataclasses.replace(HELD, revision=1))
    other = revise(HELD, "Two.", SIX, 1)
    with pytest.raises(Conflict):
        send(engine, other)
    with pytest.raises(Conflict):
        send(engine, dataclasses.replace(other, embargo_time=None))
    assert [one.number for one in engine.list_held("", rights=RIGHT).items] == [1]
    assert send(engine, other, PUBLIC).held_until == SIX
    watch.moment = SIX
    engine.release()
    [left] = engine.list_held("", rights=RIGHT).items
    assert "is stored with another text" in left.stopped


@pytest.mark.parametrize("rights", [PUBLIC, RIGHT])
@pytest.mark.parametrize("embargo", [None, SIX])
def test_a_public_text_that_comes_again_changes_nothing(
    engine: Engine, rights: Rights, embargo: datetime | None
) -> None:
    """What is held of its article stays held, and is released at its time."""
    send(engine, revise(FIRST, "Divers stopped.", SIX))
    again = send(engine, dataclasses.replace(FIRST, embargo_time=embargo), rights)
    assert (again.replayed, again.held_until) == (True, None)
    [kept] = engine.list_held("", rights=RIGHT).items
    assert (kept.release_time, kept.stopped) == (SIX, "")
    assert len(engine.list_revisions("", "first")) == 1


# -- withdrawn and erased -------------------------------------------------------------------------


def test_a_withdrawn_held_article_is_never_released(engine: Engine, watch: Watch) -> None:
    """Nothing that everybody sees tells of it; the right sees who did it, and no text."""
    before = public(engine)
    send(engine, HELD)
    left = engine.withdraw("", "held", DESK, rights=RIGHT)
    assert (left.actor, left.erased) == ("desk", False)
    assert public(engine) == before
    with pytest.raises(NotFound):
        engine.get_article("", "held")
    with pytest.raises(ArticleWithdrawn):
        engine.get_article("", "held", rights=RIGHT)
    with pytest.raises(ArticleWithdrawn):
        send(engine, HELD)
    [listed] = engine.list_held("", rights=RIGHT).items
    assert (listed.withdrawn, listed.article) == (left, Article("held"))
    assert send(engine, HELD, PUBLIC).held_until == SIX
    watch.moment = SIX
    assert engine.release() == 0
    with pytest.raises(ArticleWithdrawn):
        send(engine, HELD, PUBLIC)


def test_a_reinstated_held_article_is_released_at_its_time(engine: Engine, watch: Watch) -> None:
    """As before."""
    send(engine, HELD)
    engine.withdraw("", "held", DESK, rights=RIGHT)
    engine.reinstate("", "held", DESK, rights=RIGHT)
    watch.moment = SIX
    assert engine.release() == 1


def test_its_source_kills_it(engine: Engine, watch: Watch) -> None:
    """Whatever his rights; without them he hears what is heard of an id that never came."""
    send(engine, HELD, PUBLIC)
    kill = dataclasses.replace(HELD, extras={"pub_status": '"canceled"'})
    with pytest.raises(NotFound):
        send(engine, kill, PUBLIC)
    with pytest.raises(ArticleWithdrawn, match="by Mail"):
        send(engine, kill, RIGHT)
    watch.moment = SIX
    assert engine.release() == 0


def test_a_withdrawn_article_gets_no_held_revision(engine: Engine, watch: Watch) -> None:
    """The kill came later than the revision, and is the newer word."""
    send(engine, revise(FIRST, "Divers stopped.", SIX))
    engine.withdraw("", "first", DESK)
    watch.moment = SIX
    engine.release()
    with pytest.raises(ArticleWithdrawn):
        engine.get_article("", "first")
    [left] = engine.list_held("", rights=RIGHT).items
    assert "was withdrawn" in left.stopped


@pytest.mark.parametrize("known", [False, True])
def test_an_erased_held_article_leaves_no_byte(
    encoder: Encoder, watch: Watch, tmp_path: Path, known: bool
) -> None:
    """Nor does what is held of a public one that is erased, whoever does it."""
    engine = opened(str(tmp_path / "data"), encoder, watch)
    article = dataclasses.replace(HELD, text=REPORT + " Xanthic Zyxomma.")
    if known:
        send(engine, dataclasses.replace(HELD, embargo_time=None))
    send(engine, article)
    engine.erase("", "held", DESK, rights=PUBLIC if known else RIGHT)
    engine.erase("", "held", DESK, rights=PUBLIC if known else RIGHT)
    files = [path for path in (tmp_path / "data").rglob("*") if path.is_file()]
    assert not any(b"Zyxomma" in path.read_bytes() for path in files)
    held = engine.list_held("", rights=RIGHT).items
    assert [one.withdrawn and one.withdrawn.erased for one in held] == ([] if known else [True])
    with pytest.raises(ArticleWithdrawn if known else NotFound):
        engine.get_article("", "held")
    engine.close()


# -- what lasts -----------------------------------------------------------------------------------


def test_what_is_held_survives_a_restart(encoder: Encoder, watch: Watch, tmp_path: Path) -> None:
    """It is held, and released on time."""
    engine = opened(str(tmp_path / "data"), encoder, watch)
    promised = send(engine, HELD).assignment.story_id
    engine.close()
    engine = opened(str(tmp_path / "data"), encoder, watch)
    assert engine.get_article("", "held", rights=RIGHT).assignment.story_id == promised
    with pytest.raises(NotFound):
        engine.get_article("", "held")
    assert engine.collections() == ()
    watch.moment = SIX
    assert engine.release() == 1
    assert engine.get_article("", "held").assignment.story_id == promised
    engine.close()


def test_listeners_do_not_hear_that_something_is_held(engine: Engine, watch: Watch) -> None:
    """They hear of its release."""
    heard: list[str] = []
    engine.listen(heard.append)
    send(engine, HELD)
    send(engine, NEWS, PUBLIC)
    assert heard == []
    watch.moment = SIX
    engine.release()
    assert heard == ["default", "default"]


def test_a_settings_change_sees_nothing_of_it(engine: Engine) -> None:
    """All canonicals are chosen anew among what is public."""
    send(engine, dataclasses.replace(HELD, publish_time=NOON - timedelta(hours=3)))
    engine.update_collection("", CollectionSettings(canonical_policy="earliest_original"), DESK)
    [story] = engine.list_stories("").items
    assert story.canonical is not None
    assert story.canonical.article_id == "first"


def test_a_collection_of_embargoed_articles_alone_is_deleted_by_the_right(engine: Engine) -> None:
    """To others it is not there; with public articles it goes as a whole, whoever deletes it."""
    engine.ingest("alone", [HELD])
    with pytest.raises(NotFound):
        engine.delete_collection("alone", DESK)
    assert engine.delete_collection("alone", DESK, rights=RIGHT)["articles"] == 0
    assert engine.list_held("alone", rights=RIGHT).items == ()
    send(engine, HELD)
    engine.delete_collection("", DESK)
    assert engine.list_held("", rights=RIGHT).items == ()


def test_a_held_row_that_cannot_be_read_holds_up_nothing_else(
    encoder: Encoder, watch: Watch, tmp_path: Path
) -> None:
    """A damaged row of one collection is told in the log; what is written elsewhere is answered."""
    with contextlib.closing(opened(str(tmp_path), encoder, watch)) as engine:
        engine.ingest("other", [HELD], rights=RIGHT)
        engine.ingest("", [FIRST])
    with contextlib.closing(sqlite3.connect(tmp_path / "storycluster.db")) as connection:
        connection.execute("UPDATE held SET data = zeroblob(length(data))")
        connection.commit()
    watch.moment = SIX
    with contextlib.closing(opened(str(tmp_path), encoder, watch)) as engine:
        public = dataclasses.replace(NEWS, embargo_time=None)
        assert send(engine, public, PUBLIC).assignment.story_id
        with pytest.raises(StoreCorrupt):
            engine.release()
        assert send(engine, FIRST, PUBLIC).assignment.story_id


def test_a_redirect_to_a_newer_story_is_exported_and_imported(
    encoder: Encoder, watch: Watch
) -> None:
    """The promised id, older than the story that the article came to, resolves in the copy too."""
    mill = dataclasses.replace(NEWS, embargo_time=None)
    vote = (
        "The council of Oldham voted for its yearly budget on Tuesday. Nine members were against."
    )
    with contextlib.closing(opened("memory:", encoder, watch)) as engine:
        engine.ingest("", [mill])
        promised = send(engine, HELD).assignment.story_id
        engine.ingest("", [Article("vote", title="Budget vote", text=vote, publish_time=NOON)])
        engine.ingest("", [FIRST])
        watch.moment = SIX
        assert engine.release() == 1
        home = engine.get_article("", "held").assignment.story_id
        assert promised < home
        engine.import_collection("copy", list(engine.export_collection("")), DESK)
        assert engine.get_story("copy", promised).story.story_id == home
