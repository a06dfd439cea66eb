"""`why`: why is an article in its story, and not in another?"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from storycluster.cli import shapes
from storycluster.cli.printing import print_checks, print_table
from storycluster.cli.session import (
    DEFAULT_SERVER,
    AsJson,
    Collection,
    Server,
    Timeout,
    connected,
    out,
    put_json,
    shown,
)
from storycluster.domain import Assignment, Evidence, Relation
from storycluster.glossary import INTERCEPT, family, words

if TYPE_CHECKING:
    from storycluster.client import Client

_LONGEST_BAR = 24
_COPIES = {Relation.NEAR_COPY: "is a near copy of", Relation.EXACT_COPY: "is an exact copy of"}

Titles = Mapping[str, str]
"""{story id: its title}."""


def why(
    article_id: Annotated[str, typer.Argument(metavar="ARTICLE")],
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
    every: Annotated[bool, typer.Option("--all", help="Every decision, oldest first.")] = False,
    revision: Annotated[int, typer.Option(min=0, help="0 is the latest.")] = 0,
) -> None:
    """Why is an article in its story, and not in another?"""
    with connected(server, collection, timeout) as client:
        present = client.get_article(article_id, revision).assignment
        made = client.explain(article_id)
        chosen = [one for one in made if revision in (0, one.revision)] if every else [present]
        if as_json:
            for one in chosen:
                put_json(shapes.explanation(one))
            return
        if not every and not present.evidence:
            chosen += _inherited(present, made)
        titles = _titles(client, chosen)
        for place, one in enumerate(chosen, start=1):
            if every:
                out.print(f"[dim]decision {place} of {len(chosen)}[/]")
            print_decision(one, titles=titles)
            if place < len(chosen):
                out.print()


def _inherited(present: Assignment, made: Sequence[Assignment]) -> list[Assignment]:
    """The decision that a revision, which measures nothing, has its story from."""
    measured = [one for one in made if one.evidence and one.sequence < present.sequence]
    return measured[-1:] if present.relation is Relation.REVISION else []


def _titles(client: Client, made: Iterable[Assignment]) -> Titles:
    ids = {one.story_id for one in made}
    ids |= {lost.story_id for one in made for lost in one.runners_up}
    return {story_id: client.get_story(story_id).story.title for story_id in sorted(ids)}


def print_decision(made: Assignment, *, titles: Titles) -> None:
    """One decision: what came of it, what was measured, which stories lost and why."""
    out.print(f"{_headline(made)}{_quoted(titles.get(made.story_id, ''))}")
    model = f" (model {shown(made.model)})" if made.model else ""
    out.print(f"confidence {made.confidence:.2f}{model}")
    if not made.evidence:
        out.print(_unmeasured(made))
    print_checks(made.evidence)
    if made.relation not in _COPIES:  # the overlap decided; --json has the measures
        _print_measures(made)
    for lost in made.runners_up:
        out.print(f"not {lost.story_id}{_quoted(titles.get(lost.story_id, ''))}")
        out.print(f"    {lost.score:.2f} likely: {shown(lost.reason)}")


def _headline(made: Assignment) -> str:
    """What became of the article, in one line of markup."""
    article, story = f"[bold]{shown(made.article_id)}[/]", f"story [bold cyan]{made.story_id}[/]"
    if made.relation in _COPIES:
        told = f"{_COPIES[made.relation]} {shown(made.copy_of)}, in {story}"
    elif made.relation is Relation.NEW_STORY:
        told = f"opened a new {story}"
    elif made.relation is Relation.REVISION:
        told = f"revision {made.revision} stays in {story}"
    else:
        told = f"joined {story}"
    if made.previous_story_id:
        told += f", coming from {made.previous_story_id}"
    return f"{article} {told}"


def _unmeasured(made: Assignment) -> str:
    if made.relation is Relation.REVISION:
        return "  a revision stays in the story of its article: nothing was measured"
    return "  no story came near enough to be measured"


def _quoted(title: str) -> str:
    return f': "{shown(title)}"' if title else ""


def _print_measures(made: Assignment) -> None:
    """What the model made its probability of, the measures of one kind in one line; --json has
    each."""
    weighed = [one for one in made.evidence if one.weight]
    families: dict[str, list[Evidence]] = {}
    for one in weighed:
        families.setdefault(family(one.kind), []).append(one)
    start = families.pop(words(INTERCEPT), [])
    if not families:
        return
    ranked = sorted(families.items(), key=lambda item: (-abs(_sum(item[1])), item[0]))
    longest = max(map(abs, map(_sum, [start, *families.values()])))
    rows = [_row(name, found, longest) for name, found in [*ranked, (words(INTERCEPT), start)]]
    log_odds = _sum(weighed)
    likely = 1.0 / (1.0 + math.exp(-log_odds))
    rows.append(("together", "", f"{log_odds:+.2f}", f"log odds: {likely:.2f} likely"))
    columns = (_head(made, weighed), "value", "adds", "")
    print_table(columns, rows, numbers=range(1, 3))


def _head(made: Assignment, weighed: Sequence[Evidence]) -> str:
    """Over the measures: the story they are of, where it is not the article's own."""
    for lost in made.runners_up:
        if list(lost.evidence) == weighed:
            return f"against {lost.story_id}"
    return "what was measured"


def _sum(found: Sequence[Evidence]) -> float:
    return sum(one.weight * one.value for one in found)


def _row(name: str, found: Sequence[Evidence], longest: float) -> tuple[str, ...]:
    """A line for the measures of one kind; the value is the similarity to the nearest members."""
    near = [one.value for one in found if one.kind.endswith("_near")]
    value = f"{near[0]:.2f}" if near else ""
    return (name, value, f"{_sum(found):+.2f}", _bar(_sum(found), longest))


def _bar(added: float, longest: float) -> str:
    """As many signs as the share of the strongest."""
    return ("+" if added > 0 else "-") * round(_LONGEST_BAR * min(1.0, abs(added) / longest))
