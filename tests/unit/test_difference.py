"""What two articles say differently is told by type, with both spans, and nothing else is."""

from __future__ import annotations

import time
from datetime import UTC, datetime

import pytest

from storycluster.difference import comparable, compare
from storycluster.document import Document, parse
from storycluster.domain import Article, Difference, DifferenceType
from storycluster.settings import DifferenceSettings, TextSettings
from storycluster.text import words

T = DifferenceType
BODY = [
    "The harbour bridge in Ostrava Bay was closed on Monday after engineers found deep cracks.",
    "A ferry carrying 120 passengers across the bay was delayed by the queue at the pier.",
    "“We will not reopen the bridge before every pillar has been tested,” Mayor Anna Ek said.",
    "Repairs are expected to cost $4 million and to last until the spring of next year.",
    "Police said 12 people were injured in a crash near the northern ramp on the same day.",
]


def document(*sentences: str, title: str = "Bridge closed in Ostrava Bay") -> Document:
    article = Article("a", title, "\n\n".join(sentences), language="en")
    return parse(article, TextSettings())


def differences(base: Document, other: Document) -> tuple[Difference, ...]:
    day = datetime(2024, 5, 14, tzinfo=UTC)
    return compare(base, other, DifferenceSettings(), base_time=day, other_time=day)[0]


def changed(old: str, new: str) -> list[tuple[str, str, str, bool]]:
    """The typed differences between BODY and BODY with `old` replaced."""
    assert any(old in s for s in BODY)
    base, other = document(*BODY), document(*(s.replace(old, new) for s in BODY))
    return [
        (d.type.value, d.base.text if d.base else "", d.other.text if d.other else "", d.conflict)
        for d in differences(base, other)
    ]


def test_an_article_does_not_differ_from_itself() -> None:
    """Identity has no difference."""
    assert differences(document(*BODY), document(*BODY)) == ()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("12 people", "twelve people"),
        ("$4 million", "$4,000,000"),
        ("will not reopen", "won’t reopen"),
    ],
)
def test_the_same_fact_in_other_words_is_no_conflict(old: str, new: str) -> None:
    """Figures for words, another scale and a contraction change nothing."""
    assert not [d for d in changed(old, new) if d[3]]


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("12 people", "15 people", ("number_changed", "12", "15", True)),
        ("$4 million", "$6 million", ("number_changed", "$4 million", "$6 million", True)),
        ("120", "112", ("number_changed", "120", "112", True)),
        ("Monday", "Tuesday", ("date_changed", "Monday", "Tuesday", True)),
        ("Anna Ek", "Bruno Falk", ("name_changed", "Mayor Anna Ek", "Mayor Bruno Falk", True)),
    ],
)
def test_a_changed_fact_is_told_with_both_values(
    old: str, new: str, expected: tuple[str, str, str, bool]
) -> None:
    """One changed fact in a version is one difference, of its own type."""
    assert changed(old, new) == [expected]


@pytest.mark.parametrize(
    ("sentence", "old", "new"),
    [
        ("The number of closed lanes, then and now, is 16.", "16", "30"),
        ("A ruling was handed down on Friday.", "Friday", "Sunday"),
        ("The mayor then met Bruno Falk for an hour in the town hall.", "Bruno Falk", "Anna Ek"),
    ],
)
def test_a_fact_changed_where_all_else_is_equal_is_told(sentence: str, old: str, new: str) -> None:
    """Also at the end of a sentence, and where the new name stands elsewhere in the article."""
    base = document(*BODY, sentence)
    [found] = differences(base, document(*BODY, sentence.replace(old, new)))
    assert found.conflict
    assert (found.base and found.base.text, found.other and found.other.text) == (old, new)


def test_a_changed_quote_is_told() -> None:
    """Another word inside the quotation marks is a quote_changed."""
    found = changed("before every pillar", "until every cable")
    assert [d[0] for d in found] == ["quote_changed"]


