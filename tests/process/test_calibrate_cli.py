"""`storycluster calibrate` as a newsroom runs it, and a server with the model it wrote."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import random
import re
import subprocess
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from command_line import COMMAND, environment, lines_of, run, served

pytestmark = pytest.mark.slow

START = datetime(2024, 3, 1, tzinfo=UTC)
STORIES, REPORTS = 12, 5


def rows() -> list[dict[str, Any]]:
    """Two events under each label: the desk calls one story what happened on one theme."""
    chance = random.Random(11)

    def words(count: int) -> list[str]:
        letters = "bdfgklmnprstv"
        return [
            "".join(chance.choice(letters) + chance.choice("aeiou") for _ in range(4))
            for _ in range(count)
        ]

    found = []
    for story in range(STORIES):
        theme = words(30)
        for event in range(2):
            own = words(30)
            for report in range(REPORTS):
                told = chance.sample(own, 22) + chance.sample(theme, 12) + words(30)
                chance.shuffle(told)
                time = START + timedelta(days=2 * story + event, hours=report)
                found.append(
                    {
                        "id": f"s{story}e{event}r{report}",
                        "title": " ".join(chance.sample(own, 3) + chance.sample(theme, 1)),
                        "text": ". ".join(" ".join(told[at : at + 8]) for at in range(0, 64, 8)),
                        "source": f"paper {report}",
                        "published_at": time.isoformat(),
                        "story": f"theme {story}",
                    }
                )
    return found


def write(file: Path, some: list[dict[str, Any]]) -> Path:
    file.write_text("".join(json.dumps(row) + "\n" for row in some))
    return file


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where the labels are and the model is written."""
    return tmp_path_factory.mktemp("desk")


@pytest.fixture(scope="module")
def labelled(folder: Path) -> Path:
    """The labels of the desk."""
    return write(folder / "labelled.jsonl", rows())


@pytest.fixture(scope="module")
def told(folder: Path, labelled: Path) -> dict[str, Any]:
    """What the command answers a program; it wrote model.json."""
    done = run("calibrate", labelled, "--out", folder / "model.json", "--json")
    assert (done.returncode, done.stderr) == (0, "")
    return lines_of(done)[0]


def test_what_would_change_is_told(told: dict[str, Any], folder: Path) -> None:
    """Scores before and after, the threshold, weights, articles that would move; and the file holds
    the model, the labels it was fitted on by digest, and no path of this machine."""
    assert told["better"] is True
    assert told["after"]["bcubed"]["recall"] > told["before"]["bcubed"]["recall"]
    assert told["labelled"] == STORIES * 2 * REPORTS
    assert {"before", "after"} == told["threshold"].keys()
    assert told["weights"]
    assert 0 < len(told["examples"]) <= told["moved"] <= told["moved_of"]
    written = json.loads((folder / "model.json").read_text())
    assert written["name"] == told["model"]
    assert [one["file"] for one in written["trained_on"]] == ["labelled.jsonl"]
    assert len(written["trained_on"][0]["sha256"]) == 64
    assert str(folder) not in (folder / "model.json").read_text()


def test_a_person_reads_a_verdict(labelled: Path, told: dict[str, Any], folder: Path) -> None:
    """With the refitted model as the present one there is nothing left to gain: it says so, keeps
    the model, and writes nothing."""
    before = sorted(folder.iterdir())
    done = run("calibrate", labelled, "--model", folder / "model.json")
    assert (done.returncode, done.stderr) == (0, "")
    assert "Not better" in done.stdout
    assert "Keep the present model" in done.stdout
    assert "Nothing is written" in done.stdout
    assert "B-cubed recall" in done.stdout
    assert "\x1b" not in done.stdout
    assert sorted(folder.iterdir()) == before


