"""evaluate.calibration: what refitting on labels of one's own changes."""

from __future__ import annotations

import dataclasses
import random
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from storycluster.decision import ANY_ENCODER, INTERCEPT, Model
from storycluster.domain import Article
from storycluster.errors import InvalidInput, SchemeMismatch
from storycluster.evaluate import Calibration, Labelled, calibrate, items_of
from storycluster.evaluate.calibration import MARGIN, Scores, named
from storycluster.evaluate.changes import Moved, changed_weights, examples, moved
from storycluster.evaluate.items import need_enough, split
from storycluster.evaluate.learning import Item, Rows, fit, start_model
from storycluster.evaluate.metrics import Score
from storycluster.measures import CONDITIONS, MEASURES
from storycluster.ports import Encoder
from storycluster.settings import Settings

START = datetime(2024, 3, 1, tzinfo=UTC)
REPORTS = 4


def word(chance: random.Random) -> str:
    return "".join(chance.choice("bdfgklmnprstv") + chance.choice("aeiou") for _ in range(4))


def coarse(stories: int = 14, seed: int = 5) -> list[Labelled]:
    """Each label covers two events, a day apart: their reports share the words of a theme, but no
    sentence."""
    chance = random.Random(seed)
    found = []
    for story in range(stories):
        theme = [word(chance) for _ in range(36)]
        for event in range(2):
            own = [word(chance) for _ in range(30)]
            for report in range(REPORTS):
                words = chance.sample(own, 22) + chance.sample(theme, 18)
                words += [word(chance) for _ in range(24)]
                chance.shuffle(words)
                sentences = [" ".join(words[at : at + 8]).capitalize() for at in range(0, 64, 8)]
                article = Article(
                    f"s{story}e{event}r{report}",
                    title=" ".join(chance.sample(own, 3) + chance.sample(theme, 2)).capitalize(),
                    text=". ".join(sentences) + ".",
                    source=f"paper {report}",
                    publish_time=START + timedelta(days=story * 2 + event, hours=report),
                )
                found.append(Labelled(article, f"story {story}"))
    return found


def prepared(articles: Sequence[Labelled], encoder: Encoder) -> list[Item]:
    items, refused = items_of(articles, encoder, Settings())
    assert refused == []
    return items


@pytest.fixture(scope="module")
def items(encoder: Encoder) -> list[Item]:
    """The coarse labels, prepared."""
    return prepared(coarse(), encoder)


@pytest.fixture(scope="module")
def present(encoder: Encoder) -> Model:
    """A model that tells the two events of a label apart."""
    return start_model(encoder.encoder_id)


@pytest.fixture(scope="module")
def steps() -> list[tuple[int, int]]:
    """What the progress of the calibration was."""
    return []


@pytest.fixture(scope="module")
def found(items: list[Item], present: Model, steps: list[tuple[int, int]]) -> Calibration:
    """The calibration on the coarse labels."""
    return calibrate(
        {"ours": items},
        present,
        encoder_id=present.encoder_id,
        settings=Settings(),
        rounds=2,
        progress=lambda done, total: steps.append((done, total)),
    )


def test_coarser_labels_raise_the_recall(found: Calibration) -> None:
    """On later stories, which it has not seen, the refitted model joins what the labels join."""
    assert found.before.bcubed.recall < 0.8
    assert found.after.bcubed.recall > found.before.bcubed.recall + 0.1
    assert found.after.bcubed.precision > 0.9
    assert found.after.quality > found.before.quality + MARGIN
    assert found.after.brier < found.before.brier
    assert found.better
    assert found.before.stories > found.after.stories >= found.after.stories_gold


def test_what_would_change_is_told(found: Calibration, items: list[Item]) -> None:
    """Articles that would stand elsewhere are counted among the late ones; each example is late and
    its companions grow; the weights come with the strongest effect first."""
    late = {item.prepared.article.article_id for item in split(items)[1]}
    assert found.late == len(late)
    assert 0 < found.moved <= found.late
    assert 0 < len(found.examples) <= 10
    for one in found.examples:
        assert {one.article_id, *one.companions_after} <= late
        assert len(one.companions_after) > len(one.companions_before)
    effects = [abs(one.effect) for one in found.weights]
    assert effects == sorted(effects, reverse=True)
    assert effects[0] > 0.0


def test_progress_ends_at_the_whole(found: Calibration, steps: list[tuple[int, int]]) -> None:
    """Each step tells how many placings are done of the total, and the last one that all are."""
    assert found.late
    done = [step for step, _ in steps]
    assert done == sorted(done)
    assert steps[-1][0] == steps[-1][1] == max(total for _, total in steps)


def test_the_same_labels_give_the_same_model(
    found: Calibration, items: list[Item], present: Model
) -> None:
    """A second run is equal in weights, and so in name; the name is that of its weights."""
    settings = Settings()
    again = calibrate(
        {"ours": items}, present, encoder_id=present.encoder_id, settings=settings, rounds=2
    )
    assert again.model.weights == found.model.weights
    assert again.model.name == found.model.name
    assert found.model.name.startswith("calibrated-")
    other = dataclasses.replace(found.model, threshold=found.model.threshold / 2)
    assert named(other).name != found.model.name == named(found.model).name


def test_a_model_for_any_encoder_is_bound(items: list[Item], encoder: Encoder) -> None:
    """Refitted, it names the encoder whose vectors it learned, and weighs them."""
    anyone = start_model(ANY_ENCODER)
    found = calibrate(
        {"ours": items}, anyone, encoder_id=encoder.encoder_id, settings=Settings(), rounds=1
    )
    assert found.model.encoder_id == encoder.encoder_id
    assert found.model.weights["always"]["dense_near"]


