"""Numbers, dates, quotes and names are read with their values and exact places."""

from __future__ import annotations

from datetime import date

import pytest

from storycluster.facts import dates, may_agree, name_key, names, quantities, quotes


def said(text: str, **options: str) -> list[tuple[str, float, str, str]]:
    return [(text[q.start : q.end], q.low, q.unit, q.noun) for q in quantities(text, **options)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("nine boats sank", [("nine", 9, "", "boat")]),
        ("9 boats sank", [("9", 9, "", "boat")]),
        ("twenty-five ships", [("twenty-five", 25, "", "ship")]),
        ("one hundred and five soldiers", [("one hundred and five", 105, "", "soldier")]),
        ("two dozen people fell ill", [("two dozen", 24, "", "person")]),
        ("half a million dollars", [("half a million dollars", 500_000, "usd", "")]),
        ("1,200 houses", [("1,200", 1200, "", "house")]),
        ("$1.2 billion in aid", [("$1.2 billion", 1.2e9, "usd", "")]),
        ("US$5m fine", [("US$5m", 5e6, "usd", "fine")]),
        ("12 per cent of voters", [("12 per cent", 12, "percent", "")]),
        (
            "25 miles (40 kilometres)",
            [("25 miles", 25, "mile", ""), ("40 kilometres", 40, "kilometre", "")],
        ),
        ("the 34-year-old", [("34-year-old", 34, "year", "")]),
        ("a six-year war", [("six-year", 6, "year", "war")]),
        ("paying 5-1/8 pct", [("5-1/8 pct", 5.125, "percent", "")]),
        ("fell about 200m down a gully", [("200m", 200, "metre", "")]),
        ("the 80m-deep well", [("80m", 80, "metre", "depth")]),
        ("at a depth of about 40 metres", [("40 metres", 40, "metre", "depth")]),
        ("12 inches wide", [("12 inches", 12, "inch", "width")]),
        ("a population of 3.5 million in crisis", [("3.5 million", 3_500_000, "", "person")]),
        ("Attendance was put at 42,100.", [("42,100", 42_100, "", "person")]),
        ("a crowd of more than 5,000 watched", [("5,000", 5000, "", "person")]),
        ("100 diggers came", [("100", 100, "", "excavator")]),
        ("some 5m people voted", [("5m", 5_000_000, "", "person")]),
    ],
)
def test_a_quantity_has_value_unit_noun_and_place(
    text: str, expected: list[tuple[str, float, str, str]]
) -> None:
    """Figures and number words give the same value, with the unit and what is counted."""
    assert said(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Su-34 bombers flew",
        "COVID-19 spread",
        "Flight 370 crashed",
        "at 2:49 PM",
        "on January 23, 2017",
        "no one of them came",
        "id 5975a46610",
        "under Section 230",
        "in the 12000 block of East Street",
        "aboard the Chang'e 4 lander",
    ],
)
def test_labels_times_and_dates_are_no_quantities(text: str) -> None:
    """A figure inside a name, a clock time, a label or a date counts nothing."""
    assert quantities(text) == []


def test_a_range_has_two_ends() -> None:
    """ "10-15 people" is one quantity from 10 to 15; "from 10 to 15" is two."""
    assert [(q.low, q.high) for q in quantities("10-15 people came")] == [(10, 15)]
    assert len(quantities("it rose from 10 to 15 percent")) == 2


@pytest.mark.parametrize(
    ("text", "said", "ends"),
    [
        ("$10-12 trillion a year", "$10-12 trillion", (10e12, 12e12)),
        ("10 to 12 million people", "10 to 12 million", (10e6, 12e6)),
        ("between $3 million and $4 million", "$3 million and $4 million", (3e6, 4e6)),
    ],
)
def test_the_scale_of_a_range_is_that_of_both_ends(
    text: str, said: str, ends: tuple[float, float]
) -> None:
    """ "$10-12 trillion" begins at ten trillion."""
    [found] = quantities(text)
    assert (text[found.start : found.end], (found.low, found.high)) == (said, ends)


