"""Why does an article belong to its story, and why to no other?

Pure: what was measured and decided in, evidence and runners-up out, as they are stored with the
decision. The contributions (weight * value) of `measured` add up to the log odds of the
probability, so that a decision can be checked without the article, the model or the story.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from storycluster.decision import INTERCEPT, Choice, Model, Scored
from storycluster.domain import Evidence, RunnerUp
from storycluster.fingerprint import Overlap
from storycluster.glossary import MEASURE, family
from storycluster.settings import FingerprintSettings

SHOWN_RUNNERS_UP = 3
"""Stored of those that were likely, and as many of those that were ruled out."""

_WEAKER_IN = 2


@dataclass(frozen=True, slots=True)
class Why:
    """Why articles move to another story: what was measured, the stories that lost them, and the
    probability that the move is right by the model of that name."""

    evidence: tuple[Evidence, ...]
    runners_up: tuple[RunnerUp, ...]
    confidence: float
    model: str


def contributions(scored: Scored, model: Model) -> dict[str, float]:
    """{measure: what it adds to the log odds} of every measure that adds something."""
    found = model.contributions(scored.measured)
    return {name: weight * value for name, (weight, value) in found.items() if name != INTERCEPT}


def measured(scored: Scored, model: Model) -> tuple[Evidence, ...]:
    """The intercept, then every measure that adds something, those that add or take most first.

    scored.probability == sigmoid of the sum of weight * value (Model.probability).
    """
    found = model.contributions(scored.measured)
    start, _ = found.pop(INTERCEPT)
    strongest = sorted(found, key=lambda name: (-abs(math.prod(found[name])), name))
    return (
        Evidence(INTERCEPT, 1.0, 0.0, start > 0, weight=start),
        *(_part(name, *found[name]) for name in strongest),
    )


def _part(name: str, weight: float, value: float) -> Evidence:
    return Evidence(f"{MEASURE}{name}", value, 0.0, weight * value > 0, weight=weight)


def judged(best: Scored | None, model: Model) -> tuple[Evidence, ...]:
    """The probability of the best story against the threshold, then what it is made of; nothing
    where no story came near enough to be measured."""
    if best is None:
        return ()
    verdict = best.probability >= model.threshold
    return (
        Evidence("probability", best.probability, model.threshold, verdict),
        *measured(best, model),
    )


def joined_large(
    likely: float, to_core: float, *, needed: float, bar: float
) -> tuple[Evidence, ...]:
    """A warning: the story is large. What belongs to it must be likelier than the bar of the model
    (`needed`), or belong to its core by that `bar`; one is enough."""
    return (
        Evidence("large_story", likely, needed, likely >= needed),
        Evidence("large_story_core", to_core, bar, to_core >= bar),
    )


def overlapping(
    overlap: Overlap, article_id: str, limits: FingerprintSettings
) -> tuple[Evidence, ...]:
    """Both overlaps with the text that is copied, against what makes a copy: one is enough."""
    needed = {"jaccard": limits.near_copy_jaccard, "containment": limits.near_copy_containment}
    found = {"jaccard": overlap.jaccard, "containment": overlap.containment}
    return tuple(
        Evidence(kind, found[kind], threshold, found[kind] >= threshold, article_id)
        for kind, threshold in needed.items()
    )


def runner_up(scored: Scored, model: Model, reason: str) -> RunnerUp:
    """A story that was not taken, with what was measured of it."""
    return RunnerUp(scored.story_id, scored.probability, reason, measured(scored, model))


def ranked(choice: Choice) -> list[Scored]:
    """Every story of a choice once, the best first."""
    first = [choice.best] if choice.best is not None else []
    return [*first, *(one for one in choice.others if one is not choice.best)]


def not_chosen(choice: Choice, model: Model) -> tuple[RunnerUp, ...]:
    """The likeliest stories that a choice by the model left out."""
    listed = ranked(choice)
    if not choice.story_id:
        shown = listed[:SHOWN_RUNNERS_UP]
        return tuple(runner_up(one, model, below(one, model.threshold)) for one in shown)
    winner, *others = listed
    return tuple(
        runner_up(one, model, less_likely(one, winner, model)) for one in others[:SHOWN_RUNNERS_UP]
    )


def not_copied(
    others: Sequence[Scored], own: Scored, copy_of: str, model: Model
) -> tuple[RunnerUp, ...]:
    """The likeliest stories beside `own`, that of the text which the article copies."""
    return tuple(
        runner_up(
            one, model, f"copies come first, and it copies {copy_of}{_weaker(one, own, model)}"
        )
        for one in others[:SHOWN_RUNNERS_UP]
    )


def ruled_out(
    scored: Sequence[Scored], vetoes: Mapping[str, str], model: Model
) -> tuple[RunnerUp, ...]:
    """The likeliest of the stories that a veto forbids, each with the veto's reason."""
    forbidden = [one for one in scored if one.story_id in vetoes]
    forbidden.sort(key=lambda one: (-one.probability, one.story_id))
    shown = forbidden[:SHOWN_RUNNERS_UP]
    return tuple(runner_up(one, model, vetoes[one.story_id]) for one in shown)


