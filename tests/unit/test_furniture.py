"""Which lines are furniture, and which are left alone."""

from __future__ import annotations

import pytest

from storycluster.document import Document, detect_language, parse
from storycluster.domain import Article
from storycluster.furniture import Line, bare_title
from storycluster.learned_furniture import line_hash
from storycluster.settings import TextSettings

PROSE = (
    "The council of the harbour town voted on Tuesday to rebuild the old bridge by next summer.",
    "Engineers told the meeting that the work would cost about four million pounds in all.",
    "The bridge was closed in March after a survey found cracks in two of its seven arches.",
    "Shop owners on the north bank have asked for help until the road is opened again.",
)


def parsed(text: str, title: str = "", language: str = "en", **known: frozenset[int]) -> Document:
    article = Article("a", title=title, text=text, language=language)
    return parse(article, TextSettings(), **known)


def rules(document: Document) -> dict[str, str]:
    return {document.text[start:end]: rule for start, end, rule in document.furniture}


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("Advertisement", "advertisement"),
        ("We use cookies to improve your experience.", "cookie"),
        ("Stay up to date with notifications from The Courier", "notification"),
        ("Sign up for our free newsletter", "newsletter"),
        ("Your support makes all the difference.", "donation"),
        ("Thank you for registering", "registration"),
        ("Read more: Harbour wall to be rebuilt", "related"),
        ("Follow Jane Doe on Twitter", "share"),
        ("© 2019 The Courier", "copyright"),
        ("Copyright 2018 The Courier. All rights reserved.", "copyright"),
        ("The old bridge at dawn. (AP Photo/Jane Doe)", "caption"),
        ("The old bridge at dawn (AFP/Getty Images)", "caption"),
        ("Photo courtesy of the Harbour Trust", "caption"),
        ("Last updated: 5 June 2023", "updated"),
        ("What happens next", "subhead"),
        ("Bridge closedGMT 19:07 2017 Sunday ,01 October", "link_list"),
        ("Jane Doe contributed to this report.", "credit"),
        ("(Reporting by Jane Doe; Editing by John Roe)", "credit"),
        ("Doe and Roe reported from Harbour Town.", "credit"),
        ("This is a developing story and will be updated.", "updated"),
        ("This story has been updated with additional information.", "updated"),
        ("Photographer: Jane Doe/Harbour Pictures", "caption"),
        (
            "The old bridge at dawn, Harbour Town, June 5, 2019. Jane Doe/Pool via REUTERS",
            "caption",
        ),
        ("CLOSE Shop owners on the north bank want the bridge back.", "caption"),
        ("MAYOR SAYS BRIDGE WILL OPEN BEFORE SUMMER ENDS", "related"),
        ("Have something to add to this story? Share it in the comments.", "comment"),
        ("Lire aussi : le pont fermé", "related"),
        ("Alle Rechte vorbehalten", "copyright"),
        ("Читайте также: мост закрыт", "related"),
        ("関連記事", "related"),
    ],
)
def test_a_line_of_furniture_is_masked_by_its_rule(line: str, rule: str) -> None:
    """A line of page furniture between paragraphs is masked whole, and the prose is kept."""
    document = parsed("\n".join([*PROSE[:2], line, *PROSE[2:]]))
    assert rules(document) == {line: rule}
    assert document.prose() == "\n".join(PROSE)


@pytest.mark.parametrize(
    "line",
    [
        "He told AFP.",
        "More than half back the plan, according to a Reuters/Ipsos poll.",
        "Smoking contributed to his death.",
        "Copyright law was changed by the new parliament.",
        "Watch groups warned of fraud.",
        "More from the south will come later.",
        "The letter, originally published in a Paris daily, was read aloud.",
        '"Share this story with your neighbours and help us keep the town alive," the mayor said.',
        "“We must support our journalism schools,” the minister told reporters on a visit.",
        "Advertisement sales fell.",
        "The ministers met again. (Reuters)",
        "Source close to the mayor said no.",
        "By Monday it was over.",
        "On January 18, 2017 he died.",
        "UPDATE: Police say three people were hurt.",
        "- three boats were lost",
        "It rained.",
    ],
)
def test_a_true_sentence_is_kept(line: str) -> None:
    """What a reporter writes is not masked, though it has a word of furniture in it."""
    document = parsed("\n".join([*PROSE[:2], line, *PROSE[2:]]))
    assert rules(document) == {}
    assert line in document.prose().replace("\n", " ")


def test_a_caption_given_twice_on_one_line_is_masked() -> None:
    """A line that is the same text twice over is a caption."""
    line = "The old bridge seen from the north bank" * 2
    assert rules(parsed("\n".join([line, *PROSE]))) == {line: "caption"}


def test_a_caption_that_repeats_a_sentence_is_masked() -> None:
    """The sentence of the text stays, its copy without a full stop goes."""
    assert rules(parsed("\n".join([*PROSE, PROSE[0].rstrip(".")]))) == {
        PROSE[0].rstrip("."): "caption"
    }


