"""How does a server have its plans made?"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from storycluster import domain
from storycluster.decision import Model
from storycluster.domain import Window
from storycluster.ports import Store
from storycluster.recluster.job import make_plan
from storycluster.recluster.pace import Pace, Progress
from storycluster.settings import Settings


class Hindsight:
    """The batch job as a `ports.Planner`; `rest` is the share of time, 0..0.95, that it sleeps."""

    def __init__(self, *, rest: float = 0.0) -> None:
        self._rest = rest

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
        progress: Callable[[domain.Progress], None],
        cancelled: Callable[[], bool],
    ) -> domain.Plan:
        """See ports.Planner. Raises NotFound where the window holds no article."""

        def tell(now: Progress) -> None:
            progress(domain.Progress(now.phase, now.done, now.total))

        made = make_plan(
            store,
            collection,
            folder,
            encoder_id=encoder_id,
            model=model,
            settings=settings,
            pace=Pace(tell, cancelled, self._rest),
            window=window,
        )
        told = {"stories_before": made.stories_before, "stories_after": made.stories_after}
        return domain.Plan(
            snapshot_sequence=made.sequence,
            changes=made.changes,
            stability=made.stability if made.overlapping else None,
            counts={"articles": made.articles, **told, "changes": len(made.changes), **made.counts},
        )
