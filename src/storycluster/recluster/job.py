"""How does a collection become a plan?

Stages one after the other, each a pure function whose result is a file of the job's folder; a rerun
takes up where the last one ended. Nothing but the folder is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.parquet

from storycluster.clustering import Int64
from storycluster.decision import Model
from storycluster.domain import Window
from storycluster.errors import NotFound
from storycluster.ports import Store
from storycluster.recluster.changes import Changes, after
from storycluster.recluster.copies import near_copies
from storycluster.recluster.dividing import Graph, divided, joined
from storycluster.recluster.edges import Neighbourhood
from storycluster.recluster.folder import JobFolder
from storycluster.recluster.pace import Pace
from storycluster.recluster.plan import Plan, as_table, read_plan, written
from storycluster.recluster.snapshot import Known, Snapshot, read_snapshot, taken
from storycluster.recluster.windows import Node, nodes_of, spans, stability, within
from storycluster.settings import Settings

PLAN = "plan"
_CHANGES = "plan-changes"


def make_plan(
    store: Store,
    collection: str,
    out: Path,
    *,
    encoder_id: str,
    model: Model,
    settings: Settings,
    pace: Pace | None = None,
    window: Window = Window(),  # noqa: B008 - frozen
) -> Plan:
    """Look at a collection again, or at the stories of a window of it; returns the plan that is in
    the folder `out` then.

    A folder with the files of a job that was cut short is continued from its own snapshot. Raises
    NotFound where there is no article, Cancelled, InvalidInput for a folder of other files.
    """
    folder, chosen = JobFolder(out), (collection, encoder_id, model, settings)
    return _Job(folder, store, *chosen, pace or Pace(), window).run()


@dataclass
class _Job:
    folder: JobFolder
    store: Store
    collection: str
    encoder_id: str
    model: Model
    settings: Settings
    pace: Pace
    window: Window

    @cached_property
    def digest(self) -> str:
        """Of all that decides, beside the articles."""
        times = (self.window.start, self.window.end)
        window = tuple("" if time is None else time.isoformat() for time in times)
        chosen = (self.settings.digest(), self.model.name, self.encoder_id, self.collection)
        return "/".join(chosen + window)

    def run(self) -> Plan:
        """Every stage that is not done."""
        snapshot = self._snapshot()
        nodes = within(nodes_of(snapshot), snapshot, self.window)
        if not nodes:
            told = f"{self.collection!r} holds no article, or none of that time"
            raise NotFound(told, resource="collection", name=self.collection)
        windows = spans(len(nodes), self.settings.recluster.window_groups)
        edges = [self._window(snapshot, nodes, number, span) for number, span in enumerate(windows)]
        graph = _graph(nodes, windows, edges)
        names = tuple(_edges(number) for number in range(len(windows)))
        labels = self._partition(snapshot, nodes, graph, names)
        agreed = self._stability(snapshot, nodes, windows, edges)

        def made() -> str:
            return written(self._plan(snapshot, nodes, graph, labels, agreed))

        self.pace.begin(PLAN, len(nodes))
        inputs = ("snapshot", "partition", *names)
        self.folder.text(PLAN, made, inputs=inputs, settings=self.digest)
        plan = read_plan(self.folder.path)
        self.folder.table(
            _CHANGES, lambda: as_table(plan.changes), inputs=(PLAN,), settings=self.digest
        )
        self.pace.advance(len(nodes))
        return plan

    def _snapshot(self) -> Snapshot:
        def written(file: Path) -> int:
            return taken(self.store, self.collection, file, self.settings, self.pace)

        return read_snapshot(self.folder.rows("snapshot", written, inputs=(), settings=self.digest))

    def _window(
        self, snapshot: Snapshot, nodes: Sequence[Node], number: int, span: tuple[int, int]
    ) -> Path:
        """The edges of one window."""
        inside = nodes[slice(*span)]
        kept: list[Known] = []

        def known() -> list[Known]:
            if not kept:
                kept.extend(_known(snapshot, inside, self.settings))
            return kept

        copies = self.folder.table(
            _copies(number),
            lambda: near_copies(known(), self.settings.fingerprint),
            inputs=("snapshot",),
            settings=self.digest,
        )

        def made() -> pyarrow.Table:
            plain = pyarrow.parquet.read_table(copies).to_pydict()
            pairs = list(zip(plain["a"], plain["b"], plain["copy"], strict=True))
            return Neighbourhood(known(), pairs, self.model, self.settings, self.pace).edges()

        return self.folder.table(
            _edges(number), made, inputs=("snapshot", _copies(number)), settings=self.digest
        )

    def _partition(
        self, snapshot: Snapshot, nodes: Sequence[Node], graph: Graph, names: tuple[str, ...]
    ) -> Int64:
        def made() -> pyarrow.Table:
            self.pace.begin("partition", len(nodes))
            labels = divided(nodes, graph, snapshot.constraints, self.settings.recluster)
            groups = [node.group for node in nodes]
            return pyarrow.table({"group": groups, "label": labels})

        inputs = ("snapshot", *names)
        file = self.folder.table("partition", made, inputs=inputs, settings=self.digest)
        return np.asarray(pyarrow.parquet.read_table(file)["label"].to_numpy(), dtype=np.int64)

    def _stability(
        self,
        snapshot: Snapshot,
        nodes: Sequence[Node],
        windows: Sequence[tuple[int, int]],
        edges: Sequence[Path],
    ) -> tuple[float, int]:
        if len(windows) < 2:
            return 1.0, 0
        found = []
        for (first, last), file in zip(windows, edges, strict=True):
            inside = nodes[first:last]
            graph = _graph(inside, [(0, last - first)], [file])
            labels = divided(inside, graph, snapshot.constraints, self.settings.recluster)
            found.append((first, labels))
        return stability(found)

    def _plan(
        self,
        snapshot: Snapshot,
        nodes: Sequence[Node],
        graph: Graph,
        labels: Int64,
        agreed: tuple[float, int],
    ) -> Plan:
        changes = Changes(nodes, labels, graph, snapshot.constraints, self.settings.recluster)
        found = tuple(changes.found())
        return Plan(
            collection=self.collection,
            sequence=snapshot.sequence,
            encoder=self.encoder_id,
            model=self.model.name,
            settings=self.settings.digest(),
            articles=sum(len(node.rows) for node in nodes),
            stories_before=len({node.story_id for node in nodes}),
            stories_after=len(set(after(nodes, found).values())),
            stability=round(agreed[0], 6),
            overlapping=agreed[1],
            changes=found,
        )


def read_graph(folder: Path, nodes: Sequence[Node], settings: Settings) -> Graph:
    """The edges of a finished job of a whole collection, whose nodes these are."""
    windows = spans(len(nodes), settings.recluster.window_groups)
    files = [folder / f"{_edges(number)}.parquet" for number in range(len(windows))]
    return _graph(nodes, windows, files)


def _graph(
    nodes: Sequence[Node], windows: Sequence[tuple[int, int]], edges: Sequence[Path]
) -> Graph:
    tables = (
        (first, last - first, pyarrow.parquet.read_table(file))
        for (first, last), file in zip(windows, edges, strict=True)
    )
    return joined(len(nodes), tables)


def _copies(number: int) -> str:
    return f"copies-{number:04d}"


def _edges(number: int) -> str:
    return f"edges-{number:04d}"


def _known(snapshot: Snapshot, nodes: Sequence[Node], settings: Settings) -> list[Known]:
    """The first article of each node, in the order of the nodes."""
    rows = np.array([node.rows[0] for node in nodes], dtype=np.int64)
    order = np.argsort(rows)
    read = snapshot.known(rows[order].tolist(), brief_words=settings.guards.brief_words)
    found: dict[int, Known] = dict(zip(order.tolist(), read, strict=True))
    return [found[place] for place in range(len(nodes))]
