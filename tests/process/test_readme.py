"""Does everything the README says to type do what it says?"""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from server_process import END_S, READY_S

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
ADDRESS = "127.0.0.1:7443"
COMMAND = Path(sys.executable).parent / "storycluster"
COMMAND_S = 60.0

pytestmark = pytest.mark.slow


def blocks(language: str) -> list[str]:
    """The fenced blocks of the README in that language."""
    return re.findall(rf"^```{language}\n(.*?)^```", README, re.DOTALL | re.MULTILINE)


def commands() -> list[list[str]]:
    """The words of every `storycluster` line of the README's shell blocks, without comments."""
    lines = [
        line.partition("#")[0].split() for block in blocks("sh") for line in block.splitlines()
    ]
    return [line[1:] for line in lines if line and line[0].endswith("storycluster")]


def run(*arguments: str, address: str = "", **environment: str) -> subprocess.CompletedProcess[str]:
    """A finished `storycluster` command; the server is named by the environment, as for a user."""
    told = {"STORYCLUSTER_SERVER": address} if address else {}
    return subprocess.run(
        [COMMAND, *arguments],
        capture_output=True,
        text=True,
        timeout=COMMAND_S,
        check=False,
        env={**os.environ, **told, **environment, "COLUMNS": "200"},
    )


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server started by the README's own line, on a free port and in a folder of its own."""
    (line,) = [words for words in commands() if words[0] == "serve" and words[-1] == ADDRESS]
    data = tmp_path_factory.mktemp("readme") / line[line.index("--data") + 1]
    line[line.index("--data") + 1] = str(data)
    line[-1] = "127.0.0.1:0"
    with subprocess.Popen(
        [COMMAND, *line],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    ) as process:
        assert process.stdout is not None
        try:
            said = process.stdout.readline()
            assert re.fullmatch(r"listening on 127\.0\.0\.1:\d+\n", said), said
            yield said.split()[-1]
        finally:
            process.terminate()
            _, errors = process.communicate(timeout=max(READY_S, END_S))
        assert process.returncode == 0, errors
        assert any(data.iterdir())


@pytest.mark.parametrize("number", range(len(blocks("python"))))
def test_a_python_block_runs_and_tells_a_difference(number: int, address: str) -> None:
    """The code of the README runs as printed, joins the two articles and tells 12 from 14."""
    block = blocks("python")[number]
    assert ADDRESS in block
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", block.replace(ADDRESS, address)],
        capture_output=True,
        text=True,
        timeout=COMMAND_S,
        check=False,
    )
    assert (done.returncode, done.stderr) == (0, "")
    first, *differences = done.stdout.splitlines()
    assert re.fullmatch(r"(near_copy|same_story) of \S+", first), done.stdout
    numbers = [line for line in differences if line.startswith("number_changed")]
    assert any("12" in line and "14" in line for line in numbers), done.stdout


def test_every_command_has_help() -> None:
    """Each command the README names exists and tells its options."""
    named = {tuple(filter(str.isalpha, words[:2])) for words in commands()}
    named = {tuple(filter(str.islower, words)) for words in named}
    assert len(named) >= 7
    for words in named:
        told = run(*words, "--help")
        assert (told.returncode, told.stderr) == (0, "")
        assert "Usage" in told.stdout
    assert run("--version").stdout.strip()


def labelled_seeds(file: Path) -> Path:
    """The sample articles, each in its first revision, with their gold stories."""
    rows = [json.loads(line) for line in (ROOT / "seeds/articles.jsonl").read_text().splitlines()]
    first = {row["id"]: row for row in reversed(rows)}
    file.write_text("".join(json.dumps(row) + "\n" for row in first.values()), encoding="utf-8")
    return file


