"""Which article stands for the story, and by which rule?

Ordered rules; the first that leaves one article decides, and its name is returned as the reason.
By default the earliest original: it moves only when an earlier original arrives late, while the
longest or the fullest article would move with every arrival. Canonical means representative, not
most accurate.

An editor's pin beats every rule. Under `longest`, `most_facts` and `medoid` the present canonical
holds until another is better by a clear margin. The other policies need none: nobody is received
before the first, and an original that is earlier, or of a better source, arrives seldom and stands
before the present one for good.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from storycluster.domain import Canonical, TimePrecision
from storycluster.errors import InvalidInput

PINNED = "pinned"
"""The policy told of a canonical that an editor pinned, so that it does not hold once unpinned."""

_PINNED_REASON = "pinned by an editor"
_KEPT_REASON = "kept: no other is clearly better"
_ALONE_REASON = "only article of the story"


@dataclass(frozen=True, slots=True)
class CanonicalCandidate:
    """What the rules look at. The last four are filled in where the policy or a pin needs them.

    sequence     order of arrival of the first revision
    hosted       whether it is another publisher's text
    prose_words  words without furniture
    core_facts   how many of the facts that two reprint groups or more state it states too
    centrality   mean similarity to the other reprint groups, rounded so that the order of a sum
                 cannot decide
    rank         place of its source in the list, 0 the best; unlisted ones share the last
    """

    article_id: str
    sequence: int
    hosted: bool
    titled: bool
    publish_time: datetime | None
    publish_precision: TimePrecision
    prose_words: int
    core_facts: int = 0
    centrality: float = 0.0
    rank: int = 0
    pinned: bool = False


Candidates = list[CanonicalCandidate]
Keep = Callable[[Candidates], Candidates]
Score = Callable[[CanonicalCandidate], float]


@dataclass(frozen=True, slots=True)
class Rule:
    """Leaves those it keeps; one that would keep nobody is passed over. Where it goes by a `score`,
    the present canonical holds against all that are not clearly better."""

    name: str
    keep: Keep
    score: Score | None = None


def _words(one: CanonicalCandidate) -> float:
    return one.prose_words


def _core_facts(one: CanonicalCandidate) -> float:
    return one.core_facts


def _centrality(one: CanonicalCandidate) -> float:
    return one.centrality


def _highest(score: Score) -> Keep:
    def keep(candidates: Candidates) -> Candidates:
        most = max(map(score, candidates))
        return [one for one in candidates if score(one) == most]

    return keep


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


def _first_received(candidates: Candidates) -> Candidates:
    first = min(one.sequence for one in candidates)
    return [one for one in candidates if one.sequence == first]


def _best_ranked(candidates: Candidates) -> Candidates:
    best = min(one.rank for one in candidates)
    return [one for one in candidates if one.rank == best]


def _lowest_id(candidates: Candidates) -> Candidates:
    return [min(candidates, key=lambda one: one.article_id)]


_ORIGINAL = Rule("original, not a hosted copy", _originals)
_EARLIEST = Rule("earliest", _earliest)
_LONGEST = Rule("longest", _highest(_words))
_LOWEST_ID = Rule("lowest id", _lowest_id)
_EARLIEST_ORIGINAL = (
    _ORIGINAL,
    Rule("with headline and time", _complete),
    _EARLIEST,
    _LONGEST,
    _LOWEST_ID,
)

POLICIES: dict[str, tuple[Rule, ...]] = {
    "earliest_original": _EARLIEST_ORIGINAL,
    "first_received": (Rule("first received", _first_received),),
    "longest": (Rule("longest", _highest(_words), _words), _LOWEST_ID),
    "most_facts": (
        _ORIGINAL,
        Rule("most core facts", _highest(_core_facts), _core_facts),
        _EARLIEST,
        _LONGEST,
        _LOWEST_ID,
    ),
    "medoid": (
        Rule("most like the others", _highest(_centrality), _centrality),
        _EARLIEST,
        _LOWEST_ID,
    ),
    "source_rank": (Rule("best ranked source", _best_ranked), *_EARLIEST_ORIGINAL),
}


def choose_canonical(
    candidates: Sequence[CanonicalCandidate],
    policy: str = "earliest_original",
    *,
    present: str = "",
    margin: float = 0.0,
) -> Canonical:
    """The canonical of a story (at least one candidate) and the rules that narrowed it down.

    `present` is the id of the one that the same policy chose before, "" for none. Where the rules
    would take another, it stays if it passes those before the score and no other scores more than
    its own score times (1 + `margin`). Pinned candidates are chosen from alone; of several the
    rules choose one. A rule that would leave nobody is passed over. Raises InvalidInput for an
    unknown policy.
    """
    if policy not in POLICIES:
        raise InvalidInput.of("canonical_policy", f"must be one of {', '.join(POLICIES)}")
    pinned = [one for one in candidates if one.pinned]
    if pinned:
        chosen, reasons = _narrowed(pinned, POLICIES[policy])
        return Canonical(chosen, PINNED, "; ".join([_PINNED_REASON, *reasons]))
    chosen, reasons = _narrowed(candidates, POLICIES[policy])
    if present not in ("", chosen):
        held = _narrowed(candidates, _holding(POLICIES[policy], present, margin))
        if held[0] == present:
            chosen, reasons = held
    return Canonical(chosen, policy, "; ".join(reasons) or _ALONE_REASON)


def _narrowed(
    candidates: Sequence[CanonicalCandidate], rules: Sequence[Rule]
) -> tuple[str, list[str]]:
    """The id that the rules leave, and the names of those that narrowed it down."""
    left = list(candidates)
    reasons: list[str] = []
    for rule in rules:
        if len(left) == 1:
            break
        kept = rule.keep(left)
        if kept and len(kept) < len(left):
            left = kept
            reasons.append(rule.name)
    return min(one.article_id for one in left), reasons


def _holding(rules: Sequence[Rule], present: str, margin: float) -> list[Rule]:
    """The rules, with one ahead of each score that keeps the present canonical if it may."""
    found: list[Rule] = []
    for rule in rules:
        if rule.score is not None:
            found.append(Rule(_KEPT_REASON, _hold(rule.score, present, margin)))
        found.append(rule)
    return found


def _hold(score: Score, present: str, margin: float) -> Keep:
    def keep(candidates: Candidates) -> Candidates:
        held = [one for one in candidates if one.article_id == present]
        enough = max(map(score, candidates))
        return [one for one in held if enough <= score(one) * (1.0 + margin)]

    return keep
