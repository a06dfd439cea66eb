"""Are candidates and measures of a window those of online placing?"""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence

import numpy as np
import pytest
from recluster_inputs import FERRY, MILL, SETTINGS, article, known_of

from storycluster.decision import default_model
from storycluster.domain import Article
from storycluster.engine.index import CollectionIndex
from storycluster.measures import StoryProfile, compare
from storycluster.ports import Encoder
from storycluster.recluster.candidates import Nearest
from storycluster.recluster.pairs import Measuring
from storycluster.recluster.snapshot import Known


def varied(count: int) -> list[Article]:
    """Dated and undated, brief and long, titled or not, of two languages, weeks apart."""
    chance, found = random.Random(4), []
    words = f"{FERRY} {MILL}".split()
    for number in range(count):
        text = " ".join(chance.sample(words, chance.randrange(3, 60)))
        title = " ".join(chance.sample(words, 5)) if number % 3 else ""
        language = ("en", "de", "")[number % 3]
        one = article(f"{number:03}", text, title=title, hours=17.0 * number, language=language)
        found.append(dataclasses.replace(one, publish_time=None) if number % 7 == 6 else one)
    return found


@pytest.fixture(scope="module")
def known(encoder: Encoder) -> list[Known]:
    return known_of(varied(60), encoder)


def test_pairs_are_measured_as_stories_of_one_article(known: Sequence[Known]) -> None:
    """Every value, condition and probability that `measures.compare` gives, alone and as rivals."""
    everybody = [
        np.array([one for one in range(len(known)) if one != number], dtype=np.int64)
        for number in range(len(known))
    ]
    measuring = Measuring([one.profile for one in known])
    measuring.learn(everybody)
    stories = [StoryProfile(one.row.article_id, [one.profile]) for one in known]
    model, conditions = default_model("*"), set()
    for number, others in enumerate(everybody):
        expected = compare(known[number].profile, [stories[other] for other in others.tolist()])
        found = measuring.compared(number, others)
        assert found.conditions == expected.conditions
        conditions |= {name for held in found.conditions for name in held}
        for one, other in (
            (found.values_alone(), expected.values_alone()),
            (found.values_among_rivals(), expected.values_among_rivals()),
        ):
            np.testing.assert_allclose(one, other, atol=2e-4)  # roots of cosines about 0
            likely = [model.probability(measured) for measured in expected.among_rivals()]
        rivals = model.probabilities(found.values_among_rivals(), found.conditions)
        np.testing.assert_allclose(rivals, likely, atol=1e-4)
    assert conditions == {"brief", "undated", "untitled", "distant", "foreign"}


def test_pairs_that_are_asked_for_later_are_learned_then(known: Sequence[Known]) -> None:
    """What was known stays known."""
    measuring = Measuring([one.profile for one in known[:4]])
    some = [np.array(places, dtype=np.int64) for places in ([1], [], [3], [2])]
    measuring.learn(some)
    before = measuring.compared(0, some[0]).values_alone()
    measuring.learn([np.array(places, dtype=np.int64) for places in ([1, 2], [], [], [])])
    assert np.array_equal(measuring.compared(0, np.array([1, 2])).values_alone()[:1], before)
    assert measuring.compared(2, np.array([0, 3])).found.shape == (2, 7, 3)


@pytest.mark.parametrize("most", [1_000, 5])
def test_candidates_are_those_of_the_index(known: Sequence[Known], most: int) -> None:
    """By terms that weigh anything, in reach and beyond, and by meaning; also where a term has more
    than its newest articles."""
    limits = dataclasses.replace(
        SETTINGS.candidates, sparse=6, dense=4, distant=2, index_terms=12, max_postings=most
    )
    index = CollectionIndex(
        len(known[0].profile.embedding), dataclasses.replace(SETTINGS, candidates=limits)
    )
    for one in known:
        index.add(one.row, known=one.profile)
    order = np.array([one.row.sequence for one in known], dtype=np.int64)
    near = Nearest([one.profile for one in known], order, limits)
    for number, (one, found) in enumerate(zip(known, near, strict=True)):
        by_terms = [pair for pair in index.nearest_by_terms(one.profile) if pair[1] > 0.0]
        expected = [*by_terms, *index.nearest_by_meaning(one.profile)]
        places = {sequence - 1 for sequence, _ in expected} - {number}
        assert set(found.tolist()) == places


def test_a_text_without_a_vector_is_nobodys_neighbour(known: Sequence[Known]) -> None:
    """Neither by meaning nor, where it has no terms, by terms."""
    blank = dataclasses.replace(
        known[0].profile, embedding=np.zeros_like(known[0].profile.embedding)
    )
    order = np.arange(2)
    limits = dataclasses.replace(SETTINGS.candidates, sparse=0, distant=0)
    found = list(Nearest([blank, known[1].profile], order, limits))
    assert [one.tolist() for one in found] == [[], []]
