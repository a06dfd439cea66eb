"""Is a data folder refused where it must be, and the same where it is opened again?"""

from __future__ import annotations

import os
import subprocess
import sys
from contextlib import closing, suppress
from dataclasses import replace
from pathlib import Path

import apsw
import pytest
from store_nouns import (
    SCHEME,
    START,
    add,
    assignment_of,
    features_of,
    held_article,
    story_of,
)

from storycluster.backends import open_store
from storycluster.backends.embedded.folder import DATABASE
from storycluster.backends.embedded.session import check_sqlite
from storycluster.domain import (
    Constraint,
    ConstraintKind,
    EventKind,
    Evidence,
    Promotion,
    RunnerUp,
    StoryState,
)
from storycluster.errors import (
    InvalidInput,
    MissingExtra,
    PreconditionFailed,
    SchemeMismatch,
    StoreCorrupt,
    StoreError,
)
from storycluster.features import pack
from storycluster.ports import Reader

NAME = "default"

# What makes of a store one that was written with schema 3, then with schema 2, then with schema 1.
SCHEMA_3 = """
DROP TABLE held;
DROP TABLE promotion;
ALTER TABLE event DROP COLUMN actor;
ALTER TABLE event DROP COLUMN reason;
ALTER TABLE event DROP COLUMN before;
ALTER TABLE event DROP COLUMN after;
UPDATE header SET value = '3' WHERE name = 'schema';"""
SCHEMA_2 = f"""
{SCHEMA_3}
DROP TABLE tombstone;
DROP TABLE editor_constraint;
DROP TABLE override;
DROP TABLE collection_settings;
UPDATE header SET value = '2' WHERE name = 'schema';"""
SCHEMA_1 = f"""
{SCHEMA_2}
ALTER TABLE assignment DROP COLUMN model;
DROP TABLE mark;
UPDATE assignment SET evidence = '[["jaccard",0.75,0.5,true,"other"]]',
    runners_up = '[["far",0.25,"too far"]]';
UPDATE header SET value = '1' WHERE name = 'schema'"""


def answers(reader: Reader) -> object:
    """What a reopened store must answer equally."""
    return (
        reader.collections(),
        reader.counts(NAME),
        reader.revisions(NAME, "a1"),
        reader.assignments(NAME, "a1"),
        reader.members(NAME, "s1"),
        reader.stories(NAME, limit=10, include_merged=True),
        reader.events(NAME, after=0, limit=10),
        [(row.sequence, row.story_id, pack(row.features)) for row in reader.index_rows(NAME)],
        reader.stream_position(NAME, "stream"),
        reader.mark(NAME, "work"),
        reader.band_hits(NAME, range(10)),
    )


def fill(folder: Path) -> object:
    """Write a little, close; returns the answers."""
    store = open_store(str(folder), SCHEME)
    with store.write() as transaction:
        add(transaction, "a1", story_id="s1", bands=[1, 2])
        add(transaction, "a2", story_id="s1", bands=[2, 3])
        add(transaction, "a1", story_id="s1", revision=2, bands=[3, 4])
        transaction.put_story(NAME, story_of("s1"))
        transaction.put_story(NAME, story_of("s2", merged_into="s1", article_count=0))
        transaction.add_assignment(NAME, assignment_of("a2", "s1", sequence=4))
        transaction.add_event(NAME, EventKind.STORY_CREATED, time=START)
        transaction.set_stream_position(NAME, "stream", 3)
        transaction.set_mark(NAME, "work", 2)
    with store.read() as reader:
        told = answers(reader)
    store.close()
    return told


