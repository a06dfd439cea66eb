"""What may be done with a plan that somebody made of a whole collection?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from storycluster.decision import Model
from storycluster.domain import Change, Plan, Progress, Promotion, Window
from storycluster.engine import promoting
from storycluster.engine.promoting import Order
from storycluster.engine.writer import Writer
from storycluster.errors import InvalidInput
from storycluster.ports import Planner, Store
from storycluster.settings import Settings


class Reclustering:
    """Plans over one writer and its store."""

    settings: Settings
    encoder_id: str
    _writer: Writer
    _store: Store
    _model: Model
    _named: Callable[[str], str]
    _id_problem: Callable[[str], str]

    def promote(
        self,
        collection: str,
        job_id: str,
        *,
        snapshot_sequence: int,
        changes: Sequence[Change],
        quiet: bool = False,
    ) -> Promotion:
        """Make the changes of a plan that still hold, in one transaction, once a job.

        The plan was made of the articles up to `snapshot_sequence`. `quiet`: one event tells of
        all changes. Returns when it is durable; a job that was promoted gets its record back.
        Raises InvalidInput, PreconditionFailed for a snapshot that the collection never had.
        """
        name = self._named(collection)
        if problem := self._id_problem(job_id):
            raise InvalidInput.of("job_id", problem)
        if snapshot_sequence < 0:
            raise InvalidInput.of("snapshot_sequence", "must not be negative")
        order = Order(job_id, snapshot_sequence, changes, quiet=quiet, model=self._model.name)
        return self._writer.edit(name, lambda stories: promoting.promote(stories, order)).result()

    def plan(
        self,
        planner: Planner,
        collection: str,
        folder: Path,
        *,
        window: Window,
        progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
    ) -> Plan:
        """What a planner proposes for a collection, with this engine's settings and model."""
        return planner.plan(
            self._store,
            self._named(collection),
            folder,
            window=window,
            settings=self.settings,
            model=self._model,
            encoder_id=self.encoder_id,
            progress=progress,
            cancelled=cancelled,
        )

    def promotion(self, collection: str, job_id: str) -> Promotion | None:
        """What the promote of a job did; None where it was not promoted."""
        with self._store.read() as reader:
            return reader.promotion(self._named(collection), job_id)
