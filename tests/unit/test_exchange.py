"""exchange: a record is one line and the same record again; a file that is not whole is refused."""

from __future__ import annotations

import io
import json
import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.domain import (
    Article,
    Assignment,
    AuditEntry,
    Canonical,
    CollectionSettings,
    Constraint,
    ConstraintKind,
    Event,
    EventKind,
    Evidence,
    Override,
    OverrideKind,
    Provenance,
    Relation,
    RunnerUp,
    Story,
    StoryState,
    TimePrecision,
    Tombstone,
)
from storycluster.errors import InvalidInput, MissingExtra
from storycluster.exchange import (
    FORMAT,
    MAX_LINE_BYTES,
    ArticleRecord,
    CollectionRecord,
    Header,
    Mark,
    Record,
    StreamPosition,
    end_of,
    in_pieces,
    line_of,
    lines_of,
    read_lines,
)
from storycluster.exchange.tables import FILES, read_tables, write_tables

pytest.importorskip("pyarrow")

NOON = datetime(2026, 3, 2, 12, 30, 15, 123456, tzinfo=UTC)
EVIDENCE = (Evidence("jaccard", 1 / 3, 0.5, False, "é-1", -0.1),)
DECISION = Assignment(
    article_id="é-1",
    revision=2,
    story_id="s1",
    relation=Relation.NEAR_COPY,
    confidence=0.1 + 0.2,
    sequence=7,
    evidence=EVIDENCE,
    runners_up=(RunnerUp("s2", 0.25, "too far", EVIDENCE),),
)
ARTICLE = Article(
    "é-1",
    title='A "headline"',
    text="One.\nTwo.\u2028Three.",
    revision=2,
    authors=("A", "B"),
    publish_time=NOON,
    publish_precision=TimePrecision.EXACT,
    extras={"b": "[1]", "a": "{}"},
)
HEADER = Header(FORMAT, 1, "desk", NOON, "encoder/1", 8, "minhash/1", "features/3", True)
STORY = Story(
    story_id="s1",
    state=StoryState.OPEN,
    title="",
    article_count=1,
    unique_count=1,
    reprint_count=0,
    source_count=1,
    revision=3,
    create_time=NOON,
    update_time=NOON,
    canonical=Canonical("é-1", "pinned", "by hand"),
    last_publish_time=NOON,
)
CONSTRAINT = Constraint(ConstraintKind.MUST_LINK, "a", "b")
OVERRIDE = Override(
    1, OverrideKind.MOVE, NOON, "ada", "why", "s1", "s2", ("a", "b"), made=(CONSTRAINT,)
)
ENTRY = AuditEntry(
    Event(1, EventKind.MEMBER_MOVED, NOON, "s1", "é-1", {"from_story_id": "s2"}),
    "ada",
    "why",
    {"article.story_id": "s2"},
    {"article.story_id": "s1"},
)
RECORDS: list[Record] = [
    CollectionRecord(9, 2, CollectionSettings("longest", ("A",))),
    STORY,
    ArticleRecord(7, "d", NOON, Provenance.GIVEN, True, ARTICLE, DECISION, "AAAA"),
    DECISION,
    Tombstone("gone", True, NOON, "ada", "asked", "s1"),
    CONSTRAINT,
    OVERRIDE,
    ENTRY,
    StreamPosition("wire", 4),
    Mark("repair", 6),
]


def whole(records: list[Record] = RECORDS) -> list[bytes]:
    """A file of these."""
    return [line_of(HEADER), *end_of(map(line_of, records))]


def refusal(lines: list[bytes]) -> str:
    """What is said against these lines."""
    with pytest.raises(InvalidInput) as refused:
        list(read_lines(lines))
    [violation] = refused.value.violations
    return f"{violation.field}: {violation.description}"


def test_every_record_comes_back() -> None:
    """Each kind, every field, under its line."""
    assert list(read_lines(whole())) == list(enumerate([HEADER, *RECORDS], start=1))


def test_a_line_is_one_line() -> None:
    """Whatever the texts hold."""
    assert all(line.count(b"\n") == 1 and line.endswith(b"\n") for line in whole())


def test_the_parquet_files_give_back_the_very_lines(tmp_path: Path) -> None:
    """Byte by byte; each kind has its file, in which single values are columns."""
    import pyarrow.parquet

    write_tables(whole(), tmp_path / "out")
    assert list(read_tables(tmp_path / "out")) == whole()
    assert {path.stem for path in (tmp_path / "out").iterdir()} == set(FILES.values())
    table = pyarrow.parquet.read_table(tmp_path / "out" / "articles.parquet")
    [row] = table.to_pylist()
    assert (row["article.text"], row["article.publish_time"]) == (ARTICLE.text, NOON)
    assert row["assignment.confidence"] == DECISION.confidence


def test_a_folder_that_holds_something_is_not_written_to(tmp_path: Path) -> None:
    """Nothing in it is replaced."""
    (tmp_path / "mine").touch()
    with pytest.raises(InvalidInput, match="is not empty"):
        write_tables(whole(), tmp_path)


def test_a_folder_that_is_not_whole_is_refused_by_file(tmp_path: Path) -> None:
    """A file that is missing, none of Parquet, or of another kind."""
    write_tables(whole(), tmp_path)
    path = tmp_path / "marks.parquet"
    path.write_bytes((tmp_path / "streams.parquet").read_bytes())
    with pytest.raises(InvalidInput, match=r"marks\.parquet: has no column"):
        list(read_tables(tmp_path))
    path.write_bytes(b"no parquet")
    with pytest.raises(InvalidInput, match=r"marks\.parquet: cannot be read"):
        list(read_tables(tmp_path))
    path.unlink()
    with pytest.raises(InvalidInput, match=r"marks\.parquet"):
        list(read_tables(tmp_path))


