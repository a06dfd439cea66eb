"""How is docs/settings.md made from the code?

    python tools/document_settings.py [--out docs/settings.md]

Every key of the server's configuration and every threshold of the engine, with its default and the
docstring under it. Run it after changing a setting; a test compares the file with its output.
"""

from __future__ import annotations

import argparse
import ast
import dataclasses
import inspect
import textwrap
import typing
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from storycluster_server.config import ENVIRONMENT_PREFIX, ServerConfig

from storycluster.settings import Settings

DOCUMENT = Path(__file__).resolve().parent.parent / "docs" / "settings.md"

_HEAD = f"""\
# Settings

Which numbers and switches are there, and what is each for? Written by `tools/document_settings.py`
from the code; do not edit.

## The server

In a TOML file (`--config FILE`) as `[section]` and `key = value`; in the environment as
`{ENVIRONMENT_PREFIX}SECTION__KEY`; as a flag, `--set section.key=value`. A later one wins. An
unknown name is an error that names it. `storycluster serve --print-config` prints the values in
force.
"""
_ENGINE = """
## The engine

The thresholds and limits behind every decision (`storycluster.settings`). Their digest is stored
with each assignment. A server takes the measured defaults, but for what its sections `engine` and
`feed` override; in a program, pass `Settings(...)` to `Engine`.
"""


def main(arguments: list[str] | None = None) -> int:
    """Write the document."""
    parser = argparse.ArgumentParser(description="Write docs/settings.md.")
    parser.add_argument("--out", type=Path, default=DOCUMENT)
    parser.parse_args(arguments).out.write_text(document(), encoding="utf-8")
    return 0


def document() -> str:
    """The text of docs/settings.md."""
    parts = [_HEAD]
    for name, section in ServerConfig.model_fields.items():
        parts.append(_section(f"[{name}]", section.default))
        for key, kind in tables_of(type(section.default)).items():
            parts.append(_list_of_tables(f"[[{name}.{key}]]", kind))
    parts.append(_ENGINE)
    settings = Settings()
    plain = {}
    for field in dataclasses.fields(settings):
        value = getattr(settings, field.name)
        if dataclasses.is_dataclass(value):
            parts.append(_section(field.name, value))
        else:
            plain[field.name] = value
    told = docstrings(Settings)
    parts.append("\n### Settings\n\n" + _table({k: (v, told.get(k, "")) for k, v in plain.items()}))
    return "".join(parts)


def docstrings(kind: type) -> dict[str, str]:
    """{field: the string under it} of a class."""
    (body,) = ast.parse(textwrap.dedent(inspect.getsource(kind))).body
    assert isinstance(body, ast.ClassDef)
    found = {}
    for field, told in zip(body.body, body.body[1:], strict=False):
        if not isinstance(field, ast.AnnAssign) or not isinstance(field.target, ast.Name):
            continue
        if isinstance(told, ast.Expr) and isinstance(told.value, ast.Constant):
            found[field.target.id] = " ".join(str(told.value.value).split())
    return found


def tables_of(section: type[BaseModel]) -> dict[str, type[BaseModel]]:
    """{key: the kind of its tables} of the keys that hold a list of tables."""
    found = {}
    for key, field in section.model_fields.items():
        kind = next(iter(typing.get_args(field.annotation)), None)
        if isinstance(kind, type) and issubclass(kind, BaseModel):
            found[key] = kind
    return found


def _list_of_tables(title: str, kind: type[BaseModel]) -> str:
    told = docstrings(kind)
    rows = {
        name: ("required" if field.is_required() else field.default, told[name])
        for name, field in kind.model_fields.items()
    }
    return f"\n### `{title}`\n\n{inspect.getdoc(kind)}\n\n{_table(rows)}"


def _section(title: str, values: Any) -> str:
    kind = type(values)
    names = list(kind.model_fields) if isinstance(values, BaseModel) else _fields(values)
    told, types_of = docstrings(kind), typing.get_type_hints(kind)
    rows = {
        name: (getattr(values, name), told.get(name) or _choices(types_of[name])) for name in names
    }
    intro = " ".join((kind.__doc__ or "").split())
    return f"\n### `{title}`\n\n{intro}\n\n{_table(rows)}"


def _fields(values: Any) -> list[str]:
    return [field.name for field in dataclasses.fields(values)]


def _choices(annotation: Any) -> str:
    """`a` or `b` of a Literal; "" for anything else."""
    if typing.get_origin(annotation) is not typing.Literal:
        return ""
    return ", ".join(f"`{value}`" for value in typing.get_args(annotation)) + "."


def _table(rows: dict[str, tuple[object, str]]) -> str:
    lines = ["| key | default | what it is |", "|---|---|---|"]
    for name, (value, told) in rows.items():
        lines.append(f"| `{name}` | {_shown(value)} | {told.replace('|', chr(92) + '|')} |")
    return "\n".join(lines) + "\n"


def _shown(value: object) -> str:
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, int) and value >= 10_000:
        return f"`{value:_}`"
    return '`""`' if value == "" else f"`{value}`"


if __name__ == "__main__":
    raise SystemExit(main())
