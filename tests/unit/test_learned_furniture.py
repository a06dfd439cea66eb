"""Which recurring lines are learned, of which source, and when are they forgotten?"""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from storycluster.features import Features, Terms, UInt32
from storycluster.furniture import Line
from storycluster.learned_furniture import (
    LineCounts,
    line_hash,
    outlet_name,
    outlet_of,
    recurs_maybe,
)
from storycluster.settings import FurnitureSettings

SETTINGS = FurnitureSettings(window=10, articles=4, stories=3)
FOOTER, QUOTE = 7, 9


def lines(*hashes: int) -> UInt32:
    return np.array(sorted(hashes), dtype=np.uint32)


def line(text: str) -> Line:
    return Line.of(text, 0, len(text))


def features(
    held: tuple[int, ...], *, home: int, outlet: int = 1, topic: str = "", body: str = ""
) -> Features:
    """Those of an article with these lines; `topic` and `body` are words."""
    empty = Terms.of([])
    return Features(
        signature=lines(),
        shingles=lines(),
        embedding=np.zeros(0, dtype=np.float32),
        views={"body": Terms.of(f"{topic} {body}".split())} | dict.fromkeys(("title",), empty),
        lines=lines(*held),
        topic=Terms.of(topic.split()).ids,
        outlet=outlet,
        home=home,
    )


def counted(articles: list[tuple[int, tuple[int, ...]]], outlet: int = 1) -> LineCounts:
    """After these articles of one outlet, each (story, lines)."""
    made = LineCounts(SETTINGS)
    for number, (home, held) in enumerate(articles):
        made.count(f"a{number}", features(held, home=home, outlet=outlet))
    return made


def test_a_line_is_learned_with_the_fourth_article() -> None:
    """Three articles are not enough, the fourth teaches it."""
    stories = [(home, (FOOTER, 100 + home)) for home in range(4)]
    assert counted(stories[:3]).learned(1) == frozenset()
    assert counted(stories).learned(1) == {FOOTER}


def test_a_line_of_one_story_is_not_learned() -> None:
    """However many articles of two stories repeat a quote, it stays part of them."""
    assert counted([(home % 2, (QUOTE,)) for home in range(9)]).learned(1) == frozenset()


@pytest.mark.parametrize(("shared", "learned"), [("", {FOOTER}), ("ferry", frozenset())])
def test_unrelated_articles_of_one_story_teach_and_reports_of_one_event_do_not(
    shared: str, learned: frozenset[int]
) -> None:
    """A line that brought articles into one story is learned where their headlines have nothing to
    do with each other's texts."""
    made = LineCounts(SETTINGS)
    for number, topic in enumerate(("budget taxes", "volcano ashes", "whale krill", "strike")):
        told = f"{topic} {shared}"
        made.count(f"a{number}", features((FOOTER,), home=1, topic=told, body="guild printed"))
    assert made.learned(1) == learned


def test_outlets_learn_apart() -> None:
    """What one source repeats says nothing about another."""
    made = counted([(home, (FOOTER,)) for home in range(5)])
    made.count("other", features((FOOTER,), home=9, outlet=2))
    assert (made.learned(1), made.learned(2)) == ({FOOTER}, frozenset())


def test_a_line_that_went_out_of_use_is_forgotten() -> None:
    """Once fewer than four articles of the window hold it, it is no furniture any more."""
    articles = [(home, (FOOTER,)) for home in range(5)]
    later = [(home, (1000 + home,)) for home in range(5, 11)]
    assert counted(articles + later).learned(1) == {FOOTER}
    assert counted([*articles, *later, (99, (2000,))]).learned(1) == frozenset()


def test_an_unknown_outlet_is_not_counted() -> None:
    """Articles of no known source teach nothing."""
    assert counted([(home, (FOOTER,)) for home in range(9)], outlet=0).learned(0) == frozenset()


def test_learning_can_be_switched_off() -> None:
    """Switched off, nothing counts as learned, whatever was counted."""
    made = LineCounts(FurnitureSettings(learned=False))
    for home in range(9):
        made.count(f"a{home}", features((FOOTER,), home=home))
    assert made.learned(1) == frozenset()
    assert made.listed() == []


def test_the_list_has_the_most_frequent_first_with_the_newest_holder_first() -> None:
    """Each learned line comes with its count, and holders lead to an example."""
    made = counted([(home, (FOOTER, QUOTE) if home else (FOOTER,)) for home in range(6)])
    listed = made.listed()
    assert [(one.line, one.articles) for one in listed] == [(FOOTER, 6), (QUOTE, 5)]
    assert made.holders(listed[1]) == ["a5", "a4", "a3", "a2", "a1"]
    assert made.listed(2) == []


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.sets(st.integers(0, 5), max_size=4).map(tuple)),
        max_size=40,
    )
)
def test_counting_step_by_step_agrees_with_the_definition(
    articles: list[tuple[int, tuple[int, ...]]],
) -> None:
    """The learned lines are those of at least four articles of at least three stories among the
    last ten that have lines."""
    window = [one for one in articles if one[1]][-SETTINGS.window :]
    expected = {
        hashed
        for hashed in range(6)
        if sum(hashed in held for _, held in window) >= SETTINGS.articles
        and len({home for home, held in window if hashed in held}) >= SETTINGS.stories
    }
    assert counted(articles).learned(1) == expected


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Posted 3 hours ago", "POSTED 14 hours ago", True),
        ("Slideshow (2 Images)", "Slideshow (31 Images)", True),
        ("The index fell by 3.1 points.", "The index fell by 2.4 points.", False),
        ("Sign up for the letter.", "Sign up for the  letter.", True),
        ("Sign up for the letter.", "Sign up for the paper.", False),
    ],
)
def test_numbers_count_in_sentences_alone(one: str, other: str, same: bool) -> None:
    """A line that is no sentence recurs with other numbers; a sentence with other numbers is
    another one."""
    assert (line_hash(line(one)) == line_hash(line(other))) is same


def test_very_short_and_very_long_lines_are_not_counted() -> None:
    """A line has at least the least words and four letters, and at most the longest words."""
    assert recurs_maybe(line("USA Weekly"), least=2, longest=40)
    assert not recurs_maybe(line("Weekly"), least=2, longest=40)
    assert not recurs_maybe(line("3 4 a b"), least=2, longest=40)
    assert not recurs_maybe(line("word " * 41), least=2, longest=40)


@pytest.mark.parametrize(
    ("source", "url", "name"),
    [
        (" The Courier ", "https://www.other.example/1", "The Courier"),
        ("", "https://www.courier.example/news/1", "courier.example"),
        ("", "courier", ""),
        ("", "http://[broken", ""),
        ("", "", ""),
    ],
)
def test_an_outlet_is_the_source_or_the_host(source: str, url: str, name: str) -> None:
    """The source as given, else the host of the url, else none; capitals make no difference."""
    assert outlet_name(source, url) == name
    assert bool(outlet_of(source, url)) is bool(name)
    assert outlet_of(source.upper(), url.upper()) == outlet_of(source, url)
