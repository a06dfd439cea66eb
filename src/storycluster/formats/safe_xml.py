"""How is XML read that nobody vouches for?

Entities are neither declared nor resolved, nothing is fetched, depth and size are bounded. A file
that declares entities is refused before it is parsed.
"""

from __future__ import annotations

from typing import Any

from storycluster.errors import InvalidInput, MissingExtra
from storycluster.formats.kinds import as_text, has_doctype


def refuse_entities(data: bytes) -> None:
    """InvalidInput where a document declares entities, the way to bombs and foreign files."""
    text = as_text(data)
    if has_doctype(text) and "<!entity" in text.lower():
        raise InvalidInput.of("xml", "declares entities, which are not read")


def parse_xml(data: bytes) -> Any:
    """The root element (lxml) of a document in the encoding it declares.

    InvalidInput where it is not well-formed or has a document type; MissingExtra without lxml.
    """
    try:
        from lxml import etree
    except ModuleNotFoundError:
        raise MissingExtra(extra="formats", needs="lxml") from None
    refuse_entities(data)
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False,
        remove_comments=True, remove_pis=True,
    )  # fmt: skip
    try:
        root = etree.fromstring(data, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise InvalidInput.of("xml", f"is not well-formed: {error}") from None
    if root.getroottree().docinfo.doctype:  # also one in an encoding that hid its declarations
        raise InvalidInput.of("xml", "has a document type, which is not read")
    return root
