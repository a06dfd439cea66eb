"""Which of the five real articles on the al-Bab air strikes stands for them, policy by policy."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from itertools import permutations
from pathlib import Path
from shutil import copy

import pytest
from test_seed_story import SIDECARS, read

from storycluster.backends import open_store
from storycluster.domain import Canonical
from storycluster.engine import Engine, Prepared, scheme_of
from storycluster.errors import StoryClusterError
from storycluster.ports import Encoder
from storycluster.settings import Settings

Ended = Callable[[str, tuple[int, ...]], Canonical]
ORDERS = list(permutations(range(5)))[::17]
every_order = pytest.mark.parametrize("order", ORDERS, ids=str)


@pytest.fixture(scope="module")
def ended(
    encoder: Encoder, shared: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Ended]:
    """The canonical, its id cut to three digits, once the five arrived in an order under a policy;
    with what an archivist would note beside the files."""
    folder = tmp_path_factory.mktemp("noted")
    for text in (shared / "seeds").glob("*.txt"):
        copy(text, folder)
        (folder / f"{text.stem}.json").write_text(json.dumps(SIDECARS[text.name[:3]]))
    engines: dict[str, Engine] = {}
    prepared: list[Prepared | StoryClusterError] = []

    def end(policy: str, order: tuple[int, ...]) -> Canonical:
        if policy not in engines:
            settings = Settings(canonical_policy=policy)
            store = open_store("memory:", scheme_of(encoder, settings))
            engines[policy] = Engine(store, encoder, settings=settings)
        engine = engines[policy]
        if not prepared:
            prepared.extend(engine.prepare(read(folder)))
        engine.submit(str(order), [prepared[place] for place in order]).result()
        [story] = engine.list_stories(str(order)).items
        assert story.canonical is not None
        return Canonical(story.canonical.article_id[:3], policy, story.canonical.reason)

    yield end
    for engine in engines.values():
        engine.close()


@every_order
def test_the_earliest_original_is_001(ended: Ended, order: tuple[int, ...]) -> None:
    """Of 001 and 004, the two on their publishers' own sites, it came first."""
    chosen = ended("earliest_original", order)
    assert (chosen.article_id, chosen.reason) == ("001", "original, not a hosted copy; earliest")


@every_order
def test_the_first_received_stays(ended: Ended, order: tuple[int, ...]) -> None:
    """Whatever arrives after it, and whichever stories are merged."""
    chosen = ended("first_received", order)
    assert (chosen.article_id, chosen.reason) == (f"{order[0]:03}", "first received")


@every_order
def test_the_longest_is_000(ended: Ended, order: tuple[int, ...]) -> None:
    """585 words without furniture; the next one, 002, is shorter by more than the margin."""
    chosen = ended("longest", order)
    assert (chosen.article_id, chosen.reason) == ("000", "longest")


@every_order
def test_most_measured_facts_among_originals_has_001(ended: Ended, order: tuple[int, ...]) -> None:
    """Names and leading numbers that two reports share: the longer 001 holds more than 004. Facts
    counted by hand give 004 (seed_gold section 2), which names and numbers alone do not reach."""
    chosen = ended("most_facts", order)
    assert chosen.article_id == "001"
    assert chosen.reason == "original, not a hosted copy; most core facts"


@every_order
def test_the_medoid_is_003_or_one_that_is_hardly_less_central(
    ended: Ended, order: tuple[int, ...]
) -> None:
    """As by the tf-idf of seed_gold; 000 and 001 come within the margin and hold if they stood."""
    chosen = ended("medoid", order)
    assert (chosen.article_id, chosen.reason) in {
        ("003", "most like the others"),
        ("000", "kept: no other is clearly better"),
        ("001", "kept: no other is clearly better"),
    }
