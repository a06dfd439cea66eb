"""Is XML that attacks its reader refused?"""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from storycluster.errors import InvalidInput, MissingExtra
from storycluster.formats import Refused, read
from storycluster.formats.safe_xml import parse_xml

BOMB = (
    '<!DOCTYPE x [<!ENTITY a "ha">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 20}">' for n in range(12))
    + "]>"
)
ITEM = '<newsItem guid="g"><contentMeta><headline>{}</headline></contentMeta></newsItem>'
FEED = (
    '<rss version="2.0"><channel><title>T</title>'
    "<item><guid>g</guid><title>{}</title></item></channel></rss>"
)
NAMES = {"a.newsml": ITEM, "a.rss": FEED}


def refused(path: Path) -> str:
    started = time.monotonic()
    [item] = read(path)
    assert time.monotonic() - started < 5
    assert isinstance(item, Refused)
    return item.error.message


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_an_entity_bomb_is_refused_unread(tmp_path: Path, name: str, encoding: str) -> None:
    """Before anything is expanded, in any encoding."""
    path = tmp_path / name
    path.write_bytes((BOMB + NAMES[name].format("&m;")).encode(encoding))
    assert refused(path) == "xml: declares entities, which are not read"


@pytest.mark.parametrize("name", NAMES)
def test_an_external_entity_is_refused(tmp_path: Path, name: str) -> None:
    """No file of the reader's machine gets into an article, comment before or not."""
    secret = tmp_path / "secret"
    secret.write_text("hidden")
    for before in ("", "<!-- <a> -->", '<?xml version="1.0"?>'):
        path = tmp_path / name
        declared = f'<!DOCTYPE x [<!ENTITY s SYSTEM "{secret.as_uri()}">]>'
        path.write_text(before + declared + NAMES[name].format("&s;"))
        assert refused(path) == "xml: declares entities, which are not read"


def test_a_document_type_alone_is_refused_in_newsml() -> None:
    """NewsML-G2 has none; it may name one elsewhere."""
    with pytest.raises(InvalidInput, match="has a document type"):
        parse_xml(b'<!DOCTYPE newsItem SYSTEM "http://127.0.0.1:9/x.dtd"><newsItem/>')


@pytest.mark.parametrize("data", [b"", b"<a>", b"text", b"<a/><b/>", b"<a>" * 100_000])
def test_what_is_not_well_formed_is_refused(data: bytes) -> None:
    """With the parser's reason."""
    with pytest.raises(InvalidInput, match="xml: is not well-formed"):
        parse_xml(data)


def test_entities_in_a_text_are_text() -> None:
    """An article may speak of them."""
    root = parse_xml(b"<a><![CDATA[<!DOCTYPE x [<!ENTITY e 'x'>]>]]></a>")
    assert root.text.startswith("<!DOCTYPE")


def test_without_lxml_the_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    """One line says what to install."""
    monkeypatch.setitem(sys.modules, "lxml", None)
    with pytest.raises(MissingExtra, match=r"lxml is not installed.*storycluster\[formats\]"):
        parse_xml(b"<a/>")
