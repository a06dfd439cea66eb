"""Do the documents tell everything that is there, and only that?"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import document_settings
import grpc
import pytest
from google.rpc import status_pb2
from google.rpc.error_details_pb2 import ErrorInfo
from storycluster_server.config import ServerConfig

from storycluster import v1
from storycluster.domain import EventKind
from storycluster.settings import Settings
from storycluster.v1.error_reason_pb2 import ErrorReason
from storycluster.wire.failures import DOMAIN, TABLE, error_from_status

ROOT = Path(__file__).resolve().parents[2]
REASONS = {name for name, number in ErrorReason.items() if number}
DOCUMENTS = [
    *ROOT.glob("*.md"),
    *(ROOT / "docs").rglob("*.md"),
    *(ROOT / "benchmarks").rglob("*.md"),
    *(ROOT / "seeds").rglob("*.md"),
]
# [text](target) outside of code; a title behind the target is not used here
_LINK = re.compile(r"\[[^\]\n]*\]\(([^)\s]+)\)")
_CODE = re.compile(r"```.*?```|`[^`\n]*`", re.DOTALL)
_HEADING = re.compile(r"^#+\s+(.*)$", re.MULTILINE)


def document(name: str) -> str:
    return (ROOT / "docs" / name).read_text(encoding="utf-8")


def rows(text: str, heading: str) -> list[list[str]]:
    """The cells of the first table under a heading, without the head."""
    after = text.split(f"\n## {heading}\n", 1)[1].split("\n## ", 1)[0]
    lines = [line for line in after.splitlines() if line.startswith("|")]
    return [[cell.strip(" `") for cell in line.strip("|").split("|")] for line in lines[2:]]


def services() -> dict[str, set[str]]:
    """{service: its methods} of every generated module."""
    found = {}
    for path in sorted(Path(v1.__file__).parent.glob("*_service_pb2.py")):
        module = __import__(f"storycluster.v1.{path.stem}", fromlist=["DESCRIPTOR"])
        for name, service in module.DESCRIPTOR.services_by_name.items():
            found[name] = {method.name for method in service.methods}
    return found


def anchors(text: str) -> set[str]:
    """The anchors of the headings, as the usual renderers make them."""
    plain = (re.sub(r"[^\w\- ]", "", heading.lower()) for heading in _HEADING.findall(text))
    return {heading.replace(" ", "-") for heading in plain}


def links(path: Path) -> Iterator[str]:
    """The targets of the relative links of a document."""
    for target in _LINK.findall(_CODE.sub("", path.read_text(encoding="utf-8"))):
        if not re.match(r"[a-z]+:", target):
            yield target


def test_the_settings_are_documented_as_they_are() -> None:
    """docs/settings.md is what tools/document_settings.py writes today."""
    assert document("settings.md") == document_settings.document(), "run tools/document_settings.py"


def test_every_setting_is_documented() -> None:
    """Each key of the server's configuration and each threshold has a row that says what it is."""
    told = document("settings.md")
    sections = {name: field.default for name, field in ServerConfig.model_fields.items()}
    wanted = [name for section in sections.values() for name in type(section).model_fields]
    for section in sections.values():
        for kind in document_settings.tables_of(type(section)).values():
            wanted += kind.model_fields
    for group in Settings.__dataclass_fields__:
        value = getattr(Settings(), group)
        wanted += getattr(value, "__dataclass_fields__", [group])
    described = re.findall(r"^\| `(\w+)` \| .+ \| \S.+ \|$", told, re.MULTILINE)
    assert sorted(described) == sorted(wanted)


def test_every_call_is_documented() -> None:
    """docs/api.md has one row for each method of each service, and no other."""
    wanted = {f"{name}.{method}" for name, methods in services().items() for method in methods}
    told = [row[0] for row in rows(document("api.md"), "Calls")]
    assert sorted(told) == sorted(wanted)


