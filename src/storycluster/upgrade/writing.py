"""How is the report of an upgrade told: as tables, as JSON, as a file?"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from storycluster.backends.snapshot_files import sync_folder, write_durably
from storycluster.exchange.plain import plain
from storycluster.upgrade.report import Agreement, Shadow, Side, Upgrade

JSON_FILE, TEXT_FILE = "report.json", "report.md"

_SHOWN = 50
"""Changes of a collection in the readable report; the JSON holds all."""


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, sentences, and a table; a cell is a text."""

    heading: str
    said: tuple[str, ...]
    columns: tuple[str, ...] = ()
    rows: tuple[tuple[str, ...], ...] = ()


def plain_report(done: Upgrade) -> dict[str, Any]:
    """The report, ready for JSON, whole."""
    made: dict[str, Any] = plain(done)
    return made


def sections(done: Upgrade, *, most: int = _SHOWN) -> Iterator[Section]:
    """The report to be read; `most` changes of each collection."""
    again = f"{done.encoded} texts were encoded for them"
    said = [f"{done.revisions} revisions have new vectors; {again}."]
    if done.unlike:
        said.append(
            f"Of {done.unlike} the furniture known at arrival could not be told any more: their "
            "vectors may differ a little from those of an ingest."
        )
    yield Section(f"{done.old_encoder} to {done.new_encoder}", tuple(said))
    for shadow in done.shadows:
        yield _sides(shadow)
        yield _agreements(shadow)
        yield _changes(shadow, most)


def written(done: Upgrade) -> str:
    """The readable report as Markdown."""
    lines = ["# From an encoder to another", ""]
    for one in sections(done):
        lines += [f"## {one.heading}", "", *one.said]
        if one.rows:
            lines += [""] * bool(one.said) + [_line(one.columns), "|---" * len(one.columns) + "|"]
            lines += map(_line, one.rows)
        lines.append("")
    return "\n".join(lines)


def write_report(done: Upgrade, folder: Path) -> None:
    """Both files, in a folder that is made where it is not there. OSError."""
    folder.mkdir(exist_ok=True)
    whole = json.dumps(plain_report(done), indent=1, ensure_ascii=False)
    write_durably(folder / JSON_FILE, whole.encode() + b"\n")
    write_durably(folder / TEXT_FILE, written(done).encode())
    sync_folder(folder)


def _sides(shadow: Shadow) -> Section:
    old, new = shadow.old, shadow.new
    own_story = (f"{old.own_story:.3f}", f"{new.own_story:.3f}")
    now = (str(shadow.stories), str(shadow.singles), str(shadow.largest))

    def row(name: str, standing: str, *values: object) -> tuple[str, ...]:
        return (name, standing, *map(str, values))

    return Section(
        f"{shadow.collection}: {shadow.articles} articles",
        tuple(_model_said(side) for side in (old, new)),
        ("", "now", "old encoder, with hindsight", "new encoder, with hindsight"),
        (
            row("stories", now[0], old.stories, new.stories),
            row("of one article", now[1], old.singles, new.singles),
            row("articles of the largest", now[2], old.largest, new.largest),
            row("changes proposed", "", _counts(old), _counts(new)),
            row("nearest neighbour in the own story", "", *own_story),
            row("pairs likely of one story", "", old.likely, new.likely),
        ),
    )


def _model_said(side: Side) -> str:
    fitted = "was fitted with vectors of this encoder"
    if not side.model_fitted:
        fitted = (
            "was not fitted with vectors of this encoder and weighs none: they only propose which "
            "articles are compared (`storycluster calibrate` fits one from your labels)"
        )
    return f"{side.encoder}: the decision model `{side.model}` {fitted}."


def _agreements(shadow: Shadow) -> Section:
    moved = shadow.moved
    return Section(
        f"{shadow.collection}: how far they agree",
        (
            f"Of {moved.asked} articles with neighbours in reach, {moved.same_first:.1%} have the "
            f"same nearest one; of the {moved.nearest} nearest of {moved.asked_more} with more, "
            f"{moved.shared:.1%} are the same.",
            f"Of {moved.pairs} pairs that either scored, the probability moved by "
            f"{moved.by:.3f} on average; {moved.likely_in_both} are likely of one story with both.",
        ),
        ("stories", "pairwise F1", "B-cubed F1", "ARI"),
        (
            _agreed("now, and the old encoder with hindsight", shadow.now_old),
            _agreed("now, and the new encoder with hindsight", shadow.now_new),
            _agreed("the old encoder and the new one", shadow.old_new),
        ),
    )


def _agreed(name: str, one: Agreement) -> tuple[str, ...]:
    values = (one.pairwise_f1, one.bcubed_f1, one.adjusted_rand)
    return (name, *(f"{value:.3f}" for value in values))


def _changes(shadow: Shadow, most: int) -> Section:
    own = sum(not one.also_old for one in shadow.changes)
    said = [f"The old encoder does not propose {own} of these {len(shadow.changes)}."]
    if shadow.applied is not None:
        said.append(f"Published: {shadow.applied} made, {shadow.skipped} skipped.")
    if len(shadow.changes) > most:
        said.append(f"The {most} of the greatest gain; {JSON_FILE} holds all.")
    rows = [
        (
            one.change.kind.value,
            one.change.from_story,
            one.change.to_story or "(new)",
            str(len(one.change.article_ids)),
            f"{one.change.gain:.1f}",
            f"{one.change.probability:.2f}",
            "both" if one.also_old else "new",
            one.change.reason,
        )
        for one in shadow.changes[:most]
    ]
    columns = ("change", "from", "to", "articles", "gain", "probability", "proposed by", "why")
    heading = f"{shadow.collection}: what the new encoder would change"
    return Section(heading, tuple(said if rows else said[1:] or ["Nothing."]), columns, tuple(rows))


def _counts(side: Side) -> str:
    return ", ".join(f"{count} {kind}" for kind, count in side.changes.items())


def _line(cells: Sequence[str]) -> str:
    return "| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |"
