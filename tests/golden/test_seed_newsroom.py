"""Five real articles on one event, in an editor's hands: pinned, unpinned, killed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from shutil import copy

import pytest
from test_seed_story import SIDECARS, read

from storycluster.backends import open_store
from storycluster.domain import Act, EventKind, Story
from storycluster.engine import Engine, scheme_of
from storycluster.errors import ArticleWithdrawn
from storycluster.ports import Encoder
from storycluster.settings import Settings

DESK = Act("desk", "asked for by the chief")


@pytest.fixture
def engine(encoder: Encoder, shared: Path, tmp_path: Path) -> Iterator[Engine]:
    """The five, with what an archivist would note beside the files."""
    for text in (shared / "seeds").glob("*.txt"):
        copy(text, tmp_path)
        (tmp_path / f"{text.stem}.json").write_text(json.dumps(SIDECARS[text.name[:3]]))
    made = Engine(open_store("memory:", scheme_of(encoder, Settings())), encoder)
    made.ingest("", read(tmp_path))
    yield made
    made.close()


def the_story(engine: Engine) -> Story:
    [story] = engine.list_stories("").items
    return story


def named(engine: Engine, number: str) -> str:
    """The article whose id begins so."""
    members = engine.get_story("", the_story(engine).story_id).members
    [article_id] = [one.article_id for one in members if one.article_id.startswith(number)]
    return article_id


def canonical(engine: Engine) -> tuple[str, str]:
    """The first three digits of its id, and the policy."""
    found = the_story(engine).canonical
    assert found is not None
    return found.article_id[:3], found.policy


def test_a_pinned_article_stands_and_is_compared_against(engine: Engine) -> None:
    """Pin 000: the differences of the others are told against it; unpin: back to 001."""
    engine.pin("", named(engine, "000"), DESK)
    assert canonical(engine) == ("000", "pinned")
    compared = engine.compare_to_canonical("", named(engine, "002"))
    assert compared.base_article_id == named(engine, "000")
    assert compared.differences
    engine.unpin("", the_story(engine).story_id, DESK)
    assert canonical(engine) == ("001", "earliest_original")


def test_a_killed_canonical_is_followed_by_004(engine: Engine) -> None:
    """The other original; nothing of 001 is told any more."""
    killed = named(engine, "001")
    engine.withdraw("", killed, DESK)
    assert canonical(engine) == ("004", "earliest_original")
    assert the_story(engine).article_count == 4
    with pytest.raises(ArticleWithdrawn, match="asked for by the chief"):
        engine.get_article("", killed)


def test_each_change_is_told_with_its_reason(engine: Engine) -> None:
    """Pin, unpin and kill: an event for the act and one for the canonical."""
    pinned, killed = named(engine, "000"), named(engine, "001")
    began = engine.list_events("", page_size=500)[-1].sequence
    engine.pin("", pinned, DESK)
    engine.unpin("", the_story(engine).story_id, DESK)
    engine.withdraw("", killed, DESK)
    events = engine.list_events("", after=began, page_size=500)
    changed = [one for one in events if one.kind is EventKind.CANONICAL_CHANGED]
    assert [one.article_id[:3] for one in changed] == ["000", "001", "004"]
    assert all(one.detail["reason"] for one in changed)
    acts = [one for one in events if one.kind is EventKind.OVERRIDE_APPLIED]
    assert [one.detail["kind"] for one in acts] == ["pin", "unpin", "withdraw"]
    assert {one.detail["reason"] for one in acts} == {"asked for by the chief"}
