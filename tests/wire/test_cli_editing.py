"""What does an editor's command line do, print and end with?"""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from newsroom import fill, members, story_of
from typer.testing import CliRunner

from storycluster import testing
from storycluster.cli.app import app
from storycluster.client import Client
from storycluster.ports import Encoder

Run = Callable[..., Any]


@pytest.fixture(scope="module")
def address(encoder: Encoder) -> Iterator[str]:
    """A real server for the tests of this module, which use a collection each."""
    with testing.serve(encoder=encoder) as given:
        yield given


@pytest.fixture
def client(address: str, request: pytest.FixtureRequest) -> Iterator[Client]:
    """A client of a collection of its own, which holds two stories."""
    with Client(address, collection=request.node.name[:60]) as made:
        fill(made)
        yield made


@pytest.fixture
def run(client: Client) -> Run:
    """Runs a command on that collection."""

    def invoke(*words: str, actor: str = "ada") -> Any:
        told = {
            "STORYCLUSTER_SERVER": client._config.target,
            "STORYCLUSTER_COLLECTION": client._config.collection,
            "STORYCLUSTER_ACTOR": actor,
        }
        return CliRunner().invoke(app, words, env=told)

    return invoke


def as_json(result: Any) -> Any:
    """The one JSON object a command printed."""
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_an_article_is_withdrawn_and_comes_back(run: Run, client: Client) -> None:
    """The answer tells who and why; what is withdrawn ends other commands with 1."""
    told = run("article", "withdraw", "mill", "--reason", "libel")
    assert (told.exit_code, "mill was withdrawn" in told.stdout) == (0, True)
    assert "by ada: libel" in told.stdout
    shown = run("article", "show", "mill")
    assert (shown.exit_code, "ARTICLE_WITHDRAWN" in shown.stderr) == (1, True)
    left = as_json(run("article", "withdraw", "mill", "--reason", "again", "--json"))
    assert (left["article_id"], left["erased"], left["reason"]) == ("mill", False, "libel")
    back = as_json(run("article", "reinstate", "mill", "--reason", "it was true", "--json"))
    assert back["story_id"] == story_of(client, "mill")


def test_an_article_is_erased(run: Run) -> None:
    """What is left says so."""
    assert "mill was erased" in run("article", "erase", "mill", "--reason", "law").stdout
    assert as_json(run("article", "erase", "mill", "--reason", "law", "--json"))["erased"] is True


def test_stories_are_put_right(run: Run, client: Client) -> None:
    """Move, split, merge, pin, unpin, lock and unlock print what was done and the story."""
    ferry, mill = story_of(client, "ferry"), story_of(client, "mill")
    why = ("--reason", "the desk")
    moved = as_json(run("story", "move", "ferry-own", *why, "--json"))
    assert moved["override"]["kind"] == "move"
    assert moved["override"]["actor"] == "ada"
    assert moved["story"]["article_count"] == 1
    told = run("story", "move", "ferry-own", ferry, *why).stdout
    assert told.startswith("override 2: move ")
    assert f"{ferry}: 3 articles" in told
    parted = as_json(run("story", "split", ferry, "ferry-own", *why, "--json"))
    assert members(client, parted["story"]["story_id"]) == ["ferry-own"]
    merged = as_json(run("story", "merge", mill, ferry, *why, "--json"))
    assert merged["story"]["story_id"] == ferry
    assert "pinned" in run("story", "pin", "mill", *why).stdout
    assert run("story", "unpin", ferry, *why).exit_code == 0
    assert f"{ferry} (locked)" in run("story", "lock", ferry, *why).stdout
    refused = run("story", "move", "ferry", *why)
    assert (refused.exit_code, "unlock it first" in refused.stderr) == (1, True)
    assert run("story", "unlock", ferry, *why).exit_code == 0


