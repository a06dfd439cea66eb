import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from storycluster.v1 import resources_pb2 as _resources_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FactKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    FACT_KIND_UNSPECIFIED: _ClassVar[FactKind]
    FACT_KIND_NUMBER: _ClassVar[FactKind]
    FACT_KIND_DATE: _ClassVar[FactKind]
    FACT_KIND_QUOTE: _ClassVar[FactKind]
    FACT_KIND_NAME: _ClassVar[FactKind]
    FACT_KIND_SOURCE: _ClassVar[FactKind]
    FACT_KIND_STATEMENT: _ClassVar[FactKind]
FACT_KIND_UNSPECIFIED: FactKind
FACT_KIND_NUMBER: FactKind
FACT_KIND_DATE: FactKind
FACT_KIND_QUOTE: FactKind
FACT_KIND_NAME: FactKind
FACT_KIND_SOURCE: FactKind
FACT_KIND_STATEMENT: FactKind

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
    __slots__ = ("collection", "page_size", "page_token", "min_article_count", "include_merged", "published_after", "published_before", "source")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    MIN_ARTICLE_COUNT_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_MERGED_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_AFTER_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_BEFORE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    collection: str
    page_size: int
    page_token: str
    min_article_count: int
    include_merged: bool
    published_after: _timestamp_pb2.Timestamp
    published_before: _timestamp_pb2.Timestamp
    source: str
    def __init__(self, collection: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ..., min_article_count: _Optional[int] = ..., include_merged: bool = ..., published_after: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., published_before: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., source: _Optional[str] = ...) -> None: ...

