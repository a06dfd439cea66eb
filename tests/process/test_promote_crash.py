"""Is a plan published whole or not at all, whenever the process or the power goes?"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import pytest
from power_cut import Disk, PowerCutVFS
from promote_writer import faults, open_engine, promote, promoted

WRITER = Path(__file__).with_name("promote_writer.py")


@pytest.mark.slow
def test_a_killed_promote_is_done_or_not_begun(tmp_path: Path) -> None:
    """After each of 6 SIGKILLs the stories are as the last recorded plan left them, and no
    acknowledged plan is missing."""
    acknowledged = 0
    source = random.Random(7)
    for _ in range(6):
        command = [sys.executable, str(WRITER), str(tmp_path)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            acknowledged = int(writer.stdout.readline())
            time.sleep(source.uniform(0.0, 0.2))
            writer.kill()
            for line in writer.stdout:
                acknowledged = int(line) if line.endswith("\n") else acknowledged
        engine = open_engine(tmp_path)
        assert faults(engine, acknowledged=acknowledged) == []
        engine.close()
    assert acknowledged >= 6


@pytest.mark.slow
def test_a_power_cut_in_a_promote_leaves_no_half(tmp_path: Path) -> None:
    """Of 40 images of the disk taken while plans are written, each holds whole plans, all that were
    acknowledged, and takes the next one."""
    disk, source = Disk(), random.Random(3)
    vfs = PowerCutVFS("power-cut-promote", disk)
    engine = open_engine(tmp_path / "live", vfs="power-cut-promote")
    engine._store._writer.connection.wal_autocheckpoint(40)  # type: ignore[attr-defined]
    images: list[tuple[Path, int]] = []
    acknowledged, cut_at = 0, disk.writes

    def maybe_cut() -> None:
        nonlocal cut_at
        if disk.writes >= cut_at and len(images) < 40:
            cut_at = disk.writes + source.randrange(1, 25)
            images.append((tmp_path / f"image-{len(images)}", acknowledged))
            disk.image(images[-1][0], source)

    disk.after_write = maybe_cut
    while len(images) < 40:
        acknowledged = promote(engine)
    engine.close()
    vfs.unregister()
    assert acknowledged > 3
    for image, promised in images:
        again = open_engine(image)
        assert faults(again, acknowledged=promised) == []
        number = promoted(again) + 1
        assert promote(again) == number
        assert faults(again, acknowledged=number) == []
        again.close()
