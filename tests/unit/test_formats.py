"""formats: files and JSON lines to articles, refusals with their place."""

from __future__ import annotations

import gzip
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from storycluster.domain import NO_END, TimePrecision
from storycluster.errors import InvalidInput
from storycluster.formats import ArticlePair, Found, Refused, read_pairs, read_paths
from storycluster.formats.fields import article_of, parse_time


def read(*paths: Path | str, stdin: bytes = b"") -> list[Found | Refused]:
    return list(read_paths([str(path) for path in paths], stdin=io.BytesIO(stdin)))


def refusal(item: Found | Refused) -> str:
    assert isinstance(item, Refused)
    return item.error.message


def test_short_and_wire_names_mean_the_same() -> None:
    """`id`, `published_at`, `source`, `language` are `article_id`, `publish_time`, ..."""
    short = {
        "id": "a",
        "text": "t",
        "published_at": "2017-01-18T15:39:00Z",
        "source": "s",
        "language": "en",
    }
    wire = {
        "article_id": "a",
        "text": "t",
        "publish_time": "2017-01-18T15:39:00Z",
        "source_id": "s",
        "language_code": "en",
    }
    assert article_of(short) == article_of(wire)


@pytest.mark.parametrize(
    ("said", "until"),
    [
        ("2026-03-03T08:00:00+01:00", datetime(2026, 3, 3, 7, tzinfo=UTC)),
        ("", NO_END),
        (None, None),
    ],
)
def test_an_embargo_is_a_time_and_no_extra(said: str | None, until: datetime | None) -> None:
    """In UTC; empty for one without an end."""
    article = article_of({"id": "a", "text": "x", "embargo_time": said})
    assert (article.embargo_time, article.extras) == (until, {})


@pytest.mark.parametrize("said", ["2026-03-03", "2026-03-03T08:00:00", "noon", 5])
def test_an_embargo_that_nobody_could_tell_the_end_of_is_refused(said: object) -> None:
    """It names the field."""
    with pytest.raises(InvalidInput, match="embargo_time"):
        article_of({"id": "a", "text": "x", "embargo_time": said})


def test_unknown_fields_are_kept_as_json() -> None:
    """Nothing a feed says is lost."""
    made = article_of({"id": "a", "text": "t", "priority": 3, "tags": ["x"]})
    assert dict(made.extras) == {"priority": "3", "tags": '["x"]'}


@pytest.mark.parametrize(
    ("written", "moment", "precision"),
    [
        ("2017-01-18", datetime(2017, 1, 18, tzinfo=UTC), TimePrecision.DAY),
        ("2017-01-18T14:49", datetime(2017, 1, 18, tzinfo=UTC), TimePrecision.DAY),
        ("2017-01-18T00:00:00Z", datetime(2017, 1, 18, tzinfo=UTC), TimePrecision.DAY),
        (
            "2017-01-18T16:39:00+01:00",
            datetime(2017, 1, 18, 15, 39, tzinfo=UTC),
            TimePrecision.EXACT,
        ),
    ],
)
def test_times_are_utc_and_say_what_is_known(
    written: str, moment: datetime, precision: TimePrecision
) -> None:
    """A date, a time without zone and midnight count as the day."""
    assert parse_time(written, field="published_at") == (moment, precision)


@pytest.mark.parametrize(
    ("fields", "field"),
    [
        ({"id": "a", "published_at": "0000-01-01"}, "published_at"),
        ({"id": "a", "publish_time": "yesterday"}, "publish_time"),
        ({"id": "a", "publish_time": 5}, "publish_time"),
        ({"id": "a", "text": ["x"]}, "text"),
        ({"id": {}, "text": "x"}, "id"),
        ({"id": "a", "revision": -1}, "revision"),
        ({"id": "a", "revision": True}, "revision"),
        ({"id": "a", "authors": [1]}, "authors"),
    ],
)
def test_a_wrong_field_is_named(fields: dict[str, Any], field: str) -> None:
    """The refusal names the field as it was written."""
    with pytest.raises(InvalidInput) as caught:
        article_of(fields)
    assert [violation.field for violation in caught.value.violations] == [field]