def test_every_error_is_documented() -> None:
    """docs/api.md has one row for each reason, with the status code it is sent with and the class
    that the SDK makes of the two."""
    told = {row[0]: (row[1], row[2]) for row in rows(document("api.md"), "Errors")}
    assert {f"ERROR_REASON_{reason}" for reason in told} == REASONS
    codes = {kind.reason: row.code.name for kind, row in TABLE.items()}
    assert {reason: code for reason, (code, _) in told.items() if reason in codes} == codes
    for reason, (code, name) in told.items():
        status = status_pb2.Status(code=grpc.StatusCode[code].value[0], message="as documented")
        status.details.add().Pack(ErrorInfo(reason=reason, domain=DOMAIN))
        assert (reason, type(error_from_status(status)).__name__) == (reason, name)


def test_every_event_is_documented() -> None:
    """docs/api.md has one row for each kind of event, and no other."""
    told = [row[0] for row in rows(document("api.md"), "Events")]
    assert sorted(told) == sorted(kind.value for kind in EventKind)


def test_documents_name_no_reason_or_setting_that_is_not_there() -> None:
    """Each reason and each section.key in docs/behaviour.md exists."""
    told = document("behaviour.md") + document("api.md")
    reasons = {reason.removeprefix("ERROR_REASON_") for reason in REASONS}
    codes = {row.code.name for row in TABLE.values()}
    shouted = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)`", told))
    assert shouted - reasons - codes == set()
    known = {
        f"{section}.{key}"
        for section, field in ServerConfig.model_fields.items()
        for key in type(field.default).model_fields
    }
    for group in Settings.__dataclass_fields__:
        known |= {f"{group}.{key}" for key in getattr(getattr(Settings(), group), "__slots__", ())}
    groups = {name.partition(".")[0] for name in known}
    named = {name for name in re.findall(r"`(\w+\.\w+)`", told) if name.split(".")[0] in groups}
    assert named - known - {kind.value for kind in EventKind} == set()


def test_every_benchmark_is_documented() -> None:
    """benchmarks/README.md names each benchmark with its results, and no file of results is without
    the command that makes it."""
    told = (ROOT / "benchmarks" / "README.md").read_text(encoding="utf-8")
    scripts = {path.stem for path in (ROOT / "benchmarks").glob("*.py")} - {"run", "__init__"}
    assert set(re.findall(r"run\.py (\w+)`", told)) == scripts
    results = {path.name for path in (ROOT / "benchmarks" / "results").glob("*.md")}
    assert set(re.findall(r"\(results/([\w.]+)\)", told)) == results


def test_every_file_that_is_named_is_there() -> None:
    """Each file of the project that a document or the docstring of a setting names exists."""
    folders = "benchmarks|docs|proto|seeds|server|src|tests|tools"
    missing = set()
    for path in [*DOCUMENTS, ROOT / "src" / "storycluster" / "settings.py"]:
        for name in re.findall(rf"\b((?:{folders})/[\w./-]*\w\.\w+)", path.read_text("utf-8")):
            if not (ROOT / name).exists():
                missing.add((path.relative_to(ROOT).as_posix(), name))
    assert missing == set()


@pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_every_relative_link_resolves(path: Path) -> None:
    """Each relative link of a document leads to a file, and its anchor to a heading."""
    broken = []
    for target in links(path):
        name, _, anchor = target.partition("#")
        there = (path.parent / name).resolve() if name else path
        inside = there.exists() and ROOT in [there, *there.parents]
        if not inside or (anchor and anchor not in anchors(there.read_text(encoding="utf-8"))):
            broken.append(target)
    assert broken == []


def test_a_broken_link_is_found(tmp_path: Path) -> None:
    """Links are read outside of code only, and addresses of the web are left alone."""
    page = tmp_path / "page.md"
    page.write_text(
        "[a](gone.md) `[b](code.md)` [c](https://example.org) [d](#part)\n# Some part\n"
    )
    assert list(links(page)) == ["gone.md", "#part"]
    assert anchors(page.read_text()) == {"some-part"}
