"""Does the code keep the rules of this house that no linter knows?"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from importlib.metadata import packages_distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "src" / "storycluster"
GENERATED = PACKAGE / "v1"
MODULES = sorted(
    path
    for folder in (PACKAGE, ROOT / "server")
    for path in folder.rglob("*.py")
    if GENERATED not in path.parents and "build" not in path.relative_to(ROOT).parts
)
SCRIPTS = sorted(
    path for name in ("tests", "tools", "benchmarks") for path in (ROOT / name).rglob("*.py")
)
FILE_LINES, FUNCTION_LINES = 400, 70

# A silenced finding says why behind its code, or in a comment on the line above. These codes have
# one reason wherever they stand:
KNOWN_REASONS = {
    "N802": "gRPC, SQLite or another protocol gave the method its name",
    "PLR0911": "one early return for each case reads better than nested conditions",
    "no-untyped-call": "the library called has no annotations",
}
_SILENCED = re.compile(
    r"#\s*(?:type:\s*ignore|noqa)\b:?\s*\[?(?P<code>[\w-]*)[\w, -]*?\]?\s*(?P<why>[-#(].*)?$"
)

# In pieces, because this file is searched as well.
_HOSTS = ("py" + "pi.org", "python" + "hosted.org", "download.py" + "torch.org", "dock" + "er.io")
_HOSTS += ("gh" + "cr.io", "quay" + ".io", "registry.npm" + "js.org", "proxy.go" + "lang.org")
_HOSTS += ("conda" + ".anaconda.org", "public.ecr" + ".aws")
_MACHINE = re.compile(r"(?<![\w.~-])/(?:ho" + "me|ro" + "ot|Us" + r"ers|wo" + r"rk|mnt)/[\w.]")


Documented = ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef


def relative(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def functions_in(tree: ast.Module) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method, also the nested ones."""
    for node in ast.walk(tree):
        if isinstance(node, (ast.FunctionDef, ast.AsyncFunctionDef)):
            yield node


def public_in(tree: ast.Module) -> Iterator[tuple[str, Documented]]:
    """(dotted name, node) of what others may use: not underscored, not inside a function."""
    waiting: list[tuple[str, ast.AST]] = [("", tree)]
    while waiting:
        prefix, parent = waiting.pop()
        for node in ast.iter_child_nodes(parent):
            if not isinstance(node, (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)):
                continue
            decorators = {ast.unparse(one).rpartition(".")[2] for one in node.decorator_list}
            if node.name.startswith("_") or decorators & {"overload", "setter", "override"}:
                continue
            name = f"{prefix}{node.name}"
            yield name, node
            if isinstance(node, ast.ClassDef):
                waiting.append((f"{name}.", node))


def long_functions(source: str) -> list[str]:
    """`name: lines` of functions over the limit; decorators and docstring count."""
    spans = {
        node.name: (node.end_lineno or node.lineno) - node.lineno + 1
        for node in functions_in(ast.parse(source))
    }
    return [f"{name}: {lines}" for name, lines in spans.items() if lines > FUNCTION_LINES]


def undocumented(source: str) -> list[str]:
    """Names of the public classes, functions and methods without a docstring."""
    named = public_in(ast.parse(source))
    return sorted(name for name, node in named if not ast.get_docstring(node))


def module_problem(source: str) -> str:
    """What is wrong with a module's docstring; "" where nothing is."""
    told = ast.get_docstring(ast.parse(source)) or ""
    first = told.split("\n\n")[0].strip()
    if not first:
        return "no docstring"
    return "" if first[-1] in "?.!:" else f"no whole sentence: {first[:60]!r}"


def silenced_without_reason(source: str, *, types: bool = True) -> list[int]:
    """Line numbers of `noqa` and `type: ignore` that do not say why.

    `types`: whether `type: ignore` counts; where mypy does not look it silences nothing.
    """
    found = []
    above = ""
    for number, line in enumerate(source.splitlines(), start=1):
        match = _SILENCED.search(line)
        counts = match is not None and (types or "noqa" in match.group())
        if match is not None and counts and match["code"] not in KNOWN_REASONS:
            explained_above = above.startswith("#") and not _SILENCED.search(above)
            if len((match["why"] or "").strip("-# (")) < 5 and not explained_above:
                found.append(number)
        above = line.strip()
    return found


def foreign_places(text: str) -> list[str]:
    """Paths of one machine and hosts of package registries."""
    hosts = [host for host in _HOSTS if re.search(rf"(?<![\w.-]){re.escape(host)}", text)]
    return hosts + [match.group() for match in _MACHINE.finditer(text)]


@pytest.mark.parametrize("path", MODULES, ids=relative)
def test_a_module_keeps_the_rules(path: Path) -> None:
    """A module says what it answers, it and its functions are short, public names are documented,
    and whatever it silences has a reason."""
    source = path.read_text(encoding="utf-8")
    lines = len(source.splitlines())
    found = {
        "docstring": module_problem(source) if source.strip() else "",
        "lines": lines if lines > FILE_LINES else 0,
        "long functions": long_functions(source),
        "undocumented": undocumented(source),
        "silenced without a reason, in lines": silenced_without_reason(source),
    }
    assert {rule: told for rule, told in found.items() if told} == {}


@pytest.mark.parametrize("path", SCRIPTS, ids=relative)
def test_a_script_keeps_the_rules(path: Path) -> None:
    """Tests, tools and benchmarks say what they answer, every test tells one truth, and whatever is
    silenced has a reason."""
    source = path.read_text(encoding="utf-8")
    tree = ast.parse(source)
    tests = [node for node in functions_in(tree) if node.name.startswith("test_")]
    found = {
        "docstring": module_problem(source) if source.strip() else "",
        "tests that say nothing": [one.name for one in tests if not ast.get_docstring(one)],
        "silenced without a reason, in lines": silenced_without_reason(source, types=False),
    }
    assert {rule: told for rule, told in found.items() if told} == {}


