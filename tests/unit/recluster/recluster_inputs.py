"""Articles made for the stages of the batch job, as a snapshot gives them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

from storycluster.domain import Article, TimePrecision
from storycluster.engine.entry import EPOCH, profile
from storycluster.engine.prepare import Prepared, prepare
from storycluster.ports import Encoder, IndexRow
from storycluster.recluster.snapshot import Known
from storycluster.settings import Settings
from storycluster.weighting import DocumentFrequencies

SETTINGS = Settings()
START = datetime(2024, 5, 1, tzinfo=UTC)
FERRY = (
    "The ferry Aurora ran aground off Lindholm with 214 passengers aboard, the coast guard said. "
    "Tugs pulled the ship free at noon and nobody was hurt. The harbour stays closed until the "
    "divers have looked at the hull, said Mara Jensen of the port."
)
MILL = (
    "Fire destroyed the Karsten paper mill in Oberdorf and 80 workers fled, firefighters said. "
    "The owner of the mill promised to rebuild the plant within two years. Smoke could be seen "
    "from the villages beyond the river all through the night."
)


def article(name: str, text: str, *, title: str = "", hours: float = 0.0, **more: str) -> Article:
    """One that was published so many hours after START."""
    when = START + timedelta(hours=hours)
    return Article(name, title=title, text=text, publish_time=when, **more)


def known_of(articles: Sequence[Article], encoder: Encoder) -> list[Known]:
    """What a snapshot gives of them: each weighed by those before it, in a story of its own."""
    frequencies = DocumentFrequencies(SETTINGS.candidates.decay_days)
    found = []
    for sequence, one in enumerate(prepare(articles, encoder, SETTINGS), start=1):
        assert isinstance(one, Prepared), one
        name, published = one.article.article_id, one.article.publish_time
        row = IndexRow(
            sequence=sequence,
            article_id=name,
            revision=1,
            digest=one.digest,
            story_id=f"story-{name}",
            reprint_group=name,
            source=one.article.source,
            publish_time=published,
            publish_precision=TimePrecision.EXACT,
            ingest_time=published or START,
            features=one.features,
        )
        brief = SETTINGS.guards.brief_words
        seen = profile(one.features, published, frequencies, brief_words=brief)
        day = (row.ingest_time - EPOCH).days
        frequencies.count(one.features, one.features.language, day)
        found.append(Known(row, seen))
    return found
