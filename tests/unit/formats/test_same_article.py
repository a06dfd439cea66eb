"""Do all formats make the same article of the same report?"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storycluster.domain import Article
from storycluster.formats import Found, read

FIXTURES = Path(__file__).parent / "fixtures"
WIRES = ["lock-1.json", "lock-2.json", "lock-3.json", "lock-item.xml", "lock-message.xml"]
FEEDS = ["lock.rss", "lock.atom"]
SHARED = {
    "pub_status": "usable",
    "signals": ["update"],
    "editorial_note": "Updates with number of barges.",
    "version_created": "2026-03-03T05:40:00Z",
    "first_created": "2026-03-03T05:05:00Z",
    "slugline": "canal-lock",
    "usage_terms": "Not for resale.",
    "copyright_holder": "Maren Wire",
    "urgency": 3,
}


def first(name: str) -> Article:
    found = next(iter(read(FIXTURES / name)))
    assert isinstance(found, Found), found
    return found.article


@pytest.fixture(scope="module")
def wanted() -> Article:
    """What the line of JSON says."""
    return first("lock.jsonl")


@pytest.mark.parametrize("name", [*WIRES, *FEEDS, "lock.html"])
def test_every_format_gives_the_same_article(name: str, wanted: Article) -> None:
    """Headline, text, time, language, source and authors are equal to the last character."""
    found = first(name)
    for field in (
        "title", "text", "publish_time", "publish_precision", "language", "source", "authors",
    ):  # fmt: skip
        assert (field, getattr(found, field)) == (field, getattr(wanted, field))


@pytest.mark.parametrize("name", [*WIRES, *FEEDS])
def test_formats_with_an_id_keep_it(name: str, wanted: Article) -> None:
    """The wire's own id is the article's."""
    assert first(name).article_id == wanted.article_id


@pytest.mark.parametrize("name", WIRES)
def test_what_the_wire_means_survives_under_shared_names(name: str, wanted: Article) -> None:
    """The version is the revision and the embargo a time; status, signals, note and rights are
    extras."""
    found = first(name)
    assert found.revision == wanted.revision
    assert found.embargo_time == datetime(2026, 3, 3, 7, tzinfo=UTC)
    told = {key: json.loads(value) for key, value in found.extras.items()}
    assert {key: told.get(key) for key in SHARED} == SHARED


def test_plain_text_gives_the_same_text(wanted: Article) -> None:
    """A text file has the text and its name."""
    found = first("lock.txt")
    assert (found.article_id, found.text) == ("lock", wanted.text)


def test_the_address_comes_from_feeds_and_pages() -> None:
    """The link of an entry and the canonical link of a page are the url."""
    addresses = {first(name).url for name in [*FEEDS, "lock.html"]}
    assert addresses == {"https://maren.example/lock-gate"}
