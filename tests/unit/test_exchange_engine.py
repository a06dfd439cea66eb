"""exporting, importing: another store takes a collection whole, answers and decides as it did."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storycluster import audit
from storycluster.backends import open_store
from storycluster.domain import (
    Act,
    Change,
    ChangeKind,
    CollectionSettings,
    ConstraintKind,
    EventKind,
    IngestResult,
    Rights,
    StoryFilter,
)
from storycluster.engine import Engine, scheme_of
from storycluster.errors import (
    ArticleWithdrawn,
    Conflict,
    InvalidInput,
    NotFound,
    SchemeMismatch,
    StoreFull,
)
from storycluster.formats import Found, read_paths
from storycluster.ports import Encoder
from storycluster.settings import Settings

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
RIGHT = Rights(embargo=True)
DESK = Act("desk", "seen by hand")
OPERATOR = Act("operator", "moved to another machine")
SEEDS = Path(__file__).parents[2] / "seeds/articles.jsonl"
ARTICLES = [item.article for item in read_paths([str(SEEDS)]) if isinstance(item, Found)]
EARLY, LATE = ARTICLES[:36], ARTICLES[36:60]


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.moment = NOON

    def now(self) -> datetime:
        self.moment += timedelta(minutes=20)
        return self.moment


Open = Callable[..., Engine]


@pytest.fixture(params=["memory:", "folder"])
def opened(encoder: Encoder, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Open]:
    """Opens engines on stores of their own, all of one kind."""
    engines: list[Engine] = []

    def open_one(**more: Any) -> Engine:
        url = "memory:" if request.param == "memory:" else str(tmp_path / str(len(engines)))
        store = open_store(url, scheme_of(encoder, Settings()))
        engines.append(Engine(store, encoder, clock=Clock(), **more))
        return engines[-1]

    yield open_one
    for engine in engines:
        engine.close()


def lived(engine: Engine) -> None:
    """A collection in which everything has happened."""
    engine.ingest("desk", EARLY)
    ids = [article.article_id for article in EARLY]
    revised = dataclasses.replace(EARLY[0], text=EARLY[0].text + " It was corrected.", revision=3)
    late = dataclasses.replace(EARLY[0], text=EARLY[0].text + " An older one.", revision=2)
    engine.ingest("desk", [revised, late])
    engine.submit("desk", engine.prepare([EARLY[1]]), stream=("wire", 7)).result()
    for gone in (ids[2], ids[5]):
        engine.withdraw("desk", gone, DESK)
    engine.erase("desk", ids[9], DESK)
    engine.erase("desk", ids[5], DESK)
    engine.reinstate("desk", ids[2], DESK)
    engine.withdraw("desk", ids[2], DESK)
    homes = sorted({story.story_id for story in engine.list_stories("desk").items})
    engine.merge("desk", homes[0], homes[1], DESK)
    engine.lock("desk", homes[2], DESK)
    engine.pin("desk", ids[3], DESK)
    engine.link("desk", ConstraintKind.CANNOT_LINK, ids[3], ids[20], DESK)
    engine.undo("desk", 7, DESK)
    engine.update_collection("desk", CollectionSettings("longest", ("A", "B")), DESK)
    aliases = (("Port Vell", "Marina Norte"),)
    engine.update_collection("desk", CollectionSettings("most_facts", aliases=aliases), DESK)
    until = datetime(2031, 1, 1, tzinfo=UTC)
    later = dataclasses.replace(EARLY[0], article_id="held", embargo_time=until)
    engine.ingest("desk", [later], rights=RIGHT)
    publish(engine)
    engine.keep_place_in_feed("desk", "webhook:x", 5)
    engine._clock.moment += timedelta(days=3)  # type: ignore[attr-defined]
    engine.repair("desk", limit=9)


def publish(engine: Engine) -> None:
    """Part a story quietly, as a plan proposed."""
    whole = [
        (story.story_id, engine.get_story("desk", story.story_id).members)
        for story in engine.list_stories("desk", page_size=500).items
        if story.unique_count > 1
    ]
    for story_id, members in whole:
        group = members[-1].reprint_group
        ids = tuple(one.article_id for one in members if one.reprint_group == group)
        change = Change(ChangeKind.SPLIT, story_id, "", ids, 0.75, 1.0, "Another event.", ())
        asked = {"snapshot_sequence": engine.stats("desk")["revisions"], "changes": [change]}
        if engine.promote("desk", f"job-{story_id}", **asked, quiet=True).applied:
            return
    raise AssertionError("no story may be parted")


def exported(engine: Engine, collection: str = "desk", *, withdrawn: bool = True) -> list[bytes]:
    return list(engine.export_collection(collection, with_withdrawn=withdrawn, rights=RIGHT))


def moved(source: Engine, target: Engine, *, withdrawn: bool = True) -> None:
    lines = exported(source, withdrawn=withdrawn)
    target.import_collection("desk", lines, OPERATOR)


def answers(engine: Engine) -> list[Any]:
    """What everybody may ask of the collection."""
    stories = engine.list_stories("desk", StoryFilter(0, include_merged=True), page_size=500).items
    found: list[Any] = [stories, engine.list_overrides("desk", page_size=500), engine.stats("desk")]
    found += [engine.get_collection("desk"), engine.list_events("desk", page_size=500)]
    found.append(engine.list_audit_entries("desk", page_size=500))
    found += [engine.stream_position("desk", "wire"), engine.place_in_feed("desk", "webhook:x")]
    found += [engine.get_story("desk", story.story_id) for story in stories]
    for article in EARLY:
        try:
            found.append(engine.list_revisions("desk", article.article_id))
            found.append(engine.explain("desk", article.article_id))
            found.append(engine.compare_to_canonical("desk", article.article_id))
        except ArticleWithdrawn as gone:
            found.append(gone.message)
    found.append(engine.list_furniture("desk"))
    found.append(engine.list_held("desk", rights=RIGHT))
    found.append(engine.match("desk", LATE[:5]))
    return found


def test_an_imported_collection_answers_and_decides_equally(opened: Open) -> None:
    """Every list, story, revision, decision, comparison and match; then the same for what arrives
    afterwards, an undo, and an article that comes back."""
    one, other = opened(), opened()
    lived(one)
    moved(one, other)
    other._clock.moment = one._clock.moment  # type: ignore[attr-defined]
    assert answers(other) == answers(one)
    for engine in (one, other):
        results = engine.ingest("desk", LATE)
        assert all(isinstance(result, IngestResult) for result in results)
        engine.reinstate("desk", EARLY[2].article_id, DESK)
        engine.repair("desk")
    assert answers(other) == answers(one)


def test_an_imported_collection_is_exported_as_it_came(opened: Open) -> None:
    """Line by line, but for the header; also where withdrawn articles are left out."""
    one, other, third = opened(), opened(), opened()
    lived(one)
    moved(one, other)
    assert exported(other)[1:] == exported(one)[1:]
    moved(one, third, withdrawn=False)
    whole = exported(one, withdrawn=False)[1:]
    assert exported(third, withdrawn=False)[1:] == whole == exported(third)[1:]


def articles_in(lines: list[bytes]) -> set[str]:
    """The ids of the articles of which there is a text."""
    records = map(json.loads, lines)
    return {one["article"]["article_id"] for one in records if one["record"] == "article"}


def test_a_withdrawn_article_travels_only_where_that_is_asked(opened: Open) -> None:
    """Without its text it cannot come back: for the importer it is erased. An erased one has no
    text to travel."""
    one, other = opened(), opened()
    lived(one)
    withdrawn, erased = EARLY[2], EARLY[9]
    with_it, without = articles_in(exported(one)), articles_in(exported(one, withdrawn=False))
    assert with_it - without == {withdrawn.article_id}
    assert erased.article_id not in with_it
    moved(one, other, withdrawn=False)
    with pytest.raises(ArticleWithdrawn, match="erased"):
        other.get_article("desk", withdrawn.article_id)
    state = audit.replay(reversed(other.list_audit_entries("desk", page_size=500).items))
    live = {one.story_id for one in other.list_stories("desk", page_size=500).items}
    assert set(state.members()) == live


def test_an_import_is_told_where_it_outlives_the_collection(opened: Open) -> None:
    """Who and why, and what it holds; its own feed is as it was."""
    one, other = opened(), opened()
    one.ingest("desk", EARLY[:3])
    moved(one, other)
    [entry] = other.list_audit_entries("", of_the_store=True).items
    assert (entry.event.kind, entry.actor) == (EventKind.COLLECTION_IMPORTED, "operator")
    assert entry.event.detail["articles"] == "3"
    assert other.list_events("desk") == one.list_events("desk")


def test_only_an_empty_collection_takes_an_import(opened: Open) -> None:
    """One with articles or settings is refused by its name; a second name beside it is not."""
    engine = opened()
    engine.ingest("desk", EARLY[:3])
    lines = exported(engine)
    with pytest.raises(Conflict) as refused:
        engine.import_collection("desk", lines, OPERATOR)
    assert (refused.value.field, refused.value.name) == ("collection", "desk")
    engine.update_collection("set", CollectionSettings("longest"), DESK)
    with pytest.raises(Conflict):
        engine.import_collection("set", lines, OPERATOR)
    info = engine.import_collection("copy", lines, OPERATOR)
    assert (info.collection, info.counts) == ("copy", engine.get_collection("desk").counts)
    with pytest.raises(NotFound):
        next(engine.export_collection("nowhere"))


def test_a_failure_on_the_way_leaves_nothing(opened: Open) -> None:
    """At whichever line; the collection can be imported afterwards."""
    one, other = opened(), opened()
    lived(one)
    lines = exported(one)

    def breaking(at: int) -> Iterator[bytes]:
        yield from lines[:at]
        raise StoreFull

    for at in (1, 2, len(lines) // 2, len(lines) - 1, len(lines)):
        with pytest.raises(StoreFull):
            other.import_collection("desk", breaking(at), OPERATOR)
        with pytest.raises(NotFound):
            other.get_collection("desk")
        assert other.list_audit_entries("", of_the_store=True).items == ()
    other.import_collection("desk", lines, OPERATOR)
    assert exported(other)[1:] == lines[1:]


def test_another_scheme_is_refused_by_name(opened: Open) -> None:
    """Features of another encoder would decide otherwise."""
    engine = opened()
    engine.ingest("desk", EARLY[:3])
    lines = exported(engine)
    header = json.loads(lines[0])
    for name in ("encoder_id", "dimensions", "fingerprint", "features"):
        other = json.dumps({**header, name: 7 if name == "dimensions" else "x"}).encode()
        with pytest.raises(SchemeMismatch) as refused:
            engine.import_collection("copy", [other, *lines[1:]], OPERATOR)
        assert refused.value.name == name


def spoiled(lines: list[bytes], kind: str, change: Callable[[dict[str, Any]], None]) -> list[bytes]:
    """The lines with the last record of a kind changed, and an end that fits."""
    from storycluster.exchange import end_of

    places = [i for i, line in enumerate(lines) if json.loads(line)["record"] == kind]
    record = json.loads(lines[places[-1]])
    change(record)
    changed = json.dumps(record, ensure_ascii=False, separators=(",", ":")).encode() + b"\n"
    body = [*lines[1 : places[-1]], changed, *lines[places[-1] + 1 : -1]]
    return [lines[0], *end_of(body)]


@pytest.mark.parametrize(
    ("kind", "change", "told"),
    [
        ("article", lambda r: r["article"].update(text="another"), "article.digest"),
        ("article", lambda r: r["article"].update(article_id=""), "article.article.article_id"),
        (
            "article",
            lambda r: r["article"].update(embargo_time="2031-01-01T00:00:00+00:00"),
            "article.article.embargo_time",
        ),
        ("article", lambda r: r.update(features="AAAA"), "article.features"),
        ("article", lambda r: r.update(features="no base64"), "article.features"),
        ("article", lambda r: r.update(sequence=1), "article.sequence"),
        ("article", lambda r: r["assignment"].update(article_id="x"), "article.assignment"),
        ("article", lambda r: r["assignment"].update(story_id="s-none"), "article.assignment"),
        ("assignment", lambda r: r.update(article_id="x"), "assignment.article_id"),
        ("story", lambda r: r.update(article_count=77), "story"),
        ("story", lambda r: r.update(state="sold"), "story.state"),
        ("tombstone", lambda r: r.update(article_id=EARLY[0].article_id), "tombstone.article_id"),
        ("constraint", lambda r: r.update(subject="nothing"), "constraint.subject"),
        ("override", lambda r: r.update(sequence=99), "override.sequence"),
        ("event", lambda r: r["event"].update(sequence=1), "event.event.sequence"),
        ("collection", lambda r: r.update(last_sequence=5), "article.sequence"),
        ("collection", lambda r: r.update(settings_revision=-1), "collection"),
    ],
)
def test_what_cannot_be_is_refused_by_line_and_field(
    encoder: Encoder, kind: str, change: Callable[[dict[str, Any]], None], told: str
) -> None:
    """Though the file is whole: nothing of it is stored."""
    engine = Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder, clock=Clock())
    lived(engine)
    lines = spoiled(exported(engine), kind, change)
    with pytest.raises(InvalidInput) as refused:
        engine.import_collection("copy", lines, OPERATOR)
    assert refused.value.violations[0].field.startswith("line ")
    assert f": {told}" in refused.value.violations[0].field
    with pytest.raises(NotFound):
        engine.get_collection("copy")
    engine.close()


def test_what_is_held_leaves_with_the_right_alone(opened: Open) -> None:
    """Without it the file tells nothing of it; with it, it is released at its minute elsewhere."""
    one, other = opened(), opened()
    lived(one)
    untold = list(one.export_collection("desk"))
    assert not any(b'"record":"held"' in line for line in untold)
    moved(one, other)
    other._clock.moment = datetime(2031, 1, 2, tzinfo=UTC)  # type: ignore[attr-defined]
    assert other.release() == 1
    assert other.get_article("desk", "held").article.text == EARLY[0].text


def test_what_was_released_early_can_be_imported(opened: Open) -> None:
    """By an earlier time or a revision without one: what is public says since when, and no export
    holds an embargo that lies ahead."""
    one, other = opened(), opened()
    far, soon = (datetime(year, 1, 1, tzinfo=UTC) for year in (2031, 2027))
    for article, times in ((EARLY[0], (far, soon)), (EARLY[1], (far, None))):
        for number, until in enumerate(times):
            text = article.text + " Corrected." * number
            sent = dataclasses.replace(article, text=text, embargo_time=until)
            one.ingest("desk", [sent], rights=RIGHT)
    one._clock.moment = datetime(2027, 1, 2, tzinfo=UTC)  # type: ignore[attr-defined]
    one.release()
    times = {
        (article.article_id, stored.article.revision): stored.article.embargo_time
        for article in EARLY[:2]
        for stored in one.list_revisions("desk", article.article_id)
    }
    assert [times[EARLY[0].article_id, number] for number in (1, 2)] == [soon, soon]
    first = times[EARLY[1].article_id, 1]
    assert first is not None
    assert first < soon
    assert times[EARLY[1].article_id, 2] is None
    other._clock.moment = datetime(2027, 1, 2, tzinfo=UTC)  # type: ignore[attr-defined]
    moved(one, other)
    assert list(other.export_collection("desk"))[1:] == list(one.export_collection("desk"))[1:]
