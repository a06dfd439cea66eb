"""canonical: ordered rules with a stated reason."""

from __future__ import annotations

import dataclasses
import itertools
from datetime import UTC, datetime

import pytest

from storycluster.canonical import CanonicalCandidate, choose_canonical
from storycluster.domain import TimePrecision
from storycluster.errors import InvalidInput


def candidate(article_id: str, **given: object) -> CanonicalCandidate:
    plain = CanonicalCandidate(
        article_id=article_id,
        sequence=1,
        hosted=False,
        titled=True,
        publish_time=datetime(2017, 1, 18, 12, tzinfo=UTC),
        publish_precision=TimePrecision.EXACT,
        prose_words=300,
    )
    return dataclasses.replace(plain, **given)  # type: ignore[arg-type]


FIVE = [  # seed_gold section 3 as metadata
    candidate("000", hosted=True, titled=False, publish_time=None),
    candidate("001", publish_time=datetime(2017, 1, 18, 15, 39, tzinfo=UTC)),
    candidate("002", hosted=True, publish_precision=TimePrecision.DAY),
    candidate("003", hosted=True, publish_precision=TimePrecision.DAY),
    candidate(
        "004",
        publish_time=datetime(2017, 1, 19, tzinfo=UTC),
        publish_precision=TimePrecision.DAY,
    ),
]


@pytest.mark.parametrize("order", list(itertools.permutations(FIVE)))
def test_the_earliest_original_stands_for_the_story(
    order: tuple[CanonicalCandidate, ...],
) -> None:
    """Whatever the order, 001 is chosen, and the deciding rules are told."""
    chosen = choose_canonical(order)
    assert chosen.article_id == "001"
    assert chosen.reason == "original, not a hosted copy; earliest"


def test_a_bare_day_does_not_precede_a_time_on_that_day() -> None:
    """A day without a time leaves both; the longer one then decides."""
    timed = candidate("b", prose_words=200)
    bare = candidate("a", prose_words=100, publish_precision=TimePrecision.DAY)
    assert choose_canonical([bare, timed]).article_id == "b"


def test_an_unknown_time_never_wins() -> None:
    """An undated article loses to a dated one, however long."""
    undated = candidate("a", publish_time=None, prose_words=9000)
    assert choose_canonical([undated, candidate("b")]).article_id == "b"


def test_a_rule_that_would_leave_nobody_is_passed_over() -> None:
    """Where all are hosted copies, the earliest of them stands."""
    later = candidate("a", hosted=True, publish_time=datetime(2017, 1, 20, tzinfo=UTC))
    assert choose_canonical([later, candidate("b", hosted=True)]).article_id == "b"


def test_a_single_article_stands_for_itself() -> None:
    """One member needs no rule."""
    assert choose_canonical([candidate("a")]).reason == "only article of the story"


@pytest.mark.parametrize(("policy", "expected"), [("longest", "long"), ("first_received", "first")])
def test_policies(policy: str, expected: str) -> None:
    """Each policy has its own winner."""
    members = [
        candidate("long", prose_words=900, sequence=3),
        candidate("first", sequence=1, publish_time=datetime(2017, 1, 30, tzinfo=UTC)),
        candidate("early", sequence=2, publish_time=datetime(2017, 1, 1, tzinfo=UTC)),
    ]
    assert choose_canonical(members, policy).article_id == expected


def test_an_unknown_policy_is_refused_by_name() -> None:
    """The error names the field and the policies there are."""
    with pytest.raises(InvalidInput, match="canonical_policy: must be one of earliest_original"):
        choose_canonical([candidate("a")], "newest")
