"""Where does a prepared article belong?

Reads the index, decides, writes nothing: the same answer for ingest, for a match that stores
nothing and for a rerun. A verified copy takes its twin's story; anything else goes by the decision
model.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from storycluster import fingerprint
from storycluster.decision import Choice, Model, Scored, choose, score
from storycluster.domain import Evidence, Relation, RunnerUp
from storycluster.engine import vetoes
from storycluster.engine.entry import Entry
from storycluster.engine.explaining import (
    joined_large,
    judged,
    not_chosen,
    not_copied,
    overlapping,
    ranked,
    ruled_out,
)
from storycluster.engine.index import CollectionIndex
from storycluster.engine.prepare import Prepared
from storycluster.features import UInt32
from storycluster.fingerprint import Overlap, is_near_copy, overlap
from storycluster.measures import Profile
from storycluster.ports import Reader
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


@dataclass(frozen=True, slots=True, eq=False)
class _Arriving:
    """A prepared article, as the vetoes ask of it."""

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
    twin, refused = find_twin(asking, index, proposed, settings=settings)
    home = "" if twin is None else twin.entry.story_id
    promising = index.candidates(article, similar, sharing=sharing, without=known)
    candidates = dict.fromkeys([home, *promising] if home else promising)
    for one in candidates:
        reason = vetoes.LOCKED if one in index.constraints.locked else ""
        reason = reason or vetoes.of_its_own(article, index.story(one), settings.guards)
        if reason:
            refused.setdefault(one, reason)
    allowed = [one for one in candidates if one == home or one not in refused]
    scored = score(article, [index.story(one) for one in allowed], model)
    cores = near_cores(article, scored, index, model=model, guards=settings.guards)
    far = {one: found.reason for one, found in cores.items() if found.reason and one != home}
    choice = choose([one for one in scored if one.story_id not in far], model)
    if twin is not None:
        placing = _as_copy(article, twin, choice, scored[0], model=model, settings=settings)
    else:
        placing = _by_model(prepared, article, choice, cores, model)
    vetoed = score(article, [index.story(one) for one in candidates if one not in allowed], model)
    vetoed += [one for one in scored if one.story_id in far]
    runners_up = ruled_out(vetoed, {**refused, **far}, model) + placing.runners_up
    near = tuple(sequence for sequence, _ in similar)
    return replace(placing, runners_up=runners_up, near=near)


@dataclass(frozen=True, slots=True)
class NearCore:
    """How near an article is to the core of a large story it is likely to belong to: the evidence,
    and the reason why it may not join, "" where it may."""

    evidence: tuple[Evidence, ...]
    reason: str


def near_cores(
    article: Profile,
    scored: Sequence[Scored],
    index: CollectionIndex,
    *,
    model: Model,
    guards: GuardSettings,
) -> dict[str, NearCore]:
    """{story id: what was found} of the likely stories that are large.

    The newest members stand for a story in scoring, so that its topic may drift with them; the core
    tells. It is scored with the same rivals and with the
    fringe of the story: a story that has swallowed all that is near has no other rival left.
    """
    found = {}
    needed, bar = guards.large_story_probability, model.threshold
    for place, one in enumerate(scored):
        groups = index.unique_count(one.story_id)
        if one.probability < bar or groups <= guards.large_story_groups:
            continue
        stories = [index.story(other.story_id) for other in scored]
        stories[place], fringe = index.core(one.story_id)
        to_core = score(article, [*stories, fringe], model)[place].probability
        found[one.story_id] = NearCore(
            joined_large(one.probability, to_core, needed=needed, bar=bar),
            vetoes.far_from_core(one.probability, to_core, bar, guards),
        )
    return found


def bands_shared(
    shingles: UInt32, reader: Reader, collection: str, settings: FingerprintSettings
) -> list[int]:
    """The sequences that share most bands with a text that is indexed by its shingles alone."""
    signed = fingerprint.signature(shingles, settings)
    keys = fingerprint.band_keys(shingles, signed, settings)
    return most_bands(reader.band_hits(collection, keys), settings)


def most_bands(band_hits: Mapping[int, int], settings: FingerprintSettings) -> list[int]:
    """The sequences that share most bands, at most `max_verified`."""
    ranked = sorted(band_hits, key=lambda sequence: (-band_hits[sequence], sequence))
    return ranked[: settings.max_verified]


def find_twin(
    asking: vetoes.Asking,
    index: CollectionIndex,
    proposed: Sequence[int],
    *,
    settings: Settings,
) -> tuple[Twin | None, dict[str, str]]:
    """Of the `proposed` sequences the article this is most nearly a copy of, verified by exact
    overlap, or None; and the stories that the article must not join, each with the reason."""
    twins: list[Twin] = []
    vetoed: dict[str, str] = {}
    for sequence in dict.fromkeys(proposed):
        entry = index.entries.get(sequence)
        if entry is None or entry.article_id == asking.article_id:
            continue
        measured = overlap(asking.shingles, entry.shingles)
        reason = vetoes.apart(asking, entry, measured, settings)
        if reason:
            vetoed[entry.story_id] = reason
        elif is_near_copy(measured, settings.fingerprint):
            twins.append(Twin(entry, measured))
    best = min(
        twins,
        key=lambda twin: (-twin.overlap.jaccard, -twin.overlap.containment, twin.entry.sequence),
        default=None,
    )
    return best, vetoed


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


def _by_model(
    prepared: Prepared,
    article: Profile,
    choice: Choice,
    cores: Mapping[str, NearCore],
    model: Model,
) -> Placing:
    crowd = cores[choice.story_id].evidence if choice.story_id in cores else ()
    return Placing(
        profile=article,
        story_id=choice.story_id,
        relation=Relation.SAME_STORY if choice.story_id else Relation.NEW_STORY,
        confidence=choice.confidence,
        copy_of="",
        reprint_group=prepared.article.article_id,
        evidence=crowd + judged(choice.best, model),
        runners_up=not_chosen(choice, model),
        scored=tuple(ranked(choice)),
    )
