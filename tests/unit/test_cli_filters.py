"""cli.filters: which moment does a person mean?"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
import typer

from storycluster.cli.filters import moment_of


@pytest.mark.parametrize(
    ("told", "moment"),
    [
        ("2017-04-12", datetime(2017, 4, 12, tzinfo=UTC)),
        ("2017-04-12T09:30Z", datetime(2017, 4, 12, 9, 30, tzinfo=UTC)),
        (
            "2017-04-12T00:00:00+02:00",
            datetime(2017, 4, 12, tzinfo=timezone(timedelta(hours=2))),
        ),
    ],
)
def test_a_day_or_a_time_is_a_moment(told: str, moment: datetime) -> None:
    """A day begins at midnight UTC; a time keeps its zone."""
    assert moment_of(told) == moment


@pytest.mark.parametrize("told", ["", "yesterday", "2017-02-30", "2017-04-12T09:30", "12/04/2017"])
def test_anything_else_is_refused(told: str) -> None:
    """A time without a zone could be anywhere; it is not guessed."""
    with pytest.raises(typer.BadParameter):
        moment_of(told)
