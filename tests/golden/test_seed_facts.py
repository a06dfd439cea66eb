"""The facts of the five real articles: who states what, exactly, and what must not be merged."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from storycluster.backends import open_store
from storycluster.domain import Article
from storycluster.engine import Engine, scheme_of
from storycluster.grid import Fact, FactKind, StoryFacts
from storycluster.ports import Encoder
from storycluster.settings import Settings

SHARED = Path(os.environ.get("STORYCLUSTER_SHARED", Path(__file__).resolve().parents[3] / "shared"))
FILES = {path.name[:3]: path for path in sorted((SHARED / "seeds").glob("*.txt"))}
pytestmark = pytest.mark.skipif(
    len(FILES) < 5, reason=f"the five articles are not in {SHARED}/seeds"
)


@pytest.fixture(scope="module")
def engine(encoder: Encoder) -> Iterator[Engine]:
    made = Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder)
    made.ingest("", [Article(name, text=text_of(name)) for name in FILES])
    yield made
    made.close()


@pytest.fixture(scope="module")
def found(engine: Engine) -> StoryFacts:
    return engine.story_facts("", engine.get_article("", "001").assignment.story_id)


def text_of(name: str) -> str:
    return FILES[name].read_text(encoding="utf-8")


def holding(found: StoryFacts, kind: FactKind, value: str) -> list[set[str]]:
    """The articles of each row with that value."""
    rows: list[Fact] = [one for one in found.facts if (one.kind, one.value) == (kind, value)]
    return [{cell.article_id for cell in one.cells} for one in rows]


def test_all_five_are_looked_at(found: StoryFacts) -> None:
    """Five reprint groups, the canonical 001, nothing left out."""
    assert {one.article_id for one in found.reprint_groups} == set(FILES)
    assert found.canonical_article_id == "001"
    assert (found.groups_left_out, found.copies_left_out, found.facts_left_out) == (0, 0, 0)
    assert {one.article_id for one in found.advisories} == set(FILES) - {"001"}


@pytest.mark.parametrize("value", ["9 aircraft", "8 aircraft"])
def test_the_planes_of_both_are_one_fact_each(found: StoryFacts, value: str) -> None:
    """K9: nine Russian and eight Turkish, in figures and in words, in all five articles."""
    assert holding(found, FactKind.NUMBER, value) == [set(FILES)]


def test_the_targets_are_told_by_two(found: StoryFacts) -> None:
    """A1: 36 targets, 002 and 004 only."""
    assert holding(found, FactKind.NUMBER, "36 target") == [{"002", "004"}]


def test_the_distance_is_one_fact_in_two_units(found: StoryFacts) -> None:
    """X7: around 25 miles and 40 kilometers."""
    assert holding(found, FactKind.NUMBER, "about 25 mile") == [{"001", "002"}]


def test_losses_of_000_alone_are_told(found: StoryFacts) -> None:
    """16 and 49 soldiers stay two facts of one article."""
    assert holding(found, FactKind.NUMBER, "16 soldier") == [{"000"}]
    assert holding(found, FactKind.NUMBER, "49 soldier") == [{"000"}]


def test_the_quote_in_two_translations_is_one_row(found: StoryFacts) -> None:
    """Q2 and X5: 000 as 001, 004 in other words; no conflict is claimed."""
    (row,) = [
        one for one in found.facts if one.kind is FactKind.QUOTE and "highly effective" in one.value
    ]
    assert [cell.article_id for cell in row.cells] == ["001", "000", "004"]
    assert not row.conflict


def test_the_one_conflict_comes_first(found: StoryFacts) -> None:
    """X1: the Foreign Ministry in 001 alone; the only row in conflict."""
    assert [one.conflict for one in found.facts].index(False) == 1
    first = found.facts[0]
    assert first.kind is FactKind.SOURCE
    assert first.cells[0].span.text == "Russian Foreign Ministry"
    assert {cell.article_id for cell in first.cells if cell.conflict} >= {"002", "003"}


def test_every_span_is_exact(found: StoryFacts) -> None:
    """Each cell's text stands at its offsets."""
    for cell in (cell for fact in found.facts for cell in fact.cells):
        assert cell.span.field == "text"
        assert text_of(cell.article_id)[cell.span.start : cell.span.end] == cell.span.text


def test_the_lines_name_what_is_added(found: StoryFacts) -> None:
    """36 targets in 002 and 004, Jan. 12 in 004, the losses in 000."""
    lines = {one.article_id: one.text for one in found.advisories}
    assert "36 targets" in lines["002"]
    assert "Jan. 12" in lines["004"]
    assert "16 soldiers, 49 troops" in lines["000"]


def test_the_timeline_has_every_fact_once(found: StoryFacts) -> None:
    """An article without a known time is first only for what no dated one states."""
    assert sorted(one.fact for one in found.timeline) == list(range(len(found.facts)))
    for one in found.timeline:
        if one.publish_time is None:
            cells = found.facts[one.fact].cells
            dated = {first.article_id for first in found.timeline if first.publish_time}
            assert not dated & {cell.article_id for cell in cells}
