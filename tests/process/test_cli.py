"""The command line against a running server: what scripts and terminals get."""

from __future__ import annotations

import json
import os
import pty
import re
import select
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from command_line import COMMAND, article_line, asked, environment, lines_of, run, served

from storycluster import Client
from storycluster.cli import shapes

pytestmark = pytest.mark.slow

ESCAPE = "\x1b"
HEAVY = ("numpy", "torch", "faiss", "apsw", "sentence_transformers", "storycluster_server")
FIRST = {"id": "courier-1", "title": "Ferry sinks off Port Vell, 12 dead", "source": "Courier"}
FIRST["text"] = "A ferry sank off Port Vell on Monday. The coast guard said 12 people had died."
SECOND = {"id": "tribune-1", "title": "Port Vell ferry sinks, killing 14", "source": "Tribune"}
SECOND["text"] = "A ferry sank off Port Vell on Monday. The coast guard said 14 people had died."


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """A server that knows the two articles on the ferry."""
    with served(tmp_path_factory.mktemp("cli") / "data") as server:
        lines = "\n".join(map(json.dumps, (FIRST, SECOND)))
        assert run("ingest", "-", address=server.address, stdin=lines.encode()).returncode == 0
        yield server.address


def on_a_terminal(*arguments: str, address: str, columns: int = 80) -> str:
    """What a command writes to a terminal of that width."""
    child, terminal = pty.fork()
    if child == 0:
        told = environment(address, COLUMNS=str(columns), TERM="xterm-256color")
        os.execvpe(COMMAND, [COMMAND, *arguments], told)
    written = bytearray()
    try:
        while select.select([terminal], [], [], 60)[0]:
            try:
                read = os.read(terminal, 65536)
            except OSError:  # Linux tells the end of a terminal so
                break
            if not read:
                break
            written += read
    finally:
        os.close(terminal)
        os.waitpid(child, 0)
    return written.decode()


def test_an_ingest_answers_each_line_with_its_decision(address: str, tmp_path: Path) -> None:
    """One JSON line an article in the order sent, with story, relation and canonical; sent again,
    the same answers, marked as known; another text under a known id is a revision."""
    sent = [article_line("order-1"), article_line("order-2"), article_line("order-1", text="New.")]
    file = tmp_path / "some.jsonl"
    file.write_text("\n".join(sent), encoding="utf-8")
    told = asked("ingest", str(file), address=address)
    assert [line["article_id"] for line in told] == ["order-1", "order-2", "order-1"]
    assert [line["relation"] for line in told] == ["new_story", "new_story", "revision"]
    assert [line["revision"] for line in told] == [1, 1, 2]
    assert told[0]["story_id"] == told[2]["story_id"] != told[1]["story_id"]
    assert [line["canonical_article_id"] for line in told] == ["order-1", "order-2", "order-1"]
    assert all(0 <= line["confidence"] <= 1 for line in told)
    again = asked("ingest", str(file), address=address)
    assert again == [line | {"replayed": True} for line in told]


def test_stories_articles_and_comparisons_are_told_as_json(address: str) -> None:
    """The list names the story of two, `story show` its members and canonical with a reason,
    `article show` why, and `compare` what differs."""
    (listed,) = [
        story
        for story in asked("story", "list", "--min-articles", "2", address=address)
        if "ferry" in story["title"].lower()
    ]
    (story,) = asked("story", "show", listed["story_id"], address=address)
    assert {name: story[name] for name in listed} == listed
    assert story["state"] == "open"
    assert story["article_count"] == story["unique_count"] + story["reprint_count"] == 2
    assert set(story["canonical"]) == {"article_id", "policy", "reason"}
    assert all(story["canonical"].values())
    assert [member["article_id"] for member in story["members"]] == ["courier-1", "tribune-1"]
    assert [member["source"] for member in story["members"]] == ["Courier", "Tribune"]
    assert {"relation", "reprint_group"} <= set(story["members"][0])
    assert asked("furniture", "Courier", address=address) == []
    (article,) = asked("article", "show", "tribune-1", address=address)
    assert article["text"] == SECOND["text"]
    assert article["story_id"] == story["story_id"]
    assert article["assignment"]["evidence"]
    (found,) = asked("compare", "courier-1", "tribune-1", address=address)
    numbers = [one for one in found["differences"] if one["type"] == "number_changed"]
    assert [(one["base"]["text"], one["other"]["text"]) for one in numbers] == [("12", "14")]
    for side, text in (("base", FIRST["text"]), ("other", SECOND["text"])):
        span = numbers[0][side]
        assert text[span["start"] : span["end"]] == span["text"]


