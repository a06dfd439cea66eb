"""Which article stands for the story, and by which rule?

Ordered rules; the first that leaves one article decides, and its name is returned as the reason.
By default the earliest original: it moves only when an earlier original arrives late, while the
longest or the fullest article would move with every arrival. Canonical means representative, not
most accurate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storycluster.domain import Canonical, TimePrecision
from storycluster.errors import InvalidInput


@dataclass(frozen=True, slots=True)
class CanonicalCandidate:
    """What the rules look at. `hosted`: another publisher's text. `prose_words` without
    furniture."""

    article_id: str
    sequence: int
    hosted: bool
    titled: bool
    publish_time: datetime | None
    publish_precision: TimePrecision
    prose_words: int


Candidates = list[CanonicalCandidate]
Rule = Callable[[Candidates], Candidates]


def _originals(candidates: Candidates) -> Candidates:
    return [one for one in candidates if not one.hosted]


def _complete(candidates: Candidates) -> Candidates:
    return [one for one in candidates if one.titled and one.publish_time is not None]


def _start(one: CanonicalCandidate) -> datetime | None:
    """The earliest moment it can have been published; a day without a time begins at midnight."""
    if one.publish_time is None or one.publish_precision is not TimePrecision.DAY:
        return one.publish_time
    return one.publish_time.replace(hour=0, minute=0, second=0, microsecond=0)


def _end(one: CanonicalCandidate) -> datetime | None:
    start = _start(one)
    if start is None or one.publish_precision is not TimePrecision.DAY:
        return start
    return start + timedelta(days=1) - timedelta(microseconds=1)


def _earliest(candidates: Candidates) -> Candidates:
    """Those that nobody certainly precedes: a bare day and a time on that day leave both."""
    ends = [end for end in map(_end, candidates) if end is not None]
    if not ends:
        return []
    first_end = min(ends)
    return [one for one in candidates if (start := _start(one)) is not None and start <= first_end]


def _longest(candidates: Candidates) -> Candidates:
    most = max(one.prose_words for one in candidates)
    return [one for one in candidates if one.prose_words == most]


def _first_received(candidates: Candidates) -> Candidates:
    first = min(one.sequence for one in candidates)
    return [one for one in candidates if one.sequence == first]


def _lowest_id(candidates: Candidates) -> Candidates:
    return [min(candidates, key=lambda one: one.article_id)]


POLICIES: dict[str, tuple[tuple[str, Rule], ...]] = {
    "earliest_original": (
        ("original, not a hosted copy", _originals),
        ("with headline and time", _complete),
        ("earliest", _earliest),
        ("longest", _longest),
        ("lowest id", _lowest_id),
    ),
    "first_received": (("first received", _first_received),),
    "longest": (("longest", _longest), ("lowest id", _lowest_id)),
}


def choose_canonical(
    candidates: Sequence[CanonicalCandidate], policy: str = "earliest_original"
) -> Canonical:
    """The canonical of a story (at least one candidate) and the rules that narrowed it down.

    A rule that would leave nobody is passed over. Raises InvalidInput for an unknown policy.
    """
    if policy not in POLICIES:
        raise InvalidInput.of("canonical_policy", f"must be one of {', '.join(POLICIES)}")
    left = list(candidates)
    reasons: list[str] = []
    for name, rule in POLICIES[policy]:
        if len(left) == 1:
            break
        kept = rule(left)
        if kept and len(kept) < len(left):
            left = kept
            reasons.append(name)
    return Canonical(
        article_id=min(left, key=lambda one: one.article_id).article_id,
        policy=policy,
        reason="; ".join(reasons) or "only article of the story",
    )
