"""canonical: ordered rules with a stated reason."""

from __future__ import annotations

import dataclasses
import itertools
from collections.abc import Sequence
from datetime import UTC, datetime
from random import Random

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.canonical import PINNED, POLICIES, CanonicalCandidate, choose_canonical
from storycluster.domain import TimePrecision
from storycluster.engine.entry import Entry, profile
from storycluster.engine.standing import (
    canonical_candidates,
    centralities,
    core_facts,
    source_ranks,
)
from storycluster.errors import InvalidInput
from storycluster.features import VIEWS, Features, Terms
from storycluster.weighting import DocumentFrequencies


def candidate(article_id: str, **given: object) -> CanonicalCandidate:
    plain = CanonicalCandidate(
        article_id=article_id,
        sequence=1,
        hosted=False,
        titled=True,
        publish_time=datetime(2017, 1, 18, 12, tzinfo=UTC),
        publish_precision=TimePrecision.EXACT,
        prose_words=300,
    )
    return dataclasses.replace(plain, **given)  # type: ignore[arg-type]


FIVE = [  # seed_gold section 3 as metadata
    candidate("000", hosted=True, titled=False, publish_time=None),
    candidate("001", publish_time=datetime(2017, 1, 18, 15, 39, tzinfo=UTC)),
    candidate("002", hosted=True, publish_precision=TimePrecision.DAY),
    candidate("003", hosted=True, publish_precision=TimePrecision.DAY),
    candidate(
        "004",
        publish_time=datetime(2017, 1, 19, tzinfo=UTC),
        publish_precision=TimePrecision.DAY,
    ),
]


@pytest.mark.parametrize("order", list(itertools.permutations(FIVE)))
def test_the_earliest_original_stands_for_the_story(
    order: tuple[CanonicalCandidate, ...],
) -> None:
    """Whatever the order, 001 is chosen, and the deciding rules are told."""
    chosen = choose_canonical(order)
    assert chosen.article_id == "001"
    assert chosen.reason == "original, not a hosted copy; earliest"


def test_a_bare_day_does_not_precede_a_time_on_that_day() -> None:
    """A day without a time leaves both; the longer one then decides."""
    timed = candidate("b", prose_words=200)
    bare = candidate("a", prose_words=100, publish_precision=TimePrecision.DAY)
    assert choose_canonical([bare, timed]).article_id == "b"


def test_an_unknown_time_never_wins() -> None:
    """An undated article loses to a dated one, however long."""
    undated = candidate("a", publish_time=None, prose_words=9000)
    assert choose_canonical([undated, candidate("b")]).article_id == "b"


def test_a_rule_that_would_leave_nobody_is_passed_over() -> None:
    """Where all are hosted copies, the earliest of them stands."""
    later = candidate("a", hosted=True, publish_time=datetime(2017, 1, 20, tzinfo=UTC))
    assert choose_canonical([later, candidate("b", hosted=True)]).article_id == "b"


def test_a_single_article_stands_for_itself() -> None:
    """One member needs no rule."""
    assert choose_canonical([candidate("a")]).reason == "only article of the story"


@pytest.mark.parametrize(("policy", "expected"), [("longest", "long"), ("first_received", "first")])
def test_policies(policy: str, expected: str) -> None:
    """Each policy has its own winner."""
    members = [
        candidate("long", prose_words=900, sequence=3),
        candidate("first", sequence=1, publish_time=datetime(2017, 1, 30, tzinfo=UTC)),
        candidate("early", sequence=2, publish_time=datetime(2017, 1, 1, tzinfo=UTC)),
    ]
    assert choose_canonical(members, policy).article_id == expected


def test_an_unknown_policy_is_refused_by_name() -> None:
    """The error names the field and the policies there are."""
    with pytest.raises(InvalidInput, match="canonical_policy: must be one of earliest_original"):
        choose_canonical([candidate("a")], "newest")


HELD = ["longest", "most_facts", "medoid"]
POLICY = st.sampled_from(sorted(POLICIES))


def scored(article_id: str, score: int, **given: object) -> CanonicalCandidate:
    """A candidate with one score in all that the policies go by."""
    scores = {"prose_words": score, "core_facts": score, "centrality": score / 1000}
    return candidate(article_id, **scores, **given)


