"""Jobs that look again, from their creation to their promote, over a real server."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from newsroom import ALL, FERRY, FERRY_COPY, FERRY_OWN, MILL, fill, members, story_of
from planner import STEPS, Proposals, split
from storycluster_server.testing import RunningServer

from storycluster import AsyncClient, Client
from storycluster.domain import Change, ChangeKind, EventKind, ReclusterState, SkipReason, Window
from storycluster.errors import (
    Conflict,
    InvalidInput,
    NotFound,
    PreconditionFailed,
    StoryChanged,
)

State = ReclusterState
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


@pytest.fixture
def planner() -> Proposals:
    return Proposals()


@pytest.fixture
def server(serve: Callable[..., RunningServer], planner: Proposals) -> RunningServer:
    return serve(planner=planner)


@pytest.fixture
def client(server: RunningServer) -> Iterator[Client]:
    """Of a server with two stories."""
    with Client(server.address) as client:
        fill(client)
        yield client


def ready(client: Client, planner: Proposals, *changes: Change) -> str:
    """The id of a job whose plan holds these changes."""
    planner.changes = changes
    job = client.wait_recluster_job(client.create_recluster_job().job_id, seconds=20)
    assert job.state is State.READY
    return job.job_id


def test_a_job_ends_with_a_plan_and_changes_nothing(client: Client, planner: Proposals) -> None:
    """Its snapshot, counts and stability are told; the stories are as they were."""
    home = story_of(client, FERRY.article_id)
    events = len(list(client.list_events()))
    job = client.get_recluster_job(ready(client, planner, split(home, FERRY_OWN.article_id)))
    assert (job.snapshot_sequence, job.counts, job.stability) == (4, {"changes": 1}, 0.75)
    assert job.create_time <= job.start_time <= job.end_time  # type: ignore[operator]
    assert job.promote_time is None
    assert len(members(client, home)) == 3
    assert len(list(client.list_events())) == events


def test_a_promote_makes_the_changes(client: Client, planner: Proposals) -> None:
    """And says how many, and which not, and why; asked again it says the same."""
    home = story_of(client, FERRY.article_id)
    ghost = split(home, "ghost")
    job_id = ready(client, planner, split(home, FERRY_OWN.article_id), ghost)
    etag = client.get_recluster_job(job_id).etag
    job = client.promote_recluster_job(job_id, etag)
    assert (job.state, job.applied, job.skipped) == (State.PROMOTED, 1, {"gone": 1})
    assert job.promote_time is not None
    assert members(client, home) == [FERRY.article_id, FERRY_COPY.article_id]
    assert members(client, story_of(client, FERRY_OWN.article_id)) == [FERRY_OWN.article_id]
    assert client.promote_recluster_job(job_id, etag) == job == client.get_recluster_job(job_id)
    made, skipped = client.list_recluster_changes(job_id)
    assert (made.place, made.skipped) == (0, None)
    assert skipped.change == ghost
    assert skipped.skipped is not None
    assert (skipped.skipped.reason, skipped.skipped.subject) == (SkipReason.GONE, "ghost")


def test_a_quiet_promote_is_one_event(client: Client, planner: Proposals) -> None:
    """The client reads its kind and details."""
    home = story_of(client, FERRY.article_id)
    job_id = ready(client, planner, split(home, FERRY_OWN.article_id))
    before = len(list(client.list_events()))
    etag = client.get_recluster_job(job_id).etag
    assert client.promote_recluster_job(job_id, etag, quiet=True).quiet
    [event] = list(client.list_events())[before:]
    assert event.kind is EventKind.RECLUSTER_PROMOTED
    assert event.detail == {"job": job_id, "applied": "1", "skipped": "0", "quiet": "true"}


def test_another_etag_is_refused(client: Client, planner: Proposals) -> None:
    """Also the one that the job had before it was ready; and one must be given."""
    planner.gate.clear()
    queued = client.create_recluster_job()
    assert planner.began.wait(20)
    running = client.get_recluster_job(queued.job_id)
    with pytest.raises(PreconditionFailed, match="not ready"):
        client.promote_recluster_job(queued.job_id, running.etag)
    planner.gate.set()
    client.wait_recluster_job(queued.job_id, seconds=20)
    for etag in (queued.etag, running.etag, "other"):
        with pytest.raises(StoryChanged):
            client.promote_recluster_job(queued.job_id, etag)
    with pytest.raises(InvalidInput, match="etag"):
        client.promote_recluster_job(queued.job_id, "")


def test_a_running_job_tells_how_far_it_is(client: Client, planner: Proposals) -> None:
    """Who waits is answered after his time, or when the plan is there."""
    planner.gate.clear()
    job_id = client.create_recluster_job().job_id
    assert planner.began.wait(20)
    began = time.monotonic()
    job = client.wait_recluster_job(job_id, seconds=0.3)
    assert time.monotonic() - began >= 0.3
    assert (job.state, job.progress.phase, job.progress.total) == (
        State.RUNNING, "proposing", STEPS,
    )  # fmt: skip
    with pytest.raises(PreconditionFailed, match="no plan"):
        list(client.list_recluster_changes(job_id))
    planner.gate.set()
    done = client.wait_recluster_job(job_id, seconds=20)
    assert (done.state, done.progress.phase) == (State.READY, "")


def test_one_job_runs_at_a_time(client: Client, planner: Proposals) -> None:
    """The others wait in order; the list is newest first, in pages."""
    planner.gate.clear()
    ids = [client.create_recluster_job().job_id for _ in range(3)]
    assert planner.began.wait(20)
    listed = list(client.list_recluster_jobs(page_size=2))
    assert [job.job_id for job in listed] == ids[::-1]
    assert [job.state for job in listed] == [State.QUEUED, State.QUEUED, State.RUNNING]
    planner.gate.set()
    assert client.wait_recluster_job(ids[2], seconds=20).state is State.READY
    assert [job.state for job in client.list_recluster_jobs()] == [State.READY] * 3


def test_a_cancelled_job_stops(client: Client, planner: Proposals) -> None:
    """A running one, a waiting one, a ready one; a promoted one cannot be cancelled."""
    done = ready(client, planner)
    planner.gate.clear()
    planner.began.clear()
    running, waiting = (client.create_recluster_job().job_id for _ in range(2))
    assert planner.began.wait(20)
    for job_id in (done, waiting, running, running):
        assert client.cancel_recluster_job(job_id).state is State.CANCELLED
    assert client.wait_recluster_job(running, seconds=20).state is State.CANCELLED
    planner.gate.set()
    last = ready(client, planner)
    assert {client.get_recluster_job(one).state for one in (done, waiting, running)} == {
        State.CANCELLED
    }
    client.promote_recluster_job(last, client.get_recluster_job(last).etag)
    with pytest.raises(PreconditionFailed, match="promoted already"):
        client.cancel_recluster_job(last)
    assert len(planner.asked) == 3  # the waiting one never began


@pytest.mark.parametrize(
    ("error", "told"),
    [(PreconditionFailed("too few articles"), "too few articles"), (KeyError("x"), "internal")],
)
def test_a_job_that_fails_says_why(
    client: Client, planner: Proposals, error: Exception, told: str
) -> None:
    """The next one runs."""
    planner.error = error
    job = client.wait_recluster_job(client.create_recluster_job().job_id, seconds=20)
    assert job.state is State.FAILED
    assert told in job.error
    planner.error = None
    assert ready(client, planner)


def test_a_request_makes_one_job(client: Client, planner: Proposals) -> None:
    """Asked again it is that job; with another window it is refused."""
    window = (NOON - timedelta(days=7), NOON)
    one = client.create_recluster_job(*window, request_id="weekly")
    assert client.create_recluster_job(*window, request_id="weekly").job_id == one.job_id
    with pytest.raises(Conflict, match="weekly"):
        client.create_recluster_job(request_id="weekly")
    assert client.create_recluster_job(*window).job_id != one.job_id
    assert one.window == Window(*window)
    client.wait_recluster_job(one.job_id, seconds=20)
    assert planner.asked[0][2] == Window(*window)


def test_what_is_wrong_is_named(client: Client, planner: Proposals) -> None:
    """An empty window, an unknown collection or job, a token of another list."""
    with pytest.raises(InvalidInput, match="window_end_time"):
        client.create_recluster_job(NOON, NOON)
    with pytest.raises(NotFound, match="r-none"):
        client.get_recluster_job("r-none")
    with Client(client._config.target, collection="none") as none:
        with pytest.raises(NotFound, match="none"):
            none.create_recluster_job()
        with pytest.raises(NotFound):
            none.get_recluster_job(ready(client, planner))
    for seconds in (0.0, -1.0, float("nan")):
        with pytest.raises(InvalidInput, match="seconds"):
            client.wait_recluster_job("r", seconds=seconds)


def test_changes_are_filtered_and_paged(client: Client, planner: Proposals) -> None:
    """By kind, gain and story, in the order of the plan."""
    home, mill = story_of(client, FERRY.article_id), story_of(client, MILL.article_id)
    plan = [split(home, FERRY_OWN.article_id, gain=float(9 - place)) for place in range(5)]
    plan.append(Change(ChangeKind.MERGE, mill, home, (MILL.article_id,), 0.6, 0.5, "", ()))
    job_id = ready(client, planner, *plan)

    def places(**filters: object) -> list[int]:
        found = client.list_recluster_changes(job_id, page_size=2, **filters)  # type: ignore[arg-type]
        return [one.place for one in found]

    assert [one.change for one in client.list_recluster_changes(job_id, page_size=4)] == plan
    assert places() == [0, 1, 2, 3, 4, 5]
    assert places(min_gain=7.0) == [0, 1, 2]
    assert places(kind=ChangeKind.MERGE) == places(story_id=mill) == [5]
    assert places(kind=ChangeKind.MOVE) == []


def test_a_server_without_a_planner_makes_no_jobs(serve: Callable[..., RunningServer]) -> None:
    """It says so."""
    with Client(serve().address) as client:
        fill(client)
        with pytest.raises(PreconditionFailed, match="makes no plans"):
            client.create_recluster_job()
        assert list(client.list_recluster_jobs()) == []


def test_the_asyncio_client_does_the_same(
    client: Client, server: RunningServer, planner: Proposals
) -> None:
    """Create, wait, list, read, promote, cancel."""
    planner.changes = [split(story_of(client, FERRY.article_id), FERRY_OWN.article_id)]

    async def run() -> tuple[int, list[str]]:
        async with AsyncClient(server.address) as desk:
            made = await desk.create_recluster_job()
            job = await desk.wait_recluster_job(made.job_id, seconds=20)
            [change] = [one async for one in desk.list_recluster_changes(job.job_id)]
            assert change.change == planner.changes[0]
            done = await desk.promote_recluster_job(job.job_id, job.etag)
            assert await desk.get_recluster_job(job.job_id) == done
            other = await desk.create_recluster_job()
            await desk.cancel_recluster_job(other.job_id)
            return done.applied, [one.job_id async for one in desk.list_recluster_jobs()]

    applied, listed = asyncio.run(run())
    assert applied == 1
    assert len(listed) == 2


def test_jobs_outlive_the_server(
    serve: Callable[..., RunningServer], planner: Proposals, tmp_path: Path
) -> None:
    """One that was running goes on in its folder, a ready one can be promoted, and one that was
    promoted is told as such."""
    url = {"store.url": str(tmp_path)}
    server = serve(url, planner=planner)
    with Client(server.address) as client:
        fill(client)
        home = story_of(client, FERRY.article_id)
        first = ready(client, planner, split(home, FERRY_OWN.article_id))
        planner.gate.clear()
        planner.began.clear()
        second = client.create_recluster_job().job_id
        assert planner.began.wait(20)
    assert server.stop()
    planner.gate.set()
    server = serve(url, planner=planner)
    with Client(server.address) as client:
        job = client.wait_recluster_job(second, seconds=20)
        assert job.state is State.READY
        folders = [folder for _, folder, _ in planner.asked[1:]]
        assert folders[0] == folders[1] == tmp_path / "recluster" / second / "work"
        assert planner.kept == [0, 0, 1]
        assert not folders[0].exists()
        # as if the process ended between the commit and the job's file
        [change] = [one.change for one in client.list_recluster_changes(first)]
        engine = server.server.engine
        engine.promote("", first, snapshot_sequence=len(ALL), changes=[change])
    assert server.stop()
    with Client(serve(url, planner=planner).address) as client:
        job = client.get_recluster_job(first)
        assert (job.state, job.applied) == (State.PROMOTED, 1)


def test_an_erased_article_is_in_no_file_of_a_job(
    serve: Callable[..., RunningServer], planner: Proposals, tmp_path: Path
) -> None:
    """A plan that is being made begins anew, in an empty folder; of one that is made only the plan
    is kept."""
    running = serve({"store.url": str(tmp_path)}, planner=planner)
    with Client(running.address) as client:
        fill(client)
        planner.gate.clear()
        job_id = client.create_recluster_job().job_id
        assert planner.began.wait(20)
        client.erase_article(FERRY_OWN.article_id, actor="desk", reason="asked to")
        planner.gate.set()
        assert client.wait_recluster_job(job_id, seconds=20).state is State.READY
    assert planner.kept == [0, 0]
    [folder] = {folder for _, folder, _ in planner.asked}
    assert not folder.exists()
    assert [one.name for one in sorted(folder.parent.iterdir())] == ["changes.jsonl", "job.json"]


def test_a_deleted_collection_has_no_jobs(
    serve: Callable[..., RunningServer], planner: Proposals
) -> None:
    """The one that runs ends, and those that are ready are gone with their plans."""
    on_admin_port = {"server.listen": "127.0.0.1:0", "server.admin_listen": "127.0.0.1:0"}
    with Client(serve(on_admin_port, planner=planner).address) as client:
        fill(client)
        ready(client, planner)
        planner.gate.clear()
        planner.began.clear()
        client.create_recluster_job()
        assert planner.began.wait(20)
        client.delete_collection(actor="desk", reason="moved")
        assert list(client.list_recluster_jobs()) == []
