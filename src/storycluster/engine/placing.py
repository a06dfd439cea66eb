"""Where does a prepared article belong?

Reads the index, decides, writes nothing: the same answer for ingest, for a match that stores
nothing and for a rerun. A verified copy takes its twin's story; anything else goes by the decision
model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from storycluster.decision import Choice, Model, Profile, Scored, choose, cosine, score
from storycluster.domain import Evidence, Relation, RunnerUp
from storycluster.engine.index import CollectionIndex, Entry
from storycluster.engine.prepare import Prepared
from storycluster.features import UInt32
from storycluster.fingerprint import Overlap, is_near_copy, overlap
from storycluster.settings import FingerprintSettings, GuardSettings, Settings

_SHOWN_RUNNERS_UP = 3
_SHOWN_MEASURES = 6


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
    story_ids = index.candidates(article, similar, sharing=sharing, without=known)
    proposed = [*sharing, *(near for near, _ in similar)]
    twin, vetoes = find_twin(asking, index, proposed, settings=settings)
    scored = [score(article, index.story(one), model) for one in story_ids]
    choice = choose([one for one in scored if one.story_id not in vetoes], model)
    if twin is not None:
        home = twin.entry.story_id
        known_score = next((one for one in scored if one.story_id == home), None)
        own_story = known_score or score(article, index.story(home), model)
        placing = _as_copy(article, twin, choice, own_story, settings)
    else:
        placing = _by_model(prepared, article, choice, model)
    vetoed = tuple(
        RunnerUp(one.story_id, one.probability, vetoes[one.story_id])
        for one in scored
        if one.story_id in vetoes and one.story_id != placing.story_id
    )
    near = tuple(sequence for sequence, _ in similar)
    return replace(placing, runners_up=vetoed + placing.runners_up, near=near)


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
    settings: Settings,
) -> Placing:
    limits = settings.fingerprint
    evidence = (
        Evidence(
            "jaccard",
            twin.overlap.jaccard,
            limits.near_copy_jaccard,
            twin.overlap.jaccard >= limits.near_copy_jaccard,
            twin.entry.article_id,
        ),
        Evidence(
            "containment",
            twin.overlap.containment,
            limits.near_copy_containment,
            twin.overlap.containment >= limits.near_copy_containment,
            twin.entry.article_id,
        ),
    )
    ranked = [one for one in _ranked(choice) if one.story_id != twin.entry.story_id]
    return Placing(
        profile=article,
        story_id=twin.entry.story_id,
        relation=Relation.EXACT_COPY if twin.exact else Relation.NEAR_COPY,
        confidence=max(own_story.probability, settings.fingerprint.copy_precision),
        copy_of=twin.entry.article_id,
        reprint_group=twin.entry.reprint_group,
        evidence=evidence,
        runners_up=_runners_up(ranked, "the story of the text it copies comes first"),
        scored=(own_story, *ranked),
    )


def _by_model(prepared: Prepared, article: Profile, choice: Choice, model: Model) -> Placing:
    ranked = _ranked(choice)
    joined = bool(choice.story_id)
    refused = ranked[1:] if joined else ranked
    why = "another story is likelier" if joined else f"below {model.threshold:.2f}"
    return Placing(
        profile=article,
        story_id=choice.story_id,
        relation=Relation.SAME_STORY if joined else Relation.NEW_STORY,
        confidence=choice.confidence,
        copy_of="",
        reprint_group=prepared.article.article_id,
        evidence=_model_evidence(choice, model),
        runners_up=_runners_up(refused, why),
        scored=tuple(ranked),
    )


def _ranked(choice: Choice) -> list[Scored]:
    first = [choice.best] if choice.best is not None else []
    return [*first, *(one for one in choice.others if one is not choice.best)]


def _model_evidence(choice: Choice, model: Model) -> tuple[Evidence, ...]:
    """The probability, then the measures that moved it most, each as weight x value."""
    if choice.best is None:
        return ()
    best = choice.best
    moved = {name: model.weights.get(name, 0.0) * value for name, value in best.measures.items()}
    strongest = sorted(moved, key=lambda name: (-abs(moved[name]), name))[:_SHOWN_MEASURES]
    verdict = best.probability >= model.threshold
    return (
        Evidence("probability", best.probability, model.threshold, verdict),
        *(
            Evidence(f"measure:{name}", best.measures[name], 0.0, moved[name] > 0)
            for name in strongest
            if moved[name]
        ),
    )


def _runners_up(scored: Sequence[Scored], why: str) -> tuple[RunnerUp, ...]:
    return tuple(RunnerUp(one.story_id, one.probability, why) for one in scored[:_SHOWN_RUNNERS_UP])