def test_above_a_dateline_stands_a_caption_or_a_correction() -> None:
    """What is no sentence is a caption; a correction is kept."""
    wire = f"HARBOUR TOWN (AP) - {PROSE[0]}"
    caption, fixed = "A worker cleans the old bridge Thursday", "Corrects the cost of the work."
    assert caption in rules(parsed("\n".join([caption, wire, *PROSE[1:]]), title="Bridge"))
    assert fixed not in rules(parsed("\n".join([fixed, wire, *PROSE[1:]]), title="Bridge"))


@pytest.mark.parametrize(
    ("line", "masked"),
    [
        ("Of the bridges shown so far, which one do you plan on crossing?", True),
        ("Does anyone feel safer because the bridge was closed?", False),
        ("“What will you do without it?” the mayor asked.", False),
    ],
)
def test_a_question_to_the_reader_at_the_end_is_masked(line: str, masked: bool) -> None:
    """Only one that asks what "you" do, and not inside the text."""
    assert (rules(parsed("\n".join([*PROSE, line]))).get(line) == "comment") is masked
    assert line not in rules(parsed("\n".join([line, *PROSE])))


@pytest.mark.parametrize(
    ("sentence", "rule"),
    [
        ("— Ann Novak (@ann_novak) March 3, 2026", "share"),
        ("(RELATED: What The Old Bridge Cost)", "related"),
        ("You can read the full report here.", "related"),
        ("(Ann Novak/Associated Press)", "credit"),
        ("The mayor opens the bridge in Sazava, Tuesday, March 3, 2026.", "caption"),
        ("Boats pass the bridge in this undated photo.", "caption"),
        ("The mayor said the bridge was opened in Sazava, Tuesday, March 3, 2026.", ""),
        ("The builder of the bridge died on Tuesday, March 3, 2026.", ""),
        ("The full report is kept here in the town hall.", ""),
    ],
)
def test_a_sentence_that_no_reporter_writes_is_masked(sentence: str, rule: str) -> None:
    """Alone in its line and within a paragraph alike."""
    alone = parsed("\n".join([*PROSE[:2], sentence, *PROSE[2:]]))
    within = parsed("\n".join([PROSE[0], f"{PROSE[1]} {sentence}", *PROSE[2:]]))
    assert rules(alone).get(sentence, "") == rules(within).get(sentence, "") == rule


def test_who_the_author_is_is_masked_at_the_end_alone() -> None:
    """In the middle of a text it may be of somebody in the story."""
    line = "Ann Novak is a columnist for the Daily Courier and a former mayor of the town."
    assert rules(parsed("\n".join([*PROSE, line]))).get(line) == "byline"
    assert line not in rules(parsed("\n".join([PROSE[0], line, *PROSE[1:]])))


def test_a_caption_on_two_lines_is_masked_twice() -> None:
    """Two equal lines in a row, and a line repeated with its credit, are captions."""
    text = "The old bridge is seen from the north bank at dawn"
    document = parsed("\n".join([PROSE[0], text, f"{text} (AFP/Getty Images)", *PROSE[1:]]))
    assert [rule for _, _, rule in document.furniture] == ["caption", "caption"]


def test_an_appeal_between_its_first_and_last_line_is_masked_whole() -> None:
    """Paragraphs between the opening and the closing line of an appeal are masked with them."""
    appeal = [
        "Your support helps us to tell the story",
        PROSE[3],
        "Your support makes all the difference.",
    ]
    document = parsed("\n".join([*PROSE[:3], *appeal, PROSE[0].replace("old", "new")]))
    assert [rule for _, _, rule in document.furniture] == ["donation"] * 3


@pytest.mark.parametrize(
    "text", ["Advertisement", "Bridge to be rebuilt", "Comments\nShare", "Go."]
)
def test_where_all_would_be_masked_nothing_is(text: str) -> None:
    """A text of nothing but short lines keeps them as its sentences."""
    document = parsed(text)
    assert document.furniture == ()
    assert document.prose() == text


def test_lines_known_of_the_source_are_masked() -> None:
    """A line whose hash is known as furniture is masked, alone or as a sentence of a paragraph."""
    line = "The Courier is published by the Harbour Trust on behalf of its members."
    known = frozenset({line_hash(Line.of(line, 0, len(line)))})
    for text in ("\n".join([*PROSE, line]), " ".join([*PROSE[:2], line, *PROSE[2:]])):
        assert rules(parsed(text, known_furniture=known)) == {line: "learned"}
        assert rules(parsed(text)) == {}


