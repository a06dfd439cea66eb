"""What does importing the SDK load?"""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

HEAVY = {
    "apsw", "datasketch", "faiss", "feedparser", "ftfy", "lxml", "numpy", "pandas",
    "prometheus_client", "psycopg", "pydantic", "rapidfuzz", "rich", "safetensors", "scipy",
    "sentence_transformers", "sklearn", "sqlite3", "storycluster_server", "structlog",
    "tokenizers", "torch", "trafilatura", "transformers", "typer",
}  # fmt: skip


def loaded_by(statement: str) -> set[str]:
    """Every module that a fresh interpreter holds after that statement."""
    code = f"{statement}\nimport json, sys\nprint(json.dumps(sorted(sys.modules)))"
    done = subprocess.run(
        [sys.executable, "-I", "-c", code], capture_output=True, text=True, timeout=60, check=True
    )
    return set(json.loads(done.stdout))


def top(modules: set[str]) -> set[str]:
    """Their packages."""
    return {name.partition(".")[0] for name in modules}


@pytest.mark.parametrize(
    "statement",
    [
        "import storycluster",
        "import storycluster.client",
        "import storycluster.testing",
        "from storycluster import *",
        "from storycluster import Client; Client('localhost:1').close()",
    ],
)
def test_the_sdk_loads_nothing_heavy(statement: str) -> None:
    """No array library, model, driver or command line comes with it."""
    assert top(loaded_by(statement)) & HEAVY == set()


def test_the_heavy_ones_would_be_seen() -> None:
    """The check above can fail: a module on the list shows up when it is loaded."""
    assert top(loaded_by("import sqlite3")) & HEAVY == {"sqlite3"}


@pytest.mark.parametrize("statement", ["import storycluster", "from storycluster import Article"])
def test_the_nouns_come_without_grpc(statement: str) -> None:
    """Code that only handles articles does not pay for the transport."""
    assert top(loaded_by(statement)) & {"grpc", "google"} == set()


def test_the_client_brings_only_its_four_dependencies() -> None:
    """Besides the standard library and what gRPC brings: protobuf and the common messages."""
    brought = top(loaded_by("import storycluster.client")) - set(sys.stdlib_module_names)
    assert brought - top(loaded_by("import grpc")) <= {"storycluster", "grpc_status", "google"}
