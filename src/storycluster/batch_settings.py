"""Which thresholds does the batch job decide by? A part of `settings`, which names them all."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ReclusterSettings:
    """How the batch job looks at a collection again. `bar` and `present` are the first pair that
    loses on none of seven labelled sets; uci_headlines and og2021_headlines were left aside
    (benchmarks/results/recluster.md)."""

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
