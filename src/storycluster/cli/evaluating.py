"""`storycluster evaluate`: how good are the decisions on labelled articles?"""

from __future__ import annotations

import dataclasses
import json
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from storycluster.cli.offline import decision_model, progress_bar, reported
from storycluster.cli.printing import print_table
from storycluster.cli.session import err, out, put_json, shown
from storycluster.errors import InvalidInput

if TYPE_CHECKING:
    from storycluster.decision import Model
    from storycluster.evaluate import Decided, Labelled
    from storycluster.ports import Encoder

_COLUMNS = ("file", "when", "B3 P", "B3 R", "B3 F1", "pairs F1", "ARI", "AMI", "CEAF-e", "stories")


def evaluate(
    files: Annotated[list[Path], typer.Argument(metavar="FILE...", help="Labelled JSON Lines.")],
    background: Annotated[
        list[Path] | None, typer.Option(help="Unlabelled articles mixed in, never scored.")
    ] = None,
    encoder: Annotated[str, typer.Option(help="Encoder: a name or a folder.")] = "default",
    model: Annotated[Path | None, typer.Option(help="Decision model, as calibrate writes.")] = None,
    order_seed: Annotated[
        int | None, typer.Option(help="Shuffle arrivals within a day with this seed.")
    ] = None,
    assignments: Annotated[Path | None, typer.Option(help="Write a line for each article.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Write the operating curve (PNG).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object.")] = False,
) -> None:
    """Replay labelled articles through the engine and score the stories. Needs no server.

    Lines as for `ingest`, with "story" (gold) and perhaps "thread"; or pairs {"a", "b", "label"}.
    """
    with reported():
        run = _Run(encoder, model, background or [], order_seed=order_seed)
        blocks = [run.block(file, quiet=as_json) for file in files]
        told = {**run.overall(blocks), "encoder": run.encoder.encoder_id, "model": run.model.name}
        if assignments is not None:
            _write(assignments, run.decided)
        if plot is not None:
            run.plot(files, plot)
    if as_json:
        put_json(told)
    else:
        _print(blocks)


class _Run:
    """One evaluation: the files go through it one after the other, each a stream of its own."""

    def __init__(
        self, encoder: str, model: Path | None, background: list[Path], *, order_seed: int | None
    ) -> None:
        from storycluster.backends import open_encoder
        from storycluster.evaluate import read_articles

        self.encoder: Encoder = open_encoder(encoder)
        self.model: Model = decision_model(model, self.encoder.encoder_id)
        self.background = [list(read_articles(path)) for path in background]
        self.order_seed = order_seed
        self.decided: list[Decided] = []
        self._scored: list[tuple[Sequence[Decided], Sequence[Labelled]]] = []

    def block(self, file: Path, *, quiet: bool) -> dict[str, Any]:
        """What is told of one file."""
        from storycluster.evaluate import is_pair_file, read_pairs, score_pairs

        began = time.perf_counter()
        if is_pair_file(file):
            found = score_pairs(list(read_pairs(file)), self.encoder, model=self.model)
            seconds = round(time.perf_counter() - began, 3)
            return {"file": str(file), **found, "seconds": seconds}
        return {"file": str(file), **self._stream(file, quiet=quiet)}

    def _stream(self, file: Path, *, quiet: bool) -> dict[str, Any]:
        from storycluster.evaluate import arrivals, read_articles, replay, report

        articles = list(read_articles(file))
        if not articles:
            raise InvalidInput.of(str(file), "holds no article")
        stream = arrivals(articles, self.background, order_seed=self.order_seed)
        began = time.perf_counter()
        with progress_bar(quiet) as progress:
            task = progress.add_task(file.name, total=len(stream))
            done = replay(
                stream,
                self.encoder,
                model=self.model,
                progress=lambda count: progress.update(task, completed=count),
            )
        seconds = time.perf_counter() - began
        for article_id, why in done.refused:
            err.print(f"[bold red]refused[/] {shown(article_id)}: {shown(why)}")
        self.decided += done.decided
        self._scored.append((done.decided, articles))
        return {
            **report(done.decided, articles),
            "background": sum(map(len, self.background)),
            "refused": len(done.refused),
            "seconds": round(seconds, 3),
            "ms_per_article": {
                "prepare": round(1000 * done.prepare_seconds / max(1, done.arrived), 3),
                "place": round(1000 * done.place_seconds / max(1, done.arrived), 3),
            },
        }

    def overall(self, blocks: list[dict[str, Any]]) -> dict[str, Any]:
        """The block of a single file; of several the scores of all their articles, no story going
        across files, and the blocks under `files`."""
        from storycluster.evaluate import report

        if len(blocks) == 1:
            return blocks[0]
        decided, articles = [], []
        for number, (some, of_file) in enumerate(self._scored):
            decided += [_renamed(one, f"{number}/") for one in some]
            articles += [_relabelled(one, f"{number}/") for one in of_file]
        seconds = round(sum(block["seconds"] for block in blocks), 3)
        together = report(decided, articles) if articles else {}
        return {**together, "seconds": seconds, "files": blocks}

    def plot(self, files: Sequence[Path], target: Path) -> None:
        """Write the operating curves of the article files."""
        from storycluster.evaluate import arrivals, is_pair_file, read_articles
        from storycluster.evaluate.plot import draw, need_matplotlib, operating_curve

        need_matplotlib()
        curves = []
        for file in files:
            if not is_pair_file(file):
                articles = list(read_articles(file))
                stream = arrivals(articles, self.background, order_seed=self.order_seed)
                curve = operating_curve(stream, articles, self.encoder, self.model)
                curves.append((file.name, curve))
        draw(curves, self.model.threshold, target)


