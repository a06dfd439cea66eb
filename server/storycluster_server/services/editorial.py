"""How does an editor put stories right?"""

from __future__ import annotations

from typing import Any

from storycluster import wire
from storycluster.domain import Override, Story
from storycluster.errors import InvalidInput
from storycluster.v1 import editorial_service_pb2 as pb
from storycluster.v1.editorial_service_pb2_grpc import EditorialServiceServicer
from storycluster_server import calls, paging
from storycluster_server.services.core import Core, act_of, not_negative, required

Context = Any


class EditorialService(EditorialServiceServicer):
    """EditorialService over the engine."""

    def __init__(self, core: Core) -> None:
        self._core = core

    async def MoveArticle(  # noqa: N802
        self, request: pb.MoveArticleRequest, _context: Context
    ) -> pb.MoveArticleResponse:
        """An article goes to another story, or to a new one."""
        done = await self._core.edits.run(
            self._core.engine.move,
            request.collection,
            required(request.article_id, "article_id"),
            request.story_id,
            act_of(request),
            expected_revision=_expected(request),
        )
        return pb.MoveArticleResponse(**_told(done))

    async def MergeStories(  # noqa: N802
        self, request: pb.MergeStoriesRequest, _context: Context
    ) -> pb.MergeStoriesResponse:
        """Two stories become one."""
        done = await self._core.edits.run(
            self._core.engine.merge,
            request.collection,
            required(request.story_id, "story_id"),
            required(request.other_story_id, "other_story_id"),
            act_of(request),
            expected_revision=_expected(request),
        )
        return pb.MergeStoriesResponse(**_told(done))

    async def SplitStory(  # noqa: N802
        self, request: pb.SplitStoryRequest, _context: Context
    ) -> pb.SplitStoryResponse:
        """Some articles of a story get a new one."""
        if not request.article_ids:
            raise InvalidInput.of("article_ids", "must not be empty")
        calls.current.get().items = len(request.article_ids)
        done = await self._core.edits.run(
            self._core.engine.split,
            request.collection,
            required(request.story_id, "story_id"),
            [
                required(article_id, f"article_ids[{place}]")
                for place, article_id in enumerate(request.article_ids)
            ],
            act_of(request),
            expected_revision=_expected(request),
        )
        return pb.SplitStoryResponse(**_told(done))

    async def PinCanonical(  # noqa: N802
        self, request: pb.PinCanonicalRequest, _context: Context
    ) -> pb.PinCanonicalResponse:
        """An article stands for its story, whatever the policy says."""
        done = await self._core.edits.run(
            self._core.engine.pin,
            request.collection,
            required(request.article_id, "article_id"),
            act_of(request),
            expected_revision=_expected(request),
        )
        return pb.PinCanonicalResponse(**_told(done))

    async def UnpinCanonical(  # noqa: N802
        self, request: pb.UnpinCanonicalRequest, _context: Context
    ) -> pb.UnpinCanonicalResponse:
        """The policy chooses again."""
        done = await self._of_story(self._core.engine.unpin, request)
        return pb.UnpinCanonicalResponse(**_told(done))

    async def LockStory(  # noqa: N802
        self, request: pb.LockStoryRequest, _context: Context
    ) -> pb.LockStoryResponse:
        """A story stays as it is."""
        done = await self._of_story(self._core.engine.lock, request)
        return pb.LockStoryResponse(**_told(done))

    async def UnlockStory(  # noqa: N802
        self, request: pb.UnlockStoryRequest, _context: Context
    ) -> pb.UnlockStoryResponse:
        """A story may change again."""
        done = await self._of_story(self._core.engine.unlock, request)
        return pb.UnlockStoryResponse(**_told(done))

    async def AddConstraint(  # noqa: N802
        self, request: pb.AddConstraintRequest, _context: Context
    ) -> pb.AddConstraintResponse:
        """Two articles are, or are not, about the same event."""
        done = await self._core.edits.run(
            self._core.engine.link,
            request.collection,
            wire.constraint_kind_from_number(request.kind),
            required(request.article_id, "article_id"),
            required(request.other_article_id, "other_article_id"),
            act_of(request),
        )
        return pb.AddConstraintResponse(**_told(done))

    async def RemoveConstraint(  # noqa: N802
        self, request: pb.RemoveConstraintRequest, _context: Context
    ) -> pb.RemoveConstraintResponse:
        """Nothing is said of two articles any more."""
        done = await self._core.edits.run(
            self._core.engine.unlink,
            request.collection,
            required(request.article_id, "article_id"),
            required(request.other_article_id, "other_article_id"),
            act_of(request),
        )
        return pb.RemoveConstraintResponse(override=wire.override_to_message(done))

    async def UndoOverride(  # noqa: N802
        self, request: pb.UndoOverrideRequest, _context: Context
    ) -> pb.UndoOverrideResponse:
        """An override is taken back."""
        if request.sequence < 1:
            raise InvalidInput.of("sequence", "must be 1 or more")
        done = await self._core.edits.run(
            self._core.engine.undo, request.collection, request.sequence, act_of(request)
        )
        return pb.UndoOverrideResponse(override=wire.override_to_message(done))

    async def ListOverrides(  # noqa: N802
        self, request: pb.ListOverridesRequest, _context: Context
    ) -> pb.ListOverridesResponse:
        """One page of overrides, newest first."""
        size = paging.page_limit(
            request.page_size, largest=self._core.engine.settings.limits.page_size
        )
        while True:  # a split names each of its articles: fewer, where they do not fit
            page = await self._core.reads.run(
                self._core.engine.list_overrides,
                request.collection,
                page_size=size,
                page_token=request.page_token,
            )
            answer = pb.ListOverridesResponse(
                overrides=[wire.override_to_message(one) for one in page.items],
                next_page_token=page.next_page_token,
            )
            if size == 1 or answer.ByteSize() <= self._core.info.max_message_bytes:
                calls.current.get().items = len(page.items)
                return answer
            size = max(1, size // 4)

    async def _of_story(self, act: Any, request: Any) -> tuple[Override, Story]:
        done: tuple[Override, Story] = await self._core.edits.run(
            act,
            request.collection,
            required(request.story_id, "story_id"),
            act_of(request),
            expected_revision=_expected(request),
        )
        return done


def _expected(request: Any) -> int:
    expected: int = not_negative(request.expected_revision, "expected_revision")
    return expected


def _told(done: tuple[Override, Story]) -> dict[str, Any]:
    """The two fields of most answers."""
    override, story = done
    return {"override": wire.override_to_message(override), "story": wire.story_to_message(story)}
