"""Is the committed code what the proto files generate?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import generate_proto
import pytest

ROOT = Path(__file__).resolve().parents[2]
COMMITTED = ROOT / "src" / "storycluster" / "v1"

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def generator() -> Path:
    """An interpreter with the pinned generator."""
    if generate_proto.has_generator():
        return Path(sys.executable)
    try:
        return generate_proto.codegen_python()
    except subprocess.CalledProcessError:
        pytest.skip("pip cannot install grpcio-tools here: no index within reach")


def content_of(package: Path) -> dict[str, bytes]:
    return {one.name: one.read_bytes() for one in package.iterdir() if one.is_file()}


def test_committed_code_is_generated(generator: Path, tmp_path: Path) -> None:
    """Generating again gives the committed files byte by byte, and no file more or less."""
    stale = tmp_path / "storycluster" / "v1" / "gone_pb2.py"
    stale.parent.mkdir(parents=True)
    stale.write_text("left over from an earlier run")
    script = ROOT / "tools" / "generate_proto.py"
    subprocess.run([generator, script, "--out", tmp_path], check=True, capture_output=True)
    fresh = content_of(stale.parent)
    committed = content_of(COMMITTED)
    assert sorted(fresh) == sorted(committed)
    assert [name for name in fresh if fresh[name] != committed[name]] == []


def test_generated_code_loads_without_a_warning() -> None:
    """Every generated module imports under the installed protobuf and grpcio without a warning."""
    modules = [f"storycluster.v1.{one.stem}" for one in sorted(COMMITTED.glob("*_pb2*.py"))]
    command = [sys.executable, "-W", "error", "-c", f"import {', '.join(modules)}"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (0, "")


def test_only_services_have_stubs() -> None:
    """A file without a service has no empty `_pb2_grpc.py`."""
    stubs = {one.name.removesuffix("_pb2_grpc.py") for one in COMMITTED.glob("*_pb2_grpc.py")}
    assert stubs
    assert all(name.endswith("_service") for name in stubs)
