"""Which text does a piece of HTML, XHTML or NITF show?

Paragraphs are parted by an empty line, `br` by a line break. Nothing that is shown is left out, so
captions and boxes stay; they are masked later, like all furniture.
"""

from __future__ import annotations

import re
from html.parser import HTMLParser

_BLOCKS = {
    "address", "article", "aside", "block", "blockquote", "body", "body.content", "body.end", "bq",
    "caption", "center", "dd", "div", "dl", "dt", "fieldset", "figcaption", "figure", "footer",
    "form", "h1", "h2", "h3", "h4", "h5", "h6", "header", "hedline", "hl1", "hl2", "hr", "li",
    "main", "media", "media-caption", "nav", "note", "ol", "p", "pre", "section", "table", "tbody",
    "td", "th", "thead", "title", "tr", "ul",
}  # fmt: skip
_HIDDEN = {"body.head", "head", "iframe", "script", "style", "template"}
_VOID = {"br", "hr", "img", "input", "link", "meta", "source", "wbr"}
_SPACES = re.compile(r"[ \t\n\r\f]+")
_MANY_BREAKS = re.compile(r"\n{3,}")
_TAG = re.compile(r"</?(?:p|div|br|b|i|em|strong|a|span|ul|li|h[1-6]|section|article)\b[^<>]*>",
                  re.IGNORECASE)  # fmt: skip


class Paragraphs:
    """Gathers shown text while somebody walks through elements; names are local and lower case."""

    def __init__(self) -> None:
        self._done: list[str] = []
        self._pieces: list[str] = []
        self._hidden: list[str] = []
        self._preformatted = 0

    def start(self, tag: str) -> None:
        """An element begins."""
        if tag == "body":
            self._hidden.clear()  # HTML may leave out </head>
        if tag in _HIDDEN:
            self._hidden.append(tag)
        elif tag == "br":
            self._pieces.append("\n")
        elif tag in _BLOCKS:
            self._end_paragraph()
        self._preformatted += tag == "pre"

    def end(self, tag: str) -> None:
        """An element ends."""
        if tag in self._hidden:
            del self._hidden[self._hidden.index(tag) :]
        elif tag in _BLOCKS:
            self._end_paragraph()
        self._preformatted = max(0, self._preformatted - (tag == "pre"))

    def text(self, data: str) -> None:
        """Text of the innermost element, references resolved."""
        if self._hidden:
            return
        if self._preformatted:
            lines = data.replace("\r\n", "\n").split("\n")
            self._pieces.append("\n".join(_SPACES.sub(" ", line) for line in lines))
        else:
            self._pieces.append(_SPACES.sub(" ", data))

    def shown(self) -> str:
        """All paragraphs so far."""
        self._end_paragraph()
        return "\n\n".join(self._done)

    def _end_paragraph(self) -> None:
        lines = [_SPACES.sub(" ", line).strip(" ") for line in "".join(self._pieces).split("\n")]
        self._pieces = []
        paragraph = _MANY_BREAKS.sub("\n\n", "\n".join(lines)).strip("\n")
        if paragraph:
            self._done.append(paragraph)


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.paragraphs = Paragraphs()

    def handle_starttag(self, tag: str, attrs: object) -> None:
        del attrs
        self.paragraphs.start(tag)

    def handle_startendtag(self, tag: str, attrs: object) -> None:
        del attrs
        self.paragraphs.start(tag)
        if tag not in _VOID:
            self.paragraphs.end(tag)

    def handle_endtag(self, tag: str) -> None:
        self.paragraphs.end(tag)

    def handle_data(self, data: str) -> None:
        self.paragraphs.text(data)


def shown_text(markup: str) -> str:
    """The paragraphs of an HTML document or fragment; broken markup is read as browsers do."""
    reader = _Reader()
    reader.feed(markup)
    reader.close()
    return reader.paragraphs.shown()


def shown_line(markup: str) -> str:
    """The shown text in one line, for headlines."""
    return one_line(shown_text(markup))


def one_line(text: str) -> str:
    """A text in one line, with single spaces."""
    return _SPACES.sub(" ", text).strip(" ")


def looks_like_markup(text: str) -> bool:
    """Whether a text holds tags that HTML texts have."""
    return _TAG.search(text) is not None
