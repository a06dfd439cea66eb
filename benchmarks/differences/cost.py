"""How long does a comparison take, beside difflib on the same texts?

Processor time of one process, so that what else runs on the machine matters less.
"""

from __future__ import annotations

import difflib
import re
import time
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from labelled import read

from benchmarks.differences.gold import revisions
from storycluster.difference import compare
from storycluster.domain import Article
from storycluster.engine import compare_articles
from storycluster.engine.prepare import Prepared, prepare
from storycluster.features import Float32
from storycluster.formats import article_of
from storycluster.ports import Encoder
from storycluster.settings import Settings

STORIES = "allsides_stories_dev"
WAYS = ("articles compared", "`compare` alone", "difflib, lines", "difflib, words")
Pair = tuple[Article, Article]
_WORD = re.compile(r"\S+")


def related_pairs() -> list[Pair]:
    """Two reports of one story, each report in at most two pairs."""
    stories: dict[str, list[Article]] = defaultdict(list)
    for row in read(STORIES):
        stories[row.story].append(row.article)
    return [pair for members in stories.values() for pair in pairwise(members)]


def revision_pairs() -> list[Pair]:
    """Two versions of one text."""
    return [(article_of(a), article_of(b)) for a, b in revisions()]


def sized(pairs: Iterable[Pair], words: int) -> Iterator[Pair]:
    """Pairs whose two texts have just so many words: those of successive pairs joined, then cut."""
    texts: tuple[list[str], list[str]] = ([], [])
    counts = [0, 0]
    for pair in pairs:
        for side, article in enumerate(pair):
            texts[side].append(article.text)
            counts[side] += len(article.text.split())
        if min(counts) >= words:
            one, two = (_cut("\n\n".join(side), words) for side in texts)
            yield _with_text(pair[0], one), _with_text(pair[1], two)
            texts, counts = ([], []), [0, 0]


def _cut(text: str, words: int) -> str:
    ends = [match.end() for match in _WORD.finditer(text)]
    return text[: ends[words - 1]]


def _with_text(article: Article, text: str) -> Article:
    return Article(
        article.article_id,
        article.title,
        text,
        language=article.language,
        publish_time=article.publish_time,
        publish_precision=article.publish_precision,
    )


@dataclass(slots=True)
class Times:
    """Milliseconds of each pair, by what was timed."""

    spent: dict[str, list[float]] = field(default_factory=lambda: {way: [] for way in WAYS})

    def quantile(self, way: str, share: float) -> float:
        """The time that so many of the pairs stay within."""
        ordered = sorted(self.spent[way])
        return ordered[min(len(ordered) - 1, int(share * len(ordered)))]


def timed(pairs: Sequence[Pair], encoder: Encoder, *, rounds: int) -> Times:
    """Each pair by each way in turn, the least of some rounds."""
    times = Times()
    for base, other in pairs:
        for way, call in _calls(base, other, encoder).items():
            times.spent[way].append(min(_milliseconds(call) for _ in range(rounds)))
    return times


def _milliseconds(call: Callable[[], object]) -> float:
    began = time.process_time()
    call()
    return 1000.0 * (time.process_time() - began)


def _calls(base: Article, other: Article, encoder: Encoder) -> dict[str, Callable[[], object]]:
    settings = Settings()
    texts = base.text, other.text
    calls = (
        lambda: compare_articles(base, other, encoder=encoder, settings=settings),
        _bare(base, other, encoder, settings),
        lambda: _difflib(*(text.splitlines() for text in texts)),
        lambda: _difflib(*(text.split() for text in texts)),
    )
    return dict(zip(WAYS, calls, strict=True))


def _difflib(one: Sequence[str], two: Sequence[str]) -> list[str]:
    return list(difflib.unified_diff(one, two, lineterm=""))


def _bare(
    base: Article, other: Article, encoder: Encoder, settings: Settings
) -> Callable[[], object]:
    """`compare` of two articles that are parsed and encoded already."""
    one, two = (_prepared(article, encoder, settings) for article in (base, other))
    vectors = [_vectors(side, encoder) for side in (one, two)]
    return lambda: compare(
        one.document,
        two.document,
        settings.difference,
        base_vectors=vectors[0],
        other_vectors=vectors[1],
        base_time=one.article.publish_time,
        other_time=two.article.publish_time,
    )


def _prepared(article: Article, encoder: Encoder, settings: Settings) -> Prepared:
    [one] = prepare([article], encoder, settings)
    assert isinstance(one, Prepared)
    return one


def _vectors(side: Prepared, encoder: Encoder) -> Float32:
    document = side.document
    return encoder.encode([document.sentence_text(i) for i in range(len(document.sentences))])
