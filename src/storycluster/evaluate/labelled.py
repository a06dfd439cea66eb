"""How are labelled articles and pairs read?

JSON Lines, plain or gzipped: articles in the form that `storycluster ingest` takes, with `story`
(the gold story; absent or null: unlabelled) and perhaps `thread` (the wider story); pairs as
{"a": article, "b": article, "label": ...}. An error names file and line.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storycluster.domain import Article
from storycluster.errors import InvalidInput, StoryClusterError
from storycluster.formats import article_of, pair_of, read_objects

SAME = frozenset({"same", "near_dup", "duplicate", "true", "yes", "1"})
DIFFERENT = frozenset({"different", "partial", "false", "no", "0"})
UNSURE = frozenset({"ambiguous", "unsure", ""})


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article with its gold story ("" = unlabelled) and the wider thread it belongs to."""

    article: Article
    story: str = ""
    thread: str = ""


@dataclass(frozen=True, slots=True)
class LabelledPair:
    """Two articles and whether they are of one story."""

    a: Article
    b: Article
    same: bool


def read_articles(path: Path, *, limit: int | None = None) -> Iterator[Labelled]:
    """Labelled articles in the file's order; InvalidInput where a line is none or repeats an id."""
    seen: set[str] = set()
    for place, row in _objects(path):
        if limit is not None and len(seen) >= limit:
            return
        try:
            one = labelled(row)
            if one.article.article_id in seen:
                raise InvalidInput.of("id", f"{one.article.article_id!r} occurs a second time")
        except StoryClusterError as error:
            raise InvalidInput.of(place, error.message) from None
        seen.add(one.article.article_id)
        yield one


def labelled(row: Mapping[str, Any]) -> Labelled:
    """One row of a labelled file."""
    plain = {name: value for name, value in row.items() if name not in ("story", "thread")}
    return Labelled(article_of(plain), _name(row, "story"), _name(row, "thread"))


def is_pair_file(path: Path) -> bool:
    """Whether the first line holds a pair."""
    first = next(_objects(path), None)
    return first is not None and {"a", "b"} <= first[1].keys()


def read_pairs(path: Path) -> Iterator[LabelledPair]:
    """Pairs that are labelled the same or different; ambiguous ones are left out."""
    for place, row in _objects(path):
        try:
            same = _same(row.get("label"))
            if same is not None:
                pair = pair_of(row)
                yield LabelledPair(pair.a, pair.b, same=same)
        except StoryClusterError as error:
            raise InvalidInput.of(place, error.message) from None


def _same(label: object) -> bool | None:
    told = str(label).strip().lower() if label is not None else ""
    if told in UNSURE:
        return None
    if told in SAME | DIFFERENT:
        return told in SAME
    raise InvalidInput.of("label", f"{told[:40]!r} says neither same nor different")


def _name(row: Mapping[str, Any], field: str) -> str:
    value = row.get(field)
    if value is None:
        return ""
    if isinstance(value, str | int) and not isinstance(value, bool):
        return str(value)
    raise InvalidInput.of(field, "must be a string or a number")


def _objects(path: Path) -> Iterator[tuple[str, dict[str, Any]]]:
    """("FILE:LINE", object) of each line that is not blank."""
    for place, row in read_objects(path):
        if isinstance(row, InvalidInput):
            raise InvalidInput.of(place, row.message)
        yield place, row
