"""Where does a prepared article belong?

Reads the index, decides, writes nothing: the same answer for ingest, for a match that stores
nothing and for a rerun. A verified copy takes its twin's story; anything else goes by the decision
model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from storycluster.decision import Choice, Model, Scored, choose, score
from storycluster.domain import Evidence, Relation, RunnerUp
from storycluster.engine.explaining import (
    judged,
    not_chosen,
    not_copied,
    overlapping,
    ranked,
    ruled_out,
)
from storycluster.engine.index import CollectionIndex, Entry
from storycluster.engine.prepare import Prepared
from storycluster.features import UInt32
from storycluster.fingerprint import Overlap, is_near_copy, overlap
from storycluster.measures import Profile, cosine
from storycluster.settings import FingerprintSettings, GuardSettings, Settings


@dataclass(frozen=True, slots=True)
class Twin:
    """A stored article that the new one is a copy of, and how far they overlap."""

    entry: Entry
    overlap: Overlap

    @property
    def exact(self) -> bool:
        """Whether the two hold the same shingles."""
        return self.overlap.jaccard == 1.0


class Asking(Protocol):
    """What looking for twins needs of an article, new or stored."""

    @property
    def article_id(self) -> str:
        """Its id."""

    @property
    def source(self) -> str:
        """Its source, "" if unknown."""

    @property
    def shingles(self) -> UInt32:
        """(s,) ascending."""

    @property
    def profile(self) -> Profile:
        """What the decision sees of it."""


@dataclass(frozen=True, slots=True, eq=False)
class _Arriving:
    """A prepared article, as Asking."""

    article_id: str
    source: str
    shingles: UInt32
    profile: Profile


@dataclass(frozen=True, slots=True)
class Placing:
    """The decision for one article. `story_id` "" opens a new story; `scored` is best first; `near`
    are the sequences of the articles that share most term weight with it, nearest first."""

    profile: Profile
    story_id: str
    relation: Relation
    confidence: float
    copy_of: str
    reprint_group: str
    evidence: tuple[Evidence, ...]
    runners_up: tuple[RunnerUp, ...]
    scored: tuple[Scored, ...]
    near: tuple[int, ...] = ()


def place(
    prepared: Prepared,
    index: CollectionIndex,
    *,
    band_hits: Mapping[int, int],
    model: Model,
    settings: Settings,
) -> Placing:
    """Decide for one article against everything the index holds."""
    article = index.profile(prepared.features, prepared.article.publish_time)
    known = prepared.article.article_id
    asking = _Arriving(known, prepared.article.source, prepared.features.shingles, article)
    similar = index.nearest_by_terms(article)
    sharing = most_bands(band_hits, settings.fingerprint)
    proposed = [*sharing, *(near for near, _ in similar)]
    twin, vetoes = find_twin(asking, index, proposed, settings=settings)
    home = "" if twin is None else twin.entry.story_id
    promising = index.candidates(article, similar, sharing=sharing, without=known)
    candidates = dict.fromkeys([home, *promising] if home else promising)
    allowed = [one for one in candidates if one == home or one not in vetoes]
    scored = score(article, [index.story(one) for one in allowed], model)
    choice = choose(scored, model)
    if twin is not None:
        placing = _as_copy(article, twin, choice, scored[0], model=model, settings=settings)
    else:
        placing = _by_model(prepared, article, choice, model)
    vetoed = [index.story(one) for one in candidates if one not in allowed]
    runners_up = ruled_out(score(article, vetoed, model), vetoes, model) + placing.runners_up
    near = tuple(sequence for sequence, _ in similar)
    return replace(placing, runners_up=runners_up, near=near)


def most_bands(band_hits: Mapping[int, int], settings: FingerprintSettings) -> list[int]:
    """The sequences that share most bands, at most `max_verified`."""
    ranked = sorted(band_hits, key=lambda sequence: (-band_hits[sequence], sequence))
    return ranked[: settings.max_verified]


def find_twin(
    asking: Asking,
    index: CollectionIndex,
    proposed: Sequence[int],
    *,
    settings: Settings,
) -> tuple[Twin | None, Mapping[str, str]]:
    """Of the `proposed` sequences the article this is most nearly a copy of, verified by exact
    overlap, or None; and the stories that the article must not join, each with the reason."""
    twins: list[Twin] = []
    vetoed: dict[str, str] = {}
    for sequence in dict.fromkeys(proposed):
        entry = index.entries.get(sequence)
        if entry is None or entry.article_id == asking.article_id:
            continue
        measured = overlap(asking.shingles, entry.shingles)
        copied = is_near_copy(measured, settings.fingerprint)
        same_source = bool(entry.source) and entry.source == asking.source
        if copied and stub_under_other_headline(asking.profile, entry.profile, settings.guards):
            vetoed[entry.story_id] = "a stub says nothing of its headline"
        elif same_source and next_issue_of_template(
            asking.profile, entry.profile, measured, settings.guards
        ):
            vetoed[entry.story_id] = "the next issue of a template is another story"
        elif copied:
            twins.append(Twin(entry, measured))
    best = min(
        twins,
        key=lambda twin: (-twin.overlap.jaccard, -twin.overlap.containment, twin.entry.sequence),
        default=None,
    )
    return best, vetoed


def stub_under_other_headline(article: Profile, other: Profile, guards: GuardSettings) -> bool:
    """Whether two stubs stand under headlines that have next to nothing in common."""
    if not (article.stub and other.stub):
        return False
    return cosine(article.views["title"], other.views["title"]) < guards.stub_title_similarity


def next_issue_of_template(
    article: Profile, other: Profile, measured: Overlap, guards: GuardSettings
) -> bool:
    """Whether a text of the same source is yesterday's briefing with today's numbers."""
    if not guards.template_jaccard <= measured.jaccard < 1.0:
        return False
    if article.day is None or other.day is None:
        return False
    numbers = article.numbers | other.numbers
    if len(numbers) < guards.template_min_numbers:
        return False
    share = len(article.numbers & other.numbers) / len(numbers)
    apart = abs(article.day - other.day)
    return share < guards.template_number_share and apart >= guards.template_gap_days


def _as_copy(
    article: Profile,
    twin: Twin,
    choice: Choice,
    own_story: Scored,
    *,
    model: Model,
    settings: Settings,
) -> Placing:
    original = twin.entry
    others = [one for one in ranked(choice) if one.story_id != original.story_id]
    overlaps = overlapping(twin.overlap, original.article_id, settings.fingerprint)
    return Placing(
        profile=article,
        story_id=original.story_id,
        relation=Relation.EXACT_COPY if twin.exact else Relation.NEAR_COPY,
        confidence=max(own_story.probability, settings.fingerprint.copy_precision),
        copy_of=original.article_id,
        reprint_group=original.reprint_group,
        evidence=overlaps + judged(own_story, model),
        runners_up=not_copied(others, own_story, original.article_id, model),
        scored=(own_story, *others),
    )


def _by_model(prepared: Prepared, article: Profile, choice: Choice, model: Model) -> Placing:
    return Placing(
        profile=article,
        story_id=choice.story_id,
        relation=Relation.SAME_STORY if choice.story_id else Relation.NEW_STORY,
        confidence=choice.confidence,
        copy_of="",
        reprint_group=prepared.article.article_id,
        evidence=judged(choice.best, model),
        runners_up=not_chosen(choice, model),
        scored=tuple(ranked(choice)),
    )
