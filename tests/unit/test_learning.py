"""evaluate.learning: weights from labelled streams, learned on the model's own decisions."""

from __future__ import annotations

import dataclasses
import json
from pathlib import Path

import numpy as np
import pytest

from storycluster.backends import open_store
from storycluster.decision import Model, default_model
from storycluster.domain import Article, IngestResult
from storycluster.engine import Engine, scheme_of
from storycluster.engine.prepare import Prepared, prepare
from storycluster.evaluate.labelled import labelled
from storycluster.evaluate.learning import Item, Rows, fit, learn, replayed, replays, start_model
from storycluster.measures import CONDITIONS, MEASURES, Measured
from storycluster.ports import Encoder
from storycluster.settings import Settings

SEEDS = Path(__file__).parents[2] / "seeds/articles.jsonl"
BODY = MEASURES.index("body_near")


@pytest.fixture(scope="module")
def items(encoder: Encoder) -> list[Item]:
    """The sample articles, the first revision of each, prepared, with their gold stories."""
    every = [labelled(json.loads(line)) for line in SEEDS.read_text(encoding="utf-8").splitlines()]
    rows = list({row.article.article_id: row for row in reversed(every)}.values())[::-1]
    ready = prepare([row.article for row in rows], encoder, Settings())
    return [
        Item(one, row.story)
        for one, row in zip(ready, rows, strict=True)
        if isinstance(one, Prepared)
    ]


def partition(assigned: dict[str, str]) -> set[frozenset[str]]:
    """The stories as sets of articles, whatever their ids."""
    stories: dict[str, set[str]] = {}
    for article_id, story_id in assigned.items():
        stories.setdefault(story_id, set()).add(article_id)
    return {frozenset(members) for members in stories.values()}


def online(articles: list[Article], encoder: Encoder, settings: Settings, model: Model) -> Engine:
    """An engine that has placed the articles one after the other."""
    store = open_store("memory:", scheme_of(encoder, settings))
    engine = Engine(store, encoder, settings=settings, model=model)
    for article in articles:
        engine.ingest("", [article])
    return engine


def test_a_replay_decides_as_the_engine_does(items: list[Item], encoder: Encoder) -> None:
    """Where nothing is looked at a second time, the stories learned from are those of the engine,
    and so is the confidence of each decision."""
    guards = dataclasses.replace(Settings().guards, second_look_groups=0, second_look_near=0)
    settings = dataclasses.replace(
        Settings(),
        guards=guards,
        furniture=dataclasses.replace(Settings().furniture, learned=False),
        repair=dataclasses.replace(Settings().repair, per_article=0),
        candidates=dataclasses.replace(Settings().candidates, decay_days=1e12),
    )
    model = dataclasses.replace(default_model(encoder.encoder_id), merge_threshold=2.0)
    done = replayed(items, settings, model)
    articles = [item.prepared.received for item in items]
    engine = online(articles, encoder, settings, model)
    made = {one.article_id: engine.get_article("", one.article_id).assignment for one in articles}
    engine.close()
    assert partition(done.assigned) == partition({a: one.story_id for a, one in made.items()})
    assert done.confidence == pytest.approx({a: one.confidence for a, one in made.items()})


def test_a_match_is_what_ingest_decides(items: list[Item], encoder: Encoder) -> None:
    """The same relation, confidence, evidence and runners-up, for every sample article."""
    store = open_store("memory:", scheme_of(encoder, Settings()))
    engine = Engine(store, encoder)
    for item in items:
        [match] = engine.match("", [item.prepared.received])
        assert not isinstance(match, Exception)
        [result] = engine.ingest("", [item.prepared.received])
        assert isinstance(result, IngestResult)
        made = engine.explain("", item.prepared.received.article_id)[0]
        assert (match.relation, match.confidence) == (made.relation, made.confidence)
        assert (match.evidence, match.runners_up) == (made.evidence, made.runners_up)
    engine.close()


def rows(count: int, *, seed: int = 0) -> Rows:
    """Candidates that are right where their body is near, nothing else telling."""
    chance = np.random.default_rng(seed)
    found = Rows()
    for _ in range(count):
        values = chance.random(len(MEASURES))
        values[MEASURES.index("strange")] = 0.0
        found.values.append(values)
        found.held.append((False,) * len(CONDITIONS))
        found.labels.append(int(values[BODY] > 0.5))
    return found


def probability(model: Model, near: float) -> float:
    values = np.full(len(MEASURES), 0.5)
    values[BODY] = near
    values[MEASURES.index("strange")] = 0.0
    return model.probability(Measured(values, ()))


def test_what_tells_gets_the_weight() -> None:
    """Of all measures the one that decides the labels weighs most, and near stories are likely."""
    model = fit([rows(2000)], start_model("encoder@1"))
    weights = {name: abs(w) for name, w in model.weights["always"].items() if name != "intercept"}
    assert max(weights, key=lambda name: weights[name]) == "body_near"
    assert probability(model, 0.9) > 0.9 > 0.1 > probability(model, 0.1)


def test_few_labels_change_little() -> None:
    """Held to a model's weights, ten rows move the probabilities less than two thousand do."""
    prior = dataclasses.replace(start_model("encoder@1"), weights={"always": {"intercept": 3.0}})
    few, many = (fit([rows(count)], prior, prior=prior) for count in (10, 2000))
    before = probability(prior, 0.1)
    assert abs(probability(few, 0.1) - before) < 0.5 * abs(probability(many, 0.1) - before)


def test_a_model_for_any_encoder_weighs_no_embedding() -> None:
    """Its weights name no dense measure."""
    model = fit([rows(200)], start_model("*"))
    assert not any("dense" in name for row in model.weights.values() for name in row)


def test_learning_finds_the_stories_of_what_it_learned_from(
    items: list[Item], encoder: Encoder
) -> None:
    """Two rounds on the sample articles put most pairs of one gold story together."""
    model, gathered = learn(
        replays({"seeds": items}, Settings()), start=start_model(encoder.encoder_id), rounds=2
    )
    assert len(gathered[0].labels) == len(gathered[0].values) == len(gathered[0].held) > 100
    found = replayed(items, Settings(), model).assigned
    gold = {item.prepared.article.article_id: item.story for item in items if item.story}
    pairs = [(a, b) for a in gold for b in gold if a < b and gold[a] == gold[b]]
    together = sum(found[a] == found[b] for a, b in pairs)
    assert together > 0.8 * len(pairs)
