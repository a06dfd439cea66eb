"""Is everything that was acknowledged still there after a crash, a power cut or a full disk?"""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

import apsw
import pytest
from power_cut import Disk, PowerCutVFS
from store_writer import NAME, SCHEME, faults, write_group

from storycluster.backends.embedded import EmbeddedStore
from storycluster.backends.embedded.folder import DATABASE
from storycluster.errors import StoreError, StoreFull, StoryClusterError

WRITER = Path(__file__).with_name("store_writer.py")


def integrity(folder: Path) -> str:
    """SQLite's own word on the file."""
    connection = apsw.Connection(str(folder / DATABASE))
    try:
        return str(connection.pragma("integrity_check"))
    finally:
        connection.close()


@pytest.mark.slow
def test_a_killed_writer_loses_nothing_it_acknowledged(tmp_path: Path) -> None:
    """After each of 20 SIGKILLs every acknowledged article is whole and the file is sound."""
    group, acknowledged, last = 4, 0, 0
    source = random.Random(11)
    for _ in range(20):
        command = [sys.executable, str(WRITER), str(tmp_path), str(group)]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as writer:
            assert writer.stdout is not None
            acknowledged = int(writer.stdout.readline())
            time.sleep(source.uniform(0.0, 0.15))
            writer.kill()
            for line in writer.stdout:
                # The last line may be cut off by the kill; then it was not acknowledged.
                acknowledged = int(line) if line.endswith("\n") else acknowledged
        store = EmbeddedStore.open(tmp_path, SCHEME)
        with store.read() as reader:
            assert faults(reader, acknowledged=acknowledged, group=group) == []
            assert reader.last_sequence(NAME) > last
            last = reader.last_sequence(NAME)
        store.close()
        assert integrity(tmp_path) == "ok"
    assert last > 20 * group


def power_cuts(folder: Path, *, synchronous: int, cuts: int) -> tuple[int, int]:
    """(images that lost or damaged an acknowledged article, images made) with that setting."""
    disk = Disk()
    name = f"power-cut-{synchronous}"
    vfs = PowerCutVFS(name, disk)
    source = random.Random(synchronous)
    store = EmbeddedStore.open(folder / "live", SCHEME, vfs=name)
    store._writer.connection.pragma("synchronous", synchronous)
    # Small checkpoints, so that cuts fall into them as well.
    store._writer.connection.wal_autocheckpoint(60)
    images: list[tuple[Path, int]] = []
    acknowledged, cut_at = 0, 20

    def maybe_cut() -> None:
        nonlocal cut_at
        if disk.writes >= cut_at and len(images) < cuts:
            cut_at = disk.writes + source.randrange(1, 60)
            images.append((folder / f"image-{len(images)}", acknowledged))
            disk.image(images[-1][0], source)

    disk.after_write = maybe_cut
    while len(images) < cuts:
        acknowledged = write_group(store, source.choice([1, 2, 5]))
    store.close()
    vfs.unregister()
    lost = sum(1 for image, promised in images if _is_lost(image, promised))
    return lost, len(images)


def _is_lost(image: Path, promised: int) -> bool:
    try:
        store = EmbeddedStore.open(image, SCHEME)
    except StoryClusterError:
        return True
    try:
        with store.read() as reader:
            if faults(reader, acknowledged=promised):
                return True
        write_group(store, 1)
    except StoreError:
        return True
    finally:
        store.close()
    return integrity(image) != "ok"


@pytest.mark.slow
def test_a_power_cut_loses_nothing_that_was_acknowledged(tmp_path: Path) -> None:
    """As the store is set up, none of 60 power cuts loses or damages an acknowledged article."""
    lost, cuts = power_cuts(tmp_path, synchronous=2, cuts=60)
    assert cuts == 60
    assert lost == 0


@pytest.mark.slow
@pytest.mark.parametrize("synchronous", [0, 1])
def test_the_power_cut_tells_weaker_settings_apart(tmp_path: Path, synchronous: int) -> None:
    """With synchronous OFF or NORMAL the same cuts do lose articles: the test can fail."""
    lost, cuts = power_cuts(tmp_path, synchronous=synchronous, cuts=30)
    assert 0 < lost <= cuts


