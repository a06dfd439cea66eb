"""corrections: a corrected value is looked for in the members that copied it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from storycluster.backends import open_store
from storycluster.domain import Act, Article, DifferenceType, IngestResult
from storycluster.engine import Engine, scheme_of
from storycluster.errors import NotFound
from storycluster.ports import Encoder
from storycluster.settings import Settings

RAID = (
    "Russian and Turkish aircraft flew their first joint raid on Wednesday, the defence ministry "
    "said. The jets struck 36 targets on the edge of the town of Harim, a spokesman told "
    "reporters in the capital. Nine planes took part in the raid, which lasted twenty minutes. "
    "Both armies said that the operation had been agreed with the government in advance."
)
OWN = (
    "Two air forces bombed positions around Harim on Wednesday in a raid that they planned "
    "together. Residents heard explosions for twenty minutes and saw smoke above the grain silos. "
    "A doctor said that his clinic had treated four people for cuts from broken glass."
)


def article(article_id: str, text: str = RAID) -> Article:
    return Article(article_id, title="First joint raid on Harim", text=text, source=article_id)


@pytest.fixture
def engine(encoder: Encoder) -> Iterator[Engine]:
    """A wire, two reprints of it, of which one was updated by hand, and a report of its own."""
    made = Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder)
    fixed = RAID.replace("36 targets", "34 targets")
    made.ingest("", [article("wire"), article("reprint", RAID + " (Agencies)")])
    made.ingest("", [article("fixed", fixed), article("own", OWN)])
    yield made
    made.close()


def test_a_reprint_with_the_old_value_is_stale(engine: Engine) -> None:
    """Both values with their spans; who has the new value, or never had one, is not listed."""
    [result] = engine.ingest("", [article("wire", RAID.replace("36 targets", "34 targets"))])
    assert isinstance(result, IngestResult)
    [found] = engine.stale_members("", "wire")
    assert (found.base_article_id, found.other_article_id) == ("wire", "reprint")
    [difference] = found.differences
    assert difference.type is DifferenceType.NUMBER_CHANGED
    assert difference.base is not None
    assert difference.other is not None
    assert ("34" in difference.base.text, "36" in difference.other.text) == (True, True)


def test_an_edit_that_corrects_nothing_leaves_nobody_stale(engine: Engine) -> None:
    """More text, and no revision at all."""
    assert engine.stale_members("", "wire") == ()
    engine.ingest("", [article("wire", RAID + " The raid was the first since January.")])
    assert engine.stale_members("", "wire") == ()


def test_a_withdrawn_reprint_is_not_stale(engine: Engine) -> None:
    """It says nothing any more."""
    engine.ingest("", [article("wire", RAID.replace("36 targets", "34 targets"))])
    engine.withdraw("", "reprint", Act("desk", "test"))
    assert engine.stale_members("", "wire") == ()


def test_an_unknown_article_is_not_found(engine: Engine) -> None:
    """By name."""
    with pytest.raises(NotFound, match="nobody"):
        engine.stale_members("", "nobody")


def test_a_corrected_name_is_found_in_its_copies(engine: Engine) -> None:
    """The town, where the rest of the wire's sentence was copied as it was."""
    engine.ingest("", [article("wire", RAID.replace("town of Harim", "town of Salqin"))])
    assert "reprint" in {one.other_article_id for one in engine.stale_members("", "wire")}