def test_two_articles_are_kept_together_or_apart(run: Run, client: Client) -> None:
    """`link`, `separate` and `unlink` say it; `undo` takes it back, `overrides` lists it."""
    why = ("--reason", "the desk")
    assert run("link", "ferry", "mill", *why).exit_code == 0
    assert story_of(client, "mill") == story_of(client, "ferry")
    assert run("separate", "ferry", "mill", *why).exit_code == 0
    assert story_of(client, "mill") != story_of(client, "ferry")
    assert as_json(run("unlink", "ferry", "mill", *why, "--json"))["kind"] == "unlink"
    assert run("story", "lock", story_of(client, "mill"), *why).exit_code == 0
    assert run("undo", "4", *why).stdout.startswith("override 5: undo of override 4")
    listed = [json.loads(line) for line in run("overrides", "--json").stdout.splitlines()]
    kinds = ["undo", "lock", "unlink", "cannot_link", "must_link"]
    assert [one["kind"] for one in listed] == kinds
    table = run("overrides", "--limit", "2").stdout
    assert [line.split()[0] for line in table.splitlines()] == ["override", "5", "4"]


def test_a_story_that_changed_meanwhile_is_refused(run: Run, client: Client) -> None:
    """--if-revision: exit 1, with the reason."""
    words = ("story", "lock", story_of(client, "mill"), "--reason", "x", "--if-revision", "99")
    refused = run(*words)
    assert (refused.exit_code, "STORY_CHANGED" in refused.stderr) == (1, True)


def test_wrong_usage_is_2(run: Run) -> None:
    """No reason, an empty one, no override of that number, no such kind."""
    assert run("article", "withdraw", "mill").exit_code == 2
    assert run("article", "withdraw", "mill", "--reason", "").exit_code == 1
    assert run("undo", "0", "--reason", "x").exit_code == 2
    assert run("watch", "--kind", "nothing").exit_code == 2


def test_the_login_name_is_the_actor(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where neither --actor nor the environment names one."""
    monkeypatch.setenv("LOGNAME", "grace")
    told = as_json(run("story", "pin", "mill", "--reason", "x", "--json", actor=""))
    assert told["override"]["actor"] == "grace"


def test_a_watch_prints_a_line_for_each_event(run: Run, client: Client, tmp_path: Path) -> None:
    """As JSON or for people, of some kinds, behind a place; the checkpoint is what was printed."""
    events = list(client.list_events())
    limit = str(len(events))
    lines = [json.loads(x) for x in run("watch", "--json", "--limit", limit).stdout.splitlines()]
    assert [line["sequence"] for line in lines] == [event.sequence for event in events]
    assert lines[0]["kind"] == events[0].kind.value
    told = run("watch", "--limit", limit).stdout.splitlines()
    assert [line.split()[0] for line in told] == [str(event.sequence) for event in events]
    kind = ("--kind", "article.ingested", "--limit", "2", "--after", "1")
    assert all("article.ingested" in line for line in run("watch", *kind).stdout.splitlines())
    place = ("--checkpoint", str(tmp_path / "place"), "--limit", "2", "--json")
    seen = [json.loads(run("watch", *place).stdout.splitlines()[0])["sequence"] for _ in range(3)]
    assert seen == [1, 3, 5]


def test_no_server_is_3() -> None:
    """A watch of nobody ends soon."""
    told = CliRunner().invoke(app, ["watch", "--server", "127.0.0.1:9"])
    assert told.exit_code == 3


def test_ctrl_c_ends_a_watch_quietly(client: Client) -> None:
    """130, with every line written and nothing said."""
    words = [sys.executable, "-m", "storycluster.cli", "watch", "--json"]
    told = {
        "STORYCLUSTER_SERVER": client._config.target,
        "STORYCLUSTER_COLLECTION": client._config.collection,
    }
    with subprocess.Popen(
        words, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, env={**os.environ, **told}
    ) as process:
        assert process.stdout is not None
        first = json.loads(process.stdout.readline())
        process.send_signal(signal.SIGINT)
        _, said = process.communicate(timeout=20)
    assert (first["sequence"], process.returncode, said) == (1, 130, "")
