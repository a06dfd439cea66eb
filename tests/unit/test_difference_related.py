"""Independent reports conflict where their figures are for one thing, and nowhere else."""

from __future__ import annotations

import pytest

from storycluster.difference import compare
from storycluster.difference.numbers import agree, contradict, same_kind
from storycluster.difference.opposites import opposed
from storycluster.difference.wording import _heaviest_ascending
from storycluster.document import Document, parse
from storycluster.domain import Article, Difference, DifferenceType
from storycluster.facts import quantities
from storycluster.settings import DifferenceSettings, TextSettings
from storycluster.text import words

T = DifferenceType
ONE = (
    "Flames were seen above the old paper mill in Ostrava at dawn on Monday.",
    "Neighbours had complained of smoke for weeks, and the council had promised a visit.",
)
TWO = (
    "A blaze destroyed the disused factory by the river early in the week, officials wrote.",
    "Helicopters carried water from the lake, and two schools nearby stayed shut all morning.",
)


def document(*sentences: str, title: str = "") -> Document:
    return parse(Article("a", title, "\n\n".join(sentences), language="en"), TextSettings())


def differences(base: Document, other: Document) -> tuple[Difference, ...]:
    return compare(base, other, DifferenceSettings())[0]


def conflicts(one: str, two: str) -> list[tuple[str, str]]:
    found = differences(document(*ONE, one), document(*TWO, two))
    return [(d.base_value, d.other_value) for d in found if d.conflict]


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        (  # the only count of a noun on either side
            "The fire chief called for 100 excavators to clear the yard.",
            "Some 80 diggers were at work there by noon, a resident told reporters.",
            [("100 excavator", "about 80 excavator")],
        ),
        (  # two tolls that are near each other, of two digits
            "Fifty-eight people were killed in the blast, the mayor of the town said.",
            "He spoke of 59 dead and of many more who are still being looked for.",
            [("58 person dead", "59 person dead")],
        ),
        (  # a statistic of each player
            "Novak of the home side scored 16 points in the second half of the match.",
            "Shy Ely of the visitors scored 23 points in the second half of the match.",
            [],
        ),
        (  # a part and the rest
            "About 80 percent of the homes on the island were without power on Friday.",
            "Only 25 percent of the homes on the island had power again on Friday.",
            [],
        ),
        (  # lengths measured another way
            "Rescuers said that the abandoned shaft in the yard was 40 metres deep.",
            "Rescuers said that the abandoned shaft in the yard was 2 metres wide.",
            [],
        ),
        (  # of two cities
            "In Oakland, where 30 people were arrested on Wednesday, shops stayed shut.",
            "In Fresno, where 28 people were arrested on Wednesday, shops were open.",
            [],
        ),
        (  # of one country in two words
            "Turkey had 34 planes in the air over the border on Wednesday night.",
            "A Turkish spokesman listed 36 planes in the air over the border on Wednesday night.",
            [("34 aircraft", "36 aircraft")],
        ),
        (  # two orders of magnitude
            "The firm told 87 million users on Monday that an app had read their data.",
            "The firm told 300,000 users on Monday that an app had read their data.",
            [],
        ),
        (
            "The party won 31 of the 55 seats on the town council in the vote.",
            "It took 32 of 55 places on the town council in the vote.",
            [("31 seat", "32 place")],
        ),
        (  # a 31-year low is the lowest of 30 years as well
            "The pound fell to a 30-year low against the dollar in early trade in London.",
            "The pound plunged to a 31-year low against the dollar in early trade in London.",
            [],
        ),
        (  # what would have been
            "The corporate tax rate for banks falls to 21 percent next year under the bill.",
            "Under the old law the corporate tax rate for banks would have been 26 percent.",
            [],
        ),
        (  # persons and agencies together, persons alone
            "The treasury put 24 officers and spy agencies on its list on Thursday.",
            "The treasury put 19 officers and five firms on its list on Thursday.",
            [],
        ),
        (  # children of two families
            "Ann Novak fled the flooded house by the river with her four children on Sunday.",
            "Petr Zeman carried his five children from the flooded house by the river on Sunday.",
            [],
        ),
        (  # at noon and at the close
            "Shares of the mill were off 5.3 percent on the stock exchange in Prague on Thursday.",
            "The mill lost 4.8 percent on the exchange in Prague on Thursday.",
            [],
        ),
        (  # a question
            "Police found four children in the flooded house by the river on Sunday.",
            '"How do I get five children out of a flooded house by the river?" he asked.',
            [],
        ),
    ],
)
def test_figures_for_one_thing_conflict(
    one: str, two: str, expected: list[tuple[str, str]]
) -> None:
    """What is counted, how near the values are and what stands around decide."""
    assert conflicts(one, two) == expected


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("Robert Berger, 32, fell.", "Robert Berger, 31, fell.", [("32 year", "31 year")]),
        ("Robert Berger, 32, fell.", "The 31-year-old climber Robert Berger fell.",
         [("32 year", "31 year")]),
        ("Robert Berger, 32, fell.", "Anna Berger, 31, fell.", []),
        ("Robert Berger, 32, fell.", "Robert Berger (32) fell.", []),
        ("Robert Berger, 32, fell.", "Robert Berger, 31, fell. Robert Berger, 32, lives.", []),
    ],
)  # fmt: skip
def test_one_person_has_one_age(one: str, two: str, expected: list[tuple[str, str]]) -> None:
    """The first and the last name tell who it is; an age that both give is the right one."""
    assert conflicts(one, two) == expected


