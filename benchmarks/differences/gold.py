"""How do the references of benchmarks/gold become pairs of articles, and how are these scored?

The gold holds ids and offsets only. The texts come from the labelled files, the scoring from
tools/score_differences.py of the same shared folder.
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import tempfile
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path
from types import ModuleType
from typing import Any

from labelled import data_folder

from storycluster.cli import shapes
from storycluster.domain import Comparison
from storycluster.engine import compare_articles
from storycluster.formats import ArticlePair, Refused, article_of, read_pairs
from storycluster.ports import Encoder
from storycluster.settings import Settings

GOLD = Path(__file__).resolve().parents[1] / "gold"
REVISIONS = "cnn_revision_pairs_dev"
Row = dict[str, Any]


def references(name: str) -> list[Row]:
    """The lines of `<name>.jsonl` of the gold."""
    return [json.loads(line) for line in (GOLD / f"{name}.jsonl").read_text("utf-8").splitlines()]


def labelled_rows(name: str) -> Iterator[Row]:
    """The objects of `<name>.jsonl.gz` of the labelled files, in order."""
    with gzip.open(data_folder() / f"{name}.jsonl.gz", "rt", encoding="utf-8") as lines:
        yield from map(json.loads, lines)


def revisions() -> list[tuple[Row, Row]]:
    """The older and the newer article of each pair of revisions."""
    return [(pair["a"], pair["b"]) for pair in labelled_rows(REVISIONS)]


def scorer() -> ModuleType | None:
    """The shared scoring script, None where there is none."""
    path = data_folder().parent / "tools" / "score_differences.py"
    if not path.is_file():
        return None
    spec = importlib.util.spec_from_file_location(path.stem, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def gold_pairs(rows: Iterable[Row]) -> list[Row]:
    """The references with their articles, spans as text: the form that the scoring reads."""
    rows = list(rows)
    articles = _articles([row[side] for row in rows for side in "ab"])
    return [_gold_pair(row, articles[_key(row["a"])], articles[_key(row["b"])]) for row in rows]


def _key(reference: Row) -> tuple[str, str]:
    if reference["set"] == REVISIONS:
        return REVISIONS, f"{reference['pair']}{reference['side']}"
    return reference["set"], reference["id"]


def _articles(wanted: Iterable[Row]) -> dict[tuple[str, str], Row]:
    """The article of each reference, title and text never None."""
    keys = {_key(reference) for reference in wanted}
    found: dict[tuple[str, str], Row] = {}
    for name in sorted({name for name, _ in keys}):
        for key, row in _keyed(name):
            if key in keys:
                plain = {field: value for field, value in row.items() if field != "story"}
                found[key] = plain | {field: row[field] or "" for field in ("title", "text")}
    return found


def _keyed(name: str) -> Iterator[tuple[tuple[str, str], Row]]:
    if name != REVISIONS:
        yield from (((name, row["id"]), row) for row in labelled_rows(name))
        return
    for number, pair in enumerate(revisions()):
        yield from (((name, f"{number}{side}"), row) for side, row in zip("ab", pair, strict=True))


def _gold_pair(row: Row, a: Row, b: Row) -> Row:
    def said(side: str, span: list[Any] | None) -> str | None:
        if span is None:
            return None
        field, start, end = span
        return (a if side == "a" else b)[field][start:end]

    def both(one: Mapping[str, Any]) -> Row:
        return {side: said(side, one[side]) for side in "ab"}

    return {
        "id": row["id"],
        "kind": row["kind"],
        "a": a,
        "b": b,
        **{
            name: [[said("a", one), said("b", two)] for one, two in row[name]]
            for name in ("aligned", "moved")
        },
        **{
            f"{name}_{side}": [said(side, span) for span in row[f"{name}_{side}"]]
            for name in ("only", "boilerplate")
            for side in "ab"
        },
        "changed": [
            {
                "type": one["type"],
                "conflict": one["conflict"],
                **both(one),
                **{f"{s}_also": [said(s, span) for span in one[f"{s}_also"]] for s in "ab"},
            }
            for one in row["changed"]
        ],
        "must_not_report": [{**both(one), "level": one["level"]} for one in row["must_not_report"]],
        "either_way": [both(one) for one in row["either_way"]],
    }


def compared(a: Row, b: Row, encoder: Encoder, settings: Settings) -> Comparison:
    """Two rows of a labelled file, compared as the command line does it."""
    return compare_articles(article_of(a), article_of(b), encoder=encoder, settings=settings)


def answered(path: Path, encoder: Encoder) -> Iterator[Row]:
    """What `storycluster compare --pairs PATH --json` prints, an object a line."""
    for one in read_pairs(path):
        if isinstance(one, Refused):
            raise one.error
        assert isinstance(one, ArticlePair)
        found = compare_articles(one.a, one.b, encoder=encoder, settings=Settings())
        yield shapes.pair(one.pair_id, found)


def scores(scoring: ModuleType, encoder: Encoder) -> dict[str, Counter[str]]:
    """{kind, and "all": the counts of the scoring}."""
    pairs = gold_pairs(references("differences"))
    with tempfile.TemporaryDirectory() as folder:
        gold, system = Path(folder) / "gold.jsonl", Path(folder) / "system.jsonl"
        _keep(gold, pairs)
        _keep(system, answered(gold, encoder))
        told = {row["id"]: row["differences"] for row in scoring.load(system)}
        kinds: dict[str, Counter[str]] = {}
        for pair in scoring.load(gold):
            count = Counter(pairs=1)
            scoring.score_pair(pair, told[pair["id"]], count)
            kinds.setdefault(pair["kind"], Counter()).update(count)
    return kinds | {"all": sum(kinds.values(), Counter())}


def _keep(path: Path, rows: Iterable[Row]) -> None:
    with path.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(row, ensure_ascii=False) + "\n" for row in rows)
