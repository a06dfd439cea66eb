"""`storycluster evaluate` as a user runs it: labelled files in, scores out, no server."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import pytest
from command_line import lines_of, run

pytestmark = pytest.mark.slow

SEEDS = Path(__file__).parents[2] / "seeds"


@pytest.fixture
def labelled(tmp_path: Path) -> Path:
    """Our own seed articles with their gold stories."""
    rows = [json.loads(line) for line in (SEEDS / "articles.jsonl").read_text().splitlines()]
    first = {row["id"]: row for row in reversed(rows)}
    file = tmp_path / "gold.jsonl"
    file.write_text("".join(json.dumps(row) + "\n" for row in first.values()))
    return file


def test_a_labelled_file_is_scored(labelled: Path, tmp_path: Path) -> None:
    """The JSON holds every promised score; a line is written for each article; a background does
    not change what is scored."""
    told = lines_of(run("evaluate", labelled, "--json", "--assignments", tmp_path / "out.jsonl"))[0]
    promised = {"bcubed", "pairwise", "ari", "ami", "ceaf_e", "stories_predicted", "stories_gold"}
    assert promised | {"floors", "articles", "seconds", "after_repair"} <= told.keys()
    assert told["bcubed"]["f1"] > told["floors"]["all_singletons"]["bcubed"]["f1"]
    rows = [json.loads(line) for line in (tmp_path / "out.jsonl").read_text().splitlines()]
    assert len(rows) == told["articles"]
    assert {"id", "story", "relation", "confidence"} <= rows[0].keys()
    mixed = run("evaluate", labelled, "--background", SEEDS / "distractors.jsonl", "--json")
    again = lines_of(mixed)[0]
    assert (again["articles"], again["background"]) == (told["articles"], 8)


def test_an_order_seed_repeats(labelled: Path, tmp_path: Path) -> None:
    """The same seed gives the same stories."""
    written = []
    for name in ("a", "b"):
        target = tmp_path / name
        done = run("evaluate", labelled, "--order-seed", "7", "--assignments", target, "--json")
        assert done.returncode == 0, done.stderr
        written.append(target.read_text())
    assert written[0] == written[1]


def test_pairs_are_scored(tmp_path: Path) -> None:
    """A pair file, gzipped as well, answers with AUC and average precision."""
    ferry = {"id": "1", "text": "A ferry sank off Port Vell on Monday; twelve people died."}
    again = {"id": "2", "text": "Twelve people died when a ferry sank off Port Vell on Monday."}
    other = {"id": "3", "text": "The council of Harrow voted to close its only library in June."}
    pairs = [{"a": ferry, "b": again, "label": "same"}, {"a": ferry, "b": other, "label": 0}]
    file = tmp_path / "pairs.jsonl.gz"
    file.write_bytes(gzip.compress("\n".join(map(json.dumps, pairs)).encode()))
    told = lines_of(run("evaluate", file, "--json"))[0]
    assert (told["pairs"], told["auc"], told["average_precision"]) == (2, 1.0, 1.0)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ('{"id": "1", "text": "a"}\nnot json', ":2"),
        ('{"id": "1", "text": "a", "story": []}', "story"),
        ('{"id": "1", "text": "a"}\n{"id": "1", "text": "b"}', "second time"),
        ("", "holds no article"),
    ],
)
def test_a_wrong_file_is_refused_by_line(tmp_path: Path, content: str, named: str) -> None:
    """Exit code 2, one clear line, no traceback."""
    file = tmp_path / "wrong.jsonl"
    file.write_text(content)
    done = run("evaluate", file)
    assert done.returncode == 2
    assert named in done.stderr
    assert "Traceback" not in done.stderr


def test_the_curve_is_drawn(labelled: Path, tmp_path: Path) -> None:
    """A PNG of the operating curve."""
    few = tmp_path / "few.jsonl"
    few.write_text("\n".join(labelled.read_text().splitlines()[:12]))
    done = run("evaluate", few, "--plot", tmp_path / "curve.png")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "curve.png").read_bytes().startswith(b"\x89PNG")