def test_sentences_that_tell_one_thing_in_other_words_are_named_last() -> None:
    """They are no conflict, and less important than what only one report has."""
    one = "Florida voters approved a ballot measure on Tuesday that gives former prisoners a vote."
    two = "Florida voters approved an amendment on Tuesday: former prisoners regain the franchise."
    found = differences(document(*ONE, one), document(*TWO, two))
    [told] = [d for d in found if d.type is T.SENTENCE_REWORDED]
    assert (told.base and told.base.text, told.other and told.other.text) == (one, two)
    assert not told.conflict
    assert found[-1] == told


def test_a_quote_that_both_give_is_not_reworded() -> None:
    """Who says it, and how that is put, is no difference of the quote."""
    quote = "“There are no winners in a trade war of this kind, and never were,”"
    found = differences(
        document(*ONE, f"{quote} he said."),
        document(*TWO, f"{quote} the chairman William Zarit wrote in a statement."),
    )
    assert T.SENTENCE_REWORDED not in [d.type for d in found]


@pytest.mark.parametrize(
    ("one", "two", "expected"),
    [
        ("the search and rescue operation had ended", "search and rescue work is ongoing",
         ("ended", "ongoing")),
        ("the search and rescue operation had not ended", "search and rescue work is ongoing",
         None),
        ("the trial has ended", "the strike at the harbour is ongoing", None),
    ],
)  # fmt: skip
def test_words_oppose_each_other_only_of_one_thing(
    one: str, two: str, expected: tuple[str, str] | None
) -> None:
    """Two telling words beside them tell that it is one thing; a negation turns it round."""
    assert opposed(words(one), words(two)) == expected
    swapped = opposed(words(two), words(one))
    assert swapped == (expected[::-1] if expected else None)


@pytest.mark.parametrize(
    ("one", "two", "both_hold"),
    [
        ("about 1.4 million people", "some 1.5 million people", False),
        ("about 40 people", "some 42 people", True),
        ("100 people", "130 people", False),
        ("100 people", "104 people", True),
        ("about 100 people", "92 people", True),
        ("around 25 miles", "about 40 kilometres", True),
    ],
)
def test_how_far_rounding_and_estimates_reach(one: str, two: str, both_hold: bool) -> None:
    """A round number stands for a tenth more or less, an estimate beside an estimate for itself."""
    [q], [r] = quantities(one), quantities(two)
    assert agree(q, r) is agree(r, q) is both_hold
    assert contradict(q, r) is not both_hold


