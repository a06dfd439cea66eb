from storycluster.v1 import resources_pb2 as _resources_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class CompareArticlesRequest(_message.Message):
    __slots__ = ("collection", "base_article_id", "other_article_id", "base_revision", "other_revision")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    BASE_ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    OTHER_ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    BASE_REVISION_FIELD_NUMBER: _ClassVar[int]
    OTHER_REVISION_FIELD_NUMBER: _ClassVar[int]
    collection: str
    base_article_id: str
    other_article_id: str
    base_revision: int
    other_revision: int
    def __init__(self, collection: _Optional[str] = ..., base_article_id: _Optional[str] = ..., other_article_id: _Optional[str] = ..., base_revision: _Optional[int] = ..., other_revision: _Optional[int] = ...) -> None: ...

class CompareArticlesResponse(_message.Message):
    __slots__ = ("comparison",)
    COMPARISON_FIELD_NUMBER: _ClassVar[int]
    comparison: _resources_pb2.Comparison
    def __init__(self, comparison: _Optional[_Union[_resources_pb2.Comparison, _Mapping]] = ...) -> None: ...

class CompareToCanonicalRequest(_message.Message):
    __slots__ = ("collection", "article_id")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    collection: str
    article_id: str
    def __init__(self, collection: _Optional[str] = ..., article_id: _Optional[str] = ...) -> None: ...

class CompareToCanonicalResponse(_message.Message):
    __slots__ = ("comparison",)
    COMPARISON_FIELD_NUMBER: _ClassVar[int]
    comparison: _resources_pb2.Comparison
    def __init__(self, comparison: _Optional[_Union[_resources_pb2.Comparison, _Mapping]] = ...) -> None: ...

class ListStaleMembersRequest(_message.Message):
    __slots__ = ("collection", "article_id")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    collection: str
    article_id: str
    def __init__(self, collection: _Optional[str] = ..., article_id: _Optional[str] = ...) -> None: ...

class ListStaleMembersResponse(_message.Message):
    __slots__ = ("comparisons",)
    COMPARISONS_FIELD_NUMBER: _ClassVar[int]
    comparisons: _containers.RepeatedCompositeFieldContainer[_resources_pb2.Comparison]
    def __init__(self, comparisons: _Optional[_Iterable[_Union[_resources_pb2.Comparison, _Mapping]]] = ...) -> None: ...
