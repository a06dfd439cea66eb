"""withdrawing: an article goes from everything at once, comes back, or goes for good."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from pathlib import Path

import apsw
import pytest

from storycluster.backends import open_store
from storycluster.domain import (
    Act,
    Article,
    ConstraintKind,
    EventKind,
    IngestResult,
    Relation,
    StoryState,
)
from storycluster.engine import Engine, scheme_of
from storycluster.errors import ArticleWithdrawn, NotFound, PreconditionFailed, Unavailable
from storycluster.features import unpack
from storycluster.ports import Encoder
from storycluster.settings import Settings

DESK = Act("desk", "the source withdrew it")
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
MONDAY = datetime(2026, 3, 2, 9, tzinfo=UTC)
ARTICLES = [
    Article(
        "first", title="Ferry sinks off Port Vell", text=FERRY, source="Herald", publish_time=MONDAY
    ),
    Article("copy", title="Ferry sinks off Port Vell", text=FERRY, source="Gazette"),
    Article("near", title="Ferry sinks", text=FERRY.replace("Twelve", "Fourteen"), source="Post"),
    Article("report", title="Twelve drown as Baylines ferry sinks", text=REPORT, source="Mail"),
]


@pytest.fixture
def engine(encoder: Encoder) -> Iterator[Engine]:
    """One story: a report, two copies of it and another report."""
    made = Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder)
    made.ingest("", ARTICLES)
    yield made
    made.close()


def home(engine: Engine, article_id: str = "report") -> str:
    return engine.get_article("", article_id).assignment.story_id


def kinds(engine: Engine, after: int) -> list[EventKind]:
    return [event.kind for event in engine.list_events("", after=after, page_size=500)]


def last_event(engine: Engine) -> int:
    return engine.list_events("", page_size=500)[-1].sequence


def test_a_withdrawn_article_is_in_nothing(engine: Engine) -> None:
    """Not among the members, not canonical, not counted, not a candidate, in no difference."""
    story_id, before = home(engine), last_event(engine)
    tombstone = engine.withdraw("", "first", DESK)
    assert (tombstone.story_id, tombstone.erased, tombstone.actor) == (story_id, False, "desk")
    view = engine.get_story("", story_id)
    assert [member.article_id for member in view.members] == ["copy", "near", "report"]
    assert (view.story.article_count, view.story.unique_count) == (3, 2)
    assert view.story.canonical is not None
    assert view.story.canonical.article_id == "copy"
    assert engine.stats("")["articles"] == 3
    assert kinds(engine, before) == [
        EventKind.ARTICLE_WITHDRAWN,
        EventKind.MEMBER_REGROUPED,
        EventKind.MEMBER_REGROUPED,
        EventKind.MEMBER_REMOVED,
        EventKind.CANONICAL_CHANGED,
        EventKind.OVERRIDE_APPLIED,
    ]
    [match] = engine.match("", [dataclasses.replace(ARTICLES[0], article_id="asked")])
    assert match.copy_of in ("copy", "near")  # type: ignore[union-attr]


@pytest.mark.parametrize(
    "ask",
    [
        lambda engine: engine.get_article("", "first"),
        lambda engine: engine.get_article("", "first", revision=1),
        lambda engine: engine.list_revisions("", "first"),
        lambda engine: engine.explain("", "first"),
        lambda engine: engine.compare("", "report", "first"),
        lambda engine: engine.compare_to_canonical("", "first"),
        lambda engine: engine.pin("", "first", DESK),
        lambda engine: engine.move("", "first", "", DESK),
    ],
)
@pytest.mark.parametrize("erased", [False, True])
def test_no_call_returns_it(engine: Engine, ask: Callable[[Engine], object], erased: bool) -> None:
    """Each says who took it away and why."""
    (engine.erase if erased else engine.withdraw)("", "first", DESK)
    with pytest.raises(ArticleWithdrawn, match="by desk: the source withdrew it"):
        ask(engine)


def test_the_first_copy_succeeds_its_original(engine: Engine) -> None:
    """It is a report of its own then, and the others are copies of it."""
    engine.withdraw("", "first", DESK)
    members = {one.article_id: one for one in engine.get_story("", home(engine)).members}
    assert {one.reprint_group for one in members.values()} == {"copy", "report"}
    assert members["copy"].relation is Relation.SAME_STORY
    near = engine.get_article("", "near").assignment
    assert (near.relation, near.copy_of) == (Relation.NEAR_COPY, "copy")


def test_its_id_is_refused_until_it_is_reinstated(engine: Engine) -> None:
    """Also with another text; the others of a batch are not concerned."""
    engine.withdraw("", "first", DESK)
    changed = dataclasses.replace(ARTICLES[0], text=FERRY + " It was updated.")
    refused, taken = engine.ingest("", [changed, dataclasses.replace(changed, article_id="new")])
    assert isinstance(refused, ArticleWithdrawn)
    assert isinstance(taken, IngestResult)
    engine.reinstate("", "first", Act("desk", "it was right"))
    [revised] = engine.ingest("", [changed])
    assert isinstance(revised, IngestResult)
    assert revised.assignment.revision == 2


def test_a_reinstated_article_is_where_it_was(engine: Engine) -> None:
    """With its first place in the order of arrival, and found again."""
    story_id, before = home(engine), last_event(engine)
    engine.withdraw("", "report", DESK)
    story = engine.reinstate("", "report", DESK)
    assert (story.story_id, story.article_count) == (story_id, 4)
    assert [member.article_id for member in engine.get_story("", story_id).members] == [
        "first", "copy", "near", "report",
    ]  # fmt: skip
    assert EventKind.ARTICLE_REINSTATED in kinds(engine, before)
    [match] = engine.match("", [dataclasses.replace(ARTICLES[3], article_id="asked")])
    assert match.copy_of == "report"  # type: ignore[union-attr]


def test_only_a_withdrawn_article_is_reinstated(engine: Engine) -> None:
    """A live one is not, an erased one cannot be, an unknown one is not found."""
    with pytest.raises(PreconditionFailed, match="is not withdrawn"):
        engine.reinstate("", "first", DESK)
    engine.erase("", "first", DESK)
    with pytest.raises(PreconditionFailed, match="was erased"):
        engine.reinstate("", "first", DESK)
    for act in (engine.reinstate, engine.withdraw, engine.erase):
        with pytest.raises(NotFound, match="nobody"):
            act("", "nobody", DESK)


def test_twice_is_harmless(engine: Engine) -> None:
    """The first tombstone stays, and nothing more is told."""
    for act in (engine.withdraw, engine.erase):
        first, told = act("", "near", DESK), last_event(engine)
        assert act("", "near", Act("other", "again")) == first
        assert last_event(engine) == told


def test_an_empty_story_closes_and_opens_again(engine: Engine) -> None:
    """Its id resolves all the time; without an article it has no title and no canonical."""
    [made] = engine.ingest("", [Article("lone", title="A mill burned", text="It was empty.")])
    assert isinstance(made, IngestResult)
    story_id, before = made.assignment.story_id, last_event(engine)
    stories = engine.stats("")["stories"]
    engine.withdraw("", "lone", DESK)
    closed = engine.get_story("", story_id).story
    assert (closed.state, closed.title, closed.canonical) == (StoryState.CLOSED, "", None)
    assert engine.stats("")["stories"] == stories - 1
    with pytest.raises(PreconditionFailed, match="closed"):
        engine.lock("", story_id, DESK)
    assert engine.reinstate("", "lone", DESK).state is StoryState.OPEN
    assert engine.get_story("", story_id).story.title == "A mill burned"
    told = kinds(engine, before)
    assert told.index(EventKind.STORY_CLOSED) < told.index(EventKind.STORY_REOPENED)


def test_a_kill_breaks_a_pin(engine: Engine) -> None:
    """An event says so, and the policy chooses; reinstated, it is not pinned any more."""
    engine.pin("", "report", DESK)
    before = last_event(engine)
    engine.withdraw("", "report", DESK)
    story = engine.get_story("", home(engine, "first")).story
    assert story.canonical is not None
    assert (story.canonical.article_id, story.canonical.policy) == ("first", "earliest_original")
    assert EventKind.OVERRIDE_BROKEN in kinds(engine, before)
    story = engine.reinstate("", "report", DESK)
    assert story.canonical is not None
    assert story.canonical.article_id == "first"


def test_a_reinstated_article_keeps_to_what_was_said(engine: Engine) -> None:
    """Where an article that it must not be with came to its story meanwhile, it opens another."""
    engine.link("", ConstraintKind.CANNOT_LINK, "first", "report", DESK)
    apart = home(engine, "report")
    engine.withdraw("", "report", DESK)
    assert engine.get_story("", apart).story.state is StoryState.CLOSED
    assert engine.reinstate("", "report", DESK).story_id == apart
    engine.link("", ConstraintKind.MUST_LINK, "first", "report", DESK)
    engine.withdraw("", "report", DESK)
    assert engine.reinstate("", "report", DESK).story_id == home(engine, "first")


def test_undoing_a_withdrawal_reinstates(engine: Engine) -> None:
    """And the other way round."""
    engine.withdraw("", "report", DESK)
    engine.undo("", 1, DESK)
    assert engine.get_article("", "report").article.text == REPORT
    engine.withdraw("", "report", DESK)
    engine.reinstate("", "report", DESK)
    reinstated = engine.list_overrides("").items[0]
    engine.undo("", reinstated.sequence, DESK)
    with pytest.raises(ArticleWithdrawn):
        engine.get_article("", "report")


def test_a_restart_knows_what_was_withdrawn(encoder: Encoder, tmp_path: Path) -> None:
    """The rebuilt index decides as the one before; a reinstated article is found in the next."""
    url = str(tmp_path / "data")
    asked = dataclasses.replace(ARTICLES[3], article_id="asked", text=REPORT + " More follows.")

    def opened() -> Engine:
        return Engine(open_store(url, scheme_of(encoder, Settings())), encoder)

    engine = opened()
    engine.ingest("", ARTICLES)
    engine.withdraw("", "report", DESK)
    before = engine.match("", [asked])
    engine.close()
    engine = opened()
    assert engine.match("", [asked]) == before
    engine.reinstate("", "report", DESK)
    before = engine.match("", [asked])
    assert before[0].copy_of == "report"  # type: ignore[union-attr]
    engine.close()
    engine = opened()
    assert engine.match("", [asked]) == before
    engine.close()


def bytes_of(folder: Path) -> bytes:
    return b"\n".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())


def stored_pieces(folder: Path) -> list[bytes]:
    """Of each revision, some bytes of the packed text, the vector and the shingles, as the database
    holds them."""
    with closing(apsw.Connection(str(folder / "storycluster.db"))) as connection:
        of = "WHERE id IN (SELECT id FROM article WHERE article_id = 'secret')"
        texts = [row[0] for row in connection.execute(f"SELECT data FROM body {of}")]
        packed = [row[0] for row in connection.execute(f"SELECT data FROM features {of}")]
    pieces = [data[len(data) // 2 :][:64] for data in texts]
    for features in map(unpack, packed):
        pieces += [features.embedding.tobytes()[:64], features.shingles.tobytes()[:64]]
    return pieces


@pytest.mark.parametrize("restarted", [False, True])
def test_an_erased_article_leaves_no_bytes(
    encoder: Encoder, tmp_path: Path, restarted: bool
) -> None:
    """No file holds its text, headline, source, digest or vector; the audit says it happened."""
    folder = tmp_path / "data"
    secret = Article(
        "secret",
        title="Zyxomma headline of Quillfeather",
        text="Quillfeather told the Zyxomma court that nobody had asked. " + FERRY[60:],
        source="Xanthic Courier",
        authors=("Vexillar Quillfeather",),
    )
    revised = dataclasses.replace(secret, text=secret.text + " Xanthic end.")

    def opened() -> Engine:
        return Engine(open_store(str(folder), scheme_of(encoder, Settings())), encoder)

    engine = opened()
    engine.ingest("", [secret, *ARTICLES])
    engine.ingest("", [revised])
    engine.ingest("", [Article("other", title="A mill burned", text="Nobody was hurt there.")])
    if restarted:  # by then in the database file itself, and the vectors in a snapshot
        engine.close()
        engine = opened()
    words = [b"Zyxomma headline", b"Xanthic Courier", revised.digest().encode()]
    words += stored_pieces(folder)
    assert len(words) == 3 + 2 * 3
    assert [word for word in words if word not in bytes_of(folder)] == []
    snapshot = next((folder / "cache").rglob("*"), None) if restarted else None
    assert (snapshot is not None) is restarted
    engine.erase("", "secret", Act("desk", "asked for by the subject"))
    words += [b"Zyxomma", b"Quillfeather", b"Xanthic"]
    assert [word for word in words if word in bytes_of(folder)] == []
    [result] = engine.ingest("", [secret])
    assert isinstance(result, ArticleWithdrawn)
    assert engine.list_overrides("").items[0].article_ids == ("secret",)
    engine.close()
    assert [word for word in words if word in bytes_of(folder)] == []


@pytest.mark.parametrize("erased", [False, True])
def test_its_headline_goes_with_it(encoder: Encoder, erased: bool) -> None:
    """A story is titled after whoever stands for it now: an untitled article by its beginning."""
    engine = Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder)
    titled = Article("first", title="Quillfeather sinks", text=FERRY, publish_time=MONDAY)
    engine.ingest("", [titled, Article("second", text=REPORT)])
    engine.link("", ConstraintKind.MUST_LINK, "first", "second", DESK)
    (engine.erase if erased else engine.withdraw)("", "first", DESK)
    [story] = engine.list_stories("").items
    assert story.title.startswith("Twelve people drowned when a Baylines ferry")
    engine.close()


def groups(engine: Engine) -> dict[str, str]:
    view = engine.get_story("", home(engine))
    return {member.article_id: member.reprint_group for member in view.members}


def test_undoing_a_withdrawal_restores_groups_and_pin(engine: Engine) -> None:
    """The original is in one group with its copies again, and pinned as it was."""
    engine.pin("", "first", DESK)
    before = engine.get_story("", home(engine)).story
    engine.withdraw("", "first", DESK)
    engine.undo("", 2, DESK)
    after = engine.get_story("", home(engine)).story
    assert len(set(groups(engine).values())) == 2
    for one in ("canonical", "article_count", "unique_count", "reprint_count", "title"):
        assert getattr(after, one) == getattr(before, one)


def test_a_copy_comes_back_to_its_original(engine: Engine) -> None:
    """Wherever that is by then."""
    engine.withdraw("", "copy", DESK)
    _, opened = engine.move("", "first", "", DESK)
    assert engine.reinstate("", "copy", DESK).story_id == opened.story_id
    assert engine.get_article("", "copy").assignment.relation is Relation.EXACT_COPY


@pytest.mark.parametrize("erased", [False, True])
def test_what_was_said_of_it_goes_for_its_copies(engine: Engine, erased: bool) -> None:
    """A moved article took its copies along: they stay out when it is gone."""
    _, opened = engine.move("", "first", "", DESK)
    (engine.erase if erased else engine.withdraw)("", "first", DESK)
    engine.link("", ConstraintKind.MUST_LINK, "copy", "near", DESK)
    [held] = [one for one in engine.list_overrides("", page_size=5).items if one.sequence == 1]
    assert held.undone_by == 0
    index = engine._writer.index("default")
    assert index.constraints.apart(["copy"], ["report"])
    assert engine.get_article("", "copy").assignment.story_id == opened.story_id


def test_a_folder_of_an_earlier_release_keeps_no_old_headline(
    encoder: Encoder, tmp_path: Path
) -> None:
    """What was replaced before pages were overwritten is gone once it is brought up to date."""
    folder = tmp_path / "data"
    engine = Engine(open_store(str(folder), scheme_of(encoder, Settings())), encoder)
    engine.ingest("", [Article("a", title="Zyxomma sinks", text=FERRY)])
    engine.close()
    with closing(apsw.Connection(str(folder / "storycluster.db"))) as connection:
        connection.execute("PRAGMA secure_delete = off")
        connection.execute("CREATE TABLE old(title TEXT)")
        for number in range(200):
            connection.execute("INSERT INTO old VALUES (?)", (f"Xanthic headline {number}",))
        connection.execute("DROP TABLE old")
        newer = ("tombstone", "editor_constraint", "override", "collection_settings")
        for table in (*newer, "held", "promotion"):
            connection.execute(f"DROP TABLE {table}")
        for column in ("actor", "reason", "before", "after"):
            connection.execute(f"ALTER TABLE event DROP COLUMN {column}")
        connection.execute("UPDATE header SET value = '2' WHERE name = 'schema'")
    assert b"Xanthic" in bytes_of(folder)
    engine = Engine(open_store(str(folder), scheme_of(encoder, Settings())), encoder)
    engine.erase("", "a", DESK)
    assert (b"Xanthic" in bytes_of(folder), b"Zyxomma" in bytes_of(folder)) == (False, False)
    engine.close()


def test_an_erase_that_a_reader_holds_up_is_asked_again(encoder: Encoder, tmp_path: Path) -> None:
    """It is done, and says so when the reader is gone; so is a deleted collection."""
    folder = tmp_path / "data"
    store = open_store(str(folder), scheme_of(encoder, Settings()))
    engine = Engine(store, encoder)
    engine.ingest("", [Article("a", title="Zyxomma sinks", text=FERRY)])
    engine.ingest("other", [Article("b", title="Xanthic burns", text=REPORT)])
    with store.read() as reader:
        assert reader.counts("default")["articles"] == 1
        with pytest.raises(Unavailable, match="ask again"):
            engine.erase("", "a", DESK)
        with pytest.raises(Unavailable, match="ask again"):
            engine.delete_collection("other", DESK)
    engine.erase("", "a", DESK)
    with pytest.raises(NotFound):
        engine.delete_collection("other", DESK)
    assert (b"Zyxomma" in bytes_of(folder), b"Xanthic" in bytes_of(folder)) == (False, False)
    engine.close()
