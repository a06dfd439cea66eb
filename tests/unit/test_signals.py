"""signals: what a wire says beside the text."""

from __future__ import annotations

import json

import pytest

from storycluster.domain import Article
from storycluster.signals import canceled, killed, reason, signals


def said(title: str = "", **extras: object) -> Article:
    return Article("a", title=title, extras={name: json.dumps(one) for name, one in extras.items()})


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("CORRECTED: UPDATE 2-Ferry toll rises to 12", ("correction", "update")),
        ("REFILE-Mill burns", ("refile",)),
        ("WRAPUP 3-Markets fall", ("wrapup",)),
        ("RPT-Markets fall", ("repeat",)),
        ("2nd LD-WRITETHRU: Markets fall", ("writethru",)),
        ("MANDATORY KILL: Mill burns", ("kill",)),
        ("WITHDRAWN-Mill burns", ("kill",)),
        ("Kill: a film by nobody", ()),
        ("KILLER whales return", ()),
        ("UPDATE your phone, says maker", ()),
        ("Corrected: the toll", ()),
        ("KILL:", ()),
        ("", ()),
    ],
)
def test_tags_before_a_headline_are_read(title: str, expected: tuple[str, ...]) -> None:
    """In capitals, with a colon or hyphen, and with a headline behind."""
    assert signals(said(title)) == expected


def test_codes_come_before_tags_and_each_once() -> None:
    """What is no list of texts says nothing."""
    article = said("UPDATE 1-Mill burns", signals=["correction", "update", 3])
    assert signals(article) == ("correction", "update")
    assert signals(said(signals="update")) == ()
    assert signals(Article("a", extras={"signals": "not JSON"})) == ()


def test_a_source_kills_by_status_code_or_tag() -> None:
    """A tag alone is for a person: it may be an odd headline."""
    assert canceled(said(pub_status="canceled"))
    assert canceled(said(signals=["kill"]))
    assert not canceled(said("KILL: Mill burns"))
    assert killed(said("KILL: Mill burns"))
    assert not killed(said("Mill burns", pub_status="withheld"))


def test_the_reason_is_the_note() -> None:
    """Or that its source says so."""
    assert reason(said(editorial_note="wrong photo")) == "wrong photo"
    assert reason(said(editorial_note=" ")) == "canceled by its source"
