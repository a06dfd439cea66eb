"""Which articles, stories and features do the store tests write?"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np

from storycluster.domain import (
    Article,
    Assignment,
    Canonical,
    Evidence,
    HeldArticle,
    Relation,
    RunnerUp,
    StoredArticle,
    Story,
    StoryState,
    TimePrecision,
)
from storycluster.features import VIEWS, Features, Terms
from storycluster.ports import Scheme, Transaction

DIMENSIONS = 8
SCHEME = Scheme(
    encoder_id="encoder/1", dimensions=DIMENSIONS, fingerprint="minhash/1", features="features/2"
)
START = datetime(2024, 5, 1, 12, 30, 15, 123456, tzinfo=UTC)


def features_of(seed: int = 0) -> Features:
    """Some features, others for every seed."""
    random = np.random.default_rng(seed)
    vector = random.standard_normal(DIMENSIONS).astype(np.float32)
    return Features(
        signature=random.integers(0, 2**32, 126, dtype=np.uint32),
        shingles=np.unique(random.integers(0, 2**32, 50, dtype=np.uint32)),
        embedding=vector / np.linalg.norm(vector),
        views={view: Terms.of([view, str(seed)]) for view in VIEWS},
    )


def assignment_of(
    article_id: str,
    story_id: str,
    *,
    sequence: int,
    revision: int = 1,
    relation: Relation = Relation.NEW_STORY,
) -> Assignment:
    """An assignment with every field set."""
    return Assignment(
        article_id=article_id,
        revision=revision,
        story_id=story_id,
        relation=relation,
        confidence=0.1 + 0.2,
        sequence=sequence,
        copy_of="original",
        reprint_group=article_id,
        previous_story_id="elsewhere",
        evidence=(
            Evidence("jaccard", 1 / 3, 0.5, passed=False, article_id="other"),
            Evidence("cosine", 0.9, 0.8, passed=True, weight=-10.0 / 7),
        ),
        runners_up=(
            RunnerUp("far", 0.25, "too far", (Evidence("body", 0.1, 0.0, False, weight=1 / 7),)),
        ),
        settings_digest="0123456789ab",
        encoder_id=SCHEME.encoder_id,
        model="default",
    )


def held_article(article_id: str, *, number: int, hours: int = 1) -> HeldArticle:
    """An article that is held for some hours from START on."""
    return HeldArticle(
        number=number,
        article=Article(article_id, title="Title", text=f"Text of {article_id}.", source="Post"),
        digest=f"{number:032d}",
        release_time=START + timedelta(hours=hours),
        ingest_time=START,
        assignment=assignment_of(article_id, f"would-be-{number}", sequence=0),
    )


def stored_article(
    article_id: str,
    *,
    sequence: int,
    story_id: str = "",
    revision: int = 1,
    latest: bool = True,
    title: str = "Headline",
) -> StoredArticle:
    """One revision with every field set."""
    article = Article(
        article_id=article_id,
        title=title,
        text=f"Text of {article_id}, revision {revision}.",
        revision=revision,
        source="wire.example",
        url="https://wire.example/1",
        language="en",
        authors=("A. Writer", "B. Editor"),
        credit="Agency",
        publish_time=START - timedelta(days=sequence),
        publish_precision=TimePrecision.EXACT,
        extras={"b": "[1, 2]", "a": '"x"'},
    )
    return StoredArticle(
        article=article,
        digest=article.digest(),
        sequence=sequence,
        ingest_time=START + timedelta(microseconds=sequence),
        assignment=assignment_of(
            article_id, story_id or f"story-{article_id}", sequence=sequence, revision=revision
        ),
        latest=latest,
    )


def story_of(story_id: str, *, article_count: int = 1, merged_into: str = "") -> Story:
    """A story with every field set."""
    return Story(
        story_id=story_id,
        state=StoryState.MERGED if merged_into else StoryState.OPEN,
        title=f"Story {story_id}",
        article_count=article_count,
        unique_count=article_count,
        reprint_count=0,
        source_count=1,
        revision=1,
        create_time=START,
        update_time=START + timedelta(seconds=1),
        canonical=None if merged_into else Canonical("a1", "earliest_original", "earliest"),
        first_publish_time=START - timedelta(days=2),
        last_publish_time=None,
        merged_into_story_id=merged_into,
    )


def add(
    transaction: Transaction,
    article_id: str,
    *,
    collection: str = "default",
    story_id: str = "",
    revision: int = 1,
    latest: bool = True,
    bands: Sequence[int] = (),
) -> StoredArticle:
    """Add one revision under the next sequence; returns it."""
    stored = stored_article(
        article_id,
        sequence=transaction.last_sequence(collection) + 1,
        story_id=story_id,
        revision=revision,
        latest=latest,
    )
    transaction.add_article(collection, stored, features_of(stored.sequence), band_keys=bands)
    return stored
