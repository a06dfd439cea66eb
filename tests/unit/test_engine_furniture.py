"""engine: what is learned of a source while its articles arrive."""

from __future__ import annotations

import dataclasses
from pathlib import Path

import pytest

from storycluster.backends import open_store
from storycluster.domain import Article, IngestResult, Relation
from storycluster.engine import Engine, scheme_of
from storycluster.errors import InvalidInput
from storycluster.ports import Encoder
from storycluster.settings import Settings

FOOTER = "The Harbour Courier is printed by the boatmen's guild of the old town."
TOPICS = (
    (
        "ferry",
        "A ferry with {n} people on board ran aground near the northern lighthouse at dawn. Two "
        "tugs pulled it off the rocks on the next tide. Nobody was hurt, the coast guard said.",
    ),
    (
        "budget",
        "Parliament passed a budget of {n} billion crowns after a long night of debate. Taxes on "
        "tobacco rise, farmers keep their subsidies. The opposition walked out before the vote.",
    ),
    (
        "volcano",
        "The volcano threw ash {n} kilometres high and closed both airports on the island. "
        "Villagers below its crater slept in schools. Geologists expect weaker eruptions soon.",
    ),
    (
        "vaccine",
        "Doctors tested a malaria vaccine on {n} children in rural clinics. Fevers fell by half "
        "within one rainy season. Regulators will read the trial before they license any dose.",
    ),
    (
        "football",
        "The striker scored {n} goals this season, yet the champions lost their semifinal at home. "
        "Their goalkeeper was sent off early. Supporters whistled as the coach left the pitch.",
    ),
    (
        "strike",
        "Railway drivers began a strike of {n} hours over pensions on all main lines. Commuters "
        "shared cars or stayed away from work. Talks with the ministry broke down last Friday.",
    ),
    (
        "museum",
        "Thieves took {n} bronze coins from the museum of antiquities during a concert. Cameras "
        "had been painted black. Detectives believe that a guard let the gang into the vault.",
    ),
    (
        "whale",
        "Biologists counted {n} grey whales in the bay, more than in any year before. Warmer "
        "currents bring krill close inshore. Fishing boats were asked to slow down until autumn.",
    ),
    (
        "chips",
        "A maker of chips will build a factory for {n} workers beside the motorway. The state "
        "lends half of the money. Neighbours fear that its wells will drain the local stream.",
    ),
    (
        "flood",
        "Floods drove {n} families from their farms along the lower river valley. Cattle drowned "
        "behind a broken dyke. Soldiers filled sandbags while helicopters carried out the sick.",
    ),
)


def article(number: int, *, source: str = "Courier", footer: str = FOOTER) -> Article:
    """One of ten topics, with the footer inside its paragraph."""
    name, sentence = TOPICS[number % len(TOPICS)]
    told = sentence.format(n=number + 20)
    return Article(
        f"{source}-{number}", title=f"A {name} in the news", text=f"{told} {footer}", source=source
    )


def opened(encoder: Encoder, url: str = "memory:", *, learned: bool = True) -> Engine:
    base = Settings()
    furniture = dataclasses.replace(base.furniture, learned=learned)
    settings = dataclasses.replace(base, furniture=furniture)
    return Engine(open_store(url, scheme_of(encoder, settings)), encoder, settings=settings)


def ingest(engine: Engine, articles: list[Article], *, batch: int = 1) -> list[IngestResult]:
    """All of them, prepared and submitted by batches."""
    found: list[IngestResult] = []
    for start in range(0, len(articles), batch):
        for one in engine.ingest("", articles[start : start + batch]):
            assert isinstance(one, IngestResult), one
            found.append(one)
    return found


def masked(engine: Engine, one: Article) -> set[str]:
    """What learning masks of an article that is prepared now."""
    [made] = engine.prepare([one])
    assert not isinstance(made, Exception)
    return {one.text[s:e] for s, e, rule in made.document.furniture if rule == "learned"}


def stored_features(engine: Engine) -> list[tuple[str, int, list[int], list[int]]]:
    """What the store holds of each article: its story, words, shingles and lines."""
    with engine._store.read() as reader:  # the rows themselves are the question
        return [
            (row.article_id, row.features.prose_words, row.features.shingles.tolist(),
             row.features.lines.tolist())
            for row in reader.index_rows("default")
        ]  # fmt: skip


def test_a_footer_is_masked_from_the_fifth_article_on(encoder: Encoder) -> None:
    """Four articles teach it, though it brought them into one story; the same sentence of another
    source stays."""
    engine = opened(encoder)
    ingest(engine, [article(n) for n in range(3)])
    assert masked(engine, article(9)) == set()
    ingest(engine, [article(3)])
    assert masked(engine, article(9)) == {FOOTER}
    assert masked(engine, article(9, source="Herald")) == set()
    engine.close()