def test_a_reopened_store_gives_equal_answers_and_goes_on_counting(tmp_path: Path) -> None:
    """Everything is there after a reopen, and sequences and story numbers continue."""
    told = fill(tmp_path / "data")
    store = open_store(f"sqlite:{tmp_path / 'data'}", SCHEME)
    with store.read() as reader:
        assert answers(reader) == told
    with store.write() as transaction:
        assert add(transaction, "a3").sequence == 4
        assert transaction.add_event(NAME, EventKind.STORY_CREATED, time=START).sequence == 2
        transaction.put_story(NAME, story_of("s3"))
        assert transaction.stories(NAME, limit=1)[0][0] == 3
    store.close()


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("encoder_id", "encoder/2"),
        ("dimensions", 9),
        ("fingerprint", "minhash/2"),
        ("features", "features/0"),
    ],
)
def test_another_scheme_is_refused_by_name(tmp_path: Path, field: str, value: object) -> None:
    """The error says which part of the scheme differs and both values; the folder stays usable."""
    told = fill(tmp_path)
    with pytest.raises(SchemeMismatch) as caught:
        open_store(str(tmp_path), replace(SCHEME, **{field: value}))  # type: ignore[arg-type]
    assert caught.value.name == field
    assert caught.value.stored == str(getattr(SCHEME, field))
    assert caught.value.given == str(value)
    store = open_store(str(tmp_path), SCHEME)
    with store.read() as reader:
        assert answers(reader) == told
    store.close()


def test_another_schema_version_is_refused(tmp_path: Path) -> None:
    """A store of a later release is not touched."""
    fill(tmp_path)
    _execute(tmp_path, "UPDATE header SET value = '999' WHERE name = 'schema'")
    with pytest.raises(SchemeMismatch, match="schema: the store holds '999'"):
        open_store(str(tmp_path), SCHEME)


def test_a_store_of_schema_1_is_brought_up_to_date(tmp_path: Path) -> None:
    """Decisions without weights, measures of the runners-up and model read as such, and new ones
    beside them are whole, also after another reopen."""
    fill(tmp_path)
    _execute(tmp_path, SCHEMA_1)
    store = open_store(str(tmp_path), SCHEME)
    with store.write() as transaction:
        added = add(transaction, "new").assignment
    for _ in range(2):
        with store.read() as reader:
            old = reader.assignments(NAME, "a1")[0]
            assert old.evidence == (Evidence("jaccard", 0.75, 0.5, True, "other"),)
            assert old.runners_up == (RunnerUp("far", 0.25, "too far"),)
            assert old.model == ""
            assert reader.assignments(NAME, "new") == (added,)
            assert reader.mark(NAME, "work") == 0
        store.close()
        store = open_store(str(tmp_path), SCHEME)
    store.close()


def test_a_store_of_schema_2_is_brought_up_to_date(tmp_path: Path) -> None:
    """A merged story has no headline any more, the others have theirs; editors can begin."""
    fill(tmp_path)
    _execute(tmp_path, SCHEMA_2)
    store = open_store(str(tmp_path), SCHEME)
    constraint = Constraint(ConstraintKind.PIN, "a1")
    with store.write() as transaction:
        transaction.put_story(NAME, story_of("s3"))
        transaction.add_constraint(NAME, constraint)
    with store.read() as reader:
        titles = {
            story.state: story.title
            for _, story in reader.stories(NAME, limit=10, include_merged=True)
        }
        assert titles[StoryState.MERGED] == ""
        assert titles[StoryState.OPEN] != ""
        assert reader.constraints(NAME) == (constraint,)
    store.close()


def test_a_store_of_schema_3_is_brought_up_to_date(tmp_path: Path) -> None:
    """It answers as before; a plan can be published and articles can be held."""
    fill(tmp_path)
    with closing(open_store(str(tmp_path), SCHEME)) as store, store.read() as reader:
        before = answers(reader)
    _execute(tmp_path, SCHEMA_3)
    promotion = Promotion("job", START, 1, quiet=False, applied=0)
    held = held_article("h1", number=1)
    with closing(open_store(str(tmp_path), SCHEME)) as store:
        with store.read() as reader:
            assert answers(reader) == before
            assert reader.promotions(NAME) == ()
        with store.write() as transaction:
            transaction.add_promotion(NAME, promotion)
            transaction.put_held(NAME, held, features_of(1))
        with store.read() as reader:
            assert reader.promotions(NAME) == (promotion,)
            assert reader.held(NAME) == (held,)


