"""engine.roundups: articles about many things at once."""

from __future__ import annotations

import pytest

from storycluster.document import parse
from storycluster.domain import Article
from storycluster.engine.roundups import is_roundup, links
from storycluster.settings import GuardSettings, TextSettings

# Ten sentences of fifteen words with nothing in common.
ITEMS = """
Volcanologists evacuated hamlets beneath Kerinta yesterday because sulphur plumes thickened rapidly
above its northern crater. Parliament rejected pension amendments after marathon bargaining between
liberals, agrarians and three stubborn independents from Moravia. Goalkeeper Amsel saved twice
during penalties, so Kingsport advanced into European quarter-finals against gloomy forecasts.
Biologists discovered luminous mushrooms inside abandoned copper mines near Falun, astonishing
veteran foragers and chemists. Airlines cancelled hundreds of departures when baggage scanners
malfunctioned throughout terminals belonging to Schiphol airport. Violinist Marguerite Tan donated
her eighteenth-century instrument to orphaned musicians studying at Lisbon conservatory. Inspectors
closed seventeen bakeries following salmonella infections traced to imported hazelnut paste and
marzipan. Astronomers photographed methane storms swirling across Titan through upgraded infrared
telescopes in Atacama. Burglars tunnelled underneath jewellers in Antwerp, escaping with uncut
diamonds weighing forty kilograms altogether. Shipbuilders launched hydrogen-powered tugboats
yesterday at Gdansk, promising quieter harbours and cheaper maintenance.
"""
ONE = "Kerinta volcano: sulphur plumes thickened again above the crater near Batu, said Pranata. "


def parsed(title: str, text: str) -> bool:
    return is_roundup(parse(Article("a", title=title, text=text), TextSettings()), BRIEFLY)


BRIEFLY = GuardSettings(roundup_block_words=12)


def test_a_text_that_falls_apart_is_a_roundup() -> None:
    """With the headline of one and, where nothing at all recurs, without."""
    assert parsed("Morning briefing: volcano, pensions and football", ITEMS)
    assert parsed("Volcano, pensions and football", ITEMS)


def test_a_report_of_one_thing_is_none_whatever_its_headline_says() -> None:
    """Its subject comes back."""
    assert not parsed("Live updates: Kerinta", ONE * 10)


def test_a_short_text_cannot_fall_apart() -> None:
    """Fewer blocks than `roundup_blocks`."""
    assert not parsed("Briefing: volcano", " ".join(ITEMS.split()[:45]))


@pytest.mark.parametrize(
    ("blocks", "expected"),
    [
        ([], 1.0),
        ([{"a"}, {"b"}], 1.0),
        ([{"a"}, {"a"}, {"b"}], 0.0),
        ([{"a"}, {"b"}, {"a"}], 1.0),
        ([{"a"}, {"b"}, {"a"}, {"c"}], 1 / 3),
    ],
)
def test_neighbours_do_not_count(blocks: list[set[str]], expected: float) -> None:
    """Only pairs of blocks with another between them."""
    assert links([frozenset(one) for one in blocks]) == pytest.approx(expected)
