"""What is known in memory of one live article?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from storycluster.domain import TimePrecision
from storycluster.features import Features, UInt32
from storycluster.measures import Profile
from storycluster.weighting import DocumentFrequencies, SparseVector

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
"""Days are counted from here."""


def profile(
    features: Features,
    publish_time: datetime | None,
    frequencies: DocumentFrequencies,
    *,
    brief_words: int,
) -> Profile:
    """What the decision sees of an article, weighed with the frequencies of this moment."""
    views = frequencies.weigh(features, features.language)
    return profile_of(features, publish_time, views, brief_words=brief_words)


def profile_of(
    features: Features,
    publish_time: datetime | None,
    views: Mapping[str, SparseVector],
    *,
    brief_words: int,
) -> Profile:
    """What the decision sees of an article whose terms are weighed already."""
    day = None if publish_time is None else (publish_time - EPOCH) / timedelta(days=1)
    return Profile(
        views=views,
        embedding=features.embedding,
        numbers=frozenset(features.views["numbers"].ids.tolist()),
        day=day,
        brief=features.prose_words < brief_words,
        titled=features.titled,
        stub=features.stub,
        roundup=features.roundup,
        language=features.language,
    )


@dataclass(frozen=True, slots=True, eq=False)
class Entry:
    """One live article in the index. The first publish time is that of its earliest revision."""

    sequence: int
    first_sequence: int
    article_id: str
    story_id: str
    reprint_group: str
    source: str
    day: date | None
    publish_time: datetime | None
    ingest_time: datetime
    first_publish_time: datetime | None
    first_publish_precision: TimePrecision
    profile: Profile
    shingles: UInt32
    titled: bool
    hosted: bool
    prose_words: int