@st.composite
def stories(draw: st.DrawFn) -> list[CanonicalCandidate]:
    count = draw(st.integers(1, 6))
    return [
        scored(
            f"a{number}",
            draw(st.integers(0, 1000)),
            sequence=number,
            hosted=draw(st.booleans()),
            titled=draw(st.booleans()),
            publish_time=draw(
                st.none() | st.just(FIVE[1].publish_time) | st.just(FIVE[4].publish_time)
            ),
            publish_precision=draw(st.sampled_from([TimePrecision.EXACT, TimePrecision.DAY])),
            rank=draw(st.integers(0, 2)),
            pinned=draw(st.sampled_from([False, False, False, True])),
        )
        for number in range(count)
    ]


def test_most_facts_is_asked_of_originals_first() -> None:
    """A hosted copy with more core facts waits until there is no original."""
    hosted = candidate("a", core_facts=12, hosted=True)
    fuller, other = candidate("b", core_facts=10), candidate("c", core_facts=7)
    chosen = choose_canonical([hosted, other, fuller], "most_facts")
    assert chosen.article_id == "b"
    assert chosen.reason == "original, not a hosted copy; most core facts"
    assert choose_canonical([hosted, candidate("d", hosted=True)], "most_facts").article_id == "a"


def test_core_facts_counted_by_hand_choose_004() -> None:
    """With the counts of seed_gold section 2: 10 of 10, and an original."""
    counts = (9, 9, 10, 7, 10)
    members = [dataclasses.replace(o, core_facts=n) for o, n in zip(FIVE, counts, strict=True)]
    assert choose_canonical(members, "most_facts").article_id == "004"


def test_as_many_facts_leave_the_earliest() -> None:
    """Then the longest, then the lowest id."""
    later = candidate("a", core_facts=9, publish_time=datetime(2017, 1, 20, tzinfo=UTC))
    short, long = candidate("b", core_facts=9), candidate("c", core_facts=9, prose_words=400)
    assert choose_canonical([later, short, long], "most_facts").reason == "earliest; longest"
    assert choose_canonical([later, short], "most_facts").article_id == "b"


def test_the_medoid_is_most_like_the_others() -> None:
    """Equally central ones: the earliest, then the lowest id; copies are not set back."""
    members = [
        candidate("a", centrality=0.41, publish_time=datetime(2017, 1, 20, tzinfo=UTC)),
        candidate("b", centrality=0.41, hosted=True),
        candidate("c", centrality=0.33),
    ]
    chosen = choose_canonical(members, "medoid")
    assert (chosen.article_id, chosen.reason) == ("b", "most like the others; earliest")


def test_the_best_ranked_source_stands_whatever_its_length() -> None:
    """Among articles of one rank the rules of the earliest original decide."""
    unlisted = candidate("a", rank=2, publish_time=datetime(2017, 1, 1, tzinfo=UTC))
    copy, original = candidate("b", hosted=True), candidate("c")
    chosen = choose_canonical([unlisted, copy, original], "source_rank")
    assert chosen.article_id == "c"
    assert chosen.reason == "best ranked source; original, not a hosted copy"


@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_a_pin_beats_every_rule(policy: str) -> None:
    """Also the present canonical, and with nothing else to choose from."""
    pinned = scored("z", 1, hosted=True, publish_time=None, sequence=9, rank=9, pinned=True)
    chosen = choose_canonical([*FIVE, pinned], policy, present="001", margin=0.05)
    assert (chosen.article_id, chosen.policy) == ("z", PINNED)
    assert chosen.reason == "pinned by an editor"
    assert choose_canonical([pinned], policy) == chosen


def test_of_two_pins_the_rules_choose() -> None:
    """Both were pinned before their stories were merged."""
    pins = [candidate("a", pinned=True), candidate("b", pinned=True, prose_words=400)]
    chosen = choose_canonical([*pins, candidate("c", prose_words=900)], "longest")
    assert (chosen.article_id, chosen.reason) == ("b", "pinned by an editor; longest")


@pytest.mark.parametrize("policy", HELD)
def test_the_present_one_holds_until_another_is_clearly_better(policy: str) -> None:
    """Of 200 words, facts or thousandths, 210 are no clear gain at a margin of .05; 211 are."""
    present = scored("z", 200)
    kept = choose_canonical([present, scored("a", 210)], policy, present="z", margin=0.05)
    assert (kept.article_id, kept.reason) == ("z", "kept: no other is clearly better")
    moved = choose_canonical([present, scored("a", 211)], policy, present="z", margin=0.05)
    assert moved.article_id == "a"
    assert moved.reason in ("longest", "most core facts", "most like the others")


