"""Which changes should a person judge, and how does the judgement come back?

Each line of the review holds the articles that one change is about, with the change's own words and
a `story` for each that is left to be filled in. Filled in, the `articles` are lines that
`storycluster calibrate` reads.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from storycluster.domain import Change
from storycluster.ports import Reader

_SHOWN = 3
_BANDS = 5
"""Changes are drawn evenly from so many bands of probability: the sure ones tell little."""


def drawn(changes: Sequence[Change], count: int, *, seed: int = 0) -> list[Change]:
    """At most `count` of the changes, spread over the likely and the doubtful; same seed, same
    draw. In the order of the plan."""
    ranked = sorted(range(len(changes)), key=lambda at: (changes[at].probability, at))
    chance = random.Random(seed)
    bands = [ranked[band::_BANDS] for band in range(_BANDS)] if len(ranked) > count else [ranked]
    size = -(-len(ranked) // _BANDS)
    if len(ranked) > count:
        bands = [ranked[at : at + size] for at in range(0, len(ranked), size)]
    for band in bands:
        chance.shuffle(band)
    mixed = [band[at] for at in range(len(ranked)) for band in bands if at < len(band)]
    return [changes[at] for at in sorted(mixed[:count])]


def review(changes: Sequence[Change], reader: Reader, collection: str) -> Iterator[dict[str, Any]]:
    """One labelled-to-be article a line, JSON ready: up to three that a change moves, and up to
    three of the story they go to (of the story they leave, for a split). Each article occurs once.

    `story` is null, to be filled in by whoever reads them; `change` and `side` say why it is here.
    """
    seen: set[str] = set()
    for number, change in enumerate(changes, start=1):
        moved = change.article_ids[:_SHOWN]
        against = change.to_story or change.from_story
        gone = set(change.article_ids)
        members = [
            one.article_id
            for one in reader.members(collection, against)
            if one.article_id not in gone
        ]
        sides = [*((one, "moved") for one in moved), *((one, "other") for one in members[:_SHOWN])]
        for article_id, side in sides:
            stored = reader.article(collection, article_id)
            if stored is None or article_id in seen:
                continue
            seen.add(article_id)
            article = stored.article
            published = article.publish_time
            extras: Mapping[str, Any] = {
                "published_at": None if published is None else f"{published:%Y-%m-%dT%H:%M:%SZ}",
                "language": article.language,
                "source": article.source,
                "url": article.url,
            }
            yield {
                "id": article_id,
                "story": None,
                "change": number,
                "side": side,
                "kind": change.kind.value,
                "reason": change.reason,
                "title": article.title,
                "text": article.text,
                **{name: value for name, value in extras.items() if value},
            }
