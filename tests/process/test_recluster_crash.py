"""Is a plan the same whenever the process that makes it was killed?"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from recluster_planner import fill, plan

PLANNER = Path(__file__).with_name("recluster_planner.py")
KILLED = (
    ("snapshot", 1),
    ("candidates", 1),
    ("compare", 1),
    ("compare", 2),
    ("score", 1),
    ("score", 3),
    ("candidates", 2),  # the second window
    ("score", 6),
    ("partition", 1),
    ("plan", 1),
    ("plan", 2),  # the plan is written, its end not told
)


def die(data: Path, out: Path, phase: str, time: int) -> None:
    """Plan in a process of its own until it is killed there."""
    command = [sys.executable, str(PLANNER), str(data), str(out), phase, str(time)]
    assert subprocess.run(command, check=False).returncode == -signal.SIGKILL


@pytest.mark.slow
def test_a_planner_killed_in_any_phase_goes_on_to_the_same_plan(tmp_path: Path) -> None:
    """After a SIGKILL in each, in folders of their own; and in one folder, one after the other."""
    data = tmp_path / "data"
    fill(data)
    whole = plan(data, tmp_path / "whole")
    assert whole.changes
    assert whole.overlapping > 0
    for phase, time in KILLED:
        out = tmp_path / f"{phase}-{time}"
        die(data, out, phase, time)
        assert plan(data, out) == whole
        assert (out / "plan.json").read_bytes() == (tmp_path / "whole/plan.json").read_bytes()
    out = tmp_path / "again and again"
    for phase in ("snapshot", "candidates", "partition", "plan"):
        die(data, out, phase, 1)
    assert plan(data, out) == whole


@pytest.mark.slow
def test_what_was_done_before_a_kill_is_not_done_again(tmp_path: Path) -> None:
    """The stages that the manifest names keep their files, and half a file is no stage."""
    data, out = tmp_path / "data", tmp_path / "job"
    fill(data)
    die(data, out, "candidates", 2)
    done = {one["name"] for one in json.loads((out / "manifest.json").read_text())["stages"]}
    assert done == {"snapshot", "copies-0000", "edges-0000", "copies-0001"}
    files = {name: (out / f"{name}.parquet").stat().st_mtime_ns for name in done}
    (out / "edges-0001.parquet.tmp").write_bytes(b"half a")
    plan(data, out)
    assert files == {name: (out / f"{name}.parquet").stat().st_mtime_ns for name in done}
