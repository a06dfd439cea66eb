"""What can go wrong, and how is it told?

    StoryClusterError
    ├── InvalidInput            a field is wrong: `violations` names each one      INVALID_ARGUMENT
    ├── NotFound                no such article, story, collection         NOT_FOUND
    ├── Conflict                same key, other content                    ALREADY_EXISTS
    │   └── StoryChanged        the story is not as the caller saw it      ABORTED
    ├── PreconditionFailed      the state does not allow it                FAILED_PRECONDITION
    │   ├── ArticleWithdrawn    the article was withdrawn or erased
    │   ├── SchemeMismatch      the store was written by another scheme or encoder
    │   └── EncoderUnavailable  the encoder cannot be loaded
    ├── FeedExpired             the feed goes back to `oldest` only        OUT_OF_RANGE
    ├── Overloaded              queue full or rate limited; `retry_after_s`  RESOURCE_EXHAUSTED
    ├── TooLarge                a message over the transport's limit       RESOURCE_EXHAUSTED
    ├── Unauthenticated / PermissionDenied
    ├── Unavailable             not reachable, starting or draining        UNAVAILABLE
    ├── DeadlineExceeded        the caller's time budget is spent          DEADLINE_EXCEEDED
    ├── Cancelled               the caller gave up                         CANCELLED
    ├── StoreError              the store failed                           INTERNAL
    │   ├── StoreFull           no space left to write                     RESOURCE_EXHAUSTED
    │   └── StoreCorrupt        what was read is not what was written      DATA_LOSS
    ├── InternalError           a bug; only `error_id` leaves the server   INTERNAL
    ├── IngestError             some articles of a bulk ingest were refused
    └── MissingExtra            an optional part is not installed

The server maps these to gRPC status codes with `reason`; the SDK maps them back, so the same class
is raised in process and over the wire.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

if TYPE_CHECKING:
    from storycluster.domain import IngestReport


@dataclass(frozen=True, slots=True)
class FieldViolation:
    """One wrong field: `field` is its path in the request (`articles[3].publish_time`)."""

    field: str
    description: str


class StoryClusterError(Exception):
    """Base of every error this package raises. `reason` is one name of the ErrorReason enum."""

    reason: ClassVar[str] = "INTERNAL"

    def __init__(self, message: str = "") -> None:
        super().__init__(message or (type(self).__doc__ or "").strip().split("\n")[0])

    @property
    def message(self) -> str:
        """What happened, for a person."""
        return str(self.args[0])


class InvalidInput(StoryClusterError):
    """A field of the request is wrong."""

    reason = "FIELD_INVALID"

    def __init__(self, message: str = "", *, violations: Sequence[FieldViolation] = ()) -> None:
        self.violations: tuple[FieldViolation, ...] = tuple(violations)
        told = "; ".join(f"{v.field}: {v.description}" for v in self.violations)
        super().__init__(message or told)

    @classmethod
    def of(cls, field: str, description: str) -> InvalidInput:
        """The error for one wrong field."""
        return cls(violations=[FieldViolation(field, description)])


class NotFound(StoryClusterError):
    """No such thing."""

    reason = "NOT_FOUND"

    def __init__(self, message: str = "", *, resource: str = "", name: str = "") -> None:
        self.resource = resource
        self.name = name
        super().__init__(message or f"no {resource or 'resource'} {name!r}")


class Conflict(StoryClusterError):
    """The same key is already taken by other content."""

    reason = "ARTICLE_CONFLICT"

    def __init__(self, message: str = "", *, field: str = "", name: str = "") -> None:
        self.field = field
        self.name = name
        super().__init__(message)


class StoryChanged(Conflict):
    """The story is not as the caller saw it; read it again."""

    reason = "STORY_CHANGED"


class PreconditionFailed(StoryClusterError):
    """The present state does not allow this."""

    reason = "PRECONDITION_FAILED"


class ArticleWithdrawn(PreconditionFailed):
    """The article was withdrawn or erased; the message says when, by whom and why."""

    reason = "ARTICLE_WITHDRAWN"


class SchemeMismatch(PreconditionFailed):
    """The store was written with another scheme."""

    reason = "SCHEME_MISMATCH"

    def __init__(
        self, message: str = "", *, name: str = "", stored: str = "", given: str = ""
    ) -> None:
        self.name = name
        self.stored = stored
        self.given = given
        super().__init__(
            message or f"{name}: the store holds {stored!r}, this engine uses {given!r}"
        )


class EncoderUnavailable(PreconditionFailed):
    """The encoder cannot be loaded."""

    reason = "ENCODER_UNAVAILABLE"


class FeedExpired(StoryClusterError):
    """The feed no longer goes back so far; `oldest` is the first event that can still be read."""

    reason = "FEED_EXPIRED"

    def __init__(self, message: str = "", *, oldest: int = 0) -> None:
        self.oldest = oldest
        super().__init__(message)


class Overloaded(StoryClusterError):
    """The server has more work than it may hold."""

    reason = "QUEUE_FULL"

    def __init__(self, message: str = "", *, retry_after_s: float = 1.0) -> None:
        self.retry_after_s = retry_after_s
        super().__init__(message)


class TooLarge(StoryClusterError):
    """The message is over the transport's limit; send fewer articles at once."""

    reason = "MESSAGE_TOO_LARGE"


class Unauthenticated(StoryClusterError):
    """The caller is not known."""

    reason = "TOKEN_INVALID"


class PermissionDenied(StoryClusterError):
    """The caller may not do this."""

    reason = "SCOPE_MISSING"


class Unavailable(StoryClusterError):
    """The server cannot be reached, is starting or is draining."""

    reason = "UNAVAILABLE"


class DeadlineExceeded(StoryClusterError):
    """The time budget of the call is spent."""

    reason = "DEADLINE_EXCEEDED"


class Cancelled(StoryClusterError):
    """The call was cancelled."""

    reason = "CANCELLED"


class StoreError(StoryClusterError):
    """The store failed."""

    reason = "STORE_FAILED"


class StoreFull(StoreError):
    """There is no space left to write; nothing of this request was stored."""

    reason = "STORE_FULL"


class StoreCorrupt(StoreError):
    """What was read from the store is not what was written."""

    reason = "STORE_CORRUPT"


class InternalError(StoryClusterError):
    """An unexpected failure; give the error id to the operator."""

    reason = "INTERNAL"

    def __init__(self, message: str = "", *, error_id: str = "") -> None:
        self.error_id = error_id
        super().__init__(message or f"internal error {error_id}")


class IngestError(StoryClusterError):
    """Some articles were refused; `report` lists them."""

    reason = "INGEST_INCOMPLETE"

    def __init__(self, message: str = "", *, report: IngestReport) -> None:
        self.report = report
        super().__init__(message)


class MissingExtra(StoryClusterError):
    """An optional part is not installed."""

    reason = "MISSING_EXTRA"

    def __init__(self, message: str = "", *, extra: str = "", needs: str = "") -> None:
        self.extra = extra
        told = f"{needs} is not installed: pip install 'storycluster[{extra}]'"
        super().__init__(message or told)
