"""cli.shapes: the JSON that scripts rely on."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from storycluster.cli import act_shapes, session, shapes
from storycluster.client import Edit
from storycluster.domain import (
    Article,
    Assignment,
    Canonical,
    Comparison,
    Difference,
    DifferenceType,
    Event,
    EventKind,
    Evidence,
    IngestResult,
    Member,
    Override,
    OverrideKind,
    Relation,
    RunnerUp,
    SimilarArticle,
    Span,
    StoredArticle,
    Story,
    StoryHit,
    StoryState,
    StoryView,
    TimePrecision,
    Tombstone,
)
from storycluster.errors import InvalidInput, NotFound

NOON = datetime(2017, 1, 18, 12, tzinfo=UTC)

MADE = Assignment(
    article_id="b",
    revision=1,
    story_id="s1",
    relation=Relation.NEAR_COPY,
    confidence=0.98,
    sequence=7,
    copy_of="a",
    reprint_group="a",
    evidence=(Evidence("jaccard", 0.75, 0.5, True, "a"),),
    runners_up=(
        RunnerUp("s0", 0.25, "below 0.50", (Evidence("measure:body", 0.1, 0.0, True, "", 2.5),)),
    ),
    model="default",
)

STORY = Story(
    story_id="s1",
    state=StoryState.OPEN,
    title="Title",
    article_count=2,
    unique_count=1,
    reprint_count=1,
    source_count=2,
    revision=3,
    create_time=NOON,
    update_time=NOON,
    canonical=Canonical("a", "earliest_original", "earliest"),
    first_publish_time=NOON,
)


def test_an_acknowledgement_has_the_fields_scripts_read() -> None:
    """Article, story, relation, confidence and canonical stand at the top of the line."""
    result = IngestResult("b", MADE, Canonical("a", "earliest_original", "earliest"))
    assert shapes.ingested(result) == {
        "article_id": "b",
        "story_id": "s1",
        "relation": "near_copy",
        "confidence": 0.98,
        "canonical_article_id": "a",
        "revision": 1,
        "copy_of": "a",
        "reprint_group": "a",
        "sequence": 7,
        "replayed": False,
        "held_until": None,
    }


def test_a_refusal_tells_reason_message_and_fields() -> None:
    """Reason and message stand under `error`, beside where it was; a wrong field is named."""
    error = InvalidInput.of("published_at", "is not a time")
    assert shapes.refused(error, path="f.jsonl", line=3) == {
        "path": "f.jsonl",
        "line": 3,
        "error": {
            "reason": "FIELD_INVALID",
            "message": "published_at: is not a time",
            "fields": ["published_at"],
        },
    }
    assert shapes.refused(NotFound(resource="story", name="x"), article_id="b") == {
        "article_id": "b",
        "error": {"reason": "NOT_FOUND", "message": "no story 'x'"},
    }


def test_a_story_view_has_canonical_members_and_counts() -> None:
    """The canonical with policy and reason, each member, and the three counts."""
    member = Member(
        article_id="b",
        revision=1,
        relation=Relation.NEAR_COPY,
        reprint_group="a",
        source="",
        title="T",
        sequence=7,
        publish_time=NOON,
    )
    shape = shapes.story_view(StoryView(STORY, (member,)))
    assert shape["story_id"] == "s1"
    assert shape["state"] == "open"
    assert shape["canonical"] == {
        "article_id": "a",
        "policy": "earliest_original",
        "reason": "earliest",
    }
    assert [shape[name] for name in ("article_count", "unique_count", "reprint_count")] == [2, 1, 1]
    assert shape["members"] == [
        {
            "article_id": "b",
            "relation": "near_copy",
            "reprint_group": "a",
            "source": None,
            "title": "T",
            "revision": 1,
            "publish_time": "2017-01-18T12:00:00Z",
        }
    ]
    assert shape["redirected_from"] is None


def test_a_stored_article_is_told_with_its_decision() -> None:
    """Extras are JSON again, evidence and runners-up are whole, an empty field is null."""
    article = Article("b", text="Text.", publish_time=NOON, extras={"ward": '["north"]'})
    stored = StoredArticle(article, "digest", 7, NOON, MADE)
    shape = shapes.stored_article(stored)
    assert (shape["article_id"], shape["story_id"], shape["title"]) == ("b", "s1", None)
    assert shape["extras"] == {"ward": ["north"]}
    assert shape["publish_precision"] == TimePrecision.UNKNOWN.value
    assert shape["assignment"]["evidence"] == [
        {
            "kind": "jaccard",
            "value": 0.75,
            "threshold": 0.5,
            "passed": True,
            "article_id": "a",
            "weight": 0.0,
        }
    ]
    (lost,) = shape["assignment"]["runners_up"]
    assert (lost["story_id"], lost["score"], lost["reason"]) == ("s0", 0.25, "below 0.50")
    assert [(one["kind"], one["weight"]) for one in lost["evidence"]] == [("measure:body", 2.5)]
    json.dumps(shape)


def evidence_of(shape: dict[str, Any]) -> Evidence:
    return Evidence(**{**shape, "article_id": shape["article_id"] or ""})


def test_an_explanation_loses_nothing() -> None:
    """From the JSON line of a decision the very same decision can be made again."""
    shape = json.loads(json.dumps(shapes.explanation(MADE)))
    again = {name: "" if value is None else value for name, value in shape.items()}
    again["relation"] = Relation(shape["relation"])
    again["evidence"] = tuple(map(evidence_of, shape["evidence"]))
    again["runners_up"] = tuple(
        RunnerUp(**{**lost, "evidence": tuple(map(evidence_of, lost["evidence"]))})
        for lost in shape["runners_up"]
    )
    assert Assignment(**again) == MADE


def test_a_difference_has_both_spans() -> None:
    """Half-open offsets and the text of each side; a side without a counterpart is null."""
    one = Difference(
        DifferenceType.NUMBER_CHANGED,
        Span("text", 0, 2, "36"),
        None,
        base_value="36 target",
        conflict=True,
    )
    shape = shapes.comparison(Comparison("a", "b", (one,)))
    assert shape["differences"] == [
        {
            "type": "number_changed",
            "conflict": True,
            "base": {"field": "text", "start": 0, "end": 2, "text": "36"},
            "other": None,
            "base_value": "36 target",
            "other_value": None,
            "importance": 0.5,
            "confidence": 1.0,
            "edits": [],
        }
    ]
    assert (shape["base_article_id"], shape["other_article_id"]) == ("a", "b")
    assert shape["not_compared"] is None


def test_an_act_is_told_with_the_story_it_concerns() -> None:
    """What an editor did has its number, who and why; what is 0 or empty is null."""
    moved = Override(
        3, OverrideKind.MOVE, NOON, "ada", "why", "s1", "s0", article_ids=("a", "b"), undone_by=4
    )
    shape = act_shapes.edit(Edit(moved, STORY))
    assert shape["override"] == {
        "sequence": 3,
        "kind": "move",
        "time": "2017-01-18T12:00:00Z",
        "actor": "ada",
        "reason": "why",
        "story_id": "s1",
        "other_story_id": "s0",
        "article_ids": ["a", "b"],
        "undoes": None,
        "undone_by": 4,
    }
    assert shape["story"] == shapes.story(STORY)


def test_what_is_left_of_an_article_has_no_text() -> None:
    """Who, when, why and where it was."""
    assert act_shapes.tombstone(Tombstone("a", True, NOON, "ada", "law", "s1")) == {
        "article_id": "a",
        "erased": True,
        "time": "2017-01-18T12:00:00Z",
        "actor": "ada",
        "reason": "law",
        "story_id": "s1",
    }


def test_what_a_search_found_names_the_article_that_is_most_like_it() -> None:
    """The story stands under its own name, with the fields it has everywhere."""
    assert shapes.story_hit(StoryHit(STORY, 0.75, "b")) == {
        "similarity": 0.75,
        "article_id": "b",
        "story": shapes.story(STORY),
    }


def test_a_similar_article_has_what_was_measured() -> None:
    """An unknown source is null."""
    assert shapes.similar_article(SimilarArticle("b", "s1", 0.75, 0.5, 0.625)) == {
        "article_id": "b",
        "story_id": "s1",
        "similarity": 0.75,
        "jaccard": 0.5,
        "containment": 0.625,
        "source": None,
    }


def test_an_event_is_told_with_its_details() -> None:
    """An event of no article has null there."""
    event = Event(7, EventKind.STORY_CLOSED, NOON, story_id="s1", detail={"why": "moved"})
    assert act_shapes.event(event) == {
        "sequence": 7,
        "kind": "story.closed",
        "time": "2017-01-18T12:00:00Z",
        "story_id": "s1",
        "article_id": None,
        "detail": {"why": "moved"},
    }


@pytest.mark.parametrize("value", ["新聞", "\ud800", "line\nbreak", "\x1b[31m", "\x00"])
def test_a_json_line_is_one_line_and_gives_the_value_back(
    value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    """Whatever an id holds, its line is valid JSON in UTF-8 without a control character."""
    session.put_json({"article_id": value})
    written = capsys.readouterr().out
    written.encode()
    assert json.loads(written) == {"article_id": value}
    assert [letter for letter in written if letter < " "] == ["\n"]


def test_an_article_cannot_steer_the_terminal() -> None:
    """Control characters become pictures, line breaks spaces, and markup stays text."""
    assert session.shown("\x1b[31mred\r\nnext [bold]") == "␛[31mred next \\[bold]"
    assert session.visible("a\x00\r\n\tb\x9b") == "a␀\n\tb\ufffd"