def test_a_terminal_sees_how_far_it_is(
    labelled: Path, told: dict[str, Any], folder: Path, tmp_path: Path
) -> None:
    """On a terminal both stages have a bar on standard error; standard output stays plain."""
    ours, theirs = pty.openpty()
    command = [COMMAND, "calibrate", str(labelled), "--model", str(folder / "model.json")]
    with subprocess.Popen(
        command, stdout=subprocess.PIPE, stderr=theirs, env=environment(TERM="xterm")
    ) as process:
        os.close(theirs)
        seen = b""
        with contextlib.suppress(OSError):  # how the end of a terminal is told
            while some := os.read(ours, 65536):
                seen += some
        os.close(ours)
        assert process.stdout is not None
        plain = process.stdout.read()
    assert process.returncode == 0
    assert b"\x1b" not in plain
    total = STORIES * 2 * REPORTS
    assert re.search(rf"reading labelled\.jsonl .* of {total}".encode(), seen)
    assert re.search(rb"calibrating .* [1-9]\d* of \d{3,}", seen)


def test_evaluate_takes_the_model(labelled: Path, told: dict[str, Any], folder: Path) -> None:
    """The file is a model for `evaluate`, which names it."""
    done = run("evaluate", labelled, "--model", folder / "model.json", "--json")
    assert lines_of(done)[0]["model"] == told["model"]


def test_a_server_decides_with_the_model(
    labelled: Path, told: dict[str, Any], folder: Path, tmp_path: Path
) -> None:
    """Started with it, each decision names the calibrated model and the two events of a theme
    become one story; the configuration shows the file."""
    model = folder / "model.json"
    few = write(tmp_path / "few.jsonl", rows()[-2 * REPORTS :])
    with served(tmp_path / "data", "--set", f"decision.model={model}") as server:
        assert run("ingest", few, address=server.address).returncode == 0
        listed = lines_of(run("story", "list", "--json", address=server.address))
        why = run("why", f"s{STORIES - 1}e1r0", "--json", address=server.address)
    assert [one["article_count"] for one in listed] == [2 * REPORTS]
    assert told["model"] in why.stdout
    shown = run("serve", "--print-config", "--set", f"decision.model={model}")
    assert f'[decision]\nmodel = "{model}"' in shown.stdout


def foreign(folder: Path, tmp_path: Path) -> Path:
    """The model of the desk, said to be fitted for another encoder."""
    plain = json.loads((folder / "model.json").read_text())
    file = tmp_path / "foreign.json"
    file.write_text(json.dumps({**plain, "encoder_id": "theirs@1"}))
    return file


def test_a_foreign_model_starts_no_server(
    told: dict[str, Any], folder: Path, tmp_path: Path
) -> None:
    """Exit code 2 and one line with the setting and both encoders; the same for no model at all."""
    for file, named in ((foreign(folder, tmp_path), "'theirs@1'"), (tmp_path, "cannot be read")):
        done = run("serve", "--data", tmp_path / "data", "--set", f"decision.model={file}")
        assert done.returncode == 2
        assert "cannot start: decision.model: " in done.stderr
        assert named in done.stderr
        assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    ("case", "code", "named"),
    [
        ("foreign", 1, "was fitted for encoder 'theirs@1', not for 'storycluster-static-news@"),
        ("few", 2, "at least 30 labelled articles and 10 stories of two or more are needed"),
        ("pairs", 2, "articles with their story are needed"),
        ("twice", 2, "is named twice"),
        ("over", 2, "is one of the labelled files"),
        ("nowhere", 2, "its folder does not exist"),
        ("missing", 2, "cannot be read"),
    ],
)
def test_what_cannot_be_calibrated_is_refused(
    labelled: Path,
    told: dict[str, Any],
    folder: Path,
    tmp_path: Path,
    *,
    case: str,
    code: int,
    named: str,
) -> None:
    """One clear line, the documented exit code, and nothing written."""
    pair = {"a": {"id": "1", "text": "a"}, "b": {"id": "2", "text": "b"}, "label": 1}
    arguments = {
        "foreign": [labelled, "--model", foreign(folder, tmp_path)],
        "few": [write(tmp_path / "few.jsonl", rows()[:20])],
        "pairs": [write(tmp_path / "pairs.jsonl", [pair])],
        "twice": [labelled, labelled],
        "over": [labelled, "--out", labelled],
        "nowhere": [labelled, "--out", tmp_path / "no" / "model.json"],
        "missing": [tmp_path / "no.jsonl"],
    }[case]
    before = sorted(tmp_path.iterdir())
    done = run("calibrate", *arguments)
    assert done.returncode == code
    assert named in done.stderr
    assert "Traceback" not in done.stderr
    assert done.stdout == ""
    assert sorted(tmp_path.iterdir()) == before
