"""How do tests install the project into virtual environments of their own?"""

from __future__ import annotations

import re
import subprocess
import venv
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PIP = ("-m", "pip", "--disable-pip-version-check", "-q")
_UNREACHABLE = re.compile(
    r"Failed to establish|NewConnection|ConnectTimeout|Name or service|no-index"
)


def pip(python: Path, *arguments: str, cwd: Path = ROOT) -> None:
    """Run pip; skips the test where it cannot install, because no index is within reach."""
    command = [str(python), *PIP, *arguments]
    done = subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        if _UNREACHABLE.search(done.stderr):
            pytest.skip(f"pip cannot install here: {done.stderr.strip()[-300:]}")
        raise AssertionError(f"{command}: {done.stderr}")


def new_environment(folder: Path) -> Path:
    """The interpreter of a new virtual environment."""
    venv.create(folder, with_pip=True, symlinks=True)
    return folder / "bin" / "python"
