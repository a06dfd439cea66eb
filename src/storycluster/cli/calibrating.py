"""`storycluster calibrate`: would the decision be better, refitted on labels of one's own?"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from storycluster.cli.offline import decision_model, progress_bar, reported
from storycluster.cli.printing import counted, print_table
from storycluster.cli.session import err, out, put_json, shown
from storycluster.errors import InvalidInput

if TYPE_CHECKING:
    from storycluster.evaluate import Calibration, Scores
    from storycluster.evaluate.items import Streams
    from storycluster.ports import Encoder
    from storycluster.settings import Settings

_NAMED = 5
"""Companions of an example that are named."""


def calibrate(
    files: Annotated[list[Path], typer.Argument(metavar="LABELLED...", help="JSON Lines.")],
    encoder: Annotated[str, typer.Option(help="Encoder: a name or a folder.")] = "default",
    model: Annotated[
        Path | None, typer.Option(help="The present model; else the shipped one.")
    ] = None,
    out_file: Annotated[
        Path | None, typer.Option("--out", metavar="MODEL.json", help="Write the refitted model.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Refit the decision on labelled articles and tell what would change. Needs no server.

    Lines as for `evaluate`. Learns on the stories that begin in the first 60 % of each file, is
    scored on the rest, and writes only with --out, a model fitted on all of it.
    """
    from storycluster.backends import open_encoder
    from storycluster.evaluate import calibrate as refit
    from storycluster.settings import Settings

    with reported():
        _check(files, out_file)
        opened, settings = open_encoder(encoder), Settings()
        present = decision_model(model, opened.encoder_id)
        streams = _streams(files, opened, settings, quiet=as_json)
        with progress_bar(as_json) as progress:
            task = progress.add_task("calibrating", total=1)
            found = refit(
                streams,
                present,
                encoder_id=opened.encoder_id,
                settings=settings,
                progress=lambda done, total: progress.update(task, completed=done, total=total),
            )
        if out_file is not None:
            _write(out_file, found, _names(files))
    if as_json:
        put_json(_plain(found, streams, out_file))
    else:
        _print(found, streams, out_file)


def _check(files: Sequence[Path], out_file: Path | None) -> None:
    """What would only be found after minutes of work."""
    from storycluster.evaluate import is_pair_file

    for file, count in Counter(files).items():
        if count > 1:
            raise InvalidInput.of(str(file), "is named twice")
        if is_pair_file(file):
            raise InvalidInput.of(str(file), "holds pairs; articles with their story are needed")
    if out_file is None:
        return
    if out_file.is_dir() or not out_file.parent.is_dir():
        raise InvalidInput.of("--out", f"{out_file} is a folder, or its folder does not exist")
    if out_file.resolve() in [file.resolve() for file in files]:
        raise InvalidInput.of("--out", f"{out_file} is one of the labelled files")


def _streams(
    files: Sequence[Path], encoder: Encoder, settings: Settings, *, quiet: bool
) -> Streams:
    from storycluster.evaluate import items_of, read_articles

    streams = {}
    with progress_bar(quiet) as progress:
        for name, file in _names(files).items():
            articles = list(read_articles(file))
            task = progress.add_task(f"reading {file.name}", total=len(articles))
            told = partial(progress.advance, task)
            streams[name], refused = items_of(articles, encoder, settings, advance=told)
            for article_id, why in refused:
                err.print(f"[bold red]refused[/] {shown(article_id)}: {shown(why)}")
    return streams


def _names(files: Sequence[Path]) -> dict[str, Path]:
    """The files by name; those that share one are numbered."""
    count = Counter(file.name for file in files)
    return {
        file.name if count[file.name] == 1 else f"{number}/{file.name}": file
        for number, file in enumerate(files, start=1)
    }


def _write(target: Path, found: Calibration, files: dict[str, Path]) -> None:
    from storycluster.decision import plain_model, write_model

    plain = plain_model(
        found.model,
        trained_on=[
            {"file": name, "sha256": hashlib.sha256(file.read_bytes()).hexdigest()}
            for name, file in files.items()
        ],
        held_out_scores={
            name: {
                "bcubed_f1": round(scores.bcubed.f1, 3),
                "pairwise_f1": round(scores.pairwise.f1, 3),
            }
            for name, scores in found.held_out.items()
        },
        created=f"{datetime.now(UTC):%Y-%m-%d}",
    )
    write_model(target, plain)


# -- for a program ------------------------------------------------------------------------------


