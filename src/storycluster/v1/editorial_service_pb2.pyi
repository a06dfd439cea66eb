from storycluster.v1 import resources_pb2 as _resources_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class MoveArticleRequest(_message.Message):
    __slots__ = ("collection", "article_id", "story_id", "actor", "reason", "expected_revision")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    STORY_ID_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    collection: str
    article_id: str
    story_id: str
    actor: str
    reason: str
    expected_revision: int
    def __init__(self, collection: _Optional[str] = ..., article_id: _Optional[str] = ..., story_id: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

class MoveArticleResponse(_message.Message):
    __slots__ = ("override", "story")
    OVERRIDE_FIELD_NUMBER: _ClassVar[int]
    STORY_FIELD_NUMBER: _ClassVar[int]
    override: _resources_pb2.Override
    story: _resources_pb2.Story
    def __init__(self, override: _Optional[_Union[_resources_pb2.Override, _Mapping]] = ..., story: _Optional[_Union[_resources_pb2.Story, _Mapping]] = ...) -> None: ...

class MergeStoriesRequest(_message.Message):
    __slots__ = ("collection", "story_id", "other_story_id", "actor", "reason", "expected_revision")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    STORY_ID_FIELD_NUMBER: _ClassVar[int]
    OTHER_STORY_ID_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    collection: str
    story_id: str
    other_story_id: str
    actor: str
    reason: str
    expected_revision: int
    def __init__(self, collection: _Optional[str] = ..., story_id: _Optional[str] = ..., other_story_id: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

class MergeStoriesResponse(_message.Message):
    __slots__ = ("override", "story")
    OVERRIDE_FIELD_NUMBER: _ClassVar[int]
    STORY_FIELD_NUMBER: _ClassVar[int]
    override: _resources_pb2.Override
    story: _resources_pb2.Story
    def __init__(self, override: _Optional[_Union[_resources_pb2.Override, _Mapping]] = ..., story: _Optional[_Union[_resources_pb2.Story, _Mapping]] = ...) -> None: ...

class SplitStoryRequest(_message.Message):
    __slots__ = ("collection", "story_id", "article_ids", "actor", "reason", "expected_revision")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    STORY_ID_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_IDS_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    collection: str
    story_id: str
    article_ids: _containers.RepeatedScalarFieldContainer[str]
    actor: str
    reason: str
    expected_revision: int
    def __init__(self, collection: _Optional[str] = ..., story_id: _Optional[str] = ..., article_ids: _Optional[_Iterable[str]] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

class SplitStoryResponse(_message.Message):
    __slots__ = ("override", "story")
    OVERRIDE_FIELD_NUMBER: _ClassVar[int]
    STORY_FIELD_NUMBER: _ClassVar[int]
    override: _resources_pb2.Override
    story: _resources_pb2.Story
    def __init__(self, override: _Optional[_Union[_resources_pb2.Override, _Mapping]] = ..., story: _Optional[_Union[_resources_pb2.Story, _Mapping]] = ...) -> None: ...

class PinCanonicalRequest(_message.Message):
    __slots__ = ("collection", "article_id", "actor", "reason", "expected_revision")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    collection: str
    article_id: str
    actor: str
    reason: str
    expected_revision: int
    def __init__(self, collection: _Optional[str] = ..., article_id: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

class PinCanonicalResponse(_message.Message):
    __slots__ = ("override", "story")
    OVERRIDE_FIELD_NUMBER: _ClassVar[int]
    STORY_FIELD_NUMBER: _ClassVar[int]
    override: _resources_pb2.Override
    story: _resources_pb2.Story
    def __init__(self, override: _Optional[_Union[_resources_pb2.Override, _Mapping]] = ..., story: _Optional[_Union[_resources_pb2.Story, _Mapping]] = ...) -> None: ...

class UnpinCanonicalRequest(_message.Message):
    __slots__ = ("collection", "story_id", "actor", "reason", "expected_revision")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    STORY_ID_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    collection: str
    story_id: str
    actor: str
    reason: str
    expected_revision: int
    def __init__(self, collection: _Optional[str] = ..., story_id: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

class UnpinCanonicalResponse(_message.Message):
    __slots__ = ("override", "story")
    OVERRIDE_FIELD_NUMBER: _ClassVar[int]
    STORY_FIELD_NUMBER: _ClassVar[int]
    override: _resources_pb2.Override
    story: _resources_pb2.Story
    def __init__(self, override: _Optional[_Union[_resources_pb2.Override, _Mapping]] = ..., story: _Optional[_Union[_resources_pb2.Story, _Mapping]] = ...) -> None: ...

class LockStoryRequest(_message.Message):
    __slots__ = ("collection", "story_id", "actor", "reason", "expected_revision")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    STORY_ID_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    collection: str
    story_id: str
    actor: str
    reason: str
    expected_revision: int
    def __init__(self, collection: _Optional[str] = ..., story_id: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

class LockStoryResponse(_message.Message):
    __slots__ = ("override", "story")
    OVERRIDE_FIELD_NUMBER: _ClassVar[int]
    STORY_FIELD_NUMBER: _ClassVar[int]
    override: _resources_pb2.Override
    story: _resources_pb2.Story
    def __init__(self, override: _Optional[_Union[_resources_pb2.Override, _Mapping]] = ..., story: _Optional[_Union[_resources_pb2.Story, _Mapping]] = ...) -> None: ...

class UnlockStoryRequest(_message.Message):
    __slots__ = ("collection", "story_id", "actor", "reason", "expected_revision")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    STORY_ID_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EXPECTED_REVISION_FIELD_NUMBER: _ClassVar[int]
    collection: str
    story_id: str
    actor: str
    reason: str
    expected_revision: int
    def __init__(self, collection: _Optional[str] = ..., story_id: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., expected_revision: _Optional[int] = ...) -> None: ...

class UnlockStoryResponse(_message.Message):
    __slots__ = ("override", "story")
    OVERRIDE_FIELD_NUMBER: _ClassVar[int]
    STORY_FIELD_NUMBER: _ClassVar[int]
    override: _resources_pb2.Override
    story: _resources_pb2.Story
    def __init__(self, override: _Optional[_Union[_resources_pb2.Override, _Mapping]] = ..., story: _Optional[_Union[_resources_pb2.Story, _Mapping]] = ...) -> None: ...

class AddConstraintRequest(_message.Message):
    __slots__ = ("collection", "kind", "article_id", "other_article_id", "actor", "reason")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    OTHER_ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    collection: str
    kind: _resources_pb2.ConstraintKind
    article_id: str
    other_article_id: str
    actor: str
    reason: str
    def __init__(self, collection: _Optional[str] = ..., kind: _Optional[_Union[_resources_pb2.ConstraintKind, str]] = ..., article_id: _Optional[str] = ..., other_article_id: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class AddConstraintResponse(_message.Message):
    __slots__ = ("override", "story")
    OVERRIDE_FIELD_NUMBER: _ClassVar[int]
    STORY_FIELD_NUMBER: _ClassVar[int]
    override: _resources_pb2.Override
    story: _resources_pb2.Story
    def __init__(self, override: _Optional[_Union[_resources_pb2.Override, _Mapping]] = ..., story: _Optional[_Union[_resources_pb2.Story, _Mapping]] = ...) -> None: ...

class RemoveConstraintRequest(_message.Message):
    __slots__ = ("collection", "article_id", "other_article_id", "actor", "reason")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    OTHER_ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    collection: str
    article_id: str
    other_article_id: str
    actor: str
    reason: str
    def __init__(self, collection: _Optional[str] = ..., article_id: _Optional[str] = ..., other_article_id: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class RemoveConstraintResponse(_message.Message):
    __slots__ = ("override",)
    OVERRIDE_FIELD_NUMBER: _ClassVar[int]
    override: _resources_pb2.Override
    def __init__(self, override: _Optional[_Union[_resources_pb2.Override, _Mapping]] = ...) -> None: ...

class UndoOverrideRequest(_message.Message):
    __slots__ = ("collection", "sequence", "actor", "reason")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    collection: str
    sequence: int
    actor: str
    reason: str
    def __init__(self, collection: _Optional[str] = ..., sequence: _Optional[int] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class UndoOverrideResponse(_message.Message):
    __slots__ = ("override",)
    OVERRIDE_FIELD_NUMBER: _ClassVar[int]
    override: _resources_pb2.Override
    def __init__(self, override: _Optional[_Union[_resources_pb2.Override, _Mapping]] = ...) -> None: ...

class ListOverridesRequest(_message.Message):
    __slots__ = ("collection", "page_size", "page_token")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    collection: str
    page_size: int
    page_token: str
    def __init__(self, collection: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListOverridesResponse(_message.Message):
    __slots__ = ("overrides", "next_page_token")
    OVERRIDES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    overrides: _containers.RepeatedCompositeFieldContainer[_resources_pb2.Override]
    next_page_token: str
    def __init__(self, overrides: _Optional[_Iterable[_Union[_resources_pb2.Override, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
