"""`storycluster compare` on files: two articles or many pairs, without a server."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command_line import lines_of, run

pytestmark = pytest.mark.slow

OLD = (
    "A ferry sank off Port Vell on Monday morning, the coast guard said.\n\n"
    "At least 12 people died and two are still missing.\n\n"
    "Divers went on searching through the night."
)
NEW = OLD.replace("12 people", "15 people") + "\n\nThe captain, Anna Ek, was arrested on Tuesday."


@pytest.fixture
def files(tmp_path: Path) -> tuple[Path, Path]:
    """One text with its sidecar, and one JSON article."""
    (tmp_path / "old.txt").write_text(OLD, encoding="utf-8")
    (tmp_path / "old.json").write_text(json.dumps({"title": "Ferry sinks 🚢 off Port Vell"}))
    fields = {"id": "new", "title": "Ferry sinks 🚢 off Port Vell", "text": NEW}
    (tmp_path / "new.json").write_text(json.dumps(fields))
    return tmp_path / "old.txt", tmp_path / "new.json"


def test_two_files_are_compared_without_a_server(files: tuple[Path, Path]) -> None:
    """The same shape as from a server; spans are exact."""
    (found,) = lines_of(run("compare", *files, "--json"))
    assert (found["base_article_id"], found["other_article_id"]) == ("old", "new")
    [toll] = [d for d in found["differences"] if d["conflict"]]
    assert (toll["base"]["text"], toll["other"]["text"]) == ("12", "15")
    assert OLD[toll["base"]["start"] : toll["base"]["end"]] == "12"
    assert "sentence_added" in {d["type"] for d in found["differences"]}


def test_two_files_are_told_to_a_person(files: tuple[Path, Path]) -> None:
    """Both values, and what is new."""
    done = run("compare", *files)
    assert done.returncode == 0
    assert "CONFLICT number changed" in done.stdout
    assert "Anna Ek" in done.stdout


def test_a_wide_terminal_shows_both_sides_beside_each_other(files: tuple[Path, Path]) -> None:
    """In colour, and in a pipe one below the other without."""
    wide = run("compare", *files, FORCE_COLOR="1", COLUMNS="140").stdout
    assert [line for line in wide.splitlines() if "\x1b[31m12" in line and "\x1b[32m15" in line]
    assert "\x1b" not in run("compare", *files).stdout


def test_pairs_of_a_file_are_compared_one_a_line(tmp_path: Path) -> None:
    """In order, spans flat; a line that is no pair is told, and the rest goes on."""
    pairs = [
        {"id": "p1", "a": {"id": "1", "text": OLD}, "b": {"id": "2", "text": NEW}},
        {"id": "p2", "a": {"id": "1", "text": OLD}},
        {"a": {"id": "1", "text": OLD}, "b": {"id": "2", "text": OLD}},
    ]
    file = tmp_path / "pairs.jsonl"
    file.write_text("\n".join(map(json.dumps, pairs)))
    done = run("compare", "--pairs", file, "--json")
    assert done.returncode == 1
    assert f"{file}:2" in done.stderr
    first, last = lines_of(done)
    assert (first["id"], last["id"], last["differences"]) == ("p1", "3", [])
    for one in first["differences"]:
        for side, text in (("a", OLD), ("b", NEW)):
            if (span := one[f"{side}_span"]) is not None and one[f"{side}_field"] == "text":
                start = one[f"{side}_start"]
                assert text[start : start + len(span)] == span
    assert [OLD[a:b] == NEW[c:d] for a, b, c, d in first["aligned"]].count(True) >= 2


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (("a.txt",), "give two articles"),
        (("a", "b", "--pairs", "c.jsonl"), "give two articles"),
        (("--pairs", "none.jsonl"), "cannot be read"),
    ],
)
def test_wrong_usage_is_told(arguments: tuple[str, ...], told: str) -> None:
    """Exit code 2, one clear line, no traceback."""
    done = run("compare", *arguments)
    assert (done.returncode, told in done.stderr) == (2, True)
    assert "Traceback" not in done.stderr


def test_a_file_that_holds_no_article_is_named(files: tuple[Path, Path], tmp_path: Path) -> None:
    """The error names the file and what is wrong with it."""
    (tmp_path / "empty.json").write_text("{}")
    done = run("compare", files[0], tmp_path / "empty.json")
    assert done.returncode == 2
    assert "empty: text: title and text hold no word" in done.stderr