def test_why_tells_the_decision_as_it_was_stored(address: str) -> None:
    """`--json` is what the SDK reads; `--all` lists every decision, `--revision` those of one; for
    a revision the decision that it has its story from is told as well."""
    sent = "\n".join(article_line("why-1", **more) for more in ({}, {"text": "New words."}))
    assert run("ingest", "-", address=address, stdin=sent.encode()).returncode == 0
    with Client(address) as client:
        stored = client.explain("why-1")
    every = asked("why", "why-1", "--all", address=address)
    assert every == [json.loads(json.dumps(shapes.explanation(one))) for one in stored]
    assert [one["relation"] for one in every] == ["new_story", "revision"]
    assert asked("why", "why-1", address=address) == every[-1:]
    assert asked("why", "why-1", "--revision", "1", address=address) == every[:1]
    assert asked("why", "why-1", "--all", "--revision", "2", address=address) == every[1:]
    told = run("why", "why-1", address=address).stdout.splitlines()
    assert told[0].startswith("why-1 revision 2 stays in story s")
    assert any(line.startswith("why-1 opened a new story s") for line in told)


def test_why_is_read_at_a_glance(address: str) -> None:
    """The first line says which story and its title, all of it is plain in a pipe, names the
    threshold, and fits on one screen."""
    done = run("why", "tribune-1", address=address, COLUMNS="40")
    assert (done.returncode, done.stderr) == (0, "")
    first, *rest = done.stdout.splitlines()
    (article,) = asked("article", "show", "tribune-1", address=address)
    assert first.startswith("tribune-1 ")
    assert f'story {article["story_id"]}: "{FIRST["title"]}"' in first
    assert f"confidence {article['assignment']['confidence']:.2f}" in rest[0]
    assert " needed)" in rest[1]
    assert len(rest) < 24
    assert ESCAPE not in done.stdout
    assert ESCAPE in on_a_terminal("why", "tribune-1", address=address)


def test_why_of_an_unknown_article_is_one_clear_line(address: str) -> None:
    """Exit code 1, nothing on standard output; an unknown revision is named with its article."""
    for name, *more in (("nobody",), ("tribune-1", "--revision", "7")):
        done = run("why", name, *more, address=address)
        told = "tribune-1@7" if more else name
        assert (done.returncode, done.stdout) == (1, "")
        assert done.stderr == f"error: no article '{told}' [NOT_FOUND]\n"