def test_compatible_numbers_are_no_conflict() -> None:
    """At least 100 allows 120; the new figure is told without a conflict."""
    found = changed("120 passengers", "at least 100 passengers")
    assert [(d[0], d[3]) for d in found if d[0] == "number_changed"] == [("number_changed", False)]


def test_a_toll_is_compared_wherever_it_stands() -> None:
    """Two reports that give one death toll each conflict, whatever bound they state."""
    base = document(
        "Flames were seen at dawn.", "At least 12 people died in the Ostrava mill fire."
    )
    other = document("The mill fire in Ostrava killed 19 people, the fire chief told reporters.")
    [toll] = [d for d in differences(base, other) if d.conflict]
    assert (toll.type, toll.base_value, toll.other_value) == (
        T.NUMBER_CHANGED,
        "at_least 12 person dead",
        "19 person dead",
    )


FIRE = (
    "Flames were seen above the old paper mill in Ostrava at dawn on Monday.",
    "Firefighters arrested nobody but asked owners of 33 boats to leave the mill harbour.",
    "Neighbours had complained of smoke for weeks, and the council had promised a visit.",
)
FIRE_RETOLD = (
    "A blaze destroyed the disused Ostrava paper mill early on Monday.",
    "Owners of 13 boats were asked by firefighters to leave the mill harbour, said police.",
    "Helicopters carried water from the river, and two schools nearby stayed shut.",
)


def test_independent_reports_conflict_in_a_figure_for_one_thing() -> None:
    """What stands around two figures says that they count the same, wherever they stand."""
    [found] = [d for d in differences(document(*FIRE), document(*FIRE_RETOLD)) if d.conflict]
    assert (found.base_value, found.other_value) == ("33 boat", "13 boat")


def test_a_figure_that_both_state_is_no_conflict() -> None:
    """Another figure beside it is then for another part of the picture."""
    both = (*FIRE_RETOLD, "By noon all 33 boats had left.")
    assert not [d for d in differences(document(*FIRE), document(*both)) if d.conflict]


def test_rounded_figures_conflict_beyond_their_rounding() -> None:
    """1.4 million is not 1.5 million, and may be 1,420,000."""
    base = "Voters restored the rights of 1.4 million people with felony records in Florida."
    other = "In Florida voters restored rights to {} people with felony records on Tuesday."
    claimed = [
        [d for d in differences(document(base), document(other.format(value))) if d.conflict]
        for value in ("1.5 million", "1,420,000")
    ]
    assert [len(found) for found in claimed] == [1, 0]


def test_what_is_new_in_a_sentence_is_a_detail() -> None:
    """Of independent reports: the clause that tells what the other never mentions."""
    base = document(*FIRE)
    other = document(
        *FIRE_RETOLD[:2],
        "Flames were seen above the mill, and a helicopter of the Moravian rescue service circled.",
    )
    details = [d for d in differences(base, other) if d.type is T.DETAIL_ADDED]
    assert any("Moravian rescue service" in d.other.text for d in details if d.other)


def test_sentences_of_versions_in_other_words_are_aligned() -> None:
    """A sentence of a copy that was rewritten whole is reworded, not removed and added."""
    retold = "Mending the bridge will take until next spring and is going to cost $4 million."
    found = differences(document(*BODY), document(*BODY[:3], retold, BODY[4]))
    assert [d.type for d in found] == [T.SENTENCE_REWORDED]


def test_the_edits_turn_one_wording_into_the_other() -> None:
    """Each edit is a run of words on either side, empty where it has no counterpart."""
    old, new = BODY[4], BODY[4].replace("on the same day", "that very day, too")
    [found] = differences(document(*BODY), document(*BODY[:4], new))
    assert found.base is not None
    assert found.other is not None
    told, at = "", 0
    for edit in found.edits:
        start, end = edit.base_start - found.base.start, edit.base_end - found.base.start
        inserted = new[edit.other_start - found.other.start : edit.other_end - found.other.start]
        told, at = f"{told}{old[at:start]} {inserted}", end
    assert words(told + old[at:]) == words(new)