def _plain(found: Calibration, streams: Streams, out_file: Path | None) -> dict[str, Any]:
    return {
        "files": list(streams),
        "encoder": found.model.encoder_id,
        "present": found.present.name,
        "model": found.model.name,
        "labelled": _labelled(streams),
        "before": _scores(found.before),
        "after": _scores(found.after),
        "threshold": {"before": found.present.threshold, "after": found.model.threshold},
        "weights": [
            {
                "measure": one.measure,
                "condition": one.condition,
                "words": one.words,
                "before": one.before,
                "after": one.after,
                "effect": round(one.effect, 4),
            }
            for one in found.weights
        ],
        "moved": found.moved,
        "moved_of": found.late,
        "examples": [
            {
                "file": one.file,
                "id": one.article_id,
                "title": one.title,
                "before": list(one.companions_before),
                "after": list(one.companions_after),
            }
            for one in found.examples
        ],
        "better": found.better,
        "written": None if out_file is None else str(out_file),
    }


def _scores(scores: Scores) -> dict[str, Any]:
    found: dict[str, Any] = {
        name: {
            "precision": round(score.precision, 5),
            "recall": round(score.recall, 5),
            "f1": round(score.f1, 5),
        }
        for name, score in (("bcubed", scores.bcubed), ("pairwise", scores.pairwise))
    }
    return {
        **found,
        "ari": round(scores.ari, 5),
        "stories": scores.stories,
        "stories_gold": scores.stories_gold,
        "brier": round(scores.brier, 5),
        "calibration_error": round(scores.calibration_error, 5),
    }


def _labelled(streams: Streams) -> int:
    return sum(bool(item.story) for items in streams.values() for item in items)


# -- for a person -------------------------------------------------------------------------------


def _print(found: Calibration, streams: Streams, out_file: Path | None) -> None:
    out.print(
        f"{counted(_labelled(streams), 'labelled article')}; scored on the {found.late} articles "
        "whose stories begin later than those learned from"
    )
    out.print()
    print_table(("score", "present", "refitted"), _rows(found), numbers={1, 2})
    out.print()
    was, now = found.present.threshold, found.model.threshold
    out.print(
        f"An article joins from a probability of {now:.2f}"
        + (" on, as before" if now == was else f" on, before from {was:.2f}")
    )
    if found.weights:
        out.print()
        print_table(
            ("what weighs otherwise", "before", "after", "effect (log odds)"),
            (
                (one.words, f"{one.before:.2f}", f"{one.after:.2f}", f"{one.effect:+.2f}")
                for one in found.weights
            ),
            numbers={1, 2},
        )
    out.print()
    _print_moved(found)
    out.print()
    _print_verdict(found, out_file)


def _rows(found: Calibration) -> list[tuple[str, str, str]]:
    sides = (found.before, found.after)
    rows = {
        "B-cubed precision": [one.bcubed.precision for one in sides],
        "B-cubed recall": [one.bcubed.recall for one in sides],
        "B-cubed F1": [one.bcubed.f1 for one in sides],
        "pairwise F1": [one.pairwise.f1 for one in sides],
        "adjusted Rand index": [one.ari for one in sides],
        "Brier score (0 is best)": [one.brier for one in sides],
        "calibration error (0 is best)": [one.calibration_error for one in sides],
    }
    told = [(name, f"{was:.3f}", f"{now:.3f}") for name, (was, now) in rows.items()]
    gold = found.before.stories_gold
    was, now = (str(one.stories) for one in sides)
    return [*told, (f"stories ({gold} by the labels)", was, now)]


def _print_moved(found: Calibration) -> None:
    told = counted(found.late, "article")
    out.print(f"{found.moved} of {told} would stand with others than now")
    for one in found.examples:
        out.print(f"  [bold]{shown(one.article_id)}[/] {shown(one.title)}")
        out.print(f"    now    {_companions(one.companions_before)}")
        out.print(f"    then   {_companions(one.companions_after)}")


def _companions(ids: Sequence[str]) -> str:
    if not ids:
        return "alone"
    more = len(ids) - _NAMED
    return "with " + ", ".join(map(shown, ids[:_NAMED])) + (f" and {more} more" * (more > 0))


def _print_verdict(found: Calibration, out_file: Path | None) -> None:
    was, now = found.before.quality, found.after.quality
    means = f"mean of B-cubed F1 and pairwise F1 {now:.3f}, now {was:.3f}"
    if found.better:
        out.print(f"[bold green]Better[/] on articles it had not seen: {means}.")
    else:
        out.print(
            f"[bold yellow]Not better[/] on articles it had not seen: {means}. "
            "Keep the present model."
        )
    if out_file is None:
        out.print("Nothing is written; --out MODEL.json writes the model, fitted on all labels.")
    else:
        name, place = shown(found.model.name), shown(str(out_file))
        out.print(f"{name} is written to {place}; serve --set decision.model={place} uses it.")