def test_a_power_cut_while_the_store_is_created_leaves_a_usable_folder(tmp_path: Path) -> None:
    """Whatever a cut leaves of a store in creation, it can be opened and written."""
    disk = Disk()
    vfs = PowerCutVFS("power-cut-create", disk)
    source = random.Random(5)
    images: list[Path] = []

    def cut() -> None:
        images.append(tmp_path / f"image-{len(images)}")
        disk.image(images[-1], source)

    disk.after_write = cut
    EmbeddedStore.open(tmp_path / "live", SCHEME, vfs="power-cut-create").close()
    vfs.unregister()
    assert len(images) > 10
    assert [image for image in images if _is_lost(image, 0)] == []


def fill(store: EmbeddedStore, group: int) -> int:
    """Write until StoreFull is raised; returns how many articles were acknowledged."""
    acknowledged = 0
    for _ in range(100_000):
        try:
            acknowledged = write_group(store, group)
        except StoreFull:
            return acknowledged
    raise AssertionError("the store never filled up")


def test_a_full_database_refuses_writes_and_goes_on_reading(tmp_path: Path) -> None:
    """At its size limit a write raises StoreFull and leaves no trace; given space, it works."""
    store = EmbeddedStore.open(tmp_path, SCHEME)
    write_group(store, 5)
    connection = store._writer.connection
    connection.pragma("max_page_count", int(connection.pragma("page_count")) + 40)
    acknowledged = fill(store, 3)
    with store.read() as reader:
        assert faults(reader, acknowledged=acknowledged) == []
        assert reader.last_sequence(NAME) == acknowledged
    with pytest.raises(StoreFull):
        write_group(store, 3)
    connection.pragma("max_page_count", 1_000_000)
    assert write_group(store, 3) == acknowledged + 3
    store.close()
    assert integrity(tmp_path) == "ok"


@pytest.mark.slow
def test_a_full_disk_refuses_writes_and_goes_on_reading(small_disk: Path) -> None:
    """On a disk without space a write raises StoreFull; with space again the store writes on."""
    ballast = small_disk / "ballast"
    ballast.write_bytes(bytes(2_000_000))
    store = EmbeddedStore.open(small_disk / "data", SCHEME)
    acknowledged = fill(store, 4)
    assert acknowledged > 0
    with store.read() as reader:
        assert faults(reader, acknowledged=acknowledged, group=4) == []
        assert reader.last_sequence(NAME) == acknowledged
    ballast.unlink()
    assert write_group(store, 4) == acknowledged + 4
    store.close()
    assert integrity(small_disk / "data") == "ok"


def test_a_failing_disk_stops_the_writer_until_it_is_reopened(tmp_path: Path) -> None:
    """After a failed fsync the store reads on, writes no more, and is exact once reopened."""
    disk = Disk()
    vfs = _FailingSync("failing-sync", disk)
    store = EmbeddedStore.open(tmp_path, SCHEME, vfs="failing-sync")
    acknowledged = write_group(store, 3)
    vfs.failing = True
    with pytest.raises(StoreError, match="IOError"):
        write_group(store, 1)
    vfs.failing = False
    with pytest.raises(StoreError, match="must be reopened"):
        write_group(store, 1)
    with store.read() as reader:
        assert reader.last_sequence(NAME) == acknowledged
        assert faults(reader, acknowledged=acknowledged) == []
    store.close()
    again = EmbeddedStore.open(tmp_path, SCHEME)
    with again.read() as reader:
        assert reader.last_sequence(NAME) == acknowledged
    assert write_group(again, 2) == acknowledged + 2
    again.close()
    vfs.unregister()
    assert integrity(tmp_path) == "ok"


class _FailingSync(PowerCutVFS):
    """A file layer whose fsync can be made to fail."""

    failing = False

    def xOpen(self, name: object, flags: list[int]) -> apsw.VFSFile:  # noqa: N802  # SQLite's name
        """A file whose fsync asks whether to fail."""
        opened = super().xOpen(name, flags)
        sync = opened.xSync

        def checked(how: int) -> None:
            if self.failing:
                raise apsw.IOError("fsync failed")
            sync(how)

        opened.xSync = checked
        return opened
