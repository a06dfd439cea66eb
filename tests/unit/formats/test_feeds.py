"""How are RSS and Atom read?"""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from storycluster.domain import Article, TimePrecision
from storycluster.errors import InvalidInput, MissingExtra
from storycluster.formats import Found, Refused, read
from storycluster.formats.feeds import entries_of, feed_article


def rss(*items: str, head: str = "<title>Maren Wire</title>") -> bytes:
    joined = "".join(f"<item>{one}</item>" for one in items)
    return (
        '<rss version="2.0" xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:mw="urn:mw">'
        f"<channel>{head}{joined}</channel></rss>"
    ).encode()


def article(item: str, head: str = "<title>Maren Wire</title>") -> Article:
    feed, [entry] = entries_of(rss(item, head=head))
    return feed_article(entry, feed=feed)


ITEM = "<guid>g</guid><title>Ice</title><description>Ice on the canal.</description>"


def test_one_bad_entry_does_not_lose_the_others(tmp_path: Path) -> None:
    """It is refused by its number and field."""
    path = tmp_path / "a.xml"
    bad = ITEM + "<pubDate>soon</pubDate>"
    path.write_bytes(rss(ITEM, bad, "<title>No id</title>", ITEM))
    items = list(read(path))
    assert [one.place for one in items] == [f"{path}, item {n}" for n in (1, 2, 3, 4)]
    assert [type(one) for one in items] == [Found, Refused, Refused, Found]
    told = [one.error.message for one in items if isinstance(one, Refused)]
    assert told[0].startswith("published: 'soon' is not an ISO 8601 time")
    assert told[1] == "id: is missing"


@pytest.mark.parametrize(
    ("written", "told", "precision"),
    [
        ("Tue, 03 Mar 2026 06:40:00 +0100", "2026-03-03 05:40:00+00:00", TimePrecision.EXACT),
        ("Tue, 03 Mar 2026 06:40:00 EST", "2026-03-03 11:40:00+00:00", TimePrecision.EXACT),
        ("Tue, 03 Mar 2026 06:40:00", "2026-03-03 00:00:00+00:00", TimePrecision.DAY),
        ("2026-03-03T06:40:00+01:00", "2026-03-03 05:40:00+00:00", TimePrecision.EXACT),
        ("2026-03-03", "2026-03-03 00:00:00+00:00", TimePrecision.DAY),
    ],
)
def test_times_are_read_as_in_json_lines(written: str, told: str, precision: TimePrecision) -> None:
    """RFC 822 or ISO 8601; a time without a zone counts as the day."""
    made = article(ITEM + f"<pubDate>{written}</pubDate>")
    assert (str(made.publish_time), made.publish_precision) == (told, precision)


def test_an_entry_of_a_link_alone_has_it_as_id() -> None:
    """The link is what is stable then."""
    made = article("<link>https://maren.example/ice</link><title>Ice</title>")
    assert (made.article_id, made.url) == ("https://maren.example/ice",) * 2


def test_an_entry_may_name_where_it_was_taken_from() -> None:
    """The origin is the source, not the feed that carries it."""
    made = article(ITEM + '<source url="https://other.example/rss">Other Post</source>')
    assert made.source == "Other Post"


def test_unknown_fields_are_kept_and_derived_ones_are_not() -> None:
    """As the parser names them."""
    made = article(ITEM + "<category>canal</category><mw:desk>water</mw:desk>")
    told = {name: json.loads(value) for name, value in made.extras.items()}
    assert told == {"tags": [{"term": "canal", "scheme": None, "label": None}], "mw_desk": "water"}


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "iso-8859-1"])
def test_the_declared_encoding_is_read(encoding: str) -> None:
    """Marks and declarations count."""
    declared = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{declared}"?>' + rss(ITEM).decode()
    feed, [entry] = entries_of(text.replace("Ice on", "Röhl: ice on").encode(encoding))
    assert feed_article(entry, feed=feed).text == "Röhl: ice on the canal."


@pytest.mark.parametrize(
    "data",
    [
        b"",
        b"<a/>",
        b"text",
        b"<html><p>page</p></html>",
        b"<?xml version='1' encoding='\xff'?><rss>",
    ],
)
def test_what_is_no_feed_is_refused(data: bytes) -> None:
    """Whatever a lenient parser makes of it."""
    with pytest.raises(InvalidInput, match="xml: is neither RSS nor Atom"):
        entries_of(data)


def test_a_feed_is_never_taken_for_a_name(tmp_path: Path) -> None:
    """Bytes that are the path of a file are not opened."""
    path = tmp_path / "feed.rss"
    path.write_bytes(rss(ITEM))
    with pytest.raises(InvalidInput):
        entries_of(str(path).encode())


def test_an_empty_feed_holds_nothing(tmp_path: Path) -> None:
    """That is no error."""
    path = tmp_path / "a.rss"
    path.write_bytes(rss())
    assert list(read(path)) == []


def test_without_feedparser_the_extra_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The file is refused with what to install."""
    monkeypatch.setitem(sys.modules, "feedparser", None)
    path = tmp_path / "a.rss"
    path.write_bytes(rss(ITEM))
    [item] = read(path)
    assert isinstance(item, Refused)
    assert isinstance(item.error, MissingExtra)
    assert "pip install 'storycluster[formats]'" in item.error.message
