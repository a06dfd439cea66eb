"""Do the references of benchmarks/gold lead to texts, and do the measurements measure what they
say?"""

from __future__ import annotations

import gzip
import json
import random
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from storycluster.domain import Article
from storycluster.ports import Encoder

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))
from benchmarks.differences import aligned, cost, edits, gold, mirrored

KINDS = {"related": 45, "revision": 15, "near_dup": 10}
TEXT = """\
The harbour bridge was closed on Monday after engineers of the city found deep cracks in it.

Ferries will carry 1,200 commuters across the bay until all repairs are finished in the spring. \
The mayor told reporters that Susan Marchetti would lead the inquiry into the cracks herself.

“We will not reopen the harbour bridge before every single pillar has been tested properly,” \
said the director of the port, who had asked for an inspection as early as last spring.

Shop owners near the quay fear that fewer visitors will come to the old town this winter. \
A second inspection found nothing that the first inspection had not already told the council. \
The council will vote on the budget for the repairs when the members meet again next month."""
DONOR = """\
Farmers in the northern valleys expect the poorest harvest of apples since records were kept. \
Growers blamed the frost of early spring and asked the ministry to lower taxes for orchards."""


def spans(row: dict[str, Any]) -> Iterator[tuple[str, list[Any]]]:
    """(side, span) of all spans of a reference, pairs as one of each side."""
    for name in ("aligned", "moved"):
        for pair in row[name]:
            yield from zip("ab", pair, strict=True)
    for name in ("changed", "must_not_report", "either_way"):
        for one in row[name]:
            yield from ((side, one[side]) for side in "ab" if one[side] is not None)
    for side in "ab":
        for name in ("only", "boilerplate"):
            yield from ((side, span) for span in row[f"{name}_{side}"])
        for one in row["changed"]:
            yield from ((side, span) for span in one[f"{side}_also"])


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A shared folder with one set of two made-up articles and one pair of revisions."""
    rows = [
        {"id": "x1", "title": "Bridge closed", "text": TEXT, "story": "s"},
        {"id": "x2", "title": None, "text": DONOR, "story": "s"},
    ]
    (tmp_path / "data").mkdir()
    for name, said in (("toys", rows), (gold.REVISIONS, [{"a": rows[0], "b": rows[1]}])):
        with gzip.open(tmp_path / "data" / f"{name}.jsonl.gz", "wt", encoding="utf-8") as out:
            out.writelines(json.dumps(row) + "\n" for row in said)
    monkeypatch.setenv("STORYCLUSTER_SHARED", str(tmp_path))
    return tmp_path


def test_the_gold_is_complete() -> None:
    """70 pairs with an id of their own, of three kinds; no text in them; spans that are not
    empty."""
    rows = gold.references("differences")
    assert len({row["id"] for row in rows}) == len(rows)
    assert Counter(row["kind"] for row in rows) == KINDS
    for row in rows:
        for _, (field, start, end) in spans(row):
            assert field in ("title", "text")
            assert 0 <= start < end


def test_the_alignment_is_complete() -> None:
    """64 pairs, each once, with links that are not empty and not told twice."""
    rows = gold.references("alignment")
    assert len({row["pair"] for row in rows}) == len(rows) == 64
    for row in rows:
        assert len({tuple(link) for link in row["links"]}) == len(row["links"]) > 0
        assert all(link[0] < link[1] and link[2] < link[3] for link in row["links"])


def test_references_become_texts(folder: Path) -> None:
    """A span becomes what stands there, of an article of a set or of a side of a revision."""
    row = {
        "id": "p",
        "kind": "related",
        "a": {"set": "toys", "id": "x1"},
        "b": {"set": gold.REVISIONS, "pair": 0, "side": "b"},
        "aligned": [[["text", 0, 18], ["text", 0, 7]]],
        "moved": [],
        "only_a": [["title", 0, 6]],
        "only_b": [],
        "boilerplate_a": [],
        "boilerplate_b": [["text", 0, 7]],
        "changed": [],
        "must_not_report": [],
        "either_way": [{"a": None, "b": ["text", 0, 7]}],
    }
    [pair] = gold.gold_pairs([row])
    assert pair["aligned"] == [["The harbour bridge", "Farmers"]]
    assert (pair["only_a"], pair["boilerplate_b"]) == (["Bridge"], ["Farmers"])
    assert pair["either_way"] == [{"a": None, "b": "Farmers"}]
    assert (pair["b"]["title"], "story" in pair["a"]) == ("", False)


def test_without_a_scoring_script_there_is_none(folder: Path) -> None:
    """What is missing is told by None, not by an error."""
    assert gold.scorer() is None


@pytest.mark.parametrize("kind", edits.KINDS)
def test_an_edit_is_where_it_says(kind: str) -> None:
    """Outside of the places of an edit the text is as it was."""
    make, _ = edits.KINDS[kind]
    edit = make(edits.Source(TEXT, random.Random(1), DONOR))
    assert edit is not None
    assert edit.kind == kind
    assert edit.text != TEXT
    before, after = (
        "".join(c for i, c in enumerate(text) if not any(a <= i < b for a, b in spots)).split()
        for text, spots in ((TEXT, edit.base), (edit.text, edit.other))
    )
    if kind != "typography":
        assert before == after
    assert all(TEXT[start:end].strip() for start, end in edit.base)
    assert all(edit.text[start:end].strip() for start, end in edit.other)


def test_equal_seeds_make_equal_edits() -> None:
    """The edits are the same each time, and others with another seed."""
    articles = [Article("a", text=TEXT), Article("b", text=DONOR)]
    assert edits.edits(articles, 1) == edits.edits(articles, 1)
    assert edits.edits(articles, 1) != edits.edits(articles, 2)


def test_known_edits_are_counted(encoder: Encoder) -> None:
    """Each edit is counted under its kind, and one that is reported as it should be is right."""
    kinds, total = edits.scores([Article("a", text=TEXT), Article("b", text=DONOR)], encoder, 1)
    assert sum(count["edits"] for count in kinds.values()) == total["pairs"]
    assert kinds["date"]["typed"] == kinds["date"]["right"] == kinds["date"]["edits"] == 1
    assert kinds["typography"]["silent"] == kinds["typography"]["edits"]


def test_difflib_links_equal_and_alike_lines() -> None:
    """Equal lines, and of replaced ones those that are alike enough."""
    a, b = "one line here\nsecond line there\nthird", "one line here\nsecond line here\nnothing"
    found = [(a[i:j], b[k:m]) for i, j, k, m in aligned.by_difflib(a, b, aligned.lines)]
    assert found == [("one line here", "one line here"), ("second line there", "second line here")]
    assert [TEXT[i:j][:11] for i, j in aligned.sentences(TEXT)][1:3] == [
        "Ferries wil",
        "The mayor t",
    ]


def test_pairs_have_just_so_many_words() -> None:
    """Texts are joined until there are enough words, and cut."""
    pair = Article("a", text=TEXT), Article("b", text=DONOR)
    found = list(cost.sized([pair] * 8, 60))
    assert [len(one.text.split()) for both in found for one in both] == [60] * 2 * len(found)
    assert len(found) == 4


def test_mirrors_are_seen(encoder: Encoder) -> None:
    """An article equals itself, and an inserted sentence mirrors a dropped one."""
    one, two = Article("a", text=TEXT), Article("b", text=f"{TEXT} {DONOR}")
    assert mirrored.same_to_themselves([one, two], encoder) == 2
    assert mirrored.symmetric([(one, two)], encoder) == (1, 1)


def test_every_span_of_the_gold_lies_in_its_article(shared: Path) -> None:
    """No span of the references goes beyond the text it refers to."""
    rows = gold.references("differences")
    for row, pair in zip(rows, gold.gold_pairs(rows), strict=True):
        for side, (field, _, end) in spans(row):
            assert end <= len(pair[side][field])
    known = gold.revisions()
    for row in gold.references("alignment"):
        a, b = known[row["pair"]]
        assert max(link[1] for link in row["links"]) <= len(a["text"])
        assert max(link[3] for link in row["links"]) <= len(b["text"])


@pytest.mark.slow
def test_the_gold_is_found(shared: Path, encoder: Encoder) -> None:
    """The scores do not fall: a little below those of benchmarks/results/difference.md."""
    scoring = gold.scorer()
    if scoring is None:
        pytest.skip("no tools/score_differences.py beside the shared data")
    scores = gold.scores(scoring, encoder)
    both, revision = scores["all"], scores["revision"]
    assert revision["conflict_found"] >= 0.8 * revision["conflict"]
    assert both["false_alarm"] <= 0.02 * both["must_not"]
    assert both["right"] >= 0.95 * both["judged"]
    assert both["only_a_found"] + both["only_b_found"] >= 0.85 * (both["only_a"] + both["only_b"])
    assert both["leaks"] <= 0.02 * both["spans"]


@pytest.mark.slow
def test_sentences_are_aligned(shared: Path, encoder: Encoder) -> None:
    """Against the hand-aligned revisions, a little below benchmarks/results/difference.md."""
    precision, recall, _ = aligned.f1(aligned.scores(encoder, beside=False)["storycluster"])
    assert precision >= 0.99
    assert recall >= 0.93