@pytest.mark.parametrize("policy", HELD)
def test_a_tie_does_not_move_it(policy: str) -> None:
    """An equal one of a lower id, and earlier, is not clearly better, with no margin at all."""
    earlier = scored("a", 200, publish_time=datetime(2017, 1, 1, tzinfo=UTC))
    assert choose_canonical([scored("z", 200), earlier], policy, present="z").article_id == "z"


@pytest.mark.parametrize("policy", HELD)
def test_one_that_is_still_the_best_needs_no_holding(policy: str) -> None:
    """The reason is the rule, as if it were chosen for the first time."""
    members = [scored("z", 300), scored("a", 200)]
    again = choose_canonical(members, policy, present="z", margin=0.05)
    assert again == choose_canonical(members, policy)


@pytest.mark.parametrize("policy", HELD)
def test_one_that_left_holds_nothing(policy: str) -> None:
    """The best of those that are there stands."""
    members = [scored("a", 210), scored("b", 200)]
    assert choose_canonical(members, policy, present="z", margin=0.05).article_id == "a"


def test_a_hosted_copy_does_not_hold_against_an_original() -> None:
    """Under most_facts the rule before the score decides, margin or not."""
    hosted, original = scored("a", 300, hosted=True), scored("b", 100)
    chosen = choose_canonical([hosted, original], "most_facts", present="a", margin=0.05)
    assert (chosen.article_id, chosen.reason) == ("b", "original, not a hosted copy")


@pytest.mark.parametrize("policy", sorted(set(POLICIES) - set(HELD)))
def test_the_other_policies_hold_nothing(policy: str) -> None:
    """Which one stood before has no say."""
    for present in ("", "000", "004"):
        assert choose_canonical(FIVE, policy, present=present, margin=0.05) == choose_canonical(
            FIVE, policy
        )


@given(stories(), POLICY, st.integers(0, 5), st.randoms(use_true_random=False))
def test_one_candidate_is_chosen_whatever_their_order(
    members: list[CanonicalCandidate], policy: str, place: int, random: Random
) -> None:
    """Always one of them, with a reason; a pinned one where there is one."""
    present = f"a{place}"
    chosen = choose_canonical(members, policy, present=present, margin=0.05)
    assert [one.article_id for one in members].count(chosen.article_id) == 1
    assert chosen.reason
    pins = {one.article_id for one in members if one.pinned}
    assert not pins or chosen.article_id in pins
    mixed = random.sample(members, len(members))
    assert choose_canonical(mixed, policy, present=present, margin=0.05) == chosen


@given(stories(), POLICY, st.integers(0, 5))
def test_the_chosen_one_is_chosen_again(
    members: list[CanonicalCandidate], policy: str, place: int
) -> None:
    """Where nobody arrives and nobody leaves, nothing moves."""
    chosen = choose_canonical(members, policy, present=f"a{place}", margin=0.05)
    again = choose_canonical(members, policy, present=chosen.article_id, margin=0.05)
    assert again.article_id == chosen.article_id


