"""Does a crash in the middle of an import leave nothing behind?"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from storycluster.backends import open_store
from storycluster.domain import Act, Article
from storycluster.engine import Engine, scheme_of
from storycluster.errors import NotFound
from storycluster.ports import Encoder
from storycluster.settings import Settings

pytestmark = pytest.mark.slow

ACT = Act("operator", "moved")
DYING = """
import os, sys
from storycluster.backends import open_encoder, open_store
from storycluster.domain import Act
from storycluster.engine import Engine, scheme_of
from storycluster.settings import Settings

folder, file, lines = sys.argv[1], sys.argv[2], int(sys.argv[3])
encoder = open_encoder("default")
engine = Engine(open_store(folder, scheme_of(encoder, Settings())), encoder)

def dying():
    with open(file, "rb") as source:
        for number, line in enumerate(source):
            if number == lines:
                os._exit(9)
            yield line
    os._exit(9)

engine.import_collection("desk", dying(), Act("operator", "moved"))
"""


def opened(encoder: Encoder, folder: Path) -> Engine:
    return Engine(open_store(str(folder), scheme_of(encoder, Settings())), encoder)


def test_a_process_that_dies_while_it_imports_leaves_nothing(
    encoder: Encoder, tmp_path: Path
) -> None:
    """At the beginning, half-way and after the last line; then the file is imported whole."""
    source = opened(encoder, tmp_path / "source")
    text = "The old mill number {0} at Dunmore burned down on day {0}, said the fire chief {0}."
    source.ingest("desk", [Article(f"a{n}", text=text.format(n)) for n in range(40)])
    lines = list(source.export_collection("desk"))
    source.close()
    file = tmp_path / "desk.jsonl"
    file.write_bytes(b"".join(lines))
    target = tmp_path / "target"
    for at in (3, len(lines) // 2, len(lines)):
        command = [sys.executable, "-c", DYING, str(target), str(file), str(at)]
        assert subprocess.run(command, check=False, timeout=120).returncode == 9
        engine = opened(encoder, target)
        with pytest.raises(NotFound):
            engine.get_collection("desk")
        assert engine.list_audit_entries("", of_the_store=True).items == ()
        engine.close()
    engine = opened(encoder, target)
    engine.import_collection("desk", lines, ACT)
    assert list(engine.export_collection("desk"))[1:] == lines[1:]
    engine.close()