class ListStoriesResponse(_message.Message):
    __slots__ = ("stories", "next_page_token")
    STORIES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    stories: _containers.RepeatedCompositeFieldContainer[_resources_pb2.Story]
    next_page_token: str
    def __init__(self, stories: _Optional[_Iterable[_Union[_resources_pb2.Story, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class SearchStoriesRequest(_message.Message):
    __slots__ = ("collection", "query", "page_size", "min_article_count", "published_after", "published_before", "source")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    QUERY_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    MIN_ARTICLE_COUNT_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_AFTER_FIELD_NUMBER: _ClassVar[int]
    PUBLISHED_BEFORE_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    collection: str
    query: str
    page_size: int
    min_article_count: int
    published_after: _timestamp_pb2.Timestamp
    published_before: _timestamp_pb2.Timestamp
    source: str
    def __init__(self, collection: _Optional[str] = ..., query: _Optional[str] = ..., page_size: _Optional[int] = ..., min_article_count: _Optional[int] = ..., published_after: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., published_before: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., source: _Optional[str] = ...) -> None: ...

class SearchStoriesResponse(_message.Message):
    __slots__ = ("hits",)
    class Hit(_message.Message):
        __slots__ = ("story", "similarity", "article_id")
        STORY_FIELD_NUMBER: _ClassVar[int]
        SIMILARITY_FIELD_NUMBER: _ClassVar[int]
        ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
        story: _resources_pb2.Story
        similarity: float
        article_id: str
        def __init__(self, story: _Optional[_Union[_resources_pb2.Story, _Mapping]] = ..., similarity: _Optional[float] = ..., article_id: _Optional[str] = ...) -> None: ...
    HITS_FIELD_NUMBER: _ClassVar[int]
    hits: _containers.RepeatedCompositeFieldContainer[SearchStoriesResponse.Hit]
    def __init__(self, hits: _Optional[_Iterable[_Union[SearchStoriesResponse.Hit, _Mapping]]] = ...) -> None: ...

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

class GetStoryFactsRequest(_message.Message):
    __slots__ = ("collection", "story_id")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    STORY_ID_FIELD_NUMBER: _ClassVar[int]
    collection: str
    story_id: str
    def __init__(self, collection: _Optional[str] = ..., story_id: _Optional[str] = ...) -> None: ...

class GetStoryFactsResponse(_message.Message):
    __slots__ = ("facts",)
    FACTS_FIELD_NUMBER: _ClassVar[int]
    facts: StoryFacts
    def __init__(self, facts: _Optional[_Union[StoryFacts, _Mapping]] = ...) -> None: ...

class FactCell(_message.Message):
    __slots__ = ("article_id", "source", "span", "value", "conflict")
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    SPAN_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    CONFLICT_FIELD_NUMBER: _ClassVar[int]
    article_id: str
    source: str
    span: _resources_pb2.Span
    value: str
    conflict: bool
    def __init__(self, article_id: _Optional[str] = ..., source: _Optional[str] = ..., span: _Optional[_Union[_resources_pb2.Span, _Mapping]] = ..., value: _Optional[str] = ..., conflict: bool = ...) -> None: ...

class Fact(_message.Message):
    __slots__ = ("kind", "value", "cells", "conflict")
    KIND_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    CELLS_FIELD_NUMBER: _ClassVar[int]
    CONFLICT_FIELD_NUMBER: _ClassVar[int]
    kind: FactKind
    value: str
    cells: _containers.RepeatedCompositeFieldContainer[FactCell]
    conflict: bool
    def __init__(self, kind: _Optional[_Union[FactKind, str]] = ..., value: _Optional[str] = ..., cells: _Optional[_Iterable[_Union[FactCell, _Mapping]]] = ..., conflict: bool = ...) -> None: ...

class FirstStated(_message.Message):
    __slots__ = ("fact", "article_id", "source", "value", "publish_time", "publish_precision")
    FACT_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    PUBLISH_TIME_FIELD_NUMBER: _ClassVar[int]
    PUBLISH_PRECISION_FIELD_NUMBER: _ClassVar[int]
    fact: int
    article_id: str
    source: str
    value: str
    publish_time: _timestamp_pb2.Timestamp
    publish_precision: _resources_pb2.TimePrecision
    def __init__(self, fact: _Optional[int] = ..., article_id: _Optional[str] = ..., source: _Optional[str] = ..., value: _Optional[str] = ..., publish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., publish_precision: _Optional[_Union[_resources_pb2.TimePrecision, str]] = ...) -> None: ...

class Advisory(_message.Message):
    __slots__ = ("article_id", "text", "not_compared")
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    NOT_COMPARED_FIELD_NUMBER: _ClassVar[int]
    article_id: str
    text: str
    not_compared: str
    def __init__(self, article_id: _Optional[str] = ..., text: _Optional[str] = ..., not_compared: _Optional[str] = ...) -> None: ...

class CopyChanges(_message.Message):
    __slots__ = ("article_id", "removed_count", "added_count", "reworded_count", "conflict_count", "not_compared")
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    REMOVED_COUNT_FIELD_NUMBER: _ClassVar[int]
    ADDED_COUNT_FIELD_NUMBER: _ClassVar[int]
    REWORDED_COUNT_FIELD_NUMBER: _ClassVar[int]
    CONFLICT_COUNT_FIELD_NUMBER: _ClassVar[int]
    NOT_COMPARED_FIELD_NUMBER: _ClassVar[int]
    article_id: str
    removed_count: int
    added_count: int
    reworded_count: int
    conflict_count: int
    not_compared: str
    def __init__(self, article_id: _Optional[str] = ..., removed_count: _Optional[int] = ..., added_count: _Optional[int] = ..., reworded_count: _Optional[int] = ..., conflict_count: _Optional[int] = ..., not_compared: _Optional[str] = ...) -> None: ...

class ReprintGroup(_message.Message):
    __slots__ = ("article_id", "copies")
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    COPIES_FIELD_NUMBER: _ClassVar[int]
    article_id: str
    copies: _containers.RepeatedCompositeFieldContainer[CopyChanges]
    def __init__(self, article_id: _Optional[str] = ..., copies: _Optional[_Iterable[_Union[CopyChanges, _Mapping]]] = ...) -> None: ...

class StoryFacts(_message.Message):
    __slots__ = ("story_id", "canonical_article_id", "facts", "timeline", "advisories", "reprint_groups", "groups_left_out", "copies_left_out", "facts_left_out", "redirected_from")
    STORY_ID_FIELD_NUMBER: _ClassVar[int]
    CANONICAL_ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    FACTS_FIELD_NUMBER: _ClassVar[int]
    TIMELINE_FIELD_NUMBER: _ClassVar[int]
    ADVISORIES_FIELD_NUMBER: _ClassVar[int]
    REPRINT_GROUPS_FIELD_NUMBER: _ClassVar[int]
    GROUPS_LEFT_OUT_FIELD_NUMBER: _ClassVar[int]
    COPIES_LEFT_OUT_FIELD_NUMBER: _ClassVar[int]
    FACTS_LEFT_OUT_FIELD_NUMBER: _ClassVar[int]
    REDIRECTED_FROM_FIELD_NUMBER: _ClassVar[int]
    story_id: str
    canonical_article_id: str
    facts: _containers.RepeatedCompositeFieldContainer[Fact]
    timeline: _containers.RepeatedCompositeFieldContainer[FirstStated]
    advisories: _containers.RepeatedCompositeFieldContainer[Advisory]
    reprint_groups: _containers.RepeatedCompositeFieldContainer[ReprintGroup]
    groups_left_out: int
    copies_left_out: int
    facts_left_out: int
    redirected_from: str
    def __init__(self, story_id: _Optional[str] = ..., canonical_article_id: _Optional[str] = ..., facts: _Optional[_Iterable[_Union[Fact, _Mapping]]] = ..., timeline: _Optional[_Iterable[_Union[FirstStated, _Mapping]]] = ..., advisories: _Optional[_Iterable[_Union[Advisory, _Mapping]]] = ..., reprint_groups: _Optional[_Iterable[_Union[ReprintGroup, _Mapping]]] = ..., groups_left_out: _Optional[int] = ..., copies_left_out: _Optional[int] = ..., facts_left_out: _Optional[int] = ..., redirected_from: _Optional[str] = ...) -> None: ...
