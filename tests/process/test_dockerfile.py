"""Would the Dockerfile build images that start, answer and stop?

No image is built here. The text is read, and what it runs is run another way: its wheel in an
environment of its own, its entry points from an empty folder with the image's variables.
"""

from __future__ import annotations

import fnmatch
import json
import re
import signal
import subprocess
import tomllib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from installing import ROOT

START_S = 120.0

Run = Callable[..., subprocess.CompletedProcess[str]]


@dataclass(slots=True)
class Stage:
    """One stage of the Dockerfile: its name, what it is built from, and its instructions."""

    name: str
    base: str
    instructions: list[tuple[str, str]] = field(default_factory=list)

    def all(self, word: str) -> list[str]:
        """The arguments of every instruction of that name."""
        return [told for name, told in self.instructions if name == word]


@pytest.fixture(scope="module")
def stages() -> dict[str, Stage]:
    """The stages by name, in order."""
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    joined = re.sub(r"\\\n\s*", " ", text)
    found: dict[str, Stage] = {}
    for line in joined.splitlines():
        word, _, told = line.strip().partition(" ")
        if not word or word.startswith("#"):
            continue
        if word == "FROM":
            base, _, name = told.partition(" AS ")
            found[name] = stage = Stage(name, base)
        else:
            stage.instructions.append((word, told.strip()))
    return found


def lineage(stages: dict[str, Stage], name: str) -> list[Stage]:
    """A stage and those it is built from, the nearest first."""
    found = []
    while name in stages:
        found.append(stages[name])
        name = stages[name].base
    return found


def effective(stages: dict[str, Stage], name: str, word: str) -> str:
    """The instruction that holds in the image: the last one, of the nearest stage that has one."""
    for stage in lineage(stages, name):
        if told := stage.all(word):
            return told[-1]
    return ""


def environment_of(stages: dict[str, Stage], name: str) -> dict[str, str]:
    """The variables that the stages set, but for PATH."""
    pairs = [
        pair.partition("=")
        for stage in reversed(lineage(stages, name))
        for told in stage.all("ENV")
        for pair in told.split()
    ]
    return {key: value for key, _, value in pairs if key != "PATH"}


def test_the_server_is_the_default_image(stages: dict[str, Stage]) -> None:
    """The last stage is the server, built like the other images from one runtime."""
    assert list(stages)[-1] == "server"
    assert [stages[name].base for name in ("server", "batch", "recluster")] == ["runtime"] * 3


@pytest.mark.parametrize("name", ["server", "batch", "recluster"])
def test_an_image_runs_as_nobody_in_particular(stages: dict[str, Stage], name: str) -> None:
    """The user is a number other than 0, owns the data folder, and signals reach the program."""
    user, _, group = effective(stages, name, "USER").partition(":")
    assert user.isdecimal()
    assert int(user) > 0
    assert f"chown {user}:{group} /data" in " ".join(stages["runtime"].all("RUN"))
    assert effective(stages, name, "VOLUME") == "/data"
    assert effective(stages, name, "STOPSIGNAL") == "SIGTERM"
    entry = json.loads(effective(stages, name, "ENTRYPOINT"))
    assert entry[0] == "storycluster"


def test_the_server_tells_its_health(stages: dict[str, Stage]) -> None:
    """The health check asks the port that the server exposes and listens on."""
    told = effective(stages, "server", "HEALTHCHECK")
    check = json.loads(told.partition("CMD ")[2])
    port = effective(stages, "server", "EXPOSE")
    assert check == ["storycluster", "health", "--server", f"127.0.0.1:{port}"]
    assert f"0.0.0.0:{port}" in json.loads(effective(stages, "server", "CMD"))


def test_everything_copied_is_there(stages: dict[str, Stage]) -> None:
    """Each COPY source exists and is not kept out of the build by .dockerignore."""
    ignored = (ROOT / ".dockerignore").read_text(encoding="utf-8").split()
    for told in stages["build"].all("COPY"):
        *sources, _ = told.split()
        for name in (source.removeprefix("./") for source in sources):
            assert (ROOT / name).exists(), name
            assert not [pattern for pattern in ignored if fnmatch.fnmatch(name, pattern)], name
    (copied,) = stages["runtime"].all("COPY")
    assert copied == "--from=build /opt/storycluster /opt/storycluster"
    assert "PATH=/opt/storycluster/bin:$PATH" in effective(stages, "runtime", "ENV")


def test_what_is_installed_is_pinned_and_named(stages: dict[str, Stage]) -> None:
    """pip installs by constraints.txt, torch alone before the rest, extras that exist, and no other
    index than one given at build time."""
    installs = [told for told in stages["build"].all("RUN") if " install " in told]
    assert all("-c constraints.txt" in told for told in installs)
    assert [told.split()[-1].strip("'") for told in installs] == ["torch", ".[batch]"]
    assert re.search(r"^torch==", (ROOT / "constraints.txt").read_text(), re.MULTILINE)
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert "batch" in project["optional-dependencies"]
    text = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert re.findall(r"https?://|nvidia|cuda:", text, re.IGNORECASE) == []
    assert all(re.fullmatch(r"[\w-]+(:[\w.-]+)?", stage.base) for stage in stages.values())


