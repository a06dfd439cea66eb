"""Which held articles would be one story, before any of them is public?

The same vetoes, overlap and model as for public stories, over what is held alone: the index is only
read.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Sequence
from dataclasses import dataclass

from storycluster.decision import Model, choose, score
from storycluster.domain import HeldArticle, Relation
from storycluster.engine import vetoes
from storycluster.engine.explaining import judged, not_chosen, overlapping
from storycluster.engine.placing import Placing
from storycluster.engine.prepare import Prepared
from storycluster.features import UInt32
from storycluster.fingerprint import Overlap, is_near_copy, overlap
from storycluster.measures import Profile, StoryProfile, cosine
from storycluster.settings import Settings


@dataclass(frozen=True, slots=True, eq=False)
class Sibling:
    """A held article, as the vetoes ask of it."""

    held: HeldArticle
    shingles: UInt32
    profile: Profile

    @property
    def article_id(self) -> str:
        """Its id."""
        return self.held.article.article_id

    @property
    def source(self) -> str:
        """Its source, "" if unknown."""
        return self.held.article.source

    @property
    def story_id(self) -> str:
        """The story that it would begin or join."""
        return self.held.assignment.story_id


def beside(
    prepared: Prepared,
    placing: Placing,
    others: Sequence[Sibling],
    *,
    model: Model,
    settings: Settings,
) -> Placing:
    """`placing`, or a better one: a copy of something held, or, where no public story takes the
    article, the story of something held that it belongs to."""
    if placing.copy_of or not others:
        return placing
    asking = _Asking(prepared, placing.profile)
    measured = [(overlap(asking.shingles, one.shingles), one) for one in others]
    allowed = [
        (found, one) for found, one in measured if not vetoes.apart(asking, one, found, settings)
    ]
    copies = [pair for pair in allowed if is_near_copy(pair[0], settings.fingerprint)]
    if copies:
        found, twin = max(
            copies, key=lambda pair: (pair[0].jaccard, pair[0].containment, -pair[1].held.number)
        )
        return _as_copy(placing, twin, found, settings)
    if placing.story_id:
        return placing
    return _as_member(placing, [one for _, one in allowed], model=model, settings=settings)


@dataclass(frozen=True, slots=True, eq=False)
class _Asking:
    prepared: Prepared
    profile: Profile

    @property
    def article_id(self) -> str:
        return self.prepared.article.article_id

    @property
    def source(self) -> str:
        return self.prepared.article.source

    @property
    def shingles(self) -> UInt32:
        return self.prepared.features.shingles


def _as_copy(placing: Placing, twin: Sibling, found: Overlap, settings: Settings) -> Placing:
    return dataclasses.replace(
        placing,
        story_id=twin.story_id,
        relation=Relation.EXACT_COPY if found.jaccard == 1.0 else Relation.NEAR_COPY,
        confidence=settings.fingerprint.copy_precision,
        copy_of=twin.article_id,
        reprint_group=twin.held.assignment.reprint_group,
        evidence=overlapping(found, twin.article_id, settings.fingerprint),
    )


def _as_member(
    placing: Placing, others: Sequence[Sibling], *, model: Model, settings: Settings
) -> Placing:
    """The model's choice among the stories of the held articles that share most words with it: as
    many as are scored of public ones."""
    stories: dict[str, list[Profile]] = {}
    body, limit = placing.profile.views["body"], settings.candidates.stories
    alike = {one.held.number: cosine(body, one.profile.views["body"]) for one in others}
    nearest = sorted(others, key=lambda one: (-alike[one.held.number], one.held.number))[:limit]
    for one in sorted(nearest, key=lambda one: one.held.number):
        stories.setdefault(one.story_id, []).append(one.profile)
    most = settings.candidates.representatives
    profiles = [StoryProfile(story_id, of[-most:]) for story_id, of in stories.items()]
    likely = [
        one for one in profiles if not vetoes.of_its_own(placing.profile, one, settings.guards)
    ]
    choice = choose(score(placing.profile, likely, model), model)
    if not choice.story_id:
        return placing
    return dataclasses.replace(
        placing,
        story_id=choice.story_id,
        relation=Relation.SAME_STORY,
        confidence=choice.confidence,
        evidence=judged(choice.best, model),
        runners_up=not_chosen(choice, model) + placing.runners_up,
    )