def test_what_is_counted_does_not_depend_on_what_is_known() -> None:
    """Masking every line that is counted leaves the hashes as they are, and the text unmasked."""
    text = "\n".join(["Local News", *PROSE, "Advertisement", "The Courier, harbour edition"])
    plain = parsed(text)
    known = frozenset(one for _, _, one in plain.lines)
    masked = parsed(text, known_furniture=known)
    assert masked.lines == plain.lines
    assert masked.learned == known
    assert (masked.sentences, masked.furniture) == (plain.sentences, plain.furniture)
    assert "Advertisement" not in {text[start:end] for start, end, _ in plain.lines}


def test_the_headline_is_found_in_a_text_without_title() -> None:
    """A short line above the prose that shares its words is the headline; a section name is not."""
    text = "\n".join(["Local News", "Council votes to rebuild old bridge", "By Jane Doe", *PROSE])
    document = parsed(text)
    assert document.title == "Council votes to rebuild old bridge"
    assert document.title_span is not None
    assert text[slice(*document.title_span)] == document.title
    assert document.prose() == "\n".join(PROSE)


def test_prose_alone_has_no_headline() -> None:
    """A text that begins with a sentence has no headline."""
    document = parsed("\n".join(PROSE))
    assert (document.title, document.title_span) == ("", None)


def test_the_given_title_is_not_prose_again() -> None:
    """A first line that repeats the given title is masked as headline."""
    document = parsed("\n".join(["Old Bridge to be rebuilt", *PROSE]), "Old bridge to be rebuilt")
    assert rules(document) == {"Old Bridge to be rebuilt": "headline"}
    assert (document.title, document.title_span) == ("Old bridge to be rebuilt", None)


def test_a_dateline_is_masked_inside_its_line() -> None:
    """The first sentence begins after the dateline."""
    document = parsed("LONDON (Reuters) - " + "\n".join(PROSE))
    assert rules(document) == {"LONDON (Reuters) -": "dateline"}
    assert document.sentence_text(0) == PROSE[0]


def test_a_hard_wrapped_text_is_read_by_paragraphs() -> None:
    """Where lines are broken at a width, a sentence runs over the line's end."""
    text = (
        "    The council of the harbour town voted on Tuesday to\n"
        "rebuild the old bridge by next summer, and engineers told\n"
        "the meeting that the work would cost about four million\n"
        "pounds in all.\n"
        "    The bridge was closed in March after a survey found\n"
        "cracks in two of its seven arches, and shop owners on the\n"
        "north bank have asked for help until it is opened again.\n"
    )
    document = parsed(text)
    assert len(document.sentences) == 2
    assert document.sentence_text(1).startswith("The bridge was closed")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("会議は東京で開かれた。", "ja"),
        ("会议在北京举行。", "zh"),
        ("회의가 열렸다", "ko"),
        (
            "El ayuntamiento de la ciudad votó el martes a favor de reconstruir el puente viejo.",
            "es",
        ),
        (PROSE[0], "en"),
        ("short", ""),
        ("123 !", ""),
    ],
)
def test_the_language_is_detected_by_script_then_letters(text: str, expected: str) -> None:
    """The script decides first; below 40 letters of a shared script nothing is claimed."""
    assert detect_language(text, TextSettings()) == expected


@pytest.mark.parametrize(
    ("title", "source", "bare"),
    [
        ("Mill burns down in Dorrance | The Daily Courier", "", "Mill burns down in Dorrance"),
        ("Mill burns down in Dorrance - Courier", "The Courier", "Mill burns down in Dorrance"),
        ("Mill burns down - Daily Courier: News and Weather", "", "Mill burns down"),
        ("Breaking: Mill burns down", "", "Mill burns down"),
        ("Live updates: Watch: Mill burns down", "", "Mill burns down"),
        ("EXCLUSIVE - Mill burns down", "", "Mill burns down"),
        ("UPDATE 2-Mill burns down", "", "Mill burns down"),
        ("Eilmeldung: Mühle brennt nieder", "", "Mühle brennt nieder"),
        ("Dorrance fire latest: Mill burns down", "", "Mill burns down"),
        ("Fact check: Mill burns down", "", "Mill burns down"),
        ("速報：白鷺大橋が通行止め", "", "速報：白鷺大橋が通行止め"),
    ],
)
def test_a_headline_is_bared_of_what_many_share(title: str, source: str, bare: str) -> None:
    """Labels before it and the outlet behind it; another colon is its own."""
    assert bare_title(title, source) == bare


@pytest.mark.parametrize(
    "title",
    [
        "Kremlin: no talks planned",
        "Talks - no result yet",
        "Watch: fire",
        "News | Courier",
        "Dorrance mill fire | Flames seen from the river all night",
        "",
    ],
)
def test_a_headline_keeps_what_is_its_own(title: str) -> None:
    """Also where less than three words would be left."""
    assert bare_title(title, "Courier") == title


def test_a_note_that_tells_what_was_corrected_is_kept() -> None:
    """It says something of the article, unlike one that only says that there was an update."""
    note = "This story has been updated to say that the bridge was closed in April."
    assert parsed("\n".join([*PROSE, note])).prose().endswith(note)
