"""Which articles do files and streams of any format hold, and where were they?"""

from __future__ import annotations

import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.domain import Article
from storycluster.errors import StoryClusterError
from storycluster.formats import Format, Found, Refused, read, read_paths
from storycluster.formats.documents import articles_in

NINJS = {"uri": "urn:x:1", "headline": "Ice", "body_text": "Ice on the canal."}
OURS = {"id": "2", "title": "Ice", "text": "Ice on the canal."}
PICTURE = {"uri": "urn:x:3", "type": "picture"}


def places(path: Path, format: str = "auto") -> list[tuple[str, str]]:
    """(place without the path, id or error) of what a file holds."""
    return [told(item, str(path)) for item in read(path, format)]


def told(item: Found | Refused, path: str) -> tuple[str, str]:
    content = item.article.article_id if isinstance(item, Found) else item.error.message
    return item.place.removeprefix(path), content


def test_json_is_an_object_a_list_or_lines_of_either_dialect(tmp_path: Path) -> None:
    """Each object tells which it is."""
    path = tmp_path / "a.json"
    path.write_text(json.dumps(NINJS, indent=1))
    assert places(path) == [("", "urn:x:1")]
    path.write_text(json.dumps([NINJS, OURS, 5]))
    assert places(path) == [
        (", item 1", "urn:x:1"), (", item 2", "2"), (", item 3", "json: must be an object"),
    ]  # fmt: skip
    path.write_text(f"{json.dumps(NINJS)}\n\n{json.dumps(OURS)}\n{{broken\n")
    found = places(path)
    assert [place for place, _ in found] == [":1", ":3", ":4"]
    assert found[2][1].startswith("json: is not valid JSON")


def test_lines_of_ninjs_are_read_one_by_one(tmp_path: Path) -> None:
    """In a file of lines, zipped or not, and from a stream."""
    lines = "\n".join(json.dumps(row) for row in (NINJS, PICTURE, OURS))
    path = tmp_path / "a.jsonl"
    path.write_text(lines)
    assert places(path) == [(":1", "urn:x:1"), (":3", "2")]
    zipped = tmp_path / "a.ndjson.gz"
    zipped.write_bytes(gzip.compress(lines.encode()))
    assert places(zipped) == [(":1", "urn:x:1"), (":3", "2")]
    stream = io.BytesIO(lines.encode())
    assert [told(item, "stdin") for item in read_paths(["-"], stdin=stream)] == [
        (":1", "urn:x:1"), (":3", "2"),
    ]  # fmt: skip


def test_a_picture_is_passed_over_among_others_and_refused_alone(tmp_path: Path) -> None:
    """As files of other endings are in a folder."""
    path = tmp_path / "a.json"
    path.write_text(json.dumps([PICTURE, NINJS]))
    assert places(path) == [(", item 2", "urn:x:1")]
    for alone in (PICTURE, [PICTURE], [PICTURE, PICTURE]):
        path.write_text(json.dumps(alone))
        assert places(path) == [("", "type: is picture, not text")]


def test_a_named_format_is_what_a_file_is_read_as(tmp_path: Path) -> None:
    """Whatever its name and dialect."""
    path = tmp_path / "a.txt"
    path.write_text(json.dumps(NINJS))
    assert places(path) == [("", "a")]
    assert places(path, "ninjs") == [("", "urn:x:1")]
    assert places(path, "jsonl") == [("", "a")]
    path.write_text(json.dumps({**OURS, "uri": "urn:x:4", "text": None}))
    assert places(path, "ninjs") == [("", "urn:x:4")]
    assert places(path, Format.JSONL) == [("", "2")]
    [refused] = places(path, "newsml")
    assert refused[1].startswith("xml: is not well-formed")
    with pytest.raises(ValueError, match="'nitf' is not a valid Format"):
        read(path, "nitf")


def test_a_named_format_reads_a_stream_as_a_whole() -> None:
    """Also JSON over many lines."""
    stream = io.BytesIO(json.dumps([NINJS], indent=1).encode())
    assert [told(item, "stdin") for item in read_paths(["-"], stdin=stream, format="ninjs")] == [
        ("", "urn:x:1")
    ]


def test_a_folder_holds_the_files_of_the_format(tmp_path: Path) -> None:
    """Of all formats, or of the one that is named."""
    (tmp_path / "a.txt").write_text("Ice.")
    (tmp_path / "b.json").write_text(json.dumps(NINJS))
    (tmp_path / "c.pdf").write_text("no article")
    assert [content for _, content in places(tmp_path)] == ["a", "urn:x:1"]
    assert [content for _, content in places(tmp_path, "ninjs")] == ["urn:x:1"]


def test_a_file_of_an_unknown_ending_is_known_by_its_content_or_refused(tmp_path: Path) -> None:
    """The refusal names the endings there are."""
    path = tmp_path / "export.dat"
    path.write_text(json.dumps(NINJS))
    assert places(path) == [("", "urn:x:1")]
    path.write_text("Ice.")
    [(_, message)] = places(path)
    assert message.startswith("path: ends in none of .jsonl")
    assert ".newsml" in message


def test_an_enormous_document_is_refused_unread(tmp_path: Path) -> None:
    """By size and limit."""
    path = tmp_path / "a.xml"
    with path.open("wb") as file:
        file.write(b"<rss>")
        file.truncate(64_000_001)
    assert places(path) == [("", "text: the file has 64000001 bytes, the limit is 64000000")]


json_values: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)
NAMES = [
    "uri", "guid", "type", "version", "headline", "headlines", "bodies", "body_text", "body_html",
    "embargoed", "pubstatus", "pubStatus", "signals", "by", "authors", "source", "infoSources",
    "versioncreated", "urgency", "title", "language", "standard", "text", "x",
]  # fmt: skip


@given(st.lists(st.dictionaries(st.sampled_from(NAMES), json_values, max_size=8), max_size=3))
def test_any_json_is_read_or_refused(rows: list[dict[str, Any]]) -> None:
    """Every object gives an article or a typed error, and extras are JSON."""
    data = json.dumps(rows).encode()
    for _, part in articles_in(data, Format.NINJS, default_id="a"):
        assert isinstance(part, Article | StoryClusterError)
        if isinstance(part, Article):
            assert all(isinstance(value, str) for value in (part.article_id, part.title, part.text))
            for value in part.extras.values():
                json.loads(value)


@given(
    st.sampled_from([Format.NEWSML, Format.RSS, Format.JSONL, Format.TEXT]), st.binary(max_size=200)
)
def test_any_bytes_are_read_or_refused(format: Format, data: bytes) -> None:
    """A typed error, never another."""
    try:
        parts = list(articles_in(data, format, default_id="a"))
    except StoryClusterError:
        return
    assert all(isinstance(part, Article | StoryClusterError) for _, part in parts)
