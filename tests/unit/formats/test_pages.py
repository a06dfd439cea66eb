"""How are HTML pages read?"""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from storycluster.domain import TimePrecision
from storycluster.errors import InvalidInput, MissingExtra
from storycluster.formats.pages import decoded_page, page_article

PAGE = (Path(__file__).parent / "fixtures" / "lock.html").read_text(encoding="utf-8")
STATED = "2026-03-03T06:40:00+01:00"


def test_a_date_printed_on_the_page_is_not_its_time() -> None:
    """An unknown time stays unknown."""
    made = page_article(PAGE.replace("datePublished", "other").encode(), default_id="a")
    assert (made.publish_time, made.publish_precision) == (None, TimePrecision.UNKNOWN)


@pytest.mark.parametrize(
    "tag",
    [
        '<meta property="article:published_time" content="2026-01-02T03:04:05Z">',
        '<meta itemprop="datePublished" content="2026-01-02T03:04:05Z">',
        '<time itemprop="datePublished" datetime="2026-01-02T03:04:05Z">January</time>',
        '<script type="application/ld+json">[{"datePublished": "2026-01-02T03:04:05Z"}]</script>',
        '<meta property="article:published_time" content="soon">'
        '<meta itemprop="datePublished" content="2026-01-02T03:04:05Z">',
    ],
)
def test_the_declared_time_is_read(tag: str) -> None:
    """Of meta elements, marked up times and linked data; what is no time is passed over."""
    page = PAGE.replace(STATED, "-").replace("</head>", f"{tag}</head>")
    made = page_article(page.encode(), default_id="a")
    assert str(made.publish_time) == "2026-01-02 03:04:05+00:00"


@pytest.mark.parametrize(
    ("encoding", "declared"),
    [
        ("utf-8", "utf-8"),
        ("utf-8-sig", "utf-8"),
        ("utf-16", "utf-16"),
        ("iso-8859-1", "iso-8859-1"),
        ("windows-1252", "latin1"),
    ],
)
def test_the_declared_encoding_is_read(encoding: str, declared: str) -> None:
    """Marks win over declarations; Latin 1 is what browsers take it for."""
    page = PAGE.replace('charset="utf-8"', f'charset="{declared}"').replace("R&ouml;hl", "Röhl")
    made = page_article(page.encode(encoding), default_id="a")
    assert "Ida Röhl" in made.text


@pytest.mark.parametrize(
    ("data", "told"),
    [
        (b"<p>\xff", "html: is not valid utf-8 at byte 3"),
        (b'<meta charset="klingon"><p>x', "html: declares an unknown encoding, 'klingon'"),
    ],
)
def test_an_encoding_that_is_not_so_is_told(data: bytes, told: str) -> None:
    """Nothing is guessed."""
    with pytest.raises(InvalidInput, match=told):
        decoded_page(data)


@pytest.mark.parametrize("data", [b"", b"<html></html>", b"<html><body><script>x()</script>"])
def test_a_page_without_a_text_is_refused(data: bytes) -> None:
    """Rather than taken with its menu."""
    with pytest.raises(InvalidInput, match="html: no article text was found"):
        page_article(data, default_id="a")


def test_without_trafilatura_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says what to install."""
    monkeypatch.setitem(sys.modules, "trafilatura", None)
    with pytest.raises(MissingExtra, match=r"trafilatura is not installed.*storycluster\[html\]"):
        page_article(PAGE.encode(), default_id="a")