def test_a_text_file_is_an_article_named_after_it(tmp_path: Path) -> None:
    """The id is the file name without ending; the sidecar gives what the text lacks."""
    (tmp_path / "one.txt").write_text("Body.\r\nMore.", encoding="utf-8", newline="")
    (tmp_path / "one.json").write_text('{"title": "T", "publish_time": "2017-01-18"}')
    [item] = read(tmp_path)
    assert isinstance(item, Found)
    made = item.article
    assert (made.article_id, made.title, made.text) == ("one", "T", "Body.\r\nMore.")


def test_a_folder_is_read_in_order_of_name(tmp_path: Path) -> None:
    """Texts, JSON Lines, zipped or not, and single JSON articles."""
    (tmp_path / "b.txt").write_text("b")
    (tmp_path / "a.jsonl").write_text('{"id": "a1", "text": "x"}\n\n{"id": "a2", "text": "y"}\n')
    (tmp_path / "c.json").write_text('{"text": "z"}')
    with gzip.open(tmp_path / "d.jsonl.gz", "wt") as file:
        file.write('{"id": "d1", "text": "x"}')
    (tmp_path / "ignored.pdf").write_text("no article")
    ids = [item.article.article_id for item in read(tmp_path) if isinstance(item, Found)]
    assert ids == ["a1", "a2", "b", "c", "d1"]


def test_a_broken_line_does_not_stop_the_others() -> None:
    """Each refusal has its line; the rest is read."""
    lines = [b'{"id": "a", "text": "x"}', b"{not json", b'["list"]', b"\xff\xfe", b'{"id": "b"}']
    items = read("-", stdin=b"\n".join(lines))
    assert [item.place for item in items] == [f"stdin:{n}" for n in range(1, 6)]
    assert [type(item) for item in items] == [Found, Refused, Refused, Refused, Found]
    assert refusal(items[1]).startswith("json: is not valid JSON")
    assert refusal(items[3]) == "text: is not valid UTF-8 at byte 0"


def test_invalid_utf8_in_a_text_file_is_told(tmp_path: Path) -> None:
    """The error names the byte."""
    (tmp_path / "bad.txt").write_bytes(b"good \xff bad")
    [item] = read(tmp_path / "bad.txt")
    assert refusal(item) == "text: is not valid UTF-8 at byte 5"


def test_an_enormous_file_is_refused_unread(tmp_path: Path) -> None:
    """A 50 MB text names its size and the limit."""
    with (tmp_path / "big.txt").open("wb") as file:
        file.truncate(50_000_000)
    [item] = read(tmp_path / "big.txt")
    assert refusal(item) == "text: the file has 50000000 bytes, the limit is 4000000"


def test_an_enormous_line_is_refused_and_the_next_is_read() -> None:
    """A line over the limit costs bounded memory and only itself."""
    huge = json.dumps({"id": "a", "text": "x" * 9_000_000}).encode()
    items = read("-", stdin=huge + b'\n{"id": "b", "text": "y"}\n')
    assert [type(item) for item in items] == [Refused, Found]


def test_a_missing_path_is_told(tmp_path: Path) -> None:
    """No traceback, no silence."""
    [item] = read(tmp_path / "none.txt")
    assert refusal(item) == "path: cannot be read: No such file or directory"


def test_pairs_are_read_and_a_bad_line_is_refused_alone(tmp_path: Path) -> None:
    """A side is an article or a text; ids of sides may be missing; the rest of the file is read."""
    lines = [
        json.dumps({"id": 7, "a": {"id": "x", "title": "T", "text": "t"}, "b": "plain"}),
        json.dumps({"a": {"text": "t"}}),
        "{",
        json.dumps({"a": {"text": "one"}, "b": {"text": "two"}}),
    ]
    file = tmp_path / "pairs.jsonl"
    file.write_text("\n".join(lines))
    first, missing, broken, last = read_pairs(file)
    assert isinstance(first, ArticlePair)
    assert (first.pair_id, first.a.article_id, first.b.text) == ("7", "x", "plain")
    assert isinstance(missing, Refused)
    assert (missing.place, "b: must be an article" in missing.error.message) == (f"{file}:2", True)
    assert isinstance(broken, Refused)
    assert "not valid JSON" in broken.error.message
    assert isinstance(last, ArticlePair)
    assert (last.pair_id, last.a.article_id, last.b.article_id) == ("", "a", "b")


def test_a_pair_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """The error names the file."""
    with pytest.raises(InvalidInput, match="cannot be read"):
        list(read_pairs(tmp_path / "none.jsonl"))
