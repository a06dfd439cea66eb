"""How are the labelled development files read?

One gzipped JSON object a line, as described in the README beside the data. The folder is given by
STORYCLUSTER_SHARED or is `shared` beside the checkout.
"""

from __future__ import annotations

import gzip
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from storycluster.domain import Article, TimePrecision


def data_folder() -> Path:
    """Where the labelled files are."""
    beside = Path(__file__).resolve().parents[2] / "shared"
    return Path(os.environ.get("STORYCLUSTER_SHARED", beside)) / "data"


@dataclass(frozen=True, slots=True)
class Labelled:
    """An article with its gold story ("" = unlabelled) and the wider thread it belongs to."""

    article: Article
    story: str
    thread: str


def read(name: str, *, limit: int | None = None) -> Iterator[Labelled]:
    """Articles of `<name>.jsonl.gz` in the file's order."""
    with gzip.open(data_folder() / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        for place, line in enumerate(lines):
            if place == limit:
                return
            yield labelled(json.loads(line))


def labelled(row: dict[str, object]) -> Labelled:
    """One row of a labelled file."""
    moment, precision = None, TimePrecision.UNKNOWN
    if row.get("published_at"):
        moment = datetime.fromisoformat(str(row["published_at"]).replace("Z", "+00:00"))
        midnight = (moment.hour, moment.minute, moment.second) == (0, 0, 0)
        precision = TimePrecision.DAY if midnight else TimePrecision.EXACT
        moment = moment.astimezone(UTC)
    article = Article(
        article_id=str(row["id"]),
        title=str(row.get("title") or ""),
        text=str(row.get("text") or ""),
        source=str(row.get("source") or ""),
        url=str(row.get("url") or ""),
        language=str(row.get("language") or ""),
        publish_time=moment,
        publish_precision=precision,
    )
    story = row.get("story")
    return Labelled(article, "" if story is None else str(story), str(row.get("thread") or ""))