@given(stories(), st.sampled_from(HELD), st.integers(0, 1000), st.booleans())
def test_an_arrival_that_is_not_clearly_better_does_not_move_it(
    members: list[CanonicalCandidate], policy: str, score: int, hosted: bool
) -> None:
    """Neither under a lower id nor earlier; under most_facts, as little of an original."""
    free = [dataclasses.replace(one, pinned=False) for one in members]
    chosen = choose_canonical(free, policy, margin=0.05)
    [stands] = [one for one in free if one.article_id == chosen.article_id]
    arrival = scored(
        "a",
        min(score, stands.prose_words + stands.prose_words // 20),
        hosted=hosted or stands.hosted,
        publish_time=datetime(2017, 1, 1, tzinfo=UTC),
    )
    after = choose_canonical([*free, arrival], policy, present=chosen.article_id, margin=0.05)
    assert after.article_id == chosen.article_id


# -- what the engine counts for the rules ------------------------------------------------------

NOTHING = Terms.of([])
FREQUENCIES = DocumentFrequencies(90.0)


def entry(
    article_id: str,
    body: str = "",
    names: str = "",
    numbers: str = "",
    *,
    group: str = "",
    source: str = "",
    embedding: Sequence[float] = (0.0, 0.0),
) -> Entry:
    """An article of these words, names and numbers."""
    views = dict.fromkeys(VIEWS, NOTHING)
    views |= {"body": Terms.of(body.split()), "names": Terms.of(names.split())}
    views["numbers"] = Terms.of(numbers.split())
    empty = np.zeros(0, dtype=np.uint32)
    vector = np.array(embedding, dtype=np.float32)
    features = Features(signature=empty, shingles=empty, embedding=vector, views=views)
    return Entry(
        sequence=1,
        first_sequence=1,
        article_id=article_id,
        story_id="s",
        reprint_group=group or article_id,
        source=source,
        day=None,
        publish_time=None,
        ingest_time=datetime(2017, 1, 18, tzinfo=UTC),
        first_publish_time=None,
        first_publish_precision=TimePrecision.UNKNOWN,
        profile=profile(features, None, FREQUENCIES, brief_words=60),
        shingles=empty,
        titled=True,
        hosted=False,
        prose_words=len(body.split()),
    )


def test_a_fact_is_core_where_two_reprint_groups_state_it() -> None:
    """Names and numbers count once an article; copies of one text are one voice."""
    members = [
        entry("a", names="Rudskoi Rudskoi Aleppo Dekker", numbers="9 8 49"),
        entry("b", names="Dekker", numbers="49", group="a"),
        entry("c", names="Rudskoi Aleppo", numbers="9 40"),
        entry("d", names="Assad"),
    ]
    assert core_facts(members) == [3, 0, 3, 0]


def test_a_number_is_no_name() -> None:
    """A name that is written as a number elsewhere states nothing that the number does."""
    assert core_facts([entry("a", names="1984"), entry("b", numbers="1984")]) == [0, 0]


def test_alone_nothing_is_core_or_central() -> None:
    """One article, or one text and its copies: no other reprint group says anything."""
    members = [entry("a", "ferry sank", "Vell", "140"), entry("b", "ferry sank", group="a")]
    assert core_facts(members[:1]) == [0]
    assert core_facts(members) == [0, 0]
    assert centralities(members) == [0.0, 0.0]


def test_centrality_is_the_mean_similarity_to_the_other_groups() -> None:
    """Half the body, half the embedding; three copies have one vote, and none for each other."""
    along, across = (1.0, 0.0), (0.0, 1.0)
    members = [
        entry("a", "ferry sank", embedding=along),
        entry("b", "ferry sank", embedding=along),
        *(entry(f"c{n}", "storm", group="c", embedding=across) for n in range(3)),
    ]
    assert centralities(members) == [0.5, 0.5, 0.0, 0.0, 0.0]
    members[4] = entry("c2", "ferry sank", group="c", embedding=across)
    assert centralities(members) == [0.583333, 0.583333, 0.0, 0.0, 0.5]


def test_opposite_embeddings_are_as_unlike_as_unrelated_ones() -> None:
    """Centrality is not below 0, so that a share of it is a margin."""
    members = [entry("a", "x", embedding=(1.0, 0.0)), entry("b", "y", embedding=(-1.0, 0.0))]
    assert centralities(members) == [0.0, 0.0]


def test_sources_are_ranked_capitals_aside() -> None:
    """The first mention in the list counts; what is not listed comes last."""
    members = [entry(str(n), source=name) for n, name in enumerate((" upi", "Blog", "", "Reuters"))]
    assert source_ranks(members, ("Reuters", "UPI", "reuters")) == [1, 3, 3, 0]
    assert source_ranks(members, ()) == [0, 0, 0, 0]


@pytest.mark.parametrize("policy", sorted(POLICIES))
def test_only_what_the_policy_asks_is_counted(policy: str) -> None:
    """The other numbers stay 0; the order is that of the members."""
    members = [
        entry("b", "ferry sank", "Vell", source="UPI"),
        entry("a", "ferry sank", "Vell", source="Blog"),
    ]
    found = canonical_candidates(members, policy, ("UPI",))
    assert [one.article_id for one in found] == ["b", "a"]
    wanted = {"most_facts": (1, 0.0, 0), "medoid": (0, 0.5, 0), "source_rank": (0, 0.0, 1)}
    last = found[1]
    assert (last.core_facts, last.centrality, last.rank) == wanted.get(policy, (0, 0.0, 0))
