"""`storycluster recluster`: the jobs of a server from a terminal."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest
from newsroom import FERRY, FERRY_OWN, fill, members, story_of
from planner import Proposals, split
from storycluster_server.testing import RunningServer
from typer.testing import CliRunner, Result

from storycluster import Client
from storycluster.cli.app import app
from storycluster.errors import PreconditionFailed

Run = Callable[..., Result]


@pytest.fixture
def planner() -> Proposals:
    return Proposals()


@pytest.fixture
def server(serve: Callable[..., RunningServer], planner: Proposals) -> RunningServer:
    """With two stories, and a plan for one of them."""
    server = serve(planner=planner)
    with Client(server.address) as client:
        fill(client)
        home = story_of(client, FERRY.article_id)
        planner.changes = [split(home, FERRY_OWN.article_id), split(home, "ghost")]
    return server


@pytest.fixture
def run(server: RunningServer) -> Run:
    """Runs `recluster` with some arguments."""

    def invoke(*arguments: str) -> Result:
        return CliRunner().invoke(app, ["recluster", *arguments, "--server", server.address])

    return invoke


def made(run: Run) -> str:
    """The id of a job that ended."""
    job_id: str = json.loads(run("create", "--json").stdout)["job_id"]
    run("wait", job_id)
    return job_id


def test_a_job_goes_its_way_from_a_terminal(run: Run, server: RunningServer) -> None:
    """Created, waited for, read, promoted, listed."""
    job_id = json.loads(run("create", "--since", "2020-01-01", "--json").stdout)["job_id"]
    waited = run("wait", job_id)
    assert waited.exit_code == 0
    assert waited.stdout == f"{job_id} is ready: 2 changes, stability 0.750\n"
    listed = run("changes", job_id)
    assert FERRY_OWN.article_id in listed.stdout
    assert "They tell of another event." in listed.stdout
    done = run("promote", job_id, "--quiet")
    assert done.stdout == f"{job_id} is promoted: 1 change made, 1 gone skipped\n"
    assert job_id in run("list").stdout
    with Client(server.address) as client:
        assert len(members(client, story_of(client, FERRY_OWN.article_id))) == 1


def test_a_scheduler_needs_one_command(run: Run, server: RunningServer) -> None:
    """It makes a plan and, if so told, publishes it; the last line and the code say what became."""
    planned = run("run", "--json")
    assert (planned.exit_code, json.loads(planned.stdout)["state"]) == (0, "ready")
    done = run("run", "--promote")
    assert done.exit_code == 0
    assert done.stdout.endswith("is promoted: 1 change made, 1 gone skipped\n")
    with Client(server.address) as client:
        assert len(members(client, story_of(client, FERRY_OWN.article_id))) == 1


def test_a_scheduler_learns_of_a_failure(run: Run, planner: Proposals) -> None:
    """A job without a plan ends with 1."""
    planner.error = PreconditionFailed("no room")
    failed = run("run", "--promote")
    assert (failed.exit_code, "no room" in failed.stdout) == (1, True)


def test_scripts_read_one_object_a_line(run: Run) -> None:
    """Of a job, of the list, of the changes with what became of them."""
    job_id = made(run)
    job = json.loads(run("get", job_id, "--json").stdout)
    assert (job["state"], job["counts"], job["window_start"]) == ("ready", {"changes": 2}, None)
    assert [json.loads(line) for line in run("list", "--json").stdout.splitlines()] == [job]
    after = json.loads(run("promote", job_id, "--etag", job["etag"], "--json").stdout)
    assert (after["state"], after["applied"], after["skipped"]) == ("promoted", 1, {"gone": 1})
    lines = run("changes", job_id, "--json").stdout.splitlines()
    assert [json.loads(line)["skipped"] for line in lines] == [None, "gone"]
    first = run("changes", job_id, "--kind", "split", "--limit", "1", "--json").stdout
    assert first.splitlines() == lines[:1]
    assert run("changes", job_id, "--kind", "merge", "--json").stdout == ""


def test_what_is_refused_ends_with_1(run: Run, planner: Proposals) -> None:
    """Another etag, an unknown job, a job that failed or was cancelled."""
    job_id = made(run)
    assert run("promote", job_id, "--etag", "other").exit_code == 1
    assert run("get", "r-none").exit_code == 1
    assert run("cancel", job_id).stdout == f"{job_id} is cancelled\n"
    assert run("wait", job_id).exit_code == 1
    planner.error = PreconditionFailed("too few articles")
    failed = run("wait", made(run))
    assert failed.exit_code == 1
    assert failed.stdout.endswith("is failed: too few articles\n")