def test_parquet_without_its_library_names_the_extra(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """And makes no folder."""
    monkeypatch.setitem(sys.modules, "pyarrow", None)
    with pytest.raises(MissingExtra, match=r"storycluster\[batch\]"):
        write_tables(whole(), tmp_path / "out")
    assert not (tmp_path / "out").exists()


def test_a_file_that_is_cut_off_is_refused() -> None:
    """After whichever line, also in the middle of one."""
    lines = whole()
    for size in range(len(lines)):
        assert refusal(lines[:size]) == (
            f"line {size + 1}: record: the file is cut off: its end is missing"
        )
    assert "is not JSON" in refusal([*lines[:-1], lines[-1][:-9]])


def test_a_line_that_was_changed_is_found() -> None:
    """By the digest at the end, though it is a good record; so are lost, added and swapped ones."""
    lines = whole()
    other = lines[:]
    other[9] = line_of(StreamPosition("wire", 5))
    assert refusal(other).startswith(f"line {len(lines)}: end.digest: ")
    assert "end.digest" in refusal(lines[:9] + lines[10:])
    assert "end.digest" in refusal([*lines[:9], lines[9], *lines[9:]])
    two = [*RECORDS, Mark("x", 1)]
    swapped = whole(two)
    swapped[-3], swapped[-2] = swapped[-2], swapped[-3]
    assert "end.digest" in refusal(swapped)


def test_nothing_may_follow_the_end() -> None:
    """Not even an empty line."""
    assert refusal([*whole(), b"\n"]).endswith("nothing may follow the end")


def changed(line: bytes, **more: Any) -> bytes:
    return json.dumps({**json.loads(line), **more}).encode() + b"\n"


@pytest.mark.parametrize(
    ("place", "change", "told"),
    [
        (0, {"format": "other"}, "line 1: header.format: must be storycluster.collection"),
        (0, {"version": 2}, "line 1: header.version: is 2; this release reads 1"),
        (0, {"with_withdrawn": 1}, "line 1: header.with_withdrawn: must be true or false"),
        (1, {"last_sequence": True}, "line 2: collection.last_sequence: must be a whole number"),
        (1, {"last_sequence": 2**63}, "line 2: collection.last_sequence: has more than 64 bits"),
        (1, {"settings": []}, "line 2: collection.settings: must be an object"),
        (2, {"state": "sold"}, "line 3: story.state: must be one of open, locked, merged, closed"),
        (2, {"create_time": "noon"}, "line 3: story.create_time: must be an ISO 8601 time"),
        (2, {"create_time": "2026-03-02T12:00"}, "line 3: story.create_time: has no time zone"),
        (2, {"canonical": {"article_id": "x"}}, "line 3: story.canonical.policy: is missing"),
        (2, {"colour": "red"}, "line 3: story.colour: is no field of this version"),
        (4, {"evidence": [["x"]]}, "line 5: assignment.evidence[0]: must be an object"),
        (4, {"confidence": "1"}, "line 5: assignment.confidence: must be a number"),
        (5, {"reason": "a\0b"}, "line 6: tombstone.reason: holds a NUL character"),
        (5, {"reason": "\udfff"}, "line 6: tombstone.reason: holds a NUL character or a lone"),
        (8, {"before": {"x": 1}}, "line 9: event.before.x: must be a text"),
        (9, {"record": "storm"}, "line 10: record: must be one of header, collection, story"),
        (9, {"record": "header"}, "line 10: header.format"),
    ],
)
def test_what_is_no_record_is_refused_by_line_and_field(
    place: int, change: dict[str, Any], told: str
) -> None:
    """The first thing that is wrong is named."""
    lines = whole()
    lines[place] = changed(lines[place], **change)
    assert refusal(lines).startswith(told)


@pytest.mark.parametrize("line", [b"\n", b"[]\n", b"7\n", b"\xff\n", b"[" * 100_000, b"{\n"])
def test_what_is_no_object_is_refused_by_line(line: bytes) -> None:
    """Whatever it is."""
    assert refusal([line_of(HEADER), line]).startswith("line 2: record: ")
    assert "NaN" not in refusal([line_of(HEADER), b'{"record":"mark","sequence":NaN}\n'])


def test_records_have_their_order() -> None:
    """Header, collection, stories, articles and so on; decisions stand among the articles."""
    assert "comes too late" in refusal(whole([RECORDS[0], RECORDS[2], RECORDS[1]]))
    assert "second line" in refusal(whole([RECORDS[1]]))
    assert "first line" in refusal(whole()[1:])
    between = [RECORDS[0], RECORDS[2], RECORDS[3], RECORDS[2]]
    assert len(list(read_lines(whole(between)))) == 5


def test_a_line_without_end_is_refused_before_it_is_read_whole() -> None:
    """A file of one endless line costs no more than the longest good one."""
    file = io.BytesIO(line_of(HEADER) + b"x" * (MAX_LINE_BYTES + 10))
    assert "is longer than" in refusal(list(lines_of(file)))


@given(st.lists(st.binary(max_size=300)), st.integers(min_value=1, max_value=50))
def test_pieces_joined_are_the_lines(lines: list[bytes], most: int) -> None:
    """However they are cut, none is larger than it may be."""
    pieces = list(in_pieces(lines, most=most))
    assert b"".join(pieces) == b"".join(lines)
    assert all(0 < len(piece) <= most for piece in pieces)
