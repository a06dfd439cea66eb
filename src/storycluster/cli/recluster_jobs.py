"""`recluster create|list|get|wait|run|cancel|promote|changes`: how is a server told to look again
at a whole collection, and what it proposes published?
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from storycluster.cli import recluster_shapes
from storycluster.cli.filters import moment_of
from storycluster.cli.printing import counted, moment, print_table, words
from storycluster.cli.session import (
    DEFAULT_SERVER,
    AsJson,
    Collection,
    Server,
    Timeout,
    connected,
    err,
    out,
    put_json,
    shown,
)
from storycluster.domain import ChangeKind, PlannedChange, ReclusterJob, ReclusterState

if TYPE_CHECKING:
    from storycluster.client import Client

JobId = Annotated[str, typer.Argument(metavar="JOB")]
Since = Annotated[
    str, typer.Option(help="Articles published from this day or time on; empty: of any.")
]
Until = Annotated[
    str, typer.Option(help="Articles published before this day or time; empty: of any.")
]
_WAIT_S = 2.0
_PROMOTE_S = 600.0


def create(
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
    since: Since = "",
    until: Until = "",
    request_id: Annotated[
        str, typer.Option(help="Your name for the request: once more makes no second job.")
    ] = "",
) -> None:
    """Queue a job that looks again at a collection. It changes nothing before it is promoted."""
    start, end = (moment_of(told) if told else None for told in (since, until))
    with connected(server, collection, timeout) as client:
        _tell(client.create_recluster_job(start, end, request_id=request_id), as_json=as_json)


def list_jobs(
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
) -> None:
    """List the jobs of a collection, newest first."""
    with connected(server, collection, timeout) as client:
        found = list(client.list_recluster_jobs())
        if as_json:
            for job in found:
                put_json(recluster_shapes.job(job))
            return
        print_table(("job", "state", "created", "changes", "applied", "skipped"), map(_row, found))


def get(
    job_id: JobId,
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
) -> None:
    """Show a job and how far it has come."""
    with connected(server, collection, timeout) as client:
        _tell(client.get_recluster_job(job_id), as_json=as_json)


def wait(
    job_id: JobId,
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
) -> None:
    """Wait until a job is neither queued nor running. Exit code 1 where it has no plan then."""
    with connected(server, collection, 30.0) as client:
        job = _waited(client, client.get_recluster_job(job_id), quiet=as_json)
        _tell(job, as_json=as_json)
    if job.state not in (ReclusterState.READY, ReclusterState.PROMOTED):
        raise typer.Exit(1)


def run(
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    since: Since = "",
    until: Until = "",
    publish: Annotated[
        bool, typer.Option("--promote", help="Publish the plan; else it waits for `promote`.")
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", help="One event for all changes.")] = False,
) -> None:
    """Create a job and wait for its plan, for a scheduler. Exit code 1 where there is no plan."""
    start, end = (moment_of(told) if told else None for told in (since, until))
    with connected(server, collection, _PROMOTE_S) as client:
        job = _waited(client, client.create_recluster_job(start, end), quiet=as_json)
        if publish and job.state is ReclusterState.READY:
            job = client.promote_recluster_job(job.job_id, job.etag, quiet=quiet)
        _tell(job, as_json=as_json)
    if job.state not in (ReclusterState.READY, ReclusterState.PROMOTED):
        raise typer.Exit(1)


def _waited(client: Client, job: ReclusterJob, *, quiet: bool) -> ReclusterJob:
    """The job once it is neither queued nor running; how far it is goes to stderr, line by line."""
    told = ""
    while job.state.under_way:
        job = client.wait_recluster_job(job.job_id, seconds=_WAIT_S)
        now = _progress(job)
        if now and now != told and not quiet:
            err.print(shown(now))
        told = now
    return job


def cancel(
    job_id: JobId,
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
) -> None:
    """End a job that is not promoted."""
    with connected(server, collection, timeout) as client:
        _tell(client.cancel_recluster_job(job_id), as_json=as_json)


def promote(
    job_id: JobId,
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = _PROMOTE_S,
    etag: Annotated[
        str, typer.Option(help="Only if the job is as it was read; empty: as it is now.")
    ] = "",
    quiet: Annotated[bool, typer.Option("--quiet", help="One event for all changes.")] = False,
) -> None:
    """Make the changes of a ready job that still hold, in one commit."""
    with connected(server, collection, timeout) as client:
        seen = etag or client.get_recluster_job(job_id).etag
        _tell(client.promote_recluster_job(job_id, seen, quiet=quiet), as_json=as_json)


def changes(
    job_id: JobId,
    server: Server = DEFAULT_SERVER,
    collection: Collection = "default",
    as_json: AsJson = False,
    timeout: Timeout = 30.0,
    kind: Annotated[ChangeKind | None, typer.Option(help="Only these.", show_default=False)] = None,
    min_gain: Annotated[float, typer.Option(help="Only those of at least this gain.")] = 0.0,
    story: Annotated[str, typer.Option(help="Only those from or to this story.")] = "",
    limit: Annotated[int, typer.Option(min=0, help="At most so many; 0: all.")] = 0,
) -> None:
    """List the changes of a plan, in its order."""
    with connected(server, collection, timeout) as client:
        listing = client.list_recluster_changes(
            job_id, kind=kind, min_gain=min_gain, story_id=story
        )
        found = []
        for one in listing:
            found.append(one)
            if len(found) == limit:
                break
        if as_json:
            for one in found:
                put_json(recluster_shapes.change(one))
            return
        columns = ("#", "what", "from", "to", "articles", "likely", "gain", "why", "not made")
        print_table(columns, map(_change_row, found))


def register(group: typer.Typer) -> None:
    """Add the commands to the group `recluster`."""
    for name, command in (
        ("create", create),
        ("list", list_jobs),
        ("get", get),
        ("wait", wait),
        ("run", run),
        ("cancel", cancel),
        ("promote", promote),
        ("changes", changes),
    ):
        group.command(name)(command)


def _tell(job: ReclusterJob, *, as_json: bool) -> None:
    if as_json:
        put_json(recluster_shapes.job(job))
        return
    out.print(f"{shown(job.job_id)} is {job.state.value}: {shown(_said(job))}".rstrip(": "))


def _said(job: ReclusterJob) -> str:
    """What there is to say of a job in its state."""
    if job.state is ReclusterState.PROMOTED:
        skipped = ", ".join(f"{number} {words(why)}" for why, number in job.skipped.items())
        left = f", {skipped} skipped" if skipped else ""
        return f"{counted(job.applied, 'change')} made{left}"
    if job.state is ReclusterState.READY:
        counts = ", ".join(f"{number} {words(name)}" for name, number in job.counts.items())
        stable = "" if job.stability is None else f", stability {job.stability:.3f}"
        return f"{counts}{stable}".strip(", ")
    return job.error or _progress(job)


def _progress(job: ReclusterJob) -> str:
    now = job.progress
    if not now.phase:
        return ""
    of = f" of {now.total}" if now.total else ""
    rate = f", {job.rate:.0f}/s" if job.rate else ""
    left = "" if job.eta_s is None else f", {job.eta_s:.0f} s left"
    return f"{now.phase} {now.done}{of}{rate}{left}"


def _row(job: ReclusterJob) -> tuple[str, ...]:
    skipped = sum(job.skipped.values())
    made = str(job.applied) if job.promote_time else ""
    return (
        job.job_id,
        job.state.value,
        moment(job.create_time),
        str(job.counts.get("changes", "")),
        made,
        str(skipped) if made else "",
    )


def _change_row(planned: PlannedChange) -> tuple[str, ...]:
    change, skipped = planned.change, planned.skipped
    return (
        str(planned.place),
        change.kind.value,
        change.from_story,
        change.to_story or "a new one",
        ", ".join(change.article_ids),
        f"{change.probability:.2f}",
        f"{change.gain:.1f}",
        change.reason,
        words(skipped.reason.value) if skipped else "",
    )
