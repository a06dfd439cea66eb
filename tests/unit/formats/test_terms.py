"""How is what wires say beside the text normalised?"""

from __future__ import annotations

import json
from typing import Any

import pytest

from storycluster.errors import InvalidInput
from storycluster.formats.terms import (
    embargo_time,
    moment_told,
    pub_status,
    publish_time,
    revision_of,
    signal,
    urgency,
    wire_article,
)


@pytest.mark.parametrize(
    ("sent", "kept"),
    [
        ("usable", "usable"),
        ("stat:withheld", "withheld"),
        ("http://cv.iptc.org/newscodes/pubstatusg2/canceled", "canceled"),
        ("Cancelled", "canceled"),
        ("", None),
    ],
)
def test_a_status_is_one_of_three(sent: str, kept: str | None) -> None:
    """With or without scheme, in either spelling."""
    assert pub_status(sent, field="pubstatus") == kept


def test_another_status_is_refused_by_field() -> None:
    """Nobody guesses whether a text may be used."""
    with pytest.raises(InvalidInput, match="pubStatus: 'maybe' is none of usable"):
        pub_status("maybe", field="pubStatus")


def test_signals_lose_the_scheme_of_the_iptc_alone() -> None:
    """A provider's own scheme says whose signal it is."""
    sent = ["sig:correction", "http://cv.iptc.org/newscodes/signal/update", "mw:flash", "kill"]
    assert [signal(one) for one in sent] == ["correction", "update", "mw:flash", "kill"]


def test_an_embargo_is_told_in_utc() -> None:
    """Whatever its zone."""
    assert embargo_time("2026-03-03T08:00:00+01:00", field="e") == "2026-03-03T07:00:00Z"


@pytest.mark.parametrize("sent", ["2026-03-03T08:00:00", "2026-03-03", "noon", ""])
def test_an_embargo_without_a_zone_is_refused(sent: str) -> None:
    """It could end too early."""
    with pytest.raises(InvalidInput, match=r"embargoed: .* is not an ISO 8601 time with a zone"):
        embargo_time(sent, field="embargoed")


def test_other_times_are_told_as_well_as_they_are_known() -> None:
    """In UTC with a zone, as sent without, not at all where empty."""
    sent = ["2026-03-03T08:00:00+0100", "2026-03-03", "soon", " "]
    assert [moment_told(one) for one in sent] == [
        "2026-03-03T07:00:00Z",
        "2026-03-03",
        "soon",
        None,
    ]


def test_the_first_stated_time_is_the_time_of_publication() -> None:
    """A wrong one is refused by its name, not passed over."""
    assert publish_time({"a": " ", "b": "2026-03-03", "c": "2026-03-04"}) == "2026-03-03"
    assert publish_time({"a": ""}) is None
    with pytest.raises(InvalidInput, match=r"^a: 'soon' is not an ISO 8601 time"):
        publish_time({"a": "soon", "b": "2026-03-03"})


@pytest.mark.parametrize(
    ("version", "number"),
    [("2", 2), ("2147483647", 2147483647), ("2147483648", None), ("0", None), ("1.2", None),
     ("", None), ("-1", None), ("²", None)],
)  # fmt: skip
def test_a_version_is_a_revision_where_it_is_a_number(version: str, number: int | None) -> None:
    """Within what a revision may be."""
    assert revision_of(version) == number


@pytest.mark.parametrize(
    ("sent", "kept"), [(3, 3), ("4", 4), ("flash", "flash"), ("", None), (None, None)]
)
def test_urgency_is_a_number_where_it_is_one(sent: Any, kept: Any) -> None:
    """1 to 9; anything else as sent."""
    assert urgency(sent) == kept


def test_what_is_too_long_to_be_kept_is_named() -> None:
    """Extras have a limit; a long field does not cost the article."""
    unknown = {"associations": ["x" * 9_000], "place": ["Maren"], "empty": [], "none": None}
    made = wire_article({"id": "a", "text": "t"}, kept={"slugline": None}, unknown=unknown)
    told = {name: json.loads(value) for name, value in made.extras.items()}
    assert told == {"place": ["Maren"], "left_out": ["associations"]}


def test_what_is_known_wins_over_a_field_of_the_same_name() -> None:
    """An unknown field cannot pose as a status."""
    made = wire_article(
        {"id": "a", "text": "t"}, kept={"pub_status": "canceled"}, unknown={"pub_status": "usable"}
    )
    assert made.extras == {"pub_status": '"canceled"'}