def test_a_headline_cut_short_is_the_same_headline() -> None:
    """An ellipsis leaves out what the other has."""
    whole = document(*BODY, title="Bridge closed in Ostrava Bay after engineers find cracks")
    cut = document(*BODY, title="Bridge closed in Ostrava Bay after...")
    assert differences(whole, cut) == differences(cut, whole) == ()


def test_added_and_removed_mirror_each_other() -> None:
    """What is added one way is removed the other way."""
    longer = document(*BODY, "Bus line 9 will stop at the old town hall during the works.")
    there = differences(document(*BODY), longer)
    back = differences(longer, document(*BODY))
    assert [d.type for d in there] == [T.SENTENCE_ADDED]
    assert [d.type for d in back] == [T.SENTENCE_REMOVED]
    assert there[0].other == back[0].base


def test_a_moved_sentence_is_one_difference() -> None:
    """One sentence moved to the end moves alone, not the others before it."""
    found = differences(document(*BODY), document(*BODY[1:], BODY[0]))
    assert [d.type for d in found] == [T.SENTENCE_MOVED]
    assert found[0].base is not None
    assert found[0].base.text == BODY[0]


def test_a_sentence_said_twice_does_not_move() -> None:
    """Where what follows is dropped, the two stay in their order."""
    twice = ["We do not have the tapes of that night. We do not have the tapes of that night."]
    found = differences(document(*BODY, *twice, "The end of it."), document(*BODY, *twice))
    assert [d.type for d in found] == [T.SENTENCE_REMOVED]


def test_of_equal_quotes_the_one_in_its_place_changed() -> None:
    """The same quote stands twice; only the first is put in other words."""
    quote = "“We will rebuild the bridge before the winter storms come,” she said on Monday."
    other = quote.replace("winter", "spring")
    again = quote.replace("on Monday", "once more when the council met on Friday")
    base, new = document(quote, *BODY, again), document(other, *BODY, again)
    [found] = [d for d in differences(base, new) if d.type is T.QUOTE_CHANGED]
    assert found.base is not None
    assert found.base.start < len(quote)


def test_a_new_headline_is_told() -> None:
    """Both headlines are in the title field."""
    found = differences(document(*BODY), document(*BODY, title="Cracks close harbour bridge"))
    assert [(d.type, d.base.field if d.base else "") for d in found] == [
        (T.HEADLINE_CHANGED, "title")
    ]


def test_different_counts_of_different_things_are_no_conflict() -> None:
    """Two counts conflict only when the same thing is counted."""
    base = document(
        "Police said 12 people were injured when the ferry hit the northern pier in Ostrava."
    )
    other = document(
        "Police said three people were killed when the ferry hit the northern pier in Ostrava."
    )
    assert not [d for d in differences(base, other) if d.conflict]


def test_other_languages_are_not_compared_with_each_other() -> None:
    """A reason is given where the languages differ."""
    german = parse(Article("b", "", "Die Brücke ist zu.", language="de"), TextSettings())
    assert comparable(document(*BODY), document(*BODY)) == ""
    assert comparable(document(*BODY), german) == "languages differ: en and de"


def test_differences_come_in_order_of_importance() -> None:
    """The order is total: importance, then place."""
    found = differences(document(*BODY), document(*BODY[1:3], BODY[4].replace("12", "19")))
    assert [d.importance for d in found] == sorted((d.importance for d in found), reverse=True)
    assert found[0].type is T.NUMBER_CHANGED


@pytest.mark.slow
def test_very_long_articles_are_compared_in_bounded_time() -> None:
    """Two texts of 50,000 words take seconds, not minutes, also on a busy machine."""
    base = [
        f"Sentence {i} tells that item{i} of row{i % 97} was moved by crew{i % 31} to hall{i % 53} "
        f"while {i % 41} people watched the work at gate{i % 7} and nobody was hurt."
        for i in range(2200)
    ]
    other = [s.replace("moved", "carried") if i % 3 else s for i, s in enumerate(base)]
    one, two = document(*base), document(*other)
    start = time.perf_counter()
    differences(one, two)
    assert time.perf_counter() - start < 60
