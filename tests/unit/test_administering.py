"""administering: a collection has its own policy, and can be taken away whole."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storycluster.backends import open_store
from storycluster.domain import (
    Act,
    Article,
    CollectionSettings,
    EventKind,
    IngestResult,
    OverrideKind,
    Relation,
)
from storycluster.engine import Engine, scheme_of
from storycluster.errors import InvalidInput, NotFound, StoryChanged
from storycluster.ports import Encoder
from storycluster.settings import Settings

ADMIN = Act("operator", "agreed with the desk")
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
FERRY = (
    "A ferry carrying 140 people sank off Port Vell on Monday morning, the coast guard said. "
    "Rescuers pulled 128 survivors from the water within two hours. Twelve people died, among them "
    "two members of the crew. Divers were still searching the lower car deck in the afternoon."
)
ARTICLES = [
    Article("late", title="Ferry sinks", text=FERRY, source="B", publish_time=NOON),
    Article(
        "early",
        title="Ferry sinks",
        text=FERRY.replace("Twelve", "Ten"),
        source="A",
        publish_time=NOON - timedelta(hours=3),
    ),
]


@pytest.fixture(params=["memory:", "folder"])
def engine(encoder: Encoder, tmp_path: Path, request: pytest.FixtureRequest) -> Iterator[Engine]:
    """One story in each of two collections."""
    url = request.param if request.param == "memory:" else str(tmp_path / "data")
    made = Engine(open_store(url, scheme_of(encoder, Settings())), encoder)
    for name in ("desk", "wire"):
        made.ingest(name, ARTICLES)
    yield made
    made.close()


def canonical(engine: Engine, collection: str) -> str:
    [story] = engine.list_stories(collection).items
    assert story.canonical is not None
    return story.canonical.article_id


def test_a_collection_has_its_own_policy(engine: Engine) -> None:
    """Set for one, chosen anew at once and for what comes; the other is as it was."""
    first = CollectionSettings("first_received")
    override, info = engine.update_collection("desk", first, ADMIN)
    assert (override.kind, override.actor) == (OverrideKind.CONFIGURE, "operator")
    assert (info.settings, info.settings_revision) == (first, 1)
    assert (canonical(engine, "desk"), canonical(engine, "wire")) == ("late", "early")
    changed = engine.list_events("desk", page_size=500)[-2]
    assert (changed.kind, changed.article_id) == (EventKind.CANONICAL_CHANGED, "late")
    engine.update_collection("desk", CollectionSettings("source_rank", ("A",)), ADMIN)
    assert canonical(engine, "desk") == "early"
    engine.update_collection("desk", CollectionSettings(), ADMIN)
    assert engine.get_collection("desk").settings_revision == 3


def test_settings_outlive_a_restart(encoder: Encoder, tmp_path: Path) -> None:
    """The next process chooses by them."""
    for last in (False, True):
        store = open_store(str(tmp_path / "data"), scheme_of(encoder, Settings()))
        engine = Engine(store, encoder)
        if not last:
            engine.update_collection("desk", CollectionSettings("first_received"), ADMIN)
        engine.ingest("desk", ARTICLES[last : last + 1])
        engine.close()
        if last:
            break
    engine = Engine(open_store(str(tmp_path / "data"), scheme_of(encoder, Settings())), encoder)
    assert canonical(engine, "desk") == "late"
    engine.close()


@pytest.mark.parametrize(
    ("chosen", "field"),
    [
        (CollectionSettings("newest"), "settings.canonical_policy"),
        (CollectionSettings("source_rank"), "settings.source_rank"),
        (CollectionSettings(source_rank=("A", " ")), "settings.source_rank[1]"),
        (CollectionSettings(aliases=(("A", "B"), ("C",))), "settings.aliases[1].names"),
        (CollectionSettings(aliases=(("A", " "),)), "settings.aliases[0].names"),
        (CollectionSettings(aliases=(("A", "B"),) * 1_001), "settings.aliases"),
    ],
)
def test_wrong_settings_are_refused_by_name(
    engine: Engine, chosen: CollectionSettings, field: str
) -> None:
    """Nothing is changed."""
    with pytest.raises(InvalidInput) as caught:
        engine.update_collection("desk", chosen, ADMIN)
    assert [one.field for one in caught.value.violations] == [field]
    assert engine.get_collection("desk").settings_revision == 0


def test_two_operators_at_once(engine: Engine) -> None:
    """The second, who saw the settings before the first, is refused."""
    engine.update_collection("desk", CollectionSettings("longest"), ADMIN, expected_revision=0)
    engine.update_collection("desk", CollectionSettings("medoid"), ADMIN, expected_revision=1)
    with pytest.raises(StoryChanged, match="revision 2"):
        engine.update_collection("desk", CollectionSettings(), ADMIN, expected_revision=1)


def test_collections_are_listed_with_their_counts(engine: Engine) -> None:
    """By name; one that was never written is not found."""
    listed = engine.list_collections()
    assert [one.collection for one in listed] == ["desk", "wire"]
    assert {one.counts["articles"] for one in listed} == {2}
    assert engine.get_collection("wire") == listed[1]
    with pytest.raises(NotFound, match="nowhere"):
        engine.get_collection("nowhere")
    with pytest.raises(NotFound, match="nowhere"):
        engine.delete_collection("nowhere", ADMIN)


def test_a_deleted_collection_is_gone(engine: Engine) -> None:
    """With articles, stories, events, overrides and settings; the other is as it was, and the name
    begins anew."""
    engine.update_collection("desk", CollectionSettings("first_received"), ADMIN)
    engine.withdraw("desk", "late", ADMIN)
    before = engine.get_collection("wire"), engine.list_events("wire")
    assert engine.delete_collection("desk", ADMIN)["revisions"] == 2
    with pytest.raises(NotFound):
        engine.get_collection("desk")
    assert engine.list_stories("desk").items == ()
    assert engine.list_events("desk") == ()
    assert engine.list_overrides("desk").items == ()
    assert (engine.get_collection("wire"), engine.list_events("wire")) == before
    [result] = engine.ingest("desk", ARTICLES[:1])
    assert isinstance(result, IngestResult)
    assert (result.assignment.sequence, result.assignment.relation) == (1, Relation.NEW_STORY)
    assert engine.get_collection("desk").settings == CollectionSettings()


def test_a_deleted_collection_leaves_no_bytes(encoder: Encoder, tmp_path: Path) -> None:
    """No file holds a headline or a source of it."""
    folder = tmp_path / "data"
    engine = Engine(open_store(str(folder), scheme_of(encoder, Settings())), encoder)
    engine.ingest("gone", [Article("a", title="Zyxomma sinks", text=FERRY, source="Xanthic")])
    engine.ingest("stays", [Article("b", title="Quillfeather burns", text="A mill burned down.")])

    def held() -> bytes:
        return b"".join(path.read_bytes() for path in folder.rglob("*") if path.is_file())

    assert b"Zyxomma" in held()
    engine.delete_collection("gone", ADMIN)
    assert (b"Zyxomma" in held(), b"Xanthic" in held()) == (False, False)
    assert b"Quillfeather" in held()
    engine.close()


def test_a_collection_has_names_of_its_own(engine: Engine) -> None:
    """Two names that it takes for one are no difference there, in another collection they are."""
    renamed = Article("c", title="Ferry sinks", text=FERRY.replace("Port Vell", "Marina Norte"))
    for name in ("desk", "wire"):
        engine.ingest(name, [renamed])
    one = (("Port Vell", "Marina Norte"),)
    engine.update_collection("desk", CollectionSettings(aliases=one), ADMIN)
    found = {
        name: [d.type.value for d in engine.compare(name, "late", "c").differences]
        for name in ("desk", "wire")
    }
    assert found["wire"] == ["name_changed"]
    assert "name_changed" not in found["desk"]
    assert engine.get_collection("desk").settings.aliases == one
