from storycluster.v1 import resources_pb2 as _resources_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class FindSimilarArticlesRequest(_message.Message):
    __slots__ = ("collection", "article", "page_size")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    collection: str
    article: _resources_pb2.Article
    page_size: int
    def __init__(self, collection: _Optional[str] = ..., article: _Optional[_Union[_resources_pb2.Article, _Mapping]] = ..., page_size: _Optional[int] = ...) -> None: ...

class FindSimilarArticlesResponse(_message.Message):
    __slots__ = ("articles",)
    ARTICLES_FIELD_NUMBER: _ClassVar[int]
    articles: _containers.RepeatedCompositeFieldContainer[SimilarArticle]
    def __init__(self, articles: _Optional[_Iterable[_Union[SimilarArticle, _Mapping]]] = ...) -> None: ...

class SimilarArticle(_message.Message):
    __slots__ = ("article_id", "story_id", "similarity", "jaccard", "containment", "source")
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    STORY_ID_FIELD_NUMBER: _ClassVar[int]
    SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    JACCARD_FIELD_NUMBER: _ClassVar[int]
    CONTAINMENT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    article_id: str
    story_id: str
    similarity: float
    jaccard: float
    containment: float
    source: str
    def __init__(self, article_id: _Optional[str] = ..., story_id: _Optional[str] = ..., similarity: _Optional[float] = ..., jaccard: _Optional[float] = ..., containment: _Optional[float] = ..., source: _Optional[str] = ...) -> None: ...

class WithdrawArticleRequest(_message.Message):
    __slots__ = ("collection", "article_id", "actor", "reason")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    collection: str
    article_id: str
    actor: str
    reason: str
    def __init__(self, collection: _Optional[str] = ..., article_id: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class WithdrawArticleResponse(_message.Message):
    __slots__ = ("tombstone",)
    TOMBSTONE_FIELD_NUMBER: _ClassVar[int]
    tombstone: _resources_pb2.Tombstone
    def __init__(self, tombstone: _Optional[_Union[_resources_pb2.Tombstone, _Mapping]] = ...) -> None: ...

class ReinstateArticleRequest(_message.Message):
    __slots__ = ("collection", "article_id", "actor", "reason")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    collection: str
    article_id: str
    actor: str
    reason: str
    def __init__(self, collection: _Optional[str] = ..., article_id: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class ReinstateArticleResponse(_message.Message):
    __slots__ = ("story",)
    STORY_FIELD_NUMBER: _ClassVar[int]
    story: _resources_pb2.Story
    def __init__(self, story: _Optional[_Union[_resources_pb2.Story, _Mapping]] = ...) -> None: ...

class EraseArticleRequest(_message.Message):
    __slots__ = ("collection", "article_id", "actor", "reason")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    collection: str
    article_id: str
    actor: str
    reason: str
    def __init__(self, collection: _Optional[str] = ..., article_id: _Optional[str] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class EraseArticleResponse(_message.Message):
    __slots__ = ("tombstone",)
    TOMBSTONE_FIELD_NUMBER: _ClassVar[int]
    tombstone: _resources_pb2.Tombstone
    def __init__(self, tombstone: _Optional[_Union[_resources_pb2.Tombstone, _Mapping]] = ...) -> None: ...

class GetArticleRequest(_message.Message):
    __slots__ = ("collection", "article_id", "revision")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    collection: str
    article_id: str
    revision: int
    def __init__(self, collection: _Optional[str] = ..., article_id: _Optional[str] = ..., revision: _Optional[int] = ...) -> None: ...

class GetArticleResponse(_message.Message):
    __slots__ = ("article",)
    ARTICLE_FIELD_NUMBER: _ClassVar[int]
    article: _resources_pb2.StoredArticle
    def __init__(self, article: _Optional[_Union[_resources_pb2.StoredArticle, _Mapping]] = ...) -> None: ...

class ListRevisionsRequest(_message.Message):
    __slots__ = ("collection", "article_id", "page_size", "page_token")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    collection: str
    article_id: str
    page_size: int
    page_token: str
    def __init__(self, collection: _Optional[str] = ..., article_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListRevisionsResponse(_message.Message):
    __slots__ = ("articles", "next_page_token")
    ARTICLES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    articles: _containers.RepeatedCompositeFieldContainer[_resources_pb2.StoredArticle]
    next_page_token: str
    def __init__(self, articles: _Optional[_Iterable[_Union[_resources_pb2.StoredArticle, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ExplainAssignmentRequest(_message.Message):
    __slots__ = ("collection", "article_id")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    collection: str
    article_id: str
    def __init__(self, collection: _Optional[str] = ..., article_id: _Optional[str] = ...) -> None: ...

class ExplainAssignmentResponse(_message.Message):
    __slots__ = ("assignments",)
    ASSIGNMENTS_FIELD_NUMBER: _ClassVar[int]
    assignments: _containers.RepeatedCompositeFieldContainer[_resources_pb2.Assignment]
    def __init__(self, assignments: _Optional[_Iterable[_Union[_resources_pb2.Assignment, _Mapping]]] = ...) -> None: ...

class ListHeldArticlesRequest(_message.Message):
    __slots__ = ("collection", "page_size", "page_token")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    collection: str
    page_size: int
    page_token: str
    def __init__(self, collection: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListHeldArticlesResponse(_message.Message):
    __slots__ = ("articles", "next_page_token")
    ARTICLES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    articles: _containers.RepeatedCompositeFieldContainer[_resources_pb2.HeldArticle]
    next_page_token: str
    def __init__(self, articles: _Optional[_Iterable[_Union[_resources_pb2.HeldArticle, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class ListFurnitureRequest(_message.Message):
    __slots__ = ("collection", "source", "page_size", "page_token")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    collection: str
    source: str
    page_size: int
    page_token: str
    def __init__(self, collection: _Optional[str] = ..., source: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListFurnitureResponse(_message.Message):
    __slots__ = ("lines", "next_page_token")
    LINES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    lines: _containers.RepeatedCompositeFieldContainer[FurnitureLine]
    next_page_token: str
    def __init__(self, lines: _Optional[_Iterable[_Union[FurnitureLine, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class FurnitureLine(_message.Message):
    __slots__ = ("source", "text", "article_count", "article_id")
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_COUNT_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    source: str
    text: str
    article_count: int
    article_id: str
    def __init__(self, source: _Optional[str] = ..., text: _Optional[str] = ..., article_count: _Optional[int] = ..., article_id: _Optional[str] = ...) -> None: ...
