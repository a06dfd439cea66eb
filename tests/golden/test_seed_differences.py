"""The five real articles, pairwise: what must and what must not be told."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from itertools import permutations
from pathlib import Path

import pytest

from storycluster.difference import compare
from storycluster.document import Document, parse
from storycluster.domain import Article, Difference
from storycluster.ports import Encoder
from storycluster.settings import Settings

SHARED = Path(os.environ.get("STORYCLUSTER_SHARED", Path(__file__).resolve().parents[3] / "shared"))
FILES = {path.name[:3]: path for path in sorted((SHARED / "seeds").glob("*.txt"))}
pytestmark = pytest.mark.skipif(
    len(FILES) < 5, reason=f"the five articles are not in {SHARED}/seeds"
)
SETTINGS = Settings()
TIMES = {
    "001": datetime(2017, 1, 18, 15, 39, tzinfo=UTC),
    "002": datetime(2017, 1, 18, tzinfo=UTC),
    "003": datetime(2017, 1, 18, tzinfo=UTC),
    "004": datetime(2017, 1, 19, tzinfo=UTC),
}
# Against 001: who confirmed (X1).
CONFLICTS = {
    ("001", "002", "attribution_changed"),
    ("001", "003", "attribution_changed"),
}
ADDED = [
    ("000", "16 soldiers in a suicide bombing"),
    ("000", "US-led coalition jets also struck"),
    ("000", "Dubbed Operation Euphrates Shield"),
    ("002", '"36 targets"'),
    ("002", "extradite US-based Turkish opposition cleric"),
    ("003", "military confirmed that the two nations' warplanes"),
    ("004", "it signed a memorandum"),
    ("004", "in September 2015"),
]


def document(name: str) -> Document:
    return parse(Article(name, text=FILES[name].read_text(encoding="utf-8")), SETTINGS.text)


def told(base: str, other: str, encoder: Encoder) -> tuple[Difference, ...]:
    one, two = document(base), document(other)
    vectors = [
        encoder.encode([d.sentence_text(i) for i in range(len(d.sentences))]) for d in (one, two)
    ]
    return compare(
        one,
        two,
        SETTINGS.difference,
        base_vectors=vectors[0],
        other_vectors=vectors[1],
        base_time=TIMES.get(base),
        other_time=TIMES.get(other),
    )[0]


def test_only_true_conflicts_are_told(encoder: Encoder) -> None:
    """Of all twenty ordered pairs, the only conflicts are X1, both ways round:
    what the articles say in other words (X6 to X18) is none."""
    found = {
        (a, b, d.type.value) for a, b in permutations(sorted(FILES), 2)
        for d in told(a, b, encoder) if d.conflict
    }  # fmt: skip
    allowed = CONFLICTS | {(b, a, kind) for a, b, kind in CONFLICTS}
    allowed |= {("000", "001", "attribution_changed"), ("001", "000", "attribution_changed")}
    assert found >= CONFLICTS
    assert found <= allowed


def test_one_sentence_in_two_translations_is_a_changed_quote(encoder: Encoder) -> None:
    """X5 is told, without a claim that the two cannot both hold."""
    found = [d for d in told("001", "004", encoder) if d.type == "quote_changed"]
    assert [(d.other.text if d.other else "", d.conflict) for d in found] == [
        ("showed high effectiveness.", False)
    ]


@pytest.mark.parametrize(("name", "span"), ADDED)
def test_what_the_canonical_lacks_is_told(name: str, span: str, encoder: Encoder) -> None:
    """A fact that article 001 does not have is an added sentence or detail."""
    kinds = ("sentence_added", "detail_added")
    added = [d.other.text for d in told("001", name, encoder) if d.type in kinds and d.other]
    assert any(span in text for text in added)


def test_no_span_touches_furniture(encoder: Encoder) -> None:
    """Every span is exact and lies outside of the page furniture of its article."""
    for a, b in permutations(sorted(FILES), 2):
        for difference in told(a, b, encoder):
            for span, name in ((difference.base, a), (difference.other, b)):
                if span is None:
                    continue
                found = document(name)
                assert found.text[span.start : span.end] == span.text
                assert not any(s < span.end and span.start < e for s, e, _ in found.furniture)


def test_an_article_does_not_differ_from_itself(encoder: Encoder) -> None:
    """None of the five differs from itself."""
    assert [told(name, name, encoder) for name in FILES] == [()] * len(FILES)
