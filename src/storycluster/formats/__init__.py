"""In which forms do articles come, and how does each become an Article?

`read_paths` takes files, folders and "-" and yields one item for each article found, in order: the
article, or where and why it could not be read. Nothing is skipped silently. `article_of` makes an
Article of one JSON object. `read_pairs` reads two articles a line, to be compared.
"""

from storycluster.formats.fields import article_of
from storycluster.formats.objects import read_objects
from storycluster.formats.pairs import ArticlePair, pair_of, read_pairs
from storycluster.formats.paths import Found, Refused, read_paths

__all__ = [
    "ArticlePair",
    "Found",
    "Refused",
    "article_of",
    "pair_of",
    "read_objects",
    "read_pairs",
    "read_paths",
]
