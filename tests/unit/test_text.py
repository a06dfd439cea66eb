"""Words, shingle units, names and sentences, in several scripts."""

from __future__ import annotations

import time

import pytest

from storycluster.sentences import sentence_spans
from storycluster.text import is_spaceless, name_spans, normalise, shingle_units, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Syria's 1,200 men", ["syria", "1200", "men"]),
        ("U.S.-led raids", ["us", "led", "raids"]),
        ("al-Bab", ["al", "bab"]),
        ("they don’t", ["they", "dont"]),
        ("l’état", ["l", "état"]),
        ("3.5 of 36", ["3.5", "of", "36"]),
        ("cafÃ©", ["café"]),
        ("ＡＢＣ １２", ["abc", "12"]),
        ("हिन्दी में", ["हिन्दी", "में"]),
        ("٣٦ هدفا", ["36", "هدفا"]),
        ("日本は3月", ["日本", "本は", "3", "月"]),
        ("İstanbul", ["istanbul"]),
        ("", []),
        ("\ud800\0 !", []),
    ],
)
def test_words_of_every_script(text: str, expected: list[str]) -> None:
    """Words are case folded, numbers whole, possessives cut, spaceless scripts cut into bigrams."""
    assert words(text) == expected


def test_the_same_words_in_other_typography_are_the_same() -> None:
    """Quote marks, dashes and spaces of another style do not change the normal form."""
    assert normalise("“The  end”—he\u00a0said") == normalise('"The end"-he said')


def test_shingle_units_of_a_spaceless_text_are_characters() -> None:
    """A text that is mostly Han or Kana is cut into characters, embedded words stay whole."""
    assert shingle_units("東京でAI会議") == (["東", "京", "で", "ai会議"[:2], "会", "議"], True)


def test_shingle_units_of_a_spaced_text_are_words() -> None:
    """A text that is mostly of a spaced script is cut into words."""
    assert shingle_units("The dog, in Paris") == (["the", "dog", "in", "paris"], False)


def test_a_text_is_spaceless_by_majority() -> None:
    """One Han name in an English sentence does not make it a spaceless text."""
    assert is_spaceless("会議は東京で")
    assert not is_spaceless("The city of 東京 is in Japan")


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("In August, the town of al-Bab fell.", ["al-Bab"]),
        ("He met Bashar al- Assad there.", ["Bashar al- Assad"]),
        ("Then Lt. Gen. Sergei Rudskoy spoke.", ["Lt. Gen. Sergei Rudskoy"]),
        ("She left the University of Texas and NATO.", ["University of Texas", "NATO"]),
        ("Russia's army and U.S. forces met.", ["Russia", "U.S."]),
        ("Biggest bones of contention.", []),
        ("Moscow says so.", ["Moscow"]),
        ("В среду Сергей Рудской сказал", ["Сергей Рудской"]),
        ("ALL OF THIS IS SHOUTED", []),
        ("On Monday it rained in May.", []),
        ("日本の首相", []),
        ("", []),
    ],
)
def test_names(sentence: str, expected: list[str]) -> None:
    """Runs of capitalised words with particles are names; days, months and first words are not."""
    assert [sentence[start:end] for start, end in name_spans(sentence)] == expected


@pytest.mark.parametrize(
    "sentence",
    [
        "Then Lt. Gen. Sergei Ivanov said so.",
        "It signed on Jan. 12 to prevent this.",
        "The U.S. forces left.",
        "The fate of Bashar al- Assad is open.",
        "It cost 3.5 million.",
        "Martin V. Example wrote it.",
        '"The results ... showed it," he said.',
        "He praised the U.S. “green deal,” she said.",
        "(1) Keep calm.",
        "1. Keep calm.",
        "John F. Kennedy Jr. Park is closed.",
    ],
)
def test_one_sentence_stays_one(sentence: str) -> None:
    """Abbreviations, initials, decimals and dots of omission do not end a sentence."""
    assert sentence_spans(sentence, "en") == [(0, len(sentence))]


@pytest.mark.parametrize(
    ("block", "language", "expected"),
    [
        ("One fell. Two rose.", "en", ["One fell.", "Two rose."]),
        ("你好。再见。", "zh", ["你好。", "再见。"]),
        ("😀 Yes! No?", "en", ["😀 Yes!", "No?"]),
        ("Uno. Dos.", "not a language \ud800", ["Uno.", "Dos."]),
        ("   ", "en", []),
        (
            "It began in May. “We will see,” he said.",
            "en",
            ["It began in May.", "“We will see,” he said."],
        ),
        (
            'He moved to the U.S. "We love it," he said.',
            "en",
            ["He moved to the U.S.", '"We love it," he said.'],
        ),
        ("It ended in Dec. He was 50.", "en", ["It ended in Dec.", "He was 50."]),
        ("(1) Keep calm. (2) Carry on.", "en", ["(1) Keep calm.", "(2) Carry on."]),
    ],
)
def test_sentences_are_cut(block: str, language: str, expected: list[str]) -> None:
    """Each sentence is its exact characters, whatever the script or language code."""
    assert [block[start:end] for start, end in sentence_spans(block, language)] == expected


@pytest.mark.parametrize(
    "unit", [" ", "a. ", '"', "“", "a's ", "1,", "A.", "日", "\ud800", "(", "de A "]
)
def test_no_expression_backtracks(unit: str) -> None:
    """200,000 characters of anything are read in seconds."""
    text = unit * (200_000 // len(unit))
    begun = time.process_time()
    words(text)
    name_spans(text)
    sentence_spans(text, "en")
    assert time.process_time() - begun < 10
