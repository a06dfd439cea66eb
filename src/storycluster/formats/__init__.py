"""In which forms do articles come, and how does each become an Article?

`read_paths` takes files, folders and "-" and yields one item for each article found, in order: the
article, or where and why it could not be read. Nothing is skipped silently. `article_of` makes an
Article of one JSON object.
"""

from storycluster.formats.fields import article_of
from storycluster.formats.paths import Found, Refused, read_paths

__all__ = ["Found", "Refused", "article_of", "read_paths"]
