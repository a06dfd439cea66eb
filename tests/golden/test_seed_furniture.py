"""The five real articles: which lines are furniture, and what each states of itself."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest

from storycluster.document import Document, parse
from storycluster.domain import Article, TimePrecision
from storycluster.settings import TextSettings

SHARED = Path(os.environ.get("STORYCLUSTER_SHARED", Path(__file__).resolve().parents[3] / "shared"))
FILES = {path.name[:3]: path for path in sorted((SHARED / "seeds").glob("*.txt"))}
pytestmark = pytest.mark.skipif(
    len(FILES) < 5, reason=f"the five articles are not in {SHARED}/seeds"
)

FURNITURE = {
    "000": {4, 11, 20, *range(25, 40)},
    "001": {1, 3, 9, 10, 11, 12, 14, 16, 18, 20, 22, 50, 52, 54, 56, 58},
    "002": {1, 3, 5, 9, 11, 33, 43},
    "003": {1, 5, 6, 7, 8, 10, 12, 28, 30, 32, 34},
    "004": {1, 5, 6, 7, 13, 27, 31},
}
HEADLINE = {"000": None, "001": 5, "002": 7, "003": 3, "004": 3}
DAY, EXACT, UNKNOWN = TimePrecision.DAY, TimePrecision.EXACT, TimePrecision.UNKNOWN


def document(name: str) -> Document:
    return parse(Article(name, text=FILES[name].read_text(encoding="utf-8")), TextSettings())


def line_of(text: str, offset: int) -> int:
    return text.count("\n", 0, offset) + 1


@pytest.mark.parametrize("name", sorted(FURNITURE))
def test_exactly_these_lines_are_masked(name: str) -> None:
    """Every line of furniture is masked, whole, and every other line is prose or headline."""
    found = document(name)
    masked = {line_of(found.text, s) for s, _, rule in found.furniture if rule != "dateline"}
    assert masked == FURNITURE[name]
    prose = {line_of(found.text, one.start) for one in found.sentences}
    filled = {n for n, line in enumerate(found.text.split("\n"), 1) if line.strip()}
    assert prose == filled - masked - {HEADLINE[name]}


@pytest.mark.parametrize("name", sorted(HEADLINE))
def test_the_headline_is_found(name: str) -> None:
    """The headline is the expected line, or none."""
    found = document(name)
    line = line_of(found.text, found.title_span[0]) if found.title_span else None
    assert line == HEADLINE[name]
    assert found.title == (found.text.split("\n")[line - 1].strip() if line else "")


@pytest.mark.parametrize(
    ("name", "credit", "hosted", "byline", "when", "precision", "day"),
    [
        ("000", "Al Jazeera", True, "", None, UNKNOWN, ""),
        ("001", "", False, "", datetime(2017, 1, 18, 15, 39, tzinfo=UTC), EXACT, ""),
        ("002", "Iran Press TV", True, "", datetime(2017, 1, 18, tzinfo=UTC), DAY, ""),
        ("003", "Reuters, AFP, and dpa", True, "", datetime(2017, 1, 18, tzinfo=UTC), DAY, ""),
        ("004", "UPI", False, "Andrew V. Pestano", None, UNKNOWN, "--01-19"),
    ],
)
def test_what_each_states(
    name: str,
    credit: str,
    hosted: bool,
    byline: str,
    when: datetime | None,
    precision: TimePrecision,
    day: str,
) -> None:
    """Credit, byline and time are those stated; 004 states a day without a year, so no time."""
    stated = document(name).stated
    assert (stated.credit, stated.is_hosted_copy, stated.byline) == (credit, hosted, byline)
    assert (stated.publish_time, stated.publish_precision) == (when, precision)
    assert stated.publish_day == day


def test_a_dateline_is_not_part_of_the_first_sentence() -> None:
    """The first sentence of 004 begins one space after the masked dateline of its line."""
    found = document("004")
    [end] = [end for _, end, rule in found.furniture if rule == "dateline"]
    assert found.sentences[0].start == end + 1
    assert line_of(found.text, end) == 9