def _renamed(one: Decided, prefix: str) -> Decided:
    return dataclasses.replace(
        one,
        article_id=prefix + one.article_id,
        story=prefix + one.story,
        story_after_repair=prefix + one.story_after_repair,
    )


def _relabelled(one: Labelled, prefix: str) -> Labelled:
    return dataclasses.replace(
        one,
        article=dataclasses.replace(one.article, article_id=prefix + one.article.article_id),
        story=one.story and prefix + one.story,
        thread=one.thread and prefix + one.thread,
    )


def _write(path: Path, decided: Sequence[Decided]) -> None:
    with path.open("w", encoding="utf-8") as lines:
        for one in decided:
            row = {
                "id": one.article_id,
                "story": one.story,
                "relation": one.relation.value,
                "confidence": round(one.confidence, 6),
                "story_after_repair": one.story_after_repair,
            }
            lines.write(json.dumps(row, ensure_ascii=False) + "\n")


def _print(blocks: Sequence[dict[str, Any]]) -> None:
    streams = [block for block in blocks if "bcubed" in block]
    if streams:
        rows = [
            _row(Path(block["file"]).name, when, told, block["stories_gold"])
            for block in streams
            for when, told in (("online", block), ("after repair", block["after_repair"]))
        ]
        print_table(_COLUMNS, rows)
    for block in streams:
        floors = block["floors"]
        singles, one = (floors[name]["bcubed"]["f1"] for name in ("all_singletons", "all_one"))
        cost = block["ms_per_article"]
        out.print(
            f"{shown(Path(block['file']).name)}: {block['labelled']} labelled of "
            f"{block['articles']} articles, {block['background']} in the background; floors B3 F1 "
            f"{singles:.3f} (all alone) {one:.3f} (all one); "
            f"{block['false_merges_per_1000']:.1f} false merges in 1,000; "
            f"{block['pure_share']:.1%} of stories of two or more pure; "
            f"{cost['prepare']:.1f} + {cost['place']:.1f} ms an article"
        )
    for block in blocks:
        if "auc" in block:
            out.print(
                f"{shown(Path(block['file']).name)}: {block['pairs']} pairs, {block['same']} same; "
                f"AUC {block['auc']:.3f}, average precision {block['average_precision']:.3f}"
            )


def _row(name: str, when: str, told: dict[str, Any], gold: int) -> tuple[str, ...]:
    b3, pairs = told["bcubed"], told["pairwise"]
    values = [b3["precision"], b3["recall"], b3["f1"], pairs["f1"]]
    values += [told[name] for name in ("ari", "ami", "ceaf_e")]
    counted = f"{told['stories_predicted']} of {gold}"
    return (name, when, *(f"{value:.3f}" for value in values), counted)
