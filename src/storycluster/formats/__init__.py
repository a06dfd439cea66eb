"""In which forms do articles come, and how does each become an Article?

JSON Lines, ninjs, NewsML-G2, RSS and Atom, HTML and plain text. `read` takes a file in any of them,
`read_paths` files, folders and "-"; both yield one item for each article found, in order: the
article, or where and why it could not be read. Nothing is skipped silently, but what is no text
(pictures) among what is. `article_of` makes an Article of one JSON object. `read_pairs` reads two
articles a line, to be compared.
"""

from storycluster.formats.fields import article_of
from storycluster.formats.kinds import Format
from storycluster.formats.objects import read_objects
from storycluster.formats.pairs import ArticlePair, pair_of, read_pairs
from storycluster.formats.paths import Found, Refused, read, read_paths

__all__ = [
    "ArticlePair",
    "Format",
    "Found",
    "Refused",
    "article_of",
    "pair_of",
    "read",
    "read_objects",
    "read_pairs",
    "read_paths",
]
