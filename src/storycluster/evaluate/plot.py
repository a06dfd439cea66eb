"""Where on the curve of precision and recall does the decision work?

The stream is replayed once for each join threshold.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from storycluster.decision import Model
from storycluster.errors import MissingExtra
from storycluster.evaluate.labelled import Labelled
from storycluster.evaluate.replay import replay
from storycluster.evaluate.report import report
from storycluster.evaluate.stream import Arrival
from storycluster.ports import Encoder

THRESHOLDS = (0.2, 0.35, 0.5, 0.65, 0.8, 0.9)


def need_matplotlib() -> None:
    """MissingExtra where the extra `plot` is not installed."""
    try:
        import matplotlib as _  # noqa: F401  # only whether it is there
    except ModuleNotFoundError:
        raise MissingExtra(extra="plot", needs="matplotlib") from None


def operating_curve(
    stream: Sequence[Arrival], articles: Sequence[Labelled], encoder: Encoder, model: Model
) -> list[tuple[float, dict[str, Any]]]:
    """(threshold, report) for THRESHOLDS and the model's own, ascending."""
    curve = []
    for threshold in sorted({*THRESHOLDS, model.threshold}):
        moved = dataclasses.replace(model, threshold=threshold, merge_threshold=threshold)
        done = replay(stream, encoder, model=moved)
        curve.append((threshold, report(done.decided, articles)))
    return curve


def draw(
    curves: Sequence[tuple[str, list[tuple[float, dict[str, Any]]]]], used: float, out: Path
) -> None:
    """Write a PNG: B-cubed recall against precision, a line for each file, the point in use
    ringed."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7.0, 5.5), dpi=120)
    axes = figure.add_subplot()
    for name, curve in curves:
        recall = [told["bcubed"]["recall"] for _, told in curve]
        precision = [told["bcubed"]["precision"] for _, told in curve]
        line = axes.plot(recall, precision, marker="o", label=name)[0]
        for (threshold, _), x, y in zip(curve, recall, precision, strict=True):
            axes.annotate(f"{threshold:g}", (x, y), textcoords="offset points", xytext=(4, 4))
            if threshold == used:
                axes.plot([x], [y], marker="o", markersize=14, fillstyle="none", c=line.get_color())
    axes.set_xlabel("B-cubed recall")
    axes.set_ylabel("B-cubed precision")
    axes.set_title("Stories as decided online, by join threshold")
    axes.legend()
    axes.grid(alpha=0.3)
    figure.savefig(out, format="png")
