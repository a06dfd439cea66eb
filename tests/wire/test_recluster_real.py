"""The batch job as a server runs it: the real planner, from a job to a promote."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta

import pytest
from newsroom import ALL, FERRY, FERRY_OWN, MILL, fill, members, story_of
from storycluster_server.testing import RunningServer

from storycluster import Client
from storycluster.domain import ChangeKind, ReclusterState
from storycluster.recluster import Hindsight

ACT = {"actor": "desk", "reason": "a trial"}


@pytest.fixture
def client(serve: Callable[..., RunningServer]) -> Iterator[Client]:
    """Of a server with two stories, which makes plans."""
    with Client(serve(planner=Hindsight()).address) as client:
        fill(client)
        yield client


def planned(client: Client, *window: datetime) -> str:
    job = client.create_recluster_job(*window)
    ended = client.wait_recluster_job(job.job_id, seconds=60)
    assert ended.state is ReclusterState.READY, ended.error
    return job.job_id


def test_a_report_that_was_parted_is_proposed_to_come_back(client: Client) -> None:
    """Once no editor keeps it apart; after the promote the story it had redirects."""
    home = story_of(client, FERRY.article_id)
    client.split_story(home, [FERRY_OWN.article_id], **ACT)
    alone = story_of(client, FERRY_OWN.article_id)
    client.remove_constraint(FERRY_OWN.article_id, FERRY.article_id, **ACT)
    job_id = planned(client)
    [change] = [one.change for one in client.list_recluster_changes(job_id)]
    assert (change.kind, change.from_story, change.to_story) == (ChangeKind.MERGE, alone, home)
    job = client.promote_recluster_job(job_id, client.get_recluster_job(job_id).etag)
    assert (job.applied, job.skipped) == (1, {})
    assert len(members(client, alone)) == 3
    assert client.get_story(alone).story.story_id == home


def test_an_editors_split_is_not_proposed_to_be_undone(client: Client) -> None:
    """What an editor parted stays apart, whatever the model thinks of it."""
    home = story_of(client, FERRY.article_id)
    client.split_story(home, [FERRY_OWN.article_id], **ACT)
    job_id = planned(client)
    assert list(client.list_recluster_changes(job_id)) == []


def test_two_stories_that_an_editor_mixed_up_are_proposed_to_be_parted(client: Client) -> None:
    """Two events merged by mistake: with hindsight they are two again, once promoted."""
    home, mill = story_of(client, FERRY.article_id), story_of(client, MILL.article_id)
    client.merge_stories(home, mill, **ACT)
    client.remove_constraint(FERRY.article_id, MILL.article_id, **ACT)
    job_id = planned(client)
    [planned_change] = client.list_recluster_changes(job_id)
    change = planned_change.change
    assert (change.kind, change.from_story) == (ChangeKind.SPLIT, story_of(client, "mill"))
    job = client.promote_recluster_job(job_id, client.get_recluster_job(job_id).etag)
    assert (job.applied, job.skipped) == (1, {})
    assert story_of(client, FERRY.article_id) != story_of(client, MILL.article_id)
    assert sum(len(members(client, one.story_id)) for one in client.list_stories()) == len(ALL)


def test_a_window_without_articles_is_told(client: Client) -> None:
    """The job fails and says why."""
    start = datetime(1990, 1, 1, tzinfo=UTC)
    job = client.create_recluster_job(start, start + timedelta(days=1))
    ended = client.wait_recluster_job(job.job_id, seconds=60)
    assert ended.state is ReclusterState.FAILED
    assert "no article" in ended.error
