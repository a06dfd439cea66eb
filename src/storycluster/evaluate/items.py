"""How do labelled articles become what a model learns from and is tested on?

Prepared in order of arrival; the earlier stories to learn from, the later ones to be tested on.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from storycluster.engine.prepare import Prepared, prepare
from storycluster.errors import InvalidInput
from storycluster.evaluate.labelled import Labelled
from storycluster.evaluate.learning import Item
from storycluster.evaluate.stream import arrivals
from storycluster.ports import Encoder
from storycluster.settings import Settings

EARLY_SHARE = 0.6
"""Of the articles, in order of arrival: the stories that begin among them are learned from."""

MOST_EARLY = 0.9
"""Where more of the stories begin that early, the later part would be too small: see `split`."""

LEAST_ARTICLES = 30
LEAST_STORIES = 10
LEAST_IN_A_PART = 3
"""Of labelled articles, of stories with two or more of them, and of such stories in each part: with
fewer, the scores of the later part hang on single stories."""

_BATCH = 32

Streams = Mapping[str, Sequence[Item]]
"""The items of each labelled file in order of arrival, by the name of the file."""


def items_of(
    articles: Sequence[Labelled],
    encoder: Encoder,
    settings: Settings,
    *,
    advance: Callable[[int], None] = lambda _: None,
) -> tuple[list[Item], list[tuple[str, str]]]:
    """The articles prepared, in order of arrival, and (article id, why) of each that is refused.
    `advance` is told how many more are done."""
    ordered = [arrival.labelled for arrival in arrivals(articles)]
    items, refused = [], []
    for start in range(0, len(ordered), _BATCH):
        batch = ordered[start : start + _BATCH]
        found = prepare([one.article for one in batch], encoder, settings)
        for one, prepared in zip(batch, found, strict=True):
            if isinstance(prepared, Prepared):
                items.append(Item(prepared, one.story, one.thread))
            else:
                refused.append((one.article.article_id, prepared.message))
        advance(len(batch))
    return items, refused


def split(items: Sequence[Item]) -> tuple[list[Item], list[Item]]:
    """(early, late): the stories that begin in the first EARLY_SHARE of the articles, and the rest.

    Where most articles have no date, or nearly all stories begin early, the same share of the
    stories by name. Unlabelled articles go with those among which they arrive.
    """
    cut = int(len(items) * EARLY_SHARE)
    early = {item.story for item in items[:cut] if item.story}
    stories = sorted({item.story for item in items if item.story})
    undated = sum(item.prepared.article.publish_time is None for item in items)
    if undated * 2 > len(items) or len(early) > MOST_EARLY * len(stories):
        early = set(stories[: int(len(stories) * EARLY_SHARE)])
    is_early = [
        item.story in early if item.story else place < cut for place, item in enumerate(items)
    ]
    return (
        [item for item, first in zip(items, is_early, strict=True) if first],
        [item for item, first in zip(items, is_early, strict=True) if not first],
    )


def need_enough(streams: Streams) -> None:
    """InvalidInput that says what is needed, where the labels are too few to learn from."""
    labelled = sum(bool(item.story) for items in streams.values() for item in items)
    several = sum(map(_several, streams.values()))
    if labelled < LEAST_ARTICLES or several < LEAST_STORIES:
        raise InvalidInput.of(
            "story",
            f"too few labels: at least {LEAST_ARTICLES} labelled articles and {LEAST_STORIES} "
            f"stories of two or more are needed, found {labelled} and {several}",
        )
    parts = [split(items) for items in streams.values()]
    early, late = (sum(_several(part[side]) for part in parts) for side in (0, 1))
    if min(early, late) < LEAST_IN_A_PART:
        raise InvalidInput.of(
            "story",
            f"of the stories of two or more articles at least {LEAST_IN_A_PART} must begin in the "
            f"first {EARLY_SHARE:.0%} of the articles and {LEAST_IN_A_PART} later, found {early} "
            f"and {late}",
        )


def _several(items: Sequence[Item]) -> int:
    """How many stories have two or more labelled articles."""
    return sum(count > 1 for count in Counter(item.story for item in items if item.story).values())