def test_a_quote_of_one_story_is_not_learned(encoder: Encoder) -> None:
    """Five reports of one event that repeat a sentence are no page."""
    engine = opened(encoder)
    quote = "“We heard the rocks before we saw them,” the captain said on the quay."
    told = (
        "A ferry with 64 people on board ran aground near the northern lighthouse.",
        "The ferry that ran aground near the northern lighthouse had 64 people on board.",
        "All 64 people are safe after their ferry ran aground near the northern lighthouse.",
        "Near the northern lighthouse a ferry ran aground; its 64 people were saved.",
        "Tugs pulled the ferry off the rocks by the northern lighthouse; 64 people were aboard.",
    )
    made = ingest(
        engine,
        [
            Article(f"f{n}", title="Ferry aground", text=f"{one} {quote}", source="Courier")
            for n, one in enumerate(told)
        ],
    )
    assert len({one.assignment.story_id for one in made}) == 1
    assert (
        masked(engine, Article("x", title="Ferry", text=f"{told[0]} {quote}", source="Courier"))
        == set()
    )
    engine.close()


def test_copies_and_revisions_teach_nothing(encoder: Encoder) -> None:
    """One text sent ten times over, and revised, is one article."""
    engine = opened(encoder)
    first = article(0)
    copies = [dataclasses.replace(first, article_id=f"copy-{n}") for n in range(8)]
    made = ingest(engine, [first, *copies])
    assert {one.assignment.relation for one in made[1:]} == {Relation.EXACT_COPY}
    for n in range(5):
        ingest(engine, [dataclasses.replace(first, text=f"{article(n).text} Again.")])
    assert masked(engine, article(9)) == set()
    assert [bool(held) for _, _, _, held in stored_features(engine)].count(True) == 1
    engine.close()


def test_switched_off_nothing_is_masked_by_learning(encoder: Encoder) -> None:
    """With `furniture.learned` off the footer stays prose, and the list is empty."""
    engine = opened(encoder, learned=False)
    ingest(engine, [article(n) for n in range(8)])
    assert masked(engine, article(9)) == set()
    assert engine.list_furniture("").items == ()
    engine.close()


@pytest.mark.parametrize("batch", [7, 30])
def test_the_answer_does_not_depend_on_how_many_are_prepared_at_once(
    encoder: Encoder, batch: int
) -> None:
    """Articles prepared before anything was learned are stored as if they came one by one."""
    articles = [article(n) for n in range(10)]
    alone, together = opened(encoder), opened(encoder)
    one = ingest(alone, articles)
    other = ingest(together, articles, batch=batch)
    assert stored_features(alone) == stored_features(together)
    assert [a.assignment.confidence for a in one] == [b.assignment.confidence for b in other]
    words = {name: words for name, words, _, _ in stored_features(alone)}
    assert words["Courier-3"] - words["Courier-4"] > 5
    alone.close()
    together.close()


def test_a_restart_changes_nothing(encoder: Encoder, tmp_path: Path) -> None:
    """Counts are rebuilt from the rows: what was learned before a restart is known after it."""
    articles = [article(n) for n in range(10)]
    through = opened(encoder)
    ingest(through, articles)
    for part in (articles[:3], articles[3:5], articles[5:]):
        engine = opened(encoder, f"sqlite:{tmp_path}")
        ingest(engine, part, batch=2)
        engine.close()
    engine = opened(encoder, f"sqlite:{tmp_path}")
    assert stored_features(engine) == stored_features(through)
    assert engine.list_furniture("") == through.list_furniture("")
    engine.close()
    through.close()


def test_a_comparison_tells_the_learned_line_as_furniture(encoder: Encoder) -> None:
    """Both sides mark it, also in articles that came before it was learned."""
    engine = opened(encoder)
    ingest(engine, [article(n) for n in range(6)])
    found = engine.compare("", "Courier-0", "Courier-5")
    assert FOOTER in {one.text for one in found.base_furniture}
    assert FOOTER in {one.text for one in found.other_furniture}
    engine.close()


def test_match_masks_what_ingest_would(encoder: Encoder) -> None:
    """Matching an article prepared without a collection gives the confidence of storing it."""
    engine = opened(encoder)
    ingest(engine, [article(n) for n in range(8)])
    [match] = engine.match("", [article(8)])
    [stored] = ingest(engine, [article(8)])
    assert not isinstance(match, Exception)
    assert match.confidence == stored.assignment.confidence
    engine.close()


def test_the_list_shows_lines_as_received_by_page(encoder: Encoder) -> None:
    """Each learned line comes with its source, count and an article that holds it."""
    engine = opened(encoder)
    second = "Write to the editors of this paper about what you have seen."
    ingest(engine, [article(n, footer=f"{FOOTER} {second}") for n in range(5)])
    ingest(engine, [article(n, source="Herald") for n in range(5, 10)])
    page = engine.list_furniture("", "courier", page_size=1)
    rest = engine.list_furniture("", "courier", page_token=page.next_page_token)
    shown = page.items + rest.items
    assert {(one.source, one.text, one.article_count) for one in shown} == {
        ("Courier", FOOTER, 5),
        ("Courier", second, 5),
    }
    assert rest.next_page_token == ""
    assert all(one.text in engine.get_article("", one.article_id).article.text for one in shown)
    assert {one.source for one in engine.list_furniture("").items} == {"Courier", "Herald"}
    assert engine.list_furniture("", "nobody").items == ()
    with pytest.raises(InvalidInput):
        engine.list_furniture("", "Herald", page_token=page.next_page_token)
    engine.close()
