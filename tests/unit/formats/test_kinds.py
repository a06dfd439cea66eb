"""Which format is told by a name, which by the first bytes?"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.formats.kinds import Format, endings, format_of, has_doctype

NEWS = '<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/"/>'


@pytest.mark.parametrize(
    ("name", "format"),
    [
        ("a.jsonl", Format.JSONL),
        ("a.NDJSON.gz", Format.JSONL),
        ("a.json", Format.JSONL),
        ("a.newsml", Format.NEWSML),
        ("a.rss", Format.RSS),
        ("a.atom", Format.RSS),
        ("a.HTM", Format.HTML),
        ("a.txt", Format.TEXT),
    ],
)
def test_an_ending_of_one_format_decides(name: str, format: Format) -> None:
    """Whatever the file holds, capitals or not."""
    assert format_of(name, b"<rss>") is format


@pytest.mark.parametrize(
    ("head", "format"),
    [
        (NEWS.encode(), Format.NEWSML),
        (b'\xef\xbb\xbf<?xml version="1.0"?>\n<!-- a -->\n<newsMessage>', Format.NEWSML),
        (NEWS.encode("utf-16"), Format.NEWSML),
        (NEWS.encode("utf-16-be"), Format.NEWSML),
        (b"<nar:newsItem xmlns:nar='x'>", Format.NEWSML),
        (b"<rss version='2.0'>", Format.RSS),
        (b"<feed xmlns='http://www.w3.org/2005/Atom'>", Format.RSS),
        (b"<rdf:RDF>", Format.RSS),
        (b"<!DOCTYPE html>\n<html lang='en'>", Format.HTML),
        (b'  {"id": 1}', Format.JSONL),
        (b"[", Format.JSONL),
        (b"%PDF-1.7", None),
        (b"<svg>", None),
        (b"", None),
    ],
)
def test_the_first_bytes_decide_where_the_name_does_not(head: bytes, format: Format | None) -> None:
    """The first element, after marks, declarations and comments."""
    assert format_of("a.xml", head) is format
    assert format_of("a", head) is format


def test_every_format_has_endings_and_auto_has_all() -> None:
    """Each once."""
    every = endings()
    assert len(every) == len(set(every))
    for format in Format:
        assert endings(format)
        assert set(endings(format)) <= set(every)


@given(st.binary(max_size=300), st.sampled_from(["a", "a.xml"]))
def test_any_bytes_are_looked_at(head: bytes, name: str) -> None:
    """Nothing is raised."""
    format_of(name, head)


def test_comments_without_end_cost_no_time() -> None:
    """A head made to be tried in every way is tried once."""
    assert format_of("a.xml", b"<!---->" * 500 + b"<!--") is None
    assert not has_doctype("<!---->" * 20_000 + "<a>")