def test_a_part_knows_its_whole() -> None:
    """ "31 of the 55 seats" counts seats, of 55; "another 21" are others."""
    part, whole = quantities("They won 31 of the 55 seats.")
    assert (part.noun, part.whole, whole.noun, whole.whole) == ("seat", 55, "seat", 0)
    assert quantities("and another 21 states agreed")[0].qualifiers == ("other",)


@pytest.mark.parametrize(
    ("text", "along"),
    [
        ("24 Russian officers and spy agencies", "agency"),
        ("12 people and wounded 30", ""),
        ("12 people and dozens more", ""),
        ("five firms and 19 officers", ""),
    ],
)
def test_a_figure_may_count_two_nouns(text: str, along: str) -> None:
    """ "and" leads to a second noun, to a verb or to a figure of its own."""
    assert quantities(text)[0].along == along


def test_one_side_of_a_measure_is_no_count() -> None:
    """A four-by-four is a car, a 10-by-12-foot room has one size."""
    assert quantities("a four-by-four car and a 10-by-12-foot room") == []


def test_a_state_is_what_befell_those_counted() -> None:
    """Bodies are dead, and so are the murdered."""
    for text in ("Twenty-one bodies were found", "he murdered 58 people"):
        assert [(q.noun, q.state) for q in quantities(text)] == [("person", "dead")]


def test_a_score_is_not_a_range() -> None:
    """ "3-2" without a noun is a score."""
    assert [q.kind for q in quantities("They won 3-2 on Tuesday")] == ["score"]


@pytest.mark.parametrize(
    ("text", "meaning"),
    [
        ("at least 12 people", "at_least"),
        ("more than 12 people", "more_than"),
        ("up to 12 people", "at_most"),
        ("fewer than 12 people", "under"),
        ("about 12 people", "about"),
        ("12 people or more", "exact"),
        ("12 people", "exact"),
    ],
)
def test_how_exact_a_number_is(text: str, meaning: str) -> None:
    """The words before a figure tell how exact it is."""
    assert quantities(text)[0].approximate == meaning


def test_a_shared_noun_goes_to_both_numbers() -> None:
    """ "nine Russian and eight Turkish jets" counts aircraft twice, of two kinds."""
    found = quantities("nine Russian and eight Turkish jets took part")
    assert [(q.low, q.noun, q.qualifiers) for q in found] == [
        (9, "aircraft", ("russian",)),
        (8, "aircraft", ("turkish",)),
    ]


def test_lives_that_were_lost_are_dead_people() -> None:
    """ "four lives were lost" counts the same as "four people died"."""
    [lost] = quantities("four lives were lost in the storm")
    assert (lost.low, lost.noun, lost.state) == (4, "person", "dead")


def test_dead_and_injured_are_kept_apart() -> None:
    """The state next to a figure belongs to it."""
    found = quantities("12 people were killed and 30 wounded")
    assert [(q.low, q.state) for q in found] == [(12, "dead"), (30, "injured")]


def test_figures_are_read_in_other_languages() -> None:
    """A German thousands point is no decimal point, and English number words are not read."""
    assert [q.low for q in quantities("1.200 Menschen an die Front", language="de")] == [1200]
    assert quantities("die one man show", language="de") == []
    assert [q.low for q in quantities("共36人死亡", language="zh")] == [36]


@pytest.mark.parametrize(
    ("text", "first", "last"),
    [
        ("on Jan. 12", date(2017, 1, 12), date(2017, 1, 12)),
        ("on 18 January 2017", date(2017, 1, 18), date(2017, 1, 18)),
        ("on 10 Nov 16.", date(2016, 11, 10), date(2016, 11, 10)),
        ("on Wednesday", date(2017, 1, 18), date(2017, 1, 18)),
        ("due on Monday", date(2017, 1, 23), date(2017, 1, 23)),
        ("in December", date(2016, 12, 1), date(2016, 12, 31)),
        ("next week", date(2017, 1, 23), date(2017, 1, 29)),
        ("in August last year", date(2016, 8, 1), date(2016, 8, 31)),
        ("in 2015", date(2015, 1, 1), date(2015, 12, 31)),
        ("2017-01-12", date(2017, 1, 12), date(2017, 1, 12)),
    ],
)
def test_dates_are_resolved_against_the_day_of_publication(
    text: str, first: date, last: date
) -> None:
    """A mention becomes the days it can mean."""
    found = dates(text, anchor=date(2017, 1, 19))
    assert [(d.first, d.last) for d in found] == [(first, last)]