def test_what_the_other_report_has_for_the_most_part_gives_no_detail() -> None:
    """Of a sentence with much in common with one of the other report nothing is called new."""
    one = "The harbour bridge will stay closed to lorries until an inspection ends in March."
    known = "The harbour bridge stays shut to lorries until engineers end an inspection in spring."
    far = "The harbour bridge cost 40 million crowns, paid by a levy on brewers and tanners."
    details = {T.DETAIL_ADDED, T.DETAIL_REMOVED}
    base = document(*ONE, one)
    assert not details & {d.type for d in differences(base, document(*TWO, known))}
    assert T.SENTENCE_ADDED in {d.type for d in differences(base, document(*TWO, far))}


def test_what_is_measured_otherwise_is_of_another_kind() -> None:
    """Depth is no width, and a part of another whole is no other part."""
    kinds = [quantities(text)[0] for text in ("40 metres deep", "12 metres wide", "40 metres")]
    assert not same_kind(kinds[0], kinds[1])
    assert same_kind(kinds[0], kinds[2])
    parts = [quantities(text)[0] for text in ("3 of the 5 seats", "3 of 7 seats")]
    assert not same_kind(*parts)


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("from 21 to 18 seats", "from 18 to 15 seats", [("21", "18"), ("18", "15")]),
        ("from 21 to 18 seats", "from 21 to 19 seats", [("18", "19")]),
        ("nine of the 22 seats and 9 chairs", "ten of the 22 seats and 9 chairs",
         [("nine", "ten")]),
        ("200 seats in May and 300 seats in June", "300 seats in May and 300 seats in June",
         [("200", "300")]),
    ],
)  # fmt: skip
def test_a_figure_that_stands_elsewhere_too_has_changed(
    old: str, new: str, expected: list[tuple[str, str]]
) -> None:
    """The words beside a figure tell which it was before."""
    frame = "The party went {} on the town council after the vote of last week."
    base, other = (document(*ONE, *TWO, frame.format(text)) for text in (old, new))
    found = [d for d in differences(base, other) if d.type is T.NUMBER_CHANGED]
    assert sorted((d.base.text, d.other.text) for d in found if d.base and d.other) == sorted(
        expected
    )


def test_what_moved_is_the_same_from_either_side() -> None:
    """Of two sentences that changed places the one with fewer words moved."""
    there, back = document(*ONE, *TWO), document(ONE[1], ONE[0], *TWO)
    [one], [two] = differences(there, back), differences(back, there)
    assert (one.type, one.base, one.other) == (T.SENTENCE_MOVED, two.other, two.base)


def test_the_heaviest_ascending_positions() -> None:
    """Weights decide, not the count."""
    assert _heaviest_ascending([2, 0, 1], [5, 1, 1]) == {0}
    assert _heaviest_ascending([2, 0, 1], [1, 1, 1]) == {1, 2}
    assert _heaviest_ascending([], []) == set()


def test_a_sentence_may_be_told_again_by_the_second_nearest() -> None:
    """One sentence that two of the other report retell is shown beside both, as no conflict."""
    base = document(*ONE, "Senate leader Okafor set a Monday vote on the repeal of the health law.")
    other = document(
        *TWO,
        "The senate vote on the repeal of the health law may slip to summer, aides warned.",
        "Repeal of the health law would cost hospitals in Vermont dearly, the senate was told.",
    )
    found = [d for d in differences(base, other) if d.type is T.SENTENCE_REWORDED]
    assert len({d.other for d in found}) == 2
    assert not any(d.conflict for d in found)


@pytest.mark.parametrize(
    ("one", "two", "conflict"),
    [
        ("Town spends $4 million on bridge", "Bridge to cost $5 million", True),
        ("Town cuts $15 million", "Bridge loses $7 million", False),
    ],
)
def test_headlines_conflict_in_sums_that_are_near(one: str, two: str, conflict: bool) -> None:
    """Sums far apart are of two things."""
    found = differences(document(*ONE, title=one), document(*TWO, title=two))
    [told] = [d for d in found if d.type is T.HEADLINE_CHANGED]
    assert told.conflict is conflict