def test_the_commands_do_what_their_comments_say(address: str, tmp_path: Path) -> None:
    """Each client command of the README, given real names for its placeholders, ends with 0 and
    speaks of what it was asked for."""
    articles = tmp_path / "articles.jsonl"
    fields = {"text": "The old mill at Dunmore burned down on Friday, said the fire chief Una Kay."}
    lines = [{"id": name, "title": f"Mill burns, says {name}", **fields} for name in ("m1", "m2")]
    lines.append({"id": "m3", "title": "Vote delayed", "text": "Parliament votes on Monday."})
    articles.write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    names = {"FILE|DIR|-": str(articles), "ARTICLE_A": "m1", "ARTICLE_B": "m2", "ARTICLE_ID": "m2"}
    names["OTHER_ID"] = "m3"
    names["FILE"] = str(tmp_path / "asked.txt")
    (tmp_path / "asked.txt").write_text(fields["text"], encoding="utf-8")
    names["LABELLED.jsonl"] = str(labelled_seeds(tmp_path / "labelled.jsonl"))
    done = []
    for words in commands():
        if words[0] == "serve":
            continue
        if "STORY_ID" in words:
            shown = json.loads(run("article", "show", "m1", "--json", address=address).stdout)
            names["STORY_ID"] = re.findall(r'"story_id": ?"(\w+)"', json.dumps(shown))[0]
        told = run(*(names.get(word, word) for word in words), address=address)
        waits = words[:2] == ["recluster", "wait"]  # tells how far the job is
        assert (words, told.returncode, "" if waits else told.stderr) == (words, 0, "")
        if words[:2] == ["recluster", "create"]:
            names["JOB"] = told.stdout.split()[0]
        assert told.stdout.strip()
        done.append(words[:2])
    assert ["story", "show"] in done
    assert ["article", "show"] in done


def test_the_exit_codes_are_those_of_the_readme(address: str, tmp_path: Path) -> None:
    """0 for done, 1 for refused or not found, 2 for wrong usage, 3 where no server answers."""
    empty = tmp_path / "empty.jsonl"
    empty.write_text('{"id": "nothing"}\n')
    assert run("health", address=address).returncode == 0
    assert run("article", "show", "unknown", address=address).returncode == 1
    assert run("ingest", str(empty), address=address).returncode == 1
    assert run("article", "show", address=address).returncode == 2
    assert run("story", "list", "--timeout", "2", address="127.0.0.1:9").returncode == 3


def test_the_fields_of_the_readme_are_understood(address: str, tmp_path: Path) -> None:
    """Each field the README lists for JSON Lines arrives as its own; an unknown one is kept."""
    told = README.split("An article in JSON Lines has", 1)[1].split(";")[0]
    names = re.findall(r"`(\w+)`", told)
    values: dict[str, object] = dict.fromkeys(names, "given")
    values |= {"id": "fields-1", "text": "Snow fell on Skye.", "language": "en", "revision": 3}
    values |= {"published_at": "2024-05-01T10:00:00Z", "authors": ["Ann Lee"], "ward": "north"}
    file = tmp_path / "one.jsonl"
    file.write_text(json.dumps(values) + "\n", encoding="utf-8")
    assert run("ingest", str(file), address=address).returncode == 0
    from storycluster import Client

    with Client(address) as client:
        article = client.get_article("fields-1").article
    assert (article.title, article.source, article.url, article.credit) == ("given",) * 4
    assert (article.language, article.revision, article.authors) == ("en", 3, ("Ann Lee",))
    assert article.publish_time is not None
    assert article.publish_time.isoformat() == "2024-05-01T10:00:00+00:00"
    assert article.extras == {"ward": '"north"'}


def test_print_config_is_a_configuration_file(tmp_path: Path) -> None:
    """`serve --print-config` prints TOML that, given back, changes nothing; flags win over the
    environment, and the environment over the file."""
    file = tmp_path / "server.toml"
    file.write_text(run("serve", "--print-config", "--set", "log.level=error").stdout)
    assert tomllib.loads(file.read_text())["log"]["level"] == "error"
    again = run("serve", "--print-config", "--config", str(file))
    assert again.stdout == file.read_text()
    environment = {"STORYCLUSTER__LOG__LEVEL": "debug"}
    by_environment = run("serve", "--print-config", "--config", str(file), **environment)
    assert tomllib.loads(by_environment.stdout)["log"]["level"] == "debug"
    flags = ("--set", "log.level=info")
    by_flag = run("serve", "--print-config", "--config", str(file), *flags, **environment)
    assert tomllib.loads(by_flag.stdout)["log"]["level"] == "info"


def test_targets_and_extras_exist() -> None:
    """Each `make` target and each extra that the README names is there."""
    targets = set(re.findall(r"^(\w+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    assert set(re.findall(r"^make (\w+)", README, re.MULTILINE)) <= targets
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = re.findall(r"storycluster\[(\w+)\]", README)
    assert set(extras) <= set(project["optional-dependencies"])
    assert extras
