"""In which forms do articles come, and how does each become an Article?

`read_paths` takes files, folders and "-" and yields one item for each article found, in order: the
article, or where and why it could not be read. Nothing is skipped silently.
"""

from storycluster.formats.paths import Found, Refused, read_paths

__all__ = ["Found", "Refused", "read_paths"]
