"""By which thresholds is what was decided looked at again? A part of `settings`, which names them
all."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RepairSettings:
    """When stories are looked at again, and how much of it at once."""

    delay_hours: float = 24.0
    """Hours between an article's arrival and its second look: by then most of its story is
    there."""

    per_article: int = 4
    """Second looks for each article that arrives, at most, so that the cost of one is bounded and
    a backlog still shrinks. 0 leaves all of them to `Engine.repair`."""

    split_groups: int = 48
    """Stories of 4 to this many reprint groups are asked whether they fall apart into two parts of
    at least two groups; a single one leaves by its own second look."""

    split_margin: float = 0.0
    """Probability by which two parts must be short of the model's bar for one story before they
    are split. Pairwise F1 after repair on development sets: rumours (fnc1) .912 with 0, .900 with
    .05, .897 without second looks; Vietnamese stories, shuffled, .828, .801 and .801."""


@dataclass(frozen=True, slots=True)
class ReclusterSettings:
    """How the batch job looks at a collection again. `bar` and `present` are the first pair that
    loses on none of seven labelled sets (benchmarks/results/recluster.md)."""

    window_groups: int = 10_000
    """Reprint groups compared with each other at once, in order of time: bounds memory. Windows
    overlap by half, so that a story at the border of one is in the middle of another."""

    expanded: int = 32
    """Neighbours of neighbours compared beside an article's own candidates: large stories have
    more members than an article has candidates."""

    ally_first: float = 0.3
    """Probability from which two candidates of an article are taken to be of one story, and so no
    rivals of each other, when only pairs alone have been compared ..."""

    ally: float = 0.5
    """... and when each was compared among rivals."""

    least: float = 0.1
    """Least probability of an edge: below it a pair says nothing."""

    resolution: float = 0.23
    """Density of probability, 0..1, from which Leiden (constant Potts) keeps articles together. It
    only proposes: lower than `bar`, so that the linkage decides."""

    bar: float = 0.35
    """Mean probability over all pairs of two parts from which they are one story: of pairs between
    .3 and .4, half are (one article alone is weaker evidence than a story)."""

    present: float = 0.5
    """Log odds by which a pair is likelier of one story if the two are together now, and less
    likely if they are not: what was decided against whole stories is evidence too, and only what is
    clearly better is changed. With .25, allsides_headlines and allsides_stories lose up to .001."""

    least_probability: float = 0.5
    """Least probability of a change that is proposed."""

    community_groups: int = 1_500
    """Reprint groups of the largest community whose pairs are linked: beyond, it is first cut at a
    higher resolution, since linkage takes memory by the square."""

    compared: int = 24
    """Members of the story that an article may leave, against which it is measured where the edges
    do not tell: candidates are few, and what was never asked is no reason to leave a large story.
    Without it uci_headlines (stories of 54 articles) lost .04 pairwise F1."""
