"""Which encoder and which collections do the tests of an upgrade have?"""

from __future__ import annotations

import dataclasses
import hashlib
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path

import numpy as np

from storycluster.backends import open_store, stored_scheme
from storycluster.decision import default_model
from storycluster.domain import (
    Act,
    Article,
    CollectionSettings,
    ConstraintKind,
    IngestResult,
    Rights,
)
from storycluster.embedding import unit
from storycluster.engine import Engine, scheme_of
from storycluster.engine.exporting import export_lines
from storycluster.features import Float32
from storycluster.ports import Encoder
from storycluster.settings import Settings
from storycluster.upgrade import Order

NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
DESK = Act("desk", "seen by hand")
FOOTER = "The Harbour Courier is printed by the boatmen's guild of the old town."
REPORTS = {
    "ferry": "The ferry Aurora ran aground off Lindholm with 214 passengers aboard. Tugs pulled "
    "the ship free on the next tide, and the coast guard said that nobody was hurt.",
    "mill": "Fire destroyed the Karsten paper mill in Oberdorf and 80 workers fled. The owner of "
    "the mill promised to rebuild the plant within two years.",
    "vote": "Parliament in Sarovia passed the pension reform by 61 votes to 58. Unions called a "
    "strike against the reform for the coming week.",
    "whale": "Biologists counted 312 grey whales in the bay, more than in any year before. Boats "
    "were asked to slow down until autumn.",
    "chips": "A maker of chips will build a factory for 900 workers beside the motorway. "
    "Neighbours fear that its wells will drain the local stream.",
    "museum": "Thieves took 40 bronze coins from the museum of antiquities during a concert. "
    "Detectives believe that a guard let the gang into the vault.",
}


class Words:
    """An encoder of 16 dimensions: each word adds or takes away one, by its hash."""

    encoder_id = "words@1"
    dimensions = 16

    def __init__(self, *, last: int = 1_000_000) -> None:
        self.texts: list[str] = []
        self._last = last

    def encode(self, texts: Sequence[str]) -> Float32:
        """See ports.Encoder; fails once more than `last` texts were asked for."""
        if len(self.texts) + len(texts) > self._last:
            raise KeyboardInterrupt
        self.texts += texts
        rows = np.zeros((len(texts), self.dimensions), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            for word in text.split():
                digest = hashlib.blake2b(word.encode(), digest_size=2).digest()
                row[digest[0] % self.dimensions] += 1 if digest[1] % 2 else -1
        return unit(rows)


class Clock:
    """Twenty minutes later each time it is asked."""

    moment = NOON

    def now(self) -> datetime:
        self.moment += timedelta(minutes=20)
        return self.moment


def articles() -> list[Article]:
    """Two reports of each event by two outlets; those of the Courier end with its footer."""
    found = []
    for number, (event, text) in enumerate(REPORTS.items()):
        first, second = text.split(". ", 1)
        time = NOON - timedelta(days=1) + timedelta(hours=number)
        courier = Article(
            f"courier-{event}", title=first[:40], text=f"{text} {FOOTER}", source="Courier"
        )
        other = Article(
            f"herald-{event}", title=f"News: {event}", text=f"{second} {first}.", source="Herald"
        )
        found += [dataclasses.replace(one, publish_time=time) for one in (courier, other)]
    return found


def lived(data: Path, encoder: Encoder) -> None:
    """A data folder in which much has happened: two collections, and one of settings alone."""
    store = open_store(str(data), scheme_of(encoder, Settings()))
    engine = Engine(store, encoder, clock=Clock())
    engine.ingest("desk", articles())
    revised = articles()[0]
    told = f"{revised.text} The harbour is open again."
    engine.ingest("desk", [dataclasses.replace(revised, text=told)])
    engine.withdraw("desk", "herald-vote", DESK)
    engine.withdraw("desk", "herald-whale", DESK)
    engine.erase("desk", "herald-whale", DESK)
    homes = [
        engine.get_article("desk", f"courier-{event}").assignment.story_id
        for event in ("mill", "chips")
    ]
    engine.merge("desk", *sorted(homes), DESK)
    engine.pin("desk", "courier-museum", DESK)
    engine.link("desk", ConstraintKind.CANNOT_LINK, "courier-ferry", "courier-museum", DESK)
    until = datetime(2031, 1, 1, tzinfo=UTC)
    held = [
        dataclasses.replace(revised, article_id=name, embargo_time=until)
        for name in ("soon", "held")
    ]
    engine.ingest("desk", held, rights=Rights(embargo=True))
    released = dataclasses.replace(held[0], embargo_time=None)
    engine.ingest("desk", [released], rights=Rights(embargo=True))
    engine.keep_place_in_feed("desk", "webhook:x", 5)
    [kept] = engine.ingest("other", articles()[:1])
    assert isinstance(kept, IngestResult)
    engine.update_collection("chosen", CollectionSettings("longest"), DESK)
    engine.ingest("gone", articles()[:1])
    engine.delete_collection("gone", DESK)
    engine.close()


def order(data: Path, out: Path, encoder: Encoder, **more: object) -> Order:
    """An upgrade with the shipped models."""
    models = (
        default_model(stored_scheme(str(data)).encoder_id),
        default_model(encoder.encoder_id),
    )
    return Order(data, out, encoder, models, Act("operator", "try"), NOON, **more)  # type: ignore[arg-type]


def lines_in(data: Path, collection: str) -> list[bytes]:
    """All that a folder keeps under a name, but for the header."""
    scheme = stored_scheme(str(data))
    store = open_store(str(data), scheme)
    try:
        with store.read() as reader:
            found = export_lines(
                reader, collection, scheme=scheme, now=NOON, with_withdrawn=True, with_held=True
            )
            return list(found)[1:]
    finally:
        store.close()


def files_in(folder: Path) -> dict[str, bytes]:
    """{name: bytes} of every file but the lock, which names the process that opened it last."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.suffix != ".lock"
    }
