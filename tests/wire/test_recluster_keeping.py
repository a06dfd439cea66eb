"""Which jobs does a server keep, whatever became of their folders while it was down?"""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from newsroom import FERRY, FERRY_OWN, fill, story_of
from planner import Proposals, split
from storycluster_server.reclustering.keeping import has_expired
from storycluster_server.testing import RunningServer
from wire_calls import wait_until

from storycluster import Client
from storycluster.domain import ReclusterJob, ReclusterState
from storycluster.errors import NotFound

Serve = Callable[..., RunningServer]
State = ReclusterState
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)


def made(client: Client, jobs: int) -> list[str]:
    """The ids of that many jobs that are ready."""
    ids = [client.create_recluster_job().job_id for _ in range(jobs)]
    assert all(client.wait_recluster_job(one, seconds=20).state is State.READY for one in ids)
    return ids


@pytest.mark.parametrize(
    "spoil",
    [
        lambda file: file.write_text("{"),
        lambda file: file.write_text("[]"),
        lambda file: file.write_bytes(b"\xff\xfe"),
        lambda file: file.write_text(file.read_text().replace('"ready"', '"sold"')),
        lambda file: file.write_text(json.dumps({**json.loads(file.read_text()), "job_id": "x"})),
    ],
    ids=["cut", "a list", "no text", "unknown state", "another job"],
)
def test_an_unreadable_job_does_not_keep_the_server_from_starting(
    serve: Serve, tmp_path: Path, spoil: Callable[[Path], Any]
) -> None:
    """It is set aside without what was read of articles, and the log names it; the others are
    there, also after one more start."""
    settings = {"store.url": str(tmp_path)}
    server = serve(settings, planner=Proposals())
    with Client(server.address) as client:
        fill(client)
        broken, whole = made(client, 2)
    server.stop()
    folder = tmp_path / "recluster" / broken
    spoil(folder / "job.json")
    (folder / "work").mkdir()
    (folder / "work" / "texts").write_text("what an article says")
    for _ in range(2):
        log = io.StringIO()
        server = serve(settings, planner=Proposals(), log=log)
        with Client(server.address) as client:
            assert [job.job_id for job in client.list_recluster_jobs()] == [whole]
            with pytest.raises(NotFound):
                client.get_recluster_job(broken)
        server.stop()
        aside = tmp_path / "recluster" / "unreadable" / broken
        assert sorted(one.name for one in aside.iterdir()) == ["changes.jsonl", "job.json"]
        assert not folder.exists()
        told = [json.loads(line) for line in log.getvalue().splitlines()]
        spoken = [one for one in told if one.get("job") == broken]
        assert bool(spoken) is (_ == 0)


def test_folders_that_nobody_can_ask_for_are_deleted_at_the_start(
    serve: Serve, tmp_path: Path
) -> None:
    """One in which no job was ever written, and one of a collection that is gone."""
    settings = {"store.url": str(tmp_path)}
    server = serve(settings, planner=Proposals())
    with Client(server.address) as client:
        fill(client)
        gone, whole = made(client, 2)
    server.stop()
    folder = tmp_path / "recluster"
    (folder / "rnothing" / "work").mkdir(parents=True)
    file = folder / gone / "job.json"
    file.write_text(json.dumps({**json.loads(file.read_text()), "collection": "gone"}))
    server = serve(settings, planner=Proposals())
    with Client(server.address) as client:
        assert [job.job_id for job in client.list_recluster_jobs()] == [whole]
    assert [one.name for one in folder.iterdir()] == [whole]


def test_a_job_is_deleted_when_its_time_is_over_and_what_it_changed_is_not(
    serve: Serve, tmp_path: Path
) -> None:
    """At the start and every hour; one that is kept and one that is under way stay."""
    planner = Proposals()
    settings = {"store.url": str(tmp_path), "recluster.retention_days": 7.0}
    server = serve(settings, planner=planner)
    with Client(server.address) as client:
        fill(client)
        planner.changes = (split(story_of(client, FERRY.article_id), FERRY_OWN.article_id),)
        promoted, ready, recent = made(client, 3)
        client.promote_recluster_job(promoted, client.get_recluster_job(promoted).etag)
        events = list(client.list_events())
    server.stop()
    for job_id in (promoted, ready):
        age(tmp_path / "recluster" / job_id / "job.json", days=8)
    server = serve(settings, planner=planner)
    with Client(server.address) as client:
        wait_until(lambda: [job.job_id for job in client.list_recluster_jobs()] == [recent])
        with pytest.raises(NotFound):
            client.get_recluster_job(promoted)
        assert list(client.list_events()) == events
        engine = server.server.engine
        record = engine.promotion("", promoted)
        assert record is not None
        assert record.applied == 1
        wanted = f"recluster job {promoted}"
        assert any(one.reason == wanted for one in engine.list_audit_entries("").items)
    assert [one.name for one in (tmp_path / "recluster").iterdir()] == [recent]
    assert server.server.core.jobs.expire() == 0


def age(file: Path, *, days: int) -> None:
    """Have a job end so much earlier."""
    plain = json.loads(file.read_text())
    for name in ("end_time", "promote_time"):
        if plain[name]:
            earlier = datetime.fromisoformat(plain[name]) - timedelta(days=days)
            plain[name] = earlier.isoformat()
    file.write_text(json.dumps(plain))


def test_when_a_job_is_over() -> None:
    """By its promote, else by its end; never while it is under way, and never where jobs are kept
    for ever."""
    week = timedelta(days=7)

    def over(state: State, kept_for: timedelta | None = week, **days: int) -> bool:
        times = {name: NOON - timedelta(days=ago) for name, ago in days.items()}
        job = ReclusterJob("r1", "desk", state, "", NOON - timedelta(days=99), **times)
        return has_expired(job, now=NOON, kept_for=kept_for)

    assert over(State.FAILED, end_time=8)
    assert over(State.READY, end_time=8)
    assert not over(State.READY, end_time=6)
    assert not over(State.PROMOTED, end_time=8, promote_time=6)
    assert over(State.PROMOTED, end_time=20, promote_time=8)
    assert not over(State.RUNNING)
    assert not over(State.CANCELLED, None, end_time=9_999)
