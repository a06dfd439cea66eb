"""Which message asks for which act of an editor, and what does its answer say?"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from storycluster import wire
from storycluster.client.requests import Call, required, sequence, whole
from storycluster.domain import Act, ConstraintKind, Override, Page, Story, Tombstone
from storycluster.errors import InvalidInput
from storycluster.v1 import article_service_pb2 as article_pb
from storycluster.v1 import editorial_service_pb2 as pb


@dataclass(frozen=True, slots=True)
class Edit:
    """What an editor did, and the story it concerns as it is now."""

    override: Override
    story: Story


class EditingRequests:
    """Builds the calls of one collection.

    None but withdrawing and erasing may be repeated unasked: a second move would found a second
    story, a second lock would be refused though the first one was heard.
    """

    __slots__ = ("collection",)

    def __init__(self, collection: str) -> None:
        self.collection = collection

    def withdraw(self, article_id: str, act: Act) -> Call[Tombstone]:
        """WithdrawArticle."""
        request = article_pb.WithdrawArticleRequest(**self._of_article(article_id, act))
        return Call("ArticleService", "WithdrawArticle", request, _tombstone)

    def reinstate(self, article_id: str, act: Act) -> Call[Story]:
        """ReinstateArticle."""
        return Call(
            "ArticleService",
            "ReinstateArticle",
            article_pb.ReinstateArticleRequest(**self._of_article(article_id, act)),
            lambda response: wire.story_from_message(response.story),
            repeatable=False,
        )

    def erase(self, article_id: str, act: Act) -> Call[Tombstone]:
        """EraseArticle."""
        request = article_pb.EraseArticleRequest(**self._of_article(article_id, act))
        return Call("ArticleService", "EraseArticle", request, _tombstone)

    def move(self, article_id: str, story_id: str, *, act: Act, expected: int) -> Call[Edit]:
        """MoveArticle; no story is a new one."""
        request = pb.MoveArticleRequest(
            **self._of_article(article_id, act),
            story_id=required(story_id, "story_id") if story_id else "",
            expected_revision=sequence(expected, "expected_revision"),
        )
        return _edit("MoveArticle", request)

    def merge(self, story_id: str, other_story_id: str, *, act: Act, expected: int) -> Call[Edit]:
        """MergeStories."""
        request = pb.MergeStoriesRequest(
            **self._of_story(story_id, act, expected=expected),
            other_story_id=required(other_story_id, "other_story_id"),
        )
        return _edit("MergeStories", request)

    def split(
        self, story_id: str, article_ids: Iterable[str], *, act: Act, expected: int
    ) -> Call[Edit]:
        """SplitStory."""
        if isinstance(article_ids, str):  # it would be sent letter by letter
            raise InvalidInput.of("article_ids", "must be ids, one text each, not a single text")
        ids = [required(one, f"article_ids[{place}]") for place, one in enumerate(article_ids)]
        if not ids:
            raise InvalidInput.of("article_ids", "must not be empty")
        request = pb.SplitStoryRequest(
            **self._of_story(story_id, act, expected=expected), article_ids=ids
        )
        return _edit("SplitStory", request)

    def pin(self, article_id: str, act: Act, *, expected: int) -> Call[Edit]:
        """PinCanonical."""
        request = pb.PinCanonicalRequest(
            **self._of_article(article_id, act),
            expected_revision=sequence(expected, "expected_revision"),
        )
        return _edit("PinCanonical", request)

    def unpin(self, story_id: str, act: Act, *, expected: int) -> Call[Edit]:
        """UnpinCanonical."""
        asked = self._of_story(story_id, act, expected=expected)
        return _edit("UnpinCanonical", pb.UnpinCanonicalRequest(**asked))

    def lock(self, story_id: str, act: Act, *, expected: int) -> Call[Edit]:
        """LockStory."""
        asked = self._of_story(story_id, act, expected=expected)
        return _edit("LockStory", pb.LockStoryRequest(**asked))

    def unlock(self, story_id: str, act: Act, *, expected: int) -> Call[Edit]:
        """UnlockStory."""
        asked = self._of_story(story_id, act, expected=expected)
        return _edit("UnlockStory", pb.UnlockStoryRequest(**asked))

    def link(
        self, kind: ConstraintKind, article_id: str, other_article_id: str, *, act: Act
    ) -> Call[Edit]:
        """AddConstraint."""
        request = pb.AddConstraintRequest(
            **self._of_article(article_id, act),
            kind=wire.constraint_kind_to_number(kind),
            other_article_id=required(other_article_id, "other_article_id"),
        )
        return _edit("AddConstraint", request)

    def unlink(self, article_id: str, other_article_id: str, *, act: Act) -> Call[Override]:
        """RemoveConstraint."""
        request = pb.RemoveConstraintRequest(
            **self._of_article(article_id, act),
            other_article_id=required(other_article_id, "other_article_id"),
        )
        return _override("RemoveConstraint", request)

    def undo(self, override: int, act: Act) -> Call[Override]:
        """UndoOverride."""
        if not sequence(override, "sequence"):
            raise InvalidInput.of("sequence", "must be 1 or more")
        request = pb.UndoOverrideRequest(
            collection=self.collection, sequence=override, **_told_by(act)
        )
        return _override("UndoOverride", request)

    def list_overrides(self, *, page_size: int, page_token: str) -> Call[Page[Override]]:
        """ListOverrides."""
        request = pb.ListOverridesRequest(
            collection=self.collection,
            page_size=whole(page_size, "page_size"),
            page_token=page_token,
        )
        return Call(
            "EditorialService",
            "ListOverrides",
            request,
            lambda response: Page(
                tuple(map(wire.override_from_message, response.overrides)),
                response.next_page_token,
            ),
        )

    def _of_article(self, article_id: str, act: Act) -> dict[str, Any]:
        """The fields that an act upon an article has."""
        named = required(article_id, "article_id")
        return {"collection": self.collection, "article_id": named, **_told_by(act)}

    def _of_story(self, story_id: str, act: Act, *, expected: int) -> dict[str, Any]:
        """The fields that an act upon a story has."""
        return {
            "collection": self.collection,
            "story_id": required(story_id, "story_id"),
            "expected_revision": sequence(expected, "expected_revision"),
            **_told_by(act),
        }


def _told_by(act: Act) -> dict[str, str]:
    return {"actor": required(act.actor, "actor"), "reason": required(act.reason, "reason")}


def _tombstone(response: Any) -> Tombstone:
    return wire.tombstone_from_message(response.tombstone)


def _edit(method: str, request: Any) -> Call[Edit]:
    def decode(response: Any) -> Edit:
        override = wire.override_from_message(response.override)
        return Edit(override, wire.story_from_message(response.story))

    return Call("EditorialService", method, request, decode, repeatable=False)


def _override(method: str, request: Any) -> Call[Override]:
    def decode(response: Any) -> Override:
        return wire.override_from_message(response.override)

    return Call("EditorialService", method, request, decode, repeatable=False)