def coming_over(here: Scored, stays: Scored | None, model: Model, *, margin: float) -> Why:
    """An article comes over on a second look: `here` is likelier by at least `margin` than the rest
    of its story, which a veto may have ruled out (None)."""
    before = 0.0 if stays is None else stays.probability
    evidence = (
        Evidence("second_look", here.probability, model.threshold, True),
        Evidence("second_look_before", before, here.probability - margin, False),
        *measured(here, model),
    )
    lost = () if stays is None else (runner_up(stays, model, less_likely(stays, here, model)),)
    return Why(evidence, lost, here.probability, model.name)


def leaving(stays: Scored | None, model: Model, *, margin: float) -> Why:
    """An article leaves the rest of its story on a second look: it is below the threshold by more
    than `margin`, or a veto has ruled it out (None)."""
    needed = model.threshold - margin
    if stays is None:
        return Why((Evidence("second_look_before", 0.0, needed, False),), (), 1.0, model.name)
    evidence = (
        Evidence("second_look_before", stays.probability, needed, False),
        *measured(stays, model),
    )
    lost = runner_up(stays, model, below(stays, needed))
    return Why(evidence, (lost,), 1.0 - stays.probability, model.name)


def merging(likely: float, model: Model, *, bar: float) -> Why:
    """A story merges into another: the members of the smaller belong to the larger with the mean
    probability `likely`, at least `bar`."""
    evidence = (Evidence("merge", likely, bar, True),)
    return Why(evidence, (), likely, model.name)


def joining(here: Scored, article_id: str, model: Model) -> Why:
    """The story of that lone article is, on a second look, the one it belongs to."""
    evidence = (
        Evidence("second_look", here.probability, model.threshold, True, article_id),
        *measured(here, model),
    )
    return Why(evidence, (), here.probability, model.name)


def parting(belongs: Scored, likely: float, bar: float, model: Model) -> Why:
    """A part of a story leaves: its members belong to the rest only with the mean probability
    `likely`, below `bar`; `belongs` is what its first was measured."""
    evidence = (Evidence("merge", likely, bar, False), *measured(belongs, model))
    return Why(evidence, (), 1.0 - likely, model.name)


def below(scored: Scored, threshold: float) -> str:
    """Why a story lost that no other beat."""
    return f"below the threshold ({_compared(scored.probability, '<', threshold)})"


def less_likely(scored: Scored, winner: Scored, model: Model) -> str:
    """Why a story lost to another one, and in which measures it fell most behind."""
    likelier, other = winner.probability, scored.probability
    if likelier == other:
        return f"as likely as another story, which is older ({_compared(likelier, '=', other)})"
    told = f"another story is likelier ({_compared(likelier, '>', other)})"
    return told + _weaker(scored, winner, model)


def _weaker(scored: Scored, winner: Scored, model: Model) -> str:
    """In what the contributions fell most behind the winner's; "" for the likelier story."""
    if scored.probability >= winner.probability:
        return ""
    behind = Counter(_by_family(winner, model))
    behind.subtract(_by_family(scored, model))
    names = sorted(
        (name for name in behind if behind[name] > 0), key=lambda name: (-behind[name], name)
    )
    told = ", ".join(names[:_WEAKER_IN])
    return f"; weaker in: {told}" if told else ""


def _by_family(scored: Scored, model: Model) -> dict[str, float]:
    """{what the measures are about, in plain words: what they add to the log odds}."""
    found: dict[str, float] = {}
    for name, added in contributions(scored, model).items():
        found[family(name)] = found.get(family(name), 0.0) + added
    return found


def _compared(one: float, sign: str, other: float) -> str:
    """Two probabilities with as many decimals as it takes to tell them apart, at least two."""
    for decimals in range(2, 10):
        told = (f"{one:.{decimals}f}", f"{other:.{decimals}f}")
        if one == other or told[0] != told[1]:
            break
    return f"{told[0]} {sign} {told[1]}"