def test_the_events_of_a_store_of_schema_3_are_kept(tmp_path: Path) -> None:
    """Without an actor, as they were; new ones beside them have all, also after a reopen."""
    told = fill(tmp_path)
    _execute(tmp_path, SCHEMA_3)
    store = open_store(str(tmp_path), SCHEME)
    with store.read() as reader:
        assert answers(reader) == told
        [old] = reader.audit(NAME, after=0, limit=10)
        assert (old.actor, old.reason, old.before, old.after) == ("", "", {}, {})
    with store.write() as transaction:
        named = {"actor": "desk", "reason": "asked", "after": {"story.state": "locked"}}
        transaction.add_event(NAME, EventKind.STORY_UPDATED, time=START, **named)
    store.close()
    store = open_store(str(tmp_path), SCHEME)
    with store.read() as reader:
        new = reader.audit(NAME, after=1, limit=10)[0]
        assert (new.actor, new.reason, new.after) == ("desk", "asked", {"story.state": "locked"})
    store.close()


def test_a_refused_store_keeps_its_schema(tmp_path: Path) -> None:
    """What is opened with another scheme is not brought up to date on the way."""
    fill(tmp_path)
    _execute(tmp_path, SCHEMA_1)
    with pytest.raises(SchemeMismatch, match="encoder_id"):
        open_store(str(tmp_path), replace(SCHEME, encoder_id="encoder/2"))
    assert _execute(tmp_path, "SELECT value FROM header WHERE name = 'schema'") == [("1",)]


def test_a_second_opener_in_this_process_is_refused_by_name(tmp_path: Path) -> None:
    """The error names the folder and the process that holds it, which goes on undisturbed."""
    store = open_store(str(tmp_path), SCHEME)
    with pytest.raises(PreconditionFailed) as caught:
        open_store(str(tmp_path), SCHEME)
    assert str(tmp_path) in caught.value.message
    assert f"process {os.getpid()}" in caught.value.message
    with store.write() as transaction:
        add(transaction, "a1")
    store.close()
    open_store(str(tmp_path), SCHEME).close()


