"""How does a data folder become one of another encoder?

The old store is read and nothing else. Every name in it is written down as its export, mapped line
by line to the new encoder, and stored in the new folder. Then both encoders look at each collection
with hindsight, and what differs is the report.
"""

from __future__ import annotations

import dataclasses
import shutil
from collections.abc import Iterable
from contextlib import closing
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from storycluster.backends import open_store, stored_scheme
from storycluster.decision import Model
from storycluster.domain import Act, EventKind, Promotion
from storycluster.engine import Engine, scheme_of
from storycluster.engine.exporting import export_lines
from storycluster.engine.importing import import_lines
from storycluster.errors import InvalidInput, NotFound
from storycluster.ports import OF_THE_STORE, Encoder, Reader, Scheme, Store
from storycluster.recluster import Pace, Progress, make_plan
from storycluster.recluster.plan import FILE
from storycluster.settings import Limits, Settings
from storycluster.upgrade.building import Building, building, check_places
from storycluster.upgrade.reencoding import Reencoder
from storycluster.upgrade.report import Shadow, Upgrade
from storycluster.upgrade.shadow import compared, seen
from storycluster.upgrade.writing import write_report

REPORTS = "upgrade"
"""The folder of the report, in the new data folder."""

_ANY_SIZE = 1 << 40
_ANY_TIME = datetime.max.replace(tzinfo=UTC)  # what is public in the old store stays public


@dataclass(frozen=True, slots=True, eq=False)
class Order:
    """What is asked for.

    data, out   the old data folder, whose server is stopped, and the new one
    encoder     that of the new folder
    models      the decision models: of the old encoder, of the new one
    act         who does it and why, for the audit of the new folder
    collection  the only one that is taken; "": every one
    promote     publish in the new folder what its plans propose
    vectors     a file that keeps the vectors for another run; an empty path: none
    """

    data: Path
    out: Path
    encoder: Encoder
    models: tuple[Model, Model]
    act: Act
    now: datetime
    collection: str = ""
    promote: bool = False
    vectors: Path = field(default_factory=Path)
    settings: Settings = field(default_factory=Settings)


def upgrade(order: Order, pace: Pace) -> Upgrade:
    """Make the new folder; what differs. It holds the report, in the folder `upgrade`, too.

    All or nothing: after an interruption, run it again; texts that were encoded are not encoded
    again. Raises InvalidInput for a place that is taken or the encoder that the folder has already,
    NotFound for a folder or collection that is not there, PreconditionFailed where a server has it
    open, SchemeMismatch for another fingerprint or feature layout, StoreError.
    """
    check_places(order.data, order.out)
    stored = stored_scheme(str(order.data))
    scheme = scheme_of(order.encoder, order.settings)
    if stored.encoder_id == scheme.encoder_id:
        raise InvalidInput.of("encoder", f"{order.data} is of {stored.encoder_id} already")
    same = dataclasses.replace(
        scheme, encoder_id=stored.encoder_id, dimensions=stored.dimensions
    )  # in all but the vectors
    with (
        closing(open_store(f"sqlite:{order.data}", same)) as old,
        building(order.out, order.encoder, scheme, vectors=order.vectors) as new,
    ):
        return _Upgrading(order, pace, old, new, (same, scheme)).run()


