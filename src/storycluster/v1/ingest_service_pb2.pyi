import datetime

from google.protobuf import duration_pb2 as _duration_pb2
from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.rpc import status_pb2 as _status_pb2
from storycluster.v1 import resources_pb2 as _resources_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class IngestResult(_message.Message):
    __slots__ = ("article_id", "assignment", "error", "canonical", "replayed", "story", "comparison", "revision_comparison", "held_until")
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    ASSIGNMENT_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    CANONICAL_FIELD_NUMBER: _ClassVar[int]
    REPLAYED_FIELD_NUMBER: _ClassVar[int]
    STORY_FIELD_NUMBER: _ClassVar[int]
    COMPARISON_FIELD_NUMBER: _ClassVar[int]
    REVISION_COMPARISON_FIELD_NUMBER: _ClassVar[int]
    HELD_UNTIL_FIELD_NUMBER: _ClassVar[int]
    article_id: str
    assignment: _resources_pb2.Assignment
    error: _status_pb2.Status
    canonical: _resources_pb2.Canonical
    replayed: bool
    story: _resources_pb2.Story
    comparison: _resources_pb2.Comparison
    revision_comparison: _resources_pb2.Comparison
    held_until: _timestamp_pb2.Timestamp
    def __init__(self, article_id: _Optional[str] = ..., assignment: _Optional[_Union[_resources_pb2.Assignment, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ..., canonical: _Optional[_Union[_resources_pb2.Canonical, _Mapping]] = ..., replayed: bool = ..., story: _Optional[_Union[_resources_pb2.Story, _Mapping]] = ..., comparison: _Optional[_Union[_resources_pb2.Comparison, _Mapping]] = ..., revision_comparison: _Optional[_Union[_resources_pb2.Comparison, _Mapping]] = ..., held_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class MatchResult(_message.Message):
    __slots__ = ("article_id", "match", "error")
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    MATCH_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    article_id: str
    match: _resources_pb2.Match
    error: _status_pb2.Status
    def __init__(self, article_id: _Optional[str] = ..., match: _Optional[_Union[_resources_pb2.Match, _Mapping]] = ..., error: _Optional[_Union[_status_pb2.Status, _Mapping]] = ...) -> None: ...

class IngestArticleRequest(_message.Message):
    __slots__ = ("collection", "article", "include_view")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_VIEW_FIELD_NUMBER: _ClassVar[int]
    collection: str
    article: _resources_pb2.Article
    include_view: bool
    def __init__(self, collection: _Optional[str] = ..., article: _Optional[_Union[_resources_pb2.Article, _Mapping]] = ..., include_view: bool = ...) -> None: ...

class IngestArticleResponse(_message.Message):
    __slots__ = ("result",)
    RESULT_FIELD_NUMBER: _ClassVar[int]
    result: IngestResult
    def __init__(self, result: _Optional[_Union[IngestResult, _Mapping]] = ...) -> None: ...

class BatchIngestArticlesRequest(_message.Message):
    __slots__ = ("collection", "articles", "include_view")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    ARTICLES_FIELD_NUMBER: _ClassVar[int]
    INCLUDE_VIEW_FIELD_NUMBER: _ClassVar[int]
    collection: str
    articles: _containers.RepeatedCompositeFieldContainer[_resources_pb2.Article]
    include_view: bool
    def __init__(self, collection: _Optional[str] = ..., articles: _Optional[_Iterable[_Union[_resources_pb2.Article, _Mapping]]] = ..., include_view: bool = ...) -> None: ...

class BatchIngestArticlesResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[IngestResult]
    def __init__(self, results: _Optional[_Iterable[_Union[IngestResult, _Mapping]]] = ...) -> None: ...

class StreamIngestArticlesRequest(_message.Message):
    __slots__ = ("open", "batch")
    class Open(_message.Message):
        __slots__ = ("collection", "stream_id", "max_in_flight_batches", "include_view")
        COLLECTION_FIELD_NUMBER: _ClassVar[int]
        STREAM_ID_FIELD_NUMBER: _ClassVar[int]
        MAX_IN_FLIGHT_BATCHES_FIELD_NUMBER: _ClassVar[int]
        INCLUDE_VIEW_FIELD_NUMBER: _ClassVar[int]
        collection: str
        stream_id: str
        max_in_flight_batches: int
        include_view: bool
        def __init__(self, collection: _Optional[str] = ..., stream_id: _Optional[str] = ..., max_in_flight_batches: _Optional[int] = ..., include_view: bool = ...) -> None: ...
    class Batch(_message.Message):
        __slots__ = ("sequence", "articles")
        SEQUENCE_FIELD_NUMBER: _ClassVar[int]
        ARTICLES_FIELD_NUMBER: _ClassVar[int]
        sequence: int
        articles: _containers.RepeatedCompositeFieldContainer[_resources_pb2.Article]
        def __init__(self, sequence: _Optional[int] = ..., articles: _Optional[_Iterable[_Union[_resources_pb2.Article, _Mapping]]] = ...) -> None: ...
    OPEN_FIELD_NUMBER: _ClassVar[int]
    BATCH_FIELD_NUMBER: _ClassVar[int]
    open: StreamIngestArticlesRequest.Open
    batch: StreamIngestArticlesRequest.Batch
    def __init__(self, open: _Optional[_Union[StreamIngestArticlesRequest.Open, _Mapping]] = ..., batch: _Optional[_Union[StreamIngestArticlesRequest.Batch, _Mapping]] = ...) -> None: ...

class StreamIngestArticlesResponse(_message.Message):
    __slots__ = ("opened", "batch_result", "window", "draining")
    class Window(_message.Message):
        __slots__ = ("max_in_flight_batches", "retry_delay")
        MAX_IN_FLIGHT_BATCHES_FIELD_NUMBER: _ClassVar[int]
        RETRY_DELAY_FIELD_NUMBER: _ClassVar[int]
        max_in_flight_batches: int
        retry_delay: _duration_pb2.Duration
        def __init__(self, max_in_flight_batches: _Optional[int] = ..., retry_delay: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...
    class Opened(_message.Message):
        __slots__ = ("last_committed_sequence", "window", "limits")
        LAST_COMMITTED_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
        WINDOW_FIELD_NUMBER: _ClassVar[int]
        LIMITS_FIELD_NUMBER: _ClassVar[int]
        last_committed_sequence: int
        window: StreamIngestArticlesResponse.Window
        limits: _resources_pb2.ServerLimits
        def __init__(self, last_committed_sequence: _Optional[int] = ..., window: _Optional[_Union[StreamIngestArticlesResponse.Window, _Mapping]] = ..., limits: _Optional[_Union[_resources_pb2.ServerLimits, _Mapping]] = ...) -> None: ...
    class BatchResult(_message.Message):
        __slots__ = ("sequence", "results")
        SEQUENCE_FIELD_NUMBER: _ClassVar[int]
        RESULTS_FIELD_NUMBER: _ClassVar[int]
        sequence: int
        results: _containers.RepeatedCompositeFieldContainer[IngestResult]
        def __init__(self, sequence: _Optional[int] = ..., results: _Optional[_Iterable[_Union[IngestResult, _Mapping]]] = ...) -> None: ...
    class Draining(_message.Message):
        __slots__ = ("last_accepted_sequence", "grace_period")
        LAST_ACCEPTED_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
        GRACE_PERIOD_FIELD_NUMBER: _ClassVar[int]
        last_accepted_sequence: int
        grace_period: _duration_pb2.Duration
        def __init__(self, last_accepted_sequence: _Optional[int] = ..., grace_period: _Optional[_Union[datetime.timedelta, _duration_pb2.Duration, _Mapping]] = ...) -> None: ...
    OPENED_FIELD_NUMBER: _ClassVar[int]
    BATCH_RESULT_FIELD_NUMBER: _ClassVar[int]
    WINDOW_FIELD_NUMBER: _ClassVar[int]
    DRAINING_FIELD_NUMBER: _ClassVar[int]
    opened: StreamIngestArticlesResponse.Opened
    batch_result: StreamIngestArticlesResponse.BatchResult
    window: StreamIngestArticlesResponse.Window
    draining: StreamIngestArticlesResponse.Draining
    def __init__(self, opened: _Optional[_Union[StreamIngestArticlesResponse.Opened, _Mapping]] = ..., batch_result: _Optional[_Union[StreamIngestArticlesResponse.BatchResult, _Mapping]] = ..., window: _Optional[_Union[StreamIngestArticlesResponse.Window, _Mapping]] = ..., draining: _Optional[_Union[StreamIngestArticlesResponse.Draining, _Mapping]] = ...) -> None: ...

class MatchArticlesRequest(_message.Message):
    __slots__ = ("collection", "articles")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    ARTICLES_FIELD_NUMBER: _ClassVar[int]
    collection: str
    articles: _containers.RepeatedCompositeFieldContainer[_resources_pb2.Article]
    def __init__(self, collection: _Optional[str] = ..., articles: _Optional[_Iterable[_Union[_resources_pb2.Article, _Mapping]]] = ...) -> None: ...

class MatchArticlesResponse(_message.Message):
    __slots__ = ("results",)
    RESULTS_FIELD_NUMBER: _ClassVar[int]
    results: _containers.RepeatedCompositeFieldContainer[MatchResult]
    def __init__(self, results: _Optional[_Iterable[_Union[MatchResult, _Mapping]]] = ...) -> None: ...
