"""Publishes plans one after the other until it is killed, and tells after each which one it was.

Run as a script: `promote_writer.py FOLDER`. Odd plans merge each pair of stories, even ones split
them again, so what the last plan left can be told from the stories alone.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np

from storycluster.backends.embedded import EmbeddedStore
from storycluster.domain import Article, Change, ChangeKind
from storycluster.engine import Engine, scheme_of
from storycluster.features import Float32
from storycluster.settings import Settings

PAIRS = 12


class Axes:
    """Each text on an axis of its own: no article is like another."""

    encoder_id = "axes/1"
    dimensions = 64

    def encode(self, texts: Sequence[str]) -> Float32:
        """See ports.Encoder."""
        places = [sum(text.encode()) % self.dimensions for text in texts]
        return np.eye(self.dimensions, dtype=np.float32)[places]


SCHEME = scheme_of(Axes(), Settings())


def open_engine(folder: Path, *, vfs: str = "") -> Engine:
    """The engine over a folder, with its articles."""
    engine = Engine(EmbeddedStore.open(folder, SCHEME, vfs=vfs), Axes())
    engine.ingest("", [_article(name) for pair in pairs() for name in pair])
    return engine


def pairs() -> list[tuple[str, str]]:
    """The ids of the articles that every plan is about."""
    return [(f"a{number}", f"b{number}") for number in range(PAIRS)]


def _article(name: str) -> Article:
    words = " ".join(f"{name}word{number}" for number in range(60))
    return Article(name, title=f"Of {name}", text=words)


def promoted(engine: Engine) -> int:
    """How many plans are recorded, one after the other."""
    count = 0
    while engine.promotion("", f"job-{count + 1}") is not None:
        count += 1
    return count


def promote(engine: Engine) -> int:
    """Publish the next plan; its number."""
    number = promoted(engine) + 1
    changes = [_change(engine, one, other, merging=number % 2 == 1) for one, other in pairs()]
    done = engine.promote(
        "",
        f"job-{number}",
        snapshot_sequence=engine.stats("")["revisions"],
        changes=changes,
        quiet=number % 4 > 1,
    )
    assert done.applied == PAIRS, done
    return number


def _home(engine: Engine, name: str) -> str:
    return engine.get_article("", name).assignment.story_id


def _change(engine: Engine, one: str, other: str, *, merging: bool) -> Change:
    kind = ChangeKind.MERGE if merging else ChangeKind.SPLIT
    target = _home(engine, one) if merging else ""
    return Change(kind, _home(engine, other), target, (other,), 0.9, 1.0, "So it is.", ())


def faults(engine: Engine, *, acknowledged: int) -> list[str]:
    """What is wrong with a folder in which at least that many plans were published."""
    count, found = promoted(engine), []
    if count < acknowledged:
        found.append(f"plan {acknowledged} was acknowledged, {count} are recorded")
    for one, other in pairs():
        together = _home(engine, one) == _home(engine, other)
        if together is not (count % 2 == 1):
            found.append(f"{one} and {other} are not where plan {count} put them")
    stories = engine.list_stories("", page_size=500).items
    if sum(story.article_count for story in stories) != 2 * PAIRS:
        found.append("an article is counted twice or not at all")
    if any(story.canonical is None for story in stories):
        found.append("a story has no canonical")
    return found


def main() -> None:
    """Publish and acknowledge until killed."""
    engine = open_engine(Path(sys.argv[1]))
    while True:
        print(promote(engine), flush=True)


if __name__ == "__main__":
    main()
