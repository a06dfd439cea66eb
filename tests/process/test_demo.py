"""`storycluster demo`: what a newcomer sees."""

from __future__ import annotations

import re
import subprocess
import time
from pathlib import Path

import pytest
from command_line import COMMAND, COMMAND_S, environment

pytestmark = pytest.mark.slow

ROOT = Path(__file__).resolve().parents[2]
READABLE_LINES = 60


@pytest.fixture(scope="module")
def told() -> str:
    """What the demo prints in a narrow pipe."""
    began = time.monotonic()
    done = subprocess.run(
        [COMMAND, "demo"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=COMMAND_S,
        check=False,
        env=environment(COLUMNS="60"),
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert time.monotonic() - began < 60
    return done.stdout


def test_the_demo_is_short_and_plain(told: str) -> None:
    """It fits a screen or two, without colours in a pipe."""
    assert len(told.splitlines()) <= READABLE_LINES
    assert "\x1b" not in told


def test_the_demo_shows_the_al_bab_story_whole(told: str) -> None:
    """Its members with their whole ids, its canonical article with the reason."""
    ids = set(re.findall(r'"id": ?"([^"]+)"', (ROOT / "seeds/articles.jsonl").read_text("utf-8")))
    assert re.search(r"^s[0-9a-f]{18}: 8 articles, 6 unique, 2 reprints", told, re.MULTILINE)
    (canonical,) = re.findall(r"^canonical (\S+) \(earliest_original: .+\)$", told, re.MULTILINE)
    members = told.split("relation")[1].split("What its articles", maxsplit=1)[0]
    assert len(ids & set(members.split())) == 8
    assert canonical in ids & set(members.split())


def test_the_demo_shows_what_is_contradicted(told: str) -> None:
    """The two counts of targets stand against each other, with the articles they are in."""
    conflict = told.split("What its articles contradict")[1].split("\n\n", maxsplit=1)[0]
    assert "CONFLICT number changed" in conflict
    assert re.search(r"- .*\b36 targets", conflict)
    assert re.search(r"\+ .*\b34 targets", conflict)


def test_the_demo_ends_with_how_to_go_on(told: str) -> None:
    """Its last lines are commands that exist."""
    steps = [line.split() for line in told.split("To go on")[1].splitlines()[1:]]
    assert [step[:2] for step in steps] == [
        ["storycluster", name] for name in ("serve", "ingest", "story", "story", "compare")
    ]


def test_the_demo_leaves_no_server(told: str) -> None:
    """The server it started is gone with it, and so is its data."""
    listed = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True)
    assert "storycluster-demo-" not in listed.stdout


def test_the_demo_needs_articles(tmp_path: Path) -> None:
    """Where there are none it says so, and what to do, and ends with 2."""
    done = subprocess.run(
        [COMMAND, "demo"], cwd=tmp_path, capture_output=True, text=True, check=False, timeout=60
    )
    assert done.returncode == 2
    assert done.stderr.startswith("error: no articles in seeds/articles.jsonl")
