"""How is NewsML-G2 read?"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from storycluster.domain import NO_END, Article, TimePrecision
from storycluster.errors import InvalidInput
from storycluster.formats import Found, Refused, read
from storycluster.formats.newsml import items_of, newsml_article
from storycluster.formats.terms import NotText

FIXTURES = Path(__file__).parent / "fixtures"


def item(
    *, meta: str = "", content: str = "", body: str = "<p>Ice.</p>", version: str = "1"
) -> str:
    return (
        f'<newsItem xmlns="http://iptc.org/std/nar/2006-10-01/" guid="g" version="{version}">'
        f"<itemMeta>{meta}</itemMeta><contentMeta>{content}</contentMeta>"
        f"<contentSet><inlineXML>{body}</inlineXML></contentSet></newsItem>"
    )


def article(text: str, encoding: str = "utf-8") -> Article:
    [found] = items_of(text.encode(encoding))
    return newsml_article(found)


def extras(made: Article) -> dict[str, Any]:
    return {name: json.loads(value) for name, value in made.extras.items()}


def test_one_bad_item_of_a_message_does_not_lose_the_others() -> None:
    """Texts are read, the bad one is refused by its number, package and picture are passed over."""
    path = FIXTURES / "lock-message.xml"
    first, bad, last = read(path)
    assert [one.place for one in (first, bad, last)] == [f"{path}, item {n}" for n in (2, 4, 5)]
    assert isinstance(bad, Refused)
    assert bad.error.message.startswith("pubStatus: 'stat:perhaps' is none of")
    assert isinstance(last, Found)
    assert last.article.text == "Please use this text no more."
    assert last.article.publish_precision is TimePrecision.DAY
    assert extras(last.article)["pub_status"] == "canceled"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "iso-8859-1"])
def test_the_declared_encoding_is_read(encoding: str) -> None:
    """With or without a mark."""
    declared = encoding.removesuffix("-sig")
    text = f'<?xml version="1.0" encoding="{declared}"?>' + item(body="<p>Ida Röhl</p>")
    assert article(text, encoding).text == "Ida Röhl"


def test_cdata_and_escaped_html_are_text() -> None:
    """inlineData of HTML shows its paragraphs, plain data is taken as it is."""
    data = "<inlineData contenttype='{}'><![CDATA[<p>A &amp; B</p><p>C</p>]]></inlineData>"
    whole = item().replace("<inlineXML><p>Ice.</p></inlineXML>", data)
    assert article(whole.format("text/html")).text == "A & B\n\nC"
    assert article(whole.format("text/plain")).text == "<p>A &amp; B</p><p>C</p>"


def test_an_embargo_without_a_time_has_no_end() -> None:
    """It is not taken for none."""
    assert article(item(meta="<embargoed/>")).embargo_time == NO_END
    assert article(item()).embargo_time is None


def test_several_notes_and_signals_are_all_kept() -> None:
    """In their order."""
    meta = (
        "<edNote>One.</edNote><edNote>Two.</edNote>"
        '<signal qcode="sig:correction"/><signal qcode="mw:flash"/>'
    )
    told = extras(article(item(meta=meta)))
    assert told["editorial_note"] == "One.\nTwo."
    assert told["signals"] == ["correction", "mw:flash"]


def test_unknown_metadata_is_kept_by_its_local_name() -> None:
    """Attributes and children as JSON, elements of one name as a list."""
    content = (
        '<subject qcode="medtop:1"><name xml:lang="en">water</name></subject>'
        '<subject qcode="medtop:2"/><keyword>ice</keyword>'
    )
    told = extras(article(item(content=content)))
    assert told == {
        "subject": [
            {"qcode": "medtop:1", "name": [{"lang": "en", "text": "water"}]},
            {"qcode": "medtop:2"},
        ],
        "keyword": ["ice"],
    }


def test_the_source_is_the_provider_else_the_origin() -> None:
    """By name, else by code without scheme."""
    origin = '<infoSource uri="https://maren.example/"><name>Maren Wire</name></infoSource>'
    both = article(item(meta='<provider qcode="nprov:MW"/>', content=origin))
    assert (both.source, "infoSource" in both.extras) == ("MW", True)
    assert article(item(content=origin)).source == "Maren Wire"


@pytest.mark.parametrize(
    ("text", "field"),
    [
        (item(meta="<versionCreated>soon</versionCreated>"), "versionCreated"),
        (item(meta="<embargoed>2026-03-03T08:00:00</embargoed>"), "embargoed"),
        (item().replace('guid="g"', ""), "id"),
    ],
)
def test_a_wrong_element_is_named(text: str, field: str) -> None:
    """As the format names it."""
    with pytest.raises(InvalidInput) as caught:
        article(text)
    assert [violation.field for violation in caught.value.violations] == [field]


def test_other_documents_are_refused() -> None:
    """An older NewsML is not guessed at; a package alone is no article."""
    with pytest.raises(InvalidInput, match="<NewsML> is neither a newsItem nor a newsMessage"):
        items_of(b"<NewsML/>")
    [package] = items_of(b"<packageItem guid='p'/>")
    with pytest.raises(NotText, match="is a packageItem"):
        newsml_article(package)
    picture = item(meta='<itemClass qcode="ninat:picture"/>', body="")
    with pytest.raises(NotText, match="itemClass: is picture"):
        article(picture)
