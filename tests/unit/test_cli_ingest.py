"""How does `storycluster ingest` choose a format, and how does it tell where something was?"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from storycluster.cli import ingest as ingesting
from storycluster.cli.app import app
from storycluster.domain import Article, IngestFailure
from storycluster.errors import InvalidInput


class RefusingClient:
    """Refuses every article, so that each is told with its place."""

    def ingest_results(self, articles: Iterable[Article]) -> Iterator[IngestFailure]:
        for index, one in enumerate(articles):
            yield IngestFailure(index, one.article_id, InvalidInput.of("text", one.title))


@pytest.fixture
def refusing(monkeypatch: pytest.MonkeyPatch) -> None:
    """No server is asked."""

    @contextmanager
    def connected(*_: Any) -> Iterator[RefusingClient]:
        yield RefusingClient()

    monkeypatch.setattr(ingesting, "connected", connected)


def ingest(*arguments: str) -> tuple[int, list[dict[str, Any]]]:
    done = CliRunner().invoke(app, ["ingest", "--json", *arguments])
    return done.exit_code, [json.loads(line) for line in done.stdout.splitlines()]


@pytest.mark.usefixtures("refusing")
def test_a_place_has_a_line_or_an_item(tmp_path: Path) -> None:
    """Lines are counted in JSON Lines, items in lists."""
    rows = [{"uri": "urn:x:1", "headline": "Ice"}, {"uri": "urn:x:2", "headline": "Thaw"}]
    lines, several = tmp_path / "a.jsonl", tmp_path / "b.json"
    lines.write_text("\n".join(json.dumps(row) for row in rows))
    several.write_text(json.dumps(rows))
    code, told = ingest(str(tmp_path))
    assert code == 1
    assert [(one["path"], one.get("line"), one.get("item")) for one in told] == [
        (str(lines), 1, None), (str(lines), 2, None),
        (str(several), None, 1), (str(several), None, 2),
    ]  # fmt: skip


@pytest.mark.usefixtures("refusing")
def test_the_format_can_be_named(tmp_path: Path) -> None:
    """Then names and first bytes do not count; another name is wrong usage."""
    path = tmp_path / "a.txt"
    path.write_text('{"uri": "urn:x:1", "headline": "Ice"}')
    assert [one["article_id"] for one in ingest(str(path))[1]] == ["a"]
    assert [one["article_id"] for one in ingest("--format", "ninjs", str(path))[1]] == ["urn:x:1"]
    assert ingest("--format", "nitf", str(path))[0] == 2
