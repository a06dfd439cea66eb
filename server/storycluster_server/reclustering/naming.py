"""How is a job named, and how does a caller say which state of it he saw?"""

from __future__ import annotations

import hashlib
import uuid

from storycluster.domain import ReclusterJob


def job_id_of(collection: str, request_id: str, *, attempt: int) -> str:
    """The same for the same request; any other where it has no id."""
    named = f"{collection}\x00{request_id}\x00{attempt}" if request_id else uuid.uuid4().hex
    return "r" + hashlib.blake2b(named.encode(), digest_size=8).hexdigest()


def etag_of(job: ReclusterJob) -> str:
    """Another one whenever the state is."""
    stands = f"{job.job_id}\x00{job.state.value}\x00{job.snapshot_sequence}"
    return hashlib.blake2b(stands.encode(), digest_size=6).hexdigest()
