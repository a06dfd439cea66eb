"""Which message asks for what of the jobs that look again, and what does its answer say?"""

from __future__ import annotations

from typing import Any

from storycluster import wire
from storycluster.client.requests import Call, required, whole
from storycluster.domain import ChangeFilter, Page, PlannedChange, ReclusterJob, Window
from storycluster.errors import InvalidInput
from storycluster.v1 import recluster_service_pb2 as pb

_SERVICE = "ReclusterService"


class ReclusterRequests:
    """Builds the calls of one collection."""

    __slots__ = ("collection",)

    def __init__(self, collection: str) -> None:
        self.collection = collection

    def create(self, window: Window, request_id: str) -> Call[ReclusterJob]:
        """CreateReclusterJob."""
        request = pb.CreateReclusterJobRequest(
            collection=self.collection,
            request_id=request_id,
            **wire.window_fields(window),
        )
        return Call(_SERVICE, "CreateReclusterJob", request, _job, repeatable=bool(request_id))

    def get(self, job_id: str) -> Call[ReclusterJob]:
        """GetReclusterJob."""
        request = pb.GetReclusterJobRequest(
            collection=self.collection, job_id=required(job_id, "job_id")
        )
        return Call(_SERVICE, "GetReclusterJob", request, _job)

    def list(self, *, page_size: int, page_token: str) -> Call[Page[ReclusterJob]]:
        """ListReclusterJobs."""
        request = pb.ListReclusterJobsRequest(
            collection=self.collection,
            page_size=whole(page_size, "page_size"),
            page_token=page_token,
        )
        return Call(
            _SERVICE,
            "ListReclusterJobs",
            request,
            lambda response: Page(
                tuple(map(wire.recluster_job_from_message, response.jobs)),
                response.next_page_token,
            ),
        )

    def wait(self, job_id: str, seconds: float) -> Call[ReclusterJob]:
        """WaitReclusterJob."""
        if not 0 < seconds < float("inf"):
            raise InvalidInput.of("seconds", f"must be a number above 0, not {seconds!r}")
        request = pb.WaitReclusterJobRequest(
            collection=self.collection,
            job_id=required(job_id, "job_id"),
            wait_seconds=seconds,
        )
        return Call(_SERVICE, "WaitReclusterJob", request, _job)

    def cancel(self, job_id: str) -> Call[ReclusterJob]:
        """CancelReclusterJob."""
        request = pb.CancelReclusterJobRequest(
            collection=self.collection, job_id=required(job_id, "job_id")
        )
        return Call(_SERVICE, "CancelReclusterJob", request, _job)

    def promote(self, job_id: str, etag: str, *, quiet: bool) -> Call[ReclusterJob]:
        """PromoteReclusterJob: once more gives the same answer."""
        request = pb.PromoteReclusterJobRequest(
            collection=self.collection,
            job_id=required(job_id, "job_id"),
            etag=required(etag, "etag"),
            quiet=quiet,
        )
        return Call(_SERVICE, "PromoteReclusterJob", request, _job)

    def changes(
        self, job_id: str, wanted: ChangeFilter, *, page_size: int, page_token: str
    ) -> Call[Page[PlannedChange]]:
        """ListReclusterChanges."""
        request = pb.ListReclusterChangesRequest(
            collection=self.collection,
            job_id=required(job_id, "job_id"),
            kind=wire.change_kind_to_number(wanted.kind),
            min_gain=wanted.min_gain,
            story_id=wanted.story_id,
            page_size=whole(page_size, "page_size"),
            page_token=page_token,
        )
        return Call(
            _SERVICE,
            "ListReclusterChanges",
            request,
            lambda response: Page(
                tuple(map(wire.planned_change_from_message, response.changes)),
                response.next_page_token,
            ),
        )


def _job(response: Any) -> ReclusterJob:
    return wire.recluster_job_from_message(response.job)