@pytest.fixture(scope="module")
def served(
    stages: dict[str, Stage], full_environment: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[tuple[str, Path]]:
    """(address, home) of a server run as the image runs it: entry point, arguments, variables.

    Only the data folder, the port and the interface are others. At the end it is stopped as
    `docker stop` does.
    """
    home, data = tmp_path_factory.mktemp("home"), tmp_path_factory.mktemp("data")
    words = json.loads(effective(stages, "server", "ENTRYPOINT"))
    words += json.loads(effective(stages, "server", "CMD"))
    port = effective(stages, "server", "EXPOSE")
    given = {"/data": str(data), f"0.0.0.0:{port}": "127.0.0.1:0"}
    words = [given.get(word, word) for word in words]
    with subprocess.Popen(
        [str(full_environment.parent / words[0]), *words[1:]],
        cwd="/",
        env={"PATH": "/usr/bin:/bin", "HOME": str(home), **environment_of(stages, "server")},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    ) as process:
        assert process.stdout is not None
        try:
            line = process.stdout.readline()
            assert line.startswith("listening on 127.0.0.1:"), line
            yield line.split()[-1], home
        finally:
            process.send_signal(getattr(signal, effective(stages, "server", "STOPSIGNAL")))
            code = process.wait(START_S)
    assert code == 0
    assert (data / "storycluster.db").exists()


@pytest.mark.slow
def test_the_wheel_is_what_runs(full_environment: Path, run_in: Run) -> None:
    """The command of the environment is the installed wheel's, not this checkout's."""
    code = "import storycluster, storycluster_server as s; print(storycluster.__file__, s.__file__)"
    told = run_in(full_environment, "python", "-c", code)
    assert told.stderr == ""
    folder = str(full_environment.parent.parent)
    assert all(path.startswith(folder) for path in told.stdout.split())
    assert run_in(full_environment, "storycluster", "--version").stdout.strip()


@pytest.mark.slow
def test_the_image_s_server_is_healthy(
    stages: dict[str, Stage], served: tuple[str, Path], full_environment: Path, run_in: Run
) -> None:
    """Offline and with an empty home, the server starts, and the health check finds it well."""
    address, home = served
    check = json.loads(effective(stages, "server", "HEALTHCHECK").partition("CMD ")[2])
    check[-1] = address
    told = run_in(full_environment, *check, HOME=str(home))
    assert (told.returncode, told.stderr) == (0, "")
    assert told.stdout.startswith("ready: storycluster")
    check[-1] = "127.0.0.1:9"
    assert run_in(full_environment, *check, HOME=str(home)).returncode == 1


@pytest.mark.slow
def test_the_batch_image_ingests_and_ends(
    stages: dict[str, Stage],
    served: tuple[str, Path],
    full_environment: Path,
    run_in: Run,
    tmp_path: Path,
) -> None:
    """The batch entry point takes a folder, says one line of JSON for each article and ends with 0;
    neither it nor the server leaves anything in the home folder."""
    address, home = served
    (tmp_path / "articles").mkdir()
    (tmp_path / "articles" / "one.txt").write_text("Rain fell on the moor all of Tuesday night.")
    words = json.loads(effective(stages, "batch", "ENTRYPOINT"))
    variables = {**environment_of(stages, "batch"), "HOME": str(home)}
    told = run_in(full_environment, *words, "articles", STORYCLUSTER_SERVER=address, **variables)
    assert (told.returncode, told.stderr) == (0, "")
    (line,) = told.stdout.splitlines()
    assert json.loads(line)["article_id"] == "one"
    assert list(home.iterdir()) == []


@pytest.mark.slow
def test_the_recluster_image_looks_again_and_ends(
    stages: dict[str, Stage],
    served: tuple[str, Path],
    full_environment: Path,
    run_in: Run,
    tmp_path: Path,
) -> None:
    """Its entry point says in one line of JSON what became of the job, and ends with 0."""
    address, home = served
    (tmp_path / "two.txt").write_text("The mill at Dunmore burned down on Friday.")
    entries = [json.loads(effective(stages, name, "ENTRYPOINT")) for name in ("batch", "recluster")]
    variables = {**environment_of(stages, "recluster"), "HOME": str(home)}
    for words, argument in zip(entries, ("two.txt", "--promote"), strict=True):
        told = run_in(full_environment, *words, argument, STORYCLUSTER_SERVER=address, **variables)
        assert (told.returncode, told.stderr) == (0, "")
    (line,) = told.stdout.splitlines()
    assert json.loads(line)["state"] == "promoted"
