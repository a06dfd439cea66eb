"""How does an editor say who he is, and how is he told what he did?"""

from __future__ import annotations

import getpass
from typing import TYPE_CHECKING, Annotated

import typer

from storycluster.cli import act_shapes, shapes
from storycluster.cli.printing import moment, print_story_line, words
from storycluster.cli.session import out, put_json, shown
from storycluster.domain import Override, Story, Tombstone

if TYPE_CHECKING:
    from storycluster.client import Edit


def login_name() -> str:
    """Whoever is logged in; BadParameter where the system does not know."""
    try:
        return getpass.getuser()
    except (KeyError, OSError):
        raise typer.BadParameter("is not known: give --actor or STORYCLUSTER_ACTOR") from None


Reason = Annotated[str, typer.Option("--reason", help="Why; kept with what is done.")]
Actor = Annotated[
    str,
    typer.Option(
        "--actor",
        envvar="STORYCLUSTER_ACTOR",
        help="Who does it; by default the login name.",
        default_factory=login_name,
        show_default=False,
    ),
]
IfRevision = Annotated[
    int,
    typer.Option("--if-revision", min=0, help="Only if the story is at this revision; 0 for any."),
]
ArticleId = Annotated[str, typer.Argument(metavar="ARTICLE")]
OtherArticleId = Annotated[str, typer.Argument(metavar="OTHER")]
StoryId = Annotated[str, typer.Argument(metavar="STORY")]


def tell_edit(done: Edit, *, as_json: bool) -> None:
    """What was done, and the story as it is now."""
    if as_json:
        put_json(act_shapes.edit(done))
        return
    _print_override(done.override)
    print_story_line(done.story)


def tell_override(done: Override, *, as_json: bool) -> None:
    """What was done."""
    if as_json:
        put_json(act_shapes.override(done))
    else:
        _print_override(done)


def tell_story(story: Story, *, as_json: bool) -> None:
    """A story as it is now."""
    if as_json:
        put_json(shapes.story(story))
    else:
        print_story_line(story)


def tell_tombstone(left: Tombstone, *, as_json: bool) -> None:
    """What is left of an article."""
    if as_json:
        put_json(act_shapes.tombstone(left))
        return
    out.print(
        f"{shown(left.article_id)} was {'erased' if left.erased else 'withdrawn'} "
        f"{moment(left.time)} by {shown(left.actor)}: {shown(left.reason)}"
    )


def _print_override(done: Override) -> None:
    stories = " ".join(filter(None, (done.story_id, done.other_story_id)))
    told = ", ".join(filter(None, (stories, *done.article_ids)))
    undone = f" of override {done.undoes}" if done.undoes else ""
    out.print(f"override {done.sequence}: {words(done.kind.value)}{undone} {shown(told)}".rstrip())
