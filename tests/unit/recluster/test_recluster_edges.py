"""What is an edge between two articles of a window?"""

from __future__ import annotations

from recluster_inputs import FERRY, MILL, SETTINGS, article, known_of

from storycluster.decision import default_model
from storycluster.domain import Article
from storycluster.ports import Encoder
from storycluster.recluster.copies import near_copies
from storycluster.recluster.edges import Neighbourhood
from storycluster.recluster.pace import Pace


def edges(articles: list[Article], encoder: Encoder) -> dict[tuple[str, str], tuple[float, bool]]:
    """{(article, article): (probability, apart)}."""
    known = known_of(articles, encoder)
    rows = near_copies(known, SETTINGS.fingerprint).to_pylist()
    copies = [(row["a"], row["b"], row["copy"]) for row in rows]
    model = default_model(encoder.encoder_id)
    table = Neighbourhood(known, copies, model, SETTINGS, Pace()).edges()
    named = [one.row.article_id for one in known]
    return {
        (named[row["a"]], named[row["b"]]): (row["probability"], row["apart"])
        for row in table.to_pylist()
    }


def retold(text: str, number: int) -> str:
    """Nine of ten words, of which others each time."""
    return " ".join(word for at, word in enumerate(text.split()) if at % 10 != number)


def test_two_reports_of_one_event_are_no_rivals(encoder: Encoder) -> None:
    """Each is as near as the other, so neither is ahead, and both are the event's all the same."""
    reports = [article(f"f{n}", retold(FERRY, n), title="Ferry aground", hours=n) for n in range(4)]
    found = edges([*reports, article("m", retold(MILL, 1), title="Mill burns")], encoder)
    inside = {(f"f{a}", f"f{b}") for a in range(4) for b in range(a + 1, 4)}
    assert inside <= found.keys()
    assert min(found[pair][0] for pair in inside) > SETTINGS.recluster.bar
    assert not any("m" in pair for pair in found)


def test_an_edge_is_told_once_and_never_below_the_least(encoder: Encoder) -> None:
    """The earlier place first."""
    reports = [article(f"f{n}", retold(FERRY, n), hours=n) for n in range(5)]
    found = edges([*reports, article("m", MILL)], encoder)
    assert all(one < other for one, other in found)
    assert all(p >= SETTINGS.recluster.least for p, apart in found.values() if not apart)


def test_a_verified_copy_is_as_likely_as_copies_are(encoder: Encoder) -> None:
    """Whatever the model thinks of a headline of other words, a year later."""
    found = edges(
        [
            article("a", FERRY, title="Ferry aground off Lindholm"),
            article("b", FERRY, title="Quite another headline", hours=40.0),
        ],
        encoder,
    )
    assert found["a", "b"][0] >= SETTINGS.fingerprint.copy_precision


def test_a_veto_makes_an_edge_that_keeps_apart(encoder: Encoder) -> None:
    """Two issues of a template, which share nearly all words, have the probability 0."""
    template = (
        "Results of the draw number {0} held at {1} in Lindholm: {2}, {3}, {4}, {5} and {6}. "
        "The jackpot stands at {7} crowns. Winners may claim their prize at any shop of the "
        "lottery within thirty days with a valid ticket and a proof of identity, said the lottery."
    )
    first = template.format(4411, "18.30", 3, 17, 22, 31, 40, 550123)
    second = template.format(5528, "19.45", 5, 11, 26, 37, 44, 981456)
    found = edges(
        [
            article("a", first, title="Lottery results", source="Gazette"),
            article("b", second, title="Lottery results", source="Gazette", hours=72.0),
        ],
        encoder,
    )
    assert found["a", "b"] == (0.0, True)


def test_one_article_alone_has_no_edge(encoder: Encoder) -> None:
    """Nor do two that have nothing in common."""
    assert edges([article("a", FERRY)], encoder) == {}
    assert edges([article("a", FERRY), article("m", MILL)], encoder) == {}
