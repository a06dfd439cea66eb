"""releasing: what it costs to make many held articles public at one minute."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from storycluster.backends import open_store
from storycluster.backends.embedded.reading import EmbeddedReader
from storycluster.backends.memory.reading import MemoryReader
from storycluster.domain import Article, HeldArticle, Rights
from storycluster.engine import Engine, scheme_of
from storycluster.ports import Encoder
from storycluster.settings import Settings

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
RIGHT = Rights(embargo=True)
GROUP = 4


class Clock:
    """A clock that a test sets."""

    def __init__(self) -> None:
        self.moment = NOON

    def now(self) -> datetime:
        return self.moment


def counted(monkeypatch: pytest.MonkeyPatch, reader: type) -> list[int]:
    """How many held articles each read gave, from now on."""
    rows: list[int] = []

    def wrap(inner: Callable[..., tuple[HeldArticle, ...]]) -> Callable[..., Any]:
        def read(self: Any, *args: Any, **named: Any) -> tuple[HeldArticle, ...]:
            found = inner(self, *args, **named)
            rows.append(len(found))
            return found

        return read

    for name in ("held", "held_due"):
        monkeypatch.setattr(reader, name, wrap(getattr(reader, name)))
    return rows


@pytest.mark.parametrize("kind", ["memory:", "folder"])
def test_the_rows_read_grow_with_what_is_released_and_no_faster(
    encoder: Encoder, tmp_path: Path, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Four times as many held articles are four times as many rows: each group reads itself alone,
    and each release what is held of its own article."""
    monkeypatch.setattr("storycluster.engine.core.GROUP_RELEASES", GROUP)
    reader = MemoryReader if kind == "memory:" else EmbeddedReader
    read: dict[int, int] = {}
    for held in (12, 48):
        url = kind if kind == "memory:" else str(tmp_path / str(held))
        engine = Engine(open_store(url, scheme_of(encoder, Settings())), encoder, clock=Clock())
        articles = [
            Article(
                f"a{n}",
                text=f"Town {n * 7919} elected mayor {n * 104729} by {n} votes on Sunday.",
                embargo_time=NOON + timedelta(hours=1),
            )
            for n in range(held)
        ]
        engine.ingest("", articles, rights=RIGHT)
        engine._clock.moment += timedelta(hours=2)  # type: ignore[attr-defined]
        with monkeypatch.context() as within:
            rows = counted(within, reader)
            assert engine.release() == held
        assert engine.stats("")["articles"] == held
        read[held] = sum(rows)
        engine.close()
    assert read[12] >= 12
    assert read[48] <= 4 * read[12]
