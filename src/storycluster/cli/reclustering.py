"""`recluster plan|show|sample`: what would be clustered otherwise, with hindsight?"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from storycluster.cli.offline import decision_model, reported, told_progress
from storycluster.cli.printing import counted, print_table, words
from storycluster.cli.session import AsJson, Collection, out, put_json, shown
from storycluster.domain import DEFAULT_COLLECTION
from storycluster.errors import NotFound

if TYPE_CHECKING:
    from storycluster.domain import Change
    from storycluster.ports import Encoder, Store
    from storycluster.recluster import Plan
    from storycluster.settings import Settings

recluster = typer.Typer(
    no_args_is_help=True, help="Look again at a whole collection, and publish what is better."
)

Data = Annotated[Path, typer.Option("--data", metavar="DIR", help="Folder of a stopped server.")]
Folder = Annotated[Path, typer.Argument(metavar="FOLDER", help="Folder of a finished plan.")]
Kinds = Annotated[list[str] | None, typer.Option("--kind", help="merge, split or move.")]
MinGain = Annotated[float, typer.Option("--min-gain", help="Least pairs of articles put right.")]
MinProbability = Annotated[float, typer.Option("--min-probability", help="Least, 0 to 1.")]
OfStory = Annotated[str, typer.Option("--story", help="Changes of this story alone.")]


@recluster.command()
def plan(
    data: Data,
    folder: Annotated[Path, typer.Option("--out", metavar="FOLDER", help="Where to work.")],
    collection: Collection = DEFAULT_COLLECTION,
    encoder: Annotated[str, typer.Option(help="Encoder: a name or a folder.")] = "default",
    model: Annotated[
        Path | None, typer.Option(help="The decision model; else the shipped one.")
    ] = None,
    rest: Annotated[float, typer.Option(help="Share of time to rest, 0 to 0.95.")] = 0.0,
    as_json: AsJson = False,
) -> None:
    """Propose changes to the stories of a data folder. Changes nothing in it.

    Run again with the same --out after an interruption, it goes on where it was.
    """
    from storycluster.backends import open_encoder
    from storycluster.recluster import Pace, make_plan
    from storycluster.settings import Settings

    with reported(), told_progress(as_json) as tell:
        opened, settings = open_encoder(encoder), Settings()
        store = _opened(data, opened, settings)
        try:
            made = make_plan(
                store,
                collection,
                folder,
                encoder_id=opened.encoder_id,
                model=decision_model(model, opened.encoder_id),
                settings=settings,
                pace=Pace(tell=tell, rest=rest),
            )
        finally:
            store.close()
    _print(made, made.changes, as_json=as_json)


@recluster.command()
def show(
    folder: Folder,
    kind: Kinds = None,
    min_gain: MinGain = 0.0,
    min_probability: MinProbability = 0.0,
    story: OfStory = "",
    as_json: AsJson = False,
) -> None:
    """Show the changes of a plan, the greatest gain first."""
    with reported():
        made, chosen = _chosen(folder, kind, min_gain, min_probability, story)
    _print(made, chosen, as_json=as_json)


@recluster.command()
def sample(
    folder: Folder,
    data: Data,
    count: Annotated[int, typer.Option(min=1, help="Changes to review.")] = 20,
    seed: Annotated[int, typer.Option(help="Another draw.")] = 0,
    kind: Kinds = None,
    min_gain: MinGain = 0.0,
    min_probability: MinProbability = 0.0,
    encoder: Annotated[str, typer.Option(help="Encoder: a name or a folder.")] = "default",
) -> None:
    """Print articles of some changes for review, one JSON object a line.

    Fill in `story`, equal for articles of one story; `storycluster calibrate` reads the result.
    """
    from storycluster.backends import open_encoder
    from storycluster.recluster import drawn, review
    from storycluster.settings import Settings

    with reported():
        made, chosen = _chosen(folder, kind, min_gain, min_probability, "")
        store = _opened(data, open_encoder(encoder), Settings())
        try:
            with store.read() as reader:
                for line in review(drawn(chosen, count, seed=seed), reader, made.collection):
                    put_json(line)
        finally:
            store.close()


def _opened(data: Path, encoder: Encoder, settings: Settings) -> Store:
    """The store of a folder that is there; PreconditionFailed where a server has it open."""
    from storycluster.backends import open_store
    from storycluster.engine import scheme_of

    if not data.is_dir():
        raise NotFound(resource="data folder", name=str(data))
    return open_store(f"sqlite:{data}", scheme_of(encoder, settings))


def _chosen(
    folder: Path, kind: list[str] | None, min_gain: float, min_probability: float, story: str
) -> tuple[Plan, tuple[Change, ...]]:
    from storycluster.recluster import kinds_named, read_plan

    made = read_plan(folder)
    chosen = made.chosen(
        kinds=kinds_named(kind or ()),
        min_gain=min_gain,
        min_probability=min_probability,
        story=story,
    )
    return made, chosen


def _print(made: Plan, chosen: tuple[Change, ...], *, as_json: bool) -> None:
    from storycluster.exchange.plain import plain
    from storycluster.recluster import plain_plan

    if as_json:
        changes = [plain(one) for one in chosen]
        put_json({**plain_plan(made), "changes": changes})
        return
    told = ", ".join(f"{count} {kind}" for kind, count in made.counts.items())
    out.print(
        f"{shown(made.collection)} at {made.sequence}: {counted(made.articles, 'article')}, "
        f"stories {made.stories_before} now, {made.stories_after} then ({told})"
    )
    if made.overlapping:
        out.print(f"stability between windows {made.stability:.3f}")
    if not chosen:
        out.print("nothing to change")
        return
    print_table(
        ("change", "from", "to", "articles", "gain", "probability", "why"),
        (
            (
                words(one.kind.value),
                one.from_story,
                one.to_story or "(new)",
                str(len(one.article_ids)),
                f"{one.gain:.1f}",
                f"{one.probability:.2f}",
                one.reason,
            )
            for one in chosen
        ),
        numbers={3, 4, 5},
    )