def test_an_answer_comes_before_the_input_ends(address: str) -> None:
    """An article on an open stdin is answered at once: nothing waits for company or for the end."""
    with subprocess.Popen(
        [COMMAND, "ingest", "-", "--json"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env=environment(address),
    ) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        for name in ("slow-1", "slow-2"):
            process.stdin.write(article_line(name).encode() + b"\n")
            process.stdin.flush()
            assert select.select([process.stdout], [], [], 60)[0]
            assert json.loads(process.stdout.readline())["article_id"] == name
        process.stdin.close()
        assert process.stdout.read() == b""
        assert process.wait(60) == 0


def test_piped_output_is_plain_and_whole(address: str) -> None:
    """In a pipe, however narrow it claims to be, there are no colours and every id is whole."""
    long_id = "an-article-id-of-a-feed-" + "x" * 120
    run("ingest", "-", address=address, stdin=article_line(long_id).encode())
    done = run("story", "list", address=address, COLUMNS="40")
    (line,) = [line for line in done.stdout.splitlines() if long_id in line]
    story = line.split()[0]
    assert line.endswith(f" {long_id}")
    shown = run("story", "show", story, address=address, COLUMNS="40")
    assert f"canonical {long_id} " in shown.stdout
    compared = run("compare", "courier-1", "tribune-1", address=address, COLUMNS="40")
    assert "    - A ferry" in compared.stdout or "12 people" in compared.stdout
    for one in (done, shown, compared):
        assert (one.returncode, one.stderr) == (0, "")
        assert ESCAPE not in one.stdout


def test_json_has_neither_colours_nor_a_progress_bar(address: str) -> None:
    """Also on a terminal, --json writes JSON lines and nothing else."""
    written = on_a_terminal("story", "list", "--json", address=address)
    assert ESCAPE not in written
    assert all(json.loads(line)["story_id"] for line in written.splitlines())
    forced = run(
        "ingest", "-", "--json", address=address, stdin=article_line("j").encode(), FORCE_COLOR="1"
    )
    assert ESCAPE not in forced.stdout + forced.stderr
    assert len(lines_of(forced)) == 1


def test_a_terminal_gets_colours_and_a_progress_bar(address: str, tmp_path: Path) -> None:
    """On a terminal there is a bar while articles go, colours, and ids that are not cut."""
    file = tmp_path / "some.jsonl"
    file.write_text("\n".join(article_line(f"bar-{number}") for number in range(200)))
    written = on_a_terminal("ingest", str(file), address=address)
    assert f"{ESCAPE}[1;32m200 accepted" in written
    assert "━" in written
    assert re.search(r"\d+ articles", written)
    (story,) = asked("article", "show", "bar-0", address=address)
    listed = on_a_terminal("story", "list", address=address, columns=30)
    assert ESCAPE in listed
    assert story["story_id"] in listed


def test_markup_and_control_characters_stay_text(address: str) -> None:
    """Neither a title nor an id can colour the terminal, break the table or end the command."""
    hostile = {"id": "[/x] \x1b[31m", "title": "[bold]:smile:\x1b]0;t\x07", "text": "Plums are in."}
    sent = json.dumps(hostile).encode()
    done = run("ingest", "-", "--json", address=address, stdin=sent)
    assert done.returncode == 0, done.stdout
    shown = run("article", "show", str(hostile["id"]), address=address)
    assert (shown.returncode, shown.stderr) == (0, "")
    assert shown.stdout.startswith("[bold]:smile:␛]0;t␇\n[/x] ␛[31m revision 1")
    assert ESCAPE not in on_a_terminal("article", "show", "[/y]", address=address)[30:]
    unknown = run("article", "show", "[/y]", address=address)
    assert (unknown.returncode, unknown.stdout) == (1, "")
    assert unknown.stderr == "error: no article '[/y]' [NOT_FOUND]\n"


@pytest.mark.parametrize("locale", ["C.UTF-8", "C", "POSIX"])
def test_unicode_file_names_are_ids(address: str, tmp_path: Path, locale: str) -> None:
    """A text file's name in any script is its id, whatever the locale is."""
    name = f"Überschrift 新聞 {locale}"
    (tmp_path / f"{name}.txt").write_text(f"Pears were sold {locale}.", encoding="utf-8")
    done = run("ingest", tmp_path, "--json", address=address, LC_ALL=locale)
    assert done.returncode == 0, done.stderr
    assert [line["article_id"] for line in lines_of(done)] == [name]
    shown = run("article", "show", name, address=address, LC_ALL=locale, PYTHONIOENCODING="ascii")
    assert (shown.returncode, shown.stderr) == (0, "")
    as_json = run("article", "show", name, "--json", address=address, PYTHONIOENCODING="iso-8859-1")
    assert json.loads(as_json.stdout)["article_id"] == name


def test_a_reader_that_leaves_early_is_no_traceback(address: str, tmp_path: Path) -> None:
    """`ingest --json | head -1` ends without a traceback."""
    file = tmp_path / "some.jsonl"
    file.write_text("\n".join(article_line(f"head-{number}") for number in range(300)))
    pipe = f"{COMMAND} ingest {file} --json | head -1"
    done = subprocess.run(
        ["bash", "-c", pipe], capture_output=True, text=True, check=False, env=environment(address)
    )
    assert len(done.stdout.splitlines()) == 1
    assert "Traceback" not in done.stderr


def test_ctrl_c_ends_an_ingest_with_130(address: str) -> None:
    """What was acknowledged is told, and nothing of a traceback."""
    with subprocess.Popen(
        [COMMAND, "ingest", "-"],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=environment(address),
    ) as process:
        assert process.stdin is not None
        process.stdin.write(article_line("interrupted").encode() + b"\n")
        process.stdin.flush()
        ends = time.monotonic() + 60
        while run("article", "show", "interrupted", address=address).returncode:
            assert time.monotonic() < ends
        time.sleep(3)  # the answer's way back
        process.send_signal(signal.SIGINT)
        out, told = process.communicate(timeout=60)
    assert process.returncode == 130
    assert out.decode().startswith("1 accepted")
    assert told.decode() == "interrupted\n"


@pytest.mark.parametrize(
    "statement",
    [
        "import storycluster.cli.app",
        "from storycluster.cli.session import connected\n"
        "with connected('127.0.0.1:9', 'default', 1.0): pass",
        "from storycluster.formats import read_paths\nlist(read_paths(['/dev/null']))",
    ],
)
def test_client_commands_load_nothing_heavy(statement: str) -> None:
    """No client command waits for numpy, torch, faiss, a store or the server's code."""
    code = f"{statement}\nimport sys\nprint(*sys.modules)"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    assert set(done.stdout.split()).isdisjoint(HEAVY)


def test_help_does_not_wait_for_grpc() -> None:
    """--help comes in the time of a small program: gRPC is not even imported for it."""
    code = "import sys, storycluster.cli.app\nprint('grpc' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout == "False\n"


def test_a_restart_keeps_every_line_that_was_printed(tmp_path: Path) -> None:
    """kill -9 of the server in the middle of an ingest: the command ends with an error and 3, each
    line printed is stored as told, and the whole ingest again says the same of it."""
    file = tmp_path / "many.jsonl"
    ids = [f"crash-{number}" for number in range(1000)]
    file.write_text("\n".join(map(article_line, ids)), encoding="utf-8")
    with (
        served(tmp_path / "data") as server,
        subprocess.Popen(
            [COMMAND, "ingest", str(file), "--json", "--timeout", "5"],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=environment(server.address),
        ) as process,
    ):
        assert process.stdout is not None
        assert process.stderr is not None
        printed = [process.stdout.readline() for _ in range(100)]
        server.end(signal.SIGKILL)
        printed += process.stdout
        told = process.stderr.read()
    assert process.returncode == 3
    assert told.startswith("error: ")
    assert "Traceback" not in told
    assert f"{len(printed)} articles were answered" in told
    assert 100 <= len(printed) < len(ids)
    lines = [json.loads(line) for line in printed]
    assert [line["article_id"] for line in lines] == ids[: len(lines)]
    with served(tmp_path / "data") as server:
        again = asked("ingest", str(file), address=server.address)
        assert [line["article_id"] for line in again] == ids
        assert again[: len(lines)] == [line | {"replayed": True} for line in lines]
        (last,) = asked("article", "show", lines[-1]["article_id"], address=server.address)
        assert last["assignment"]["sequence"] == lines[-1]["sequence"]


def test_an_ingest_outlives_a_restart_of_the_server(tmp_path: Path) -> None:
    """A server that is killed and started again within the timeout costs the ingest nothing: every
    article is answered once, in order."""
    file = tmp_path / "many.jsonl"
    ids = [f"restart-{number}" for number in range(1000)]
    file.write_text("\n".join(map(article_line, ids)), encoding="utf-8")
    with (
        served(tmp_path / "data") as first,
        subprocess.Popen(
            [COMMAND, "ingest", str(file), "--json", "--timeout", "60"],
            stdout=subprocess.PIPE,
            text=True,
            env=environment(first.address),
        ) as process,
    ):
        assert process.stdout is not None
        printed = [process.stdout.readline() for _ in range(50)]
        first.end(signal.SIGKILL)
        with served(tmp_path / "data", listen=first.address):
            printed += process.stdout
            assert process.wait(60) == 0
    assert [json.loads(line)["article_id"] for line in printed] == ids


def test_ctrl_c_and_sigterm_end_a_server_with_0(tmp_path: Path) -> None:
    """Both drain; the port given is the port announced."""
    with served(tmp_path / "a") as first:
        assert first.end(signal.SIGINT) == 0
        with served(tmp_path / "b", listen=first.address) as second:
            assert second.address == first.address
            assert second.end(signal.SIGTERM) == 0


def test_the_facts_of_a_story_are_told(address: str) -> None:
    """`story show --facts`: as JSON what the SDK reads, else tables, plain in a pipe; a conflict is
    marked and comes first, and of an edited copy its original tells what it changes."""
    third = {"id": "herald-1", "title": "Many drown off Port Vell", "source": "Herald"}
    third["text"] = "The coast guard said 17 people had died when a ferry sank off Port Vell."
    sent = [
        {**one, "published_at": f"2026-03-02T1{hour}:00:00Z"}
        for hour, one in enumerate((FIRST, SECOND, third))
    ]
    lines = "\n".join(map(json.dumps, sent)).encode()
    here = ("--collection", "facts")
    assert run("ingest", "-", *here, address=address, stdin=lines).returncode == 0
    (article,) = asked("article", "show", "herald-1", *here, address=address)
    show = ("story", "show", str(article["story_id"]), "--facts", *here)
    with Client(address, collection="facts") as client:
        stored = client.get_story_facts(str(article["story_id"]))
    (told,) = asked(*show, address=address)
    assert told == json.loads(json.dumps(shapes.story_facts(stored)))
    first = told["facts"][0]
    assert [(c["article_id"], c["conflict"]) for c in first["cells"]] == [
        ("courier-1", False),
        ("herald-1", True),
    ]
    for cell, text in zip(first["cells"], (FIRST["text"], third["text"]), strict=True):
        span = cell["span"]
        assert text[span["start"] : span["end"]] == span["text"]
    done = run(*show, address=address, COLUMNS="40")
    assert (done.returncode, done.stderr) == (0, "")
    assert ESCAPE not in done.stdout
    marked = [line for line in done.stdout.splitlines() if line.startswith("CONFLICT")]
    assert len(marked) == 1
    assert "herald-1" in marked[0]
    assert "Copy of courier-1; gives 14 dead for 12" in done.stdout
    assert "Gives 17 dead for 12" in done.stdout
    assert ESCAPE in on_a_terminal(*show, address=address)
    unknown = run("story", "show", "none", "--facts", address=address)
    assert (unknown.returncode, unknown.stderr) == (1, "error: no story 'none' [NOT_FOUND]\n")