def test_a_second_opener_in_another_process_is_refused(tmp_path: Path) -> None:
    """Two servers cannot share a folder."""
    store = open_store(str(tmp_path), SCHEME)
    code = (
        "import sys; from storycluster.backends import open_store\n"
        "from storycluster.ports import Scheme\n"
        "try: open_store(sys.argv[1], Scheme('encoder/1', 8, 'minhash/1', 'features/2'))\n"
        "except Exception as error: print(type(error).__name__)\n"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    told = subprocess.run(command, capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "PreconditionFailed"
    store.close()


def test_a_damaged_text_is_found_when_it_is_read(tmp_path: Path) -> None:
    """One flipped bit in a text or feature row, unseen by SQLite, raises StoreCorrupt."""
    fill(tmp_path)
    connection = apsw.Connection(str(tmp_path / DATABASE))
    for table in ("body", "features"):
        ((row, data),) = connection.execute(f"SELECT id, data FROM {table} WHERE id & 255 = 1")
        flipped = data[:60] + bytes([data[60] ^ 4]) + data[61:]
        connection.execute(f"UPDATE {table} SET data = ? WHERE id = ?", (flipped, row)).fetchall()
    assert connection.pragma("integrity_check") == "ok"
    connection.close()
    store = open_store(str(tmp_path), SCHEME)
    with store.read() as reader:
        with pytest.raises(StoreCorrupt, match="the text of article sequence 1"):
            reader.article(NAME, "a1", revision=1)
        with pytest.raises(StoreCorrupt, match="the features of article sequence 1"):
            list(reader.index_rows(NAME))
        assert reader.article(NAME, "a2") is not None
    store.close()


def test_a_text_under_another_id_is_found(tmp_path: Path) -> None:
    """Two intact bodies that changed places are not mistaken for each other."""
    fill(tmp_path)
    _execute(tmp_path, "UPDATE body SET id = -1 WHERE id & 255 = 1")
    _execute(tmp_path, "UPDATE body SET id = id - 1 WHERE id & 255 = 2")
    store = open_store(str(tmp_path), SCHEME)
    with store.read() as reader, pytest.raises(StoreCorrupt):
        reader.article(NAME, "a1", revision=1)
    store.close()


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    """Garbage and another program's database are refused and left as they are."""
    garbage = tmp_path / "garbage"
    garbage.mkdir()
    (garbage / DATABASE).write_bytes(b"not a database at all" * 500)
    with pytest.raises(StoreCorrupt):
        open_store(str(garbage), SCHEME)
    other = tmp_path / "other"
    other.mkdir()
    _execute(other, "CREATE TABLE mine(x)")
    with pytest.raises(StoreCorrupt, match="not a storycluster store"):
        open_store(str(other), SCHEME)


def test_a_commit_is_synchronous_and_logged(tmp_path: Path) -> None:
    """The writer's connection really runs in WAL mode with synchronous=FULL."""
    store = open_store(str(tmp_path), SCHEME)
    connection = store._writer.connection  # type: ignore[attr-defined]
    assert connection.pragma("journal_mode") == "wal"
    assert connection.pragma("synchronous") == 2
    store.close()


def test_a_swallowed_failure_cannot_commit_half_an_article(tmp_path: Path) -> None:
    """A change that failed half-way fails its transaction, also where its error was caught."""
    store = open_store(str(tmp_path), SCHEME)
    _execute_in(store, "CREATE TEMP TRIGGER refuse BEFORE INSERT ON features "
                "BEGIN SELECT raise(ABORT, 'no'); END")  # fmt: skip
    with pytest.raises(StoreError, match="an earlier change failed"):
        _add_and_swallow(store)
    _execute_in(store, "DROP TRIGGER refuse")
    with store.write() as transaction:
        assert add(transaction, "a1").sequence == 1
    store.close()


@pytest.mark.parametrize("version", ["3.51.3", "3.54.1", "3.44.6", "3.44.9", "3.50.7", "4.0.0"])
def test_a_sound_sqlite_is_accepted(version: str) -> None:
    """3.51.3 and later, and the backports, have the fix."""
    check_sqlite(version)


@pytest.mark.parametrize("version", ["3.40.1", "3.44.5", "3.45.0", "3.50.6", "3.51.0", "3.51.2"])
def test_an_sqlite_that_corrupts_is_refused(version: str) -> None:
    """Every other library is refused at start, by its version."""
    with pytest.raises(PreconditionFailed, match=version):
        check_sqlite(version)


@pytest.mark.parametrize("url", ["postgresql://host/db", "postgres://host/db"])
def test_postgres_is_refused_clearly(url: str) -> None:
    """A store of a later release is not mistaken for a folder."""
    with pytest.raises(PreconditionFailed, match="PostgreSQL"):
        open_store(url, SCHEME)


@pytest.mark.parametrize("url", ["", "mysql://x", "sqlite:", "https://x"])
def test_an_unknown_url_is_refused(url: str) -> None:
    """An url that names no store is a wrong field, not a folder of that name."""
    with pytest.raises(InvalidInput):
        open_store(url, SCHEME)


def test_a_missing_driver_names_the_extra(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """Without APSW the error says what to install."""
    for name in [name for name in sys.modules if name.startswith("storycluster.backends.embedded")]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "apsw", None)
    with pytest.raises(MissingExtra, match=r"apsw is not installed.*storycluster\[server\]"):
        open_store(str(tmp_path), SCHEME)


def test_importing_the_backends_loads_nothing_heavy() -> None:
    """numpy, apsw, faiss and torch are imported only when a store is opened."""
    code = (
        "import sys, storycluster.backends\n"
        "print([name for name in ('numpy', 'apsw', 'faiss', 'torch') if name in sys.modules])"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert told.stdout.strip() == "[]"


def _add_and_swallow(store: object) -> None:
    with store.write() as transaction, suppress(StoreError):  # type: ignore[attr-defined]
        add(transaction, "a1")


def _execute_in(store: object, sql: str) -> None:
    store._writer.run(sql)  # type: ignore[attr-defined]


def _execute(folder: Path, sql: str) -> list[tuple[object, ...]]:
    connection = apsw.Connection(str(folder / DATABASE))
    found = connection.execute(sql).fetchall()
    connection.close()
    return found
