"""`article withdraw`, `story move`, `link`, `undo` and the like: what can an editor put right?"""

from __future__ import annotations

from itertools import islice
from typing import Annotated

import typer

from storycluster.cli import act_shapes
from storycluster.cli.acting import (
    Actor,
    ArticleId,
    IfRevision,
    OtherArticleId,
    Reason,
    StoryId,
    tell_edit,
    tell_override,
    tell_story,
    tell_tombstone,
)
from storycluster.cli.printing import moment, print_table, words
from storycluster.cli.reading import articles, stories
from storycluster.cli.session import (
    DEFAULT_SERVER,
    AsJson,
    Collection,
    Server,
    Timeout,
    connected,
    put_json,
)
from storycluster.domain import ConstraintKind, Override


@articles.command("withdraw")
def withdraw(
    article_id: ArticleId,
    reason: Reason,
    actor: Actor,
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
) -> None:
    """Take an article out of its story and every answer, until it is reinstated."""
    with connected(server, collection, timeout) as client:
        left = client.withdraw_article(article_id, actor=actor, reason=reason)
        tell_tombstone(left, as_json=as_json)


@articles.command("reinstate")
def reinstate(
    article_id: ArticleId,
    reason: Reason,
    actor: Actor,
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
) -> None:
    """Bring a withdrawn article back."""
    with connected(server, collection, timeout) as client:
        story = client.reinstate_article(article_id, actor=actor, reason=reason)
        tell_story(story, as_json=as_json)


@articles.command("erase")
def erase(
    article_id: ArticleId,
    reason: Reason,
    actor: Actor,
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
) -> None:
    """Remove an article for good. It cannot be undone."""
    with connected(server, collection, timeout) as client:
        left = client.erase_article(article_id, actor=actor, reason=reason)
        tell_tombstone(left, as_json=as_json)


@stories.command("move")
def move(
    article_id: ArticleId,
    reason: Reason,
    actor: Actor,
    story_id: Annotated[str, typer.Argument(metavar="STORY", help="Without: a new one.")] = "",
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
    if_revision: IfRevision = 0,
) -> None:
    """Move an article with its copies to another story, or to a new one."""
    with connected(server, collection, timeout) as client:
        done = client.move_article(
            article_id, story_id, actor=actor, reason=reason, expected_revision=if_revision
        )
        tell_edit(done, as_json=as_json)


@stories.command("merge")
def merge(
    story_id: StoryId,
    other_story_id: Annotated[str, typer.Argument(metavar="OTHER")],
    reason: Reason,
    actor: Actor,
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
    if_revision: IfRevision = 0,
) -> None:
    """Make two stories one; the older id stays."""
    with connected(server, collection, timeout) as client:
        done = client.merge_stories(
            story_id, other_story_id, actor=actor, reason=reason, expected_revision=if_revision
        )
        tell_edit(done, as_json=as_json)


@stories.command("split")
def split(
    story_id: StoryId,
    article_ids: Annotated[list[str], typer.Argument(metavar="ARTICLE...")],
    reason: Reason,
    actor: Actor,
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
    if_revision: IfRevision = 0,
) -> None:
    """Give some articles of a story, with their copies, a story of their own."""
    with connected(server, collection, timeout) as client:
        done = client.split_story(
            story_id, article_ids, actor=actor, reason=reason, expected_revision=if_revision
        )
        tell_edit(done, as_json=as_json)


@stories.command("pin")
def pin(
    article_id: ArticleId,
    reason: Reason,
    actor: Actor,
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
    if_revision: IfRevision = 0,
) -> None:
    """Make an article the canonical of its story."""
    with connected(server, collection, timeout) as client:
        done = client.pin_canonical(
            article_id, actor=actor, reason=reason, expected_revision=if_revision
        )
        tell_edit(done, as_json=as_json)


@stories.command("unpin")
def unpin(
    story_id: StoryId,
    reason: Reason,
    actor: Actor,
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
    if_revision: IfRevision = 0,
) -> None:
    """Let the policy choose the canonical again."""
    with connected(server, collection, timeout) as client:
        done = client.unpin_canonical(
            story_id, actor=actor, reason=reason, expected_revision=if_revision
        )
        tell_edit(done, as_json=as_json)


@stories.command("lock")
def lock(
    story_id: StoryId,
    reason: Reason,
    actor: Actor,
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
    if_revision: IfRevision = 0,
) -> None:
    """Keep a story as it is, but for verified copies."""
    with connected(server, collection, timeout) as client:
        done = client.lock_story(
            story_id, actor=actor, reason=reason, expected_revision=if_revision
        )
        tell_edit(done, as_json=as_json)


@stories.command("unlock")
def unlock(
    story_id: StoryId,
    reason: Reason,
    actor: Actor,
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
    if_revision: IfRevision = 0,
) -> None:
    """Let a locked story change again."""
    with connected(server, collection, timeout) as client:
        done = client.unlock_story(
            story_id, actor=actor, reason=reason, expected_revision=if_revision
        )
        tell_edit(done, as_json=as_json)


def link(
    article_id: ArticleId,
    other_article_id: OtherArticleId,
    reason: Reason,
    actor: Actor,
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
) -> None:
    """Say that two articles are about the same event: OTHER comes to the story of ARTICLE."""
    with connected(server, collection, timeout) as client:
        done = client.add_constraint(
            ConstraintKind.MUST_LINK, article_id, other_article_id, actor=actor, reason=reason
        )
        tell_edit(done, as_json=as_json)


def separate(
    article_id: ArticleId,
    other_article_id: OtherArticleId,
    reason: Reason,
    actor: Actor,
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
) -> None:
    """Say that two articles are not about the same event: OTHER leaves the story of ARTICLE."""
    with connected(server, collection, timeout) as client:
        done = client.add_constraint(
            ConstraintKind.CANNOT_LINK, article_id, other_article_id, actor=actor, reason=reason
        )
        tell_edit(done, as_json=as_json)


def unlink(
    article_id: ArticleId,
    other_article_id: OtherArticleId,
    reason: Reason,
    actor: Actor,
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
) -> None:
    """Take back what `link` or `separate` said of two articles; they stay where they are."""
    with connected(server, collection, timeout) as client:
        done = client.remove_constraint(article_id, other_article_id, actor=actor, reason=reason)
        tell_override(done, as_json=as_json)


def undo(
    override: Annotated[int, typer.Argument(metavar="OVERRIDE", min=1)],
    reason: Reason,
    actor: Actor,
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
) -> None:
    """Take back what an editor did, by its number in `overrides`."""
    with connected(server, collection, timeout) as client:
        done = client.undo_override(override, actor=actor, reason=reason)
        tell_override(done, as_json=as_json)


def overrides(
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
    limit: Annotated[int, typer.Option(min=0, help="At most this many; 0 for all.")] = 0,
) -> None:
    """List what editors did, newest first."""
    with connected(server, collection, timeout) as client:
        found = islice(client.list_overrides(), limit or None)
        if as_json:
            for one in found:
                put_json(act_shapes.override(one))
        else:
            columns = ("override", "when", "what", "who", "stories", "articles", "undone by", "why")
            print_table(columns, map(_override_row, found))


def _override_row(one: Override) -> tuple[str, ...]:
    return (
        str(one.sequence),
        moment(one.time),
        words(one.kind.value) + (f" {one.undoes}" if one.undoes else ""),
        one.actor,
        " ".join(filter(None, (one.story_id, one.other_story_id))),
        " ".join(one.article_ids),
        str(one.undone_by or ""),
        one.reason,
    )
