"""Which stored articles and stories are like a text? Stores nothing.

The same directions as for placing (shared bands, heavy terms, nearest embeddings), without the
lookback: what is asked for may be of any time.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from storycluster.domain import SimilarArticle, Story, StoryFilter, StoryHit
from storycluster.engine.entry import Entry
from storycluster.engine.index import CollectionIndex
from storycluster.engine.placing import most_bands
from storycluster.engine.prepare import Prepared
from storycluster.fingerprint import overlap
from storycluster.measures import Profile, cosine
from storycluster.ports import Reader
from storycluster.settings import Settings

_WIDER = 4
"""Articles measured for each one asked for: what shares most terms is not always most alike."""


def similar(
    prepared: Prepared,
    index: CollectionIndex,
    *,
    band_hits: Mapping[int, int],
    limit: int,
    without: str,
    settings: Settings,
) -> list[SimilarArticle]:
    """The live articles most like a prepared one, best first, then in order of arrival; the one of
    id `without` is left out."""
    asked = replace(index.profile(prepared.features, None), day=None)
    wide = limit * _WIDER
    proposed = [
        *most_bands(band_hits, settings.fingerprint),
        *(sequence for sequence, _ in index.nearest_by_terms(asked, most=wide)),
        *(sequence for sequence, _ in index.nearest_by_meaning(asked, most=wide)),
    ]
    entries = [index.entries[one] for one in dict.fromkeys(proposed) if one in index.entries]
    found = [
        (_measured(prepared, asked, entry), entry.sequence)
        for entry in entries
        if entry.article_id != without
    ]
    found.sort(key=lambda pair: (-pair[0].similarity, pair[1]))
    return [one for one, _ in found[:limit]]


def _measured(prepared: Prepared, asked: Profile, entry: Entry) -> SimilarArticle:
    wording = overlap(prepared.features.shingles, entry.shingles)
    there = entry.profile
    words = cosine(asked.views["body"], there.views["body"])
    meaning = max(0.0, float(asked.embedding @ there.embedding))
    return SimilarArticle(
        article_id=entry.article_id,
        story_id=entry.story_id,
        similarity=min(1.0, max(round((words + meaning) / 2, 6), wording.jaccard)),
        jaccard=wording.jaccard,
        containment=wording.containment,
        source=entry.source,
    )


def stories_of(
    found: Sequence[SimilarArticle],
    reader: Reader,
    collection: str,
    wanted: StoryFilter,
    *,
    limit: int,
) -> tuple[StoryHit, ...]:
    """The stories of similar articles, each with its best one, that pass the filter."""
    hits: dict[str, StoryHit] = {}
    for one in found:
        story = reader.story(collection, one.story_id)
        if story is None or one.story_id in hits or not passes(story, reader, collection, wanted):
            continue
        hits[one.story_id] = StoryHit(story, one.similarity, one.article_id)
        if len(hits) == limit:
            break
    return tuple(hits.values())


def passes(story: Story, reader: Reader, collection: str, wanted: StoryFilter) -> bool:
    """Whether a story is asked for. Its members are read only where a source is."""
    first, last = story.first_publish_time, story.last_publish_time
    if story.article_count < wanted.min_article_count:
        return False
    if wanted.published_after and (last is None or last < wanted.published_after):
        return False
    if wanted.published_before and (first is None or first >= wanted.published_before):
        return False
    if not wanted.source:
        return True
    members = reader.members(collection, story.story_id)
    return any(member.source.casefold() == wanted.source.casefold() for member in members)
