"""What did a bulk ingest do?"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from typing import Literal

from storycluster.client.window import Outcome
from storycluster.domain import IngestFailure, IngestReport
from storycluster.errors import IngestError, InvalidInput

Errors = Literal["raise", "collect"]
OnResult = Callable[[Outcome], object]


class Tally:
    """Counts outcomes as they come; keeps the failures only."""

    def __init__(self, *, errors: Errors, on_result: OnResult | None) -> None:
        if errors not in ("raise", "collect"):
            raise InvalidInput.of("errors", f"must be 'raise' or 'collect', not {errors!r}")
        self._raise = errors == "raise"
        self._on_result = on_result
        self._accepted = 0
        self._replayed = 0
        self._by_relation: Counter[str] = Counter()
        self._failures: list[IngestFailure] = []

    def add(self, outcome: Outcome) -> None:
        """Count one and hand it on."""
        if isinstance(outcome, IngestFailure):
            self._failures.append(outcome)
        else:
            self._accepted += 1
            self._replayed += outcome.replayed
            self._by_relation[outcome.assignment.relation.value] += 1
        if self._on_result is not None:
            self._on_result(outcome)

    def report(self) -> IngestReport:
        """The report; IngestError with it where some were refused and errors="raise"."""
        made = IngestReport(
            accepted=self._accepted,
            replayed=self._replayed,
            by_relation=dict(sorted(self._by_relation.items())),
            failures=tuple(self._failures),
        )
        if self._failures and self._raise:
            first = self._failures[0]
            raise IngestError(
                f"{len(self._failures)} of {self._accepted + len(self._failures)} articles were "
                f"refused; the first is {first.article_id!r} (input {first.index}): {first.error}",
                report=made,
            )
        return made
