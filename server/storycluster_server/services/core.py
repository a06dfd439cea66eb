"""What does every service work with?"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import Any

from storycluster.domain import Act, ServerInfo
from storycluster.engine import Engine
from storycluster.errors import Conflict, FieldViolation, InvalidInput, StoryClusterError
from storycluster_server.batching import Batcher
from storycluster_server.changes import Changes
from storycluster_server.reads import ReadPool
from storycluster_server.reclustering import Jobs


@dataclass(frozen=True, slots=True)
class Core:
    """The rooms behind the services, and what the server accepts."""

    engine: Engine
    batcher: Batcher
    reads: ReadPool
    matches: ReadPool
    """Matching and searching wait for the writer; apart, so that reads do not wait with them."""
    edits: ReadPool
    """So do an editor's acts, and an erasure for the store's files as well."""
    watches: ReadPool
    """A watcher may read the whole feed; apart, so that many of them do not hold up reads."""
    changes: Changes
    jobs: Jobs
    job_changes: Changes
    """Who waits for a job; told under the name "" whenever one changes."""
    info: ServerInfo
    draining: asyncio.Event
    """Set when the server begins to go down."""
    drain_grace_s: float
    stream_window: int
    watch_heartbeat_s: float
    max_import_bytes: int


def required(value: str, field: str) -> str:
    """`value`, or InvalidInput where it is empty."""
    if not value:
        raise InvalidInput.of(field, "must not be empty")
    return value


def not_negative(value: int, field: str) -> int:
    """`value`, or InvalidInput where it is below 0."""
    if value < 0:
        raise InvalidInput.of(field, "must not be negative")
    return value


def act_of(request: Any) -> Act:
    """Who does it and why, of any request that has the two; InvalidInput where one is empty."""
    return Act(required(request.actor, "actor"), required(request.reason, "reason"))


def located(error: StoryClusterError, path: str) -> StoryClusterError:
    """The error with its fields named from the request on: `text` -> `articles[3].text`."""
    if isinstance(error, InvalidInput) and error.violations:
        return InvalidInput(
            violations=[
                FieldViolation(f"{path}.{v.field}", v.description) for v in error.violations
            ]
        )
    if isinstance(error, Conflict) and error.field:
        return Conflict(error.message, field=f"{path}.{error.field}", name=error.name)
    return error