def test_a_model_for_another_encoder_is_refused(items: list[Item], present: Model) -> None:
    """The refusal names both encoders."""
    foreign = dataclasses.replace(present, encoder_id="other@1")
    with pytest.raises(SchemeMismatch, match=f"'other@1', not for '{present.encoder_id}'"):
        calibrate(
            {"ours": items}, foreign, encoder_id=present.encoder_id, settings=Settings(), rounds=1
        )


def test_too_few_labels_are_refused(items: list[Item]) -> None:
    """Too few articles, stories of one article each, and labels that all begin early or late: each
    is told with what is needed."""
    need_enough({"ours": items})
    with pytest.raises(InvalidInput, match=r"at least 30 labelled articles .+ found 24 and 3"):
        need_enough({"ours": items[:24]})
    alone = [Item(item.prepared, item.prepared.article.article_id) for item in items]
    with pytest.raises(InvalidInput, match=r"10 stories of two or more .+ found 112 and 0"):
        need_enough({"ours": alone})
    unlabelled = sorted({item.story for item in split(items)[1]})[2:]
    one_sided = [Item(one.prepared, one.story * (one.story not in unlabelled)) for one in items]
    with pytest.raises(InvalidInput, match=r"first 60% of the articles .+ found 9 and 2"):
        need_enough({"ours": one_sided})


def test_stories_are_split_in_time(items: list[Item]) -> None:
    """No story is in both parts; the early ones begin in the first 60 % of the articles; unlabelled
    articles go with their neighbours."""
    early, late = split(items)
    assert len(early) + len(late) == len(items)
    assert not {item.story for item in early} & {item.story for item in late}
    begins = {item.story: place for place, item in reversed(list(enumerate(items)))}
    cut = int(len(items) * 0.6)
    assert all(begins[item.story] < cut for item in early)
    assert all(begins[item.story] >= cut for item in late)
    bare = [Item(items[0].prepared, ""), *items[1:-1], Item(items[-1].prepared, "")]
    assert [not one.story for one in split(bare)[0]].index(True) == 0
    assert split(bare)[1][-1].story == ""


def test_undated_articles_are_split_by_story(encoder: Encoder) -> None:
    """Without dates 60 % of the stories are early, by name."""
    undated = [
        dataclasses.replace(one, article=dataclasses.replace(one.article, publish_time=None))
        for one in coarse(5)
    ]
    early, late = split(prepared(undated, encoder))
    assert {item.story for item in early} == {"story 0", "story 1", "story 2"}
    assert {item.story for item in late} == {"story 3", "story 4"}


def test_a_refused_article_is_told(encoder: Encoder) -> None:
    """It is left out, with its id and why; the others are in order of time."""
    articles = coarse(2)
    empty = Labelled(Article("empty", text=" "), "story 0")
    items, refused = items_of([*reversed(articles), empty], encoder, Settings())
    assert [item.prepared.article.article_id for item in items] == [
        one.article.article_id for one in articles
    ]
    assert [name for name, _ in refused] == ["empty"]


def test_only_articles_with_other_companions_have_moved(items: list[Item]) -> None:
    """Of two stories that become one both have moved; a third has not, whatever its id became."""
    names = [item.prepared.article.article_id for item in items[:5]]
    before = dict(zip(names, "aabbc", strict=True))
    after = dict(zip(names, "xxxxy", strict=True))
    changed = moved("ours", items[:5], before, after)
    assert [one.article_id for one in changed] == names[:4]
    assert changed[0].companions_before == (names[1],)
    assert changed[0].companions_after == tuple(names[1:4])
    assert moved("ours", items[:5], before, before) == ()


def test_each_change_is_an_example_once() -> None:
    """Articles that changed together are told by the one that changed most."""

    def one(name: str, before: str, after: str) -> Moved:
        return Moved("ours", name, "", tuple(before), tuple(after))

    joined = [one("a", "b", "bc"), one("b", "a", "ac"), one("c", "", "ab"), one("d", "e", "")]
    assert [example.article_id for example in examples(joined)] == ["c", "d"]
    assert len(examples(joined, limit=1)) == 1


def test_a_weight_counts_by_what_its_change_does(present: Model) -> None:
    """A change by 2 of a measure that hardly varies is less than one by 1 of one that does."""
    values = np.zeros((2, len(MEASURES)))
    values[1, MEASURES.index("title_near")] = 1.0
    values[1, MEASURES.index("age")] = 0.1
    rows = Rows(list(values), [tuple(name == "brief" for name in CONDITIONS)] * 2, [0, 1])
    always = {**present.weights["always"], "title_near": 3.0, "age": 2.0}
    changed = {**present.weights, "always": always, "brief": {INTERCEPT: 4.0}}
    told = changed_weights(present, dataclasses.replace(present, weights=changed), [rows])
    assert [(one.condition, one.measure) for one in told] == [
        ("brief", INTERCEPT),
        ("always", "title_near"),
        ("always", "age"),
    ]
    assert [one.effect for one in told] == pytest.approx([4.0, 0.5, 0.1])
    assert told[0].words == "before anything is measured, where a text is brief"


def test_without_a_candidate_the_model_stays(present: Model) -> None:
    """Where no article had a labelled story to be compared with, nothing is learned."""
    assert fit([Rows()], present) is present
    assert changed_weights(present, present, [Rows()]) == ()


def test_a_gain_within_the_margin_is_none(found: Calibration) -> None:
    """A refitted model that is as good on the later part is not called better."""

    def scores(f1: float) -> Scores:
        return dataclasses.replace(found.after, bcubed=Score(f1, f1), pairwise=Score(f1, f1))

    equal = dataclasses.replace(found, before=scores(0.9), after=scores(0.9 + MARGIN / 2))
    assert not equal.better
    assert dataclasses.replace(equal, after=scores(0.9 + MARGIN * 2)).better
