import datetime

from google.protobuf import timestamp_pb2 as _timestamp_pb2
from google.protobuf.internal import containers as _containers
from google.protobuf.internal import enum_type_wrapper as _enum_type_wrapper
from google.protobuf import descriptor as _descriptor
from google.protobuf import message as _message
from collections.abc import Iterable as _Iterable, Mapping as _Mapping
from typing import ClassVar as _ClassVar, Optional as _Optional, Union as _Union

DESCRIPTOR: _descriptor.FileDescriptor

class TimePrecision(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    TIME_PRECISION_UNSPECIFIED: _ClassVar[TimePrecision]
    TIME_PRECISION_EXACT: _ClassVar[TimePrecision]
    TIME_PRECISION_DAY: _ClassVar[TimePrecision]
    TIME_PRECISION_UNKNOWN: _ClassVar[TimePrecision]

class Provenance(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    PROVENANCE_UNSPECIFIED: _ClassVar[Provenance]
    PROVENANCE_GIVEN: _ClassVar[Provenance]
    PROVENANCE_EXTRACTED: _ClassVar[Provenance]

class Relation(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RELATION_UNSPECIFIED: _ClassVar[Relation]
    RELATION_NEW_STORY: _ClassVar[Relation]
    RELATION_SAME_STORY: _ClassVar[Relation]
    RELATION_NEAR_COPY: _ClassVar[Relation]
    RELATION_EXACT_COPY: _ClassVar[Relation]
    RELATION_REVISION: _ClassVar[Relation]
    RELATION_HELD: _ClassVar[Relation]

class StoryState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    STORY_STATE_UNSPECIFIED: _ClassVar[StoryState]
    STORY_STATE_OPEN: _ClassVar[StoryState]
    STORY_STATE_MERGED: _ClassVar[StoryState]
    STORY_STATE_LOCKED: _ClassVar[StoryState]
    STORY_STATE_CLOSED: _ClassVar[StoryState]

class EventKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    EVENT_KIND_UNSPECIFIED: _ClassVar[EventKind]
    EVENT_KIND_ARTICLE_INGESTED: _ClassVar[EventKind]
    EVENT_KIND_ARTICLE_REVISED: _ClassVar[EventKind]
    EVENT_KIND_STORY_CREATED: _ClassVar[EventKind]
    EVENT_KIND_STORY_MERGED: _ClassVar[EventKind]
    EVENT_KIND_MEMBER_ADDED: _ClassVar[EventKind]
    EVENT_KIND_MEMBER_MOVED: _ClassVar[EventKind]
    EVENT_KIND_CANONICAL_CHANGED: _ClassVar[EventKind]
    EVENT_KIND_STORY_SPLIT: _ClassVar[EventKind]
    EVENT_KIND_ARTICLE_WITHDRAWN: _ClassVar[EventKind]
    EVENT_KIND_ARTICLE_REINSTATED: _ClassVar[EventKind]
    EVENT_KIND_ARTICLE_ERASED: _ClassVar[EventKind]
    EVENT_KIND_MEMBER_REMOVED: _ClassVar[EventKind]
    EVENT_KIND_STORY_CLOSED: _ClassVar[EventKind]
    EVENT_KIND_STORY_REOPENED: _ClassVar[EventKind]
    EVENT_KIND_OVERRIDE_APPLIED: _ClassVar[EventKind]
    EVENT_KIND_OVERRIDE_BROKEN: _ClassVar[EventKind]
    EVENT_KIND_EMBARGO_RELEASED: _ClassVar[EventKind]
    EVENT_KIND_STORY_UPDATED: _ClassVar[EventKind]
    EVENT_KIND_MEMBER_REGROUPED: _ClassVar[EventKind]
    EVENT_KIND_COLLECTION_DELETED: _ClassVar[EventKind]
    EVENT_KIND_COLLECTION_IMPORTED: _ClassVar[EventKind]
    EVENT_KIND_RECLUSTER_PROMOTED: _ClassVar[EventKind]

class ConstraintKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    CONSTRAINT_KIND_UNSPECIFIED: _ClassVar[ConstraintKind]
    CONSTRAINT_KIND_MUST_LINK: _ClassVar[ConstraintKind]
    CONSTRAINT_KIND_CANNOT_LINK: _ClassVar[ConstraintKind]

class OverrideKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    OVERRIDE_KIND_UNSPECIFIED: _ClassVar[OverrideKind]
    OVERRIDE_KIND_MOVE: _ClassVar[OverrideKind]
    OVERRIDE_KIND_MERGE: _ClassVar[OverrideKind]
    OVERRIDE_KIND_SPLIT: _ClassVar[OverrideKind]
    OVERRIDE_KIND_PIN: _ClassVar[OverrideKind]
    OVERRIDE_KIND_UNPIN: _ClassVar[OverrideKind]
    OVERRIDE_KIND_LOCK: _ClassVar[OverrideKind]
    OVERRIDE_KIND_UNLOCK: _ClassVar[OverrideKind]
    OVERRIDE_KIND_MUST_LINK: _ClassVar[OverrideKind]
    OVERRIDE_KIND_CANNOT_LINK: _ClassVar[OverrideKind]
    OVERRIDE_KIND_UNLINK: _ClassVar[OverrideKind]
    OVERRIDE_KIND_WITHDRAW: _ClassVar[OverrideKind]
    OVERRIDE_KIND_REINSTATE: _ClassVar[OverrideKind]
    OVERRIDE_KIND_ERASE: _ClassVar[OverrideKind]
    OVERRIDE_KIND_UNDO: _ClassVar[OverrideKind]
    OVERRIDE_KIND_CONFIGURE: _ClassVar[OverrideKind]

class DifferenceType(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    DIFFERENCE_TYPE_UNSPECIFIED: _ClassVar[DifferenceType]
    DIFFERENCE_TYPE_HEADLINE_CHANGED: _ClassVar[DifferenceType]
    DIFFERENCE_TYPE_SENTENCE_ADDED: _ClassVar[DifferenceType]
    DIFFERENCE_TYPE_SENTENCE_REMOVED: _ClassVar[DifferenceType]
    DIFFERENCE_TYPE_SENTENCE_REWORDED: _ClassVar[DifferenceType]
    DIFFERENCE_TYPE_SENTENCE_MOVED: _ClassVar[DifferenceType]
    DIFFERENCE_TYPE_NUMBER_CHANGED: _ClassVar[DifferenceType]
    DIFFERENCE_TYPE_DATE_CHANGED: _ClassVar[DifferenceType]
    DIFFERENCE_TYPE_QUOTE_CHANGED: _ClassVar[DifferenceType]
    DIFFERENCE_TYPE_NAME_CHANGED: _ClassVar[DifferenceType]
    DIFFERENCE_TYPE_ATTRIBUTION_CHANGED: _ClassVar[DifferenceType]
    DIFFERENCE_TYPE_DETAIL_ADDED: _ClassVar[DifferenceType]
    DIFFERENCE_TYPE_DETAIL_REMOVED: _ClassVar[DifferenceType]
TIME_PRECISION_UNSPECIFIED: TimePrecision
TIME_PRECISION_EXACT: TimePrecision
TIME_PRECISION_DAY: TimePrecision
TIME_PRECISION_UNKNOWN: TimePrecision
PROVENANCE_UNSPECIFIED: Provenance
PROVENANCE_GIVEN: Provenance
PROVENANCE_EXTRACTED: Provenance
RELATION_UNSPECIFIED: Relation
RELATION_NEW_STORY: Relation
RELATION_SAME_STORY: Relation
RELATION_NEAR_COPY: Relation
RELATION_EXACT_COPY: Relation
RELATION_REVISION: Relation
RELATION_HELD: Relation
STORY_STATE_UNSPECIFIED: StoryState
STORY_STATE_OPEN: StoryState
STORY_STATE_MERGED: StoryState
STORY_STATE_LOCKED: StoryState
STORY_STATE_CLOSED: StoryState
EVENT_KIND_UNSPECIFIED: EventKind
EVENT_KIND_ARTICLE_INGESTED: EventKind
EVENT_KIND_ARTICLE_REVISED: EventKind
EVENT_KIND_STORY_CREATED: EventKind
EVENT_KIND_STORY_MERGED: EventKind
EVENT_KIND_MEMBER_ADDED: EventKind
EVENT_KIND_MEMBER_MOVED: EventKind
EVENT_KIND_CANONICAL_CHANGED: EventKind
EVENT_KIND_STORY_SPLIT: EventKind
EVENT_KIND_ARTICLE_WITHDRAWN: EventKind
EVENT_KIND_ARTICLE_REINSTATED: EventKind
EVENT_KIND_ARTICLE_ERASED: EventKind
EVENT_KIND_MEMBER_REMOVED: EventKind
EVENT_KIND_STORY_CLOSED: EventKind
EVENT_KIND_STORY_REOPENED: EventKind
EVENT_KIND_OVERRIDE_APPLIED: EventKind
EVENT_KIND_OVERRIDE_BROKEN: EventKind
EVENT_KIND_EMBARGO_RELEASED: EventKind
EVENT_KIND_STORY_UPDATED: EventKind
EVENT_KIND_MEMBER_REGROUPED: EventKind
EVENT_KIND_COLLECTION_DELETED: EventKind
EVENT_KIND_COLLECTION_IMPORTED: EventKind
EVENT_KIND_RECLUSTER_PROMOTED: EventKind
CONSTRAINT_KIND_UNSPECIFIED: ConstraintKind
CONSTRAINT_KIND_MUST_LINK: ConstraintKind
CONSTRAINT_KIND_CANNOT_LINK: ConstraintKind
OVERRIDE_KIND_UNSPECIFIED: OverrideKind
OVERRIDE_KIND_MOVE: OverrideKind
OVERRIDE_KIND_MERGE: OverrideKind
OVERRIDE_KIND_SPLIT: OverrideKind
OVERRIDE_KIND_PIN: OverrideKind
OVERRIDE_KIND_UNPIN: OverrideKind
OVERRIDE_KIND_LOCK: OverrideKind
OVERRIDE_KIND_UNLOCK: OverrideKind
OVERRIDE_KIND_MUST_LINK: OverrideKind
OVERRIDE_KIND_CANNOT_LINK: OverrideKind
OVERRIDE_KIND_UNLINK: OverrideKind
OVERRIDE_KIND_WITHDRAW: OverrideKind
OVERRIDE_KIND_REINSTATE: OverrideKind
OVERRIDE_KIND_ERASE: OverrideKind
OVERRIDE_KIND_UNDO: OverrideKind
OVERRIDE_KIND_CONFIGURE: OverrideKind
DIFFERENCE_TYPE_UNSPECIFIED: DifferenceType
DIFFERENCE_TYPE_HEADLINE_CHANGED: DifferenceType
DIFFERENCE_TYPE_SENTENCE_ADDED: DifferenceType
DIFFERENCE_TYPE_SENTENCE_REMOVED: DifferenceType
DIFFERENCE_TYPE_SENTENCE_REWORDED: DifferenceType
DIFFERENCE_TYPE_SENTENCE_MOVED: DifferenceType
DIFFERENCE_TYPE_NUMBER_CHANGED: DifferenceType
DIFFERENCE_TYPE_DATE_CHANGED: DifferenceType
DIFFERENCE_TYPE_QUOTE_CHANGED: DifferenceType
DIFFERENCE_TYPE_NAME_CHANGED: DifferenceType
DIFFERENCE_TYPE_ATTRIBUTION_CHANGED: DifferenceType
DIFFERENCE_TYPE_DETAIL_ADDED: DifferenceType
DIFFERENCE_TYPE_DETAIL_REMOVED: DifferenceType

class Article(_message.Message):
    __slots__ = ("article_id", "revision", "title", "text", "source", "url", "language", "authors", "credit", "publish_time", "publish_precision", "extras", "embargo_time")
    class ExtrasEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    URL_FIELD_NUMBER: _ClassVar[int]
    LANGUAGE_FIELD_NUMBER: _ClassVar[int]
    AUTHORS_FIELD_NUMBER: _ClassVar[int]
    CREDIT_FIELD_NUMBER: _ClassVar[int]
    PUBLISH_TIME_FIELD_NUMBER: _ClassVar[int]
    PUBLISH_PRECISION_FIELD_NUMBER: _ClassVar[int]
    EXTRAS_FIELD_NUMBER: _ClassVar[int]
    EMBARGO_TIME_FIELD_NUMBER: _ClassVar[int]
    article_id: str
    revision: int
    title: str
    text: str
    source: str
    url: str
    language: str
    authors: _containers.RepeatedScalarFieldContainer[str]
    credit: str
    publish_time: _timestamp_pb2.Timestamp
    publish_precision: TimePrecision
    extras: _containers.ScalarMap[str, str]
    embargo_time: _timestamp_pb2.Timestamp
    def __init__(self, article_id: _Optional[str] = ..., revision: _Optional[int] = ..., title: _Optional[str] = ..., text: _Optional[str] = ..., source: _Optional[str] = ..., url: _Optional[str] = ..., language: _Optional[str] = ..., authors: _Optional[_Iterable[str]] = ..., credit: _Optional[str] = ..., publish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., publish_precision: _Optional[_Union[TimePrecision, str]] = ..., extras: _Optional[_Mapping[str, str]] = ..., embargo_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Evidence(_message.Message):
    __slots__ = ("kind", "value", "threshold", "passed", "article_id", "weight")
    KIND_FIELD_NUMBER: _ClassVar[int]
    VALUE_FIELD_NUMBER: _ClassVar[int]
    THRESHOLD_FIELD_NUMBER: _ClassVar[int]
    PASSED_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    WEIGHT_FIELD_NUMBER: _ClassVar[int]
    kind: str
    value: float
    threshold: float
    passed: bool
    article_id: str
    weight: float
    def __init__(self, kind: _Optional[str] = ..., value: _Optional[float] = ..., threshold: _Optional[float] = ..., passed: bool = ..., article_id: _Optional[str] = ..., weight: _Optional[float] = ...) -> None: ...

class RunnerUp(_message.Message):
    __slots__ = ("story_id", "score", "reason", "evidence")
    STORY_ID_FIELD_NUMBER: _ClassVar[int]
    SCORE_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    story_id: str
    score: float
    reason: str
    evidence: _containers.RepeatedCompositeFieldContainer[Evidence]
    def __init__(self, story_id: _Optional[str] = ..., score: _Optional[float] = ..., reason: _Optional[str] = ..., evidence: _Optional[_Iterable[_Union[Evidence, _Mapping]]] = ...) -> None: ...

class NewStory(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class SameStory(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class NearCopy(_message.Message):
    __slots__ = ("copy_of_article_id",)
    COPY_OF_ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    copy_of_article_id: str
    def __init__(self, copy_of_article_id: _Optional[str] = ...) -> None: ...

class ExactCopy(_message.Message):
    __slots__ = ("copy_of_article_id",)
    COPY_OF_ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    copy_of_article_id: str
    def __init__(self, copy_of_article_id: _Optional[str] = ...) -> None: ...

class NewRevision(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Held(_message.Message):
    __slots__ = ()
    def __init__(self) -> None: ...

class Assignment(_message.Message):
    __slots__ = ("article_id", "revision", "story_id", "new_story", "same_story", "near_copy", "exact_copy", "new_revision", "held", "confidence", "sequence", "reprint_group", "previous_story_id", "evidence", "runners_up", "settings_digest", "encoder_id", "model")
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    STORY_ID_FIELD_NUMBER: _ClassVar[int]
    NEW_STORY_FIELD_NUMBER: _ClassVar[int]
    SAME_STORY_FIELD_NUMBER: _ClassVar[int]
    NEAR_COPY_FIELD_NUMBER: _ClassVar[int]
    EXACT_COPY_FIELD_NUMBER: _ClassVar[int]
    NEW_REVISION_FIELD_NUMBER: _ClassVar[int]
    HELD_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    REPRINT_GROUP_FIELD_NUMBER: _ClassVar[int]
    PREVIOUS_STORY_ID_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    RUNNERS_UP_FIELD_NUMBER: _ClassVar[int]
    SETTINGS_DIGEST_FIELD_NUMBER: _ClassVar[int]
    ENCODER_ID_FIELD_NUMBER: _ClassVar[int]
    MODEL_FIELD_NUMBER: _ClassVar[int]
    article_id: str
    revision: int
    story_id: str
    new_story: NewStory
    same_story: SameStory
    near_copy: NearCopy
    exact_copy: ExactCopy
    new_revision: NewRevision
    held: Held
    confidence: float
    sequence: int
    reprint_group: str
    previous_story_id: str
    evidence: _containers.RepeatedCompositeFieldContainer[Evidence]
    runners_up: _containers.RepeatedCompositeFieldContainer[RunnerUp]
    settings_digest: str
    encoder_id: str
    model: str
    def __init__(self, article_id: _Optional[str] = ..., revision: _Optional[int] = ..., story_id: _Optional[str] = ..., new_story: _Optional[_Union[NewStory, _Mapping]] = ..., same_story: _Optional[_Union[SameStory, _Mapping]] = ..., near_copy: _Optional[_Union[NearCopy, _Mapping]] = ..., exact_copy: _Optional[_Union[ExactCopy, _Mapping]] = ..., new_revision: _Optional[_Union[NewRevision, _Mapping]] = ..., held: _Optional[_Union[Held, _Mapping]] = ..., confidence: _Optional[float] = ..., sequence: _Optional[int] = ..., reprint_group: _Optional[str] = ..., previous_story_id: _Optional[str] = ..., evidence: _Optional[_Iterable[_Union[Evidence, _Mapping]]] = ..., runners_up: _Optional[_Iterable[_Union[RunnerUp, _Mapping]]] = ..., settings_digest: _Optional[str] = ..., encoder_id: _Optional[str] = ..., model: _Optional[str] = ...) -> None: ...

class Match(_message.Message):
    __slots__ = ("article_id", "story_id", "new_story", "same_story", "near_copy", "exact_copy", "new_revision", "confidence", "evidence", "runners_up")
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    STORY_ID_FIELD_NUMBER: _ClassVar[int]
    NEW_STORY_FIELD_NUMBER: _ClassVar[int]
    SAME_STORY_FIELD_NUMBER: _ClassVar[int]
    NEAR_COPY_FIELD_NUMBER: _ClassVar[int]
    EXACT_COPY_FIELD_NUMBER: _ClassVar[int]
    NEW_REVISION_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    RUNNERS_UP_FIELD_NUMBER: _ClassVar[int]
    article_id: str
    story_id: str
    new_story: NewStory
    same_story: SameStory
    near_copy: NearCopy
    exact_copy: ExactCopy
    new_revision: NewRevision
    confidence: float
    evidence: _containers.RepeatedCompositeFieldContainer[Evidence]
    runners_up: _containers.RepeatedCompositeFieldContainer[RunnerUp]
    def __init__(self, article_id: _Optional[str] = ..., story_id: _Optional[str] = ..., new_story: _Optional[_Union[NewStory, _Mapping]] = ..., same_story: _Optional[_Union[SameStory, _Mapping]] = ..., near_copy: _Optional[_Union[NearCopy, _Mapping]] = ..., exact_copy: _Optional[_Union[ExactCopy, _Mapping]] = ..., new_revision: _Optional[_Union[NewRevision, _Mapping]] = ..., confidence: _Optional[float] = ..., evidence: _Optional[_Iterable[_Union[Evidence, _Mapping]]] = ..., runners_up: _Optional[_Iterable[_Union[RunnerUp, _Mapping]]] = ...) -> None: ...

class StoredArticle(_message.Message):
    __slots__ = ("article", "digest", "sequence", "ingest_time", "assignment", "publish_provenance", "latest", "held_until")
    ARTICLE_FIELD_NUMBER: _ClassVar[int]
    DIGEST_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    INGEST_TIME_FIELD_NUMBER: _ClassVar[int]
    ASSIGNMENT_FIELD_NUMBER: _ClassVar[int]
    PUBLISH_PROVENANCE_FIELD_NUMBER: _ClassVar[int]
    LATEST_FIELD_NUMBER: _ClassVar[int]
    HELD_UNTIL_FIELD_NUMBER: _ClassVar[int]
    article: Article
    digest: str
    sequence: int
    ingest_time: _timestamp_pb2.Timestamp
    assignment: Assignment
    publish_provenance: Provenance
    latest: bool
    held_until: _timestamp_pb2.Timestamp
    def __init__(self, article: _Optional[_Union[Article, _Mapping]] = ..., digest: _Optional[str] = ..., sequence: _Optional[int] = ..., ingest_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., assignment: _Optional[_Union[Assignment, _Mapping]] = ..., publish_provenance: _Optional[_Union[Provenance, str]] = ..., latest: bool = ..., held_until: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ...) -> None: ...

class Canonical(_message.Message):
    __slots__ = ("article_id", "policy", "reason")
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    POLICY_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    article_id: str
    policy: str
    reason: str
    def __init__(self, article_id: _Optional[str] = ..., policy: _Optional[str] = ..., reason: _Optional[str] = ...) -> None: ...

class Member(_message.Message):
    __slots__ = ("article_id", "revision", "relation", "reprint_group", "source", "title", "sequence", "publish_time", "publish_precision")
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    RELATION_FIELD_NUMBER: _ClassVar[int]
    REPRINT_GROUP_FIELD_NUMBER: _ClassVar[int]
    SOURCE_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    PUBLISH_TIME_FIELD_NUMBER: _ClassVar[int]
    PUBLISH_PRECISION_FIELD_NUMBER: _ClassVar[int]
    article_id: str
    revision: int
    relation: Relation
    reprint_group: str
    source: str
    title: str
    sequence: int
    publish_time: _timestamp_pb2.Timestamp
    publish_precision: TimePrecision
    def __init__(self, article_id: _Optional[str] = ..., revision: _Optional[int] = ..., relation: _Optional[_Union[Relation, str]] = ..., reprint_group: _Optional[str] = ..., source: _Optional[str] = ..., title: _Optional[str] = ..., sequence: _Optional[int] = ..., publish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., publish_precision: _Optional[_Union[TimePrecision, str]] = ...) -> None: ...

class Story(_message.Message):
    __slots__ = ("story_id", "state", "title", "article_count", "unique_count", "reprint_count", "source_count", "revision", "create_time", "update_time", "canonical", "first_publish_time", "last_publish_time", "merged_into_story_id")
    STORY_ID_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    TITLE_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_COUNT_FIELD_NUMBER: _ClassVar[int]
    UNIQUE_COUNT_FIELD_NUMBER: _ClassVar[int]
    REPRINT_COUNT_FIELD_NUMBER: _ClassVar[int]
    SOURCE_COUNT_FIELD_NUMBER: _ClassVar[int]
    REVISION_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    UPDATE_TIME_FIELD_NUMBER: _ClassVar[int]
    CANONICAL_FIELD_NUMBER: _ClassVar[int]
    FIRST_PUBLISH_TIME_FIELD_NUMBER: _ClassVar[int]
    LAST_PUBLISH_TIME_FIELD_NUMBER: _ClassVar[int]
    MERGED_INTO_STORY_ID_FIELD_NUMBER: _ClassVar[int]
    story_id: str
    state: StoryState
    title: str
    article_count: int
    unique_count: int
    reprint_count: int
    source_count: int
    revision: int
    create_time: _timestamp_pb2.Timestamp
    update_time: _timestamp_pb2.Timestamp
    canonical: Canonical
    first_publish_time: _timestamp_pb2.Timestamp
    last_publish_time: _timestamp_pb2.Timestamp
    merged_into_story_id: str
    def __init__(self, story_id: _Optional[str] = ..., state: _Optional[_Union[StoryState, str]] = ..., title: _Optional[str] = ..., article_count: _Optional[int] = ..., unique_count: _Optional[int] = ..., reprint_count: _Optional[int] = ..., source_count: _Optional[int] = ..., revision: _Optional[int] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., update_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., canonical: _Optional[_Union[Canonical, _Mapping]] = ..., first_publish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., last_publish_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., merged_into_story_id: _Optional[str] = ...) -> None: ...

class StoryView(_message.Message):
    __slots__ = ("story", "members", "redirected_from")
    STORY_FIELD_NUMBER: _ClassVar[int]
    MEMBERS_FIELD_NUMBER: _ClassVar[int]
    REDIRECTED_FROM_FIELD_NUMBER: _ClassVar[int]
    story: Story
    members: _containers.RepeatedCompositeFieldContainer[Member]
    redirected_from: str
    def __init__(self, story: _Optional[_Union[Story, _Mapping]] = ..., members: _Optional[_Iterable[_Union[Member, _Mapping]]] = ..., redirected_from: _Optional[str] = ...) -> None: ...

class Span(_message.Message):
    __slots__ = ("field", "start", "end", "text")
    FIELD_FIELD_NUMBER: _ClassVar[int]
    START_FIELD_NUMBER: _ClassVar[int]
    END_FIELD_NUMBER: _ClassVar[int]
    TEXT_FIELD_NUMBER: _ClassVar[int]
    field: str
    start: int
    end: int
    text: str
    def __init__(self, field: _Optional[str] = ..., start: _Optional[int] = ..., end: _Optional[int] = ..., text: _Optional[str] = ...) -> None: ...

class Difference(_message.Message):
    __slots__ = ("type", "base", "other", "base_value", "other_value", "importance", "confidence", "conflict", "edits")
    TYPE_FIELD_NUMBER: _ClassVar[int]
    BASE_FIELD_NUMBER: _ClassVar[int]
    OTHER_FIELD_NUMBER: _ClassVar[int]
    BASE_VALUE_FIELD_NUMBER: _ClassVar[int]
    OTHER_VALUE_FIELD_NUMBER: _ClassVar[int]
    IMPORTANCE_FIELD_NUMBER: _ClassVar[int]
    CONFIDENCE_FIELD_NUMBER: _ClassVar[int]
    CONFLICT_FIELD_NUMBER: _ClassVar[int]
    EDITS_FIELD_NUMBER: _ClassVar[int]
    type: DifferenceType
    base: Span
    other: Span
    base_value: str
    other_value: str
    importance: float
    confidence: float
    conflict: bool
    edits: _containers.RepeatedCompositeFieldContainer[WordEdit]
    def __init__(self, type: _Optional[_Union[DifferenceType, str]] = ..., base: _Optional[_Union[Span, _Mapping]] = ..., other: _Optional[_Union[Span, _Mapping]] = ..., base_value: _Optional[str] = ..., other_value: _Optional[str] = ..., importance: _Optional[float] = ..., confidence: _Optional[float] = ..., conflict: bool = ..., edits: _Optional[_Iterable[_Union[WordEdit, _Mapping]]] = ...) -> None: ...

class WordEdit(_message.Message):
    __slots__ = ("base_start", "base_end", "other_start", "other_end")
    BASE_START_FIELD_NUMBER: _ClassVar[int]
    BASE_END_FIELD_NUMBER: _ClassVar[int]
    OTHER_START_FIELD_NUMBER: _ClassVar[int]
    OTHER_END_FIELD_NUMBER: _ClassVar[int]
    base_start: int
    base_end: int
    other_start: int
    other_end: int
    def __init__(self, base_start: _Optional[int] = ..., base_end: _Optional[int] = ..., other_start: _Optional[int] = ..., other_end: _Optional[int] = ...) -> None: ...

class Aligned(_message.Message):
    __slots__ = ("base", "other", "similarity")
    BASE_FIELD_NUMBER: _ClassVar[int]
    OTHER_FIELD_NUMBER: _ClassVar[int]
    SIMILARITY_FIELD_NUMBER: _ClassVar[int]
    base: Span
    other: Span
    similarity: float
    def __init__(self, base: _Optional[_Union[Span, _Mapping]] = ..., other: _Optional[_Union[Span, _Mapping]] = ..., similarity: _Optional[float] = ...) -> None: ...

class Comparison(_message.Message):
    __slots__ = ("base_article_id", "other_article_id", "base_revision", "other_revision", "differences", "aligned", "base_furniture", "other_furniture", "not_compared")
    BASE_ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    OTHER_ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    BASE_REVISION_FIELD_NUMBER: _ClassVar[int]
    OTHER_REVISION_FIELD_NUMBER: _ClassVar[int]
    DIFFERENCES_FIELD_NUMBER: _ClassVar[int]
    ALIGNED_FIELD_NUMBER: _ClassVar[int]
    BASE_FURNITURE_FIELD_NUMBER: _ClassVar[int]
    OTHER_FURNITURE_FIELD_NUMBER: _ClassVar[int]
    NOT_COMPARED_FIELD_NUMBER: _ClassVar[int]
    base_article_id: str
    other_article_id: str
    base_revision: int
    other_revision: int
    differences: _containers.RepeatedCompositeFieldContainer[Difference]
    aligned: _containers.RepeatedCompositeFieldContainer[Aligned]
    base_furniture: _containers.RepeatedCompositeFieldContainer[Span]
    other_furniture: _containers.RepeatedCompositeFieldContainer[Span]
    not_compared: str
    def __init__(self, base_article_id: _Optional[str] = ..., other_article_id: _Optional[str] = ..., base_revision: _Optional[int] = ..., other_revision: _Optional[int] = ..., differences: _Optional[_Iterable[_Union[Difference, _Mapping]]] = ..., aligned: _Optional[_Iterable[_Union[Aligned, _Mapping]]] = ..., base_furniture: _Optional[_Iterable[_Union[Span, _Mapping]]] = ..., other_furniture: _Optional[_Iterable[_Union[Span, _Mapping]]] = ..., not_compared: _Optional[str] = ...) -> None: ...

class Event(_message.Message):
    __slots__ = ("sequence", "kind", "event_time", "story_id", "article_id", "detail")
    class DetailEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: str
        def __init__(self, key: _Optional[str] = ..., value: _Optional[str] = ...) -> None: ...
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    EVENT_TIME_FIELD_NUMBER: _ClassVar[int]
    STORY_ID_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    DETAIL_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    kind: EventKind
    event_time: _timestamp_pb2.Timestamp
    story_id: str
    article_id: str
    detail: _containers.ScalarMap[str, str]
    def __init__(self, sequence: _Optional[int] = ..., kind: _Optional[_Union[EventKind, str]] = ..., event_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., story_id: _Optional[str] = ..., article_id: _Optional[str] = ..., detail: _Optional[_Mapping[str, str]] = ...) -> None: ...

class Override(_message.Message):
    __slots__ = ("sequence", "kind", "override_time", "actor", "reason", "story_id", "other_story_id", "article_ids", "undoes", "undone_by")
    SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    OVERRIDE_TIME_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    STORY_ID_FIELD_NUMBER: _ClassVar[int]
    OTHER_STORY_ID_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_IDS_FIELD_NUMBER: _ClassVar[int]
    UNDOES_FIELD_NUMBER: _ClassVar[int]
    UNDONE_BY_FIELD_NUMBER: _ClassVar[int]
    sequence: int
    kind: OverrideKind
    override_time: _timestamp_pb2.Timestamp
    actor: str
    reason: str
    story_id: str
    other_story_id: str
    article_ids: _containers.RepeatedScalarFieldContainer[str]
    undoes: int
    undone_by: int
    def __init__(self, sequence: _Optional[int] = ..., kind: _Optional[_Union[OverrideKind, str]] = ..., override_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., story_id: _Optional[str] = ..., other_story_id: _Optional[str] = ..., article_ids: _Optional[_Iterable[str]] = ..., undoes: _Optional[int] = ..., undone_by: _Optional[int] = ...) -> None: ...

class Tombstone(_message.Message):
    __slots__ = ("article_id", "erased", "withdraw_time", "actor", "reason", "story_id")
    ARTICLE_ID_FIELD_NUMBER: _ClassVar[int]
    ERASED_FIELD_NUMBER: _ClassVar[int]
    WITHDRAW_TIME_FIELD_NUMBER: _ClassVar[int]
    ACTOR_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    STORY_ID_FIELD_NUMBER: _ClassVar[int]
    article_id: str
    erased: bool
    withdraw_time: _timestamp_pb2.Timestamp
    actor: str
    reason: str
    story_id: str
    def __init__(self, article_id: _Optional[str] = ..., erased: bool = ..., withdraw_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., actor: _Optional[str] = ..., reason: _Optional[str] = ..., story_id: _Optional[str] = ...) -> None: ...

class HeldArticle(_message.Message):
    __slots__ = ("number", "article", "release_time", "stopped", "withdrawn")
    NUMBER_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_FIELD_NUMBER: _ClassVar[int]
    RELEASE_TIME_FIELD_NUMBER: _ClassVar[int]
    STOPPED_FIELD_NUMBER: _ClassVar[int]
    WITHDRAWN_FIELD_NUMBER: _ClassVar[int]
    number: int
    article: StoredArticle
    release_time: _timestamp_pb2.Timestamp
    stopped: str
    withdrawn: Tombstone
    def __init__(self, number: _Optional[int] = ..., article: _Optional[_Union[StoredArticle, _Mapping]] = ..., release_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., stopped: _Optional[str] = ..., withdrawn: _Optional[_Union[Tombstone, _Mapping]] = ...) -> None: ...

class ServerLimits(_message.Message):
    __slots__ = ("max_batch_articles", "max_message_bytes", "max_text_bytes")
    MAX_BATCH_ARTICLES_FIELD_NUMBER: _ClassVar[int]
    MAX_MESSAGE_BYTES_FIELD_NUMBER: _ClassVar[int]
    MAX_TEXT_BYTES_FIELD_NUMBER: _ClassVar[int]
    max_batch_articles: int
    max_message_bytes: int
    max_text_bytes: int
    def __init__(self, max_batch_articles: _Optional[int] = ..., max_message_bytes: _Optional[int] = ..., max_text_bytes: _Optional[int] = ...) -> None: ...