def test_without_an_anchor_a_weekday_stays_unresolved() -> None:
    """What cannot be known is None, and its name is kept."""
    found = dates("on Wednesday and on January 23")
    assert [(d.first, d.value) for d in found] == [(None, "wednesday"), (None, "--01-23")]


def test_a_modal_verb_is_no_month() -> None:
    """ "may 5" and "march" in lower case are no dates, nor is 31 February."""
    assert dates("they may 5 times march on") == []
    assert dates("February 31, 2017") == []


def test_doubt_about_dates_counts_as_agreement() -> None:
    """Next week agrees with the day in it; a weekday agrees with itself a week off."""
    [week] = dates("next week", anchor=date(2017, 1, 18))
    [day] = dates("January 23", anchor=date(2017, 1, 18))
    [other] = dates("January 12", anchor=date(2017, 1, 18))
    [weekday] = dates("Wednesday", anchor=date(2017, 1, 18))
    [later] = dates("Wednesday", anchor=date(2017, 1, 26))
    assert may_agree(week, day)
    assert not may_agree(day, other)
    assert may_agree(weekday, later)


def test_a_quote_has_exact_inner_place_and_speaker() -> None:
    """The span holds what is said, without the marks."""
    text = 'He left. “We will stay until dawn,” Anna Ek said. Ek added: "No more than that."'
    found = [(text[q.start : q.end], q.speaker) for q in quotes(text)]
    assert found == [("We will stay until dawn,", "Anna Ek"), ("No more than that.", "Ek")]


def test_a_quote_left_open_ends_with_its_line() -> None:
    """A quote that goes on in the next paragraph has no closing mark."""
    text = "“We will stay\n“and see,” he said"
    assert [text[q.start : q.end] for q in quotes(text)] == ["We will stay", "and see,"]


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("ISIL", "Daesh"),
        ("Islamic State", "Isis"),
        ("al-Bab", "Al Bab"),
        ("Deir al-Zor", "Dayr az-Zawr"),
        ("Deir Az Zor", "Dayr al-Zawr"),
        ("Lt. Gen. Sergei Rudskoi", "Sergei Rudskoy"),
        ("Türkiye", "Turkey"),
        ("Syria’s", "Syria"),
    ],
)
def test_spellings_of_one_name_share_a_key(one: str, two: str) -> None:
    """Aliases and transliterations meet under one key."""
    assert name_key(one) == name_key(two)


@pytest.mark.parametrize(
    ("one", "two"), [("Iran", "Iraq"), ("Austria", "Australia"), ("Omar", "Amir")]
)
def test_other_names_have_other_keys(one: str, two: str) -> None:
    """Near names of different things stay apart."""
    assert name_key(one) != name_key(two)


def test_names_have_exact_places() -> None:
    """Each span is the name as it stands."""
    text = "Talks in Astana were led by Sergei Rudskoi."
    assert [text[n.start : n.end] for n in names(text)] == ["Astana", "Sergei Rudskoi"]


def test_a_weekday_is_the_same_one_whether_its_date_is_known_or_not() -> None:
    """ "Tuesday" in an undated text may be the Tuesday of a dated one."""
    text = "They met on Tuesday."
    [known], [unknown] = dates(text, anchor=date(2017, 1, 18)), dates(text)
    assert may_agree(known, unknown)
    [other] = dates("They met on Friday.")
    assert not may_agree(known, other)


def test_a_group_of_aliases_goes_before_those_that_ship() -> None:
    """All names of a group have one key: what ships for the first of them, where it has one."""
    own = (("Daesh", "ad-Dawla"), ("Port Authority", "the PA", "Harbour Board"))
    assert len({name_key(name, own) for name in ("ISIL", "Daesh", "ad-Dawla")}) == 1
    assert len({name_key(name, own) for name in own[1]}) == 1
    assert len({name_key(name) for name in own[1]}) == 3
