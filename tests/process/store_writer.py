"""Writes articles in groups until it is killed, and tells after each commit how many are in.

Run as a script: `store_writer.py FOLDER GROUP`. It goes on from what the folder holds.
"""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path

import numpy as np

from storycluster.backends.embedded import EmbeddedStore
from storycluster.domain import (
    Article,
    Assignment,
    EventKind,
    Relation,
    StoredArticle,
    Story,
    StoryState,
)
from storycluster.features import VIEWS, Features, Terms
from storycluster.ports import Reader, Scheme, Transaction

NAME = "default"
DIMENSIONS = 64
BANDS = 42
SCHEME = Scheme(
    encoder_id="encoder/1", dimensions=DIMENSIONS, fingerprint="minhash/1", features="features/2"
)
TIME = datetime(2024, 5, 1, tzinfo=UTC)
_VECTOR = np.eye(1, DIMENSIONS, dtype=np.float32)[0]
_VIEWS = {view: Terms.of(f"{view} {n}" for n in range(60)) for view in VIEWS}


def text_of(sequence: int) -> str:
    """The text of that article: which one is known from it."""
    return f"Article {sequence}. " + " ".join(
        f"w{(sequence * 7919 + n) % 5003}" for n in range(400)
    )


def features_of(sequence: int) -> Features:
    """About 5 KB."""
    shingles = np.arange(sequence, sequence + 400, dtype=np.uint32)
    return Features(shingles[:126], shingles, _VECTOR, _VIEWS)


def add(transaction: Transaction) -> None:
    """Add one article with its story and event, as the engine does."""
    sequence = transaction.last_sequence(NAME) + 1
    article = Article(f"a{sequence}", f"Title {sequence}", text_of(sequence), revision=1)
    story_id = f"s{sequence}"
    stored = StoredArticle(
        article=article,
        digest=article.digest(),
        sequence=sequence,
        ingest_time=TIME,
        assignment=Assignment(article.article_id, 1, story_id, Relation.NEW_STORY, 0.5, sequence),
    )
    bands = [sequence * BANDS + band for band in range(BANDS)]
    transaction.add_article(NAME, stored, features_of(sequence), band_keys=bands)
    transaction.put_story(
        NAME, Story(story_id, StoryState.OPEN, article.title, 1, 1, 0, 1, 1, TIME, TIME)
    )
    transaction.add_event(NAME, EventKind.STORY_CREATED, time=TIME, story_id=story_id)


def write_group(store: EmbeddedStore, size: int) -> int:
    """Commit that many articles at once; returns how many the store now holds."""
    with store.write() as transaction:
        for _ in range(size):
            add(transaction)
        return transaction.last_sequence(NAME)


def faults(reader: Reader, *, acknowledged: int, group: int = 1) -> list[str]:
    """What is wrong with a store that should hold at least that many articles, in whole groups."""
    last = reader.last_sequence(NAME)
    found = []
    if last < acknowledged:
        found.append(f"{acknowledged} acknowledged, {last} stored")
    if last % group:
        found.append(f"{last} articles are not whole groups of {group}")
    rows = [row.sequence for row in reader.index_rows(NAME)]
    if rows != list(range(1, last + 1)):
        found.append("the index rows are not complete")
    events = [event.sequence for event in reader.events(NAME, after=0, limit=last + 9)]
    if events != rows or len(reader.stories(NAME, limit=last + 9)) != last:
        found.append("events or stories do not match the articles")
    for sequence in {*range(max(1, last - group), last + 1), *range(1, last + 1, 97)}:
        stored = reader.article(NAME, f"a{sequence}")
        if stored is None or stored.article.text != text_of(sequence):
            found.append(f"article {sequence} is not what was written")
        if sequence not in reader.band_hits(NAME, [sequence * BANDS]):
            found.append(f"the bands of article {sequence} are missing")
    return found


def main() -> None:
    """Write and acknowledge until killed."""
    store = EmbeddedStore.open(Path(sys.argv[1]), SCHEME)
    while True:
        print(write_group(store, int(sys.argv[2])), flush=True)


if __name__ == "__main__":
    main()
