"""What does `pip install storycluster` bring, and what does it say of the rest?"""

from __future__ import annotations

import json
import re
import subprocess
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from installing import ROOT, pip

pytestmark = pytest.mark.slow

Run = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture(scope="module")
def content(wheel: Path) -> set[str]:
    """The names of the files in the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        return set(archive.namelist())


def test_the_wheel_holds_what_runs_and_nothing_else(content: set[str]) -> None:
    """The two packages and the metadata are in the wheel; no test, tool, benchmark or seed is."""
    tops = {name.split("/")[0] for name in content}
    assert {top.partition("-")[0] for top in tops} == {"storycluster", "storycluster_server"}
    assert [name for name in content if "test_" in name or name.endswith(".pyc")] == []


def test_the_wheel_holds_every_file_of_the_packages(content: set[str], build_context: Path) -> None:
    """No module, type stub, marker or data file of the source is left out."""
    wanted = {
        path.relative_to(build_context / folder).as_posix()
        for folder in ("src", "server")
        for path in (build_context / folder).rglob("*")
        if path.is_file()
    }
    assert wanted - content == set()
    named = ("data/encoder/model.safetensors", "data/decision.json", "data/prior_frequencies.npz")
    assert {f"storycluster/{name}" for name in (*named, "py.typed")} <= content
    assert "storycluster_server/py.typed" in content


def test_the_base_install_is_light(base_environment: Path, run_in: Run) -> None:
    """The base install brings its stated dependencies, none of them heavy, and the SDK works."""
    listed = run_in(base_environment, "python", "-m", "pip", "list", "--format=json").stdout
    names = {one["name"].lower().replace("_", "-") for one in json.loads(listed)}
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    stated = {re.split(r"[<>=]", requirement)[0] for requirement in project["dependencies"]}
    assert stated <= {"grpcio", "grpcio-status", "protobuf", "googleapis-common-protos"}
    assert names - {"pip", "setuptools", "typing-extensions"} == {"storycluster", *stated}
    code = "from storycluster import Article, Client; Client('127.0.0.1:9').close(); print('well')"
    told = run_in(base_environment, "python", "-W", "error", "-c", code)
    assert (told.stdout, told.stderr) == ("well\n", "")


def test_the_base_install_names_the_missing_extra(base_environment: Path, run_in: Run) -> None:
    """Without the command line and without the server, one line names the extra to install."""
    told = run_in(base_environment, "storycluster", "--help")
    assert told.returncode != 0
    assert told.stderr.strip().splitlines() == [
        "error: typer or rich is not installed: pip install 'storycluster[cli]'"
    ]
    code = "from storycluster.testing import serve\nwith serve(): pass"
    told = run_in(base_environment, "python", "-c", code)
    assert "pip install 'storycluster[server]'" in told.stderr.splitlines()[-1]


def test_the_command_line_alone_names_the_server(base_environment: Path, run_in: Run) -> None:
    """With the extra `cli` client commands work, and `serve` names the extra it needs.

    The last test on this environment: it adds to it.
    """
    pip(base_environment, "install", "-c", "constraints.txt", "typer", "rich")
    assert run_in(base_environment, "storycluster", "--help").returncode == 0
    told = run_in(base_environment, "storycluster", "health", "--server", "127.0.0.1:9")
    assert told.returncode == 1
    told = run_in(base_environment, "storycluster", "serve", "--data", "never")
    assert told.returncode == 2
    assert "pip install 'storycluster[server]'" in told.stderr
