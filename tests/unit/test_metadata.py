"""What a text states of itself."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from storycluster.document import parse
from storycluster.domain import Article, TimePrecision
from storycluster.metadata import (
    Stated,
    credit_rule,
    is_time_line,
    read_byline,
    read_dateline,
    read_time,
)
from storycluster.settings import TextSettings

PROSE = (
    "The council of the harbour town voted on Tuesday to rebuild the old bridge by next summer.\n"
    "Engineers told the meeting that the work would cost about four million pounds in all.\n"
    "The bridge was closed in March after a survey found cracks in two of its seven arches."
)
EXACT, DAY = TimePrecision.EXACT, TimePrecision.DAY


def stated(text: str, source: str = "") -> Stated:
    return parse(Article("a", text=text, source=source, language="en"), TextSettings()).stated


@pytest.mark.parametrize(
    ("line", "expected", "precision"),
    [
        ("Wednesday 18 January 2017 15:39 GMT", datetime(2017, 1, 18, 15, 39, tzinfo=UTC), EXACT),
        (
            "Published 3:04 PM EDT, Tue March 3, 2026",
            datetime(2026, 3, 3, 19, 4, tzinfo=UTC),
            EXACT,
        ),
        ("2017-01-18T15:39:00+03:00", datetime(2017, 1, 18, 12, 39, tzinfo=UTC), EXACT),
        ("Wed Jan 18, 2017 2:49PM", datetime(2017, 1, 18, tzinfo=UTC), DAY),
        ("18 de enero de 2017", datetime(2017, 1, 18, tzinfo=UTC), DAY),
        ("18. Januar 2017", datetime(2017, 1, 18, tzinfo=UTC), DAY),
        ("18 января 2017", datetime(2017, 1, 18, tzinfo=UTC), DAY),
        ("2017年1月18日", datetime(2017, 1, 18, tzinfo=UTC), DAY),
    ],
)
def test_a_time_line_is_read(line: str, expected: datetime, precision: TimePrecision) -> None:
    """A time is exact only with a clock and a zone that fixes the offset."""
    assert is_time_line(line)
    assert read_time(line) == (expected, precision)


@pytest.mark.parametrize(
    "line", ["31 February 2017", "Wednesday", "GMT 20:04 2017 Tuesday ,10 October"]
)
def test_no_date_no_time(line: str) -> None:
    """What is no full calendar date has no time."""
    assert read_time(line) is None


@pytest.mark.parametrize(
    ("line", "place", "agency", "day"),
    [
        ("Jan. 19 (UPI) -- The bridge", "", "UPI", "--01-19"),
        ("LONDON (Reuters) - The bridge", "LONDON", "Reuters", ""),
        ("Kabul, Afghanistan (CNN) — The bridge", "Kabul, Afghanistan", "CNN", ""),
        ("(CNN)The bridge", "", "CNN", ""),
        ("NEW YORK, March 3 - The bridge is to be rebuilt", "NEW YORK", "", "--03-03"),
    ],
)
def test_a_dateline_is_read(line: str, place: str, agency: str, day: str) -> None:
    """Place, agency and day are read, and the prose begins after them."""
    found = read_dateline(line)
    assert found is not None
    assert (found.place, found.agency, found.day) == (place, agency, day)
    assert line[found.end :].startswith("The bridge")


@pytest.mark.parametrize(
    "line",
    [
        "The Free Syrian Army (FSA) - a rebel group - advanced.",
        "Prime Minister Jane Doe (Labour) said so.",
        "It was (AP) late.",
        "A well-known man - said to be ill - left.",
    ],
)
def test_prose_has_no_dateline(line: str) -> None:
    """Brackets and dashes inside a sentence are no dateline."""
    assert read_dateline(line) is None


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("By Martin V. Example", "Martin V. Example"),
        ("Por María López", "María López"),
        ("By the end of the year", ""),
        ("By Monday it was over.", ""),
    ],
)
def test_a_byline_is_a_name(line: str, expected: str) -> None:
    """A line "By ..." is a byline only where most of its words are capitalised."""
    assert read_byline(line) == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("source: Example News", "credit"),
        ("Based on reporting by One, Two, and Three", "credit"),
        ("Reprinted with the permission of Example News", "credit"),
        ("Publisher Example News", "publisher"),
        ("The photo was taken by Reuters", ""),
    ],
)
def test_credit_lines(line: str, expected: str) -> None:
    """A line that only says whose text it is is a credit or publisher line."""
    assert credit_rule(line) == expected


def test_a_source_line_makes_a_hosted_copy() -> None:
    """A text that names another source is a hosted copy of it."""
    found = stated(f"{PROSE}\nsource: Example News")
    assert (found.credit, found.is_hosted_copy) == ("Example News", True)
    assert found.credit_reason == "source: Example News"


def test_a_source_line_of_the_outlet_itself_makes_no_copy() -> None:
    """A text whose source line names its own outlet is not a copy."""
    assert not stated(f"{PROSE}\nsource: Example News", source="www.examplenews.com").is_hosted_copy


def test_an_agency_text_elsewhere_is_a_hosted_copy() -> None:
    """An agency's dateline marks a copy in another outlet, not in its own or an unknown one."""
    text = "LONDON (Reuters) - " + PROSE
    assert [stated(text, one).is_hosted_copy for one in ("Courier", "reuters.com", "")] == [
        True,
        False,
        False,
    ]
    assert stated(text).credit == "Reuters"


def test_a_photo_credit_is_no_text_credit() -> None:
    """The name of a picture agency in a caption credits nothing but the picture."""
    found = stated(f"The old bridge at dawn (AFP/Getty Images)\n{PROSE}")
    assert (found.credit, found.is_hosted_copy) == ("", False)


def test_dates_below_the_article_or_of_an_update_are_not_its_time() -> None:
    """Only a date above the prose, not one of an update, is when the article was published."""
    text = f"Last updated: 5 June 2023\nCouncil votes to rebuild bridge\n{PROSE}\n10 October 2017"
    assert stated(text).publish_time is None


def test_the_first_date_above_the_prose_is_its_time() -> None:
    """The first full date above the first paragraph is when the article was published."""
    found = stated(f"Council votes to rebuild bridge\nBy Jane Doe\n18 January 2017\n{PROSE}")
    assert found.publish_time == datetime(2017, 1, 18, tzinfo=UTC)
    assert (found.publish_precision, found.byline) == (DAY, "Jane Doe")
