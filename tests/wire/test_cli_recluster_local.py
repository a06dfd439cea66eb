"""`storycluster recluster plan|show|sample`: a plan of a data folder without a server."""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Callable
from pathlib import Path

import pytest
from newsroom import ALL, FERRY, MILL
from typer.testing import CliRunner, Result

from storycluster.backends import open_store
from storycluster.cli.app import app
from storycluster.engine import Engine, scheme_of
from storycluster.evaluate.labelled import labelled
from storycluster.ports import Encoder, Transaction
from storycluster.settings import Settings

Run = Callable[..., Result]


@pytest.fixture
def data(encoder: Encoder, tmp_path: Path) -> Path:
    """The folder of a stopped server, in which the mill's report stands in the ferry's story."""
    folder = tmp_path / "data"
    engine = Engine(open_store(str(folder), scheme_of(encoder, Settings())), encoder)
    engine.ingest("", ALL)
    there = engine.get_article("", FERRY.article_id).assignment.story_id

    def misplace(transaction: Transaction) -> None:
        stored = transaction.article("default", MILL.article_id)
        assert stored is not None
        wrong = dataclasses.replace(stored.assignment, story_id=there)
        transaction.add_assignment("default", wrong)

    engine._writer.note(misplace).result()
    engine.close()
    return folder


@pytest.fixture
def run() -> Run:
    """Runs `recluster` with some arguments."""

    def invoke(*arguments: str | Path) -> Result:
        return CliRunner().invoke(app, ["recluster", *map(str, arguments)])

    return invoke


def test_a_plan_is_made_shown_and_drawn_from(run: Run, data: Path, tmp_path: Path) -> None:
    """The misplaced report leaves; a person reads why, a script reads all of it."""
    out = tmp_path / "job"
    planned = run("plan", "--data", data, "--out", out)
    assert planned.exit_code == 0, planned.output
    assert "1 split" in planned.stdout
    assert "snapshot: " in planned.stderr
    assert run("show", out).stdout == planned.stdout
    shown = json.loads(run("show", out, "--json").stdout)
    [change] = shown["changes"]
    assert (change["kind"], change["article_ids"]) == ("split", [MILL.article_id])
    lines = run("sample", out, "--data", data).stdout.splitlines()
    drawn = [json.loads(line) for line in lines]
    assert {one["id"]: one["side"] for one in drawn}[MILL.article_id] == "moved"
    assert {labelled({**one, "story": "one"}).story for one in drawn} == {"one"}


def test_a_plan_is_shown_in_part(run: Run, data: Path, tmp_path: Path) -> None:
    """By kind, gain, probability and story; what is no kind is refused with 2."""
    out = tmp_path / "job"
    told = json.loads(run("plan", "--data", data, "--out", out, "--json").stdout)
    assert told["counts"] == {"merge": 0, "split": 1, "move": 0}

    def count(*options: str) -> int:
        return len(json.loads(run("show", out, "--json", *options).stdout)["changes"])

    assert count("--kind", "split") == count("--story", told["changes"][0]["from_story"]) == 1
    assert count("--kind", "merge") == count("--min-gain", "1000") == count("--story", "none") == 0
    assert count("--min-probability", "1") == 0
    refused = run("show", out, "--kind", "mix")
    assert (refused.exit_code, "'mix' is none of merge, split, move" in refused.stderr) == (2, True)


def test_what_is_not_there_ends_with_1(run: Run, data: Path, tmp_path: Path) -> None:
    """No data folder is made for asking, a folder of other files is not written into, and a
    collection without articles has no plan."""
    missing = run("plan", "--data", tmp_path / "nowhere", "--out", tmp_path / "job")
    assert (missing.exit_code, (tmp_path / "nowhere").exists()) == (1, False)
    assert run("show", tmp_path / "job").exit_code == 1
    (tmp_path / "letters").mkdir()
    (tmp_path / "letters/one.txt").write_text("mine")
    assert run("plan", "--data", data, "--out", tmp_path / "letters").exit_code == 2
    assert [one.name for one in (tmp_path / "letters").iterdir()] == ["one.txt"]
    nobody = run("plan", "--data", data, "--out", tmp_path / "none", "--collection", "nobody")
    assert (nobody.exit_code, "holds no article" in nobody.stderr) == (1, True)