def test_the_rules_find_what_they_forbid() -> None:
    """Each rule of this file is broken by a sample that breaks it, and only then."""
    long = "def f():\n" + "    x = 1\n" * FUNCTION_LINES
    assert long_functions(long) == [f"f: {FUNCTION_LINES + 1}"]
    assert long_functions("def f():\n" + "    x = 1\n" * (FUNCTION_LINES - 1)) == []
    assert undocumented("class A:\n    def b(self): ...\n    def _c(self): ...") == ["A", "A.b"]
    assert undocumented('class A:\n    """A."""\n    def b(self):\n        """B."""') == []
    assert module_problem("x = 1") == "no docstring"
    assert module_problem('"""things"""')
    assert module_problem('"""What is it?\n\nMore."""') == ""
    quiet = "x = 1  # no" + "qa: E501"
    assert silenced_without_reason(quiet) == [1]
    assert silenced_without_reason(f"{quiet} - the name is the library's") == []
    assert silenced_without_reason("x = 1  # type: ig" + "nore[arg-type]") == [1]
    assert silenced_without_reason("x = 1  # type: ig" + "nore[arg-type]  # it is one") == []
    assert silenced_without_reason("x = 1  # no" + "qa: N802") == []
    assert silenced_without_reason(f"# The library names it so.\n{quiet}") == []
    assert foreign_places("see https://" + _HOSTS[0] + "/simple") == [_HOSTS[0]]
    assert foreign_places("cd /ho" + "me/someone") == ["/ho" + "me/s"]
    assert foreign_places("/opt/storycluster, ~/work/x and my/home/is") == []


def test_no_module_is_a_drawer() -> None:
    """No module is named for having no subject."""
    drawers = {"utils", "util", "helpers", "helper", "common", "misc"}
    assert [relative(path) for path in MODULES if path.stem in drawers] == []


def test_nothing_importable_is_called_server() -> None:
    """The folder `server` is no package; its package is `storycluster_server`."""
    assert not (ROOT / "server" / "__init__.py").exists()
    assert sorted(p.name for p in (ROOT / "server").iterdir() if (p / "__init__.py").exists()) == [
        "storycluster_server"
    ]


@pytest.fixture(scope="module")
def contracts() -> dict[str, Any]:
    """The import contracts of pyproject.toml by name."""
    tools = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]
    return {contract["name"]: contract for contract in tools["importlinter"]["contracts"]}


@pytest.fixture(scope="module")
def rooms() -> set[str]:
    """The modules and packages directly under storycluster."""
    modules = {path.stem for path in PACKAGE.glob("*.py")} - {"__init__"}
    return modules | {path.parent.name for path in PACKAGE.glob("*/__init__.py")}


def test_every_room_has_a_floor(contracts: dict[str, Any], rooms: set[str]) -> None:
    """The layers name every room of the tree, each once, and no room that is not there."""
    contract = contracts["Imports run downward only"]
    named = [name.strip() for layer in contract["layers"] for name in re.split(r"[|:]", layer)]
    assert contract["exhaustive"] is True
    assert sorted(named) == sorted(rooms)


def test_every_room_is_light_or_free_of_drivers(contracts: dict[str, Any], rooms: set[str]) -> None:
    """Each room but `backends` has a contract that keeps heavy libraries, or drivers, out."""
    light = contracts["The SDK and what it stands on are light"]["source_modules"]
    driverless = contracts["Drivers and models stay in backends"]["source_modules"]
    kept = {name.partition(".")[2] for name in [*light, *driverless]} - {""}
    assert kept == rooms - {"backends"}


def imported(source: str) -> set[str]:
    """The top-level packages that a module imports, anywhere in it."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            found.add(node.module.partition(".")[0])
    return found


def test_every_import_is_a_stated_dependency() -> None:
    """What the packages import of others, pyproject.toml states, for the base or for an extra that
    users install."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    extras = project["optional-dependencies"]
    stated = [*project["dependencies"]]
    stated += [
        one
        for name in ("cli", "server", "formats", "html", "batch", "postgres", "plot")
        for one in extras[name]
    ]
    names = {re.split(r"[\[<>=]", requirement)[0].replace("_", "-") for requirement in stated}
    owners = packages_distributions()
    ours = {"storycluster", "storycluster_server", "__future__"} | set(sys.stdlib_module_names)
    missing = {}
    for path in MODULES:
        for package in imported(path.read_text(encoding="utf-8")) - ours:
            if not {one.lower().replace("_", "-") for one in owners.get(package, [])} & names:
                missing.setdefault(package, relative(path))
    assert missing == {}


def test_every_room_is_in_the_architecture(rooms: set[str]) -> None:
    """docs/architecture.md names every room."""
    told = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    named = {name.strip("/") for name in re.findall(r"`([\w/]+)`", told)}
    assert sorted(rooms - named) == []


def test_no_file_names_a_machine_or_a_registry() -> None:
    """No file of the repository holds a path of somebody's machine or the host of a registry."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    try:
        listed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("not a git checkout, or no git")
    found = {}
    for name in filter(None, listed.decode().split("\0")):
        content = (ROOT / name).read_bytes() if (ROOT / name).is_file() else b""
        if b"\0" not in content and (places := foreign_places(content.decode(errors="replace"))):
            found[name] = places
    assert found == {}