@dataclass(slots=True, eq=False)
class _Upgrading:
    """One upgrade under way, between two open stores."""

    order: Order
    pace: Pace
    old: Store
    new: Building
    schemes: tuple[Scheme, Scheme]

    def run(self) -> Upgrade:
        with self.old.read() as reader:
            names = self._names(reader)
            copied = [self._copied(reader, name) for name in names]
            held = [name for name in names if reader.last_sequence(name)]
        self._note([name for name in names if name != OF_THE_STORE])
        shadows = [self._shadow(number, name) for number, name in enumerate(held, start=1)]
        done = Upgrade(
            time=self.order.now,
            old_encoder=self.schemes[0].encoder_id,
            new_encoder=self.schemes[1].encoder_id,
            collections=tuple(name for name in names if name != OF_THE_STORE),
            revisions=sum(one.done for one in copied),
            encoded=self.new.vectors.made,
            unlike=sum(one.unlike for one in copied),
            shadows=tuple(self._promoted(shadows) if self.order.promote else shadows),
        )
        write_report(done, self.new.data / REPORTS)
        return done

    def _names(self, reader: Reader) -> list[str]:
        """What is taken: the audit of the store, and the collections."""
        names, wanted = reader.names(), self.order.collection
        if wanted and wanted not in names:
            raise NotFound(resource="collection", name=wanted)
        return [name for name in names if not wanted or name in (wanted, OF_THE_STORE)]

    def _copied(self, reader: Reader, name: str) -> Reencoder:
        """Store one name's rows with the new vectors, in one transaction."""
        self.pace.begin(
            f"encoding {name}".rstrip(), reader.last_sequence(name) + len(reader.held(name))
        )
        settings = self.order.settings
        # What the old store holds may be longer than what arrives by default.
        any_size = dataclasses.replace(settings, limits=Limits(text_bytes=_ANY_SIZE))
        made = Reencoder(self.new.vectors, settings, self.pace.advance)
        lines = export_lines(
            reader,
            name,
            scheme=self.schemes[0],
            now=self.order.now,
            with_withdrawn=True,
            with_held=True,
        )
        with self.new.store.write() as transaction:
            mapped = made.lines(lines)
            import_lines(
                transaction, name, mapped, scheme=self.schemes[1], settings=any_size, now=_ANY_TIME
            )
        return made

    def _note(self, names: Iterable[str]) -> None:
        """Write down what was done in the audit of the new store."""
        encoders = {f"{which}_encoder": one.encoder_id for which, one in self._sides()}
        with self.new.store.write() as transaction:
            for name in names:
                counts = {key: str(count) for key, count in transaction.counts(name).items()}
                transaction.add_event(
                    OF_THE_STORE,
                    EventKind.COLLECTION_IMPORTED,
                    time=self.order.now,
                    detail={"collection": name, **counts, **encoders},
                    actor=self.order.act.actor,
                    reason=self.order.act.reason,
                )

    def _sides(self) -> Iterable[tuple[str, Scheme]]:
        return zip(("old", "new"), self.schemes, strict=True)

    def _shadow(self, number: int, name: str) -> Shadow:
        """What both encoders make of a collection, and keep the plan of the new one."""
        found = []
        stores = (self.old, self.new.store)
        for (side, scheme), store, model in zip(
            self._sides(), stores, self.order.models, strict=True
        ):
            folder = self.new.work / f"{number:04d}-{side}"
            plan = make_plan(
                store,
                name,
                folder,
                encoder_id=scheme.encoder_id,
                model=model,
                settings=self.order.settings,
                pace=_named(self.pace, f"{name} by the {side} encoder"),
            )
            found.append(seen(folder, plan, model, self.order.settings))
        kept = self.new.data / REPORTS / f"{number:04d}"
        kept.mkdir(parents=True)
        shutil.copyfile(self.new.work / f"{number:04d}-new" / FILE, kept / FILE)
        old, new = found
        return compared(old, new, self.order.settings)

    def _promoted(self, shadows: Iterable[Shadow]) -> list[Shadow]:
        """The shadows once their changes are made in the new store, which is closed then."""
        engine = Engine(
            self.new.store,
            self.order.encoder,
            settings=self.order.settings,
            model=self.order.models[1],
        )
        try:
            done = [(one, self._promotion(engine, one)) for one in shadows]
        finally:
            engine.close()
        return [
            dataclasses.replace(one, applied=made.applied, skipped=len(made.skipped))
            for one, made in done
        ]

    def _promotion(self, engine: Engine, shadow: Shadow) -> Promotion:
        return engine.promote(
            shadow.collection,
            f"upgrade-{self.order.now:%Y%m%dT%H%M%SZ}",
            snapshot_sequence=engine.stats(shadow.collection)["revisions"],
            changes=[one.change for one in shadow.changes],
        )


def _named(pace: Pace, name: str) -> Pace:
    """The pace of a part of the whole, with that name before its phases."""

    def tell(now: Progress) -> None:
        pace.tell(dataclasses.replace(now, phase=f"{name}: {now.phase}"))

    return Pace(tell, pace.cancelled, pace.rest)
