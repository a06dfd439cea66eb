"""A planner whose proposals a test names; the server, its jobs and the engine are the real ones."""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from pathlib import Path

from storycluster.decision import Model
from storycluster.domain import Change, ChangeKind, Plan, Progress, Window
from storycluster.errors import Cancelled
from storycluster.ports import Store
from storycluster.settings import Settings

STEPS = 4
_PATIENCE_S = 20.0


def split(from_story: str, *article_ids: str, gain: float = 1.0) -> Change:
    """A change that gives articles a story of their own."""
    kind, reason = ChangeKind.SPLIT, "They tell of another event."
    return Change(kind, from_story, "", article_ids, 0.9, gain, reason, ())


class Proposals:
    """Proposes what it holds, after a few steps; while `gate` is closed it stays at the first."""

    def __init__(self) -> None:
        self.changes: Sequence[Change] = ()
        self.error: Exception | None = None
        self.gate = threading.Event()
        self.gate.set()
        self.began = threading.Event()
        self.asked: list[tuple[str, Path, Window]] = []
        self.kept: list[int] = []  # files of earlier calls in the folder, at each call

    def plan(
        self,
        store: Store,
        collection: str,
        folder: Path,
        *,
        window: Window,
        settings: Settings,
        model: Model,
        encoder_id: str,
        progress: Callable[[Progress], None],
        cancelled: Callable[[], bool],
    ) -> Plan:
        """See ports.Planner. Leaves a file for each call in its folder."""
        self.asked.append((collection, folder, window))
        self.kept.append(len(list(folder.iterdir())))
        (folder / f"call-{self.kept[-1]}").touch()
        with store.read() as reader:
            snapshot = reader.last_sequence(collection)
        for step in range(STEPS):
            progress(Progress("proposing", step, STEPS))
            self.began.set()
            for _ in range(round(_PATIENCE_S / 0.02)):
                if cancelled():
                    raise Cancelled
                if self.gate.wait(0.02):
                    break
        if self.error is not None:
            raise self.error
        return Plan(snapshot, self.changes, 0.75, {"changes": len(self.changes)})
