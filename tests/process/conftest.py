"""The project as others install it: a wheel, and virtual environments that hold it."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys
import sysconfig
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from installing import ROOT, new_environment, pip


@pytest.fixture(scope="session")
def build_context(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of what the Dockerfile copies into its build stage, without what git ignores."""
    folder = tmp_path_factory.mktemp("context")
    stage = (ROOT / "Dockerfile").read_text(encoding="utf-8").split("\nFROM ")[0]
    wanted = [
        name.strip("./")
        for line in re.findall(r"^COPY (?!--from)(.+)$", stage, re.MULTILINE)
        for name in line.split()[:-1]
    ]
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z", *wanted]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout.decode()
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout, or no git")
    for name in filter(None, listed.split("\0")):
        if (ROOT / name).is_file():
            (folder / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(ROOT / name, folder / name)
    return folder


@pytest.fixture(scope="session")
def wheel(build_context: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from the copy with the setuptools of this environment."""
    out = tmp_path_factory.mktemp("wheel")
    options = ("--no-deps", "--no-build-isolation", "--wheel-dir", str(out))
    pip(Path(sys.executable), "wheel", *options, ".", cwd=build_context)
    (built,) = out.glob("*.whl")
    return built


@pytest.fixture(scope="session")
def base_environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment with the base install and nothing else."""
    python = new_environment(tmp_path_factory.mktemp("base") / "venv")
    pip(python, "install", "-c", "constraints.txt", str(wheel))
    return python


@pytest.fixture(scope="session")
def full_environment(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The interpreter of an environment that stands for the image's.

    The wheel is installed; the packages it needs are not installed again, which would take minutes,
    but borrowed from this environment, where `make setup` put them by the same constraints. The
    editable install there is out of sight: a borrowed folder's own .pth files are not read.
    """
    python = new_environment(tmp_path_factory.mktemp("full") / "venv")
    pip(python, "install", "--no-deps", str(wheel))
    (site,) = python.parent.parent.glob("lib/python*/site-packages")
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib") + "\n")
    return python


@pytest.fixture
def run_in(tmp_path: Path) -> Callable[..., subprocess.CompletedProcess[str]]:
    """Runs a command of an environment from an empty folder, with no variable but PATH."""

    def run(python: Path, *words: str, **environment: str) -> subprocess.CompletedProcess[str]:
        program, *arguments = words
        return subprocess.run(
            [str(python.parent / program), *arguments],
            cwd=tmp_path,
            env={"PATH": "/usr/bin:/bin", "COLUMNS": "200", **environment},
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )

    return run


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of 8 MB."""
    if os.geteuid() != 0:
        pytest.skip("mounting a small file system needs root")
    place = tmp_path / "small"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=8m", "tmpfs", str(place)]
    if subprocess.run(mount, capture_output=True, check=False).returncode:
        pytest.skip("mounting is not allowed here")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)
