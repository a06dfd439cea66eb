from storycluster.v1 import resources_pb2 as _resources_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class GetStoryRequest(_message.Message):
    __slots__ = ("collection", "story_id")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    STORY_ID_FIELD_NUMBER: _ClassVar[int]
    collection: str
    story_id: str
    def __init__(self, collection: _Optional[str] = ..., story_id: _Optional[str] = ...) -> None: ...

class GetStoryResponse(_message.Message):
    __slots__ = ("view",)
    VIEW_FIELD_NUMBER: _ClassVar[int]
    view: _resources_pb2.StoryView
    def __init__(self, view: _Optional[_Union[_resources_pb2.StoryView, _Mapping]] = ...) -> None: ...

class BatchGetStoriesRequest(_message.Message):
    __slots__ = ("collection", "story_ids")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    STORY_IDS_FIELD_NUMBER: _ClassVar[int]
    collection: str
    story_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, collection: _Optional[str] = ..., story_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class BatchGetStoriesResponse(_message.Message):
    __slots__ = ("views", "missing_story_ids")
    VIEWS_FIELD_NUMBER: _ClassVar[int]
    MISSING_STORY_IDS_FIELD_NUMBER: _ClassVar[int]
    views: _containers.RepeatedCompositeFieldContainer[_resources_pb2.StoryView]
    missing_story_ids: _containers.RepeatedScalarFieldContainer[str]
    def __init__(self, views: _Optional[_Iterable[_Union[_resources_pb2.StoryView, _Mapping]]] = ..., missing_story_ids: _Optional[_Iterable[str]] = ...) -> None: ...

class ListStoriesRequest(_message.Message):
    __slots__ = ("collection", "page_size", "page_token", "min_article_count", "include_merged")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    MIN_ARTICLE_COUNT_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_MERGED_FIELD_NUMBER: _ClassVar[int]
    collection: str
    page_size: int
    page_token: str
    min_article_count: int
    include_merged: bool
    def __init__(self, collection: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., min_article_count: _Optional[int] = ..., include_merged: bool = ...) -> None: ...

class ListStoriesResponse(_message.Message):
    __slots__ = ("stories", "next_page_token")
    STORIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    stories: _containers.RepeatedCompositeFieldContainer[_resources_pb2.Story]
    next_page_token: str
    def __init__(self, stories: _Optional[_Iterable[_Union[_resources_pb2.Story, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListStoryArticlesRequest(_message.Message):
    __slots__ = ("collection", "story_id", "page_size", "page_token")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    STORY_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    collection: str
    story_id: str
    page_size: int
    page_token: str
    def __init__(self, collection: _Optional[str] = ..., story_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListStoryArticlesResponse(_message.Message):
    __slots__ = ("articles", "next_page_token", "story_id")
    ARTICLES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    STORY_ID_FIELD_NUMBER: _ClassVar[int]
    articles: _containers.RepeatedCompositeFieldContainer[_resources_pb2.StoredArticle]
    next_page_token: str
    story_id: str
    def __init__(self, articles: _Optional[_Iterable[_Union[_resources_pb2.StoredArticle, _Mapping]]] = ..., next_page_token: _Optional[str] = ..., story_id: _Optional[str] = ...) -> None: ...
