"""How are pairs of articles read? JSON Lines: {"id", "a": article, "b": article}.

A side may also be a plain text. What a pair holds beside is not looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storycluster.domain import Article
from storycluster.errors import InvalidInput, StoryClusterError
from storycluster.formats.fields import article_of
from storycluster.formats.objects import read_objects
from storycluster.formats.paths import Refused


@dataclass(frozen=True, slots=True)
class ArticlePair:
    """Two articles; `pair_id` is "" where the file gives none."""

    pair_id: str
    a: Article
    b: Article


def read_pairs(path: Path) -> Iterator[ArticlePair | Refused]:
    """The pairs of a file in its order, or where and why a line holds none. InvalidInput where the
    file cannot be read."""
    for place, row in read_objects(path):
        if isinstance(row, InvalidInput):
            yield Refused(place, row)
            continue
        try:
            yield pair_of(row)
        except StoryClusterError as error:
            yield Refused(place, error)


def pair_of(row: Mapping[str, Any]) -> ArticlePair:
    """The pair that an object describes. InvalidInput names the first wrong field."""
    given = row.get("id")
    if not isinstance(given, str | int | None) or isinstance(given, bool):
        raise InvalidInput.of("id", "must be a string or a number")
    return ArticlePair("" if given is None else str(given), _side(row, "a"), _side(row, "b"))


def _side(row: Mapping[str, Any], name: str) -> Article:
    side = row.get(name)
    if isinstance(side, str):
        return Article(article_id=name, text=side)
    if not isinstance(side, dict):
        raise InvalidInput.of(name, "must be an article or a text")
    if "set" in side and not {"title", "text"} & side.keys():
        raise InvalidInput.of(name, "refers to an article of another file, which is not read")
    return article_of(
        {key: value for key, value in side.items() if key != "story"}, default_id=name
    )
