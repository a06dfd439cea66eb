"""upgrade: a data folder of another encoder, whole or not at all, with a report."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
from upgrading import DESK, NOON, Words, files_in, lines_in, lived, order

from storycluster.backends import open_store, stored_scheme
from storycluster.engine import Engine, scheme_of
from storycluster.errors import InvalidInput, NotFound, PreconditionFailed, SchemeMismatch
from storycluster.ports import OF_THE_STORE, Encoder
from storycluster.recluster import Pace, Progress, read_plan
from storycluster.settings import Settings
from storycluster.upgrade import Upgrade, plain_report, upgrade, written

NAMES = ("chosen", "desk", "other")


@pytest.fixture(scope="module")
def lived_folder(encoder: Encoder, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder in which much has happened; never changed."""
    data = tmp_path_factory.mktemp("lived") / "data"
    lived(data, encoder)
    return data


@pytest.fixture(scope="module")
def old(lived_folder: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy that is upgraded, and so must stay as it is."""
    return Path(shutil.copytree(lived_folder, tmp_path_factory.mktemp("old") / "data"))


@pytest.fixture(scope="module")
def done(old: Path) -> tuple[Upgrade, Path]:
    """The report of its upgrade, and the new folder."""
    out = old.parent / "new"
    return upgrade(order(old, out, Words()), Pace()), out


def test_nothing_in_the_old_folder_changes(
    done: tuple[Upgrade, Path], old: Path, lived_folder: Path
) -> None:
    """Not one byte of any file, and no file more."""
    assert done[0].revisions > 0
    assert files_in(old) == files_in(lived_folder)


def test_the_new_folder_is_of_the_new_encoder(done: tuple[Upgrade, Path]) -> None:
    """And nothing is left of what it was made in."""
    scheme = stored_scheme(str(done[1]))
    assert (scheme.encoder_id, scheme.dimensions) == ("words@1", 16)
    assert sorted(path.name for path in done[1].parent.iterdir()) == ["data", "new"]


def test_every_collection_is_taken(done: tuple[Upgrade, Path], old: Path) -> None:
    """Also one of settings alone; stories, audit and the rest are those of the old folder."""
    assert done[0].collections == NAMES
    for name in NAMES:
        before, after = (
            [line for line in lines_in(folder, name)[:-1] if b'"features":"' not in line]
            for folder in (old, done[1])
        )
        assert before
        assert after == before


def test_the_audit_tells_what_was_done(done: tuple[Upgrade, Path], encoder: Encoder) -> None:
    """Behind what it told of whole collections before: who, why, and both encoders."""
    store = open_store(str(done[1]), stored_scheme(str(done[1])))
    with store.read() as reader:
        entries = reader.audit(OF_THE_STORE, after=0, limit=9)
    store.close()
    kinds = [(one.event.kind.value, one.event.detail["collection"]) for one in entries]
    assert kinds == [
        ("collection.deleted", "gone"),
        *(("collection.imported", name) for name in NAMES),
    ]
    assert (entries[-1].actor, entries[-1].reason) == ("operator", "try")
    assert entries[-1].event.detail["old_encoder"] == encoder.encoder_id
    assert entries[-1].event.detail["new_encoder"] == "words@1"


def test_the_report_is_kept_in_the_new_folder(done: tuple[Upgrade, Path]) -> None:
    """As JSON, as a text, and with the plan of each collection."""
    report, out = done
    kept = json.loads((out / "upgrade/report.json").read_bytes())
    assert kept == json.loads(json.dumps(plain_report(report)))
    assert (out / "upgrade/report.md").read_text() == written(report)
    changes = tuple(one.change for one in report.shadows[0].changes)
    assert read_plan(out / "upgrade/0001").changes == changes


def test_the_report_says_whose_model_decided(done: tuple[Upgrade, Path]) -> None:
    """None was fitted for the new encoder: the one that decided weighs no vectors."""
    shadow = done[0].shadows[0]
    assert (shadow.old.model_fitted, shadow.new.model_fitted) == (True, False)
    assert "was not fitted with vectors of this encoder" in written(done[0])


def test_the_report_measures_both_sides(done: tuple[Upgrade, Path]) -> None:
    """Of the collections that hold articles: neighbours of two encoders differ, but not all."""
    assert [one.collection for one in done[0].shadows] == ["desk", "other"]
    shadow = done[0].shadows[0]
    assert shadow.articles == 11
    assert shadow.old.encoder != shadow.new.encoder
    assert shadow.moved.asked > 0
    assert 0.0 < shadow.moved.same_first < 1.0
    assert 0.0 < shadow.old_new.bcubed_f1 <= 1.0


def test_there_and_back_the_folder_is_equal(
    done: tuple[Upgrade, Path], old: Path, encoder: Encoder
) -> None:
    """Every line of every collection, byte for byte: ids, stories, redirects, overrides, feed,
    vectors."""
    back = old.parent / "back"
    upgrade(order(done[1], back, encoder), Pace())
    assert {name: lines_in(back, name) for name in NAMES} == {
        name: lines_in(old, name) for name in NAMES
    }


def test_the_new_folder_goes_on_as_the_old_one(done: tuple[Upgrade, Path], tmp_path: Path) -> None:
    """An engine with the new encoder answers, keeps an editor's word and takes articles."""
    data = shutil.copytree(done[1], tmp_path / "data")
    words = Words()
    engine = Engine(open_store(str(data), scheme_of(words, Settings())), words)
    override = engine.list_overrides("desk").items[0]
    engine.undo("desk", override.sequence, DESK)
    [outcome] = engine.ingest("desk", [engine.get_article("desk", "courier-mill").article])
    assert outcome.replayed  # type: ignore[union-attr] # an IngestResult, or this fails
    engine.close()


def test_one_collection_may_be_taken_alone(old: Path, tmp_path: Path) -> None:
    """The others are not in the new folder."""
    made = upgrade(order(old, tmp_path / "new", Words(), collection="other"), Pace())
    assert made.collections == ("other",)
    assert lines_in(tmp_path / "new", "desk")[1:] == lines_in(tmp_path / "new", "nowhere")[1:]


def test_a_plan_is_published_where_that_is_asked(
    lived_folder: Path, encoder: Encoder, tmp_path: Path
) -> None:
    """In the new folder alone, with a record; the report says how much."""
    old = Path(shutil.copytree(lived_folder, tmp_path / "old"))
    there, back = tmp_path / "there", tmp_path / "back"
    first = upgrade(order(old, there, Words(), promote=True), Pace())
    assert [one.applied for one in first.shadows] == [
        len(one.changes) - (one.skipped or 0) for one in first.shadows
    ]
    assert files_in(old) == files_in(lived_folder)
    store = open_store(str(there), stored_scheme(str(there)))
    with store.read() as reader:
        [promotion] = reader.promotions("desk")
    store.close()
    assert promotion.job_id == f"upgrade-{NOON:%Y%m%dT%H%M%SZ}"
    assert promotion.applied == first.shadows[0].applied
    upgrade(order(there, back, encoder), Pace())
    assert lines_in(back, "desk")[:-1] != lines_in(old, "desk")[:-1]


# -- what is refused ----------------------------------------------------------------------------


def test_a_place_that_is_taken_is_refused(old: Path, tmp_path: Path) -> None:
    """A folder with something in it, the old folder, one inside it; nothing is made."""
    (tmp_path / "full").mkdir()
    (tmp_path / "full/file").touch()
    (tmp_path / "other.partial").mkdir()
    (tmp_path / "other.partial/file").touch()
    before = files_in(old)
    for out in (tmp_path / "full", tmp_path / "other", old, old / "inside"):
        with pytest.raises(InvalidInput, match="out: "):
            upgrade(order(old, out, Words()), Pace())
    assert files_in(old) == before
    assert sorted(path.name for path in tmp_path.rglob("file")) == ["file", "file"]


def test_the_encoder_it_has_already_is_refused(old: Path, encoder: Encoder, tmp_path: Path) -> None:
    """By its name."""
    with pytest.raises(InvalidInput, match=r"encoder: .* is of storycluster-static-news@"):
        upgrade(order(old, tmp_path / "new", encoder), Pace())
    assert not list(tmp_path.iterdir())


def test_what_is_not_there_is_refused(old: Path, tmp_path: Path) -> None:
    """A folder without a store, and a collection; nothing is put in place."""
    with pytest.raises(NotFound, match="no data folder"):
        order(tmp_path / "nowhere", tmp_path / "new", Words())
    with pytest.raises(NotFound, match="no collection 'nowhere'"):
        upgrade(order(old, tmp_path / "new", Words(), collection="nowhere"), Pace())
    assert not (tmp_path / "new").exists()


def test_a_folder_that_is_open_is_refused(old: Path, encoder: Encoder, tmp_path: Path) -> None:
    """Its server must be stopped first."""
    store = open_store(str(old), scheme_of(encoder, Settings()))
    with pytest.raises(PreconditionFailed, match="is open already"):
        upgrade(order(old, tmp_path / "new", Words()), Pace())
    store.close()


def test_opening_with_another_encoder_names_the_way(old: Path) -> None:
    """Both encoders and the command that makes a folder of the other."""
    with pytest.raises(SchemeMismatch) as caught:
        open_store(str(old), scheme_of(Words(), Settings()))
    assert "words@1" in caught.value.message
    assert "storycluster-static-news@" in caught.value.message
    assert "storycluster recluster upgrade" in caught.value.message


# -- interruptions ------------------------------------------------------------------------------


def test_half_a_folder_is_never_taken_for_a_whole_one(old: Path, tmp_path: Path) -> None:
    """It has another name, and neither it nor the store in it can be opened."""
    out, words = tmp_path / "new", Words(last=0)
    with pytest.raises(KeyboardInterrupt):
        upgrade(order(old, out, words), Pace())
    assert not out.exists()
    for folder in (tmp_path / "new.partial", tmp_path / "new.partial/data"):
        with pytest.raises(PreconditionFailed, match="is not finished"):
            open_store(str(folder), scheme_of(words, Settings()))


def test_run_again_it_goes_on(old: Path, tmp_path: Path) -> None:
    """What was encoded before an interruption while it compared is not encoded again."""
    out = tmp_path / "new"

    def end(now: Progress) -> None:
        if "the new encoder" in now.phase:
            raise KeyboardInterrupt

    first, second = Words(), Words()
    with pytest.raises(KeyboardInterrupt):
        upgrade(order(old, out, first), Pace(end))
    made = upgrade(order(old, out, second), Pace())
    assert first.texts
    assert second.texts == []
    assert (made.encoded, [path.name for path in tmp_path.iterdir()]) == (0, ["new"])
    upgrade(order(old, tmp_path / "straight", Words()), Pace())
    for name in NAMES:
        assert lines_in(out, name) == lines_in(tmp_path / "straight", name)


def test_vectors_are_kept_for_another_run(old: Path, tmp_path: Path) -> None:
    """A run upon a copy of the folder, while its server goes on, spares the last one the time."""
    kept, words = tmp_path / "vectors", Words()
    upgrade(order(old, tmp_path / "rehearsal", words, vectors=kept), Pace())
    asked = len(words.texts)
    made = upgrade(order(old, tmp_path / "new", words, vectors=kept), Pace())
    assert (len(words.texts), made.encoded) == (asked, 0)
