"""story_facts: who states which fact of a story, who had it first, and what each article does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from storycluster.difference import comparable, compare
from storycluster.document import parse
from storycluster.domain import Article, Comparison, Member, Relation, TimePrecision
from storycluster.formats import Found, read_paths
from storycluster.grid import Advisory, Fact, FactKind, StoryFacts
from storycluster.settings import DifferenceSettings, TextSettings
from storycluster.story_facts import Group, Report, choose, story_facts
from storycluster.story_facts.advisory import LONGEST
from storycluster.story_facts.ties import same_words

SEEDS = Path(__file__).parents[2] / "seeds/articles.jsonl"
NOON = datetime(2026, 3, 2, 12, tzinfo=UTC)
SETTINGS = DifferenceSettings()

WIRE = (
    "A chemical plant near Lund burned on Monday, killing 12 workers, the fire service said. "
    "About 340 residents were taken to a sports hall.\n\n"
    "“Nobody had a chance to reach the east gate,” said fire chief Karin Holm. "
    "The owner, Varde Chemie, had passed an inspection on January 23.\n\n"
    "The plant lies 25 miles (40 kilometres) from the coast."
)
DAILY = (
    "Fourteen workers died on Monday in a fire at a chemical plant outside Lund, Sweden, the fire "
    "service reported late at night.\n\n"
    "Rescuers took 340 residents to a sports hall. Firefighters found 36 barrels of solvent.\n\n"
    "Forty kilometres of coast road stayed closed, and Prosecutor Nils Berg opened an inquiry."
)
EVENING = (
    "The fire at the chemical plant near Lund destroyed 36 barrels of solvent, Mayor Eva Lind said."
    "\n\nThe owner, Varde Chemie, passed an inspection on Jan. 23, she added."
)


def report(
    article: Article, number: int, base: Report | None = None, *, original: str = ""
) -> Report:
    """An article that arrived as the number-th, compared with `base`."""
    member = Member(
        article.article_id,
        1,
        Relation.SAME_STORY,
        original or article.article_id,
        f"source-{article.article_id}",
        article.title,
        number,
        article.publish_time,
        article.publish_precision,
    )
    document = parse(article, TextSettings())
    if base is None:
        return Report(member, article, document)
    reason = comparable(base.document, document)
    differences, aligned = compare(
        base.document,
        document,
        SETTINGS,
        base_time=base.article.publish_time,
        other_time=article.publish_time,
    )
    if reason:
        differences, aligned = (), ()
    comparison = Comparison("", "", differences, aligned, not_compared=reason)
    return Report(member, article, document, comparison)


def told(*articles: Article, copies: Mapping[str, Sequence[Article]] | None = None) -> StoryFacts:
    """The facts of a story whose canonical comes first; `copies` by the id of their original."""
    groups: list[Group] = []
    for number, article in enumerate(articles, start=1):
        stands = report(article, number, groups[0].report if groups else None)
        its = (copies or {}).get(article.article_id, ())
        of_it = [report(one, 100, stands, original=article.article_id) for one in its]
        groups.append(Group(stands, tuple(of_it)))
    return story_facts("s1", groups, SETTINGS)


def article(
    article_id: str, text: str, *, hours: float | None = 0.0, title: str = "Plant burns near Lund"
) -> Article:
    time = None if hours is None else NOON + timedelta(hours=hours)
    precision = TimePrecision.UNKNOWN if time is None else TimePrecision.EXACT
    return Article(
        article_id, title, text, language="en", publish_time=time, publish_precision=precision
    )


THREE = (
    article("wire", WIRE),
    article("daily", DAILY, hours=9),
    article("evening", EVENING, hours=6),
)


def row(found: StoryFacts, value: str) -> Fact:
    (only,) = [one for one in found.facts if one.value == value]
    return only


def stated(fact: Fact) -> dict[str, str]:
    """{article: as stated there}."""
    return {cell.article_id: cell.span.text for cell in fact.cells}


def line(found: StoryFacts, article_id: str) -> str:
    (only,) = [one.text for one in found.advisories if one.article_id == article_id]
    return only


def test_a_conflict_comes_first_and_has_both_values() -> None:
    """Twelve against fourteen dead is the first row; the cell that contradicts is marked."""
    first = told(*THREE).facts[0]
    assert (first.kind, first.conflict, first.value) == (FactKind.NUMBER, True, "12 worker dead")
    assert [(c.article_id, c.value, c.conflict) for c in first.cells] == [
        ("wire", "12 worker dead", False),
        ("daily", "14 worker dead", True),
    ]


def test_one_number_in_several_articles_is_one_row() -> None:
    """340 residents, "about" or not; 36 barrels, which the canonical lacks."""
    found = told(*THREE)
    assert stated(row(found, "about 340 resident")) == {
        "wire": "340 residents",
        "daily": "340 residents",
    }
    assert stated(row(found, "36 barrel")) == {"daily": "36 barrels", "evening": "36 barrels"}


def test_one_day_in_two_spellings_is_one_row() -> None:
    """January 23 and Jan. 23 of one inspection."""
    assert stated(row(told(*THREE), "2026-01-23")) == {
        "wire": "January 23",
        "evening": "Jan. 23",
    }


def test_an_equal_value_alone_ties_nothing() -> None:
    """40 kilometres from the coast and 40 kilometres of closed road are two facts; the second is
    not told as one that the canonical lacks either."""
    distance = [
        one for one in told(*THREE).facts if "kilometre" in one.value or "mile" in one.value
    ]
    assert [stated(one) for one in distance] == [{"wire": "25 miles"}]


def test_two_counts_of_one_sentence_stay_apart() -> None:
    """At least three dead in one place do not take the row of 20 dead in another."""
    base = article(
        "a", "The storm killed 20 people in Orsa and at least 3 people in Mora on Monday."
    )
    other = article(
        "b",
        "On Monday the storm killed at least 3 people in Mora, and in Orsa it killed 20 people.",
    )
    found = [stated(one) for one in told(base, other).facts if one.kind is FactKind.NUMBER]
    assert found == [
        {"a": "20 people", "b": "20 people"},
        {"a": "3 people"},
    ]


def test_the_parties_are_not_counted() -> None:
    """ "The two countries" is a reference, "two countries" a count."""
    base = article("a", "The two countries signed the treaty. Two countries stayed away from Lund.")
    assert [stated(one) for one in told(base).facts] == [{"a": "Two countries"}]


def test_a_quote_and_its_fragment_are_one_row() -> None:
    """A fragment stands in the row of the whole quote."""
    whole = article(
        "a", "“We will not open the gate before Friday,” said chief Karin Holm of Lund."
    )
    part = article("b", "Holm, the chief, told reporters they “will not open the gate” this week.")
    assert stated(told(whole, part).facts[0]) == {
        "a": "We will not open the gate before Friday,",
        "b": "will not open the gate",
    }


@pytest.mark.parametrize(
    ("other", "same"),
    [
        ("we will not open the gate before friday or saturday", True),
        ("will not open the gate", True),
        ("we will open the gate before friday", False),
        ("we will not open the harbour before friday", False),
        ("not open gates", False),
    ],
)
def test_a_quote_with_a_word_replaced_is_another(other: str, same: bool) -> None:
    """Words may be missing at either side; a "not" that goes, or another word, is another quote."""
    one = ["we", "will", "not", "open", "the", "gate", "before", "friday"]
    assert same_words(one, other.split()) is same
    assert same_words(other.split(), one) is same


def test_a_statement_that_several_make_is_a_row() -> None:
    """The aligned sentences, whole, unless a row of what they are about holds the same articles."""
    base = article("a", "The Varde plant near Lund makes solvents for the paint trade of Sweden.")
    other = article(
        "b", "Solvents for the paint trade of Sweden are made at the Varde plant in Lund."
    )
    (only,) = told(base, other).facts
    assert only.kind is FactKind.STATEMENT
    assert stated(only) == {"a": base.text, "b": other.text}


def test_what_one_article_has_alone_is_told_where_the_canonical_lacks_it() -> None:
    """Numbers, days and quotes; not what the canonical says elsewhere."""
    base = article("a", "A plant near Lund burned on Monday and 36 barrels were lost in the yard.")
    other = article("b", "Engines arrived late. Inspectors had seen 36 barrels and 9 leaks in May.")
    assert [stated(one) for one in told(base, other).facts] == [
        {"a": "36 barrels"},
        {"b": "9 leaks"},
    ]


def test_every_span_is_exact() -> None:
    """A span is the piece of its article, in the title too, spaces at its ends or not."""
    titled = article("wire", WIRE, title="  Plant fire near Lund kills 12  ")
    by_id = {one.article_id: one for one in (titled, *THREE[1:])}
    found = told(*by_id.values())
    assert found.facts
    for cell in (cell for fact in found.facts for cell in fact.cells):
        whole = by_id[cell.article_id]
        given = whole.title if cell.span.field == "title" else whole.text
        assert given[cell.span.start : cell.span.end] == cell.span.text


def test_a_number_of_the_headline_alone_is_a_fact() -> None:
    """What the text does not repeat is found in the title."""
    base = article("a", "The plant near Lund burned down.", title=" Fire kills 12 near Lund")
    (cell,) = told(base).facts[0].cells
    assert (cell.span.field, cell.span.text, cell.span.start) == ("title", "12", 12)


def test_the_timeline_begins_with_who_was_first() -> None:
    """By publish time; a later article is first for what the earlier ones lack."""
    found = told(*THREE)
    first = {found.facts[one.fact].value: one.article_id for one in found.timeline}
    assert first["about 340 resident"] == "wire"
    assert first["36 barrel"] == "evening"
    times = [one.publish_time for one in found.timeline]
    assert times == sorted(times)
    assert sorted(one.fact for one in found.timeline) == list(range(len(found.facts)))


def test_an_unknown_time_is_last_and_a_bare_day_ends_with_it() -> None:
    """A bare day is not earlier than a time on that day; no time at all is last, then arrival."""
    day = replace(THREE[1], publish_time=NOON, publish_precision=TimePrecision.DAY)
    none = replace(THREE[2], publish_time=None, publish_precision=TimePrecision.UNKNOWN)
    late = replace(THREE[0], publish_time=NOON.replace(hour=23))
    found = told(late, day, none)
    first = {found.facts[one.fact].value: one.article_id for one in found.timeline}
    assert first["about 340 resident"] == "wire"
    assert first["36 barrel"] == "daily"


def test_an_advisory_is_what_the_differences_say() -> None:
    """The conflict first, then what is added and omitted, in the words of the texts."""
    found = told(*THREE)
    daily = line(found, "daily")
    assert daily.startswith("Gives fourteen dead for 12; adds 36 barrels, ")
    assert "Nils Berg" in daily
    assert "about 340" not in daily
    assert [one.article_id for one in found.advisories] == ["daily", "evening"]


def test_an_advisory_fits_on_its_line_and_ends_with_a_whole_item() -> None:
    """At most 120 characters, whatever is added."""
    names = [f"Commissioner Bartholomew {name}berg" for name in ("Gold", "Silver", "Iron", "Lead")]
    other = article("b", " ".join(f"{name} resigned over the smoke report." for name in names))
    said = line(told(THREE[0], other), "b")
    assert len(said) <= LONGEST
    assert all(item in names for item in said.removeprefix("Adds ").partition(";")[0].split(", "))


@pytest.mark.parametrize(
    ("copy", "expected"),
    [
        (article("copy", WIRE), "Copy of wire"),
        (
            article("copy", f"{WIRE}\n\nAdvertisement\n\nSign up for our newsletter"),
            "Copy of wire; only the frame differs",
        ),
        (article("copy", WIRE, title="Blaze at Lund"), "Copy of wire; another headline"),
        (
            article("copy", WIRE.replace("killing 12", "killing 15")),
            "Copy of wire; gives 15 dead for 12",
        ),
        (
            article("copy", WIRE.rpartition("\n\n")[0] + "\n\nThe mayor will visit on Friday."),
            "Copy of wire; cuts 1 sentence, adds 1",
        ),
    ],
)
def test_a_copy_is_told_by_what_it_does_to_its_original(copy: Article, expected: str) -> None:
    """Nothing, another frame or headline, another figure, sentences cut and added."""
    found = told(*THREE, copies={"wire": [copy]})
    assert line(found, "copy") == expected
    assert all(c.article_id != "copy" for fact in found.facts for c in fact.cells)


def test_the_copies_of_a_group_are_counted() -> None:
    """Sentences cut and added, and conflicts, under the article that stands for the group."""
    text = WIRE.rpartition("\n\n")[0].replace("killing 12", "killing 15")
    found = told(*THREE, copies={"wire": [article("copy", text)]})
    first, *others = found.reprint_groups
    (copy,) = first.copies
    assert (first.article_id, copy.article_id) == ("wire", "copy")
    assert (copy.removed, copy.added, copy.conflicts) == (1, 0, 1)
    assert [(one.article_id, one.copies) for one in others] == [("daily", ()), ("evening", ())]


def test_another_language_is_listed_as_not_compared() -> None:
    """It has no cell, and its advisory says why."""
    spanish = replace(article("es", "Doce obreros murieron el lunes en Lund."), language="es")
    found = told(*THREE, spanish)
    reason = "languages differ: en and es"
    assert found.advisories[-1] == Advisory("es", f"Not compared: {reason}", reason)
    assert all(cell.article_id != "es" for fact in found.facts for cell in fact.cells)


def test_a_text_without_spaces_states_no_counts() -> None:
    """What a figure counts is not known there, so no number is made up."""
    base = Article(
        "ja", "北浜市の橋が通行止め", "北浜市は18日、橋を6週間通行止めにした。", language="ja"
    )
    assert [one for one in told(base).facts if one.kind is FactKind.NUMBER] == []


def test_a_story_of_one_article_has_its_numbers_and_quotes() -> None:
    """No dates, which nobody else has, and no advisory."""
    found = told(THREE[0])
    assert {one.kind for one in found.facts} == {FactKind.NUMBER, FactKind.QUOTE}
    assert (found.advisories, found.canonical_article_id) == ((), "wire")


def members(*groups: tuple[str, ...]) -> list[Member]:
    """Members by arrival, the first of each group its original."""
    return [
        Member(name, 1, Relation.SAME_STORY, group[0], "", "", number)
        for number, (group, name) in enumerate((group, name) for group in groups for name in group)
    ]


def test_the_canonical_stands_for_its_group() -> None:
    """Its group is the first; the original stands for any other, or who came first."""
    found, groups, copies = choose(
        [*members(("a",), ("b", "b2"), ("gone", "c"))[:4], members(("gone", "c"))[1]],
        "b2",
        SETTINGS,
    )
    assert [(one.article_id, [c.article_id for c in its]) for one, its in found] == [
        ("b2", ["b"]),
        ("a", []),
        ("gone", ["c"]),
    ]
    assert (groups, copies) == (0, 0)


def test_the_bounds_are_told() -> None:
    """What is left out is counted: groups, copies and rows."""
    small = replace(SETTINGS, fact_groups=2, fact_copies=1, fact_rows=1)
    found, groups, copies = choose(members(("a", "a2"), ("b", "b2"), ("c", "c2")), "a", small)
    assert [(one.article_id, len(its)) for one, its in found] == [("a", 1), ("b", 0)]
    assert (groups, copies) == (1, 1)
    facts = story_facts("s", [Group(report(THREE[0], 1))], small)
    assert (len(facts.facts), facts.facts_left_out) == (1, len(told(THREE[0]).facts) - 1)


def corpus(story: str) -> list[Article]:
    """The latest revisions of one story of the sample corpus, by arrival, without its copies."""
    latest: dict[str, Article] = {}
    groups: dict[str, str] = {}
    for item in read_paths([str(SEEDS)]):
        if isinstance(item, Found) and item.article.extras.get("story") == f'"{story}"':
            latest[item.article.article_id] = item.article
            groups.setdefault(item.article.extras["reprint_group"], item.article.article_id)
    return [latest[name] for name in groups.values()]


def test_the_sample_story_has_its_conflict_and_its_agreements() -> None:
    """34 against 36 targets; 25 miles and 40 kilometres are one distance."""
    found = told(*corpus("al-bab-strikes"))
    targets = found.facts[0]
    assert targets.conflict
    assert [(c.value, c.conflict) for c in targets.cells] == [
        ("36 target", False),
        ("36 target", False),
        ("34 target", True),
    ]
    distance = row(found, "40 kilometre")
    assert list(stated(distance).values()) == ["40 kilometers", "40 km", "25 miles"]
    assert line(found, "kestrel-170119-07").startswith("Gives 34 targets for 36; omits ")


def test_another_toll_is_neither_added_nor_omitted() -> None:
    """At least 14 dead in the brief and 27 in the canonical: the line tells neither."""
    found = told(*corpus("ferry-capsize"))
    assert "dead" not in line(found, "kestrel-170211-02")
    assert all(len(one.text) <= LONGEST for one in found.advisories)
