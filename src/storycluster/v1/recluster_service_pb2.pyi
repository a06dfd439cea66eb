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

class ReclusterState(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RECLUSTER_STATE_UNSPECIFIED: _ClassVar[ReclusterState]
    RECLUSTER_STATE_QUEUED: _ClassVar[ReclusterState]
    RECLUSTER_STATE_RUNNING: _ClassVar[ReclusterState]
    RECLUSTER_STATE_READY: _ClassVar[ReclusterState]
    RECLUSTER_STATE_PROMOTED: _ClassVar[ReclusterState]
    RECLUSTER_STATE_CANCELLED: _ClassVar[ReclusterState]
    RECLUSTER_STATE_FAILED: _ClassVar[ReclusterState]

class ReclusterChangeKind(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RECLUSTER_CHANGE_KIND_UNSPECIFIED: _ClassVar[ReclusterChangeKind]
    RECLUSTER_CHANGE_KIND_MERGE: _ClassVar[ReclusterChangeKind]
    RECLUSTER_CHANGE_KIND_SPLIT: _ClassVar[ReclusterChangeKind]
    RECLUSTER_CHANGE_KIND_MOVE: _ClassVar[ReclusterChangeKind]

class ReclusterSkipReason(int, metaclass=_enum_type_wrapper.EnumTypeWrapper):
    __slots__ = ()
    RECLUSTER_SKIP_REASON_UNSPECIFIED: _ClassVar[ReclusterSkipReason]
    RECLUSTER_SKIP_REASON_GONE: _ClassVar[ReclusterSkipReason]
    RECLUSTER_SKIP_REASON_MOVED: _ClassVar[ReclusterSkipReason]
    RECLUSTER_SKIP_REASON_DECIDED_SINCE: _ClassVar[ReclusterSkipReason]
    RECLUSTER_SKIP_REASON_EARLIER_CHANGE: _ClassVar[ReclusterSkipReason]
    RECLUSTER_SKIP_REASON_NO_STORY: _ClassVar[ReclusterSkipReason]
    RECLUSTER_SKIP_REASON_SAME_STORY: _ClassVar[ReclusterSkipReason]
    RECLUSTER_SKIP_REASON_NOBODY_STAYS: _ClassVar[ReclusterSkipReason]
    RECLUSTER_SKIP_REASON_LOCKED: _ClassVar[ReclusterSkipReason]
    RECLUSTER_SKIP_REASON_PINNED: _ClassVar[ReclusterSkipReason]
    RECLUSTER_SKIP_REASON_LINKED: _ClassVar[ReclusterSkipReason]
    RECLUSTER_SKIP_REASON_SEPARATED: _ClassVar[ReclusterSkipReason]
RECLUSTER_STATE_UNSPECIFIED: ReclusterState
RECLUSTER_STATE_QUEUED: ReclusterState
RECLUSTER_STATE_RUNNING: ReclusterState
RECLUSTER_STATE_READY: ReclusterState
RECLUSTER_STATE_PROMOTED: ReclusterState
RECLUSTER_STATE_CANCELLED: ReclusterState
RECLUSTER_STATE_FAILED: ReclusterState
RECLUSTER_CHANGE_KIND_UNSPECIFIED: ReclusterChangeKind
RECLUSTER_CHANGE_KIND_MERGE: ReclusterChangeKind
RECLUSTER_CHANGE_KIND_SPLIT: ReclusterChangeKind
RECLUSTER_CHANGE_KIND_MOVE: ReclusterChangeKind
RECLUSTER_SKIP_REASON_UNSPECIFIED: ReclusterSkipReason
RECLUSTER_SKIP_REASON_GONE: ReclusterSkipReason
RECLUSTER_SKIP_REASON_MOVED: ReclusterSkipReason
RECLUSTER_SKIP_REASON_DECIDED_SINCE: ReclusterSkipReason
RECLUSTER_SKIP_REASON_EARLIER_CHANGE: ReclusterSkipReason
RECLUSTER_SKIP_REASON_NO_STORY: ReclusterSkipReason
RECLUSTER_SKIP_REASON_SAME_STORY: ReclusterSkipReason
RECLUSTER_SKIP_REASON_NOBODY_STAYS: ReclusterSkipReason
RECLUSTER_SKIP_REASON_LOCKED: ReclusterSkipReason
RECLUSTER_SKIP_REASON_PINNED: ReclusterSkipReason
RECLUSTER_SKIP_REASON_LINKED: ReclusterSkipReason
RECLUSTER_SKIP_REASON_SEPARATED: ReclusterSkipReason

class ReclusterJob(_message.Message):
    __slots__ = ("job_id", "collection", "state", "etag", "create_time", "start_time", "end_time", "promote_time", "window_start_time", "window_end_time", "phase", "done", "total", "rate", "eta_seconds", "snapshot_sequence", "counts", "stability", "error", "applied", "skipped", "quiet")
    class CountsEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    class SkippedEntry(_message.Message):
        __slots__ = ("key", "value")
        KEY_FIELD_NUMBER: _ClassVar[int]
        VALUE_FIELD_NUMBER: _ClassVar[int]
        key: str
        value: int
        def __init__(self, key: _Optional[str] = ..., value: _Optional[int] = ...) -> None: ...
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    STATE_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    CREATE_TIME_FIELD_NUMBER: _ClassVar[int]
    START_TIME_FIELD_NUMBER: _ClassVar[int]
    END_TIME_FIELD_NUMBER: _ClassVar[int]
    PROMOTE_TIME_FIELD_NUMBER: _ClassVar[int]
    WINDOW_START_TIME_FIELD_NUMBER: _ClassVar[int]
    WINDOW_END_TIME_FIELD_NUMBER: _ClassVar[int]
    PHASE_FIELD_NUMBER: _ClassVar[int]
    DONE_FIELD_NUMBER: _ClassVar[int]
    TOTAL_FIELD_NUMBER: _ClassVar[int]
    RATE_FIELD_NUMBER: _ClassVar[int]
    ETA_SECONDS_FIELD_NUMBER: _ClassVar[int]
    SNAPSHOT_SEQUENCE_FIELD_NUMBER: _ClassVar[int]
    COUNTS_FIELD_NUMBER: _ClassVar[int]
    STABILITY_FIELD_NUMBER: _ClassVar[int]
    ERROR_FIELD_NUMBER: _ClassVar[int]
    APPLIED_FIELD_NUMBER: _ClassVar[int]
    SKIPPED_FIELD_NUMBER: _ClassVar[int]
    QUIET_FIELD_NUMBER: _ClassVar[int]
    job_id: str
    collection: str
    state: ReclusterState
    etag: str
    create_time: _timestamp_pb2.Timestamp
    start_time: _timestamp_pb2.Timestamp
    end_time: _timestamp_pb2.Timestamp
    promote_time: _timestamp_pb2.Timestamp
    window_start_time: _timestamp_pb2.Timestamp
    window_end_time: _timestamp_pb2.Timestamp
    phase: str
    done: int
    total: int
    rate: float
    eta_seconds: float
    snapshot_sequence: int
    counts: _containers.ScalarMap[str, int]
    stability: float
    error: str
    applied: int
    skipped: _containers.ScalarMap[str, int]
    quiet: bool
    def __init__(self, job_id: _Optional[str] = ..., collection: _Optional[str] = ..., state: _Optional[_Union[ReclusterState, str]] = ..., etag: _Optional[str] = ..., create_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., promote_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., window_start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., window_end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., phase: _Optional[str] = ..., done: _Optional[int] = ..., total: _Optional[int] = ..., rate: _Optional[float] = ..., eta_seconds: _Optional[float] = ..., snapshot_sequence: _Optional[int] = ..., counts: _Optional[_Mapping[str, int]] = ..., stability: _Optional[float] = ..., error: _Optional[str] = ..., applied: _Optional[int] = ..., skipped: _Optional[_Mapping[str, int]] = ..., quiet: bool = ...) -> None: ...

class ReclusterChange(_message.Message):
    __slots__ = ("place", "kind", "from_story_id", "to_story_id", "article_ids", "probability", "gain", "reason", "evidence", "skip_reason", "skip_subject")
    PLACE_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    FROM_STORY_ID_FIELD_NUMBER: _ClassVar[int]
    TO_STORY_ID_FIELD_NUMBER: _ClassVar[int]
    ARTICLE_IDS_FIELD_NUMBER: _ClassVar[int]
    PROBABILITY_FIELD_NUMBER: _ClassVar[int]
    GAIN_FIELD_NUMBER: _ClassVar[int]
    REASON_FIELD_NUMBER: _ClassVar[int]
    EVIDENCE_FIELD_NUMBER: _ClassVar[int]
    SKIP_REASON_FIELD_NUMBER: _ClassVar[int]
    SKIP_SUBJECT_FIELD_NUMBER: _ClassVar[int]
    place: int
    kind: ReclusterChangeKind
    from_story_id: str
    to_story_id: str
    article_ids: _containers.RepeatedScalarFieldContainer[str]
    probability: float
    gain: float
    reason: str
    evidence: _containers.RepeatedCompositeFieldContainer[_resources_pb2.Evidence]
    skip_reason: ReclusterSkipReason
    skip_subject: str
    def __init__(self, place: _Optional[int] = ..., kind: _Optional[_Union[ReclusterChangeKind, str]] = ..., from_story_id: _Optional[str] = ..., to_story_id: _Optional[str] = ..., article_ids: _Optional[_Iterable[str]] = ..., probability: _Optional[float] = ..., gain: _Optional[float] = ..., reason: _Optional[str] = ..., evidence: _Optional[_Iterable[_Union[_resources_pb2.Evidence, _Mapping]]] = ..., skip_reason: _Optional[_Union[ReclusterSkipReason, str]] = ..., skip_subject: _Optional[str] = ...) -> None: ...

class CreateReclusterJobRequest(_message.Message):
    __slots__ = ("collection", "window_start_time", "window_end_time", "request_id")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    WINDOW_START_TIME_FIELD_NUMBER: _ClassVar[int]
    WINDOW_END_TIME_FIELD_NUMBER: _ClassVar[int]
    REQUEST_ID_FIELD_NUMBER: _ClassVar[int]
    collection: str
    window_start_time: _timestamp_pb2.Timestamp
    window_end_time: _timestamp_pb2.Timestamp
    request_id: str
    def __init__(self, collection: _Optional[str] = ..., window_start_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., window_end_time: _Optional[_Union[datetime.datetime, _timestamp_pb2.Timestamp, _Mapping]] = ..., request_id: _Optional[str] = ...) -> None: ...

class CreateReclusterJobResponse(_message.Message):
    __slots__ = ("job",)
    JOB_FIELD_NUMBER: _ClassVar[int]
    job: ReclusterJob
    def __init__(self, job: _Optional[_Union[ReclusterJob, _Mapping]] = ...) -> None: ...

class GetReclusterJobRequest(_message.Message):
    __slots__ = ("collection", "job_id")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    collection: str
    job_id: str
    def __init__(self, collection: _Optional[str] = ..., job_id: _Optional[str] = ...) -> None: ...

class GetReclusterJobResponse(_message.Message):
    __slots__ = ("job",)
    JOB_FIELD_NUMBER: _ClassVar[int]
    job: ReclusterJob
    def __init__(self, job: _Optional[_Union[ReclusterJob, _Mapping]] = ...) -> None: ...

class ListReclusterJobsRequest(_message.Message):
    __slots__ = ("collection", "page_size", "page_token")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    collection: str
    page_size: int
    page_token: str
    def __init__(self, collection: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListReclusterJobsResponse(_message.Message):
    __slots__ = ("jobs", "next_page_token")
    JOBS_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    jobs: _containers.RepeatedCompositeFieldContainer[ReclusterJob]
    next_page_token: str
    def __init__(self, jobs: _Optional[_Iterable[_Union[ReclusterJob, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...

class WaitReclusterJobRequest(_message.Message):
    __slots__ = ("collection", "job_id", "wait_seconds")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    WAIT_SECONDS_FIELD_NUMBER: _ClassVar[int]
    collection: str
    job_id: str
    wait_seconds: float
    def __init__(self, collection: _Optional[str] = ..., job_id: _Optional[str] = ..., wait_seconds: _Optional[float] = ...) -> None: ...

class WaitReclusterJobResponse(_message.Message):
    __slots__ = ("job",)
    JOB_FIELD_NUMBER: _ClassVar[int]
    job: ReclusterJob
    def __init__(self, job: _Optional[_Union[ReclusterJob, _Mapping]] = ...) -> None: ...

class CancelReclusterJobRequest(_message.Message):
    __slots__ = ("collection", "job_id")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    collection: str
    job_id: str
    def __init__(self, collection: _Optional[str] = ..., job_id: _Optional[str] = ...) -> None: ...

class CancelReclusterJobResponse(_message.Message):
    __slots__ = ("job",)
    JOB_FIELD_NUMBER: _ClassVar[int]
    job: ReclusterJob
    def __init__(self, job: _Optional[_Union[ReclusterJob, _Mapping]] = ...) -> None: ...

class PromoteReclusterJobRequest(_message.Message):
    __slots__ = ("collection", "job_id", "etag", "quiet")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    ETAG_FIELD_NUMBER: _ClassVar[int]
    QUIET_FIELD_NUMBER: _ClassVar[int]
    collection: str
    job_id: str
    etag: str
    quiet: bool
    def __init__(self, collection: _Optional[str] = ..., job_id: _Optional[str] = ..., etag: _Optional[str] = ..., quiet: bool = ...) -> None: ...

class PromoteReclusterJobResponse(_message.Message):
    __slots__ = ("job",)
    JOB_FIELD_NUMBER: _ClassVar[int]
    job: ReclusterJob
    def __init__(self, job: _Optional[_Union[ReclusterJob, _Mapping]] = ...) -> None: ...

class ListReclusterChangesRequest(_message.Message):
    __slots__ = ("collection", "job_id", "kind", "min_gain", "story_id", "page_size", "page_token")
    COLLECTION_FIELD_NUMBER: _ClassVar[int]
    JOB_ID_FIELD_NUMBER: _ClassVar[int]
    KIND_FIELD_NUMBER: _ClassVar[int]
    MIN_GAIN_FIELD_NUMBER: _ClassVar[int]
    STORY_ID_FIELD_NUMBER: _ClassVar[int]
    PAGE_SIZE_FIELD_NUMBER: _ClassVar[int]
    PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    collection: str
    job_id: str
    kind: ReclusterChangeKind
    min_gain: float
    story_id: str
    page_size: int
    page_token: str
    def __init__(self, collection: _Optional[str] = ..., job_id: _Optional[str] = ..., kind: _Optional[_Union[ReclusterChangeKind, str]] = ..., min_gain: _Optional[float] = ..., story_id: _Optional[str] = ..., page_size: _Optional[int] = ..., page_token: _Optional[str] = ...) -> None: ...

class ListReclusterChangesResponse(_message.Message):
    __slots__ = ("changes", "next_page_token")
    CHANGES_FIELD_NUMBER: _ClassVar[int]
    NEXT_PAGE_TOKEN_FIELD_NUMBER: _ClassVar[int]
    changes: _containers.RepeatedCompositeFieldContainer[ReclusterChange]
    next_page_token: str
    def __init__(self, changes: _Optional[_Iterable[_Union[ReclusterChange, _Mapping]]] = ..., next_page_token: _Optional[str] = ...) -> None: ...
