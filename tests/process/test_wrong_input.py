"""What is wrong is refused by name; the rest is accepted, and the server goes on."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import COMMAND, article_line, asked, environment, lines_of, run, served

pytestmark = pytest.mark.slow

NOBODY = "127.0.0.1:9"


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """One server for all that is wrong; at the end it still stops as it should."""
    with served(tmp_path_factory.mktemp("wrong") / "data") as server:
        yield server.address
        assert server.end() == 0


@pytest.fixture(autouse=True)
def goes_on(address: str, request: pytest.FixtureRequest) -> Iterator[None]:
    """After each wrong input another article is taken as before."""
    yield
    name = f"after-{request.node.nodeid}"[:200]
    (told,) = lines_of(run("ingest", "-", "--json", address=address, stdin=line(name)))
    assert told["article_id"] == name


def line(article_id: str, **fields: Any) -> bytes:
    """One JSON line with its end."""
    return article_line(article_id, **fields).encode() + b"\n"


def shell(command: str, *, address: str) -> subprocess.CompletedProcess[str]:
    """What bash makes of a command line."""
    return subprocess.run(
        ["bash", "-o", "pipefail", "-c", command],
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
        env=environment(address),
    )


def told_of(path: Path, *, address: str) -> tuple[list[dict[str, Any]], list[dict[str, Any]]]:
    """(accepted, refused) lines of an ingest; its exit code fits them."""
    done = run("ingest", path, "--json", address=address)
    assert done.stderr == ""
    told = lines_of(done)
    refused = [one for one in told if "error" in one]
    assert done.returncode == (1 if refused else 0)
    return [one for one in told if "error" not in one], refused


FILES = {
    "empty": (b"", "text"),
    "blank": (b" \n\t \r\n", "text"),
    "marks": (b"... --- !!!", "text"),
    "invalid": (b"Good until \xff here.", "text"),
    "truncated": ("Tr\u00e8s".encode()[:-2], "text"),
    "nul": (b"A NUL \0 in the text.", "text"),
    "three-million": (b"plum " * 600_000, "text"),
    "fifty-million": (b"a" * 50_000_000, "text"),
    "x" * 200: (b"", "text"),
}


@pytest.mark.parametrize("name", FILES)
def test_a_wrong_text_file_is_refused_alone(address: str, tmp_path: Path, name: str) -> None:
    """The refusal names the file and the field; the file beside it is accepted."""
    content, field = FILES[name]
    (tmp_path / f"{name}.txt").write_bytes(content)
    (tmp_path / "right.txt").write_text(f"A right text beside {name}, on plums.", encoding="utf-8")
    began = time.monotonic()
    accepted, (refused,) = told_of(tmp_path, address=address)
    assert [one["article_id"] for one in accepted] == ["right"]
    assert refused["path"] == str(tmp_path / f"{name}.txt")
    assert refused["error"]["reason"] == "FIELD_INVALID"
    assert refused["error"]["fields"] == [field]
    assert refused["error"]["message"].startswith(f"{field}: ")
    assert time.monotonic() - began < 30


LINES = {
    "broken JSON": (b'{"id": "a", "text": ', "json"),
    "no object": (b'["a"]', "json"),
    "deep": (b"[" * 200_000, "json"),
    "not UTF-8": (b'{"id": "a", "text": "\xe9"}', "text"),
    "year 0": (b'{"id": "a", "text": "t", "published_at": "0000-01-01"}', "published_at"),
    "year 1": (b'{"id": "a", "text": "t", "published_at": "0001-01-01"}', "publish_time"),
    "30 February": (b'{"id": "a", "text": "t", "publish_time": "2017-02-30"}', "publish_time"),
    "no id": (b'{"text": "t"}', "id"),
    "empty id": (b'{"id": "", "text": "t"}', "id"),
    "null id": (b'{"id": null, "text": "t"}', "id"),
    "id with NUL": (b'{"id": "a\\u0000b", "text": "t"}', "article_id"),
    "long id": (b'{"id": "%s", "text": "t"}' % (b"x" * 600), "article_id"),
    "lone surrogate": (b'{"id": "a", "text": "\\ud800"}', "text"),
    "surrogate id": (b'{"id": "\\udfff", "text": "t"}', "article_id"),
    "nothing to read": (b'{"id": "a"}', "text"),
    "text a list": (b'{"id": "a", "text": ["t"]}', "text"),
    "negative revision": (b'{"id": "a", "text": "t", "revision": -1}', "revision"),
    "float id": (b'{"id": 1e400, "text": "t"}', "id"),
    "infinite extra": (b'{"id": "a", "text": "t", "wards": Infinity}', "wards"),
    "long title": (b'{"id": "a", "title": "%s"}' % (b"word " * 2000), "title"),
}


@pytest.mark.parametrize("name", LINES)
def test_a_wrong_line_is_refused_alone(address: str, tmp_path: Path, name: str) -> None:
    """The refusal names the line and the field; the lines before and after it are accepted."""
    content, field = LINES[name]
    file = tmp_path / "some.jsonl"
    before, after = f"before {name}", f"after {name}"
    file.write_bytes(line(before) + content + b"\n" + line(after))
    accepted, (refused,) = told_of(file, address=address)
    assert [one["article_id"] for one in accepted] == [before, after]
    assert (refused["path"], refused["line"]) == (str(file), 2)
    assert refused["error"]["reason"] == "FIELD_INVALID"
    assert refused["error"]["fields"] == [field]


def test_an_id_with_another_text_is_a_revision_or_a_conflict(address: str, tmp_path: Path) -> None:
    """Without a revision number it is the next revision; under a taken number it is refused."""
    file = tmp_path / "some.jsonl"
    texts = ["The mill burned.", "The old mill burned down."]
    file.write_bytes(
        line("again", text=texts[0])
        + line("again", text=texts[1])
        + line("again", text="Something else was said.", revision=1)
        + line("beside")
    )
    accepted, (refused,) = told_of(file, address=address)
    assert [(one["article_id"], one["revision"]) for one in accepted] == [
        ("again", 1),
        ("again", 2),
        ("beside", 1),
    ]
    assert (refused["article_id"], refused["line"]) == ("again", 3)
    assert refused["error"]["reason"] == "ARTICLE_CONFLICT"
    (latest,) = asked("article", "show", "again", address=address)
    (first,) = asked("article", "show", "again", "--revision", "1", address=address)
    assert [first["text"], latest["text"]] == texts


def test_a_missing_or_foreign_file_is_refused_alone(address: str, tmp_path: Path) -> None:
    """What cannot be read, or is in no known form, is named with its reason."""
    right = tmp_path / "right.jsonl"
    right.write_bytes(line("beside-missing"))
    damaged = tmp_path / "damaged.jsonl.gz"
    damaged.write_bytes(b"\x1f\x8b no gzip")
    foreign = tmp_path / "sheet.csv"
    foreign.write_text("id,text\n")
    wrong = [tmp_path / "none.txt", damaged, foreign, tmp_path / "[/x].jsonl", tmp_path / "nul\x07"]
    done = run("ingest", *wrong, right, "--json", address=address)
    assert (done.returncode, done.stderr) == (1, "")
    told = lines_of(done)
    assert [one["path"] for one in told if "error" in one] == list(map(str, wrong))
    assert all(one["error"]["fields"] == ["path"] for one in told if "error" in one)
    assert [one["article_id"] for one in told if "error" not in one] == ["beside-missing"]
    for_people = run("ingest", *wrong, right, address=address)
    assert for_people.returncode == 1
    assert len(for_people.stderr.splitlines()) == len(wrong)
    assert f"refused {wrong[0]}: path: cannot be read: No such file" in for_people.stderr


def test_a_broken_sidecar_refuses_its_text(address: str, tmp_path: Path) -> None:
    """A text whose sidecar cannot be understood is not stored without it."""
    (tmp_path / "one.txt").write_text("A text with a note beside it.")
    (tmp_path / "one.json").write_text("{title:")
    accepted, (refused,) = told_of(tmp_path, address=address)
    assert accepted == []
    assert refused["path"] == str(tmp_path / "one.txt")
    assert refused["error"]["fields"] == ["json"]


@pytest.mark.parametrize(
    "words",
    [
        ("story", "show", "s0000000000000000ff"),
        ("story", "show", "no\nstory"),
        ("article", "show", "unknown"),
        ("article", "show", "known", "--revision", "7"),
        ("compare", "known", "unknown"),
        ("compare", "unknown", "known"),
    ],
)
@pytest.mark.parametrize("form", [(), ("--json",)])
def test_an_unknown_id_is_named(address: str, words: tuple[str, ...], form: tuple[str]) -> None:
    """Nothing on stdout, one line with the reason on stderr, and 1."""
    run("ingest", "-", address=address, stdin=line("known"))
    done = run(*words, *form, address=address)
    assert (done.returncode, done.stdout) == (1, "")
    (told,) = done.stderr.splitlines()
    assert told.startswith("error: no ")
    assert told.endswith("[NOT_FOUND]")


@pytest.mark.parametrize(
    "words",
    [
        ("frobnicate",),
        ("ingest",),
        ("ingest", "-", "--jsonl"),
        ("ingest", "-", "--timeout", "0"),
        ("ingest", "-", "--timeout", "soon"),
        ("ingest", "-", "--server", ""),
        ("ingest", "-", "--server", "http://127.0.0.1:7443"),
        ("ingest", "-", "--collection", ""),
        ("story", "list", "--limit", "-1"),
        ("story", "list", "--min-articles", "none"),
        ("story", "show"),
        ("article", "show", "a", "--revision", "-1"),
        ("compare", "a"),
        ("serve", "--listen", "nowhere"),
        ("serve", "--set", "nothing"),
        ("serve", "--set", "ingest.nothing=1"),
        ("serve", "--data"),
    ],
)
def test_wrong_usage_ends_with_2(address: str, words: tuple[str, ...]) -> None:
    """A wrong command, flag or value ends with 2, says so on stderr and never with a traceback."""
    done = run(*words, address=address)
    assert (done.returncode, done.stdout) == (2, "")
    assert "rror" in done.stderr
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "words",
    [
        ("ingest", "-"),
        ("ingest", "-", "--json"),
        ("story", "list"),
        ("article", "show", "a"),
        ("compare", "a", "b", "--json"),
    ],
)
@pytest.mark.parametrize("server", [NOBODY, "no-such-host.invalid:7443"])
def test_no_server_ends_with_3(words: tuple[str, ...], server: str) -> None:
    """Within the timeout, with the address in the message."""
    began = time.monotonic()
    done = run(*words, "--timeout", "5", "--server", server, stdin=line("a"))
    assert time.monotonic() - began < 15
    assert done.returncode == 3
    assert "error: " in done.stderr
    assert f"(server {server})" in done.stderr
    assert "Traceback" not in done.stderr
    assert [text for text in done.stdout.splitlines() if text != "0 accepted"] == []


def test_a_closed_stdin_is_told(address: str) -> None:
    """`ingest -` without a stdin is refused with a reason."""
    command = f"{COMMAND} ingest - --json <&-"
    done = shell(command, address=address)
    assert (done.returncode, done.stderr) == (1, "")
    (refused,) = lines_of(done)
    assert refused["error"]["message"] == "path: cannot be read: stdin is closed"


def test_a_named_pipe_is_read_as_lines(address: str) -> None:
    """Process substitution of a shell works: a pipe holds JSON Lines."""
    command = f"{COMMAND} ingest <(echo '{article_line('by-pipe')}') --json"
    done = shell(command, address=address)
    assert (done.returncode, done.stderr) == (0, "")
    assert [one["article_id"] for one in lines_of(done)] == ["by-pipe"]


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_an_answer_that_cannot_be_written_is_an_error(address: str) -> None:
    """A full disk under stdout ends the command with one line and not with 0."""
    command = f"echo '{article_line('full')}' | {COMMAND} ingest - --json > /dev/full"
    done = shell(command, address=address)
    assert done.returncode != 0
    assert "Traceback" not in done.stderr
    assert done.stderr.startswith("error: cannot write the answer: [Errno 28]")


def test_a_server_that_does_not_answer_ends_with_3(tmp_path: Path) -> None:
    """A server that hangs is given up after the timeout, for a read as for an ingest."""
    with served(tmp_path / "data") as server:
        server.process.send_signal(signal.SIGSTOP)
        try:
            read = run("story", "list", "--timeout", "2", address=server.address)
            sent = run(
                *("ingest", "-", "--timeout", "2"), address=server.address, stdin=line("hung")
            )
        finally:
            server.process.send_signal(signal.SIGCONT)
    assert (read.returncode, sent.returncode) == (3, 3)
    for done in (read, sent):
        assert "[DEADLINE_EXCEEDED]" in done.stderr
        assert "Traceback" not in done.stderr


def test_each_refusal_is_told_to_people_too(address: str, tmp_path: Path) -> None:
    """Without --json: a line for each on stderr with its place, the counts on stdout."""
    file = tmp_path / "some.jsonl"
    file.write_bytes(line("people-1") + b"{broken\n" + json.dumps({"id": "void"}).encode())
    done = run("ingest", file, address=address)
    assert done.returncode == 1
    assert done.stdout == "1 accepted (1 new story)\n2 refused\n"
    broken, void = done.stderr.splitlines()
    assert broken.startswith(f"refused {file}:2: json: is not valid JSON")
    assert void == f"refused {file}:3 void: text: title and text hold no word"
